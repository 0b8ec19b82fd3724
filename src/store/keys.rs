//! API keys. Of their secrets only the hash is here.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::accounts::{membership, scope_columns};
use super::connection::DbConn;
use super::error::StoreError;
use super::schema::api_keys;
use crate::domain::access::Membership;

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub membership: Membership,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// By whom: `account:ID`, `command`.
    pub created_by: String,
    /// When it stops to work.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

type KeyRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    NaiveDateTime,
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
    String,
);

fn key(row: KeyRow) -> Result<Key, StoreError> {
    let (id, name, _hash, role, service, area, created_at, revoked, expires, used, created_by) = row;
    let utc = |at: NaiveDateTime| at.and_utc();
    Ok(Key {
        id,
        name,
        membership: membership(&role, service, area)?,
        created_at: utc(created_at),
        created_by,
        expires_at: expires.map(utc),
        last_used_at: used.map(utc),
        revoked_at: revoked.map(utc),
    })
}

/// Adds a key.
pub fn add(conn: &mut DbConn, key: &Key, hash: &str) -> Result<(), StoreError> {
    let (service, area) = scope_columns(&key.membership.scope);
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(&key.id),
            api_keys::name.eq(&key.name),
            api_keys::key_hash.eq(hash),
            api_keys::role.eq(key.membership.role.as_str()),
            api_keys::service_code.eq(service),
            api_keys::area_code.eq(area),
            api_keys::created_at.eq(key.created_at.naive_utc()),
            api_keys::expires_at.eq(key.expires_at.map(|at| at.naive_utc())),
            api_keys::created_by.eq(&key.created_by),
        ))
        .execute(conn)?;
    Ok(())
}

/// A key by the hash of its secret, revoked or over or not.
pub fn by_hash(conn: &mut DbConn, hash: &str) -> Result<Option<Key>, StoreError> {
    let of = api_keys::table.filter(api_keys::key_hash.eq(hash));
    of.get_result::<KeyRow>(conn).optional()?.map(key).transpose()
}

/// A key by its id.
pub fn by_id(conn: &mut DbConn, id: &str) -> Result<Option<Key>, StoreError> {
    api_keys::table.filter(api_keys::id.eq(id)).get_result::<KeyRow>(conn).optional()?.map(key).transpose()
}

/// Every key, by name.
pub fn all(conn: &mut DbConn) -> Result<Vec<Key>, StoreError> {
    let rows: Vec<KeyRow> = api_keys::table.load(conn)?;
    let mut keys = rows.into_iter().map(key).collect::<Result<Vec<_>, _>>()?;
    keys.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(keys)
}

/// Notes that a key was used.
pub fn touch(conn: &mut DbConn, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of = api_keys::table.filter(api_keys::id.eq(id));
    diesel::update(of).set(api_keys::last_used_at.eq(now.naive_utc())).execute(conn)?;
    Ok(())
}

/// Revokes a key; false where it was revoked before.
pub fn revoke(conn: &mut DbConn, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let of = api_keys::table.filter(api_keys::id.eq(id).and(api_keys::revoked_at.is_null()));
    Ok(diesel::update(of).set(api_keys::revoked_at.eq(now.naive_utc())).execute(conn)? == 1)
}
