//! Expected caseloads that the audit team states in place of the rule, each with a reason.

use super::{App, AppError, authorise, history};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::domain::kpi::caseload::Stated;
use crate::store;

/// Characters that a reason may have.
pub const LONGEST_REASON: usize = 500;

/// The most cases that can be stated.
pub const MOST_CASES: i64 = 1_000_000;

/// States the expected cases of a service in a year, and why the rule does not give them.
pub fn state(
    app: &App,
    who: &Principal,
    service: &str,
    year: i32,
    expected: i64,
    reason: &str,
) -> Result<(), AppError> {
    let reason = reason.trim();
    if !(0..=MOST_CASES).contains(&expected) {
        let message = format!("Give the expected cases as a whole number from 0 to {MOST_CASES}.");
        return Err(AppError::invalid("expected", "out_of_range", message));
    }
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON || reason.contains('\0') {
        let message =
            format!("Say why the rule does not give this service's cases, in 1 to {LONGEST_REASON} characters.");
        return Err(AppError::invalid("reason", "missing_reason", message));
    }
    set(app, who, service, year, Some(&Stated { expected, reason: Some(reason.to_owned()) }))
}

/// Takes a statement away: the rule holds again.
pub fn withdraw(app: &App, who: &Principal, service: &str, year: i32) -> Result<(), AppError> {
    set(app, who, service, year, None)
}

fn set(app: &App, who: &Principal, service: &str, year: i32, stated: Option<&Stated>) -> Result<(), AppError> {
    authorise(who, Permission::StateCaseload, Permission::StateCaseload.words())?;
    app.write(|conn| {
        store::register::lock(conn)?;
        let service = super::register::service_of(conn, service)?.code;
        let object = Object::Caseload(service.clone());
        store::history::lock(conn, &object)?;
        let before = store::register::stated_caseload(conn, &service, year)?;
        if before.as_ref() == stated {
            return Ok(());
        }
        store::register::state_caseload(conn, &service, year, stated)?;
        let action = if stated.is_some() { "stated" } else { "withdrawn" };
        let event = Event { old: before.as_ref().map(words), new: stated.map(words), ..Event::of(action) };
        history::record(app, conn, who, &object, vec![event.item(year.to_string())])
    })
}

/// A statement as the history keeps it.
fn words(stated: &Stated) -> String {
    match &stated.reason {
        Some(reason) => format!("{} cases: {reason}", stated.expected),
        None => format!("{} cases", stated.expected),
    }
}
