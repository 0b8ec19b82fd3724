//! `statistics METHOD`: one figure, redone by hand. Reads one object, or an array of them, and prints one result for
//! each, unrounded. A refusal is an answer; only malformed JSON or an unknown method is a wrong call.

use std::io::Read as _;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CliError, print, seed_files};
use crate::config::DataOptions;
use crate::domain::workforce::gap::{Position, position};
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

struct RoleFigures {
    need: (Option<f64>, Option<f64>),
    gap: (Option<f64>, Option<f64>),
    cover: (Option<f64>, Option<f64>),
    position: Position,
    people_per: Option<f64>,
}

fn role_figures(standard: &StaffingStandard, role: Role, population: Option<f64>, in_post: Option<f64>) -> RoleFigures {
    let low = population.map(|people| standard.need_low(role, people));
    let high = population.map(|people| standard.need_high(role, people));
    let gap = |need: Option<f64>| Some(need? - in_post?);
    let cover = |need: Option<f64>| Some(in_post? / need?);
    RoleFigures {
        need: (low, high),
        gap: (gap(low), gap(high)),
        cover: (cover(high), cover(low)),
        position: position(in_post, low, high),
        people_per: population.zip(in_post.filter(|wte| *wte > 0.0)).map(|(people, wte)| people / wte),
    }
}

fn ros_gap(standard: &StaffingStandard, item: Value) -> Result<Value, CliError> {
    let input: GapInput = serde_json::from_value(item).map_err(|error| CliError::Usage(format!("ros_gap: {error}")))?;
    let (status, population) = match input.population {
        None => ("population_missing", None),
        Some(people) if people > 0.0 => ("ok", Some(people)),
        Some(_) => ("population_not_positive", None),
    };
    let nurse = role_figures(standard, Role::Nurse, population, input.nurse_wte);
    let administrator = role_figures(standard, Role::Administrator, population, input.administrator_wte);
    let output = GapOutput {
        status,
        nurse_need_low: nurse.need.0,
        nurse_need_high: nurse.need.1,
        nurse_gap_low: nurse.gap.0,
        nurse_gap_high: nurse.gap.1,
        nurse_cover_low: nurse.cover.0,
        nurse_cover_high: nurse.cover.1,
        nurse_position: nurse.position.as_str(),
        people_per_nurse: nurse.people_per,
        administrator_need_low: administrator.need.0,
        administrator_need_high: administrator.need.1,
        administrator_gap_low: administrator.gap.0,
        administrator_gap_high: administrator.gap.1,
        administrator_cover_low: administrator.cover.0,
        administrator_cover_high: administrator.cover.1,
        administrator_position: administrator.position.as_str(),
        people_per_administrator: administrator.people_per,
    };
    serde_json::to_value(output).map_err(|error| CliError::Failed(error.to_string()))
}
