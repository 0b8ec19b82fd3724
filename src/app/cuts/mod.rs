//! Data cuts: a round's answers, counts, caseload and method as they stood, frozen under an id and a hash, so that a report
//! gives the same bytes years later.
//!
//! A cut is made of parts in canonical bytes: the exchange files as `export` writes them, of all years up to the round's
//! and of submitted responses alone, and the method. Its hash is that of its manifest, which names each part with its
//! length and hash; so the same data have the same hash on either database, whoever cut them and when.

mod compare;
mod frozen;
mod parts;

pub use compare::{CutComparison, PartDifference, RowDifference, compare};
pub(super) use frozen::Frozen;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::{App, AppError, authorise, history, round_of};
use crate::domain::access::{Permission, Principal};
use crate::domain::cut::CutQuote;
use crate::domain::history::{Event, Object};
use crate::store::cuts::{CutRow, PartRow};
use crate::store::{self, DbConn};

pub use crate::store::cuts::PartRow as CutPart;

/// Characters that a note may have.
pub const LONGEST_NOTE: usize = 500;

/// A data cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Id.
    pub id: String,
    /// The audit year of its round.
    pub year: i32,
    /// The SHA-256 of its manifest, in hexadecimal.
    pub hash: String,
    /// What it was made for.
    pub note: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom, by name.
    pub made_by: String,
}

fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The manifest of parts that are sorted by name: a line each with name, length and hash.
pub fn manifest(parts: &[PartRow]) -> String {
    let line = |part: &PartRow| [part.name.as_str(), &part.length.to_string(), &part.hash].join(" ") + "\n";
    parts.iter().map(line).collect()
}

/// Freezes a round as it stands now.
pub fn make(app: &App, who: &Principal, year: i32, note: &str) -> Result<Cut, AppError> {
    authorise(who, Permission::CutData, Permission::CutData.words())?;
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE || note.contains('\0') {
        let message = format!("Say what the cut is for in at most {LONGEST_NOTE} characters.");
        return Err(AppError::invalid("note", "too_long", message));
    }
    // Read as one state, without keeping writers out while it is put together.
    let parts = app.read(|conn| parts::of_round(app, conn, year))?;
    let rows: Vec<(PartRow, Vec<u8>)> = parts
        .into_iter()
        .map(|(name, bytes)| {
            let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            (PartRow { name, length, hash: sha256(&bytes) }, bytes)
        })
        .collect();
    let described: Vec<PartRow> = rows.iter().map(|(part, _)| part.clone()).collect();
    let row = CutRow {
        id: app.new_id()?,
        year,
        hash: sha256(manifest(&described).as_bytes()),
        note: note.to_owned(),
        made_at: app.now(),
        made_by: who.actor.clone(),
    };
    app.write(|conn| {
        store::cuts::add(conn, &row, rows)?;
        let event = Event::of("cut").item(row.id.clone()).new_value(row.hash.clone());
        history::record(app, conn, who, &Object::Round(year), vec![event])?;
        named(conn, row)
    })
}

fn named(conn: &mut DbConn, row: CutRow) -> Result<Cut, AppError> {
    let made_by = history::actor_name(conn, &row.made_by)?;
    Ok(Cut { id: row.id, year: row.year, hash: row.hash, note: row.note, made_at: row.made_at, made_by })
}

/// The cuts of a round, the newest first.
pub fn list(app: &App, who: &Principal, year: i32) -> Result<Vec<Cut>, AppError> {
    authorise(who, Permission::ReadKpis, "read the data cuts")?;
    app.read(|conn| {
        round_of(conn, year)?;
        store::cuts::of_year(conn, year)?.into_iter().map(|row| named(conn, row)).collect()
    })
}

/// A cut of a round with its parts.
pub fn one(app: &App, who: &Principal, year: i32, id: &str) -> Result<(Cut, Vec<PartRow>), AppError> {
    authorise(who, Permission::ReadKpis, "read the data cuts")?;
    app.read(|conn| {
        let row = found(conn, id)?;
        if row.year != year {
            return Err(no_cut(id));
        }
        let parts = store::cuts::parts(conn, &row.id)?;
        Ok((named(conn, row)?, parts))
    })
}

/// The bytes of a part of a cut, for those who may read everything.
pub fn part(app: &App, who: &Principal, year: i32, id: &str, name: &str) -> Result<Vec<u8>, AppError> {
    authorise(who, Permission::Export, "read the parts of a data cut")?;
    app.read(|conn| {
        if found(conn, id)?.year != year {
            return Err(no_cut(id));
        }
        store::cuts::bytes(conn, id, name)?
            .ok_or_else(|| AppError::not_found("part", name, "The cut itself lists its parts."))
    })
}

fn no_cut(id: &str) -> AppError {
    AppError::not_found("data cut", id, "The list of a round's cuts has every id.")
}

fn found(conn: &mut DbConn, id: &str) -> Result<CutRow, AppError> {
    store::cuts::find(conn, id)?.ok_or_else(|| no_cut(id))
}

/// A cut as it is read again. The last one is kept in memory: it never changes, so no write can make it wrong.
pub(super) fn frozen(app: &App, conn: &mut DbConn, id: &str) -> Result<Arc<Frozen>, AppError> {
    if let Some(kept) = app.kept_cut().filter(|kept| kept.quote.id == id) {
        return Ok(kept);
    }
    let row = found(conn, id)?;
    let mut parts = Vec::new();
    for part in store::cuts::parts(conn, id)? {
        let bytes = store::cuts::bytes(conn, id, &part.name)?.unwrap_or_default();
        if sha256(&bytes) != part.hash {
            return Err(AppError::Unexpected(format!("part {} of cut {id} is not what was frozen", part.name)));
        }
        parts.push((part, bytes));
    }
    let described: Vec<PartRow> = parts.iter().map(|(part, _)| part.clone()).collect();
    if sha256(manifest(&described).as_bytes()) != row.hash {
        return Err(AppError::Unexpected(format!("cut {id} is not what was frozen")));
    }
    let quote = CutQuote { id: row.id, hash: row.hash, made_at: row.made_at };
    let frozen = Arc::new(Frozen::read(quote, parts.into_iter().map(|(part, bytes)| (part.name, bytes)))?);
    app.keep_cut(&frozen);
    Ok(frozen)
}
