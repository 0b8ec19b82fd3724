//! The form of a round: a new one, a copy of the last, a change; and throwing a draft away.

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::read_year;
use crate::app::error::InputProblem;
use crate::app::rounds::{self, RoundText};
use crate::app::{App, AppError, questionnaires, standards};
use crate::domain::access::Principal;
use crate::domain::round::{Act, Round, RoundStatus};
use crate::formats::display::capitalised;
use crate::web::Web;
use crate::web::choices::{Choice, Choices, DateField};
use crate::web::confirm::{Confirm, Hidden};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::{Posted, address};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct EditView {
    heading: String,
    action: String,
    back: String,
    version: i64,
    /// Of a new round, its year; then the names.
    names: Form,
    days: Vec<DateField>,
    publishes_on: DateField,
    reminders: Option<Choices>,
    /// The method, while it can be chosen.
    method: Vec<Choices>,
    staffing_as_at: Option<DateField>,
    problems: bool,
}

/// What can be chosen for a round.
struct Offered {
    questionnaires: Vec<String>,
    methodologies: Vec<i32>,
    standards: Vec<(String, String)>,
}

fn offered(app: &App, who: &Principal) -> Result<Offered, AppError> {
    let listed = standards::list(app, who)?.into_iter().filter(|listed| listed.published);
    Ok(Offered {
        questionnaires: questionnaires::list(app, who)?
            .into_iter()
            .filter(|listed| listed.published)
            .map(|listed| listed.version)
            .collect(),
        methodologies: app.reference().methodologies.keys().copied().collect(),
        standards: listed.map(|listed| (listed.standard.id, listed.standard.name)).collect(),
    })
}

fn yes_or_no(name: &'static str, label: &str, chosen: bool, form: &Posted, problems: &[InputProblem]) -> Choices {
    let chosen = form.first(name).unwrap_or(if chosen { "yes" } else { "no" });
    let choices = vec![Choice::new("no", "No", chosen), Choice::new("yes", "Yes", chosen)];
    Choices::new(name, label, choices, problems)
}

/// The fields that hold a round as it is, before anything was typed.
fn posted_of(round: &Round) -> Posted {
    Posted::of(&[
        ("facilities_audit", &round.facilities_audit),
        ("report", round.report.as_deref().unwrap_or_default()),
    ])
}

fn view(round: Option<&Round>, offered: &Offered, form: &Posted, problems: &[InputProblem]) -> EditView {
    let status = round.map_or(RoundStatus::Draft, |round| round.status);
    let mut names = Vec::new();
    if round.is_none() {
        let hint = "The calendar year whose fractures are counted, such as 2023.";
        names.push(Field::new("year", "Audit year").hint(hint).inputmode("numeric").width(4));
    }
    names.push(Field::new("facilities_audit", "Name of the facilities audit").hint("Such as “2024 facilities audit”."));
    names.push(
        Field::new("report", "Name of the report (optional)").hint("Such as “January 2025 report”, once it has one."),
    );
    let shown = if form.is_empty() { round.map(posted_of).unwrap_or_default() } else { form.clone() };
    let day = |name, label: &str, suggested| DateField::new(name, label, form, suggested, problems);
    let dates = status.allows(Act::SetDates);
    let days = if dates {
        vec![
            day(
                "opens_on",
                "First day on which services can answer (optional)",
                round.and_then(|round| round.opens_on),
            )
            .hint("The round opens by itself as this day begins, by the clocks of the United Kingdom."),
            day(
                "closes_on",
                "Last day on which services can answer (optional)",
                round.and_then(|round| round.closes_on),
            )
            .hint("It closes by itself as this day ends."),
        ]
    } else {
        Vec::new()
    };
    let choose = status.allows(Act::ChooseMethod);
    let select = |name: &'static str, label: &str, now: String, all: Vec<(String, String)>| {
        let now = form.first(name).map_or(now, ToOwned::to_owned);
        let choices = all.iter().map(|(value, text)| Choice::new(value, text, &now)).collect();
        Choices::new(name, label, choices, problems)
    };
    let same = |value: String| (value.clone(), value);
    let last = |all: &[String]| all.last().cloned().unwrap_or_default();
    let method = if choose {
        let questionnaires = &offered.questionnaires;
        let years: Vec<String> = offered.methodologies.iter().map(ToString::to_string).collect();
        vec![
            select(
                "questionnaire",
                "Questionnaire",
                round.map_or_else(|| last(questionnaires), |round| round.questionnaire.clone()),
                questionnaires.iter().cloned().map(same).collect(),
            ),
            select(
                "methodology",
                "Methodology of the KPIs",
                round.map_or_else(|| last(&years), |round| round.methodology.to_string()),
                years.iter().cloned().map(same).collect(),
            ),
            select(
                "standard",
                "Staffing standard",
                round.map_or_else(|| "ros".to_owned(), |round| round.standard.clone()),
                offered.standards.clone(),
            ),
            yes_or_no(
                "sign_off",
                "Does a clinical lead sign responses off before they are submitted?",
                round.is_some_and(|round| round.sign_off),
                form,
                problems,
            ),
        ]
    } else {
        Vec::new()
    };
    EditView {
        heading: round.map_or_else(|| "A new round".to_owned(), |round| format!("Change the round of {}", round.year)),
        action: round.map_or_else(|| "/rounds/new".to_owned(), |round| format!("/rounds/{}/edit", round.year)),
        back: round.map_or_else(|| "/rounds".to_owned(), |round| format!("/rounds/{}", round.year)),
        version: round.map_or(0, |round| round.version),
        names: Form::new(names).filled(&shown).refused(problems),
        publishes_on: day(
            "publishes_on",
            "Day on which the report comes out (optional)",
            round.and_then(|round| round.publishes_on),
        )
        .hint("At half past nine, once the round is in preview."),
        days,
        reminders: dates.then(|| {
            let label = "Remind services that have not submitted, by plan?";
            let hint = "14, 7 and 1 days before the last day, and 2 days after it, at nine o’clock.";
            yes_or_no("reminders", label, round.is_some_and(|round| round.reminders), form, problems).hint(hint)
        }),
        staffing_as_at: choose.then(|| {
            let label = "The day that staffing figures describe";
            day("staffing_as_at", label, round.map(|round| round.staffing_as_at))
        }),
        method,
        problems: !problems.is_empty(),
    }
}

fn page(web: &Web, reader: &SignedInReader, view: EditView) -> poem::Result<Response> {
    let wrong = view.problems;
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = view.heading.clone();
    web.page_with(status, "round_edit", &Page::new(&reader.reader, &title, view).with_errors(wrong).with_form(true))
}

/// What a form says of a round; what it does not show stays as it is.
fn read(form: &Posted, before: Option<&Round>) -> Result<(i32, RoundText), Vec<InputProblem>> {
    let mut problems = Vec::new();
    let text = |name: &str| form.first(name).unwrap_or_default().trim().to_owned();
    let shows = |name: &str| form.has(name);
    let mut day = |name: &'static str, before: Option<chrono::NaiveDate>| {
        if !form.has(&format!("{name}-day")) {
            return before;
        }
        DateField::read(name, form).unwrap_or_else(|()| {
            let message = "Write a day that exists, such as 1 5 2026, or leave it empty.";
            problems.push(InputProblem::new(name, "not_a_day", message));
            None
        })
    };
    let opens_on = day("opens_on", before.and_then(|round| round.opens_on));
    let closes_on = day("closes_on", before.and_then(|round| round.closes_on));
    let publishes_on = day("publishes_on", before.and_then(|round| round.publishes_on));
    let staffing = day("staffing_as_at", before.map(|round| round.staffing_as_at));
    let year = before.map_or_else(|| text("year").parse().ok(), |round| Some(round.year));
    if year.is_none() {
        problems.push(InputProblem::new("year", "not_a_year", "Write the audit year in four digits, such as 2023."));
    }
    if staffing.is_none() && problems.is_empty() {
        let message = "Say which day the staffing figures describe, such as 1 4 2024.";
        problems.push(InputProblem::new("staffing_as_at", "missing", message));
    }
    let (Some(year), Some(staffing_as_at), true) = (year, staffing, problems.is_empty()) else { return Err(problems) };
    let chosen = |name: &str, before: Option<String>| if shows(name) { text(name) } else { before.unwrap_or_default() };
    let ticked = |name: &str, before: bool| if shows(name) { text(name) == "yes" } else { before };
    let round = RoundText {
        facilities_audit: text("facilities_audit"),
        report: Some(text("report")).filter(|name| !name.is_empty()),
        opens_on,
        closes_on,
        publishes_on,
        staffing_as_at,
        questionnaire: chosen("questionnaire", before.map(|round| round.questionnaire.clone())),
        methodology: chosen("methodology", before.map(|round| round.methodology.to_string()))
            .parse()
            .unwrap_or_default(),
        standard: chosen("standard", before.map(|round| round.standard.clone())),
        sign_off: ticked("sign_off", before.is_some_and(|round| round.sign_off)),
        reminders: ticked("reminders", before.is_some_and(|round| round.reminders)),
    };
    Ok((year, round))
}

async fn load(web: &Web, reader: &SignedInReader, year: Option<i32>) -> Result<(Option<Round>, Offered), PageError> {
    let who = reader.who.clone();
    let work = move |app: &App| {
        let round = year.map(|year| rounds::one(app, &who, year)).transpose()?;
        Ok((round, offered(app, &who)?))
    };
    Ok(web.app.run(work).await?)
}

async fn save(web: &Web, reader: &SignedInReader, year: Option<i32>, form: Posted) -> poem::Result<Response> {
    let (before, offered) = load(web, reader, year).await?;
    let wrong = match read(&form, before.as_ref()) {
        Ok((year, text)) => {
            let version = form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default();
            let based_on = if before.is_some() { version } else { 0 };
            let who = reader.who.clone();
            match web.app.run(move |app| rounds::put(app, &who, year, &text, based_on)).await {
                Ok(round) => {
                    let done = if before.is_some() { "changed" } else { "added" };
                    return Ok(redirect(&address(&format!("/rounds/{}", round.year), &[("done", done)])).finish());
                }
                Err(AppError::Invalid(problems)) => problems,
                Err(error) => return Err(PageError::from(error).into()),
            }
        }
        Err(problems) => problems,
    };
    page(web, reader, view(before.as_ref(), &offered, &form, &wrong))
}

/// `GET /rounds/new`
#[handler]
pub(in crate::web) async fn new_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    let (_, offered) = load(web, &reader, None).await?;
    page(web, &reader, view(None, &offered, &Posted::default(), &[]))
}

/// `POST /rounds/new`
#[handler]
pub(in crate::web) async fn add(Data(web): Data<&Web>, reader: SignedInReader, form: Posted) -> poem::Result<Response> {
    save(web, &reader, None, form).await
}

/// `GET /rounds/{year}/edit`
#[handler]
pub(in crate::web) async fn edit_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let (round, offered) = load(web, &reader, Some(read_year(&year)?)).await?;
    page(web, &reader, view(round.as_ref(), &offered, &Posted::default(), &[]))
}

/// `POST /rounds/{year}/edit`
#[handler]
pub(in crate::web) async fn edit(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    save(web, &reader, Some(read_year(&year)?), form).await
}

/// `POST /rounds/{year}/copy`: the next year's round.
#[handler]
pub(in crate::web) async fn copy(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let version = form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default();
    let round = web.app.run(move |app| rounds::copy(app, &who, year, version)).await.map_err(PageError::from)?;
    Ok(redirect(&address(&format!("/rounds/{}", round.year), &[("done", "copied")])).finish())
}

/// `GET /rounds/{year}/discard`
#[handler]
pub(in crate::web) async fn discard_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let round = web.app.run(move |app| rounds::one(app, &who, year)).await.map_err(PageError::from)?;
    let confirm = Confirm {
        heading: format!("Throw the round of {year} away"),
        sentences: vec![
            format!("{}.", capitalised(&round.names())),
            "Nobody has answered in it. The services that are enrolled in it are enrolled no more; the history keeps \
             what it was."
                .into(),
        ],
        action: format!("/rounds/{year}/discard"),
        hidden: vec![Hidden { name: "version", value: round.version.to_string() }],
        button: "Throw it away",
        back: format!("/rounds/{year}"),
        back_text: "Back to the round",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /rounds/{year}/discard`
#[handler]
pub(in crate::web) async fn discard(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let version = form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default();
    web.app.run(move |app| rounds::discard(app, &who, year, version)).await.map_err(PageError::from)?;
    Ok(redirect(&address("/rounds", &[("done", "discarded")])).finish())
}
