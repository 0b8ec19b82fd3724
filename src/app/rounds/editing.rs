//! Adding a round, copying the last one, changing what is written of one, and throwing a draft away.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::{locked, must_be_at, must_run_rounds, schedule, write_over};
use crate::app::error::InputProblem;
use crate::app::{App, AppError, history, questionnaires, round_of, standards};
use crate::domain::access::Principal;
use crate::domain::history::{Event, Object};
use crate::domain::register::{Register, valid_in_year};
use crate::domain::round::{Act, Round, RoundStatus, london_day_of};
use crate::store::{self, DbConn};

/// What is written of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundText {
    /// The name of the facilities audit.
    pub facilities_audit: String,
    /// The name of the report, once it has one.
    pub report: Option<String>,
    /// First day on which services can answer.
    pub opens_on: Option<NaiveDate>,
    /// Last day on which services can answer.
    pub closes_on: Option<NaiveDate>,
    /// The day on which the report is to be out.
    pub publishes_on: Option<NaiveDate>,
    /// The day that staffing figures describe.
    pub staffing_as_at: NaiveDate,
    /// Version of the questionnaire.
    pub questionnaire: String,
    /// Year of the methodology.
    pub methodology: i32,
    /// Id of the staffing standard.
    pub standard: String,
    /// A clinical lead signs a response off before it can be submitted.
    pub sign_off: bool,
    /// Services that have not submitted are reminded by plan.
    pub reminders: bool,
}

impl RoundText {
    /// What is written of a round.
    pub fn of(round: &Round) -> Self {
        let round = round.clone();
        Self {
            facilities_audit: round.facilities_audit,
            report: round.report,
            opens_on: round.opens_on,
            closes_on: round.closes_on,
            publishes_on: round.publishes_on,
            staffing_as_at: round.staffing_as_at,
            questionnaire: round.questionnaire,
            methodology: round.methodology,
            standard: round.standard,
            sign_off: round.sign_off,
            reminders: round.reminders,
        }
    }

    /// The round that is written of.
    fn in_round(&self, before: &Round) -> Round {
        let text = self.clone();
        Round {
            facilities_audit: text.facilities_audit.trim().to_owned(),
            report: text.report.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
            opens_on: text.opens_on,
            closes_on: text.closes_on,
            publishes_on: text.publishes_on,
            staffing_as_at: text.staffing_as_at,
            questionnaire: text.questionnaire,
            methodology: text.methodology,
            standard: text.standard,
            sign_off: text.sign_off,
            reminders: text.reminders,
            ..before.clone()
        }
    }
}

/// A round of which nothing is written yet.
fn blank(year: i32) -> Round {
    Round {
        year,
        facilities_audit: String::new(),
        report: None,
        status: RoundStatus::Draft,
        opens_on: None,
        closes_on: None,
        staffing_as_at: NaiveDate::from_ymd_opt(year + 1, 4, 1).unwrap_or_default(),
        questionnaire: String::new(),
        methodology: 0,
        standard: String::new(),
        sign_off: false,
        publishes_on: None,
        reminders: false,
        cut: None,
        version: 0,
    }
}

/// Characters that a name may have.
const LONGEST_NAME: usize = 100;

/// Years that a round may be of.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// What is wrong with a round as it is to be, everything at once.
fn problems(app: &App, conn: &mut DbConn, before: &Round, after: &Round) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code, message: String| problems.push(InputProblem::new(field, code, message));
    let a_name =
        |name: &str| !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if !a_name(&after.facilities_audit) {
        let message = format!(
            "Name the facilities audit, such as “{} facilities audit”, in at most {LONGEST_NAME} characters.",
            after.year + 1
        );
        wrong("facilities_audit", "not_a_name", message);
    }
    if after.report.as_ref().is_some_and(|name| !a_name(name)) {
        wrong("report", "not_a_name", format!("The report's name has at most {LONGEST_NAME} characters, on one line."));
    }
    let today = london_day_of(app.now());
    if let (Some(opens), Some(closes)) = (after.opens_on, after.closes_on)
        && closes < opens
    {
        wrong("closes_on", "before_opening", "The last day comes before the first.".into());
    }
    if after.opens_on != before.opens_on && after.opens_on.is_some_and(|day| day < today) {
        let message = "The first day is past. The round opens by itself when its first day begins: choose today or a later day, or leave it empty and open the round yourself.";
        wrong("opens_on", "past", message.into());
    }
    if after.closes_on != before.closes_on && after.closes_on.is_some_and(|day| day < today) {
        let message = "The last day is past. The round closes by itself when its last day ends: choose today or a later day, or leave it empty.";
        wrong("closes_on", "past", message.into());
    }
    if let (Some(closes), Some(publishes)) = (after.closes_on, after.publishes_on)
        && publishes <= closes
    {
        wrong("publishes_on", "before_closing", "The report comes out after the last day.".into());
    }
    if after.publishes_on != before.publishes_on && after.publishes_on.is_some_and(|day| day < today) {
        wrong("publishes_on", "past", "The day of the report is past.".into());
    }
    if after.reminders && after.closes_on.is_none() {
        wrong("closes_on", "missing", "Reminders go out by the last day: say when that is.".into());
    }
    if !(after.year..=after.year + 2).contains(&after.staffing_as_at.year()) {
        let message = format!(
            "Staffing is described in the audit year or the two after it: {} to {}.",
            after.year,
            after.year + 2
        );
        wrong("staffing_as_at", "out_of_range", message);
    }
    let versions = questionnaires::published(app, conn).unwrap_or_default();
    if !versions.contains(&after.questionnaire) {
        let known = versions.join(", ");
        wrong("questionnaire", "unknown", format!("There is no such questionnaire. There are: {known}."));
    }
    if app.methodology_of(after).is_err() {
        let known: Vec<String> = app.reference().methodologies.keys().map(ToString::to_string).collect();
        wrong("methodology", "unknown", format!("There is no such methodology. There are: {}.", known.join(", ")));
    }
    let standard = standards::find_in(app, conn, &Principal::job(), &after.standard);
    if !standard.is_ok_and(|listed| listed.published) {
        wrong(
            "standard",
            "unknown",
            "There is no published standard of this id; the list of standards has them.".into(),
        );
    }
    problems
}

/// Refuses changes that the state of the round does not allow.
fn must_allow(before: &Round, after: &Round) -> Result<(), AppError> {
    let method = |round: &Round| {
        let Round { questionnaire, methodology, standard, staffing_as_at, sign_off, .. } = round.clone();
        (questionnaire, methodology, standard, staffing_as_at, sign_off)
    };
    if method(before) != method(after) {
        before.must_allow(Act::ChooseMethod)?;
    }
    let dates = |round: &Round| (round.opens_on, round.closes_on, round.reminders);
    if dates(before) != dates(after) {
        before.must_allow(Act::SetDates)?;
    }
    let names = |round: &Round| (round.facilities_audit.clone(), round.report.clone(), round.publishes_on);
    if names(before) != names(after) {
        before.must_allow(Act::NameReport)?;
    }
    Ok(())
}

/// What the history keeps of a round.
fn document(round: &Round) -> Result<String, AppError> {
    serde_json::to_string(round).map_err(|error| AppError::Unexpected(error.to_string()))
}

/// Adds a round as a draft (`based_on` 0), or changes what is written of the one that is at version `based_on`. The same
/// again changes nothing.
pub fn put(app: &App, who: &Principal, year: i32, text: &RoundText, based_on: i64) -> Result<Round, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        store::history::lock(conn, &Object::Round(year))?;
        let before = store::rounds::round_by_year(conn, year)?;
        let after = text.in_round(&before.clone().unwrap_or_else(|| blank(year)));
        match before {
            Some(before) if before == after => Ok(before),
            Some(_) if based_on == 0 => {
                let message = format!("There is a round of {year} already.");
                Err(AppError::invalid("year", "taken", message))
            }
            Some(before) => {
                must_be_at(&before, based_on)?;
                must_allow(&before, &after)?;
                refuse(problems(app, conn, &before, &after))?;
                let event = Event::of("changed").old(document(&before)?).new_value(document(&after)?);
                write_over(app, conn, who, &before, after, event)
            }
            None if based_on == 0 => add(app, conn, who, after),
            None => Err(round_of(conn, year).err().unwrap_or_else(super::moved)),
        }
    })
}

fn refuse(problems: Vec<InputProblem>) -> Result<(), AppError> {
    if problems.is_empty() { Ok(()) } else { Err(AppError::Invalid(problems)) }
}

fn add(app: &App, conn: &mut DbConn, who: &Principal, mut round: Round) -> Result<Round, AppError> {
    if !YEARS.contains(&round.year) {
        let message = format!("A round is of an audit year from {} to {}.", YEARS.start(), YEARS.end());
        return Err(AppError::invalid("year", "out_of_range", message));
    }
    refuse(problems(app, conn, &blank(round.year), &round))?;
    round.version = 1;
    if !store::rounds::add(conn, &round)? {
        return Err(super::moved());
    }
    history::record(app, conn, who, &Object::Round(round.year), vec![Event::of("added").new_value(document(&round)?)])?;
    schedule::plan(app, conn, &round)?;
    Ok(round)
}

/// A day a year later; 28 February after a 29th.
fn a_year_later(day: NaiveDate) -> Option<NaiveDate> {
    day.with_year(day.year() + 1).or_else(|| NaiveDate::from_ymd_opt(day.year() + 1, 2, 28))
}

/// The next year's round after one: a draft with the same questionnaire, method and standard, the days a year later where
/// these are not past, and the same services enrolled, or those that came after them. `version` is that of the round that
/// is copied.
pub fn copy(app: &App, who: &Principal, from: i32, version: i64) -> Result<Round, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let last = round_of(conn, from)?;
        must_be_at(&last, version)?;
        let year = last.year + 1;
        store::history::lock(conn, &Object::Round(year))?;
        if store::rounds::round_by_year(conn, year)?.is_some() {
            return Err(AppError::invalid("year", "taken", format!("There is a round of {year} already.")));
        }
        let today = london_day_of(app.now());
        let later = |day: Option<NaiveDate>| day.and_then(a_year_later).filter(|day| *day >= today);
        let closes_on = later(last.closes_on);
        let round = Round {
            year,
            facilities_audit: format!("{} facilities audit", year + 1),
            report: None,
            status: RoundStatus::Draft,
            opens_on: later(last.opens_on),
            publishes_on: None,
            staffing_as_at: a_year_later(last.staffing_as_at).unwrap_or(last.staffing_as_at),
            reminders: last.reminders && closes_on.is_some(),
            closes_on,
            cut: None,
            version: 0,
            ..last
        };
        let round = add(app, conn, who, round)?;
        let register = app.register(conn)?;
        let services: BTreeSet<String> = store::enrolments::of_round(conn, from)?
            .into_iter()
            .filter_map(|code| still_there(&register, &code, year))
            .collect();
        for service in &services {
            store::enrolments::add(conn, year, service, app.now())?;
        }
        if !services.is_empty() {
            let list = services.into_iter().collect::<Vec<_>>().join(";");
            let event = Event::of("services_enrolled").new_value(list);
            history::record(app, conn, who, &Object::Round(year), vec![event])?;
        }
        Ok(round)
    })
}

/// A service in a later year: itself, or the one that came after it.
fn still_there(register: &Register, code: &str, year: i32) -> Option<String> {
    let mut service = register.services.get(code)?;
    // Successors can be no longer a chain than there are services.
    for _ in 0..register.services.len() {
        if valid_in_year(service.valid_from, service.valid_to, year) {
            return Some(service.code.clone());
        }
        service = register.services.get(service.successor_code.as_ref()?)?;
    }
    None
}

/// Throws a round away that is still being prepared and that nobody has answered.
pub fn discard(app: &App, who: &Principal, year: i32, version: i64) -> Result<(), AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let round = locked(conn, year)?;
        must_be_at(&round, version)?;
        round.must_allow(Act::Discard)?;
        if !store::responses::headings(conn, year)?.is_empty() || !store::cuts::of_year(conn, year)?.is_empty() {
            let reason = "There are answers or data cuts of this round, so it stays.";
            return Err(AppError::Refused { code: "round_in_use", reason: reason.into() });
        }
        let enrolled = store::enrolments::of_round(conn, year)?;
        store::enrolments::delete_all(conn, year)?;
        store::jobs::forget_all(conn, year)?;
        store::rounds::delete(conn, year)?;
        let enrolled: Vec<String> = enrolled.into_iter().collect();
        let event = Event::of("discarded").item(enrolled.join(";")).old(document(&round)?);
        history::record(app, conn, who, &Object::Round(year), vec![event])
    })
}
