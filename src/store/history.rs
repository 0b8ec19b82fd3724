//! The history and the heads of its chains. Rows are added, never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, BoxedSqlQuery, QueryFragment, QueryId, SqlQuery};
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use diesel::upsert::excluded;

use super::connection::DbConn;
use super::error::StoreError;
use super::kept::Kept;
use super::schema::{history, history_heads};
use crate::domain::history::{ChainCheck, Entry, Event, Fault, Head, Object};

/// Who did it, when and from where.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Who, as the history names them.
    pub actor: &'a str,
    /// By which door.
    pub channel: &'a str,
    /// From where: the id of a row of personal data.
    pub origin: Option<&'a str>,
    /// When.
    pub at: DateTime<Utc>,
}

type HistoryRow = (
    String,
    i64,
    NaiveDateTime,
    String,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
);

fn entry(row: HistoryRow) -> Entry {
    let (object, seq, at, actor, channel, origin, action, item, old, new, hash) = row;
    Entry { object, seq, at: at.and_utc(), actor, channel, origin, action, item, old, new, hash }
}

/// The head of an object's chain, kept from other writers of the same object until the transaction ends.
pub(super) fn locked_head(conn: &mut DbConn, object: &str) -> Result<Head, StoreError> {
    let found: Option<(String, i64, String)> = match conn {
        DbConn::Postgres(conn) => {
            // Two writers of a new object meet in one row, which writing it as it is locks.
            let locked = diesel::insert_into(history_heads::table)
                .values((history_heads::object.eq(object), history_heads::seq.eq(0_i64), history_heads::hash.eq("")))
                .on_conflict(history_heads::object)
                .do_update()
                .set(history_heads::seq.eq(history_heads::seq))
                .returning(history_heads::all_columns);
            Some(Kept(locked).get_result(conn)?)
        }
        // On SQLite the transaction itself keeps other writers out.
        DbConn::Sqlite(conn) => {
            history_heads::table.filter(history_heads::object.eq(object)).get_result(conn).optional()?
        }
    };
    let (object, seq, hash) = found.unwrap_or_else(|| (object.to_owned(), 0, String::new()));
    Ok(Head { object, seq, hash })
}

/// Keeps other writers of an object out until the transaction ends, before anything of it is read.
pub fn lock(conn: &mut DbConn, object: &Object) -> Result<(), StoreError> {
    locked_head(conn, &object.to_string()).map(drop)
}

/// Adds to an object's history, within the transaction of what happened.
pub fn record(conn: &mut DbConn, author: &Author<'_>, object: &Object, events: Vec<Event>) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut head = locked_head(conn, &object.to_string())?;
    let mut entries = entries(author, object, events);
    chain(&mut head, &mut entries);
    write(conn, author, &entries, vec![head])
}

/// Entries that one statement carries: far under both databases' limits on parameters.
const BATCH: usize = 500;

/// Adds one entry to the history of each of many objects, whose heads the transaction has locked already.
pub fn record_each(conn: &mut DbConn, author: &Author<'_>, events: &[(Object, Event)]) -> Result<(), StoreError> {
    for batch in events.chunks(BATCH) {
        let objects: Vec<String> = batch.iter().map(|(object, _)| object.to_string()).collect();
        let found: Vec<(String, i64, String)> =
            history_heads::table.filter(history_heads::object.eq_any(&objects)).load(conn)?;
        let mut found: BTreeMap<String, (i64, String)> =
            found.into_iter().map(|(object, seq, hash)| (object, (seq, hash))).collect();
        let mut rows = Vec::with_capacity(batch.len());
        let mut heads = Vec::with_capacity(batch.len());
        for (object, (of, event)) in objects.into_iter().zip(batch) {
            let (seq, hash) = found.remove(&object).unwrap_or_default();
            let mut head = Head { object, seq, hash };
            let mut entries = entries(author, of, vec![event.clone()]);
            chain(&mut head, &mut entries);
            rows.append(&mut entries);
            heads.push(head);
        }
        write(conn, author, &rows, heads)?;
    }
    Ok(())
}

/// What happened to an object, as entries that are not chained yet.
pub(super) fn entries(author: &Author<'_>, object: &Object, events: Vec<Event>) -> Vec<Entry> {
    let object = object.to_string();
    let entry = |event: Event| Entry {
        object: object.clone(),
        seq: 0,
        at: author.at,
        actor: author.actor.to_owned(),
        channel: author.channel.to_owned(),
        origin: author.origin.map(ToOwned::to_owned),
        action: event.action.to_owned(),
        item: event.item,
        old: event.old,
        new: event.new,
        hash: String::new(),
    };
    events.into_iter().map(entry).collect()
}

/// Chains entries of one object to its head, which moves on to the last of them.
pub(super) fn chain(head: &mut Head, entries: &mut [Entry]) {
    for entry in entries {
        entry.seq = head.seq + 1;
        entry.hash = entry.expected_hash(&head.hash);
        head.seq = entry.seq;
        head.hash.clone_from(&entry.hash);
    }
}

/// Adds entries of one author, and moves their heads on.
fn write(conn: &mut DbConn, author: &Author<'_>, entries: &[Entry], heads: Vec<Head>) -> Result<(), StoreError> {
    match conn {
        DbConn::Postgres(conn) => write_in_one_journey(conn, author, entries, heads),
        DbConn::Sqlite(conn) => {
            for entries in entries.chunks(AT_ONCE) {
                Addition { at: author.at.naive_utc(), entries }.execute(conn)?;
            }
            for head in heads {
                let row = (
                    history_heads::object.eq(head.object),
                    history_heads::seq.eq(head.seq),
                    history_heads::hash.eq(head.hash),
                );
                let moved = (
                    history_heads::seq.eq(excluded(history_heads::seq)),
                    history_heads::hash.eq(excluded(history_heads::hash)),
                );
                let into = diesel::insert_into(history_heads::table).values(row);
                let into = into.on_conflict(history_heads::object).do_update().set(moved);
                Kept(into.returning(history_heads::seq)).get_result::<i64>(conn)?;
            }
            Ok(())
        }
    }
}

/// Entries that one statement of SQLite adds. The connection keeps a statement prepared for each number up to it.
const AT_ONCE: usize = 16;

/// Entries as one INSERT of SQLite.
struct Addition<'a> {
    at: NaiveDateTime,
    entries: &'a [Entry],
}

impl QueryId for Addition<'_> {
    type QueryId = ();
    // The text says which statement it is: that of so many entries.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Sqlite> for Addition<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO history (object, seq, at, actor, channel, origin, action, item, old_value, new_value, hash) \
             VALUES ",
        );
        for (place, entry) in self.entries.iter().enumerate() {
            out.push_sql(if place == 0 { "(" } else { ", (" });
            out.push_bind_param::<Text, _>(&entry.object)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(&entry.seq)?;
            out.push_sql(", ");
            out.push_bind_param::<Timestamp, _>(&self.at)?;
            for text in [&entry.actor, &entry.channel] {
                out.push_sql(", ");
                out.push_bind_param::<Text, _>(text)?;
            }
            out.push_sql(", ");
            out.push_bind_param::<Nullable<Text>, _>(&entry.origin)?;
            for text in [&entry.action, &entry.item] {
                out.push_sql(", ");
                out.push_bind_param::<Text, _>(text)?;
            }
            for value in [&entry.old, &entry.new] {
                out.push_sql(", ");
                out.push_bind_param::<Nullable<Text>, _>(value)?;
            }
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(&entry.hash)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for Addition<'_> {}

/// What adds entries by one statement of PostgreSQL, which reads alike for any number of them: $1 to $11, as
/// [`with_entries`] gives them.
macro_rules! add_entries {
    () => {
        "INSERT INTO history (at, actor, channel, origin, object, seq, action, item, old_value, new_value, hash) \
         SELECT $1, $2, $3, $4, * FROM unnest($5, $6, $7, $8, $9, $10, $11)"
    };
}
pub(super) use add_entries;

/// A statement that begins with the parameters of [`add_entries`].
pub(super) fn with_entries<'a>(
    statement: &'static str,
    author: &Author<'a>,
    entries: &'a [Entry],
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    fn column<'a, T>(entries: &'a [Entry], of: impl Fn(&'a Entry) -> T) -> Vec<T> {
        entries.iter().map(of).collect()
    }
    diesel::sql_query(statement)
        .into_boxed()
        .bind::<Timestamp, _>(author.at.naive_utc())
        .bind::<Text, _>(author.actor)
        .bind::<Text, _>(author.channel)
        .bind::<Nullable<Text>, _>(author.origin)
        .bind::<Array<Text>, _>(column(entries, |entry| entry.object.as_str()))
        .bind::<Array<BigInt>, _>(column(entries, |entry| entry.seq))
        .bind::<Array<Text>, _>(column(entries, |entry| entry.action.as_str()))
        .bind::<Array<Text>, _>(column(entries, |entry| entry.item.as_str()))
        .bind::<Array<Nullable<Text>>, _>(column(entries, |entry| entry.old.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(column(entries, |entry| entry.new.as_deref()))
        .bind::<Array<Text>, _>(column(entries, |entry| entry.hash.as_str()))
}

/// Adds entries of one author, and moves their heads on, by one statement.
fn write_in_one_journey(
    conn: &mut PgConnection,
    author: &Author<'_>,
    entries: &[Entry],
    heads: Vec<Head>,
) -> Result<(), StoreError> {
    const WRITE: &str = concat!(
        "WITH moved AS (INSERT INTO history_heads (object, seq, hash) SELECT * FROM unnest($12, $13, $14) \
         ON CONFLICT (object) DO UPDATE SET seq = excluded.seq, hash = excluded.hash), added AS (",
        add_entries!(),
        " RETURNING 1) SELECT count(*) AS number FROM added"
    );
    let (mut objects, mut seqs, mut hashes) = (vec![], vec![], vec![]);
    for head in heads {
        objects.push(head.object);
        seqs.push(head.seq);
        hashes.push(head.hash);
    }
    let statement = with_entries(WRITE, author, entries)
        .bind::<Array<Text>, _>(objects)
        .bind::<Array<BigInt>, _>(seqs)
        .bind::<Array<Text>, _>(hashes);
    Kept(statement).get_result::<Number>(conn)?;
    Ok(())
}

/// How many entries a statement has added.
#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt, column_name = number)]
    _number: i64,
}

/// The history of an object, the oldest first, after the place `after`.
pub fn of_object(conn: &mut DbConn, object: &Object, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<HistoryRow> = history::table
        .filter(history::object.eq(object.to_string()).and(history::seq.gt(after)))
        .order(history::seq)
        .limit(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// Where an entry stands among all: its time, its object, and its place in the object's chain.
pub type Place = (DateTime<Utc>, String, i64);

/// Which entries of all objects are asked for; the newest come first.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// Of this actor alone.
    pub actor: Option<String>,
    /// Of objects of this kind alone: `response`, `account`, `key`, `round`, `import`, `text`,
    /// `counts`, `caseload`, `standard`, `scenario`.
    pub kind: Option<String>,
    /// Of this object alone.
    pub object: Option<String>,
    /// Before this entry.
    pub before: Option<Place>,
}

/// Entries of all objects, the newest first.
pub fn newest(conn: &mut DbConn, filter: &HistoryFilter, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let mut query = history::table.into_boxed::<super::connection::MultiBackend>();
    if let Some(actor) = &filter.actor {
        query = query.filter(history::actor.eq(actor));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(history::object.like(format!("{kind}/%")));
    }
    if let Some(object) = &filter.object {
        query = query.filter(history::object.eq(object));
    }
    if let Some((at, object, seq)) = &filter.before {
        let at = at.naive_utc();
        let same = history::at.eq(at);
        query = query.filter(
            history::at
                .lt(at)
                .or(same.and(history::object.gt(object)))
                .or(history::at.eq(at).and(history::object.eq(object)).and(history::seq.lt(*seq))),
        );
    }
    let rows: Vec<HistoryRow> =
        query.order((history::at.desc(), history::object.asc(), history::seq.desc())).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(entry).collect())
}

/// How many entries the history of an object holds.
pub fn length(conn: &mut DbConn, object: &Object) -> Result<i64, StoreError> {
    Ok(history::table.filter(history::object.eq(object.to_string())).count().get_result(conn)?)
}

/// The heads of all chains, by object.
pub fn heads(conn: &mut DbConn) -> Result<BTreeMap<String, Head>, StoreError> {
    let rows: Vec<(String, i64, String)> = history_heads::table.load(conn)?;
    let head = |(object, seq, hash): (String, i64, String)| (object.clone(), Head { object, seq, hash });
    Ok(rows.into_iter().map(head).collect())
}

/// What a check of all chains found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Chains looked at.
    pub objects: usize,
    /// Entries looked at.
    pub entries: usize,
    /// The first fault of each chain that has one, by object.
    pub faults: Vec<Fault>,
}

/// Checks every chain, entry by entry, against its head, and against heads that were kept elsewhere.
pub fn verify(conn: &mut DbConn, kept: &BTreeMap<String, Head>) -> Result<Verified, StoreError> {
    let heads = heads(conn)?;
    let mut objects: Vec<String> = history::table.select(history::object).distinct().load(conn)?;
    objects.extend(heads.keys().cloned());
    objects.extend(kept.keys().cloned());
    objects.sort();
    objects.dedup();
    let mut verified = Verified { objects: objects.len(), ..Verified::default() };
    for object in objects {
        let head = heads.get(&object);
        let mut check = ChainCheck::new(&object, kept.get(&object).cloned());
        // Object by object keeps memory at one chain, which is short; the sort of the text is the database's own.
        let rows: Vec<HistoryRow> =
            history::table.filter(history::object.eq(&object)).order(history::seq).load(conn)?;
        for row in rows {
            verified.entries += 1;
            check.take(&entry(row), head.map(|head| head.seq));
        }
        verified.faults.extend(check.finish(head));
    }
    Ok(verified)
}
