//! The three views of demand as the API shows them. Nothing is rounded; what is not known is absent.

use poem_openapi::{Enum, Object};
use serde::Deserialize;

use super::gap_shapes::count;
use super::workforce::{Basis, StaffingStandard};
use crate::app::demand::DemandReport;
use crate::domain::workforce::demand;
use crate::domain::workforce::peers;
use crate::domain::workforce::standard;
use crate::domain::workforce::workload::{self, WorkloadTimes};

/// A role that standards speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Specialist nurses.
    Nurse,
    /// Administrators.
    Administrator,
}

impl From<standard::Role> for StaffRole {
    fn from(role: standard::Role) -> Self {
        match role {
            standard::Role::Nurse => Self::Nurse,
            standard::Role::Administrator => Self::Administrator,
        }
    }
}

impl From<StaffRole> for standard::Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Nurse => Self::Nurse,
            StaffRole::Administrator => Self::Administrator,
        }
    }
}

/// What the ratio gives for one role on one basis, over the services where need and in post are known.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RatioNeed {
    /// The role.
    pub role: StaffRole,
    /// Which population it rests on.
    pub basis: Basis,
    /// Services that it counts.
    pub services_counted: u64,
    /// Services that it misses.
    pub services_missing: u64,
    /// WTE in post in the services that it counts.
    pub in_post: Option<f64>,
    /// Lowest need, WTE.
    pub need_low: Option<f64>,
    /// Highest need, WTE.
    pub need_high: Option<f64>,
}

impl From<&demand::RatioNeed> for RatioNeed {
    fn from(need: &demand::RatioNeed) -> Self {
        let range = need.range();
        Self {
            role: need.role.into(),
            basis: need.basis.into(),
            services_counted: count(need.sum.services_counted),
            services_missing: count(need.sum.services_missing),
            in_post: range.map(|_| need.sum.in_post),
            need_low: range.map(|(low, _)| low),
            need_high: range.map(|(_, high)| high),
        }
    }
}

/// An activity of the workload.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct WorkloadActivity {
    /// Its word; `…_minutes` is the parameter that changes its time.
    pub key: String,
    /// What it is.
    pub name: String,
    /// Minutes a patient.
    pub minutes: f64,
    /// How many a year.
    pub volume: f64,
    /// How many one person could do in a year of nothing else.
    pub standard_workload: Option<f64>,
    /// Staff that it takes, WTE.
    pub staff: Option<f64>,
}

/// Why a workload has no answer.
#[derive(Debug, Object)]
pub struct WorkloadRefusal {
    /// The stable name: `missing`, `negative`, `no_available_time`, `category_allowance_ge_100`,
    /// `activity_standard_not_positive`.
    pub code: String,
    /// In words.
    pub message: String,
}

/// Which cases a workload is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CasesOf {
    /// All that the services should find.
    Expected,
    /// Those that they recorded.
    Recorded,
}

/// The nurses that cases take, by the WISN method: `required` = `service_staff` × `caf` + `iaf`.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct WorkloadNeed {
    /// Which cases it is of.
    pub cases_of: CasesOf,
    /// Services that it counts.
    pub services_counted: u64,
    /// Services whose cases or treated share are not known.
    pub services_missing: u64,
    /// Cases of the services that it counts.
    pub cases: f64,
    /// The activities.
    pub activities: Vec<WorkloadActivity>,
    /// Available working time, days a year.
    pub awt_days: Option<f64>,
    /// The same in hours.
    pub awt_hours: Option<f64>,
    /// Staff for all activities, WTE.
    pub service_staff: Option<f64>,
    /// The category allowance factor.
    pub caf: Option<f64>,
    /// The individual allowance factor, WTE.
    pub iaf: Option<f64>,
    /// Required, WTE.
    pub required: Option<f64>,
    /// In post − required, WTE: negative is short. Only where every service that counts gave its nurses.
    pub difference: Option<f64>,
    /// In post ÷ required.
    pub ratio: Option<f64>,
    /// Why there is no answer.
    pub refusal: Option<WorkloadRefusal>,
}

impl WorkloadNeed {
    fn new(times: &WorkloadTimes, need: &workload::WorkloadNeed) -> Self {
        let found = need.found.as_ref().ok();
        let activities = times.activities.iter().zip(&need.volumes).enumerate().map(|(place, (activity, volume))| {
            let component = found.and_then(|found| found.components.get(place));
            WorkloadActivity {
                key: activity.key.clone(),
                name: activity.name.clone(),
                minutes: activity.minutes,
                volume: *volume,
                standard_workload: component.map(|component| component.standard_workload),
                staff: component.map(|component| component.staff),
            }
        });
        Self {
            cases_of: match need.of {
                workload::CasesOf::Expected => CasesOf::Expected,
                workload::CasesOf::Recorded => CasesOf::Recorded,
            },
            services_counted: count(need.services_counted),
            services_missing: count(need.services_missing),
            cases: need.cases,
            activities: activities.collect(),
            awt_days: found.map(|found| found.awt_days),
            awt_hours: found.map(|found| found.awt_hours),
            service_staff: found.map(|found| found.service_staff),
            caf: found.map(|found| found.caf),
            iaf: found.map(|found| found.iaf),
            required: found.map(|found| found.required),
            difference: found.and_then(|found| found.difference),
            ratio: found.and_then(|found| found.ratio),
            refusal: need
                .found
                .as_ref()
                .err()
                .map(|refusal| WorkloadRefusal { code: refusal.name().to_owned(), message: refusal.to_string() }),
        }
    }
}

/// A lower quartile, a median and an upper quartile.
#[derive(Debug, Object)]
pub struct Quartiles {
    /// A quarter has less.
    pub lower: f64,
    /// The middle.
    pub median: f64,
    /// A quarter has more.
    pub upper: f64,
}

impl From<peers::Quartiles> for Quartiles {
    fn from(found: peers::Quartiles) -> Self {
        Self { lower: found.lower, median: found.median, upper: found.upper }
    }
}

/// What services of the same setting and the same third by population have.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PeerNeed {
    /// The role.
    pub role: StaffRole,
    /// `per_100000_people` (of all ages) or `per_1000_expected_cases`.
    pub per: String,
    /// Services that it counts.
    pub services_counted: u64,
    /// Services of which peers say nothing.
    pub services_missing: u64,
    /// WTE for the people or cases of the services that it counts.
    pub wte: Option<Quartiles>,
    /// The fewest like services that one of them was laid beside, itself included.
    pub n_fewest: Option<u64>,
    /// The most.
    pub n_most: Option<u64>,
    /// For one service: WTE for the unit.
    pub rates: Option<Quartiles>,
    /// For one service: why there are none.
    pub missing: Option<String>,
}

impl From<&peers::PeerNeed> for PeerNeed {
    fn from(need: &peers::PeerNeed) -> Self {
        Self {
            role: need.role.into(),
            per: need.per.as_str().to_owned(),
            services_counted: count(need.services_counted),
            services_missing: count(need.services_missing),
            wte: need.wte.map(Quartiles::from),
            n_fewest: need.n.map(|(fewest, _)| count(fewest)),
            n_most: need.n.map(|(_, most)| count(most)),
            rates: need.one.and_then(Result::ok).map(|like| like.rates.into()),
            missing: need.one.and_then(Result::err).map(|none| none.words().to_owned()),
        }
    }
}

/// The staff that a service or an area needs, seen in three ways.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct StaffingDemand {
    /// What each view says of nurses.
    pub statement: String,
    /// The round under all its names.
    pub round: String,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The one service.
    pub service: Option<String>,
    /// The area.
    pub area: Option<String>,
    /// Services of the subject.
    pub services: u64,
    /// What the ratio is read from.
    pub standard: StaffingStandard,
    /// The ratio to people, each role on each basis.
    pub ratio: Vec<RatioNeed>,
    /// Where the activity times come from.
    pub times_source: String,
    /// The workload of nurses, of expected and of recorded cases.
    pub workload: Vec<WorkloadNeed>,
    /// Like services, each role against people and against cases.
    pub peers: Vec<PeerNeed>,
    /// Why the views differ.
    pub disagreements: Vec<String>,
}

impl From<&DemandReport> for StaffingDemand {
    fn from(report: &DemandReport) -> Self {
        let demand = &report.demand;
        Self {
            statement: demand.statement(),
            round: report.gaps.round.names(),
            synthetic: report.gaps.synthetic,
            service: report.service.as_ref().map(|(code, _)| code.clone()),
            area: report.gaps.area.as_ref().filter(|_| report.service.is_none()).map(|(code, _)| code.clone()),
            services: count(demand.services),
            standard: StaffingStandard::from(&report.gaps.standard),
            ratio: demand.ratio.iter().map(RatioNeed::from).collect(),
            times_source: report.times.source.clone(),
            workload: demand.workload.iter().map(|need| WorkloadNeed::new(&report.times, need)).collect(),
            peers: demand.peers.iter().map(PeerNeed::from).collect(),
            disagreements: demand.disagreements(),
        }
    }
}
