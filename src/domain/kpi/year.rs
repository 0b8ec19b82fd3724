//! Everything that the KPIs of one year are worked out from, and which services they count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::caseload::Cases;
use super::figure::{Figure, percentage};
use super::real;
use crate::domain::count::Counts;
use crate::domain::reference::{Kpi, Methodology};

/// The KPIs that are counted; KPI 1 is derived from them.
pub const COUNTED: std::ops::RangeInclusive<i32> = 2..=11;

/// One year: its counts, cases and method.
#[derive(Debug, Clone)]
pub struct YearData {
    /// Audit year.
    pub year: i32,
    /// By which its KPIs are judged.
    pub method: Methodology,
    /// The year's counts of all patients by KPI and service. Records are those of KPI 2, which is always there.
    pub totals: BTreeMap<i32, BTreeMap<String, Counts>>,
    /// Who covers which cases.
    pub cases: Arc<Cases>,
    /// Services that lie outside the nations whose services count.
    pub outside: BTreeSet<String>,
}

/// Why a service does not count in the clinical figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// It has counts, but no records.
    NoRecords,
    /// It has no more records than the rule asks for.
    TooFewRecords,
    /// It lies in a nation that the figures leave out.
    OutsideNations,
}

impl Exclusion {
    /// The word used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoRecords => "no_records",
            Self::TooFewRecords => "too_few_records",
            Self::OutsideNations => "outside_nations",
        }
    }
}

/// A service that has counts and does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// Unit code.
    pub service: String,
    /// Its records in the year.
    pub records: Option<i64>,
    /// Why.
    pub why: Exclusion,
}

/// Which services count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inclusion {
    /// Those that count.
    pub included: BTreeSet<String>,
    /// Those that have counts and do not, in the order of their codes.
    pub excluded: Vec<Excluded>,
}

/// How complete a service's data are (KPI 1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// The KPIs whose data say how complete they are.
    pub known: Vec<i32>,
    /// Those of them that are complete.
    pub complete: Vec<i32>,
    /// Enough of them are.
    pub is_complete: bool,
}

impl YearData {
    /// The year's counts of a service for a KPI.
    pub fn counts(&self, kpi: i32, service: &str) -> Option<Counts> {
        self.totals.get(&kpi)?.get(service).copied()
    }

    /// The records that a service submitted.
    pub fn records(&self, service: &str) -> Option<i64> {
        self.counts(2, service).map(|counts| counts.numerator)
    }

    /// The expected cases of a service.
    pub fn expected(&self, service: &str) -> Option<i64> {
        self.cases.services.get(service)?.expected
    }

    /// What a service's KPI is divided by: people counted, or for KPI 2 and 3 the year's expected cases.
    pub fn denominator(&self, kpi: i32, service: &str) -> Option<f64> {
        self.denominator_beside(kpi, service, self.counts(kpi, service))
    }

    /// The same where the service's counts of the KPI are at hand.
    fn denominator_beside(&self, kpi: i32, service: &str, counts: Option<Counts>) -> Option<f64> {
        match kpi {
            2 => self.expected(service).map(real),
            3 => self.expected(service).map(|expected| self.method.spine_share * real(expected)),
            _ => counts?.denominator.map(real),
        }
    }

    /// A service's figure. That of KPI 1 is its complete KPIs out of those asked.
    pub fn figure(&self, kpi: &Kpi, service: &str) -> Figure {
        if kpi.kpi == 1 {
            let found = self.completeness(service);
            let complete = (!found.known.is_empty()).then(|| i64::try_from(found.complete.len()).unwrap_or(i64::MAX));
            return Figure::share(complete, real(self.method.completeness.of));
        }
        match self.counts(kpi.kpi, service) {
            Some(counts) => {
                let denominator = self.denominator_beside(kpi.kpi, service, Some(counts));
                Figure::of(kpi, Some(counts.numerator), denominator)
            }
            None => Figure::default(),
        }
    }

    /// Which services count in the clinical figures: more records than the rule asks for, in one of its nations.
    pub fn inclusion(&self) -> Inclusion {
        // Each KPI's services are in order, which makes sorting them a merge.
        let mut services: Vec<&String> = self.totals.values().flat_map(BTreeMap::keys).collect();
        services.sort();
        services.dedup();
        let rule = &self.method.inclusion;
        let mut found = Inclusion::default();
        let mut included = Vec::new();
        for service in services {
            let records = self.records(service);
            let within = !self.outside.contains(service);
            let why = match records {
                None => Exclusion::NoRecords,
                Some(_) if !within => Exclusion::OutsideNations,
                Some(records) if records <= rule.records_above => Exclusion::TooFewRecords,
                Some(_) => {
                    included.push(service.clone());
                    continue;
                }
            };
            found.excluded.push(Excluded { service: service.clone(), records, why });
        }
        found.included = included.into_iter().collect();
        found
    }

    /// Which of a service's KPIs are complete, and whether enough are.
    pub fn completeness(&self, service: &str) -> Completeness {
        let rule = &self.method.completeness;
        let mut found = Completeness::default();
        for kpi in COUNTED {
            let Some(counts) = self.counts(kpi, service) else { continue };
            let Some((eligible, complete)) = counts.eligible.zip(counts.complete) else { continue };
            found.known.push(kpi);
            if percentage(complete, real(eligible)).is_some_and(|share| share >= rule.kpi_at_least) {
                found.complete.push(kpi);
            }
        }
        let complete = i64::try_from(found.complete.len()).unwrap_or(i64::MAX);
        found.is_complete = complete >= rule.service_kpis_at_least;
        found
    }
}
