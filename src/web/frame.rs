//! What happens round every page: who sent the request, whether a form may be taken from where it comes from, the
//! error pages, and the security headers.

use poem::http::header::{HOST, HeaderName, HeaderValue, ORIGIN};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, IntoResponse as _, Request, Response};

use super::Web;
use super::errors::{ErrorView, PageError};
use super::page::Page;
use super::reader::Reader;
use super::sign_in;

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

    /// The page for what went wrong.
    fn error_page(&self, reader: &Reader, error: &poem::Error) -> Response {
        let status = error.status();
        let request_id = uuid::Uuid::new_v4().to_string();
        if status.is_server_error() {
            tracing::error!(request_id, path = reader.path, %error, "a page failed");
        }
        let made = if matches!(error.downcast_ref(), Some(PageError::NotSignedIn)) {
            sign_in::demanded(&self.web, reader)
        } else {
            let view = ErrorView::new(status, error, &request_id);
            let heading = view.heading();
            self.web.pages.response(status, "error", &Page::new(reader, heading, view))
        };
        made.unwrap_or_else(|error| {
            tracing::error!(request_id, %error, "the error page failed");
            let text = format!("Something went wrong on our side. Number of this request: {request_id}\n");
            text.with_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        })
    }
}

impl<E: Endpoint> Endpoint for Frame<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let nobody = |request: &Request| Reader {
            principal: None,
            session: None,
            path: request.original_uri().path().to_owned(),
            synthetic: self.web.app.is_synthetic(),
        };
        let (reader, found) = match Reader::of(&self.web, &request).await {
            Ok(reader) => (reader, None),
            Err(error) => (nobody(&request), Some(poem::Error::from(error))),
        };
        let refused = found.or_else(|| (!may_come_from(&request)).then(foreign_form));
        request.extensions_mut().insert(reader.clone());
        let answer = match refused {
            Some(error) => Err(error),
            None => self.inner.call(request).await.map(poem::IntoResponse::into_response),
        };
        Ok(with_security_headers(answer.unwrap_or_else(|error| self.error_page(&reader, &error))))
    }
}

fn foreign_form() -> poem::Error {
    let sentence = "This form was not sent from one of our own pages, so it was not taken.";
    PageError::Said(StatusCode::FORBIDDEN, sentence.into()).into()
}

/// Whether a request may have an effect, seeing where the browser says that it comes from. Reading is always free.
fn may_come_from(request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    if let Some(site) = request.header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    // Browsers leave it out over plain HTTP; they then send the origin.
    let origin = request.header(ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| Some(host) == request.header(HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(method: Method, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        may_come_from(&request.finish())
    }

    #[test]
    fn forms_are_taken_from_our_own_pages_alone() {
        let host = ("host", "audit.example:8080");
        assert!(may(Method::GET, &[host, ("sec-fetch-site", "cross-site")]));
        assert!(may(Method::POST, &[host, ("sec-fetch-site", "same-origin")]));
        assert!(may(Method::POST, &[host, ("sec-fetch-site", "none")]));
        assert!(may(Method::POST, &[host, ("origin", "http://audit.example:8080")]));
        for headers in [
            &[host][..],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site"), ("origin", "http://audit.example:8080")],
            &[host, ("origin", "http://audit.example")],
            &[host, ("origin", "null")],
            &[host, ("origin", "https://evil.example")],
        ] {
            assert!(!may(Method::POST, headers), "{headers:?}");
        }
    }
}
