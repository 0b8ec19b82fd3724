//! Midranks, and Spearman's correlation on them.

use serde::Serialize;

use super::distributions::{normal_half_width, t_two_sided};
use super::{Refusal, count, finite, present};

/// The ranks of a set of values.
pub(super) struct Midranks {
    /// From 1 to n, in the order of the values; equal values share the middle of their ranks.
    pub ranks: Vec<f64>,
    /// How many values share each rank, where more than one does.
    pub ties: Vec<f64>,
}

impl Midranks {
    /// `Σ(t³ − t)` over the ties.
    pub fn tie_sum(&self) -> f64 {
        self.ties.iter().map(|t| t.powi(3) - t).sum()
    }

    /// Whether every value is the same. So is a single value.
    pub fn all_tied(&self) -> bool {
        let n = self.ranks.len();
        n < 2 || self.ties.first().is_some_and(|t| *t == count(n))
    }
}

/// Ranks finite values.
pub(super) fn midranks(values: &[f64]) -> Midranks {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut ranks = vec![0.0; values.len()];
    let mut ties = Vec::new();
    let mut below = 0.0;
    for equal in order.chunk_by(|a, b| a.1 == b.1) {
        let size = count(equal.len());
        for (place, _) in equal {
            if let Some(rank) = ranks.get_mut(*place) {
                *rank = below + f64::midpoint(size, 1.0);
            }
        }
        if equal.len() > 1 {
            ties.push(size);
        }
        below += size;
    }
    Midranks { ranks, ties }
}

/// Spearman's correlation of the pairs that are whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spearman {
    /// Pairs counted.
    pub n: usize,
    /// The correlation, −1 to 1.
    pub rho: f64,
    /// The t statistic; `None` at ±1, where it is infinite.
    pub t: Option<f64>,
    /// Degrees of freedom, n − 2.
    pub df: usize,
    /// Two-sided p value of the t approximation.
    pub p: f64,
    /// 95 % interval with Fisher's standard error, 1 ÷ (n − 3). All three are `None` under four pairs and at ±1.
    pub ci_fisher: Option<[f64; 2]>,
    /// 95 % interval with that of Fieller, Hartley and Pearson (1957), 1.06 ÷ (n − 3).
    pub ci_fieller: Option<[f64; 2]>,
    /// 95 % interval with that of Bonett and Wright (2000), (1 + ρ² ÷ 2) ÷ (n − 3): the one that pages print.
    pub ci_bonett_wright: Option<[f64; 2]>,
}

/// Spearman's rank correlation of `x` and `y` on midranks. A pair with a missing value is dropped.
pub fn spearman(x: &[Option<f64>], y: &[Option<f64>]) -> Result<Spearman, Refusal> {
    if x.len() != y.len() {
        return Err(Refusal::UnequalLengths);
    }
    let pairs = x.iter().zip(y).filter_map(|(x, y)| Some((present(*x)?, present(*y)?)));
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.unzip();
    let n = x.len();
    if n < 3 {
        return Err(Refusal::TooFewPairs);
    }
    let (x, y) = (midranks(&x), midranks(&y));
    if x.all_tied() || y.all_tied() {
        return Err(Refusal::ZeroVariance);
    }
    // Twice a rank is a whole number, and so are these sums: a perfect correlation is exactly ±1.
    let centred = |ranks: Vec<f64>| -> Vec<f64> { ranks.into_iter().map(|rank| 2.0 * rank - count(n + 1)).collect() };
    let (x, y) = (centred(x.ranks), centred(y.ranks));
    let product = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let rho = product(&x, &y) / (product(&x, &x) * product(&y, &y)).sqrt();

    let df = n - 2;
    let t = finite(rho * (count(df) / ((1.0 - rho) * (1.0 + rho))).sqrt());
    let p = t.map_or(Some(0.0), |t| t_two_sided(t, count(df))).ok_or(Refusal::TooFewPairs)?;
    let z = normal_half_width(0.95)?;
    let interval = |factor: f64| {
        let half = (n > 3).then(|| z * (factor / count(n - 3)).sqrt())?;
        let middle = finite(rho.atanh())?;
        Some([(middle - half).tanh(), (middle + half).tanh()])
    };
    Ok(Spearman {
        n,
        rho,
        t,
        df,
        p,
        ci_fisher: interval(1.0),
        ci_fieller: interval(1.06),
        ci_bonett_wright: interval(1.0 + rho * rho / 2.0),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn a_perfect_correlation_has_no_interval() {
        let found = spearman(&some(&[1.0, 2.0, 3.0, 4.0, 9.0]), &some(&[-1.0, -2.0, -3.0, -4.0, -5.0])).unwrap();
        assert_eq!((found.rho, found.t, found.p), (-1.0, None, 0.0));
        assert_eq!((found.ci_fisher, found.ci_fieller, found.ci_bonett_wright), (None, None, None));
    }

    #[test]
    fn refusals() {
        let three = some(&[1.0, 2.0, 3.0]);
        assert_eq!(spearman(&three, &three[..2]), Err(Refusal::UnequalLengths));
        assert_eq!(spearman(&three, &some(&[2.0; 3])), Err(Refusal::ZeroVariance));
        assert_eq!(spearman(&three, &[Some(1.0), None, Some(2.0)]), Err(Refusal::TooFewPairs));
        let small = spearman(&three, &some(&[1.0, 3.0, 2.0])).unwrap();
        assert_eq!((small.rho, small.df, small.ci_fisher), (0.5, 1, None));
    }

    proptest! {
        /// Symmetric, of opposite sign for a mirrored variable, blind to any rising transformation, and in its interval.
        #[test]
        fn laws(pairs in prop::collection::vec((0_i32..30, 0_i32..30), 4..40)) {
            let (x, y): (Vec<_>, Vec<_>) = pairs.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).unzip();
            let result = spearman(&some(&x), &some(&y));
            prop_assume!(result.is_ok());
            let here = result.unwrap();
            prop_assert_eq!(here.rho, spearman(&some(&y), &some(&x)).unwrap().rho);
            let mirrored: Vec<f64> = x.iter().map(|x| -x).collect();
            prop_assert_eq!(-here.rho, spearman(&some(&mirrored), &some(&y)).unwrap().rho);
            let risen: Vec<f64> = x.iter().map(|x| x.powi(3)).collect();
            prop_assert_eq!(&here, &spearman(&some(&risen), &some(&y)).unwrap());
            for [low, high] in [here.ci_fisher, here.ci_fieller, here.ci_bonett_wright].into_iter().flatten() {
                prop_assert!(-1.0 <= low && low < here.rho && here.rho < high && high <= 1.0);
            }
        }
    }
}
