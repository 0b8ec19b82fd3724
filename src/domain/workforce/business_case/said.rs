//! A sentence of a business case with the figures that it rests on. A number comes into a text by a figure alone, so that
//! none can be said that is not also there as a fact.

use super::super::cost::Pounds;
use super::super::report::display_wte;
use crate::domain::hundredths::thousands;

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseUnit {
    /// Whole-time equivalents.
    Wte,
    /// People of a population.
    People,
    /// Cases a year.
    Cases,
    /// Pounds a year.
    Pounds,
    /// Things that are counted: readings, services.
    Count,
    /// What a published coefficient comes to, in the unit of its name.
    Amount,
}

impl CaseUnit {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wte => "wte",
            Self::People => "people",
            Self::Cases => "cases",
            Self::Pounds => "pounds",
            Self::Count => "count",
            Self::Amount => "amount",
        }
    }

    /// As pages print it.
    #[expect(clippy::cast_possible_truncation, reason = "counts of people and cases are far below 2^53")]
    fn shown(self, value: f64) -> String {
        match self {
            Self::Wte => display_wte(value),
            Self::Pounds => Pounds(value).shown(),
            Self::People | Self::Cases | Self::Count => thousands(value.round() as i64),
            Self::Amount => value.to_string(),
        }
    }
}

/// A figure that a sentence rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFact {
    /// Its stable key, such as `gap.nurse.as_reported.low`.
    pub key: String,
    /// How much, unrounded.
    pub value: f64,
    /// What it is counted in.
    pub unit: CaseUnit,
    /// As the sentence prints it.
    pub shown: String,
}

/// A sentence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// The words.
    pub text: String,
    /// The figures in them, in their order.
    pub facts: Vec<CaseFact>,
}

impl Said {
    /// Begins a sentence.
    pub fn new(words: &str) -> Self {
        Self { text: words.to_owned(), facts: Vec::new() }
    }

    /// Goes on with words.
    #[must_use]
    pub fn words(mut self, words: &str) -> Self {
        self.text.push_str(words);
        self
    }

    /// Goes on with a figure.
    #[must_use]
    pub fn figure(self, unit: CaseUnit, key: &str, value: f64) -> Self {
        let shown = unit.shown(value);
        self.figure_as(unit, key, value, shown)
    }

    /// Goes on with a figure in a print of its own.
    #[must_use]
    pub fn figure_as(mut self, unit: CaseUnit, key: &str, value: f64, shown: String) -> Self {
        self.text.push_str(&shown);
        self.facts.push(CaseFact { key: key.to_owned(), value, unit, shown });
        self
    }

    /// Goes on with a WTE that is rounded down, so that "at least" stays true.
    #[must_use]
    pub fn at_least(self, key: &str, wte: f64) -> Self {
        let shown = format!("{:.2}", (wte * 100.0).floor() / 100.0);
        self.figure_as(CaseUnit::Wte, key, wte, shown)
    }

    /// Goes on with `9.17 to 10.78`, under `key.low` and `key.high`; with one figure where both print the same.
    #[must_use]
    pub fn range(self, unit: CaseUnit, key: &str, low: f64, high: f64) -> Self {
        let (low_key, high_key) = (format!("{key}.low"), format!("{key}.high"));
        let (shown_low, shown_high) = (unit.shown(low), unit.shown(high));
        if shown_low == shown_high {
            let mut said = self.figure_as(unit, &low_key, low, shown_low);
            said.facts.push(CaseFact { key: high_key, value: high, unit, shown: shown_high });
            return said;
        }
        self.figure_as(unit, &low_key, low, shown_low).words(" to ").figure_as(unit, &high_key, high, shown_high)
    }
}

impl From<String> for Said {
    /// A sentence without figures of the case's own, such as a source.
    fn from(text: String) -> Self {
        Self { text, facts: Vec::new() }
    }
}
