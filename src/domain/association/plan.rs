//! An analysis plan: what is tested, declared before it is run. Data (`seeds/analysis_plans/`), named, versioned, dated.

use chrono::NaiveDate;
use serde::Deserialize;

use super::exposure::Exposure;
use crate::domain::kpi::year::COUNTED;
use crate::domain::statistics::power::Sought;

/// A plan.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysisPlan {
    /// The stable name.
    pub id: String,
    /// Counts its changes: a plan that was used is never changed, it gets a successor.
    pub version: u32,
    /// The day on which it was declared.
    pub date: NaiveDate,
    /// What it is called.
    pub name: String,
    /// The exposures, in the order of the grid.
    pub exposures: Vec<Exposure>,
    /// The KPIs, in the order of the grid.
    pub outcomes: Vec<i32>,
    /// Below which nothing is worked out.
    pub minimum: Minimum,
    /// From which q an association is called what.
    pub evidence: Evidence,
    /// Above which share of services without a value bounds are given, 0 to 1.
    pub bounds_above: f64,
    /// At what level and with what power the smallest effect that could have been shown is reckoned.
    pub sought: Sought,
    /// What else it says: the family, how small groups are treated.
    pub notes: Vec<String>,
}

/// The least that an analysis asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minimum {
    /// Linked services with both values.
    pub services: usize,
    /// Services a group: a test asks for two groups with as many; a smaller group is flagged.
    pub group: usize,
    /// Cases under the line for a service's KPI to enter.
    pub denominator: u32,
}

/// The q under which evidence is called strong, plain and weak.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Strong evidence.
    pub strong: f64,
    /// Evidence.
    pub plain: f64,
    /// Weak evidence.
    pub weak: f64,
}

/// How strong the evidence for an association is, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// None to speak of.
    NotClear,
    /// Weak.
    Weak,
    /// Plain.
    Plain,
    /// Strong.
    Strong,
}

impl Strength {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotClear => "not_clear",
            Self::Weak => "weak",
            Self::Plain => "evidence",
            Self::Strong => "strong",
        }
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotClear => "not clear",
            Self::Weak => "weak evidence",
            Self::Plain => "evidence",
            Self::Strong => "strong evidence",
        }
    }
}

impl Evidence {
    /// What a q value comes to.
    pub fn of(self, q: f64) -> Strength {
        match q {
            q if q < self.strong => Strength::Strong,
            q if q < self.plain => Strength::Plain,
            q if q < self.weak => Strength::Weak,
            _ => Strength::NotClear,
        }
    }
}

/// A plan as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    id: String,
    version: u32,
    date: NaiveDate,
    name: String,
    exposures: Vec<String>,
    outcomes: Vec<i32>,
    minimum: Minimum,
    evidence: Evidence,
    bounds_above: f64,
    level: f64,
    power: f64,
    notes: Vec<String>,
}

impl TryFrom<PlanFile> for AnalysisPlan {
    type Error = (String, String);

    /// Checks a plan; an error is the word at fault and why.
    fn try_from(file: PlanFile) -> Result<Self, Self::Error> {
        let wrong = |word: &str, reason: &str| Err((word.to_owned(), reason.to_owned()));
        let mut exposures = Vec::new();
        for key in &file.exposures {
            match Exposure::of_key(key) {
                Some(exposure) if !exposures.contains(&exposure) => exposures.push(exposure),
                Some(_) => return wrong(key, "the exposure is in the plan twice"),
                None => return wrong(key, "there is no such exposure"),
            }
        }
        let mut seen = Vec::new();
        for kpi in &file.outcomes {
            if !COUNTED.contains(kpi) || seen.contains(kpi) {
                return wrong("outcomes", "the outcomes are KPIs from 2 to 11, each once");
            }
            seen.push(*kpi);
        }
        if exposures.is_empty() || file.outcomes.is_empty() {
            return wrong("exposures", "a plan has exposures and outcomes");
        }
        let share = |value: f64| value > 0.0 && value < 1.0;
        let Evidence { strong, plain, weak } = file.evidence;
        if !(share(strong) && strong < plain && plain < weak && weak < 1.0) {
            return wrong("evidence", "the levels rise from strong to weak between 0 and 1");
        }
        if !(share(file.level) && share(file.power) && (0.0..=1.0).contains(&file.bounds_above)) {
            return wrong("level", "level and power lie between 0 and 1");
        }
        if file.minimum.services < 4 || file.minimum.group < 2 || file.minimum.denominator < 1 {
            return wrong("minimum", "at least 4 services, 2 a group and a denominator of 1 are asked for");
        }
        Ok(Self {
            id: file.id,
            version: file.version,
            date: file.date,
            name: file.name,
            exposures,
            outcomes: file.outcomes,
            minimum: file.minimum,
            evidence: file.evidence,
            bounds_above: file.bounds_above,
            sought: Sought { level: file.level, power: file.power },
            notes: file.notes,
        })
    }
}

impl AnalysisPlan {
    /// How results quote it: `facilities_and_kpis, version 1 of 25 November 2026`.
    pub fn quoted(&self) -> String {
        format!("{}, version {} of {}", self.id, self.version, self.date.format("%-d %B %Y"))
    }
}
