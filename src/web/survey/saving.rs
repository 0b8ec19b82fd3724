//! Saving a section: all of it by its buttons, or one field when it is left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::entries::{Choice, Written, hours_typed, read};
use super::items::{ItemContext, Unsaved};
use super::overview::HeadView;
use super::sections::{AfterSave, Hours, SectionView, section_after, section_view};
use super::{named_section, response};
use crate::app::responses::{self, AnswerChange, Extent, ResponseView, Seen};
use crate::app::{App, AppError, kept_entries};
use crate::domain::questionnaire::answer::{Answer, AnswerValue, Entry};
use crate::domain::questionnaire::checks::can_submit;
use crate::domain::questionnaire::definition::Section;
use crate::domain::questionnaire::posts::{self, ANY_LONG_VACANT, FUNDED, IN_POST, LONG_VACANT, VACANT, VACANT_SINCE};
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::forms::{Posted, address};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

pub(super) fn register_codes(view: &ResponseView) -> Arc<RegisterCodes> {
    view.register.codes_in(view.round.year)
}

/// What is to happen besides saving, by the button that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Then {
    /// On to the next section.
    Next,
    /// Back to the list.
    List,
    /// The section again.
    Stay,
    /// The section at once, for the script that saves a field when it is left.
    Field,
    /// A row more in the table of posts.
    Add(Option<String>),
    /// A row less in it.
    Remove(String),
    /// An item, the posts, or the section are as last year.
    Same(String),
    /// What was kept after a session had ended is not wanted.
    Discard,
}

impl Then {
    fn of(form: &Posted) -> Self {
        let then = form.first("then").unwrap_or("next");
        match then.split_once(':').unwrap_or((then, "")) {
            ("list", _) => Self::List,
            ("stay", _) => Self::Stay,
            ("field", _) => Self::Field,
            ("add", _) => Self::Add(form.first("p.add").filter(|row| !row.is_empty()).map(ToOwned::to_owned)),
            ("same", what) => Self::Same(what.to_owned()),
            ("discard", _) => Self::Discard,
            ("remove", row) => Self::Remove(row.to_owned()),
            _ => Self::Next,
        }
    }

    /// The rows that the table of posts shows afterwards, whether or not anything stands in them.
    fn rows(&self, form: &Posted) -> BTreeSet<String> {
        let mut rows: BTreeSet<String> = form.all("p.row").iter().cloned().collect();
        match self {
            Self::Add(Some(row)) => {
                rows.insert(row.clone());
            }
            Self::Remove(row) => {
                rows.remove(row);
            }
            _ => {}
        }
        rows
    }
}

/// `POST /survey/{year}/{service}/{section}`
#[handler]
pub(in crate::web) async fn save(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, section)): Path<(String, String, String)>,
    mut form: Posted,
) -> poem::Result<Response> {
    let then = Then::of(&form);
    if let Then::Remove(row) = &then {
        form.remove_ending(&format!(".{row}"));
    }
    let mut before = response(web, &reader, &year, &service).await?;
    let asked = named_section(&before, &section)?;
    if then == Then::Discard {
        let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
        let to = format!("{}/{section}", HeadView::new(&before).base);
        let discard = move |app: &App| kept_entries::discard_kept(app, &who, number, &code, &section);
        web.app.run(discard).await.map_err(PageError::from)?;
        return Ok(redirect(&to).finish());
    }
    let written = read(asked, &form, &before.response.document, &register_codes(&before));
    let again = Again { web, reader: &reader, form: &form, then: &then, written: &written };
    if written.iter().any(|one| one.choice == Choice::Open) {
        let open = |one: &Written| one.choice == Choice::Open;
        let moved = written.iter().filter(|one| open(one)).map(|one| one.link_id.clone()).collect();
        return again.page(&before, asked, &moved, &BTreeMap::new());
    }
    let saved: BTreeSet<String> = written.iter().map(|one| one.link_id.clone()).collect();
    let mut tries = 0;
    loop {
        tries += 1;
        let changes = changes(&before, &section, &written, &then);
        let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
        let (of_section, saved) = (section.clone(), saved.clone());
        let save = move |app: &App| {
            let after = responses::save(app, &who, number, &code, changes)?;
            kept_entries::settle(app, &who, number, &code, &of_section, |item| saved.contains(item))?;
            Ok(after)
        };
        let failed = match web.app.run(save).await {
            Ok(after) => {
                let after = ResponseView { comments: before.comments.clone(), ..after };
                let Then::Same(what) = &then else {
                    return done(web, &reader, &before, &after, &section, &form, &then);
                };
                let (extent, seen) = (extent(&after, &section, what), seen(&before, &after, &form));
                let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
                let confirm = move |app: &App| responses::confirm(app, &who, number, &code, &extent, &seen);
                match web.app.run(confirm).await {
                    Ok(confirmed) => {
                        let sign_off_undone = after.sign_off_undone || confirmed.sign_off_undone;
                        let after = ResponseView { sign_off_undone, comments: after.comments, ..confirmed };
                        return done(web, &reader, &before, &after, &section, &form, &then);
                    }
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        match failed {
            // What follows from the table of posts is worked out anew from what is there now.
            AppError::Moved(items) if tries < 3 && items.iter().all(|item| follows(&item.link_id)) => {
                before = response(web, &reader, &year, &service).await?;
            }
            AppError::Moved(items) => {
                let now = response(web, &reader, &year, &service).await?;
                let moved = items.into_iter().map(|item| item.link_id).collect();
                return again.page(&now, named_section(&now, &section)?, &moved, &BTreeMap::new());
            }
            AppError::Invalid(problems) => {
                let problems = problems.into_iter().map(|problem| (problem.field, problem.message)).collect();
                return again.page(&before, named_section(&before, &section)?, &BTreeSet::new(), &problems);
            }
            error => return Err(PageError::from(error).into()),
        }
    }
}

/// What is still the same, by the button that says so.
fn extent(view: &ResponseView, section: &str, what: &str) -> Extent {
    if what == "section" {
        return Extent::Section(section.to_owned());
    }
    let of_posts =
        |link_id: &&str| what == "posts" && [FUNDED, IN_POST, VACANT, LONG_VACANT, VACANT_SINCE].contains(link_id);
    let wanted = view.questionnaire.items().map(|item| item.link_id.as_str());
    let can_be = |link_id: &&str| {
        let answer = view.response.document.get(link_id);
        answer.is_some_and(Answer::is_unconfirmed)
            || answer.is_none_or(|answer| answer.entry() == Entry::Unanswered)
                && view.last(link_id).is_some_and(|last| last.carried.is_ok())
    };
    Extent::Items(
        wanted.filter(|link_id| *link_id == what || of_posts(link_id)).filter(can_be).map(ToOwned::to_owned).collect(),
    )
}

/// The versions that whoever presses the button has seen: those of the form, moved on by what it has just saved.
fn seen(before: &ResponseView, after: &ResponseView, form: &Posted) -> Seen {
    let items = after.questionnaire.items().filter_map(|item| {
        let shown: i64 = form.first(&format!("b.{}", item.link_id))?.parse().ok()?;
        let is_as_shown = shown == before.response.document.version(&item.link_id);
        let version = if is_as_shown { after.response.document.version(&item.link_id) } else { shown };
        Some((item.link_id.clone(), version))
    });
    items.collect()
}

fn follows(link_id: &str) -> bool {
    [VACANT, LONG_VACANT, ANY_LONG_VACANT].contains(&link_id)
}

/// What to save: what was written, and what follows from it.
fn changes(before: &ResponseView, section: &str, written: &[Written], then: &Then) -> Vec<AnswerChange> {
    let of_table = |link_id: &str| written.iter().any(|one| one.link_id == link_id);
    let grid = posts::table(&before.questionnaire).filter(|_| of_table(FUNDED) && of_table(IN_POST));
    let Some(grid) = grid else { return written.iter().filter_map(Written::change).collect() };
    let document = &before.response.document;
    let stored = |link_id: &str| document.get(link_id).map_or(Entry::Unanswered, Answer::entry);
    let said = |link_id: &str| {
        let change = written.iter().find(|one| one.link_id == link_id).and_then(Written::change);
        change.map_or_else(|| stored(link_id), |change| change.entry)
    };
    let asks_long = before.shown.contains(LONG_VACANT) && of_table(LONG_VACANT);
    let table = posts::Said {
        funded: said(FUNDED),
        in_post: said(IN_POST),
        since: said(VACANT_SINCE),
        long_vacant: asks_long.then(|| {
            let long = written.iter().find(|one| one.link_id == LONG_VACANT);
            long.map_or(Entry::Unanswered, |long| long.entry.clone())
        }),
    };
    let removed = if let Then::Remove(row) = then { Some(row.as_str()) } else { None };
    let derived = posts::derive(grid, document, &table, &before.round.latest_month(), removed);
    let mut changes: Vec<AnswerChange> = written
        .iter()
        .filter(|one| ![VACANT, LONG_VACANT].contains(&one.link_id.as_str()))
        .filter_map(Written::change)
        .collect();
    let says_long = changes.iter().any(|change| change.link_id == ANY_LONG_VACANT);
    let mut follow = |link_id: &str, entry: Entry| {
        let explanation = written.iter().find(|one| one.link_id == link_id).and_then(|one| one.explanation.clone());
        let explains = explanation.is_some()
            && explanation.as_deref() != document.get(link_id).and_then(|a| a.explanation.as_deref());
        let is_asked = before.questionnaire.section_of(link_id).is_some_and(|found| found.link_id == section);
        if is_asked && (entry != stored(link_id) || explains) {
            let based_on = document.version(link_id);
            changes.push(AnswerChange { link_id: link_id.to_owned(), based_on, entry, explanation });
        }
    };
    follow(VACANT, derived.vacant);
    follow(LONG_VACANT, derived.long_vacant);
    if derived.any_long_vacant && !says_long && stored(ANY_LONG_VACANT) == Entry::Unanswered {
        follow(ANY_LONG_VACANT, Entry::Value(AnswerValue::Boolean(true)));
    }
    changes
}

/// Answers a save that went through.
fn done(
    web: &Web,
    reader: &SignedInReader,
    before: &ResponseView,
    after: &ResponseView,
    section: &str,
    form: &Posted,
    then: &Then,
) -> poem::Result<Response> {
    let named = named_section(after, section)?;
    let hours = hours_typed(named, form);
    if *then == Then::Field {
        let context = ItemContext { rows: then.rows(form), ..ItemContext::new(after, reader, web.app.now()) };
        let hours = hours.into_iter().map(|(id, hours)| Hours { id, hours }).collect();
        let sign_off_undone = after.sign_off_undone;
        let after_save = AfterSave { saved: true, quiet: true, hours, sign_off_undone, ..AfterSave::default() };
        return section_page(web, reader, StatusCode::OK, named, section_view(named, &context, &after_save));
    }
    Ok(redirect(&where_next(before, after, named, form, then, &hours)).finish())
}

/// A section as a page.
pub(super) fn section_page(
    web: &Web,
    reader: &SignedInReader,
    status: StatusCode,
    section: &Section,
    content: SectionView,
) -> poem::Result<Response> {
    let (has_errors, can_edit) = (!content.problems.is_empty(), content.head.can_edit);
    let language = reader.reader.words.language();
    let content = if can_edit { content.drawn(&web.pages, language)? } else { content };
    let page = Page::new(&reader.reader, &section.title, content).with_errors(has_errors);
    web.page_with(status, "survey_section", &page.with_form(can_edit))
}

/// What the section is shown with again when it was not saved.
struct Again<'a> {
    web: &'a Web,
    reader: &'a SignedInReader,
    form: &'a Posted,
    then: &'a Then,
    written: &'a [Written],
}

impl Again<'_> {
    /// The section with everything that was written and is not saved, so that nothing has to be typed twice.
    fn page(
        &self,
        view: &ResponseView,
        section: &Section,
        moved: &BTreeSet<String>,
        problems: &BTreeMap<String, String>,
    ) -> poem::Result<Response> {
        let kept = self.written.iter().filter(|one| one.change().is_some() || one.choice == Choice::Open);
        let unsaved = kept.filter(|one| one.link_id != VACANT || one.explanation.is_some()).map(|one| {
            let unsaved = Unsaved {
                entry: one.entry.clone(),
                explanation: one.explanation.clone(),
                conflict: moved.contains(&one.link_id),
                problem: problems.get(&one.link_id).cloned(),
            };
            (one.link_id.clone(), unsaved)
        });
        let context = ItemContext {
            unsaved: unsaved.collect(),
            rows: self.then.rows(self.form),
            ..ItemContext::new(view, self.reader, self.web.app.now())
        };
        let quiet = *self.then == Then::Field;
        let content = section_view(section, &context, &AfterSave { quiet, ..AfterSave::default() });
        let status = if moved.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
        section_page(self.web, self.reader, status, section, content)
    }
}

/// Where a save leads: on, unless something on the page wants a second look or has just come up, or there is nothing
/// else that the reader may see.
fn where_next(
    before: &ResponseView,
    after: &ResponseView,
    section: &Section,
    form: &Posted,
    then: &Then,
    hours: &[(String, f64)],
) -> String {
    let base = HeadView::new(after).base;
    let by_link = after.only_section.is_some();
    if *then == Then::List && !by_link && !after.sign_off_undone {
        return base;
    }
    let in_section = |link_id: &str| section.items.iter().any(|item| item.link_id == link_id);
    let appeared = after.shown.difference(&before.shown).filter(|link_id| in_section(link_id)).count();
    let undone = if after.sign_off_undone { "yes" } else { "" };
    let open = after.findings.iter().any(|finding| {
        !finding.is_still_to_do() && in_section(&finding.link_id) && !can_submit(std::slice::from_ref(finding))
    });
    if *then != Then::Next || open || appeared > 0 || by_link || !hours.is_empty() || after.sign_off_undone {
        let appeared = if appeared > 0 { appeared.to_string() } else { String::new() };
        let rows = if matches!(then, Then::Next | Then::List) { BTreeSet::new() } else { then.rows(form) };
        let hours: Vec<String> = hours.iter().map(|(id, hours)| format!("{id}:{hours}")).collect();
        let mut query = vec![("saved", "yes"), ("appeared", appeared.as_str()), ("undone", undone)];
        query.extend(rows.iter().map(|row| ("post", row.as_str())));
        query.extend(hours.iter().map(|hours| ("hours", hours.as_str())));
        let place = match then {
            Then::Add(Some(row)) => format!("#v-{FUNDED}-{}", row.replace('/', "-")),
            Then::Same(what) if what != "section" && what != "posts" => format!("#item-{what}"),
            Then::Same(what) if what == "posts" => "#block-posts".to_owned(),
            Then::Add(None) | Then::Remove(_) => "#block-posts".to_owned(),
            _ => String::new(),
        };
        return format!("{}{place}", address(&format!("{base}/{}", section.link_id), &query));
    }
    section_after(&after.questionnaire.sections, &section.link_id)
        .map_or_else(|| format!("{base}/check"), |next| format!("{base}/{}", next.link_id))
}
