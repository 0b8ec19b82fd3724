//! The three views of demand: a page that is asked by its address, so that it can be linked, and its figures as files.

mod tables;

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use self::tables::{ranges_of_nurses, views, workload};
use super::Web;
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::{Posted, address};
use super::gaps::query::usual_year;
use super::gaps::reachable_areas;
use super::kpis::{Field as Choose, download, select, year_field};
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::SignedInReader;
use crate::app::demand::{self, DemandQuery, DemandReport};
use crate::app::error::InputProblem;
use crate::app::gaps::GapQuery;
use crate::app::{App, AppError};
use crate::charts::ranges::{Ranges, ranges};
use crate::domain::access::Principal;
use crate::domain::round::Round;
use crate::domain::workforce::workload::OwnTimes;
use crate::formats::display::capitalised;
use crate::formats::table::Table;

/// The figures that a reader may change, with their label and unit, in the order of the form.
const FIGURES: [(&str, &str, &str); 15] = [
    ("case_finding_minutes", "Case finding", "minutes a case"),
    ("assessment_minutes", "Assessment", "minutes a case"),
    ("reporting_minutes", "Letters and reporting", "minutes a case"),
    ("follow_up_16_weeks_minutes", "Follow-up at 12 to 16 weeks", "minutes a patient"),
    ("follow_up_12_months_minutes", "Follow-up at 12 months", "minutes a patient"),
    ("treated_percent", "Cases with treatment recommended", "per cent; empty: each service’s own, from KPI 9"),
    ("category_percent", "Supporting work", "per cent of everybody’s time"),
    ("individual_hours", "Leading the service", "hours a year, each service"),
    ("weeks", "Weeks", "a year"),
    ("days_per_week", "Working days", "a week"),
    ("hours_per_day", "Working hours", "a day"),
    ("public_holidays", "Public holidays", "days a year"),
    ("annual_leave", "Annual leave", "days a year"),
    ("sick", "Sick leave", "days a year"),
    ("other_absence", "Other absence, such as training", "days a year"),
];

/// What an address asks for, and what in it cannot be read.
struct Asked {
    query: DemandQuery,
    raw: Posted,
    problems: Vec<InputProblem>,
}

impl Asked {
    fn read(request: &Request, who: &Principal, rounds: &[Round]) -> Result<Self, PageError> {
        let raw = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
        let given = |name: &str| raw.first(name).map(str::trim).filter(|value| !value.is_empty());
        let year = match given("year") {
            Some(word) => word
                .parse()
                .ok()
                .filter(|year| (1900..=2999).contains(year))
                .ok_or_else(|| PageError::bad_request(format!("{word:?} is not an audit year, such as 2021.")))?,
            None => usual_year(rounds)?,
        };
        let (mut own, mut problems) = (OwnTimes::default(), Vec::new());
        for (name, label, unit) in FIGURES {
            let Some(text) = given(name) else { continue };
            match text.parse::<f64>() {
                Ok(value) if name == "treated_percent" => own.treated_percent = Some(value),
                Ok(value) => own.figures.push((name.to_owned(), value)),
                Err(_) => {
                    let message = format!("{label}: write a number ({unit}), such as 20 or 7.5.");
                    problems.push(InputProblem::new(name, "not_a_number", message));
                }
            }
        }
        let area = given("area").map(ToOwned::to_owned);
        let mut own_services = who.own_services();
        let only = own_services.next().filter(|_| own_services.next().is_none() && area.is_none());
        let service = given("service").map(str::to_uppercase).or(only.map(ToOwned::to_owned));
        // Whoever names a service means it, whatever area the form still has.
        let area = area.filter(|_| service.is_none());
        let standard = given("standard").map(ToOwned::to_owned);
        let geography_as_at = given("geography_as_at")
            .map(|day| {
                day.parse().map_err(|_| PageError::bad_request(format!("{day:?} is not a day, such as 2022-07-01.")))
            })
            .transpose()?;
        let gaps = GapQuery { year, area, standard, geography_as_at, cut: None };
        Ok(Self { query: DemandQuery { gaps, service, own }, raw, problems })
    }

    /// The same of another path.
    fn address(&self, path: &str) -> String {
        let year = self.query.gaps.year.to_string();
        let mut parts: Vec<(&str, &str)> = vec![("year", &year)];
        parts.push(("service", self.query.service.as_deref().unwrap_or_default()));
        parts.push(("area", self.query.gaps.area.as_deref().unwrap_or_default()));
        parts.push(("standard", self.query.gaps.standard.as_deref().unwrap_or_default()));
        let day = self.query.gaps.geography_as_at.map(|day| day.to_string()).unwrap_or_default();
        parts.push(("geography_as_at", &day));
        let figures = FIGURES.iter().map(|(name, _, _)| (*name, self.raw.first(name).unwrap_or_default()));
        address(path, &parts.into_iter().chain(figures).collect::<Vec<_>>())
    }
}

#[derive(Debug, Serialize)]
struct DemandView {
    place: String,
    names: String,
    statement: String,
    choose: Vec<Choose>,
    standard_id: String,
    geography_as_at: String,
    form: Form,
    found: Option<FoundView>,
}

/// The views, where the question could be read.
#[derive(Debug, Serialize)]
struct FoundView {
    has_services: bool,
    disagreements: Vec<String>,
    chart: String,
    views: PlainTable,
    workload: PlainTable,
    refusals: Vec<String>,
    views_file: String,
    workload_file: String,
    gaps: String,
    method: Vec<String>,
}

/// The form of the workload's figures: what was typed, else those of the file.
fn figures_form(app: &App, asked: &Asked, problems: &[InputProblem]) -> Result<Form, AppError> {
    let own = demand::times(app)?.figures();
    let field = |(name, label, unit): (&'static str, &'static str, &'static str)| {
        let usual = own.iter().find(|(own, _)| own == name).map(|(_, value)| value.to_string()).unwrap_or_default();
        let value = asked.raw.first(name).filter(|typed| !typed.trim().is_empty()).map_or(usual, ToOwned::to_owned);
        Field::new(name, label).hint(unit).inputmode("decimal").width(5).value(value)
    };
    Ok(Form::new(FIGURES.map(field)).refused(problems))
}

fn found_view(asked: &Asked, report: &DemandReport) -> FoundView {
    let nurses = ranges_of_nurses(report);
    let chart = Ranges {
        id: "demand-chart",
        title: "Nurses needed by each view, and in post",
        description: "For each view a bar from the lowest to the highest, a tick in the middle of like services, and a dot \
            for the nurses in post. The figures are in the table.",
        rows: &nurses,
    };
    let refusals = report.demand.workload.iter().filter_map(|need| {
        let refusal = need.found.as_ref().err()?;
        Some(format!("The workload of {} cannot be worked out: {refusal}.", need.of.words()))
    });
    let standard = &report.gaps.standard;
    let mut method = vec![
        format!("Ratio: {} ({}). {}", standard.name, standard.id, standard.basis_note),
        format!(
            "Workload: WISN, for nurses alone, since no activity times of administrators were found. {}, version {}: {}",
            report.times.name, report.times.version, report.times.source
        ),
        "Expected cases are 5 times the hip fractures of the mapped hospitals, or as stated; recorded cases are those of \
         KPI 2. The share with treatment recommended is KPI 9’s denominator over the recorded cases, and is taken to be the \
         same among the cases that were not recorded and at 12 months."
            .to_owned(),
        "Like services have the same setting and lie in the same third by population; quartiles (type 7) of at least five, \
         the service itself among them."
            .to_owned(),
        "Administrators have no workload of their own here. No view is averaged with another.".to_owned(),
    ];
    if let Some(percent) = report.treated_percent {
        method.push(format!("You gave {percent}% as the share with treatment recommended."));
    }
    match &report.like {
        (Some(setting), Some(size)) => method.push(format!("This service: {setting}, {}.", size.words())),
        (None, Some(size)) => method.push(format!("This service: setting not answered, {}.", size.words())),
        _ => {}
    }
    let year = report.gaps.round.year.to_string();
    let area = report.gaps.area.as_ref().map(|(code, _)| code.as_str()).unwrap_or_default();
    FoundView {
        has_services: report.demand.services > 0,
        disagreements: report.demand.disagreements(),
        chart: ranges(&chart),
        views: PlainTable::from(&views(report)),
        workload: PlainTable::from(&workload(report)),
        refusals: refusals.collect(),
        views_file: asked.address("/demand/views.csv"),
        workload_file: asked.address("/demand/workload.csv"),
        gaps: address("/gaps", &[("year", &year), ("area", area)]),
        method,
    }
}

fn choose(
    app: &App,
    who: &Principal,
    asked: &Asked,
    rounds: &[Round],
    area: Option<&str>,
) -> Result<Vec<Choose>, AppError> {
    let query = &asked.query;
    let mut fields = vec![year_field(rounds, query.gaps.year)];
    let (tree, reachable) = reachable_areas(app, who, query.gaps.year, query.gaps.geography_as_at)?;
    if !reachable.is_empty() {
        let mut areas: Vec<_> = reachable.iter().filter_map(|code| tree.get(code)).collect();
        areas.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        let mut choices = vec![(String::new(), "All that you can see".to_owned())];
        choices.extend(areas.into_iter().map(|area| (area.code.clone(), area.name.clone())));
        fields.push(select("area", "Area", choices, area.unwrap_or_default()));
    }
    fields.push(Choose::text("service", "Code of a service", query.service.clone().unwrap_or_default()));
    Ok(fields)
}

fn view(app: &App, who: &Principal, asked: &Asked, rounds: &[Round]) -> Result<DemandView, AppError> {
    let asked_for = if asked.problems.is_empty() {
        demand::report(app, who, &asked.query)
    } else {
        Err(AppError::Invalid(asked.problems.clone()))
    };
    let (report, problems) = match asked_for {
        Ok(report) => (Some(report), Vec::new()),
        Err(AppError::Invalid(problems)) => (None, problems),
        Err(error) => return Err(error),
    };
    let service = report.as_ref().and_then(|report| report.service.as_ref());
    let area = report.as_ref().and_then(|report| report.gaps.area.as_ref());
    let place = match (service, area) {
        (Some((code, name)), _) => format!("{name} ({code})"),
        (None, Some((_, name))) => name.clone(),
        (None, None) => "all services that you can see".to_owned(),
    };
    let in_area = match &report {
        Some(report) if report.service.is_none() => report.gaps.area.as_ref().map(|(code, _)| code.clone()),
        _ => asked.query.gaps.area.clone(),
    };
    Ok(DemandView {
        place,
        names: report.as_ref().map(|report| capitalised(&report.gaps.round.names())).unwrap_or_default(),
        statement: report.as_ref().map(|report| report.demand.statement()).unwrap_or_default(),
        choose: choose(app, who, asked, rounds, in_area.as_deref())?,
        geography_as_at: asked.query.gaps.geography_as_at.map(|day| day.to_string()).unwrap_or_default(),
        standard_id: asked.query.gaps.standard.clone().unwrap_or_default(),
        form: figures_form(app, asked, &problems)?,
        found: report.as_ref().map(|report| found_view(asked, report)),
    })
}

/// `GET /demand`
#[handler]
pub(super) async fn page(Data(web): Data<&Web>, reader: SignedInReader, request: &Request) -> poem::Result<Response> {
    let rounds = web.rounds(&reader).await?;
    let asked = Asked::read(request, &reader.who, &rounds)?;
    let who = reader.who.clone();
    let view = web.app.run(move |app| view(app, &who, &asked, &rounds)).await.map_err(PageError::from)?;
    let wrong = view.form.is_refused();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, "Staff needed, by three views", view).wide().with_errors(wrong);
    web.page_with(status, "demand", &page)
}

async fn file(
    web: &Web,
    reader: &SignedInReader,
    request: &Request,
    table: fn(&DemandReport) -> Table,
    name: &str,
) -> poem::Result<Response> {
    let rounds = web.rounds(reader).await?;
    let asked = Asked::read(request, &reader.who, &rounds)?;
    if !asked.problems.is_empty() {
        return Err(PageError::from(AppError::Invalid(asked.problems)).into());
    }
    let year = asked.query.gaps.year;
    let who = reader.who.clone();
    let report = web.app.run(move |app| demand::report(app, &who, &asked.query)).await.map_err(PageError::from)?;
    let bytes = table(&report).csv().map_err(|error| PageError::internal(error.to_string()))?;
    Ok(download(bytes, "text/csv; charset=utf-8", &format!("{name}-{year}.csv")))
}

/// `GET /demand/views.csv`
#[handler]
pub(super) async fn views_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    file(web, &reader, request, views, "staff-needed").await
}

/// `GET /demand/workload.csv`
#[handler]
pub(super) async fn workload_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    file(web, &reader, request, workload, "workload").await
}

#[cfg(test)]
mod tests {
    use super::FIGURES;
    use crate::formats::seeds::{SeedFiles, read_reference};

    #[test]
    fn the_form_has_every_figure_of_the_times() {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let mut known: Vec<String> =
            reference.workloads.last().unwrap().figures().into_iter().map(|(name, _)| name).collect();
        known.push("treated_percent".into());
        known.sort();
        let mut offered = FIGURES.map(|(name, _, _)| name);
        offered.sort_unstable();
        assert_eq!(known, offered);
    }
}
