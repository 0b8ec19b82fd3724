//! What is said about the items of responses.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::comments;

/// Something that was said about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Id.
    pub id: String,
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The item.
    pub link_id: String,
    /// By whom: `account:ID`, `link:ID` …
    pub author: String,
    /// By the audit team.
    pub from_team: bool,
    /// The words.
    pub body: String,
    /// The other side was written to.
    pub mailed: bool,
    /// When.
    pub created_at: DateTime<Utc>,
}

type CommentRow = (String, i32, String, String, String, bool, String, bool, NaiveDateTime);

fn comment(row: CommentRow) -> Comment {
    let (id, year, service, link_id, author, from_team, body, mailed, created_at) = row;
    Comment { id, year, service, link_id, author, from_team, body, mailed, created_at: created_at.and_utc() }
}

/// Adds a comment.
pub fn add(conn: &mut DbConn, comment: &Comment) -> Result<(), StoreError> {
    diesel::insert_into(comments::table)
        .values((
            comments::id.eq(&comment.id),
            comments::year.eq(comment.year),
            comments::service_code.eq(&comment.service),
            comments::link_id.eq(&comment.link_id),
            comments::author.eq(&comment.author),
            comments::from_team.eq(comment.from_team),
            comments::body.eq(&comment.body),
            comments::mailed.eq(comment.mailed),
            comments::created_at.eq(comment.created_at.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// The comments on a response, the oldest first.
pub fn of_response(conn: &mut DbConn, service: &str, year: i32) -> Result<Vec<Comment>, StoreError> {
    let rows: Vec<CommentRow> = comments::table
        .filter(comments::year.eq(year).and(comments::service_code.eq(service)))
        .order((comments::created_at.asc(), comments::id.asc()))
        .load(conn)?;
    Ok(rows.into_iter().map(comment).collect())
}

/// How many comments there are on each item of a response; those without any are not there.
pub fn counts(conn: &mut DbConn, service: &str, year: i32) -> Result<BTreeMap<String, usize>, StoreError> {
    let counts: Vec<(String, i64)> = comments::table
        .filter(comments::year.eq(year).and(comments::service_code.eq(service)))
        .group_by(comments::link_id)
        .select((comments::link_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counts.into_iter().map(|(link_id, count)| (link_id, usize::try_from(count).unwrap_or_default())).collect())
}

/// The comments of a round, the oldest first.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<Vec<Comment>, StoreError> {
    let rows: Vec<CommentRow> = comments::table
        .filter(comments::year.eq(year))
        .order((comments::created_at.asc(), comments::id.asc()))
        .load(conn)?;
    Ok(rows.into_iter().map(comment).collect())
}
