//! The one error body of the API: problem documents (RFC 9457). The only place that turns an [`AppError`] into a status.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem::http::header::RETRY_AFTER;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON as _, Type as _};
use poem_openapi::{ApiResponse, Object};

use super::answers::Answer;
use super::counts::CountsReport;
use super::imports::ImportReport;
use crate::app::AppError;
use crate::app::error::InputProblem;

/// The media type of problems.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ProblemPlace {
    /// Where: a JSON pointer into the body that was sent (`/answers/0/choice`), the name of a parameter or header, an
    /// item's `link_id`, or `file/line/column` of a file.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl ProblemPlace {
    /// A place.
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message: message.into() }
    }
}

impl From<InputProblem> for ProblemPlace {
    fn from(problem: InputProblem) -> Self {
        Self::new(problem.field, problem.code, problem.message)
    }
}

/// An item that somebody else changed.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Conflict {
    /// The item.
    pub link_id: String,
    /// The version that the change was based on.
    pub based_on: i64,
    /// What is there now; absent where the item was never answered.
    pub current: Option<Answer>,
    /// Who changed it.
    pub changed_by: Option<String>,
    /// When they did.
    pub changed_at: Option<DateTime<Utc>>,
}

/// What went wrong, and what to do about it (RFC 9457).
#[derive(Debug, Clone, Object)]
#[oai(rename = "Problem", skip_serializing_if_is_none)]
pub struct ProblemBody {
    /// Stable name of the kind of problem, such as `/problems/not_found`.
    #[oai(rename = "type")]
    pub kind: String,
    /// What kind of problem it is, in words.
    pub title: String,
    /// The HTTP status.
    #[oai(validator(minimum(value = "400"), maximum(value = "599")))]
    pub status: i32,
    /// What happened this time, and what to do.
    pub detail: String,
    /// The last part of `type`.
    pub code: String,
    /// The places at fault; empty where there are none.
    pub errors: Vec<ProblemPlace>,
    /// With 412: the items that have changed since they were read. Nothing of the request was stored.
    pub conflicts: Option<Vec<Conflict>>,
    /// Of an import: what came of each file before and with the one that was refused.
    pub files: Option<Vec<ImportReport>>,
    /// Of counts that were refused: what came of each row.
    pub counts: Option<CountsReport>,
    /// With 429: the seconds after which it is worth trying again, as in `Retry-After`.
    #[oai(validator(minimum(value = "1")))]
    pub retry_after: Option<u64>,
    /// With 500: what to quote to whoever runs the service; their log has the cause under it.
    pub request_id: Option<String>,
}

/// What a status means, as the title of problems and in the document.
pub fn title(status: u16) -> &'static str {
    match status {
        400 => "The request cannot be read",
        401 => "An API key is needed",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Not possible with this method",
        406 => "Not available in this form",
        409 => "Not possible as things stand",
        412 => "Changed since it was read",
        413 => "Too large",
        414 => "The address is too long",
        415 => "Wrong content type",
        421 => "Not an address of this service",
        422 => "Some of it cannot be accepted",
        428 => "Say which version it is based on",
        429 => "Too many requests",
        503 => "Not ready",
        _ => "Something went wrong here",
    }
}

/// A problem document on its way out; in a box, since it is large and rare.
#[derive(Debug, Clone)]
pub struct Problem(Box<ProblemBody>);

impl Deref for Problem {
    type Target = ProblemBody;

    fn deref(&self) -> &ProblemBody {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut ProblemBody {
        &mut self.0
    }
}

impl Problem {
    /// A problem without places.
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(ProblemBody {
            kind: format!("/problems/{code}"),
            title: title(status).to_owned(),
            status: i32::from(status),
            detail: detail.into(),
            code: code.to_owned(),
            errors: Vec::new(),
            conflicts: None,
            files: None,
            counts: None,
            retry_after: None,
            request_id: None,
        }))
    }

    /// The same with the places at fault.
    pub fn at(mut self, errors: Vec<ProblemPlace>) -> Self {
        self.errors = errors;
        self
    }

    /// A request that cannot be read because of one parameter: 400.
    pub fn parameter(name: &str, code: &str, message: String) -> Self {
        let place = ProblemPlace::new(name, code, message.clone());
        Self::new(400, code, message).at(vec![place])
    }

    /// A problem of the values sent: 422.
    pub fn invalid(errors: Vec<ProblemPlace>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.message.clone(),
            many => format!("{} values cannot be accepted; `errors` names them. Nothing was stored.", many.len()),
        };
        Self::new(422, "invalid", detail).at(errors)
    }

    /// Too many requests or tries: 429.
    pub fn too_many(code: &str, detail: impl Into<String>, retry_after: u64) -> Self {
        let mut problem = Self::new(429, code, detail);
        problem.retry_after = Some(retry_after.max(1));
        problem
    }

    /// A failure on our side: the cause goes to the log, its id to the client.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail =
            "The service failed to answer. Try again; if it fails again, give `request_id` to whoever runs it.";
        let mut problem = Self::new(500, "internal", detail);
        problem.request_id = Some(super::request_id::current()).filter(|id| !id.is_empty());
        problem
    }

    /// The status.
    pub fn status_code(&self) -> StatusCode {
        u16::try_from(self.status)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Whole seconds of a wait.
fn seconds(wait: chrono::Duration) -> u64 {
    u64::try_from(wait.num_seconds()).unwrap_or(0)
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            AppError::NotSignedIn | AppError::LinkUnusable | AppError::SignInRefused | AppError::CodeRefused => {
                Self::new(401, code, detail)
            }
            AppError::TooMany { retry_after } => Self::too_many(code, detail, seconds(retry_after)),
            AppError::Forbidden { .. } | AppError::SecondFactorNeeded => Self::new(403, code, detail),
            AppError::NotFound { .. } => Self::new(404, code, detail),
            AppError::Invalid(problems) => Self::invalid(problems.into_iter().map(ProblemPlace::from).collect()),
            AppError::Refused { .. } => Self::new(409, code, detail),
            AppError::Moved(items) => {
                let conflicts = items
                    .into_iter()
                    .map(|item| Conflict {
                        changed_at: item.current.as_ref().map(|answer| answer.changed_at),
                        changed_by: Some(item.changed_by_name).filter(|_| item.current.is_some()),
                        current: item.current.as_ref().map(|answer| Answer::stored(&item.link_id, None, answer)),
                        link_id: item.link_id,
                        based_on: item.based_on,
                    })
                    .collect();
                let mut problem = Self::new(412, code, detail);
                problem.conflicts = Some(conflicts);
                problem
            }
            AppError::VersionMoved { .. } => Self::new(412, code, detail),
            AppError::VersionRequired => Self::new(428, code, detail),
            AppError::NotSubmittable(findings) => {
                let errors = findings.into_iter().map(|f| ProblemPlace::new(f.link_id, f.code, f.message)).collect();
                Self::new(422, code, detail).at(errors)
            }
            AppError::Store(cause) => Self::internal(&cause),
            AppError::Unexpected(cause) => Self::internal(&cause),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let response = Response::builder().status(self.status_code()).content_type(PROBLEM_JSON);
        let response = match self.retry_after {
            Some(seconds) => response.header(RETRY_AFTER, seconds),
            None => response,
        };
        response.body(self.0.to_json_string())
    }
}

impl poem::error::ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.status_code()
    }

    fn as_response(&self) -> Response {
        self.clone().into_response()
    }
}

/// A problem of an operation that can refuse with the statuses named, so that its signature is what the document says.
/// What every operation can answer (400, 401, 403, 413, 415, 429, 500) is added to the document where it applies.
#[derive(Debug)]
pub struct Refusal<const A: u16 = 0, const B: u16 = 0, const C: u16 = 0, const D: u16 = 0, const E: u16 = 0>(
    pub Problem,
);

impl<T: Into<Problem>, const A: u16, const B: u16, const C: u16, const D: u16, const E: u16> From<T>
    for Refusal<A, B, C, D, E>
{
    fn from(problem: T) -> Self {
        Self(problem.into())
    }
}

/// The statuses that any operation may answer with.
const ANYWHERE: [u16; 7] = [400, 401, 403, 413, 415, 429, 500];

impl<const A: u16, const B: u16, const C: u16, const D: u16, const E: u16> From<Refusal<A, B, C, D, E>>
    for poem::Error
{
    fn from(refusal: Refusal<A, B, C, D, E>) -> Self {
        let status = refusal.0.status_code().as_u16();
        let declared = [A, B, C, D, E].contains(&status) || ANYWHERE.contains(&status);
        debug_assert!(declared, "the operation does not declare {status}: {}", refusal.0);
        Self::from(refusal.0)
    }
}

impl<const A: u16, const B: u16, const C: u16, const D: u16, const E: u16> ApiResponse for Refusal<A, B, C, D, E> {
    fn meta() -> MetaResponses {
        let responses = [A, B, C, D, E]
            .into_iter()
            .filter(|status| *status > 0)
            .map(|status| MetaResponse {
                description: title(status),
                status: Some(status),
                status_range: None,
                content: vec![MetaMediaType { content_type: PROBLEM_JSON, schema: ProblemBody::schema_ref() }],
                headers: Vec::new(),
            })
            .collect();
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        ProblemBody::register(registry);
    }
}
