//! Monthly series: `xmr`, `run_chart`. A missing month is `null`.

use serde::Deserialize;
use serde_json::Value;

use super::{CliError, List, answer, given};
use crate::domain::statistics::run_chart::{self, RunChartRules};
use crate::domain::statistics::xmr::{self, XmrRules};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct XmrInput {
    y: List,
    screen: Option<bool>,
    constant: Option<f64>,
}

pub(super) fn xmr(item: Value) -> Result<Value, CliError> {
    answer("xmr", item, |input: XmrInput| {
        let usual = XmrRules::default();
        let rules = XmrRules {
            screen: input.screen.unwrap_or(usual.screen),
            constant: input.constant.unwrap_or(usual.constant),
        };
        Ok(xmr::xmr(&given(input.y)?, rules)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunChartInput {
    y: List,
    shift_length: Option<usize>,
    trend_length: Option<usize>,
}

pub(super) fn run_chart(item: Value) -> Result<Value, CliError> {
    answer("run_chart", item, |input: RunChartInput| {
        let usual = RunChartRules::default();
        let rules = RunChartRules {
            shift_length: input.shift_length.unwrap_or(usual.shift_length),
            trend_length: input.trend_length.unwrap_or(usual.trend_length),
        };
        Ok(run_chart::run_chart(&given(input.y)?, rules)?)
    })
}
