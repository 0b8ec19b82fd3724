//! Who reads a page: the session cookie and what it stands for, and the token that their forms carry.

use std::borrow::Cow;
use std::sync::Arc;

use poem::http::header;
use poem::web::cookie::{Cookie, SameSite};
use poem::{FromRequest, Request, RequestBody};
use sha2::{Digest as _, Sha256};

use super::Web;
use super::errors::PageError;
use super::forms::Posted;
use super::language::Choice;
use super::sign_in::Next;
use crate::app::sessions::{self, SignedIn, Stage, Visit};
use crate::auth::same;
use crate::domain::access::{Channel, Principal};
use crate::locales::{Language, Words};
use crate::server::client::visit_of;

/// The cookie that carries the session.
pub(super) const SESSION_COOKIE: &str = "facilities_audit_session";

/// The cookie of somebody who is not signed in: their forms are bound to it.
pub(super) const VISITOR_COOKIE: &str = "facilities_audit_visitor";

/// The form field that carries the token against forged forms.
pub(super) const CSRF_FIELD: &str = "csrf";

/// The header that carries it where a script sends the request.
pub(super) const CSRF_HEADER: &str = "x-csrf-token";

/// Whoever asked for a page, signed in or not.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// The one who is signed in, all the way.
    pub(super) principal: Option<Principal>,
    /// The one who is on the way: a second factor is still to be shown, or to be set up.
    pub(super) arriving: Option<(Principal, Stage)>,
    /// The secret of their session.
    pub(super) session: Option<String>,
    /// From where they come.
    pub(super) visit: Visit,
    /// What their forms must carry; empty where the service has no key. It is another for each request, so that the
    /// length of a compressed page tells nothing of it.
    pub(super) csrf: String,
    /// What every such token comes from.
    csrf_root: String,
    /// The visitor cookie to set, where they have neither a session nor one.
    pub(super) new_visitor: Option<String>,
    /// What they asked for.
    pub(super) path: String,
    /// Where to send them once they have signed in.
    pub(super) wanted: Next,
    /// Every figure is synthetic, and the page says so.
    pub(super) synthetic: bool,
    /// The words of the language in which they read.
    pub(super) words: Words,
    /// The language that their browser keeps.
    pub(super) choice: Choice,
    /// The address of the page on which they are.
    pub(super) here: String,
    /// What they had typed when they chose another language: forms show it again.
    pub(super) typed: Option<Arc<Posted>>,
    /// The secret of a session that has ended: by it what was typed meanwhile is kept, and nothing else is done.
    ended: Option<String>,
    /// What they sent without being signed in is kept for them.
    pub(super) is_kept: bool,
}

impl Reader {
    /// Finds out who sent a request.
    pub(super) async fn of(web: &Web, request: &Request) -> Result<Self, PageError> {
        let visit = visit_of(request, Channel::Page);
        let session = cookie_of(web, request, SESSION_COOKIE);
        let current = match session.clone() {
            Some(secret) => {
                let visit = visit.clone();
                web.app.run(move |app| sessions::current(app, &secret, &visit)).await?
            }
            None => None,
        };
        // A cookie whose session is over counts for nothing, its token neither, but that it says what has ended.
        let (session, ended) = if current.is_some() { (session, None) } else { (None, session) };
        let choice = Choice::of(web, request);
        let own = current.as_ref().and_then(|current| current.language).filter(|_| !choice.fresh);
        let words = Words::new(own.or(choice.language).unwrap_or_default());
        let (principal, arriving) = match current {
            Some(current) if current.stage == Stage::SignedIn => (Some(current.principal), None),
            Some(current) => (None, Some((current.principal, current.stage))),
            None => (None, None),
        };
        let mut reader = Self { principal, arriving, session, visit, words, ended, ..Self::nobody(web, request) };
        let visitor = cookie_of(web, request, VISITOR_COOKIE);
        if reader.session.is_none() && visitor.is_none() {
            reader.new_visitor = Some(uuid::Uuid::new_v4().to_string());
        }
        let bound_to = reader.session.as_ref().or(visitor.as_ref()).or(reader.new_visitor.as_ref());
        if let (Ok(key), Some(secret)) = (web.app.key(), bound_to) {
            reader.csrf_root = key.fingerprint("csrf", secret);
            reader.csrf = new_token(&reader.csrf_root);
        }
        Ok(reader)
    }

    /// Somebody of whom nothing is known.
    pub(super) fn nobody(web: &Web, request: &Request) -> Self {
        let choice = Choice::of(web, request);
        Self {
            principal: None,
            arriving: None,
            session: None,
            visit: visit_of(request, Channel::Page),
            csrf: String::new(),
            csrf_root: String::new(),
            new_visitor: None,
            path: request.original_uri().path().to_owned(),
            wanted: Next::wanted(request),
            synthetic: web.app.is_synthetic(),
            words: Words::new(choice.language.unwrap_or_default()),
            choice,
            here: Next::here(request),
            typed: None,
            ended: None,
            is_kept: false,
        }
    }

    /// The same reader on a page of ours, in another language, with what they had typed there.
    pub(super) fn showing_again(&self, page: &str, language: Language, typed: Arc<Posted>) -> Self {
        let path = page.split(['?', '#']).next().unwrap_or(page).to_owned();
        let (here, wanted) = (page.to_owned(), Next::read(page));
        Self { words: Words::new(language), path, here, wanted, typed: Some(typed), ..self.clone() }
    }

    /// The same reader in the session that has just taken the place of theirs.
    pub(super) fn signed_in(&self, web: &Web, signed_in: SignedIn) -> Self {
        let csrf_root = web.app.key().map(|key| key.fingerprint("csrf", &signed_in.session)).unwrap_or_default();
        let csrf = new_token(&csrf_root);
        let session = Some(signed_in.session);
        Self { principal: Some(signed_in.principal), arriving: None, session, csrf, csrf_root, ..self.clone() }
    }

    /// Whether a token is one that their forms carry.
    pub(super) fn is_their_token(&self, token: &str) -> bool {
        is_of(&self.csrf_root, token)
    }

    /// They were signed in, and are no longer.
    pub(super) fn has_ended(&self) -> bool {
        self.session.is_none() && self.ended.is_some()
    }

    /// The secret of the session that has ended, if a token is one that its forms carried.
    pub(super) fn ended_with(&self, web: &Web, token: &str) -> Option<&str> {
        let secret = self.ended.as_deref().filter(|_| self.session.is_none())?;
        let root = web.app.key().ok()?.fingerprint("csrf", secret);
        is_of(&root, token).then_some(secret)
    }
}

/// A token of a session's or a visitor's forms, like no other.
pub(super) fn new_token(root: &str) -> String {
    token_of(&uuid::Uuid::new_v4().simple().to_string(), root)
}

fn is_of(root: &str, token: &str) -> bool {
    let salt = token.split_once('.').map_or("", |(salt, _)| salt);
    !root.is_empty() && same(token, &token_of(salt, root))
}

fn token_of(salt: &str, root: &str) -> String {
    format!("{salt}.{}", data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{salt}.{root}"))))
}

/// The value of a cookie, if the request has it.
pub(super) fn cookie_of(web: &Web, request: &Request, name: &str) -> Option<String> {
    let wanted = name_of(web, name);
    let headers = request.headers().get_all(header::COOKIE).iter();
    let pairs = headers.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let cookie =
        pairs.filter_map(|pair| Cookie::parse(pair.trim()).ok()).find(|cookie| cookie.name() == wanted.as_ref())?;
    let value = cookie.value_str();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The name of a cookie. Where it is sent over TLS alone, browsers hold it to that and to this host by its prefix, so that
/// nobody on a neighbouring name can plant one.
fn name_of<'a>(web: &Web, name: &'a str) -> Cow<'a, str> {
    if web.app.settings().secure_cookies { Cow::Owned(format!("__Host-{name}")) } else { Cow::Borrowed(name) }
}

/// The cookie of a new session.
pub(super) fn session_cookie(web: &Web, signed_in: &SignedIn) -> String {
    // Longer than the session: by what is left of it, what somebody types meanwhile is kept for them.
    let age = (signed_in.expires - web.app.now() + sessions::KNOWN_FOR).to_std().unwrap_or_default();
    let mut cookie = cookie(web, SESSION_COOKIE, &signed_in.session);
    cookie.set_max_age(age);
    cookie.to_string()
}

/// The cookie that takes the session away.
pub(super) fn no_session_cookie(web: &Web) -> String {
    let mut cookie = cookie(web, SESSION_COOKIE, "");
    cookie.set_max_age(std::time::Duration::ZERO);
    cookie.to_string()
}

/// The cookie of somebody who is not signed in.
pub(super) fn visitor_cookie(web: &Web, visitor: &str) -> String {
    cookie(web, VISITOR_COOKIE, visitor).to_string()
}

/// A cookie as all of ours are, for every page.
pub(super) fn cookie(web: &Web, name: &str, secret: &str) -> Cookie {
    let mut cookie = Cookie::new_with_str(name_of(web, name), secret);
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
