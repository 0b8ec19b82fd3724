//! The accounts of other people: inviting, changing what they hold, disabling, handing over, erasing.

use std::collections::BTreeSet;

use chrono::Duration;

use super::mail::{self, Mail};
use super::register::service_of;
use super::sign_in::plain_email;
use super::{App, AppError, authorise, history};
use crate::auth::secret_hash;
use crate::domain::access::{Membership, Permission, Principal, Role, Scope};
use crate::domain::area::Area;
use crate::domain::history::{Event, Object};
use crate::domain::register::Service;
use crate::formats::display::capitalised;
use crate::store::accounts::{Account, Personal};
use crate::store::sessions::LinkPurpose;
use crate::store::{self, DbConn};

/// How long an invitation works.
pub(super) const INVITATION_LIFE: Duration = Duration::days(14);

/// Characters that a name may have at the most.
const LONGEST_NAME: usize = 100;

/// The roles that a lead gives; their own they hand over.
const COLLEAGUES: [Role; 2] = [Role::FlsContributor, Role::ClinicalLead];

/// An account as those who manage it see it.
#[derive(Debug, Clone)]
pub struct AccountLine {
    /// The account.
    pub account: Account,
    /// What it holds.
    pub memberships: Vec<Membership>,
    /// Whoever asks may change everything of it, not just what it holds of their service.
    pub may_manage: bool,
}

/// Whom to invite, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// E-mail address.
    pub email: String,
    /// Name; without one they go by the first part of the address.
    pub name: Option<String>,
    /// As what.
    pub role: Role,
    /// The service of a lead, contributor or clinical lead.
    pub service: Option<String>,
    /// The area of a commissioner.
    pub area: Option<String>,
}

/// A membership in words: "FLS lead of FLS012".
pub fn membership_words(held: &Membership) -> String {
    let role = held.role.label();
    match &held.scope {
        Scope::National if held.role == Role::Commissioner => format!("{role} of all areas"),
        Scope::National => role.to_owned(),
        Scope::Service(code) | Scope::Area(code) => format!("{role} of {code}"),
        Scope::Section { service, year, section } => format!("{role}: {section} of {service} for {year}"),
    }
}

/// A membership whose service or area exists.
pub(super) fn checked_membership(
    conn: &mut DbConn,
    role: Role,
    service: Option<&str>,
    area: Option<&str>,
) -> Result<Membership, AppError> {
    let membership = Membership::new(role, service, area)
        .map_err(|error| AppError::invalid(error.field(), "scope", format!("{}.", capitalised(&error.to_string()))))?;
    match &membership.scope {
        Scope::Service(code) => {
            service_of(conn, code)?;
        }
        Scope::Area(code) if !store::register::area_codes(conn)?.contains(code) => {
            return Err(AppError::not_found("area", code, "The list of areas has every code."));
        }
        Scope::Area(_) | Scope::National | Scope::Section { .. } => {}
    }
    Ok(membership)
}

/// Refuses what cannot be an e-mail address. A line break in one would let its writer add headers to a mail.
pub(super) fn check_email(email: &str) -> Result<(), AppError> {
    if email.is_empty() {
        return Err(AppError::invalid("email", "missing", "Enter an e-mail address."));
    }
    let plausible = email.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    });
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c);
    if plausible && email.len() <= 254 && !email.chars().any(odd) {
        return Ok(());
    }
    Err(AppError::invalid("email", "not_an_address", format!("{email:?} is not an e-mail address.")))
}

/// A name without its outer spaces, if it is one.
pub(super) fn checked_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let message = format!("A name has 1 to {LONGEST_NAME} characters, on one line.");
        return Err(AppError::invalid("name", "not_a_name", message));
    }
    Ok(name.to_owned())
}

/// What somebody may give: the roles, and what these may be for.
#[derive(Debug, Clone)]
pub struct Giveable {
    /// Roles.
    pub roles: Vec<Role>,
    /// Services, sorted by code.
    pub services: Vec<Service>,
    /// Areas, for those who may give the role of a commissioner.
    pub areas: Vec<Area>,
}

/// What somebody may manage: every account, or the people of some services.
struct Reach {
    everything: bool,
    services: BTreeSet<String>,
}

impl Reach {
    fn of(app: &App, conn: &mut DbConn, who: &Principal) -> Result<Self, AppError> {
        let everything = who.may_everywhere(Permission::ManageAccounts);
        let mut services = BTreeSet::new();
        if !everything {
            authorise(who, Permission::ManageContributors, "manage accounts")?;
            let register = app.register(conn)?;
            let may = |service: &&Service| who.may_for(Permission::ManageContributors, service, &register.tree);
            services = register.services.values().filter(may).map(|service| service.code.clone()).collect();
        }
        Ok(Self { everything, services })
    }

    /// Whether a membership lies within what they manage.
    fn covers(&self, held: &Membership) -> bool {
        self.everything || matches!(&held.scope, Scope::Service(code) if self.services.contains(code))
    }

    /// Refuses memberships that they may not give or take: a lead gives the roles of colleagues, not their own, which is
    /// handed over.
    fn must_give(&self, held: &Membership) -> Result<(), AppError> {
        if self.everything || (COLLEAGUES.contains(&held.role) && self.covers(held)) {
            return Ok(());
        }
        Err(AppError::Forbidden { action: format!("give or take the role {}", membership_words(held)) })
    }

    fn line(&self, conn: &mut DbConn, account: Account) -> Result<Option<AccountLine>, AppError> {
        let mut memberships = store::accounts::memberships_of(conn, &account.id)?;
        if !self.everything {
            memberships.retain(|held| self.covers(held));
            if memberships.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(AccountLine { account, memberships, may_manage: self.everything }))
    }

    /// An account that they may know of.
    fn find(&self, conn: &mut DbConn, id: &str) -> Result<AccountLine, AppError> {
        let line = match store::accounts::by_id(conn, id)? {
            Some(account) => self.line(conn, account)?,
            None => None,
        };
        line.ok_or_else(|| AppError::not_found("account", id, "The list of accounts has those that you manage."))
    }
}

/// The accounts that somebody manages, by address. A lead sees of each what it holds of their service.
pub fn list(app: &App, who: &Principal) -> Result<Vec<AccountLine>, AppError> {
    app.read(|conn| {
        let reach = Reach::of(app, conn, who)?;
        let mut held = store::accounts::all_memberships(conn)?;
        let mut lines = Vec::new();
        for account in store::accounts::all(conn)? {
            let mut memberships = held.remove(&account.id).unwrap_or_default();
            memberships.retain(|held| reach.covers(held));
            if reach.everything || !memberships.is_empty() {
                lines.push(AccountLine { account, memberships, may_manage: reach.everything });
            }
        }
        Ok(lines)
    })
}

/// One account.
pub fn one(app: &App, who: &Principal, id: &str) -> Result<AccountLine, AppError> {
    app.read(|conn| Reach::of(app, conn, who)?.find(conn, id))
}

/// What somebody may give to those they invite.
pub fn giveable(app: &App, who: &Principal) -> Result<Giveable, AppError> {
    app.read(|conn| {
        let reach = Reach::of(app, conn, who)?;
        let register = app.register(conn)?;
        if reach.everything {
            let services = register.services.values().cloned().collect();
            let areas = register.tree.iter().cloned().collect();
            return Ok(Giveable { roles: Role::HELD.to_vec(), services, areas });
        }
        let within = |service: &&Service| reach.services.contains(&service.code);
        let services = register.services.values().filter(within).cloned().collect();
        Ok(Giveable { roles: COLLEAGUES.to_vec(), services, areas: Vec::new() })
    })
}

/// Invites somebody, or gives an account one more membership. A mail goes out unless they had the membership before.
pub fn invite(app: &App, who: &Principal, invitation: &Invitation) -> Result<AccountLine, AppError> {
    app.write(|conn| {
        let reach = Reach::of(app, conn, who)?;
        let (service, area) = (invitation.service.as_deref(), invitation.area.as_deref());
        let email = check_email(&plain_email(&invitation.email));
        let ((), held) = AppError::both(email, checked_membership(conn, invitation.role, service, area))?;
        reach.must_give(&held)?;
        let given = give(app, conn, who, invitation, &held)?;
        if given.is_new {
            send_invitation(app, conn, who, &given.account, &held)?;
        }
        reach.find(conn, &given.account.id)
    })
}

/// What giving a membership came to.
pub(super) struct Given {
    pub(super) account: Account,
    /// They did not have the membership before.
    pub(super) is_new: bool,
}

/// Gives a person a membership; the account is made where there is none.
pub(super) fn give(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    invitation: &Invitation,
    held: &Membership,
) -> Result<Given, AppError> {
    let email = plain_email(&invitation.email);
    check_email(&email)?;
    let mut events = Vec::new();
    let account = if let Some(account) = store::accounts::by_email(conn, &email)? {
        account
    } else {
        let name = invitation.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let name = checked_name(name.or(email.split('@').next()).unwrap_or_default())?;
        let id = app.new_id()?;
        store::accounts::add(conn, &id, app.now())?;
        let subject = store::accounts::subject_of(&id);
        store::accounts::add_personal(conn, &app.new_id()?, &subject, Personal::Email, &email)?;
        store::accounts::add_personal(conn, &app.new_id()?, &subject, Personal::Name, &name)?;
        events.push(Event::of("made"));
        store::accounts::by_id(conn, &id)?.ok_or_else(|| AppError::Unexpected("a new account is not there".into()))?
    };
    let is_new = store::accounts::add_membership(conn, &account.id, held, app.now())?;
    if is_new {
        events.push(Event::of("membership_given").item(membership_words(held)));
    }
    history::record(app, conn, who, &Object::Account(account.id.clone()), events)?;
    Ok(Given { account, is_new })
}

/// Makes a link that signs an account in for the first time; the secret of it.
pub(super) fn invitation_link(app: &App, conn: &mut DbConn, account: &Account) -> Result<String, AppError> {
    let secret = app.secret()?;
    let (hash, now) = (secret_hash(&secret), app.now());
    store::sessions::add_link(conn, &hash, &account.id, LinkPurpose::Invitation, now, now + INVITATION_LIFE)?;
    Ok(secret)
}

pub(super) fn send_invitation(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    account: &Account,
    held: &Membership,
) -> Result<(), AppError> {
    let secret = invitation_link(app, conn, account)?;
    let said = Mail::Invitation {
        link: app.address(&format!("/sign-in/{secret}")),
        expires: app.now() + INVITATION_LIFE,
        invited_by: who.name.clone(),
        role: membership_words(held),
    };
    mail::queue(app, conn, &account.subject(), &said)
}

/// Sends somebody who has not come yet another invitation.
pub fn invite_again(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    app.write(|conn| {
        let line = Reach::of(app, conn, who)?.find(conn, id)?;
        let Some(held) = line.memberships.first().filter(|_| line.account.is_enabled()) else {
            return Err(AppError::Refused {
                code: "nothing_to_invite_to",
                reason: "This account is disabled or holds nothing. Give it a role first.".into(),
            });
        };
        send_invitation(app, conn, who, &line.account, held)?;
        history::record(app, conn, who, &Object::Account(id.into()), vec![Event::of("invited_again")])
    })
}

/// Takes a membership away.
pub fn remove_membership(app: &App, who: &Principal, id: &str, held: &Membership) -> Result<AccountLine, AppError> {
    app.write(|conn| {
        let reach = Reach::of(app, conn, who)?;
        let line = reach.find(conn, id)?;
        reach.must_give(held)?;
        if held.role == Role::AuditTeam && who.account() == Some(id) {
            return Err(AppError::Refused {
                code: "own_role",
                reason: "You cannot take the audit team's role from yourself; a colleague can.".into(),
            });
        }
        if !store::accounts::remove_membership(conn, id, held)? {
            let words = membership_words(held);
            return Err(AppError::not_found("membership", &words, "The account's page has what it holds."));
        }
        let event = Event::of("membership_taken").item(membership_words(held));
        history::record(app, conn, who, &Object::Account(id.into()), vec![event])?;
        Ok(reach.line(conn, line.account.clone())?.unwrap_or(AccountLine { memberships: Vec::new(), ..line }))
    })
}

/// Hands the role of FLS lead of a service to a successor, who is invited. Whoever handed it over goes on as a
/// contributor.
pub fn hand_over(app: &App, who: &Principal, service: &str, email: &str, name: Option<&str>) -> Result<(), AppError> {
    let own = Membership { role: Role::FlsLead, scope: Scope::Service(service.to_owned()) };
    let Some(id) = who.account().filter(|_| who.memberships.contains(&own)) else {
        let action = format!("hand over the lead of {service}; its FLS lead can, and the audit team changes roles");
        return Err(AppError::Forbidden { action });
    };
    app.write(|conn| {
        service_of(conn, service)?;
        let invitation = Invitation {
            email: email.to_owned(),
            name: name.map(ToOwned::to_owned),
            role: Role::FlsLead,
            service: Some(service.to_owned()),
            area: None,
        };
        let given = give(app, conn, who, &invitation, &own)?;
        if given.account.id == id {
            return Err(AppError::invalid("email", "own_address", "This is your own address. Give your successor's."));
        }
        if given.is_new {
            send_invitation(app, conn, who, &given.account, &own)?;
        }
        // Handed over already, perhaps a moment ago in another window.
        if !store::accounts::remove_membership(conn, id, &own)? {
            return Err(AppError::not_found("membership", &membership_words(&own), "You have handed it over already."));
        }
        let stays = Membership { role: Role::FlsContributor, ..own.clone() };
        store::accounts::add_membership(conn, id, &stays, app.now())?;
        let event = Event::of("handed_over").item(membership_words(&own)).new_value(given.account.subject());
        history::record(app, conn, who, &Object::Account(id.into()), vec![event])
    })
}

fn must_be_other(who: &Principal, id: &str) -> Result<(), AppError> {
    if who.account() != Some(id) {
        return Ok(());
    }
    Err(AppError::Refused { code: "own_account", reason: "This is your own account; a colleague can do it.".into() })
}

/// An account that somebody manages as a whole, kept from other writers.
fn managed(app: &App, conn: &mut DbConn, who: &Principal, id: &str) -> Result<Account, AppError> {
    let reach = Reach::of(app, conn, who)?;
    store::accounts::by_id_for_update(conn, id)?;
    let line = reach.find(conn, id)?;
    if line.may_manage {
        return Ok(line.account);
    }
    Err(AppError::Forbidden { action: "change whole accounts; the audit team can".into() })
}

/// Disables an account, or enables it again. A disabled one is signed out everywhere and its links do not work.
pub fn set_disabled(app: &App, who: &Principal, id: &str, disabled: bool) -> Result<(), AppError> {
    app.write(|conn| {
        let mut account = managed(app, conn, who, id)?;
        must_be_other(who, id)?;
        if account.erased_at.is_some() {
            return Err(AppError::Refused { code: "erased", reason: "The person of this account was erased.".into() });
        }
        if account.is_enabled() != disabled {
            return Ok(());
        }
        account.disabled_at = disabled.then(|| app.now());
        store::accounts::update(conn, &account)?;
        sign_out_everywhere(app, conn, &account)?;
        let event = Event::of(if disabled { "disabled" } else { "enabled" });
        history::record(app, conn, who, &Object::Account(id.into()), vec![event])
    })
}

fn sign_out_everywhere(app: &App, conn: &mut DbConn, account: &Account) -> Result<(), AppError> {
    store::sessions::void_links(conn, &account.id, app.now())?;
    store::sessions::end_all(conn, &account.subject(), None)?;
    Ok(())
}

/// Takes away the second factor of somebody who lost it and their recovery codes. They sign in by a mailed link, and set
/// up another if their role asks for one.
pub fn remove_second_factor_of(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    app.write(|conn| {
        let mut account = managed(app, conn, who, id)?;
        must_be_other(who, id)?;
        account.totp_confirmed = false;
        account.totp_secret = None;
        store::accounts::update(conn, &account)?;
        store::accounts::set_recovery_codes(conn, id, &[])?;
        sign_out_everywhere(app, conn, &account)?;
        let sentence = "The audit team took away the second factor of your account.";
        let mail = Mail::SecurityNotice { sentence: sentence.into(), at: app.now() };
        mail::queue(app, conn, &account.subject(), &mail)?;
        history::record(app, conn, who, &Object::Account(id.into()), vec![Event::of("second_factor_removed")])
    })
}

/// Erases a person: name, addresses and proofs of identity go, the account stays disabled for good, and the history goes
/// on to hold what was done, by nobody in particular.
pub fn erase(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    app.write(|conn| {
        let mut account = managed(app, conn, who, id)?;
        must_be_other(who, id)?;
        let now = app.now();
        account.disabled_at = account.disabled_at.or(Some(now));
        account.erased_at = account.erased_at.or(Some(now));
        account.password_hash = None;
        account.totp_secret = None;
        account.totp_confirmed = false;
        store::accounts::update(conn, &account)?;
        store::accounts::set_recovery_codes(conn, id, &[])?;
        sign_out_everywhere(app, conn, &account)?;
        for held in store::accounts::memberships_of(conn, id)? {
            store::accounts::remove_membership(conn, id, &held)?;
        }
        store::outbox::delete_of(conn, &account.subject())?;
        store::kept_entries::delete_of(conn, &account.subject())?;
        store::accounts::erase_personal(conn, &account.subject())?;
        history::record(app, conn, who, &Object::Account(id.into()), vec![Event::of("erased")])
    })
}

/// Adds a person, or another membership of theirs, and returns the secret of a sign-in link: for the command line, which
/// prints it instead of mailing it.
pub fn add_user(
    app: &App,
    who: &Principal,
    email: &str,
    name: Option<&str>,
    role: Role,
    service: Option<&str>,
    area: Option<&str>,
) -> Result<String, AppError> {
    app.write(|conn| {
        let reach = Reach::of(app, conn, who)?;
        let held = checked_membership(conn, role, service, area)?;
        reach.must_give(&held)?;
        let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
        let invitation =
            Invitation { email: email.into(), name: owned(name), role, service: owned(service), area: owned(area) };
        let given = give(app, conn, who, &invitation, &held)?;
        invitation_link(app, conn, &given.account)
    })
}
