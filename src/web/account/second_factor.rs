//! One's own second factor: setting it up, its recovery codes, taking it away.
//!
//! Setting up is also the last step of signing in for those whose role asks for a second factor and who have none yet:
//! they are let in here, half way as they are. Whoever still has to show a code is not.

use poem::http::{StatusCode, header};
use poem::web::{Data, Query};
use poem::{IntoResponse as _, Response, handler};
use serde::Serialize;

use crate::app::own_account::{self, NewFactor};
use crate::app::{AppError, own_account::OwnAccount};
use crate::domain::access::Principal;
use crate::store::sessions::Stage;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::{Reader, SignedInReader, session_cookie};
use crate::web::sign_in::{Next, NextQuery, redirect, refused};

/// Whoever may set up a second factor: who is signed in, or lacks nothing else.
fn setting_up(reader: &Reader) -> Result<&Principal, PageError> {
    match (&reader.principal, &reader.arriving) {
        (Some(who), _) | (None, Some((who, Stage::NeedsFactor))) => Ok(who),
        _ => Err(PageError::NotSignedIn),
    }
}

/// A second factor that waits for its first code.
#[derive(Debug, Serialize)]
struct SetUpView {
    /// The secret in groups of four, as people type it.
    secret: String,
    /// What an authenticator on this same device opens.
    address: String,
    /// It is asked for before they can go on.
    on_the_way: bool,
    next: Next,
    form: Form,
}

impl SetUpView {
    fn new(reader: &Reader, factor: NewFactor, next: Next) -> Self {
        let letters: Vec<char> = factor.secret.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        let hint = "The six digits that your authenticator shows now.";
        Self {
            secret: groups.join(" "),
            address: factor.address,
            on_the_way: reader.principal.is_none(),
            next,
            form: Form::new([Field::code("First code").hint(hint)]),
        }
    }
}

/// A second factor that is there.
#[derive(Debug, Serialize)]
struct SecondFactorView {
    left: i64,
    must_have: bool,
    recovery: Form,
    removal: Form,
}

impl SecondFactorView {
    fn new(own: &OwnAccount) -> Self {
        let field =
            |id: &'static str| Field::code("Code").id(id).hint("A code of your authenticator, or a recovery code.");
        Self {
            left: own.recovery_codes_left,
            must_have: own.must_have_second_factor,
            recovery: Form::new([field("new-codes-code").inputmode("text")]),
            removal: Form::new([field("removal-code").inputmode("text")]),
        }
    }

    fn page(self, web: &Web, reader: &Reader, status: StatusCode) -> poem::Result<Response> {
        let has_errors = self.recovery.is_refused() || self.removal.is_refused();
        let page = Page::new(reader, "Second factor", self).with_errors(has_errors);
        web.page_with(status, "account_second_factor", &page)
    }
}

/// `GET /account/second-factor`: sets one up, or shows the one that is there.
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: &Reader,
    Query(query): Query<NextQuery>,
) -> poem::Result<Response> {
    let who = setting_up(reader)?.clone();
    let work = move |app: &crate::app::App| {
        let own = own_account::view(app, &who)?;
        let waiting = if own.has_second_factor { None } else { Some(own_account::waiting_second_factor(app, &who)?) };
        Ok((own, waiting))
    };
    match web.app.run(work).await.map_err(PageError::from)? {
        (_, Some(factor)) => {
            let view = SetUpView::new(reader, factor, query.next());
            web.page("account_second_factor_new", &Page::new(reader, "Set up a second factor", view))
        }
        (own, None) => SecondFactorView::new(&own).page(web, reader, StatusCode::OK),
    }
}

/// `GET /account/second-factor.svg`: the picture that an authenticator reads.
#[handler]
pub(in crate::web) async fn picture(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    let who = setting_up(reader)?.clone();
    let factor =
        web.app.run(move |app| own_account::waiting_second_factor(app, &who)).await.map_err(PageError::from)?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "image/svg+xml")
        .header(header::CACHE_CONTROL, "no-store")
        .body(factor.picture))
}

/// Recovery codes, which are shown once.
#[derive(Debug, Serialize)]
struct CodesView {
    codes: Vec<String>,
    /// The second factor is new too.
    is_new: bool,
    /// Where to go on.
    on: String,
}

/// `POST /account/second-factor`: confirms a new one by its first code. The session goes on under a new secret.
#[handler]
pub(in crate::web) async fn confirm(Data(web): Data<&Web>, reader: &Reader, form: Posted) -> poem::Result<Response> {
    let who = setting_up(reader)?.clone();
    let session = reader.session.clone().ok_or(PageError::NotSignedIn)?;
    let next = Next::of_form(&form);
    let (visit, code) = (reader.visit.clone(), form.first("code").unwrap_or_default().to_owned());
    match web.app.run(move |app| own_account::confirm_second_factor(app, &visit, &session, &code)).await {
        Ok((codes, signed_in)) => {
            let on = next.path().unwrap_or(if reader.principal.is_some() { "/account" } else { "/" }).to_owned();
            let cookie = session_cookie(web, &signed_in);
            let reader = reader.signed_in(web, signed_in);
            let view = CodesView { codes, is_new: true, on };
            let page = web.page("account_recovery_codes", &Page::new(&reader, "Your recovery codes", view))?;
            Ok(page.with_header(header::SET_COOKIE, cookie).into_response())
        }
        Err(AppError::Invalid(problems)) => {
            let waiting = web.app.run(move |app| own_account::waiting_second_factor(app, &who)).await;
            let view = SetUpView::new(reader, waiting.map_err(PageError::from)?, next);
            let view = SetUpView { form: view.form.refused(&problems), ..view };
            let page = Page::new(reader, "Set up a second factor", view).with_errors(true);
            web.page_with(StatusCode::UNPROCESSABLE_ENTITY, "account_second_factor_new", &page)
        }
        Err(error) => refused(web, reader, error),
    }
}

/// The page of the second factor, as it stands.
async fn present(web: &Web, reader: &SignedInReader) -> Result<SecondFactorView, PageError> {
    let who = reader.who.clone();
    Ok(SecondFactorView::new(&web.app.run(move |app| own_account::view(app, &who)).await?))
}

/// `POST /account/second-factor/recovery-codes`: new ones in place of the old ones.
#[handler]
pub(in crate::web) async fn new_recovery_codes(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Posted,
) -> poem::Result<Response> {
    let (who, code) = (reader.who.clone(), form.first("code").unwrap_or_default().to_owned());
    match web.app.run(move |app| own_account::new_recovery_codes(app, &who, &code)).await {
        Ok(codes) => {
            let view = CodesView { codes, is_new: false, on: "/account".into() };
            web.page("account_recovery_codes", &Page::new(&reader.reader, "Your recovery codes", view))
        }
        Err(AppError::Invalid(problems)) => {
            let view = present(web, &reader).await?;
            let view = SecondFactorView { recovery: view.recovery.refused(&problems), ..view };
            view.page(web, &reader.reader, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => refused(web, &reader.reader, error),
    }
}

/// `POST /account/second-factor/remove`
#[handler]
pub(in crate::web) async fn remove(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Posted,
) -> poem::Result<Response> {
    let (who, code) = (reader.who.clone(), form.first("code").unwrap_or_default().to_owned());
    match web.app.run(move |app| own_account::remove_second_factor(app, &who, &code)).await {
        Ok(()) => Ok(redirect("/account?done=second-factor-removed").finish()),
        Err(AppError::Invalid(problems)) => {
            let view = present(web, &reader).await?;
            let view = SecondFactorView { removal: view.removal.refused(&problems), ..view };
            view.page(web, &reader.reader, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => refused(web, &reader.reader, error),
    }
}
