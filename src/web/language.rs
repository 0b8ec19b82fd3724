//! The language of the pages: a switch in every header, kept in a cookie, and with the account of whoever is signed in.
//!
//! The switch is a button. On a page with a form it belongs to that form, so that it sends what was typed; the page is
//! then shown again in the other language with those entries, and nothing is done with them.

use std::sync::Arc;

use poem::http::{HeaderValue, Method, Uri, header};
use poem::web::{Data, Query};
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};

use super::Web;
use super::errors::PageError;
use super::forms::{Posted, address};
use super::reader::{CSRF_FIELD, Reader, cookie, cookie_of};
use super::sign_in::{Next, redirect};
use crate::app::own_account;
use crate::domain::access::Principal;
use crate::locales::Language;

/// The cookie that keeps the choice.
const COOKIE: &str = "facilities_audit_language";

/// What marks a choice in it that was made by somebody who had not signed in, and that is theirs once they do.
const FRESH: &str = ".new";

/// The field of a form that asks for another language.
const FIELD: &str = "language";

/// For how long browsers keep the choice.
const LIFE: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 60 * 60);

/// The choice that a browser keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) language: Option<Language>,
    /// It was made before signing in, so that it counts more than what the account says.
    pub(super) fresh: bool,
}

impl Choice {
    /// What the cookie of a request says.
    pub(super) fn of(web: &Web, request: &Request) -> Self {
        let value = cookie_of(web, request, COOKIE).unwrap_or_default();
        let (word, fresh) = value.strip_suffix(FRESH).map_or((value.as_str(), false), |word| (word, true));
        let language = Language::parse(word);
        Self { language, fresh: fresh && language.is_some() }
    }

    /// The cookie that keeps it.
    fn cookie(self, web: &Web) -> Option<HeaderValue> {
        let mark = if self.fresh { FRESH } else { "" };
        let mut cookie = cookie(web, COOKIE, &format!("{}{mark}", self.language?));
        cookie.set_max_age(LIFE);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// Keeps a choice with an account, and tells the browser so.
async fn keep_with_account(
    web: &Web,
    who: &Principal,
    language: Language,
    response: &mut Response,
) -> Result<(), PageError> {
    let who = who.clone();
    web.app.run(move |app| own_account::choose_language(app, &who, language)).await?;
    set_cookie(web, Choice { language: Some(language), fresh: false }, response);
    Ok(())
}

fn set_cookie(web: &Web, choice: Choice, response: &mut Response) {
    if let Some(value) = choice.cookie(web) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Keeps with the account what somebody had chosen before they signed in.
pub(super) async fn keep_fresh(
    web: &Web,
    reader: &Reader,
    who: &Principal,
    response: &mut Response,
) -> Result<(), PageError> {
    match reader.choice {
        Choice { language: Some(language), fresh: true } if who.account().is_some() => {
            keep_with_account(web, who, language, response).await
        }
        _ => Ok(()),
    }
}

/// The other language, as the switch offers it.
#[derive(Debug, Serialize)]
pub(super) struct Switch {
    /// Where its button goes.
    action: String,
    languages: Vec<Offered>,
}

#[derive(Debug, Serialize)]
struct Offered {
    tag: &'static str,
    name: &'static str,
    current: bool,
}

impl Switch {
    /// The switch of a page.
    pub(super) fn new(reader: &Reader) -> Self {
        let offered = |language: Language| Offered {
            tag: language.as_str(),
            name: language.own_name(),
            current: language == reader.words.language(),
        };
        let action = address("/language", &[("here", reader.here.as_str())]);
        Self { action, languages: Language::ALL.into_iter().map(offered).collect() }
    }
}

/// The page to show again with what was typed there: the frame sees to it.
#[derive(Debug, Clone)]
struct ShowAgain(Reader);

/// The page on which the switch stands.
#[derive(Debug, Default, Deserialize)]
struct HereQuery {
    here: Option<String>,
}

impl HereQuery {
    fn page(&self) -> &str {
        self.here.as_deref().filter(|path| Next::is_own(path)).unwrap_or("/")
    }
}

/// `GET /language`: the address of a page that was shown again. Whoever loads it anew gets the page itself.
#[handler]
pub(super) fn show(Query(here): Query<HereQuery>) -> Response {
    redirect(here.page()).finish()
}

/// `POST /language`
#[handler]
pub(super) async fn choose(
    Data(web): Data<&Web>,
    reader: &Reader,
    Query(here): Query<HereQuery>,
    form: Posted,
) -> poem::Result<Response> {
    let Some(language) = form.first(FIELD).and_then(Language::parse) else {
        return Err(PageError::bad_request("There is no such language. Pages are in English and in Welsh.").into());
    };
    let here = here.page();
    let mut response = redirect(here).finish();
    let account = reader.principal.as_ref().filter(|who| who.account().is_some());
    if let Some(who) = account {
        keep_with_account(web, who, language, &mut response).await?;
    } else {
        set_cookie(web, Choice { language: Some(language), fresh: reader.principal.is_none() }, &mut response);
    }
    let typed = form.without(&[CSRF_FIELD, FIELD]);
    if !typed.is_empty() {
        response.set_data(ShowAgain(reader.showing_again(here, language, Arc::new(typed))));
    }
    Ok(response)
}

/// A request for the page that is to be shown again, where there is one.
pub(super) struct Again {
    request: Request,
}

impl Again {
    /// What is needed of a request that may lead to a page being shown again.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if request.method() != Method::POST || request.uri().path() != "/language" {
            return None;
        }
        let mut again = Request::default();
        *again.headers_mut() = request.headers().clone();
        for gone in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
            again.headers_mut().remove(gone);
        }
        *again.extensions_mut() = request.extensions().clone();
        Some(Self { request: again })
    }

    /// The request, if the answer to the switch asks for it, and who reads its page.
    pub(super) fn asked_for(mut self, answer: &Response) -> Option<(Request, Reader)> {
        let ShowAgain(reader) = answer.data::<ShowAgain>()?.clone();
        *self.request.uri_mut() = reader.here.parse::<Uri>().ok()?;
        self.request.extensions_mut().insert(reader.clone());
        Some((self.request, reader))
    }
}
