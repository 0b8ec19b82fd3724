//! Figures beyond the limits, for the audit team.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::tag;
use crate::app::quality::{self, OutlierReport, OutlierRow};
use crate::domain::quality::outlier::{Level, Outlier};
use crate::formats::display::{capitalised, people, thousands};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::Web;
use crate::web::costs::csv;
use crate::web::errors::PageError;
use crate::web::kpis::{percent_words, quoted_words};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;

#[derive(Debug, Serialize)]
struct Row {
    service: String,
    name: String,
    kpi: i32,
    kpi_name: String,
    figure: String,
    people: String,
    national: String,
    z: String,
    level: &'static str,
    side: &'static str,
    /// It lies beyond the limits no more.
    gone: bool,
    state: &'static str,
    tag: &'static str,
    /// The query about it, or where one is opened.
    href: String,
    open: bool,
}

#[derive(Debug, Serialize)]
struct OutliersView {
    year: i32,
    names: String,
    screened: String,
    alarms: usize,
    alerts: usize,
    rows: Vec<Row>,
    notes: Vec<String>,
    file: String,
}

/// `12 of 40`
pub(super) fn people_of(outlier: &Outlier) -> String {
    format!("{} of {}", thousands(outlier.numerator), people(outlier.denominator))
}

fn row(year: i32, row: &OutlierRow) -> Option<Row> {
    let figure = row.figure()?;
    let state = row.query.as_ref().map(|query| query.state);
    let look = || format!("/rounds/{year}/outliers/{}/{}", row.service.code, figure.kpi);
    Some(Row {
        service: row.service.code.clone(),
        name: row.service.name.clone(),
        kpi: figure.kpi,
        kpi_name: row.kpi_name.clone(),
        figure: percent_words(Some(figure.percent)),
        people: people_of(figure),
        national: percent_words(Some(figure.national)),
        z: format!("{:+.1}", figure.z).replace('-', "−"),
        level: match figure.level {
            Level::Alert => "Alert",
            Level::Alarm => "Alarm",
        },
        side: figure.side(),
        gone: row.now.is_none(),
        state: state.map_or("Not looked into", |state| state.label()),
        tag: state.map_or("grey", tag),
        href: row.query.as_ref().map_or_else(look, |query| format!("/queries/{}", query.id)),
        open: row.query.is_none(),
    })
}

fn count(found: &OutlierReport, level: Level) -> usize {
    found.rows.iter().filter(|row| row.now.as_ref().is_some_and(|outlier| outlier.level == level)).count()
}

async fn load(web: &Web, reader: &SignedInReader, year: i32) -> Result<OutlierReport, PageError> {
    let who = reader.who.clone();
    Ok(web.app.run(move |app| quality::outliers(app, &who, year)).await?)
}

/// `GET /rounds/{year}/outliers`
#[handler]
pub(in crate::web) async fn outliers_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let found = load(web, &reader, year).await?;
    let view = OutliersView {
        year,
        names: capitalised(&found.round.names()),
        screened: thousands(i64::try_from(found.screened).unwrap_or(i64::MAX)),
        alarms: count(&found, Level::Alarm),
        alerts: count(&found, Level::Alert),
        rows: found.rows.iter().filter_map(|one| row(year, one)).collect(),
        notes: quoted_words(&found.quoted),
        file: format!("/rounds/{year}/outliers.csv"),
    };
    let title = format!("Figures beyond the limits, {year}");
    web.page("outliers", &Page::new(&reader.reader, &title, view).wide())
}

fn table(found: &OutlierReport) -> Table {
    let row = |row: &OutlierRow| {
        let figure = row.figure()?;
        let state = row.query.as_ref().map_or("", |query| query.state.as_str());
        Some(TableRow {
            own: false,
            cells: vec![
                Cell::text(&row.service.code),
                Cell::text(&row.service.name),
                Cell::count(Some(i64::from(figure.kpi))),
                Cell::count(Some(figure.numerator)),
                Cell::number(Some(figure.denominator), |value| value.to_string()),
                Cell::percent(Some(figure.percent)),
                Cell::percent(Some(figure.national)),
                Cell::number(Some(figure.z), |value| value.to_string()),
                Cell::text(figure.level.as_str()),
                Cell::text(if row.now.is_some() { "yes" } else { "no" }),
                Cell::text(state),
            ],
        })
    };
    Table {
        caption: format!("Figures beyond the limits, {}", found.round.year),
        columns: vec![
            Column::text("service_code", "Service"),
            Column::text("name", "Name"),
            Column::number("kpi", "KPI"),
            Column::number("numerator", "Numerator"),
            Column::number("denominator", "Denominator"),
            Column::number("percent", "Figure"),
            Column::number("national_percent", "National"),
            Column::number("z", "Standard deviations"),
            Column::text("level", "Level"),
            Column::text("beyond_now", "Beyond the limits now"),
            Column::text("state", "State"),
        ],
        rows: found.rows.iter().filter_map(row).collect(),
    }
}

/// `GET /rounds/{year}/outliers.csv`
#[handler]
pub(in crate::web) async fn outliers_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let found = load(web, &reader, year).await?;
    Ok(csv(&table(&found), &format!("outliers-{year}.csv"))?)
}
