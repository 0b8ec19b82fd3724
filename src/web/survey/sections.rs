//! One section of the questionnaire as a page.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::items::{ItemContext, ItemView, item_view};
use super::overview::{HeadView, ProblemView};
use super::posts::{PostsView, is_of_table, posts_view, same_rows};
use crate::app::responses::ResponseView;
use crate::domain::questionnaire::definition::{Grid, Item, ItemType, Section};
use crate::formats::display::london_clock;
use crate::locales::Language;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::reader::SignedInReader;
use crate::web::templates::Pages;

/// What stands in the flow of a section: one item, or the table of posts.
#[derive(Debug, Serialize)]
pub(super) struct Block {
    item: Option<ItemView>,
    posts: Option<PostsView>,
    /// Its markup on a page to fill in, instead of both.
    html: String,
}

impl Block {
    /// How many of its answers can be said to be still the same.
    fn confirmable(&self) -> usize {
        let of_table = self.posts.iter().flat_map(|posts| &posts.items);
        self.item.iter().chain(of_table).filter(|item| item.can_confirm).count()
    }
}

/// A section.
#[derive(Debug, Serialize)]
pub(super) struct SectionView {
    pub(super) head: HeadView,
    link_id: String,
    number: String,
    title: String,
    intro: String,
    blocks: Vec<Block>,
    pub(super) problems: Vec<ProblemView>,
    /// Somebody else changed items while the reader wrote.
    conflict: bool,
    saved: bool,
    /// When that was.
    saved_at: String,
    quiet: bool,
    /// When what is not saved was kept, after a session had ended.
    kept_at: Option<DateTime<Utc>>,
    /// The save has undone a clinical lead's sign-off.
    sign_off_undone: bool,
    /// How many questions came up by saving.
    appeared: usize,
    /// Questions of this section that are not asked with the answers as they are.
    hidden: usize,
    next: Option<SectionLink>,
    last_changed_by: String,
    last_changed_at: Option<DateTime<Utc>>,
    /// How many answers can be said to be still the same.
    same: usize,
}

impl SectionView {
    /// The section with the markup of its questions, to fill in.
    pub(super) fn drawn(mut self, pages: &Pages, language: Language) -> Result<Self, PageError> {
        for block in &mut self.blocks {
            if let Some(item) = block.item.take() {
                block.html = item.drawn(pages, language)?;
            } else if let Some(posts) = block.posts.take() {
                block.html = pages.part(language, "item_grid", &posts, || Ok(&posts))?;
            }
        }
        Ok(self)
    }
}

/// The questions of a section of a blank response, as they are filled in.
pub(in crate::web) fn drawn_blank(
    web: &Web,
    reader: &SignedInReader,
    view: &ResponseView,
    section: &Section,
) -> Result<Vec<String>, PageError> {
    let context = ItemContext::new(view, reader, web.app.now());
    let language = reader.reader.words.language();
    let drawn = section_view(section, &context, &AfterSave::default()).drawn(&web.pages, language)?;
    Ok(drawn.blocks.into_iter().map(|block| block.html).collect())
}

/// Where to go on.
#[derive(Debug, Serialize)]
struct SectionLink {
    href: String,
    number: String,
    title: String,
}

/// What a save has just done.
#[derive(Debug, Clone, Default)]
pub(super) struct AfterSave {
    /// The page follows a save.
    pub(super) saved: bool,
    /// Items that came up by it.
    pub(super) appeared: usize,
    /// The page goes to the script that saves fields, which says itself what has changed.
    pub(super) quiet: bool,
    /// Hours that were typed for a WTE.
    pub(super) hours: Vec<Hours>,
    /// When what is not saved was kept.
    pub(super) kept_at: Option<DateTime<Utc>>,
    /// The save has undone a clinical lead's sign-off.
    pub(super) sign_off_undone: bool,
}

/// Hours that were typed for a WTE.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hours {
    /// The field's id.
    pub(super) id: String,
    /// Hours a week.
    pub(super) hours: f64,
}

impl Hours {
    /// Reads what an address says: `v-staff_in_post-nurse-6:22.5`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (id, hours) = text.split_once(':')?;
        let hours = hours.parse().ok().filter(|hours: &f64| (0.0..=10_000.0).contains(hours))?;
        Some(Self { id: id.to_owned(), hours })
    }
}

/// The section after one, if there is any.
pub(super) fn section_after<'a>(sections: &'a [Section], link_id: &str) -> Option<&'a Section> {
    sections.iter().skip_while(|section| section.link_id != link_id).nth(1)
}

/// The page of a section.
pub(super) fn section_view(section: &Section, context: &ItemContext<'_>, after: &AfterSave) -> SectionView {
    let view = context.view;
    let head = HeadView::new(view);
    let shown: Vec<&Item> = section.items.iter().filter(|item| view.shown.contains(&item.link_id)).collect();
    let mut blocks = Vec::new();
    let mut in_table: Vec<&str> = Vec::new();
    for item in &shown {
        if in_table.contains(&item.link_id.as_str()) {
            continue;
        }
        match &item.grid {
            Some(grid) if item.kind == ItemType::Grid => {
                let months = is_of_table(item);
                let stands = |other: &&Item| side_by_side(grid, other) || months && is_of_table(other);
                let like: Vec<&Item> = shown.iter().copied().filter(stands).collect();
                in_table.extend(like.iter().map(|other| other.link_id.as_str()));
                blocks.push(Block { item: None, posts: posts_view(&like, context, &after.hours), html: String::new() });
            }
            _ => blocks.push(Block { item: Some(item_view(item, context)), posts: None, html: String::new() }),
        }
    }
    let next = section_after(&view.questionnaire.sections, &section.link_id).map(|next| SectionLink {
        href: format!("{}/{}", head.base, next.link_id),
        number: next.number.clone(),
        title: next.title.clone(),
    });
    let newest = shown.iter().filter_map(|item| view.response.document.get(&item.link_id)).max_by_key(|a| a.changed_at);
    SectionView {
        link_id: section.link_id.clone(),
        number: section.number.clone(),
        title: section.title.clone(),
        intro: section.intro.clone(),
        problems: problems(&shown, context),
        conflict: context.unsaved.values().any(|unsaved| unsaved.conflict),
        saved: after.saved,
        saved_at: london_clock(context.now),
        quiet: after.quiet,
        kept_at: after.kept_at,
        sign_off_undone: after.sign_off_undone,
        appeared: after.appeared,
        hidden: section.items.len() - shown.len(),
        last_changed_by: newest.and_then(|answer| view.names.get(&answer.changed_by)).cloned().unwrap_or_default(),
        last_changed_at: newest.map(|answer| answer.changed_at),
        same: blocks.iter().map(Block::confirmable).sum(),
        blocks,
        next,
        head,
    }
}

fn side_by_side(grid: &Grid, other: &Item) -> bool {
    other.grid.as_ref().is_some_and(|rows| same_rows(grid, rows))
}

/// What to put right on this page, in printed order: conflicts first, since nothing is saved before they are decided.
fn problems(shown: &[&Item], context: &ItemContext<'_>) -> Vec<ProblemView> {
    let mut problems = Vec::new();
    for item in shown {
        let Some(unsaved) = context.unsaved.get(&item.link_id) else { continue };
        if unsaved.conflict {
            let words = format!("{}: somebody else changed this answer. Choose which one counts.", item.text);
            problems.push(ProblemView::here(item, &words));
        }
        if let Some(problem) = &unsaved.problem {
            problems.push(ProblemView::here(item, problem));
        }
    }
    let settled = |item: &&&Item| context.unsaved.get(&item.link_id).is_none_or(|unsaved| !unsaved.conflict);
    for item in shown.iter().filter(settled) {
        let open = context.findings(&item.link_id).filter(|finding| !finding.explained);
        problems.extend(open.map(|finding| ProblemView::here(item, &finding.message)));
    }
    problems
}
