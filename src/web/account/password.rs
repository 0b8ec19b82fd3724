//! One's own password.

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use crate::app::AppError;
use crate::app::own_account::{self, OwnAccount};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::password::new_password_field;
use crate::web::sign_in::{redirect, refused};

#[derive(Debug, Serialize)]
struct PasswordView {
    has_password: bool,
    /// For password managers, which keep a password by the name that goes with it.
    email: String,
    form: Form,
}

/// The page for somebody who has a password, or none yet.
async fn view(web: &Web, reader: &SignedInReader) -> Result<PasswordView, PageError> {
    let who = reader.who.clone();
    let OwnAccount { email, has_password, .. } = web.app.run(move |app| own_account::view(app, &who)).await?;
    let present = || Field::password("present_password", "Present password", "current-password");
    let fields = if has_password { vec![present(), new_password_field()] } else { vec![new_password_field()] };
    Ok(PasswordView { has_password, email, form: Form::new(fields) })
}

fn title(view: &PasswordView) -> &'static str {
    if view.has_password { "Change your password" } else { "Set a password" }
}

/// `GET /account/password`
#[handler]
pub(in crate::web) async fn show(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    let view = view(web, &reader).await?;
    web.page("account_password", &Page::new(&reader.reader, title(&view), view))
}

/// `POST /account/password`
#[handler]
pub(in crate::web) async fn set(Data(web): Data<&Web>, reader: SignedInReader, form: Posted) -> poem::Result<Response> {
    let typed = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (who, session) = (reader.who.clone(), reader.reader.session.clone());
    let (present, new) = (typed("present_password"), typed("password"));
    let done = web.app.run(move |app| own_account::set_password(app, &who, session.as_deref(), &present, &new)).await;
    match done {
        Ok(()) => Ok(redirect("/account?done=password").finish()),
        Err(AppError::Invalid(problems)) => {
            let view = view(web, &reader).await?;
            let view = PasswordView { form: view.form.refused(&problems), ..view };
            let page = Page::new(&reader.reader, title(&view), view).with_errors(true);
            web.page_with(StatusCode::UNPROCESSABLE_ENTITY, "account_password", &page)
        }
        Err(error) => refused(web, &reader.reader, error),
    }
}
