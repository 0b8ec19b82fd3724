//! One figure: a percentage with what it was divided from, its interval and its grade.

use super::real;
use crate::domain::reference::{Band, Grade, Kpi};
use crate::domain::statistics::intervals::{byar_limits, wilson};

/// The confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// A KPI of one service, or pooled over several. `None` is "no data", never 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line: people, for KPI 2 and 3 an expected number, which need not be whole.
    pub denominator: Option<f64>,
    /// `100 × numerator ÷ denominator`, unrounded. For KPI 2 and 3 it may pass 100.
    pub percent: Option<f64>,
    /// Lower and upper end of the 95 % interval, in per cent: Wilson's, and Byar's for KPI 2 and 3.
    pub interval: Option<(f64, f64)>,
    /// Where the year's method gives edges.
    pub grade: Option<Grade>,
}

impl Figure {
    /// The figure of a KPI from 2 to 11.
    pub fn of(kpi: &Kpi, numerator: Option<i64>, denominator: Option<f64>) -> Self {
        let percent = numerator.zip(denominator).and_then(|(n, d)| percentage(n, d));
        let interval = numerator.zip(denominator).and_then(|(n, d)| interval(kpi, n, d));
        let grade = percent.and_then(|percent| grade(&kpi.bands, percent));
        Self { numerator, denominator, percent, interval, grade }
    }

    /// A share that is neither judged nor a sample of anything, such as complete KPIs out of 10.
    pub fn share(numerator: Option<i64>, denominator: f64) -> Self {
        let percent = numerator.and_then(|n| percentage(n, denominator));
        Self { numerator, denominator: Some(denominator), percent, interval: None, grade: None }
    }
}

/// `100 × numerator ÷ denominator`; `None` over nothing.
pub fn percentage(numerator: i64, denominator: f64) -> Option<f64> {
    // Multiplied first: 100 × 4 ÷ 5 is exactly 80, so that a figure on an edge is on the edge.
    (denominator > 0.0).then(|| 100.0 * real(numerator) / denominator)
}

/// The 95 % interval in per cent.
fn interval(kpi: &Kpi, numerator: i64, denominator: f64) -> Option<(f64, f64)> {
    if kpi.is_over_expected() {
        return byar_limits(real(numerator), denominator, CONFIDENCE)
            .ok()
            .map(|(low, high)| (100.0 * low, 100.0 * high));
    }
    let found = wilson(real(numerator), denominator, CONFIDENCE).ok()?;
    Some((100.0 * found.lower, 100.0 * found.upper))
}

/// The grade of an unrounded percentage. Bands go from the highest to the lowest, so the first that reaches it is its.
pub fn grade(bands: &[Band], percent: f64) -> Option<Grade> {
    let reached = |band: &&Band| match (band.at_least, band.above) {
        (Some(edge), _) => percent >= edge,
        (None, Some(edge)) => percent > edge,
        (None, None) => false,
    };
    bands.iter().find(reached).map(|band| band.grade)
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn band(grade: Grade, at_least: Option<f64>, above: Option<f64>) -> Band {
        Band { grade, at_least, above }
    }

    pub(in crate::domain) fn kpi(number: i32) -> Kpi {
        Kpi {
            kpi: number,
            key: format!("kpi_{number}"),
            name: format!("KPI {number}"),
            numerator: String::new(),
            denominator: String::new(),
            timing: String::new(),
            references: Vec::new(),
            assumed: Vec::new(),
            bands: vec![
                band(Grade::Green, Some(80.0), None),
                band(Grade::Amber, Some(50.0), None),
                band(Grade::Red, Some(0.0), None),
            ],
            counted_at_least: None,
        }
    }

    #[test]
    fn an_edge_belongs_to_one_grade() {
        let graded = |n, d| Figure::of(&kpi(4), Some(n), Some(d)).grade.unwrap();
        assert_eq!(graded(795, 1000.0), Grade::Amber, "79.5 has one colour");
        assert_eq!(graded(4, 5.0), Grade::Green);
        assert_eq!(graded(1, 2.0), Grade::Amber);
        assert_eq!(graded(4999, 10_000.0), Grade::Red);
        let above = [band(Grade::Green, None, Some(50.0)), band(Grade::Red, Some(0.0), None)];
        assert_eq!((grade(&above, 50.0), grade(&above, 50.1)), (Some(Grade::Red), Some(Grade::Green)));
        assert_eq!(grade(&[], 50.0), None);
    }

    #[test]
    fn no_data_is_no_percentage() {
        assert_eq!(Figure::of(&kpi(4), None, None), Figure::default());
        let over_nothing = Figure::of(&kpi(4), Some(0), Some(0.0));
        assert_eq!((over_nothing.percent, over_nothing.interval, over_nothing.grade), (None, None, None));
    }

    #[test]
    fn more_records_than_expected_is_not_clamped() {
        let figure = Figure::of(&kpi(2), Some(103), Some(100.0));
        assert_eq!(figure.percent, Some(103.0));
        let (low, high) = figure.interval.unwrap();
        assert!(low < 103.0 && 103.0 < high && high > 100.0);
    }

    proptest! {
        /// Whatever the counts, a percentage has an interval around it and one grade.
        #[test]
        fn a_percentage_has_an_interval_and_a_grade(x in 0_i64..5000, more in 0_i64..5000, number in 2..12) {
            prop_assume!(x + more > 0);
            let figure = Figure::of(&kpi(number), Some(x), Some(real(x + more)));
            let (percent, (low, high)) = (figure.percent.unwrap(), figure.interval.unwrap());
            prop_assert!(low <= percent + 1e-9 && percent <= high + 1e-9);
            prop_assert!(figure.grade.is_some());
        }
    }
}
