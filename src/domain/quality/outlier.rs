//! Outliers: figures that lie further from the national one than chance and the spread between services explain.
//!
//! The rule is that of national clinical audits: beyond two standard deviations is an alert, beyond three an alarm, on
//! limits that are widened for overdispersion. KPI 4 to 11 are screened, which are proportions. KPI 1 counts services,
//! and KPI 2 and 3 are records over an estimate, which have no funnel.

use serde::{Deserialize, Serialize};

use super::query::QueryState;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::significance::{Yardstick, judge};
use crate::domain::reference::Kpi;
use crate::domain::statistics::funnel::FunnelRules;

/// Standard deviations beyond which a figure is an alert.
pub const ALERT: f64 = 2.0;

/// Standard deviations beyond which a figure is an alarm.
pub const ALARM: f64 = 3.0;

/// The KPIs that are screened.
pub const SCREENED: std::ops::RangeInclusive<i32> = 4..=11;

/// How far out a figure lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Beyond two standard deviations.
    Alert,
    /// Beyond three.
    Alarm,
}

impl Level {
    /// The level of an adjusted z score; `None` where it lies on or within the limits.
    pub fn of(z: f64) -> Option<Self> {
        let z = z.abs();
        if z > ALARM {
            Some(Self::Alarm)
        } else if z > ALERT {
            Some(Self::Alert)
        } else {
            None
        }
    }

    /// The word in files and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Alarm => "alarm",
        }
    }
}

/// A figure beyond the limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlier {
    /// 4 to 11.
    pub kpi: i32,
    /// Cases above the line.
    pub numerator: i64,
    /// Cases under the line.
    pub denominator: f64,
    /// The figure, in per cent.
    pub percent: f64,
    /// What it is held against: the pooled figure of the services that count, in per cent.
    pub national: f64,
    /// Its distance from that, in standard deviations that are widened for the spread between services.
    pub z: f64,
    /// How far out it lies.
    pub level: Level,
}

impl Outlier {
    /// Whether it lies under the national figure.
    pub fn is_lower(&self) -> bool {
        self.z < 0.0
    }

    /// `lower` or `higher`.
    pub fn side(&self) -> &'static str {
        if self.is_lower() { "lower" } else { "higher" }
    }
}

/// The figures of a KPI that lie beyond the limits, by their place among those given.
pub fn screen(kpi: &Kpi, figures: &[&Figure]) -> Vec<(usize, Outlier)> {
    let Yardstick::Funnel(funnel) = judge(kpi, figures, FunnelRules::default()).yardstick else { return Vec::new() };
    let national = 100.0 * funnel.target;
    let outlier = |(place, (figure, z)): (usize, (&&Figure, &Option<f64>))| {
        let z = (*z)?;
        Some((
            place,
            Outlier {
                kpi: kpi.kpi,
                numerator: figure.numerator?,
                denominator: figure.denominator?,
                percent: figure.percent?,
                national,
                z,
                level: Level::of(z)?,
            },
        ))
    };
    figures.iter().zip(&funnel.z_adj).enumerate().filter_map(outlier).collect()
}

/// How far a figure has come that somebody looks into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlierCase {
    /// The service.
    pub service: String,
    /// Where it stands.
    pub state: QueryState,
    /// The figure as it was when the case was opened.
    pub found: Outlier,
}

impl OutlierCase {
    /// Whether the figure may be called an outlier in public: the service has checked its data, has been told and heard,
    /// and it stands.
    pub fn may_be_published(&self) -> bool {
        self.state == QueryState::Confirmed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::kpi::figure::tests::kpi;

    fn screened(number: i32, counts: &[(i64, f64)]) -> Vec<(usize, Outlier)> {
        let figures: Vec<Figure> = counts.iter().map(|(x, n)| Figure::of(&kpi(number), Some(*x), Some(*n))).collect();
        screen(&kpi(number), &figures.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_limit_belongs_to_what_lies_within_it() {
        assert_eq!([2.0, -2.0, 0.0].map(Level::of), [None; 3]);
        assert_eq!([2.01, -3.0].map(Level::of), [Some(Level::Alert); 2]);
        assert_eq!([3.01, -9.0].map(Level::of), [Some(Level::Alarm); 2]);
    }

    #[test]
    fn one_far_below_is_an_alarm_and_says_how_far() {
        // The others differ by chance alone, so the limits are hardly widened.
        let mut counts: Vec<(i64, f64)> = (0..40).map(|place| (490 + place % 20, 1000.0)).collect();
        counts.push((200, 1000.0));
        let found = screened(4, &counts);
        let (place, outlier) = &found[0];
        assert_eq!((found.len(), *place, outlier.level, outlier.side()), (1, 40, Level::Alarm, "lower"));
        assert_eq!((outlier.numerator, outlier.percent), (200, 20.0));
        assert!(outlier.z < -3.0 && outlier.national > 45.0);
        for number in 1..=3 {
            assert!(screened(number, &counts).is_empty(), "KPI {number} is not screened");
        }
    }

    proptest! {
        /// Whoever is named lies on the side that is named, further out than the limits; nobody without cases is.
        #[test]
        fn nobody_is_named_who_lies_within(counts in prop::collection::vec((0_i64..500, 0_i64..500), 2..60)) {
            let counts: Vec<(i64, f64)> =
                counts.into_iter().map(|(x, more)| (x, crate::domain::kpi::real(x + more))).collect();
            for (place, outlier) in screened(5, &counts) {
                prop_assert!(counts[place].1 > 0.0 && outlier.z.abs() > ALERT);
                prop_assert_eq!(outlier.is_lower(), outlier.percent < outlier.national);
                prop_assert_eq!(outlier.level == Level::Alarm, outlier.z.abs() > ALARM);
            }
        }
    }
}
