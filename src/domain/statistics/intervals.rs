//! Intervals of one proportion and of one ratio of counts.

use serde::Serialize;

use super::distributions::{chi_square_quantile, normal_half_width, tail};
use super::{Refusal, all_finite};

/// A proportion with its interval, all between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Proportion {
    /// `x ÷ n`.
    pub p: f64,
    /// Lower end; exactly 0 where `x` is 0.
    pub lower: f64,
    /// Upper end; exactly 1 where `x` is `n`.
    pub upper: f64,
}

/// Wilson's score interval of `x` out of `n`, without continuity correction (Wilson 1927). `confidence` is between 0
/// and 1, such as 0.95.
///
/// Only for proportions: observed over an estimate may exceed 1 and takes [`byar`].
pub fn wilson(x: f64, n: f64, confidence: f64) -> Result<Proportion, Refusal> {
    all_finite(&[x, n])?;
    let z = normal_half_width(confidence)?;
    if x < 0.0 || n < 0.0 {
        return Err(Refusal::NegativeCount);
    }
    if n == 0.0 {
        return Err(Refusal::ZeroDenominator);
    }
    if x > n {
        return Err(Refusal::NumeratorExceedsDenominator);
    }
    let p = x / n;
    let z2_n = z * z / n;
    let centre = p + z2_n / 2.0;
    let half = z * (p * ((n - x) / n) / n + z2_n / (4.0 * n)).sqrt();
    // The two ends are known where nobody or everybody is counted; rounding must not move them.
    let lower = if x == 0.0 { 0.0 } else { ((centre - half) / (1.0 + z2_n)).max(0.0) };
    let upper = if x == n { 1.0 } else { ((centre + half) / (1.0 + z2_n)).min(1.0) };
    Ok(Proportion { p, lower, upper })
}

/// A ratio of an observed to an expected count with its intervals; it may exceed 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    /// `observed ÷ expected`.
    pub ratio: f64,
    /// Lower end by Byar's approximation.
    pub lower: f64,
    /// Upper end by Byar's approximation.
    pub upper: f64,
    /// Lower end by the chi-square relation, exact for a Poisson count; `None` over a count of [`LARGEST_EXACT`].
    pub exact_lower: Option<f64>,
    /// Upper end by the chi-square relation; `None` over a count of [`LARGEST_EXACT`].
    pub exact_upper: Option<f64>,
}

/// The largest count with an exact interval. Beyond it the chi-square quantile costs more than it tells: Byar's
/// approximation then agrees with it to all digits that a page could show.
pub const LARGEST_EXACT: f64 = 1e8;

/// The interval of a count over an expected number that is not itself a count of the same people: Byar's approximation
/// (Breslow and Day 1987) and the exact Poisson limits (Garwood 1936) beside it.
pub fn byar(observed: f64, expected: f64, confidence: f64) -> Result<Ratio, Refusal> {
    let (lower, upper) = byar_limits(observed, expected, confidence)?;
    let tail = tail(confidence)?;
    let exact = |probability: f64, count: f64| {
        let quantile = || chi_square_quantile(probability, 2.0 * count);
        if observed > LARGEST_EXACT { None } else { quantile().map(|value| value / 2.0 / expected) }
    };
    let exact_lower = if observed == 0.0 { Some(0.0) } else { exact(tail, observed) };
    let exact_upper = exact(1.0 - tail, observed + 1.0);
    Ok(Ratio { ratio: observed / expected, lower, upper, exact_lower, exact_upper })
}

/// The lower and upper end by Byar's approximation alone, which costs a hundredth of the exact ones.
pub fn byar_limits(observed: f64, expected: f64, confidence: f64) -> Result<(f64, f64), Refusal> {
    all_finite(&[observed, expected])?;
    let z = normal_half_width(confidence)?;
    if observed < 0.0 || expected < 0.0 {
        return Err(Refusal::NegativeCount);
    }
    if expected == 0.0 {
        return Err(Refusal::ZeroDenominator);
    }
    let limit = |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3) / expected;
    // A cube of a negative number would put the lower end under zero.
    let lower = if observed == 0.0 { 0.0 } else { limit(observed, -z).max(0.0) };
    Ok((lower, limit(observed + 1.0, z)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ends_of_a_proportion_are_exact() {
        let none = wilson(0.0, 7.0, 0.95).unwrap();
        let all = wilson(7.0, 7.0, 0.95).unwrap();
        assert!(none.lower == 0.0 && all.upper == 1.0);
        assert!((none.upper - 0.354_330_435_067).abs() < 1e-12 && (all.lower - 0.645_669_564_933).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_proportion_is_refused() {
        assert_eq!(wilson(1.0, 0.0, 0.95), Err(Refusal::ZeroDenominator));
        assert_eq!(wilson(0.0, 0.0, 0.95), Err(Refusal::ZeroDenominator));
        assert_eq!(wilson(3.0, 2.0, 0.95), Err(Refusal::NumeratorExceedsDenominator));
        assert_eq!(wilson(-1.0, 2.0, 0.95), Err(Refusal::NegativeCount));
        assert_eq!(wilson(1.0, 2.0, 1.0), Err(Refusal::ConfidenceOutOfRange));
        assert_eq!(wilson(f64::NAN, 2.0, 0.95), Err(Refusal::Missing));
        assert_eq!(byar(1.0, 0.0, 0.95), Err(Refusal::ZeroDenominator));
    }

    #[test]
    fn no_observed_case_leaves_only_an_upper_end() {
        // −ln 0.025 cases is the exact upper end for none observed.
        let none = byar(0.0, 2.0, 0.95).unwrap();
        assert!(none.lower == 0.0 && none.exact_lower == Some(0.0));
        assert!((none.exact_upper.unwrap() - 0.025_f64.ln() / -2.0).abs() < 1e-12);
        let one = byar(1.0, 1.0, 0.9999).unwrap();
        assert!(one.lower == 0.0, "a cube under zero: {one:?}");
    }

    proptest! {
        /// The interval holds the proportion, lies in 0..=1, narrows with n and mirrors with the complement.
        #[test]
        fn laws_of_a_proportion(x in 0_u32..500, more in 0_u32..500, confidence in 0.5..0.999) {
            prop_assume!(x + more > 0);
            let (x, n) = (f64::from(x), f64::from(x + more));
            let here = wilson(x, n, confidence).unwrap();
            prop_assert!(0.0 <= here.lower && here.lower <= here.p && here.p <= here.upper && here.upper <= 1.0);
            let mirrored = wilson(n - x, n, confidence).unwrap();
            prop_assert!((mirrored.lower - (1.0 - here.upper)).abs() < 1e-12);
            let tenfold = wilson(10.0 * x, 10.0 * n, confidence).unwrap();
            prop_assert!(tenfold.upper - tenfold.lower < here.upper - here.lower);
        }

        /// The exact interval holds the ratio; Byar's lies within a hundredth of it from ten cases on.
        #[test]
        fn byar_approximates_the_exact_limits(observed in 10_u32..5000, expected in 1.0..5000.0) {
            let ratio = byar(f64::from(observed), expected, 0.95).unwrap();
            let (lower, upper) = (ratio.exact_lower.unwrap(), ratio.exact_upper.unwrap());
            prop_assert!(lower < ratio.ratio && ratio.ratio < upper);
            prop_assert!((ratio.lower / lower - 1.0).abs() < 0.01 && (ratio.upper / upper - 1.0).abs() < 0.01);
        }
    }
}
