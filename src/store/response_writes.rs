//! Writing a response, and what happened to it into its history.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamp};

use super::connection::DbConn;
use super::error::StoreError;
use super::history::{self, Author, add_entries};
use super::kept::Kept;
use super::responses::Response;
use super::schema::responses;
use crate::domain::history::{Entry, Event, Head, Object};

/// Writes a response over version `from`, and what happened to it into its history. False where another writer has moved
/// it on.
pub fn update(
    conn: &mut DbConn,
    response: &Response,
    from: i64,
    author: &Author<'_>,
    events: Vec<Event>,
) -> Result<bool, StoreError> {
    let object = Object::response(response.year, &response.service_code);
    if let DbConn::Sqlite(inner) = conn {
        let written = update_alone(inner, response, from)?;
        if written {
            history::record(conn, author, &object, events)?;
        }
        return Ok(written);
    }
    let mut entries = history::entries(author, &object, events);
    // Mostly the head is where it was when the response was read, and all goes in one journey.
    if let Some(head) = &response.head
        && let Some(written) = update_on_head(conn, response, from, author, head, &mut entries)?
    {
        return Ok(written);
    }
    let head = history::locked_head(conn, &object.to_string())?;
    Ok(update_on_head(conn, response, from, author, &head, &mut entries)? == Some(true))
}

fn update_alone(conn: &mut SqliteConnection, response: &Response, from: i64) -> Result<bool, StoreError> {
    let target = responses::table.filter(
        responses::year
            .eq(response.year)
            .and(responses::service_code.eq(&response.service_code))
            .and(responses::version.eq(from)),
    );
    let changed = (
        responses::version.eq(response.version),
        responses::state.eq(response.state.as_str()),
        responses::imported.eq(response.imported),
        responses::submitted_at.eq(naive(response.submitted_at)),
        responses::submitted_by.eq(&response.submitted_by),
        responses::document.eq(document(response)?),
        responses::updated_at.eq(naive(response.updated_at).unwrap_or_default()),
        responses::reason.eq(&response.reason),
        responses::signed_off_at.eq(naive(response.signed_off_at)),
        responses::signed_off_by.eq(&response.signed_off_by),
    );
    let statement = diesel::update(target).set(changed).returning(responses::version);
    Ok(Kept(statement).get_result::<i64>(conn).optional()?.is_some())
}

/// What a statement came upon: the response at its version, and the head where it was.
#[derive(diesel::QueryableByName)]
struct CameUpon {
    #[diesel(sql_type = BigInt)]
    found: i64,
    #[diesel(sql_type = BigInt)]
    moved: i64,
}

/// Writes a response and its entries by one statement, all of it or nothing, which moves the history on from `head`.
/// `None` where the history is elsewhere by now; false where the response is.
fn update_on_head(
    conn: &mut DbConn,
    response: &Response,
    from: i64,
    author: &Author<'_>,
    head: &Head,
    entries: &mut [Entry],
) -> Result<Option<bool>, StoreError> {
    const WRITE: &str = concat!(
        "WITH found AS (SELECT 1 FROM responses WHERE year = $26 AND service_code = $27 AND version = $28 FOR UPDATE), \
         moved AS (UPDATE history_heads SET seq = $12, hash = $13 WHERE object = $14 AND seq = $15 \
         AND EXISTS (SELECT 1 FROM found) RETURNING 1), \
         written AS (UPDATE responses SET version = $16, state = $17, imported = $18, submitted_at = $19, \
         submitted_by = $20, document = $21, updated_at = $22, reason = $23, signed_off_at = $24, \
         signed_off_by = $25 WHERE year = $26 AND service_code = $27 \
         AND EXISTS (SELECT 1 FROM moved) RETURNING 1), added AS (",
        add_entries!(),
        " WHERE EXISTS (SELECT 1 FROM written)) \
         SELECT (SELECT count(*) FROM found) AS found, (SELECT count(*) FROM moved) AS moved"
    );
    let DbConn::Postgres(conn) = conn else { return Ok(None) };
    let mut moved = head.clone();
    history::chain(&mut moved, entries);
    let statement = history::with_entries(WRITE, author, entries)
        .bind::<BigInt, _>(moved.seq)
        .bind::<Text, _>(moved.hash)
        .bind::<Text, _>(&head.object)
        .bind::<BigInt, _>(head.seq)
        .bind::<BigInt, _>(response.version)
        .bind::<Text, _>(response.state.as_str())
        .bind::<Bool, _>(response.imported)
        .bind::<Nullable<Timestamp>, _>(naive(response.submitted_at))
        .bind::<Nullable<Text>, _>(&response.submitted_by)
        .bind::<Text, _>(document(response)?)
        .bind::<Timestamp, _>(naive(response.updated_at).unwrap_or_default())
        .bind::<Nullable<Text>, _>(&response.reason)
        .bind::<Nullable<Timestamp>, _>(naive(response.signed_off_at))
        .bind::<Nullable<Text>, _>(&response.signed_off_by)
        .bind::<Integer, _>(response.year)
        .bind::<Text, _>(&response.service_code)
        .bind::<BigInt, _>(from);
    let came_upon = Kept(statement).get_result::<CameUpon>(conn)?;
    Ok(match (came_upon.found, came_upon.moved) {
        (0, _) => Some(false),
        (_, 0) => None,
        _ => Some(true),
    })
}

fn naive(at: Option<DateTime<Utc>>) -> Option<NaiveDateTime> {
    at.map(|at| at.naive_utc())
}

fn document(response: &Response) -> Result<String, StoreError> {
    serde_json::to_string(&response.document)
        .map_err(|error| StoreError::Corrupt { what: "response", reason: error.to_string() })
}
