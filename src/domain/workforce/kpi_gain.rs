//! A KPI beside a scenario, by a coefficient of the reader's own. Nothing here is the audit's: no study that was read gives
//! the effect of nurse time on a KPI, and an association between services is none. So the number is the reader's, and
//! whatever shows what follows from it says so.

use super::scenario::{Outcome, ScenarioYear};

/// Percentage points of a KPI, at the most, for one nurse WTE more per 1,000 expected cases.
pub const LARGEST_COEFFICIENT: f64 = 100.0;

/// What somebody assumes: percentage points of a KPI for one nurse WTE more per 1,000 expected cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnCoefficient(f64);

impl OwnCoefficient {
    /// A coefficient from −100 to 100; `None` of any other number.
    pub fn new(points: f64) -> Option<Self> {
        (-LARGEST_COEFFICIENT..=LARGEST_COEFFICIENT).contains(&points).then_some(Self(points))
    }

    /// Percentage points for one nurse WTE more per 1,000 expected cases.
    pub fn points(self) -> f64 {
        self.0
    }

    /// What it would come to: year by year, percentage points more than in year 0, unrounded; `None` where the cases for
    /// each nurse are not known.
    pub fn gains(self, outcome: &Outcome) -> Vec<(u32, Option<f64>)> {
        let today = outcome.years.first().and_then(nurses_per_1000_cases);
        let gain = |year: &ScenarioYear| Some(self.0 * (nurses_per_1000_cases(year)? - today?));
        outcome.years.iter().map(|year| (year.year, gain(year))).collect()
    }
}

/// Nurse WTE in post for 1,000 expected cases, over the services where both are known.
fn nurses_per_1000_cases(year: &ScenarioYear) -> Option<f64> {
    year.cases_per_nurse.map(|cases| 1_000.0 / cases)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workforce::cost::Unpriced;

    fn year(year: u32, cases_per_nurse: Option<f64>) -> ScenarioYear {
        let unpriced = Unpriced::Year { pay_year: "2021/22".into() };
        ScenarioYear { year, roles: Vec::new(), freed: 0.0, cases_per_nurse, cost: Err(unpriced) }
    }

    /// 1,000 cases for a nurse are 1 nurse per 1,000 cases; 500 are 2.
    #[test]
    fn a_gain_is_the_coefficient_for_each_nurse_more_per_1000_cases() {
        let years = vec![year(0, Some(1_000.0)), year(1, Some(500.0)), year(2, None), year(3, Some(2_000.0))];
        let outcome = Outcome { years, reasons: Vec::new() };
        let gains = OwnCoefficient::new(4.0).unwrap().gains(&outcome);
        assert_eq!(gains, [(0, Some(0.0)), (1, Some(4.0)), (2, None), (3, Some(-2.0))]);
        assert!(OwnCoefficient::new(f64::NAN).is_none() && OwnCoefficient::new(100.5).is_none());
    }
}
