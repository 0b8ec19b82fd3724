//! Reminding services that have not submitted: by hand, one or many, and by the round's plan.
//!
//! Every reminder is a row that is written with its mails, under the lock of the round, so that nobody is reminded twice
//! for one thing, however many people and processes send at once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::mail::{self, Mail};
use super::register::{round_in, service_in};
use super::rounds::{asked, must_run_rounds};
use super::{App, AppError, history, round_of};
use crate::domain::access::{Principal, Role};
use crate::domain::history::{Event, Object};
use crate::domain::register::{Register, Service};
use crate::domain::round::{Act, ReminderStep, Round, end_of_day, may_be_reminded};
use crate::formats::display::{capitalised, day};
use crate::formats::mail::{Words, words};
use crate::store::reminders::{BY_HAND, Reminder};
use crate::store::responses::{Response, ResponseState};
use crate::store::{self, DbConn};

/// The name under which the wording is kept.
const TEXT: &str = "reminder";

/// Characters that a wording may have.
const LONGEST: usize = 4_000;

/// What a wording may hold in braces, with what stands there in the mail.
pub const PLACEHOLDERS: [(&str, &str); 3] = [
    ("{service}", "the service’s name"),
    ("{round}", "the round"),
    ("{last_day}", "the last day on which it can answer"),
];

/// A service that has not submitted.
#[derive(Debug, Clone, PartialEq)]
pub struct NonSubmitter {
    /// The service.
    pub service: Service,
    /// It has begun.
    pub started: bool,
    /// The last day on which it can answer, where one is set.
    pub until: Option<NaiveDate>,
    /// How many people would be written to.
    pub people: usize,
    /// When it was last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// How often it was.
    pub reminders: usize,
    /// From when on it may be reminded again by hand, where it was a short while ago.
    pub not_before: Option<DateTime<Utc>>,
}

/// What came of sending reminders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reminded {
    /// The services that were reminded.
    pub services: Vec<String>,
    /// The people who are written to.
    pub people: usize,
    /// The services that were not, each with why.
    pub left_out: Vec<(String, String)>,
}

/// Everything that reminding needs to know of a round.
struct Chase<'a> {
    app: &'a App,
    register: std::sync::Arc<Register>,
    round: Round,
    headings: BTreeMap<String, Response>,
    asked: BTreeSet<String>,
    extended: BTreeMap<String, NaiveDate>,
    before: BTreeMap<String, Vec<Reminder>>,
}

impl<'a> Chase<'a> {
    fn load(app: &'a App, conn: &mut DbConn, year: i32) -> Result<Self, AppError> {
        let register = app.register(conn)?;
        let round = round_in(&register, year)?.clone();
        let headings = store::responses::headings(conn, year)?;
        let extended = store::extensions::of_round(conn, year)?;
        let mut before: BTreeMap<String, Vec<Reminder>> = BTreeMap::new();
        for reminder in store::reminders::of_round(conn, year)? {
            before.entry(reminder.service.clone()).or_default().push(reminder);
        }
        Ok(Self {
            asked: asked(conn, &register, year)?,
            headings: headings.into_iter().map(|response| (response.service_code.clone(), response)).collect(),
            extended: extended.into_iter().map(|extension| (extension.service, extension.until)).collect(),
            app,
            register,
            round,
            before,
        })
    }

    /// Whether a service is asked and has neither submitted nor said that it makes no return.
    fn has_not_submitted(&self, service: &str) -> bool {
        let state = self.headings.get(service).map_or(ResponseState::InProgress, |response| response.state);
        self.asked.contains(service) && state == ResponseState::InProgress
    }

    fn last_day(&self, service: &str) -> Option<NaiveDate> {
        self.extended.get(service).copied().max(self.round.closes_on)
    }

    fn may_be_reminded(&self, service: &str, by_plan: bool) -> Result<(), crate::domain::round::TooSoon> {
        let before = self.before.get(service).into_iter().flatten();
        may_be_reminded(by_plan, before.map(|one| (one.is_of_plan(), one.sent_at)), self.app.now())
    }

    /// Who is written to: the leads, and where there is none, whoever else answers for the service.
    fn people(conn: &mut DbConn, service: &str) -> Result<Vec<String>, AppError> {
        let leads = store::accounts::holders(conn, Role::FlsLead, service)?;
        if leads.is_empty() { Ok(store::accounts::holders(conn, Role::FlsContributor, service)?) } else { Ok(leads) }
    }

    fn mail(&self, service: &Service, wording: &str) -> Mail {
        let last = self.last_day(&service.code);
        let closes = last.map(|last| end_of_day(last) - Duration::minutes(1));
        let last_day = last.map_or_else(|| "a day that the audit team will name".to_owned(), day);
        let note = wording
            .replace("{service}", &service.name)
            .replace("{round}", &self.round.names())
            .replace("{last_day}", &last_day);
        Mail::Reminder {
            link: self.app.address(&format!("/survey/{}/{}", self.round.year, service.code)),
            service: format!("{} {}", service.code, service.name),
            round: capitalised(&self.round.names()),
            note,
            over: closes.is_some_and(|closes| closes < self.app.now()),
            has_last_day: closes.is_some(),
            at: closes.unwrap_or_else(|| self.app.now()),
        }
    }

    /// Reminds one service; why not, where it is not to be.
    fn remind(
        &self,
        conn: &mut DbConn,
        who: &Principal,
        service: &str,
        occasion: &str,
        wording: &str,
    ) -> Result<Result<usize, String>, AppError> {
        if !self.has_not_submitted(service) {
            return Ok(Err("it has submitted, makes no return, or is not asked".into()));
        }
        if let Err(too_soon) = self.may_be_reminded(service, occasion != BY_HAND) {
            return Ok(Err(too_soon.to_string()));
        }
        let people = Self::people(conn, service)?;
        if people.is_empty() {
            return Ok(Err("nobody has an account for it; invite its lead".into()));
        }
        let reminder = Reminder {
            id: self.app.new_id()?,
            year: self.round.year,
            service: service.to_owned(),
            occasion: occasion.to_owned(),
            people: i32::try_from(people.len()).unwrap_or(i32::MAX),
            sent_at: self.app.now(),
            sent_by: who.actor.clone(),
        };
        if !store::reminders::add(conn, &reminder)? {
            return Ok(Err("the plan has reminded it of this already".into()));
        }
        let mail = self.mail(service_in(&self.register, service)?, wording);
        for subject in &people {
            mail::queue(self.app, conn, subject, &mail)?;
        }
        Ok(Ok(people.len()))
    }

    /// Reminds services, each on its own terms, and tells the history of each.
    fn remind_all<'s>(
        &self,
        conn: &mut DbConn,
        who: &Principal,
        services: impl Iterator<Item = &'s String>,
        occasion: &'static str,
        wording: &str,
    ) -> Result<Reminded, AppError> {
        let mut reminded = Reminded::default();
        let mut events = Vec::new();
        for service in services {
            match self.remind(conn, who, service, occasion, wording)? {
                Ok(people) => {
                    reminded.people += people;
                    let event = Event::of("reminded").item(occasion).new_value(people.to_string());
                    events.push((Object::response(self.round.year, service), event));
                    reminded.services.push(service.clone());
                }
                Err(why) => reminded.left_out.push((service.clone(), why)),
            }
        }
        events.sort_by(|a, b| a.0.cmp(&b.0));
        history::record_each(self.app, conn, who, &events)?;
        Ok(reminded)
    }
}

/// The services of a round that have not submitted, by code.
pub fn non_submitters(app: &App, who: &Principal, year: i32) -> Result<Vec<NonSubmitter>, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| {
        let chase = Chase::load(app, conn, year)?;
        let mut found = Vec::new();
        for code in chase.asked.iter().filter(|code| chase.has_not_submitted(code)) {
            let before = chase.before.get(code).map(Vec::as_slice).unwrap_or_default();
            found.push(NonSubmitter {
                service: service_in(&chase.register, code)?.clone(),
                started: chase.headings.get(code).is_some_and(|response| response.version > 0),
                until: chase.last_day(code),
                people: Chase::people(conn, code)?.len(),
                reminded_at: before.iter().map(|one| one.sent_at).max(),
                reminders: before.len(),
                not_before: chase.may_be_reminded(code, false).err().map(|too_soon| too_soon.from),
            });
        }
        Ok(found)
    })
}

/// The wording of reminders as it was sent last, or the one that comes with the service.
pub fn wording(app: &App, who: &Principal) -> Result<String, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| stored_wording(app, conn))
}

fn stored_wording(app: &App, conn: &mut DbConn) -> Result<String, AppError> {
    let stored = store::texts::find(conn, TEXT)?;
    Ok(stored.map_or_else(|| app.reference().texts.reminder.clone(), |(body, _)| body))
}

/// A wording without its outer spaces, if it can be sent.
fn checked_wording(text: &str) -> Result<String, AppError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        return Err(AppError::invalid("wording", "missing", "Write what the reminder says."));
    }
    if text.chars().count() > LONGEST || text.contains('\0') {
        let message = format!("Keep the reminder under {LONGEST} characters, without control characters.");
        return Err(AppError::invalid("wording", "too_long", message));
    }
    Ok(text)
}

/// What a reminder would say to a service.
pub fn preview(app: &App, who: &Principal, year: i32, service: &str, wording: &str) -> Result<Words, AppError> {
    must_run_rounds(who)?;
    let wording = checked_wording(wording)?;
    app.read(|conn| {
        let chase = Chase::load(app, conn, year)?;
        let mail = chase.mail(service_in(&chase.register, service)?, &wording);
        words(&mail).map_err(AppError::Unexpected)
    })
}

/// Reminds services that somebody chose, and keeps the wording for the next time.
pub fn send(app: &App, who: &Principal, year: i32, services: &[String], wording: &str) -> Result<Reminded, AppError> {
    must_run_rounds(who)?;
    let services: BTreeSet<&String> = services.iter().collect();
    let chosen = if services.is_empty() {
        Err(AppError::invalid("services", "missing", "Choose at least one service."))
    } else {
        Ok(())
    };
    let (wording, ()) = AppError::both(checked_wording(wording), chosen)?;
    app.write(|conn| {
        store::history::lock(conn, &Object::Round(year))?;
        let chase = Chase::load(app, conn, year)?;
        chase.round.must_allow(Act::Remind)?;
        for service in &services {
            service_in(&chase.register, service)?;
        }
        let reminded = chase.remind_all(conn, who, services.into_iter(), BY_HAND, &wording)?;
        let before = stored_wording(app, conn)?;
        if before != wording {
            store::texts::set(conn, TEXT, &wording, app.now())?;
            let event = Event::of("edited").old(before).new_value(wording);
            history::record(app, conn, who, &Object::Text(TEXT.into()), vec![event])?;
        }
        Ok(reminded)
    })
}

/// Takes a step of the plan, in a round that is locked: reminds every service that has not submitted. What came of it.
pub(super) fn by_plan(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    round: &Round,
    step: ReminderStep,
) -> Result<String, AppError> {
    if !round.status.allows(Act::Remind) {
        return Ok(format!("Nobody was reminded: the round is {}.", round.status.label().to_lowercase()));
    }
    let chase = Chase::load(app, conn, round.year)?;
    let wording = stored_wording(app, conn)?;
    let late = chase.asked.iter().filter(|code| chase.has_not_submitted(code));
    let reminded = chase.remind_all(conn, who, late, step.as_str(), &wording)?;
    let (services, people) = (reminded.services.len(), reminded.people);
    Ok(format!("{services} services reminded, {people} people written to, {} left out.", reminded.left_out.len()))
}

/// The reminders of a round, the oldest first.
pub fn sent(app: &App, who: &Principal, year: i32) -> Result<Vec<Reminder>, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| {
        round_of(conn, year)?;
        Ok(store::reminders::of_round(conn, year)?)
    })
}
