//! Signing in with a password, and choosing a new one in place of a forgotten one.

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::link::{in_address, sent_page};
use super::{Next, SignInView, redirect, refused, welcome};
use crate::app::{AppError, own_account, sign_in};
use crate::auth::password::SHORTEST;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::Reader;

/// `POST /sign-in`
#[handler]
pub(in crate::web) async fn enter(Data(web): Data<&Web>, reader: &Reader, form: Posted) -> poem::Result<Response> {
    let next = Next::of_form(&form);
    let typed = |name: &str| form.first(name).unwrap_or_default().to_owned();
    let (visit, email, password) = (reader.visit.clone(), typed("email"), typed("password"));
    match web.app.run(move |app| sign_in::with_password(app, &visit, &email, &password)).await {
        Ok(signed_in) => welcome(web, reader, &signed_in, &next).await,
        Err(error @ AppError::SignInRefused) => {
            let mut view = SignInView::new(web, reader, next);
            view.link = view.link.filled(&form);
            view.password = view.password.filled(&form).refused_for("password", &error);
            Ok(view.page(web, reader, StatusCode::UNAUTHORIZED)?)
        }
        Err(error) => refused(web, reader, error),
    }
}

#[derive(Debug, Serialize)]
struct ForgottenView {
    form: Form,
}

impl ForgottenView {
    fn new() -> Self {
        Self { form: Form::new([Field::email("E-mail address", "username")]) }
    }
}

/// `GET /sign-in/forgotten`
#[handler]
pub(in crate::web) fn forgotten(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    web.page("sign_in_forgotten", &Page::new(reader, "Choose a new password", ForgottenView::new()).with_form(true))
}

/// `POST /sign-in/forgotten`: asks for a link to choose a new password.
#[handler]
pub(in crate::web) async fn request_reset(
    Data(web): Data<&Web>,
    reader: &Reader,
    form: Posted,
) -> poem::Result<Response> {
    let email = form.first("email").unwrap_or_default().to_owned();
    match web.app.run(move |app| own_account::request_reset(app, &email)).await {
        Ok(()) => Ok(redirect("/sign-in/reset-sent").finish()),
        Err(AppError::Invalid(problems)) => {
            let view = ForgottenView { form: ForgottenView::new().form.filled(&form).refused(&problems) };
            let page = Page::new(reader, "Choose a new password", view).with_errors(true).with_form(true);
            web.page_with(StatusCode::UNPROCESSABLE_ENTITY, "sign_in_forgotten", &page)
        }
        Err(error) => refused(web, reader, error),
    }
}

/// `GET /sign-in/reset-sent`
#[handler]
pub(in crate::web) fn reset_sent(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    sent_page(web, reader, "a link to choose a new password", "/sign-in/forgotten")
}

/// The field for a new password, here and on the account's own page.
pub(in crate::web) fn new_password_field() -> Field {
    let hint = format!(
        "{SHORTEST} characters or more. Three words that have nothing to do with each other are a good one; no other \
         rules."
    );
    Field::password("password", "New password", "new-password").hint(hint)
}

#[derive(Debug, Serialize)]
struct ResetView {
    action: String,
    form: Form,
}

impl ResetView {
    fn new(token: &str) -> Self {
        Self { action: format!("/reset/{}", in_address(token)), form: Form::new([new_password_field()]) }
    }
}

fn reset_link_used(web: &Web, reader: &Reader) -> poem::Result<Response> {
    let page = Page::new(reader, "This link does not work any more", ());
    web.page_with(StatusCode::GONE, "sign_in_reset_used", &page)
}

/// `GET /reset/{token}`
#[handler]
pub(in crate::web) async fn reset_page(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
) -> poem::Result<Response> {
    let view = ResetView::new(&token);
    let usable = web.app.run(move |app| own_account::reset_is_usable(app, &token)).await.map_err(PageError::from)?;
    if !usable {
        return reset_link_used(web, reader);
    }
    web.page("sign_in_reset", &Page::new(reader, "Choose a new password", view))
}

/// `POST /reset/{token}`
#[handler]
pub(in crate::web) async fn reset(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let view = ResetView::new(&token);
    let (visit, new) = (reader.visit.clone(), form.first("password").unwrap_or_default().to_owned());
    match web.app.run(move |app| own_account::reset_password(app, &visit, &token, &new)).await {
        Ok(()) => Ok(redirect("/sign-in?done=new-password").finish()),
        Err(AppError::LinkUnusable) => reset_link_used(web, reader),
        Err(AppError::Invalid(problems)) => {
            let view = ResetView { form: view.form.refused(&problems), ..view };
            let page = Page::new(reader, "Choose a new password", view).with_errors(true);
            web.page_with(StatusCode::UNPROCESSABLE_ENTITY, "sign_in_reset", &page)
        }
        Err(error) => refused(web, reader, error),
    }
}
