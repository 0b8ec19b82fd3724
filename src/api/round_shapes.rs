//! The shapes of running a round: what is written of one, the steps it takes, extensions, reminders, enrolment.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;
use serde::Deserialize;

use super::rounds::RoundStatus;
use crate::app::enrolment::EnrolmentReport as Enrolled;
use crate::app::rounds::{self, PlannedJob};
use crate::app::{imports, reminders};
use crate::store::reminders::Reminder as Sent;

/// What is written of a round.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenRound {
    /// The version that the change is based on; 0 to add a round.
    #[oai(validator(minimum(value = "0")))]
    pub version: i64,
    /// The name of the facilities audit.
    #[oai(validator(max_length = 100))]
    pub facilities_audit: String,
    /// The name of the report, once it has one.
    #[oai(validator(max_length = 100))]
    pub report: Option<String>,
    /// First day on which services can answer: the round opens by itself as it begins in London.
    pub opens_on: Option<NaiveDate>,
    /// Last day on which services can answer: the round closes by itself as it ends in London.
    pub closes_on: Option<NaiveDate>,
    /// The day on which the report comes out, at half past nine in London.
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
    /// Services that have not submitted are reminded by plan: 14, 7 and 1 days before the last day, and 2 days after it.
    pub reminders: bool,
}

impl From<WrittenRound> for rounds::RoundText {
    fn from(written: WrittenRound) -> Self {
        Self {
            facilities_audit: written.facilities_audit,
            report: written.report,
            opens_on: written.opens_on,
            closes_on: written.closes_on,
            publishes_on: written.publishes_on,
            staffing_as_at: written.staffing_as_at,
            questionnaire: written.questionnaire,
            methodology: written.methodology,
            standard: written.standard,
            sign_off: written.sign_off,
            reminders: written.reminders,
        }
    }
}

/// The round that is copied, as it was read.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundToCopy {
    /// Its version.
    #[oai(validator(minimum(value = "1")))]
    pub version: i64,
}

/// A step of a round.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundStep {
    /// The version of the round that the step is based on.
    #[oai(validator(minimum(value = "1")))]
    pub version: i64,
    /// The state that it is to have.
    pub to: RoundStatus,
    /// Why; needed of a step back.
    #[serde(default)]
    #[oai(validator(max_length = 2000))]
    pub reason: Option<String>,
    /// The data cut that the report quotes; needed of the step into the preview.
    #[serde(default)]
    pub cut: Option<String>,
}

/// Something that the service does by itself in a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RoundJob {
    /// `open`, `close`, `publish`, `remind_14_before`, `remind_7_before`, `remind_1_before` or `remind_2_after`.
    pub kind: String,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<String>,
    /// How often it has failed.
    #[oai(validator(minimum(value = "0")))]
    pub failures: i32,
    /// Why it failed last.
    pub last_error: Option<String>,
}

impl From<PlannedJob> for RoundJob {
    fn from(job: PlannedJob) -> Self {
        Self {
            kind: job.kind.to_string(),
            due_at: job.due_at,
            done_at: job.done_at,
            outcome: job.outcome,
            failures: job.attempts,
            last_error: job.last_error,
        }
    }
}

/// The jobs of a round.
#[derive(Debug, Object)]
pub struct RoundJobList {
    /// The jobs, by time.
    pub items: Vec<RoundJob>,
}

/// More time for a service.
#[derive(Debug, Object)]
pub struct Extension {
    /// The service's unit code.
    pub service: String,
    /// Its name.
    pub name: String,
    /// The last day on which it can answer.
    pub until: NaiveDate,
    /// It still holds today.
    pub holds: bool,
    /// Why.
    pub reason: String,
    /// When it was granted.
    pub granted_at: DateTime<Utc>,
    /// By whom.
    pub granted_by: String,
}

impl From<rounds::Extended> for Extension {
    fn from(extended: rounds::Extended) -> Self {
        let one = extended.extension;
        Self {
            service: one.service,
            name: extended.service_name,
            until: one.until,
            holds: extended.holds,
            reason: one.reason,
            granted_at: one.granted_at,
            granted_by: extended.granted_by,
        }
    }
}

/// The extensions of a round.
#[derive(Debug, Object)]
pub struct ExtensionList {
    /// The extensions, by service.
    pub items: Vec<Extension>,
}

/// More time to be granted.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewExtension {
    /// The last day on which the service can answer: after the round's own, and not before today.
    pub until: NaiveDate,
    /// Why; the history keeps it.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub reason: String,
}

/// A service that has not submitted.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NonSubmitter {
    /// Its unit code.
    pub service: String,
    /// Its name.
    pub name: String,
    /// The area that it lies in.
    pub area: String,
    /// It has begun.
    pub started: bool,
    /// The last day on which it can answer.
    pub until: Option<NaiveDate>,
    /// How many people a reminder would go to.
    pub people: usize,
    /// How often it was reminded.
    pub reminders: usize,
    /// When it was last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// From when on it may be reminded again by hand, where it was in the last seven days.
    pub not_before: Option<DateTime<Utc>>,
}

impl From<reminders::NonSubmitter> for NonSubmitter {
    fn from(late: reminders::NonSubmitter) -> Self {
        Self {
            service: late.service.code,
            name: late.service.name,
            area: late.service.area_code,
            started: late.started,
            until: late.until,
            people: late.people,
            reminders: late.reminders,
            reminded_at: late.reminded_at,
            not_before: late.not_before,
        }
    }
}

/// Some of the services that have not submitted.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NonSubmitterList {
    /// The services, by code.
    pub items: Vec<NonSubmitter>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// Whom to remind, and with which words.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewReminders {
    /// The services, by unit code.
    #[oai(validator(min_items = 1, max_items = 2000))]
    pub services: Vec<String>,
    /// What the reminder says; without it, what it said last. `{service}`, `{round}` and `{last_day}` are filled in.
    #[serde(default)]
    #[oai(validator(max_length = 4000))]
    pub wording: Option<String>,
}

/// A service that was not reminded.
#[derive(Debug, Object)]
pub struct NotReminded {
    /// The service's unit code.
    pub service: String,
    /// Why.
    pub reason: String,
}

/// What came of reminding.
#[derive(Debug, Object)]
pub struct Reminded {
    /// The services that were reminded.
    pub services: Vec<String>,
    /// How many people are written to.
    pub people: usize,
    /// The services that were not, with why.
    pub left_out: Vec<NotReminded>,
}

impl From<reminders::Reminded> for Reminded {
    fn from(reminded: reminders::Reminded) -> Self {
        let left_out = reminded.left_out.into_iter().map(|(service, reason)| NotReminded { service, reason }).collect();
        Self { services: reminded.services, people: reminded.people, left_out }
    }
}

/// A reminder that was sent.
#[derive(Debug, Object)]
pub struct Reminder {
    /// The service's unit code.
    pub service: String,
    /// `by_hand`, or the step of the plan.
    pub occasion: String,
    /// How many people were written to.
    pub people: i32,
    /// When.
    pub sent_at: DateTime<Utc>,
}

impl From<Sent> for Reminder {
    fn from(sent: Sent) -> Self {
        Self { service: sent.service, occasion: sent.occasion, people: sent.people, sent_at: sent.sent_at }
    }
}

/// The reminders of a round.
#[derive(Debug, Object)]
pub struct ReminderList {
    /// The reminders, the oldest first.
    pub items: Vec<Reminder>,
}

/// A service of a round, with somebody who answers for it.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The service's unit code.
    pub service: String,
    /// `fls_lead`, `fls_contributor` or `clinical_lead`; without a person, nothing.
    #[serde(default)]
    pub role: Option<String>,
    /// Their e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
}

/// Services to be enrolled.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolments {
    /// One person a row; a service without a person is enrolled alone.
    #[oai(validator(min_items = 1, max_items = 10000))]
    pub items: Vec<Enrolment>,
}

/// A row of an enrolment that cannot be accepted.
#[derive(Debug, Object)]
pub struct EnrolmentProblem {
    /// Its place in `items`, from 0.
    pub item: i64,
    /// Which field; empty for the whole row.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

/// What an enrolment did, or would do.
#[derive(Debug, Object)]
pub struct EnrolmentReport {
    /// It was a rehearsal, or there are problems: nothing was stored and nobody invited.
    pub nothing_stored: bool,
    /// The services that were not enrolled before.
    pub services_enrolled: Vec<String>,
    /// People who had no account before.
    pub accounts_made: usize,
    /// How many people are invited.
    pub people_invited: usize,
    /// What is wrong, row by row.
    pub problems: Vec<EnrolmentProblem>,
}

impl From<Enrolled> for EnrolmentReport {
    fn from(report: Enrolled) -> Self {
        let problem = |problem: imports::RowProblem| EnrolmentProblem {
            item: problem.line,
            field: if problem.column == "service_code" { "service".into() } else { problem.column },
            reason: problem.reason,
        };
        Self {
            nothing_stored: report.nothing_stored,
            services_enrolled: report.services_enrolled,
            accounts_made: report.accounts_made,
            people_invited: report.people_invited.len(),
            problems: report.problems.into_iter().map(problem).collect(),
        }
    }
}
