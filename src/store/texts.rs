//! Texts that the audit team edits.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::texts;

/// A text as it was edited last; `None` where it never was.
pub fn find(conn: &mut DbConn, name: &str) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
    let of = texts::table.filter(texts::name.eq(name)).select((texts::body, texts::updated_at));
    let found: Option<(String, NaiveDateTime)> = of.get_result(conn).optional()?;
    Ok(found.map(|(body, at)| (body, at.and_utc())))
}

/// Stores a text.
pub fn set(conn: &mut DbConn, name: &str, body: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let now = now.naive_utc();
    on_backend!(conn, |conn| diesel::insert_into(texts::table)
        .values((texts::name.eq(name), texts::body.eq(body), texts::updated_at.eq(now)))
        .on_conflict(texts::name)
        .do_update()
        .set((texts::body.eq(body), texts::updated_at.eq(now)))
        .execute(conn)?);
    Ok(())
}
