//! What happens round every page: who sent the request, whether a form may be taken from where it comes from, the
//! error pages, and the content policy.

use poem::http::StatusCode;
use poem::http::header::{self, HeaderValue, SET_COOKIE};
use poem::{Endpoint, IntoResponse as _, Request, Response};

use super::Web;
use super::errors::{ErrorView, PageError};
use super::language::Again;
use super::page::Page;
use super::reader::{Reader, visitor_cookie};
use super::{csrf, sign_in, survey};
use crate::api::request_id;

/// Nothing is loaded from elsewhere, nothing runs inline, nobody frames us, forms go nowhere else.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Adds the policy of pages to a response; one that has set its own keeps it. The headers that everything has come from
/// the server's door.
fn with_policy(mut response: Response) -> Response {
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(CONTENT_SECURITY_POLICY);
    response
}

/// The page for what went wrong.
pub(super) fn error_page(web: &Web, reader: &Reader, error: &poem::Error) -> Response {
    let status = error.status();
    let request_id = request_id::current();
    if status.is_server_error() {
        tracing::error!(path = request_id::for_log(&reader.path), %error, "a page failed");
    }
    let said = error.downcast_ref::<PageError>();
    let made = if matches!(said, Some(PageError::NotSignedIn)) {
        sign_in::demanded(web, reader)
    } else {
        let view = ErrorView::new(status, error, &request_id);
        let heading = view.heading();
        web.pages.response(status, "error", &Page::new(reader, heading, view))
    };
    let mut response = made.unwrap_or_else(|error| {
        tracing::error!(%error, "the error page failed");
        let text = format!("Something went wrong on our side. Number of this request: {request_id}\n");
        text.with_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
    });
    if let Some(seconds) = said.and_then(PageError::retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    with_policy(response)
}

/// Surrounds the pages.
pub(super) struct Frame<E> {
    web: Web,
    inner: E,
}

impl<E> Frame<E> {
    /// The frame of `inner`.
    pub(super) fn new(web: Web, inner: E) -> Self {
        Self { web, inner }
    }
}

impl<E: Endpoint> Frame<E> {
    /// The page that a request asks for, or the page of what went wrong.
    async fn page(&self, request: Request, reader: &Reader) -> Response {
        match self.inner.call(request).await {
            Ok(response) => with_policy(response.into_response()),
            Err(error) => error_page(&self.web, reader, &error),
        }
    }
}

impl<E: Endpoint> Endpoint for Frame<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let (mut reader, found) = match Reader::of(&self.web, &request).await {
            Ok(reader) => (reader, Ok(())),
            Err(error) => (Reader::nobody(&self.web, &request), Err(poem::Error::from(error))),
        };
        let allowed = match found {
            Ok(()) => csrf::check(&mut request, &reader).await,
            error => error,
        };
        if allowed.as_ref().is_err_and(|error| matches!(error.downcast_ref(), Some(PageError::NotSignedIn))) {
            reader.is_kept = survey::keep_typed(&self.web, &reader, &mut request).await;
        }
        request.extensions_mut().insert(reader.clone());
        let again = Again::of(&request);
        let mut response = match allowed {
            Ok(()) => self.page(request, &reader).await,
            Err(error) => error_page(&self.web, &reader, &error),
        };
        if let Some((request, reader)) = again.and_then(|again| again.asked_for(&response)) {
            let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
            response = self.page(request, &reader).await;
            for cookie in cookies {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
        }
        if let Some(visitor) = &reader.new_visitor
            && !response.headers().contains_key(SET_COOKIE)
            && let Ok(value) = HeaderValue::from_str(&visitor_cookie(&self.web, visitor))
        {
            response.headers_mut().append(SET_COOKIE, value);
        }
        Ok(response)
    }
}
