//! Who is seen by nobody: hospitals in no service, the cases to be expected from them, and what a service for them would
//! need, beside the gap of the area.

use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use super::Web;
use super::costs::query::Asked;
use super::costs::{csv, place, plan_fields, plan_notes};
use super::errors::PageError;
use super::forms::Posted;
use super::kpis::Field;
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::SignedInReader;
use crate::app::uncovered::{self, UncoveredReport};
use crate::domain::area::AreaTree;
use crate::domain::workforce::closing::Ends;
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::standard::Role;
use crate::domain::workforce::sums::SumKind;
use crate::domain::workforce::uncovered::{FEWEST_SERVICES, PeoplePerHip, UncoveredArea};
use crate::formats::display::{capitalised, people, thousands, wte_range};
use crate::formats::table::{Cell, Column, Table, TableRow};

#[derive(Debug, Serialize)]
struct UncoveredPage {
    names: String,
    place: String,
    statement: String,
    fields: Vec<Field>,
    geography_as_at: String,
    has_hospitals: bool,
    areas: PlainTable,
    hospitals: PlainTable,
    files: Vec<[String; 2]>,
    gaps: String,
    funding: String,
    notes: Vec<String>,
}

fn range(ends: Option<Ends<f64>>) -> [Cell; 2] {
    match ends {
        Some(ends) => [
            Cell::number(Some(ends.low), |_| wte_range(ends.low, ends.high)),
            Cell::number(Some(ends.high), |wte| wte.to_string()),
        ],
        None => [Cell::missing("–"), Cell::missing("–")],
    }
}

fn count(n: Option<i64>) -> Cell {
    match n {
        Some(_) => Cell::count(n),
        None => Cell::missing("not known"),
    }
}

fn area_row(report: &UncoveredReport, area: &UncoveredArea) -> TableRow {
    let (sum, new) = (&area.sum, area.new_service.as_ref());
    let unmapped = sum.unmapped;
    let all_unknown = unmapped.hospitals == unmapped.without_figure;
    let known = |n: i64| (!all_unknown).then_some(n);
    let kind = if sum.kind == SumKind::All { "" } else { sum.kind.label() };
    let without = match unmapped.without_figure {
        0 => String::new(),
        n => format!("{n} without a figure"),
    };
    let mut cells = vec![
        Cell::text(&sum.code).shown_as(&sum.name).with(kind),
        Cell::text(&sum.name),
        Cell::text(sum.basis.as_str()).shown_as(sum.basis.label()),
        count(i64::try_from(unmapped.hospitals).ok()).with(without),
        count(known(area.hip_fractures)),
        count(known(unmapped.expected_cases)),
        match new {
            Some(new) => Cell::number(Some(new.people), people),
            None => Cell::missing("cannot be said"),
        },
    ];
    for role in Role::ALL {
        cells.extend(range(new.map(|new| new.need(role))));
    }
    match new.and_then(|new| new.cost) {
        Some(cost) => cells.extend([
            Cell::number(Some(cost.low.0), |_| cost.shown()),
            Cell::number(Some(cost.high.0), |pounds| Pounds(pounds).shown()),
        ]),
        None => cells.extend([Cell::missing(if new.is_some() { "not priced" } else { "–" }), Cell::missing("")]),
    }
    for role in Role::ALL {
        let gap = sum.role(role);
        let gap = (gap.services_counted > 0).then_some(Ends { low: gap.shortfall_low, high: gap.shortfall_high });
        cells.extend(range(gap));
    }
    let gaps = &report.costs.gaps;
    cells.extend([
        Cell::text(gaps.round.year.to_string()),
        Cell::text(&gaps.standard.id),
        Cell::text(&report.costs.costing.pay_year),
        Cell::text(if gaps.synthetic { "synthetic" } else { "" }),
    ]);
    TableRow { cells, own: false }
}

fn areas(report: &UncoveredReport) -> Table {
    let number = [
        ("hospitals", "Hospitals in no service"),
        ("hip_fractures", "Hip fractures"),
        ("expected_cases", "Expected cases"),
        ("people", "People, from the hip fractures"),
        ("nurse_need_low", "New service: nurse WTE"),
        ("nurse_need_high", ""),
        ("administrator_need_low", "New service: administrator WTE"),
        ("administrator_need_high", ""),
        ("cost_low", "Its cost a year"),
        ("cost_high", ""),
        ("nurse_shortfall_low", "Nurses short in the services there are"),
        ("nurse_shortfall_high", ""),
        ("administrator_shortfall_low", "Administrators short in them"),
        ("administrator_shortfall_high", ""),
    ];
    let mut columns = vec![Column::text("area", "Area"), Column::text("name", ""), Column::text("basis", "Population")];
    columns.extend(number.into_iter().map(|(key, heading)| Column::number(key, heading)));
    columns.extend(["year", "standard", "pay_year", "synthetic"].map(|key| Column::text(key, "")));
    Table {
        caption: "Areas with hospitals in no service, and what a service for them would need".into(),
        columns,
        rows: report.areas.iter().map(|area| area_row(report, area)).collect(),
    }
}

fn hospitals(report: &UncoveredReport, tree: &AreaTree) -> Table {
    let columns = vec![
        Column::text("hospital", "Hospital"),
        Column::text("name", ""),
        Column::text("area", "Area"),
        Column::number("hip_fractures", "Hip fractures"),
        Column::number("expected_cases", "Expected cases"),
        Column::text("year", ""),
        Column::text("synthetic", ""),
    ];
    let rows = report.hospitals.iter().map(|hospital| {
        let area = tree.resolve(&hospital.area).map_or(hospital.area.as_str(), |area| area.name.as_str());
        let cells = vec![
            Cell::text(&hospital.code).with(&hospital.name),
            Cell::text(&hospital.name),
            Cell::text(&hospital.area).shown_as(area),
            count(hospital.hip_fractures),
            count(hospital.expected),
            Cell::text(report.costs.gaps.round.year.to_string()),
            Cell::text(if report.costs.gaps.synthetic { "synthetic" } else { "" }),
        ];
        TableRow { cells, own: false }
    });
    Table { caption: "Hospitals in no service".into(), columns, rows: rows.collect() }
}

/// How many people there are for a hip fracture, in a sentence.
fn per_hip_words(per_hip: &PeoplePerHip) -> String {
    let basis = per_hip.basis.in_a_sentence();
    match per_hip.ratio() {
        Some(ratio) => format!(
            "People for a hip fracture, on the {basis}: {} = {} people ÷ {} hip fractures, summed over n = {} services \
             that gave a population and whose hospitals have hip fractures.",
            people(ratio),
            people(per_hip.people),
            thousands(per_hip.hip_fractures),
            per_hip.services
        ),
        None => format!(
            "On the {basis} too few services gave a population and have hip fractures: n = {}, and {FEWEST_SERVICES} are \
             needed. So the people of hospitals in no service cannot be said.",
            per_hip.services
        ),
    }
}

struct Loaded {
    asked: Asked,
    report: UncoveredReport,
    tree: AreaTree,
    fields: Vec<Field>,
}

async fn load(web: &Web, reader: &SignedInReader, request: &Request) -> Result<Loaded, PageError> {
    let rounds = web.rounds(reader).await?;
    let form = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let asked = Asked::read(&form, &rounds)?;
    let who = reader.who.clone();
    let loaded = web.app.run(move |app| {
        let report = uncovered::report(app, &who, &asked.query())?;
        let fields = plan_fields(app, &who, &asked, &rounds)?;
        let tree = crate::app::register::area_tree(app, &who, asked.geography_as_at)?;
        Ok(Loaded { asked, report, tree, fields })
    });
    Ok(loaded.await?)
}

/// `GET /gaps/uncovered`
#[handler]
pub(super) async fn page(Data(web): Data<&Web>, reader: SignedInReader, request: &Request) -> poem::Result<Response> {
    let Loaded { asked, report, tree, fields } = load(web, &reader, request).await?;
    let link = |text: &str, path: &str| [text.to_owned(), asked.address(path, &[])];
    let mut notes = vec![format!(
        "Expected cases are {} × the hip fractures of the hospitals. A hospital without a figure is not one without cases.",
        report.multiplier
    )];
    notes.extend(report.per_hip.iter().map(per_hip_words));
    notes.push(
        "What a new service would need is the standard’s for those people, on each basis. That such hospitals serve as many \
         people for a hip fracture as others do is an assumption. The gap beside it is of the services there are, and does \
         not hold these people."
            .to_owned(),
    );
    notes.extend(plan_notes(&report.costs));
    let view = UncoveredPage {
        names: capitalised(&report.costs.gaps.round.names()),
        place: place(&report.costs).to_owned(),
        statement: report.statement(),
        geography_as_at: asked.geography_as_at.map(|day| day.to_string()).unwrap_or_default(),
        has_hospitals: !report.hospitals.is_empty(),
        areas: (&areas(&report)).into(),
        hospitals: (&hospitals(&report, &tree)).into(),
        files: vec![
            link("Areas as a CSV file", "/gaps/uncovered/areas.csv"),
            link("Hospitals as a CSV file", "/gaps/uncovered/hospitals.csv"),
        ],
        gaps: asked.address("/gaps", &[]),
        funding: asked.address("/funding", &[]),
        fields,
        notes,
    };
    let title = format!("Seen by no service, audit year {}", asked.year);
    web.page("uncovered", &Page::new(&reader.reader, &title, view).wide())
}

/// `GET /gaps/uncovered/areas.csv`
#[handler]
pub(super) async fn areas_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let Loaded { asked, report, .. } = load(web, &reader, request).await?;
    Ok(csv(&areas(&report), &format!("uncovered-areas-{}.csv", asked.span()))?)
}

/// `GET /gaps/uncovered/hospitals.csv`
#[handler]
pub(super) async fn hospitals_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let Loaded { asked, report, tree, .. } = load(web, &reader, request).await?;
    Ok(csv(&hospitals(&report, &tree), &format!("uncovered-hospitals-{}.csv", asked.span()))?)
}
