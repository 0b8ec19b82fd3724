//! From a posted form to entries.
//!
//! Of each item the form sends `b.ID` (the version it was based on), `o.ID` (a digest of what was there, so that what a
//! colleague changed meanwhile is not taken for ours), `v.ID` (the value; `v.ID.ROW` for a cell of a grid), `n.ID` (not
//! known) and, where something is queried, `e.ID` (the explanation). After a conflict, `m.ID` says that a choice is
//! asked for and `c.ID` which of the two was chosen.

use sha2::{Digest as _, Sha256};

use crate::app::responses::AnswerChange;
use crate::domain::questionnaire::answer::{AnswerValue, Document, Entry, grid_row};
use crate::domain::questionnaire::definition::{Grid, Item, ItemType, Section};
use crate::domain::questionnaire::reading::{RegisterCodes, read_cell, read_text};
use crate::web::forms::Posted;

/// What the posted value of "not known" is where it is an option among others.
pub(super) const NOT_KNOWN: &str = "not_known";

/// What someone wrote about an item, as posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// The item.
    pub(super) link_id: String,
    /// What was said.
    pub(super) entry: Entry,
    /// The explanation, where the form asked for one.
    pub(super) explanation: Option<String>,
    /// The version that it was based on.
    pub(super) based_on: i64,
    /// Something differs from what the form showed.
    pub(super) touched: bool,
    /// How a conflict was decided.
    pub(super) choice: Choice,
}

/// How a conflict was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// There was none.
    NotAsked,
    /// What is in the form counts.
    Mine,
    /// What the colleague saved stays.
    Theirs,
    /// Nothing was chosen yet.
    Open,
}

impl Written {
    /// The change to save; none where there is nothing to change.
    pub(super) fn change(&self) -> Option<AnswerChange> {
        let wanted = match self.choice {
            Choice::NotAsked => self.touched,
            Choice::Mine => true,
            Choice::Theirs | Choice::Open => false,
        };
        wanted.then(|| AnswerChange {
            link_id: self.link_id.clone(),
            based_on: self.based_on,
            entry: self.entry.clone(),
            explanation: self.explanation.clone(),
        })
    }
}

/// What the form says of the items of a section. Items that it does not hold are left out.
pub(super) fn read(section: &Section, form: &Posted, stored: &Document, register: &RegisterCodes) -> Vec<Written> {
    section.items.iter().filter_map(|item| read_item(item, form, stored, register)).collect()
}

fn read_item(item: &Item, form: &Posted, stored: &Document, register: &RegisterCodes) -> Option<Written> {
    let id = &item.link_id;
    let based_on = form.first(&format!("b.{id}"))?.parse().ok()?;
    let before = stored.get(id).map_or(Entry::Unanswered, crate::domain::questionnaire::answer::Answer::entry);
    let entry = read_entry(item, form, &before, register);
    let explanation = form.first(&format!("e.{id}")).map(|text| text.replace("\r\n", "\n").trim().to_owned());
    let shown = form.first(&format!("o.{id}")).unwrap_or_default();
    let touched = digest(&entry, explanation.as_deref().unwrap_or_default()) != shown;
    let choice = match (form.has(&format!("m.{id}")), form.first(&format!("c.{id}"))) {
        (false, _) => Choice::NotAsked,
        (true, Some("mine")) => Choice::Mine,
        (true, Some("theirs")) => Choice::Theirs,
        (true, _) => Choice::Open,
    };
    Some(Written { link_id: id.clone(), entry, explanation, based_on, touched, choice })
}

/// Stands for an entry and its explanation, to tell later whether the form changed them.
pub(super) fn digest(entry: &Entry, explanation: &str) -> String {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{entry:?}\n{explanation}")));
    hash.get(..16).unwrap_or(&hash).to_owned()
}

/// What the form says of one item. `before` is what is stored.
fn read_entry(item: &Item, form: &Posted, before: &Entry, register: &RegisterCodes) -> Entry {
    let id = &item.link_id;
    let written = match item.kind {
        ItemType::Grid => match &item.grid {
            Some(grid) => read_grid(id, grid, form),
            None => Entry::Unanswered,
        },
        ItemType::Choices | ItemType::Hospitals => {
            let chosen: Vec<&str> = form.all(&format!("v.{id}")).iter().map(String::as_str).collect();
            read_one(item, &chosen.join(";"), register)
        }
        _ => read_one(item, form.first(&format!("v.{id}")).unwrap_or_default(), register),
    };
    let not_known = form.has(&format!("n.{id}"));
    // Of a value and "not known" together, the one that is new counts; where both are, the value, so that nothing that
    // somebody typed is lost.
    if not_known && (written == Entry::Unanswered || written == *before) { Entry::NotKnown } else { written }
}

fn read_one(item: &Item, typed: &str, register: &RegisterCodes) -> Entry {
    let text = typed.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Entry::Unanswered;
    }
    if text == NOT_KNOWN && item.kind != ItemType::Text {
        return Entry::NotKnown;
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

fn read_grid(id: &str, grid: &Grid, form: &Posted) -> Entry {
    let (mut cells, mut lines, mut unreadable) = (Vec::new(), Vec::new(), false);
    for (role, band) in grid.cells() {
        let row = grid_row(&role.role, band);
        let typed = form.first(&format!("v.{id}.{row}")).unwrap_or_default().trim();
        if typed.is_empty() {
            continue;
        }
        // A line break would end the line in which the cell is kept.
        lines.push(format!("{row}={}", typed.replace(['\r', '\n'], " ")));
        let words = typed.to_lowercase().replace(' ', "_");
        let plain = if words == NOT_KNOWN || words == "?" { Some(NOT_KNOWN.to_owned()) } else { plain_decimal(typed) };
        match read_cell(grid, &row, plain.as_deref().unwrap_or(typed)) {
            Ok(cell) => cells.push(cell),
            Err(_) => unreadable = true,
        }
    }
    match (lines.is_empty(), unreadable) {
        (true, _) => Entry::Unanswered,
        (false, true) => Entry::Invalid(lines.join("\n")),
        (false, false) => Entry::Value(AnswerValue::Grid(cells)),
    }
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
