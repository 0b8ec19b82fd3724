//! The cascade in people.

use super::view::{Ask, View, both, percent_words, quoted_words};
use crate::app::AppError;
use crate::app::kpis::{self, CascadeOf};
use crate::charts::canvas::Caption;
use crate::charts::cascade::{CascadeStep, cascade};
use crate::domain::kpi::cascade::{Stage, Step};
use crate::domain::kpi::real;
use crate::formats::display::thousands;
use crate::formats::table::{Cell, Column, Table, TableRow};

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
    Some((percent, format!("{} of {of}", percent_words(Some(percent)))))
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

/// The cascade of a service, an area or all.
pub(super) fn cascade_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let (query, year) = (ask.query, ask.query.year);
    let of = match (&query.service, &query.area) {
        (Some(service), _) => CascadeOf::Service(service.clone()),
        (None, Some(area)) => CascadeOf::Area(area.clone()),
        (None, None) => CascadeOf::Nation,
    };
    let report = kpis::cascade(ask.app, ask.who, of, ask.year())?;
    let found = &report.cascade;
    let drawn: Vec<CascadeStep> = found
        .steps
        .iter()
        .map(|step| CascadeStep {
            name: step.stage.label().to_owned(),
            people: step.people.map(real),
            other_cohort: step.cohort != year,
            share: share(step, year).map(|(_, words)| words).unwrap_or_default(),
            lost: lost(step),
        })
        .collect();
    let row = |step: &Step| TableRow {
        cells: vec![
            Cell::text(step.stage.as_str()).with(step.stage.label()),
            Cell::text(step.cohort.to_string()),
            Cell::count(step.people),
            Cell::number(step.among, |count| format!("{count:.0}")),
            Cell::percent(share(step, year).map(|(percent, _)| percent)),
            Cell::count(step.lost),
            Cell::count(step.shortfall),
            Cell::count(i64::try_from(step.services).ok()),
        ],
        own: false,
    };
    let table = Table {
        caption: format!("The cascade in people, {}, {year}", report.name),
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
        rows: found.steps.iter().map(row).collect(),
    };
    let mut statement = match found.never_seen() {
        Some(people) if people > 0 => format!("{}: {} people never seen.", report.name, thousands(people)),
        Some(_) => format!("{}: at least as many people were recorded as were expected.", report.name),
        None => format!("{}: how many people were expected is not known.", report.name),
    };
    if let Some(unmapped) = found.unmapped_expected {
        statement.push_str(&format!(
            " {} of them are the expected cases of {} hospitals that no service covers.",
            thousands(unmapped),
            found.unmapped.len()
        ));
    }
    let cautions =
        found.steps.iter().filter_map(|step| Some(format!("{}: {}", step.stage.label(), step.stage.caution()?)));
    let mut notes: Vec<String> = cautions.collect();
    notes.push(
        "A step is the sum over the services that have its figure; a difference is taken over services that have both steps."
            .into(),
    );
    let empty = found.steps.iter().all(|step| step.people.is_none()).then(|| {
        format!(
            "{} has no counts for {year}. Choose another year, area or service above, or send counts in.",
            report.name
        )
    });
    let mut chart_notes = quoted_words(&report.quoted);
    chart_notes.push("A bar in dashes is of other people: those whose fracture was a year earlier.".into());
    Ok(View {
        heading: "The cascade in people".into(),
        statement,
        caption: Caption {
            title: format!("From fracture to lasting treatment, {}, {year}", report.name),
            description: "A bar for each step: people expected, recorded, assessed, recommended a treatment, started on it \
                 and still on it. Under each its share and how many people fewer than in the step before. The last step is \
                 of another year's people and drawn in dashes."
                .into(),
            notes: chart_notes,
        },
        part: None,
        drawings: Some(both(|layout| cascade(&drawn, layout))),
        table,
        figures: Vec::new(),
        rule: "No service is compared with another here: these are people, added up.".into(),
        notes,
        excluded: Vec::new(),
        empty,
    })
}
