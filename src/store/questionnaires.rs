//! The versions of the questionnaire that the audit team uploads.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::questionnaires;

/// A version as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVersion {
    /// Its name.
    pub version: String,
    /// Counts its changes, from 1.
    pub revision: i64,
    /// It is out, and changes no more.
    pub published: bool,
    /// The file as it was uploaded.
    pub document: String,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom it was.
    pub updated_by: String,
}

type VersionRow = (String, i64, bool, String, NaiveDateTime, String);

fn stored(row: VersionRow) -> StoredVersion {
    let (version, revision, published, document, updated_at, updated_by) = row;
    StoredVersion { version, revision, published, document, updated_at: updated_at.and_utc(), updated_by }
}

/// Every version, by name.
pub fn all(conn: &mut DbConn) -> Result<Vec<StoredVersion>, StoreError> {
    let rows: Vec<VersionRow> = questionnaires::table.order(questionnaires::version).load(conn)?;
    Ok(rows.into_iter().map(stored).collect())
}

/// The version of a name.
pub fn find(conn: &mut DbConn, version: &str) -> Result<Option<StoredVersion>, StoreError> {
    let row: Option<VersionRow> =
        questionnaires::table.filter(questionnaires::version.eq(version)).get_result(conn).optional()?;
    Ok(row.map(stored))
}

/// Writes a version over revision `from` (0: there is none yet); false where another writer was first, or where it is
/// published, which nothing changes any more.
pub fn write(conn: &mut DbConn, new: &StoredVersion, from: i64) -> Result<bool, StoreError> {
    let content = (
        questionnaires::revision.eq(new.revision),
        questionnaires::published.eq(new.published),
        questionnaires::document.eq(&new.document),
        questionnaires::updated_at.eq(new.updated_at.naive_utc()),
        questionnaires::updated_by.eq(&new.updated_by),
    );
    if from == 0 {
        let added = on_backend!(conn, |conn| diesel::insert_into(questionnaires::table)
            .values((questionnaires::version.eq(&new.version), content))
            .on_conflict_do_nothing()
            .execute(conn)?);
        return Ok(added == 1);
    }
    let draft = questionnaires::version
        .eq(&new.version)
        .and(questionnaires::revision.eq(from))
        .and(questionnaires::published.eq(false));
    Ok(diesel::update(questionnaires::table.filter(draft)).set(content).execute(conn)? == 1)
}

/// Throws a draft away; false where it is at another revision, or published.
pub fn discard(conn: &mut DbConn, version: &str, revision: i64) -> Result<bool, StoreError> {
    let draft = questionnaires::version
        .eq(version)
        .and(questionnaires::revision.eq(revision))
        .and(questionnaires::published.eq(false));
    Ok(diesel::delete(questionnaires::table.filter(draft)).execute(conn)? == 1)
}
