//! The questionnaire in the browser: the rounds of a service, the task list, one section a page, the check of all
//! answers, and handing in.

mod comments;
mod entries;
mod feedback;
mod handing_in;
mod hospitals;
mod items;
mod kept;
mod overview;
mod paper;
mod posts;
mod printed;
mod saving;
mod section_links;
mod sections;
#[cfg(test)]
mod tests;
mod workbook;

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Serialize;

pub(super) use self::comments::{comment_thread, comment_threads, comment_threads_of_round, send_comment};
pub(super) use self::feedback::{download_feedback, plan_actions, show_feedback};
pub(super) use self::handing_in::{
    make_no_return, no_return_page, one_submission, reopen, reopen_page, sign_off, submission_list, take_back_no_return,
};
pub(super) use self::hospitals::{challenge_hospital, challenges_of_round, decide_challenge, show_hospitals};
use self::items::ItemContext;
pub(super) use self::kept::keep_typed;
use self::overview::{CheckView, HeadView, ProgressView, TaskView, check_view, tasks};
pub(super) use self::paper::{print, print_blank};
pub(super) use self::printed::printed as answer_in_words;
pub(super) use self::saving::save;
use self::saving::section_page;
pub(super) use self::section_links::{link_list, make_link, revoke_link, revoke_link_page};
pub(super) use self::sections::drawn_blank;
use self::sections::{AfterSave, Hours, section_view};
pub(super) use self::workbook::{download_workbook, upload_workbook, workbook_page};
use super::Web;
use super::errors::PageError;
use super::forms::Posted;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::{State, read_year};
use super::sign_in::redirect;
use crate::app::responses::{self, Extent, ResponseView, Seen};
use crate::app::{App, AppError, kept_entries, quality, rounds};
use crate::domain::access::Principal;
use crate::domain::questionnaire::definition::Section;
use crate::formats::display::capitalised;
use crate::store::responses::ResponseState;

/// A response in a list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SurveyLink {
    year: i32,
    names: String,
    round_status: &'static str,
    service: String,
    service_name: String,
    state: &'static str,
    tag: &'static str,
    href: String,
    /// It can still be answered.
    open: bool,
}

/// The responses of the services that someone answers for, the newest round first.
pub(super) fn own_surveys(app: &App, who: &Principal) -> Result<Vec<SurveyLink>, AppError> {
    let own: Vec<&str> = who.own_services().collect();
    let mut links = Vec::new();
    for round in rounds::list(app, who)?.iter().rev() {
        for summary in responses::list(app, who, round.year)? {
            if !own.contains(&summary.service.code.as_str()) {
                continue;
            }
            let stands = State::of(&summary);
            let (state, tag) = stands.words();
            links.push(SurveyLink {
                year: round.year,
                names: capitalised(&round.names()),
                round_status: round.status.label(),
                href: format!("/survey/{}/{}", round.year, summary.service.code),
                open: summary.open,
                service: summary.service.code,
                service_name: summary.service.name,
                state,
                tag,
            });
        }
    }
    Ok(links)
}

#[derive(Debug, Serialize)]
struct SurveysView {
    surveys: Vec<SurveyLink>,
}

/// `GET /survey`: for those who answer for a service. The audit team goes by rounds.
#[handler]
pub(super) async fn surveys(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    if reader.who.own_services().next().is_none() {
        return Ok(redirect("/rounds").finish());
    }
    let who = reader.who.clone();
    let surveys = web.app.run(move |app| own_surveys(app, &who)).await.map_err(PageError::from)?;
    web.page("surveys", &Page::new(&reader.reader, "Survey", SurveysView { surveys }))
}

/// The address of the one section that somebody may fill in who came by a section link.
pub(super) fn section_of_link(who: &Principal) -> Option<String> {
    who.section().map(|(service, year, section)| format!("/survey/{year}/{service}/{section}"))
}

/// Loads a response that an address names.
async fn response(web: &Web, reader: &SignedInReader, year: &str, service: &str) -> Result<ResponseView, PageError> {
    let year = read_year(year)?;
    let (who, service) = (reader.who.clone(), service.to_owned());
    Ok(web.app.run(move |app| responses::view(app, &who, year, &service)).await?)
}

#[derive(Debug, Serialize)]
struct SurveyView {
    head: HeadView,
    progress: ProgressView,
    tasks: Vec<TaskView>,
    complete: usize,
    sections: usize,
    /// Queries of the audit team that wait for the service.
    queries: usize,
}

/// `GET /survey/{year}/{service}`
#[handler]
pub(super) async fn task_list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    if let Some(section) = &view.only_section {
        return Ok(redirect(&format!("{}/{section}", HeadView::new(&view).base)).finish());
    }
    let (who, number, code) = (reader.who.clone(), view.round.year, view.service.code.clone());
    let queries =
        web.app.run(move |app| quality::waiting_for(app, &who, number, &code)).await.map_err(PageError::from)?;
    let tasks = tasks(&view);
    let complete = tasks.iter().filter(|task| task.is_complete()).count();
    let progress = ProgressView::of(&view);
    let content = SurveyView { head: HeadView::new(&view), progress, complete, sections: tasks.len(), tasks, queries };
    let title = format!("Survey of {} for audit year {}", view.service.code, view.round.year);
    web.page("survey", &Page::new(&reader.reader, &title, content))
}

/// `POST /survey/{year}/{service}/carry`: brings last year's answers over, where each waits until somebody confirms it.
#[handler]
pub(super) async fn carry(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
    let carry = move |app: &App| responses::carry_forward(app, &who, number, &code, &Extent::Whole, &Seen::new());
    let view = web.app.run(carry).await.map_err(PageError::from)?;
    Ok(redirect(&HeadView::new(&view).base).finish())
}

/// The section that an address names, unless the reader came by a link to another.
fn named_section<'a>(view: &'a ResponseView, link_id: &str) -> Result<&'a Section, PageError> {
    if view.only_section.as_ref().is_some_and(|only| only != link_id) {
        return Err(AppError::Forbidden { action: "see this section: your link is for another".into() }.into());
    }
    view.questionnaire.section(link_id).ok_or_else(|| {
        let there: Vec<&str> = view.questionnaire.sections.iter().map(|section| section.link_id.as_str()).collect();
        PageError::not_found(format!("There is no section {link_id:?}. The sections are: {}.", there.join(", ")))
    })
}

/// `GET /survey/{year}/{service}/{section}`
#[handler]
pub(super) async fn one_section(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, section)): Path<(String, String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> poem::Result<Response> {
    let (number, who) = (read_year(&year)?, reader.who.clone());
    let (named, is_typed) = (section.clone(), reader.reader.typed.is_some());
    let read = move |app: &App| {
        let view = responses::view(app, &who, number, &service)?;
        // What was typed before the language was switched is newer than what was kept.
        let is_wanted = view.can_edit && !is_typed;
        let kept = is_wanted.then(|| kept_entries::kept_entries(app, &who, number, &service, &named)).transpose()?;
        Ok((view, kept.flatten()))
    };
    let (view, kept) = web.app.run(read).await.map_err(PageError::from)?;
    let section = named_section(&view, &section)?;
    let typed = reader.reader.typed.as_deref().filter(|_| view.can_edit);
    let kept_at = kept.as_ref().map(|kept| kept.kept_at);
    let form = typed.cloned().or_else(|| kept.map(|kept| Posted::of_fields(kept.fields))).unwrap_or_default();
    let unsaved = kept::unsaved(&view, section, &form);
    let all = |wanted: &'static str| query.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let context = ItemContext {
        say_required: all("check").next().is_some(),
        rows: all("post").chain(form.all("p.row")).cloned().collect(),
        unsaved,
        ..ItemContext::new(&view, &reader, web.app.now())
    };
    let after = AfterSave {
        kept_at: kept_at.filter(|_| !context.unsaved.is_empty()),
        sign_off_undone: all("undone").next().is_some(),
        saved: all("saved").next().is_some(),
        appeared: all("appeared").next().and_then(|count| count.parse().ok()).unwrap_or(0),
        quiet: false,
        hours: all("hours").filter_map(|text| Hours::read(text)).collect(),
    };
    section_page(web, &reader, StatusCode::OK, section, section_view(section, &context, &after))
}

fn check_page(web: &Web, reader: &SignedInReader, content: CheckView) -> poem::Result<Response> {
    let has_errors = !content.errors.is_empty() || content.moved || content.undeclared;
    web.page("survey_check", &Page::new(&reader.reader, "Check your answers", content).with_errors(has_errors))
}

/// `GET /survey/{year}/{service}/check`
#[handler]
pub(super) async fn check(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    check_page(web, &reader, check_view(&view, &reader, web.app.now()))
}

/// `POST /survey/{year}/{service}/check`: hands in what was checked.
#[handler]
pub(super) async fn submit(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    if !form.has("declared") {
        let view = response(web, &reader, &year, &service).await?;
        let mut content = check_view(&view, &reader, web.app.now());
        content.undeclared = true;
        return check_page(web, &reader, content);
    }
    // A form that does not say which version it is for is one for an older version: it is shown as it is now.
    let version = form.first("version").and_then(|version| version.parse().ok()).unwrap_or(-1);
    let (who, code) = (reader.who.clone(), service.clone());
    let done = web.app.run(move |app| responses::submit(app, &who, number, &code, version)).await;
    match done {
        Ok(view) => Ok(redirect(&format!("{}/submitted", HeadView::new(&view).base)).finish()),
        // Sent twice, or again after going back: it is handed in, which is what was asked for.
        Err(AppError::Refused { code: "already_submitted", .. }) => {
            let view = response(web, &reader, &year, &service).await?;
            Ok(redirect(&format!("{}/submitted", HeadView::new(&view).base)).finish())
        }
        Err(AppError::VersionMoved { .. }) => {
            let view = response(web, &reader, &year, &service).await?;
            let mut content = check_view(&view, &reader, web.app.now());
            content.moved = true;
            check_page(web, &reader, content)
        }
        Err(AppError::NotSubmittable(_)) => {
            let view = response(web, &reader, &year, &service).await?;
            check_page(web, &reader, check_view(&view, &reader, web.app.now()))
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

#[derive(Debug, Serialize)]
struct SubmittedView {
    head: HeadView,
    gaps: String,
}

/// `GET /survey/{year}/{service}/submitted`
#[handler]
pub(super) async fn after_submit(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    let head = HeadView::new(&view);
    if view.response.state != ResponseState::Submitted {
        return Ok(redirect(&head.base).finish());
    }
    let gaps = super::forms::address("/gaps", &[("year", &view.round.year.to_string())]);
    web.page("survey_submitted", &Page::new(&reader.reader, "Submitted", SubmittedView { head, gaps }))
}
