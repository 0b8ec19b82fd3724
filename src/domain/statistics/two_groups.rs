//! Two groups compared by rank.

use serde::Serialize;

use super::distributions::{normal_half_width, normal_two_sided};
use super::quantiles::median;
use super::rank::midranks;
use super::{Refusal, all_finite, count, finite};

/// The comparison of group a with group b. Where every value is the same there is no statistic, and p is 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MannWhitney {
    /// Values in a.
    pub n1: usize,
    /// Values in b.
    pub n2: usize,
    /// Pairs in which a's value is the larger, a tie counting half.
    #[serde(rename = "U1")]
    pub u1: f64,
    /// The remaining pairs.
    #[serde(rename = "U2")]
    pub u2: f64,
    /// The common-language effect size, U1 ÷ (n1 · n2): the chance that a value of a is the larger.
    pub cles: f64,
    /// The rank-biserial correlation, 2 · cles − 1.
    pub rank_biserial: f64,
    /// The median of a.
    pub median1: f64,
    /// The median of b.
    pub median2: f64,
    /// Hodges and Lehmann's shift: the median of all differences a − b. `None` where it overflows.
    pub hodges_lehmann: Option<f64>,
    /// The normal statistic with the tie-corrected variance; positive where a is the larger.
    pub z: Option<f64>,
    /// Its two-sided p value.
    pub p: f64,
    /// The same with the continuity correction.
    pub z_cc: Option<f64>,
    /// Its two-sided p value.
    pub p_cc: f64,
    /// The exact two-sided p value, without ties and up to [`LARGEST_EXACT`] pairs.
    pub p_exact: Option<f64>,
}

/// The largest `n1 · n2` with an exact p value.
pub const LARGEST_EXACT: usize = 400;

/// Mann and Whitney's test (1947).
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Result<MannWhitney, Refusal> {
    all_finite(a)?;
    all_finite(b)?;
    if a.is_empty() || b.is_empty() {
        return Err(Refusal::EmptyGroup);
    }
    let (n1, n2) = (count(a.len()), count(b.len()));
    let (n, pairs) = (n1 + n2, n1 * n2);
    let ranked = midranks(&[a, b].concat());
    let u1 = ranked.ranks.iter().take(a.len()).sum::<f64>() - n1 * (n1 + 1.0) / 2.0;
    let u2 = pairs - u1;
    let cles = u1 / pairs;

    let deviation = u1 - pairs / 2.0;
    let variance = pairs / 12.0 * (n + 1.0 - ranked.tie_sum() / (n * (n - 1.0)));
    let corrected = if deviation == 0.0 { 0.0 } else { deviation - 0.5_f64.copysign(deviation) };
    // Where every value ties the variance is 0, but rounding could leave some.
    let statistic = |deviation: f64| (!ranked.all_tied()).then(|| deviation / variance.sqrt());
    let (z, z_cc) = (statistic(deviation), statistic(corrected));
    let exact = ranked.ties.is_empty() && a.len().saturating_mul(b.len()) <= LARGEST_EXACT;
    Ok(MannWhitney {
        n1: a.len(),
        n2: b.len(),
        u1,
        u2,
        cles,
        rank_biserial: 2.0 * cles - 1.0,
        median1: median(a)?,
        median2: median(b)?,
        hodges_lehmann: finite(median_difference(a, b)),
        z,
        p: z.map_or(1.0, normal_two_sided),
        z_cc,
        p_cc: z_cc.map_or(1.0, normal_two_sided),
        p_exact: exact.then(|| exact_two_sided(a.len(), b.len(), u1.max(u2))),
    })
}

/// The probability of a U at least as far from its mean as `larger`, the larger of the two, when there are no ties.
fn exact_two_sided(n1: usize, n2: usize, larger: f64) -> f64 {
    // How many arrangements have each U: the coefficients of Π (1 − q^(n2+i)) ÷ (1 − q^i), all whole numbers.
    let mut arrangements = vec![0.0; n1 * n2 + 1];
    if let Some(none_larger) = arrangements.first_mut() {
        *none_larger = 1.0;
    }
    for i in 1..=n1 {
        let shifted: Vec<f64> = std::iter::repeat_n(0.0, n2 + i).chain(arrangements.iter().copied()).collect();
        arrangements.iter_mut().zip(shifted).for_each(|(kept, shifted)| *kept -= shifted);
        for start in 0..i {
            let mut sum = 0.0;
            for coefficient in arrangements.iter_mut().skip(start).step_by(i) {
                sum += *coefficient;
                *coefficient = sum;
            }
        }
    }
    let all: f64 = arrangements.iter().sum();
    let as_far: f64 = arrangements.iter().enumerate().filter(|(u, _)| count(*u) >= larger).map(|(_, ways)| ways).sum();
    (2.0 * as_far / all).min(1.0)
}

/// The median of all differences between a value of `a` and one of `b`, without making them all: n1 · n2 may be large.
fn median_difference(a: &[f64], b: &[f64]) -> f64 {
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let pairs = a.len() * b.len();
    let upper = smallest_difference(&a, &b, pairs / 2 + 1);
    if pairs % 2 == 1 { upper } else { f64::midpoint(smallest_difference(&a, &b, pairs / 2), upper) }
}

/// The interval of Hodges and Lehmann's shift: the differences at place C and, from the other end, at place C again, with
/// C = n1·n2/2 − z·√var rounded down and the tie-corrected variance of U (Hollander and Wolfe 1999, 4.3). `None` where the
/// groups are too small for an interval of this confidence.
pub fn shift_interval(a: &[f64], b: &[f64], confidence: f64) -> Result<Option<[f64; 2]>, Refusal> {
    all_finite(a)?;
    all_finite(b)?;
    if a.is_empty() || b.is_empty() {
        return Err(Refusal::EmptyGroup);
    }
    let ranked = midranks(&[a, b].concat());
    let (n, pairs) = (count(a.len() + b.len()), count(a.len()) * count(b.len()));
    let variance = pairs / 12.0 * (n + 1.0 - ranked.tie_sum() / (n * (n - 1.0)));
    let place = (pairs / 2.0 - normal_half_width(confidence)? * variance.max(0.0).sqrt()).floor();
    if ranked.all_tied() || place < 1.0 {
        return Ok(None);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the number of pairs")]
    let place = place as usize;
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let last = a.len() * b.len() + 1 - place;
    Ok(finite(smallest_difference(&a, &b, place)).zip(finite(smallest_difference(&a, &b, last))).map(<[f64; 2]>::from))
}

/// The `place`th smallest difference (from 1) between sorted values: halves the range of all doubles until one is left,
/// counting the differences at or under each bound.
fn smallest_difference(a: &[f64], b: &[f64], place: usize) -> f64 {
    let at_or_under = |bound: f64| -> usize {
        // As the value of a rises, fewer values of b are near enough under it: one walk through both.
        let mut too_far = 0;
        a.iter()
            .map(|a| {
                while b.get(too_far).is_some_and(|b| a - b > bound) {
                    too_far += 1;
                }
                b.len() - too_far
            })
            .sum()
    };
    let (mut low, mut high) = (ordinal(f64::NEG_INFINITY), ordinal(f64::INFINITY));
    while low < high {
        let middle = low.midpoint(high).min(high - 1);
        if at_or_under(from_ordinal(middle)) >= place {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    // The lower of the two zeros is found first.
    from_ordinal(low) + 0.0
}

/// A double's place in the order of all doubles: neighbours differ by one.
fn ordinal(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

fn from_ordinal(place: i64) -> f64 {
    f64::from_bits((place ^ ((place >> 63).cast_unsigned() >> 1).cast_signed()).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_separate_groups() {
        let found = mann_whitney(&[5.0, 6.0, 8.0], &[1.0, 2.0]).unwrap();
        assert_eq!((found.u1, found.u2, found.cles, found.rank_biserial), (6.0, 0.0, 1.0, 1.0));
        assert_eq!((found.median1, found.median2, found.hodges_lehmann), (6.0, 1.5, Some(4.5)));
        // The two extreme arrangements of ten.
        assert_eq!(found.p_exact, Some(0.2));
        assert_eq!(mann_whitney(&[], &[1.0]), Err(Refusal::EmptyGroup));
        assert_eq!(mann_whitney(&[f64::NAN], &[1.0]), Err(Refusal::Missing));
    }

    #[test]
    fn where_all_tie_there_is_no_statistic() {
        let found = mann_whitney(&[0.1; 3], &[0.1; 7]).unwrap();
        assert_eq!((found.cles, found.z, found.p, found.z_cc, found.p_cc), (0.5, None, 1.0, None, 1.0));
        assert_eq!((found.p_exact, found.hodges_lehmann), (None, Some(0.0)));
    }

    #[test]
    fn the_shift_has_an_interval_where_there_are_enough() {
        // Differences 1 to 64 without ties: n1·n2/2 − 1.96·√(64·17/12) = 13.3, so the 13th from either end.
        let a: Vec<f64> = (0..8).map(|i| f64::from(8 * i + 100)).collect();
        let b: Vec<f64> = (0..8).map(|i| f64::from(7 - i)).collect();
        let mut differences: Vec<f64> = a.iter().flat_map(|a| b.iter().map(move |b| a - b)).collect();
        differences.sort_by(f64::total_cmp);
        assert_eq!(shift_interval(&a, &b, 0.95), Ok(Some([differences[12], differences[51]])));
        assert_eq!(shift_interval(&[1.0, 2.0], &[3.0], 0.95), Ok(None));
        assert_eq!(shift_interval(&[1.0; 9], &[1.0; 9], 0.95), Ok(None));
        assert_eq!(shift_interval(&[], &[3.0], 0.95), Err(Refusal::EmptyGroup));
    }

    #[test]
    fn doubles_are_counted_in_order() {
        for value in [f64::NEG_INFINITY, -1.5, -0.0, 0.0, f64::MIN_POSITIVE, 3.25, f64::INFINITY] {
            assert!(from_ordinal(ordinal(value)).to_bits() == value.to_bits());
        }
        assert_eq!((ordinal(0.0), ordinal(f64::from_bits(1)), ordinal(-0.0)), (0, 1, -1));
    }

    proptest! {
        /// The groups exchanged give the mirrored answer; the shift is the median of the differences, listed.
        #[test]
        fn laws(a in prop::collection::vec(-20_i32..20, 1..25), b in prop::collection::vec(-20_i32..20, 1..25)) {
            let a: Vec<f64> = a.into_iter().map(|value| f64::from(value) / 4.0).collect();
            let b: Vec<f64> = b.into_iter().map(|value| f64::from(value) / 4.0).collect();
            let here = mann_whitney(&a, &b).unwrap();
            let there = mann_whitney(&b, &a).unwrap();
            prop_assert_eq!((here.u1, here.p, here.p_cc, here.p_exact), (there.u2, there.p, there.p_cc, there.p_exact));
            prop_assert_eq!(here.z.map(|z| -z), there.z);
            let differences: Vec<f64> = a.iter().flat_map(|a| b.iter().map(move |b| a - b)).collect();
            prop_assert_eq!(here.hodges_lehmann, Some(median(&differences).unwrap()));
            prop_assert!(here.p <= here.p_cc && here.p_cc <= 1.0);
            if let Some([low, high]) = shift_interval(&a, &b, 0.95).unwrap() {
                prop_assert!(low <= here.hodges_lehmann.unwrap() && here.hodges_lehmann.unwrap() <= high);
                prop_assert_eq!(shift_interval(&b, &a, 0.95).unwrap(), Some([-high, -low]));
            }
        }
    }
}
