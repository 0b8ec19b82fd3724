//! Scenarios for people: a list, a form that works one out and saves it, what becomes of the gap, several side by side.

mod form;
mod outcome;
mod side_by_side;

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde::Serialize;

use self::form::{Offered, ScenarioForm, read, typed};
use self::outcome::{OutcomeView, file, place};
use super::Web;
use super::confirm::Confirm;
use super::costs::Problem;
use super::errors::PageError;
use super::fields::Form;
use super::forms::{Posted, address};
use super::gaps::query::usual_year;
use super::gaps::reachable_areas;
use super::kpis::{Field, download, select};
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::error::InputProblem;
use crate::app::scenario_kpis::{self, KpiQuestion, ScenarioKpi};
use crate::app::scenarios::{self, SavedScenario, ScenarioReport};
use crate::app::{App, AppError, kpis, rounds, standards};
use crate::domain::access::Principal;
use crate::formats::display::day_and_time;
use crate::formats::table::Table;

pub(super) use self::side_by_side::{compare, compare_csv};

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    href: String,
    subject: String,
    years: u32,
    owner: String,
    shared: bool,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct ListView {
    scenarios: Vec<Row>,
    /// There are enough to compare.
    can_compare: bool,
    notice: &'static str,
}

/// `GET /scenarios`
#[handler]
pub(super) async fn list(Data(web): Data<&Web>, reader: SignedInReader, request: &Request) -> poem::Result<Response> {
    let who = reader.who.clone();
    let all = web.app.run(move |app| scenarios::list(app, &who)).await.map_err(PageError::from)?;
    let row = |saved: SavedScenario| {
        let subject = &saved.plan.subject;
        let of = subject.service.clone().or(subject.area.clone()).unwrap_or_else(|| "all services".into());
        Row {
            href: format!("/scenarios/{}", saved.id),
            subject: format!("{of}, {}", subject.year),
            years: saved.plan.scenario.years,
            owner: if saved.own { "you".into() } else { saved.owner },
            shared: saved.shared,
            updated_at: day_and_time(saved.updated_at),
            id: saved.id,
            name: saved.name,
        }
    };
    let asked = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let view = ListView {
        can_compare: all.len() >= *scenarios::COMPARED.start(),
        scenarios: all.into_iter().map(row).collect(),
        notice: match asked.first("done") {
            Some("deleted") => "The scenario was deleted. The history keeps what it was.",
            _ => "",
        },
    };
    web.page("scenarios", &Page::new(&reader.reader, "Scenarios", view))
}

#[derive(Debug, Serialize)]
struct EditView {
    heading: String,
    action: String,
    version: i64,
    form: ScenarioForm,
    outcome: Option<OutcomeView>,
    back: String,
}

fn edit_view(
    app: &App,
    who: &Principal,
    saved: Option<&SavedScenario>,
    typed: &Posted,
    problems: &[InputProblem],
    report: Option<&ScenarioReport>,
) -> Result<EditView, AppError> {
    let rounds = rounds::list(app, who)?;
    let standards = standards::list(app, who)?;
    let year = typed.first("year").and_then(|year| year.parse().ok()).unwrap_or_default();
    let (tree, reachable) = reachable_areas(app, who, year, None)?;
    let mut areas: Vec<_> = reachable.iter().filter_map(|code| tree.get(code)).collect();
    areas.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    let areas: Vec<(String, String)> = areas.into_iter().map(|area| (area.code.clone(), area.name.clone())).collect();
    let offered = Offered { rounds: &rounds, standards: &standards, areas: &areas, reference: app.reference() };
    // What was based on an older version stays so, however often it is sent.
    let based_on = typed.first("version").and_then(|version| version.parse().ok());
    let href = saved.map(|saved| format!("/scenarios/{}", saved.id));
    Ok(EditView {
        heading: saved.map_or_else(|| "A new scenario".into(), |saved| format!("Change {}", saved.name)),
        action: href.as_ref().map_or_else(|| "/scenarios/new".into(), |href| format!("{href}/edit")),
        version: based_on.or(saved.map(|saved| saved.version)).unwrap_or_default(),
        form: ScenarioForm::new(&offered, typed, problems),
        outcome: report.map(OutcomeView::new),
        back: href.unwrap_or_else(|| "/scenarios".into()),
    })
}

fn edit_page(web: &Web, reader: &SignedInReader, view: &EditView) -> poem::Result<Response> {
    let wrong = view.form.errors.is_refused();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, &view.heading, view).wide().with_errors(wrong).with_form(true);
    web.page_with(status, "scenario_edit", &page)
}

/// `GET /scenarios/new`: of the service or area that the address names.
#[handler]
pub(super) async fn new_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let asked = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let of = |name: &str| asked.first(name).unwrap_or_default().to_owned();
    let year = match of("year") {
        year if year.is_empty() => usual_year(&rounds)?.to_string(),
        year => year,
    };
    let mut own = reader.who.own_services();
    let only = own.next().filter(|_| own.next().is_none()).unwrap_or_default();
    let service = if of("service").is_empty() && of("area").is_empty() { only.to_owned() } else { of("service") };
    let (area, standard) = (of("area"), of("standard"));
    let fields: [(&str, &str); 5] =
        [("year", year.as_str()), ("service", &service), ("area", &area), ("standard", &standard), ("years", "5")];
    let start = Posted::of(&fields);
    let who = reader.who.clone();
    let view = web.app.run(move |app| edit_view(app, &who, None, &start, &[], None)).await.map_err(PageError::from)?;
    edit_page(web, &reader, &view)
}

/// One's own scenario, with the form's fields.
fn own(app: &App, who: &Principal, id: &str) -> Result<(SavedScenario, Posted), AppError> {
    let (saved, _) = scenarios::one(app, who, id)?;
    if !saved.own {
        return Err(AppError::Forbidden { action: format!("change this scenario, which is {}’s", saved.owner) });
    }
    let fields = typed(&saved).ok_or_else(|| AppError::Refused {
        code: "too_many_posts",
        reason: "This scenario has more new posts than the form has room for. Change it by the API.".into(),
    })?;
    Ok((saved, fields))
}

/// `GET /scenarios/:scenario/edit`
#[handler]
pub(super) async fn change_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let view = web
        .app
        .run(move |app| {
            let (saved, fields) = own(app, &who, &id)?;
            edit_view(app, &who, Some(&saved), &fields, &[], None)
        })
        .await
        .map_err(PageError::from)?;
    edit_page(web, &reader, &view)
}

/// What came of a form that was sent.
enum Sent {
    Saved(String),
    Shown(Box<EditView>),
}

fn take(app: &App, who: &Principal, id: Option<&str>, form: &Posted) -> Result<Sent, AppError> {
    let saved = id.map(|id| own(app, who, id)).transpose()?.map(|(saved, _)| saved);
    let shown = |problems: &[InputProblem], report: Option<&ScenarioReport>| {
        Ok(Sent::Shown(Box::new(edit_view(app, who, saved.as_ref(), form, problems, report)?)))
    };
    let new = match read(form, app.reference()) {
        Ok(new) => new,
        Err(problems) => return shown(&problems, None),
    };
    let result = if form.first("then") == Some("save") {
        let based_on = form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default();
        let done = match id {
            Some(id) => scenarios::change(app, who, id, &new, based_on),
            None => scenarios::add(app, who, &new),
        };
        match done {
            Ok(saved) => return Ok(Sent::Saved(saved.id)),
            Err(error) => Err(error),
        }
    } else {
        scenarios::preview(app, who, &new.plan)
    };
    match result {
        Ok(report) => shown(&[], Some(&report)),
        Err(AppError::Invalid(problems)) => shown(&problems, None),
        Err(AppError::NotFound { what: what @ ("round" | "service" | "area" | "standard"), id, .. }) => {
            let message = format!("There is no {what} {id:?}.");
            let field = if what == "round" { "year" } else { what };
            shown(&[InputProblem::new(field, "unknown", message)], None)
        }
        Err(error) => Err(error),
    }
}

async fn send(web: &Web, reader: &SignedInReader, id: Option<String>, form: Posted) -> poem::Result<Response> {
    let who = reader.who.clone();
    match web.app.run(move |app| take(app, &who, id.as_deref(), &form)).await.map_err(PageError::from)? {
        Sent::Saved(id) => Ok(redirect(&address(&format!("/scenarios/{id}"), &[("done", "saved")])).finish()),
        Sent::Shown(view) => edit_page(web, reader, &view),
    }
}

/// `POST /scenarios/new`: works a scenario out, or saves it.
#[handler]
pub(super) async fn make(Data(web): Data<&Web>, reader: SignedInReader, form: Posted) -> poem::Result<Response> {
    send(web, &reader, None, form).await
}

/// `POST /scenarios/:scenario/edit`
#[handler]
pub(super) async fn change(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    send(web, &reader, Some(id), form).await
}

/// What there is to say of a KPI, where the reader asks.
#[derive(Debug, Serialize)]
struct KpiView {
    sentence: String,
    standing: &'static str,
    href: String,
    /// What the reader's own coefficient comes to.
    own: Option<OwnView>,
}

#[derive(Debug, Serialize)]
struct OwnView {
    warning: String,
    table: PlainTable,
}

impl KpiView {
    fn new(report: &ScenarioReport, found: &ScenarioKpi) -> Self {
        let year = report.gaps.round.year.to_string();
        let own = found.own.as_ref().map(|own| OwnView {
            warning: own.warning.clone(),
            table: PlainTable::from(&outcome::gains_table(report, found.kpi, own)),
        });
        Self {
            sentence: found.sentence.clone(),
            standing: found.standing,
            href: address(&format!("/associations/{}/{}", found.exposure, found.kpi), &[("year", &year)]),
            own,
        }
    }
}

/// What is asked of a KPI: its number, and a coefficient where one was typed. A coefficient that is no number becomes one
/// that is refused.
fn question(asked: &Posted) -> Option<KpiQuestion> {
    let kpi = asked.first("kpi")?.parse().ok()?;
    let typed = asked.first("coefficient").map(str::trim).filter(|typed| !typed.is_empty());
    let coefficient = typed.map(|typed| typed.replace(['−', '–'], "-").replace(',', ".").parse().unwrap_or(f64::NAN));
    Some(KpiQuestion { kpi, coefficient })
}

#[derive(Debug, Serialize)]
struct OneView {
    name: String,
    round: String,
    owner: String,
    shared: bool,
    own: bool,
    may_delete: bool,
    href: String,
    done_words: Vec<String>,
    outcome: OutcomeView,
    /// The KPIs that may be asked about.
    kpi: Field,
    coefficient: Field,
    beside: Option<KpiView>,
    problems: Vec<Problem>,
    notice: &'static str,
}

/// `GET /scenarios/:scenario`
#[handler]
pub(super) async fn one(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let asked = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let wanted = question(&asked);
    let load = move |app: &App| {
        let (saved, report) = scenarios::one(app, &who, &id)?;
        let names = kpis::definitions(app, &who, report.gaps.round.year)?.kpis.into_iter().filter(|kpi| kpi.kpi > 1);
        let names: Vec<(String, String)> =
            names.map(|kpi| (kpi.kpi.to_string(), format!("KPI {}: {}", kpi.kpi, kpi.name))).collect();
        let ask = |question| scenario_kpis::beside(app, &who, &report, question);
        let (beside, problems) = match wanted.map(ask).transpose() {
            Ok(beside) => (beside, Vec::new()),
            // The association stands without the coefficient that cannot be used.
            Err(AppError::Invalid(problems)) => {
                (wanted.map(|wanted| ask(KpiQuestion { coefficient: None, ..wanted })).transpose()?, problems)
            }
            Err(error) => return Err(error),
        };
        let beside = beside.map(|found| KpiView::new(&report, &found));
        Ok((saved, report, names, beside, problems))
    };
    let (saved, report, names, beside, problems) = web.app.run(load).await.map_err(PageError::from)?;
    let chosen = wanted.map(|question| question.kpi.to_string()).unwrap_or_default();
    let typed = asked.first("coefficient").unwrap_or_default().to_owned();
    let wrong = !problems.is_empty();
    let view = OneView {
        round: crate::formats::display::capitalised(&report.gaps.round.names()),
        owner: if saved.own { "you".into() } else { saved.owner.clone() },
        shared: saved.shared,
        own: saved.own,
        may_delete: saved.may_delete,
        href: format!("/scenarios/{}", saved.id),
        done_words: saved.plan.scenario.words(),
        outcome: OutcomeView::new(&report),
        kpi: select("kpi", "KPI", names, &chosen),
        coefficient: Field::text("coefficient", "Your own coefficient, if you have one", typed),
        beside,
        problems: Problem::all(&problems),
        notice: if asked.first("done") == Some("saved") { "The scenario was saved." } else { "" },
        name: saved.name,
    };
    let title = view.name.clone();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    web.page_with(status, "scenario", &Page::new(&reader.reader, &title, view).wide().with_errors(wrong))
}

/// A table as a file.
fn csv(table: &Table, name: &str) -> poem::Result<Response> {
    let bytes = table.csv().map_err(|error| PageError::internal(error.to_string()))?;
    Ok(download(bytes, "text/csv; charset=utf-8", name))
}

/// `GET /scenarios/:scenario/years.csv`
#[handler]
pub(super) async fn years_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let (saved, report) = web.app.run(move |app| scenarios::one(app, &who, &id)).await.map_err(PageError::from)?;
    csv(&file(&[(saved.name.as_str(), &report)]), "scenario.csv")
}

/// `GET /scenarios/:scenario/delete`
#[handler]
pub(super) async fn delete_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let (saved, report) = web.app.run(move |app| scenarios::one(app, &who, &id)).await.map_err(PageError::from)?;
    if !saved.may_delete {
        let action = format!("delete this scenario, which is {}’s", saved.owner);
        return Err(PageError::from(AppError::Forbidden { action }).into());
    }
    let confirm = Confirm {
        heading: format!("Delete the scenario {}?", saved.name),
        sentences: vec![format!(
            "It is of {} and is gone for everybody. The history keeps what it was.",
            place(&report)
        )],
        action: format!("/scenarios/{}/delete", saved.id),
        form: Form::default(),
        button: "Delete it",
        back: format!("/scenarios/{}", saved.id),
        back_text: "The scenario",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /scenarios/:scenario/delete`
#[handler]
pub(super) async fn delete(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    web.app.run(move |app| scenarios::delete(app, &who, &id)).await.map_err(PageError::from)?;
    Ok(redirect(&address("/scenarios", &[("done", "deleted")])).finish())
}
