//! Proportions and ratios of counts: `wilson`, `byar`, `funnel`.

use serde::Deserialize;
use serde_json::Value;

use super::{CliError, List, answer, given};
use crate::domain::statistics::funnel::{self, FunnelRules, Overdispersion, Scale};
use crate::domain::statistics::intervals;

/// Of intervals, unless told. A `null` is no confidence, and is refused.
#[expect(clippy::unnecessary_wraps, reason = "the field is an option")]
fn confidence() -> Option<f64> {
    Some(0.95)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProportionInput {
    x: Option<f64>,
    n: Option<f64>,
    #[serde(default = "confidence")]
    confidence: Option<f64>,
}

pub(super) fn wilson(item: Value) -> Result<Value, CliError> {
    answer("wilson", item, |input: ProportionInput| {
        Ok(intervals::wilson(given(input.x)?, given(input.n)?, given(input.confidence)?)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RatioInput {
    observed: Option<f64>,
    expected: Option<f64>,
    #[serde(default = "confidence")]
    confidence: Option<f64>,
}

pub(super) fn byar(item: Value) -> Result<Value, CliError> {
    answer("byar", item, |input: RatioInput| {
        Ok(intervals::byar(given(input.observed)?, given(input.expected)?, given(input.confidence)?)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FunnelInput {
    x: List,
    n: List,
    #[serde(default)]
    scale: Scale,
    #[serde(default)]
    overdispersion: Overdispersion,
    winsor: Option<f64>,
    target: Option<f64>,
}

pub(super) fn funnel(item: Value) -> Result<Value, CliError> {
    answer("funnel", item, |input: FunnelInput| {
        let rules = FunnelRules {
            scale: input.scale,
            overdispersion: input.overdispersion,
            winsor: input.winsor.unwrap_or(FunnelRules::default().winsor),
            target: input.target,
        };
        Ok(funnel::funnel(&given(input.x)?, &given(input.n)?, rules)?)
    })
}
