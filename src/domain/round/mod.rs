//! A round: one audit year, with its three names and the method it uses.

mod calendar;
mod lifecycle;
mod reminders;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use calendar::{JobKind, begin_of_day, end_of_day, london_day_of, planned};
pub use lifecycle::{Act, NotNow, RoundStatus};
pub use reminders::{ReminderStep, TooSoon, may_be_reminded};

/// One audit year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The audit year: the calendar year whose fractures are counted.
    pub year: i32,
    /// The name of the facilities audit that asks about it, such as "2022 facilities audit".
    pub facilities_audit: String,
    /// The name of the report that publishes it, once it has one.
    pub report: Option<String>,
    /// Where the round stands.
    pub status: RoundStatus,
    /// First day on which services can answer.
    pub opens_on: Option<NaiveDate>,
    /// Last day on which services can answer.
    pub closes_on: Option<NaiveDate>,
    /// The day that staffing figures describe: 1 April after the audit year unless the round says otherwise.
    pub staffing_as_at: NaiveDate,
    /// Version of the questionnaire.
    pub questionnaire: String,
    /// Year of the methodology.
    pub methodology: i32,
    /// Id of the staffing standard.
    pub standard: String,
    /// A clinical lead signs a response off before it can be submitted.
    #[serde(default)]
    pub sign_off: bool,
    /// The day on which the report is to be out, at half past nine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishes_on: Option<NaiveDate>,
    /// Services that have not submitted are reminded by plan.
    #[serde(default, skip_serializing)]
    pub reminders: bool,
    /// The data cut that the report quotes, from the preview on.
    #[serde(default, skip_serializing)]
    pub cut: Option<String>,
    /// Counts the changes of the round, from 1.
    #[serde(default = "first", skip_serializing)]
    pub version: i64,
}

fn first() -> i64 {
    1
}

impl Round {
    /// The last month that an answer may name, `YYYY-MM`: that of the day which staffing figures describe.
    pub fn latest_month(&self) -> String {
        self.staffing_as_at.format("%Y-%m").to_string()
    }

    /// Refuses what the state of the round does not allow.
    pub fn must_allow(&self, act: Act) -> Result<(), NotNow> {
        if self.status.allows(act) {
            return Ok(());
        }
        Err(NotNow { act, status: self.status, names: self.names() })
    }

    /// The round under its names: "audit year 2021, the 2022 facilities audit, the January 2023 report".
    pub fn names(&self) -> String {
        let mut names = format!("audit year {}, the {}", self.year, self.facilities_audit);
        if let Some(report) = &self.report {
            names.push_str(", the ");
            names.push_str(report);
        }
        names
    }
}
