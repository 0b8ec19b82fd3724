//! Published rounds, for anybody.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::Reader;
use super::rounds::read_year;
use crate::app::published;
use crate::domain::workforce::disclosure::PublicWte;
use crate::formats::display::capitalised;

#[derive(Debug, Serialize)]
struct RoundsView {
    rounds: Vec<RoundLink>,
}

#[derive(Debug, Serialize)]
struct RoundLink {
    href: String,
    report: String,
    data: String,
    benchmarks: String,
    names: String,
}

#[derive(Debug, Serialize)]
struct StaffingView {
    names: String,
    services: Vec<ServiceLine>,
}

#[derive(Debug, Serialize)]
struct ServiceLine {
    code: String,
    name: String,
    nurses: String,
    administrators: String,
}

/// `GET /published`
#[handler]
pub(super) async fn rounds(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    let rounds = web.app.run(published::rounds).await.map_err(PageError::from)?;
    let rounds = rounds
        .iter()
        .map(|round| RoundLink {
            href: format!("/published/{}", round.year),
            report: format!("/published/{}/report", round.year),
            data: format!("/published/{}/data", round.year),
            benchmarks: format!("/published/{}/benchmarks", round.year),
            names: capitalised(&round.names()),
        })
        .collect();
    web.page("published_rounds", &Page::new(reader, "Published rounds", RoundsView { rounds }))
}

/// `GET /published/{year}`
#[handler]
pub(super) async fn staffing(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let (round, services) = web.app.run(move |app| published::staffing(app, year)).await.map_err(PageError::from)?;
    let wte = |wte: PublicWte| match wte {
        PublicWte::NotGiven => "not given".to_owned(),
        PublicWte::UnderOne => "under 1".to_owned(),
        PublicWte::Withheld => "withheld".to_owned(),
        PublicWte::Shown(wte) => wte.to_string(),
    };
    let services = services
        .into_iter()
        .map(|line| ServiceLine {
            nurses: wte(line.nurses),
            administrators: wte(line.administrators),
            code: line.code,
            name: line.name,
        })
        .collect();
    let view = StaffingView { names: round.names(), services };
    web.page("published_staffing", &Page::new(reader, format!("Staffing of services, {year}"), view))
}
