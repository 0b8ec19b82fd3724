//! The grids of a section as one table of posts: a row for each role and band, a column for each grid.

use serde::Serialize;

use super::items::{ItemContext, ItemView, item_view};
use super::printed::{row_words, stored_entry};
use crate::domain::questionnaire::answer::{AnswerValue, Document, Entry, grid_row};
use crate::domain::questionnaire::definition::{Grid, Item};
use crate::domain::questionnaire::reading::{typed_cells, unreadable_cells};

/// One table of posts.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PostsView {
    columns: Vec<PostColumn>,
    rows: Vec<PostRow>,
    previous_year: i32,
}

/// One grid.
#[derive(Debug, Clone, Serialize)]
struct PostColumn {
    short: String,
    item: ItemView,
    /// The sum of what is stored.
    total: String,
    previous_total: String,
}

/// One role and band.
#[derive(Debug, Clone, Serialize)]
struct PostRow {
    words: String,
    /// The first row of its role.
    begins: bool,
    cells: Vec<PostCell>,
}

/// One cell.
#[derive(Debug, Clone, Serialize)]
struct PostCell {
    name: String,
    id: String,
    label: String,
    value: String,
    previous: String,
    described_by: String,
    /// What stands in it cannot be read.
    unreadable: bool,
}

/// True where two grids have the same rows, so that they can stand side by side.
pub(super) fn same_rows(a: &Grid, b: &Grid) -> bool {
    a.cells().map(|(role, band)| (&role.role, band)).eq(b.cells().map(|(role, band)| (&role.role, band)))
}

/// A few words for the head of a column; the question itself stands above the table.
fn short_name(item: &Item) -> String {
    match item.link_id.as_str() {
        "staff_in_post" => "In post".into(),
        "staff_establishment" => "Funded".into(),
        "staff_vacant" => "Vacant".into(),
        "vacant_over_6_months_posts" => "Vacant over 6 months".into(),
        _ => format!("Question {}", item.number),
    }
}

/// The text of a cell of an entry.
fn cell_text(entry: &Entry, row: &str) -> String {
    match entry {
        Entry::Value(AnswerValue::Grid(cells)) => cells
            .iter()
            .find(|cell| cell.row() == row)
            .map_or_else(String::new, |cell| cell.wte.map_or_else(|| "not known".into(), |wte| wte.to_string())),
        Entry::Invalid(text) => {
            typed_cells(text).find(|(name, _)| *name == row).map_or_else(String::new, |(_, typed)| typed.to_owned())
        }
        _ => String::new(),
    }
}

fn is_unreadable(grid: &Grid, entry: &Entry, row: &str) -> bool {
    matches!(entry, Entry::Invalid(text) if unreadable_cells(grid, text).any(|(name, _)| name == row))
}

fn total(document: &Document, item: &Item) -> String {
    document.grid_total(&item.link_id, None).map_or_else(String::new, |total| total.to_string())
}

/// The table of some grids, all with the rows of the first.
pub(super) fn posts_view(items: &[&Item], context: &ItemContext<'_>) -> Option<PostsView> {
    let grid = items.first()?.grid.as_ref()?;
    let empty = Document::default();
    let document = &context.view.response.document;
    let previous = context.view.previous.as_ref();
    let before = previous.map_or(&empty, |response| &response.document);
    let columns = items.iter().map(|item| PostColumn {
        short: short_name(item),
        item: item_view(item, context),
        total: total(document, item),
        previous_total: total(before, item),
    });
    let columns: Vec<PostColumn> = columns.collect();
    let mut last_role = "";
    let mut rows = Vec::new();
    for (role, band) in grid.cells() {
        let row = grid_row(&role.role, band);
        let words = items.first().map_or_else(String::new, |item| row_words(item, &row));
        let cells = items.iter().zip(&columns).map(|(item, column)| {
            let id = &item.link_id;
            let unsaved = context.unsaved.get(id).map(|unsaved| unsaved.entry.clone());
            let entry = unsaved.unwrap_or_else(|| stored_entry(document.get(id)));
            PostCell {
                name: format!("v.{id}.{row}"),
                id: format!("v-{id}-{}", row.replace('/', "-")),
                label: format!("{}, {words}, WTE", column.short),
                value: cell_text(&entry, &row),
                unreadable: is_unreadable(grid, &entry, &row),
                previous: cell_text(&stored_entry(before.get(id)), &row),
                described_by: if column.item.errors.is_empty() { String::new() } else { format!("errors-{id}") },
            }
        });
        let cells = cells.collect();
        rows.push(PostRow { begins: role.role != last_role, cells, words });
        last_role = &role.role;
    }
    Some(PostsView { columns, rows, previous_year: previous.map_or(0, |response| response.year) })
}
