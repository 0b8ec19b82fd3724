//! A round: one audit year, with its three names and the method it uses.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// Being prepared: nobody can answer yet.
    Draft,
    /// Services answer.
    Open,
    /// Answers are in; the audit team checks them.
    Closed,
    /// The report is out.
    Published,
}

impl RoundStatus {
    /// The word used in storage, the API and seeds.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Published => "published",
        }
    }
}

impl fmt::Display for RoundStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RoundStatus {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Draft, Self::Open, Self::Closed, Self::Published]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a state of a round"))
    }
}

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
}

impl Round {
    /// The last month that an answer may name, `YYYY-MM`: that of the day which staffing figures describe.
    pub fn latest_month(&self) -> String {
        self.staffing_as_at.format("%Y-%m").to_string()
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
