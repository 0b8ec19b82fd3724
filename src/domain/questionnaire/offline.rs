//! A response away from the web: which cells of a workbook an item takes, what stands in them, and what became of them when
//! they come back.
//!
//! A cell that nobody touched says nothing, whatever has happened since. One that was touched carries the version of its
//! item that it was based on: where the item has moved on, the two values stand side by side and nothing is overwritten.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::answer::{AnswerValue, Document, Entry, GridCell, grid_row};
use super::definition::{Condition, Grid, Item, ItemType, Questionnaire, limit_text};
use super::reading::{RegisterCodes, limit_problems, typed_cells};
use super::typed::{typed_cell, typed_entry, typed_grid};

/// What a cell says for "not known".
pub const NOT_KNOWN: &str = "Not known";

/// The same for a text, which could have the words in it.
const TEXT_NOT_KNOWN: &str = "(Not known)";

/// What a cell says for yes, also of an option that is chosen.
pub const YES: &str = "Yes";

/// What a cell says for no.
pub const NO: &str = "No";

/// Which part of an item a cell holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The whole answer.
    Whole,
    /// Whether one option is chosen.
    Option(String),
    /// One cell of a WTE grid: `nurse/7`.
    Row(String),
    /// That nothing of it is known: beside options and grids.
    NotKnown,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole"),
            Self::NotKnown => f.write_str("not_known"),
            Self::Option(code) => write!(f, "option:{code}"),
            Self::Row(row) => write!(f, "row:{row}"),
        }
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.split_once(':')) {
            ("whole", _) => Ok(Self::Whole),
            ("not_known", _) => Ok(Self::NotKnown),
            (_, Some(("option", code))) => Ok(Self::Option(code.to_owned())),
            (_, Some(("row", row))) => Ok(Self::Row(row.to_owned())),
            _ => Err(format!("{text:?} is no part of an answer")),
        }
    }
}

/// The names behind the codes of the register.
#[derive(Debug, Clone, Default)]
pub struct RegisterNames {
    /// Hospitals by NHFD code.
    pub hospitals: BTreeMap<String, String>,
    /// Areas by code.
    pub areas: BTreeMap<String, String>,
}

impl RegisterNames {
    /// The codes alone.
    pub fn codes(&self) -> RegisterCodes {
        RegisterCodes {
            hospitals: self.hospitals.keys().cloned().collect(),
            areas: self.areas.keys().cloned().collect(),
        }
    }
}

/// An area or hospital as a cell says it: `NHS Norfolk (QMM)`.
pub fn named_code(code: &str, name: &str) -> String {
    format!("{name} ({code})")
}

/// The code in `NHS Norfolk (QMM)`, or the text as it is.
fn code_in(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    inside.map_or(text, |(_, code)| code.trim())
}

/// The cells that an item takes, in printed order.
pub fn parts(item: &Item) -> Vec<Part> {
    match item.kind {
        ItemType::Choices => {
            let options = item.options.iter().map(|option| Part::Option(option.code.clone()));
            options.chain([Part::NotKnown]).collect()
        }
        ItemType::Grid => {
            let cells = item.grid.iter().flat_map(Grid::cells);
            let rows = cells.map(|(role, band)| Part::Row(grid_row(&role.role, band)));
            rows.chain([Part::NotKnown]).collect()
        }
        _ => vec![Part::Whole],
    }
}

/// What a cell says for an entry; empty for nothing.
pub fn cell_text(item: &Item, entry: &Entry, part: &Part, names: &RegisterNames) -> String {
    match (part, entry) {
        (_, Entry::Unanswered) => String::new(),
        (Part::Whole, Entry::NotKnown) if item.kind == ItemType::Text => TEXT_NOT_KNOWN.to_owned(),
        (Part::Whole | Part::NotKnown, Entry::NotKnown) => NOT_KNOWN.to_owned(),
        (Part::Option(_) | Part::Row(_), Entry::NotKnown) => String::new(),
        (Part::NotKnown, _) => String::new(),
        (Part::Whole, Entry::Invalid(text)) => text.clone(),
        (Part::Whole, Entry::Value(value)) => whole_text(item, value, names),
        (Part::Option(code), entry) => {
            let chosen = match entry {
                Entry::Value(AnswerValue::Choices(codes)) => codes.contains(code),
                Entry::Invalid(text) => text.split(';').any(|typed| typed == code),
                _ => false,
            };
            if chosen { YES.to_owned() } else { String::new() }
        }
        (Part::Row(row), Entry::Value(AnswerValue::Grid(cells))) => {
            let cell = cells.iter().find(|cell| cell.row() == *row);
            cell.map_or_else(String::new, |cell| cell.wte.map_or(NOT_KNOWN.to_owned(), |wte| wte.to_string()))
        }
        (Part::Row(row), Entry::Invalid(text)) => {
            typed_cells(text).find(|(typed_row, _)| typed_row == row).map_or("", |(_, typed)| typed).to_owned()
        }
        (Part::Row(_), Entry::Value(_)) => String::new(),
    }
}

fn whole_text(item: &Item, value: &AnswerValue, names: &RegisterNames) -> String {
    match value {
        AnswerValue::Choice(code) if item.kind == ItemType::Area => {
            names.areas.get(code).map_or_else(|| code.clone(), |name| named_code(code, name))
        }
        AnswerValue::Choice(code) => item.option(code).map_or_else(|| code.clone(), |option| option.text.clone()),
        AnswerValue::Choices(codes) => codes.join("; "),
        AnswerValue::Integer(number) => number.to_string(),
        AnswerValue::Decimal(number) => number.to_string(),
        AnswerValue::Boolean(yes) => if *yes { YES } else { NO }.to_owned(),
        AnswerValue::Text(text) | AnswerValue::Month(text) => text.clone(),
        AnswerValue::Grid(_) => String::new(),
    }
}

/// A cell that cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// The cell.
    pub part: Part,
    /// What is wrong and what to do.
    pub reason: String,
}

fn problem(part: &Part, reason: impl Into<String>) -> CellProblem {
    CellProblem { part: part.clone(), reason: reason.into() }
}

/// Reads the cells of an item as one entry. Unlike a form, which keeps what it cannot read, a workbook is refused cell by
/// cell: its file still has what was typed.
pub fn entry_of(item: &Item, cells: &[(Part, String)], register: &RegisterCodes) -> Result<Entry, CellProblem> {
    match item.kind {
        ItemType::Choices => options_entry(item, cells),
        ItemType::Grid => grid_entry(item, cells),
        _ => {
            let typed = cells.iter().find(|(part, _)| *part == Part::Whole).map_or("", |(_, typed)| typed.as_str());
            whole_entry(item, typed, register)
        }
    }
}

fn whole_entry(item: &Item, typed: &str, register: &RegisterCodes) -> Result<Entry, CellProblem> {
    let typed = typed.trim();
    let not_known = if item.kind == ItemType::Text { TEXT_NOT_KNOWN } else { NOT_KNOWN };
    if typed.eq_ignore_ascii_case(not_known) {
        return Ok(Entry::NotKnown);
    }
    let named = |text: &str| item.options.iter().find(|option| option.text.eq_ignore_ascii_case(text));
    let plain = match item.kind {
        ItemType::Choice => named(typed).map_or_else(|| typed.to_owned(), |option| option.code.clone()),
        ItemType::Boolean => typed.to_lowercase(),
        ItemType::Area => code_in(typed).to_owned(),
        ItemType::Hospitals => {
            let codes = typed.split([';', ',', '\n']).map(code_in).filter(|code| !code.is_empty());
            codes.collect::<Vec<_>>().join(";")
        }
        _ => typed.to_owned(),
    };
    match typed_entry(item, &plain, register) {
        Entry::Invalid(_) => Err(problem(&Part::Whole, format!("‘{typed}’ cannot be read. {}", wanted(item)))),
        entry => Ok(entry),
    }
}

/// What to write instead of what cannot be read.
fn wanted(item: &Item) -> &'static str {
    match item.kind {
        ItemType::Integer => "Write a whole number, such as 350000.",
        ItemType::Decimal => "Write a number with at most two decimal places, such as 0.5.",
        ItemType::Grid => "Write WTE with at most two decimal places, such as 0.6.",
        ItemType::Month => "Write a year and month, such as 2015-04.",
        ItemType::Boolean => "Write Yes, No or Not known.",
        ItemType::Hospitals => "Write codes of hospitals of the register, parted by semicolons.",
        ItemType::Area => "Choose an area from the list.",
        ItemType::Choice | ItemType::Choices | ItemType::Text => "Choose from the list.",
    }
}

fn is_ticked(part: &Part, typed: &str) -> Result<bool, CellProblem> {
    let word = typed.trim().to_lowercase();
    match word.as_str() {
        "" | "no" | "n" | "0" | "false" => Ok(false),
        "yes" | "y" | "x" | "1" | "true" => Ok(true),
        "not known" if *part == Part::NotKnown => Ok(true),
        _ => Err(problem(part, format!("‘{}’ cannot be read. Write Yes, or leave the cell empty.", typed.trim()))),
    }
}

fn options_entry(item: &Item, cells: &[(Part, String)]) -> Result<Entry, CellProblem> {
    let (mut chosen, mut unknown) = (Vec::new(), false);
    for (part, typed) in cells {
        let ticked = is_ticked(part, typed)?;
        match part {
            Part::Option(code) if ticked => chosen.push(code.clone()),
            Part::NotKnown => unknown = ticked,
            _ => {}
        }
    }
    // In the questionnaire's order, whatever the order of the rows.
    chosen.sort_by_key(|code| item.options.iter().position(|option| option.code == *code));
    match (chosen.is_empty(), unknown) {
        (true, true) => Ok(Entry::NotKnown),
        (true, false) => Ok(Entry::Unanswered),
        (false, false) => Ok(Entry::Value(AnswerValue::Choices(chosen))),
        (false, true) => Err(both(&Part::NotKnown)),
    }
}

fn both(part: &Part) -> CellProblem {
    problem(part, "There are answers, and “Not known” besides. Take one of the two away.")
}

fn grid_entry(item: &Item, cells: &[(Part, String)]) -> Result<Entry, CellProblem> {
    let Some(grid) = &item.grid else { return Ok(Entry::Unanswered) };
    let mut rows = Vec::new();
    let mut unknown = false;
    for (part, typed) in cells {
        match part {
            Part::Row(row) if !typed.trim().is_empty() => {
                typed_cell(grid, row, typed)
                    .map_err(|_| problem(part, format!("‘{}’ cannot be read. {}", typed.trim(), wanted(item))))?;
                rows.push((typed.clone(), row.clone()));
            }
            Part::NotKnown => unknown = is_ticked(part, typed)?,
            _ => {}
        }
    }
    match (rows.is_empty(), unknown) {
        (true, true) => Ok(Entry::NotKnown),
        (false, true) => Err(both(&Part::NotKnown)),
        (_, false) => match typed_grid(grid, rows.into_iter()) {
            Entry::Value(AnswerValue::Grid(cells)) => Ok(Entry::Value(AnswerValue::Grid(in_order(item, cells)))),
            entry => Ok(entry),
        },
    }
}

fn in_order(item: &Item, mut cells: Vec<GridCell>) -> Vec<GridCell> {
    let place = |cell: &GridCell| item.grid.as_ref().and_then(|grid| grid.position(&cell.role, cell.band.as_deref()));
    cells.sort_by_key(place);
    cells
}

/// The cells of one item as they came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledItem {
    /// The version of the item that they were based on.
    pub based_on: i64,
    /// Part, what stood in the cell when it was handed out, what stands there now.
    pub cells: Vec<(Part, String, String)>,
    /// The explanation as it was handed out and as it is now.
    pub explanation: (String, String),
}

impl FilledItem {
    /// Whether somebody changed any of its cells.
    pub fn is_touched(&self) -> bool {
        self.explanation_is_touched() || self.cells.iter().any(|(_, before, now)| before.trim() != now.trim())
    }

    /// Whether somebody changed the explanation.
    pub fn explanation_is_touched(&self) -> bool {
        self.explanation.0.trim() != self.explanation.1.trim()
    }
}

/// What becomes of an item that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody touched it, or it says what is saved already.
    Unchanged,
    /// It is taken. The sentences say what is to be put right before the submit, if anything.
    Accepted {
        /// What is said.
        entry: Entry,
        /// What the limits of the item say of it.
        notes: Vec<String>,
    },
    /// It cannot be taken.
    Refused(CellProblem),
    /// Somebody else has changed the item since; what is saved stays.
    Conflict {
        /// What the workbook says.
        entry: Entry,
    },
}

/// Judges an item that came back against what is saved now.
pub fn judge(
    item: &Item,
    filled: &FilledItem,
    stored: &Document,
    register: &RegisterCodes,
    latest_month: &str,
) -> Verdict {
    if !filled.is_touched() {
        return Verdict::Unchanged;
    }
    let cells: Vec<(Part, String)> = filled.cells.iter().map(|(part, _, now)| (part.clone(), now.clone())).collect();
    let current = stored.get(&item.link_id);
    let saved = current.map_or(Entry::Unanswered, super::answer::Answer::entry);
    let only_explained = filled.cells.iter().all(|(_, before, now)| before.trim() == now.trim());
    let entry = if only_explained {
        // What was typed and cannot be read is not typed anew by an explanation beside it.
        saved.clone()
    } else {
        match entry_of(item, &cells, register) {
            Ok(entry) => entry,
            Err(problem) => return Verdict::Refused(problem),
        }
    };
    let saved_explanation = current.and_then(|answer| answer.explanation.as_deref()).unwrap_or_default();
    let same_words = !filled.explanation_is_touched() || filled.explanation.1.trim() == saved_explanation.trim();
    if entry == saved && same_words {
        return Verdict::Unchanged;
    }
    if stored.version(&item.link_id) != filled.based_on {
        return Verdict::Conflict { entry };
    }
    let notes = match &entry {
        Entry::Value(value) => limit_problems(item, value, latest_month)
            .into_iter()
            .map(|(_, problem)| format!("To put right before the submit: the answer {problem}."))
            .collect(),
        _ => Vec::new(),
    };
    Verdict::Accepted { entry, notes }
}

/// How an item is to be filled in, in words: its unit, its limits, when it is asked.
pub fn how_to_answer(item: &Item, questionnaire: &Questionnaire) -> String {
    let mut sentences = Vec::new();
    if let Some(when) = asked_when(item, questionnaire) {
        sentences.push(when);
    }
    let unit = item.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let range = match (item.min, item.max) {
        (Some(min), Some(max)) => format!(" from {} to {}", limit_text(min), limit_text(max)),
        (Some(min), None) => format!(", {} or more", limit_text(min)),
        (None, Some(max)) => format!(", {} or less", limit_text(max)),
        (None, None) => String::new(),
    };
    sentences.push(match item.kind {
        ItemType::Integer => format!("A whole number{unit}{range}, or Not known."),
        ItemType::Decimal => format!("A number{unit}{range}, or Not known."),
        ItemType::Choice | ItemType::Area => "Choose from the list.".into(),
        ItemType::Boolean => "Yes, No or Not known.".into(),
        ItemType::Choices => "Yes beside each that applies.".into(),
        ItemType::Grid => "WTE beside each post; leave empty what does not exist, 0 counts as nothing.".into(),
        ItemType::Month => "Year and month, such as 2015-04, or Not known.".into(),
        ItemType::Hospitals => "Codes parted by semicolons, or Not known.".into(),
        ItemType::Text => {
            item.max_length.map_or_else(|| "Text.".into(), |length| format!("Text, up to {length} characters."))
        }
    });
    if !item.required {
        sentences.push("Optional.".into());
    }
    sentences.join(" ")
}

/// "Only if 1.2 is ‘Somewhere else’."; `None` where the item is always asked.
pub fn asked_when(item: &Item, questionnaire: &Questionnaire) -> Option<String> {
    let parts: Vec<String> =
        item.enable_when.iter().map(|condition| condition_in_words(condition, questionnaire)).collect();
    (!parts.is_empty()).then(|| format!("Only if {}.", parts.join(" and ")))
}

fn condition_in_words(condition: &Condition, questionnaire: &Questionnaire) -> String {
    let link_id = condition.item.split('/').next().unwrap_or_default();
    let item = questionnaire.item(link_id);
    let number = item.map_or(link_id, |item| item.number.as_str());
    let options = |codes: &[String]| {
        let words = codes.iter().map(|code| {
            let option = item.and_then(|item| item.option(code));
            format!("‘{}’", option.map_or(code.as_str(), |option| option.text.as_str()))
        });
        words.collect::<Vec<_>>().join(" or ")
    };
    if let Some(codes) = &condition.has_any {
        format!("{number} is {}", options(codes))
    } else if let Some(codes) = &condition.lacks_all {
        format!("{number} is answered with anything but {}", options(codes))
    } else if let Some(yes) = condition.is {
        format!("{number} is {}", if yes { "Yes" } else { "No" })
    } else if let Some(limit) = condition.above {
        format!("{number} is above {}", limit_text(limit))
    } else if condition.answered == Some(false) {
        format!("{number} is not answered")
    } else {
        format!("{number} is answered")
    }
}

#[cfg(test)]
mod tests;
