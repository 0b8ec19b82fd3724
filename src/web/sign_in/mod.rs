//! Signing in and out, a file for each way: a mailed link, a password, the second step, a section link. What they all
//! share is here: the page that offers them, and what happens to the session once somebody has shown who they are.

pub(super) mod code;
pub(super) mod link;
mod next;
pub(super) mod password;
pub(super) mod section;

use poem::http::{StatusCode, header};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub(super) use self::next::{Next, NextQuery};
use super::Web;
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::Posted;
use super::language;
use super::openid::{self, ButtonView};
use super::page::Page;
use super::reader::{Reader, no_session_cookie, session_cookie};
use crate::app::AppError;
use crate::app::sessions::{self, SignedIn};
use crate::app::sign_in;
use crate::store::sessions::Stage;

/// The sign-in page.
#[derive(Debug, Serialize)]
pub(super) struct SignInView {
    /// The reader asked for a page that needs signing in.
    ended: bool,
    /// What they sent is kept for them.
    is_kept: bool,
    /// What they have just done.
    notice: &'static str,
    /// Who is signed in as it is.
    signed_in_as: String,
    openid: Option<ButtonView>,
    next: Next,
    link: Form,
    password: Form,
    accounts: Vec<DemoAccountView>,
}

#[derive(Debug, Serialize)]
struct DemoAccountView {
    email: String,
    label: String,
}

impl SignInView {
    fn new(web: &Web, reader: &Reader, next: Next) -> Self {
        let accounts = sign_in::demo_accounts(&web.app)
            .into_iter()
            .map(|account| DemoAccountView { email: account.email, label: account.label });
        let email = || Field::email("E-mail address", "username");
        Self {
            ended: false,
            is_kept: reader.is_kept,
            notice: "",
            signed_in_as: reader.principal.as_ref().map(|who| who.name.clone()).unwrap_or_default(),
            openid: openid::button(web, next.path()),
            next,
            link: Form::new([email().id("link-email")]),
            password: Form::new([email(), Field::password("password", "Password", "current-password")]),
            accounts: accounts.collect(),
        }
    }

    fn page(self, web: &Web, reader: &Reader, status: StatusCode) -> Result<Response, PageError> {
        let has_errors = self.link.is_refused() || self.password.is_refused();
        let page = Page::new(reader, "Sign in", self).with_errors(has_errors).with_form(true);
        web.pages.response(status, "sign_in", &page)
    }
}

/// The sign-in page in place of one that needs signing in; for somebody who is half way, the rest of the way.
pub(super) fn demanded(web: &Web, reader: &Reader) -> Result<Response, PageError> {
    match reader.arriving {
        Some((_, stage)) if stage != Stage::SignedIn => Ok(redirect(&step_of(stage, &reader.wanted)).finish()),
        _ => {
            let view = SignInView { ended: true, ..SignInView::new(web, reader, reader.wanted.clone()) };
            view.page(web, reader, StatusCode::UNAUTHORIZED)
        }
    }
}

/// What the address of the sign-in page may say besides.
#[derive(Debug, Default, Deserialize)]
struct SignInQuery {
    done: Option<String>,
}

/// `GET /sign-in`
#[handler]
pub(super) fn show(
    Data(web): Data<&Web>,
    reader: &Reader,
    Query(query): Query<SignInQuery>,
    Query(next): Query<NextQuery>,
) -> poem::Result<Response> {
    let notice = match query.done.as_deref() {
        Some("signed-out") => "You have signed out.",
        Some("new-password") => "You have a new password. Sign in with it.",
        _ => "",
    };
    let view = SignInView { notice, ..SignInView::new(web, reader, next.next()) };
    Ok(view.page(web, reader, StatusCode::OK)?)
}

/// `POST /sign-in/demo`
#[handler]
pub(super) async fn demo(Data(web): Data<&Web>, reader: &Reader, form: Posted) -> poem::Result<Response> {
    let email = form.first("email").unwrap_or_default().to_owned();
    let visit = reader.visit.clone();
    let signed_in = web.app.run(move |app| sign_in::demo(app, &visit, &email)).await.map_err(PageError::from)?;
    welcome(web, reader, &signed_in, &Next::of_form(&form)).await
}

/// `POST /sign-out`
#[handler]
pub(super) async fn sign_out(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    end_session(web, reader).await?;
    Ok(redirect("/sign-in?done=signed-out").header(header::SET_COOKIE, no_session_cookie(web)).finish())
}

/// Ends the session that a request came with.
async fn end_session(web: &Web, reader: &Reader) -> Result<(), PageError> {
    if let Some(session) = reader.session.clone() {
        web.app.run(move |app| sessions::sign_out(app, &session)).await?;
    }
    Ok(())
}

/// Sends on somebody who has come a step further: to the next step, or to where they wanted to go. Their session is a new
/// one; the one that they came with, if any, ends, whoever put it into their browser.
pub(super) async fn welcome(web: &Web, reader: &Reader, signed_in: &SignedIn, next: &Next) -> poem::Result<Response> {
    end_session(web, reader).await?;
    let to = step_of(signed_in.stage, next);
    let mut response = redirect(&to).header(header::SET_COOKIE, session_cookie(web, signed_in)).finish();
    if signed_in.stage == Stage::SignedIn {
        language::keep_fresh(web, reader, &signed_in.principal, &mut response).await?;
    }
    Ok(response)
}

/// Where somebody goes who has come so far.
fn step_of(stage: Stage, next: &Next) -> String {
    match stage {
        Stage::SignedIn => next.or_home().to_owned(),
        Stage::NeedsCode => next.by_way_of("/sign-in/code"),
        Stage::NeedsFactor => next.by_way_of("/account/second-factor"),
    }
}

#[derive(Debug, Serialize)]
struct TooManyView {
    minutes: i64,
}

/// The page for a refusal that no field of the form can put right.
pub(super) fn refused(web: &Web, reader: &Reader, error: AppError) -> poem::Result<Response> {
    let AppError::TooMany { retry_after } = error else { return Err(PageError::from(error).into()) };
    let page = Page::new(reader, "Too many tries", TooManyView { minutes: retry_after.num_minutes() });
    let mut response = web.page_with(StatusCode::TOO_MANY_REQUESTS, "sign_in_too_many", &page)?;
    response.headers_mut().insert(header::RETRY_AFTER, retry_after.num_seconds().into());
    Ok(response)
}

/// Sends the browser on with a GET after a form was taken, so that loading the page again sends nothing twice.
pub(super) fn redirect(to: &str) -> poem::ResponseBuilder {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to)
        .header(header::CACHE_CONTROL, "no-store")
}
