//! `Idempotency-Key`: whoever lost the answer to a POST that makes something sends it again under the same key, and gets
//! the answer that there was.

use poem::http::{HeaderMap, StatusCode};
use poem::{Body, IntoResponse as _, Request, Response};
use sha2::{Digest as _, Sha256};

use super::body::JSON_LIMIT;
use super::problem::{PROBLEM_JSON, Problem};
use crate::app::idempotency::{self, Begin};
use crate::app::{App, AppError};
use crate::domain::access::Principal;

/// The header.
pub const HEADER: &str = "Idempotency-Key";

/// The operations that make or send something and are not repeatable by themselves.
pub const OPERATIONS: [&str; 7] =
    ["make_key", "copy_round", "make_data_cut", "add_comment", "challenge_hospital", "save_scenario", "send_reminders"];

/// Characters that a key may have.
pub const LONGEST: usize = 100;

/// A request that its sender named.
pub struct Named {
    app: App,
    who: Principal,
    name: String,
    fingerprint: String,
}

/// Whether a key is one: 1 to 100 printable characters of ASCII.
fn is_key(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl Named {
    /// Reads the name of a request, and what it asks for; `None` where it has none. The body is put back.
    pub async fn of(operation: &str, request: &mut Request) -> Result<Option<Self>, Problem> {
        if !OPERATIONS.contains(&operation) {
            return Ok(None);
        }
        let Some(name) = name(request.headers())? else { return Ok(None) };
        let (Some(app), Some(who)) = (request.data::<App>().cloned(), request.extensions().get::<Principal>().cloned())
        else {
            return Err(Problem::internal(&"a named request without its application"));
        };
        let body = request.take_body().into_bytes_limit(JSON_LIMIT).await;
        let body = body.map_err(|_| Problem::new(413, "too_large", "The body is too large. Send it in parts."))?;
        let mut hash = Sha256::new();
        for part in [request.method().as_str().as_bytes(), request.original_uri().to_string().as_bytes(), &body] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part);
        }
        request.set_body(Body::from_bytes(body));
        let fingerprint = data_encoding::HEXLOWER.encode(&hash.finalize());
        Ok(Some(Self { app, who, name, fingerprint }))
    }

    /// The answer that there was, or the word to go on.
    pub async fn begin(&self) -> Result<Option<Response>, Problem> {
        let (who, name, fingerprint) = (self.who.clone(), self.name.clone(), self.fingerprint.clone());
        let begun = self.app.run(move |app| idempotency::begin(app, &who, &name, &fingerprint)).await;
        match begun {
            Ok(Begin::Do) => Ok(None),
            Ok(Begin::Answered { status, body }) => Ok(Some(again(status, body))),
            Err(AppError::Refused { code, reason }) => {
                let mut problem = Problem::new(409, code, reason);
                problem.retry_after = Some(1);
                Err(problem)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps the answer. A failure of ours and a wait are none: the request may be sent again.
    pub async fn end(&self, response: Response) -> Response {
        let (who, name) = (self.who.clone(), self.name.clone());
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            let forgotten = self.app.run(move |app| idempotency::forget(app, &who, &name)).await;
            return forgotten.map_or_else(|error| Problem::from(error).into_response(), |()| response);
        }
        let (parts, body) = response.into_parts();
        let Ok(text) = body.into_string().await else {
            return Problem::internal(&"an answer is no text").into_response();
        };
        let kept = text.clone();
        let done = self.app.run(move |app| idempotency::finish(app, &who, &name, i32::from(status.as_u16()), &kept));
        match done.await {
            Ok(()) => Response::from_parts(parts, Body::from_string(text)),
            Err(error) => Problem::from(error).into_response(),
        }
    }
}

fn name(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if is_key(text) {
        return Ok(Some(text.to_owned()));
    }
    let message = format!("`{HEADER}` must have 1 to {LONGEST} printable ASCII characters without spaces.");
    Err(Problem::parameter(HEADER, "bad_parameter", message))
}

fn again(status: i32, body: String) -> Response {
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
    let kind = if status.is_success() { "application/json" } else { PROBLEM_JSON };
    Response::builder().status(status).content_type(kind).header("Idempotency-Replayed", "true").body(body)
}
