//! What the service does by itself in a round at a set time: it opens, closes and publishes it, and sends its reminders.
//!
//! A job is a row. Whichever process finds it due takes it under a lease; what the job does and that it was done are one
//! transaction, which first takes the lock of the round that people's changes take, so that a job is done once however
//! many processes there are, and never one that was planned anew in the meantime.

use chrono::{DateTime, Duration, Utc};

use super::transitions::{Step, take};
use super::{locked, must_run_rounds};
use crate::app::{App, AppError, reminders, round_of};
use crate::domain::access::Principal;
use crate::domain::round::{JobKind, Round, RoundStatus, planned};
use crate::store::jobs::Job;
use crate::store::{self, DbConn};

pub use crate::store::jobs::Job as PlannedJob;

/// How long a job is its taker's; after a crash it waits that long.
const LEASE: Duration = Duration::seconds(60);

/// A reminder that could not go out for longer than this goes out no more.
const STALE: Duration = Duration::days(1);

/// Plans what is to be done by itself in a round as it stands, in place of what was planned before.
pub(super) fn plan(app: &App, conn: &mut DbConn, round: &Round) -> Result<(), AppError> {
    store::jobs::forget_waiting(conn, round.year)?;
    for (kind, due) in planned(round) {
        // A reminder that was past when it was planned was never to be.
        if matches!(kind, JobKind::Remind(_)) && is_stale(due, app.now()) {
            continue;
        }
        store::jobs::add(conn, &app.new_id()?, round.year, kind, due)?;
    }
    Ok(())
}

/// What the service does by itself in a round, done and to be done.
pub fn jobs(app: &App, who: &Principal, year: i32) -> Result<Vec<PlannedJob>, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| {
        round_of(conn, year)?;
        Ok(store::jobs::of_round(conn, year)?)
    })
}

/// Does what is due.
pub fn run_due(app: &App) -> Result<(), AppError> {
    while let Some(job) = app.read(|conn| Ok(store::jobs::next_due(conn, app.now())?))? {
        let lease = app.new_id()?;
        let now = app.now();
        if !app.write(|conn| Ok(store::jobs::take(conn, &job.id, &lease, now, now + LEASE)?))? {
            continue;
        }
        match app.write(|conn| run(app, conn, &job, &lease)) {
            Ok(Some(outcome)) => tracing::info!(year = job.year, job = %job.kind, outcome, "done"),
            Ok(None) => {}
            Err(error) => {
                let again = app.now() + pause(job.attempts);
                tracing::error!(year = job.year, job = %job.kind, %error, "a job failed");
                app.write(|conn| Ok(store::jobs::put_off(conn, &job.id, &lease, again, &error.to_string())?))?;
            }
        }
    }
    Ok(())
}

/// How long after a failure a job is tried again: one minute, then two, up to an hour.
fn pause(failures: i32) -> Duration {
    Duration::minutes(1_i64 << failures.clamp(0, 6)).min(Duration::hours(1))
}

/// Does one job that was taken, unless it is no longer to be done. What came of it.
fn run(app: &App, conn: &mut DbConn, job: &Job, lease: &str) -> Result<Option<String>, AppError> {
    let round = locked(conn, job.year)?;
    if !store::jobs::mark_done(conn, &job.id, lease, app.now())? {
        return Ok(None);
    }
    let who = Principal::job();
    let step = |to: RoundStatus, from: &[RoundStatus]| from.contains(&round.status).then(|| Step::to(to));
    let step = match job.kind {
        JobKind::Open => step(RoundStatus::Open, &[RoundStatus::Draft]),
        JobKind::Close => step(RoundStatus::Closed, &[RoundStatus::Open]),
        JobKind::Publish => step(RoundStatus::Published, &[RoundStatus::Preview]),
        JobKind::Remind(step) => {
            let outcome = if is_stale(job.due_at, app.now()) {
                "It was too late to remind anybody.".to_owned()
            } else {
                reminders::by_plan(app, conn, &who, &round, step)?
            };
            store::jobs::set_outcome(conn, &job.id, &outcome)?;
            return Ok(Some(outcome));
        }
    };
    let outcome = match step {
        Some(step) => format!("The round is {}.", take(app, conn, &who, &round, &step)?.status.label().to_lowercase()),
        None => format!("There was nothing to do: the round is {}.", round.status.label().to_lowercase()),
    };
    store::jobs::set_outcome(conn, &job.id, &outcome)?;
    Ok(Some(outcome))
}

fn is_stale(due: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - due > STALE
}
