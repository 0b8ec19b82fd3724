//! The business case for one service: a page that prints as a paper, its text to copy, and its options as a file.

use poem::http::{StatusCode, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde::Serialize;

use super::Web;
use super::costs::benefits;
use super::costs::query::{Asked, given};
use super::costs::{Problem, assumption_fields, csv};
use super::errors::PageError;
use super::forms::{Posted, address};
use super::kpis::{Field, year_field};
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::SignedInReader;
use crate::app::AppError;
use crate::app::business_case::{self, BusinessCaseQuery, BusinessCaseReport};
use crate::app::error::InputProblem;
use crate::app::scenarios::SavedScenario;
use crate::domain::workforce::benefit::BenefitChoice;
use crate::domain::workforce::business_case::{CaseOption, OptionOnBasis, Part};
use crate::domain::workforce::closing::Ends;
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::gap::GapRow;
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::standard::Role;
use crate::formats::display::{capitalised, wte_range};
use crate::formats::table::{Cell, Column, Table, TableRow};

/// The address of a service's business case.
pub(super) fn href(year: i32, service: &str) -> String {
    address(&format!("/gaps/business-case/{service}"), &[("year", &year.to_string())])
}

/// What is read for the page and its files.
struct Loaded {
    asked: Asked,
    report: BusinessCaseReport,
    fields: Vec<Field>,
    offered: Vec<SavedScenario>,
    named: Vec<String>,
    benefit: Option<BenefitChoice>,
    problems: Vec<InputProblem>,
}

async fn load(web: &Web, reader: &SignedInReader, request: &Request, service: String) -> Result<Loaded, PageError> {
    let rounds = web.rounds(reader).await?;
    let form = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let asked = Asked::read(&form, &rounds)?;
    let who = reader.who.clone();
    let loaded = web.app.run(move |app| {
        let named: Vec<String> = form.all("scenario").iter().filter(|id| !id.is_empty()).cloned().collect();
        let (benefit, mut problems) = match benefits::read(&form) {
            Ok(benefit) => (benefit, Vec::new()),
            Err(problems) => (None, problems),
        };
        let mut query = BusinessCaseQuery {
            year: asked.year,
            service: service.to_uppercase(),
            standard: asked.standard.clone(),
            costing: asked.costing.clone(),
            benefit,
            scenarios: named.clone(),
        };
        let report = match business_case::of_service(app, &who, &query) {
            // The paper stands without the benefits that cannot be worked out.
            Err(AppError::Invalid(found)) if query.benefit.is_some() => {
                query.benefit = None;
                problems.extend(found);
                business_case::of_service(app, &who, &query)?
            }
            found => found?,
        };
        let mut fields = vec![year_field(&rounds, asked.year)];
        fields.extend(assumption_fields(app, &who, &asked)?);
        fields.push(benefits::field(&app.reference().benefits, given(&form, "benefit").unwrap_or_default()));
        let offered = business_case::offered(app, &who, asked.year, &report.service.0)?;
        Ok(Loaded { asked, report, fields, offered, named, benefit: query.benefit, problems })
    });
    Ok(loaded.await?)
}

impl Loaded {
    /// The address of one of its files, with all that was asked.
    fn file(&self, name: &str) -> String {
        let path = format!("/gaps/business-case/{}/{name}", self.report.service.0);
        let coefficients: Vec<(String, String)> = self
            .benefit
            .iter()
            .flat_map(|choice| &choice.own)
            .map(|(key, value)| (format!("{}{key}", benefits::COEFFICIENT), value.to_string()))
            .collect();
        let mut fields: Vec<(&str, &str)> = self.named.iter().map(|id| ("scenario", id.as_str())).collect();
        fields.extend(self.benefit.iter().map(|choice| ("benefit", choice.model.as_str())));
        fields.extend(coefficients.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.asked.address(&path, &fields)
    }
}

#[derive(Debug, Serialize)]
struct SectionView {
    id: &'static str,
    heading: &'static str,
    sentences: Vec<String>,
    /// The table under them.
    table: Option<PlainTable>,
    /// The coefficients that can be changed here.
    coefficients: Vec<Coefficient>,
    /// What is missing stands out.
    is_missing: bool,
    /// The first sentences of the need are what the paper opens with.
    opening: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Coefficient {
    id: String,
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct Offered {
    id: String,
    name: String,
    checked: bool,
}

#[derive(Debug, Serialize)]
struct CasePage {
    title: String,
    names: String,
    action: String,
    fields: Vec<Field>,
    scenarios: Vec<Offered>,
    new_scenario: String,
    problems: Vec<Problem>,
    sections: Vec<SectionView>,
    text: String,
    text_file: String,
    options_file: String,
    links: Vec<[String; 2]>,
}

fn wte(value: Option<f64>) -> Cell {
    match value {
        Some(_) => Cell::number(value, display_wte),
        None => Cell::missing("not known"),
    }
}

/// A range of WTE: shown in the cell of its low end.
fn ends(range: Option<Ends<f64>>) -> [Cell; 2] {
    match range {
        Some(range) => [
            Cell::number(Some(range.low), |_| wte_range(range.low, range.high)),
            Cell::number(Some(range.high), display_wte),
        ],
        None => [Cell::missing("not known"), Cell::missing("not known")],
    }
}

fn pounds(pounds: Option<Pounds>) -> Cell {
    pounds.map_or_else(|| Cell::missing("not known"), |pounds| Cell::number(Some(pounds.0), |_| pounds.shown()))
}

/// Need, staff and gap of each role, each basis beside the other.
fn gaps_table(rows: &[GapRow]) -> Table {
    let range = |low: Option<f64>, high: Option<f64>| ends(low.zip(high).map(|(low, high)| Ends { low, high }));
    let row = |role: Role| {
        let first = rows.first().map(|row| *row.role(role));
        let mut cells = vec![
            Cell::text(role.as_str()).shown_as(&capitalised(role.plural())),
            wte(first.and_then(|gap| gap.in_post)),
            wte(first.and_then(|gap| gap.establishment)),
        ];
        for gap in rows.iter().map(|row| row.role(role)) {
            cells.extend(range(gap.need_low, gap.need_high));
            cells.extend(range(gap.gap_low, gap.gap_high));
        }
        TableRow { cells, own: false }
    };
    Table {
        caption: "Need, staff and gap on both populations, WTE".into(),
        columns: vec![
            Column::text("role", "WTE"),
            Column::number("in_post", "In post"),
            Column::number("funded", "Funded"),
            Column::number("need_low_as_reported", "Need, all ages"),
            Column::number("need_high_as_reported", ""),
            Column::number("gap_low_as_reported", "Gap, all ages"),
            Column::number("gap_high_as_reported", ""),
            Column::number("need_low_aged_50_plus", "Need, 50+"),
            Column::number("need_high_aged_50_plus", ""),
            Column::number("gap_low_aged_50_plus", "Gap, 50+"),
            Column::number("gap_high_aged_50_plus", ""),
        ],
        rows: Role::ALL.into_iter().map(row).collect(),
    }
}

/// The options on both populations: what they put in post, what gap they leave, what they cost.
fn options_table(report: &BusinessCaseReport, year: i32) -> Table {
    let row = |option: &CaseOption, on: &OptionOnBasis| {
        let mut cells = vec![
            Cell::text(&option.key).shown_as(&option.name).with(on.basis.label()),
            Cell::text(&option.name),
            Cell::text(on.basis.as_str()),
            wte(on.nurses.added),
        ];
        cells.extend(ends(on.nurses.left));
        cells.push(wte(on.administrators.added));
        cells.extend(ends(on.administrators.left));
        cells.extend([pounds(on.cost), pounds(on.new_money)]);
        cells.push(Cell::text(&report.service.0));
        cells.push(Cell::text(year.to_string()));
        cells.push(Cell::text(if report.case.synthetic { "synthetic" } else { "" }));
        TableRow { cells, own: false }
    };
    let options = report.case.options.iter();
    Table {
        caption: "What each option puts in post, leaves and costs a year".into(),
        columns: vec![
            Column::text("option", "Option and population"),
            Column::text("name", ""),
            Column::text("basis", ""),
            Column::number("nurse_added_wte", "Nurses added"),
            Column::number("nurse_left_low_wte", "Nurse gap left"),
            Column::number("nurse_left_high_wte", ""),
            Column::number("administrator_added_wte", "Administrators added"),
            Column::number("administrator_left_low_wte", "Administrator gap left"),
            Column::number("administrator_left_high_wte", ""),
            Column::number("cost_gbp", "Cost a year"),
            Column::number("new_money_gbp", "Of it new money"),
            Column::text("service", ""),
            Column::text("year", ""),
            Column::text("synthetic", ""),
        ],
        rows: options.flat_map(|option| option.on.iter().map(move |on| row(option, on))).collect(),
    }
}

fn sections(loaded: &Loaded) -> Vec<SectionView> {
    let report = &loaded.report;
    let of = |section: &crate::domain::workforce::business_case::CaseSection| {
        let part = section.part;
        // The figures of the options stand in their table.
        let in_table = part == Part::Options;
        let sentences = section.sentences.iter().filter(|said| !in_table || said.facts.is_empty());
        let mut sentences: Vec<String> = sentences.map(|said| said.text.clone()).collect();
        // Somebody who reads no further has read what holds on every reading.
        let opening: usize = report.case.readings.iter().map(|readings| readings.said().len()).sum();
        let rest = sentences.split_off(if part == Part::Need { opening.min(sentences.len()) } else { 0 });
        let benefits = report.benefits.iter().filter(|_| part == Part::Benefit);
        SectionView {
            id: part.as_str(),
            heading: part.heading(),
            opening: sentences,
            sentences: rest,
            table: match part {
                Part::Gap => Some((&gaps_table(&report.costs.gaps.rows)).into()),
                Part::Options => Some((&options_table(report, loaded.asked.year)).into()),
                _ => None,
            },
            coefficients: benefits
                .flat_map(|report| &report.benefits)
                .map(|benefit| Coefficient {
                    id: format!("{}{}", benefits::COEFFICIENT, benefit.effect.key),
                    name: benefit.effect.name.clone(),
                    value: benefit.effect.value.to_string(),
                })
                .collect(),
            is_missing: part == Part::Missing,
        }
    };
    report.case.sections.iter().map(of).collect()
}

/// `GET /gaps/business-case/:service`
#[handler]
pub(super) async fn page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(service): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let loaded = load(web, &reader, request, service).await?;
    let (code, year) = (loaded.report.service.0.clone(), loaded.asked.year.to_string());
    let of_year = [("year", year.as_str())];
    let of_service = [("year", year.as_str()), ("service", code.as_str())];
    let link = |words: &str, href: String| [words.to_owned(), href];
    let view = CasePage {
        title: loaded.report.case.title.clone(),
        names: loaded.report.case.names.clone(),
        action: format!("/gaps/business-case/{code}"),
        scenarios: loaded
            .offered
            .iter()
            .map(|saved| Offered {
                id: saved.id.clone(),
                name: saved.name.clone(),
                checked: loaded.named.contains(&saved.id),
            })
            .collect(),
        new_scenario: address("/scenarios/new", &of_service),
        problems: Problem::all(&loaded.problems),
        sections: sections(&loaded),
        text: loaded.report.case.text(),
        text_file: loaded.file("text.txt"),
        options_file: loaded.file("options.csv"),
        links: vec![
            link("Staffing gap", address("/gaps", &of_year)),
            link("What closing it costs", loaded.asked.address("/gaps/costs", &[])),
            link("Staff needed by three views", address("/demand", &of_service)),
        ],
        fields: loaded.fields,
    };
    let wrong = !loaded.problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = view.title.clone();
    web.page_with(status, "business_case", &Page::new(&reader.reader, &title, view).wide().with_errors(wrong))
}

/// `GET /gaps/business-case/:service/text.txt`
#[handler]
pub(super) async fn text(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(service): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let loaded = load(web, &reader, request, service).await?;
    if !loaded.problems.is_empty() {
        return Err(PageError::from(AppError::Invalid(loaded.problems)).into());
    }
    let name = format!("business-case-{}-{}.txt", loaded.report.service.0, loaded.asked.year);
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(loaded.report.case.text()))
}

/// `GET /gaps/business-case/:service/options.csv`
#[handler]
pub(super) async fn options_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(service): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let loaded = load(web, &reader, request, service).await?;
    let table = options_table(&loaded.report, loaded.asked.year);
    let name = format!("business-case-{}-{}.csv", loaded.report.service.0, loaded.asked.year);
    Ok(csv(&table, &name)?)
}
