//! Reminding services that have not submitted: whom, with which words, and what would go out.

use std::collections::BTreeSet;

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::read_year;
use crate::app::error::InputProblem;
use crate::app::reminders::{self, NonSubmitter, PLACEHOLDERS};
use crate::app::rounds::{self, PlannedJob};
use crate::app::{App, AppError};
use crate::domain::round::{Act, JobKind, Round};
use crate::formats::display::{capitalised, day, london_day, london_time};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::Web;
use crate::web::costs::csv;
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
    started: bool,
    until: String,
    reminded: String,
    people: usize,
    /// Why it cannot be reminded now; empty where it can.
    not_now: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct Preview {
    service: String,
    subject: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct Step {
    when: String,
    outcome: String,
    past: bool,
}

#[derive(Debug, Serialize)]
struct RemindersView {
    year: i32,
    names: String,
    notice: String,
    may_remind: bool,
    rows: Vec<Row>,
    can_choose: bool,
    placeholders: String,
    form: Form,
    services_error: String,
    preview: Option<Preview>,
    plan: Vec<Step>,
    plan_is_on: bool,
    file: String,
}

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Asked {
    services: Option<usize>,
    people: Option<usize>,
    left_out: Option<usize>,
}

fn not_now(late: &NonSubmitter) -> String {
    match late.not_before {
        Some(from) => format!("Reminded a short while ago; again from {}", london_day(from)),
        None if late.people == 0 => "Nobody has an account".into(),
        None => String::new(),
    }
}

fn row(late: &NonSubmitter, chosen: Option<&BTreeSet<&str>>) -> Row {
    let not_now = not_now(late);
    let reminded = match (late.reminders, late.reminded_at) {
        (0, _) | (_, None) => "never".to_owned(),
        (1, Some(at)) => format!("once, on {}", london_day(at)),
        (times, Some(at)) => format!("{times} times, last on {}", london_day(at)),
    };
    Row {
        code: late.service.code.clone(),
        name: late.service.name.clone(),
        started: late.started,
        until: late.until.map_or_else(|| "no last day".to_owned(), day),
        reminded,
        people: late.people,
        // Before anything was chosen, all that can be are.
        chosen: not_now.is_empty() && chosen.is_none_or(|chosen| chosen.contains(late.service.code.as_str())),
        not_now,
    }
}

fn step(job: &PlannedJob) -> Option<Step> {
    matches!(job.kind, JobKind::Remind(_)).then(|| Step {
        when: capitalised(&london_time(job.due_at)),
        outcome: job.outcome.clone().or_else(|| job.last_error.clone()).unwrap_or_else(|| "To come.".into()),
        past: job.done_at.is_some(),
    })
}

fn sent_words(asked: &Asked) -> String {
    let (Some(services), Some(people)) = (asked.services, asked.people) else { return String::new() };
    let plural = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let people = if people == 1 { "1 person is".to_owned() } else { format!("{people} people are") };
    let mut words = format!("{} reminded: {people} written to.", plural(services, "service"));
    if let Some(left_out) = asked.left_out.filter(|n| *n > 0) {
        words.push_str(&format!(" {} left out, since they are not to be reminded now.", plural(left_out, "service")));
    }
    words
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    year: i32,
    form: &Posted,
    problems: &[InputProblem],
    preview: Option<Preview>,
    notice: String,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let work = move |app: &App| {
        let round: Round = rounds::one(app, &who, year)?;
        let late = reminders::non_submitters(app, &who, year)?;
        Ok((round, late, reminders::wording(app, &who)?, rounds::jobs(app, &who, year)?))
    };
    let (round, late, wording, jobs) = web.app.run(work).await.map_err(PageError::from)?;
    let chosen: BTreeSet<&str> = form.all("service").iter().map(String::as_str).collect();
    let rows: Vec<Row> = late.iter().map(|late| row(late, (!form.is_empty()).then_some(&chosen))).collect();
    let placeholders: Vec<String> =
        PLACEHOLDERS.iter().map(|(word, stands_for)| format!("{word} is {stands_for}")).collect();
    let field = Field::lines("wording", "What the reminder says", 10).value(form.first("wording").unwrap_or(&wording));
    let wrong = !problems.is_empty();
    let services_error = problems.iter().find(|problem| problem.field == "services");
    let view = RemindersView {
        year,
        names: capitalised(&round.names()),
        notice,
        may_remind: round.status.allows(Act::Remind),
        can_choose: rows.iter().any(|row| row.not_now.is_empty()),
        rows,
        placeholders: format!("{}.", placeholders.join("; ")),
        form: Form::new([field]).refused(problems),
        services_error: services_error.map(|problem| problem.message.clone()).unwrap_or_default(),
        preview,
        plan: jobs.iter().filter_map(step).collect(),
        plan_is_on: round.reminders,
        file: format!("/rounds/{year}/non-submitters.csv"),
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Reminders in the round of {year}");
    web.page_with(
        status,
        "round_reminders",
        &Page::new(&reader.reader, &title, view).with_errors(wrong).with_form(true),
    )
}

/// `GET /rounds/{year}/reminders`
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    page(web, &reader, read_year(&year)?, &Posted::default(), &[], None, sent_words(&asked)).await
}

/// `POST /rounds/{year}/reminders`: shows what would go out, or sends it.
#[handler]
pub(in crate::web) async fn send(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let wording = form.first("wording").unwrap_or_default().to_owned();
    let services = form.all("service").to_vec();
    if form.first("then") == Some("preview") {
        let first = services.first().cloned();
        let shown = move |app: &App| {
            let late = reminders::non_submitters(app, &who, year)?;
            let Some(service) = first.or_else(|| late.first().map(|late| late.service.code.clone())) else {
                return Ok(None);
            };
            let words = reminders::preview(app, &who, year, &service, &wording)?;
            Ok(Some(Preview { service, subject: words.subject, text: words.text }))
        };
        return match web.app.run(shown).await {
            Ok(preview) => page(web, &reader, year, &form, &[], preview, String::new()).await,
            Err(AppError::Invalid(problems)) => page(web, &reader, year, &form, &problems, None, String::new()).await,
            Err(error) => Err(PageError::from(error).into()),
        };
    }
    match web.app.run(move |app| reminders::send(app, &who, year, &services, &wording)).await {
        Ok(sent) => {
            let number = |n: usize| n.to_string();
            let query = [
                ("services", number(sent.services.len())),
                ("people", number(sent.people)),
                ("left_out", number(sent.left_out.len())),
            ];
            let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Ok(redirect(&address(&format!("/rounds/{year}/reminders"), &query)).finish())
        }
        Err(AppError::Invalid(problems)) => page(web, &reader, year, &form, &problems, None, String::new()).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// The services that have not submitted, as a table.
fn table(year: i32, late: &[NonSubmitter]) -> Table {
    let row = |late: &NonSubmitter| TableRow {
        own: false,
        cells: vec![
            Cell::text(&late.service.code),
            Cell::text(&late.service.name),
            Cell::text(&late.service.area_code),
            Cell::text(if late.started { "in_progress" } else { "not_started" }),
            late.until.map_or_else(|| Cell::missing(""), |until| Cell::text(until.to_string())),
            Cell::count(i64::try_from(late.people).ok()),
            Cell::count(i64::try_from(late.reminders).ok()),
            late.reminded_at.map_or_else(|| Cell::missing(""), |at| Cell::text(at.to_rfc3339())),
        ],
    };
    Table {
        caption: format!("Services that have not submitted for {year}"),
        columns: vec![
            Column::text("service_code", "Service"),
            Column::text("name", "Name"),
            Column::text("area_code", "Area"),
            Column::text("state", "State"),
            Column::text("until", "Last day"),
            Column::number("people", "People"),
            Column::number("reminders", "Reminders"),
            Column::text("reminded_at", "Last reminded"),
        ],
        rows: late.iter().map(row).collect(),
    }
}

/// `GET /rounds/{year}/non-submitters.csv`
#[handler]
pub(in crate::web) async fn non_submitters_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let late = web.app.run(move |app| reminders::non_submitters(app, &who, year)).await.map_err(PageError::from)?;
    Ok(csv(&table(year, &late), &format!("non-submitters-{year}.csv"))?)
}
