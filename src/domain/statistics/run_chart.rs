//! Run charts: a median, and the runs about it.

use serde::Serialize;

use super::distributions::fair_toss_quantile;
use super::quantiles::median;
use super::{Refusal, count, present};

/// What counts as a shift and as a trend, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunChartRules {
    /// Points in a row on one side of the median.
    pub shift_length: usize,
    /// Points in a row that all rise or all fall.
    pub trend_length: usize,
}

impl Default for RunChartRules {
    /// Six and five, after Perla, Provost and Murray (2011).
    fn default() -> Self {
        Self { shift_length: 6, trend_length: 5 }
    }
}

/// The runs of a series about its median. Flags are as counted: a page claims no signal under ten useful points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunChart {
    /// Points with a value.
    pub n: usize,
    /// The middle of the values.
    pub median: f64,
    /// Points that are not on the median.
    pub useful: usize,
    /// Runs of useful points on one side of the median.
    pub runs: usize,
    /// How often the series crosses the median: one less than the runs.
    pub crossings: usize,
    /// Points in the longest run.
    pub longest_run: usize,
    /// Points in the longest trend, equal neighbours counted once.
    pub longest_trend: usize,
    /// Whether the longest run is a shift.
    pub shift: bool,
    /// Whether the longest trend is long enough.
    pub trend: bool,
    /// The longest run that chance explains, `round(log₂ useful) + 3` (Anhøj and Olesen 2014); `None` without useful
    /// points.
    pub anhoej_longest_max: Option<usize>,
    /// The fewest crossings that chance explains, the 5 % quantile of `useful − 1` fair tosses; `None` without useful
    /// points.
    pub anhoej_crossings_min: Option<usize>,
    /// Whether the longest run is over the one bound or the crossings are under the other.
    pub anhoej_signal: bool,
}

/// Counts the runs of a series. A missing month is left out; its place on the axis is the page's affair.
pub fn run_chart(y: &[Option<f64>], rules: RunChartRules) -> Result<RunChart, Refusal> {
    let values: Vec<f64> = y.iter().copied().filter_map(present).collect();
    let median = median(&values)?;
    let above: Vec<bool> = values.iter().filter(|value| **value != median).map(|value| *value > median).collect();
    let (useful, runs) = (above.len(), above.chunk_by(|a, b| a == b).count());
    let crossings = runs.saturating_sub(1);
    let longest_run = above.chunk_by(|a, b| a == b).map(<[bool]>::len).max().unwrap_or(0);
    let longest_trend = longest_trend(values.clone());
    let anhoej_longest_max = (useful > 0).then(|| rounded_log2(useful) + 3);
    let anhoej_crossings_min = useful.checked_sub(1).and_then(|tosses| fair_toss_quantile(0.05, tosses));
    Ok(RunChart {
        n: values.len(),
        median,
        useful,
        runs,
        crossings,
        longest_run,
        longest_trend,
        shift: longest_run >= rules.shift_length,
        trend: longest_trend >= rules.trend_length,
        anhoej_longest_max,
        anhoej_crossings_min,
        anhoej_signal: anhoej_longest_max.is_some_and(|most| longest_run > most)
            || anhoej_crossings_min.is_some_and(|least| crossings < least),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the logarithm of a count, at most 64")]
fn rounded_log2(useful: usize) -> usize {
    count(useful).log2().round() as usize
}

/// Points in the longest stretch that only rises or only falls; equal neighbours are one point.
fn longest_trend(mut values: Vec<f64>) -> usize {
    values.dedup();
    let rises: Vec<bool> = values.iter().zip(values.iter().skip(1)).map(|(a, b)| b > a).collect();
    let steps = rises.chunk_by(|a, b| a == b).map(<[bool]>::len).max().unwrap_or(0);
    steps + usize::from(!values.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chart(values: &[f64]) -> RunChart {
        let y: Vec<_> = values.iter().copied().map(Some).collect();
        run_chart(&y, RunChartRules::default()).unwrap()
    }

    #[test]
    fn a_shift_skips_points_on_the_median() {
        let found = chart(&[1.0, 2.0, 1.0, 5.0, 2.0, 1.0, 2.0, 9.0, 8.0, 9.0, 5.0, 8.0, 7.0, 9.0]);
        assert_eq!((found.n, found.median, found.useful, found.runs, found.crossings), (14, 5.0, 12, 2, 1));
        assert_eq!((found.longest_run, found.shift, found.trend), (6, true, false));
        assert_eq!(
            (found.anhoej_longest_max, found.anhoej_crossings_min, found.anhoej_signal),
            (Some(7), Some(3), true)
        );
    }

    #[test]
    fn equal_neighbours_are_one_point_of_a_trend() {
        let found = chart(&[1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 4.0]);
        assert_eq!((found.longest_trend, found.trend), (5, true));
        let level = chart(&[3.0; 8]);
        assert_eq!((level.useful, level.runs, level.crossings, level.longest_trend), (0, 0, 0, 1));
        assert_eq!((level.anhoej_longest_max, level.anhoej_crossings_min, level.anhoej_signal), (None, None, false));
    }

    #[test]
    fn without_values_there_is_no_chart() {
        assert_eq!(run_chart(&[None, None], RunChartRules::default()), Err(Refusal::NoData));
    }

    proptest! {
        /// Missing months change nothing, nor does turning the chart upside down or reading it backwards.
        #[test]
        fn laws(y in prop::collection::vec(prop::option::of(0_i32..12), 1..60)) {
            let y: Vec<Option<f64>> = y.into_iter().map(|value| value.map(f64::from)).collect();
            prop_assume!(y.iter().any(Option::is_some));
            let rules = RunChartRules::default();
            let here = run_chart(&y, rules).unwrap();
            let full: Vec<_> = y.iter().copied().flatten().map(Some).collect();
            prop_assert_eq!(&here, &run_chart(&full, rules).unwrap());
            let backwards: Vec<_> = y.iter().copied().rev().collect();
            prop_assert_eq!(&here, &run_chart(&backwards, rules).unwrap());
            let turned: Vec<_> = y.iter().map(|value| value.map(|value| -value)).collect();
            let turned = run_chart(&turned, rules).unwrap();
            prop_assert_eq!((here.runs, here.longest_run, here.longest_trend), (turned.runs, turned.longest_run, turned.longest_trend));
            prop_assert!(here.longest_run <= here.useful && here.useful <= here.n && here.longest_trend <= here.n);
        }
    }
}
