//! Quantiles and ranks within a set of values.

use serde::Serialize;

use super::rank::midranks;
use super::{Refusal, all_finite, count, present};

/// The probabilities that a page shows unless told otherwise.
pub const DEFAULT_PROBABILITIES: [f64; 9] = [0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0];

/// The quantiles of `values` at each of `probabilities` (0 to 1), in their order: type 7 of Hyndman and Fan (1996),
/// linear between the order statistics.
pub fn quantiles(values: &[f64], probabilities: &[f64]) -> Result<Vec<f64>, Refusal> {
    all_finite(values)?;
    if !probabilities.iter().all(|probability| (0.0..=1.0).contains(probability)) {
        return Err(Refusal::ProbabilityOutOfRange);
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    probabilities.iter().map(|probability| sorted_quantile(&sorted, *probability).ok_or(Refusal::NoData)).collect()
}

/// The middle of `values`, between the two middle ones where their number is even.
pub fn median(values: &[f64]) -> Result<f64, Refusal> {
    quantiles(values, &[0.5])?.first().copied().ok_or(Refusal::NoData)
}

/// The type 7 quantile of sorted values; `None` without values.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position within the slice")]
pub(super) fn sorted_quantile(sorted: &[f64], probability: f64) -> Option<f64> {
    let position = count(sorted.len().checked_sub(1)?) * probability;
    let below = sorted.get(position.floor() as usize)?;
    let above = sorted.get(position.ceil() as usize)?;
    let share = position - position.floor();
    // Between equals nothing is computed, so that rounding cannot push a quantile out of the values' range.
    Some(if share == 0.0 || below == above { *below } else { below * (1.0 - share) + above * share })
}

/// Where each value stands among all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PercentileRank {
    /// 0 to 100 for each value, in their order; `None` where it is missing.
    pub rank: Vec<Option<f64>>,
}

/// `100 · (worse + ½ · equal) ÷ n` for each value, itself among the equal: 50 is the middle, more is better. Missing
/// values have no rank and are not counted.
pub fn percentile_rank(values: &[Option<f64>], higher_is_better: bool) -> PercentileRank {
    let counted: Vec<f64> = values.iter().copied().filter_map(present).collect();
    let n = count(counted.len());
    let ranks = midranks(&counted).ranks;
    // A midrank is the number below, half of the equal, and one half more.
    let mut shares = ranks.into_iter().map(|rank| rank - 0.5).map(|below| {
        let worse = if higher_is_better { below } else { n - below };
        100.0 * worse / n
    });
    let rank = values.iter().map(|value| present(*value).and_then(|_| shares.next())).collect();
    PercentileRank { rank }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn worked_quantiles() {
        assert_eq!(quantiles(&[4.0, 1.0, 3.0, 2.0], &[0.0, 0.25, 0.5, 1.0]).unwrap(), [1.0, 1.75, 2.5, 4.0]);
        assert_eq!(quantiles(&[7.0], &[0.3]).unwrap(), [7.0]);
        assert_eq!(quantiles(&[], &[0.5]), Err(Refusal::NoData));
        assert_eq!(quantiles(&[1.0], &[1.5]), Err(Refusal::ProbabilityOutOfRange));
        assert_eq!(median(&[3.0, 1.0]).unwrap(), 2.0);
    }

    #[test]
    fn worked_ranks() {
        let values = [Some(10.0), None, Some(20.0), Some(20.0), Some(30.0)];
        let rank = percentile_rank(&values, true).rank;
        assert_eq!(rank, [Some(12.5), None, Some(50.0), Some(50.0), Some(87.5)]);
        assert_eq!(percentile_rank(&[None], true).rank, [None]);
    }

    proptest! {
        /// Quantiles rise with the probability and stay within the values.
        #[test]
        fn quantiles_rise(values in prop::collection::vec(-1e6..1e6, 1..40), a in 0.0..=1.0, b in 0.0..=1.0) {
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            let found = quantiles(&values, &[0.0, low, high, 1.0]).unwrap();
            prop_assert!(found.is_sorted());
        }

        /// Ranks average 50, and a rank where lower is better is what is left of 100.
        #[test]
        fn ranks_average_to_the_middle(values in prop::collection::vec(0_i32..20, 1..60)) {
            let values: Vec<_> = values.into_iter().map(|value| Some(f64::from(value))).collect();
            let up = percentile_rank(&values, true).rank;
            let down = percentile_rank(&values, false).rank;
            let mean = up.iter().flatten().sum::<f64>() / count(up.len());
            prop_assert!((mean - 50.0).abs() < 1e-9);
            prop_assert!(up.iter().flatten().zip(down.iter().flatten()).all(|(a, b)| (a + b - 100.0).abs() < 1e-9));
        }
    }
}
