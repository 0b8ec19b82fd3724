//! A request that its sender names is done once, however often and however many times at once it is sent.
//!
//! The name is noted before the work and the answer after it, each in a transaction of its own, since the work has its
//! own. Where the service dies in between, the name stays taken without an answer: whether the work was done is then not
//! known here, so it is neither done again nor called done.

use chrono::Duration;

use super::{App, AppError};
use crate::domain::access::Principal;
use crate::store::{self, idempotent_requests as requests};

/// How long the name of a request is remembered.
pub const REMEMBERED: Duration = Duration::hours(24);

/// What answers are sealed for.
const PURPOSE: &str = "answer to an idempotent request";

/// What is to be done with a named request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// It is the first of its name.
    Do,
    /// It was done; this was the answer.
    Answered {
        /// The HTTP status.
        status: i32,
        /// The body.
        body: String,
    },
}

/// Begins a request under the name that its sender gave it.
pub fn begin(app: &App, who: &Principal, name: &str, fingerprint: &str) -> Result<Begin, AppError> {
    let now = app.now();
    app.write(|conn| {
        requests::forget_before(conn, now - REMEMBERED)?;
        if requests::begin(conn, &who.actor, name, fingerprint, now)? {
            return Ok(Begin::Do);
        }
        let before = store::idempotent_requests::find(conn, &who.actor, name)?;
        let Some(before) = before else { return Ok(Begin::Do) };
        if before.fingerprint != fingerprint {
            return Err(AppError::Invalid(vec![super::error::InputProblem::new(
                "Idempotency-Key",
                "used_otherwise",
                "This Idempotency-Key was sent with another request. Give each request a key of its own.",
            )]));
        }
        match before.answer {
            Some((status, sealed)) => {
                let body = app.key()?.open(PURPOSE, &sealed)?;
                Ok(Begin::Answered { status, body })
            }
            None => Err(AppError::Refused {
                code: "request_under_way",
                reason: "A request with this Idempotency-Key is under way, or broke off. Wait a moment and send it \
                         again; if this stays, look whether it was done, and use another key."
                    .into(),
            }),
        }
    })
}

/// Keeps the answer of a request that was begun.
pub fn finish(app: &App, who: &Principal, name: &str, status: i32, body: &str) -> Result<(), AppError> {
    let sealed = app.key()?.seal(PURPOSE, app.random()?, body)?;
    app.write(|conn| Ok(requests::finish(conn, &who.actor, name, status, &sealed)?))
}

/// Forgets a request that failed, so that it can be sent again.
pub fn forget(app: &App, who: &Principal, name: &str) -> Result<(), AppError> {
    app.write(|conn| Ok(requests::forget(conn, &who.actor, name)?))
}
