//! What the `statistics` command is given to redo a pair by hand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::codebook::{Cell, value_cell};
use super::dataset::Dataset;
use super::exposure::{Exposure, Kind};
use super::model::{Covariate, input};
use super::sample::{Sample, number};
use crate::domain::statistics::quasi_binomial::{Term, Values};

/// The input of the test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum TestInput {
    /// Of `spearman`.
    Pairs {
        /// The exposure.
        x: Vec<f64>,
        /// The KPI, in per cent.
        y: Vec<f64>,
    },
    /// Of `mann_whitney`.
    TwoGroups {
        /// The KPI of services with it.
        a: Vec<f64>,
        /// Of those without.
        b: Vec<f64>,
    },
    /// Of `jonckheere` and `kruskal_wallis`.
    Groups {
        /// The KPI by group, in the order of the groups.
        groups: Vec<Vec<f64>>,
    },
}

/// A value of the model's rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Field {
    /// A number.
    Number(f64),
    /// The code of a group.
    Text(String),
}

/// A column of the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelTerm {
    name: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
}

/// The input of `quasi_binomial`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ModelRows {
    rows: Vec<BTreeMap<String, Field>>,
    terms: Vec<ModelTerm>,
}

/// The services of a pair that `shown` lets through.
fn kept(data: &Dataset, shown: impl Fn(&str) -> bool) -> Dataset {
    data.kept_to(&data.services.iter().map(String::as_str).filter(|service| shown(service)).collect())
}

/// The input of a pair's test, of the services that `shown` lets through.
pub fn test_input(data: &Dataset, exposure: Exposure, kpi: i32, shown: impl Fn(&str) -> bool) -> TestInput {
    let sample = Sample::of(&kept(data, shown), exposure, kpi);
    let kind = data.kind(exposure).unwrap_or(exposure.kind());
    let mut groups = sample.groups(kind.levels().len());
    match kind {
        Kind::Number { .. } => {
            TestInput::Pairs { x: sample.exposures.iter().map(|value| number(*value)).collect(), y: sample.percents }
        }
        Kind::Flag => {
            let a = groups.pop().unwrap_or_default();
            TestInput::TwoGroups { a, b: groups.pop().unwrap_or_default() }
        }
        Kind::Ordered(_) | Kind::Groups(_) => TestInput::Groups { groups },
    }
}

/// The input of a pair's model, of the services that `shown` lets through; `None` where the KPI has no odds.
pub fn model_input(
    data: &Dataset,
    covariates: &[Covariate],
    exposure: Exposure,
    kpi: i32,
    shown: impl Fn(&str) -> bool,
) -> Option<ModelRows> {
    let kind = data.kind(exposure).filter(|_| !matches!(kpi, 2 | 3))?;
    let (input, _) = input(&kept(data, shown), covariates, (exposure, kind), kpi);
    let term = |term: &Term| match &term.values {
        Values::Continuous(_) => ModelTerm { name: term.name.clone(), kind: "continuous", levels: None },
        Values::Categorical { levels, .. } => {
            ModelTerm { name: term.name.clone(), kind: "categorical", levels: levels.clone() }
        }
    };
    let field = |term: &Term, row: usize| match &term.values {
        Values::Continuous(values) => values.get(row).copied().flatten().map(Field::Number),
        Values::Categorical { values, .. } => values.get(row).cloned().flatten().map(Field::Text),
    };
    let row = |(row, (num, den)): (usize, (&Option<f64>, &Option<f64>))| {
        let counts = [("num", *num), ("den", *den)];
        let counts = counts.into_iter().filter_map(|(name, count)| Some((name.to_owned(), Field::Number(count?))));
        let terms = input.terms.iter().filter_map(|term| Some((term.name.clone(), field(term, row)?)));
        counts.chain(terms).collect::<BTreeMap<String, Field>>()
    };
    let rows: Vec<BTreeMap<String, Field>> = input.num.iter().zip(&input.den).enumerate().map(row).collect();
    (!rows.is_empty()).then(|| ModelRows { rows, terms: input.terms.iter().map(term).collect() })
}

/// A pair's services one by one: the service, its exposure as the data have it, and its KPI.
pub fn services(data: &Dataset, exposure: Exposure, kpi: i32) -> Vec<PairRow> {
    let columns = data.exposure(exposure).iter().zip(data.outcome(kpi));
    let rows = data.services.iter().zip(columns).filter_map(|(service, (value, outcome))| {
        let (value, outcome) = ((*value).ok()?, (*outcome).ok()?);
        Some(PairRow {
            service: service.clone(),
            place: number(value),
            exposure: value_cell(data, exposure, value),
            percent: outcome.percent,
            numerator: outcome.counted.map(|counted| counted.numerator),
            denominator: outcome.counted.map(|counted| counted.denominator),
        })
    });
    rows.collect()
}

/// One service of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct PairRow {
    /// Unit code.
    pub service: String,
    /// The exposure as a number; of a group its place, from 0.
    pub place: f64,
    /// The exposure.
    pub exposure: Cell,
    /// The KPI in per cent; of a change in percentage points.
    pub percent: f64,
    /// Cases above the line.
    pub numerator: Option<f64>,
    /// Cases under the line.
    pub denominator: Option<f64>,
}
