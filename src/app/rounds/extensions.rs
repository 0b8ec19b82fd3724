//! More time for single services: until a day they may answer although the round has closed.

use chrono::NaiveDate;

use super::must_run_rounds;
use crate::app::history::{self, actor_name};
use crate::app::register::{round_in, service_in};
use crate::app::responses::given_reason;
use crate::app::{App, AppError, round_of};
use crate::domain::access::Principal;
use crate::domain::history::{Event, Object};
use crate::domain::round::{Act, Round, RoundStatus, london_day_of};
use crate::store::extensions::Extension;
use crate::store::{self, DbConn};

/// More time that a service was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// What was granted.
    pub extension: Extension,
    /// The service's name.
    pub service_name: String,
    /// Who granted it, by name.
    pub granted_by: String,
    /// It still holds today.
    pub holds: bool,
}

/// Until when a service may answer although the round has closed, if it still may.
pub(in crate::app) fn granted_until(
    app: &App,
    conn: &mut DbConn,
    year: i32,
    service: &str,
) -> Result<Option<NaiveDate>, AppError> {
    let granted = store::extensions::find(conn, year, service)?;
    Ok(granted.map(|granted| granted.until).filter(|until| *until >= london_day_of(app.now())))
}

/// The services that may answer in a round although it has closed.
pub(in crate::app) fn extended(app: &App, conn: &mut DbConn, round: &Round) -> Result<Vec<String>, AppError> {
    if round.status != RoundStatus::Closed {
        return Ok(Vec::new());
    }
    let today = london_day_of(app.now());
    let holding = store::extensions::of_round(conn, round.year)?.into_iter().filter(|one| one.until >= today);
    Ok(holding.map(|one| one.service).collect())
}

fn named(app: &App, conn: &mut DbConn, extension: Extension) -> Result<Extended, AppError> {
    let register = app.register(conn)?;
    Ok(Extended {
        service_name: service_in(&register, &extension.service)?.name.clone(),
        granted_by: actor_name(conn, &extension.granted_by)?,
        holds: extension.until >= london_day_of(app.now()),
        extension,
    })
}

/// The extensions of a round, by service.
pub fn extensions(app: &App, who: &Principal, year: i32) -> Result<Vec<Extended>, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| {
        round_of(conn, year)?;
        store::extensions::of_round(conn, year)?.into_iter().map(|one| named(app, conn, one)).collect()
    })
}

/// Gives a service more time, until the end of a day in London, for a reason that the history keeps.
pub fn extend(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    until: NaiveDate,
    reason: &str,
) -> Result<Extended, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let extension = put(app, conn, who, year, service, until, reason)?;
        named(app, conn, extension)
    })
}

/// The same within a transaction of somebody who may.
pub(in crate::app) fn put(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
    service: &str,
    until: NaiveDate,
    reason: &str,
) -> Result<Extension, AppError> {
    let register = app.register(conn)?;
    let round = round_in(&register, year)?;
    let service = &service_in(&register, service)?.code;
    round.must_allow(Act::Extend)?;
    let past = until < london_day_of(app.now());
    let not_later = round.closes_on.is_some_and(|closes| until <= closes);
    let until_checked = if past || not_later {
        let message = "Choose a day after the round's last day, and not before today.";
        Err(AppError::invalid("until", "too_early", message))
    } else {
        Ok(until)
    };
    let reason = given_reason(reason, "Say why the service gets more time: the history keeps it.");
    let (until, reason) = AppError::both(until_checked, reason)?;
    let object = Object::response(year, service);
    store::history::lock(conn, &object)?;
    let before = store::extensions::find(conn, year, service)?;
    let extension = Extension {
        year,
        service: service.clone(),
        until,
        reason: reason.clone(),
        granted_at: app.now(),
        granted_by: who.actor.clone(),
    };
    store::extensions::put(conn, &extension)?;
    let mut event = Event::of("extended").item(until.to_string()).new_value(reason);
    event.old = before.map(|before| before.until.to_string());
    history::record(app, conn, who, &object, vec![event])?;
    Ok(extension)
}

/// Takes an extension back.
pub fn take_back(app: &App, who: &Principal, year: i32, service: &str) -> Result<(), AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        round_of(conn, year)?;
        let object = Object::response(year, service);
        store::history::lock(conn, &object)?;
        let Some(before) = store::extensions::find(conn, year, service)? else {
            let hint = "The list of extensions has the services that were given more time.";
            return Err(AppError::not_found("extension", service, hint));
        };
        store::extensions::delete(conn, year, service)?;
        let event = Event::of("extension_taken_back").old(before.until.to_string());
        history::record(app, conn, who, &object, vec![event])
    })
}
