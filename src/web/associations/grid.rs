//! `/associations`: every exposure beside every KPI.

use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use super::query::Asked;
use super::{FormView, LeftOut, design_words, form, left_out, notes};
use crate::app::associations::{self, AssociationReport};
use crate::domain::association::words::{self, STANDING, Subject};
use crate::domain::association::{Association, Strength};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;

#[derive(Debug, Serialize)]
struct Head {
    kpi: i32,
    name: String,
}

#[derive(Debug, Serialize)]
struct CellView {
    href: String,
    /// What a link says to who cannot see the table: the pair and what was found.
    label: String,
    size: String,
    range: String,
    n: String,
    strength: String,
    mark: &'static str,
    direction: &'static str,
}

#[derive(Debug, Serialize)]
struct RowView {
    exposure: String,
    cells: Vec<CellView>,
}

#[derive(Debug, Serialize)]
struct Subjects {
    name: &'static str,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct GridPage {
    design: String,
    statement: String,
    standing: &'static str,
    form: FormView,
    heads: Vec<Head>,
    subjects: Vec<Subjects>,
    columns: usize,
    linked: usize,
    empty: Option<String>,
    left_out: Vec<LeftOut>,
    files: Vec<[String; 2]>,
    notes: Vec<String>,
}

/// The words of the marks: by shape as well as by word.
pub(super) fn mark(strength: Option<Strength>) -> &'static str {
    match strength {
        Some(Strength::Strong) => "strong",
        Some(Strength::Plain) => "plain",
        Some(Strength::Weak) => "weak",
        Some(Strength::NotClear) => "not-clear",
        None => "none",
    }
}

fn cell(asked: &Asked, report: &AssociationReport, found: &Association) -> CellView {
    let effect = found.estimate().map(|estimate| estimate.tested.effect);
    let strength = words::in_short(found);
    let label = format!("{}, KPI {}: {strength}", words::heading(found.exposure), found.kpi);
    let direction = match effect.and_then(|effect| effect.rank) {
        Some(rank) if rank > 0.0 => "▲",
        Some(rank) if rank < 0.0 => "▼",
        _ => "",
    };
    CellView {
        href: asked.pair(found.exposure.key(), found.kpi, ""),
        label,
        size: effect.map(|effect| words::size(&effect)).unwrap_or_default(),
        range: effect.map(|effect| words::range(&effect)).unwrap_or_default(),
        n: if found.n == report.data.services.len() { String::new() } else { format!("n = {}", found.n) },
        mark: mark(found.strength),
        direction: if found.strength >= Some(Strength::Weak) { direction } else { "" },
        strength,
    }
}

fn page(asked: &Asked, report: &AssociationReport, form: FormView) -> GridPage {
    let about = Subject::of(&report.data, "", &report.plan);
    let linked = report.data.services.len();
    let mut subjects: Vec<Subjects> = Vec::new();
    for row in &report.grid.rows {
        let Some(exposure) = row.first().map(|cell| cell.exposure) else { continue };
        let view = RowView {
            exposure: words::heading(exposure),
            cells: row.iter().map(|found| cell(asked, report, found)).collect(),
        };
        match subjects.last_mut().filter(|subject| subject.name == exposure.subject()) {
            Some(subject) => subject.rows.push(view),
            None => subjects.push(Subjects { name: exposure.subject(), rows: vec![view] }),
        }
    }
    let link = |text: &str, path: &str| [text.to_owned(), asked.address(path)];
    let empty = (linked == 0).then(|| {
        format!(
            "No service is linked in {}: a service is linked once it has submitted the facilities questionnaire and counts in the \
             KPIs. Choose another year or other filters above.",
            asked.query.year
        )
    });
    GridPage {
        design: design_words(report),
        statement: words::of_grid(&report.grid, linked, &about),
        standing: STANDING,
        form,
        heads: report
            .plan
            .outcomes
            .iter()
            .map(|kpi| Head { kpi: *kpi, name: report.kpi_name(*kpi).to_owned() })
            .collect(),
        columns: report.plan.outcomes.len() + 1,
        subjects,
        linked,
        empty,
        left_out: left_out(report, &report.data.unlinked),
        files: vec![
            link("This grid as a CSV file", "/associations/grid.csv"),
            link("The data, a row a service (CSV)", "/associations/data.csv"),
            link("Codebook of the data (CSV)", "/associations/codebook.csv"),
            link("The data's labels for R (script)", "/associations/labels.R"),
        ],
        notes: notes(report),
    }
}

/// `GET /associations`
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let asked = Asked::read(request.uri().query().unwrap_or_default(), &rounds)?;
    let (who, wanted) = (reader.who.clone(), asked.clone());
    let (report, form) = web
        .app
        .run(move |app| {
            let report = associations::report(app, &who, &wanted.query, &|_, _| {})?;
            Ok((report, form(app, &who, &wanted, &rounds, "/associations".into())?))
        })
        .await
        .map_err(PageError::from)?;
    let title = format!("Facilities beside KPIs, {}", design_words(&report));
    let view = page(&asked, &report, form);
    web.page("associations", &Page::new(&reader.reader, &title, view).wide())
}
