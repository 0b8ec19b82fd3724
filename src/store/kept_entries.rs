//! What somebody typed and could not save, sealed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::kept_entries;

/// Where entries belong: whose they are, and the section of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `account:ID` or `link:ID`.
    pub subject: String,
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The section's id in the questionnaire.
    pub section: String,
}

/// Entries that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where they belong.
    pub place: Place,
    /// The fields, sealed.
    pub sealed: String,
    /// When they were kept.
    pub kept_at: DateTime<Utc>,
}

type KeptRow = (String, i32, String, String, String, NaiveDateTime, NaiveDateTime);

fn kept(row: KeptRow) -> Kept {
    let (subject, year, service, section, sealed, kept_at, _) = row;
    Kept { place: Place { subject, year, service, section }, sealed, kept_at: kept_at.and_utc() }
}

/// Keeps entries in the place of those that were kept there before.
pub fn put(
    conn: &mut DbConn,
    place: &Place,
    sealed: &str,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> Result<(), StoreError> {
    let values = (
        kept_entries::sealed.eq(sealed),
        kept_entries::kept_at.eq(now.naive_utc()),
        kept_entries::expires_at.eq(expires.naive_utc()),
    );
    let key = (
        kept_entries::subject.eq(&place.subject),
        kept_entries::year.eq(place.year),
        kept_entries::service_code.eq(&place.service),
        kept_entries::section.eq(&place.section),
    );
    on_backend!(conn, |conn| diesel::insert_into(kept_entries::table)
        .values((key, values))
        .on_conflict((kept_entries::subject, kept_entries::year, kept_entries::service_code, kept_entries::section,))
        .do_update()
        .set(values)
        .execute(conn)?);
    Ok(())
}

/// The entries that are kept for somebody and are not too old, the newest first.
pub fn of_subject(conn: &mut DbConn, subject: &str, now: DateTime<Utc>) -> Result<Vec<Kept>, StoreError> {
    let rows: Vec<KeptRow> = kept_entries::table
        .filter(kept_entries::subject.eq(subject).and(kept_entries::expires_at.gt(now.naive_utc())))
        .order((kept_entries::kept_at.desc(), kept_entries::year, kept_entries::service_code, kept_entries::section))
        .load(conn)?;
    Ok(rows.into_iter().map(kept).collect())
}

/// The entries that are kept at a place and are not too old.
pub fn find(conn: &mut DbConn, place: &Place, now: DateTime<Utc>) -> Result<Option<Kept>, StoreError> {
    let found = kept_entries::table
        .filter(
            kept_entries::subject
                .eq(&place.subject)
                .and(kept_entries::year.eq(place.year))
                .and(kept_entries::service_code.eq(&place.service))
                .and(kept_entries::section.eq(&place.section))
                .and(kept_entries::expires_at.gt(now.naive_utc())),
        )
        .get_result::<KeptRow>(conn)
        .optional()?;
    Ok(found.map(kept))
}

/// Deletes what is kept at a place.
pub fn delete(conn: &mut DbConn, place: &Place) -> Result<(), StoreError> {
    diesel::delete(
        kept_entries::table.filter(
            kept_entries::subject
                .eq(&place.subject)
                .and(kept_entries::year.eq(place.year))
                .and(kept_entries::service_code.eq(&place.service))
                .and(kept_entries::section.eq(&place.section)),
        ),
    )
    .execute(conn)?;
    Ok(())
}

/// Deletes everything that is kept for somebody.
pub fn delete_of(conn: &mut DbConn, subject: &str) -> Result<(), StoreError> {
    diesel::delete(kept_entries::table.filter(kept_entries::subject.eq(subject))).execute(conn)?;
    Ok(())
}

/// Deletes what is too old.
pub fn delete_old(conn: &mut DbConn, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(kept_entries::table.filter(kept_entries::expires_at.le(now.naive_utc()))).execute(conn)?;
    Ok(())
}
