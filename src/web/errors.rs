//! What a page says when something went wrong: what happened, and what to do.

use poem::error::ResponseError;
use poem::http::StatusCode;
use serde::Serialize;

use crate::app::AppError;

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// Nobody is signed in.
    #[error("You are not signed in, or your session has ended.")]
    NotSignedIn,
    /// Too many requests or tries.
    #[error("{sentence}")]
    TooMany {
        /// What happened.
        sentence: String,
        /// After how many seconds it is worth trying again.
        seconds: u64,
    },
    /// The sentence says what happened and what to do.
    #[error("{1}")]
    Said(StatusCode, String),
    /// Something failed that the reader cannot help. The text is for the log alone.
    #[error("{0}")]
    Internal(String),
}

impl PageError {
    /// A failure for the log.
    pub(super) fn internal(reason: impl Into<String>) -> Self {
        Self::Internal(reason.into())
    }

    /// Something that is not there.
    pub(super) fn not_found(sentence: impl Into<String>) -> Self {
        Self::Said(StatusCode::NOT_FOUND, sentence.into())
    }

    /// Something that cannot be read.
    pub(super) fn bad_request(sentence: impl Into<String>) -> Self {
        Self::Said(StatusCode::BAD_REQUEST, sentence.into())
    }
}

impl ResponseError for PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Said(status, _) => *status,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        let status = match &error {
            AppError::NotSignedIn => return Self::NotSignedIn,
            AppError::Store(_) | AppError::Unexpected(_) => return Self::Internal(error.to_string()),
            AppError::SignInRefused | AppError::CodeRefused => StatusCode::UNAUTHORIZED,
            AppError::TooMany { retry_after } => {
                let seconds = u64::try_from(retry_after.num_seconds()).unwrap_or(0).max(1);
                return Self::TooMany { sentence: error.to_string(), seconds };
            }
            AppError::Forbidden { .. } | AppError::SecondFactorNeeded => StatusCode::FORBIDDEN,
            AppError::NotFound { .. } => StatusCode::NOT_FOUND,
            AppError::LinkUnusable => StatusCode::GONE,
            AppError::Refused { .. } => StatusCode::CONFLICT,
            AppError::Moved(_) | AppError::VersionMoved { .. } => StatusCode::PRECONDITION_FAILED,
            AppError::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
            AppError::Invalid(_) | AppError::NotSubmittable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::Said(status, error.to_string())
    }
}

impl PageError {
    /// After how many seconds it is worth trying again, where that is known.
    pub(super) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { seconds, .. } => Some(*seconds),
            _ => None,
        }
    }
}

/// The content of an error page.
#[derive(Debug, Serialize)]
pub(super) struct ErrorView {
    heading: &'static str,
    sentence: String,
    advice: &'static str,
    request_id: Option<String>,
}

impl ErrorView {
    /// What to print for an error that came out of a handler or of the router.
    pub(super) fn new(status: StatusCode, error: &poem::Error, request_id: &str) -> Self {
        let said = match error.downcast_ref::<PageError>() {
            Some(PageError::Said(_, sentence) | PageError::TooMany { sentence, .. }) => Some(sentence.clone()),
            _ => None,
        };
        let (heading, otherwise, advice) = match status {
            StatusCode::NOT_FOUND => (
                "Page not found",
                "There is no page at this address.",
                "Check the address, or go to the home page and look from there.",
            ),
            StatusCode::FORBIDDEN => (
                "You may not do this",
                "Your account does not reach this page.",
                "If you think that it should, ask the audit team to change what your account reaches.",
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                "This address cannot be used in this way",
                "The page does not take this kind of request.",
                "Go to the home page and look from there.",
            ),
            StatusCode::PRECONDITION_FAILED => (
                "Somebody else changed this",
                "What you were looking at has changed.",
                "Nothing was saved. Go back, load the page again and look at what changed.",
            ),
            StatusCode::CONFLICT => {
                ("This cannot be done now", "It cannot be done as things stand.", "Nothing was changed.")
            }
            StatusCode::TOO_MANY_REQUESTS => (
                "Too many requests",
                "Too many requests came from your network address.",
                "Wait a moment, then go back and try again.",
            ),
            StatusCode::MISDIRECTED_REQUEST => (
                "Not an address of this service",
                "This service does not answer under this name.",
                "Check the address that you were given.",
            ),
            status if status.is_server_error() => (
                "Something went wrong on our side",
                "The page could not be made.",
                "Try again in a minute. If it happens again, tell the audit team and quote the number below.",
            ),
            _ => (
                "This request could not be read",
                "Something in the address or the form could not be read.",
                "Go back and try again.",
            ),
        };
        Self {
            heading,
            sentence: said.unwrap_or_else(|| otherwise.to_owned()),
            advice,
            request_id: status.is_server_error().then(|| request_id.to_owned()),
        }
    }

    /// The title of the page.
    pub(super) fn heading(&self) -> &'static str {
        self.heading
    }
}
