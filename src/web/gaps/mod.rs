//! The gap page and its workbook: which services are short of staff, by how much, on which reading.

mod areas;
pub(super) mod query;
mod services;
mod totals;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use poem::http::{StatusCode, header};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Serialize;

use self::areas::{AreaRow, area_rows};
use self::query::{GapPageQuery, RawQuery};
use self::services::{ChartView, Column, ServiceRow};
use self::totals::BasisTotals;
use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::standards::ratio_words;
use crate::app::gaps::{self, WorkbookQuery};
use crate::app::standards::{self, ListedStandard};
use crate::app::{App, AppError, register};
use crate::domain::access::{Permission, Principal, Scope};
use crate::domain::area::{AreaKind, AreaTree};
use crate::domain::register::valid_in_year;
use crate::domain::round::Round;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::Role;
use crate::formats::display::{capitalised, day};
use crate::locales::Words;

/// An option of a select, or a link.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: String,
    text: String,
    href: String,
    selected: bool,
}

/// The areas of one kind.
#[derive(Debug, Clone, Serialize)]
struct AreaGroup {
    label: &'static str,
    areas: Vec<Choice>,
}

/// The form over the page.
#[derive(Debug, Clone, Serialize)]
struct FilterView {
    years: Vec<Choice>,
    area_groups: Vec<AreaGroup>,
    roles: Vec<Choice>,
    standards: Vec<Choice>,
    text: String,
    geography_as_at: String,
    cut: String,
    sort: &'static str,
    order: &'static str,
}

/// Everything that the page prints.
#[derive(Debug, Serialize)]
struct GapsView {
    names: String,
    place: String,
    statement: String,
    filter: FilterView,
    has_services: bool,
    totals: Vec<BasisTotals>,
    role: &'static str,
    chart: ChartView,
    columns: Vec<Column>,
    sorted_by: String,
    rows: Vec<ServiceRow>,
    shown: usize,
    services: String,
    text: String,
    without_text: String,
    areas: Vec<AreaRow>,
    geography: String,
    staffing_as_at: String,
    standard: String,
    ratio: String,
    source: String,
    basis_note: String,
    not_known: Vec<String>,
    workbook: String,
    costs: String,
    demand: String,
    scenario: String,
    uncovered: String,
    all_areas: String,
    /// The data cut that it is of, in words.
    cut: Option<String>,
}

/// What is said where the asked year or area has nothing.
#[derive(Debug, Serialize)]
struct NoneView {
    heading: String,
    sentence: String,
    years: Vec<Choice>,
    area_groups: Vec<AreaGroup>,
    all_areas: Option<String>,
}

/// What is read to make the page.
struct GapData {
    tree: AreaTree,
    /// Areas in which the reader may see at least one service of the year.
    with_services: BTreeSet<String>,
    /// The standards that a gap can be run against.
    standards: Vec<ListedStandard>,
    report: Result<GapReport, AppError>,
}

/// The areas as at a day, and those that hold a service of a year that the reader may see.
pub(super) fn reachable_areas(
    app: &App,
    who: &Principal,
    year: i32,
    geography_as_at: Option<NaiveDate>,
) -> Result<(AreaTree, BTreeSet<String>), AppError> {
    let tree = register::area_tree(app, who, geography_as_at)?;
    let services = register::services(app, who)?;
    let seen = services.iter().filter(|service| {
        valid_in_year(service.valid_from, service.valid_to, year) && who.may_for(Permission::ReadGaps, service, &tree)
    });
    // An area above the reader's own holds services of theirs, and yet is not theirs to ask for.
    let reached = |area: &str| {
        who.scopes(Permission::ReadGaps).any(|scope| match scope {
            Scope::National => true,
            Scope::Area(own) => tree.is_within(area, own),
            Scope::Service(_) | Scope::Section { .. } => false,
        })
    };
    let with_services = seen
        .flat_map(|service| tree.lineage(&service.area_code))
        .filter(|area| reached(&area.code))
        .map(|area| area.code.clone())
        .collect();
    Ok((tree, with_services))
}

fn load(app: &App, who: &Principal, query: &GapPageQuery) -> Result<GapData, AppError> {
    let (tree, with_services) = reachable_areas(app, who, query.year, query.geography_as_at)?;
    let report = gaps::report(app, who, &query.asked());
    let standards = standards::list(app, who)?;
    Ok(GapData { tree, with_services, standards, report })
}

/// `1 service`, `70 services`
fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn year_choices(query: &GapPageQuery, rounds: &[Round]) -> Vec<Choice> {
    let choice = |round: &Round| Choice {
        value: round.year.to_string(),
        text: format!("{} ({})", round.year, round.facilities_audit),
        href: query.of_year(round.year),
        selected: round.year == query.year,
    };
    rounds.iter().rev().map(choice).collect()
}

fn area_groups(query: &GapPageQuery, data: &GapData) -> Vec<AreaGroup> {
    let kinds = [
        (AreaKind::Nation, "Nations"),
        (AreaKind::Region, "Regions"),
        (AreaKind::Icb, "Integrated care boards"),
        (AreaKind::HealthBoard, "Health boards"),
    ];
    let mut groups = Vec::new();
    for (kind, label) in kinds {
        let of_kind = data.with_services.iter().filter_map(|code| data.tree.get(code)).filter(|a| a.kind == kind);
        let mut areas: Vec<Choice> = of_kind
            .map(|area| Choice {
                value: area.code.clone(),
                text: area.name.clone(),
                href: query.of_area(Some(&area.code)),
                selected: query.area.as_deref() == Some(area.code.as_str()),
            })
            .collect();
        areas.sort_by(|a, b| a.text.cmp(&b.text));
        if !areas.is_empty() {
            groups.push(AreaGroup { label, areas });
        }
    }
    groups
}

fn filter(query: &GapPageQuery, rounds: &[Round], data: &GapData) -> FilterView {
    let role = |role: Role| Choice {
        value: role.as_str().to_owned(),
        text: services::capital(role).to_owned(),
        href: query.of_role(role),
        selected: role == query.role,
    };
    let used = data.report.as_ref().ok().map(|report| report.standard.id.as_str());
    let standard = |listed: &ListedStandard| {
        let standard = &listed.standard;
        Choice {
            value: standard.id.clone(),
            text: if listed.published { standard.name.clone() } else { format!("{} (draft)", standard.name) },
            href: query.of_standard(&standard.id),
            selected: used == Some(standard.id.as_str()),
        }
    };
    FilterView {
        standards: data.standards.iter().map(standard).collect(),
        years: year_choices(query, rounds),
        area_groups: area_groups(query, data),
        roles: Role::ALL.into_iter().map(role).collect(),
        text: query.text.clone(),
        geography_as_at: query.geography_as_at.map(|day| day.to_string()).unwrap_or_default(),
        cut: query.cut.clone().unwrap_or_default(),
        sort: query.sort.as_str(),
        order: if query.descending { "descending" } else { "ascending" },
    }
}

/// What the page prints of a report.
fn gaps_view(
    query: &GapPageQuery,
    rounds: &[Round],
    data: &GapData,
    report: &GapReport,
    own: &BTreeSet<String>,
    words: Words,
) -> GapsView {
    let pairs = services::sorted_pairs(report, &data.tree, query, own);
    let alone = report.rows.first().filter(|row| report.rows.len() == 2 && own.contains(&row.service));
    let place = match (&report.area, alone) {
        (Some((_, name)), _) => name.as_str(),
        (None, Some(row)) => row.name.as_str(),
        (None, None) => "all areas that you can see",
    };
    let standard = &report.standard;
    GapsView {
        names: capitalised(&report.round.names()),
        place: place.to_owned(),
        statement: report.statement(),
        filter: filter(query, rounds, data),
        has_services: !report.rows.is_empty(),
        totals: BasisTotals::of(report),
        role: services::capital(query.role),
        chart: services::chart(&pairs, query.role),
        columns: services::columns(query),
        sorted_by: format!("{}, {}", query.sort.words(), query.direction_words()),
        rows: services::service_rows(&pairs, query.role),
        shown: pairs.len(),
        services: counted(report.rows.len() / 2, "service"),
        text: query.text.clone(),
        without_text: query.without_text(),
        // Someone who sees single services sees no sums of areas.
        areas: if data.with_services.is_empty() { Vec::new() } else { area_rows(report, query) },
        geography: day(report.geography_as_at),
        staffing_as_at: day(report.round.staffing_as_at),
        standard: standard.name.clone(),
        ratio: ratio_words(standard),
        source: standard.source.clone(),
        basis_note: format!("{} {}", standard.basis_words(), standard.basis_note).trim_end().to_owned(),
        not_known: standard.not_known.clone(),
        workbook: query.address("/gaps.xlsx"),
        costs: query.plan("/gaps/costs"),
        demand: query.plan("/demand"),
        scenario: query.plan("/scenarios/new"),
        uncovered: query.plan("/gaps/uncovered"),
        all_areas: query.of_area(None),
        cut: report.cut.as_ref().map(|cut| words.data_cut(cut)),
    }
}

/// `GET /gaps`
#[handler]
pub(super) async fn page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(raw): Query<RawQuery>,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let query = GapPageQuery::read(&raw, &rounds)?;
    let asked = query.clone();
    let who = reader.who.clone();
    let data = web.app.run(move |app| load(app, &who, &asked)).await.map_err(PageError::from)?;
    let own: BTreeSet<String> = reader.who.own_services().map(ToOwned::to_owned).collect();
    let report = match &data.report {
        Ok(report) => report,
        Err(error @ AppError::NotFound { .. }) => {
            let view = none_view(&query, &rounds, &data, error);
            let heading = view.heading.clone();
            let page = Page::new(&reader.reader, &heading, view);
            return web.page_with(StatusCode::NOT_FOUND, "gaps_none", &page);
        }
        Err(_) => {
            return Err(data.report.err().map_or_else(|| PageError::internal("no report"), PageError::from).into());
        }
    };
    let view = gaps_view(&query, &rounds, &data, report, &own, reader.reader.words);
    let title = format!("Staffing gap, audit year {}", query.year);
    web.page("gaps", &Page::new(&reader.reader, &title, view).wide())
}

fn none_view(query: &GapPageQuery, rounds: &[Round], data: &GapData, error: &AppError) -> NoneView {
    let no_round = matches!(error, AppError::NotFound { what: "round", .. });
    let heading = if no_round {
        format!("There is no round for {}", query.year)
    } else {
        "There is nothing under this name".to_owned()
    };
    NoneView {
        heading,
        sentence: error.to_string(),
        years: year_choices(query, rounds),
        // Areas of a round that does not exist lead nowhere.
        area_groups: if no_round { Vec::new() } else { area_groups(query, data) },
        all_areas: (!no_round).then(|| query.of_area(None)),
    }
}

/// `GET /gaps.xlsx`: the same question as the page's, as a workbook in the language of the pages.
#[handler]
pub(super) async fn workbook(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(raw): Query<RawQuery>,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let query = GapPageQuery::read(&raw, &rounds)?;
    let language = reader.reader.words.language();
    let area = query.area.as_deref().map(|area| format!("-{}", area.replace(|c: char| !c.is_ascii_alphanumeric(), "")));
    let name = format!("staffing-gap-{}{}{}.xlsx", query.year, area.unwrap_or_default(), language.suffix());
    let who = reader.who.clone();
    let asked = WorkbookQuery { language, ..query.asked().into() };
    let bytes = web.app.run(move |app| Ok(gaps::workbook(app, &who, &asked)?.1)).await.map_err(PageError::from)?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(bytes))
}
