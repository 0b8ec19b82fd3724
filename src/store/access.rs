//! Accounts, sign-in links, sessions and keys. Of every secret only the hash is here.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{accounts, api_keys, memberships, people, sessions, sign_in_links};
use crate::domain::access::{Membership, Scope};

/// An account with the person behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
}

/// The account of an address, in lower case.
pub fn account_by_email(conn: &mut DbConn, email: &str) -> Result<Option<Account>, StoreError> {
    let found =
        people::table.filter(people::email.eq(email)).get_result::<(String, String, String)>(conn).optional()?;
    Ok(found.map(|(id, email, name)| Account { id, email, name }))
}

/// An enabled account by its id.
pub fn account_by_id(conn: &mut DbConn, id: &str) -> Result<Option<Account>, StoreError> {
    let found = people::table
        .inner_join(accounts::table)
        .filter(people::account_id.eq(id).and(accounts::disabled_at.is_null()))
        .select((people::account_id, people::email, people::name))
        .get_result::<(String, String, String)>(conn)
        .optional()?;
    Ok(found.map(|(id, email, name)| Account { id, email, name }))
}

/// Adds an account with its person.
pub fn add_account(conn: &mut DbConn, account: &Account, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(accounts::table)
        .values((accounts::id.eq(&account.id), accounts::created_at.eq(now.naive_utc())))
        .execute(conn)?;
    diesel::insert_into(people::table)
        .values((people::account_id.eq(&account.id), people::email.eq(&account.email), people::name.eq(&account.name)))
        .execute(conn)?;
    Ok(())
}

/// The stored form of a scope: the code of a service, of an area.
fn scope_columns(scope: &Scope) -> (&str, &str) {
    match scope {
        Scope::National => ("", ""),
        Scope::Service(code) => (code, ""),
        Scope::Area(code) => ("", code),
    }
}

fn membership(role: &str, service: String, area: String) -> Result<Membership, StoreError> {
    let role = role.parse().map_err(StoreError::corrupt("membership"))?;
    let scope = match (service.is_empty(), area.is_empty()) {
        (true, true) => Scope::National,
        (false, _) => Scope::Service(service),
        (true, false) => Scope::Area(area),
    };
    Ok(Membership { role, scope })
}

/// Gives an account a membership; nothing happens where it has it.
pub fn add_membership(
    conn: &mut DbConn,
    account: &str,
    held: &Membership,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (service, area) = scope_columns(&held.scope);
    let row = (
        memberships::account_id.eq(account),
        memberships::role.eq(held.role.as_str()),
        memberships::service_code.eq(service),
        memberships::area_code.eq(area),
        memberships::created_at.eq(now.naive_utc()),
    );
    on_backend!(conn, |conn| diesel::insert_into(memberships::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(())
}

/// What an account holds.
pub fn memberships_of(conn: &mut DbConn, account: &str) -> Result<Vec<Membership>, StoreError> {
    let rows: Vec<(String, String, String)> = memberships::table
        .filter(memberships::account_id.eq(account))
        .select((memberships::role, memberships::service_code, memberships::area_code))
        .load(conn)?;
    rows.into_iter().map(|(role, service, area)| membership(&role, service, area)).collect()
}

/// Adds a sign-in link.
pub fn add_link(conn: &mut DbConn, hash: &str, account: &str, expires: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::token_hash.eq(hash),
            sign_in_links::account_id.eq(account),
            sign_in_links::expires_at.eq(expires.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uses up a link; the account that it signs in, or `None` where it is unknown, used or too old. One statement, so that
/// of two visitors with one link only one gets in.
pub fn use_link(conn: &mut DbConn, hash: &str, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    let now = now.naive_utc();
    let target = sign_in_links::table.filter(
        sign_in_links::token_hash.eq(hash).and(sign_in_links::used_at.is_null()).and(sign_in_links::expires_at.gt(now)),
    );
    let used = diesel::update(target).set(sign_in_links::used_at.eq(now)).execute(conn)?;
    if used != 1 {
        return Ok(None);
    }
    let account = sign_in_links::table
        .filter(sign_in_links::token_hash.eq(hash))
        .select(sign_in_links::account_id)
        .get_result::<String>(conn)?;
    Ok(Some(account))
}

/// Adds a session.
pub fn add_session(
    conn: &mut DbConn,
    hash: &str,
    account: &str,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id_hash.eq(hash),
            sessions::account_id.eq(account),
            sessions::created_at.eq(now.naive_utc()),
            sessions::expires_at.eq(expires.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The account of a session that has not ended.
pub fn session_account(conn: &mut DbConn, hash: &str, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    Ok(sessions::table
        .filter(sessions::id_hash.eq(hash).and(sessions::expires_at.gt(now.naive_utc())))
        .select(sessions::account_id)
        .get_result(conn)
        .optional()?)
}

/// Ends a session.
pub fn end_session(conn: &mut DbConn, hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::id_hash.eq(hash))).execute(conn)?;
    Ok(())
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub membership: Membership,
}

/// Adds a key.
pub fn add_key(conn: &mut DbConn, key: &Key, hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (service, area) = scope_columns(&key.membership.scope);
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(&key.id),
            api_keys::name.eq(&key.name),
            api_keys::key_hash.eq(hash),
            api_keys::role.eq(key.membership.role.as_str()),
            api_keys::service_code.eq(service),
            api_keys::area_code.eq(area),
            api_keys::created_at.eq(now.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// A key that has not been revoked, by the hash of its secret.
pub fn key_by_hash(conn: &mut DbConn, hash: &str) -> Result<Option<Key>, StoreError> {
    let found = api_keys::table
        .filter(api_keys::key_hash.eq(hash).and(api_keys::revoked_at.is_null()))
        .select((api_keys::id, api_keys::name, api_keys::role, api_keys::service_code, api_keys::area_code))
        .get_result::<(String, String, String, String, String)>(conn)
        .optional()?;
    let key = |(id, name, role, service, area): (String, String, String, String, String)| {
        Ok(Key { id, name, membership: membership(&role, service, area)? })
    };
    found.map(key).transpose()
}
