//! Signing in with an OpenID provider. It begins with a link and not with a form: browsers stop a form whose answer
//! leads to another site.

use std::time::Duration;

use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::forms::{Posted, address};
use super::frame;
use super::page::Page;
use super::reader::{Reader, cookie, cookie_of};
use super::sign_in::{Next, redirect, welcome};
use crate::app::openid::{self, Finished, LIFE, OpenIdFailure};
use crate::auth::openid::{Callback, OpenIdError, Told};

/// Where a sign-in begins.
const BEGIN: &str = "/sign-in/openid";

/// The cookie of a sign-in under way.
const COOKIE: &str = "facilities_audit_openid";

/// The button of the sign-in page.
#[derive(Debug, Serialize)]
pub(super) struct ButtonView {
    href: String,
    provider: String,
}

/// The page of a sign-in that came to nothing.
#[derive(Debug, Serialize)]
struct FailureView {
    told: ToldView,
    /// For those who run the service to find it in the log.
    request_id: Option<String>,
    /// Where trying again may help.
    openid: Option<ButtonView>,
}

#[derive(Debug, Serialize)]
struct ToldView {
    heading: String,
    sentence: String,
    advice: String,
}

/// The button, if there is a provider; it leads back to the page that the reader asked for.
pub(super) fn button(web: &Web, next: Option<&str>) -> Option<ButtonView> {
    let provider = openid::provider_name(&web.app)?.to_owned();
    Some(ButtonView { href: address(BEGIN, &[("next", next.unwrap_or_default())]), provider })
}

/// `GET /sign-in/openid`
#[handler]
pub(super) async fn begin(Data(web): Data<&Web>, reader: &Reader, request: &Request) -> poem::Result<Response> {
    let next = query(request).first("next").map(str::to_owned);
    match web.app.run(move |app| Ok(openid::begin(app, next.as_deref()))).await.map_err(PageError::from)? {
        Ok(begun) => {
            let kept = journey_cookie(web, &begun.sealed, LIFE.to_std().unwrap_or_default());
            Ok(redirect(&begun.address).header(header::SET_COOKIE, kept).finish())
        }
        Err(failure) => Ok(failed(web, reader, failure)),
    }
}

/// `GET /sign-in/openid/callback`
#[handler]
pub(super) async fn callback(Data(web): Data<&Web>, reader: &Reader, request: &Request) -> poem::Result<Response> {
    let query = query(request);
    let given = |name: &str| query.first(name).map(str::to_owned);
    let callback = Callback { state: given("state"), code: given("code"), error: given("error"), issuer: given("iss") };
    let sealed = cookie_of(web, request, COOKIE);
    let visit = reader.visit.clone();
    let result = web.app.run(move |app| Ok(openid::finish(app, &visit, sealed.as_deref(), &callback))).await;
    let mut response = match result.map_err(OpenIdFailure::App).and_then(|finished| finished) {
        Ok(Finished { signed_in, next }) => welcome(web, reader, &signed_in, &Next::read(&next)).await?,
        Err(failure) => failed(web, reader, failure),
    };
    // Whatever came of it, the same answer is not taken twice.
    if let Ok(gone) = HeaderValue::from_str(&journey_cookie(web, "", Duration::ZERO)) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    Ok(response)
}

fn query(request: &Request) -> Posted {
    Posted::read(request.uri().query().unwrap_or_default().as_bytes())
}

fn journey_cookie(web: &Web, sealed: &str, age: Duration) -> String {
    let mut cookie = cookie(web, COOKIE, sealed);
    cookie.set_max_age(age);
    cookie.to_string()
}

fn status_of(error: &OpenIdError) -> StatusCode {
    match error {
        OpenIdError::NotConfigured => StatusCode::NOT_FOUND,
        OpenIdError::NotBegunHere(_) | OpenIdError::TooOld | OpenIdError::CodeUnusable(_) => StatusCode::BAD_REQUEST,
        OpenIdError::Declined | OpenIdError::EmailNotConfirmed | OpenIdError::NoAccount => StatusCode::FORBIDDEN,
        OpenIdError::Refused(_) | OpenIdError::Unreachable(_) | OpenIdError::Untrusted(_) => StatusCode::BAD_GATEWAY,
        OpenIdError::Busy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The page of a sign-in that came to nothing.
fn failed(web: &Web, reader: &Reader, failure: OpenIdFailure) -> Response {
    let shown = match failure {
        OpenIdFailure::Provider(error) => explained(web, reader, &error),
        OpenIdFailure::App(error) => Err(PageError::from(error)),
    };
    shown.unwrap_or_else(|error| frame::error_page(web, reader, &error.into()))
}

fn explained(web: &Web, reader: &Reader, error: &OpenIdError) -> Result<Response, PageError> {
    let request_id = error.is_ours().then(|| uuid::Uuid::new_v4().to_string());
    if let Some(request_id) = &request_id {
        tracing::warn!(request_id, %error, "nobody could sign in with the OpenID provider");
    } else {
        tracing::info!(%error, "a sign-in with the OpenID provider came to nothing");
    }
    let provider = openid::provider_name(&web.app).unwrap_or_default();
    let Told { heading, sentence, advice, again } = error.told(provider);
    let title = heading.clone();
    let told = ToldView { heading, sentence, advice };
    let openid = if again { button(web, None) } else { None };
    let view = FailureView { told, request_id, openid };
    web.pages.response(status_of(error), "openid_failure", &Page::new(reader, &title, view))
}
