//! The cascade in people.

use super::view::{Ask, View, both, quoted_words};
use crate::app::AppError;
use crate::app::kpis::{self, CascadeOf};
use crate::charts::canvas::Caption;
use crate::charts::cascade::cascade;
use crate::formats::cascade::{cascade_steps, cascade_table};
use crate::formats::display::thousands;
use crate::locales::Words;

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
    let drawn = cascade_steps(found, Words::default());
    let table = cascade_table(found, format!("The cascade in people, {}, {year}", report.name));
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
        drawings: Some(both(|layout| cascade(&drawn, Words::default(), layout))),
        table,
        figures: Vec::new(),
        rule: "No service is compared with another here: these are people, added up.".into(),
        notes,
        excluded: Vec::new(),
        empty,
    })
}
