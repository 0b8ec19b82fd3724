//! What the patients of a service take of its nurses' time, by the WISN method ([`super::wisn`]): activity times from a
//! versioned file, which whoever asks may replace, and volumes from the expected and the recorded cases.
//!
//! The method is linear in volumes, so an area is worked out from the sums of its services' volumes, which gives the sum
//! of their staff.

use serde::Deserialize;

use super::wisn::{Activity, Wisn, WisnRefusal, WorkingYear, Workload, wisn};

/// Which patients an activity is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Patients {
    /// Everybody with a fragility fracture.
    Cases,
    /// Those who were recommended or referred for treatment, as KPI 9 counts them.
    Treated,
}

impl Patients {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Cases => "every case",
            Self::Treated => "cases with treatment recommended",
        }
    }
}

/// How long an activity takes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityTime {
    /// Its word in addresses and answers.
    pub key: String,
    /// What it is.
    pub name: String,
    /// Minutes a patient.
    pub minutes: f64,
    /// For whom.
    pub patients: Patients,
}

/// Time that is not for patients.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowances {
    /// Percent of everybody's time that goes to supporting work.
    pub category_percent: f64,
    /// Hours a year that each service needs of certain people.
    pub individual_hours: f64,
}

/// The times that a workload is worked out with, as a version of a file has them or as a reader changed them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkloadTimes {
    /// Stable id.
    pub id: String,
    /// Its version.
    pub version: i32,
    /// Name as printed.
    pub name: String,
    /// Where the times come from.
    pub source: String,
    /// The activities, in order.
    #[serde(rename = "activity")]
    pub activities: Vec<ActivityTime>,
    /// The time that a person has.
    pub working_year: WorkingYear,
    /// Time that is not for patients.
    pub allowances: Allowances,
}

/// What a reader gives in place of the file's figures. Names are those of the parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnTimes {
    /// Figures by name: `assessment_minutes`, `annual_leave`, `category_percent` …
    pub figures: Vec<(String, f64)>,
    /// Percent of the cases that are recommended treatment, in place of each service's own.
    pub treated_percent: Option<f64>,
}

/// A figure that a reader named and that does not exist, or cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OwnTimesError {
    /// There is no such figure.
    #[error("There is no figure {0:?} to change.")]
    Unknown(String),
    /// It is not a number from 0 up, or larger than a year.
    #[error("Give {0} as a number from 0 to 100,000.")]
    OutOfRange(String),
    /// A percentage of more than 100.
    #[error("Give {0} as a percentage from 0 to 100.")]
    NotAPercentage(String),
}

impl OwnTimesError {
    /// The figure.
    pub fn field(&self) -> &str {
        match self {
            Self::Unknown(name) | Self::OutOfRange(name) | Self::NotAPercentage(name) => name,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown_figure",
            Self::OutOfRange(_) | Self::NotAPercentage(_) => "out_of_range",
        }
    }
}

impl WorkloadTimes {
    /// Every figure with the name that changes it, in the order of the form.
    pub fn figures(&self) -> Vec<(String, f64)> {
        let minutes = self.activities.iter().map(|activity| (format!("{}_minutes", activity.key), activity.minutes));
        let year = self.working_year;
        let rest = [
            ("category_percent", self.allowances.category_percent),
            ("individual_hours", self.allowances.individual_hours),
            ("weeks", year.weeks),
            ("days_per_week", year.days_per_week),
            ("hours_per_day", year.hours_per_day),
            ("public_holidays", year.public_holidays),
            ("annual_leave", year.annual_leave),
            ("sick", year.sick),
            ("other_absence", year.other),
        ];
        minutes.chain(rest.map(|(name, value)| (name.to_owned(), value))).collect()
    }

    /// The figure of a name.
    fn figure(&mut self, name: &str) -> Option<&mut f64> {
        let Self { activities, working_year: year, allowances, .. } = self;
        Some(match name {
            "category_percent" => &mut allowances.category_percent,
            "individual_hours" => &mut allowances.individual_hours,
            "weeks" => &mut year.weeks,
            "days_per_week" => &mut year.days_per_week,
            "hours_per_day" => &mut year.hours_per_day,
            "public_holidays" => &mut year.public_holidays,
            "annual_leave" => &mut year.annual_leave,
            "sick" => &mut year.sick,
            "other_absence" => &mut year.other,
            _ => {
                let key = name.strip_suffix("_minutes")?;
                return activities.iter_mut().find(|activity| activity.key == key).map(|found| &mut found.minutes);
            }
        })
    }

    /// These times with a reader's own figures in their place. That a combination leaves no time is for the method to
    /// refuse.
    pub fn with(&self, own: &OwnTimes) -> Result<Self, OwnTimesError> {
        let mut times = self.clone();
        for (name, value) in &own.figures {
            let figure = times.figure(name).ok_or_else(|| OwnTimesError::Unknown(name.clone()))?;
            if !(0.0..=100_000.0).contains(value) {
                return Err(OwnTimesError::OutOfRange(name.clone()));
            }
            *figure = *value;
        }
        if own.treated_percent.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
            return Err(OwnTimesError::NotAPercentage("treated_percent".into()));
        }
        Ok(times)
    }
}

/// Which cases a workload is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CasesOf {
    /// Those that the service should find.
    Expected,
    /// Those that it recorded.
    Recorded,
}

impl CasesOf {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Expected, Self::Recorded];

    /// The word in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Recorded => "recorded",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Expected => "all expected cases",
            Self::Recorded => "the cases recorded in the year",
        }
    }
}

/// What is known of a service's patients and nurses. `None` is "not known", never 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Patientload {
    /// Expected cases in the year.
    pub expected: Option<f64>,
    /// Cases that it recorded.
    pub recorded: Option<f64>,
    /// Those of the recorded who were recommended or referred for treatment, as a share from 0 to 1.
    pub treated_share: Option<f64>,
    /// Nurses in post, WTE.
    pub in_post: Option<f64>,
}

impl Patientload {
    fn cases(&self, of: CasesOf) -> Option<f64> {
        match of {
            CasesOf::Expected => self.expected,
            CasesOf::Recorded => self.recorded,
        }
    }

    /// Whether everything that a workload needs is known.
    pub fn counts(&self, of: CasesOf) -> bool {
        self.cases(of).is_some() && self.treated_share.is_some()
    }
}

/// What a workload takes of nurses' time, over the services whose patients are known.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkloadNeed {
    /// Which cases it is of.
    pub of: CasesOf,
    /// Services that it counts.
    pub services_counted: usize,
    /// Services whose cases, or whose treated share, are not known.
    pub services_missing: usize,
    /// The cases of the services that it counts.
    pub cases: f64,
    /// The volume of each activity, in their order.
    pub volumes: Vec<f64>,
    /// Every figure of the method, or why there is none.
    pub found: Result<Wisn, WisnRefusal>,
}

impl WorkloadNeed {
    /// Staff that are required, WTE.
    pub fn required(&self) -> Option<f64> {
        self.found.as_ref().ok().map(|found| found.required)
    }
}

/// Works out the nurses that the cases of some services take. The staff in post are compared where every service that
/// counts gave them.
pub fn workload_need(times: &WorkloadTimes, of: CasesOf, services: &[Patientload]) -> WorkloadNeed {
    let known: Vec<(f64, f64, Option<f64>)> = services
        .iter()
        .filter_map(|service| Some((service.cases(of)?, service.treated_share?, service.in_post)))
        .collect();
    let total = |patients: Patients| match patients {
        // A sum that is 0, not −0, over nothing.
        Patients::Cases => known.iter().fold(0.0, |sum, (cases, _, _)| sum + cases),
        Patients::Treated => known.iter().fold(0.0, |sum, (cases, share, _)| sum + cases * share),
    };
    let volumes: Vec<f64> = times.activities.iter().map(|activity| total(activity.patients)).collect();
    let activities: Vec<Activity> = times
        .activities
        .iter()
        .zip(&volumes)
        .map(|(activity, volume)| Activity { minutes: activity.minutes, volume: *volume })
        .collect();
    let in_post: Option<f64> = known.iter().map(|(_, _, in_post)| *in_post).sum();
    let hours: Vec<f64> = known.iter().map(|_| times.allowances.individual_hours).collect();
    let found = if known.is_empty() {
        Err(WisnRefusal::Missing)
    } else {
        wisn(Workload {
            year: times.working_year,
            services: &activities,
            category_percent: &[times.allowances.category_percent],
            individual_hours: &hours,
            current: in_post,
        })
    };
    WorkloadNeed {
        of,
        services_counted: known.len(),
        services_missing: services.len() - known.len(),
        cases: total(Patients::Cases),
        volumes,
        found,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Times that are easy to reckon with: a case takes an hour, a treated one half an hour more.
    pub(in crate::domain::workforce) fn times() -> WorkloadTimes {
        let activity =
            |key: &str, minutes, patients| ActivityTime { key: key.into(), name: key.into(), minutes, patients };
        WorkloadTimes {
            id: "test".into(),
            version: 1,
            name: "Test".into(),
            source: "Test".into(),
            activities: vec![
                activity("assessment", 60.0, Patients::Cases),
                activity("follow_up", 30.0, Patients::Treated),
            ],
            working_year: WorkingYear::default(),
            allowances: Allowances { category_percent: 20.0, individual_hours: 153.0 },
        }
    }

    fn service(expected: f64, share: f64) -> Patientload {
        Patientload { expected: Some(expected), recorded: None, treated_share: Some(share), in_post: Some(1.0) }
    }

    #[test]
    fn a_worked_service() {
        // 1,530 hours a year: 1,530 cases take one nurse, half of them treated a quarter more; 1.25 × 1.25 + 0.1.
        let need = workload_need(&times(), CasesOf::Expected, &[service(1530.0, 0.5)]);
        assert_eq!(need.volumes, [1530.0, 765.0]);
        let found = need.found.unwrap();
        assert!((found.required - 1.6625).abs() < 1e-12, "{found:?}");
        assert!((found.difference.unwrap() + 0.6625).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_known_is_counted_as_missing_and_never_as_no_patients() {
        let unknown = Patientload { treated_share: None, ..service(500.0, 0.5) };
        let need = workload_need(&times(), CasesOf::Expected, &[service(1530.0, 0.5), unknown]);
        assert_eq!((need.services_counted, need.services_missing, need.cases), (1, 1, 1530.0));
        let none = workload_need(&times(), CasesOf::Recorded, &[service(1530.0, 0.5)]);
        assert_eq!((none.found, none.services_missing), (Err(WisnRefusal::Missing), 1));
        // Nobody is compared with what only some of the services have in post.
        let empty = Patientload { in_post: None, ..service(10.0, 0.5) };
        let need = workload_need(&times(), CasesOf::Expected, &[service(1530.0, 0.5), empty]);
        assert_eq!(need.found.unwrap().difference, None);
    }

    #[test]
    fn own_figures_take_the_place_of_the_files() {
        let own = |name: &str, value| OwnTimes { figures: vec![(name.into(), value)], treated_percent: None };
        let changed = times().with(&own("assessment_minutes", 30.0)).unwrap();
        assert!((changed.activities[0].minutes - 30.0).abs() < 1e-12);
        assert_eq!(times().with(&own("shoe_size", 1.0)), Err(OwnTimesError::Unknown("shoe_size".into())));
        assert_eq!(times().with(&own("sick", f64::NAN)).unwrap_err().field(), "sick");
        for (name, value) in times().figures() {
            assert_eq!(times().with(&own(&name, value)), Ok(times()), "{name}");
        }
        // What leaves no time is refused by the method, by name.
        let idle = times().with(&own("category_percent", 100.0)).unwrap();
        let refused = workload_need(&idle, CasesOf::Expected, &[service(1.0, 0.5)]).found;
        assert_eq!(refused, Err(WisnRefusal::CategoryAllowanceTooLarge));
    }

    proptest! {
        #[test]
        fn services_sum_to_their_area(cases in prop::collection::vec((0.0..3000.0, 0.0..1.0), 1..20)) {
            let services: Vec<Patientload> = cases.iter().map(|(cases, share)| service(*cases, *share)).collect();
            let whole = workload_need(&times(), CasesOf::Expected, &services).required().unwrap();
            let parts: f64 = services
                .iter()
                .map(|one| workload_need(&times(), CasesOf::Expected, &[*one]).required().unwrap())
                .sum();
            prop_assert!((whole - parts).abs() < 1e-9 * whole.max(1.0), "{} and {}", whole, parts);
        }
    }
}
