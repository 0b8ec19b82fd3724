//! The services of a pair of which both the exposure and the KPI are known.

use super::dataset::Dataset;
use super::exposure::{Exposure, Value};

/// A pair's services that say both.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    pub(super) rows: Vec<usize>,
    pub(super) exposures: Vec<Value>,
    pub(super) percents: Vec<f64>,
}

impl Sample {
    pub(super) fn of(data: &Dataset, exposure: Exposure, kpi: i32) -> Self {
        let mut sample = Self::default();
        let both = data.exposure(exposure).iter().zip(data.outcome(kpi)).enumerate();
        for (row, (value, outcome)) in both {
            if let (Ok(value), Ok(outcome)) = (value, outcome) {
                sample.rows.push(row);
                sample.exposures.push(*value);
                sample.percents.push(outcome.percent);
            }
        }
        sample
    }

    pub(super) fn without(&self, place: usize) -> Self {
        let mut rest = self.clone();
        rest.rows.remove(place);
        rest.exposures.remove(place);
        rest.percents.remove(place);
        rest
    }

    /// The KPIs by group.
    pub(super) fn groups(&self, levels: usize) -> Vec<Vec<f64>> {
        let mut groups = vec![Vec::new(); levels];
        for (value, percent) in self.exposures.iter().zip(&self.percents) {
            if let Value::Level(level) = value
                && let Some(group) = groups.get_mut(*level)
            {
                group.push(*percent);
            }
        }
        groups
    }
}

/// A value as a number: of ordered groups their place.
#[expect(clippy::cast_precision_loss, reason = "a place among a few groups")]
pub(super) fn number(value: Value) -> f64 {
    match value {
        Value::Number(number) => number,
        Value::Level(level) => level as f64,
    }
}
