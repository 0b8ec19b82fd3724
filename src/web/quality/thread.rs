//! One query: what was written, and going on with it.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::asking::due_of;
use super::outliers::people_of;
use super::{tag, waits_for};
use crate::app::error::InputProblem;
use crate::app::quality::{self, NamedMessage, QueryThread, Step};
use crate::app::{App, AppError};
use crate::domain::quality::query::{QueryState, Side, Subject};
use crate::formats::display::{capitalised, day, day_and_time};
use crate::web::Web;
use crate::web::choices::{Choice, Choices, DateField};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::{Posted, address};
use crate::web::kpis::percent_words;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct MessageView {
    author: String,
    from_team: bool,
    at: String,
    state: &'static str,
    lines: Vec<String>,
}

impl From<&NamedMessage> for MessageView {
    fn from(named: &NamedMessage) -> Self {
        let message = &named.message;
        Self {
            author: capitalised(&named.author),
            from_team: message.from_team,
            at: day_and_time(message.at),
            state: message.state.label(),
            lines: message.body.lines().map(ToOwned::to_owned).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct ThreadView {
    id: String,
    year: i32,
    version: i64,
    service: String,
    service_name: String,
    about: String,
    notice: &'static str,
    state: &'static str,
    tag: &'static str,
    waits: &'static str,
    due: String,
    overdue: bool,
    days: i64,
    owner: String,
    team: bool,
    /// The figure as it was, of an outlier.
    figure: String,
    /// Where what it is about can be seen and put right.
    see: Vec<See>,
    messages: Vec<MessageView>,
    /// Where the reader may lead it; none where it is closed to them.
    steps: Option<Choices>,
    /// The only step there is.
    only: String,
    due_on: Option<DateField>,
    form: Form,
    owner_form: Form,
}

#[derive(Debug, Serialize)]
struct See {
    href: String,
    text: &'static str,
}

fn see(thread: &QueryThread) -> Vec<See> {
    let query = &thread.query.query;
    let (year, service) = (query.year, query.service.as_str());
    let counts = || See { href: "/kpis/upload".to_owned(), text: "Correct the counts" };
    match &query.subject {
        Subject::Item(link_id) => vec![
            See { href: format!("/survey/{year}/{service}/comments/{link_id}"), text: "The question and its comments" },
            See { href: format!("/survey/{year}/{service}"), text: "The response" },
        ],
        Subject::Month { kpi, .. } => {
            let run = format!("/kpis/{kpi}/run-chart");
            vec![See { href: address(&run, &[("service", service)]), text: "The run chart" }, counts()]
        }
        Subject::Outlier { kpi } => {
            let funnel = format!("/kpis/{kpi}/funnel");
            let asked = [("year", year.to_string())];
            let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
            vec![See { href: address(&funnel, &asked), text: "The funnel plot" }, counts()]
        }
    }
}

/// What a step does, in the words of whoever takes it.
fn step_words(to: QueryState, from: QueryState) -> &'static str {
    match to {
        QueryState::Asked if from == QueryState::Resolved => "Open it again",
        QueryState::Asked => "Ask on",
        QueryState::Answered => "Answer",
        QueryState::Resolved => "Close it: the answer is enough",
        QueryState::DataCheck if from.waits_for().is_none() => "Open it again with a data check",
        QueryState::DataCheck => "Ask for a data check again",
        QueryState::DataChecked => "Say that the data are checked",
        QueryState::Notified if from == QueryState::Notified || from == QueryState::Responded => "Ask on",
        QueryState::Notified => "Notify the service of an outlier and ask for its response",
        QueryState::Responded => "Respond",
        QueryState::Confirmed => "Confirm: the figure stands as an outlier and may be published",
        QueryState::Dismissed => "Close it: the figure is no outlier",
    }
}

fn page(
    web: &Web,
    reader: &SignedInReader,
    thread: &QueryThread,
    (form, problems): (&Posted, &[InputProblem]),
    notice: &'static str,
) -> poem::Result<Response> {
    let found = &thread.query;
    let stored = &found.query;
    let usual = thread.may.first().map(|state| state.as_str()).unwrap_or_default();
    let chosen = form.first("to").unwrap_or(usual);
    let choices: Vec<Choice> =
        thread.may.iter().map(|to| Choice::new(to.as_str(), step_words(*to, stored.state), chosen)).collect();
    let team = thread.side == Side::Team;
    let several = choices.len() > 1;
    let body =
        Field::lines("body", "What you write", 5).hint("The audit team and the service read it. Name no patients.");
    let email = Field::email("E-mail address of somebody of the audit team", "off");
    let view = ThreadView {
        id: stored.id.clone(),
        year: stored.year,
        version: stored.version,
        service: stored.service.clone(),
        service_name: found.service.name.clone(),
        about: found.about.clone(),
        notice,
        state: stored.state.label(),
        tag: tag(stored.state),
        waits: waits_for(stored.state),
        due: stored.due_on.map(day).unwrap_or_default(),
        overdue: found.overdue,
        days: found.days,
        owner: capitalised(&found.owner),
        team,
        figure: stored.found.as_ref().map_or_else(String::new, |outlier| {
            format!(
                "{} ({}), {} than the national {}: {} standard deviations, {}.",
                percent_words(Some(outlier.percent)),
                people_of(outlier),
                outlier.side(),
                percent_words(Some(outlier.national)),
                format!("{:.1}", outlier.z).replace('-', "−"),
                outlier.level.as_str()
            )
        }),
        see: see(thread),
        messages: thread.messages.iter().map(Into::into).collect(),
        only: thread.may.first().map(|to| step_words(*to, stored.state)).unwrap_or_default().to_owned(),
        steps: several.then(|| Choices::new("to", "What follows", choices, problems)),
        due_on: team.then(|| {
            DateField::new("due_on", "By when the others are to act (optional)", form, None, problems)
                .hint("Left empty, in the usual time.")
        }),
        form: Form::new([body]).filled(form).refused(problems),
        owner_form: Form::new([email]).filled(form).beside(problems),
    };
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Query: {} of {}", found.about, stored.service);
    web.page_with(status, "query", &Page::new(&reader.reader, &title, view).with_errors(wrong).with_form(true))
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Asked {
    done: Option<String>,
}

async fn load(web: &Web, reader: &SignedInReader, id: &str) -> Result<QueryThread, PageError> {
    let (who, id) = (reader.who.clone(), id.to_owned());
    Ok(web.app.run(move |app| quality::one(app, &who, &id)).await?)
}

/// `GET /queries/{id}`
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let notice = match asked.done.as_deref() {
        Some("opened") => "The query is open, and the leads of the service are written to.",
        Some("sent") => "Saved. Whoever is to act next is written to.",
        Some("handed_over") => "The query has another owner.",
        _ => "",
    };
    page(web, &reader, &load(web, &reader, &id).await?, (&Posted::default(), &[]), notice)
}

fn version_of(form: &Posted) -> i64 {
    form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default()
}

/// Goes on, or shows the thread again with what is wrong or has moved: what was written stays in its field.
async fn went(
    web: &Web,
    reader: &SignedInReader,
    id: &str,
    form: &Posted,
    (result, done): (Result<QueryThread, AppError>, &str),
) -> poem::Result<Response> {
    let problems = match result {
        Ok(_) => return Ok(redirect(&address(&format!("/queries/{id}"), &[("done", done)])).finish()),
        Err(AppError::Invalid(problems)) => problems,
        Err(AppError::Refused { code, reason }) => vec![InputProblem::new("body", code, reason)],
        Err(error) => return Err(PageError::from(error).into()),
    };
    page(web, reader, &load(web, reader, id).await?, (form, &problems), "")
}

/// `POST /queries/{id}`: takes a step.
#[handler]
pub(in crate::web) async fn step(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let (of, body) = (id.clone(), form.first("body").unwrap_or_default().to_owned());
    let (version, to, due_on) = (version_of(&form), form.first("to").map(str::parse::<QueryState>), due_of(&form));
    let work = move |app: &App| {
        let to = match to {
            Some(Ok(to)) => to,
            Some(Err(_)) => return Err(AppError::invalid("to", "unknown", "Choose what follows.")),
            // Where there is one way on, the form does not ask.
            None => quality::one(app, &who, &of)?.may.first().copied().ok_or_else(|| {
                AppError::invalid("to", "closed", "The query is closed; the audit team can open it again.")
            })?,
        };
        quality::take(app, &who, &of, &Step { version, to, body, due_on: due_on? })
    };
    let result = web.app.run(work).await;
    went(web, &reader, &id, &form, (result, "sent")).await
}

/// `POST /queries/{id}/owner`
#[handler]
pub(in crate::web) async fn hand_over(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, of) = (reader.who.clone(), id.clone());
    let (version, email) = (version_of(&form), form.first("email").unwrap_or_default().to_owned());
    let work = move |app: &App| quality::hand_over(app, &who, &of, version, &email);
    let result = web.app.run(work).await.map_err(|error| match error {
        // The form calls the field by what it holds.
        AppError::Invalid(problems) => AppError::Invalid(
            problems.into_iter().map(|problem| InputProblem { field: "email".into(), ..problem }).collect(),
        ),
        other => other,
    });
    went(web, &reader, &id, &form, (result, "handed_over")).await
}
