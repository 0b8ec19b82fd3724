//! Who reads a page: the session cookie and what it stands for.

use poem::http::header;
use poem::web::cookie::{Cookie, SameSite};
use poem::{FromRequest, Request, RequestBody};

use super::Web;
use super::errors::PageError;
use crate::app::accounts::{self, SignedIn};
use crate::domain::access::Principal;

/// The cookie that carries the session.
pub(super) const SESSION_COOKIE: &str = "facilities_audit_session";

/// Whoever asked for a page, signed in or not.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// The one who is signed in.
    pub(super) principal: Option<Principal>,
    /// The secret of their session.
    pub(super) session: Option<String>,
    /// What they asked for.
    pub(super) path: String,
    /// Every figure is synthetic, and the page says so.
    pub(super) synthetic: bool,
}

impl Reader {
    /// Finds out who sent a request.
    pub(super) async fn of(web: &Web, request: &Request) -> Result<Self, PageError> {
        let session = session_of(request);
        let principal = match session.clone() {
            Some(secret) => web.app.run(move |app| accounts::principal_of_session(app, &secret)).await?,
            None => None,
        };
        let path = request.original_uri().path().to_owned();
        Ok(Self { principal, session, path, synthetic: web.app.is_synthetic() })
    }
}

fn session_of(request: &Request) -> Option<String> {
    let headers = request.headers().get_all(header::COOKIE).iter();
    let pairs = headers.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let (_, secret) = pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == SESSION_COOKIE)?;
    (!secret.is_empty()).then(|| secret.to_owned())
}

/// The cookie of a new session.
pub(super) fn session_cookie(web: &Web, signed_in: &SignedIn) -> String {
    let age = (signed_in.expires - web.app.now()).to_std().unwrap_or_default();
    let mut cookie = cookie(web, &signed_in.session);
    cookie.set_max_age(age);
    cookie.to_string()
}

/// The cookie that takes the session away.
pub(super) fn no_session_cookie(web: &Web) -> String {
    let mut cookie = cookie(web, "");
    cookie.set_max_age(std::time::Duration::ZERO);
    cookie.to_string()
}

fn cookie(web: &Web, secret: &str) -> Cookie {
    let mut cookie = Cookie::new_with_str(SESSION_COOKIE, secret);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(web.app.settings().secure_cookies);
    cookie.set_path("/");
    cookie
}

/// Handlers that anyone may reach take this; the frame has put it there.
impl<'a> FromRequest<'a> for &'a Reader {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let reader = request.extensions().get::<Reader>();
        Ok(reader.ok_or_else(|| PageError::internal("a page was served outside its frame"))?)
    }
}

/// Someone who is signed in. Handlers that take this are not reached by anyone else.
#[derive(Debug, Clone)]
pub(super) struct SignedInReader {
    /// Who they are.
    pub(super) who: Principal,
    /// As for anyone.
    pub(super) reader: Reader,
}

impl<'a> FromRequest<'a> for SignedInReader {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let reader = <&Reader>::from_request(request, body).await?.clone();
        let who = reader.principal.clone().ok_or(PageError::NotSignedIn)?;
        Ok(Self { who, reader })
    }
}
