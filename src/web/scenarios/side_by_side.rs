//! Two to four scenarios side by side, in the last year that all of them reach.

use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use super::csv;
use super::outcome::{any_basis, file, gap, need, place};
use crate::app::scenarios::{self, SavedScenario, ScenarioReport};
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::scenario::{ScenarioYear, YearRole};
use crate::domain::workforce::standard::{Basis, Role};
use crate::formats::display::wte_range;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;

#[derive(Debug, Serialize)]
struct Head {
    name: String,
    href: String,
    place: String,
    done: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    label: String,
    cells: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CompareView {
    year: u32,
    several: bool,
    heads: Vec<Head>,
    lines: Vec<Line>,
    /// They are not all of one subject, so that their figures differ for that alone.
    mixed: bool,
    /// They do not count the same number of services.
    counts_differ: bool,
    file: String,
}

fn ids(request: &Request) -> Vec<String> {
    let asked = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let ids = asked.all("id").iter().chain(asked.all("ids")).flat_map(|ids| ids.split(','));
    ids.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect()
}

async fn found(
    web: &Web,
    reader: &SignedInReader,
    request: &Request,
) -> Result<Vec<(SavedScenario, ScenarioReport)>, PageError> {
    let (who, ids) = (reader.who.clone(), ids(request));
    Ok(web.app.run(move |app| scenarios::compare(app, &who, &ids)).await?)
}

fn view(found: &[(SavedScenario, ScenarioReport)]) -> CompareView {
    let year = found.iter().map(|(saved, _)| saved.plan.scenario.years).min().unwrap_or_default();
    let years: Vec<[Option<&ScenarioYear>; 2]> = found
        .iter()
        .map(|(_, report)| [0, year].map(|wanted| report.outcome.years.iter().find(|one| one.year == wanted)))
        .collect();
    let not_known = || "not known".to_owned();
    let line = |label: String, of: &dyn Fn(&[Option<&ScenarioYear>; 2]) -> Option<String>| Line {
        label,
        cells: years.iter().map(|pair| of(pair).unwrap_or_else(not_known)).collect(),
    };
    let range = |role: &YearRole, of: fn(&YearRole) -> (f64, f64)| {
        let (low, high) = of(role);
        role.counts().then(|| wte_range(low, high))
    };
    let mut lines = Vec::new();
    let counted = |pair: &[Option<&ScenarioYear>; 2], role: Role| {
        let [_, then] = pair;
        Some(any_basis((*then)?, role).map_or(0, |found| found.sum.services_counted))
    };
    let same = Role::ALL.into_iter().all(|role| {
        let mut all = years.iter().map(|pair| counted(pair, role));
        let first = all.next();
        all.all(|count| Some(count) == first)
    });
    for role in Role::ALL {
        lines.push(line(format!("Services counted: {}", role.plural()), &|pair| {
            counted(pair, role).map(|count| count.to_string())
        }));
        for basis in Basis::ALL {
            let words = format!("{}, {}", role.plural(), basis.in_a_sentence());
            lines.push(line(format!("Gap today: {words}"), &|[today, _]| range((*today)?.role(role, basis)?, gap)));
            lines.push(line(format!("Need: {words}"), &|[_, then]| range((*then)?.role(role, basis)?, need)));
            lines.push(line(format!("Gap: {words}"), &|[_, then]| range((*then)?.role(role, basis)?, gap)));
        }
        let in_post = |year: &ScenarioYear| any_basis(year, role).map(|found| display_wte(found.sum.in_post));
        lines.push(line(format!("In post: {}", role.plural()), &|[_, then]| in_post((*then)?)));
    }
    lines.push(line("Nurse time freed, WTE".into(), &|[_, then]| Some(display_wte((*then)?.freed))));
    lines.push(line("Expected cases for each nurse WTE".into(), &|[_, then]| {
        (*then)?.cases_per_nurse.map(|cases| format!("{cases:.0}"))
    }));
    let cost = |year: &ScenarioYear, added: bool| match &year.cost {
        Ok(cost) => (if added { cost.added } else { cost.whole }).shown(),
        Err(unpriced) => unpriced.to_string(),
    };
    lines.push(line("Staff in post and software, a year".into(), &|[_, then]| Some(cost((*then)?, false))));
    lines.push(line("More than today’s staff would cost".into(), &|[_, then]| Some(cost((*then)?, true))));
    let heads = found.iter().map(|(saved, report)| Head {
        name: saved.name.clone(),
        href: format!("/scenarios/{}", saved.id),
        place: format!("{}, {}", place(report), report.gaps.round.year),
        done: saved.plan.scenario.words(),
    });
    let all: Vec<&str> = found.iter().map(|(saved, _)| saved.id.as_str()).collect();
    let mut subjects = found.iter().map(|(saved, _)| &saved.plan.subject);
    let first = found.first().map(|(saved, _)| &saved.plan.subject);
    CompareView {
        year,
        several: year != 1,
        heads: heads.collect(),
        lines,
        counts_differ: !same,
        mixed: subjects.any(|subject| Some(subject) != first),
        file: format!("/scenarios/compare.csv?ids={}", all.join(",")),
    }
}

/// `GET /scenarios/compare?id=…&id=…`
#[handler]
pub(in crate::web) async fn compare(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let found = found(web, &reader, request).await?;
    web.page("scenarios_compare", &Page::new(&reader.reader, "Scenarios side by side", view(&found)).wide())
}

/// `GET /scenarios/compare.csv?ids=…`
#[handler]
pub(in crate::web) async fn compare_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let found = found(web, &reader, request).await?;
    let named: Vec<(&str, &ScenarioReport)> =
        found.iter().map(|(saved, report)| (saved.name.as_str(), report)).collect();
    csv(&file(&named), "scenarios.csv")
}
