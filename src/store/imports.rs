//! What was imported, when, by whom, and what came of it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::imports;

/// One imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// Id.
    pub id: String,
    /// Name of the file.
    pub file: String,
    /// When.
    pub imported_at: DateTime<Utc>,
    /// Who.
    pub imported_by: String,
    /// Rows read.
    pub rows_read: i64,
    /// Rows that were new or changed something.
    pub rows_changed: i64,
    /// Rows that were left out.
    pub rows_rejected: i64,
    /// The problems, as JSON.
    pub report: String,
}

type Row = (String, String, NaiveDateTime, String, i64, i64, i64, String);

fn record(row: Row) -> ImportRecord {
    let (id, file, imported_at, imported_by, rows_read, rows_changed, rows_rejected, report) = row;
    let imported_at = imported_at.and_utc();
    ImportRecord { id, file, imported_at, imported_by, rows_read, rows_changed, rows_rejected, report }
}

/// Adds a record.
pub fn add(conn: &mut DbConn, record: &ImportRecord) -> Result<(), StoreError> {
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(&record.id),
            imports::file.eq(&record.file),
            imports::imported_at.eq(record.imported_at.naive_utc()),
            imports::imported_by.eq(&record.imported_by),
            imports::rows_read.eq(record.rows_read),
            imports::rows_changed.eq(record.rows_changed),
            imports::rows_rejected.eq(record.rows_rejected),
            imports::report.eq(&record.report),
        ))
        .execute(conn)?;
    Ok(())
}

/// The newest imports, at most `limit`, older than `before` where one is given.
pub fn newest(conn: &mut DbConn, before: Option<DateTime<Utc>>, limit: i64) -> Result<Vec<ImportRecord>, StoreError> {
    let before = before.map_or(NaiveDateTime::MAX, |before| before.naive_utc());
    let rows: Vec<Row> = if before == NaiveDateTime::MAX {
        imports::table.order(imports::imported_at.desc()).limit(limit).load(conn)?
    } else {
        imports::table
            .filter(imports::imported_at.lt(before))
            .order(imports::imported_at.desc())
            .limit(limit)
            .load(conn)?
    };
    Ok(rows.into_iter().map(record).collect())
}

/// An import by its id.
pub fn find(conn: &mut DbConn, id: &str) -> Result<Option<ImportRecord>, StoreError> {
    Ok(imports::table.filter(imports::id.eq(id)).get_result::<Row>(conn).optional()?.map(record))
}
