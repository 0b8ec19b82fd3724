//! `/rounds/{year}/explanations`: what services said about unusual answers.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::App;
use crate::app::explanations;

/// A query with the explanation that a service gave.
#[derive(Debug, Object)]
pub struct ExplainedQuery {
    /// Unit code of the service.
    pub service: String,
    /// The response is submitted.
    pub submitted: bool,
    /// The item.
    pub link_id: String,
    /// The code of the check.
    pub code: String,
    /// What the check found.
    pub message: String,
    /// Why the answer is right, in the service's words.
    pub explanation: String,
    /// When the answer was last changed.
    pub changed_at: DateTime<Utc>,
}

/// Explained queries of a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExplainedQueryList {
    /// The queries, sorted by service, item and check.
    pub items: Vec<ExplainedQuery>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operation of explanations.
#[derive(Debug)]
pub struct Explanations;

#[OpenApi(tag = "Tag::Responses")]
impl Explanations {
    /// List the queries that services explained
    ///
    /// Of a round, drafts included. For the audit team.
    #[oai(path = "/rounds/:year/explanations", method = "get", operation_id = "list_explanations")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<ExplainedQueryList>, Refusal<404>> {
        let mut found = app.run(move |app| explanations::of_round(app, &key.0, year.0)).await?;
        let place = |one: &explanations::Explained| format!("{}.{}.{}", one.service, one.link_id, one.code);
        found.sort_by_key(place);
        let (found, next) = page(found, after.0.as_deref(), limit.0, place);
        let items = found.into_iter().map(|one| ExplainedQuery {
            service: one.service,
            submitted: one.submitted,
            link_id: one.link_id,
            code: one.code,
            message: one.message,
            explanation: one.explanation,
            changed_at: one.at,
        });
        Ok(Json(ExplainedQueryList { items: items.collect(), next }))
    }
}
