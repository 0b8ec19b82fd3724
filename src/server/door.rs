//! The door of the whole service: who sends a request, whether it is for us, how many they send, and the headers of
//! whatever is answered. What is refused here has not reached a page or an operation.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use poem::http::header::{ALLOW, AUTHORIZATION, HeaderValue, LOCATION};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, IntoResponse as _, Request, Response};

use super::client::{Client, Proxies};
use super::hosts::{BadHost, Hosts};
use super::limits::{Limits, Wait};
use super::{headers, patience};
use crate::api::problem::Problem;
use crate::web::ErrorPages;

/// Characters that an address may have.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// What the door is told.
#[derive(Debug, Clone)]
pub struct Protection {
    /// The names of the service.
    pub hosts: Hosts,
    /// The proxies that are believed.
    pub proxies: Proxies,
    /// How many requests are taken.
    pub limits: Arc<Limits>,
    /// The address under which people reach the service, without a slash at its end.
    pub public_url: String,
    /// The origins whose pages may call the API.
    pub origins: Vec<String>,
}

impl Protection {
    fn by_tls(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The door.
pub struct Door<E> {
    protection: Protection,
    pages: ErrorPages,
    inner: E,
}

/// Why a request goes no further.
struct Refused {
    status: StatusCode,
    code: &'static str,
    sentence: String,
    wait: Option<Wait>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { status, code, sentence: sentence.into(), wait: None }
    }
}

impl<E> Door<E> {
    /// The door in front of `inner`.
    pub fn new(protection: Protection, pages: ErrorPages, inner: E) -> Self {
        Self { protection, pages, inner }
    }

    fn refusal(&self, request: &Request, client: Client) -> Option<Refused> {
        let path = request.uri().path();
        if request.uri().to_string().len() > LONGEST_ADDRESS {
            let sentence = format!("The address is longer than the {LONGEST_ADDRESS} characters that it may have.");
            return Some(Refused::new(StatusCode::URI_TOO_LONG, "address_too_long", sentence));
        }
        // Load balancers ask by address, and learn no more than that we are there.
        if matches!(path, "/health" | "/ready") {
            return None;
        }
        if path.contains("//") || !is_text(path) {
            return Some(no_such_path());
        }
        if !is_text(request.uri().query().unwrap_or_default()) {
            let sentence = "The query string cannot be read: a part of it is no text.";
            return Some(Refused::new(StatusCode::BAD_REQUEST, "malformed_query", sentence));
        }
        match self.protection.hosts.check(request) {
            Ok(()) => {}
            Err(BadHost::Unreadable) => {
                let sentence = "The request does not say, or not clearly, in its Host header which service it is for.";
                return Some(Refused::new(StatusCode::BAD_REQUEST, "host_unreadable", sentence));
            }
            Err(BadHost::Foreign) => {
                let sentence = "This service does not answer under this name. Use the address that you were given. If \
                                you run the service, set FACILITIES_AUDIT_PUBLIC_URL or FACILITIES_AUDIT_HOSTS.";
                return Some(Refused::new(StatusCode::MISDIRECTED_REQUEST, "host_unknown", sentence));
            }
        }
        if path.starts_with("/assets/") {
            return None;
        }
        let limit = self.protection.limits.request(client.address, key_of(request));
        limit.err().map(too_many)
    }

    fn answer(&self, for_api: bool, refused: Refused) -> Response {
        let Refused { status, code, sentence, wait } = refused;
        if for_api {
            return match wait {
                Some(wait) => Problem::too_many(code, sentence, wait.seconds()).into_response(),
                None => Problem::new(status.as_u16(), code, sentence).into_response(),
            };
        }
        self.pages.page(status, &sentence, wait)
    }

    /// Somebody who came by plain HTTP, says the proxy, to a service that is reached by TLS.
    fn to_tls(&self, request: &Request, client: Client, for_api: bool) -> Option<Response> {
        if !self.protection.by_tls() || client.secure != Some(false) {
            return None;
        }
        if matches!(*request.method(), Method::GET | Method::HEAD) && !for_api {
            let rest = request.uri().path_and_query().map_or("/", poem::http::uri::PathAndQuery::as_str);
            let to = format!("{}{rest}", self.protection.public_url);
            return Some(Response::builder().status(StatusCode::PERMANENT_REDIRECT).header(LOCATION, to).finish());
        }
        // A key or a form that came in the clear may have been read on its way; a redirect would hide that.
        let sentence = format!("This was sent by plain HTTP and was not taken. Use {}.", self.protection.public_url);
        Some(self.answer(for_api, Refused::new(StatusCode::FORBIDDEN, "tls_required", sentence)))
    }
}

impl<E: Endpoint> Endpoint for Door<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let client = self.protection.proxies.client_of(&request);
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(self.protection.limits.clone());
        let for_api = request.uri().path().starts_with("/api/v1");
        let is_health = matches!(request.uri().path(), "/health" | "/ready");
        let refused = self.refusal(&request, client).map(|refused| self.answer(for_api, refused));
        let refused = refused.or_else(|| if is_health { None } else { self.to_tls(&request, client, for_api) });
        let mut response = if let Some(refused) = refused {
            refused
        } else {
            patience::limit(&mut request);
            match AssertUnwindSafe(self.inner.call(request)).catch_unwind().await {
                Ok(Ok(response)) => response.into_response(),
                // The routes answer for themselves; what is left is a method that /health does not have.
                Ok(Err(error)) => plainly(&error),
                // A handler that panics must not take the connection down with it; what it said is on standard error.
                Err(_) => {
                    tracing::error!("a handler panicked");
                    let sentence = "The service failed to answer. Try again in a minute.";
                    self.answer(for_api, Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence))
                }
            }
        };
        headers::add(&mut response, self.protection.by_tls() && client.secure != Some(false));
        Ok(response)
    }
}

/// The API key of a request, as far as it has one.
fn key_of(request: &Request) -> Option<&str> {
    let (scheme, key) = request.header(AUTHORIZATION)?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && request.uri().path().starts_with("/api/v1")).then(|| key.trim())
}

/// Whether a path or a query is text, part by part: escapes that are no UTF-8 and zero bytes (which PostgreSQL has no text
/// for) name nothing, and would be refused further in by whoever came across them first.
fn is_text(part: &str) -> bool {
    let is_text = |text: &str| !text.contains(['\u{FFFD}', '\0']);
    form_urlencoded::parse(part.as_bytes()).all(|(a, b)| is_text(&a) && is_text(&b))
}

fn no_such_path() -> Refused {
    let sentence = "There is nothing at this address: it has an empty part, or one that is no text.".to_owned();
    Refused::new(StatusCode::NOT_FOUND, "no_such_path", sentence)
}

fn too_many(wait: Wait) -> Refused {
    let seconds = wait.seconds();
    let after = if seconds == 1 { "one second".to_owned() } else { format!("{seconds} seconds") };
    let sentence = format!("Too many requests came at once. Try again after {after}.");
    Refused { wait: Some(wait), ..Refused::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", sentence) }
}

fn plainly(error: &poem::Error) -> Response {
    let status = error.status();
    let text = match status {
        StatusCode::METHOD_NOT_ALLOWED => "This address is only read: send GET.",
        StatusCode::NOT_FOUND => "There is nothing at this address.",
        _ => "The request could not be answered.",
    };
    let mut response = Response::builder().status(status).content_type("text/plain; charset=utf-8").body(text);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}
