//! More time for single services.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::read_year;
use crate::app::error::InputProblem;
use crate::app::rounds::{self, Extended};
use crate::app::{App, AppError, responses};
use crate::domain::round::{Act, Round};
use crate::formats::display::{capitalised, day, london_day};
use crate::store::responses::ResponseState;
use crate::web::Web;
use crate::web::choices::{Choice, Choices, DateField};
use crate::web::confirm::Confirm;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::{Posted, address};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct Row {
    code: String,
    name: String,
    until: String,
    holds: bool,
    reason: String,
    granted: String,
    take_back: String,
}

#[derive(Debug, Serialize)]
struct ExtensionsView {
    year: i32,
    names: String,
    closes: String,
    notice: &'static str,
    may_extend: bool,
    service: Choices,
    until: DateField,
    form: Form,
    rows: Vec<Row>,
}

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Asked {
    service: Option<String>,
    done: Option<String>,
}

fn row(year: i32, extended: &Extended) -> Row {
    let one = &extended.extension;
    Row {
        code: one.service.clone(),
        name: extended.service_name.clone(),
        until: day(one.until),
        holds: extended.holds,
        reason: one.reason.clone(),
        granted: format!("{} by {}", london_day(one.granted_at), extended.granted_by),
        take_back: format!("/rounds/{year}/extensions/{}/take-back", one.service),
    }
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    year: i32,
    form: &Posted,
    problems: &[InputProblem],
    done: Option<&str>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let work = move |app: &App| {
        let round: Round = rounds::one(app, &who, year)?;
        Ok((round, rounds::extensions(app, &who, year)?, responses::list(app, &who, year)?))
    };
    let (round, extended, services) = web.app.run(work).await.map_err(PageError::from)?;
    let chosen = form.first("service").unwrap_or_default();
    let mut choices = vec![Choice::new("", "Choose a service", chosen)];
    let unfinished = services.iter().filter(|one| one.response.state == ResponseState::InProgress);
    choices.extend(unfinished.map(|one| {
        let text = format!("{} {}", one.service.code, one.service.name);
        Choice::new(&one.service.code, &text, chosen)
    }));
    let wrong = !problems.is_empty();
    let view = ExtensionsView {
        year,
        names: capitalised(&round.names()),
        closes: round.closes_on.map(day).unwrap_or_default(),
        notice: match done {
            Some("extended") => "The service has more time.",
            Some("taken_back") => "The extension was taken back.",
            _ => "",
        },
        may_extend: round.status.allows(Act::Extend),
        service: Choices::new("service", "Service", choices, problems),
        until: DateField::new("until", "Last day on which it can answer", form, None, problems),
        form: Form::new([Field::lines("reason", "Why", 3).hint("The history keeps it.")])
            .filled(form)
            .refused(problems),
        rows: extended.iter().map(|one| row(year, one)).collect(),
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("More time in the round of {year}");
    web.page_with(status, "round_extensions", &Page::new(&reader.reader, &title, view).with_errors(wrong))
}

/// `GET /rounds/{year}/extensions`
#[handler]
pub(in crate::web) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let form = Posted::of(&[("service", asked.service.as_deref().unwrap_or_default())]);
    page(web, &reader, read_year(&year)?, &form, &[], asked.done.as_deref()).await
}

/// `POST /rounds/{year}/extensions`
#[handler]
pub(in crate::web) async fn extend(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let text = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (service, reason) = (text("service"), text("reason"));
    let mut wrong = Vec::new();
    if service.is_empty() {
        wrong.push(InputProblem::new("service", "missing", "Choose the service."));
    }
    let Some(until) = DateField::read("until", &form).ok().flatten() else {
        let message = "Write the last day on which it can answer, such as 14 5 2026.";
        wrong.push(InputProblem::new("until", "not_a_day", message));
        return page(web, &reader, year, &form, &wrong, None).await;
    };
    if !wrong.is_empty() {
        return page(web, &reader, year, &form, &wrong, None).await;
    }
    match web.app.run(move |app| rounds::extend(app, &who, year, &service, until, &reason)).await {
        Ok(_) => Ok(redirect(&address(&format!("/rounds/{year}/extensions"), &[("done", "extended")])).finish()),
        Err(AppError::Invalid(problems)) => page(web, &reader, year, &form, &problems, None).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `GET /rounds/{year}/extensions/{service}/take-back`
#[handler]
pub(in crate::web) async fn take_back_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let found = web.app.run(move |app| rounds::extensions(app, &who, year)).await.map_err(PageError::from)?;
    let Some(extended) = found.into_iter().find(|one| one.extension.service == service) else {
        return Err(PageError::not_found(format!("{service} was given no more time in {year}.")).into());
    };
    let confirm = Confirm {
        heading: format!("Take back the extension of {service}"),
        sentences: vec![format!(
            "{} could answer until {}. Without it the round’s own last day holds; what it has answered stays.",
            extended.service_name,
            day(extended.extension.until)
        )],
        action: format!("/rounds/{year}/extensions/{service}/take-back"),
        button: "Take it back",
        back: format!("/rounds/{year}/extensions"),
        back_text: "Back to the extensions",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /rounds/{year}/extensions/{service}/take-back`
#[handler]
pub(in crate::web) async fn take_back(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    web.app.run(move |app| rounds::take_back(app, &who, year, &service)).await.map_err(PageError::from)?;
    Ok(redirect(&address(&format!("/rounds/{year}/extensions"), &[("done", "taken_back")])).finish())
}
