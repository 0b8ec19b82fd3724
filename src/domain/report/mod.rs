//! The national report: what it rests on, and the sentences that follow from its figures.
//!
//! A sentence is a message with the figures that stand in it, so that it says the same in every language and can never
//! say another figure than the table beside it.

pub mod commentary;
pub mod concerns;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::area::AreaTree;
use super::findings::NationalFindings;
use super::kpi::cascade::Cascade;
use super::quality::outlier::OutlierCase;
use super::register::Service;
use super::workforce::report::GapReport;

/// Something that is said: a message of the catalogue with what stands in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// Its key.
    pub key: &'static str,
    /// What stands in it, by name.
    pub arguments: Vec<(&'static str, Said)>,
}

/// Something within a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A number by which plurals go.
    Count(usize),
    /// Words or a figure as it is printed.
    Text(String),
    /// A text of the program, which each language has its own words for.
    Named(String),
    /// A day.
    Day(NaiveDate),
    /// A part of the sentence that is put together itself.
    Part(Phrase),
}

impl Phrase {
    /// A message without anything in it.
    pub fn new(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    /// The same with a number.
    pub fn count(mut self, name: &'static str, number: usize) -> Self {
        self.arguments.push((name, Said::Count(number)));
        self
    }

    /// The same with words.
    pub fn text(mut self, name: &'static str, words: impl Into<String>) -> Self {
        self.arguments.push((name, Said::Text(words.into())));
        self
    }

    /// The same with a text of the program.
    pub fn named(mut self, name: &'static str, words: impl Into<String>) -> Self {
        self.arguments.push((name, Said::Named(words.into())));
        self
    }

    /// The same with a day.
    pub fn day(mut self, name: &'static str, day: NaiveDate) -> Self {
        self.arguments.push((name, Said::Day(day)));
        self
    }

    /// The same with a part that is put together itself.
    pub fn part(mut self, name: &'static str, part: Self) -> Self {
        self.arguments.push((name, Said::Part(part)));
        self
    }
}

/// A recommendation with how many it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Its number in the January 2023 report, 4 to 13.
    pub number: i32,
    /// The services that call for it.
    pub services: usize,
    /// The services of which it can be said whether they do; none where nothing that could call for it was asked.
    pub of: usize,
    /// The ICBs and health boards that it concerns.
    pub areas: usize,
}

/// How many figures were held against the limits for outliers, and how many lie beyond them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Screening {
    /// Figures that were screened.
    pub figures: usize,
    /// Beyond two standard deviations and not three.
    pub alerts: usize,
    /// Beyond three.
    pub alarms: usize,
}

/// Everything that the report of a round is written from.
#[derive(Debug, Clone)]
pub struct NationalReport {
    /// The findings of the round beside the earlier one.
    pub findings: NationalFindings,
    /// The cascade of the nation.
    pub cascade: Cascade,
    /// The staffing gap on both bases.
    pub gaps: GapReport,
    /// What recommendations 4 to 13 concern.
    pub concerns: Vec<Concern>,
    /// Questions whose earlier answers do not compare with those of the round.
    pub not_compared: Vec<String>,
    /// How figures lie to the limits for outliers.
    pub screening: Screening,
    /// The outliers that somebody looks into or has looked into. Only those that are through may be named.
    pub outliers: Vec<OutlierCase>,
    /// The areas.
    pub tree: AreaTree,
    /// The services of the register.
    pub services: BTreeMap<String, Service>,
    /// Expected cases for each hip fracture, by the round's method.
    pub caseload_multiplier: i64,
    /// More records than this make a service count.
    pub records_over: i64,
}

impl NationalReport {
    /// The name of a service; its code where the register has none.
    pub fn name(&self, code: &str) -> String {
        self.services.get(code).map_or_else(|| code.to_owned(), |service| service.name.clone())
    }
}
