//! Handing the lead of a service to a successor.

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use crate::app::{AppError, accounts};
use crate::domain::access::{Principal, Role, Scope};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

/// The services of which somebody is the lead.
pub(super) fn services_led(who: &Principal) -> impl Iterator<Item = &str> {
    who.memberships.iter().filter(|held| held.role == Role::FlsLead).filter_map(|held| match &held.scope {
        Scope::Service(code) => Some(code.as_str()),
        _ => None,
    })
}

#[derive(Debug, Serialize)]
struct HandOverView {
    services: Vec<ServiceChoice>,
    /// There is more than one to choose from.
    choose: bool,
    service_error: &'static str,
    form: Form,
}

#[derive(Debug, Serialize)]
struct ServiceChoice {
    /// The first one's is what the error summary leads to.
    id: String,
    code: String,
    chosen: bool,
}

impl HandOverView {
    fn new(who: &Principal, chosen: Option<&str>) -> Self {
        let choice = |(index, code): (usize, &str)| ServiceChoice {
            id: if index == 0 { "service".to_owned() } else { format!("service-{code}") },
            code: code.to_owned(),
            chosen: chosen == Some(code),
        };
        let services: Vec<ServiceChoice> = services_led(who).enumerate().map(choice).collect();
        let hint = "Without one, they go by the first part of their address until they change it.";
        let fields = [
            Field::email("Your successor’s e-mail address", "off"),
            Field::new("name", "Your successor’s name (optional)").hint(hint),
        ];
        Self { choose: services.len() > 1, services, service_error: "", form: Form::new(fields) }
    }
}

const TITLE: &str = "Hand over the lead";

const NO_SERVICE: &str = "Choose the service whose lead you hand over.";

/// `GET /account/hand-over`
#[handler]
pub(in crate::web) fn show(
    Data(web): Data<&Web>,
    SignedInReader { who, reader }: SignedInReader,
) -> poem::Result<Response> {
    let view = HandOverView::new(&who, None);
    let has_form = !view.services.is_empty();
    web.page("account_hand_over", &Page::new(&reader, TITLE, view).with_form(has_form))
}

/// `POST /account/hand-over`
#[handler]
pub(in crate::web) async fn hand_over(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Posted,
) -> poem::Result<Response> {
    let typed = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (who, service, email, name) = (reader.who.clone(), typed("service"), typed("email"), typed("name"));
    let done = if service.is_empty() {
        Err(AppError::invalid("service", "missing", NO_SERVICE))
    } else {
        web.app.run(move |app| accounts::hand_over(app, &who, &service, &email, Some(&name))).await
    };
    match done {
        Ok(()) => Ok(redirect("/account?done=handed-over").finish()),
        Err(AppError::Invalid(problems)) => {
            let view = HandOverView::new(&reader.who, form.first("service"));
            let service_error = if typed("service").is_empty() { NO_SERVICE } else { "" };
            let view = HandOverView { service_error, form: view.form.filled(&form).refused(&problems), ..view };
            let page = Page::new(&reader.reader, TITLE, view).with_errors(true).with_form(true);
            web.page_with(StatusCode::UNPROCESSABLE_ENTITY, "account_hand_over", &page)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}
