//! `/rounds/{year}/outliers`, `/rounds/{year}/queries` and `/queries/{id}`: data quality.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use super::quality_shapes::{
    DataQueryList, NewDataQuery, OutlierList, OutlierRow, QueryOwner, QueryState, QueryStep, QueryThread,
};
use crate::app::error::InputProblem;
use crate::app::quality::{self, NewQuery, Step};
use crate::app::{App, AppError};
use crate::domain::quality::query::Subject;

/// The operations of data quality.
#[derive(Debug)]
pub struct DataQuality;

/// What a new query is about; `None` where it is the figure of a KPI.
fn subject(new: &NewDataQuery) -> Result<Option<Subject>, AppError> {
    match (&new.link_id, new.kpi, &new.month) {
        (Some(link_id), None, None) => Ok(Some(Subject::Item(link_id.clone()))),
        (None, Some(kpi), Some(month)) => {
            let month = month.parse().map_err(|reason: String| AppError::invalid("month", "not_a_month", reason))?;
            Ok(Some(Subject::Month { kpi, month }))
        }
        (None, Some(_), None) => Ok(None),
        _ => {
            let message = "Name an item (link_id), a month of counts (kpi and month), or a figure (kpi alone).";
            Err(AppError::Invalid(vec![InputProblem::new("link_id", "subject", message)]))
        }
    }
}

#[OpenApi(tag = "Tag::Quality")]
impl DataQuality {
    /// List the figures of a year beyond the limits
    ///
    /// For the audit team. KPI 4 to 11 of the services that count, beyond two (alert) or three (alarm) standard deviations
    /// of the national figure, on limits that are widened for the spread between services. None of them may be published
    /// as an outlier before its query is in the state `confirmed`. Never cut into pages.
    #[oai(path = "/rounds/:year/outliers", method = "get", operation_id = "list_outliers")]
    async fn outliers(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<OutlierList>, Refusal<404>> {
        let found = app.run(move |app| quality::outliers(app, &key.0, year.0)).await?;
        Ok(Json(OutlierList {
            screened: found.screened,
            quoted: found.quoted.into(),
            items: found.rows.into_iter().filter_map(OutlierRow::of).collect(),
        }))
    }

    /// List the queries of a round
    ///
    /// Those about the services that the caller answers for; the audit team reads all.
    #[oai(path = "/rounds/:year/queries", method = "get", operation_id = "list_data_queries")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Those in this state alone.
        state: Query<Option<QueryState>>,
        /// Those that are past their day alone.
        #[oai(default)]
        overdue: Query<bool>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<DataQueryList>, Refusal<404>> {
        let mut found = app.run(move |app| quality::list(app, &key.0, year.0)).await?;
        let wanted = state.0.map(Into::into);
        found.retain(|one| wanted.is_none_or(|state| one.query.state == state) && (!overdue.0 || one.overdue));
        found.sort_by(|a, b| a.query.id.cmp(&b.query.id));
        let (items, next) = page(found, after.0.as_deref(), limit.0, |one| one.query.id.clone());
        Ok(Json(DataQueryList { items: items.into_iter().map(Into::into).collect(), next }))
    }

    /// Open a query
    ///
    /// For the audit team. The leads of the service are told by e-mail. A figure is looked into once in a year: a second
    /// query about it answers 409.
    #[oai(path = "/rounds/:year/queries", method = "post", operation_id = "open_data_query")]
    async fn open(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<NewDataQuery>,
    ) -> Result<Json<QueryThread>, Refusal<404, 409, 422>> {
        let (new, year) = (body.0, year.0);
        let work = move |app: &App| {
            if let Some(subject) = subject(&new)? {
                let NewDataQuery { service, body, due_on, .. } = new;
                quality::open(app, &key.0, &NewQuery { year, service, subject, body, due_on })
            } else {
                let figure = (year, new.service.as_str(), new.kpi.unwrap_or_default());
                quality::open_outlier(app, &key.0, figure, &new.body, new.due_on)
            }
        };
        Ok(Json(app.run(work).await?.into()))
    }

    /// Read a query with what was written about it
    #[oai(path = "/queries/:id", method = "get", operation_id = "get_data_query")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The id of the query.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Json<QueryThread>, Refusal<404>> {
        Ok(Json(app.run(move |app| quality::one(app, &key.0, &id.0)).await?.into()))
    }

    /// Take a step in a query
    ///
    /// Writes a message and leads the query to the state that it names. The service answers, checks and responds; the
    /// audit team asks, notifies, confirms and closes. Whoever is to act next is told by e-mail. A step that is based on
    /// an older version, or that the state does not allow, answers 409.
    #[oai(path = "/queries/:id/steps", method = "post", operation_id = "step_data_query")]
    async fn step(
        &self,
        key: Key,
        app: Data<&App>,
        /// The id of the query.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        body: JsonBody<QueryStep>,
    ) -> Result<Json<QueryThread>, Refusal<404, 409, 422>> {
        let QueryStep { version, to, body, due_on } = body.0;
        let step = Step { version, to: to.into(), body, due_on };
        Ok(Json(app.run(move |app| quality::take(app, &key.0, &id.0, &step)).await?.into()))
    }

    /// Hand a query to somebody of the audit team
    #[oai(path = "/queries/:id/owner", method = "put", operation_id = "hand_over_data_query")]
    async fn hand_over(
        &self,
        key: Key,
        app: Data<&App>,
        /// The id of the query.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        body: JsonBody<QueryOwner>,
    ) -> Result<Json<QueryThread>, Refusal<404, 409, 422>> {
        let QueryOwner { version, email } = body.0;
        Ok(Json(app.run(move |app| quality::hand_over(app, &key.0, &id.0, version, &email)).await?.into()))
    }
}
