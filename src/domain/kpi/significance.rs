//! Whether a service differs from the others by more than chance explains: one rule, wherever it is asked.
//!
//! KPI 4 to 11 are proportions: the rule is the funnel, its limits widened for the spread between services, since limits
//! for chance alone flag nearly every service. KPI 2 and 3 are records over an estimate, which may pass 100 % and has no
//! funnel: there a service stands out where the whole of its interval (Byar) lies outside the range of the middle 95 % of
//! services, so that neither a small service far out nor a large one close by is flagged.

use super::figure::Figure;
use crate::domain::reference::Kpi;
use crate::domain::statistics::funnel::{Band, Funnel, FunnelRules, Overdispersion, Scale, funnel};
use crate::domain::statistics::quantiles::quantiles;

/// How a service compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Higher, beyond the 99.8 % limit.
    Higher998,
    /// Higher, beyond the 95 % limit.
    Higher95,
    /// No more different than chance and the spread between services explain.
    Similar,
    /// Lower, beyond the 95 % limit.
    Lower95,
    /// Lower, beyond the 99.8 % limit.
    Lower998,
}

impl Signal {
    /// Every one, from the highest.
    pub const ALL: [Self; 5] = [Self::Higher998, Self::Higher95, Self::Similar, Self::Lower95, Self::Lower998];

    /// The word used in files and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Higher998 => "higher_998",
            Self::Higher95 => "higher_95",
            Self::Similar => "similar",
            Self::Lower95 => "lower_95",
            Self::Lower998 => "lower_998",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Higher998 => "much higher",
            Self::Higher95 => "higher",
            Self::Similar => "similar",
            Self::Lower95 => "lower",
            Self::Lower998 => "much lower",
        }
    }

    /// Whether it lies beyond the outer limit.
    pub fn is_beyond_998(self) -> bool {
        matches!(self, Self::Higher998 | Self::Lower998)
    }
}

impl From<Band> for Signal {
    fn from(band: Band) -> Self {
        match band {
            Band::Within => Self::Similar,
            Band::High95 => Self::Higher95,
            Band::Low95 => Self::Lower95,
            Band::High998 => Self::Higher998,
            Band::Low998 => Self::Lower998,
        }
    }
}

/// Fewer services than this have no middle 95 %.
const FEWEST_SERVICES: usize = 20;

/// What services are held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Yardstick {
    /// The limits of a funnel.
    Funnel(Funnel),
    /// The range of the middle 95 % of services, in per cent.
    MiddleOfServices(f64, f64),
    /// Nothing, and why.
    None(&'static str),
}

/// How services of one KPI and year compare.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// By what.
    pub yardstick: Yardstick,
    /// For each figure, in their order; `None` where it cannot be said.
    pub signals: Vec<Option<Signal>>,
}

/// The rule in a sentence, as every view prints it.
pub fn sentence(kpi: i32) -> &'static str {
    match kpi {
        1 => "KPI 1 counts whole services, so no service is compared with the others.",
        2 | 3 => {
            "A service is called higher or lower where the whole of its 95% interval (Byar) lies outside the range of \
             the middle 95% of services. This KPI is records over an estimate, can pass 100% and has no funnel."
        }
        _ => {
            "A service is called higher or lower than the national figure outside the 95% limits, and much higher or \
             lower outside the 99.8% limits, of a funnel widened for the spread between services (arcsine scale, \
             additive overdispersion, a tenth winsorised)."
        }
    }
}

/// The method of a funnel in words, for charts: with what is not the usual rule where it is another.
pub fn method_words(rules: FunnelRules) -> String {
    let scale = match rules.scale {
        Scale::Arcsine => "arcsine scale",
        Scale::Score => "score limits",
    };
    let spread = match rules.overdispersion {
        Overdispersion::Additive => "additive overdispersion",
        Overdispersion::Multiplicative => "multiplicative overdispersion",
        Overdispersion::None => "no overdispersion",
    };
    format!("{scale}, {spread}, {:.0}% winsorised", rules.winsor * 100.0)
}

/// Holds the figures of the services of one KPI and year against each other. `rules` are those of the funnel: the default
/// ones everywhere but on a funnel that asks for others.
pub fn judge(kpi: &Kpi, figures: &[&Figure], rules: FunnelRules) -> Judgement {
    let nothing = |why| Judgement { yardstick: Yardstick::None(why), signals: vec![None; figures.len()] };
    match kpi.kpi {
        1 => nothing("KPI 1 counts whole services."),
        2 | 3 => {
            let percents: Vec<f64> = figures.iter().filter_map(|figure| figure.percent).collect();
            if percents.len() < FEWEST_SERVICES {
                return nothing("Too few services to compare: at least 20 need a figure.");
            }
            match quantiles(&percents, &[0.025, 0.975]).as_deref() {
                Ok([low, high]) => {
                    let signal = |figure: &&Figure| figure.interval.map(|interval| outside(interval, (*low, *high)));
                    let signals = figures.iter().map(signal).collect();
                    Judgement { yardstick: Yardstick::MiddleOfServices(*low, *high), signals }
                }
                _ => nothing("No service has a figure."),
            }
        }
        _ => {
            #[expect(clippy::cast_precision_loss, reason = "counts of people")]
            let numerators: Vec<_> = figures.iter().map(|figure| figure.numerator.map(|n| n as f64)).collect();
            let denominators: Vec<_> = figures.iter().map(|figure| figure.denominator).collect();
            match funnel(&numerators, &denominators, rules) {
                Ok(found) => {
                    let signals = found.band.iter().map(|band| band.map(Signal::from)).collect();
                    Judgement { yardstick: Yardstick::Funnel(found), signals }
                }
                Err(crate::domain::statistics::Refusal::NoUnits) => nothing("No service has a figure."),
                Err(_) => nothing("Every service has 0% or every service has 100%: there is nothing to compare."),
            }
        }
    }
}

/// Where an interval lies that has left a range.
fn outside((low, high): (f64, f64), (from, to): (f64, f64)) -> Signal {
    if low > to {
        Signal::Higher95
    } else if high < from {
        Signal::Lower95
    } else {
        Signal::Similar
    }
}

#[cfg(test)]
mod tests {
    use super::super::figure::tests::kpi;
    use super::*;

    fn judged(number: i32, counts: &[(i64, f64)]) -> Judgement {
        let figures: Vec<Figure> = counts.iter().map(|(x, n)| Figure::of(&kpi(number), Some(*x), Some(*n))).collect();
        judge(&kpi(number), &figures.iter().collect::<Vec<_>>(), FunnelRules::default())
    }

    #[test]
    fn a_proportion_is_held_against_the_funnel() {
        let mut counts = vec![(500, 1000.0); 30];
        counts.push((990, 1000.0));
        counts.push((0, 0.0));
        let found = judged(4, &counts);
        assert!(matches!(found.yardstick, Yardstick::Funnel(_)));
        assert_eq!(found.signals[0], Some(Signal::Similar));
        assert!(matches!(found.signals[30], Some(Signal::Higher998 | Signal::Higher95)));
        assert_eq!(found.signals[31], None, "no people, nothing said");
    }

    #[test]
    fn a_figure_over_an_estimate_is_held_against_the_other_services() {
        // Thirty-eight between 30 and 67 %, one far out with many cases, one as far out with hardly any.
        let mut counts: Vec<(i64, f64)> = (30..68).map(|x| (x * 20, 2000.0)).collect();
        counts.push((2400, 2000.0));
        counts.push((1, 100.0));
        let found = judged(2, &counts);
        assert!(matches!(found.yardstick, Yardstick::MiddleOfServices(low, high) if low < high));
        assert_eq!(found.signals[38], Some(Signal::Higher95));
        assert!(found.signals[..38].iter().all(|signal| *signal == Some(Signal::Similar)));
        assert_eq!(judged(3, &counts[..5]).signals, [None; 5], "too few to have a middle");
    }

    #[test]
    fn where_nothing_can_be_compared_it_says_why() {
        for counts in [vec![(0, 10.0), (0, 20.0)], vec![(10, 10.0)], Vec::new()] {
            let found = judged(5, &counts);
            assert!(matches!(found.yardstick, Yardstick::None(why) if !why.is_empty()));
            assert!(found.signals.iter().all(Option::is_none));
        }
        assert!(matches!(judged(1, &[(5, 10.0)]).yardstick, Yardstick::None(_)));
    }
}
