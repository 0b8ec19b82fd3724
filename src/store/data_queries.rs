//! Queries of the audit team to services, and what is written about them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{data_queries as queries, data_query_messages as messages};
use crate::domain::quality::outlier::Outlier;
use crate::domain::quality::query::{QueryState, Subject};

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub struct DataQuery {
    /// Id.
    pub id: String,
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// What it is about.
    pub subject: Subject,
    /// Where it stands.
    pub state: QueryState,
    /// Who of the audit team looks after it.
    pub owner: String,
    /// By when somebody is to act; `None` once it is closed.
    pub due_on: Option<NaiveDate>,
    /// Of an outlier: the figure as it was when the query was opened.
    pub found: Option<Outlier>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// By whom it was opened.
    pub opened_by: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Since when it is in its state.
    pub moved_at: DateTime<Utc>,
}

/// What somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMessage {
    /// Id.
    pub id: String,
    /// The query.
    pub query: String,
    /// Its place in the thread, from 1.
    pub number: i32,
    /// By whom.
    pub author: String,
    /// By the audit team.
    pub from_team: bool,
    /// The state to which it led.
    pub state: QueryState,
    /// The words.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

type QueryRow = (
    String,
    i32,
    String,
    String,
    String,
    String,
    Option<NaiveDate>,
    Option<String>,
    i64,
    String,
    NaiveDateTime,
    NaiveDateTime,
);

fn query(row: QueryRow) -> Result<DataQuery, StoreError> {
    let (id, year, service, subject, state, owner, due_on, found, version, opened_by, opened_at, moved_at) = row;
    let found = found.map(|json| serde_json::from_str(&json)).transpose();
    Ok(DataQuery {
        subject: subject.parse().map_err(StoreError::corrupt("query"))?,
        state: state.parse().map_err(StoreError::corrupt("query"))?,
        found: found.map_err(|error| StoreError::corrupt("query")(error.to_string()))?,
        opened_at: opened_at.and_utc(),
        moved_at: moved_at.and_utc(),
        id,
        year,
        service,
        owner,
        due_on,
        version,
        opened_by,
    })
}

/// Adds a query; false where the outlier is looked into already.
pub fn add(conn: &mut DbConn, new: &DataQuery) -> Result<bool, StoreError> {
    let found = new.found.as_ref().map(serde_json::to_string).transpose();
    let row = (
        queries::id.eq(&new.id),
        queries::year.eq(new.year),
        queries::service_code.eq(&new.service),
        queries::subject.eq(new.subject.to_string()),
        queries::state.eq(new.state.as_str()),
        queries::owner.eq(&new.owner),
        queries::due_on.eq(new.due_on),
        queries::found.eq(found.map_err(|error| StoreError::corrupt("query")(error.to_string()))?),
        queries::version.eq(new.version),
        queries::opened_by.eq(&new.opened_by),
        queries::opened_at.eq(new.opened_at.naive_utc()),
        queries::moved_at.eq(new.moved_at.naive_utc()),
    );
    let added = on_backend!(conn, |conn| diesel::insert_into(queries::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}

/// A query by its id.
pub fn find(conn: &mut DbConn, id: &str) -> Result<Option<DataQuery>, StoreError> {
    let row: Option<QueryRow> = queries::table.filter(queries::id.eq(id)).get_result(conn).optional()?;
    row.map(query).transpose()
}

/// The queries of a round, the oldest first.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<Vec<DataQuery>, StoreError> {
    let of = queries::table.filter(queries::year.eq(year)).order((queries::opened_at.asc(), queries::id.asc()));
    of.load::<QueryRow>(conn)?.into_iter().map(query).collect()
}

/// Writes a query over the one of the version before; false where somebody else was faster.
pub fn update(conn: &mut DbConn, changed: &DataQuery) -> Result<bool, StoreError> {
    let before = queries::table.filter(queries::id.eq(&changed.id).and(queries::version.eq(changed.version - 1)));
    let updated = diesel::update(before)
        .set((
            queries::state.eq(changed.state.as_str()),
            queries::owner.eq(&changed.owner),
            queries::due_on.eq(changed.due_on),
            queries::version.eq(changed.version),
            queries::moved_at.eq(changed.moved_at.naive_utc()),
        ))
        .execute(conn)?;
    Ok(updated == 1)
}

/// Adds what somebody wrote.
pub fn add_message(conn: &mut DbConn, new: &QueryMessage) -> Result<(), StoreError> {
    diesel::insert_into(messages::table)
        .values((
            messages::id.eq(&new.id),
            messages::query_id.eq(&new.query),
            messages::number.eq(new.number),
            messages::author.eq(&new.author),
            messages::from_team.eq(new.from_team),
            messages::state.eq(new.state.as_str()),
            messages::body.eq(&new.body),
            messages::written_at.eq(new.at.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// What was written about a query, the oldest first.
pub fn messages_of(conn: &mut DbConn, id: &str) -> Result<Vec<QueryMessage>, StoreError> {
    type MessageRow = (String, String, i32, String, bool, String, String, NaiveDateTime);
    let of = messages::table.filter(messages::query_id.eq(id)).order(messages::number.asc());
    let message = |(id, query, number, author, from_team, state, body, at): MessageRow| {
        Ok(QueryMessage {
            state: state.parse().map_err(StoreError::corrupt("message of a query"))?,
            at: at.and_utc(),
            id,
            query,
            number,
            author,
            from_team,
            body,
        })
    };
    of.load::<MessageRow>(conn)?.into_iter().map(message).collect()
}
