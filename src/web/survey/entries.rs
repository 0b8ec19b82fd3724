//! From a posted form to entries.
//!
//! Of each item the form sends `b.ID` (the version it was based on), `o.ID` (a digest of what was there, so that what a
//! colleague changed meanwhile is not taken for ours), `v.ID` (the value; `v.ID.ROW` for a cell of a grid), `n.ID` (not
//! known) and, where something is queried, `e.ID` (the explanation). After a conflict, `m.ID` says that a choice is
//! asked for and `c.ID` which of the two was chosen.
//!
//! The table of posts sends `p.row` for each row that it shows, and `v.vacant_since.ROW` for its months. What follows from
//! the table is worked out from what was sent, and never sent itself.

use sha2::{Digest as _, Sha256};

use crate::app::responses::AnswerChange;
use crate::domain::questionnaire::answer::{Document, Entry, grid_row};
use crate::domain::questionnaire::definition::{Grid, Item, ItemType, Section};
use crate::domain::questionnaire::posts;
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::domain::questionnaire::typed::{NOT_KNOWN, typed_entry, typed_grid, typed_hours, typed_since};
use crate::web::forms::Posted;

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
    let posts = section.items.iter().find(|item| item.link_id == posts::FUNDED).and_then(|item| item.grid.as_ref());
    section.items.iter().filter_map(|item| read_item(item, form, stored, register, posts)).collect()
}

fn read_item(
    item: &Item,
    form: &Posted,
    stored: &Document,
    register: &RegisterCodes,
    posts: Option<&Grid>,
) -> Option<Written> {
    let id = &item.link_id;
    let based_on = form.first(&format!("b.{id}"))?.parse().ok()?;
    let before = stored.get(id).map_or(Entry::Unanswered, crate::domain::questionnaire::answer::Answer::entry);
    let entry = match posts.filter(|_| id == posts::VACANT_SINCE) {
        Some(grid) => typed_since(grid, typed_cells(id, grid, form)),
        None => read_entry(item, form, &before, register),
    };
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
    // What radios and selects send for it; anybody may write the word into a text.
    if typed.trim() == NOT_KNOWN && item.kind != ItemType::Text {
        return Entry::NotKnown;
    }
    typed_entry(item, typed, register)
}

fn read_grid(id: &str, grid: &Grid, form: &Posted) -> Entry {
    typed_grid(grid, typed_cells(id, grid, form))
}

/// What was typed for each role and band of an item, in printed order.
fn typed_cells<'a>(id: &'a str, grid: &'a Grid, form: &'a Posted) -> impl Iterator<Item = (&'a str, String)> {
    let rows = grid.cells().map(|(role, band)| grid_row(&role.role, band));
    rows.map(move |row| (form.first(&format!("v.{id}.{row}")).unwrap_or_default(), row))
}

/// The cells for which hours were typed that can be read: the field's id, and the hours.
pub(super) fn hours_typed(section: &Section, form: &Posted) -> Vec<(String, f64)> {
    let grids = section.items.iter().filter_map(|item| item.grid.as_ref().map(|grid| (item.link_id.as_str(), grid)));
    let cells = grids.flat_map(|(id, grid)| {
        typed_cells(id, grid, form)
            .filter_map(move |(typed, row)| Some((format!("v-{id}-{}", row.replace('/', "-")), typed_hours(typed)?)))
    });
    cells.collect()
}
