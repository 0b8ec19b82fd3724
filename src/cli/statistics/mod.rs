//! `statistics METHOD`: one figure, redone by hand. Reads one object, or an array of them, and prints one result for
//! each, unrounded. A refusal is an answer; only malformed JSON or an unknown method is a wrong call.
//!
//! The files here read a method's object and print its result; the methods themselves are `domain::statistics` and
//! `domain::workforce`.

mod counts;
mod groups;
mod model;
mod position;
mod series;
mod workforce;

use std::io::Read as _;

use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{CliError, print, seed_files};
use crate::config::DataOptions;
use crate::domain::statistics::Refusal;
use crate::domain::workforce::wisn::WisnRefusal;
use crate::formats::seeds::read_reference;

/// Redo a figure by hand: JSON on standard input, JSON on standard output.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  echo '{\"population\": 494945, \"nurse_wte\": 1.59, \"administrator_wte\": 0.45}' | facilities-audit statistics ros_gap\n  echo '[{\"x\": 31, \"n\": 40}, {\"x\": 0, \"n\": 12}]' | facilities-audit statistics wilson"
)]
pub struct Statistics {
    /// The method: wilson, byar, funnel, spearman, mann_whitney, kruskal_wallis, jonckheere, cochran_armitage,
    /// quasi_binomial, benjamini_hochberg, xmr, run_chart, quantiles, percentile_rank, ros_gap or wisn
    method: String,
}

/// What answers one object of a method.
type Method = fn(Value) -> Result<Value, CliError>;

/// Every method but `ros_gap`, which reads the standard from the reference data.
const METHODS: [(&str, Method); 15] = [
    ("wilson", counts::wilson),
    ("byar", counts::byar),
    ("funnel", counts::funnel),
    ("spearman", groups::spearman),
    ("mann_whitney", groups::mann_whitney),
    ("kruskal_wallis", groups::kruskal_wallis),
    ("jonckheere", groups::jonckheere),
    ("cochran_armitage", groups::cochran_armitage),
    ("quasi_binomial", model::quasi_binomial),
    ("benjamini_hochberg", position::benjamini_hochberg),
    ("xmr", series::xmr),
    ("run_chart", series::run_chart),
    ("quantiles", position::quantiles),
    ("percentile_rank", position::percentile_rank),
    ("wisn", workforce::wisn),
];

impl Statistics {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let output = if self.method == "ros_gap" {
            let reference = read_reference(&seed_files(data))?;
            let standard = reference
                .standards
                .get("ros")
                .ok_or_else(|| CliError::Failed("the reference data has no standard \"ros\"".into()))?;
            answer_all(|item| workforce::ros_gap(standard, item))?
        } else {
            let (_, method) = METHODS.iter().find(|(name, _)| *name == self.method).ok_or_else(|| {
                let names: Vec<&str> = METHODS.iter().map(|(name, _)| *name).chain(["ros_gap"]).collect();
                let known = names.join(", ");
                CliError::Usage(format!("there is no method {:?}; the methods are: {known}", self.method))
            })?;
            answer_all(method)?
        };
        print(&format!("{output}\n"))
    }
}

/// Answers the object on standard input, or each of an array of them.
fn answer_all(method: impl Fn(Value) -> Result<Value, CliError>) -> Result<Value, CliError> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| CliError::Usage(format!("standard input cannot be read: {error}")))?;
    let input: Value =
        serde_json::from_str(&text).map_err(|error| CliError::Usage(format!("standard input is not JSON: {error}")))?;
    match input {
        Value::Array(items) => items.into_iter().map(method).collect::<Result<_, _>>().map(Value::Array),
        item => method(item),
    }
}

/// A refusal as it is printed: its stable name, and what it means.
struct Refused(&'static str, String);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.name(), refusal.to_string())
    }
}

impl From<WisnRefusal> for Refused {
    fn from(refusal: WisnRefusal) -> Self {
        Self(refusal.name(), refusal.to_string())
    }
}

/// Reads a method's input, and turns its result or its refusal into what is printed.
fn answer<I: DeserializeOwned, O: Serialize>(
    method: &str,
    item: Value,
    compute: impl FnOnce(I) -> Result<O, Refused>,
) -> Result<Value, CliError> {
    let input =
        serde_path_to_error::deserialize(item).map_err(|error| CliError::Usage(format!("{method}: {error}")))?;
    match compute(input) {
        Ok(result) => serde_json::to_value(result).map_err(|error| CliError::Failed(error.to_string())),
        Err(Refused(name, message)) => Ok(json!({"error": name, "message": message})),
    }
}

/// A list that may be missing, of figures that may be.
type List = Option<Vec<Option<f64>>>;

/// What was given, or the refusal.
fn given<T>(value: Option<T>) -> Result<T, Refusal> {
    value.ok_or(Refusal::Missing)
}

/// A list without gaps, or the refusal.
fn complete(list: List) -> Result<Vec<f64>, Refusal> {
    given(list)?.into_iter().map(given).collect()
}
