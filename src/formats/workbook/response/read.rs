//! The way back. The file comes from outside, so nothing of it is believed: its size unpacked is measured first, cells are
//! taken one by one and only where ours can be.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use rust_xlsxwriter::utility::row_col_to_cell;

use super::{ABOUT, ANSWER, BEFORE, EXPLAINED_BEFORE, EXPLANATION, FORMAT, HEAD, LINK_ID, LISTS, PART, VERSION};
use crate::domain::questionnaire::offline::Part;

/// Bytes that a file may have.
const LARGEST: usize = 5 * 1024 * 1024;

/// Bytes that it may have unpacked.
const LARGEST_UNPACKED: u64 = 50 * 1024 * 1024;

/// Parts that the archive may have.
const MOST_PARTS: usize = 500;

/// Rows of a sheet that are looked at.
const MOST_ROWS: u32 = 5_000;

/// Why a file is not a filled-in workbook of ours: sentences for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Far beyond what a workbook of ours has.
    #[error(
        "The file is too large to be a filled-in questionnaire (more than 5 MB, or more than 50 MB unpacked). Send the \
         workbook that you downloaded here."
    )]
    TooLarge,
    /// Not a workbook, or damaged.
    #[error(
        "The file cannot be read as an Excel workbook (.xlsx). If you used another program, save it as .xlsx; if it is \
         damaged, download the workbook again."
    )]
    NotAWorkbook,
    /// A workbook, and not ours.
    #[error(
        "The file is a workbook, but not one that was downloaded here. Download the workbook of this response, copy your \
         answers into its yellow cells, and upload that."
    )]
    NotOurs,
}

/// A row that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledCell {
    /// The sheet.
    pub sheet: String,
    /// The cell of the answer, such as `D12`.
    pub address: String,
    /// The item, as the row says.
    pub link_id: String,
    /// The part of it; `None` for the row that heads an item of several rows.
    pub part: Option<Part>,
    /// The version of the item that it was based on.
    pub version: i64,
    /// What stood in the cell when it was handed out.
    pub before: String,
    /// What stands there now.
    pub now: String,
    /// The explanation as it was handed out and as it is now, and its cell, in the rows that have one.
    pub explanation: Option<(String, String)>,
}

/// A workbook that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledWorkbook {
    /// The service that it was made for.
    pub service: String,
    /// The audit year that it was made for.
    pub year: i32,
    /// The version of the questionnaire.
    pub questionnaire: String,
    /// Its rows.
    pub cells: Vec<FilledCell>,
}

/// Reads a file that somebody sent.
pub fn read(bytes: &[u8]) -> Result<FilledWorkbook, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    measure(bytes, LARGEST_UNPACKED)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotAWorkbook)?;
    let sheets = workbook.sheet_names();
    if !sheets.iter().any(|name| name == ABOUT) {
        return Err(Unreadable::NotOurs);
    }
    let about = rows(&mut workbook, ABOUT)?;
    let fact = |name: &str| {
        let row = about.values().find(|row| row.get(&0).is_some_and(|found| found == name))?;
        row.get(&1).cloned()
    };
    if fact("format").as_deref() != Some(FORMAT) {
        return Err(Unreadable::NotOurs);
    }
    let (Some(service), Some(year), Some(questionnaire)) = (fact("service"), fact("year"), fact("questionnaire"))
    else {
        return Err(Unreadable::NotOurs);
    };
    let mut cells = Vec::new();
    for name in sheets.iter().filter(|name| ![ABOUT, LISTS].contains(&name.as_str())) {
        let found = rows(&mut workbook, name)?;
        cells.extend(found.iter().filter_map(|(row, columns)| filled_cell(name, *row, columns)));
    }
    Ok(FilledWorkbook { service, year: year.parse().map_err(|_| Unreadable::NotOurs)?, questionnaire, cells })
}

/// Unpacks every part and throws it away, to see that it is not larger than it should be.
pub(super) fn measure(bytes: &[u8], most: u64) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotAWorkbook)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::TooLarge);
    }
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Unreadable::NotAWorkbook)?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        left = left.checked_sub(read.map_err(|_| Unreadable::NotAWorkbook)?).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

type Columns = BTreeMap<u16, String>;

/// The texts of a sheet, by row and column. Cells far outside ours are passed over.
fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<BTreeMap<u32, Columns>, Unreadable> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|_| Unreadable::NotAWorkbook)?;
    let mut rows: BTreeMap<u32, Columns> = BTreeMap::new();
    while let Some(cell) = reader.next_cell().map_err(|_| Unreadable::NotAWorkbook)? {
        let (row, column) = cell.get_position();
        let Ok(column) = u16::try_from(column) else { continue };
        if row > MOST_ROWS || column > EXPLAINED_BEFORE {
            continue;
        }
        let text = text(cell.get_value());
        if !text.is_empty() {
            rows.entry(row).or_default().insert(column, text);
        }
    }
    Ok(rows)
}

/// What stands in a cell. Zero bytes, for which a database has no text, are left out.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.replace('\0', ""),
        DataRef::SharedString(text) => text.replace('\0', ""),
        DataRef::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        // The only dates that are asked for are months.
        DataRef::DateTime(at) => {
            let (year, month, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}")
        }
        DataRef::DateTimeIso(text) => text.get(..7).unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number as it was typed: a sum of hundredths that a program worked out is not off by what binary fractions are.
fn number_text(number: f64) -> String {
    let rounded = (number * 1e6).round() / 1e6;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

fn filled_cell(sheet: &str, row: u32, columns: &Columns) -> Option<FilledCell> {
    let at = |column: u16| columns.get(&column).cloned().unwrap_or_default();
    let (link_id, part) = (at(LINK_ID), at(PART));
    if link_id.is_empty() {
        return None;
    }
    // A part that is none of ours came from somebody's own hands; the row is passed over.
    let part = if part == HEAD { None } else { Some(part.parse().ok()?) };
    let explained = matches!(part, None | Some(Part::Whole));
    Some(FilledCell {
        sheet: sheet.to_owned(),
        address: row_col_to_cell(row, ANSWER),
        version: at(VERSION).parse().ok()?,
        before: at(BEFORE),
        now: at(ANSWER),
        explanation: explained.then(|| (at(EXPLAINED_BEFORE), at(EXPLANATION))),
        part,
        link_id,
    })
}
