//! Rounds for the audit team: which there are, how they are coming on, and running them.

mod dashboard;
pub(super) mod edit;
pub(super) mod extensions;
pub(super) mod reminders;
pub(super) mod steps;

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub(super) use dashboard::{picture, show};

use super::Web;
use super::errors::PageError;
use super::forms::address;
use super::page::Page;
use super::reader::SignedInReader;
use crate::app::responses::ResponseSummary;
use crate::domain::access::Principal;
use crate::domain::round::Round;
use crate::formats::display::{capitalised, day_and_time};
use crate::store::responses::ResponseState;

/// How many responses there are in each state.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Progress {
    services: usize,
    not_started: usize,
    in_progress: usize,
    submitted: usize,
    /// No return this year, or no service commissioned.
    without_return: usize,
}

impl Progress {
    /// Counts a list of responses.
    pub(super) fn of(responses: &[ResponseSummary]) -> Self {
        let mut progress = Self { services: responses.len(), ..Self::default() };
        for response in responses {
            match State::of(response) {
                State::NotStarted => progress.not_started += 1,
                State::InProgress => progress.in_progress += 1,
                State::Submitted => progress.submitted += 1,
                State::NoReturn | State::NotCommissioned => progress.without_return += 1,
            }
        }
        progress
    }
}

/// How far a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    NotStarted,
    InProgress,
    Submitted,
    NoReturn,
    NotCommissioned,
}

impl State {
    /// How far a response is.
    pub(super) fn of(summary: &ResponseSummary) -> Self {
        match summary.response.state {
            ResponseState::Submitted => Self::Submitted,
            ResponseState::NoReturn => Self::NoReturn,
            ResponseState::NotCommissioned => Self::NotCommissioned,
            ResponseState::InProgress if summary.started => Self::InProgress,
            ResponseState::InProgress => Self::NotStarted,
        }
    }

    /// The words of the state, and the colour of its tag.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotStarted => ("Not started", "grey"),
            Self::InProgress => ("In progress", "blue"),
            Self::Submitted => ("Submitted", "green"),
            Self::NoReturn => ("No return this year", "grey"),
            Self::NotCommissioned => ("No service commissioned", "grey"),
        }
    }
}

/// A round in a list.
#[derive(Debug, Serialize)]
pub(super) struct RoundView {
    year: i32,
    names: String,
    status: &'static str,
    progress: Progress,
    responses: String,
    gaps: String,
}

impl RoundView {
    /// A round with the state of its responses.
    pub(super) fn new(round: &Round, responses: &[ResponseSummary]) -> Self {
        Self {
            year: round.year,
            names: capitalised(&round.names()),
            status: round.status.label(),
            progress: Progress::of(responses),
            responses: format!("/rounds/{}/responses", round.year),
            gaps: address("/gaps", &[("year", &round.year.to_string())]),
        }
    }
}

/// The rounds, newest first, each with its progress.
pub(super) async fn round_views(web: &Web, who: &Principal, rounds: Vec<Round>) -> Result<Vec<RoundView>, PageError> {
    let who = who.clone();
    let work = move |app: &crate::app::App| {
        let view = |round: &Round| Ok(RoundView::new(round, &crate::app::responses::list(app, &who, round.year)?));
        rounds.iter().rev().map(view).collect()
    };
    Ok(web.app.run(work).await?)
}

#[derive(Debug, Serialize)]
struct RoundsView {
    rounds: Vec<RoundView>,
    notice: &'static str,
    /// Which round the next year's is copied from.
    copy: Option<CopyView>,
}

#[derive(Debug, Serialize)]
struct CopyView {
    action: String,
    version: i64,
    from: i32,
    year: i32,
}

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// `GET /rounds`: for the audit team.
#[handler]
pub(super) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let last = rounds.last().map(|round| (round.year, round.version));
    let view = RoundsView {
        rounds: round_views(web, &reader.who, rounds).await?,
        notice: if asked.done.as_deref() == Some("discarded") { "The round was thrown away." } else { "" },
        copy: last.map(|(from, version)| CopyView {
            action: format!("/rounds/{from}/copy"),
            version,
            from,
            year: from + 1,
        }),
    };
    web.page("rounds", &Page::new(&reader.reader, "Rounds", view))
}

#[derive(Debug, Serialize)]
struct ResponseRow {
    code: String,
    name: String,
    state: &'static str,
    tag: &'static str,
    imported: bool,
    changed: Option<String>,
    submitted: Option<String>,
    href: String,
}

impl ResponseRow {
    fn new(year: i32, summary: &ResponseSummary) -> Self {
        let (state, tag) = State::of(summary).words();
        Self {
            code: summary.service.code.clone(),
            name: summary.service.name.clone(),
            state,
            tag,
            imported: summary.response.imported,
            changed: summary.response.updated_at.filter(|_| summary.started).map(day_and_time),
            submitted: summary.response.submitted_at.map(day_and_time),
            href: format!("/survey/{year}/{}", summary.service.code),
        }
    }
}

#[derive(Debug, Serialize)]
struct OneRoundView {
    round: RoundView,
    rows: Vec<ResponseRow>,
}

/// `GET /rounds/{year}/responses`: for the audit team.
#[handler]
pub(super) async fn every_response(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let who = reader.who.clone();
    let (round, responses) = web
        .app
        .run(move |app| Ok((crate::app::rounds::one(app, &who, year)?, crate::app::responses::list(app, &who, year)?)))
        .await
        .map_err(PageError::from)?;
    let view = OneRoundView {
        round: RoundView::new(&round, &responses),
        rows: responses.iter().map(|summary| ResponseRow::new(year, summary)).collect(),
    };
    let title = format!("Responses for audit year {year}");
    web.page("round_responses", &Page::new(&reader.reader, &title, view))
}

/// An audit year in an address.
pub(super) fn read_year(text: &str) -> Result<i32, PageError> {
    text.parse().map_err(|_| PageError::not_found(format!("{text:?} is not an audit year, such as 2021.")))
}
