//! Several groups: by rank, by rank in a stated order, and a trend over proportions.

use serde::Serialize;

use super::distributions::{chi_square_beyond, noncentral_chi_square_beyond, normal_two_sided, tail};
use super::power::rising_root;
use super::rank::midranks;
use super::{Refusal, all_finite, count};

/// Whether groups differ at all. Where every value is the same there is no statistic, and p is 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KruskalWallis {
    /// Groups with values.
    pub k: usize,
    /// Values in all.
    pub n: usize,
    /// The statistic, corrected for ties.
    #[serde(rename = "H")]
    pub h: Option<f64>,
    /// Degrees of freedom, k − 1.
    pub df: usize,
    /// The chi-square probability of a statistic as large.
    pub p: f64,
    /// The effect size ε², H ÷ (n − 1), 0 to 1.
    pub epsilon2: Option<f64>,
    /// What H was divided by: 1 − Σ(t³ − t) ÷ (n³ − n).
    pub tie_correction: f64,
}

/// Kruskal and Wallis's test (1952). Empty groups are dropped.
pub fn kruskal_wallis<G: AsRef<[f64]>>(groups: &[G]) -> Result<KruskalWallis, Refusal> {
    let groups = with_values(groups)?;
    let ranked = midranks(&groups.concat());
    let n = count(ranked.ranks.len());
    let mut ranks = ranked.ranks.iter();
    // About the mean rank, where no large sums cancel.
    let between: f64 = groups
        .iter()
        .map(|group| {
            let size = count(group.len());
            let sum: f64 = ranks.by_ref().take(group.len()).map(|rank| rank - f64::midpoint(n, 1.0)).sum();
            sum * sum / size
        })
        .sum();
    let df = groups.len() - 1;
    let tied = ranked.all_tied();
    let tie_correction = if tied { 0.0 } else { 1.0 - ranked.tie_sum() / (n.powi(3) - n) };
    let h = (!tied).then(|| 12.0 * between / (n * (n + 1.0)) / tie_correction);
    Ok(KruskalWallis {
        k: groups.len(),
        n: ranked.ranks.len(),
        h,
        df,
        p: h.and_then(|h| chi_square_beyond(h, count(df))).unwrap_or(1.0),
        epsilon2: h.map(|h| h / (n - 1.0)),
        tie_correction,
    })
}

impl KruskalWallis {
    /// The interval of ε²: λ ÷ (n − 1) for the noncentralities λ at which the statistic found would lie at either end of
    /// its distribution, held open to ε² itself where the statistic is smaller than chance alone makes it. `None` without a
    /// statistic.
    pub fn epsilon2_interval(&self, confidence: f64) -> Result<Option<[f64; 2]>, Refusal> {
        let tail = tail(confidence)?;
        let Some((h, epsilon2)) = self.h.zip(self.epsilon2) else { return Ok(None) };
        let (df, n) = (count(self.df), count(self.n));
        let most = 4.0 * (h + n);
        let at = |probability: f64| {
            let beyond = |lambda: f64| noncentral_chi_square_beyond(h, df, lambda).unwrap_or(1.0) - probability;
            if beyond(0.0) >= 0.0 { 0.0 } else { rising_root(most, beyond) / (n - 1.0) }
        };
        Ok(Some([at(tail).min(epsilon2), at(1.0 - tail).max(epsilon2)]))
    }
}

/// Whether values rise or fall over groups that stand in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Jonckheere {
    /// Groups with values.
    pub k: usize,
    /// Values in all.
    pub n: usize,
    /// Pairs of values of which the one in the later group is the larger, a tie counting half.
    #[serde(rename = "J")]
    pub j: f64,
    /// What J would be without a trend.
    pub mean: f64,
    /// Its variance, with both terms for ties.
    pub var: f64,
    /// The normal statistic, without continuity correction; positive where values rise. `None` where every value is
    /// the same.
    pub z: Option<f64>,
    /// Its two-sided p value; 1 where every value is the same.
    pub p: f64,
}

/// Jonckheere and Terpstra's test (1954, 1952) of groups in increasing order, with the full tie variance of Hollander
/// and Wolfe. Empty groups are dropped.
pub fn jonckheere<G: AsRef<[f64]>>(groups: &[G]) -> Result<Jonckheere, Refusal> {
    let groups = with_values(groups)?;
    let mut earlier: Vec<f64> = Vec::new();
    let mut j = 0.0;
    for group in &groups {
        let under = |value: &f64| count(earlier.partition_point(|before| before < value));
        let at_or_under = |value: &f64| count(earlier.partition_point(|before| before <= value));
        j += group.iter().map(|value| f64::midpoint(under(value), at_or_under(value))).sum::<f64>();
        earlier.extend(*group);
        earlier.sort_by(f64::total_cmp);
    }
    let ranked = midranks(&earlier);
    let n = count(earlier.len());
    let sizes: Vec<f64> = groups.iter().map(|group| count(group.len())).collect();
    let over = |sizes: &[f64], term: fn(f64) -> f64| -> f64 { sizes.iter().copied().map(term).sum() };
    let (pairs, threes) = (|s: f64| s * (s - 1.0), |s: f64| s * (s - 1.0) * (s - 2.0));
    let weighted = |s: f64| s * (s - 1.0) * (2.0 * s + 5.0);
    let ties = &ranked.ties;
    let mut var = (weighted(n) - over(&sizes, weighted) - over(ties, weighted)) / 72.0
        + over(&sizes, pairs) * over(ties, pairs) / (8.0 * pairs(n));
    if n > 2.0 {
        var += over(&sizes, threes) * over(ties, threes) / (36.0 * threes(n));
    }
    let mean = (n * n - over(&sizes, |s| s * s)) / 4.0;
    let tied = ranked.all_tied();
    let z = (!tied).then(|| (j - mean) / var.sqrt());
    Ok(Jonckheere {
        k: groups.len(),
        n: earlier.len(),
        j,
        mean,
        var: if tied { 0.0 } else { var },
        z,
        p: z.map_or(1.0, normal_two_sided),
    })
}

/// The groups that have values, of which there must be two.
fn with_values<G: AsRef<[f64]>>(groups: &[G]) -> Result<Vec<&[f64]>, Refusal> {
    let groups: Vec<&[f64]> = groups.iter().map(AsRef::as_ref).filter(|group| !group.is_empty()).collect();
    groups.iter().try_for_each(|group| all_finite(group))?;
    if groups.len() < 2 { Err(Refusal::FewerThanTwoGroups) } else { Ok(groups) }
}

/// A trend of proportions over groups that stand in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CochranArmitage {
    /// z².
    pub chi2: f64,
    /// The normal statistic; positive where the proportions rise.
    pub z: f64,
    /// Its two-sided p value.
    pub p: f64,
}

/// Cochran and Armitage's test (1954, 1955) of `x[i]` out of `n[i]` with the scores 1, 2, …, and the variance over n,
/// not n − 1. A group without people keeps its score.
pub fn cochran_armitage(x: &[f64], n: &[f64]) -> Result<CochranArmitage, Refusal> {
    all_finite(x)?;
    all_finite(n)?;
    if x.len() != n.len() {
        return Err(Refusal::UnequalLengths);
    }
    if x.iter().chain(n).any(|value| *value < 0.0) {
        return Err(Refusal::NegativeCount);
    }
    if x.iter().zip(n).any(|(x, n)| x > n) {
        return Err(Refusal::NumeratorExceedsDenominator);
    }
    let (cases, people): (f64, f64) = (x.iter().sum(), n.iter().sum());
    if people == 0.0 || n.iter().filter(|n| **n > 0.0).count() < 2 {
        return Err(Refusal::Degenerate);
    }
    let p = cases / people;
    let scores = || (1..=n.len()).map(count);
    let mean = scores().zip(n).map(|(score, n)| score * n).sum::<f64>() / people;
    let spread: f64 = scores().zip(n).map(|(score, n)| n * (score - mean).powi(2)).sum();
    let excess: f64 = scores().zip(x.iter().zip(n)).map(|(score, (x, n))| (score - mean) * (x - n * p)).sum();
    let variance = p * (1.0 - p) * spread;
    if variance <= 0.0 {
        return Err(Refusal::Degenerate);
    }
    let z = excess / variance.sqrt();
    Ok(CochranArmitage { chi2: z * z, z, p: normal_two_sided(z) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::statistics::two_groups::mann_whitney;

    #[test]
    fn empty_groups_are_dropped() {
        let groups = [vec![1.0, 2.0], vec![], vec![3.0, 4.0]];
        assert_eq!((kruskal_wallis(&groups).unwrap().k, jonckheere(&groups).unwrap().k), (2, 2));
        assert_eq!(kruskal_wallis(&groups[..2]), Err(Refusal::FewerThanTwoGroups));
        assert_eq!(jonckheere::<Vec<f64>>(&[]), Err(Refusal::FewerThanTwoGroups));
    }

    #[test]
    fn where_all_tie_there_is_no_statistic() {
        let groups = [vec![0.3; 4], vec![0.3; 3]];
        let differ = kruskal_wallis(&groups).unwrap();
        assert_eq!((differ.h, differ.p, differ.epsilon2, differ.tie_correction), (None, 1.0, None, 0.0));
        let rise = jonckheere(&groups).unwrap();
        assert_eq!((rise.j, rise.mean, rise.var, rise.z, rise.p), (6.0, 6.0, 0.0, None, 1.0));
    }

    #[test]
    fn the_share_between_groups_has_an_interval() {
        let found = KruskalWallis {
            k: 4,
            n: 69,
            h: Some(13.16),
            df: 3,
            p: 0.0,
            epsilon2: Some(13.16 / 68.0),
            tie_correction: 1.0,
        };
        // R: uniroot(function(l) pchisq(13.16, 3, l, lower.tail = FALSE) - 0.025, c(0, 90))$root / 68, and with 0.975.
        let [low, high] = found.epsilon2_interval(0.95).unwrap().unwrap();
        assert!(
            (low - 0.021_138_721_078_944_9).abs() < 1e-9 && (high - 0.422_516_350_685_898).abs() < 1e-9,
            "{low} {high}"
        );
        let little = KruskalWallis { h: Some(0.05), epsilon2: Some(0.05 / 68.0), ..found };
        assert_eq!(little.epsilon2_interval(0.95), Ok(Some([0.0, 0.05 / 68.0])));
    }

    #[test]
    fn a_trend_without_variance_is_refused() {
        for (x, n) in [(&[0.0, 0.0], &[3.0, 4.0]), (&[3.0, 4.0], &[3.0, 4.0]), (&[2.0, 0.0], &[5.0, 0.0])] {
            assert_eq!(cochran_armitage(x, n), Err(Refusal::Degenerate));
        }
        assert_eq!(cochran_armitage(&[], &[]), Err(Refusal::Degenerate));
        assert_eq!(cochran_armitage(&[2.0], &[1.0]), Err(Refusal::NumeratorExceedsDenominator));
    }

    #[test]
    fn a_worked_trend() {
        // R: prop.trend.test(c(10, 15, 25), c(50, 50, 50)) gives 10.125.
        let trend = cochran_armitage(&[10.0, 15.0, 25.0], &[50.0, 50.0, 50.0]).unwrap();
        assert!((trend.chi2 - 10.125).abs() < 1e-12 && trend.z > 0.0);
    }

    proptest! {
        /// Of two groups all three tests are one: H is z² of Mann and Whitney, and Jonckheere's J is U.
        #[test]
        fn two_groups_agree(a in prop::collection::vec(0_i32..15, 1..20), b in prop::collection::vec(0_i32..15, 1..20)) {
            let a: Vec<f64> = a.into_iter().map(f64::from).collect();
            let b: Vec<f64> = b.into_iter().map(f64::from).collect();
            let (two, several) = (mann_whitney(&b, &a).unwrap(), kruskal_wallis(&[&a, &b]).unwrap());
            let rise = jonckheere(&[&a, &b]).unwrap();
            prop_assert_eq!(two.u1, rise.j);
            prop_assert_eq!(two.z.is_none(), several.h.is_none());
            if let (Some(z), Some(h), Some(rising)) = (two.z, several.h, rise.z) {
                prop_assert!((z * z - h).abs() < 1e-9 && (z - rising).abs() < 1e-9);
            }
        }

        /// A trend read backwards changes its sign alone.
        #[test]
        fn a_trend_turns(groups in prop::collection::vec((0_u32..40, 0_u32..40), 2..8)) {
            let (x, n): (Vec<_>, Vec<_>) = groups.iter().map(|(x, rest)| (f64::from(*x), f64::from(x + rest))).unzip();
            let Ok(here) = cochran_armitage(&x, &n) else { return Ok(()) };
            let (x, n): (Vec<_>, Vec<_>) = x.into_iter().rev().zip(n.into_iter().rev()).unzip();
            let there = cochran_armitage(&x, &n).unwrap();
            prop_assert!((here.z + there.z).abs() < 1e-9);
        }
    }
}
