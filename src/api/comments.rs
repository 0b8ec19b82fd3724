//! `/rounds/{year}/responses/{service}/comments`: what a service and the audit team say to each other about items.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::App;
use crate::app::comments::{self, Thread};

/// A comment.
#[derive(Debug, Object)]
pub struct Comment {
    /// Its id.
    pub id: String,
    /// What to call the author.
    pub author: String,
    /// By the audit team.
    pub from_team: bool,
    /// The words.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What was said about one item of one response.
#[derive(Debug, Object)]
pub struct CommentThread {
    /// Unit code of the service.
    pub service: String,
    /// The item.
    pub link_id: String,
    /// The service spoke last, so the audit team is to answer.
    pub waits_for_team: bool,
    /// The comments, the oldest first.
    pub comments: Vec<Comment>,
}

impl From<Thread> for CommentThread {
    fn from(thread: Thread) -> Self {
        let waits_for_team = thread.waits_for_team();
        let comments = thread.comments.into_iter().map(|comment| Comment {
            id: comment.id,
            author: comment.author,
            from_team: comment.from_team,
            body: comment.body,
            created_at: comment.at,
        });
        Self { service: thread.service.code, link_id: thread.link_id, waits_for_team, comments: comments.collect() }
    }
}

/// Threads of comments.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CommentThreadList {
    /// The threads.
    pub items: Vec<CommentThread>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// A comment to be sent.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// The item.
    #[oai(validator(max_length = 100))]
    pub link_id: String,
    /// The words.
    #[oai(validator(min_length = 1, max_length = 4000))]
    pub body: String,
}

/// The operations on comments.
#[derive(Debug)]
pub struct Comments;

#[OpenApi(tag = "Tag::Responses")]
impl Comments {
    /// List the comments on a response
    ///
    /// A thread for each item that has any, sorted by item.
    #[oai(path = "/rounds/:year/responses/:service/comments", method = "get", operation_id = "list_comments")]
    async fn list(
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
        after: Query<Option<String>>,
    ) -> Result<Json<CommentThreadList>, Refusal<404>> {
        let mut threads = app.run(move |app| comments::of_response(app, &key.0, year.0, &service.0)).await?;
        threads.sort_by(|a, b| a.link_id.cmp(&b.link_id));
        let (threads, next) = page(threads, after.0.as_deref(), limit.0, |thread| thread.link_id.clone());
        Ok(Json(CommentThreadList { items: threads.into_iter().map(CommentThread::from).collect(), next }))
    }

    /// Comment on an item
    ///
    /// The other side is told by e-mail, at most once an hour and thread. Answers with the whole thread.
    #[oai(path = "/rounds/:year/responses/:service/comments", method = "post", operation_id = "add_comment")]
    async fn add(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        new: JsonBody<NewComment>,
    ) -> Result<Json<CommentThread>, Refusal<404, 422>> {
        let NewComment { link_id, body } = new.0;
        let thread = app.run(move |app| comments::write(app, &key.0, year.0, &service.0, &link_id, &body)).await?;
        Ok(Json(thread.into()))
    }
}
