//! The national findings as people read them: one table a group, the same on the page, in print and in the file.

use serde::Serialize;

use super::display::{capitalised, people, thousands};
use super::table::{Cell, Column, Table, TableRow};
use crate::domain::findings::published::PublishedFact;
use crate::domain::findings::table::{Laid, Row};
use crate::domain::findings::{NationalFindings, Value, YearFindings};
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::year::Exclusion;

/// The tables, for whoever puts them into a page.
pub const BODY: &str = include_str!("body.hbs");

/// Everything that the tables print.
#[derive(Debug, Serialize)]
pub struct FindingsView {
    /// The audit year.
    year: i32,
    /// The earlier one.
    with: Option<i32>,
    lede: String,
    synthetic: bool,
    /// The data cut that they are of, in words.
    cut: Option<String>,
    /// Questions of which no change is given.
    not_compared: Vec<String>,
    years: Vec<YearView>,
    matched: Option<String>,
    kpis: Vec<KpiRow>,
    groups: Vec<GroupView>,
}

#[derive(Debug, Serialize)]
struct YearView {
    year: i32,
    sentences: Vec<String>,
}

#[derive(Debug, Serialize)]
struct KpiRow {
    name: String,
    year: i32,
    percent: String,
    numerator: String,
    denominator: String,
    services: String,
    mean: String,
    median: String,
    quartiles: String,
    range: String,
    matched: String,
}

#[derive(Debug, Serialize)]
struct GroupView {
    title: &'static str,
    of: &'static str,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    label: &'static str,
    cells: Vec<CellView>,
}

#[derive(Debug, Serialize)]
struct CellView {
    value: String,
    of: Option<String>,
    printed: String,
    matched: String,
}

const NONE: &str = "–";

impl FindingsView {
    /// The same with the questions of which no change is given.
    pub fn not_compared(self, not_compared: Vec<String>) -> Self {
        Self { not_compared, ..self }
    }

    /// Puts findings into words. `cut` names the data cut that they are of, if any.
    pub fn new(findings: &NationalFindings, published: &[PublishedFact], cut: Option<String>) -> Self {
        let years: Vec<&YearFindings> = findings.before.iter().chain([&findings.now]).collect();
        let kpis = findings.now.kpis.iter().flat_map(|line| {
            let of_year = |year: &&YearFindings| {
                let line = year.kpis.iter().find(|other| other.kpi == line.kpi)?;
                let name = format!("KPI {}: {}", line.kpi, line.name);
                Some(KpiRow::new(name, year.year, &line.all, line.matched.as_ref()))
            };
            years.iter().filter_map(of_year).collect::<Vec<_>>()
        });
        let groups = findings.groups(published).into_iter().map(|(group, rows)| GroupView {
            title: group.title,
            of: group.of,
            rows: rows.iter().map(|row| RowView::new(row, findings.before.is_some())).collect(),
        });
        let matched = findings.matched_services().map(|(clinical, facilities)| {
            format!(
                "“Matched” is over the services that count in both years: {clinical} in the clinical figures, {facilities} \
                 in the facilities figures. A change over all services is also a change of which services took part."
            )
        });
        Self {
            year: findings.now.year,
            with: findings.before.as_ref().map(|before| before.year),
            lede: capitalised(&findings.now.names),
            synthetic: findings.synthetic,
            cut,
            not_compared: Vec::new(),
            years: years.iter().map(|year| YearView::new(year)).collect(),
            matched,
            kpis: kpis.collect(),
            groups: groups.collect(),
        }
    }
}

/// A group of findings as a table: each with what it is of, and the share or the count in its own unit.
pub fn figure_table(findings: &NationalFindings, caption: &str, rows: &[Row]) -> Table {
    let cell = |laid: &Laid, unit: &str| match laid.value {
        Some(value) => {
            Cell::number(Some(value.value), |number| figure(number, unit)).with(of(value).unwrap_or_default())
        }
        None => Cell::missing(NONE),
    };
    let before = findings.before.is_some();
    let row = |row: &Row| {
        let mut cells = vec![Cell::text(row.label)];
        cells.extend(before.then(|| cell(&row.before, row.unit)));
        cells.push(cell(&row.now, row.unit));
        TableRow { cells, own: false }
    };
    let mut columns = vec![Column::text("finding", "Finding")];
    columns.extend(before.then(|| Column::number("before", "The earlier round")));
    columns.push(Column::number("now", "This round"));
    Table { caption: caption.to_owned(), columns, rows: rows.iter().map(row).collect() }
}

impl YearView {
    fn new(year: &YearFindings) -> Self {
        let mut sentences = vec![format!(
            "{} services in the clinical figures, {} in the facilities figures, {} in both.",
            year.clinical.len(),
            year.facilities.len(),
            year.linked()
        )];
        for (why, words) in [
            (Exclusion::TooFewRecords, "with too few records"),
            (Exclusion::OutsideNations, "outside England and Wales"),
            (Exclusion::NoRecords, "with counts but no records"),
        ] {
            let left_out = year.excluded.iter().filter(|excluded| excluded.why == why).count();
            if left_out > 0 {
                sentences.push(format!("Not in the clinical figures: {left_out} {words}."));
            }
        }
        sentences.push(format!("By the methodology of {}.", year.methodology));
        Self { year: year.year, sentences }
    }
}

impl KpiRow {
    fn new(name: String, year: i32, all: &Summary, matched: Option<&Summary>) -> Self {
        let percent = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.1}%"));
        let pair = |low: Option<f64>, high: Option<f64>| match low.zip(high) {
            Some((low, high)) => format!("{low:.1} to {high:.1}%"),
            None => NONE.to_owned(),
        };
        Self {
            name,
            year,
            percent: percent(all.figure.percent),
            numerator: all.figure.numerator.map_or_else(|| NONE.to_owned(), thousands),
            denominator: all.figure.denominator.map_or_else(|| NONE.to_owned(), people),
            services: if all.n == all.services { all.n.to_string() } else { format!("{} of {}", all.n, all.services) },
            mean: percent(all.mean_of_services),
            median: percent(all.median),
            quartiles: pair(all.lower_quartile, all.upper_quartile),
            range: pair(all.minimum, all.maximum),
            matched: matched.map_or_else(|| NONE.to_owned(), |matched| percent(matched.figure.percent)),
        }
    }
}

impl RowView {
    fn new(row: &Row, with_before: bool) -> Self {
        let before = with_before.then(|| CellView::new(&row.before, row.unit));
        let cells = before.into_iter().chain([CellView::new(&row.now, row.unit)]).collect();
        Self { label: row.label, cells }
    }
}

impl CellView {
    fn new(laid: &Laid, unit: &str) -> Self {
        let text = |value: Option<Value>| value.map_or_else(|| NONE.to_owned(), |value| figure(value.value, unit));
        let printed = match (&laid.published, laid.agrees) {
            (Some(published), Some(true)) => format!("{published} (agrees)"),
            (Some(published), Some(false)) => format!("{published} (differs)"),
            (Some(published), None) => published.clone(),
            (None, _) => NONE.to_owned(),
        };
        Self { value: text(laid.value), of: laid.value.and_then(of), printed, matched: text(laid.matched) }
    }
}

/// A figure in its unit.
fn figure(value: f64, unit: &str) -> String {
    if unit.starts_with('%') {
        return format!("{value:.1}%");
    }
    match unit {
        "WTE" => format!("{value:.2}"),
        _ if unit.starts_with("share") => format!("{:.1}%", 100.0 * value),
        _ => people(value),
    }
}

/// What a figure is of: `28 of 70`.
fn of(value: Value) -> Option<String> {
    let services = |n: usize| if n == 1 { "1 service".to_owned() } else { format!("{n} services") };
    let whole = |number: f64| people(number);
    let parts = value.numerator.zip(value.denominator).map(|(above, under)| {
        let above = if above.fract() == 0.0 { whole(above) } else { format!("{above:.2}") };
        format!("{above} of {}", whole(under))
    });
    let n = value.n.filter(|n| value.denominator.is_none_or(|under| (under - count(*n)).abs() > 0.5)).map(services);
    match (parts, n) {
        (Some(parts), Some(n)) => Some(format!("{parts}, {n}")),
        (parts, n) => parts.or(n),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of services")]
fn count(n: usize) -> f64 {
    n as f64
}
