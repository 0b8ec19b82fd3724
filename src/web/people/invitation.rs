//! Inviting a person.

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use crate::app::AppError;
use crate::app::accounts::{self, Giveable, Invitation};
use crate::app::error::InputProblem;
use crate::domain::access::{Principal, Role};
use crate::web::Web;
use crate::web::choices::{Chosen, RoleFields};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct InviteView {
    form: Form,
    role: RoleFields,
}

/// A field of a form as it was chosen; nothing where it was left empty.
pub(in crate::web) fn given(form: &Posted, name: &str) -> Option<String> {
    form.first(name).map(str::trim).filter(|value| !value.is_empty()).map(ToOwned::to_owned)
}

/// The role that a form chooses.
pub(in crate::web) fn chosen_role(form: &Posted) -> Result<Role, AppError> {
    let role = given(form, "role").and_then(|role| role.parse().ok());
    role.ok_or_else(|| AppError::invalid("role", "empty", "Choose a role."))
}

/// The choices that a form holds.
pub(in crate::web) fn chosen(form: &Posted) -> Chosen<'_> {
    let of = |name: &str| form.first(name).unwrap_or_default();
    Chosen { role: of("role"), service: of("service"), area: of("area") }
}

/// What somebody may give.
pub(super) async fn giveable(web: &Web, who: &Principal) -> Result<Giveable, PageError> {
    let who = who.clone();
    Ok(web.app.run(move |app| accounts::giveable(app, &who)).await?)
}

async fn page(web: &Web, reader: &SignedInReader, form: &Posted, problems: &[InputProblem]) -> poem::Result<Response> {
    let giveable = giveable(web, &reader.who).await?;
    let fields = [
        Field::email("E-mail address", "off"),
        Field::new("name", "Name (optional)").hint("As colleagues will see it beside what they change."),
    ];
    let view = InviteView {
        form: Form::new(fields).filled(form).refused(problems),
        role: RoleFields::new(&giveable, chosen(form), problems),
    };
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(&reader.reader, "Invite a person", view).with_errors(wrong).with_form(true);
    web.page_with(status, "person_invite", &page)
}

/// `GET /accounts/invite`
#[handler]
pub(in crate::web) async fn invite_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    page(web, &reader, &Posted::default(), &[]).await
}

/// The invitation that a form asks for.
pub(super) fn invitation(form: &Posted, email: String) -> Result<Invitation, AppError> {
    let role = chosen_role(form)?;
    let name = given(form, "name");
    Ok(Invitation { email, name, role, service: given(form, "service"), area: given(form, "area") })
}

/// `POST /accounts/invite`
#[handler]
pub(in crate::web) async fn invite(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Posted,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let asked = invitation(&form, form.first("email").unwrap_or_default().to_owned());
    let done = web.app.run(move |app| accounts::invite(app, &who, &asked?)).await;
    match done {
        Ok(line) => Ok(redirect(&format!("/accounts/{}?done=invited", line.account.id)).finish()),
        Err(AppError::Invalid(found)) => page(web, &reader, &form, &found).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}
