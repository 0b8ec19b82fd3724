//! The national findings of a round beside an earlier one.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::read_year;
use crate::app::kpis::{self, FindingsQuery};
use crate::formats::findings::FindingsView;

/// What the address may ask for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// The earlier audit year; empty or absent: the round before.
    with: Option<String>,
    /// The id of a data cut; empty or absent: of the data as they stand.
    cut: Option<String>,
}

/// `GET /rounds/{year}/findings`
#[handler]
pub(super) async fn national(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let with = asked.with.as_deref().map(str::trim).filter(|with| !with.is_empty()).map(read_year).transpose()?;
    let cut = asked.cut.map(|cut| cut.trim().to_owned()).filter(|cut| !cut.is_empty());
    let query = FindingsQuery { year, with, cut };
    let who = reader.who.clone();
    let words = reader.reader.words;
    let view = web
        .app
        .run(move |app| {
            let report = kpis::national_findings(app, &who, &query)?;
            let cut = report.quoted.cut.as_ref().map(|cut| words.data_cut(cut));
            Ok(FindingsView::new(&report.findings, &app.reference().published, cut).not_compared(report.not_compared))
        })
        .await
        .map_err(PageError::from)?;
    let title = format!("National findings {year}");
    web.page("findings", &Page::new(&reader.reader, &title, view).wide())
}
