//! API keys: `Authorization: Bearer KEY`.

use poem::Request;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use super::problem::Problem;
use crate::app::{App, AppError, accounts};
use crate::domain::access::Principal;

/// An API key of this service, made with `facilities-audit key add`.
#[derive(Debug, SecurityScheme)]
#[oai(rename = "api_key", ty = "bearer", checker = "principal_of")]
pub struct Key(pub Principal);

async fn principal_of(request: &Request, bearer: Bearer) -> poem::Result<Principal> {
    let app = request.data::<App>().ok_or_else(|| Problem::internal(&"the routes have no application"))?;
    let found = app
        .run(move |app| accounts::principal_of_key(app, &bearer.token)?.ok_or(AppError::NotSignedIn))
        .await
        .map_err(|error| match error {
            AppError::NotSignedIn => unknown_key(),
            other => Problem::from(other),
        })?;
    Ok(found)
}

/// No key was sent.
pub fn no_key() -> Problem {
    Problem::new(401, "key_missing", "Send an API key as `Authorization: Bearer KEY`. The audit team makes keys.")
}

fn unknown_key() -> Problem {
    Problem::new(401, "key_unknown", "This API key is unknown or was revoked. Ask the audit team for a new one.")
}
