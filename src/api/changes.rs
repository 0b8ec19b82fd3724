//! `/changes`: what has changed since, for who keeps a copy.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::paging::default_limit;
use super::problem::Refusal;
use crate::app::{App, changes};

/// A change of something.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Change {
    /// Its place among all changes, from 1, without gaps.
    pub position: i64,
    /// What has changed, as the history names it: `response/2022/FLS012`, `counts/FLS012`, `scenario/ID`.
    pub object: String,
    /// Its place in the object's own history.
    pub seq: i64,
    /// What was done, as the history says it; `deleted`, `removed` and `erased` take something away.
    pub action: String,
    /// To which part of the object, such as an item.
    pub item: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: String,
}

impl From<changes::Change> for Change {
    fn from(change: changes::Change) -> Self {
        Self {
            position: change.position,
            object: change.object,
            seq: change.seq,
            action: change.action,
            item: Some(change.item).filter(|item| !item.is_empty()),
            at: change.at,
            actor: change.actor,
        }
    }
}

/// Changes in their order.
#[derive(Debug, Object)]
pub struct ChangeList {
    /// The changes.
    pub items: Vec<Change>,
    /// Where to go on, now or later: the position of the last change, or `after` where there was none.
    pub next: i64,
}

/// The operations on changes.
#[derive(Debug)]
pub struct Changes;

#[OpenApi(tag = "Tag::Files")]
impl Changes {
    /// List what has changed
    ///
    /// Every change of answers, counts, rounds, caseloads, standards, scenarios, accounts and keys, removals too, in the
    /// order in which they became visible. Ask again with `after` set to the last `next`: nothing is missed, whatever was
    /// under way meanwhile, and nothing comes twice.
    #[oai(path = "/changes", method = "get", operation_id = "list_changes")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The position up to which the reader knows.
        #[oai(default, validator(minimum(value = "0"), maximum(value = "1000000000000")))]
        after: Query<i64>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
    ) -> Result<Json<ChangeList>, Refusal> {
        let found = app.run(move |app| changes::after(app, &key.0, after.0, limit.0)).await?;
        let next = found.last().map_or(after.0, |change| change.position);
        Ok(Json(ChangeList { items: found.into_iter().map(Into::into).collect(), next }))
    }
}
