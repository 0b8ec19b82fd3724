//! Patient-level records: CSV text → records. The columns may stand in any order; those that are not named here are not
//! read.

use std::io;

use chrono::NaiveDate;

use super::csv::FieldProblem;
use super::line_numbers::LineNumbers;
use crate::domain::patient::record::{
    Event, Falls, FirstFollowUp, PatientRecord, Residence, Sex, Site, Treatment, TwelveMonths,
};
use crate::domain::register::is_service_code;

/// A column, with what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordColumn {
    /// Its name in the header.
    pub name: &'static str,
    /// What it takes, for people.
    pub takes: &'static str,
}

const SERVICE: &str = "service_code";
const DAY_OR_NOT_DONE: &str = "YYYY-MM-DD, not_done, or empty";

/// The columns. Empty is "not recorded", except where a value is needed.
pub const COLUMNS: [RecordColumn; 16] = [
    RecordColumn { name: SERVICE, takes: "unit code (needed; the column may be left out with --service)" },
    RecordColumn { name: "fracture_date", takes: "the day of the diagnosis, YYYY-MM-DD (needed)" },
    RecordColumn { name: "age", takes: "completed years on that day (needed)" },
    RecordColumn { name: "sex", takes: "male, female, other, or empty" },
    RecordColumn { name: "residence", takes: "home, care_home, other, or empty" },
    RecordColumn { name: "fracture_site", takes: "hip, spine, pelvis, humerus, forearm, leg, other, or empty" },
    RecordColumn { name: "assessment_date", takes: DAY_OR_NOT_DONE },
    RecordColumn { name: "dxa_ordered", takes: "yes, no, or empty" },
    RecordColumn { name: "dxa_date", takes: DAY_OR_NOT_DONE },
    RecordColumn { name: "falls_assessment", takes: "assessed, referred, recommended, not_done, or empty" },
    RecordColumn {
        name: "treatment",
        takes: "recommended, inappropriate, declined, dont_know, referred_gp, referred_opinion, or empty",
    },
    RecordColumn { name: "strength_balance_date", takes: DAY_OR_NOT_DONE },
    RecordColumn { name: "follow_up_date", takes: DAY_OR_NOT_DONE },
    RecordColumn { name: "treatment_at_follow_up", takes: "started, continuing, not_started, or empty" },
    RecordColumn { name: "treatment_at_12_months", takes: "taking, not_taking, not_done, or empty" },
    RecordColumn { name: "death_date", takes: "YYYY-MM-DD, or empty" },
];

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The header lacks columns.
    #[error("the header lacks {0}; every column must be there, empty where nothing is recorded")]
    Missing(String),
    /// The header names a column twice.
    #[error("the header names {0} twice")]
    Twice(String),
    /// There is nothing in it.
    #[error("the file is empty; its first line must name the columns")]
    Empty,
    /// Reading failed.
    #[error("the file cannot be read: {0}")]
    Io(String),
}

/// A row: its line, and the record or what is wrong.
pub type RecordRow = (u64, Result<PatientRecord, Vec<FieldProblem>>);

/// Streams the records of a file. A byte-order mark, CRLF and a missing last line end are accepted.
pub struct RecordReader<R> {
    reader: ::csv::Reader<R>,
    lines: LineNumbers,
    places: Vec<Option<usize>>,
    width: usize,
    unread: Vec<String>,
    service: Option<String>,
    row: ::csv::StringRecord,
    bytes: ::csv::ByteRecord,
}

impl<R: io::Read> RecordReader<R> {
    /// Opens a file and reads its header. With a service every record is that service's.
    pub fn new(input: R, service: Option<String>) -> Result<Self, RecordsError> {
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        let mut header = ::csv::ByteRecord::new();
        if !reader.read_byte_record(&mut header).map_err(|error| RecordsError::Io(error.to_string()))? {
            return Err(RecordsError::Empty);
        }
        let lines = LineNumbers::after(&reader, &header);
        let names: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        let mut places = Vec::with_capacity(COLUMNS.len());
        let mut missing = Vec::new();
        for column in COLUMNS {
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == column.name).map(|(place, _)| place);
            let place = found.next();
            if found.next().is_some() {
                return Err(RecordsError::Twice(column.name.to_owned()));
            }
            if place.is_none() && !(column.name == SERVICE && service.is_some()) {
                missing.push(column.name);
            }
            places.push(place);
        }
        if !missing.is_empty() {
            return Err(RecordsError::Missing(missing.join(", ")));
        }
        let is_read = |name: &String| COLUMNS.iter().any(|column| column.name == name);
        let width = names.len();
        let unread = names.into_iter().filter(|name| !is_read(name)).collect();
        let (row, bytes) = (::csv::StringRecord::new(), ::csv::ByteRecord::new());
        Ok(Self { reader, lines, places, width, unread, service, row, bytes })
    }

    /// The columns that are there and are not read.
    pub fn unread_columns(&self) -> &[String] {
        &self.unread
    }

    /// How many bytes have been read, for progress.
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next row; `None` at the end.
    pub fn next_record(&mut self) -> Result<Option<RecordRow>, RecordsError> {
        let more = self.reader.read_byte_record(&mut self.bytes);
        if !more.map_err(|error| RecordsError::Io(error.to_string()))? {
            return Ok(None);
        }
        let line = self.lines.of(&self.reader, &self.bytes);
        if self.bytes.len() != self.width {
            let reason = format!("the row has {} fields, the header {}", self.bytes.len(), self.width);
            return Ok(Some((line, Err(vec![FieldProblem::new("", reason)]))));
        }
        match ::csv::StringRecord::from_byte_record(std::mem::take(&mut self.bytes)) {
            Ok(row) => self.row = row,
            Err(_) => return Ok(Some((line, Err(vec![FieldProblem::new("", "the row is not UTF-8 text")])))),
        }
        let mut fields = Fields { row: &self.row, places: &self.places, problems: Vec::new() };
        let record = fields.record(self.service.as_deref());
        let record = match record {
            Some(record) if fields.problems.is_empty() => Ok(record),
            _ => Err(fields.problems),
        };
        Ok(Some((line, record)))
    }
}

/// The fields of a row, and what was found wrong with them.
struct Fields<'a> {
    row: &'a ::csv::StringRecord,
    places: &'a [Option<usize>],
    problems: Vec<FieldProblem>,
}

impl Fields<'_> {
    fn text(&self, name: &str) -> &str {
        let column = COLUMNS.iter().position(|column| column.name == name);
        let place = column.and_then(|column| self.places.get(column).copied().flatten());
        place.and_then(|place| self.row.get(place)).unwrap_or("").trim()
    }

    fn problem(&mut self, name: &str, reason: String) {
        self.problems.push(FieldProblem::new(name, reason));
    }

    /// A field that must be one of the words of its column.
    fn word<T: Copy>(&mut self, name: &str, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let found = all.iter().copied().find(|value| word(*value) == text);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|value| word(*value)).collect();
            let reason = format!("{text:?} is none of {} and not empty", words.join(", "));
            self.problem(name, reason);
        }
        found
    }

    fn day(&mut self, name: &str, text: &str) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        if day.is_none() {
            self.problem(name, format!("{text:?} is not a day (YYYY-MM-DD)"));
        }
        day
    }

    /// A day that may not lie before the fracture.
    fn later(&mut self, name: &str, text: &str, fracture: Option<NaiveDate>) -> Option<NaiveDate> {
        let day = self.day(name, text)?;
        match fracture {
            Some(fracture) if day < fracture => {
                self.problem(name, format!("{day} is before the fracture on {fracture}"));
                None
            }
            _ => Some(day),
        }
    }

    fn event(&mut self, name: &str, fracture: Option<NaiveDate>) -> Event {
        let text = self.text(name).to_owned();
        match text.as_str() {
            "" => Event::NotRecorded,
            "not_done" => Event::NotDone,
            _ => self.later(name, &text, fracture).map_or(Event::NotRecorded, Event::On),
        }
    }

    fn service(&mut self, of_all: Option<&str>) -> Option<String> {
        let text = self.text(SERVICE).to_owned();
        match of_all {
            Some(service) if text.is_empty() || text == service => Some(service.to_owned()),
            Some(service) => {
                self.problem(SERVICE, format!("{text:?} is not the {service} that --service names"));
                None
            }
            None if is_service_code(&text) => Some(text),
            None => {
                self.problem(SERVICE, format!("{text:?} is not a unit code of 3 to 8 capital letters and digits"));
                None
            }
        }
    }

    fn age(&mut self) -> Option<u16> {
        let text = self.text("age").to_owned();
        let whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let age = text.parse().ok().filter(|age| whole && *age <= 130);
        if age.is_none() {
            self.problem("age", format!("{text:?} is not an age in completed years (0 to 130)"));
        }
        age
    }

    /// The record, unless something without which there is none is missing or wrong.
    fn record(&mut self, of_all: Option<&str>) -> Option<PatientRecord> {
        let service = self.service(of_all);
        let date = self.text("fracture_date").to_owned();
        let fracture = self.day("fracture_date", &date);
        let age = self.age();
        let sex = self.word("sex", Sex::ALL, Sex::as_str);
        let residence = self.word("residence", Residence::ALL, Residence::as_str);
        let site = self.word("fracture_site", Site::ALL, Site::as_str);
        let assessment = self.event("assessment_date", fracture);
        let dxa_ordered = self.word("dxa_ordered", &[true, false], |yes| if yes { "yes" } else { "no" });
        let dxa = self.event("dxa_date", fracture);
        let falls = self.word("falls_assessment", Falls::ALL, Falls::as_str);
        let treatment = self.word("treatment", Treatment::ALL, Treatment::as_str);
        let strength_balance = self.event("strength_balance_date", fracture);
        let follow_up = self.event("follow_up_date", fracture);
        let at_follow_up = self.word("treatment_at_follow_up", FirstFollowUp::ALL, FirstFollowUp::as_str);
        let at_12_months = self.word("treatment_at_12_months", TwelveMonths::ALL, TwelveMonths::as_str);
        let died = self.text("death_date").to_owned();
        let death = if died.is_empty() { None } else { self.later("death_date", &died, fracture) };
        Some(PatientRecord {
            service: service?,
            fracture: fracture?,
            age: age?,
            sex,
            residence,
            site,
            assessment,
            dxa_ordered,
            dxa,
            falls,
            treatment,
            strength_balance,
            follow_up,
            treatment_at_follow_up: at_follow_up,
            treatment_at_12_months: at_12_months,
            death,
        })
    }
}
