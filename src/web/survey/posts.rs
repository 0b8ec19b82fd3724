//! The grids of a section as one table of posts: a row for each role and band that exists.
//!
//! Where the questionnaire asks for all of it, the fields are what is funded, what is in post and since when a post is
//! vacant, and the rest is shown as it follows; see [`posts`](crate::domain::questionnaire::posts). Otherwise each grid is
//! a column of fields.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::items::{ItemContext, ItemView, SavedView, item_view};
use super::printed::{month_words, stored_entry};
use super::sections::Hours;
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::answer::{Document, Entry, grid_row};
use crate::domain::questionnaire::definition::{Grid, Item};
use crate::domain::questionnaire::posts::{
    FUNDED, IN_POST, LONG_VACANT, Rows, Said, VACANT, VACANT_SINCE, cell_texts, row_words, since_by_row, table,
    wte_of_hours,
};
use crate::domain::questionnaire::reading::{is_month, unreadable_cells};

/// One table of posts.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PostsView {
    /// Vacancies follow from the other columns.
    derived: bool,
    columns: Vec<PostColumn>,
    rows: Vec<PostRow>,
    /// Sums of what is vacant, and of what is so for more than six months.
    vacant_total: String,
    long_total: String,
    /// The questions behind the table, with what is to be said of each.
    pub(super) items: Vec<ItemView>,
    /// Roles and bands that have no row yet.
    more: Vec<MorePosts>,
    previous_year: i32,
    /// The last of its saves.
    saved: Option<SavedView>,
    link_id: &'static str,
    can_add: bool,
    /// Something in it is not saved.
    unsaved: bool,
    /// Last year's posts can be taken over, or have been and wait for a word.
    can_confirm: bool,
}

/// One column of fields.
#[derive(Debug, Clone, Serialize)]
struct PostColumn {
    /// What the template calls it: `funded`, `in_post`, `since`, `long`, or `other`.
    kind: &'static str,
    link_id: String,
    number: String,
    /// The sum of what is stored.
    total: String,
    previous_total: String,
    /// A box says that nothing of it is known.
    has_not_known: bool,
    not_known: bool,
}

/// One role and band.
#[derive(Debug, Clone, Serialize)]
struct PostRow {
    row: String,
    slug: String,
    words: String,
    cells: Vec<PostCell>,
    vacant: String,
    /// What was reported as vacant, where that is something else.
    reported: String,
    /// By how much more are in post than funded.
    over: String,
    /// WTE that is vacant for more than six months.
    long_vacant: String,
}

/// One cell.
#[derive(Debug, Clone, Serialize)]
struct PostCell {
    kind: &'static str,
    number: String,
    name: String,
    id: String,
    value: String,
    /// The hours a week that were typed for it just now.
    hours: String,
    previous: String,
    described_by: String,
    /// What stands in it cannot be read.
    unreadable: bool,
    /// It follows from the month, and is not asked for.
    follows: bool,
    words: String,
}

/// The bands of a role that have no row yet.
#[derive(Debug, Clone, Serialize)]
struct MorePosts {
    role: String,
    posts: Vec<MorePost>,
}

#[derive(Debug, Clone, Serialize)]
struct MorePost {
    row: String,
    words: String,
}

/// True where two grids have the same rows, so that they can stand side by side.
pub(super) fn same_rows(a: &Grid, b: &Grid) -> bool {
    a.cells().map(|(role, band)| (&role.role, band)).eq(b.cells().map(|(role, band)| (&role.role, band)))
}

/// Whether an item stands in the table of posts, once it is one that follows from itself.
pub(super) fn is_of_table(item: &Item) -> bool {
    [FUNDED, IN_POST, VACANT, LONG_VACANT, VACANT_SINCE].contains(&item.link_id.as_str())
}

fn kind_of(item: &Item) -> &'static str {
    match item.link_id.as_str() {
        FUNDED => "funded",
        IN_POST => "in_post",
        VACANT_SINCE => "since",
        LONG_VACANT => "long",
        _ => "other",
    }
}

/// What the page shows of an item: what is not saved, or else what is stored.
fn entry_of(context: &ItemContext<'_>, link_id: &str) -> Entry {
    let unsaved = context.unsaved.get(link_id).map(|unsaved| unsaved.entry.clone());
    unsaved.unwrap_or_else(|| stored_entry(context.view.response.document.get(link_id)))
}

fn texts(item: &Item, entry: &Entry) -> BTreeMap<String, String> {
    let words = |text: String| if text == "not_known" { "not known".to_owned() } else { text };
    match item.link_id.as_str() {
        VACANT_SINCE => since_by_row(entry).into_iter().map(|(row, month)| (row, month_words(&month))).collect(),
        _ => cell_texts(entry).into_iter().map(|(row, text)| (row, words(text))).collect(),
    }
}

fn total(document: &Document, link_id: &str) -> String {
    document.grid_total(link_id, None).map_or_else(String::new, |total| total.to_string())
}

/// A column while the table is drawn.
struct Column<'a> {
    item: &'a Item,
    now: BTreeMap<String, String>,
    before: BTreeMap<String, String>,
    unreadable: BTreeSet<String>,
}

impl<'a> Column<'a> {
    fn new(item: &'a Item, context: &ItemContext<'_>, before: &Document) -> Self {
        let entry = entry_of(context, &item.link_id);
        let unreadable = match (&entry, &item.grid) {
            (Entry::Invalid(text), Some(grid)) => unreadable_cells(grid, text).map(|(row, _)| row.to_owned()).collect(),
            _ if item.link_id == VACANT_SINCE => {
                since_by_row(&entry).into_iter().filter(|(_, month)| !is_month(month)).map(|(row, _)| row).collect()
            }
            _ => BTreeSet::new(),
        };
        let before = texts(item, &stored_entry(before.get(&item.link_id)));
        Self { item, now: texts(item, &entry), before, unreadable }
    }
}

/// The table of some grids, all with the rows of the first, and of the months that belong to them.
pub(super) fn posts_view(items: &[&Item], context: &ItemContext<'_>, hours: &[Hours]) -> Option<PostsView> {
    let grid = items.iter().find_map(|item| item.grid.as_ref())?;
    let derived = table(&context.view.questionnaire).is_some() && items.iter().any(|item| is_of_table(item));
    let empty = Document::default();
    let document = &context.view.response.document;
    let previous = context.view.before.as_ref().map(|before| &before.response);
    let before = previous.map_or(&empty, |response| &response.document);
    let mut fields: Vec<&Item> = items.iter().copied().filter(|item| !derived || item.link_id != VACANT).collect();
    if derived {
        let order = ["funded", "in_post", "since", "long"];
        fields.sort_by_key(|item| order.iter().position(|kind| *kind == kind_of(item)));
    }
    let columns: Vec<Column<'_>> = fields.iter().map(|item| Column::new(item, context, before)).collect();
    let said = Rows::of(&Said {
        funded: entry_of(context, FUNDED),
        in_post: entry_of(context, IN_POST),
        since: entry_of(context, VACANT_SINCE),
        long_vacant: None,
    });
    let reported = cell_texts(&stored_entry(document.get(VACANT)));
    let by = context.view.round.latest_month();
    let is_begun = columns.iter().any(|column| document.get(&column.item.link_id).is_some());
    let exists = |row: &String| {
        context.rows.contains(row)
            || columns.iter().any(|column| column.now.contains_key(row))
            || derived && reported.contains_key(row)
            || !is_begun && columns.iter().any(|column| column.before.contains_key(row))
    };
    let (mut rows, mut more) = (Vec::new(), Vec::<MorePosts>::new());
    let (mut vacant_sum, mut long_sum) = (None::<Hundredths>, None::<Hundredths>);
    for (role, band) in grid.cells() {
        let row = grid_row(&role.role, band);
        let words = row_words(grid, &row);
        if !exists(&row) {
            match more.last_mut().filter(|last| last.role == role.text) {
                Some(last) => last.posts.push(MorePost { row, words }),
                None => more.push(MorePosts { role: role.text.clone(), posts: vec![MorePost { row, words }] }),
            }
            continue;
        }
        let (vacant, long) = if derived { said.vacant(&row, &by) } else { (None, None) };
        add(&mut vacant_sum, vacant);
        add(&mut long_sum, long);
        let words_of = |wte: Option<Hundredths>| wte.map_or_else(String::new, |wte| wte.to_string());
        let told = reported.get(&row).filter(|told| derived && vacant.is_none_or(|wte| wte.to_string() != **told));
        rows.push(PostRow {
            slug: row.replace('/', "-"),
            cells: columns.iter().map(|column| cell(column, &row, &words, long.is_some(), context, hours)).collect(),
            vacant: words_of(vacant),
            reported: told.map(|told| told.replace('_', " ")).unwrap_or_default(),
            over: words_of(over(columns.as_slice(), &row).filter(|_| derived)),
            long_vacant: words_of(long),
            words,
            row,
        });
    }
    let newest = items.iter().filter_map(|item| document.get(&item.link_id)).max_by_key(|answer| answer.changed_at);
    let drawn: Vec<ItemView> = items.iter().map(|item| item_view(item, context)).collect();
    Some(PostsView {
        derived,
        columns: columns.iter().map(|column| column_view(column.item, document, before, context)).collect(),
        vacant_total: vacant_sum.map_or_else(String::new, |sum| sum.to_string()),
        long_total: long_sum.map_or_else(String::new, |sum| sum.to_string()),
        unsaved: items.iter().any(|item| context.unsaved.contains_key(&item.link_id)),
        can_confirm: drawn.iter().any(|item| item.can_confirm),
        items: drawn,
        saved: newest.map(|answer| SavedView::new(answer, context)),
        link_id: "posts",
        previous_year: previous.map_or(0, |response| response.year),
        can_add: !more.is_empty(),
        rows,
        more,
    })
}

fn add(sum: &mut Option<Hundredths>, wte: Option<Hundredths>) {
    if let Some(wte) = wte {
        *sum = Some(sum.map_or(wte, |sum| sum + wte));
    }
}

/// By how much more are in post than funded.
fn over(columns: &[Column<'_>], row: &str) -> Option<Hundredths> {
    let wte = |link_id: &str| {
        let column = columns.iter().find(|column| column.item.link_id == link_id)?;
        column.now.get(row)?.parse::<Hundredths>().ok()
    };
    let over = wte(IN_POST)? - wte(FUNDED)?;
    (over.0 > 0).then_some(over)
}

fn column_view(item: &Item, document: &Document, before: &Document, context: &ItemContext<'_>) -> PostColumn {
    PostColumn {
        kind: kind_of(item),
        link_id: item.link_id.clone(),
        number: item.number.clone(),
        total: total(document, &item.link_id),
        previous_total: total(before, &item.link_id),
        has_not_known: item.grid.is_some(),
        not_known: entry_of(context, &item.link_id) == Entry::NotKnown,
    }
}

fn cell(
    column: &Column<'_>,
    row: &str,
    words: &str,
    is_long_vacant: bool,
    context: &ItemContext<'_>,
    hours: &[Hours],
) -> PostCell {
    let id = &column.item.link_id;
    let field = format!("v-{id}-{}", row.replace('/', "-"));
    let value = column.now.get(row).cloned().unwrap_or_default();
    // Told only where the cell holds what the hours come to: an address can say anything.
    let typed = hours.iter().find(|typed| typed.id == field);
    let typed = typed.filter(|typed| wte_of_hours(typed.hours).to_string() == value);
    let has_errors = context.findings(id).next().is_some();
    PostCell {
        kind: kind_of(column.item),
        number: column.item.number.clone(),
        name: format!("v.{id}.{row}"),
        id: field,
        hours: typed.map_or_else(String::new, |typed| typed.hours.to_string()),
        value,
        previous: column.before.get(row).cloned().unwrap_or_default(),
        unreadable: column.unreadable.contains(row),
        described_by: if has_errors { format!("errors-{id}") } else { String::new() },
        follows: column.item.link_id == LONG_VACANT && is_long_vacant,
        words: words.to_owned(),
    }
}
