//! The linked services of a round, or of one round laid beside another, as columns: what every pair is worked out from.

use std::collections::{BTreeMap, BTreeSet};

use super::exposure::{Exposure, Kind, Level, Missing, Value};
use super::inputs::{Counted, RoundData, ServiceYear};
use super::plan::AnalysisPlan;
use crate::domain::kpi::year::Exclusion;

/// What is laid beside what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// Exposures and KPIs of one round.
    OneRound,
    /// The change of an exposure since an earlier round beside the change of a KPI, in the services linked in both.
    Change {
        /// The earlier audit year.
        since: i32,
    },
    /// Exposures of an earlier round beside KPIs of this one.
    Earlier {
        /// The earlier audit year.
        exposures_of: i32,
    },
}

/// A KPI of a service, or its change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// In per cent, or of a change in percentage points.
    pub percent: f64,
    /// What it is divided from; a change has none.
    pub counted: Option<Counted>,
}

/// Why a KPI says nothing of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoOutcome {
    /// There are no counts, or nothing to divide by.
    NoData,
    /// The denominator is under the minimum.
    SmallDenominator,
}

/// Why a service is not in an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It counts in the clinical figures and submitted no response.
    NoResponse,
    /// It submitted a response and has no clinical counts.
    NoCounts,
    /// It submitted a response and does not count in the clinical figures.
    Excluded(Exclusion),
    /// It is linked in one of the two rounds alone.
    OneRoundAlone,
    /// The exposure says nothing.
    Exposure(Missing),
    /// The KPI says nothing.
    Outcome(NoOutcome),
}

impl Why {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoResponse => "no_response",
            Self::NoCounts => "no_clinical_counts",
            Self::Excluded(exclusion) => exclusion.as_str(),
            Self::OneRoundAlone => "one_round_alone",
            Self::Exposure(missing) => missing.as_str(),
            Self::Outcome(NoOutcome::NoData) => "no_kpi",
            Self::Outcome(NoOutcome::SmallDenominator) => "small_denominator",
        }
    }

    /// Why, of several services.
    pub fn words(self, plan: &AnalysisPlan) -> String {
        match self {
            Self::NoResponse => "count in the clinical figures and submitted no facilities questionnaire".into(),
            Self::NoCounts => "answered the questionnaire and have no clinical counts".into(),
            Self::Excluded(Exclusion::NoRecords) => "answered the questionnaire and have no patient records".into(),
            Self::Excluded(Exclusion::TooFewRecords) => {
                "answered the questionnaire and have too few records to count in the clinical figures".into()
            }
            Self::Excluded(Exclusion::OutsideNations) => {
                "answered the questionnaire and lie in a nation that the clinical figures leave out".into()
            }
            Self::OneRoundAlone => "are linked in one of the two rounds alone".into(),
            Self::Exposure(missing) => format!("say nothing of the exposure: they {}", missing.words()),
            Self::Outcome(NoOutcome::NoData) => "have no data for the KPI".into(),
            Self::Outcome(NoOutcome::SmallDenominator) => {
                format!("have a denominator under {} for the KPI", plan.minimum.denominator)
            }
        }
    }
}

/// A service that is not in an analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Unit code.
    pub service: String,
    /// Why.
    pub why: Why,
}

/// Whether an exposure changed: with its groups in order, the change of its place.
const CHANGED: [Level; 3] = [
    Level { code: "less", label: "Less than before" },
    Level { code: "same", label: "As before" },
    Level { code: "more", label: "More than before" },
];

/// The linked services as columns, in the order of their codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What is laid beside what.
    pub design: Design,
    /// Audit year of the KPIs.
    pub year: i32,
    /// The linked services.
    pub services: Vec<String>,
    /// Their records.
    pub records: Vec<Option<i64>>,
    /// The services of either side that are not linked, in the order of their codes.
    pub unlinked: Vec<Dropped>,
    exposures: BTreeMap<Exposure, Vec<Result<Value, Missing>>>,
    outcomes: BTreeMap<i32, Vec<Result<Outcome, NoOutcome>>>,
}

/// Why a service is not linked in a round, where it is on either side of it.
fn unlinked(service: &ServiceYear) -> Option<Why> {
    match (service.staffing.is_some(), service.is_clinical()) {
        (true, false) => Some(service.excluded.map_or(Why::NoCounts, Why::Excluded)),
        (false, true) => Some(Why::NoResponse),
        _ => None,
    }
}

fn is_linked(service: &ServiceYear) -> bool {
    service.staffing.is_some() && service.is_clinical()
}

fn outcome(service: &ServiceYear, kpi: i32, plan: &AnalysisPlan) -> Result<Outcome, NoOutcome> {
    let counted = service.kpis.get(&kpi).ok_or(NoOutcome::NoData)?;
    if counted.denominator < f64::from(plan.minimum.denominator) {
        return Err(NoOutcome::SmallDenominator);
    }
    Ok(Outcome { percent: 100.0 * counted.numerator / counted.denominator, counted: Some(*counted) })
}

/// How one value differs from an earlier one: by its number, or by whether its place among ordered groups is lower, the
/// same or higher.
fn difference(before: Value, now: Value) -> Value {
    match (before, now) {
        (Value::Number(before), Value::Number(now)) => Value::Number(now - before),
        (Value::Level(before), Value::Level(now)) => Value::Level(match now.cmp(&before) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => 2,
        }),
        _ => now,
    }
}

/// Some rows of a column.
fn pick<T: Clone>(column: &[T], kept: &[usize]) -> Vec<T> {
    kept.iter().filter_map(|row| column.get(*row).cloned()).collect()
}

impl Dataset {
    /// One round.
    pub fn of(round: &RoundData, plan: &AnalysisPlan) -> Self {
        Self::between(Design::OneRound, round, round, plan)
    }

    /// The exposures of an earlier round beside the KPIs of this one.
    pub fn earlier(before: &RoundData, now: &RoundData, plan: &AnalysisPlan) -> Self {
        Self::between(Design::Earlier { exposures_of: before.year }, before, now, plan)
    }

    fn between(design: Design, of_exposures: &RoundData, of_outcomes: &RoundData, plan: &AnalysisPlan) -> Self {
        let mut data = Self::empty(design, of_outcomes.year);
        let codes: BTreeSet<&String> = of_exposures.services.keys().chain(of_outcomes.services.keys()).collect();
        let nothing = ServiceYear::default();
        let mut linked: Vec<(&ServiceYear, &ServiceYear)> = Vec::new();
        for code in codes {
            let exposed = of_exposures.services.get(code).unwrap_or(&nothing);
            let clinical = of_outcomes.services.get(code).unwrap_or(&nothing);
            if exposed.staffing.is_some() && clinical.is_clinical() {
                data.services.push(code.clone());
                data.records.push(clinical.records);
                linked.push((exposed, clinical));
            } else {
                let both = ServiceYear { staffing: exposed.staffing, ..clinical.clone() };
                data.unlinked.extend(unlinked(&both).map(|why| Dropped { service: code.clone(), why }));
            }
        }
        for exposure in &plan.exposures {
            let column = linked.iter().map(|(exposed, _)| exposure.read(of_exposures, exposed)).collect();
            data.exposures.insert(*exposure, column);
        }
        for kpi in &plan.outcomes {
            let column = linked.iter().map(|(_, clinical)| outcome(clinical, *kpi, plan)).collect();
            data.outcomes.insert(*kpi, column);
        }
        data
    }

    /// The change from one round to another, over the services that are linked in both.
    pub fn change(before: &RoundData, now: &RoundData, plan: &AnalysisPlan) -> Self {
        let mut data = Self::empty(Design::Change { since: before.year }, now.year);
        let codes: BTreeSet<&String> = before.services.keys().chain(now.services.keys()).collect();
        let nothing = ServiceYear::default();
        let mut matched: Vec<(&ServiceYear, &ServiceYear)> = Vec::new();
        for code in codes {
            let then = before.services.get(code).unwrap_or(&nothing);
            let today = now.services.get(code).unwrap_or(&nothing);
            match (is_linked(then), is_linked(today)) {
                (true, true) => {
                    data.services.push(code.clone());
                    data.records.push(today.records);
                    matched.push((then, today));
                }
                (false, false) => {}
                _ => data.unlinked.push(Dropped { service: code.clone(), why: Why::OneRoundAlone }),
            }
        }
        for exposure in &plan.exposures {
            let of = |(then, today): &(&ServiceYear, &ServiceYear)| {
                Ok(difference(exposure.read(before, then)?, exposure.read(now, today)?))
            };
            data.exposures.insert(*exposure, matched.iter().map(of).collect());
        }
        for kpi in &plan.outcomes {
            let of = |(then, today): &(&ServiceYear, &ServiceYear)| {
                let percent = outcome(today, *kpi, plan)?.percent - outcome(then, *kpi, plan)?.percent;
                Ok(Outcome { percent, counted: None })
            };
            data.outcomes.insert(*kpi, matched.iter().map(of).collect());
        }
        data
    }

    fn empty(design: Design, year: i32) -> Self {
        Self {
            design,
            year,
            services: Vec::new(),
            records: Vec::new(),
            unlinked: Vec::new(),
            exposures: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// The same with some of its services alone.
    pub fn kept_to(&self, services: &BTreeSet<&str>) -> Self {
        let kept: Vec<usize> = self
            .services
            .iter()
            .enumerate()
            .filter(|(_, code)| services.contains(code.as_str()))
            .map(|(row, _)| row)
            .collect();
        Self {
            services: pick(&self.services, &kept),
            records: pick(&self.records, &kept),
            exposures: self.exposures.iter().map(|(exposure, column)| (*exposure, pick(column, &kept))).collect(),
            outcomes: self.outcomes.iter().map(|(kpi, column)| (*kpi, pick(column, &kept))).collect(),
            unlinked: Vec::new(),
            ..*self
        }
    }

    /// What kind of variable an exposure is here; `None` where its change has no direction.
    pub fn kind(&self, exposure: Exposure) -> Option<Kind> {
        match (self.design, exposure.kind()) {
            (Design::Change { .. }, Kind::Groups(_)) => None,
            (Design::Change { .. }, Kind::Flag | Kind::Ordered(_)) => Some(Kind::Ordered(&CHANGED)),
            (_, kind) => Some(kind),
        }
    }

    /// The column of an exposure; empty where the plan has none.
    pub fn exposure(&self, exposure: Exposure) -> &[Result<Value, Missing>] {
        self.exposures.get(&exposure).map_or(&[], Vec::as_slice)
    }

    /// The column of a KPI; empty where the plan has none.
    pub fn outcome(&self, kpi: i32) -> &[Result<Outcome, NoOutcome>] {
        self.outcomes.get(&kpi).map_or(&[], Vec::as_slice)
    }
}
