//! The section on outliers: what was screened, and the outliers that are through every check.

use super::FullReport;
use crate::domain::quality::outlier::{Level, OutlierCase};
use crate::domain::report::Phrase;
use crate::formats::display::people;
use crate::formats::report::{Block, Section};
use crate::formats::table::{Cell, Column, Table, TableRow};

fn row(full: &FullReport, case: &OutlierCase) -> TableRow {
    let found = &case.found;
    let level = match found.level {
        Level::Alert => "Alert",
        Level::Alarm => "Alarm",
    };
    let side = if found.is_lower() { "Lower" } else { "Higher" };
    TableRow {
        own: false,
        cells: vec![
            Cell::text(&case.service),
            Cell::text(full.report.name(&case.service)),
            Cell::text(format!("KPI {}", found.kpi)),
            Cell::percent(Some(found.percent)),
            Cell::count(Some(found.numerator)),
            Cell::number(Some(found.denominator), people),
            Cell::percent(Some(found.national)),
            Cell::text(level),
            Cell::text(side),
        ],
    }
}

/// The section.
pub(super) fn section(full: &FullReport) -> Section {
    let report = &full.report;
    let named: Vec<&OutlierCase> = report.outliers.iter().filter(|case| case.may_be_published()).collect();
    let looked_into = report.outliers.iter().filter(|case| case.state.waits_for().is_some()).count();
    let screened = Phrase::new("report-outliers-screened")
        .count("screened", report.screening.figures)
        .count("alerts", report.screening.alerts)
        .count("alarms", report.screening.alarms);
    let through = Phrase::new("report-outliers-named").count("named", named.len()).count("open", looked_into);
    let mut blocks = vec![Block::Says(vec![screened, Phrase::new("report-outliers-rule"), through])];
    if !named.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "Outliers that were confirmed".into(),
            columns: vec![
                Column::text("service", "Service"),
                Column::text("name", "Name"),
                Column::text("kpi", "KPI"),
                Column::number("percent", "Figure"),
                Column::number("numerator", "Numerator"),
                Column::number("denominator", "Denominator"),
                Column::number("national", "National"),
                Column::text("level", "Level"),
                Column::text("side", "Side"),
            ],
            rows: named.into_iter().map(|case| row(full, case)).collect(),
        }));
    }
    Section { id: "outliers", title: "Outliers", blocks }
}
