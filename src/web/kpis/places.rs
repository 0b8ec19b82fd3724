//! The map: services by their expected cases, and a tile for every area.

use super::view::{Ask, View, both, excluded_words, grade_cell, kpi_name, nothing, percent_words, quoted_words};
use crate::app::AppError;
use crate::app::kpis::{self, AreaSum};
use crate::charts::canvas::Caption;
use crate::charts::map::{BubbleKind, MapChart, map};
use crate::domain::access::{Permission, Scope};
use crate::domain::kpi::significance;
use crate::formats::display::{day, thousands};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::locales::Words;

/// The map of identification.
pub(super) fn map_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let year = ask.query.year;
    let found = kpis::map(ask.app, ask.who, &ask.benchmark_query(2, year))?;
    let report = &found.report;
    let bubbles = found.bubbles(|service| ask.is_own(service));
    let placed = bubbles.iter().filter(|bubble| bubble.kind != BubbleKind::Uncovered).count();
    let sums = &found.areas;
    let own_areas: Vec<&str> = ask
        .who
        .scopes(Permission::ReadKpis)
        .filter_map(|scope| match scope {
            Scope::Area(code) => Some(code.as_str()),
            _ => None,
        })
        .chain(ask.query.area.as_deref())
        .collect();
    let tiles = found.tiles(&own_areas);
    let row = |sum: &AreaSum| TableRow {
        cells: vec![
            Cell::text(sum.area.code.clone()).with(sum.area.name.clone()),
            Cell::text(sum.area.name.clone()),
            Cell::percent(sum.figure.percent),
            grade_cell(&sum.figure),
            Cell::count(sum.figure.numerator),
            Cell::number(sum.figure.denominator, |count| format!("{count:.0}")),
            Cell::count(i64::try_from(sum.services).ok()),
            Cell::count(i64::try_from(sum.unmapped).ok()),
            Cell::count(sum.unmapped_expected),
        ],
        own: own_areas.contains(&sum.area.code.as_str()),
    };
    let uncovered = sums.iter().filter(|sum| sum.services == 0).count();
    let missed: i64 = found.unmapped.iter().filter_map(|(hospital, _)| hospital.expected).sum();
    let rule = significance::sentence(2);
    let mut notes = quoted_words(&report.quoted);
    notes.push(format!("Areas as at {}. A service counts in its host area alone.", day(found.geography_as_at)));
    Ok(View {
        heading: "Map: who identifies fractures where".into(),
        statement: format!(
            "All services together identify {}. {uncovered} of {} areas have no service with a figure; {} hospitals with {} \
             expected cases are covered by none.",
            percent_words(report.benchmark.national.figure.percent),
            sums.len(),
            found.unmapped.len(),
            thousands(missed)
        ),
        caption: Caption {
            title: format!("{}, {year}: services by expected cases, and areas", kpi_name(&report.benchmark.kpi)),
            description: "Left, a mark for each service at the middle of its hospitals, as large as its expected cases, its \
                 shape the grade of its identification; crossed squares are hospitals that no service covers. Right, a tile \
                 for each area with its figure and grade, in dashes where no service has one."
                .into(),
            notes,
        },
        part: None,
        drawings: Some(both(|layout| map(&MapChart { bubbles: &bubbles, tiles: &tiles, words: Words::default() }, layout))),
        table: Table {
            caption: format!("Identification by area, {year}"),
            columns: vec![
                Column::text("area", "Area"),
                Column::text("name", ""),
                Column::number("percent", "Figure"),
                Column::text("rag", "Grade"),
                Column::number("numerator", "Records"),
                Column::number("denominator", "Expected"),
                Column::number("services", "Services"),
                Column::number("hospitals_without_a_service", "Hospitals without a service"),
                Column::number("their_expected_cases", "Their expected cases"),
            ],
            rows: sums.iter().map(row).collect(),
        },
        figures: vec![("Services on the map", format!("{placed} of {}", report.benchmark.rows.len()))],
        rule: rule.to_owned(),
        notes: vec![
            "A service stands at the middle of its hospitals; one without a hospital whose place is known is in the tables \
             alone. The figure of an area adds up the services that it hosts."
                .into(),
        ],
        excluded: excluded_words(report),
        empty: nothing(report),
    })
}
