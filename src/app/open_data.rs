//! The open data of a published round: tables with their codes and labels, without small numbers, of the data cut that the
//! report quotes.

use super::kpis::{Figures, YearOf};
use super::published::{PublishedStaffing, public_staffing};
use super::{App, AppError, national_report};
use crate::domain::kpi::year::{COUNTED, YearData};
use crate::domain::kpi::{real, suppression};
use crate::domain::register::Service;
use crate::domain::workforce::disclosure::PublicWte;
use crate::formats::open_data::Package;
use crate::formats::table::{Cell, Column, Table, TableRow};

fn row(cells: Vec<Cell>) -> TableRow {
    TableRow { cells, own: false }
}

fn number(value: f64) -> Cell {
    Cell::number(Some(value), |value| value.to_string())
}

/// The open data of a published round.
pub fn of_round(app: &App, year: i32) -> Result<Package, AppError> {
    let full = national_report::public(app, year)?;
    let of = YearOf { year, cut: full.quoted.cut.as_ref().map(|cut| cut.id.clone()) };
    let report = &full.report;
    let (data, staffing) = app.read(|conn| {
        let mut figures = Figures::open(app, conn, &of)?;
        let all: Vec<i32> = COUNTED.collect();
        let data = figures.year(year, &all)?;
        let (_, facts) = figures.facts(year, &[])?;
        let register = figures.register();
        let services: Vec<&Service> =
            register.services_in(year).filter(|service| facts.contains_key(&service.code)).collect();
        Ok((data, public_staffing(&register.tree, &services, &facts)))
    })?;
    let named = |code: &String| report.services.get(code);
    let known = report.findings.now.clinical.union(&report.findings.now.facilities).filter_map(named);
    let service = |service: &Service| {
        let area = report.tree.get(&service.area_code).map_or("", |area| area.name.as_str());
        row(vec![
            Cell::text(&service.code),
            Cell::text(&service.name),
            Cell::text(&service.area_code),
            Cell::text(area),
        ])
    };
    let facts = report.findings.facts().into_iter().map(|fact| {
        let part = |value: Option<f64>| Cell::number(value, |value| value.to_string());
        row(vec![
            Cell::text(&fact.key),
            Cell::text(&fact.year),
            number(fact.value.value),
            Cell::text(fact.unit),
            part(fact.value.numerator),
            part(fact.value.denominator),
            Cell::count(fact.value.n.and_then(|n| i64::try_from(n).ok())),
            Cell::text(crate::domain::findings::table::label(&fact.key).unwrap_or_default()),
        ])
    });
    let tables = vec![
        (
            "services",
            Table {
                caption: "The services in the figures, and the area that each lies in".into(),
                columns: vec![
                    Column::text("service", "Unit code of the service"),
                    Column::text("name", "Name of the service"),
                    Column::text("area", "Code of its ICB or health board"),
                    Column::text("area_name", "Name of its ICB or health board"),
                ],
                rows: known.map(service).collect(),
            },
        ),
        ("kpis", kpis(&data)),
        ("staffing", self::staffing(&staffing)),
        (
            "national",
            Table {
                caption: "Every national figure of the report under its key".into(),
                columns: vec![
                    Column::text("key", "Key, the same in each round"),
                    Column::text("year", "Audit year, or the years that a change is between"),
                    Column::number("value", "The figure, unrounded, in its unit"),
                    Column::text("unit", "Unit"),
                    Column::number("numerator", "What is above the line"),
                    Column::number("denominator", "What is under the line"),
                    Column::number("n", "Services that it rests on"),
                    Column::text("label", "What it is"),
                ],
                rows: facts.collect(),
            },
        ),
        ("codes", codes(&data)),
    ];
    Ok(Package {
        year,
        names: report.findings.now.names.clone(),
        cut: full.quoted.cut.as_ref().map(|cut| cut.hash.clone()),
        synthetic: report.findings.synthetic,
        tables,
    })
}

/// What stands beside a figure that is hidden.
const SMALL: &str = "small_numbers";

fn kpis(data: &YearData) -> Table {
    let mut rows = Vec::new();
    for kpi in COUNTED {
        let Some(definition) = data.method.kpi(kpi) else { continue };
        for (service, figure) in suppression::public_figures(data, definition) {
            let hidden = figure.is_none();
            let figure = figure.unwrap_or_default();
            let counts = figure.numerator.zip(figure.denominator);
            if counts.is_none() && !hidden {
                continue;
            }
            let shown = |value: Option<f64>| Cell::number(value, |value| value.to_string());
            rows.push(row(vec![
                Cell::text(service),
                Cell::text(data.year.to_string()),
                Cell::text(kpi.to_string()),
                shown(counts.map(|(cases, _)| real(cases))),
                shown(counts.map(|(_, people)| people)),
                shown(figure.percent),
                Cell::text(if hidden { SMALL } else { "" }),
            ]));
        }
    }
    Table {
        caption: "KPIs 2 to 11 of each service in the clinical figures".into(),
        columns: vec![
            Column::text("service", "Unit code of the service"),
            Column::text("year", "Audit year"),
            Column::text("kpi", "Number of the KPI"),
            Column::number("numerator", "Patients above the line"),
            Column::number("denominator", "Patients under the line; of KPIs 2 and 3 those expected"),
            Column::number("percent", "Per cent, unrounded"),
            Column::text(
                "suppressed",
                "Why nothing is shown: small_numbers, of 1 to 4 patients, or what would give such a number away",
            ),
        ],
        rows,
    }
}

fn staffing(staffing: &[PublishedStaffing]) -> Table {
    let mut rows = Vec::new();
    for line in staffing {
        for (role, wte) in [("nurse", line.nurses), ("administrator", line.administrators)] {
            let (shown, why) = match wte {
                PublicWte::Shown(wte) => (number(wte.as_f64()), ""),
                PublicWte::UnderOne | PublicWte::Withheld => (Cell::missing(""), SMALL),
                PublicWte::NotGiven => (Cell::missing(""), "not_given"),
            };
            rows.push(row(vec![Cell::text(&line.code), Cell::text(role), shown, Cell::text(why)]));
        }
    }
    Table {
        caption: "Staff in post, whole-time equivalents, of each service that submitted them".into(),
        columns: vec![
            Column::text("service", "Unit code of the service"),
            Column::text("role", "Role: nurse or administrator"),
            Column::number("wte", "Whole-time equivalents in post"),
            Column::text(
                "suppressed",
                "Why nothing is shown: small_numbers, of less than one whole post, or what would give such a post away; not_given",
            ),
        ],
        rows,
    }
}

fn codes(data: &YearData) -> Table {
    let mut rows: Vec<TableRow> = data
        .method
        .kpis
        .iter()
        .map(|kpi| row(vec![Cell::text("kpi"), Cell::text(kpi.kpi.to_string()), Cell::text(&kpi.name)]))
        .collect();
    for (code, label) in [("nurse", "Nurses"), ("administrator", "Administrators")] {
        rows.push(row(vec![Cell::text("role"), Cell::text(code), Cell::text(label)]));
    }
    for (code, label) in [
        (SMALL, "Hidden, since it is of few people or would give few people away"),
        ("not_given", "The service did not give it"),
    ] {
        rows.push(row(vec![Cell::text("suppressed"), Cell::text(code), Cell::text(label)]));
    }
    Table {
        caption: "What the codes of the other tables stand for".into(),
        columns: vec![
            Column::text("column", "The column in which it stands"),
            Column::text("code", "Code"),
            Column::text("label", "What it stands for"),
        ],
        rows,
    }
}
