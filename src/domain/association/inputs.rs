//! What an association is worked out from: one row a service and audit year.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::exposure::Missing;
use crate::domain::area::AreaShare;
use crate::domain::kpi::year::Exclusion;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::gap::StaffingFacts;
use crate::domain::workforce::standard::StaffingStandard;

/// A KPI of a service before it is divided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Cases above the line.
    pub numerator: f64,
    /// Cases under the line; of KPI 2 and 3 an expected number.
    pub denominator: f64,
}

/// One service in one year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceYear {
    /// The staffing facts of its submitted response; `None` where it submitted none.
    pub staffing: Option<StaffingFacts>,
    /// Its other facts, by name.
    pub facts: BTreeMap<String, Fact>,
    /// The share of people aged 50 and over in its host area, where it did not say how many it has.
    pub share_50_plus: Option<AreaShare>,
    /// Why it does not count in the clinical figures; `None` where it counts.
    pub excluded: Option<Exclusion>,
    /// It has counts at all.
    pub has_counts: bool,
    /// Its records in the year.
    pub records: Option<i64>,
    /// Its expected cases.
    pub expected: Option<i64>,
    /// KPI 2 to 11, where it has counts and a denominator above 0.
    pub kpis: BTreeMap<i32, Counted>,
}

impl ServiceYear {
    /// Whether it counts in the clinical figures.
    pub fn is_clinical(&self) -> bool {
        self.has_counts && self.excluded.is_none()
    }
}

/// One round.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundData {
    /// Audit year.
    pub year: i32,
    /// The day that staffing figures describe.
    pub staffing_as_at: NaiveDate,
    /// By which cover is reckoned.
    pub standard: StaffingStandard,
    /// The facts that the round asks.
    pub asked: BTreeSet<String>,
    /// The services by code, as far as they are chosen.
    pub services: BTreeMap<String, ServiceYear>,
}

impl RoundData {
    /// A fact of a service that submitted a response.
    pub(super) fn fact<'a>(&self, service: &'a ServiceYear, name: &str) -> Result<&'a Fact, Missing> {
        if !self.asked.contains(name) {
            return Err(Missing::NotAsked);
        }
        service.facts.get(name).ok_or(Missing::NotAsked)
    }
}
