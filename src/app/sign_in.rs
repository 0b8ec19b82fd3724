//! Signing in: by a mailed link, a password, an OpenID provider, and a second factor where one is set up or called for.
//!
//! Whether an address has an account shows nowhere: unknown and known ones get the same answer after the same work.
//! Guessing is slowed down by account and network address together, so that an attacker elsewhere does not lock anybody
//! out; the mailed link works whatever happened.

use chrono::Duration;

use super::mail::{self, Mail};
use super::sessions::{self, SignedIn, Visit};
use super::{App, AppError, history};
use crate::auth::second_factor::{SecondFactor, plain_recovery_code};
use crate::auth::{password, secret_hash};
use crate::domain::access::Principal;
use crate::domain::history::{Event, Object};
use crate::store::accounts::{Account, Personal};
use crate::store::sessions::{LinkPurpose, Stage};
use crate::store::{self, DbConn};

/// How long a mailed sign-in link works.
pub(super) const LINK_LIFE: Duration = Duration::hours(1);

/// Mails with links that one account is sent an hour.
pub(super) const LINKS_AN_HOUR: i64 = 5;

/// The time over which failures are counted.
const WINDOW: Duration = Duration::minutes(15);

/// Failures in that time after which an account's password is not looked at any more from the same address.
const MOST_FROM_ONE: i64 = 5;

/// Failures in that time, to whatever account, after which an address must wait.
const MOST_BY_ADDRESS: i64 = 30;

/// Failures in that time, from everywhere, after which an account's password is looked at only from addresses from which
/// it was used before.
const MOST_TO_ACCOUNT: i64 = 50;

/// A try to sign in, under the fingerprints by which tries are counted. It counts as a failure from its beginning until
/// it has succeeded: many at once would otherwise all be let in before the first of them has failed.
struct Attempt {
    id: String,
    account: String,
    address: String,
}

impl Attempt {
    /// Begins a try, unless there have been too many failures. `is_familiar` is whether the account was used from here
    /// before.
    fn begin(
        app: &App,
        what: &str,
        visit: &Visit,
        is_familiar: impl FnOnce(&mut DbConn) -> Result<bool, AppError>,
    ) -> Result<Self, AppError> {
        let key = app.key()?;
        let address = visit.address.map(|address| address.to_string()).unwrap_or_default();
        let (account, address) = (key.fingerprint("account", what), key.fingerprint("address", &address));
        let attempt = Self { id: app.new_id()?, account, address };
        let now = app.now();
        app.write(|conn| {
            let forget = now - Duration::days(1);
            Ok(store::sessions::add_failure(conn, &attempt.id, &attempt.account, &attempt.address, now, forget)?)
        })?;
        let too_many = app.read(|conn| {
            let counted = store::sessions::failures_since(conn, &attempt.account, &attempt.address, now - WINDOW)?;
            // This one is among them.
            Ok(counted.of_both > MOST_FROM_ONE
                || counted.of_address > MOST_BY_ADDRESS
                || (counted.of_account > MOST_TO_ACCOUNT && !is_familiar(conn)?))
        })?;
        if too_many {
            // It was none: waiting must come to an end, whoever goes on trying.
            app.write(|conn| Ok(store::sessions::forget_failure(conn, &attempt.id)?))?;
            return Err(AppError::TooMany { retry_after: WINDOW });
        }
        Ok(attempt)
    }

    /// Forgets it, and the failures before it from the same address.
    fn succeeded(&self, conn: &mut DbConn) -> Result<(), AppError> {
        Ok(store::sessions::forget_failures(conn, &self.account, &self.address)?)
    }
}

/// An address as it is compared.
pub(super) fn plain_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Mails a sign-in link to an address, if it has an account. The caller learns nothing of that. `next` is the path of our
/// pages that the link leads on to.
pub fn request_link(app: &App, email: &str, next: Option<&str>) -> Result<(), AppError> {
    mail_link(app, email, LinkPurpose::SignIn, |link, expires| {
        let query =
            |next| form_urlencoded::Serializer::for_suffix("?".to_owned(), 1).append_pair("next", next).finish();
        Mail::SignInLink { link: link + &next.map(query).unwrap_or_default(), expires }
    })
}

/// Mails an account a link, unless it was sent enough of them.
pub(super) fn mail_link(
    app: &App,
    email: &str,
    purpose: LinkPurpose,
    say: impl FnOnce(String, chrono::DateTime<chrono::Utc>) -> Mail,
) -> Result<(), AppError> {
    let email = plain_email(email);
    super::accounts::check_email(&email)?;
    app.write(|conn| {
        let Some(account) = store::accounts::by_email(conn, &email)?.filter(Account::is_enabled) else {
            return Ok(());
        };
        let now = app.now();
        if store::sessions::links_since(conn, &account.id, now - Duration::hours(1))? >= LINKS_AN_HOUR {
            tracing::warn!(account = account.id, "no more links are mailed within the hour");
            return Ok(());
        }
        let secret = app.secret()?;
        let expires = now + LINK_LIFE;
        store::sessions::add_link(conn, &secret_hash(&secret), &account.id, purpose, now, expires)?;
        let path = if purpose == LinkPurpose::Reset { "reset" } else { "sign-in" };
        let mail = say(app.address(&format!("/{path}/{secret}")), expires);
        mail::queue(app, conn, &account.subject(), &mail)
    })
}

/// Signs in with a mailed link, which is used up.
pub fn with_link(app: &App, visit: &Visit, token: &str) -> Result<SignedIn, AppError> {
    app.write(|conn| {
        let purposes = [LinkPurpose::SignIn, LinkPurpose::Invitation];
        let id = store::sessions::use_link(conn, &secret_hash(token), &purposes, app.now())?
            .ok_or(AppError::LinkUnusable)?;
        let account = enabled(conn, &id)?.ok_or(AppError::LinkUnusable)?;
        first_step(app, conn, account, visit, "link")
    })
}

/// Signs in with a password.
pub fn with_password(app: &App, visit: &Visit, email: &str, given: &str) -> Result<SignedIn, AppError> {
    let email = plain_email(email);
    let account = app.read(|conn| Ok(store::accounts::by_email(conn, &email)?.filter(Account::is_enabled)))?;
    let attempt = Attempt::begin(app, &email, visit, |conn| match (&account, visit.address) {
        (Some(account), Some(address)) => has_come_from(conn, account, &address.to_string()),
        _ => Ok(false),
    })?;
    // The slow part runs outside a transaction, and runs whether or not there is such an account.
    let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let right = password::verify(given, hash);
    let Some(account) = account.filter(|_| right) else { return Err(AppError::SignInRefused) };
    app.write(|conn| {
        let account = enabled(conn, &account.id)?.ok_or(AppError::SignInRefused)?;
        attempt.succeeded(conn)?;
        first_step(app, conn, account, visit, "password")
    })
}

fn has_come_from(conn: &mut DbConn, account: &Account, address: &str) -> Result<bool, AppError> {
    Ok(store::accounts::has_personal(conn, &account.subject(), Personal::Address, address)?)
}

/// Signs in whom an OpenID provider vouches for: the account of that identity, or, the first time, the invited account
/// of the address that the provider has verified.
pub fn with_identity(
    app: &App,
    visit: &Visit,
    issuer: &str,
    subject: &str,
    verified_email: Option<&str>,
) -> Result<SignedIn, AppError> {
    let identity = format!("{issuer}|{subject}");
    app.write(|conn| {
        let known = store::accounts::owner_of(conn, Personal::Identity, &identity)?;
        let account = if let Some(id) = known.as_deref().and_then(|subject| subject.strip_prefix("account:")) {
            enabled(conn, id)?
        } else {
            let email = verified_email.map(plain_email).unwrap_or_default();
            let account = store::accounts::by_email(conn, &email)?.filter(Account::is_enabled);
            if let Some(account) = &account {
                let id = app.new_id()?;
                store::accounts::add_personal(conn, &id, &account.subject(), Personal::Identity, &identity)?;
            }
            account
        };
        let account = account.ok_or_else(|| AppError::Refused {
            code: "identity_unknown",
            reason: "You have signed in with your organisation, but no account here is yours. Ask the audit team to \
                     invite the e-mail address that your organisation knows you by."
                .into(),
        })?;
        first_step(app, conn, account, visit, "openid")
    })
}

fn enabled(conn: &mut DbConn, id: &str) -> Result<Option<Account>, AppError> {
    Ok(store::accounts::by_id_for_update(conn, id)?.filter(Account::is_enabled))
}

/// Begins the session of somebody who has shown one proof of who they are.
fn first_step(
    app: &App,
    conn: &mut DbConn,
    mut account: Account,
    visit: &Visit,
    by: &str,
) -> Result<SignedIn, AppError> {
    // Anyone may be anyone in the demo, whose people have no second factor.
    let principal = sessions::principal_of(conn, &account, visit, app.is_demo())?;
    let stage = if account.totp_confirmed {
        Stage::NeedsCode
    } else if principal.must_have_second_factor() && !app.is_demo() {
        Stage::NeedsFactor
    } else {
        Stage::SignedIn
    };
    if stage == Stage::SignedIn {
        arrived(app, conn, &mut account, &principal, by)?;
    }
    sessions::begin(app, conn, principal, visit, stage, None)
}

/// Notes that somebody has signed in.
fn arrived(
    app: &App,
    conn: &mut DbConn,
    account: &mut Account,
    principal: &Principal,
    by: &str,
) -> Result<(), AppError> {
    account.last_signed_in_at = Some(app.now());
    store::accounts::update(conn, account)?;
    let event = Event::of("signed_in").item(by);
    history::record(app, conn, principal, &Object::Account(account.id.clone()), vec![event])
}

/// Goes on signing in with a code of the second factor or a recovery code. The session gets a new secret.
pub fn with_code(app: &App, visit: &Visit, session: &str, code: &str) -> Result<SignedIn, AppError> {
    let current = sessions::current(app, session, visit)?.ok_or(AppError::NotSignedIn)?;
    let id = current.principal.account().ok_or(AppError::NotSignedIn)?.to_owned();
    if current.stage != Stage::NeedsCode {
        return Err(AppError::NotSignedIn);
    }
    let by = take_code(app, visit, &id, code)?.ok_or(AppError::CodeRefused)?;
    app.write(|conn| {
        let mut account = enabled(conn, &id)?.ok_or(AppError::NotSignedIn)?;
        let principal = sessions::principal_of(conn, &account, visit, true)?;
        arrived(app, conn, &mut account, &principal, by)?;
        store::sessions::end(conn, &secret_hash(session))?;
        sessions::begin(app, conn, principal, visit, Stage::SignedIn, None)
    })
}

/// Takes a code from somebody who is signed in, to confirm something that matters.
pub(super) fn take_own_code(app: &App, who: &Principal, code: &str) -> Result<(), AppError> {
    let id = who.account().ok_or(AppError::NotSignedIn)?;
    let visit = Visit { channel: who.channel, address: who.address, agent: None };
    let message = "This is not the code that the authenticator shows now, and no recovery code that is left.";
    let taken = take_code(app, &visit, id, code)?;
    taken.map(drop).ok_or_else(|| AppError::invalid("code", "code_wrong", message))
}

/// Takes a code of an account, unless too many wrong ones came; `None` where it is wrong.
fn take_code(app: &App, visit: &Visit, id: &str, code: &str) -> Result<Option<&'static str>, AppError> {
    let attempt = Attempt::begin(app, &format!("code:{id}"), visit, |_| Ok(false))?;
    app.write(|conn| {
        let Some(mut account) = enabled(conn, id)?.filter(|account| account.totp_confirmed) else { return Ok(None) };
        let by = taken(app, conn, &mut account, code)?;
        if by.is_some() {
            attempt.succeeded(conn)?;
        }
        Ok(by)
    })
}

/// Takes a code, once: one of the second factor, or a recovery code. `None` where it is neither.
fn taken(app: &App, conn: &mut DbConn, account: &mut Account, code: &str) -> Result<Option<&'static str>, AppError> {
    let factor = second_factor(app, account)?;
    if let Some(step) = factor.step_of(code, app.now().timestamp()).filter(|step| *step > account.totp_last_step) {
        account.totp_last_step = step;
        store::accounts::update(conn, account)?;
        return Ok(Some("second_factor"));
    }
    let recovery = secret_hash(&plain_recovery_code(code));
    let used = store::accounts::use_recovery_code(conn, &account.id, &recovery, app.now())?;
    Ok(used.then_some("recovery_code"))
}

/// The second factor of an account, confirmed or not.
pub(super) fn second_factor(app: &App, account: &Account) -> Result<SecondFactor, AppError> {
    let sealed = account.totp_secret.as_deref().ok_or(AppError::CodeRefused)?;
    let secret = app.key()?.open("second factor", sealed)?;
    SecondFactor::new(&secret, &account.email).map_err(|error| AppError::Unexpected(error.to_string()))
}

/// Signs in with a section link, which works until it expires or is revoked; for one section of one response.
pub fn with_section_link(app: &App, visit: &Visit, token: &str) -> Result<SignedIn, AppError> {
    app.write(|conn| {
        let link = store::section_links::by_hash(conn, &secret_hash(token))?
            .filter(|link| link.is_usable(app.now()))
            .ok_or(AppError::LinkUnusable)?;
        let principal = sessions::principal_of_link(conn, &link, visit)?;
        sessions::begin(app, conn, principal, visit, Stage::SignedIn, Some(link.expires_at))
    })
}

/// A person of the demo.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// E-mail address.
    pub email: String,
    /// What they are: "FLS lead of FLS012".
    pub label: String,
}

/// The people of the demo; none outside it.
pub fn demo_accounts(app: &App) -> Vec<DemoAccount> {
    if !app.is_demo() {
        return Vec::new();
    }
    super::demo::PEOPLE
        .iter()
        .map(|person| DemoAccount { email: person.email.into(), label: person.label.into() })
        .collect()
}

/// Signs in as one of the demo's people, without a link or a second factor; refused outside the demo.
pub fn demo(app: &App, visit: &Visit, email: &str) -> Result<SignedIn, AppError> {
    if !app.is_demo() || !super::demo::PEOPLE.iter().any(|person| person.email == email) {
        return Err(AppError::Forbidden { action: "sign in without a link".into() });
    }
    app.write(|conn| {
        let mut account = store::accounts::by_email(conn, email)?.ok_or(AppError::LinkUnusable)?;
        let principal = sessions::principal_of(conn, &account, visit, true)?;
        arrived(app, conn, &mut account, &principal, "demo")?;
        sessions::begin(app, conn, principal, visit, Stage::SignedIn, None)
    })
}
