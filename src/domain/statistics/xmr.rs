//! XmR charts: natural process limits from moving ranges.

use serde::Serialize;

use super::{Refusal, count, finite, present};

/// How the limits are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct XmrRules {
    /// Whether moving ranges of at least 3.267 times their mean are left out, once, and the mean taken again.
    pub screen: bool,
    /// What the mean moving range is multiplied by: three standard deviations.
    pub constant: f64,
}

impl Default for XmrRules {
    /// No screen; 3 ÷ 1.128, rounded to 2.66 as is usual (Wheeler).
    fn default() -> Self {
        Self { screen: false, constant: 2.66 }
    }
}

/// The upper limit of moving ranges as a multiple of their mean (D4 of two points).
const MOVING_RANGE_LIMIT: f64 = 3.267;

/// Points in a shift and in a trend.
const RUN: usize = 7;

/// An XmR chart. The flags stand in the order of the points and are false where one is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Xmr {
    /// Points with a value.
    pub n: usize,
    /// Their mean, in their unit.
    pub mean: f64,
    /// The mean moving range, after the screen.
    pub amr: f64,
    /// Moving ranges that it is the mean of.
    pub mr_used: usize,
    /// Lower process limit. It may lie under 0.
    pub lpl: f64,
    /// Upper process limit.
    pub upl: f64,
    /// Points beyond a limit; on it is within.
    pub outside: Vec<bool>,
    /// Points of a run of at least seven on one side of the mean.
    pub shift7: Vec<bool>,
    /// Points of a stretch of at least seven that only rises or only falls.
    pub trend7: Vec<bool>,
    /// Points between two and three standard deviations of which two of three neighbours lie on one side.
    pub two_of_three: Vec<bool>,
}

/// Draws the limits of a monthly series. A missing month has no moving range on either side, and ends a run.
pub fn xmr(y: &[Option<f64>], rules: XmrRules) -> Result<Xmr, Refusal> {
    let y: Vec<Option<f64>> = y.iter().copied().map(present).collect();
    let values: Vec<f64> = y.iter().copied().flatten().collect();
    let constant = finite(rules.constant).ok_or(Refusal::Missing)?;
    let first = *values.first().filter(|_| values.len() > 1).ok_or(Refusal::TooFewPoints)?;
    let steps: Vec<Option<f64>> = y.iter().zip(y.iter().skip(1)).map(|(a, b)| Some((*b)? - (*a)?)).collect();
    let mut ranges: Vec<f64> = steps.iter().flatten().map(|step| step.abs()).collect();
    let mut amr = mean(&ranges).ok_or(Refusal::NoMovingRange)?;
    if rules.screen && amr > 0.0 {
        ranges.retain(|range| *range < MOVING_RANGE_LIMIT * amr);
        amr = mean(&ranges).ok_or(Refusal::NoMovingRange)?;
    }
    // About the first value: the mean of equal values is then that value to the last digit.
    let from_first: Vec<f64> = values.iter().map(|value| value - first).collect();
    let centre = first + mean(&from_first).ok_or(Refusal::TooFewPoints)?;
    let (three_sigma, two_sigma) = (constant * amr, constant * amr * 2.0 / 3.0);

    // A point is on a line where rounding alone could have put it off.
    let rounding = 1e-12 * values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let beyond = |line: f64| -> Vec<i8> {
        let distance = |value: &Option<f64>| value.map_or(0.0, |value| value - centre);
        y.iter().map(|value| sign_beyond(distance(value), line + rounding)).collect()
    };
    let (outside, outer) = (beyond(three_sigma), beyond(two_sigma));
    let zone: Vec<i8> = outer.iter().zip(&outside).map(|(outer, outside)| outer - outside).collect();
    Ok(Xmr {
        n: values.len(),
        mean: centre,
        amr,
        mr_used: ranges.len(),
        lpl: centre - three_sigma,
        upl: centre + three_sigma,
        outside: outside.iter().map(|side| *side != 0).collect(),
        shift7: in_runs(&beyond(0.0)),
        trend7: in_trends(&steps, y.len()),
        two_of_three: paired(&zone),
    })
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

/// −1 or 1 where a distance lies beyond a line on that side, 0 where it does not.
fn sign_beyond(distance: f64, line: f64) -> i8 {
    i8::from(distance > line) - i8::from(-distance > line)
}

/// Which points belong to a run of seven or more on one side.
fn in_runs(sides: &[i8]) -> Vec<bool> {
    let flags = |run: &[i8]| vec![run.len() >= RUN && run.first() != Some(&0); run.len()];
    sides.chunk_by(|a, b| a == b).flat_map(flags).collect()
}

/// Which of `points` points belong to seven or more in a row with steps of one sign.
fn in_trends(steps: &[Option<f64>], points: usize) -> Vec<bool> {
    let signs: Vec<i8> = steps.iter().map(|step| step.map_or(0, |step| sign_beyond(step, 0.0))).collect();
    let mut flags = vec![false; points];
    let mut start = 0;
    for run in signs.chunk_by(|a, b| a == b) {
        if run.len() + 1 >= RUN && run.first() != Some(&0) {
            flags.iter_mut().skip(start).take(run.len() + 1).for_each(|flag| *flag = true);
        }
        start += run.len();
    }
    flags
}

/// Which points of a zone have another one on their side within a window of three.
fn paired(zone: &[i8]) -> Vec<bool> {
    let mut flags = vec![false; zone.len()];
    for (start, window) in zone.windows(3).enumerate() {
        for side in [-1, 1] {
            if window.iter().filter(|zone| **zone == side).count() >= 2 {
                let window = flags.iter_mut().zip(zone).skip(start).take(3);
                window.filter(|(_, zone)| **zone == side).for_each(|(flag, _)| *flag = true);
            }
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chart(values: &[f64]) -> Xmr {
        let y: Vec<_> = values.iter().copied().map(Some).collect();
        xmr(&y, XmrRules::default()).unwrap()
    }

    #[test]
    fn worked_limits() {
        let found = chart(&[10.0, 12.0, 11.0, 13.0, 9.0]);
        assert_eq!((found.n, found.mean, found.amr, found.mr_used), (5, 11.0, 2.25, 4));
        assert!((found.lpl - (11.0 - 2.66 * 2.25)).abs() < 1e-12 && (found.upl - (11.0 + 2.66 * 2.25)).abs() < 1e-12);
    }

    #[test]
    fn a_missing_month_has_no_moving_range() {
        let found = xmr(&[Some(1.0), Some(3.0), None, Some(9.0), Some(8.0)], XmrRules::default()).unwrap();
        assert_eq!((found.n, found.mr_used, found.amr), (4, 2, 1.5));
        assert_eq!(xmr(&[Some(1.0), None, Some(2.0)], XmrRules::default()), Err(Refusal::NoMovingRange));
        assert_eq!(xmr(&[Some(1.0), None], XmrRules::default()), Err(Refusal::TooFewPoints));
    }

    #[test]
    fn the_screen_leaves_out_one_leap() {
        let y: Vec<_> = [5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 60.0, 61.0, 60.0, 61.0].map(Some).to_vec();
        let screened = xmr(&y, XmrRules { screen: true, ..XmrRules::default() }).unwrap();
        assert_eq!((screened.amr, screened.mr_used), (1.0, 8));
        assert_eq!(chart(&[5.0; 9]).outside, [false; 9]);
    }

    #[test]
    fn a_level_series_of_any_value_has_no_signal() {
        for value in [0.1, 1.0 / 3.0, 1e9 + 0.1] {
            let level = chart(&[value; 12]);
            assert!(level.mean == value && !level.outside.contains(&true) && !level.shift7.contains(&true));
        }
    }

    #[test]
    fn a_point_on_the_mean_breaks_a_shift() {
        let shifted = chart(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!(shifted.shift7, [true; 14]);
        let broken = chart(&[1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
        assert_eq!((broken.mean, broken.shift7), (2.0, [vec![false; 8], vec![true; 7]].concat()));
    }

    #[test]
    fn six_equal_steps_are_a_trend() {
        let rising = chart(&[9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0]);
        assert_eq!(rising.trend7, [vec![false], vec![true; 7], vec![false]].concat());
        assert_eq!(chart(&[1.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 7.0]).trend7, [false; 8]);
    }

    #[test]
    fn two_of_three_neighbours_between_two_and_three_sigma() {
        let zone = [0, 1, 0, 1, 0, 0, 1, -1, -1];
        assert_eq!(paired(&zone), [false, true, false, true, false, false, false, true, true]);
    }

    proptest! {
        /// Limits move and stretch with the series; the flags stay.
        #[test]
        fn laws(y in prop::collection::vec(prop::option::of(-50_i32..50), 2..50), by in 1_i32..100, screen: bool) {
            let rules = XmrRules { screen, ..XmrRules::default() };
            let series = |change: fn(f64, f64) -> f64| -> Vec<Option<f64>> {
                y.iter().map(|value| value.map(|value| change(f64::from(value), f64::from(by)))).collect()
            };
            let Ok(here) = xmr(&series(|value, _| value), rules) else { return Ok(()) };
            let moved = xmr(&series(|value, by| value + by), rules).unwrap();
            let stretched = xmr(&series(|value, by| value * by), rules).unwrap();
            prop_assert!((moved.upl - here.upl - f64::from(by)).abs() < 1e-9);
            prop_assert!((stretched.upl - here.upl * f64::from(by)).abs() < 1e-8);
            for other in [moved, stretched] {
                prop_assert_eq!(&here.outside, &other.outside);
                prop_assert_eq!(&here.shift7, &other.shift7);
                prop_assert_eq!(&here.trend7, &other.trend7);
                prop_assert_eq!(&here.two_of_three, &other.two_of_three);
            }
        }
    }
}
