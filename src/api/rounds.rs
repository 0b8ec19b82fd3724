//! `/rounds`: audit years.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use super::round_shapes::WrittenRound;
use crate::app::rounds::RoundText;
use crate::app::{App, rounds};
use crate::domain::round;

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// Being prepared.
    Draft,
    /// Services answer.
    Open,
    /// Answers are in.
    Closed,
    /// Those who take part read the results, under embargo.
    Preview,
    /// The report is out.
    Published,
}

impl From<round::RoundStatus> for RoundStatus {
    fn from(status: round::RoundStatus) -> Self {
        match status {
            round::RoundStatus::Draft => Self::Draft,
            round::RoundStatus::Open => Self::Open,
            round::RoundStatus::Closed => Self::Closed,
            round::RoundStatus::Preview => Self::Preview,
            round::RoundStatus::Published => Self::Published,
        }
    }
}

impl From<RoundStatus> for round::RoundStatus {
    fn from(status: RoundStatus) -> Self {
        match status {
            RoundStatus::Draft => Self::Draft,
            RoundStatus::Open => Self::Open,
            RoundStatus::Closed => Self::Closed,
            RoundStatus::Preview => Self::Preview,
            RoundStatus::Published => Self::Published,
        }
    }
}

/// One audit year.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Round {
    /// The audit year: the calendar year whose fractures are counted.
    pub year: i32,
    /// All its names in one line: "audit year 2021, the 2022 facilities audit, the January 2023 report".
    pub names: String,
    /// The facilities audit that asks about it.
    pub facilities_audit: String,
    /// The report that publishes it, once it has one.
    pub report: Option<String>,
    /// Where it stands.
    pub status: RoundStatus,
    /// First day on which services can answer.
    pub opens_on: Option<NaiveDate>,
    /// Last day on which services can answer.
    pub closes_on: Option<NaiveDate>,
    /// The day that staffing figures describe.
    pub staffing_as_at: NaiveDate,
    /// Version of the questionnaire.
    pub questionnaire: String,
    /// Year of the methodology.
    pub methodology: i32,
    /// Id of the staffing standard.
    pub standard: String,
    /// A clinical lead signs a response off before it can be submitted.
    pub sign_off: bool,
    /// The day on which the report comes out, at half past nine in London.
    pub publishes_on: Option<NaiveDate>,
    /// Services that have not submitted are reminded by plan.
    pub reminders: bool,
    /// The data cut that the report quotes, from the preview on.
    pub cut: Option<String>,
    /// Counts the changes of the round; a change names it.
    pub version: i64,
}

impl From<round::Round> for Round {
    fn from(round: round::Round) -> Self {
        Self {
            year: round.year,
            names: round.names(),
            facilities_audit: round.facilities_audit,
            report: round.report,
            status: round.status.into(),
            opens_on: round.opens_on,
            closes_on: round.closes_on,
            staffing_as_at: round.staffing_as_at,
            questionnaire: round.questionnaire,
            methodology: round.methodology,
            standard: round.standard,
            sign_off: round.sign_off,
            publishes_on: round.publishes_on,
            reminders: round.reminders,
            cut: round.cut,
            version: round.version,
        }
    }
}

/// Some of the rounds.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RoundList {
    /// The rounds, oldest first.
    pub items: Vec<Round>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operations on rounds.
#[derive(Debug)]
pub struct Rounds;

#[OpenApi(tag = "Tag::Rounds")]
impl Rounds {
    /// List the rounds
    ///
    /// Every audit year with its state, its days and what it is asked by, sorted by year.
    #[oai(path = "/rounds", method = "get", operation_id = "list_rounds")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<RoundList>, Refusal> {
        let rounds = app.run(move |app| rounds::list(app, &key.0)).await?;
        let (items, next) = page(rounds, after.0.as_deref(), limit.0, |round| round.year.to_string());
        Ok(Json(RoundList { items: items.into_iter().map(Round::from).collect(), next }))
    }

    /// Get a round
    ///
    /// One audit year: its names, its state, its days, and the questionnaire, methodology and standard that it is
    /// held to.
    #[oai(path = "/rounds/:year", method = "get", operation_id = "get_round")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<Round>, Refusal<404>> {
        Ok(Json(app.run(move |app| rounds::one(app, &key.0, year.0)).await?.into()))
    }

    /// Add a round, or change one
    ///
    /// For the audit team. With `version` 0 a draft is added. The method changes while it is a draft alone, the days until
    /// the preview; 409 says so. The same again changes nothing.
    #[oai(path = "/rounds/:year", method = "put", operation_id = "put_round")]
    async fn put(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<WrittenRound>,
    ) -> Result<Json<Round>, Refusal<404, 409, 422>> {
        let version = body.0.version;
        let text = RoundText::from(body.0);
        Ok(Json(app.run(move |app| rounds::put(app, &key.0, year.0, &text, version)).await?.into()))
    }

    /// Throw a draft away
    ///
    /// For the audit team: a round that is still being prepared and that nobody has answered.
    #[oai(path = "/rounds/:year", method = "delete", operation_id = "discard_round")]
    async fn discard(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The version that it was read at.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000000000")))]
        version: Query<i64>,
    ) -> Result<(), Refusal<404, 409>> {
        Ok(app.run(move |app| rounds::discard(app, &key.0, year.0, version.0)).await?)
    }
}
