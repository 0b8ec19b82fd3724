//! `statistics METHOD`: one figure, redone by hand. Reads one object, or an array of them, and prints one result for
//! each, unrounded. A refusal is an answer; only malformed JSON or an unknown method is a wrong call.

use std::io::Read as _;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CliError, print, seed_files};
use crate::config::DataOptions;
use crate::domain::workforce::gap::Reading;
use crate::domain::workforce::standard::{Role, StaffingStandard};
use crate::formats::seeds::read_reference;

/// Redo a figure by hand: JSON on standard input, JSON on standard output.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  echo '{\"population\": 494945, \"nurse_wte\": 1.59, \"administrator_wte\": 0.45}' | facilities-audit statistics ros_gap"
)]
pub struct Statistics {
    /// The method: ros_gap
    method: String,
}

impl Statistics {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        if self.method != "ros_gap" {
            return Err(CliError::Usage(format!("there is no method {:?}; the methods are: ros_gap", self.method)));
        }
        let reference = read_reference(&seed_files(data))?;
        let standard = reference
            .standards
            .get("ros")
            .ok_or_else(|| CliError::Failed("the reference data has no standard \"ros\"".into()))?;
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| CliError::Usage(format!("standard input cannot be read: {error}")))?;
        let input: Value = serde_json::from_str(&text)
            .map_err(|error| CliError::Usage(format!("standard input is not JSON: {error}")))?;
        let output = match input {
            Value::Array(items) => items
                .into_iter()
                .map(|item| ros_gap(standard, item))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::Array)?,
            item => ros_gap(standard, item)?,
        };
        print(&format!("{output}\n"))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GapInput {
    population: Option<f64>,
    nurse_wte: Option<f64>,
    administrator_wte: Option<f64>,
}

/// Field names and their order are those of the method's description.
#[derive(Debug, Serialize)]
struct GapOutput {
    status: &'static str,
    nurse_need_low: Option<f64>,
    nurse_need_high: Option<f64>,
    nurse_gap_low: Option<f64>,
    nurse_gap_high: Option<f64>,
    nurse_cover_low: Option<f64>,
    nurse_cover_high: Option<f64>,
    nurse_position: &'static str,
    people_per_nurse: Option<f64>,
    administrator_need_low: Option<f64>,
    administrator_need_high: Option<f64>,
    administrator_gap_low: Option<f64>,
    administrator_gap_high: Option<f64>,
    administrator_cover_low: Option<f64>,
    administrator_cover_high: Option<f64>,
    administrator_position: &'static str,
    people_per_administrator: Option<f64>,
}

fn ros_gap(standard: &StaffingStandard, item: Value) -> Result<Value, CliError> {
    let input: GapInput = serde_json::from_value(item).map_err(|error| CliError::Usage(format!("ros_gap: {error}")))?;
    let (status, population) = match input.population {
        None => ("population_missing", None),
        Some(people) if people > 0.0 => ("ok", Some(people)),
        Some(_) => ("population_not_positive", None),
    };
    let people_per = |in_post: Option<f64>| Some(population? / in_post.filter(|wte| *wte > 0.0)?);
    let nurse = Reading::new(standard, Role::Nurse, population, input.nurse_wte);
    let administrator = Reading::new(standard, Role::Administrator, population, input.administrator_wte);
    let output = GapOutput {
        status,
        nurse_need_low: nurse.need_low,
        nurse_need_high: nurse.need_high,
        nurse_gap_low: nurse.gap_low,
        nurse_gap_high: nurse.gap_high,
        nurse_cover_low: nurse.cover_low,
        nurse_cover_high: nurse.cover_high,
        nurse_position: nurse.position.as_str(),
        people_per_nurse: people_per(nurse.in_post),
        administrator_need_low: administrator.need_low,
        administrator_need_high: administrator.need_high,
        administrator_gap_low: administrator.gap_low,
        administrator_gap_high: administrator.gap_high,
        administrator_cover_low: administrator.cover_low,
        administrator_cover_high: administrator.cover_high,
        administrator_position: administrator.position.as_str(),
        people_per_administrator: people_per(administrator.in_post),
    };
    serde_json::to_value(output).map_err(|error| CliError::Failed(error.to_string()))
}
