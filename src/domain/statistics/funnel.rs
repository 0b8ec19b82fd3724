//! Funnel plots of proportions, with the spread between units taken into account.

use std::f64::consts::FRAC_PI_2;

use serde::{Deserialize, Serialize};

use super::quantiles::sorted_quantile;
use super::{Refusal, count, present};

/// The standard normal values of the 95 % and 99.8 % limits, to the digits that funnel plots are published with.
const Z_95: f64 = 1.959_964;
const Z_998: f64 = 3.090_232;

/// On which scale a proportion is compared with the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The proportion itself, with the standard error that the target gives.
    Score,
    /// The arcsine of its square root, whose standard error does not depend on the target.
    #[default]
    Arcsine,
}

/// How spread between units beyond chance widens the limits (Spiegelhalter 2005).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overdispersion {
    /// Not at all.
    None,
    /// Every standard error is multiplied by √φ.
    Multiplicative,
    /// The variance between units, τ², is added to each unit's own.
    #[default]
    Additive,
}

/// How a funnel is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelRules {
    /// The scale.
    pub scale: Scale,
    /// What widens the limits.
    pub overdispersion: Overdispersion,
    /// The share of z scores at each end (0 to 0.5) that is pulled in before φ is taken.
    pub winsor: f64,
    /// The proportion to compare with, between 0 and 1; `None` pools the units.
    pub target: Option<f64>,
}

impl Default for FunnelRules {
    /// As the pages draw it: arcsine, additive, a tenth winsorised, pooled target.
    fn default() -> Self {
        Self { scale: Scale::default(), overdispersion: Overdispersion::default(), winsor: 0.1, target: None }
    }
}

/// Where a unit lies. On a limit is within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Between the 95 % limits.
    Within,
    /// Over the upper 95 % limit.
    #[serde(rename = "high_95")]
    High95,
    /// Under the lower 95 % limit.
    #[serde(rename = "low_95")]
    Low95,
    /// Over the upper 99.8 % limit.
    #[serde(rename = "high_998")]
    High998,
    /// Under the lower 99.8 % limit.
    #[serde(rename = "low_998")]
    Low998,
}

/// A funnel. The lists stand in the order of the units; one without a denominator has `None` in each and counts for
/// nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// The proportion that the units are compared with.
    pub target: f64,
    /// Units counted.
    pub units: usize,
    /// The mean square of the winsorised z scores: 1 where the units differ by chance alone.
    pub phi: f64,
    /// φ, or 1 where it is less: limits are never narrowed.
    pub phi_used: f64,
    /// The variance between units on the scale; 0 where the spread is no more than chance, and for a single unit.
    pub tau2: f64,
    /// Distances from the target in standard errors.
    pub z: Vec<Option<f64>>,
    /// The same with the widened standard errors.
    pub z_adj: Vec<Option<f64>>,
    /// Lower 95 % limits, proportions from 0 to 1, as are all limits.
    pub lower95: Vec<Option<f64>>,
    /// Upper 95 % limits.
    pub upper95: Vec<Option<f64>>,
    /// Lower 99.8 % limits.
    pub lower998: Vec<Option<f64>>,
    /// Upper 99.8 % limits.
    pub upper998: Vec<Option<f64>>,
    /// Where each unit lies.
    pub band: Vec<Option<Band>>,
}

/// Draws the funnel of `x[i]` out of `n[i]`. Only for proportions.
pub fn funnel(x: &[Option<f64>], n: &[Option<f64>], rules: FunnelRules) -> Result<Funnel, Refusal> {
    if x.len() != n.len() {
        return Err(Refusal::UnequalLengths);
    }
    if !(0.0..=0.5).contains(&rules.winsor) {
        return Err(Refusal::ProbabilityOutOfRange);
    }
    let units: Vec<Option<(f64, f64)>> =
        x.iter().zip(n).map(|(x, n)| Some((present(*x)?, present(*n).filter(|n| *n > 0.0)?))).collect();
    let counted = || units.iter().flatten();
    if counted().any(|(x, _)| *x < 0.0) {
        return Err(Refusal::NegativeCount);
    }
    if counted().any(|(x, n)| x > n) {
        return Err(Refusal::NumeratorExceedsDenominator);
    }
    if counted().next().is_none() {
        return Err(Refusal::NoUnits);
    }
    let (cases, people) = counted().fold((0.0, 0.0), |(cases, people), (x, n)| (cases + x, people + n));
    let target = rules.target.unwrap_or(cases / people);
    if !(target > 0.0 && target < 1.0) {
        return Err(Refusal::DegenerateTarget);
    }

    let points: Vec<Option<Point>> =
        units.iter().map(|unit| unit.map(|(x, n)| Point::new(rules.scale, target, x / n, n))).collect();
    let spread = Spread::of(&points.iter().flatten().copied().collect::<Vec<_>>(), rules.winsor);
    let lines: Vec<Option<Lines>> = points
        .iter()
        .map(|point| {
            point.map(|point| Lines::about(point, rules.scale, target, spread.widen(rules.overdispersion, point)))
        })
        .collect();
    let each = |value: fn(&Lines) -> f64| lines.iter().map(|lines| lines.as_ref().map(value)).collect();
    Ok(Funnel {
        target,
        units: counted().count(),
        phi: spread.phi,
        phi_used: spread.phi_used(),
        tau2: spread.tau2,
        z: points.iter().map(|point| point.map(Point::z)).collect(),
        z_adj: each(|lines| lines.z_adj),
        lower95: each(|lines| lines.lower95),
        upper95: each(|lines| lines.upper95),
        lower998: each(|lines| lines.lower998),
        upper998: each(|lines| lines.upper998),
        band: lines.iter().map(|lines| lines.as_ref().map(Lines::band)).collect(),
    })
}

/// The limits of a funnel at one number of people, proportions from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Lower 95 % limit.
    pub lower95: f64,
    /// Upper 95 % limit.
    pub upper95: f64,
    /// Lower 99.8 % limit.
    pub lower998: f64,
    /// Upper 99.8 % limit.
    pub upper998: f64,
}

impl Funnel {
    /// The limits that a unit of `n` people has, or would have, under the `rules` by which the funnel was drawn. `n` is
    /// above 0.
    pub fn limits_at(&self, n: f64, rules: FunnelRules) -> Limits {
        let point = Point::new(rules.scale, self.target, self.target, n);
        let spread = Spread { phi: self.phi, tau2: self.tau2 };
        let lines = Lines::about(point, rules.scale, self.target, spread.widen(rules.overdispersion, point));
        let Lines { lower95, upper95, lower998, upper998, .. } = lines;
        Limits { lower95, upper95, lower998, upper998 }
    }
}

impl Scale {
    /// A proportion on the scale.
    fn of(self, proportion: f64) -> f64 {
        match self {
            Self::Score => proportion,
            Self::Arcsine => proportion.sqrt().asin(),
        }
    }

    /// The proportion that a value of the scale stands for, which lies in 0..=1.
    fn back(self, value: f64) -> f64 {
        match self {
            Self::Score => value.clamp(0.0, 1.0),
            Self::Arcsine => value.clamp(0.0, FRAC_PI_2).sin().powi(2),
        }
    }

    /// The standard error that the target gives `n` people.
    fn standard_error(self, target: f64, n: f64) -> f64 {
        match self {
            Self::Score => (target * (1.0 - target) / n).sqrt(),
            Self::Arcsine => 0.5 / n.sqrt(),
        }
    }
}

/// A unit on the scale.
#[derive(Debug, Clone, Copy)]
struct Point {
    proportion: f64,
    distance: f64,
    error: f64,
}

impl Point {
    fn new(scale: Scale, target: f64, proportion: f64, n: f64) -> Self {
        let distance = scale.of(proportion) - scale.of(target);
        Self { proportion, distance, error: scale.standard_error(target, n) }
    }

    fn z(self) -> f64 {
        self.distance / self.error
    }
}

/// How far the units are spread beyond chance.
struct Spread {
    phi: f64,
    tau2: f64,
}

impl Spread {
    fn of(points: &[Point], winsor: f64) -> Self {
        let mut z: Vec<f64> = points.iter().copied().map(Point::z).collect();
        z.sort_by(f64::total_cmp);
        let low = sorted_quantile(&z, winsor).unwrap_or(f64::NEG_INFINITY);
        let high = sorted_quantile(&z, 1.0 - winsor).unwrap_or(f64::INFINITY);
        let units = count(points.len());
        let square_sum: f64 = z.iter().map(|z| z.max(low).min(high).powi(2)).sum();
        let weights = || points.iter().map(|point| point.error.powi(-2));
        let (sum, squares) = weights().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
        // One unit says nothing about the spread between units.
        let tau2 = if points.len() < 2 { 0.0 } else { ((square_sum - (units - 1.0)) / (sum - squares / sum)).max(0.0) };
        Self { phi: square_sum / units, tau2 }
    }

    fn phi_used(&self) -> f64 {
        self.phi.max(1.0)
    }

    /// A unit's standard error with the spread.
    fn widen(&self, overdispersion: Overdispersion, point: Point) -> f64 {
        match overdispersion {
            Overdispersion::None => point.error,
            Overdispersion::Multiplicative => point.error * self.phi_used().sqrt(),
            Overdispersion::Additive => point.error.hypot(self.tau2.sqrt()),
        }
    }
}

/// The limits of one unit.
struct Lines {
    proportion: f64,
    z_adj: f64,
    lower95: f64,
    upper95: f64,
    lower998: f64,
    upper998: f64,
}

impl Lines {
    fn about(point: Point, scale: Scale, target: f64, error: f64) -> Self {
        let limit = |z: f64| scale.back(scale.of(target) + z * error);
        Self {
            proportion: point.proportion,
            z_adj: point.distance / error,
            lower95: limit(-Z_95),
            upper95: limit(Z_95),
            lower998: limit(-Z_998),
            upper998: limit(Z_998),
        }
    }

    fn band(&self) -> Band {
        // A unit is on a limit where rounding alone could have put it off.
        let over = |limit: f64| self.proportion > limit + 1e-12;
        let under = |limit: f64| self.proportion < limit - 1e-12;
        if over(self.upper998) {
            Band::High998
        } else if under(self.lower998) {
            Band::Low998
        } else if over(self.upper95) {
            Band::High95
        } else if under(self.lower95) {
            Band::Low95
        } else {
            Band::Within
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn units_without_a_denominator_are_left_out() {
        let x = [Some(5.0), None, Some(0.0), Some(15.0)];
        let n = [Some(20.0), Some(30.0), Some(0.0), Some(20.0)];
        let found = funnel(&x, &n, FunnelRules::default()).unwrap();
        assert_eq!((found.target, found.units), (0.5, 2));
        assert!(found.z[1].is_none() && found.band[2].is_none() && found.lower95[0].is_some());
    }

    #[test]
    fn refusals() {
        let refused = |x: &[f64], n: &[f64], rules| funnel(&some(x), &some(n), rules).unwrap_err();
        let rules = FunnelRules::default();
        assert_eq!(refused(&[], &[], rules), Refusal::NoUnits);
        assert_eq!(refused(&[0.0], &[0.0], rules), Refusal::NoUnits);
        assert_eq!(refused(&[0.0, 0.0], &[5.0, 9.0], rules), Refusal::DegenerateTarget);
        assert_eq!(refused(&[5.0], &[5.0], rules), Refusal::DegenerateTarget);
        assert_eq!(refused(&[1.0], &[5.0], FunnelRules { target: Some(1.0), ..rules }), Refusal::DegenerateTarget);
        assert_eq!(refused(&[6.0], &[5.0], rules), Refusal::NumeratorExceedsDenominator);
        assert_eq!(refused(&[1.0], &[5.0, 5.0], rules), Refusal::UnequalLengths);
    }

    #[test]
    fn a_unit_on_a_limit_is_within() {
        // At a target of ½ and 100 people the upper 95 % limit is ½ + 1.959964 ÷ 20.
        let rules = FunnelRules {
            scale: Scale::Score,
            overdispersion: Overdispersion::None,
            target: Some(0.5),
            ..FunnelRules::default()
        };
        let band = |x: f64| funnel(&[Some(x)], &[Some(100.0)], rules).unwrap().band[0].unwrap();
        assert_eq!((band(59.799_82), band(59.799_83), band(65.5)), (Band::Within, Band::High95, Band::High998));
        assert_eq!((band(40.200_18), band(40.2), band(34.5)), (Band::Within, Band::Low95, Band::Low998));
    }

    proptest! {
        /// Limits nest, hold the target, lie in 0..=1 and mirror with the complement; no mode narrows them.
        #[test]
        fn laws(units in prop::collection::vec((0_u32..60, 0_u32..60), 2..30), arcsine: bool) {
            let scale = if arcsine { Scale::Arcsine } else { Scale::Score };
            let x: Vec<_> = units.iter().map(|(x, _)| Some(f64::from(*x))).collect();
            let n: Vec<_> = units.iter().map(|(x, rest)| Some(f64::from(x + rest))).collect();
            let rest: Vec<_> = units.iter().map(|(_, rest)| Some(f64::from(*rest))).collect();
            let draw = |x: &[Option<f64>], overdispersion| {
                funnel(x, &n, FunnelRules { scale, overdispersion, ..FunnelRules::default() })
            };
            let Ok(plain) = draw(&x, Overdispersion::None) else { return Ok(()) };
            let mirrored = draw(&rest, Overdispersion::None).unwrap();
            for overdispersion in [Overdispersion::Multiplicative, Overdispersion::Additive] {
                let wide = draw(&x, overdispersion).unwrap();
                prop_assert_eq!((wide.phi, wide.tau2), (plain.phi, plain.tau2));
                for unit in 0..units.len() {
                    let Some(upper) = wide.upper95[unit] else { continue };
                    let ends = [
                        0.0, wide.lower998[unit].unwrap(), wide.lower95[unit].unwrap(), plain.target, upper,
                        wide.upper998[unit].unwrap(), 1.0,
                    ];
                    prop_assert!(ends.is_sorted_by(|a, b| *a <= b + 1e-12), "{:?}", ends);
                    prop_assert!(upper >= plain.upper95[unit].unwrap() - 1e-12);
                    prop_assert!((plain.upper95[unit].unwrap() - 1.0 + mirrored.lower95[unit].unwrap()).abs() < 1e-9);
                }
            }
        }
    }
}
