//! Requests that their senders named, and what was answered to them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::idempotent_requests;

/// A request that was begun before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What was asked.
    pub fingerprint: String,
    /// The status and the sealed body of the answer, once there is one.
    pub answer: Option<(i32, String)>,
}

/// Notes that a request begins; `false` where its holder has begun one of this name before. Of any number that come at
/// once the key of the table lets one pass.
pub fn begin(
    conn: &mut DbConn,
    holder: &str,
    name: &str,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = (
        idempotent_requests::holder.eq(holder),
        idempotent_requests::name.eq(name),
        idempotent_requests::fingerprint.eq(fingerprint),
        idempotent_requests::begun_at.eq(now.naive_utc()),
    );
    let added = on_backend!(conn, |conn| diesel::insert_into(idempotent_requests::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(added == 1)
}

/// The request of a name.
pub fn find(conn: &mut DbConn, holder: &str, name: &str) -> Result<Option<Begun>, StoreError> {
    type Row = (String, Option<i32>, Option<String>);
    let row: Option<Row> = idempotent_requests::table
        .filter(idempotent_requests::holder.eq(holder))
        .filter(idempotent_requests::name.eq(name))
        .select((idempotent_requests::fingerprint, idempotent_requests::status, idempotent_requests::answer))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(fingerprint, status, answer)| Begun { fingerprint, answer: status.zip(answer) }))
}

/// Keeps the answer of a request.
pub fn finish(conn: &mut DbConn, holder: &str, name: &str, status: i32, answer: &str) -> Result<(), StoreError> {
    diesel::update(idempotent_requests::table)
        .filter(idempotent_requests::holder.eq(holder))
        .filter(idempotent_requests::name.eq(name))
        .set((idempotent_requests::status.eq(status), idempotent_requests::answer.eq(answer)))
        .execute(conn)?;
    Ok(())
}

/// Forgets a request that came to nothing.
pub fn forget(conn: &mut DbConn, holder: &str, name: &str) -> Result<(), StoreError> {
    diesel::delete(idempotent_requests::table)
        .filter(idempotent_requests::holder.eq(holder))
        .filter(idempotent_requests::name.eq(name))
        .execute(conn)?;
    Ok(())
}

/// Forgets those that began before a time.
pub fn forget_before(conn: &mut DbConn, before: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(idempotent_requests::table)
        .filter(idempotent_requests::begun_at.lt(before.naive_utc()))
        .execute(conn)?;
    Ok(())
}
