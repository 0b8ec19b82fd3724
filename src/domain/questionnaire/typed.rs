//! What people type, in a form or a cell of a workbook, read as an answer: with its unit, with separators, with a comma for
//! a point, a month by its name. What cannot be read is kept as typed.

use super::answer::{AnswerValue, Entry};
use super::definition::{Grid, Item, ItemType};
use super::posts::{since_entry, wte_of_hours};
use super::reading::{ReadError, RegisterCodes, read_cell, read_text};
use crate::domain::questionnaire::answer::GridCell;

/// The word for "not known" in forms and files.
pub const NOT_KNOWN: &str = "not_known";

/// Reads what was typed for any item but a grid. Codes of choices are joined by `;`.
pub fn typed_entry(item: &Item, typed: &str, register: &RegisterCodes) -> Entry {
    let text = typed.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Entry::Unanswered;
    }
    let unit = item.unit.as_deref().unwrap_or_default();
    let plain = match item.kind {
        ItemType::Integer => plain_whole_number(without_unit(text, unit)),
        ItemType::Decimal => plain_decimal(without_unit(text, unit)),
        ItemType::Month => plain_month(text),
        _ => None,
    };
    read_text(item, plain.as_deref().unwrap_or(text), register)
        .map_or_else(|_| Entry::Invalid(text.to_owned()), Entry::Value)
}

/// Reads what was typed for one cell of a grid.
pub fn typed_cell(grid: &Grid, row: &str, typed: &str) -> Result<GridCell, ReadError> {
    let typed = typed.trim();
    let words = typed.to_lowercase().replace(' ', "_");
    let plain = if words == NOT_KNOWN || words == "?" { Some(NOT_KNOWN.to_owned()) } else { plain_wte(typed) };
    read_cell(grid, row, plain.as_deref().unwrap_or(typed))
}

/// Reads what was typed for the cells of a grid, each with its row. If one of them cannot be read, all are kept as typed.
pub fn typed_grid<T: AsRef<str>>(grid: &Grid, cells: impl Iterator<Item = (T, String)>) -> Entry {
    let (mut read, mut lines, mut unreadable) = (Vec::new(), Vec::new(), false);
    for (typed, row) in cells {
        let typed = typed.as_ref().trim();
        if typed.is_empty() {
            continue;
        }
        if let Ok(cell) = typed_cell(grid, &row, typed) {
            let wte = cell.wte.map_or_else(|| NOT_KNOWN.to_owned(), |wte| wte.to_string());
            lines.push(format!("{row}={wte}"));
            read.push(cell);
        } else {
            // A line break would end the line in which the cell is kept.
            lines.push(format!("{row}={}", typed.replace(['\r', '\n'], " ")));
            unreadable = true;
        }
    }
    match (lines.is_empty(), unreadable) {
        (true, _) => Entry::Unanswered,
        (false, true) => Entry::Invalid(lines.join("\n")),
        (false, false) => Entry::Value(AnswerValue::Grid(read)),
    }
}

/// The list of months of the table of posts, from what was typed for each row.
pub fn typed_since<T: AsRef<str>>(grid: &Grid, cells: impl Iterator<Item = (T, String)>) -> Entry {
    let month = |(typed, row): (T, String)| {
        let typed = typed.as_ref().trim();
        (row, plain_month(typed).unwrap_or_else(|| typed.split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    since_entry(grid, &cells.map(month).collect())
}

/// A WTE as people type it: a decimal, or hours a week, `22.5 hours`, `22,5h`.
fn plain_wte(text: &str) -> Option<String> {
    match typed_hours(text) {
        Some(hours) => Some(wte_of_hours(hours).to_string()),
        None => plain_decimal(text.strip_suffix("WTE").map_or(text, str::trim_end)),
    }
}

/// The hours a week that a text names.
pub fn typed_hours(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let ends = ["a week", "per week", "/week", "weekly"];
    let text = ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(&text).trim_end();
    let units = ["hours", "hour", "hrs", "hr", "h"];
    let number = units.iter().find_map(|unit| text.strip_suffix(unit))?.trim_end();
    plain_decimal(number)?.parse().ok().filter(|hours: &f64| (0.0..=10_000.0).contains(hours))
}

/// `32 %` → `32`: people repeat the unit that stands beside the field.
fn without_unit<'a>(text: &'a str, unit: &str) -> &'a str {
    if unit.is_empty() {
        return text;
    }
    text.strip_suffix(unit).map_or(text, str::trim_end)
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// `382,534` and `382 534` → `382534`. Nothing where the separators do not stand before every third digit.
fn plain_whole_number(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let mut groups = digits.split(|letter| letter == ',' || is_space(letter));
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let grouped = rest.is_empty() || first.len() <= 3 && rest.iter().all(|group| group.len() == 3 && all_digits(group));
    (grouped && all_digits(first)).then(|| format!("{sign}{first}{}", rest.concat()))
}

/// `,6`, `0,60` → `.6`, `0.60`; `1,234.5` → `1234.5`.
fn plain_decimal(text: &str) -> Option<String> {
    match text.rsplit_once('.') {
        Some((whole, fraction)) if whole.contains([',', ' ']) => {
            Some(format!("{}.{fraction}", plain_whole_number(whole)?))
        }
        Some(_) => Some(text.to_owned()),
        None => Some(text.replacen(',', ".", 1)),
    }
}

/// `04/2015`, `4-2015`, `April 2015`, `Apr 2015`, `2015/04` → `2015-04`.
fn plain_month(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [a, b] = parts.as_slice() else { return None };
    let (month, year) = if a.len() == 4 && a.bytes().all(|c| c.is_ascii_digit()) { (b, a) } else { (a, b) };
    let name = month.to_lowercase();
    let by_name = || MONTHS.iter().position(|full| name.len() >= 3 && full.starts_with(name.as_str())).map(|at| at + 1);
    let number = month.parse::<usize>().ok().or_else(by_name)?;
    Some(format!("{year}-{number:02}"))
}
