//! Workload indicators of staffing need (WISN, World Health Organization 2010): the staff that a workload takes, from
//! the time that each activity takes and the time that a person has.

use serde::{Deserialize, Serialize};

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum WisnRefusal {
    /// A figure is missing, or is not a finite number.
    #[error("a figure that the method needs is missing")]
    Missing,
    /// A volume, an allowance or a number of staff under zero.
    #[error("a figure is negative")]
    Negative,
    /// Leave takes all of the year.
    #[error("no working time is left in the year")]
    NoAvailableTime,
    /// Category allowances of 100 % or more leave no time for the service's activities.
    #[error("category allowances come to 100 % or more")]
    CategoryAllowanceTooLarge,
    /// An activity that takes no time.
    #[error("an activity's minutes are not above zero")]
    ActivityStandardNotPositive,
}

impl WisnRefusal {
    /// The stable name, as commands and the API give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Negative => "negative",
            Self::NoAvailableTime => "no_available_time",
            Self::CategoryAllowanceTooLarge => "category_allowance_ge_100",
            Self::ActivityStandardNotPositive => "activity_standard_not_positive",
        }
    }
}

/// A working year. Leave is in days a year.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingYear {
    /// Weeks.
    pub weeks: f64,
    /// Working days a week.
    pub days_per_week: f64,
    /// Working hours a day.
    pub hours_per_day: f64,
    /// Public holidays.
    pub public_holidays: f64,
    /// Annual leave.
    pub annual_leave: f64,
    /// Sick leave.
    pub sick: f64,
    /// Other absence, such as training.
    pub other: f64,
}

impl Default for WorkingYear {
    /// 52 weeks of 37.5 hours, with the leave of an experienced nurse in England.
    fn default() -> Self {
        Self {
            weeks: 52.0,
            days_per_week: 5.0,
            hours_per_day: 7.5,
            public_holidays: 8.0,
            annual_leave: 33.0,
            sick: 10.0,
            other: 5.0,
        }
    }
}

/// An activity that all staff of the category do for patients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Activity {
    /// Minutes that one takes.
    pub minutes: f64,
    /// How many there are a year.
    pub volume: f64,
}

/// A year's workload.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload<'a> {
    /// The time a person has.
    pub year: WorkingYear,
    /// The activities.
    pub services: &'a [Activity],
    /// Shares of everybody's time that go to supporting work, in percent.
    pub category_percent: &'a [f64],
    /// Hours a year that go to additional work of certain people.
    pub individual_hours: &'a [f64],
    /// Staff in post, WTE.
    pub current: Option<f64>,
}

/// What one activity takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Component {
    /// How many of it one person could do in a year of nothing else.
    pub standard_workload: f64,
    /// Staff that its volume takes, WTE.
    pub staff: f64,
}

/// The staff that a workload takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wisn {
    /// Available working time, days a year.
    pub awt_days: f64,
    /// The same in hours.
    pub awt_hours: f64,
    /// What each activity takes, in their order.
    pub components: Vec<Component>,
    /// Staff for all activities, WTE.
    pub service_staff: f64,
    /// The category allowance factor, 1 ÷ (1 − Σ percent ÷ 100).
    pub caf: f64,
    /// The individual allowance factor: the hours of additional work ÷ available hours, WTE.
    pub iaf: f64,
    /// Required staff, `service_staff` · CAF + IAF, WTE.
    pub required: f64,
    /// Current − required, WTE: negative is short.
    pub difference: Option<f64>,
    /// Current ÷ required; `None` where nothing is required.
    pub ratio: Option<f64>,
}

/// Works out the staff that a workload takes.
pub fn wisn(workload: Workload<'_>) -> Result<Wisn, WisnRefusal> {
    let Workload { year, services, category_percent, individual_hours, current } = workload;
    let absence = [year.public_holidays, year.annual_leave, year.sick, year.other];
    let of_year = [year.weeks, year.days_per_week, year.hours_per_day].into_iter().chain(absence);
    let of_work = services.iter().flat_map(|activity| [activity.minutes, activity.volume]);
    let allowances = category_percent.iter().chain(individual_hours).copied();
    if of_year.clone().chain(of_work).chain(allowances.clone()).chain(current).any(|figure| !figure.is_finite()) {
        return Err(WisnRefusal::Missing);
    }
    let volumes = services.iter().map(|activity| activity.volume);
    if of_year.chain(volumes).chain(allowances).chain(current).any(|figure| figure < 0.0) {
        return Err(WisnRefusal::Negative);
    }
    let awt_days = year.weeks * year.days_per_week - total(absence.into_iter());
    let awt_hours = awt_days * year.hours_per_day;
    if awt_hours <= 0.0 {
        return Err(WisnRefusal::NoAvailableTime);
    }
    let category = total(category_percent.iter().copied());
    if category >= 100.0 {
        return Err(WisnRefusal::CategoryAllowanceTooLarge);
    }
    if services.iter().any(|activity| activity.minutes <= 0.0) {
        return Err(WisnRefusal::ActivityStandardNotPositive);
    }
    let components: Vec<Component> = services
        .iter()
        .map(|activity| {
            let standard_workload = awt_hours * 60.0 / activity.minutes;
            Component { standard_workload, staff: activity.volume / standard_workload }
        })
        .collect();
    let service_staff = total(components.iter().map(|component| component.staff));
    let caf = 1.0 / (1.0 - category / 100.0);
    let iaf = total(individual_hours.iter().copied()) / awt_hours;
    let required = service_staff * caf + iaf;
    Ok(Wisn {
        awt_days,
        awt_hours,
        components,
        service_staff,
        caf,
        iaf,
        required,
        difference: current.map(|current| current - required),
        ratio: current.filter(|_| required > 0.0).map(|current| current / required),
    })
}

/// A sum that is 0, not −0, over nothing.
fn total(figures: impl Iterator<Item = f64>) -> f64 {
    figures.fold(0.0, |sum, figure| sum + figure)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const YEAR: fn() -> WorkingYear = WorkingYear::default;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
    }

    #[test]
    fn a_worked_service() {
        // 204 days of 7.5 hours. 1,530 first visits of an hour and 3,060 calls of half an hour take a person each;
        // a fifth of everybody's time goes to supporting work, and 153 hours to leading the service.
        let services = [Activity { minutes: 60.0, volume: 1530.0 }, Activity { minutes: 30.0, volume: 3060.0 }];
        let workload = Workload {
            year: YEAR(),
            services: &services,
            category_percent: &[15.0, 5.0],
            individual_hours: &[100.0, 53.0],
            current: Some(1.3),
        };
        let found = wisn(workload).unwrap();
        near(found.awt_days, 204.0);
        near(found.awt_hours, 1530.0);
        near(found.components[1].standard_workload, 3060.0);
        near(found.service_staff, 2.0);
        near(found.caf, 1.25);
        near(found.iaf, 0.1);
        near(found.required, 2.6);
        near(found.difference.unwrap(), -1.3);
        near(found.ratio.unwrap(), 0.5);
    }

    #[test]
    fn refusals() {
        let work = [Activity { minutes: 60.0, volume: 10.0 }];
        let base =
            Workload { year: YEAR(), services: &work, category_percent: &[], individual_hours: &[], current: None };
        let refused = |workload| wisn(workload).unwrap_err();
        assert_eq!(
            refused(Workload { category_percent: &[60.0, 40.0], ..base }),
            WisnRefusal::CategoryAllowanceTooLarge
        );
        let on_leave = WorkingYear { annual_leave: 300.0, ..YEAR() };
        assert_eq!(refused(Workload { year: on_leave, ..base }), WisnRefusal::NoAvailableTime);
        let instant = [Activity { minutes: 0.0, volume: 1.0 }];
        assert_eq!(refused(Workload { services: &instant, ..base }), WisnRefusal::ActivityStandardNotPositive);
        assert_eq!(refused(Workload { current: Some(-1.0), ..base }), WisnRefusal::Negative);
        assert_eq!(refused(Workload { individual_hours: &[f64::NAN], ..base }), WisnRefusal::Missing);
        let idle = wisn(Workload { services: &[], current: Some(1.0), ..base }).unwrap();
        assert_eq!((idle.difference, idle.ratio), (Some(1.0), None));
    }

    proptest! {
        /// Twice the volumes take twice the staff; supporting work only adds.
        #[test]
        fn laws(work in prop::collection::vec((1.0..120.0, 0.0..5000.0), 1..6), percent in 0.0..90.0) {
            let services: Vec<_> = work.iter().map(|(minutes, volume)| Activity { minutes: *minutes, volume: *volume }).collect();
            let doubled: Vec<_> = services.iter().map(|work| Activity { volume: work.volume * 2.0, ..*work }).collect();
            let percent = [percent];
            let base =
                Workload { year: YEAR(), services: &services, category_percent: &percent, individual_hours: &[], current: None };
            let here = wisn(base).unwrap();
            let twice = wisn(Workload { services: &doubled, ..base }).unwrap();
            prop_assert!((twice.required - 2.0 * here.required).abs() <= 1e-9 * twice.required);
            prop_assert!(here.required >= here.service_staff);
        }
    }
}
