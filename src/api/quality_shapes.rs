//! The shapes of data quality: queries to services, and figures beyond the limits.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::{Enum, Object};
use serde::Deserialize;

use super::kpi_shapes::Quoted;
use crate::app::quality as app;
use crate::domain::quality::{outlier, query};

/// Where a query stands: a question is asked, answered, resolved; an outlier goes from the data check over notified and
/// responded to confirmed or dismissed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum QueryState {
    /// The service is asked.
    Asked,
    /// It has answered.
    Answered,
    /// The audit team has what it asked for.
    Resolved,
    /// The service is asked to check its data.
    DataCheck,
    /// It has checked them.
    DataChecked,
    /// The service has been told that its figure is an outlier, and is asked to respond.
    Notified,
    /// It has responded.
    Responded,
    /// The figure stands as an outlier, and may be published as one.
    Confirmed,
    /// It is none.
    Dismissed,
}

use query::QueryState as Stored;

impl From<Stored> for QueryState {
    fn from(state: Stored) -> Self {
        match state {
            Stored::Asked => Self::Asked,
            Stored::Answered => Self::Answered,
            Stored::Resolved => Self::Resolved,
            Stored::DataCheck => Self::DataCheck,
            Stored::DataChecked => Self::DataChecked,
            Stored::Notified => Self::Notified,
            Stored::Responded => Self::Responded,
            Stored::Confirmed => Self::Confirmed,
            Stored::Dismissed => Self::Dismissed,
        }
    }
}

impl From<QueryState> for Stored {
    fn from(state: QueryState) -> Self {
        match state {
            QueryState::Asked => Self::Asked,
            QueryState::Answered => Self::Answered,
            QueryState::Resolved => Self::Resolved,
            QueryState::DataCheck => Self::DataCheck,
            QueryState::DataChecked => Self::DataChecked,
            QueryState::Notified => Self::Notified,
            QueryState::Responded => Self::Responded,
            QueryState::Confirmed => Self::Confirmed,
            QueryState::Dismissed => Self::Dismissed,
        }
    }
}

/// Who is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The audit team.
    AuditTeam,
    /// The service.
    Service,
}

impl From<query::Side> for WaitsFor {
    fn from(side: query::Side) -> Self {
        match side {
            query::Side::Team => Self::AuditTeam,
            query::Side::Service => Self::Service,
        }
    }
}

/// How far out a figure lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum OutlierLevel {
    /// Beyond two standard deviations.
    Alert,
    /// Beyond three.
    Alarm,
}

/// A figure beyond the limits.
#[derive(Debug, Clone, Object)]
pub struct OutlierFigure {
    /// Cases above the line.
    pub numerator: i64,
    /// Cases under the line.
    pub denominator: f64,
    /// The figure, in per cent.
    pub percent: f64,
    /// The pooled figure of the services that count, in per cent.
    pub national_percent: f64,
    /// Its distance from that in standard deviations that are widened for the spread between services; negative below.
    pub z: f64,
    /// How far out it lies.
    pub level: OutlierLevel,
}

impl From<&outlier::Outlier> for OutlierFigure {
    fn from(outlier: &outlier::Outlier) -> Self {
        Self {
            numerator: outlier.numerator,
            denominator: outlier.denominator,
            percent: outlier.percent,
            national_percent: outlier.national,
            z: outlier.z,
            level: match outlier.level {
                outlier::Level::Alert => OutlierLevel::Alert,
                outlier::Level::Alarm => OutlierLevel::Alarm,
            },
        }
    }
}

/// A figure of a year beyond the limits, or one that was when somebody began to look into it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OutlierRow {
    /// Unit code of the service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// 4 to 11.
    pub kpi: i32,
    /// The KPI's name.
    pub kpi_name: String,
    /// The figure as it stands; absent where it lies beyond the limits no more.
    pub figure: Option<OutlierFigure>,
    /// The id of the query about it.
    pub query: Option<String>,
    /// Where that query stands.
    pub state: Option<QueryState>,
}

impl OutlierRow {
    /// A row; `None` of one that says nothing of any figure.
    pub fn of(row: app::OutlierRow) -> Option<Self> {
        Some(Self {
            kpi: row.figure()?.kpi,
            service: row.service.code,
            name: row.service.name,
            kpi_name: row.kpi_name,
            figure: row.now.as_ref().map(Into::into),
            state: row.query.as_ref().map(|query| query.state.into()),
            query: row.query.map(|query| query.id),
        })
    }
}

/// The figures of a year beyond the limits.
#[derive(Debug, Object)]
pub struct OutlierList {
    /// Figures that were screened.
    pub screened: usize,
    /// What it was worked out from.
    pub quoted: Quoted,
    /// The figures: the furthest out first, then those that lie beyond the limits no more.
    pub items: Vec<OutlierRow>,
}

/// What a query is about: an item, a month of a KPI, or the figure of a KPI of the year.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct QuerySubject {
    /// The item, of an answer.
    pub link_id: Option<String>,
    /// The KPI, of counts and of outliers.
    pub kpi: Option<i32>,
    /// The month, of counts: `YYYY-MM`.
    pub month: Option<String>,
}

impl From<&query::Subject> for QuerySubject {
    fn from(subject: &query::Subject) -> Self {
        let (link_id, kpi, month) = match subject {
            query::Subject::Item(link_id) => (Some(link_id.clone()), None, None),
            query::Subject::Month { kpi, month } => (None, Some(*kpi), Some(month.to_string())),
            query::Subject::Outlier { kpi } => (None, Some(*kpi), None),
        };
        Self { link_id, kpi, month }
    }
}

/// A query of the audit team to a service.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DataQuery {
    /// Its id.
    pub id: String,
    /// The audit year.
    pub year: i32,
    /// Unit code of the service.
    pub service: String,
    /// What it is about.
    pub subject: QuerySubject,
    /// The same in words.
    pub about: String,
    /// Of an outlier: the figure as it was when the query was opened.
    pub figure: Option<OutlierFigure>,
    /// Where it stands.
    pub state: QueryState,
    /// Who is to act; absent once it is closed.
    pub waits_for: Option<WaitsFor>,
    /// Who of the audit team looks after it, by name.
    pub owner: String,
    /// By when somebody is to act; absent once it is closed.
    pub due_on: Option<NaiveDate>,
    /// That day is past.
    pub overdue: bool,
    /// Days since it was opened; of a closed one until it was closed.
    pub days_open: i64,
    /// Counts its changes, from 1: a step names it.
    pub version: i64,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Since when it is in its state.
    pub moved_at: DateTime<Utc>,
}

impl From<app::DataQuery> for DataQuery {
    fn from(found: app::DataQuery) -> Self {
        let stored = found.query;
        Self {
            subject: (&stored.subject).into(),
            figure: stored.found.as_ref().map(Into::into),
            state: stored.state.into(),
            waits_for: stored.state.waits_for().map(Into::into),
            id: stored.id,
            year: stored.year,
            service: stored.service,
            about: found.about,
            owner: found.owner,
            due_on: stored.due_on,
            overdue: found.overdue,
            days_open: found.days,
            version: stored.version,
            opened_at: stored.opened_at,
            moved_at: stored.moved_at,
        }
    }
}

/// Queries.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DataQueryList {
    /// The queries, sorted by id.
    pub items: Vec<DataQuery>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// What somebody wrote in a query.
#[derive(Debug, Object)]
pub struct QueryMessage {
    /// Its id.
    pub id: String,
    /// What to call the author.
    pub author: String,
    /// By the audit team.
    pub from_team: bool,
    /// The state to which it led.
    pub state: QueryState,
    /// The words.
    pub body: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

/// A query with everything that was written about it.
#[derive(Debug, Object)]
pub struct QueryThread {
    /// The query.
    pub query: DataQuery,
    /// The messages, the oldest first.
    pub messages: Vec<QueryMessage>,
    /// The states to which the reader may lead it.
    pub may_lead_to: Vec<QueryState>,
}

impl From<app::QueryThread> for QueryThread {
    fn from(thread: app::QueryThread) -> Self {
        let message = |named: app::NamedMessage| QueryMessage {
            id: named.message.id,
            author: named.author,
            from_team: named.message.from_team,
            state: named.message.state.into(),
            body: named.message.body,
            written_at: named.message.at,
        };
        Self {
            messages: thread.messages.into_iter().map(message).collect(),
            may_lead_to: thread.may.into_iter().map(Into::into).collect(),
            query: thread.query.into(),
        }
    }
}

/// A query to be opened: about an item (`link_id`), a month of counts (`kpi` and `month`), or the figure of a KPI that
/// lies beyond the limits (`kpi` alone).
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDataQuery {
    /// Unit code of the service.
    #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
    pub service: String,
    /// The item.
    #[oai(validator(max_length = 100))]
    pub link_id: Option<String>,
    /// The KPI.
    #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
    pub kpi: Option<i32>,
    /// The month, `YYYY-MM`.
    #[oai(validator(pattern = "^[0-9]{4}-[0-9]{2}$"))]
    pub month: Option<String>,
    /// What is asked.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub body: String,
    /// By when the service is to answer; without it in the usual time of 14 days.
    pub due_on: Option<NaiveDate>,
}

/// What somebody writes, and where it leads.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryStep {
    /// The version of the query that it is based on.
    #[oai(validator(minimum(value = "1")))]
    pub version: i64,
    /// The state to which it leads: one of `may_lead_to`.
    pub to: QueryState,
    /// The words.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub body: String,
    /// By when whoever is next is to act, for the audit team to say; without it in the usual time.
    pub due_on: Option<NaiveDate>,
}

/// Whom a query is handed to.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryOwner {
    /// The version of the query that it is based on.
    #[oai(validator(minimum(value = "1")))]
    pub version: i64,
    /// The e-mail address of somebody of the audit team.
    #[oai(validator(min_length = 3, max_length = 254))]
    pub email: String,
}
