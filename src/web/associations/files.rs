//! The downloads of the associations.

use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde::Serialize;

use super::pair::{Shown, kpi_number};
use super::query::Asked;
use super::{design_words, notes};
use crate::app::associations::{self, AssociationReport, PairReport};
use crate::domain::association::words::{self, Subject};
use crate::domain::association::{Association, codebook, redo};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::kpis::download;
use crate::web::reader::SignedInReader;

const CSV: &str = "text/csv; charset=utf-8";

async fn asked(web: &Web, reader: &SignedInReader, request: &Request) -> Result<Asked, PageError> {
    Asked::read(request.uri().query().unwrap_or_default(), &web.rounds(reader).await?)
}

/// What is asked for, and the associations.
async fn report(
    web: &Web,
    reader: &SignedInReader,
    request: &Request,
) -> Result<(Asked, AssociationReport), PageError> {
    let asked = asked(web, reader, request).await?;
    let (who, query) = (reader.who.clone(), asked.query.clone());
    let report = web.app.run(move |app| associations::report(app, &who, &query, &|_, _| {})).await?;
    Ok((asked, report))
}

/// What is asked for, and the pair.
async fn pair(
    web: &Web,
    reader: &SignedInReader,
    request: &Request,
    (exposure, kpi): (String, String),
) -> Result<(Asked, PairReport), PageError> {
    let asked = asked(web, reader, request).await?;
    let kpi = kpi_number(&kpi)?;
    let (who, query) = (reader.who.clone(), asked.query.clone());
    let pair = web.app.run(move |app| associations::pair(app, &who, &query, &exposure, kpi)).await?;
    Ok((asked, pair))
}

fn csv(table: &Table, name: &str) -> Result<Response, PageError> {
    let bytes = table.csv().map_err(|error| PageError::internal(error.to_string()))?;
    Ok(download(bytes, CSV, name))
}

fn json<T: Serialize>(value: &T, name: &str) -> Result<Response, PageError> {
    let mut bytes = serde_json::to_vec(value).map_err(|error| PageError::internal(error.to_string()))?;
    bytes.push(b'\n');
    Ok(download(bytes, "application/json", name))
}

fn grid_table(report: &AssociationReport) -> Table {
    let number = |value: Option<f64>| Cell::number(value, |value| value.to_string());
    #[expect(clippy::cast_possible_wrap, reason = "numbers of services")]
    let count = |n: usize| Cell::count(Some(n as i64));
    let row = |found: &Association| {
        let about = Subject::of(&report.data, report.kpi_name(found.kpi), &report.plan);
        let estimate = found.estimate();
        let tested = estimate.map(|estimate| estimate.tested);
        let effect = tested.map(|tested| tested.effect);
        let model = found.model.as_ref().ok();
        let only =
            model.and_then(|model| model.exposure.first()).filter(|_| model.is_some_and(|m| m.exposure.len() == 1));
        let flags: Vec<&str> = found.flags.iter().map(|flag| flag.as_str()).collect();
        let cells = vec![
            Cell::text(found.exposure.key()),
            number(Some(f64::from(found.kpi))),
            count(found.linked),
            count(found.n),
            Cell::text(found.found.as_ref().map_or_else(|few| few.as_str(), |_| "ok")),
            Cell::text(tested.map_or("", |tested| tested.method.as_str())),
            Cell::text(effect.map_or("", |effect| effect.measure.as_str())),
            number(effect.map(|effect| effect.value)),
            number(effect.and_then(|effect| effect.interval).map(|interval| interval[0])),
            number(effect.and_then(|effect| effect.interval).map(|interval| interval[1])),
            number(tested.map(|tested| tested.p)),
            number(found.q),
            Cell::text(found.strength.map_or("", |strength| strength.as_str())),
            number(estimate.and_then(|estimate| estimate.smallest)),
            Cell::text(found.model.as_ref().map_or_else(|none| none.as_str(), |_| "ok")),
            number(only.and_then(|ratio| ratio.ratio)),
            number(only.and_then(|ratio| ratio.interval).map(|interval| interval[0])),
            number(only.and_then(|ratio| ratio.interval).map(|interval| interval[1])),
            number(only.and_then(|ratio| ratio.p)),
            Cell::text(flags.join(";")),
            Cell::text(words::sentence(found, &about)),
            Cell::text(report.plan.quoted()),
            Cell::text(report.quoted.cut.as_ref().map_or("", |cut| cut.hash.as_str())),
            Cell::text(if report.quoted.synthetic { "synthetic" } else { "" }),
        ];
        TableRow { cells, own: false }
    };
    let names = [
        "exposure",
        "kpi",
        "linked",
        "n",
        "status",
        "test",
        "measure",
        "size",
        "interval_low",
        "interval_high",
        "p",
        "q",
        "evidence",
        "smallest_shown",
        "model",
        "odds_ratio",
        "odds_ratio_low",
        "odds_ratio_high",
        "odds_ratio_p",
        "flags",
        "sentence",
        "plan",
        "cut_sha256",
        "synthetic",
    ];
    Table {
        caption: String::new(),
        columns: names.into_iter().map(|name| Column::text(name, "")).collect(),
        rows: report.grid.cells().map(row).collect(),
    }
}

/// `GET /associations/grid.csv`
#[handler]
pub(in crate::web) async fn grid_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    Ok(csv(&grid_table(&report), &format!("associations-{}.csv", asked.span()))?)
}

fn variables(report: &AssociationReport) -> Vec<codebook::Variable> {
    codebook::variables(&report.data, &report.plan, |kpi| report.kpi_name(kpi).to_owned())
}

/// `GET /associations/data.csv`: a row a service. Of a service whose posts may not be shown the figures of posts are left
/// out, and said to be.
#[handler]
pub(in crate::web) async fn data_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    let variables = variables(&report);
    let rows = codebook::rows(&report.data, &report.plan, |service, exposure| match exposure {
        Some(exposure) => report.seen.may_show(service, exposure),
        None => report.seen.may_name(service),
    });
    let mut writer = ::csv::WriterBuilder::new().from_writer("\u{feff}".as_bytes().to_vec());
    let failed = |error: ::csv::Error| PageError::internal(error.to_string());
    writer.write_record(variables.iter().map(|variable| variable.name.as_str())).map_err(failed)?;
    for row in rows {
        let field = |cell: codebook::Cell| match cell {
            codebook::Cell::Text(text) => text,
            codebook::Cell::Number(number) => number.to_string(),
            codebook::Cell::Missing => String::new(),
        };
        writer.write_record(row.into_iter().map(field)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| PageError::internal(error.to_string()))?;
    Ok(download(bytes, CSV, &format!("associations-data-{}.csv", asked.span())))
}

/// `GET /associations/codebook.csv`
#[handler]
pub(in crate::web) async fn codebook_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    let columns = ["variable", "label", "kind", "unit", "levels"].map(|name| Column::text(name, ""));
    let row = |variable: codebook::Variable| {
        let levels: Vec<String> = variable.levels.iter().map(|(code, label)| format!("{code} = {label}")).collect();
        let texts = [variable.name, variable.label, variable.kind.to_owned(), variable.unit, levels.join("; ")];
        TableRow { cells: texts.into_iter().map(Cell::text).collect(), own: false }
    };
    let rows = variables(&report).into_iter().map(row).collect();
    let table = Table { caption: String::new(), columns: columns.into(), rows };
    Ok(csv(&table, &format!("associations-codebook-{}.csv", asked.span()))?)
}

/// `GET /associations/labels.R`
#[handler]
pub(in crate::web) async fn r_labels(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    let mut head = vec![format!("Facilities beside KPIs: {}.", design_words(&report)), words::STANDING.to_owned()];
    head.extend(notes(&report));
    let script = codebook::r_script(&variables(&report), &head);
    Ok(download(script, "text/plain; charset=utf-8", &format!("associations-labels-{}.R", asked.span())))
}

/// `GET /associations/:exposure/:kpi/data.csv`
#[handler]
pub(in crate::web) async fn pair_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
    Path(names): Path<(String, String)>,
) -> poem::Result<Response> {
    let (asked, found) = pair(web, &reader, request, names).await?;
    let name = format!("{}-kpi-{}-{}.csv", found.exposure.key(), found.kpi, asked.span());
    Ok(csv(&Shown::new(&found, &reader.who, &asked).table(), &name)?)
}

/// `GET /associations/:exposure/:kpi/chart.svg`
#[handler]
pub(in crate::web) async fn picture(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
    Path(names): Path<(String, String)>,
) -> poem::Result<Response> {
    let (asked, found) = pair(web, &reader, request, names).await?;
    let (caption, [wide, _]) = Shown::new(&found, &reader.who, &asked).chart();
    let name = format!("{}-kpi-{}-{}.svg", found.exposure.key(), found.kpi, asked.span());
    Ok(download(wide.standalone(&caption), "image/svg+xml; charset=utf-8", &name))
}

/// `GET /associations/:exposure/:kpi/test.json`: what the `statistics` command is given to redo the test.
#[handler]
pub(in crate::web) async fn test_input(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
    Path(names): Path<(String, String)>,
) -> poem::Result<Response> {
    let (asked, found) = pair(web, &reader, request, names).await?;
    let shown = Shown::new(&found, &reader.who, &asked);
    let input = redo::test_input(&found.report.data, found.exposure, found.kpi, |service| shown.may_show(service));
    Ok(json(&input, "test.json")?)
}

/// `GET /associations/:exposure/:kpi/model.json`: the same of the model.
#[handler]
pub(in crate::web) async fn model_input(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
    Path(names): Path<(String, String)>,
) -> poem::Result<Response> {
    let (asked, found) = pair(web, &reader, request, names).await?;
    let shown = Shown::new(&found, &reader.who, &asked);
    let (data, covariates) = (&found.report.data, &found.report.covariates);
    let input = redo::model_input(data, covariates, found.exposure, found.kpi, |service| shown.may_show(service));
    let input = input.unwrap_or_default();
    Ok(json(&input, "model.json")?)
}
