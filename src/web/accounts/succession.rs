//! A lead hands the role to a successor.

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use super::invitation::given;
use crate::app::{AppError, accounts};
use crate::domain::access::{Principal, Role, Scope};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Choice, Choices, Field, ProblemLink, Problems};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct HandOverView {
    problems: Vec<ProblemLink>,
    /// The services that the reader leads.
    services: Vec<String>,
    service: Choices,
    email: Field,
    name: Field,
}

/// The services that somebody leads.
fn led_by(who: &Principal) -> Vec<String> {
    let led = who.memberships.iter().filter(|held| held.role == Role::FlsLead);
    led.filter_map(|held| match &held.scope {
        Scope::Service(code) => Some(code.clone()),
        _ => None,
    })
    .collect()
}

fn page(web: &Web, reader: &SignedInReader, form: &Posted, problems: &Problems) -> poem::Result<Response> {
    let of = |name: &str| form.first(name).unwrap_or_default();
    let services = led_by(&reader.who);
    let first = services.first().map(String::as_str).unwrap_or_default();
    let chosen = form.first("service").unwrap_or(first);
    let choices = services.iter().map(|code| Choice::new(code, code, chosen)).collect();
    let view = HandOverView {
        problems: problems.links(),
        service: Choices::new("service", "Service", choices, problems),
        services,
        email: Field::email("Your successor’s e-mail address", of("email"), problems),
        name: Field::text("name", "Your successor’s name (optional)", of("name"), problems),
    };
    let status = if problems.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, "Hand over your role", view).with_errors(problems.any());
    web.page_with(status, "account_hand_over", &page)
}

/// `GET /accounts/hand-over`
#[handler]
pub(in crate::web) fn hand_over_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    page(web, &reader, &Posted::default(), &Problems::default())
}

/// `POST /accounts/hand-over`
#[handler]
pub(in crate::web) async fn hand_over(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Posted,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let of = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (service, email, name) = (of("service"), of("email"), given(&form, "name"));
    let done = web.app.run(move |app| accounts::hand_over(app, &who, &service, &email, name.as_deref())).await;
    match done {
        Ok(()) => Ok(redirect("/accounts/handed-over").finish()),
        Err(AppError::Invalid(found)) => page(web, &reader, &form, &Problems::new(found)),
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `GET /accounts/handed-over`: for anyone who is signed in, since whoever handed over their role reaches less than before.
#[handler]
pub(in crate::web) fn handed_over(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    web.page("account_handed_over", &Page::new(&reader.reader, "Handed over", ()))
}
