//! The cascade in people as it is drawn and tabled, the same on its page and in the report.

use super::display::{people, thousands};
use super::table::{Cell, Column, Table, TableRow};
use crate::charts::cascade::CascadeStep;
use crate::domain::kpi::cascade::{Cascade, Stage, Step};
use crate::domain::kpi::real;
use crate::domain::report::Phrase;
use crate::locales::Words;

/// What share of whom a step is, in per cent and in words.
fn share(step: &Step, year: i32) -> Option<(f64, Phrase)> {
    let (people, among) = (step.people?, step.among.filter(|among| *among > 0.0)?);
    let of = match step.stage {
        Stage::Expected => return None,
        Stage::Recorded => "cascade-of-expected",
        Stage::Assessed | Stage::Recommended => "cascade-of-recorded",
        Stage::Started => "cascade-of-recommended",
        Stage::StillOnTreatment => "cascade-of-recommended-in",
    };
    let percent = 100.0 * real(people) / among;
    let shown = super::display::percent(percent / 100.0);
    Some((percent, Phrase::new(of).text("percent", shown).text("year", (year - 1).to_string())))
}

fn lost(step: &Step) -> Option<Phrase> {
    let of = |key, people: i64| Some(Phrase::new(key).text("people", thousands(people)));
    match (step.stage, step.lost, step.shortfall) {
        (Stage::StillOnTreatment, ..) => Some(Phrase::new("cascade-others").text("year", step.cohort.to_string())),
        (Stage::Recorded, _, Some(shortfall)) if shortfall > 0 => of("cascade-never-seen", shortfall),
        (_, Some(lost), _) if lost > 0 => of("cascade-fewer", lost),
        (_, Some(lost), _) if lost < 0 => of("cascade-more", -lost),
        _ => None,
    }
}

/// The steps as they are drawn, in the words of a language.
pub fn cascade_steps(cascade: &Cascade, words: Words) -> Vec<CascadeStep> {
    let year = cascade.year;
    let drawn = |step: &Step| CascadeStep {
        name: words.said(step.stage.label()).into_owned(),
        people: step.people.map(real),
        other_cohort: step.cohort != year,
        share: share(step, year).map(|(_, said)| words.phrase(&said)).unwrap_or_default(),
        lost: lost(step).map(|said| words.phrase(&said)).unwrap_or_default(),
    };
    cascade.steps.iter().map(drawn).collect()
}

/// The steps as a table.
pub fn cascade_table(cascade: &Cascade, caption: String) -> Table {
    let row = |step: &Step| TableRow {
        cells: vec![
            Cell::text(step.stage.as_str()).shown_as(step.stage.label()),
            Cell::text(step.cohort.to_string()),
            Cell::count(step.people),
            Cell::number(step.among, people),
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
