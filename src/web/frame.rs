//! What happens round every page: who sent the request, whether a form may be taken from where it comes from, the
//! error pages, and the security headers.

use poem::http::StatusCode;
use poem::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use poem::{Endpoint, IntoResponse as _, Request, Response};

use super::Web;
use super::errors::{ErrorView, PageError};
use super::page::Page;
use super::reader::{Reader, visitor_cookie};
use super::{csrf, sign_in};

/// Nothing is loaded from elsewhere, nothing runs inline, nobody frames us, forms go nowhere else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Sent with everything. The referrer stays within the service, but it is sent there: without it browsers withhold the
/// origin of a form, which we check.
const SECURITY_HEADERS: [(&str, &str); 4] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Adds the security headers to a response.
pub(super) fn with_security_headers(response: impl poem::IntoResponse) -> Response {
    let mut response = response.into_response();
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
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

/// The page for what went wrong.
pub(super) fn error_page(web: &Web, reader: &Reader, error: &poem::Error) -> Response {
    let status = error.status();
    let request_id = uuid::Uuid::new_v4().to_string();
    if status.is_server_error() {
        tracing::error!(request_id, path = reader.path, %error, "a page failed");
    }
    let made = if matches!(error.downcast_ref(), Some(PageError::NotSignedIn)) {
        sign_in::demanded(web, reader)
    } else {
        let view = ErrorView::new(status, error, &request_id);
        let heading = view.heading();
        web.pages.response(status, "error", &Page::new(reader, heading, view))
    };
    made.unwrap_or_else(|error| {
        tracing::error!(request_id, %error, "the error page failed");
        let text = format!("Something went wrong on our side. Number of this request: {request_id}\n");
        text.with_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
    })
}

impl<E: Endpoint> Endpoint for Frame<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let (reader, found) = match Reader::of(&self.web, &request).await {
            Ok(reader) => (reader, Ok(())),
            Err(error) => (Reader::nobody(&self.web, &request), Err(poem::Error::from(error))),
        };
        let allowed = match found {
            Ok(()) => csrf::check(&mut request, &reader).await,
            error => error,
        };
        request.extensions_mut().insert(reader.clone());
        let answer = match allowed {
            Err(error) => Err(error),
            Ok(()) => self.inner.call(request).await.map(poem::IntoResponse::into_response),
        };
        let mut response = with_security_headers(answer.unwrap_or_else(|error| error_page(&self.web, &reader, &error)));
        if let Some(visitor) = &reader.new_visitor
            && !response.headers().contains_key(SET_COOKIE)
            && let Ok(value) = HeaderValue::from_str(&visitor_cookie(&self.web, visitor))
        {
            response.headers_mut().append(SET_COOKIE, value);
        }
        Ok(response)
    }
}
