//! Views of all KPIs at once: numbers of red, amber and green services, services and KPIs, the 80/50/80 targets.

use super::view::{
    Ask, View, both, edges, excluded_words, kpi_name, nothing, percent_words, quoted_words, service_cell,
};
use crate::app::AppError;
use crate::app::kpis::{self, BenchmarkReport};
use crate::charts::canvas::{Caption, Layout};
use crate::charts::grade::GradeMark;
use crate::charts::grade_bars::{GradeRow, grade_bars};
use crate::charts::heat_map::{HeatRow, heat_map};
use crate::charts::scoreboard::{TargetRow, scoreboard};
use crate::domain::kpi::benchmark::{Row, Summary};
use crate::domain::kpi::significance;
use crate::domain::kpi::targets::{TARGETS, Target};
use crate::formats::table::{Cell, Column, Table, TableRow};

/// Services in one picture of services and KPIs.
pub(super) const HEAT_PAGE: usize = 100;

/// The rule of views that hold every KPI.
fn rule() -> String {
    format!("KPI 4 to 11: {} KPI 2 and 3: {}", significance::sentence(4), significance::sentence(2))
}

fn grade_note() -> String {
    "Grades are those of the year's method, on unrounded figures; an edge belongs to the higher grade. KPI 3 has none: its \
     colours in live tables belong to an older meaning. KPI 1 counts whole services."
        .into()
}

/// Numbers of services of each grade by KPI and year.
pub(super) fn grades_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let mut years = kpis::years(ask.app, ask.who, 2)?;
    years.retain(|year| *year <= ask.query.year);
    let mut drawn: Vec<(i32, GradeRow)> = Vec::new();
    let mut notes = Vec::new();
    let mut newest: Option<BenchmarkReport> = None;
    for year in years.iter().rev().take(3) {
        for report in ask.overview(*year)? {
            let kpi = &report.benchmark.kpi;
            if newest.is_none() {
                notes = quoted_words(&report.quoted);
                newest = Some(report.clone());
            }
            let summary = report.selection.as_ref().unwrap_or(&report.benchmark.national);
            if !summary.grades.is_empty() {
                drawn.push((kpi.kpi, grade_row(&report, summary)));
            }
        }
    }
    drawn.sort_by_key(|(kpi, row)| (*kpi, row.year));
    let rows: Vec<GradeRow> = drawn.iter().map(|(_, row)| row.clone()).collect();
    let count = |row: &GradeRow, grade: GradeMark| {
        let found = row.counts.iter().find(|(found, _)| *found == grade).map(|(_, count)| *count);
        // A KPI of two grades has no amber: that is not 0 services.
        found.map_or(Cell::missing("–"), |count| Cell::count(i64::try_from(count).ok()))
    };
    let table = Table {
        caption: "Services of each grade by KPI and year".into(),
        columns: vec![
            Column::text("kpi", "KPI"),
            Column::text("name", ""),
            Column::text("year", "Year"),
            Column::number("green", "Green"),
            Column::number("amber", "Amber"),
            Column::number("red", "Red"),
            Column::number("no_data", "No data"),
        ],
        rows: drawn
            .iter()
            .map(|(kpi, row)| TableRow {
                cells: vec![
                    Cell::text(format!("KPI {kpi}")).with(row.kpi.split_once(": ").map_or("", |(_, name)| name)),
                    Cell::text(row.kpi.clone()),
                    Cell::text(row.year.to_string()),
                    count(row, GradeMark::Green),
                    count(row, GradeMark::Amber),
                    count(row, GradeMark::Red),
                    Cell::count(i64::try_from(row.missing).ok()),
                ],
                own: false,
            })
            .collect(),
    };
    let green: usize =
        rows.iter().filter(|row| row.year == ask.query.year).map(|row| first(row, GradeMark::Green)).sum();
    let all: usize = rows.iter().filter(|row| row.year == ask.query.year).map(total).sum();
    Ok(View {
        heading: "Red, amber and green by KPI and year".into(),
        statement: format!("In {} {green} of {all} graded figures are green.", ask.query.year),
        caption: Caption {
            title: "Numbers of services that are green, amber and red, by KPI and year".into(),
            description:
                "A bar for each KPI and year, in parts for green, amber and red services; each part has its number \
                 and the letter of its grade. Services without data are named beside the bar."
                    .into(),
            notes,
        },
        part: None,
        drawings: Some(both(|layout| grade_bars(&rows, layout))),
        table,
        figures: Vec::new(),
        rule: rule(),
        notes: vec![grade_note()],
        excluded: newest.as_ref().map(excluded_words).unwrap_or_default(),
        empty: rows.is_empty().then(|| {
            format!("No service has counts up to {}. Choose another year above, or send counts in.", ask.query.year)
        }),
    })
}

fn total(row: &GradeRow) -> usize {
    row.counts.iter().map(|(_, count)| count).sum()
}

fn first(row: &GradeRow, grade: GradeMark) -> usize {
    row.counts.iter().filter(|(found, _)| *found == grade).map(|(_, count)| count).sum()
}

fn grade_row(report: &BenchmarkReport, summary: &Summary) -> GradeRow {
    GradeRow {
        kpi: kpi_name(&report.benchmark.kpi),
        year: report.benchmark.year,
        counts: summary.grades.iter().map(|(grade, count)| ((*grade).into(), *count)).collect(),
        missing: summary.services - summary.n,
    }
}

/// Services and KPIs.
pub(super) fn heat_map_view(ask: &Ask<'_>) -> Result<View, AppError> {
    const KEYS: [&str; 10] =
        ["kpi_2", "kpi_3", "kpi_4", "kpi_5", "kpi_6", "kpi_7", "kpi_8", "kpi_9", "kpi_10", "kpi_11"];
    const HEADINGS: [&str; 10] =
        ["KPI 2", "KPI 3", "KPI 4", "KPI 5", "KPI 6", "KPI 7", "KPI 8", "KPI 9", "KPI 10", "KPI 11"];
    let reports = ask.overview(ask.query.year)?;
    let numbers: Vec<i32> = (2..=11).collect();
    let services = kpis::by_service(&reports, &numbers);
    let cell = |row: &Option<Row>| row.as_ref().and_then(|row| Some((row.figure.percent?, GradeMark::of(&row.figure))));
    let pages = services.len().div_ceil(HEAT_PAGE).max(1);
    let page = ask.query.page.min(pages);
    let rows: Vec<HeatRow> = services
        .iter()
        .skip((page - 1) * HEAT_PAGE)
        .take(HEAT_PAGE)
        .map(|(code, rows)| HeatRow {
            label: code.clone(),
            cells: rows.iter().map(cell).collect(),
            own: ask.is_own(code),
        })
        .collect();
    let first = reports.first();
    let service = |code: &str| first.and_then(|report| report.register.services.get(code));
    let figure = |row: &Option<Row>| {
        let cell = Cell::percent(row.as_ref().and_then(|row| row.figure.percent));
        match row.as_ref().map(|row| GradeMark::of(&row.figure)) {
            Some(GradeMark::Green) => cell.marked("green"),
            Some(GradeMark::Amber) => cell.marked("amber"),
            Some(GradeMark::Red) => cell.marked("red"),
            _ => cell,
        }
    };
    let columns = KEYS.iter().zip(HEADINGS).map(|(key, heading)| Column::number(key, heading));
    let table = Table {
        caption: format!("Services and KPIs, {}", ask.query.year),
        columns: [Column::text("service", "Service"), Column::text("name", "")].into_iter().chain(columns).collect(),
        rows: services
            .iter()
            .map(|(code, rows)| {
                let name = service(code).map(|service| service.name.clone()).unwrap_or_default();
                let head = [service_cell(code, service(code)), Cell::text(name)];
                TableRow { cells: head.into_iter().chain(rows.iter().map(figure)).collect(), own: ask.is_own(code) }
            })
            .collect(),
    };
    let shown = if pages > 1 {
        format!(
            " Services {} to {} of {}.",
            (page - 1) * HEAT_PAGE + 1,
            ((page - 1) * HEAT_PAGE + rows.len()),
            services.len()
        )
    } else {
        String::new()
    };
    let names = |layout: Layout| -> Vec<String> {
        numbers.iter().map(|kpi| if layout == Layout::Wide { format!("KPI {kpi}") } else { kpi.to_string() }).collect()
    };
    Ok(View {
        heading: "Services and KPIs".into(),
        statement: format!("{} services in {}.{shown}", services.len(), ask.query.year),
        caption: Caption {
            title: format!("Services and KPIs, {}", ask.query.year),
            description:
                "A row for each service and a column for each KPI; every cell has the figure in per cent and the \
                 letter of its grade, or a dash where there is no data. The reader's own service is framed."
                    .into(),
            notes: first.map(|report| quoted_words(&report.quoted)).unwrap_or_default(),
        },
        part: None,
        drawings: Some(both(|layout| heat_map(&names(layout), &rows, layout))),
        table,
        figures: Vec::new(),
        rule: rule(),
        notes: vec![grade_note()],
        excluded: first.map(excluded_words).unwrap_or_default(),
        empty: first.and_then(nothing),
    })
}

/// The 80/50/80 scoreboard.
pub(super) fn scoreboard_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let reports = ask.overview(ask.query.year)?;
    let numbers = TARGETS.map(|target| target.kpi);
    let services = kpis::by_service(&reports, &numbers);
    let report = |kpi: i32| reports.iter().find(|report| report.benchmark.kpi.kpi == kpi);
    let rows: Vec<TargetRow> = TARGETS
        .iter()
        .filter_map(|target| {
            let report = report(target.kpi)?;
            let benchmark = &report.benchmark;
            let own = benchmark.rows.iter().find(|row| ask.is_own(&row.service));
            Some(TargetRow {
                group: target.aim.to_owned(),
                name: kpi_name(&benchmark.kpi),
                target: target.at_least,
                met: benchmark.services_from(target.at_least, true),
                n: benchmark.rows.iter().filter(|row| row.figure.percent.is_some()).count(),
                national: benchmark.national.figure.percent,
                own: own.and_then(|row| Some((row.service.clone(), row.figure.percent?))),
            })
        })
        .collect();
    let first = reports.first();
    let service = |code: &str| first.and_then(|report| report.register.services.get(code));
    let percent_of = |row: &Option<Row>| row.as_ref().and_then(|row| row.figure.percent);
    let reached = |row: &Option<Row>, target: Target| match percent_of(row) {
        Some(percent) if target.is_met(percent) => Cell::percent(Some(percent)).marked("met"),
        percent => Cell::percent(percent),
    };
    let service_row = |code: &String, rows: &Vec<Option<Row>>| {
        let met = rows.iter().zip(TARGETS);
        let met = met.filter(|(row, target)| percent_of(row).is_some_and(|percent| target.is_met(percent)));
        let met = i64::try_from(met.count()).ok();
        let name = service(code).map(|service| service.name.clone()).unwrap_or_default();
        let mut cells = vec![service_cell(code, service(code)), Cell::text(name)];
        cells.extend(rows.iter().zip(TARGETS).map(|(row, target)| reached(row, target)));
        cells.push(Cell::count(met));
        TableRow { cells, own: ask.is_own(code) }
    };
    let table = Table {
        caption: format!("The 80/50/80 targets, {}: every service", ask.query.year),
        columns: vec![
            Column::text("service", "Service"),
            Column::text("name", ""),
            Column::number("kpi_2", "KPI 2, 80%"),
            Column::number("kpi_3", "KPI 3, 80%"),
            Column::number("kpi_7", "KPI 7, 50%"),
            Column::number("kpi_9", "KPI 9, 80%"),
            Column::number("kpi_10", "KPI 10, 80%"),
            Column::number("kpi_11", "KPI 11, 80%"),
            Column::number("targets_met", "Targets met, of 6"),
        ],
        rows: services.iter().map(|(code, rows)| service_row(code, rows)).collect(),
    };
    let words = rows.iter().map(|row| {
        let kpi = row.name.split(':').next().unwrap_or_default();
        format!("{kpi} {} of {}", row.met, row.n)
    });
    let statement = format!("Services that reach the target: {}.", words.collect::<Vec<_>>().join(", "));
    let levels = report(7).map(|report| edges(&report.benchmark.kpi)).unwrap_or_default();
    Ok(View {
        heading: "80/50/80 scoreboard".into(),
        statement,
        caption: Caption {
            title: format!("The 80/50/80 targets, {}: identify, treat, monitor", ask.query.year),
            description: "A bar for each KPI shows how far all patients together have come, with a line at the target; beside \
                 it the number of services that reach the target. The ringed dot is the reader's own service."
                .into(),
            notes: first.map(|report| quoted_words(&report.quoted)).unwrap_or_default(),
        },
        part: None,
        drawings: Some(both(|layout| scoreboard(&rows, layout))),
        table,
        figures: rows
            .iter()
            .zip(["KPI 2", "KPI 3", "KPI 7", "KPI 9", "KPI 10", "KPI 11"])
            .map(|(row, name)| (name, format!("{} of {} services; all together {}", row.met, row.n, percent_words(row.national))))
            .collect(),
        rule: rule(),
        notes: vec![
            "Targets: identify 80% (KPI 2 and 3), recommend treatment for 50% (KPI 7), monitor 80% (KPI 9 to 11). A service \
             reaches one at or above it, on the unrounded figure."
                .into(),
            format!("KPI 7 is graded at {}%.", levels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ],
        excluded: first.map(excluded_words).unwrap_or_default(),
        empty: first.and_then(nothing),
    })
}
