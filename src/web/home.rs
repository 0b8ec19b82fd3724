//! The first page after signing in: what each role comes for.

use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::forms::address;
use super::gaps::query::usual_year;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::{RoundView, round_views};
use super::sign_in::redirect;
use super::survey::{SurveyLink, own_surveys, section_of_link};
use crate::app::gaps::{self, GapQuery};
use crate::app::{App, AppError};
use crate::domain::access::{Permission, Principal, Role};
use crate::domain::workforce::gap::GapRow;
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::standard;
use crate::formats::display::capitalised;
use crate::formats::display::wte_range;

/// A service's own gap, a role and a basis a line.
#[derive(Debug, Serialize)]
struct OwnGap {
    role: &'static str,
    basis: &'static str,
    in_post: String,
    need: String,
    gap: String,
    position: &'static str,
    estimated: bool,
}

/// The gap of a service that the reader answers for.
#[derive(Debug, Serialize)]
struct OwnGaps {
    service: String,
    name: String,
    lines: Vec<OwnGap>,
}

#[derive(Debug, Serialize)]
struct HomeView {
    /// For the audit team.
    rounds: Vec<RoundView>,
    /// For those who answer.
    surveys: Vec<SurveyLink>,
    gap_names: String,
    gaps: Vec<OwnGaps>,
    gaps_href: String,
}

fn own_gap(row: &GapRow, role: standard::Role) -> OwnGap {
    let gap = row.role(role);
    let range = |low: Option<f64>, high: Option<f64>| low.zip(high).map(|(low, high)| wte_range(low, high));
    OwnGap {
        role: role.plural(),
        basis: row.basis.label(),
        in_post: gap.in_post.map_or_else(|| "not given".into(), display_wte),
        need: range(gap.need_low, gap.need_high).unwrap_or_else(|| row.status.label().into()),
        gap: range(gap.gap_low, gap.gap_high).unwrap_or_else(|| "–".into()),
        position: gap.position.as_str(),
        estimated: row.population.as_ref().is_some_and(|population| population.estimated_with.is_some()),
    }
}

/// The gaps of the reader's services in the newest round whose answers are in, and the names of that round.
fn own_gaps(app: &App, who: &Principal, year: i32) -> Result<(String, Vec<OwnGaps>), AppError> {
    let report = gaps::report(app, who, &GapQuery { year, ..GapQuery::default() })?;
    let mut services = Vec::new();
    for code in who.own_services() {
        let rows: Vec<&GapRow> = report.rows.iter().filter(|row| row.service == code).collect();
        let Some(first) = rows.first() else { continue };
        let lines = standard::Role::ALL.into_iter().flat_map(|role| rows.iter().map(move |row| own_gap(row, role)));
        services.push(OwnGaps { service: code.to_owned(), name: first.name.clone(), lines: lines.collect() });
    }
    Ok((capitalised(&report.round.names()), services))
}

/// `GET /`: a commissioner goes straight to the gap, and whoever came by a section link to that section.
#[handler]
pub(super) async fn home(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    let who = &reader.who;
    if let Some(section) = section_of_link(who) {
        return Ok(redirect(&section).finish());
    }
    let answers = who.own_services().next().is_some();
    let runs_rounds = who.may_everywhere(Permission::ReadDraft);
    if !answers && !runs_rounds && who.has_role(Role::Commissioner) {
        return Ok(redirect("/gaps").finish());
    }
    let rounds = web.rounds(&reader).await?;
    let year = usual_year(&rounds).ok();
    let rounds = if runs_rounds { round_views(web, who, rounds).await? } else { Vec::new() };
    let person = who.clone();
    let (surveys, (gap_names, gaps)) = web
        .app
        .run(move |app| {
            let surveys = own_surveys(app, &person)?;
            let gaps = match year {
                Some(year) if answers => own_gaps(app, &person, year)?,
                _ => (String::new(), Vec::new()),
            };
            Ok((surveys, gaps))
        })
        .await
        .map_err(PageError::from)?;
    let gaps_href = address("/gaps", &[("year", &year.map(|year| year.to_string()).unwrap_or_default())]);
    let view = HomeView { rounds, surveys, gap_names, gaps, gaps_href };
    web.page("home", &Page::new(&reader.reader, "Home", view))
}
