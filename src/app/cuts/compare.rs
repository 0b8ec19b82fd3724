//! Two cuts of a round beside each other: which parts differ, and which rows of them.

use std::collections::BTreeMap;

use super::{Cut, found, named, no_cut};
use crate::app::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::interchange::FileKind;
use crate::store;

/// Rows of a part that are named one by one.
pub const NAMED: usize = 50;

/// A row that is not the same in both cuts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDifference {
    /// What names it: its key columns.
    pub key: String,
    /// What it says besides in the first; `None` where it is not there.
    pub from: Option<String>,
    /// What it says besides in the second; `None` where it is not there.
    pub to: Option<String>,
}

/// A part that is not the same in both cuts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartDifference {
    /// Its name.
    pub name: String,
    /// Rows that the second has alone.
    pub added: usize,
    /// Rows that the first has alone.
    pub removed: usize,
    /// Rows that say something else.
    pub changed: usize,
    /// The first of these rows.
    pub rows: Vec<RowDifference>,
}

/// Two cuts beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutComparison {
    /// The one.
    pub from: Cut,
    /// The other.
    pub to: Cut,
    /// The parts that differ, by name; none where both hold the same data.
    pub parts: Vec<PartDifference>,
    /// How many parts are the same.
    pub same: usize,
}

/// Lays two cuts of a round beside each other, for those who cut data.
pub fn compare(app: &App, who: &Principal, year: i32, from: &str, to: &str) -> Result<CutComparison, AppError> {
    authorise(who, Permission::CutData, "compare data cuts")?;
    app.read(|conn| {
        let mut cuts = Vec::new();
        let mut parts: BTreeMap<String, [Option<Vec<u8>>; 2]> = BTreeMap::new();
        let mut same = 0;
        let mut hashes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for id in [from, to] {
            let row = found(conn, id)?;
            if row.year != year {
                return Err(no_cut(id));
            }
            for part in store::cuts::parts(conn, id)? {
                hashes.entry(part.name).or_default().push(part.hash);
            }
            cuts.push(named(conn, row)?);
        }
        for (name, found) in hashes {
            if matches!(found.as_slice(), [a, b] if a == b) {
                same += 1;
                continue;
            }
            let bytes = [store::cuts::bytes(conn, from, &name)?, store::cuts::bytes(conn, to, &name)?];
            parts.insert(name, bytes);
        }
        let (Some(to), Some(from)) = (cuts.pop(), cuts.pop()) else { return Err(no_cut(to)) };
        let parts = parts
            .into_iter()
            .map(|(name, [from, to])| difference(name, &from.unwrap_or_default(), &to.unwrap_or_default()))
            .collect::<Result<_, _>>()?;
        Ok(CutComparison { from, to, parts, same })
    })
}

/// The rows of a part by their key. Of a part that is no table, the whole is one row.
fn rows(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, String>, AppError> {
    let Some(kind) = FileKind::by_file_name(name) else {
        let text = if bytes.is_empty() { None } else { Some((name.to_owned(), String::new())) };
        return Ok(text.into_iter().collect());
    };
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| AppError::Unexpected(format!("part {name} of a data cut: {error}")))?;
        let fields: Vec<&str> = record.iter().collect();
        let (key, rest) = fields.split_at(kind.key_columns().min(fields.len()));
        rows.insert(key.join(" · "), rest.join(" · "));
    }
    Ok(rows)
}

fn difference(name: String, from: &[u8], to: &[u8]) -> Result<PartDifference, AppError> {
    let (mut before, after) = (rows(&name, from)?, rows(&name, to)?);
    let is_table = FileKind::by_file_name(&name).is_some();
    let mut found = PartDifference { name, added: 0, removed: 0, changed: 0, rows: Vec::new() };
    let mut differences = BTreeMap::new();
    for (key, now) in after {
        match before.remove(&key) {
            // Of what is no table the bytes differ, or it would not be here.
            Some(then) if then == now && is_table => {}
            Some(then) => {
                found.changed += 1;
                differences.insert(key, (Some(then), Some(now)));
            }
            None => {
                found.added += 1;
                differences.insert(key, (None, Some(now)));
            }
        }
    }
    for (key, then) in before {
        found.removed += 1;
        differences.insert(key, (Some(then), None));
    }
    let row = |(key, (from, to))| RowDifference { key, from, to };
    found.rows = differences.into_iter().take(NAMED).map(row).collect();
    Ok(found)
}
