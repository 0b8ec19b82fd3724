//! Data cuts and their parts. Rows are added, never changed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{cut_parts, cuts};

/// A data cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutRow {
    /// Id.
    pub id: String,
    /// The audit year of its round.
    pub year: i32,
    /// The hash of its manifest.
    pub hash: String,
    /// What it was made for.
    pub note: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who, as the history names them.
    pub made_by: String,
}

/// A part of a cut, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// Its name, such as `kpi_counts.csv`.
    pub name: String,
    /// Bytes.
    pub length: i64,
    /// The SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
}

type Row = (String, i32, String, String, NaiveDateTime, String);

fn cut((id, year, hash, note, made_at, made_by): Row) -> CutRow {
    CutRow { id, year, hash, note, made_at: made_at.and_utc(), made_by }
}

/// Adds a cut with its parts.
pub fn add(conn: &mut DbConn, cut: &CutRow, parts: Vec<(PartRow, Vec<u8>)>) -> Result<(), StoreError> {
    diesel::insert_into(cuts::table)
        .values((
            cuts::id.eq(&cut.id),
            cuts::year.eq(cut.year),
            cuts::hash.eq(&cut.hash),
            cuts::note.eq(&cut.note),
            cuts::made_at.eq(cut.made_at.naive_utc()),
            cuts::made_by.eq(&cut.made_by),
        ))
        .execute(conn)?;
    for (part, bytes) in parts {
        on_backend!(conn, |conn| diesel::insert_into(cut_parts::table)
            .values((
                cut_parts::cut_id.eq(&cut.id),
                cut_parts::name.eq(part.name),
                cut_parts::length.eq(part.length),
                cut_parts::hash.eq(part.hash),
                cut_parts::bytes.eq(bytes),
            ))
            .execute(conn)?);
    }
    Ok(())
}

/// The cuts of a round, the newest first.
pub fn of_year(conn: &mut DbConn, year: i32) -> Result<Vec<CutRow>, StoreError> {
    let mut found: Vec<CutRow> =
        cuts::table.filter(cuts::year.eq(year)).load::<Row>(conn)?.into_iter().map(cut).collect();
    found.sort_by(|a, b| (b.made_at, &b.id).cmp(&(a.made_at, &a.id)));
    Ok(found)
}

/// A cut by its id.
pub fn find(conn: &mut DbConn, id: &str) -> Result<Option<CutRow>, StoreError> {
    Ok(cuts::table.filter(cuts::id.eq(id)).get_result::<Row>(conn).optional()?.map(cut))
}

/// The parts of a cut, sorted by name.
pub fn parts(conn: &mut DbConn, id: &str) -> Result<Vec<PartRow>, StoreError> {
    let rows: Vec<(String, i64, String)> = cut_parts::table
        .filter(cut_parts::cut_id.eq(id))
        .select((cut_parts::name, cut_parts::length, cut_parts::hash))
        .load(conn)?;
    let mut parts: Vec<PartRow> = rows.into_iter().map(|(name, length, hash)| PartRow { name, length, hash }).collect();
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(parts)
}

/// The bytes of a part.
pub fn bytes(conn: &mut DbConn, id: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(cut_parts::table
        .filter(cut_parts::cut_id.eq(id).and(cut_parts::name.eq(name)))
        .select(cut_parts::bytes)
        .get_result(conn)
        .optional()?)
}
