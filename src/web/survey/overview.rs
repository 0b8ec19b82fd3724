//! How far a response has come: the task list, and the check of all answers.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::items::{ItemContext, ItemView, item_view};
use crate::app::responses::ResponseView;
use crate::domain::questionnaire::answer::AnswerStatus;
use crate::domain::questionnaire::checks::{Finding, can_submit};
use crate::domain::questionnaire::definition::{Item, Section, Severity};
use crate::formats::display::capitalised;
use crate::store::responses::ResponseState;
use crate::web::reader::SignedInReader;

/// What stands at the head of every page of a response.
#[derive(Debug, Clone, Serialize)]
pub(super) struct HeadView {
    pub(super) year: i32,
    names: String,
    pub(super) service: String,
    service_name: String,
    pub(super) base: String,
    questionnaire: String,
    round_status: &'static str,
    submitted: bool,
    submitted_at: Option<DateTime<Utc>>,
    submitted_by: String,
    imported: bool,
    pub(super) can_edit: bool,
    pub(super) can_submit: bool,
    pub(super) can_share: bool,
    can_read_history: bool,
    /// There is no return: `no_return`, `not_commissioned`, or nothing.
    without_return: &'static str,
    /// Why.
    reason: String,
    can_make_no_return: bool,
    can_take_back_no_return: bool,
    /// A clinical lead is to sign it off.
    needs_sign_off: bool,
    can_sign_off: bool,
    signed_off_by: String,
    signed_off_at: Option<DateTime<Utc>>,
    can_reopen: bool,
    /// The reader came by a link to one section, and is led nowhere else.
    by_link: bool,
    pub(super) version: i64,
}

impl HeadView {
    /// The head of a response.
    pub(super) fn new(view: &ResponseView) -> Self {
        let response = &view.response;
        let name = |actor: &String| view.names.get(actor).cloned().unwrap_or_default();
        Self {
            year: view.round.year,
            names: capitalised(&view.round.names()),
            service: view.service.code.clone(),
            service_name: view.service.name.clone(),
            base: format!("/survey/{}/{}", view.round.year, view.service.code),
            questionnaire: view.questionnaire.title.clone(),
            round_status: view.round.status.label(),
            submitted: response.state == ResponseState::Submitted,
            submitted_at: response.submitted_at,
            submitted_by: response.submitted_by.as_ref().map(name).unwrap_or_default(),
            imported: response.imported,
            can_edit: view.can_edit,
            can_submit: view.can_submit,
            can_share: view.can_share,
            can_read_history: view.can_read_history,
            without_return: if response.state.is_without_return() { response.state.as_str() } else { "" },
            reason: response.reason.clone().unwrap_or_default(),
            can_make_no_return: view.can_make_no_return,
            can_take_back_no_return: view.can_take_back_no_return,
            needs_sign_off: view.needs_sign_off,
            can_sign_off: view.can_sign_off,
            signed_off_by: response.signed_off_by.as_ref().map(name).unwrap_or_default(),
            signed_off_at: response.signed_off_at,
            can_reopen: view.can_reopen,
            by_link: view.only_section.is_some(),
            version: response.version,
        }
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct ProgressView {
    items: usize,
    /// Answered, and confirmed where the answer was carried.
    done: usize,
    /// Of these: as last year.
    unchanged: usize,
    /// What is left: carried answers to confirm, and questions to answer.
    left: usize,
    unconfirmed: usize,
    open: usize,
    /// Texts that may stay empty.
    blank: usize,
    minutes: u32,
    /// Last year's answers can still be brought over.
    can_carry: usize,
}

impl ProgressView {
    /// The progress of a response.
    pub(super) fn of(view: &ResponseView) -> Self {
        let progress = view.progress;
        let done = progress.answered - progress.unconfirmed;
        let is_open = |link_id: &String| view.response.document.get(link_id).is_none();
        Self {
            items: progress.items,
            done,
            // A carried answer is as last year's; what is not confirmed yet is not counted among what is done.
            unchanged: progress.unchanged.saturating_sub(progress.unconfirmed),
            left: progress.left,
            unconfirmed: progress.unconfirmed,
            open: progress.left - progress.unconfirmed,
            blank: progress.items.saturating_sub(done + progress.left),
            minutes: progress.minutes_left,
            can_carry: view
                .before
                .iter()
                .flat_map(|before| &before.last)
                .filter(|(link_id, last)| last.carried.is_ok() && is_open(link_id))
                .count(),
        }
    }
}

/// A section of the task list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TaskView {
    link_id: String,
    number: String,
    title: String,
    href: String,
    answered: usize,
    shown: usize,
    unconfirmed: usize,
    state: &'static str,
    tag: &'static str,
    /// How many things there are to put right.
    errors: usize,
    /// How many things there are to explain.
    queries: usize,
}

impl TaskView {
    /// Nothing of it is left to do.
    pub(super) fn is_complete(&self) -> bool {
        self.state == "Complete"
    }
}

/// The findings that stop a submit and stand in a section. That a required item is still empty is no mistake yet.
fn mistakes<'a>(view: &'a ResponseView, section: &'a Section) -> impl Iterator<Item = &'a Finding> {
    view.findings.iter().filter(|finding| {
        !finding.is_still_to_do()
            && !can_submit(std::slice::from_ref(finding))
            && section.items.iter().any(|item| item.link_id == finding.link_id)
    })
}

fn shown_items<'a>(view: &'a ResponseView, section: &'a Section) -> impl Iterator<Item = &'a Item> {
    section.items.iter().filter(|item| view.shown.contains(&item.link_id))
}

/// Answered, or said not to be known.
fn is_settled(view: &ResponseView, item: &Item) -> bool {
    matches!(view.response.document.status(&item.link_id), AnswerStatus::Answered | AnswerStatus::NotKnown)
}

/// The task list.
pub(super) fn tasks(view: &ResponseView) -> Vec<TaskView> {
    view.questionnaire.sections.iter().map(|section| task(view, section)).collect()
}

fn task(view: &ResponseView, section: &Section) -> TaskView {
    let shown = shown_items(view, section).count();
    let answered = shown_items(view, section).filter(|item| is_settled(view, item)).count();
    let touched =
        shown_items(view, section).any(|item| view.response.document.status(&item.link_id) != AnswerStatus::Unanswered);
    let progress = view.progress_of_sections.get(&section.link_id).copied().unwrap_or_default();
    let open_items = progress.left > 0;
    let queries = mistakes(view, section).filter(|finding| finding.severity == Severity::Query).count();
    let errors = mistakes(view, section).count() - queries;
    let (state, tag) = match (touched, errors, open_items || queries > 0) {
        (false, _, _) => ("Not started", "grey"),
        (true, 1.., _) => ("Has errors", "red"),
        (true, 0, true) => ("In progress", "blue"),
        (true, 0, false) => ("Complete", "green"),
    };
    TaskView {
        link_id: section.link_id.clone(),
        number: section.number.clone(),
        title: section.title.clone(),
        href: format!("/survey/{}/{}/{}", view.round.year, view.service.code, section.link_id),
        answered,
        shown,
        unconfirmed: progress.unconfirmed,
        state,
        tag,
        errors,
        queries,
    }
}

/// A line of an error summary.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ProblemView {
    href: String,
    text: String,
}

impl ProblemView {
    /// A problem of an item on the same page.
    pub(super) fn here(item: &Item, words: &str) -> Self {
        Self { href: format!("#item-{}", item.link_id), text: problem_words(item, words) }
    }

    /// A finding, from a page elsewhere.
    fn there(view: &ResponseView, finding: &Finding) -> Option<Self> {
        let section = view.questionnaire.section_of(&finding.link_id)?;
        let item = view.questionnaire.item(&finding.link_id)?;
        Some(Self {
            href: format!(
                "/survey/{}/{}/{}?check=yes#item-{}",
                view.round.year, view.service.code, section.link_id, finding.link_id
            ),
            text: problem_words(item, &finding.message),
        })
    }
}

/// A problem with the number and the words of its question.
fn problem_words(item: &Item, message: &str) -> String {
    format!("{} {} {message}", item.number, item.text)
}

/// A section of the page that checks all answers.
#[derive(Debug, Serialize)]
pub(super) struct CheckedSection {
    number: String,
    title: String,
    href: String,
    items: Vec<CheckedItem>,
}

#[derive(Debug, Serialize)]
struct CheckedItem {
    #[serde(flatten)]
    item: ItemView,
    explained: String,
}

/// The check of all answers.
#[derive(Debug, Serialize)]
pub(super) struct CheckView {
    pub(super) head: HeadView,
    pub(super) errors: Vec<ProblemView>,
    queries: Vec<ProblemView>,
    explained: usize,
    ready: bool,
    /// The response moved on after it was checked.
    pub(super) moved: bool,
    /// It was to be submitted without the declaration.
    pub(super) undeclared: bool,
    /// Who declares.
    you: String,
    sections: Vec<CheckedSection>,
}

/// The check of all answers.
pub(super) fn check_view(view: &ResponseView, reader: &SignedInReader, now: DateTime<Utc>) -> CheckView {
    let head = HeadView::new(view);
    let context = ItemContext { say_required: true, ..ItemContext::new(view, reader, now) };
    let checked = |item: &Item| CheckedItem {
        explained: view.response.document.get(&item.link_id).and_then(|a| a.explanation.clone()).unwrap_or_default(),
        item: item_view(item, &context),
    };
    let sections = view.questionnaire.sections.iter().map(|section| CheckedSection {
        number: section.number.clone(),
        title: section.title.clone(),
        href: format!("{}/{}", head.base, section.link_id),
        items: shown_items(view, section).map(checked).collect(),
    });
    let sections = sections.collect();
    let (queries, errors): (Vec<_>, Vec<_>) = view
        .findings
        .iter()
        .filter(|finding| !can_submit(std::slice::from_ref(finding)))
        .partition(|finding| finding.severity == Severity::Query);
    CheckView {
        errors: errors.into_iter().filter_map(|finding| ProblemView::there(view, finding)).collect(),
        queries: queries.into_iter().filter_map(|finding| ProblemView::there(view, finding)).collect(),
        explained: view.findings.iter().filter(|finding| finding.explained).count(),
        ready: can_submit(&view.findings),
        moved: false,
        undeclared: false,
        you: reader.who.name.clone(),
        sections,
        head,
    }
}
