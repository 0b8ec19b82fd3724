//! Where values stand among others: `quantiles`, `percentile_rank`, `benjamini_hochberg`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{CliError, List, answer, complete, given};
use crate::domain::statistics::false_discovery;
use crate::domain::statistics::quantiles::{self, DEFAULT_PROBABILITIES};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuantilesInput {
    v: List,
    probs: Option<Vec<f64>>,
}

pub(super) fn quantiles(item: Value) -> Result<Value, CliError> {
    answer("quantiles", item, |input: QuantilesInput| {
        let probabilities = input.probs.unwrap_or_else(|| DEFAULT_PROBABILITIES.to_vec());
        let found = quantiles::quantiles(&complete(input.v)?, &probabilities)?;
        let keys = probabilities.iter().map(ToString::to_string);
        Ok(keys.zip(found.into_iter().map(Value::from)).collect::<Map<_, _>>())
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PercentileRankInput {
    v: List,
    higher_is_better: Option<bool>,
}

pub(super) fn percentile_rank(item: Value) -> Result<Value, CliError> {
    answer("percentile_rank", item, |input: PercentileRankInput| {
        Ok(quantiles::percentile_rank(&given(input.v)?, input.higher_is_better.unwrap_or(true)))
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyInput {
    p: List,
}

pub(super) fn benjamini_hochberg(item: Value) -> Result<Value, CliError> {
    answer("benjamini_hochberg", item, |input: FamilyInput| Ok(false_discovery::benjamini_hochberg(&given(input.p)?)?))
}
