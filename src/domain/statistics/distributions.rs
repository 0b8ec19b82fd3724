//! The distributions that the methods refer to, with the tails taken directly so that small probabilities keep their
//! digits.

use statrs::distribution::{
    Binomial, ChiSquared, Continuous, ContinuousCDF, Discrete as _, DiscreteCDF as _, Normal, Poisson, StudentsT,
};

use super::Refusal;

/// The two-sided p value of a standard normal statistic.
pub fn normal_two_sided(z: f64) -> f64 {
    (2.0 * Normal::standard().sf(z.abs())).min(1.0)
}

/// The standard normal value that `confidence` of the distribution lies within, either side of 0.
pub fn normal_half_width(confidence: f64) -> Result<f64, Refusal> {
    Ok(-Normal::standard().inverse_cdf(tail(confidence)?))
}

/// The standard normal value below which a probability strictly between 0 and 1 lies.
pub fn normal_quantile(probability: f64) -> Result<f64, Refusal> {
    if probability > 0.0 && probability < 1.0 {
        Ok(Normal::standard().inverse_cdf(probability))
    } else {
        Err(Refusal::ProbabilityOutOfRange)
    }
}

/// The probability beyond each end of an interval of this confidence.
pub fn tail(confidence: f64) -> Result<f64, Refusal> {
    if !confidence.is_finite() {
        return Err(Refusal::Missing);
    }
    if confidence <= 0.0 || confidence >= 1.0 {
        return Err(Refusal::ConfidenceOutOfRange);
    }
    Ok((1.0 - confidence) / 2.0)
}

/// The two-sided p value of a t statistic. `None` without degrees of freedom.
pub fn t_two_sided(t: f64, df: f64) -> Option<f64> {
    StudentsT::new(0.0, 1.0, df).ok().map(|law| (2.0 * law.sf(t.abs())).min(1.0))
}

/// The probability of a chi-square statistic at least as large. `None` without degrees of freedom.
pub fn chi_square_beyond(statistic: f64, df: f64) -> Option<f64> {
    ChiSquared::new(df).ok().map(|law| law.sf(statistic))
}

/// The probability of a noncentral chi-square statistic at least as large: central ones with 2j degrees of freedom more,
/// weighed by the Poisson probability of j at λ/2. `None` without degrees of freedom, or with a λ below 0.
pub fn noncentral_chi_square_beyond(statistic: f64, df: f64, lambda: f64) -> Option<f64> {
    if lambda == 0.0 {
        return chi_square_beyond(statistic, df);
    }
    let half = lambda / 2.0;
    let law = Poisson::new(half).ok()?;
    // Beyond twelve standard deviations of j nothing is left that a double could hold.
    let width = 12.0 * half.sqrt() + 12.0;
    let (first, last) = ((half - width).max(0.0).floor(), (half + width).ceil());
    let mut beyond = 0.0;
    let mut j = first;
    while j <= last {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number, not negative")]
        let weight = law.pmf(j as u64);
        beyond += weight * chi_square_beyond(statistic, df + 2.0 * j)?;
        j += 1.0;
    }
    Some(beyond.min(1.0))
}

/// The chi-square value below which the given probability lies. `None` without degrees of freedom.
pub fn chi_square_quantile(probability: f64, df: f64) -> Option<f64> {
    ChiSquared::new(df).ok().map(|law| refined_quantile(&law, probability))
}

/// The t value that 95 % of the distribution lies within, either side of 0. `None` without degrees of freedom.
pub fn t_half_width(df: f64) -> Option<f64> {
    StudentsT::new(0.0, 1.0, df).ok().map(|law| -refined_quantile(&law, 0.025))
}

/// A quantile with one more step of Newton's: the library stops at an absolute error, and short of one with many
/// degrees of freedom.
fn refined_quantile<L: ContinuousCDF<f64, f64> + Continuous<f64, f64>>(law: &L, probability: f64) -> f64 {
    let near = law.inverse_cdf(probability);
    let refined = near - (law.cdf(near) - probability) / law.pdf(near);
    if refined.is_finite() { refined } else { near }
}

/// The smallest number of successes that fair tosses stay at or under with the given probability.
pub fn fair_toss_quantile(probability: f64, tosses: usize) -> Option<usize> {
    let law = Binomial::new(0.5, u64::try_from(tosses).ok()?).ok()?;
    usize::try_from(law.inverse_cdf(probability)).ok()
}
