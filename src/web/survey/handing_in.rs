//! What becomes of a response besides being answered: a clinical lead's sign-off, no return this year, opening it again,
//! and the versions that were submitted.

use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::overview::{HeadView, check_view};
use super::paper::submission_page;
use super::printed::{printed, stored_entry};
use super::{check_page, response};
use crate::app::error::InputProblem;
use crate::app::responses::{self, Comparison, NoReturn, ResponseView, SubmissionView};
use crate::app::{App, AppError};
use crate::domain::questionnaire::answer::Answer;
use crate::domain::register::Register;
use crate::domain::round::Act;
use crate::domain::submission::Difference;
use crate::formats::display::capitalised;
use crate::web::Web;
use crate::web::choices::{Choice, Choices, DateField};
use crate::web::confirm::{Confirm, Hidden};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

/// The version that a form was shown for; one that does not say is older than any.
fn version_of(form: &Posted) -> i64 {
    form.first("version").and_then(|version| version.parse().ok()).unwrap_or(-1)
}

/// `POST /survey/{year}/{service}/sign-off`: a clinical lead signs off what they have read.
#[handler]
pub(in crate::web) async fn sign_off(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, number, code, version) = (reader.who.clone(), read_year(&year)?, service.clone(), version_of(&form));
    match web.app.run(move |app| responses::sign_off(app, &who, number, &code, version)).await {
        Ok(view) => Ok(redirect(&format!("{}/check", HeadView::new(&view).base)).finish()),
        Err(error @ (AppError::VersionMoved { .. } | AppError::NotSubmittable(_))) => {
            let view = response(web, &reader, &year, &service).await?;
            let mut content = check_view(&view, &reader, web.app.now());
            content.moved = matches!(error, AppError::VersionMoved { .. });
            check_page(web, &reader, content)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

#[derive(Debug, Serialize)]
struct NoReturnView {
    head: HeadView,
    outcome: Choices,
    form: Form,
}

fn no_return_form(
    web: &Web,
    reader: &SignedInReader,
    view: &ResponseView,
    posted: &Posted,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let chosen = posted.first("outcome").unwrap_or_default();
    let outcomes = [
        Choice::new("no_return", "There is a service, and it makes no return this year", chosen),
        Choice::new("not_commissioned", "No service is commissioned", chosen),
    ];
    let reason = Field::lines("reason", "Why", 3).hint("Needed where there is a service. The audit team reads it.");
    let content = NoReturnView {
        head: HeadView::new(view),
        outcome: Choices::new("outcome", "Which of the two is it?", outcomes.into(), problems),
        form: Form::new([reason]).filled(posted).refused(problems),
    };
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, "No return this year", content).with_errors(wrong);
    web.page_with(status, "survey_no_return", &page.with_form(view.can_make_no_return))
}

/// `GET /survey/{year}/{service}/no-return`
#[handler]
pub(in crate::web) async fn no_return_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    no_return_form(web, &reader, &view, &Posted::default(), &[])
}

/// What a form says of why there is no return.
fn no_return_of(form: &Posted) -> Result<NoReturn, AppError> {
    let reason = form.first("reason").unwrap_or_default().to_owned();
    match form.first("outcome") {
        Some("no_return") => Ok(NoReturn::ThisYear(reason)),
        Some("not_commissioned") => Ok(NoReturn::NotCommissioned(Some(reason))),
        _ => Err(AppError::invalid("outcome", "empty", "Choose which of the two it is.")),
    }
}

/// `POST /survey/{year}/{service}/no-return`
#[handler]
pub(in crate::web) async fn make_no_return(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
    let (version, why) = (version_of(&form), no_return_of(&form));
    let make = move |app: &App| responses::make_no_return(app, &who, number, &code, version, why?);
    match web.app.run(make).await {
        Ok(view) => Ok(redirect(&HeadView::new(&view).base).finish()),
        Err(AppError::Invalid(problems)) => {
            let view = response(web, &reader, &year, &service).await?;
            no_return_form(web, &reader, &view, &form, &problems)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `POST /survey/{year}/{service}/no-return/take-back`
#[handler]
pub(in crate::web) async fn take_back_no_return(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, number, version) = (reader.who.clone(), read_year(&year)?, version_of(&form));
    let take = move |app: &App| responses::take_back_no_return(app, &who, number, &service, version);
    let view = web.app.run(take).await.map_err(PageError::from)?;
    Ok(redirect(&HeadView::new(&view).base).finish())
}

fn reopening(
    web: &Web,
    reader: &SignedInReader,
    view: &ResponseView,
    form: &Posted,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let head = HeadView::new(view);
    let field = Field::lines("reason", "Why", 3).hint("The service and the history are told.");
    let until = || {
        DateField::new("until", "Last day on which the service can answer", form, None, problems)
            .hint("The round has closed, so the service is given more time.")
    };
    let dates = if view.round.status.allows(Act::Answer) { Vec::new() } else { vec![until()] };
    let confirm = Confirm {
        heading: format!("Open the response of {} again", head.service),
        sentences: vec![
            "It no longer counts until the service submits it again.".into(),
            "What was submitted stays readable.".into(),
        ],
        action: format!("{}/reopen", head.base),
        hidden: vec![Hidden { name: "version", value: head.version.to_string() }],
        form: Form::new([field]).filled(form).refused(problems),
        dates,
        button: "Open it again",
        back: head.base,
        back_text: "Back to the response",
        ..Confirm::default()
    };
    confirm.page(web, reader)
}

/// `GET /survey/{year}/{service}/reopen`
#[handler]
pub(in crate::web) async fn reopen_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    reopening(web, &reader, &view, &Posted::default(), &[])
}

/// `POST /survey/{year}/{service}/reopen`
#[handler]
pub(in crate::web) async fn reopen(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, number, code, version) = (reader.who.clone(), read_year(&year)?, service.clone(), version_of(&form));
    let reason = form.first("reason").unwrap_or_default().to_owned();
    let Ok(until) = DateField::read("until", &form) else {
        let message = "Write a day that exists, such as 14 5 2026.";
        let wrong = [InputProblem::new("until", "not_a_day", message)];
        let view = response(web, &reader, &year, &service).await?;
        return reopening(web, &reader, &view, &form, &wrong);
    };
    let open = move |app: &App| responses::reopen(app, &who, number, &code, version, &reason, until);
    match web.app.run(open).await {
        Ok(view) => Ok(redirect(&HeadView::new(&view).base).finish()),
        Err(AppError::Invalid(problems)) => {
            let view = response(web, &reader, &year, &service).await?;
            reopening(web, &reader, &view, &form, &problems)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

#[derive(Debug, Serialize)]
struct SubmissionRow {
    number: i32,
    at: DateTime<Utc>,
    by: String,
    version: i64,
    hash: String,
    href: String,
    /// What it says otherwise than the one before.
    changes: String,
}

impl SubmissionRow {
    fn new(base: &str, found: &SubmissionView) -> Self {
        let one = &found.submission;
        let href = format!("{base}/submissions/{}", one.number);
        Self {
            number: one.number,
            at: one.submitted_at,
            by: capitalised(&found.submitted_by_name),
            version: one.version,
            hash: one.hash.get(..12).unwrap_or(&one.hash).to_owned(),
            changes: if one.number > 1 { format!("{href}?from={}", one.number - 1) } else { String::new() },
            href,
        }
    }
}

#[derive(Debug, Serialize)]
struct SubmissionsView {
    head: HeadView,
    rows: Vec<SubmissionRow>,
}

/// `GET /survey/{year}/{service}/submissions`
#[handler]
pub(in crate::web) async fn submission_list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
    let read = move |app: &App| responses::submissions(app, &who, number, &code);
    let found = web.app.run(read).await.map_err(PageError::from)?;
    let head = HeadView::new(&response(web, &reader, &year, &service).await?);
    let rows = found.iter().map(|found| SubmissionRow::new(&head.base, found)).collect();
    let content = SubmissionsView { head, rows };
    web.page("survey_submissions", &Page::new(&reader.reader, "Submitted versions", content))
}

#[derive(Debug, Serialize)]
struct DifferenceRow {
    question: String,
    old: String,
    new: String,
}

#[derive(Debug, Serialize)]
struct ComparisonView {
    head: HeadView,
    from: SubmissionRow,
    to: SubmissionRow,
    rows: Vec<DifferenceRow>,
}

fn difference_row(compared: &Comparison, difference: &Difference, register: &Register) -> DifferenceRow {
    let of = |side: &SubmissionView, answer: Option<&Answer>| {
        let item = side.questionnaire.item(&difference.link_id);
        let words = item.map(|item| printed(item, &stored_entry(answer), register)).unwrap_or_default();
        match answer.and_then(|answer| answer.explanation.as_deref()) {
            Some(explanation) => format!("{words} ({explanation})"),
            None => words,
        }
    };
    let item = compared.to.questionnaire.item(&difference.link_id);
    let item = item.or_else(|| compared.from.questionnaire.item(&difference.link_id));
    DifferenceRow {
        question: item.map_or_else(|| difference.link_id.clone(), |item| format!("{} {}", item.number, item.text)),
        old: of(&compared.from, difference.old.as_ref()),
        new: of(&compared.to, difference.new.as_ref()),
    }
}

/// What the address of a submitted version may say besides.
#[derive(Debug, Default, Deserialize)]
struct SubmissionQuery {
    /// The version to compare it with.
    from: Option<i32>,
}

/// `GET /survey/{year}/{service}/submissions/{number}`: one that was submitted, or what it says otherwise than another.
#[handler]
pub(in crate::web) async fn one_submission(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, number)): Path<(String, String, String)>,
    Query(query): Query<SubmissionQuery>,
) -> poem::Result<Response> {
    let numbered: i32 = number.parse().map_err(|_| {
        PageError::not_found(format!("{number:?} is not the number of a submitted version, such as 1."))
    })?;
    let (who, of_year, code) = (reader.who.clone(), read_year(&year)?, service.clone());
    let Some(from) = query.from else {
        let read = move |app: &App| responses::submission(app, &who, of_year, &code, numbered);
        let found = web.app.run(read).await.map_err(PageError::from)?;
        let view = response(web, &reader, &year, &service).await?;
        return submission_page(web, &reader, &view, &found);
    };
    let read = move |app: &App| responses::compare_submissions(app, &who, of_year, &code, from, numbered);
    let compared = web.app.run(read).await.map_err(PageError::from)?;
    let view = response(web, &reader, &year, &service).await?;
    let head = HeadView::new(&view);
    let content = ComparisonView {
        from: SubmissionRow::new(&head.base, &compared.from),
        to: SubmissionRow::new(&head.base, &compared.to),
        rows: compared.differences.iter().map(|one| difference_row(&compared, one, &view.register)).collect(),
        head,
    };
    web.page("survey_differences", &Page::new(&reader.reader, "What changed between two submitted versions", content))
}
