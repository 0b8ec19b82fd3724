//! The cascade in people: of all who should be seen, how many are recorded, assessed, recommended a treatment, start it
//! and are still on it.

use std::collections::BTreeMap;

use super::caseload::Unmapped;
use super::year::YearData;

/// A step of the cascade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Cases expected from the hip fractures of the hospitals (denominator of KPI 2).
    Expected,
    /// Patient records submitted (KPI 2).
    Recorded,
    /// Assessed within 90 days (KPI 4).
    Assessed,
    /// Recommended a medicine against osteoporosis (KPI 7).
    Recommended,
    /// Had started it, or were continuing, at the first follow-up (KPI 10).
    Started,
    /// Confirmed to be still taking it at 12 months (KPI 11).
    StillOnTreatment,
}

impl Stage {
    /// All in their order.
    pub const ALL: [Self; 6] =
        [Self::Expected, Self::Recorded, Self::Assessed, Self::Recommended, Self::Started, Self::StillOnTreatment];

    /// The word used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Recorded => "recorded",
            Self::Assessed => "assessed",
            Self::Recommended => "recommended",
            Self::Started => "started",
            Self::StillOnTreatment => "still_on_treatment",
        }
    }

    /// The words used on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Expected => "Expected",
            Self::Recorded => "Recorded",
            Self::Assessed => "Assessed within 90 days",
            Self::Recommended => "Recommended bone therapy",
            Self::Started => "Started bone therapy",
            Self::StillOnTreatment => "Still on it at 12 months",
        }
    }

    /// The KPI whose numerator it is; of the first, whose denominator.
    pub fn kpi(self) -> i32 {
        match self {
            Self::Expected | Self::Recorded => 2,
            Self::Assessed => 4,
            Self::Recommended => 7,
            Self::Started => 10,
            Self::StillOnTreatment => 11,
        }
    }

    /// How its people differ from those of the step before, where they are not a part of them.
    pub fn caution(self) -> Option<&'static str> {
        match self {
            Self::Recorded => Some(
                "The expected number is an estimate: more can be recorded than were expected. What one service recorded \
                 beyond it takes nobody off those never seen by another.",
            ),
            Self::Started => Some(
                "Counted among those recommended or referred for treatment, less those who have died, so not exactly a \
                 part of the step before.",
            ),
            Self::StillOnTreatment => {
                Some("Other people: those whose fracture was a year earlier, so never a part of the step before.")
            }
            Self::Expected | Self::Assessed | Self::Recommended => None,
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// The year in which its people had their fracture.
    pub cohort: i32,
    /// People; `None` where no service has the figure.
    pub people: Option<i64>,
    /// Those they were counted among.
    pub among: Option<f64>,
    /// Services that have the figure.
    pub services: usize,
    /// Fewer people than in the step before, over services that have both; negative where there are more. `None` where
    /// the steps are of other people.
    pub lost: Option<i64>,
    /// The same added up over the services where there are fewer alone: who is seen elsewhere in excess helps nobody here.
    pub shortfall: Option<i64>,
    /// Services that have both steps.
    pub services_with_both: usize,
}

/// The cascade of one or several services in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Cascade {
    /// Audit year.
    pub year: i32,
    /// The services that are added up, sorted by code.
    pub services: Vec<String>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The hospitals of the area that no service covers.
    pub unmapped: Vec<Unmapped>,
    /// Their expected cases, which no step holds; `None` where none has a figure.
    pub unmapped_expected: Option<i64>,
}

impl Cascade {
    /// Adds up the steps of services, beside the hospitals that none covers.
    pub fn new(data: &YearData, services: Vec<String>, unmapped: Vec<Unmapped>) -> Self {
        let people = |stage: Stage, service: &str| match stage {
            Stage::Expected => data.expected(service),
            _ => data.counts(stage.kpi(), service).map(|counts| counts.numerator),
        };
        let mut steps = Vec::new();
        let mut before: BTreeMap<&str, i64> = BTreeMap::new();
        for stage in Stage::ALL {
            let here: BTreeMap<&str, i64> =
                services.iter().filter_map(|s| people(stage, s).map(|n| (s.as_str(), n))).collect();
            let among: Vec<f64> = match stage {
                Stage::Expected => Vec::new(),
                _ => here.keys().filter_map(|service| data.denominator(stage.kpi(), service)).collect(),
            };
            let comparable = !matches!(stage, Stage::Expected | Stage::StillOnTreatment);
            let gap = |(service, n): (&&str, &i64)| before.get(service).filter(|_| comparable).map(|before| before - n);
            let gaps: Vec<i64> = here.iter().filter_map(gap).collect();
            let some = |any: bool, sum: i64| any.then_some(sum);
            steps.push(Step {
                stage,
                cohort: if stage == Stage::StillOnTreatment { data.year - 1 } else { data.year },
                people: some(!here.is_empty(), here.values().sum()),
                among: (!among.is_empty()).then(|| among.iter().sum()),
                services: here.len(),
                lost: some(!gaps.is_empty(), gaps.iter().sum()),
                shortfall: some(!gaps.is_empty(), gaps.iter().map(|gap| (*gap).max(0)).sum()),
                services_with_both: gaps.len(),
            });
            before = here;
        }
        let expected: Vec<i64> = unmapped.iter().filter_map(|hospital| hospital.expected).collect();
        Self {
            year: data.year,
            services,
            steps,
            unmapped_expected: (!expected.is_empty()).then(|| expected.iter().sum()),
            unmapped,
        }
    }

    /// People expected and never seen: the shortfall of records, and the cases of hospitals that no service covers.
    pub fn never_seen(&self) -> Option<i64> {
        let recorded = self.steps.iter().find(|step| step.stage == Stage::Recorded)?;
        match (recorded.shortfall, self.unmapped_expected) {
            (None, None) => None,
            (shortfall, unmapped) => Some(shortfall.unwrap_or_default() + unmapped.unwrap_or_default()),
        }
    }
}
