//! The shapes of expected caseloads and of the cascade from expected cases to people on treatment.

use poem_openapi::Object;

use super::kpi_shapes::Quoted;
use crate::app::kpis as app;
use crate::domain::kpi::{cascade, caseload};

/// A hospital of a service with its hip fractures.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HospitalCases {
    /// NHFD code.
    pub hospital: String,
    /// Hip fractures in the year; absent where there is no figure.
    pub hip_fractures: Option<i64>,
}

/// The expected cases of a service in a year.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Caseload {
    /// Unit code.
    pub service: String,
    /// Expected cases; absent where it has no hospital with a figure and none was stated.
    pub expected: Option<i64>,
    /// They were stated in place of the rule.
    pub stated: bool,
    /// Why they were stated.
    pub reason: Option<String>,
    /// The hospitals that are mapped to it in the year.
    pub hospitals: Vec<HospitalCases>,
}

impl Caseload {
    /// The caseload of a service.
    pub fn new(service: &str, caseload: &caseload::Caseload) -> Self {
        let hospital =
            |(code, count): (&String, &Option<i64>)| HospitalCases { hospital: code.clone(), hip_fractures: *count };
        Self {
            service: service.to_owned(),
            expected: caseload.expected,
            stated: caseload.stated.is_some(),
            reason: caseload.stated.as_ref().and_then(|stated| stated.reason.clone()),
            hospitals: caseload.hospitals.iter().map(hospital).collect(),
        }
    }
}

/// A hospital that no service covers.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct UnmappedHospital {
    /// NHFD code.
    pub hospital: String,
    /// Name.
    pub name: String,
    /// The area it lies in.
    pub area: String,
    /// Hip fractures in the year; absent where there is no figure.
    pub hip_fractures: Option<i64>,
    /// Expected cases that no service sees.
    pub expected: Option<i64>,
}

impl From<&caseload::Unmapped> for UnmappedHospital {
    fn from(hospital: &caseload::Unmapped) -> Self {
        Self {
            hospital: hospital.code.clone(),
            name: hospital.name.clone(),
            area: hospital.area_code.clone(),
            hip_fractures: hospital.hip_fractures,
            expected: hospital.expected,
        }
    }
}

/// A step of the cascade, in people.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CascadeStep {
    /// `expected`, `recorded`, `assessed`, `recommended`, `started`, `still_on_treatment`.
    pub stage: String,
    /// The KPI whose numerator it is; of the first step, whose denominator.
    pub kpi: i32,
    /// The year in which its people had their fracture. Steps of different years are of different people.
    pub cohort: i32,
    /// People; absent where no service has the figure.
    pub people: Option<i64>,
    /// Those they were counted among.
    pub among: Option<f64>,
    /// Services that have the figure.
    pub services: usize,
    /// Fewer people than in the step before, over services that have both; negative where there are more.
    pub lost: Option<i64>,
    /// The same over the services alone where there are fewer.
    pub shortfall: Option<i64>,
    /// How its people differ from those of the step before.
    pub caution: Option<String>,
}

impl From<&cascade::Step> for CascadeStep {
    fn from(step: &cascade::Step) -> Self {
        Self {
            stage: step.stage.as_str().to_owned(),
            kpi: step.stage.kpi(),
            cohort: step.cohort,
            people: step.people,
            among: step.among,
            services: step.services,
            lost: step.lost,
            shortfall: step.shortfall,
            caution: step.stage.caution().map(ToOwned::to_owned),
        }
    }
}

/// Of all who should be seen, how many are recorded, assessed, recommended a treatment, start it and are still on it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Cascade {
    /// Whose it is.
    pub name: String,
    /// What it was worked out from.
    pub quoted: Quoted,
    /// The services that are added up.
    pub services: Vec<String>,
    /// The steps in order.
    pub steps: Vec<CascadeStep>,
    /// People expected and never seen: fewer records than expected cases, and the cases of hospitals that no service covers.
    pub never_seen: Option<i64>,
    /// Hospitals that no service covers.
    pub unmapped_hospitals: usize,
    /// Their expected cases, which no step holds; absent where none has a figure.
    pub unmapped_expected: Option<i64>,
}

impl From<app::CascadeReport> for Cascade {
    fn from(report: app::CascadeReport) -> Self {
        Self {
            name: report.name,
            quoted: report.quoted.into(),
            never_seen: report.cascade.never_seen(),
            steps: report.cascade.steps.iter().map(Into::into).collect(),
            services: report.cascade.services,
            unmapped_hospitals: report.cascade.unmapped.len(),
            unmapped_expected: report.cascade.unmapped_expected,
        }
    }
}
