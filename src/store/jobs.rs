//! What the service does by itself at a set time, under leases.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::jobs;
use crate::domain::round::JobKind;

/// Something that is to be done, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: String,
    /// The round.
    pub year: i32,
    /// What.
    pub kind: JobKind,
    /// When.
    pub due_at: DateTime<Utc>,
    /// How often it has failed.
    pub attempts: i32,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<String>,
}

type JobRow = (String, i32, String, NaiveDateTime, i32, Option<String>, Option<NaiveDateTime>, Option<String>);

const COLUMNS: (
    jobs::id,
    jobs::year,
    jobs::kind,
    jobs::due_at,
    jobs::attempts,
    jobs::last_error,
    jobs::done_at,
    jobs::outcome,
) = (jobs::id, jobs::year, jobs::kind, jobs::due_at, jobs::attempts, jobs::last_error, jobs::done_at, jobs::outcome);

fn job(row: JobRow) -> Result<Job, StoreError> {
    let (id, year, kind, due_at, attempts, last_error, done_at, outcome) = row;
    Ok(Job {
        kind: kind.parse().map_err(StoreError::corrupt("job"))?,
        id,
        year,
        due_at: due_at.and_utc(),
        attempts,
        last_error,
        done_at: done_at.map(|at| at.and_utc()),
        outcome,
    })
}

/// The jobs of a round, by time.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<Vec<Job>, StoreError> {
    let of = jobs::table.filter(jobs::year.eq(year)).order((jobs::due_at, jobs::kind));
    of.select(COLUMNS).load::<JobRow>(conn)?.into_iter().map(job).collect()
}

/// Takes away the jobs of a round that are still to be done.
pub fn forget_waiting(conn: &mut DbConn, year: i32) -> Result<(), StoreError> {
    diesel::delete(jobs::table.filter(jobs::year.eq(year).and(jobs::done_at.is_null()))).execute(conn)?;
    Ok(())
}

/// Takes away every job of a round.
pub fn forget_all(conn: &mut DbConn, year: i32) -> Result<(), StoreError> {
    diesel::delete(jobs::table.filter(jobs::year.eq(year))).execute(conn)?;
    Ok(())
}

/// Adds a job, unless the same is planned or was done for the same time.
pub fn add(conn: &mut DbConn, id: &str, year: i32, kind: JobKind, due: DateTime<Utc>) -> Result<(), StoreError> {
    let row = (
        jobs::id.eq(id),
        jobs::year.eq(year),
        jobs::kind.eq(kind.as_str()),
        jobs::due_at.eq(due.naive_utc()),
        jobs::attempts.eq(0),
    );
    on_backend!(conn, |conn| diesel::insert_into(jobs::table).values(row).on_conflict_do_nothing().execute(conn)?);
    Ok(())
}

/// The job that has been due longest and that no process holds.
pub fn next_due(conn: &mut DbConn, now: DateTime<Utc>) -> Result<Option<Job>, StoreError> {
    let now = now.naive_utc();
    let free = jobs::leased_until.is_null().or(jobs::leased_until.le(now));
    let due = jobs::table.filter(jobs::done_at.is_null().and(jobs::due_at.le(now)).and(free));
    let next: Option<JobRow> = due.order((jobs::due_at, jobs::kind)).select(COLUMNS).first(conn).optional()?;
    next.map(job).transpose()
}

/// Takes a job under a lease; false where another process was faster.
pub fn take(
    conn: &mut DbConn,
    id: &str,
    lease: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let free = jobs::leased_until.is_null().or(jobs::leased_until.le(now.naive_utc()));
    let of = jobs::table.filter(jobs::id.eq(id).and(jobs::done_at.is_null()).and(free));
    let held = (jobs::lease.eq(lease), jobs::leased_until.eq(until.naive_utc()));
    Ok(diesel::update(of).set(held).execute(conn)? == 1)
}

/// Marks a job as done, in the transaction that does it; false where the lease is somebody else's by now.
pub fn mark_done(conn: &mut DbConn, id: &str, lease: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let of = jobs::table.filter(jobs::id.eq(id).and(jobs::lease.eq(lease)).and(jobs::done_at.is_null()));
    let done = (jobs::done_at.eq(now.naive_utc()), jobs::leased_until.eq(None::<NaiveDateTime>));
    Ok(diesel::update(of).set(done).execute(conn)? == 1)
}

/// Writes down what came of a job.
pub fn set_outcome(conn: &mut DbConn, id: &str, outcome: &str) -> Result<(), StoreError> {
    diesel::update(jobs::table.filter(jobs::id.eq(id))).set(jobs::outcome.eq(outcome)).execute(conn)?;
    Ok(())
}

/// Writes down why a job failed, and keeps everybody from it until it is tried again.
pub fn put_off(conn: &mut DbConn, id: &str, lease: &str, until: DateTime<Utc>, reason: &str) -> Result<(), StoreError> {
    let of = jobs::table.filter(jobs::id.eq(id).and(jobs::lease.eq(lease)));
    let failed =
        (jobs::attempts.eq(jobs::attempts + 1), jobs::last_error.eq(reason), jobs::leased_until.eq(until.naive_utc()));
    diesel::update(of).set(failed).execute(conn)?;
    Ok(())
}
