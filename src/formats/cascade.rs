//! The cascade in people as it is drawn and tabled, the same on its page and in the report.

use super::display::thousands;
use super::table::{Cell, Column, Table, TableRow};
use crate::charts::cascade::CascadeStep;
use crate::domain::kpi::cascade::{Cascade, Stage, Step};
use crate::domain::kpi::real;

/// What share of whom a step is, in per cent and in words.
fn share(step: &Step, year: i32) -> Option<(f64, String)> {
    let (people, among) = (step.people?, step.among.filter(|among| *among > 0.0)?);
    let of = match step.stage {
        Stage::Expected => return None,
        Stage::Recorded => "those expected".to_owned(),
        Stage::Assessed | Stage::Recommended => "those recorded".to_owned(),
        Stage::Started => "those recommended or referred".to_owned(),
        Stage::StillOnTreatment => format!("those recommended or referred in {}", year - 1),
    };
    let percent = 100.0 * real(people) / among;
    Some((percent, format!("{}% of {of}", super::display::percent(percent / 100.0))))
}

fn lost(step: &Step) -> String {
    match (step.stage, step.lost, step.shortfall) {
        (Stage::StillOnTreatment, ..) => format!("other people: those of {}", step.cohort),
        (Stage::Recorded, _, Some(shortfall)) if shortfall > 0 => format!("{} people never seen", thousands(shortfall)),
        (_, Some(lost), _) if lost > 0 => format!("{} people fewer than the step before", thousands(lost)),
        (_, Some(lost), _) if lost < 0 => format!("{} people more than the step before", thousands(-lost)),
        _ => String::new(),
    }
}

/// The steps as they are drawn.
pub fn cascade_steps(cascade: &Cascade) -> Vec<CascadeStep> {
    let year = cascade.year;
    let drawn = |step: &Step| CascadeStep {
        name: step.stage.label().to_owned(),
        people: step.people.map(real),
        other_cohort: step.cohort != year,
        share: share(step, year).map(|(_, words)| words).unwrap_or_default(),
        lost: lost(step),
    };
    cascade.steps.iter().map(drawn).collect()
}

/// The steps as a table.
pub fn cascade_table(cascade: &Cascade, caption: String) -> Table {
    let row = |step: &Step| TableRow {
        cells: vec![
            Cell::text(step.stage.as_str()).with(step.stage.label()),
            Cell::text(step.cohort.to_string()),
            Cell::count(step.people),
            Cell::number(step.among, |count| format!("{count:.0}")),
            Cell::percent(share(step, cascade.year).map(|(percent, _)| percent)),
            Cell::count(step.lost),
            Cell::count(step.shortfall),
            Cell::count(i64::try_from(step.services).ok()),
        ],
        own: false,
    };
    Table {
        caption,
        columns: vec![
            Column::text("step", "Step"),
            Column::text("cohort", "Fracture in"),
            Column::number("people", "People"),
            Column::number("among", "Counted among"),
            Column::number("percent", "Share"),
            Column::number("lost", "Fewer than the step before"),
            Column::number("shortfall", "Shortfall, services short alone"),
            Column::number("services", "Services"),
        ],
        rows: cascade.steps.iter().map(row).collect(),
    }
}
