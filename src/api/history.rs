//! `/history` and the history of a response: who did what, chained so that a change would show.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, OpenApi};

use super::Tag;
use super::access_shapes::{HistoryEntry, HistoryList};
use super::key::Key;
use super::paging::default_limit;
use super::problem::{Problem, Refusal};
use crate::app::App;
use crate::app::history::{self, HistoryFilter, NamedEntry};

/// What a history is kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ObjectKind {
    /// Responses.
    Response,
    /// Accounts.
    Account,
    /// API keys.
    Key,
    /// Rounds.
    Round,
    /// Imports.
    Import,
    /// Texts.
    Text,
    /// KPI counts.
    Counts,
    /// Expected caseloads.
    Caseload,
    /// Staffing standards.
    Standard,
    /// Scenarios.
    Scenario,
}

impl ObjectKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Account => "account",
            Self::Key => "key",
            Self::Round => "round",
            Self::Import => "import",
            Self::Text => "text",
            Self::Counts => "counts",
            Self::Caseload => "caseload",
            Self::Standard => "standard",
            Self::Scenario => "scenario",
        }
    }
}

/// Where a page of the whole history goes on: time, place and object of its last entry.
fn cursor(last: &NamedEntry) -> String {
    let at = last.entry.at.timestamp_micros();
    format!("{at}~{}~{}", last.entry.seq, last.entry.object)
}

fn read_cursor(text: &str) -> Result<(DateTime<Utc>, String, i64), Problem> {
    let parts: Vec<&str> = text.splitn(3, '~').collect();
    let read = match parts.as_slice() {
        [at, seq, object] => {
            let at = at.parse().ok().and_then(DateTime::from_timestamp_micros);
            at.zip(seq.parse().ok()).map(|(at, seq)| (at, (*object).to_owned(), seq))
        }
        _ => None,
    };
    read.ok_or_else(|| {
        Problem::parameter("after", "bad_parameter", "`after` must be the `next` of a page before.".into())
    })
}

/// The operations on the history.
#[derive(Debug)]
pub struct History;

#[OpenApi(tag = "Tag::Access")]
impl History {
    /// List the whole history
    ///
    /// What happened to responses, accounts, keys, rounds, imports and texts, the newest first. For the audit team.
    #[oai(path = "/history", method = "get", operation_id = "list_history")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// Of objects of this kind alone.
        kind: Query<Option<ObjectKind>>,
        /// Of this actor alone: `account:ID`, `key:ID`, `link:ID`, `command`, `job`.
        #[oai(validator(max_length = 80))]
        actor: Query<Option<String>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        #[oai(validator(pattern = "^[0-9]{1,16}~[0-9]{1,9}~[ -~]{1,200}$"))]
        after: Query<Option<String>>,
    ) -> Result<Json<HistoryList>, Refusal> {
        let before = after.0.as_deref().map(read_cursor).transpose()?;
        let kind = kind.0.map(|kind| kind.as_str().to_owned());
        let filter = HistoryFilter { actor: actor.0, kind, object: None, before };
        let entries = app.run(move |app| history::newest(app, &key.0, &filter, limit.0 + 1)).await?;
        Ok(Json(cut(entries, limit.0, cursor)))
    }

    /// List the history of a response
    ///
    /// The oldest first.
    #[oai(path = "/rounds/:year/responses/:service/history", method = "get", operation_id = "list_response_history")]
    async fn of_response(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        #[oai(validator(minimum(value = "0"), maximum(value = "999999999999")))]
        after: Query<Option<i64>>,
    ) -> Result<Json<HistoryList>, Refusal<404>> {
        let after = after.0.unwrap_or(0);
        let read =
            app.run(move |app| history::of_response(app, &key.0, year.0, &service.0, after, limit.0 + 1)).await?;
        Ok(Json(cut(read, limit.0, |last| last.entry.seq.to_string())))
    }
}

/// A page of `limit` entries out of one more, which tells whether there is a next.
fn cut(mut entries: Vec<NamedEntry>, limit: i64, key: impl Fn(&NamedEntry) -> String) -> HistoryList {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(key);
    HistoryList { items: entries.into_iter().map(HistoryEntry::from).collect(), next }
}
