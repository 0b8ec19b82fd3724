//! One's own account: what it is, and its name. Password, second factor, sessions and handing over the lead have a file
//! each.

pub(super) mod hand_over;
pub(super) mod password;
pub(super) mod second_factor;
pub(super) mod sessions;

use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::Web;
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::Posted;
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::accounts::membership_words;
use crate::app::own_account::{self, OwnAccount};
use crate::app::{AppError, sessions as sessions_of};

/// One's own account.
#[derive(Debug, Serialize)]
struct AccountView {
    notice: &'static str,
    name: String,
    email: String,
    /// What they hold, in words.
    held: Vec<String>,
    has_password: bool,
    has_second_factor: bool,
    must_have_second_factor: bool,
    recovery_codes_left: i64,
    sessions: usize,
    /// They lead a service, and can hand that over.
    leads: bool,
}

/// What somebody has just done to their account, by the word in the address.
fn notice(done: Option<&str>) -> &'static str {
    match done {
        Some("name") => "Your name is changed.",
        Some("password") => "Your password is set. Your other sessions were ended.",
        Some("second-factor-removed") => "Your second factor is taken away. Signing in takes one step again.",
        Some("handed-over") => "You have handed over the lead. Your successor is told by e-mail.",
        _ => "",
    }
}

#[derive(Debug, Default, Deserialize)]
struct AccountQuery {
    done: Option<String>,
}

/// `GET /account`
#[handler]
pub(super) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(query): Query<AccountQuery>,
) -> poem::Result<Response> {
    let (who, session) = (reader.who.clone(), reader.reader.session.clone());
    let (own, sessions) = web
        .app
        .run(move |app| Ok((own_account::view(app, &who)?, sessions_of::list(app, &who, session.as_deref())?)))
        .await
        .map_err(PageError::from)?;
    let OwnAccount { email, name, has_password, has_second_factor, must_have_second_factor, recovery_codes_left } = own;
    let view = AccountView {
        notice: notice(query.done.as_deref()),
        name,
        email,
        held: reader.who.memberships.iter().map(membership_words).collect(),
        has_password,
        has_second_factor,
        must_have_second_factor,
        recovery_codes_left,
        sessions: sessions.len(),
        leads: hand_over::services_led(&reader.who).next().is_some(),
    };
    web.page("account", &Page::new(&reader.reader, "Your account", view))
}

#[derive(Debug, Serialize)]
struct NameView {
    form: Form,
}

fn name_form(name: &str) -> Form {
    let hint = "How pages greet you, and how the history of answers names you.";
    Form::new([Field::new("name", "Name").autocomplete("name").hint(hint).value(name)])
}

/// `GET /account/name`
#[handler]
pub(super) fn name_page(
    Data(web): Data<&Web>,
    SignedInReader { who, reader }: SignedInReader,
) -> poem::Result<Response> {
    let view = NameView { form: name_form(&who.name) };
    web.page("account_name", &Page::new(&reader, "Change your name", view).with_form(true))
}

/// `POST /account/name`
#[handler]
pub(super) async fn rename(Data(web): Data<&Web>, reader: SignedInReader, form: Posted) -> poem::Result<Response> {
    let (who, name) = (reader.who.clone(), form.first("name").unwrap_or_default().to_owned());
    match web.app.run(move |app| own_account::rename(app, &who, &name)).await {
        Ok(()) => Ok(redirect("/account?done=name").finish()),
        Err(AppError::Invalid(problems)) => {
            let view = NameView { form: name_form("").filled(&form).refused(&problems) };
            let page = Page::new(&reader.reader, "Change your name", view).with_errors(true).with_form(true);
            web.page_with(StatusCode::UNPROCESSABLE_ENTITY, "account_name", &page)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}
