//! Signing in with an OpenID provider, in two legs: the browser is sent there ([`begin`]) and comes back ([`finish`]).
//! Between them the browser alone keeps what ties the two together, sealed under the server's key.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::sessions::{SignedIn, Visit};
use super::{App, AppError, sign_in};
use crate::auth::openid::{Callback, OpenIdError, Provider, Secrets};

/// How long somebody may take to sign in at the provider.
pub const LIFE: Duration = Duration::minutes(10);

/// Where the provider sends the browser back to.
pub const CALLBACK: &str = "/sign-in/openid/callback";

/// What the sealed text is for.
const PURPOSE: &str = "openid sign-in";

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdFailure {
    /// It lies with the provider, or with what came back from there.
    #[error(transparent)]
    Provider(#[from] OpenIdError),
    /// It lies with us.
    #[error(transparent)]
    App(#[from] AppError),
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser is sent.
    pub address: String,
    /// What the browser keeps, and brings back.
    pub sealed: String,
}

/// A sign-in that has come back.
#[derive(Debug)]
pub struct Finished {
    /// Who it is.
    pub signed_in: SignedIn,
    /// The page that they were on their way to.
    pub next: String,
}

/// What the browser keeps, sealed.
#[derive(Serialize, Deserialize)]
struct Journey {
    secrets: Secrets,
    next: String,
    began: DateTime<Utc>,
}

/// What people know the provider by, if one is configured.
pub fn provider_name(app: &App) -> Option<&str> {
    app.openid().map(Provider::name)
}

/// Begins to sign in; whoever comes back goes on to the page `next`.
pub fn begin(app: &App, next: Option<&str>) -> Result<Begun, OpenIdFailure> {
    let provider = app.openid().ok_or(OpenIdError::NotConfigured)?;
    let secrets = Secrets::new(app.secret()?, app.secret()?, app.secret()?);
    let address = provider.address(&secrets, &app.address(CALLBACK), app.now())?;
    let next = next.filter(|next| is_own_page(next)).unwrap_or("/").to_owned();
    let journey = serde_json::to_string(&Journey { secrets, next, began: app.now() })
        .map_err(|error| AppError::Unexpected(error.to_string()))?;
    let sealed = app.key()?.seal(PURPOSE, app.random()?, &journey).map_err(AppError::from)?;
    Ok(Begun { address, sealed })
}

/// Signs in whoever comes back from the provider, in the browser that was sent there.
pub fn finish(app: &App, visit: &Visit, sealed: Option<&str>, callback: &Callback) -> Result<Finished, OpenIdFailure> {
    let provider = app.openid().ok_or(OpenIdError::NotConfigured)?;
    let Journey { secrets, next, began } = opened(app, sealed)?;
    if app.now() >= began + LIFE {
        return Err(OpenIdError::TooOld.into());
    }
    if !callback.state.as_ref().is_some_and(|state| secrets.has_state(state)) {
        return Err(OpenIdError::NotBegunHere("the state is another one").into());
    }
    let identity = provider.identity(secrets, callback, &app.address(CALLBACK), app.now())?;
    let email = identity.verified_email.as_deref();
    let signed_in = sign_in::with_identity(app, visit, &identity.issuer, &identity.subject, email);
    let signed_in = signed_in.map_err(|error| match (error.code(), email) {
        ("identity_unknown", None) => OpenIdError::EmailNotConfirmed.into(),
        ("identity_unknown", Some(_)) => OpenIdError::NoAccount.into(),
        _ => OpenIdFailure::from(error),
    })?;
    Ok(Finished { signed_in, next })
}

fn opened(app: &App, sealed: Option<&str>) -> Result<Journey, OpenIdFailure> {
    let sealed = sealed.ok_or(OpenIdError::NotBegunHere("its cookie is missing"))?;
    let journey = app.key()?.open(PURPOSE, sealed).map_err(|_| OpenIdError::NotBegunHere("its cookie is not ours"))?;
    serde_json::from_str(&journey).map_err(|_| OpenIdError::NotBegunHere("its cookie cannot be read").into())
}

/// Whether a text is a page of this service: a path, and nothing that a browser might take for another host.
fn is_own_page(next: &str) -> bool {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    is_path && next.len() <= 1000 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/", "/gaps?year=2021&q=%C3%A9", "/survey/2022/FLS012"] {
            assert!(is_own_page(good), "{good}");
        }
        let long = format!("/{}", "x".repeat(1000));
        for bad in [
            "",
            "gaps",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\r\nset-cookie:x=1",
            "/\t/x",
            "/é",
            "\\\\evil.example",
            "javascript:alert(1)",
            &long,
        ] {
            assert!(!is_own_page(bad), "{bad}");
        }
    }
}
