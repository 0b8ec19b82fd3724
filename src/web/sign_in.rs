//! Signing in and out. A link is used by a button, not by opening it: mail scanners open every link in a message.

use poem::http::{StatusCode, header};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::forms::Posted;
use super::openid::{self, ButtonView};
use super::page::Page;
use super::reader::{Reader, no_session_cookie, session_cookie};
use crate::app::AppError;
use crate::app::sessions::{self, SignedIn};
use crate::app::sign_in;
use crate::store::sessions::Stage;

/// The sign-in page.
#[derive(Debug, Serialize)]
pub(super) struct SignInView {
    /// The reader asked for a page that needs signing in.
    ended: bool,
    openid: Option<ButtonView>,
    accounts: Vec<DemoAccountView>,
}

#[derive(Debug, Serialize)]
struct DemoAccountView {
    email: String,
    label: String,
}

/// The page with the button of a link.
#[derive(Debug, Serialize)]
struct LinkView {
    action: String,
}

fn sign_in_view(web: &Web, ended: bool, next: Option<&str>) -> SignInView {
    let accounts = sign_in::demo_accounts(&web.app)
        .into_iter()
        .map(|account| DemoAccountView { email: account.email, label: account.label });
    SignInView { ended, openid: openid::button(web, next), accounts: accounts.collect() }
}

/// The sign-in page in place of one that needs signing in; for somebody who is half way, the rest of the way.
pub(super) fn demanded(web: &Web, reader: &Reader) -> Result<Response, PageError> {
    match reader.arriving {
        Some((_, Stage::NeedsCode)) => return Ok(redirect("/sign-in/code").finish()),
        Some((_, Stage::NeedsFactor)) => return Ok(redirect("/account/second-factor").finish()),
        _ => {}
    }
    let view = sign_in_view(web, true, reader.next.as_deref());
    web.pages.response(StatusCode::UNAUTHORIZED, "sign_in", &Page::new(reader, "Sign in", view))
}

/// `GET /sign-in`
#[handler]
pub(super) fn sign_in_page(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    web.page("sign_in", &Page::new(reader, "Sign in", sign_in_view(web, false, None)))
}

/// `GET /sign-in/{token}`: reads nothing, so that opening the link uses nothing up.
#[handler]
pub(super) fn link(Data(web): Data<&Web>, reader: &Reader, Path(token): Path<String>) -> poem::Result<Response> {
    let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let view = LinkView { action: format!("/sign-in/{token}") };
    web.page("sign_in_link", &Page::new(reader, "Sign in", view))
}

/// `POST /sign-in/{token}`
#[handler]
pub(super) async fn use_link(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
) -> poem::Result<Response> {
    let visit = reader.visit.clone();
    match web.app.run(move |app| sign_in::with_link(app, &visit, &token)).await {
        Ok(signed_in) => Ok(welcome(web, &signed_in)),
        Err(AppError::LinkUnusable) => {
            let page = Page::new(reader, "This sign-in link does not work any more", ());
            web.page_with(StatusCode::GONE, "sign_in_link_used", &page)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `POST /sign-in/demo`
#[handler]
pub(super) async fn sign_in_demo(Data(web): Data<&Web>, reader: &Reader, form: Posted) -> poem::Result<Response> {
    let email = form.first("email").unwrap_or_default().to_owned();
    let visit = reader.visit.clone();
    let signed_in = web.app.run(move |app| sign_in::demo(app, &visit, &email)).await.map_err(PageError::from)?;
    Ok(welcome(web, &signed_in))
}

/// `POST /sign-out`
#[handler]
pub(super) async fn sign_out(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    if let Some(session) = reader.session.clone() {
        web.app.run(move |app| sessions::sign_out(app, &session)).await.map_err(PageError::from)?;
    }
    Ok(redirect("/sign-in").header(header::SET_COOKIE, no_session_cookie(web)).finish())
}

fn welcome(web: &Web, signed_in: &SignedIn) -> Response {
    redirect("/").header(header::SET_COOKIE, session_cookie(web, signed_in)).finish()
}

/// Sends the browser on with a GET after a form was taken, so that loading the page again sends nothing twice.
pub(super) fn redirect(to: &str) -> poem::ResponseBuilder {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to)
        .header(header::CACHE_CONTROL, "no-store")
}
