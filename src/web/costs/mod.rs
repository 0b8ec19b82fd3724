//! What closing the staffing gap costs: services and areas, to the lowest and to the highest need, on both bases, with
//! every price and where it comes from.

pub(super) mod benefits;
pub(super) mod query;
mod tables;

use std::collections::BTreeSet;

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use self::benefits::BenefitView;
use self::query::{Asked, given};
use super::Web;
use super::errors::PageError;
use super::forms::Posted;
use super::gaps::reachable_areas;
use super::kpis::{Field, download, select, year_field};
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::SignedInReader;
use crate::app::error::InputProblem;
use crate::app::{App, AppError, costs, standards};
use crate::domain::access::Principal;
use crate::domain::area::AreaTree;
use crate::domain::round::Round;
use crate::domain::workforce::benefit::{BenefitChoice, BenefitReport};
use crate::domain::workforce::closing::CostReport;
use crate::domain::workforce::cost::BANDS;
use crate::domain::workforce::standard::Basis;
use crate::formats::display::{capitalised, day};
use crate::formats::table::Table;

/// What is wrong with a field.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    href: String,
    text: String,
}

impl Problem {
    /// Problems as the summary over a form has them, each with a link to its field.
    pub(super) fn all(problems: &[InputProblem]) -> Vec<Self> {
        let one = |problem: &InputProblem| Self { href: format!("#{}", problem.field), text: problem.message.clone() };
        problems.iter().map(one).collect()
    }
}

/// The page.
#[derive(Debug, Serialize)]
struct CostsPage {
    names: String,
    place: String,
    statement: String,
    fields: Vec<Field>,
    geography_as_at: String,
    /// What there is to do where nothing is priced.
    empty: Option<String>,
    areas: PlainTable,
    services: PlainTable,
    files: Vec<[String; 2]>,
    gaps: String,
    funding: String,
    uncovered: String,
    problems: Vec<Problem>,
    benefit: Option<BenefitView>,
    notes: Vec<String>,
}

/// The fields that say whose gaps are planned for and how posts are priced.
pub(super) fn plan_fields(app: &App, who: &Principal, asked: &Asked, rounds: &[Round]) -> Result<Vec<Field>, AppError> {
    let (tree, reachable) = reachable_areas(app, who, asked.year, asked.geography_as_at)?;
    let mut areas: Vec<_> = reachable.iter().filter_map(|code| tree.get(code)).collect();
    areas.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    let mut choices = vec![(String::new(), "All that you can see".to_owned())];
    choices.extend(areas.into_iter().map(|area| (area.code.clone(), area.name.clone())));
    let mut fields = vec![
        year_field(rounds, asked.year),
        select("area", "Area", choices, asked.area.as_deref().unwrap_or_default()),
    ];
    fields.extend(assumption_fields(app, who, asked)?);
    Ok(fields)
}

/// The fields that say by which standard needs are read and how posts are priced.
pub(super) fn assumption_fields(app: &App, who: &Principal, asked: &Asked) -> Result<Vec<Field>, AppError> {
    let reference = app.reference();
    let assumptions = &reference.cost_assumptions;
    let standards = standards::list(app, who)?.into_iter().map(|listed| {
        let name = if listed.published { listed.standard.name } else { format!("{} (draft)", listed.standard.name) };
        (listed.standard.id, name)
    });
    let mut standard_choices = vec![(String::new(), "That of the round".to_owned())];
    standard_choices.extend(standards);
    let choice = &asked.costing;
    let word = |chosen: &Option<String>, assumed: &str| chosen.clone().unwrap_or_else(|| assumed.to_owned());
    let pay_year = word(&choice.pay_year, &assumptions.pay_year);
    let mut years: BTreeSet<&str> = reference.pay.iter().map(|point| point.pay_year.as_str()).collect();
    years.insert(&pay_year);
    let years = years.into_iter().rev().map(|year| (year.to_owned(), year.to_owned())).collect();
    let supplements =
        assumptions.supplements.iter().map(|one| (one.key.clone(), format!("{} ({}%)", one.name, one.share * 100.0)));
    let bands = || BANDS.into_iter().map(|band| (band.to_owned(), format!("Band {band}"))).collect();
    Ok(vec![
        select("standard", "Standard", standard_choices, asked.standard.as_deref().unwrap_or_default()),
        select("pay_year", "Pay year", years, &pay_year),
        Field::text(
            "on_cost",
            "On-costs (pay times)",
            choice.on_cost.unwrap_or(assumptions.on_cost.multiplier).to_string(),
        ),
        select(
            "supplement",
            "High-cost area supplement",
            supplements.collect(),
            &word(&choice.supplement, assumptions.supplements.first().map_or("", |first| first.key.as_str())),
        ),
        select("nurse_band", "Band of nurses", bands(), &word(&choice.nurse_band, &assumptions.bands.nurse)),
        select(
            "administrator_band",
            "Band of administrators",
            bands(),
            &word(&choice.administrator_band, &assumptions.bands.administrator),
        ),
    ])
}

/// The bases to show.
fn basis_field(now: Option<Basis>) -> Field {
    let mut choices = vec![(String::new(), "Both".to_owned())];
    choices.extend(Basis::ALL.map(|basis| (basis.as_str().to_owned(), basis.label().to_owned())));
    select("basis", "Population", choices, now.map(Basis::as_str).unwrap_or_default())
}

/// What every plan says of what it rests on: the standard, its bases, the prices, the geography.
pub(super) fn plan_notes(report: &CostReport) -> Vec<String> {
    let gaps = &report.gaps;
    let standard = &gaps.standard;
    let mut notes = vec![
        format!("Standard: {}. {}.", standard.name, standard.source.trim_end_matches('.')),
        format!("{} {}", standard.basis_words(), standard.basis_note).trim_end().to_owned(),
    ];
    notes.extend(report.costing.notes());
    notes.push(format!(
        "Staff as at {}; areas as at {}. A service counts in its host area alone.",
        day(gaps.round.staffing_as_at),
        day(gaps.geography_as_at)
    ));
    notes
}

/// Where a plan is for, in words.
pub(super) fn place(report: &CostReport) -> &str {
    report.gaps.area.as_ref().map_or("all services that you can see", |(_, name)| name.as_str())
}

/// What is read for the page and its files.
struct Loaded {
    asked: Asked,
    report: CostReport,
    tree: AreaTree,
    fields: Vec<Field>,
    /// What the gap may bring, where it is asked for; or what of that question cannot be used.
    benefit: Result<Option<(BenefitChoice, BenefitReport)>, Vec<InputProblem>>,
}

async fn load(web: &Web, reader: &SignedInReader, request: &Request) -> Result<Loaded, PageError> {
    let rounds = web.rounds(reader).await?;
    let form = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let asked = Asked::read(&form, &rounds)?;
    let who = reader.who.clone();
    let loaded = web.app.run(move |app| {
        let report = costs::report(app, &who, &asked.query())?;
        let mut fields = plan_fields(app, &who, &asked, &rounds)?;
        fields.insert(3, basis_field(asked.basis));
        let tree = crate::app::register::area_tree(app, &who, asked.geography_as_at)?;
        fields.push(benefits::field(&app.reference().benefits, given(&form, "benefit").unwrap_or_default()));
        let choice = benefits::read(&form);
        let benefit = match choice {
            Ok(None) => Ok(None),
            Ok(Some(choice)) => match costs::benefits(app, &report, &choice) {
                Ok(benefits) => Ok(Some((choice, benefits))),
                Err(AppError::Invalid(problems)) => Err(problems),
                Err(error) => return Err(error),
            },
            Err(problems) => Err(problems),
        };
        Ok(Loaded { asked, report, tree, fields, benefit })
    });
    Ok(loaded.await?)
}

fn own_services(reader: &SignedInReader) -> BTreeSet<String> {
    reader.who.own_services().map(ToOwned::to_owned).collect()
}

/// `GET /gaps/costs`
#[handler]
pub(super) async fn page(Data(web): Data<&Web>, reader: SignedInReader, request: &Request) -> poem::Result<Response> {
    let Loaded { asked, report, tree, fields, benefit } = load(web, &reader, request).await?;
    let (benefit, problems) = match benefit {
        Ok(benefit) => (benefit, Vec::new()),
        Err(problems) => (None, problems),
    };
    let link = |text: &str, path: &str| [text.to_owned(), asked.address(path, &[])];
    let mut notes = vec![
        "A cost is of shortfalls: what a service has beyond its need pays for nobody else. The first figure is to the \
         lowest need that the standard gives, the second to the highest. Costs are a year’s, printed to the nearest £100."
            .to_owned(),
        "New money is the part of a cost for which no funded post stands vacant; the other part is in budgets already. It \
         is over the services that gave their establishment."
            .to_owned(),
    ];
    notes.extend(plan_notes(&report));
    let view = CostsPage {
        names: capitalised(&report.gaps.round.names()),
        place: place(&report).to_owned(),
        statement: report.statement(),
        geography_as_at: asked.geography_as_at.map(|day| day.to_string()).unwrap_or_default(),
        empty: report.gaps.rows.is_empty().then(|| {
            format!(
                "There is no service for audit year {} in what you chose. Choose another area or year above.",
                asked.year
            )
        }),
        areas: (&tables::areas(&report, asked.basis)).into(),
        services: (&tables::services(&report, &tree, asked.basis, &own_services(&reader))).into(),
        files: vec![
            link("Services as a CSV file", "/gaps/costs/services.csv"),
            link("Areas as a CSV file", "/gaps/costs/areas.csv"),
        ],
        gaps: asked.address("/gaps", &[]),
        funding: asked.address("/funding", &[]),
        uncovered: asked.address("/gaps/uncovered", &[]),
        benefit: benefit.as_ref().map(|(choice, report)| {
            BenefitView::new(report, benefits::address(&asked, "/gaps/costs/benefits.csv", choice))
        }),
        problems: Problem::all(&problems),
        fields,
        notes,
    };
    let title = format!("Cost of the staffing gap, audit year {}", asked.year);
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    web.page_with(status, "costs", &Page::new(&reader.reader, &title, view).wide().with_errors(wrong))
}

/// `GET /gaps/costs/benefits.csv`
#[handler]
pub(super) async fn benefits_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let Loaded { asked, report, benefit, .. } = load(web, &reader, request).await?;
    let benefit = benefit.map_err(|problems| PageError::from(AppError::Invalid(problems)))?;
    let Some((_, found)) = benefit else {
        return Err(PageError::bad_request("Choose benefits to have them as a file.".to_owned()).into());
    };
    let table = benefits::table(&found, asked.year, report.gaps.synthetic);
    Ok(csv(&table, &format!("staffing-benefits-{}.csv", asked.span()))?)
}

/// A table as a file.
pub(super) fn csv(table: &Table, name: &str) -> Result<Response, PageError> {
    let bytes = table.csv().map_err(|error| PageError::internal(error.to_string()))?;
    Ok(download(bytes, "text/csv; charset=utf-8", name))
}

/// `GET /gaps/costs/services.csv`
#[handler]
pub(super) async fn services_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let Loaded { asked, report, tree, .. } = load(web, &reader, request).await?;
    let table = tables::services(&report, &tree, asked.basis, &own_services(&reader));
    Ok(csv(&table, &format!("staffing-costs-{}.csv", asked.span()))?)
}

/// `GET /gaps/costs/areas.csv`
#[handler]
pub(super) async fn areas_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let Loaded { asked, report, .. } = load(web, &reader, request).await?;
    Ok(csv(&tables::areas(&report, asked.basis), &format!("staffing-costs-areas-{}.csv", asked.span()))?)
}
