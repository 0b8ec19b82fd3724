//! The exchange files: CSV text ↔ typed cells.

use std::collections::BTreeSet;
use std::io::{self, Write};

use chrono::NaiveDate;

use super::line_numbers::LineNumbers;
use crate::domain::area::{Area, AreaKind};
use crate::domain::count::{Counts, Period, check_counts, check_stratum};
use crate::domain::interchange::{Cell, Column, ColumnKind, FileKind};
use crate::domain::register::is_service_code;

/// What is wrong with one field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The column's name, or empty where the row as a whole is wrong.
    pub column: String,
    /// Why, as the end of a sentence about the field.
    pub reason: String,
}

impl FieldProblem {
    /// A problem of one column.
    pub fn new(column: &str, reason: impl Into<String>) -> Self {
        Self { column: column.to_owned(), reason: reason.into() }
    }
}

/// The codes that rows may refer to.
#[derive(Debug, Clone, Default)]
pub struct KnownCodes {
    /// Areas.
    pub areas: BTreeSet<String>,
    /// Services.
    pub services: BTreeSet<String>,
    /// Hospitals.
    pub hospitals: BTreeSet<String>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The header is not the file's.
    #[error("the header must be {expected}; it is {found}")]
    Header {
        /// The columns that it must have.
        expected: String,
        /// What is there.
        found: String,
    },
    /// There is nothing in it.
    #[error("the file is empty; its first line must be {0}")]
    Empty(String),
    /// Reading failed.
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
}

/// A row as it was read, before its fields are typed.
#[derive(Debug)]
pub struct RawRow {
    /// Line in the file, from 1.
    pub line: i64,
    /// The bytes of each field.
    pub fields: ::csv::ByteRecord,
}

/// Streams the rows of a file. A byte-order mark, CRLF and a missing last line end are accepted.
pub struct RowReader<R> {
    reader: ::csv::Reader<R>,
    lines: LineNumbers,
}

impl<R: io::Read> RowReader<R> {
    /// Opens a file and checks its header.
    pub fn new(kind: FileKind, input: R) -> Result<Self, FileError> {
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        let expected = header(kind);
        let mut first = ::csv::ByteRecord::new();
        if !reader.read_byte_record(&mut first).map_err(file_error)? {
            return Err(FileError::Empty(expected));
        }
        let found: Vec<String> = first
            .iter()
            .enumerate()
            .map(|(i, field)| {
                let text = String::from_utf8_lossy(field);
                let text = if i == 0 { text.trim_start_matches('\u{feff}') } else { &text };
                text.to_owned()
            })
            .collect();
        let found = found.join(",");
        if found != expected {
            return Err(FileError::Header { expected, found });
        }
        let lines = LineNumbers::after(&reader, &first);
        Ok(Self { reader, lines })
    }

    /// The next row; `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<RawRow>, FileError> {
        let mut fields = ::csv::ByteRecord::new();
        if !self.reader.read_byte_record(&mut fields).map_err(file_error)? {
            return Ok(None);
        }
        let line = self.lines.of(&self.reader, &fields);
        Ok(Some(RawRow { line: i64::try_from(line).unwrap_or(i64::MAX), fields }))
    }

    /// How many bytes have been read, for progress.
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }
}

/// Rows from wherever they come: a file, or a body that was read already.
pub trait Rows {
    /// The next row; `None` at the end.
    fn next_row(&mut self) -> Result<Option<RawRow>, FileError>;

    /// How many bytes have been read, for progress.
    fn bytes_read(&self) -> u64;
}

impl<R: io::Read> Rows for RowReader<R> {
    fn next_row(&mut self) -> Result<Option<RawRow>, FileError> {
        Self::next_row(self)
    }

    fn bytes_read(&self) -> u64 {
        Self::bytes_read(self)
    }
}

/// Rows that are in memory.
#[derive(Debug)]
pub struct RowsOf(std::vec::IntoIter<RawRow>);

impl RowsOf {
    /// These rows.
    pub fn new(rows: Vec<RawRow>) -> Self {
        Self(rows.into_iter())
    }
}

impl Rows for RowsOf {
    fn next_row(&mut self) -> Result<Option<RawRow>, FileError> {
        Ok(self.0.next())
    }

    fn bytes_read(&self) -> u64 {
        0
    }
}

fn file_error(error: ::csv::Error) -> FileError {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => FileError::Io(error),
        other => FileError::Io(io::Error::other(format!("{other:?}"))),
    }
}

/// The header line of a file.
pub fn header(kind: FileKind) -> String {
    kind.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(",")
}

/// Types the fields of a row, or names everything that is wrong with it.
pub fn type_row(kind: FileKind, row: &RawRow, known: &KnownCodes) -> Result<Vec<Cell>, Vec<FieldProblem>> {
    let columns = kind.columns();
    if row.fields.len() != columns.len() {
        let reason = format!("the row has {} fields, the header {}", row.fields.len(), columns.len());
        return Err(vec![FieldProblem::new("", reason)]);
    }
    let mut cells = Vec::with_capacity(columns.len());
    let mut problems = Vec::new();
    for (column, bytes) in columns.iter().zip(row.fields.iter()) {
        let typed = std::str::from_utf8(bytes)
            .map_err(|_| "is not UTF-8 text".to_owned())
            .and_then(|text| type_field(column, text, known));
        match typed {
            Ok(cell) => cells.push(cell),
            Err(reason) => problems.push(FieldProblem::new(column.name, reason)),
        }
    }
    if problems.is_empty() {
        problems = check_row(kind, &cells);
    }
    if problems.is_empty() { Ok(cells) } else { Err(problems) }
}

fn type_field(column: &Column, text: &str, known: &KnownCodes) -> Result<Cell, String> {
    let some = |text: &str| Cell::Text(Some(text.to_owned()));
    let none_if_empty = |text: &str| Cell::Text((!text.is_empty()).then(|| text.to_owned()));
    let one_of = |codes: &BTreeSet<String>, what: &str| {
        if codes.contains(text) { Ok(some(text)) } else { Err(format!("{text:?} is not a known {what}")) }
    };
    // A NUL is text to SQLite and an error to PostgreSQL: refused on both.
    if text.contains('\0') {
        return Err("has a NUL character".into());
    }
    match column.kind {
        ColumnKind::OwnCode if text.is_empty() || text.len() > 20 => Err("must be a code of 1 to 20 characters".into()),
        ColumnKind::OwnServiceCode if !is_service_code(text) => {
            Err(format!("{text:?} is not a unit code of 3 to 8 capital letters and digits"))
        }
        ColumnKind::Text if text.is_empty() => Err("is empty".into()),
        ColumnKind::OwnCode | ColumnKind::OwnServiceCode | ColumnKind::Text | ColumnKind::TextMaybeEmpty => {
            Ok(some(text))
        }
        ColumnKind::TextOrNone | ColumnKind::SameFileOrNone => Ok(none_if_empty(text)),
        ColumnKind::Area => one_of(&known.areas, "area"),
        ColumnKind::Service => one_of(&known.services, "service"),
        ColumnKind::Hospital => one_of(&known.hospitals, "hospital"),
        ColumnKind::ServiceOrNone if text.is_empty() => Ok(Cell::Text(None)),
        ColumnKind::ServiceOrNone => one_of(&known.services, "service"),
        ColumnKind::AreaKind => text.parse::<AreaKind>().map(|_| some(text)),
        ColumnKind::Year => match text.parse::<i32>() {
            Ok(year) if text.len() == 4 && (1900..=2999).contains(&year) => Ok(Cell::Integer(year)),
            _ => Err(format!("{text:?} is not a year (YYYY)")),
        },
        ColumnKind::Count => count(text).map(|count| Cell::Count(Some(count))),
        ColumnKind::CountOrNone if text.is_empty() => Ok(Cell::Count(None)),
        ColumnKind::CountOrNone => count(text).map(|count| Cell::Count(Some(count))),
        ColumnKind::DayOrNone if text.is_empty() => Ok(Cell::Day(None)),
        ColumnKind::DayOrNone => match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(day) if text.len() == 10 => Ok(Cell::Day(Some(day))),
            _ => Err(format!("{text:?} is not a day (YYYY-MM-DD)")),
        },
        ColumnKind::Latitude | ColumnKind::Longitude if text.is_empty() => Ok(Cell::Degrees(None)),
        ColumnKind::Latitude => degrees(text, 90.0),
        ColumnKind::Longitude => degrees(text, 180.0),
        ColumnKind::Kpi => match text.parse::<i32>() {
            Ok(kpi) if (2..=11).contains(&kpi) && text == kpi.to_string() => Ok(Cell::Integer(kpi)),
            _ => Err(format!("{text:?} is not a KPI from 2 to 11 (KPI 1 is derived)")),
        },
        ColumnKind::Period => text.parse::<Period>().map(|period| Cell::Integer(period.stored())),
        ColumnKind::Stratum => check_stratum(text).map(|()| some(text)),
    }
}

fn count(text: &str) -> Result<i64, String> {
    match text.parse::<i64>() {
        Ok(number) if number < 0 => Err(format!("{text} is negative")),
        // Far above any count of people, and far below where a sum could overflow.
        Ok(number) if number <= 1_000_000_000 && !text.starts_with('+') => Ok(number),
        Ok(_) => Err(format!("{text} is too large")),
        Err(_) => Err(format!("{text:?} is not a whole number")),
    }
}

fn degrees(text: &str, limit: f64) -> Result<Cell, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number.abs() <= limit => Ok(Cell::Degrees(Some(number))),
        _ => Err(format!("{text:?} is not a number of degrees from -{limit} to {limit}")),
    }
}

/// The checks across the fields of one row.
fn check_row(kind: FileKind, cells: &[Cell]) -> Vec<FieldProblem> {
    let problem = |column: &str, reason: String| vec![FieldProblem::new(column, reason)];
    match (kind, cells) {
        (FileKind::AreaPopulation, [_, _, Cell::Count(Some(all)), Cell::Count(Some(old))]) if old > all => {
            problem("aged_50_plus", format!("{old} is more than the {all} of all ages"))
        }
        (
            FileKind::KpiCounts,
            [
                _,
                _,
                Cell::Integer(kpi),
                _,
                Cell::Count(Some(numerator)),
                Cell::Count(denominator),
                Cell::Count(eligible),
                Cell::Count(complete),
            ],
        ) => {
            let counts =
                Counts { numerator: *numerator, denominator: *denominator, eligible: *eligible, complete: *complete };
            check_counts(*kpi, counts).into_iter().map(|(column, reason)| FieldProblem::new(column, reason)).collect()
        }
        (FileKind::Hospitals, [.., Cell::Degrees(Some(_)), Cell::Degrees(None)]) => {
            problem("longitude", "is missing beside the latitude".to_owned())
        }
        (FileKind::Hospitals, [.., Cell::Degrees(None), Cell::Degrees(Some(_))]) => {
            problem("latitude", "is missing beside the longitude".to_owned())
        }
        (FileKind::Areas | FileKind::Services | FileKind::Hospitals, cells) => {
            let mut days = cells.iter().filter_map(|cell| match cell {
                Cell::Day(day) => Some(*day),
                _ => None,
            });
            match (days.next().flatten(), days.next().flatten()) {
                (Some(from), Some(to)) if to < from => problem("valid_to", format!("{to} is before {from}")),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// A value of `responses.csv`: whether it says "not known", and otherwise its text. A text that is literally a reserved
/// word, or begins with a backslash, is written with a leading backslash.
pub fn unescape_value(value: &str) -> (bool, &str) {
    if value == NOT_KNOWN {
        return (true, "");
    }
    (false, value.strip_prefix('\\').unwrap_or(value))
}

/// The text of a value as `responses.csv` writes it.
pub fn escape_value(text: &str) -> String {
    if text == NOT_KNOWN || text.starts_with('\\') { format!("\\{text}") } else { text.to_owned() }
}

/// The value that says "not known".
pub const NOT_KNOWN: &str = "not_known";

/// Writes the canonical form: LF, minimal quoting, no formula guard.
pub struct RowWriter<W: Write> {
    writer: ::csv::Writer<W>,
}

impl<W: Write> RowWriter<W> {
    /// Begins a file with its header.
    pub fn new(kind: FileKind, output: W) -> io::Result<Self> {
        let mut writer = ::csv::WriterBuilder::new().from_writer(output);
        writer.write_record(kind.columns().iter().map(|column| column.name))?;
        Ok(Self { writer })
    }

    /// Writes a row.
    pub fn write<I: AsRef<[u8]>>(&mut self, fields: impl IntoIterator<Item = I>) -> io::Result<()> {
        Ok(self.writer.write_record(fields)?)
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The rows of a download that people open in a spreadsheet: text that one would take for a formula is kept from being
/// one by an apostrophe. Never for files that are read again.
pub fn guarded_rows<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> io::Result<Vec<u8>> {
    let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.map(guarded))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// A text that a spreadsheet would take for a formula, kept from being one by an apostrophe.
pub fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

/// Reads `areas.csv` whole, for the seeds. An error is a line and a reason.
pub fn read_areas(bytes: &[u8]) -> Result<Vec<Area>, (usize, String)> {
    let mut reader = RowReader::new(FileKind::Areas, bytes).map_err(|error| (1, error.to_string()))?;
    let mut areas = Vec::new();
    while let Some(row) = reader.next_row().map_err(|error| (1, error.to_string()))? {
        let line = usize::try_from(row.line).unwrap_or(1);
        let cells = type_row(FileKind::Areas, &row, &KnownCodes::default()).map_err(|problems| {
            let reasons: Vec<String> = problems.into_iter().map(|p| format!("{} {}", p.column, p.reason)).collect();
            (line, reasons.join("; "))
        })?;
        if let [
            Cell::Text(Some(code)),
            Cell::Text(Some(name)),
            Cell::Text(Some(kind)),
            Cell::Text(parent_code),
            Cell::Day(valid_from),
            Cell::Day(valid_to),
            Cell::Text(successor_code),
        ] = cells.as_slice()
        {
            areas.push(Area {
                code: code.clone(),
                name: name.clone(),
                kind: kind.parse().map_err(|reason| (line, reason))?,
                parent_code: parent_code.clone(),
                valid_from: *valid_from,
                valid_to: *valid_to,
                successor_code: successor_code.clone(),
            });
        }
    }
    Ok(areas)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines on which the rows of a file begin.
    fn lines(file: &str) -> Vec<i64> {
        let header = header(FileKind::Responses);
        let file = file.replace("HEADER", &header);
        let mut rows = RowReader::new(FileKind::Responses, file.as_bytes()).unwrap();
        std::iter::from_fn(|| rows.next_row().unwrap()).map(|row| row.line).collect()
    }

    /// Excel ends lines with CRLF: its rows are named by the line on which people see them all the same.
    #[test]
    fn rows_are_named_by_the_line_on_which_they_begin() {
        for file in [
            "HEADER\na,2021,b,,c\na,2021,b,,\"two\nlines\"\na,2021,b,,c\n\n\na,2021,b,,c\na,2021,b,,c\n",
            "HEADER\na,2021,b,,c\na,2021,b,,\"two\nlines\"\na,2021,b,,c\n\n\na,2021,b,,c\na,2021,b,,c",
        ] {
            assert_eq!(lines(file), [2, 3, 5, 8, 9], "{file:?}");
            assert_eq!(lines(&file.replace('\n', "\r\n")), [2, 3, 5, 8, 9], "{file:?} with CRLF");
            assert_eq!(
                lines(&format!("\u{feff}{}", file.replace('\n', "\r\n"))),
                [2, 3, 5, 8, 9],
                "{file:?} with a mark"
            );
        }
    }
}
