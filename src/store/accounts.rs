//! Accounts, what they hold, and the personal data behind them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{accounts, memberships, personal_data, recovery_codes};
use crate::domain::access::{Membership, Role, Scope};
use crate::domain::language::Language;

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personal {
    /// The e-mail address of an account, in lower case; one account has it.
    Email,
    /// A name.
    Name,
    /// `issuer|subject` of an OpenID provider; one account has it.
    Identity,
    /// To whom a section link was mailed.
    Recipient,
    /// A network address from which somebody came.
    Address,
}

impl Personal {
    fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Identity => "identity",
            Self::Recipient => "recipient",
            Self::Address => "address",
        }
    }
}

/// The value of one kind of personal data; the first where there are several.
pub fn personal(conn: &mut DbConn, subject: &str, kind: Personal) -> Result<Option<String>, StoreError> {
    let mut values: Vec<String> = personal_data::table
        .filter(personal_data::subject.eq(subject).and(personal_data::kind.eq(kind.as_str())))
        .select(personal_data::value)
        .load(conn)?;
    values.sort();
    Ok(values.into_iter().next())
}

/// Whether a subject has a value of a kind.
pub fn has_personal(conn: &mut DbConn, subject: &str, kind: Personal, value: &str) -> Result<bool, StoreError> {
    let same = personal_data::table.filter(
        personal_data::subject
            .eq(subject)
            .and(personal_data::kind.eq(kind.as_str()))
            .and(personal_data::value.eq(value)),
    );
    let found: Option<String> = same.select(personal_data::id).get_result(conn).optional()?;
    Ok(found.is_some())
}

/// A row of personal data by its id: what the history's origin stands for. `None` once it was erased.
pub fn personal_by_id(conn: &mut DbConn, id: &str) -> Result<Option<String>, StoreError> {
    let of = personal_data::table.filter(personal_data::id.eq(id));
    Ok(of.select(personal_data::value).get_result(conn).optional()?)
}

/// Who has a value that only one may have.
pub fn owner_of(conn: &mut DbConn, kind: Personal, value: &str) -> Result<Option<String>, StoreError> {
    let of = personal_data::table.filter(personal_data::kind.eq(kind.as_str()).and(personal_data::value.eq(value)));
    Ok(of.select(personal_data::subject).get_result(conn).optional()?)
}

/// Adds a fact under a new id, unless it is there; the id under which it is.
pub fn add_personal(
    conn: &mut DbConn,
    id: &str,
    subject: &str,
    kind: Personal,
    value: &str,
) -> Result<String, StoreError> {
    let row = (
        personal_data::id.eq(id),
        personal_data::subject.eq(subject),
        personal_data::kind.eq(kind.as_str()),
        personal_data::value.eq(value),
    );
    let same = personal_data::table.filter(
        personal_data::subject
            .eq(subject)
            .and(personal_data::kind.eq(kind.as_str()))
            .and(personal_data::value.eq(value)),
    );
    if let Some(id) = same.select(personal_data::id).get_result(conn).optional()? {
        return Ok(id);
    }
    on_backend!(conn, |conn| diesel::insert_into(personal_data::table)
        .values(row)
        .on_conflict((personal_data::subject, personal_data::kind, personal_data::value))
        .do_nothing()
        .execute(conn)?);
    Ok(same.select(personal_data::id).get_result(conn)?)
}

/// Replaces the value of a kind.
pub fn replace_personal(
    conn: &mut DbConn,
    id: &str,
    subject: &str,
    kind: Personal,
    value: &str,
) -> Result<(), StoreError> {
    let of = personal_data::table.filter(personal_data::subject.eq(subject).and(personal_data::kind.eq(kind.as_str())));
    diesel::delete(of).execute(conn)?;
    add_personal(conn, id, subject, kind, value).map(drop)
}

/// Deletes everything that names a subject. The history keeps its ids, which then name nobody.
pub fn erase_personal(conn: &mut DbConn, subject: &str) -> Result<usize, StoreError> {
    Ok(diesel::delete(personal_data::table.filter(personal_data::subject.eq(subject))).execute(conn)?)
}

/// An account, with the person behind it where they are not erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: String,
    /// E-mail address; empty once erased.
    pub email: String,
    /// Name; empty once erased.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the person was erased.
    pub erased_at: Option<DateTime<Utc>>,
    /// When somebody last signed in with it.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// What tells the password, if it has one.
    pub password_hash: Option<String>,
    /// The sealed secret of a second factor, shown a code or not.
    pub totp_secret: Option<String>,
    /// A code of the second factor was shown, so it is asked for.
    pub totp_confirmed: bool,
    /// The time step of the last code that was taken.
    pub totp_last_step: i64,
    /// The language that they have chosen.
    pub language: Option<Language>,
}

impl Account {
    /// How personal data and sessions name it.
    pub fn subject(&self) -> String {
        subject_of(&self.id)
    }

    /// Whether it can sign in.
    pub fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }
}

/// How personal data, sessions and the history name an account.
pub fn subject_of(account: &str) -> String {
    format!("account:{account}")
}

type AccountRow = (
    String,
    NaiveDateTime,
    Option<NaiveDateTime>,
    Option<String>,
    Option<String>,
    bool,
    i64,
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
    Option<String>,
);

fn account(row: AccountRow, email: String, name: String) -> Account {
    let (id, created_at, disabled_at, password_hash, secret, totp_confirmed, totp_last_step, last, erased, language) =
        row;
    let utc = |at: NaiveDateTime| at.and_utc();
    Account {
        id,
        email,
        name,
        created_at: utc(created_at),
        disabled_at: disabled_at.map(utc),
        erased_at: erased.map(utc),
        last_signed_in_at: last.map(utc),
        password_hash,
        totp_secret: secret,
        totp_confirmed,
        totp_last_step,
        language: language.as_deref().and_then(Language::parse),
    }
}

/// The account of an address, in lower case.
pub fn by_email(conn: &mut DbConn, email: &str) -> Result<Option<Account>, StoreError> {
    match owner_of(conn, Personal::Email, email)?.as_deref().and_then(|subject| subject.strip_prefix("account:")) {
        Some(id) => by_id(conn, id),
        None => Ok(None),
    }
}

/// An account by its id, disabled ones too.
pub fn by_id(conn: &mut DbConn, id: &str) -> Result<Option<Account>, StoreError> {
    let Some(row) = accounts::table.filter(accounts::id.eq(id)).get_result::<AccountRow>(conn).optional()? else {
        return Ok(None);
    };
    let subject = subject_of(id);
    let email = personal(conn, &subject, Personal::Email)?.unwrap_or_default();
    let name = personal(conn, &subject, Personal::Name)?.unwrap_or_default();
    Ok(Some(account(row, email, name)))
}

/// An account by its id, kept from other writers until the transaction ends.
pub fn by_id_for_update(conn: &mut DbConn, id: &str) -> Result<Option<Account>, StoreError> {
    // On SQLite the transaction itself keeps other writers out.
    if let DbConn::Postgres(conn) = conn {
        let of = accounts::table.filter(accounts::id.eq(id)).select(accounts::id);
        let _: Option<String> = of.for_update().get_result(conn).optional()?;
    }
    by_id(conn, id)
}

/// Every account, sorted by address.
pub fn all(conn: &mut DbConn) -> Result<Vec<Account>, StoreError> {
    let rows: Vec<AccountRow> = accounts::table.load(conn)?;
    let facts: Vec<(String, String, String)> = personal_data::table
        .filter(personal_data::kind.eq_any(["email", "name"]))
        .select((personal_data::subject, personal_data::kind, personal_data::value))
        .load(conn)?;
    let facts: BTreeMap<(String, String), String> =
        facts.into_iter().map(|(subject, kind, value)| ((subject, kind), value)).collect();
    let fact = |id: &str, kind: &str| facts.get(&(subject_of(id), kind.to_owned())).cloned().unwrap_or_default();
    let mut found: Vec<Account> = rows
        .into_iter()
        .map(|row| {
            let (email, name) = (fact(&row.0, "email"), fact(&row.0, "name"));
            account(row, email, name)
        })
        .collect();
    found.sort_by(|a, b| a.email.cmp(&b.email).then_with(|| a.id.cmp(&b.id)));
    Ok(found)
}

/// Adds an account.
pub fn add(conn: &mut DbConn, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(accounts::table)
        .values((accounts::id.eq(id), accounts::created_at.eq(now.naive_utc())))
        .execute(conn)?;
    Ok(())
}

/// Writes back what can change of an account; its personal data is written by itself.
pub fn update(conn: &mut DbConn, account: &Account) -> Result<(), StoreError> {
    let naive = |at: Option<DateTime<Utc>>| at.map(|at| at.naive_utc());
    diesel::update(accounts::table.filter(accounts::id.eq(&account.id)))
        .set((
            accounts::disabled_at.eq(naive(account.disabled_at)),
            accounts::erased_at.eq(naive(account.erased_at)),
            accounts::last_signed_in_at.eq(naive(account.last_signed_in_at)),
            accounts::password_hash.eq(&account.password_hash),
            accounts::totp_secret.eq(&account.totp_secret),
            accounts::totp_confirmed.eq(account.totp_confirmed),
            accounts::totp_last_step.eq(account.totp_last_step),
            accounts::language.eq(account.language.map(Language::as_str)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The stored form of a scope: the code of a service, of an area.
pub(super) fn scope_columns(scope: &Scope) -> (&str, &str) {
    match scope {
        Scope::National => ("", ""),
        Scope::Service(code) | Scope::Section { service: code, .. } => (code, ""),
        Scope::Area(code) => ("", code),
    }
}

pub(super) fn membership(role: &str, service: String, area: String) -> Result<Membership, StoreError> {
    let role = role.parse().map_err(StoreError::corrupt("membership"))?;
    let scope = match (service.is_empty(), area.is_empty()) {
        (true, true) => Scope::National,
        (false, _) => Scope::Service(service),
        (true, false) => Scope::Area(area),
    };
    Ok(Membership { role, scope })
}

/// Gives an account a membership; false where it has it already.
pub fn add_membership(
    conn: &mut DbConn,
    account: &str,
    held: &Membership,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (service, area) = scope_columns(&held.scope);
    let row = (
        memberships::account_id.eq(account),
        memberships::role.eq(held.role.as_str()),
        memberships::service_code.eq(service),
        memberships::area_code.eq(area),
        memberships::created_at.eq(now.naive_utc()),
    );
    let added = on_backend!(conn, |conn| diesel::insert_into(memberships::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}

/// Takes a membership away; false where it was not held.
pub fn remove_membership(conn: &mut DbConn, account: &str, held: &Membership) -> Result<bool, StoreError> {
    let (service, area) = scope_columns(&held.scope);
    let of = memberships::table.filter(
        memberships::account_id
            .eq(account)
            .and(memberships::role.eq(held.role.as_str()))
            .and(memberships::service_code.eq(service))
            .and(memberships::area_code.eq(area)),
    );
    Ok(diesel::delete(of).execute(conn)? == 1)
}

/// What an account holds, sorted by role and scope.
pub fn memberships_of(conn: &mut DbConn, account: &str) -> Result<Vec<Membership>, StoreError> {
    let mut rows: Vec<(String, String, String)> = memberships::table
        .filter(memberships::account_id.eq(account))
        .select((memberships::role, memberships::service_code, memberships::area_code))
        .load(conn)?;
    rows.sort();
    rows.into_iter().map(|(role, service, area)| membership(&role, service, area)).collect()
}

/// The subjects (`account:ID`) of the accounts that hold a role for a service (empty: everywhere) and can sign in, sorted.
pub fn holders(conn: &mut DbConn, role: Role, service: &str) -> Result<Vec<String>, StoreError> {
    let mut ids: Vec<String> = memberships::table
        .inner_join(accounts::table)
        .filter(memberships::role.eq(role.as_str()).and(memberships::service_code.eq(service)))
        .filter(accounts::disabled_at.is_null().and(accounts::erased_at.is_null()))
        .select(memberships::account_id)
        .load(conn)?;
    ids.sort();
    ids.dedup();
    Ok(ids.iter().map(|id| subject_of(id)).collect())
}

/// What every account holds, by account.
pub fn all_memberships(conn: &mut DbConn) -> Result<BTreeMap<String, Vec<Membership>>, StoreError> {
    let mut rows: Vec<(String, String, String, String)> = memberships::table
        .select((memberships::account_id, memberships::role, memberships::service_code, memberships::area_code))
        .load(conn)?;
    rows.sort();
    let mut held: BTreeMap<String, Vec<Membership>> = BTreeMap::new();
    for (account, role, service, area) in rows {
        held.entry(account).or_default().push(membership(&role, service, area)?);
    }
    Ok(held)
}

/// Replaces the recovery codes of an account; an empty list takes them away.
pub fn set_recovery_codes(conn: &mut DbConn, account: &str, hashes: &[String]) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(conn)?;
    for hash in hashes {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::account_id.eq(account), recovery_codes::code_hash.eq(hash)))
            .execute(conn)?;
    }
    Ok(())
}

/// Uses up a recovery code; false where it is unknown or used. One statement, so that a code works once.
pub fn use_recovery_code(conn: &mut DbConn, account: &str, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let of = recovery_codes::table.filter(
        recovery_codes::account_id
            .eq(account)
            .and(recovery_codes::code_hash.eq(hash))
            .and(recovery_codes::used_at.is_null()),
    );
    Ok(diesel::update(of).set(recovery_codes::used_at.eq(now.naive_utc())).execute(conn)? == 1)
}

/// How many recovery codes of an account are left.
pub fn recovery_codes_left(conn: &mut DbConn, account: &str) -> Result<i64, StoreError> {
    Ok(recovery_codes::table
        .filter(recovery_codes::account_id.eq(account).and(recovery_codes::used_at.is_null()))
        .count()
        .get_result(conn)?)
}

/// The services for which somebody can sign in who answers for them, each with whether anybody ever has.
pub fn services_with_people(conn: &mut DbConn) -> Result<BTreeMap<String, bool>, StoreError> {
    let answering = [Role::FlsLead, Role::FlsContributor, Role::ClinicalLead].map(Role::as_str);
    let rows: Vec<(String, Option<NaiveDateTime>)> = memberships::table
        .inner_join(accounts::table)
        .filter(memberships::role.eq_any(answering))
        .filter(accounts::disabled_at.is_null().and(accounts::erased_at.is_null()))
        .select((memberships::service_code, accounts::last_signed_in_at))
        .load(conn)?;
    let mut services = BTreeMap::new();
    for (service, signed_in) in rows {
        *services.entry(service).or_insert(false) |= signed_in.is_some();
    }
    Ok(services)
}
