//! Opening a query: about an answer or a month of counts, or about a figure beyond the limits.

use chrono::NaiveDate;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::outliers::people_of;
use crate::app::error::InputProblem;
use crate::app::quality::{self, NewQuery, QueryThread};
use crate::app::{App, AppError, register, rounds};
use crate::domain::quality::query::Subject;
use crate::formats::display::capitalised;
use crate::web::Web;
use crate::web::choices::{Choice, Choices, DateField};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::kpis::percent_words;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

/// What a service is asked first about a figure beyond the limits.
const CHECK_YOUR_DATA: &str = "Your figure lies further from the national one than chance and the usual spread between \
                               services explain. Please check the records behind it: are all patients in, is every date \
                               right, and was every answer entered as it is meant? Correct what is wrong, or say here \
                               that the data are right.";

#[derive(Debug, Serialize)]
struct AskView {
    year: i32,
    names: String,
    action: String,
    back: String,
    heading: String,
    /// What is known of the figure, of an outlier.
    figure: String,
    choices: Vec<Choices>,
    due: DateField,
    form: Form,
}

fn body_field() -> Field {
    Field::lines("body", "What you ask", 6).hint("The people of the service read it. Name no patients.")
}

fn due_field(form: &Posted, problems: &[InputProblem]) -> DateField {
    DateField::new("due_on", "Answer by (optional)", form, None, problems).hint("Left empty, in 14 days.")
}

/// The day of a form, with what is wrong with it.
pub(super) fn due_of(form: &Posted) -> Result<Option<NaiveDate>, AppError> {
    DateField::read("due_on", form)
        .map_err(|()| AppError::invalid("due_on", "not_a_day", "Write a day, such as 14 5 2026, or leave it empty."))
}

fn written(web: &Web, reader: &SignedInReader, title: &str, view: AskView, wrong: bool) -> poem::Result<Response> {
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, title, view).with_errors(wrong).with_form(true);
    web.page_with(status, "query_new", &page)
}

fn done(result: Result<QueryThread, AppError>) -> Result<Response, AppError> {
    result.map(|thread| redirect(&format!("/queries/{}?done=opened", thread.query.query.id)).finish())
}

/// What the address suggests.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Suggested {
    service: Option<String>,
    item: Option<String>,
}

async fn ask_form(
    web: &Web,
    reader: &SignedInReader,
    year: i32,
    form: &Posted,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let work = move |app: &App| {
        let round = rounds::one(app, &who, year)?;
        Ok((round, rounds::questionnaire(app, &who, year)?, register::services(app, &who)?))
    };
    let (round, questionnaire, services) = web.app.run(work).await.map_err(PageError::from)?;
    let chosen = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (service, item, kpi) = (chosen("service"), chosen("link_id"), chosen("kpi"));
    let mut of_services = vec![Choice::new("", "Choose a service", &service)];
    let there =
        services.iter().filter(|one| crate::domain::register::valid_in_year(one.valid_from, one.valid_to, year));
    of_services.extend(there.map(|one| Choice::new(&one.code, &format!("{} {}", one.code, one.name), &service)));
    let mut of_items = vec![Choice::new("", "No question: a month of counts", &item)];
    of_items.extend(questionnaire.items().map(|one| {
        let text = format!("{} {}", one.number, one.text);
        Choice::new(&one.link_id, &text, &item)
    }));
    let mut of_kpis = vec![Choice::new("", "No KPI: a question", &kpi)];
    of_kpis.extend((2..=11).map(|n: i32| Choice::new(&n.to_string(), &format!("KPI {n}"), &kpi)));
    let month =
        Field::new("month", "Month of the KPI").hint(format!("Such as {year}-03. Empty for a question.")).width(10);
    let view = AskView {
        year,
        names: capitalised(&round.names()),
        action: format!("/rounds/{year}/queries/new"),
        back: format!("/rounds/{year}/queries"),
        heading: "Ask a service".into(),
        figure: String::new(),
        choices: vec![
            Choices::new("service", "Service", of_services, problems),
            Choices::new("link_id", "About this question", of_items, problems),
            Choices::new("kpi", "Or about this KPI", of_kpis, problems),
        ],
        due: due_field(form, problems),
        form: Form::new([month, body_field()]).filled(form).refused(problems),
    };
    written(web, reader, &format!("Ask a service, {year}"), view, !problems.is_empty())
}

/// `GET /rounds/{year}/queries/new`
#[handler]
pub(in crate::web) async fn ask_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(suggested): Query<Suggested>,
) -> poem::Result<Response> {
    let suggestion =
        [("service", suggested.service.unwrap_or_default()), ("link_id", suggested.item.unwrap_or_default())];
    let form = Posted::of(&suggestion.each_ref().map(|(name, value)| (*name, value.as_str())));
    ask_form(web, &reader, read_year(&year)?, &form, &[]).await
}

/// What a form asks about.
fn subject_of(form: &Posted) -> Result<Subject, AppError> {
    let given = |name: &str| form.first(name).map(str::trim).filter(|text| !text.is_empty());
    match (given("link_id"), given("kpi"), given("month")) {
        (Some(link_id), None, None) => Ok(Subject::Item(link_id.to_owned())),
        (None, Some(kpi), Some(month)) => {
            let month = month.parse().map_err(|_| {
                AppError::invalid("month", "not_a_month", format!("{month:?} is no month, such as 2021-03."))
            })?;
            Ok(Subject::Month { kpi: kpi.parse().unwrap_or_default(), month })
        }
        (None, Some(_), None) => {
            Err(AppError::invalid("month", "missing", "Say which month of the KPI you ask about."))
        }
        _ => {
            let message = "Choose either a question, or a KPI with its month.";
            Err(AppError::invalid("link_id", "subject", message))
        }
    }
}

/// `POST /rounds/{year}/queries/new`
#[handler]
pub(in crate::web) async fn ask(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let text = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (service, body) = (text("service"), text("body"));
    let named = if service.is_empty() {
        Err(AppError::invalid("service", "missing", "Choose the service."))
    } else {
        Ok(service)
    };
    let asked = AppError::both(AppError::both(named, subject_of(&form)), due_of(&form));
    let work = move |app: &App| {
        let ((service, subject), due_on) = asked?;
        done(quality::open(app, &who, &NewQuery { year, service, subject, body, due_on }))
    };
    match web.app.run(work).await {
        Ok(response) => Ok(response),
        Err(AppError::Invalid(problems)) => ask_form(web, &reader, year, &form, &problems).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

fn read_kpi(text: &str) -> Result<i32, PageError> {
    text.parse().map_err(|_| PageError::not_found(format!("{text:?} is no KPI.")))
}

async fn look_form(
    web: &Web,
    reader: &SignedInReader,
    (year, service, kpi): (i32, String, i32),
    form: &Posted,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let (who, code) = (reader.who.clone(), service.clone());
    let work = move |app: &App| quality::one_outlier(app, &who, (year, &code, kpi));
    let (round, row) = web.app.run(work).await.map_err(PageError::from)?;
    let figure = row.now.as_ref().map(|outlier| {
        format!(
            "{} {}: {} ({}); the national figure is {}.",
            row.service.code,
            row.kpi_name,
            percent_words(Some(outlier.percent)),
            people_of(outlier),
            percent_words(Some(outlier.national))
        )
    });
    let body = if form.is_empty() { body_field().value(CHECK_YOUR_DATA) } else { body_field() };
    let mut fields = Form::new([body]);
    if !form.is_empty() {
        fields = fields.filled(form);
    }
    let view = AskView {
        year,
        names: capitalised(&round.names()),
        action: format!("/rounds/{year}/outliers/{service}/{kpi}"),
        back: format!("/rounds/{year}/outliers"),
        heading: format!("Look into KPI {kpi} of {}", row.service.name),
        figure: figure.unwrap_or_default(),
        choices: Vec::new(),
        due: due_field(form, problems),
        form: fields.refused(problems),
    };
    written(web, reader, &format!("Look into KPI {kpi} of {service}"), view, !problems.is_empty())
}

/// `GET /rounds/{year}/outliers/{service}/{kpi}`
#[handler]
pub(in crate::web) async fn look_into_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, kpi)): Path<(String, String, String)>,
) -> poem::Result<Response> {
    let figure = (read_year(&year)?, service, read_kpi(&kpi)?);
    look_form(web, &reader, figure, &Posted::default(), &[]).await
}

/// `POST /rounds/{year}/outliers/{service}/{kpi}`
#[handler]
pub(in crate::web) async fn look_into(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, kpi)): Path<(String, String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year, kpi) = (reader.who.clone(), read_year(&year)?, read_kpi(&kpi)?);
    let (body, due_on, code) = (form.first("body").unwrap_or_default().to_owned(), due_of(&form), service.clone());
    let work = move |app: &App| done(quality::open_outlier(app, &who, (year, &code, kpi), &body, due_on?));
    match web.app.run(work).await {
        Ok(response) => Ok(response),
        Err(AppError::Invalid(problems)) => look_form(web, &reader, (year, service, kpi), &form, &problems).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}
