//! The changes of everything, numbered in the order in which they became visible.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::connection::{DbConn, on_backend};
use super::error::StoreError;

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place among all, from 1.
    pub position: i64,
    /// Of what: `response/2022/FLS012`.
    pub object: String,
    /// Its place in the object's own history.
    pub seq: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To which part of the object; empty for the whole.
    pub item: String,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    object: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Timestamp)]
    at: NaiveDateTime,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Text)]
    item: String,
}

/// Of each object the entries after its last numbered one: its chain has no gaps and is committed in its order.
const NUMBER: &str = "INSERT INTO changes (position, object, seq) \
                      SELECT (SELECT coalesce(max(position), 0) FROM changes) \
                      + row_number() OVER (ORDER BY h.at, h.object, h.seq), h.object, h.seq \
                      FROM history_heads t JOIN history h ON h.object = t.object AND h.seq > \
                      coalesce((SELECT max(c.seq) FROM changes c WHERE c.object = t.object), 0)";

/// Whether anything has no number yet.
const WAITING: &str = "SELECT count(*) AS position, '' AS object, 0 AS seq FROM history_heads t WHERE t.seq > \
                       coalesce((SELECT max(c.seq) FROM changes c WHERE c.object = t.object), 0)";

#[derive(diesel::QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// Whether anything that was committed has no number yet.
pub fn are_waiting(conn: &mut DbConn) -> Result<bool, StoreError> {
    let found: Waiting = on_backend!(conn, |conn| diesel::sql_query(WAITING).get_result(conn))?;
    Ok(found.position > 0)
}

/// Numbers what has been committed and has no number yet. One at a time: on SQLite its transaction keeps others out.
pub fn number(conn: &mut DbConn) -> Result<(), StoreError> {
    if let DbConn::Postgres(conn) = conn {
        diesel::sql_query("LOCK TABLE changes IN EXCLUSIVE MODE").execute(conn)?;
    }
    on_backend!(conn, |conn| diesel::sql_query(NUMBER).execute(conn))?;
    Ok(())
}

/// The changes after a position, in their order.
pub fn after(conn: &mut DbConn, position: i64, limit: i64) -> Result<Vec<Change>, StoreError> {
    const AFTER: &str = "SELECT c.position, h.object, h.seq, h.at, h.actor, h.action, h.item FROM changes c \
                         JOIN history h ON h.object = c.object AND h.seq = c.seq \
                         WHERE c.position > $1 AND c.position <= $1 + $2 ORDER BY c.position";
    let rows: Vec<Row> = on_backend!(conn, |conn| diesel::sql_query(AFTER)
        .bind::<BigInt, _>(position)
        .bind::<BigInt, _>(limit)
        .load(conn))?;
    let change = |Row { position, object, seq, at, actor, action, item }| Change {
        position,
        object,
        seq,
        at: at.and_utc(),
        actor,
        action,
        item,
    };
    Ok(rows.into_iter().map(change).collect())
}
