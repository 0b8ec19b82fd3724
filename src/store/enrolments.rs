//! Which services are asked to answer in a round.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::enrolments;

/// Enrols a service; false where it is enrolled already.
pub fn add(conn: &mut DbConn, year: i32, service: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row =
        (enrolments::year.eq(year), enrolments::service_code.eq(service), enrolments::enrolled_at.eq(now.naive_utc()));
    let added = on_backend!(conn, |conn| diesel::insert_into(enrolments::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}

/// The services that are enrolled in a round.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<BTreeSet<String>, StoreError> {
    let codes: Vec<String> =
        enrolments::table.filter(enrolments::year.eq(year)).select(enrolments::service_code).load(conn)?;
    Ok(codes.into_iter().collect())
}

/// Takes every service out of a round.
pub fn delete_all(conn: &mut DbConn, year: i32) -> Result<(), StoreError> {
    diesel::delete(enrolments::table.filter(enrolments::year.eq(year))).execute(conn)?;
    Ok(())
}
