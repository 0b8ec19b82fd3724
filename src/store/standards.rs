//! The staffing standards that the audit team adds.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::staffing_standards;

/// A standard as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStandard {
    /// Its id.
    pub id: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// It is out, and changes no more.
    pub published: bool,
    /// The standard, as JSON.
    pub document: String,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom it was.
    pub updated_by: String,
}

type StandardRow = (String, i64, bool, String, NaiveDateTime, String);

fn stored(row: StandardRow) -> StoredStandard {
    let (id, version, published, document, updated_at, updated_by) = row;
    StoredStandard { id, version, published, document, updated_at: updated_at.and_utc(), updated_by }
}

/// Every standard, sorted by id.
pub fn all(conn: &mut DbConn) -> Result<Vec<StoredStandard>, StoreError> {
    let rows: Vec<StandardRow> = staffing_standards::table.order(staffing_standards::id).load(conn)?;
    Ok(rows.into_iter().map(stored).collect())
}

/// The standard of an id.
pub fn find(conn: &mut DbConn, id: &str) -> Result<Option<StoredStandard>, StoreError> {
    let row: Option<StandardRow> =
        staffing_standards::table.filter(staffing_standards::id.eq(id)).get_result(conn).optional()?;
    Ok(row.map(stored))
}

/// Writes a standard over version `from` (0: there is none yet); false where another writer was first, or where it is
/// published, which nothing changes any more.
pub fn write(conn: &mut DbConn, standard: &StoredStandard, from: i64) -> Result<bool, StoreError> {
    let content = (
        staffing_standards::version.eq(standard.version),
        staffing_standards::published.eq(standard.published),
        staffing_standards::document.eq(&standard.document),
        staffing_standards::updated_at.eq(standard.updated_at.naive_utc()),
        staffing_standards::updated_by.eq(&standard.updated_by),
    );
    if from == 0 {
        let added = on_backend!(conn, |conn| diesel::insert_into(staffing_standards::table)
            .values((staffing_standards::id.eq(&standard.id), content))
            .on_conflict_do_nothing()
            .execute(conn)?);
        return Ok(added == 1);
    }
    let of = staffing_standards::table.filter(
        staffing_standards::id
            .eq(&standard.id)
            .and(staffing_standards::version.eq(from))
            .and(staffing_standards::published.eq(false)),
    );
    Ok(diesel::update(of).set(content).execute(conn)? == 1)
}
