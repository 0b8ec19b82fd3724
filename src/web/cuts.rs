//! Data cuts of a round, for the audit team.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::Web;
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::{Posted, address};
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::{AppError, cuts, rounds};
use crate::formats::display::{capitalised, day_and_time, thousands};

#[derive(Debug, Serialize)]
struct PartView {
    name: String,
    length: String,
    hash: String,
}

#[derive(Debug, Serialize)]
struct ResultLink {
    href: String,
    text: &'static str,
}

#[derive(Debug, Serialize)]
struct CutView {
    id: String,
    hash: String,
    note: String,
    made_at: String,
    made_by: String,
    /// What can be asked of it.
    results: Vec<ResultLink>,
    parts: Vec<PartView>,
}

#[derive(Debug, Serialize)]
struct CutsView {
    year: i32,
    round: String,
    cuts: Vec<CutView>,
    form: Form,
    notice: &'static str,
}

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

fn results(year: i32, cut: &str) -> Vec<ResultLink> {
    let report = format!("/rounds/{year}/report");
    let year = year.to_string();
    let link = |path: &str, text| ResultLink { href: address(path, &[("year", &year), ("cut", cut)]), text };
    let of_round = |path: String, text| ResultLink { href: address(&path, &[("cut", cut)]), text };
    vec![
        link("/kpis", "KPIs"),
        link("/gaps", "Staffing gap"),
        link("/gaps.xlsx", "Gap workbook (Excel)"),
        link("/associations", "Associations"),
        of_round(report.clone(), "National report"),
        of_round(format!("{report}.html"), "National report in one file"),
        of_round(format!("{report}.xlsx"), "Workbook of the national report (Excel)"),
    ]
}

fn note_form() -> Form {
    Form::new([Field::new("note", "What it is for (optional)").hint("Such as “Report, January 2023”.")])
}

async fn page(web: &Web, reader: &SignedInReader, year: i32, form: Form, done: Option<&str>) -> poem::Result<Response> {
    let who = reader.who.clone();
    let wrong = form.is_refused();
    let (round, found) = web
        .app
        .run(move |app| {
            let round = rounds::one(app, &who, year)?;
            let mut found = Vec::new();
            for cut in cuts::list(app, &who, year)? {
                found.push(cuts::one(app, &who, year, &cut.id)?);
            }
            Ok((round, found))
        })
        .await
        .map_err(PageError::from)?;
    let part = |part: cuts::CutPart| PartView { name: part.name, length: thousands(part.length), hash: part.hash };
    let cut = |(cut, parts): (cuts::Cut, Vec<cuts::CutPart>)| CutView {
        results: results(year, &cut.id),
        id: cut.id,
        hash: cut.hash,
        note: cut.note,
        made_at: day_and_time(cut.made_at),
        made_by: cut.made_by,
        parts: parts.into_iter().map(part).collect(),
    };
    let view = CutsView {
        year,
        round: capitalised(&round.names()),
        cuts: found.into_iter().map(cut).collect(),
        form,
        notice: if done == Some("made") {
            "The data were cut. Results can be asked of this cut from now on."
        } else {
            ""
        },
    };
    let title = format!("Data cuts of {year}");
    let status = if wrong { poem::http::StatusCode::UNPROCESSABLE_ENTITY } else { poem::http::StatusCode::OK };
    web.page_with(status, "cuts", &Page::new(&reader.reader, &title, view).with_errors(wrong))
}

/// The year of an address; what is no year has no round.
fn year_of(text: &str) -> Result<i32, PageError> {
    text.parse().map_err(|_| AppError::not_found("round", text, "The list of rounds has every year.").into())
}

/// `GET /rounds/:year/cuts`
#[handler]
pub(super) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    page(web, &reader, year_of(&year)?, note_form(), asked.done.as_deref()).await
}

/// `POST /rounds/:year/cuts`: freezes the round as it stands.
#[handler]
pub(super) async fn make(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let year = year_of(&year)?;
    let (who, note) = (reader.who.clone(), form.first("note").unwrap_or_default().to_owned());
    match web.app.run(move |app| cuts::make(app, &who, year, &note)).await {
        Ok(_) => Ok(redirect(&address(&format!("/rounds/{year}/cuts"), &[("done", "made")])).finish()),
        Err(AppError::Invalid(problems)) => {
            page(web, &reader, year, note_form().filled(&form).refused(&problems), None).await
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}
