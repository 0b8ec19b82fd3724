//! The layer around every operation: whatever goes wrong leaves as a problem document, the framework's own errors
//! included. Their messages name internals, so they are worded anew; the original goes to the log.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use poem::error::{MethodNotAllowedError, NotFoundError, ParseMultipartError, ReadBodyError};
use poem::http::{HeaderValue, StatusCode};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use poem_openapi::error::{AuthorizationError, ParseParamError, ParsePathError};

use super::FORMS;
use super::access::access_of;
use super::deprecation::{DEPRECATED, find};
use super::forms::{Wanted, formed};
use super::idempotency::Named;
use super::key::{admit, no_key};
use super::problem::Problem;
use super::surface::{Operation, Surface};

/// Turns errors into problems.
#[derive(Debug, Clone)]
pub struct Problems {
    surface: Arc<Surface>,
}

impl Problems {
    /// The layer for the operations of a document.
    pub fn new(document: &str) -> Self {
        let document = serde_json::from_str(document).unwrap_or_default();
        Self { surface: Arc::new(Surface::new(&document)) }
    }
}

impl<E: Endpoint> Middleware<E> for Problems {
    type Output = ProblemsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        ProblemsEndpoint { inner, surface: self.surface.clone() }
    }
}

/// See [`Problems`].
#[derive(Debug)]
pub struct ProblemsEndpoint<E> {
    inner: E,
    surface: Arc<Surface>,
}

impl<E: Endpoint> Endpoint for ProblemsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let asked = Asked {
            path: request.uri().path().to_owned(),
            method: request.method().to_string(),
            sent_key: request.headers().contains_key("authorization"),
        };
        let operation = self.surface.operation(&asked.path, &asked.method);
        let deprecated = operation.and_then(|operation| find(DEPRECATED, &operation.id));
        let mut response = self.admitted(asked, operation, request).await?;
        if let Some(deprecated) = deprecated {
            deprecated.tell(&mut response);
        }
        Ok(response)
    }
}

impl<E: Endpoint> ProblemsEndpoint<E> {
    async fn admitted(&self, asked: Asked, operation: Option<&Operation>, mut request: Request) -> Result<Response> {
        if let Some(operation) = operation {
            let access = access_of(&operation.id);
            if let Err(problem) = admit(&mut request, &operation.id, access).await {
                return Ok(finish(problem, asked.sent_key));
            }
            if let Some(problem) = unknown_parameter(operation, &request) {
                return Ok(problem.into_response());
            }
        }
        let form = operation.filter(|_| asked.reads()).and_then(|operation| FORMS.get(&operation.id));
        let wanted = match form.map(|form| Wanted::of(form, &request)).transpose() {
            Ok(wanted) => wanted,
            Err(problem) => return Ok(problem.into_response()),
        };
        let named = match operation {
            Some(operation) => Named::of(&operation.id, &mut request).await,
            None => Ok(None),
        };
        let response = match named {
            Ok(Some(named)) => match named.begin().await {
                Ok(Some(before)) => before,
                Ok(None) => named.end(self.answered(&asked, request).await).await,
                Err(problem) => problem.into_response(),
            },
            Ok(None) => self.answered(&asked, request).await,
            Err(problem) => problem.into_response(),
        };
        Ok(match form.zip(wanted) {
            Some((form, wanted)) => formed(form, &wanted, response).await,
            None => response,
        })
    }

    /// What the operation answers, whatever goes wrong.
    async fn answered(&self, asked: &Asked, request: Request) -> Response {
        // A handler that panics must not take the connection down with it.
        let reply = AssertUnwindSafe(self.inner.call(request)).catch_unwind().await;
        let error = match reply {
            Ok(Ok(response)) => return response.into_response(),
            Ok(Err(error)) => error,
            Err(_) => return Problem::internal(&"a handler panicked").into_response(),
        };
        self.answer(asked, error)
    }
}

/// What of the request a problem is worded from.
struct Asked {
    path: String,
    method: String,
    sent_key: bool,
}

impl Asked {
    fn reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }
}

impl<E> ProblemsEndpoint<E> {
    fn answer(&self, asked: &Asked, error: poem::Error) -> Response {
        let error = match error.downcast::<Problem>() {
            Ok(problem) => return finish(problem, asked.sent_key),
            Err(error) => error,
        };
        tracing::debug!(%error, status = error.status().as_u16(), "refused by the framework");
        if error.is::<MethodNotAllowedError>() {
            return self.method_not_allowed(asked);
        }
        let operation = self.surface.operation(&asked.path, &asked.method);
        finish(reworded(&error, operation), asked.sent_key)
    }

    fn method_not_allowed(&self, asked: &Asked) -> Response {
        let allowed = self.surface.methods(&asked.path).join(", ");
        let detail = format!("{} is not possible here; the methods are {allowed}.", asked.method);
        let mut response = Problem::new(405, "method_not_allowed", detail).into_response();
        if let Ok(value) = HeaderValue::from_str(&allowed) {
            response.headers_mut().insert("allow", value);
        }
        response
    }
}

fn finish(problem: Problem, sent_key: bool) -> Response {
    let unauthorised = problem.status == 401;
    let mut response = problem.into_response();
    if unauthorised {
        let challenge = if sent_key {
            "Bearer realm=\"facilities-audit\", error=\"invalid_token\""
        } else {
            "Bearer realm=\"facilities-audit\""
        };
        response.headers_mut().insert("www-authenticate", HeaderValue::from_static(challenge));
    }
    response
}

/// A query parameter that the operation does not have: a misspelt filter must not silently return everything.
fn unknown_parameter(operation: &Operation, request: &Request) -> Option<Problem> {
    let sent: Vec<(String, String)> = match request.params() {
        Ok(sent) => sent,
        Err(_) => return Some(Problem::new(400, "malformed_query", "The query string cannot be read.")),
    };
    let known: Vec<&str> = operation.query_names().collect();
    let (name, _) = sent.iter().find(|(name, _)| !known.contains(&name.as_str()))?;
    let there_are = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
    let message = format!("This operation has no parameter {name:?}; {there_are}.");
    Some(Problem::parameter(name, "unknown_parameter", message))
}

fn reworded(error: &poem::Error, operation: Option<&Operation>) -> Problem {
    if error.is::<AuthorizationError>() {
        return no_key();
    }
    let parameter = error
        .downcast_ref::<ParseParamError>()
        .map(|error| error.name)
        .or_else(|| error.downcast_ref::<ParsePathError>().map(|error| error.name));
    if let Some(name) = parameter {
        return bad_parameter(name, operation);
    }
    if error.is::<NotFoundError>() {
        return Problem::new(404, "no_such_path", "There is nothing at this address; /api/docs lists what there is.");
    }
    if let Some(ReadBodyError::Io(_) | ReadBodyError::Utf8(_)) = error.downcast_ref::<ReadBodyError>() {
        return Problem::new(400, "body_unreadable", "The body could not be read to its end. Send it again.");
    }
    if error.is::<ParseMultipartError>() && error.status() == StatusCode::BAD_REQUEST {
        return Problem::new(400, "malformed_multipart", "The body is not multipart/form-data as its header says.");
    }
    match error.status().as_u16() {
        400 => Problem::new(400, "bad_request", "The request cannot be read; compare it with /api/docs."),
        404 => Problem::new(404, "not_found", "There is no such thing."),
        413 => Problem::new(413, "too_large", "The body is too large. Send it in parts."),
        415 => Problem::new(415, "wrong_content_type", "The Content-Type is not one that this operation takes."),
        _ => Problem::internal(error),
    }
}

fn bad_parameter(name: &str, operation: Option<&Operation>) -> Problem {
    let known = operation.and_then(|operation| operation.parameter(name));
    let (name, takes) = known.map_or((name, "another value"), |known| (known.name.as_str(), known.takes.as_str()));
    Problem::parameter(name, "bad_parameter", format!("`{name}` must be {takes}."))
}
