//! Staffing: `ros_gap`, `wisn`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CliError, List, Refused, answer, complete, given};
use crate::domain::statistics::Refusal;
use crate::domain::workforce::gap::Reading;
use crate::domain::workforce::standard::{Role, StaffingStandard};
use crate::domain::workforce::wisn::{self, Activity, WorkingYear, Workload};

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

pub(super) fn ros_gap(standard: &StaffingStandard, item: Value) -> Result<Value, CliError> {
    answer("ros_gap", item, |input: GapInput| Ok(read(standard, &input)))
}

fn read(standard: &StaffingStandard, input: &GapInput) -> GapOutput {
    let (status, population) = match input.population {
        None => ("population_missing", None),
        Some(people) if people > 0.0 => ("ok", Some(people)),
        Some(_) => ("population_not_positive", None),
    };
    let people_per = |in_post: Option<f64>| Some(population? / in_post.filter(|wte| *wte > 0.0)?);
    let nurse = Reading::new(standard, Role::Nurse, population, input.nurse_wte);
    let administrator = Reading::new(standard, Role::Administrator, population, input.administrator_wte);
    GapOutput {
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
    }
}

/// Missing fields are the usual year; a `null` is no figure, and is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WisnInput {
    weeks: Option<f64>,
    days_per_week: Option<f64>,
    hours_per_day: Option<f64>,
    public_holidays: Option<f64>,
    annual_leave: Option<f64>,
    sick: Option<f64>,
    other: Option<f64>,
    services: Option<Vec<ActivityInput>>,
    category_percent: List,
    individual_hours: List,
    current: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityInput {
    minutes: Option<f64>,
    volume: Option<f64>,
}

impl Default for WisnInput {
    fn default() -> Self {
        let year = WorkingYear::default();
        Self {
            weeks: Some(year.weeks),
            days_per_week: Some(year.days_per_week),
            hours_per_day: Some(year.hours_per_day),
            public_holidays: Some(year.public_holidays),
            annual_leave: Some(year.annual_leave),
            sick: Some(year.sick),
            other: Some(year.other),
            services: None,
            category_percent: Some(Vec::new()),
            individual_hours: Some(Vec::new()),
            current: None,
        }
    }
}

impl WisnInput {
    fn year(&self) -> Result<WorkingYear, Refusal> {
        Ok(WorkingYear {
            weeks: given(self.weeks)?,
            days_per_week: given(self.days_per_week)?,
            hours_per_day: given(self.hours_per_day)?,
            public_holidays: given(self.public_holidays)?,
            annual_leave: given(self.annual_leave)?,
            sick: given(self.sick)?,
            other: given(self.other)?,
        })
    }
}

pub(super) fn wisn(item: Value) -> Result<Value, CliError> {
    answer("wisn", item, |input: WisnInput| {
        let year = input.year()?;
        let activity =
            |work: ActivityInput| Ok(Activity { minutes: given(work.minutes)?, volume: given(work.volume)? });
        let services: Vec<Activity> =
            given(input.services)?.into_iter().map(activity).collect::<Result<_, Refusal>>()?;
        let workload = Workload {
            year,
            services: &services,
            category_percent: &complete(input.category_percent)?,
            individual_hours: &complete(input.individual_hours)?,
            current: input.current,
        };
        wisn::wisn(workload).map_err(Refused::from)
    })
}
