//! What a series of months says: whether there is a signal, and which months are part of it.

use crate::domain::statistics::Refusal;
use crate::domain::statistics::run_chart::{RunChart, RunChartRules, run_chart};
use crate::domain::statistics::xmr::{Xmr, XmrRules, xmr};

/// Fewer useful points than this carry no signal.
pub const FEWEST_USEFUL: usize = 10;

/// The rule of run charts in words.
pub const RUN_RULE: &str = "A signal is a run of points on one side of the median that is longer than chance explains, or fewer \
     crossings of the median than chance explains (Anhøj): a longest run over round(log₂ of the useful points) + 3, or \
     crossings under the 5% point of as many fair tosses. Points on the median do not count. Under 10 useful points no \
     signal is claimed.";

/// The rule of XmR charts in words.
pub const XMR_RULE: &str = "Limits are the mean ± 2.66 times the mean moving range. A signal is a point beyond a limit, seven \
     points in a row on one side of the mean, seven that rise or fall, or two of three between two and three standard \
     deviations on one side. A missing month has no moving range. Under 10 points no signal is claimed.";

/// A chart with what is claimed of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// The chart.
    pub chart: T,
    /// Whether there is a signal; `None` where too few points are useful to claim one or none.
    pub signal: Option<bool>,
    /// The months that are part of it, in their order.
    pub marked: Vec<bool>,
}

/// A run chart of months, by the Anhøj rules.
pub fn read_runs(values: &[Option<f64>]) -> Result<Read<RunChart>, Refusal> {
    let chart = run_chart(values, RunChartRules::default())?;
    let signal = (chart.useful >= FEWEST_USEFUL).then_some(chart.anhoej_signal);
    let too_long = chart.anhoej_longest_max.is_some_and(|most| chart.longest_run > most);
    let marked =
        if signal == Some(true) && too_long { longest_run(values, chart.median) } else { vec![false; values.len()] };
    Ok(Read { chart, signal, marked })
}

/// An XmR chart of months.
pub fn read_xmr(values: &[Option<f64>]) -> Result<Read<Xmr>, Refusal> {
    let chart = xmr(values, XmrRules::default())?;
    let enough = chart.n >= FEWEST_USEFUL;
    let flags = [&chart.outside, &chart.shift7, &chart.trend7, &chart.two_of_three];
    let flagged = |place: usize| enough && flags.iter().any(|flag| flag.get(place) == Some(&true));
    let marked: Vec<bool> = (0..values.len()).map(flagged).collect();
    let signal = enough.then(|| marked.contains(&true));
    Ok(Read { chart, signal, marked })
}

/// The points of the longest run beside the median; points on it are skipped.
fn longest_run(values: &[Option<f64>], median: f64) -> Vec<bool> {
    let beside: Vec<(usize, bool)> = values
        .iter()
        .enumerate()
        .filter_map(|(place, value)| value.filter(|value| (value - median).abs() > 0.0).map(|v| (place, v > median)))
        .collect();
    let longest = beside.chunk_by(|a, b| a.1 == b.1).max_by_key(|run| run.len()).unwrap_or_default();
    let mut marked = vec![false; values.len()];
    for (place, _) in longest {
        if let Some(mark) = marked.get_mut(*place) {
            *mark = true;
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn under_ten_useful_points_nothing_is_claimed() {
        let shift = series(&[1.0, 1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0]);
        let (runs, xmr) = (read_runs(&shift).unwrap(), read_xmr(&shift).unwrap());
        assert_eq!((runs.signal, xmr.signal), (None, None));
        assert!(!runs.marked.contains(&true) && !xmr.marked.contains(&true));
    }

    #[test]
    fn a_long_run_is_marked_and_missing_months_are_not() {
        let mut long = series(&[[1.0; 9], [9.0; 9]].concat());
        long.insert(12, None);
        let read = read_runs(&long).unwrap();
        assert_eq!((read.signal, read.marked.iter().filter(|marked| **marked).count()), (Some(true), 9));
        assert!(!read.marked[12]);
        assert_eq!(read_runs(&[None, None]), Err(Refusal::NoData));
    }
}
