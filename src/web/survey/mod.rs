//! The questionnaire in the browser: the rounds of a service, the task list, one section a page, the check of all
//! answers, and handing in.

mod entries;
mod items;
mod overview;
mod posts;
mod printed;
mod saving;
mod section_links;
mod sections;
#[cfg(test)]
mod tests;
mod workbook;

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use self::items::ItemContext;
use self::overview::{CheckView, HeadView, TaskView, check_view, tasks};
use self::printed::Names;
pub(super) use self::printed::{Names as AnswerNames, printed as answer_in_words};
pub(super) use self::saving::save;
pub(super) use self::section_links::{link_list, make_link, revoke_link, revoke_link_page};
use self::sections::{AfterSave, section_view};
pub(super) use self::workbook::{download_workbook, upload_workbook, workbook_page};
use super::Web;
use super::errors::PageError;
use super::forms::Posted;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::{State, read_year, status_words};
use super::sign_in::redirect;
use crate::app::responses::{self, ResponseView};
use crate::app::{App, AppError, rounds};
use crate::domain::access::Principal;
use crate::domain::questionnaire::definition::Section;
use crate::domain::round::RoundStatus;
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
                round_status: status_words(round.status),
                href: format!("/survey/{}/{}", round.year, summary.service.code),
                service: summary.service.code,
                service_name: summary.service.name,
                state,
                tag,
                open: round.status == RoundStatus::Open && stands != State::Submitted,
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
    tasks: Vec<TaskView>,
    complete: usize,
    sections: usize,
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
    let tasks = tasks(&view);
    let complete = tasks.iter().filter(|task| task.is_complete()).count();
    let content = SurveyView { head: HeadView::new(&view), complete, sections: tasks.len(), tasks };
    let title = format!("Survey of {} for audit year {}", view.service.code, view.round.year);
    web.page("survey", &Page::new(&reader.reader, &title, content))
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

/// What a section's address may say besides.
#[derive(Debug, Default, Deserialize)]
struct SectionQuery {
    saved: Option<String>,
    appeared: Option<usize>,
    check: Option<String>,
}

/// `GET /survey/{year}/{service}/{section}`
#[handler]
pub(super) async fn one_section(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, section)): Path<(String, String, String)>,
    Query(query): Query<SectionQuery>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    let section = named_section(&view, &section)?;
    let context = ItemContext {
        names: Names::of(&view),
        view: &view,
        unsaved: std::collections::BTreeMap::new(),
        say_required: query.check.is_some(),
    };
    let after = AfterSave { saved: query.saved.is_some(), appeared: query.appeared.unwrap_or(0) };
    let content = section_view(section, &context, after);
    let has_errors = !content.problems.is_empty();
    web.page("survey_section", &Page::new(&reader.reader, &section.title, content).with_errors(has_errors))
}

fn check_page(web: &Web, reader: &SignedInReader, content: CheckView) -> poem::Result<Response> {
    let has_errors = !content.errors.is_empty() || content.moved;
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
    check_page(web, &reader, check_view(&view))
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
            let mut content = check_view(&view);
            content.moved = true;
            check_page(web, &reader, content)
        }
        Err(AppError::NotSubmittable(_)) => {
            let view = response(web, &reader, &year, &service).await?;
            check_page(web, &reader, check_view(&view))
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
