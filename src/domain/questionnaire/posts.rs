//! Staffing as a table of posts: a row for each role and band that exists, with what is funded, what is in post and
//! since when it is vacant. What is stored, and what the API and files carry, stays the grids and the list of months; this
//! is how the table becomes those, and what follows from it.
//!
//! Only rows that somebody changed are worked out anew: what a file or another system reported of the others stands, even
//! where it differs from funded − in post, which the checks then query.

use std::collections::BTreeMap;

use super::answer::{AnswerValue, Document, Entry, grid_row};
use super::checks::Finding;
use super::conditions::Shown;
use super::definition::{Grid, Item, Questionnaire, Severity};
use super::reading::{is_month, read_cell, typed_cells};
use crate::domain::hundredths::Hundredths;

/// The grid of funded posts.
pub const FUNDED: &str = "staff_establishment";
/// The grid of staff in post.
pub const IN_POST: &str = "staff_in_post";
/// The grid of funded WTE that nobody holds.
pub const VACANT: &str = "staff_vacant";
/// The grid of WTE that was vacant for more than six months in the year.
pub const LONG_VACANT: &str = "vacant_over_6_months_posts";
/// Whether there was any such post.
pub const ANY_LONG_VACANT: &str = "vacancy_over_6_months";
/// The text that lists since when posts are vacant: `nurse/6 2022-05`, a post a line.
pub const VACANT_SINCE: &str = "vacant_since";

/// Hours of a whole-time post in a week, by the Agenda for Change contract.
pub const WHOLE_TIME_HOURS: f64 = 37.5;

/// WTE of some hours a week, to the hundredth, half away from zero.
#[expect(clippy::cast_possible_truncation, reason = "hours of a week are far below 2^52")]
pub fn wte_of_hours(hours: f64) -> Hundredths {
    Hundredths((hours / WHOLE_TIME_HOURS * 100.0).round() as i64)
}

/// The roles and bands of the table, where a questionnaire asks for all that it is made of.
pub fn table(questionnaire: &Questionnaire) -> Option<&Grid> {
    let grid = |link_id: &str| questionnaire.item(link_id).and_then(|item| item.grid.as_ref());
    let (funded, in_post, vacant) = (grid(FUNDED)?, grid(IN_POST)?, grid(VACANT)?);
    let rows = |grid: &Grid| grid.cells().map(|(role, band)| grid_row(&role.role, band)).collect::<Vec<_>>();
    (rows(funded) == rows(in_post) && rows(funded) == rows(vacant)).then_some(funded)
}

/// A grid's cells as text by row: as typed where the grid cannot be read.
pub fn cell_texts(entry: &Entry) -> BTreeMap<String, String> {
    match entry {
        Entry::Value(AnswerValue::Grid(cells)) => cells
            .iter()
            .map(|cell| (cell.row(), cell.wte.map_or_else(|| "not_known".to_owned(), |wte| wte.to_string())))
            .collect(),
        Entry::Invalid(text) => typed_cells(text).map(|(row, typed)| (row.to_owned(), typed.to_owned())).collect(),
        _ => BTreeMap::new(),
    }
}

/// A grid from its cells as text. Where one cannot be read, all are kept as typed.
pub fn grid_entry(grid: &Grid, texts: &BTreeMap<String, String>) -> Entry {
    let (mut cells, mut lines, mut unreadable) = (Vec::new(), Vec::new(), false);
    for (role, band) in grid.cells() {
        let row = grid_row(&role.role, band);
        let Some(text) = texts.get(&row).filter(|text| !text.is_empty()) else { continue };
        lines.push(format!("{row}={text}"));
        match read_cell(grid, &row, text) {
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

/// Since when posts are vacant, by row: a month, or what was typed where it is none.
pub fn since_by_row(entry: &Entry) -> BTreeMap<String, String> {
    let Entry::Value(AnswerValue::Text(text)) = entry else { return BTreeMap::new() };
    let line = |line: &str| line.trim().split_once(' ').map(|(row, typed)| (row.to_owned(), typed.trim().to_owned()));
    text.lines().filter_map(line).collect()
}

/// The list of months as it is stored, in the order of the table.
pub fn since_entry(grid: &Grid, since: &BTreeMap<String, String>) -> Entry {
    let line = |(role, band): (&super::definition::GridRole, Option<&str>)| {
        let row = grid_row(&role.role, band);
        let month = since.get(&row).filter(|month| !month.is_empty())?;
        Some(format!("{row} {month}"))
    };
    let lines: Vec<String> = grid.cells().filter_map(line).collect();
    if lines.is_empty() { Entry::Unanswered } else { Entry::Value(AnswerValue::Text(lines.join("\n"))) }
}

/// WTE of a funded post that nobody holds. More in post than is funded leaves nothing vacant; it is over-establishment.
pub fn vacant(funded: Hundredths, in_post: Hundredths) -> Hundredths {
    Hundredths((funded.0 - in_post.0).max(0))
}

/// Whether a post that is vacant since a month was so for more than six months by another, whatever the days.
pub fn is_long_vacant(since: &str, by: &str) -> bool {
    let months = |text: &str| {
        let (year, month) = text.split_once('-').filter(|_| is_month(text))?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()?)
    };
    months(since).zip(months(by)).is_some_and(|(since, by)| by - since > 6)
}

/// What somebody says in the table.
#[derive(Debug, Clone)]
pub struct Said {
    /// Funded posts.
    pub funded: Entry,
    /// Staff in post.
    pub in_post: Entry,
    /// Since when posts are vacant.
    pub since: Entry,
    /// What was vacant for more than six months and is filled again; `None` where the table did not ask.
    pub long_vacant: Option<Entry>,
}

impl Said {
    /// What a stored response says.
    pub fn stored(document: &Document) -> Self {
        let entry = |link_id: &str| document.get(link_id).map_or(Entry::Unanswered, super::answer::Answer::entry);
        Self {
            funded: entry(FUNDED),
            in_post: entry(IN_POST),
            since: entry(VACANT_SINCE),
            long_vacant: Some(entry(LONG_VACANT)),
        }
    }
}

/// What somebody says in the table, row by row, as text.
#[derive(Debug, Clone)]
pub struct Rows {
    funded: BTreeMap<String, String>,
    in_post: BTreeMap<String, String>,
    since: BTreeMap<String, String>,
}

impl Rows {
    /// Takes what is said apart.
    pub fn of(said: &Said) -> Self {
        Self { funded: cell_texts(&said.funded), in_post: cell_texts(&said.in_post), since: since_by_row(&said.since) }
    }

    /// WTE of a row that is vacant, and the part of it that is so for more than six months by a month.
    pub fn vacant(&self, row: &str, by: &str) -> (Option<Hundredths>, Option<Hundredths>) {
        let row = self.row(row);
        (row.vacant(), row.long_vacant(by))
    }

    fn row(&self, row: &str) -> Row<'_> {
        Row {
            funded: self.funded.get(row).map(String::as_str),
            in_post: self.in_post.get(row).map(String::as_str),
            since: self.since.get(row).map(String::as_str),
        }
    }
}

/// One row as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Row<'a> {
    funded: Option<&'a str>,
    in_post: Option<&'a str>,
    since: Option<&'a str>,
}

impl Row<'_> {
    fn vacant(&self) -> Option<Hundredths> {
        let wte = |text: Option<&str>| text?.parse::<Hundredths>().ok();
        Some(vacant(wte(self.funded)?, wte(self.in_post)?))
    }

    /// WTE that is vacant for more than six months by a month.
    fn long_vacant(&self, by: &str) -> Option<Hundredths> {
        let vacant = self.vacant().filter(|vacant| vacant.0 > 0)?;
        self.since.is_some_and(|since| is_long_vacant(since, by)).then_some(vacant)
    }
}

/// What follows from the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Of [`VACANT`].
    pub vacant: Entry,
    /// Of [`LONG_VACANT`].
    pub long_vacant: Entry,
    /// A post of the table is vacant for more than six months.
    pub any_long_vacant: bool,
}

/// Works out what follows from what somebody says in the table over what was stored; `by` is the month of the day that
/// staffing figures describe, `removed` a row that was taken away.
pub fn derive(grid: &Grid, before: &Document, said: &Said, by: &str, removed: Option<&str>) -> Derived {
    let (stored, now) = (Rows::of(&Said::stored(before)), Rows::of(said));
    let entry = |link_id: &str| before.get(link_id).map_or(Entry::Unanswered, super::answer::Answer::entry);
    let (old_vacant, old_long) = (entry(VACANT), entry(LONG_VACANT));
    let (mut vacant, mut long) = (cell_texts(&old_vacant), cell_texts(&old_long));
    let typed = said.long_vacant.as_ref().map(cell_texts);
    let (mut any_changed, mut any_long_vacant) = (false, false);
    for (role, band) in grid.cells() {
        let name = grid_row(&role.role, band);
        let (was, is) = (stored.row(&name), now.row(&name));
        let is_removed = removed == Some(name.as_str());
        let changed = was != is || is_removed;
        any_changed |= changed;
        if changed || !vacant.contains_key(&name) {
            set(&mut vacant, &name, is.vacant().map(|wte| wte.to_string()));
        }
        match (is.long_vacant(by), &typed) {
            (Some(wte), _) => {
                any_long_vacant = true;
                set(&mut long, &name, Some(wte.to_string()));
            }
            (None, Some(typed)) => set(&mut long, &name, typed.get(&name).cloned().filter(|_| !is_removed)),
            (None, None) if is_removed || was.long_vacant(by).is_some() => set(&mut long, &name, None),
            (None, None) => {}
        }
    }
    // A grid that is said not to be known as a whole stays so until a row says more.
    let kept = |old: Entry, texts: &BTreeMap<String, String>| {
        if old == Entry::NotKnown && (texts.is_empty() || !any_changed) { old } else { grid_entry(grid, texts) }
    };
    Derived { vacant: kept(old_vacant, &vacant), long_vacant: kept(old_long, &long), any_long_vacant }
}

fn set(texts: &mut BTreeMap<String, String>, row: &str, text: Option<String>) {
    match text {
        Some(text) => texts.insert(row.to_owned(), text),
        None => texts.remove(row),
    };
}

/// A row in words: `nurse/7` → "Nurse, band 7".
pub fn row_words(grid: &Grid, row: &str) -> String {
    let (role, band) = row.split_once('/').map_or((row, None), |(role, band)| (role, Some(band)));
    let words = grid.roles.iter().find(|r| r.role == role).map_or(role, |r| r.text.as_str());
    band.map_or_else(|| words.to_owned(), |band| format!("{words}, band {band}"))
}

/// What is wrong with the list of months, and where it contradicts the answer on long vacancies.
pub(super) fn findings(shown: &Shown<'_>, latest_month: &str) -> Vec<Finding> {
    let Some(grid) = table(shown.questionnaire) else { return Vec::new() };
    let mut findings = Vec::new();
    let found = |severity, code: &str, item: &Item, message| Finding {
        severity,
        code: code.to_owned(),
        link_id: item.link_id.clone(),
        message,
        explained: false,
    };
    let item_of = |link_id: &str| shown.questionnaire.item(link_id).filter(|_| shown.is_shown(link_id));
    if let (Some(item), Some(value @ AnswerValue::Text(text))) = (item_of(VACANT_SINCE), shown.value(VACANT_SINCE)) {
        let by_row = since_by_row(&Entry::Value(value.clone()));
        if by_row.len() < text.lines().filter(|line| !line.trim().is_empty()).count() {
            let message = "Give a post and a month a line, and each post once, such as: nurse/6 2022-05.".to_owned();
            findings.push(found(Severity::Format, "unreadable", item, message));
        }
        for (row, month) in by_row {
            let words = row_words(grid, &row);
            let (role, band) = row.split_once('/').map_or((row.as_str(), None), |(role, band)| (role, Some(band)));
            if grid.position(role, band).is_none() {
                let message = format!("‘{row}’ is no role and band of the table of posts.");
                findings.push(found(Severity::Format, "unreadable", item, message));
            } else if !is_month(&month) {
                let message = format!("‘{month}’ for {words} cannot be read. Enter a month, such as May 2022.");
                findings.push(found(Severity::Format, "unreadable", item, message));
            } else if month.as_str() > latest_month {
                let message = format!("The month for {words} must not be later than {latest_month}.");
                findings.push(found(Severity::Error, "out_of_range", item, message));
            }
        }
    }
    let answer = shown.value(ANY_LONG_VACANT);
    if let (Some(item), Some(AnswerValue::Boolean(false))) = (item_of(ANY_LONG_VACANT), answer) {
        let said = Rows::of(&Said::stored(shown.document));
        let rows = grid.cells().map(|(role, band)| grid_row(&role.role, band));
        if let Some(row) = rows.into_iter().find(|row| said.vacant(row, latest_month).1.is_some()) {
            let message = format!(
                "By the table of posts, {} has been vacant for more than 6 months. Answer yes, or correct the table.",
                row_words(grid, &row)
            );
            findings.push(found(Severity::Error, "long_vacancy_in_table", item, message));
        }
    }
    findings
}

#[cfg(test)]
#[path = "posts/tests.rs"]
mod tests;
