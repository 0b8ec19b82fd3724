//! Until when single services may answer after their round has closed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::extensions;

/// More time for one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The last day on which it may answer.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was granted.
    pub granted_at: DateTime<Utc>,
    /// By whom.
    pub granted_by: String,
}

type ExtensionRow = (i32, String, NaiveDate, String, NaiveDateTime, String);

fn extension(row: ExtensionRow) -> Extension {
    let (year, service, until, reason, granted_at, granted_by) = row;
    Extension { year, service, until, reason, granted_at: granted_at.and_utc(), granted_by }
}

/// Those of a round, by service.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<Vec<Extension>, StoreError> {
    let of = extensions::table.filter(extensions::year.eq(year)).order(extensions::service_code);
    Ok(of.load::<ExtensionRow>(conn)?.into_iter().map(extension).collect())
}

/// The one of a service.
pub fn find(conn: &mut DbConn, year: i32, service: &str) -> Result<Option<Extension>, StoreError> {
    let of = extensions::table.filter(extensions::year.eq(year).and(extensions::service_code.eq(service)));
    Ok(of.get_result::<ExtensionRow>(conn).optional()?.map(extension))
}

/// Grants one, in place of an earlier one.
pub fn put(conn: &mut DbConn, new: &Extension) -> Result<(), StoreError> {
    let content = (
        extensions::until_on.eq(new.until),
        extensions::reason.eq(&new.reason),
        extensions::granted_at.eq(new.granted_at.naive_utc()),
        extensions::granted_by.eq(&new.granted_by),
    );
    let key = (extensions::year.eq(new.year), extensions::service_code.eq(&new.service));
    on_backend!(conn, |conn| diesel::insert_into(extensions::table)
        .values((key, content))
        .on_conflict((extensions::year, extensions::service_code))
        .do_update()
        .set(content)
        .execute(conn)?);
    Ok(())
}

/// Takes one back; false where there is none.
pub fn delete(conn: &mut DbConn, year: i32, service: &str) -> Result<bool, StoreError> {
    let of = extensions::table.filter(extensions::year.eq(year).and(extensions::service_code.eq(service)));
    Ok(diesel::delete(of).execute(conn)? == 1)
}
