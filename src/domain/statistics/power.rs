//! What a number of services could have shown: the smallest effect that a test of this size finds with a stated
//! probability, before it allows for other tests.
//!
//! Each is the effect at which the test's statistic lies, on average, as far out as the critical value and the quantile
//! of the power together: `z(1 − α/2) + z(power)` standard errors.

use super::distributions::{chi_square_quantile, noncentral_chi_square_beyond, normal_quantile};
use super::{Refusal, count};

/// At what level a test is made, and how often it should find what is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sought {
    /// The two-sided level α, such as 0.05.
    pub level: f64,
    /// The probability of finding the effect, such as 0.8.
    pub power: f64,
}

impl Sought {
    /// z(1 − α/2) + z(power), in standard errors.
    fn distance(self) -> Result<f64, Refusal> {
        Ok(normal_quantile(1.0 - self.level / 2.0)? + normal_quantile(self.power)?)
    }
}

/// The smallest rank correlation: `tanh(distance · √(1.06 ÷ (n − 3)))`, with the standard error of Fieller, Hartley and
/// Pearson (1957). `None` under four pairs.
pub fn smallest_correlation(n: usize, sought: Sought) -> Result<Option<f64>, Refusal> {
    let distance = sought.distance()?;
    Ok((n > 3).then(|| (distance * (1.06 / count(n - 3)).sqrt()).tanh()))
}

/// The smallest rank-biserial correlation between two groups: `2 · distance ÷ √(12 · c · (1 − c) · n)` with `c` the share
/// of the first group (Noether 1987). `None` where it would pass 1: so few could not have shown anything.
pub fn smallest_rank_biserial(n1: usize, n2: usize, sought: Sought) -> Result<Option<f64>, Refusal> {
    let distance = sought.distance()?;
    let (n1, n2) = (count(n1), count(n2));
    let smallest = 2.0 * distance / (12.0 * n1 * n2 / (n1 + n2)).sqrt();
    Ok((smallest <= 1.0).then_some(smallest))
}

/// The smallest ε² over `k` groups of `n` values together: the noncentrality λ at which a chi-square with k − 1 degrees of
/// freedom passes its critical value with the power sought, ÷ (n − 1). `None` under two groups, or where it would pass 1.
pub fn smallest_epsilon2(k: usize, n: usize, sought: Sought) -> Result<Option<f64>, Refusal> {
    sought.distance()?;
    if k < 2 || n < 2 {
        return Ok(None);
    }
    let df = count(k - 1);
    let Some(critical) = chi_square_quantile(1.0 - sought.level, df) else { return Ok(None) };
    let most = count(n - 1);
    let beyond = |lambda: f64| noncentral_chi_square_beyond(critical, df, lambda).unwrap_or(0.0);
    if beyond(most) < sought.power {
        return Ok(None);
    }
    Ok(Some(rising_root(most, |lambda| beyond(lambda) - sought.power) / most))
}

/// Where a rising function passes 0 between 0 and `high`, by halving.
pub(super) fn rising_root(high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, high);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if function(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
        if high - low <= 1e-12 * high {
            break;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Sought = Sought { level: 0.05, power: 0.8 };

    #[test]
    fn worked_sizes() {
        // R: tanh((qnorm(.975) + qnorm(.8)) * sqrt(1.06 / 66)) and 2 * (qnorm(.975) + qnorm(.8)) / sqrt(12 * 14 * 55 / 69).
        let rho = smallest_correlation(69, USUAL).unwrap().unwrap();
        assert!((rho - 0.340_843_104_845_936_7).abs() < 1e-12, "{rho}");
        let biserial = smallest_rank_biserial(14, 55, USUAL).unwrap().unwrap();
        assert!((biserial - 0.484_197_332_706_446_9).abs() < 1e-12, "{biserial}");
        // R: uniroot(function(l) pchisq(qchisq(.95, 3), 3, l, lower.tail = FALSE) - .8, c(0, 68))$root / 68.
        let epsilon2 = smallest_epsilon2(4, 69, USUAL).unwrap().unwrap();
        assert!((epsilon2 - 0.160_331_813_090_195_1).abs() < 1e-9, "{epsilon2}");
    }

    #[test]
    fn too_few_could_show_nothing() {
        assert_eq!(smallest_correlation(3, USUAL), Ok(None));
        assert_eq!(smallest_rank_biserial(2, 3, USUAL), Ok(None));
        assert_eq!(smallest_epsilon2(3, 5, USUAL), Ok(None));
        assert_eq!(smallest_correlation(69, Sought { power: 1.0, ..USUAL }), Err(Refusal::ProbabilityOutOfRange));
    }

    #[test]
    fn more_services_show_less() {
        let sizes = [20, 40, 69, 200, 10_000];
        let found: Vec<f64> = sizes.iter().map(|n| smallest_correlation(*n, USUAL).unwrap().unwrap()).collect();
        assert!(found.is_sorted_by(|a, b| a > b), "{found:?}");
    }
}
