//! Answers in words, for pages that only show them.

use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::answer::{Answer, AnswerValue, Entry, GridCell};
use crate::domain::questionnaire::definition::{Item, ItemType};
use crate::domain::questionnaire::posts;
use crate::domain::questionnaire::reading::typed_cells;
use crate::domain::register::Register;
use crate::formats::display::thousands;

/// The entry of a stored answer, or that there is none.
pub(super) fn stored_entry(answer: Option<&Answer>) -> Entry {
    answer.map_or(Entry::Unanswered, Answer::entry)
}

/// An entry in words.
pub(in crate::web) fn printed(item: &Item, entry: &Entry, register: &Register) -> String {
    match entry {
        Entry::Unanswered => "No answer".into(),
        Entry::NotKnown => "Not known".into(),
        Entry::Invalid(text) if item.kind == ItemType::Grid => {
            let cells = typed_cells(text).map(|(row, typed)| format!("{}: {typed}", row_words(item, row)));
            format!("{} (cannot be read)", cells.collect::<Vec<_>>().join("; "))
        }
        Entry::Invalid(text) => format!("‘{text}’ (cannot be read)"),
        Entry::Value(value) => printed_value(item, value, register),
    }
}

fn with_unit(item: &Item, number: &str) -> String {
    match item.unit.as_deref() {
        Some("%") => format!("{number}%"),
        Some(unit) => format!("{number} {unit}"),
        None => number.to_owned(),
    }
}

fn named(name: Option<&String>, code: &str) -> String {
    name.map_or_else(|| code.to_owned(), |name| format!("{name} ({code})"))
}

fn printed_value(item: &Item, value: &AnswerValue, register: &Register) -> String {
    let option = |code: &String| match item.kind {
        ItemType::Area => named(register.tree.get(code).map(|area| &area.name), code),
        ItemType::Hospitals => named(register.hospital(code).map(|hospital| &hospital.name), code),
        _ => item.option(code).map_or_else(|| code.clone(), |option| option.text.clone()),
    };
    match value {
        AnswerValue::Choice(code) => option(code),
        AnswerValue::Choices(codes) => codes.iter().map(option).collect::<Vec<_>>().join("; "),
        AnswerValue::Integer(number) => with_unit(item, &thousands(*number)),
        AnswerValue::Decimal(number) => with_unit(item, &number.to_string()),
        AnswerValue::Boolean(true) => "Yes".into(),
        AnswerValue::Boolean(false) => "No".into(),
        AnswerValue::Text(text) => text.clone(),
        AnswerValue::Month(month) => month_words(month),
        AnswerValue::Grid(cells) => printed_grid(item, cells),
    }
}

fn printed_grid(item: &Item, cells: &[GridCell]) -> String {
    let mut parts: Vec<String> = cells
        .iter()
        .map(|cell| {
            let wte = cell.wte.map_or_else(|| "not known".to_owned(), |wte| wte.to_string());
            format!("{}: {wte}", row_words(item, &cell.row()))
        })
        .collect();
    if let Some(total) = cells.iter().map(|cell| cell.wte).sum::<Option<Hundredths>>() {
        parts.push(format!("together {total} WTE"));
    }
    parts.join("; ")
}

/// A cell's row in words: `nurse/7` → "Nurse, band 7".
fn row_words(item: &Item, row: &str) -> String {
    item.grid.as_ref().map_or_else(|| row.to_owned(), |grid| posts::row_words(grid, row))
}

/// `2015-04` → "April 2015".
pub(super) fn month_words(month: &str) -> String {
    chrono::NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d")
        .map_or_else(|_| month.to_owned(), |day| day.format("%B %Y").to_string())
}
