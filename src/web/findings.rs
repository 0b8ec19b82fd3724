//! The national findings of a round beside an earlier one.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::read_year;
use crate::app::kpis;
use crate::formats::findings::FindingsView;

/// What the address may ask for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// The earlier audit year; empty or absent: the round before.
    with: Option<String>,
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
    let who = reader.who.clone();
    let view = web
        .app
        .run(move |app| {
            let findings = kpis::national_findings(app, &who, year, with)?;
            Ok(FindingsView::new(&findings, &app.reference().published))
        })
        .await
        .map_err(PageError::from)?;
    let title = format!("National findings {year}");
    web.page("findings", &Page::new(&reader.reader, &title, view).wide())
}
