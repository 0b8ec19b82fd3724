//! The map: services by their expected cases, and a tile for every area.

use super::view::{
    Ask, View, both, excluded_words, grade_cell, grade_mark, kpi_name, nothing, percent_words, quoted_words,
};
use crate::app::AppError;
use crate::app::kpis::{self, AreaSum};
use crate::charts::canvas::Caption;
use crate::charts::map::{Bubble, BubbleKind, MapChart, map};
use crate::charts::tiles::Tile;
use crate::domain::access::{Permission, Scope};
use crate::domain::kpi::real;
use crate::domain::kpi::significance;
use crate::formats::display::{day, thousands};
use crate::formats::table::{Cell, Column, Table, TableRow};

/// An area's name short enough for a tile.
fn short(name: &str) -> String {
    let name = name.trim_start_matches("NHS ").trim_end_matches(" ICB");
    let name = name.trim_end_matches(" University Health Board").trim_end_matches(" Teaching Health Board");
    [
        ("North East", "NE"),
        ("North West", "NW"),
        ("South West", "SW"),
        ("South East", "SE"),
        ("North Central", "NC"),
        ("West Yorkshire", "W Yorks"),
        ("South Yorkshire", "S Yorks"),
    ]
    .iter()
    .fold(name.to_owned(), |name, (long, short)| name.replace(long, short))
}

/// The map of identification.
pub(super) fn map_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let year = ask.query.year;
    let found = kpis::map(ask.app, ask.who, &ask.benchmark_query(2, year))?;
    let report = &found.report;
    let mut bubbles: Vec<Bubble> = report
        .benchmark
        .rows
        .iter()
        .filter_map(|row| {
            let (latitude, longitude) = *found.positions.get(&row.service)?;
            Some(Bubble {
                label: row.service.clone(),
                latitude,
                longitude,
                expected: real(row.expected?),
                kind: BubbleKind::Service(grade_mark(&row.figure)),
                own: ask.is_own(&row.service),
            })
        })
        .collect();
    let placed = bubbles.len();
    bubbles.extend(found.unmapped.iter().filter_map(|(unmapped, place)| {
        let (latitude, longitude) = (*place)?;
        let expected = real(unmapped.expected?);
        let label = unmapped.code.clone();
        Some(Bubble { label, latitude, longitude, expected, kind: BubbleKind::Uncovered, own: false })
    }));
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
    let tiles: Vec<Tile> = sums
        .iter()
        .map(|sum| Tile {
            code: sum.area.code.clone(),
            name: short(&sum.area.name),
            figure: sum.figure.percent.map(|percent| (percent, grade_mark(&sum.figure))),
            own: own_areas.contains(&sum.area.code.as_str()),
        })
        .collect();
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
        drawings: Some(both(|layout| map(&MapChart { bubbles: &bubbles, tiles: &tiles }, layout))),
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
