//! Rounds: which there are, what they ask, and running them.

mod dashboard;
mod editing;
mod extensions;
mod schedule;
mod transitions;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{App, AppError, authorise, history, round_of};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::register::Register;
use crate::domain::round::{NotNow, Round};
use crate::store::{self, DbConn};

pub use dashboard::{AreaProgress, Dashboard, ItemProgress, SectionProgress, dashboard};
pub use editing::{RoundText, copy, discard, put};
pub use extensions::{Extended, extend, extensions, take_back};
pub(in crate::app) use extensions::{extended, granted_until, put as put_extension};
pub use schedule::{PlannedJob, jobs, run_due};
pub use transitions::{Step, transition};

impl From<NotNow> for AppError {
    fn from(not_now: NotNow) -> Self {
        Self::Refused { code: not_now.code(), reason: not_now.to_string() }
    }
}

/// Every round, oldest first.
pub fn list(app: &App, who: &Principal) -> Result<Vec<Round>, AppError> {
    authorise(who, Permission::ReadReference, "read the rounds")?;
    app.read(|conn| Ok(store::rounds::all_rounds(conn)?))
}

/// The round of an audit year.
pub fn one(app: &App, who: &Principal, year: i32) -> Result<Round, AppError> {
    authorise(who, Permission::ReadReference, "read the rounds")?;
    app.read(|conn| round_of(conn, year))
}

/// What the round of an audit year asks.
pub fn questionnaire(app: &App, who: &Principal, year: i32) -> Result<Arc<Questionnaire>, AppError> {
    let round = one(app, who, year)?;
    app.questionnaire_of(&round)
}

/// The services that a round asks: those that are enrolled in it; before any is, every service that there was in the year.
pub(in crate::app) fn asked(conn: &mut DbConn, register: &Register, year: i32) -> Result<BTreeSet<String>, AppError> {
    let enrolled = store::enrolments::of_round(conn, year)?;
    if enrolled.is_empty() {
        return Ok(register.services_in(year).map(|service| service.code.clone()).collect());
    }
    Ok(enrolled)
}

/// Refuses whoever does not run rounds.
pub(in crate::app) fn must_run_rounds(who: &Principal) -> Result<(), AppError> {
    if who.may_everywhere(Permission::RunRounds) {
        return Ok(());
    }
    Err(AppError::Forbidden { action: format!("{}; the audit team can", Permission::RunRounds.words()) })
}

/// The round of a year, kept from everybody else who would change it until the transaction ends.
fn locked(conn: &mut DbConn, year: i32) -> Result<Round, AppError> {
    store::history::lock(conn, &Object::Round(year))?;
    round_of(conn, year)
}

/// Writes a round over the one that was read, tells the history, and plans anew what the service does by itself in it.
fn write_over(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    before: &Round,
    mut after: Round,
    event: Event,
) -> Result<Round, AppError> {
    after.version = before.version + 1;
    if !store::rounds::update(conn, &after, before.version)? {
        return Err(moved());
    }
    history::record(app, conn, who, &Object::Round(after.year), vec![event])?;
    schedule::plan(app, conn, &after)?;
    Ok(after)
}

fn must_be_at(round: &Round, version: i64) -> Result<(), AppError> {
    if round.version == version { Ok(()) } else { Err(moved()) }
}

fn moved() -> AppError {
    let reason =
        "Somebody else changed this round while you were at it. Nothing was saved: read it again, and try again.";
    AppError::Refused { code: "round_moved", reason: reason.into() }
}
