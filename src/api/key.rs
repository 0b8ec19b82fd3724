//! API keys: `Authorization: Bearer KEY`. The layer around all operations finds out whose key it is and whether it may
//! call the operation at all; handlers take the principal from there.

use std::sync::Arc;

use poem::Request;
use poem::http::header::AUTHORIZATION;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use super::problem::Problem;
use crate::app::{App, AppError, keys};
use crate::domain::access::{Access, Channel, Principal};
use crate::server::client::visit_of;
use crate::server::limits::{Limits, Wait};

/// An API key of this service, made on the page of API keys or with `facilities-audit key add`.
#[derive(Debug, SecurityScheme)]
#[oai(rename = "api_key", ty = "bearer", checker = "principal_of")]
pub struct Key(pub Principal);

#[expect(clippy::unused_async, reason = "the framework awaits it")]
async fn principal_of(request: &Request, _: Bearer) -> poem::Result<Principal> {
    let found = request.extensions().get::<Principal>().cloned();
    Ok(found.ok_or_else(|| Problem::internal(&"an operation was served outside its layer"))?)
}

/// Lets a request pass whose key may call an operation, and notes whose it is.
pub async fn admit(request: &mut Request, operation: &str, access: Option<Access>) -> Result<(), Problem> {
    let access = access.ok_or_else(|| Problem::internal(&format!("nobody is named who may call {operation}")))?;
    if access == Access::Public {
        return Ok(());
    }
    let sent = request.header(AUTHORIZATION).and_then(|value| value.split_once(' '));
    let Some((_, key)) = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else { return Err(no_key()) };
    let app = request.data::<App>().ok_or_else(|| Problem::internal(&"the routes have no application"))?;
    let (key, visit) = (key.trim().to_owned(), visit_of(request, Channel::Api));
    let (sent, address) = (key.clone(), visit.address);
    let found = app.run(move |app| keys::principal_of_key(app, &key, &visit)).await.map_err(Problem::from)?;
    let limits = request.data::<Arc<Limits>>();
    let Some(who) = found else {
        // The right key is taken however many wrong ones came from its address.
        let most = limits.map_or(Ok(()), |limits| limits.key_unknown(address));
        return Err(most.map_or_else(too_many_unknown, |()| unknown_key()));
    };
    if let Some(limits) = limits {
        limits.key_found(&sent);
    }
    if !who.is_admitted(access) {
        let action = format!("do this with this key: {}", words(access));
        return Err(AppError::Forbidden { action }.into());
    }
    request.extensions_mut().insert(who);
    Ok(())
}

/// What an operation needs, in words.
pub fn words(access: Access) -> String {
    match access {
        Access::Public => "nothing is needed".into(),
        Access::SignedIn => "any key will do".into(),
        Access::Account => "it is for people alone, by the pages".into(),
        Access::May(permissions, _) => {
            let words: Vec<&str> = permissions.iter().map(|permission| permission.words()).collect();
            format!("it needs the permission to {}", words.join(" or to "))
        }
        Access::Everywhere(permission) => format!("it needs the permission to {}, everywhere", permission.words()),
    }
}

/// No key was sent.
pub fn no_key() -> Problem {
    Problem::new(401, "key_missing", "Send an API key as `Authorization: Bearer KEY`. The audit team makes keys.")
}

fn too_many_unknown(wait: Wait) -> Problem {
    let detail =
        "Too many unknown API keys came from your network address. Check the key, and wait before the next try.";
    Problem::too_many("too_many_unknown_keys", detail, wait.seconds())
}

fn unknown_key() -> Problem {
    Problem::new(401, "key_unknown", "This API key is unknown, was revoked or has expired. Ask for a new one.")
}
