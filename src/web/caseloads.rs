//! Expected caseloads: by the rule, or as the audit team states them; and the hospitals that no service covers.

use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::Web;
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::{Posted, address};
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::error::InputProblem;
use crate::app::{App, AppError, caseload, kpis, register};
use crate::domain::access::{Permission, Principal};
use crate::formats::display::{capitalised, thousands};

#[derive(Debug, Serialize)]
struct CaseloadRow {
    code: String,
    name: String,
    hospitals: String,
    hip_fractures: String,
    expected: String,
    /// It was stated, and this is why.
    stated: bool,
    reason: String,
}

#[derive(Debug, Serialize)]
struct UnmappedRow {
    code: String,
    name: String,
    area: String,
    expected: String,
}

#[derive(Debug, Serialize)]
struct YearLink {
    year: i32,
    href: String,
    current: bool,
}

#[derive(Debug, Serialize)]
struct CaseloadsView {
    year: i32,
    round: String,
    years: Vec<YearLink>,
    multiplier: i64,
    services: Vec<CaseloadRow>,
    unmapped: Vec<UnmappedRow>,
    unmapped_count: usize,
    /// The reader may state caseloads.
    may_state: bool,
    form: Form,
    notice: &'static str,
}

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    year: Option<i32>,
    done: Option<String>,
}

fn known(number: Option<i64>) -> String {
    number.map_or_else(|| "not known".into(), thousands)
}

fn view(app: &App, who: &Principal, year: i32, form: Form, done: Option<&str>) -> Result<CaseloadsView, AppError> {
    let (cases, quoted) = kpis::cases(app, who, year)?;
    let names = register::services(app, who)?;
    let tree = register::area_tree(app, who, None)?;
    let rounds = crate::app::rounds::list(app, who)?;
    let name = |code: &str| names.iter().find(|service| service.code == code).map(|s| s.name.clone());
    let services = cases.services.iter().map(|(code, caseload)| CaseloadRow {
        name: name(code).unwrap_or_default(),
        code: code.clone(),
        hospitals: caseload.hospitals.keys().cloned().collect::<Vec<_>>().join(", "),
        hip_fractures: known(caseload.hip_fractures()),
        expected: known(caseload.expected),
        stated: caseload.stated.is_some(),
        reason: caseload.stated.as_ref().and_then(|stated| stated.reason.clone()).unwrap_or_default(),
    });
    let unmapped = cases.unmapped.iter().map(|hospital| UnmappedRow {
        code: hospital.code.clone(),
        name: hospital.name.clone(),
        area: tree.get(&hospital.area_code).map(|area| area.name.clone()).unwrap_or_default(),
        expected: known(hospital.expected),
    });
    let link = |of: i32| YearLink {
        year: of,
        href: address("/kpis/caseloads", &[("year", &of.to_string())]),
        current: of == year,
    };
    Ok(CaseloadsView {
        year,
        round: quoted.round.as_deref().map(capitalised).unwrap_or_default(),
        years: rounds.iter().rev().map(|round| link(round.year)).collect(),
        multiplier: kpis::definitions(app, who, year)?.caseload_multiplier,
        services: services.collect(),
        unmapped: unmapped.collect(),
        unmapped_count: cases.unmapped.len(),
        may_state: who.may_everywhere(Permission::StateCaseload),
        form,
        notice: match done {
            Some("stated") => "The caseload was stated.",
            Some("withdrawn") => "The statement was withdrawn: the rule holds again.",
            _ => "",
        },
    })
}

fn state_form() -> Form {
    Form::new([
        Field::new("service", "Service code").width(10),
        Field::new("expected", "Expected cases in the year").inputmode("numeric").width(10),
        Field::lines("reason", "Why the rule does not give them", 3),
    ])
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    year: Option<i32>,
    form: Form,
    done: Option<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let wrong = form.is_refused();
    let view = web
        .app
        .run(move |app| {
            let newest = || Ok::<_, AppError>(crate::app::rounds::list(app, &who)?.last().map(|round| round.year));
            let year = match year {
                Some(year) => year,
                None => newest()?.unwrap_or_default(),
            };
            view(app, &who, year, form, done.as_deref())
        })
        .await
        .map_err(PageError::from)?;
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Expected caseload {}", view.year);
    web.page_with(status, "caseloads", &Page::new(&reader.reader, &title, view).with_errors(wrong))
}

/// `GET /kpis/caseloads?year=`
#[handler]
pub(super) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    page(web, &reader, asked.year, state_form(), asked.done).await
}

/// `POST /kpis/caseloads`: states a caseload, or withdraws what was stated.
#[handler]
pub(super) async fn state(Data(web): Data<&Web>, reader: SignedInReader, form: Posted) -> poem::Result<Response> {
    let text = |name: &str| form.first(name).unwrap_or_default().trim().to_owned();
    let Ok(year) = text("year").parse::<i32>() else {
        return Err(PageError::bad_request("The form names no year. Go back and send it again.").into());
    };
    let withdraws = form.has("withdraw");
    let service = if withdraws { text("withdraw") } else { text("service").to_uppercase() };
    let (who, expected, reason) = (reader.who.clone(), text("expected").replace(',', ""), text("reason"));
    let set = move |app: &App| {
        if withdraws {
            return caseload::withdraw(app, &who, &service, year);
        }
        let expected = expected.parse::<i64>().unwrap_or(-1);
        caseload::state(app, &who, &service, year, expected, &reason)
    };
    let problems = match web.app.run(set).await {
        Ok(()) => {
            let done = if withdraws { "withdrawn" } else { "stated" };
            let to = address("/kpis/caseloads", &[("year", &year.to_string()), ("done", done)]);
            return Ok(redirect(&to).finish());
        }
        Err(AppError::Invalid(problems)) => problems,
        Err(AppError::NotFound { id, .. }) if !withdraws => {
            vec![InputProblem::new("service", "unknown", format!("There is no service {id:?}."))]
        }
        Err(error) => return Err(PageError::from(error).into()),
    };
    page(web, &reader, Some(year), state_form().filled(&form).refused(&problems), None).await
}
