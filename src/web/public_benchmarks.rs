//! The KPIs of a published round, for anybody.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::costs::csv;
use super::errors::PageError;
use super::kpis::{both, edges, kpi_name, percent_words, quoted_words};
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::Reader;
use super::rounds::read_year;
use crate::app::AppError;
use crate::app::published::{self, PublicBenchmark};
use crate::charts::canvas::Caption;
use crate::charts::grade::GradeMark;
use crate::charts::ranked::{RankedChart, RankedPoint, ranked};
use crate::domain::kpi::figure::Figure;
use crate::domain::reference::Grade;
use crate::domain::register::Service;
use crate::domain::round::Round;
use crate::formats::display::{capitalised, people};
use crate::formats::table::{Cell, Column, Table, TableRow};

#[derive(Debug, Serialize)]
struct KpiLink {
    href: String,
    name: String,
    figure: String,
    services: usize,
}

#[derive(Debug, Serialize)]
struct IndexView {
    year: i32,
    names: String,
    kpis: Vec<KpiLink>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct BenchmarkView {
    year: i32,
    names: String,
    name: String,
    national: String,
    median: String,
    services: usize,
    withheld: usize,
    outliers: usize,
    chart: Vec<String>,
    table: PlainTable,
    file: String,
    notes: Vec<String>,
}

/// A percentage, or a dash where there is none.
fn percent_or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), |value| percent_words(Some(value)))
}

async fn load(web: &Web, year: &str) -> Result<(Round, Vec<PublicBenchmark>, Vec<String>), PageError> {
    let year = read_year(year)?;
    let (round, found, quoted) = web.app.run(move |app| published::benchmarks(app, year)).await?;
    Ok((round, found, quoted_words(&quoted)))
}

async fn load_one(web: &Web, year: &str, kpi: &str) -> Result<(Round, PublicBenchmark, Vec<String>), PageError> {
    let (round, found, notes) = load(web, year).await?;
    let one = found.into_iter().find(|one| one.kpi.kpi.to_string() == kpi);
    let hint = "The benchmarks are of KPI 2 to 11.";
    let one = one.ok_or_else(|| PageError::from(AppError::not_found("published benchmark", kpi, hint)))?;
    Ok((round, one, notes))
}

/// `GET /published/{year}/benchmarks`
#[handler]
pub(super) async fn public_index(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let (round, found, notes) = load(web, &year).await?;
    let year = round.year;
    let link = |one: &PublicBenchmark| KpiLink {
        href: format!("/published/{year}/benchmarks/{}", one.kpi.kpi),
        name: kpi_name(&one.kpi),
        figure: percent_or_dash(one.national.figure.percent),
        services: one.national.n,
    };
    let view = IndexView { year, names: capitalised(&round.names()), kpis: found.iter().map(link).collect(), notes };
    let title = format!("Benchmarks of {year}");
    web.page("public_benchmarks", &Page::new(reader, &title, view))
}

/// What is said of a confirmed outlier of a service; nothing of any other.
fn outlier_words(one: &PublicBenchmark, service: &str) -> String {
    let case = one.outliers.iter().find(|case| case.service == service);
    case.map_or_else(String::new, |case| format!("{} ({})", case.found.side(), case.found.level.as_str()))
}

fn table(year: i32, one: &PublicBenchmark) -> Table {
    let row = |(service, figure): &(Service, Option<Figure>)| {
        let missing = if figure.is_none() { "withheld" } else { "no data" };
        let figure = figure.clone().unwrap_or_default();
        let number = |value: Option<f64>, words: fn(f64) -> String| match value {
            Some(_) => Cell::number(value, words),
            None => Cell::missing(missing),
        };
        let percent = |value: f64| percent_words(Some(value));
        #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
        let numerator = figure.numerator.map(|count| count as f64);
        TableRow {
            own: false,
            cells: vec![
                Cell::text(&service.code),
                Cell::text(&service.name),
                number(figure.percent, percent),
                number(figure.interval.map(|(low, _)| low), percent),
                number(figure.interval.map(|(_, high)| high), percent),
                number(numerator, people),
                number(figure.denominator, people),
                Cell::text(figure.grade.map_or("", Grade::as_str)),
                Cell::text(outlier_words(one, &service.code)),
            ],
        }
    };
    Table {
        caption: format!("{}, {year}: services", kpi_name(&one.kpi)),
        columns: vec![
            Column::text("service", "Code"),
            Column::text("name", "Service"),
            Column::number("percent", "Figure"),
            Column::number("interval_low", "95% interval, from"),
            Column::number("interval_high", "to"),
            Column::number("numerator", "Patients"),
            Column::number("denominator", "of"),
            Column::text("grade", "Grade"),
            Column::text("confirmed_outlier", "Confirmed outlier"),
        ],
        rows: one.rows.iter().map(row).collect(),
    }
}

fn chart(year: i32, one: &PublicBenchmark, notes: &[String]) -> Vec<String> {
    let point = |(service, figure): &(Service, Option<Figure>)| {
        let figure = figure.as_ref()?;
        Some(RankedPoint {
            label: service.code.clone(),
            percent: figure.percent?,
            interval: figure.interval,
            grade: GradeMark::of(figure),
            own: false,
        })
    };
    let points: Vec<RankedPoint> = one.rows.iter().filter_map(point).collect();
    if points.is_empty() {
        return Vec::new();
    }
    let caption = Caption {
        title: format!("{}, {year}: services from the lowest to the highest", kpi_name(&one.kpi)),
        description:
            "A mark for each service, ranked by its figure, with its 95% interval; the shape of the mark is its \
                      grade, and dotted lines are the edges of the grades. Withheld figures are not drawn."
                .into(),
        notes: notes.to_vec(),
    };
    let edges = edges(&one.kpi);
    let chart = RankedChart { points: &points, national: one.national.figure.percent, edges: &edges };
    both(|layout| ranked(&chart, layout)).iter().map(|drawing| drawing.inline("benchmark", &caption)).collect()
}

/// `GET /published/{year}/benchmarks/{kpi}`
#[handler]
pub(super) async fn public_benchmark(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path((year, kpi)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (round, found, notes) = load_one(web, &year, &kpi).await?;
    let year = round.year;
    let view = BenchmarkView {
        year,
        names: capitalised(&round.names()),
        name: kpi_name(&found.kpi),
        national: percent_or_dash(found.national.figure.percent),
        median: percent_or_dash(found.national.median),
        services: found.national.n,
        withheld: found.rows.iter().filter(|(_, figure)| figure.is_none()).count(),
        outliers: found.outliers.len(),
        chart: chart(year, &found, &notes),
        table: (&table(year, &found)).into(),
        file: format!("/published/{year}/benchmarks/{kpi}/services.csv"),
        notes,
    };
    let title = format!("{}, {year}", kpi_name(&found.kpi));
    web.page("public_benchmark", &Page::new(reader, &title, view).wide())
}

/// `GET /published/{year}/benchmarks/{kpi}/services.csv`
#[handler]
pub(super) async fn public_benchmark_csv(
    Data(web): Data<&Web>,
    Path((year, kpi)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (round, found, _) = load_one(web, &year, &kpi).await?;
    Ok(csv(&table(round.year, &found), &format!("benchmark-{}-kpi-{kpi}.csv", round.year))?)
}
