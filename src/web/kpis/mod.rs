//! The KPIs for people: a year at a glance, and ten views of it, each a page, a picture and a file.
//!
//! A view is made once ([`view::View`]); the page shows its chart and table, the `.svg` its chart and the `.csv` its table.

mod all_kpis;
mod benchmark;
mod index;
mod people;
mod places;
mod query;
mod run;
mod spread;
#[cfg(test)]
mod tests;
mod view;

use std::ops::Range;

use poem::http::header;
use poem::web::{Data, Query};
use poem::{Request, Response, handler};
use serde::Serialize;

use self::query::{Form, Kind, KpiQuery, RawQuery, SETTINGS};
use self::view::{Ask, View};
use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use crate::app::kpis::{Size, definitions};
use crate::app::{App, AppError, register};
use crate::charts::canvas::Drawing;
use crate::domain::access::Principal;
use crate::domain::area::AreaKind;
use crate::domain::round::Round;
use crate::formats::display::capitalised;
use crate::formats::table::{Cell, Table};

pub(super) use self::index::overview;
pub(in crate::web) use self::view::{both, edges, kpi_name, percent_words, quoted_words};

/// Rows of a table on one page.
const PAGE: usize = 100;

/// Makes the view that is asked for.
fn make(ask: &Ask<'_>) -> Result<View, AppError> {
    let mut view = match ask.query.kind {
        Kind::Benchmark => benchmark::benchmark(ask),
        Kind::Funnel => benchmark::funnel_plot(ask),
        Kind::RunChart => run::run_view(ask),
        Kind::Distribution => spread::distribution_view(ask),
        Kind::Strata => spread::strata_view(ask),
        Kind::Grades => all_kpis::grades_view(ask),
        Kind::HeatMap => all_kpis::heat_map_view(ask),
        Kind::Scoreboard => all_kpis::scoreboard_view(ask),
        Kind::Map => places::map_view(ask),
        Kind::Cascade => people::cascade_view(ask),
    }?;
    if let Some((key, descending)) = ask.sort().filter(|_| view.part.is_none()) {
        view.table.sort(key, descending);
    }
    Ok(view)
}

/// An option of a select, or a link.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: String,
    text: String,
    selected: bool,
}

/// A select of the form over the page, or a field for a code.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Field {
    name: &'static str,
    label: &'static str,
    is_text: bool,
    value: String,
    choices: Vec<Choice>,
}

impl Field {
    /// A field for a code.
    pub(super) fn text(name: &'static str, label: &'static str, value: String) -> Self {
        Self { name, label, is_text: true, value, choices: Vec::new() }
    }
}

/// A link of a list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) current: bool,
}

#[derive(Debug, Serialize)]
struct HeadView {
    text: &'static str,
    href: String,
    numeric: bool,
    aria_sort: Option<&'static str>,
    arrow: &'static str,
}

#[derive(Debug, Serialize)]
struct CellView {
    shown: String,
    beside: String,
    mark: &'static str,
    numeric: bool,
    first: bool,
}

#[derive(Debug, Serialize)]
struct RowView {
    own: bool,
    cells: Vec<CellView>,
}

/// The rows of one page of a table.
#[derive(Debug, Serialize)]
struct TableView {
    caption: String,
    heads: Vec<HeadView>,
    rows: Vec<RowView>,
    /// `Rows 101 to 200 of 10,000`, where there is more than one page.
    pages: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

/// The rows of a page of a table.
fn rows_of_page(rows: usize, page: usize) -> Range<usize> {
    let last = rows.div_ceil(PAGE).max(1);
    let from = (page.clamp(1, last) - 1) * PAGE;
    from..rows.min(from + PAGE)
}

/// A page of a table, which has all rows or is that `part` already: which row comes first, of how many.
fn table_view(table: &Table, part: Option<(usize, usize)>, query: &KpiQuery) -> TableView {
    let shown: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.heading.is_empty())
        .map(|(place, _)| place)
        .collect();
    let heads = shown.iter().filter_map(|place| table.columns.get(*place)).map(|column| {
        let here = query.sort.as_deref() == Some(column.key);
        HeadView {
            text: column.heading,
            href: query.sorted_by(column.key, column.numeric),
            numeric: column.numeric,
            aria_sort: here.then_some(if query.descending { "descending" } else { "ascending" }),
            arrow: match (here, query.descending) {
                (true, true) => "▼",
                (true, false) => "▲",
                (false, _) => "",
            },
        }
    });
    let heads = heads.collect();
    let (first, all) = part.unwrap_or((0, table.rows.len()));
    let count = all.div_ceil(PAGE).max(1);
    let page = query.page.min(count);
    let from = rows_of_page(all, page).start;
    let cell = |row: &crate::formats::table::TableRow, place: usize| {
        let found: &Cell = row.cells.get(place)?;
        Some(CellView {
            shown: found.shown.clone(),
            beside: found.beside.clone(),
            mark: found.mark,
            numeric: table.columns.get(place).is_some_and(|column| column.numeric),
            first: place == 0,
        })
    };
    let rows: Vec<RowView> = table
        .rows
        .iter()
        .skip(from - first)
        .take(PAGE)
        .map(|row| RowView { own: row.own, cells: shown.iter().filter_map(|place| cell(row, *place)).collect() })
        .collect();
    TableView {
        caption: table.caption.clone(),
        heads,
        pages: (count > 1).then(|| format!("Rows {} to {} of {}", from + 1, from + rows.len(), all)),
        before: (page > 1).then(|| query.at_page(page - 1)),
        after: (page < count).then(|| query.at_page(page + 1)),
        rows,
    }
}

#[derive(Debug, Serialize)]
struct ViewPage {
    names: String,
    heading: String,
    view: &'static str,
    statement: String,
    action: String,
    fields: Vec<Field>,
    cut: String,
    sort: String,
    order: &'static str,
    empty: Option<String>,
    chart: Option<[String; 2]>,
    table: TableView,
    /// The table is what the page is about, and stands open.
    table_first: bool,
    figures: Vec<FigureLine>,
    rule: String,
    notes: Vec<String>,
    excluded: Vec<ExcludedLine>,
    picture: String,
    file: String,
    others: Vec<Link>,
    kpis: Vec<Link>,
    index: String,
}

#[derive(Debug, Serialize)]
struct FigureLine {
    name: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct ExcludedLine {
    service: String,
    why: String,
}

pub(super) fn select(name: &'static str, label: &'static str, choices: Vec<(String, String)>, now: &str) -> Field {
    let choices = choices.into_iter().map(|(value, text)| Choice { selected: value == now, value, text }).collect();
    Field { name, label, is_text: false, value: String::new(), choices }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect()
}

/// The years of the rounds, and that which is asked for.
pub(super) fn year_field(rounds: &[Round], year: i32) -> Field {
    let mut years: Vec<i32> = rounds.iter().map(|round| round.year).chain([year]).collect();
    years.sort_unstable();
    years.dedup();
    let years = years.iter().rev().map(|year| (year.to_string(), year.to_string())).collect();
    select("year", "Audit year", years, &year.to_string())
}

/// Every area, by kind and name.
pub(super) fn area_field(app: &App, who: &Principal, now: Option<&str>) -> Result<Field, AppError> {
    let tree = register::area_tree(app, who, None)?;
    let mut areas: Vec<(AreaKind, String, String)> =
        tree.iter().map(|area| (area.kind, area.name.clone(), area.code.clone())).collect();
    areas.sort();
    let mut choices = vec![(String::new(), "All areas".to_owned())];
    choices.extend(areas.into_iter().map(|(_, name, code)| (code, name)));
    Ok(select("area", "Area", choices, now.unwrap_or_default()))
}

/// Where services are based.
pub(super) fn setting_field(now: Option<&str>) -> Field {
    let mut settings = vec![("", "All settings")];
    settings.extend(SETTINGS);
    select("setting", "Setting", pairs(&settings), now.unwrap_or_default())
}

/// How many records services have.
pub(super) fn size_field(now: Option<Size>) -> Field {
    let mut sizes = vec![("", "All sizes")];
    sizes.extend(Size::ALL.map(|size| (size.as_str(), size.label())));
    select("size", "Size", pairs(&sizes), now.map(Size::as_str).unwrap_or_default())
}

fn fields(app: &App, who: &Principal, query: &KpiQuery, rounds: &[Round]) -> Result<Vec<Field>, AppError> {
    let kind = query.kind;
    let mut fields = Vec::new();
    if !matches!(kind, Kind::RunChart | Kind::Distribution) {
        fields.push(year_field(rounds, query.year));
    }
    let by_services = matches!(
        kind,
        Kind::Benchmark | Kind::Funnel | Kind::Distribution | Kind::Grades | Kind::HeatMap | Kind::Scoreboard
    );
    if by_services || kind == Kind::Cascade {
        fields.push(area_field(app, who, query.area.as_deref())?);
    }
    if by_services {
        fields.push(setting_field(query.setting.as_deref()));
        fields.push(size_field(query.size));
    }
    if matches!(kind, Kind::Benchmark | Kind::Funnel | Kind::HeatMap | Kind::Scoreboard) {
        let choices = [("", "All that count"), ("1", "Only those that count in the year before too")];
        fields.push(select("matched", "Services", pairs(&choices), if query.matched { "1" } else { "" }));
    }
    if kind == Kind::Funnel && !matches!(query.kpi, 2 | 3) {
        let scales = [("arcsine", "Arcsine"), ("score", "Score")];
        fields.push(select("scale", "Scale of the limits", pairs(&scales), query.scale_word()));
        let spreads =
            [("additive", "Additive (the rule)"), ("multiplicative", "Multiplicative"), ("none", "None: chance alone")];
        fields.push(select("overdispersion", "Spread between services", pairs(&spreads), query.overdispersion_word()));
    }
    if kind == Kind::RunChart {
        let methods = [("", "Run chart (Anhøj)"), ("xmr", "XmR chart")];
        fields.push(select("method", "Method", pairs(&methods), if query.xmr { "xmr" } else { "" }));
    }
    let label = match kind {
        Kind::RunChart | Kind::Cascade | Kind::Strata => Some("Code of a service"),
        Kind::Grades | Kind::Map => None,
        _ => Some("Ring a service (its code)"),
    };
    if let Some(label) = label {
        let value = query.service.clone().unwrap_or_default();
        fields.push(Field::text("service", label, value));
    }
    Ok(fields)
}

fn file_name(query: &KpiQuery, extension: &str) -> String {
    let kpi = if query.kind.is_of_one_kpi() { format!("-kpi-{}", query.kpi) } else { String::new() };
    let service = query.service.as_deref().unwrap_or_default();
    let service: String = service.chars().filter(char::is_ascii_alphanumeric).collect();
    let service = if service.is_empty() { service } else { format!("-{service}") };
    format!("{}{kpi}{service}-{}.{extension}", query.kind.as_str(), query.year)
}

/// The KPIs as a picture or a file; nobody else may keep a copy.
pub(super) fn download(body: impl Into<poem::Body>, media: &str, name: &str) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, media)
        .header(header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}

/// Other views of the year, and the same view of other KPIs.
fn links(query: &KpiQuery, names: &[(i32, String)]) -> (Vec<Link>, Vec<Link>) {
    let others = Kind::ALL.into_iter().filter(|kind| !kind.is_of_one_kpi() || kind.has_kpi(query.kpi));
    let others = others
        .map(|kind| Link { href: query.of_kind(kind), text: kind.label().to_owned(), current: kind == query.kind })
        .collect();
    let kpis = names
        .iter()
        .filter(|(kpi, _)| query.kind.is_of_one_kpi() && query.kind.has_kpi(*kpi))
        .map(|(kpi, name)| Link {
            href: KpiQuery { kpi: *kpi, sort: None, page: 1, ..query.clone() }.address(Form::Page),
            text: format!("{kpi} {name}"),
            current: *kpi == query.kpi,
        })
        .collect();
    (others, kpis)
}

/// `GET /kpis/…`: every view, as a page, a picture or a file.
#[handler]
pub(super) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
    Query(raw): Query<RawQuery>,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let path = request.uri().path();
    let (kind, kpi, form) =
        Kind::of_path(path).ok_or_else(|| PageError::not_found("There is no such view of the KPIs."))?;
    let query = KpiQuery::read(kind, kpi, &raw, &rounds)?;
    let (who, asked) = (reader.who.clone(), query.clone());
    let (view, fields, names) = web
        .app
        .run(move |app| {
            let view = make(&Ask::new(app, &who, &asked, form))?;
            let method = definitions(app, &who, asked.year)?;
            let names: Vec<(i32, String)> = method.kpis.iter().map(|kpi| (kpi.kpi, kpi.name.clone())).collect();
            let fields = if form == Form::Page { fields(app, &who, &asked, &rounds)? } else { Vec::new() };
            Ok((view, fields, names))
        })
        .await
        .map_err(PageError::from)?;
    match form {
        Form::Picture => {
            let drawing = view.drawings.as_ref().map(|[wide, _]| wide.standalone(&view.caption));
            let svg = drawing.ok_or_else(|| PageError::not_found("This view has no chart."))?;
            Ok(download(svg, "image/svg+xml; charset=utf-8", &file_name(&query, "svg")))
        }
        Form::File => {
            let csv = view.table.csv().map_err(|error| PageError::internal(error.to_string()))?;
            Ok(download(csv, "text/csv; charset=utf-8", &file_name(&query, "csv")))
        }
        Form::Page => {
            // A view of all KPIs says in its heading which it is.
            let title = if kind.is_of_one_kpi() {
                format!("{}, {}", view.heading, kind.label().to_lowercase())
            } else {
                format!("{}, {}", view.heading, query.year)
            };
            let page = page(view, fields, &query, &names);
            web.page("kpi_view", &Page::new(&reader.reader, &title, page).wide())
        }
    }
}

fn page(view: View, fields: Vec<Field>, query: &KpiQuery, names: &[(i32, String)]) -> ViewPage {
    let (others, kpis) = links(query, names);
    let chart = |drawing: &Drawing| drawing.inline("chart", &view.caption);
    let drawn = view.drawings.as_ref().filter(|_| view.empty.is_none());
    let plain = KpiQuery { sort: None, page: 1, ..query.clone() };
    ViewPage {
        names: capitalised(&format!("audit year {}", query.year)),
        view: query.kind.label(),
        action: plain.address(Form::Page).split('?').next().unwrap_or_default().to_owned(),
        cut: query.cut.clone().unwrap_or_default(),
        sort: query.sort.clone().unwrap_or_default(),
        order: if query.sort.is_some() && query.descending { "descending" } else { "" },
        chart: drawn.map(|drawings| [chart(&drawings[0]), chart(&drawings[1])]),
        table: table_view(&view.table, view.part, query),
        table_first: matches!(query.kind, Kind::Benchmark | Kind::Scoreboard),
        figures: view.figures.into_iter().map(|(name, value)| FigureLine { name, value }).collect(),
        excluded: view.excluded.into_iter().map(|(service, why)| ExcludedLine { service, why }).collect(),
        picture: query.address(Form::Picture),
        file: query.address(Form::File),
        index: format!("/kpis?year={}", query.year),
        heading: view.heading,
        statement: view.statement,
        fields,
        empty: view.empty,
        rule: view.rule,
        notes: view.notes,
        others,
        kpis,
    }
}
