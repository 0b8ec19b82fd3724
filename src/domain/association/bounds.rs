//! What services without a value could have changed.

use super::dataset::Dataset;
use super::exposure::{Exposure, Kind};
use super::sample::number;
use crate::domain::statistics::quantiles::median;
use crate::domain::statistics::rank::spearman;
use crate::domain::statistics::two_groups::mann_whitney;

/// A service's exposure and KPI.
type Row = (Option<f64>, Option<f64>);

/// The size on ranks with every missing value set so as to lower it, and so as to raise it, the most: a service above the
/// middle of the known side gets the lowest (highest) known value of the other, one below it the highest (lowest). A service
/// without both values stays out. `None` where groups have no order.
pub(super) fn bounds(data: &Dataset, exposure: Exposure, kind: Kind, kpi: i32) -> Option<[f64; 2]> {
    if matches!(kind, Kind::Groups(_)) {
        return None;
    }
    let rows: Vec<Row> = data
        .exposure(exposure)
        .iter()
        .zip(data.outcome(kpi))
        .map(|(value, outcome)| (value.ok().map(number), outcome.ok().map(|outcome| outcome.percent)))
        .collect();
    let known = |side: fn(&Row) -> Option<f64>| -> Option<Known> {
        Known::of(&rows.iter().filter_map(side).collect::<Vec<f64>>())
    };
    let (exposures, percents) = (known(|row| row.0)?, known(|row| row.1)?);
    let at = |raise: bool| {
        let filled = rows.iter().filter_map(|row| match row {
            (Some(x), Some(y)) => Some((*x, *y)),
            (None, Some(y)) => Some((exposures.extreme((*y > percents.middle) == raise), *y)),
            (Some(x), None) => Some((*x, percents.extreme((*x > exposures.middle) == raise))),
            (None, None) => None,
        });
        let (x, y): (Vec<f64>, Vec<f64>) = filled.unzip();
        on_ranks(kind, &x, &y)
    };
    Some([at(false)?, at(true)?])
}

/// The known values of one side.
struct Known {
    least: f64,
    middle: f64,
    most: f64,
}

impl Known {
    fn of(values: &[f64]) -> Option<Self> {
        let least = values.iter().copied().reduce(f64::min)?;
        Some(Self { least, middle: median(values).ok()?, most: values.iter().copied().reduce(f64::max)? })
    }

    fn extreme(&self, high: bool) -> f64 {
        if high { self.most } else { self.least }
    }
}

fn on_ranks(kind: Kind, x: &[f64], y: &[f64]) -> Option<f64> {
    if kind == Kind::Flag {
        let of =
            |yes: bool| -> Vec<f64> { x.iter().zip(y).filter(|(x, _)| (**x > 0.5) == yes).map(|(_, y)| *y).collect() };
        return mann_whitney(&of(true), &of(false)).ok().map(|found| found.rank_biserial);
    }
    let some = |values: &[f64]| -> Vec<Option<f64>> { values.iter().copied().map(Some).collect() };
    spearman(&some(x), &some(y)).ok().map(|found| found.rho)
}
