//! What a page needs to draw an item, whatever its type.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::entries::digest;
use super::printed::{printed, stored_entry};
use crate::app::responses::ResponseView;
use crate::domain::area::AreaKind;
use crate::domain::questionnaire::answer::{Answer, AnswerValue, Entry};
use crate::domain::questionnaire::checks::Finding;
use crate::domain::questionnaire::definition::{Item, ItemType, Severity};
use crate::formats::display::london_clock;
use crate::locales::Language;
use crate::web::errors::PageError;
use crate::web::options::OptionView;
use crate::web::reader::SignedInReader;
use crate::web::templates::Pages;

/// What somebody wrote that is not saved: it stands in the form in place of the stored answer.
#[derive(Debug, Clone)]
pub(super) struct Unsaved {
    /// The entry as it was read.
    pub(super) entry: Entry,
    /// The explanation as it was written.
    pub(super) explanation: Option<String>,
    /// A colleague changed the item meanwhile: ask which of the two counts.
    pub(super) conflict: bool,
    /// What was wrong with it.
    pub(super) problem: Option<String>,
}

/// What items are drawn from.
pub(super) struct ItemContext<'a> {
    /// The response.
    pub(super) view: &'a ResponseView,
    /// What is not saved, by item.
    pub(super) unsaved: BTreeMap<String, Unsaved>,
    /// Say which required items are still empty.
    pub(super) say_required: bool,
    /// Rows that the table of posts shows although nothing stands in them yet.
    pub(super) rows: BTreeSet<String>,
    /// Who reads.
    pub(super) you: &'a str,
    /// When.
    pub(super) now: DateTime<Utc>,
}

impl<'a> ItemContext<'a> {
    /// A response as it is stored, for a reader.
    pub(super) fn new(view: &'a ResponseView, reader: &'a SignedInReader, now: DateTime<Utc>) -> Self {
        Self { view, unsaved: BTreeMap::new(), say_required: false, rows: BTreeSet::new(), you: &reader.who.actor, now }
    }
}

impl ItemContext<'_> {
    /// The findings of an item that its page shows.
    pub(super) fn findings<'f>(&'f self, link_id: &'f str) -> impl Iterator<Item = &'f Finding> {
        let wanted =
            move |finding: &&Finding| finding.link_id == link_id && (self.say_required || !finding.is_still_to_do());
        self.view.findings.iter().filter(wanted)
    }
}

/// Radios or checkboxes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OptionsView {
    multiple: bool,
    options: Vec<OptionView>,
    /// Options that are folded away, as markup once the page is drawn.
    #[serde(skip)]
    more: Vec<OptionView>,
    more_boxes: String,
    /// How many those are.
    others: usize,
    /// An option that takes the answer back, since a radio cannot be unticked.
    take_back: bool,
    /// "Not known", the last radio, is chosen.
    not_known: bool,
}

/// A field to type in.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LineView {
    value: String,
    inputmode: &'static str,
    width: u8,
    suffix: String,
    /// Rows of a text of several lines; 0 is a single line.
    rows: u8,
}

/// The areas of one kind in a select.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AreaOptions {
    label: &'static str,
    options: Vec<OptionView>,
}

/// A select of areas.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AreaView {
    groups: Vec<AreaOptions>,
    not_known: bool,
    /// What is stored and is not in the list.
    unreadable: String,
}

/// Two answers to choose from.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ConflictView {
    who: String,
    when: Option<DateTime<Utc>>,
    theirs: String,
    mine: String,
}

/// When an answer was saved, and by whom.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SavedView {
    at: String,
    /// The day, unless it is today.
    day: Option<NaiveDate>,
    by: String,
    /// The reader did.
    by_you: bool,
}

impl SavedView {
    /// What a page says of an answer.
    pub(super) fn new(answer: &Answer, context: &ItemContext<'_>) -> Self {
        let day_of = |at: DateTime<Utc>| at.with_timezone(&chrono_tz::Europe::London).date_naive();
        let (day, today) = (day_of(answer.changed_at), day_of(context.now));
        Self {
            at: london_clock(answer.changed_at),
            day: (day != today).then_some(day),
            by: context.view.names.get(&answer.changed_by).cloned().unwrap_or_default(),
            by_you: answer.changed_by == context.you,
        }
    }
}

/// The way to the comments on an item.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CommentLink {
    href: String,
    count: usize,
}

/// Whether the reader discusses answers: whoever reads the draft, or fills in a section of it.
pub(super) fn discusses(view: &ResponseView) -> bool {
    view.can_read_history || view.only_section.is_some()
}

fn comment_link(link_id: &str, context: &ItemContext<'_>) -> Option<CommentLink> {
    let view = context.view;
    discusses(view).then(|| CommentLink {
        href: format!("/survey/{}/{}/comments/{link_id}", view.round.year, view.service.code),
        count: view.comments.get(link_id).copied().unwrap_or_default(),
    })
}

/// An item as a page draws it. Exactly one of `options`, `line`, `area` is given, or none for a grid.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ItemView {
    pub(super) link_id: String,
    pub(super) number: String,
    pub(super) text: String,
    pub(super) help: String,
    required: bool,
    based_on: i64,
    original: String,
    options: Option<OptionsView>,
    line: Option<LineView>,
    area: Option<AreaView>,
    /// A checkbox for "not known" stands beside the field.
    has_not_known: bool,
    not_known: bool,
    pub(super) errors: Vec<String>,
    queries: Vec<String>,
    has_explanation: bool,
    explanation: String,
    previous: Option<String>,
    previous_year: i32,
    conflict: Option<ConflictView>,
    /// The ids of what describes the field, for `aria-describedby`.
    described_by: String,
    pub(super) printed: String,
    saved: Option<SavedView>,
    /// Carried forward, and not confirmed yet.
    carried: bool,
    /// Last year's answer can be taken over, or has been and waits for a word.
    pub(super) can_confirm: bool,
    /// Why last year's answer cannot be taken over; empty where it can, or where there is none.
    not_carried: &'static str,
    /// Worded otherwise than last year.
    reworded: bool,
    /// What stands in its field is not saved.
    unsaved: bool,
    /// There is something to be said of it, so that it is named where its field stands elsewhere.
    noted: bool,
    comments: Option<CommentLink>,
}

impl ItemView {
    /// Its markup, to fill in.
    pub(super) fn drawn(mut self, pages: &Pages, language: Language) -> Result<String, PageError> {
        let more = self.options.as_mut().map(|options| std::mem::take(&mut options.more)).unwrap_or_default();
        pages.part(language, "item", &(&self, &more), || {
            let mut item = self.clone();
            if let Some(options) = &mut item.options {
                options.more_boxes = pages.boxes(language, "checkbox", &self.link_id, &more)?;
            }
            Ok(item)
        })
    }
}

/// The item as a page draws it.
pub(super) fn item_view(item: &Item, context: &ItemContext<'_>) -> ItemView {
    let id = &item.link_id;
    let stored = context.view.response.document.get(id);
    let unsaved = context.unsaved.get(id);
    let before = stored_entry(stored);
    let entry = unsaved.map_or_else(|| before.clone(), |unsaved| unsaved.entry.clone());
    let in_conflict = unsaved.is_some_and(|unsaved| unsaved.conflict);
    // What was found about the stored answer says nothing of the two that are to be chosen from.
    let (mut errors, queries) = if in_conflict { Default::default() } else { findings_in_words(item, context) };
    errors.extend(unsaved.and_then(|unsaved| unsaved.problem.clone()));
    let stored_explanation = stored.and_then(|answer| answer.explanation.clone());
    let written = unsaved.and_then(|unsaved| unsaved.explanation.clone());
    let asked_to_explain = !queries.is_empty() || stored_explanation.is_some() || written.is_some();
    let explanation = written.or_else(|| stored_explanation.clone()).unwrap_or_default();
    let shown_explanation = if asked_to_explain { stored_explanation.unwrap_or_default() } else { String::new() };
    let conflict = unsaved.filter(|unsaved| unsaved.conflict).map(|unsaved| ConflictView {
        who: stored
            .and_then(|answer| context.view.names.get(&answer.changed_by))
            .cloned()
            .unwrap_or_else(|| "Somebody".into()),
        when: stored.map(|answer| answer.changed_at),
        theirs: printed(item, &before, &context.view.register),
        mine: printed(item, &unsaved.entry, &context.view.register),
    });
    let previous = context.view.before.as_ref().map(|before| &before.response);
    let previous_answer = previous
        .and_then(|response| response.document.get(id))
        .map(|answer| printed(item, &answer.entry(), &context.view.register))
        .filter(|words| words != "No answer");
    let prefilled = prefilled(item, &entry, context);
    let (options, line, area) = controls(item, prefilled.as_ref().unwrap_or(&entry), context);
    let takes_box = !matches!(item.kind, ItemType::Choice | ItemType::Boolean | ItemType::Area | ItemType::Text);
    let carried = stored.is_some_and(Answer::is_unconfirmed) && unsaved.is_none();
    let last = context.view.last(id);
    let is_open = entry == Entry::Unanswered;
    let can_confirm = carried || is_open && last.is_some_and(|last| last.carried.is_ok());
    let not_carried = match last.map(|last| &last.carried) {
        Some(Err(reason)) if is_open => reason.code(),
        _ => "",
    };
    let previous_answered = previous_answer.is_some();
    let noted = asked_to_explain || in_conflict || carried || !errors.is_empty();
    ItemView {
        link_id: id.clone(),
        number: item.number.clone(),
        text: item.text.clone(),
        help: item.help.clone(),
        required: item.required,
        based_on: context.view.response.document.version(id),
        original: digest(&before, &shown_explanation),
        options,
        line,
        area,
        has_not_known: takes_box,
        not_known: entry == Entry::NotKnown,
        errors,
        queries,
        has_explanation: asked_to_explain,
        explanation,
        previous: previous_answer,
        previous_year: previous.map_or(0, |response| response.year),
        conflict,
        // What is wrong may come and go while the page is open.
        described_by: format!("help-{id} last-{id} errors-{id}"),
        printed: printed(item, &entry, &context.view.register),
        saved: stored.map(|answer| SavedView::new(answer, context)),
        carried,
        can_confirm,
        not_carried,
        reworded: item.reworded && previous_answered,
        unsaved: unsaved.is_some(),
        noted,
        comments: comment_link(id, context),
    }
}

/// The unit code is known; it only has to be confirmed.
fn prefilled(item: &Item, entry: &Entry, context: &ItemContext<'_>) -> Option<Entry> {
    let known = item.link_id == "unit_code" && *entry == Entry::Unanswered;
    known.then(|| Entry::Value(AnswerValue::Text(context.view.service.code.clone())))
}

/// What was found about an item: what is wrong, and what needs an explanation. Without the question, which stands there.
fn findings_in_words(item: &Item, context: &ItemContext<'_>) -> (Vec<String>, Vec<String>) {
    let (mut errors, mut queries) = (Vec::new(), Vec::new());
    for finding in context.findings(&item.link_id) {
        let words = finding.message.clone();
        match finding.severity {
            Severity::Query => queries.push(words),
            Severity::Format | Severity::Error => errors.push(words),
        }
    }
    (errors, queries)
}

type Controls = (Option<OptionsView>, Option<LineView>, Option<AreaView>);

fn controls(item: &Item, entry: &Entry, context: &ItemContext<'_>) -> Controls {
    match item.kind {
        ItemType::Choice | ItemType::Choices | ItemType::Boolean => (Some(options(item, entry)), None, None),
        ItemType::Hospitals => (Some(hospitals(entry, context)), None, None),
        ItemType::Area => (None, None, Some(areas(entry, context))),
        ItemType::Integer | ItemType::Decimal | ItemType::Text | ItemType::Month => {
            (None, Some(line(item, entry)), None)
        }
        ItemType::Grid => (None, None, None),
    }
}

/// The codes that an entry chooses. An unreadable choice is kept as typed; it ticks what it names all the same.
fn chosen(entry: &Entry) -> Vec<String> {
    match entry {
        Entry::Value(AnswerValue::Choice(code)) => vec![code.clone()],
        Entry::Value(AnswerValue::Choices(codes)) => codes.clone(),
        Entry::Value(AnswerValue::Boolean(yes)) => vec![if *yes { "yes" } else { "no" }.to_owned()],
        Entry::Invalid(text) => text.split(';').map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn option(value: &str, text: String, chosen: &[String], exclusive: bool) -> OptionView {
    OptionView { value: value.to_owned(), text, checked: chosen.iter().any(|code| code == value), exclusive }
}

fn options(item: &Item, entry: &Entry) -> OptionsView {
    let chosen = chosen(entry);
    let multiple = item.kind == ItemType::Choices;
    let options = if item.kind == ItemType::Boolean {
        [("yes", "Yes"), ("no", "No")].map(|(value, text)| option(value, text.into(), &chosen, false)).into()
    } else {
        let each = |o: &crate::domain::questionnaire::definition::ChoiceOption| {
            option(&o.code, o.text.clone(), &chosen, o.exclusive)
        };
        item.options.iter().map(each).collect()
    };
    OptionsView {
        multiple,
        options,
        more: Vec::new(),
        more_boxes: String::new(),
        others: 0,
        take_back: !multiple && *entry != Entry::Unanswered,
        not_known: *entry == Entry::NotKnown,
    }
}

fn hospitals(entry: &Entry, context: &ItemContext<'_>) -> OptionsView {
    let chosen = chosen(entry);
    let service = Some(context.view.service.code.as_str());
    let mut all: Vec<_> = context.view.register.hospitals_in(context.view.round.year).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    // First those that are the service's by the register or by its own answer; the others are folded away.
    let (own, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|h| h.service_code.as_deref() == service || chosen.contains(&h.code));
    let each =
        |h: &&crate::domain::register::Hospital| option(&h.code, format!("{} ({})", h.name, h.code), &chosen, false);
    OptionsView {
        multiple: true,
        options: own.iter().map(each).collect(),
        others: others.len(),
        more: others.iter().map(each).collect(),
        more_boxes: String::new(),
        take_back: false,
        not_known: false,
    }
}

fn areas(entry: &Entry, context: &ItemContext<'_>) -> AreaView {
    let chosen = chosen(entry);
    let kinds = [
        (AreaKind::Icb, "Integrated care boards"),
        (AreaKind::HealthBoard, "Health boards and HSC trusts"),
        (AreaKind::Region, "Regions"),
        (AreaKind::Nation, "Nations"),
    ];
    let group = |(kind, label): (AreaKind, &'static str)| {
        let mut of_kind: Vec<_> = context.view.register.tree.iter().filter(|area| area.kind == kind).collect();
        of_kind.sort_by(|a, b| a.name.cmp(&b.name));
        let options = of_kind.into_iter().map(|a| option(&a.code, a.name.clone(), &chosen, false)).collect();
        AreaOptions { label, options }
    };
    let listed = |code: &String| context.view.register.tree.iter().any(|area| area.code == *code);
    AreaView {
        groups: kinds.into_iter().map(group).filter(|group| !group.options.is_empty()).collect(),
        not_known: *entry == Entry::NotKnown,
        unreadable: chosen.iter().find(|code| !listed(code)).cloned().unwrap_or_default(),
    }
}

fn line(item: &Item, entry: &Entry) -> LineView {
    let value = match entry {
        Entry::Value(AnswerValue::Integer(number)) => number.to_string(),
        Entry::Value(AnswerValue::Decimal(number)) => number.to_string(),
        Entry::Value(AnswerValue::Text(text) | AnswerValue::Month(text)) => text.clone(),
        Entry::Invalid(text) => text.clone(),
        _ => String::new(),
    };
    let long = item.max_length.is_some_and(|length| length > 200);
    let (inputmode, width, rows) = match item.kind {
        ItemType::Integer => ("numeric", 10, 0),
        ItemType::Decimal => ("decimal", 5, 0),
        ItemType::Month => ("text", 10, 0),
        _ if long => ("text", 0, 5),
        _ if item.max_length.is_some_and(|length| length <= 20) => ("text", 10, 0),
        _ => ("text", 0, 2),
    };
    let suffix = match item.kind {
        ItemType::Month => "year and month, such as 2015-04".to_owned(),
        _ => item.unit.clone().unwrap_or_default(),
    };
    LineView { value, inputmode, width, suffix, rows }
}
