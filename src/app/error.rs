//! What a use case can refuse, and why. Knows nothing of HTTP: the API and the pages each turn it into their own answer
//! in one place.

use crate::domain::questionnaire::answer::Answer;
use crate::domain::questionnaire::checks::Finding;
use crate::store::StoreError;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in, or the session, link or key is unknown or over.
    #[error("You are not signed in, or your session has ended.")]
    NotSignedIn,
    /// A sign-in link that does not work.
    #[error("This sign-in link is unknown, was used before, or is too old. Ask for a new one.")]
    LinkUnusable,
    /// An address and a password that do not go together, or an account that has none.
    #[error(
        "This e-mail address and password do not go together. Try again, or ask for a sign-in link instead: it works \
         without a password."
    )]
    SignInRefused,
    /// A code of the second factor that is wrong, used or too old.
    #[error("This code is wrong, was used before, or is too old. Wait for the next one, or use a recovery code.")]
    CodeRefused,
    /// What was asked for needs a second factor in this session.
    #[error("This needs a second factor: set one up for your account, or sign in again with it.")]
    SecondFactorNeeded,
    /// Too many tries.
    #[error("Too many tries. Wait {} minutes, or ask for a sign-in link instead.", retry_after.num_minutes())]
    TooMany {
        /// After which it is worth trying again.
        retry_after: chrono::Duration,
    },
    /// Signed in, and not allowed.
    #[error("You may not {action}.")]
    Forbidden {
        /// What was tried: "read this response".
        action: String,
    },
    /// There is no such thing, or none that they may know of.
    #[error("There is no {what} {id:?}. {hint}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// What was asked for.
        id: String,
        /// What there is instead.
        hint: String,
    },
    /// Something in the input is wrong.
    #[error("{}", problems_sentence(.0))]
    Invalid(Vec<InputProblem>),
    /// It cannot be done as things stand.
    #[error("{reason}")]
    Refused {
        /// Stable code.
        code: &'static str,
        /// Why, and what to do.
        reason: String,
    },
    /// Items have changed since they were read. Nothing was stored.
    #[error("{} changed since you read it; nothing was saved. Look at both values and save again.", moved_names(.0))]
    Moved(Vec<MovedItem>),
    /// The whole has changed since it was read.
    #[error("The response has changed since you read it; it is now at version {current}. Read it again.")]
    VersionMoved {
        /// The version it has now.
        current: i64,
    },
    /// The version that a change is based on was not given.
    #[error("Say which version this is based on: send its ETag in If-Match.")]
    VersionRequired,
    /// Checks stop the submit.
    #[error("The response cannot be submitted yet: {} to put right or explain.", findings_count(.0))]
    NotSubmittable(Vec<Finding>),
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A bug, or a machine that fails.
    #[error("{0}")]
    Unexpected(String),
}

impl AppError {
    /// Something that is not there.
    pub fn not_found(what: &'static str, id: &str, hint: impl Into<String>) -> Self {
        Self::NotFound { what, id: id.to_owned(), hint: hint.into() }
    }

    /// One thing wrong in the input.
    pub fn invalid(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![InputProblem::new(field, code, message)])
    }

    /// Both of two results, or what is wrong with either: a form is told everything at once.
    pub fn both<A, B>(a: Result<A, Self>, b: Result<B, Self>) -> Result<(A, B), Self> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(Self::Invalid(mut first)), Err(Self::Invalid(second))) => {
                first.extend(second);
                Err(Self::Invalid(first))
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::LinkUnusable => "link_unusable",
            Self::SignInRefused => "sign_in_refused",
            Self::CodeRefused => "code_refused",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::TooMany { .. } => "too_many_tries",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::Invalid(_) => "invalid",
            Self::Refused { code, .. } => code,
            Self::Moved(_) => "items_moved",
            Self::VersionMoved { .. } => "version_moved",
            Self::VersionRequired => "version_required",
            Self::NotSubmittable(_) => "not_submittable",
            Self::Store(_) | Self::Unexpected(_) => "internal",
        }
    }
}

impl From<crate::auth::key::Unsealable> for AppError {
    fn from(error: crate::auth::key::Unsealable) -> Self {
        Self::Unexpected(error.to_string())
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

/// One thing that is wrong in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// Where: an item, a column, a parameter.
    pub field: String,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl InputProblem {
    /// A problem of one field.
    pub fn new(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code, message: message.into() }
    }
}

/// An item that has changed since it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedItem {
    /// The item.
    pub link_id: String,
    /// The version that the change was based on.
    pub based_on: i64,
    /// What is there now.
    pub current: Option<Answer>,
    /// Who changed it.
    pub changed_by_name: String,
}

fn problems_sentence(problems: &[InputProblem]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

fn moved_names(items: &[MovedItem]) -> String {
    items.iter().map(|item| item.link_id.as_str()).collect::<Vec<_>>().join(", ")
}

fn findings_count(findings: &[Finding]) -> String {
    match findings.len() {
        1 => "one finding".into(),
        n => format!("{n} findings"),
    }
}
