//! What is done to an account: roles given and taken, invited again, disabled, its second factor removed, erased.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::account_name;
use super::invitation::{chosen, invitation};
use super::person::page;
use crate::app::accounts::{self, AccountLine, membership_words};
use crate::app::{App, AppError, sessions};
use crate::domain::access::{Membership, Principal};
use crate::web::Web;
use crate::web::confirm::{Confirm, Hidden, List};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

/// Does something to an account and goes back to its page.
async fn change(
    web: &Web,
    reader: SignedInReader,
    id: String,
    done: &str,
    work: impl FnOnce(&App, &Principal, &str) -> Result<(), AppError> + Send + 'static,
) -> poem::Result<Response> {
    let account = id.clone();
    web.app.run(move |app| work(app, &reader.who, &account)).await.map_err(PageError::from)?;
    Ok(redirect(&format!("/accounts/{id}?done={done}")).finish())
}

async fn line(web: &Web, reader: &SignedInReader, id: &str) -> Result<AccountLine, PageError> {
    let (who, id) = (reader.who.clone(), id.to_owned());
    Ok(web.app.run(move |app| accounts::one(app, &who, &id)).await?)
}

/// `POST /accounts/{id}/memberships`: gives a role.
#[handler]
pub(in crate::web) async fn give(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, account) = (reader.who.clone(), id.clone());
    let asked = invitation(&form, String::new());
    let given = web
        .app
        .run(move |app| {
            let email = accounts::one(app, &who, &account)?.account.email;
            accounts::invite(app, &who, &accounts::Invitation { email, ..asked? })
        })
        .await;
    match given {
        Ok(_) => Ok(redirect(&format!("/accounts/{id}?done=given")).finish()),
        Err(AppError::Invalid(found)) => page(web, &reader, &id, None, chosen(&form), &found).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// A membership, as an address or a form names it.
#[derive(Debug, Clone, Deserialize)]
struct NamedMembership {
    #[serde(default)]
    role: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    area: String,
}

impl NamedMembership {
    fn read(&self) -> Result<Membership, PageError> {
        let given = |code: &str| (!code.is_empty()).then(|| code.to_owned());
        let role = self.role.parse().map_err(PageError::bad_request)?;
        Membership::new(role, given(&self.service).as_deref(), given(&self.area).as_deref())
            .map_err(|error| PageError::bad_request(format!("The address names no role that is held: {error}.")))
    }
}

/// `GET /accounts/{id}/memberships/remove`: asks.
#[handler]
pub(in crate::web) async fn remove_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    Query(named): Query<NamedMembership>,
) -> poem::Result<Response> {
    let line = line(web, &reader, &id).await?;
    let held = named.read()?;
    if !line.memberships.contains(&held) {
        return Err(PageError::not_found("They do not hold this role, or no longer.").into());
    }
    let words = membership_words(&held);
    let hidden = [("role", named.role), ("service", named.service), ("area", named.area)];
    let confirm = Confirm {
        heading: format!("Take away a role of {}", account_name(&line.account)),
        sentences: vec![
            format!("{} will no longer be {words}.", account_name(&line.account)),
            "What they have done stays. The role can be given again.".into(),
        ],
        action: format!("/accounts/{id}/memberships/remove"),
        hidden: hidden.into_iter().map(|(name, value)| Hidden { name, value }).collect(),
        button: "Take the role away",
        back: format!("/accounts/{id}"),
        back_text: "Back to the person",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /accounts/{id}/memberships/remove`
#[handler]
pub(in crate::web) async fn remove(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let of = |name: &str| form.first(name).unwrap_or_default().to_owned();
    line(web, &reader, &id).await?;
    let held = NamedMembership { role: of("role"), service: of("service"), area: of("area") }.read()?;
    let (who, account) = (reader.who.clone(), id.clone());
    let left = web.app.run(move |app| accounts::remove_membership(app, &who, &account, &held)).await;
    let left = left.map_err(PageError::from)?;
    // Without a role in a lead's service they are no longer theirs to see.
    let page =
        if left.may_manage || !left.memberships.is_empty() { format!("/accounts/{id}") } else { "/accounts".into() };
    Ok(redirect(&format!("{page}?done=removed")).finish())
}

/// `POST /accounts/{id}/invite-again`
#[handler]
pub(in crate::web) async fn invite_again(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    change(web, reader, id, "invited-again", accounts::invite_again).await
}

/// `POST /accounts/{id}/disable`
#[handler]
pub(in crate::web) async fn disable(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    change(web, reader, id, "disabled", |app, who, id| accounts::set_disabled(app, who, id, true)).await
}

/// `POST /accounts/{id}/enable`
#[handler]
pub(in crate::web) async fn enable(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    change(web, reader, id, "enabled", |app, who, id| accounts::set_disabled(app, who, id, false)).await
}

/// `POST /accounts/{id}/sessions/{session}/end`
#[handler]
pub(in crate::web) async fn end_session(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((id, session)): Path<(String, String)>,
) -> poem::Result<Response> {
    change(web, reader, id, "session-ended", move |app, who, id| sessions::end_of_account(app, who, id, &session)).await
}

/// `GET /accounts/{id}/second-factor/remove`: asks.
#[handler]
pub(in crate::web) async fn remove_second_factor_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let line = line(web, &reader, &id).await?;
    let name = account_name(&line.account);
    let confirm = Confirm {
        heading: format!("Take away the second factor of {name}"),
        sentences: vec![
            "Do this when somebody has lost their telephone and their recovery codes. Make sure that it is they who \
             ask: speak to them."
                .into(),
            format!(
                "Their sessions end, and their recovery codes stop to work. {name} is told by mail, and sets up another \
                 second factor at the next sign-in if their role asks for one."
            ),
        ],
        action: format!("/accounts/{id}/second-factor/remove"),
        button: "Take the second factor away",
        back: format!("/accounts/{id}"),
        back_text: "Back to the person",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /accounts/{id}/second-factor/remove`
#[handler]
pub(in crate::web) async fn remove_second_factor(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    change(web, reader, id, "second-factor-removed", accounts::remove_second_factor_of).await
}

fn erase_question(line: &AccountLine) -> Confirm {
    let account = &line.account;
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let goes = [
        "their name and e-mail address",
        "the network addresses from which they came",
        "their password, second factor, recovery codes, sessions and links",
        "their roles",
        "mails to them that were not sent yet",
    ];
    let stays = [
        "the answers that they gave: they are the service’s",
        "the record of what was changed and when, by “a person who was erased”",
        "API keys that they made: revoke those that nobody needs",
    ];
    let hint = format!("This is {}.", account.email);
    Confirm {
        heading: format!("Erase {}", account_name(account)),
        sentences: vec![
            "Erase a person when they ask for it. It cannot be undone. To keep somebody out, disable the account \
             instead."
                .into(),
        ],
        lists: vec![
            List { title: "What goes", lines: lines(&goes) },
            List { title: "What stays", lines: lines(&stays) },
        ],
        action: format!("/accounts/{}/erase", account.id),
        form: Form::new([Field::email("Type their e-mail address to confirm", "off").hint(hint)]),
        button: "Erase for good",
        back: format!("/accounts/{}", account.id),
        back_text: "Back to the person",
        ..Confirm::default()
    }
}

/// The account to be erased, if there is still somebody behind it.
async fn to_erase(web: &Web, reader: &SignedInReader, id: &str) -> Result<AccountLine, PageError> {
    let line = line(web, reader, id).await?;
    if line.account.erased_at.is_none() {
        return Ok(line);
    }
    let reason = "The person of this account was erased.".into();
    Err(AppError::Refused { code: "erased", reason }.into())
}

/// `GET /accounts/{id}/erase`: says what goes and what stays, and asks.
#[handler]
pub(in crate::web) async fn erase_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let line = to_erase(web, &reader, &id).await?;
    erase_question(&line).page(web, &reader)
}

/// `POST /accounts/{id}/erase`
#[handler]
pub(in crate::web) async fn erase(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let line = to_erase(web, &reader, &id).await?;
    let typed = form.first("email").unwrap_or_default();
    if !typed.trim().eq_ignore_ascii_case(&line.account.email) {
        let mut question = erase_question(&line);
        let problem = "This is not their e-mail address, so nobody was erased.";
        question.form = question.form.filled(&form).refused_for("email", &problem);
        return question.page(web, &reader);
    }
    change(web, reader, id, "erased", accounts::erase).await
}
