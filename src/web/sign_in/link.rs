//! Signing in with a mailed link. A link is used by a button, not by opening it: mail scanners open every link in a
//! message.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Serialize;

use super::{Next, NextQuery, SignInView, redirect, refused, welcome};
use crate::app::{AppError, sign_in};
use crate::web::Web;
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::Reader;

/// The page that says that a mail is on its way, or would be.
#[derive(Debug, Serialize)]
struct SentView {
    /// What the mail has: "a sign-in link".
    what: &'static str,
    again: &'static str,
    is_demo: bool,
}

/// That a mail is on its way, if there is anybody to send it to: the same for every address.
pub(super) fn sent_page(web: &Web, reader: &Reader, what: &'static str, again: &'static str) -> poem::Result<Response> {
    let view = SentView { what, again, is_demo: web.app.is_demo() };
    web.page("sign_in_sent", &Page::new(reader, "Check your e-mail", view))
}

/// `POST /sign-in/link`: asks for a link.
#[handler]
pub(in crate::web) async fn request(Data(web): Data<&Web>, reader: &Reader, form: Posted) -> poem::Result<Response> {
    let next = Next::of_form(&form);
    let (email, path) = (form.first("email").unwrap_or_default().to_owned(), next.path().map(ToOwned::to_owned));
    match web.app.run(move |app| sign_in::request_link(app, &email, path.as_deref())).await {
        Ok(()) => Ok(redirect("/sign-in/link-sent").finish()),
        Err(AppError::Invalid(problems)) => {
            let mut view = SignInView::new(web, reader, next);
            view.link = view.link.filled(&form).refused(&problems);
            Ok(view.page(web, reader, StatusCode::UNPROCESSABLE_ENTITY)?)
        }
        Err(error) => refused(web, reader, error),
    }
}

/// `GET /sign-in/link-sent`
#[handler]
pub(in crate::web) fn sent(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    sent_page(web, reader, "a sign-in link", "/sign-in")
}

/// The page with the button of a link.
#[derive(Debug, Serialize)]
struct LinkView {
    action: String,
    next: Next,
}

/// A secret as it stands in an address.
pub(super) fn in_address(token: &str) -> String {
    form_urlencoded::byte_serialize(token.as_bytes()).collect()
}

/// `GET /sign-in/{token}`: reads nothing, so that opening the link uses nothing up.
#[handler]
pub(in crate::web) fn show(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
    Query(query): Query<NextQuery>,
) -> poem::Result<Response> {
    let view = LinkView { action: format!("/sign-in/{}", in_address(&token)), next: query.next() };
    web.page("sign_in_link", &Page::new(reader, "Sign in", view))
}

/// `POST /sign-in/{token}`
#[handler]
pub(in crate::web) async fn enter(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let visit = reader.visit.clone();
    match web.app.run(move |app| sign_in::with_link(app, &visit, &token)).await {
        Ok(signed_in) => welcome(web, reader, &signed_in, &Next::of_form(&form)).await,
        Err(AppError::LinkUnusable) => {
            let page = Page::new(reader, "This sign-in link does not work any more", ());
            web.page_with(StatusCode::GONE, "sign_in_link_used", &page)
        }
        Err(error) => refused(web, reader, error),
    }
}
