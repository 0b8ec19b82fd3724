//! A year at a glance: the eleven KPIs, and the way to every view of them.

use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Serialize;

use super::query::{Form, Kind, KpiQuery, RawQuery};
use super::view::{Ask, percent_words, points, with_counts};
use super::{Field, Link, year_field};
use crate::app::kpis::BenchmarkReport;
use crate::domain::access::{Permission, Principal};
use crate::domain::reference::Grade;
use crate::formats::display::capitalised;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;

#[derive(Debug, Serialize)]
struct IndexPage {
    names: String,
    fields: Vec<Field>,
    rows: Vec<KpiRow>,
    empty: Option<String>,
    views: Vec<Link>,
    tasks: Vec<Link>,
    own: String,
    previous_year: String,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct KpiRow {
    number: i32,
    name: String,
    href: String,
    national: String,
    mean: String,
    median: String,
    quartiles: String,
    n: String,
    change: String,
    grades: Vec<GradeCount>,
    counted: String,
    own: String,
    own_grade: &'static str,
    views: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct GradeCount {
    grade: &'static str,
    count: usize,
}

fn row(report: &BenchmarkReport, ask: &Ask<'_>) -> KpiRow {
    let benchmark = &report.benchmark;
    let national = &benchmark.national;
    let of = |kind| KpiQuery { kpi: benchmark.kpi.kpi, ..ask.query.clone() }.of_kind(kind);
    let views = Kind::ALL.into_iter().filter(|kind| kind.is_of_one_kpi() && kind.has_kpi(benchmark.kpi.kpi));
    let before = benchmark.previous.as_ref().and_then(|before| before.figure.percent);
    let own = benchmark.rows.iter().find(|row| ask.is_own(&row.service));
    let range = national.lower_quartile.zip(national.upper_quartile);
    KpiRow {
        number: benchmark.kpi.kpi,
        name: benchmark.kpi.name.clone(),
        href: of(Kind::Benchmark),
        national: with_counts(&national.figure),
        mean: percent_words(national.mean_of_services),
        median: percent_words(national.median),
        quartiles: range.map_or_else(
            || "no data".into(),
            |(low, high)| format!("{} to {}", percent_words(Some(low)), percent_words(Some(high))),
        ),
        n: format!("{} of {}", national.n, national.services),
        change: match (national.figure.percent, before) {
            (Some(now), Some(before)) => points(now - before),
            _ => "–".into(),
        },
        grades: national
            .grades
            .iter()
            .map(|(grade, count)| GradeCount { grade: grade.as_str(), count: *count })
            .collect(),
        counted: national.at_least.map_or_else(String::new, |(edge, count)| format!("{count} at {edge}% or more")),
        own: own.map_or_else(String::new, |row| percent_words(row.figure.percent)),
        own_grade: own.and_then(|row| row.figure.grade).map_or("", Grade::as_str),
        views: views
            .skip(1)
            .map(|kind| Link { href: of(kind), text: kind.label().to_owned(), current: false })
            .collect(),
    }
}

/// What the reader may do with the data behind the KPIs.
fn tasks(who: &Principal, year: i32) -> Vec<Link> {
    let link = |href: String, text: &str| Link { href, text: text.to_owned(), current: false };
    let mut tasks = vec![link(format!("/kpis/caseloads?year={year}"), "Expected caseloads")];
    if who.may(Permission::EnterCounts) {
        tasks.push(link("/kpis/upload".into(), "Send counts in"));
    }
    if who.may_everywhere(Permission::CutData) {
        tasks.push(link(format!("/rounds/{year}/cuts"), "Data cuts of the round"));
    }
    tasks
}

/// `GET /kpis`
#[handler]
pub(in crate::web) async fn overview(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(raw): Query<RawQuery>,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let query = KpiQuery::read(Kind::Benchmark, None, &raw, &rounds)?;
    let (who, asked) = (reader.who.clone(), query.clone());
    let (rows, quoted, previous, counted) = web
        .app
        .run(move |app| {
            let ask = Ask::new(app, &who, &asked, Form::Page);
            let reports = ask.overview(asked.year)?;
            let first = reports.first();
            let quoted = first.map(|report| super::view::quoted_words(&report.quoted)).unwrap_or_default();
            let previous = first.and_then(|report| report.benchmark.previous_year);
            let counted = first.map(|report| report.benchmark.national.services).unwrap_or_default();
            Ok((reports.iter().map(|report| row(report, &ask)).collect::<Vec<_>>(), quoted, previous, counted))
        })
        .await
        .map_err(PageError::from)?;
    let own = reader.who.own_services().next().map(ToOwned::to_owned).or(query.service.clone());
    let views = Kind::ALL.into_iter().filter(|kind| !kind.is_of_one_kpi());
    let view = IndexPage {
        names: rounds
            .iter()
            .find(|round| round.year == query.year)
            .map_or_else(|| format!("Audit year {}", query.year), |round| capitalised(&round.names())),
        fields: vec![year_field(&rounds, query.year)],
        empty: (counted == 0).then(|| {
            format!("No service counts in {} yet: there are no counts, or too few records. Choose another year, or send counts in.", query.year)
        }),
        views: views
            .map(|kind| Link { href: query.of_kind(kind), text: kind.label().to_owned(), current: false })
            .collect(),
        tasks: tasks(&reader.who, query.year),
        own: own.unwrap_or_default(),
        previous_year: previous.map(|year| year.to_string()).unwrap_or_default(),
        notes: quoted,
        rows,
    };
    let title = format!("KPIs, audit year {}", query.year);
    web.page("kpis", &Page::new(&reader.reader, &title, view).wide())
}
