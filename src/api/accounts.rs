//! `/accounts`, `/memberships`, `/sessions`: people who sign in.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::access_shapes::{Account, AccountChange, AccountList, NewMembership, Role, SessionList};
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::accounts::{self, Invitation};
use crate::app::{App, AppError, sessions};
use crate::domain::access::Membership;

/// It is done, and there is nothing to say.
#[derive(Debug, ApiResponse)]
pub enum Done {
    /// Done
    #[oai(status = 204)]
    Done,
}

/// The operations on accounts.
#[derive(Debug)]
pub struct Accounts;

#[OpenApi(tag = "Tag::Access")]
impl Accounts {
    /// List the accounts
    ///
    /// Those that the key manages, sorted by id: the audit team's every one, a lead's those of their service.
    #[oai(path = "/accounts", method = "get", operation_id = "list_accounts")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<AccountList>, Refusal> {
        let mut all = app.run(move |app| accounts::list(app, &key.0)).await?;
        all.sort_by(|a, b| a.account.id.cmp(&b.account.id));
        let (lines, next) = page(all, after.0.as_deref(), limit.0, |line| line.account.id.clone());
        Ok(Json(AccountList { items: lines.into_iter().map(Account::from).collect(), next }))
    }

    /// Get an account
    ///
    /// Who it is, what it holds, and whether it can sign in.
    #[oai(path = "/accounts/:id", method = "get", operation_id = "get_account")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The account's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Json<Account>, Refusal<404>> {
        Ok(Json(app.run(move |app| accounts::one(app, &key.0, &id.0)).await?.into()))
    }

    /// Disable or enable an account
    ///
    /// A disabled one is signed out everywhere, and its links do not work. For the audit team.
    #[oai(path = "/accounts/:id", method = "patch", operation_id = "change_account")]
    async fn change(
        &self,
        key: Key,
        app: Data<&App>,
        /// The account's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        change: JsonBody<AccountChange>,
    ) -> Result<Json<Account>, Refusal<404, 409, 422>> {
        let line = app.run(move |app| {
            accounts::set_disabled(app, &key.0, &id.0, change.0.disabled)?;
            accounts::one(app, &key.0, &id.0)
        });
        Ok(Json(line.await?.into()))
    }

    /// Erase a person
    ///
    /// Name, addresses and proofs of identity are deleted and the account stays disabled for good. The history keeps
    /// what was done, without naming them. This cannot be undone. For the audit team.
    #[oai(path = "/accounts/:id", method = "delete", operation_id = "erase_account")]
    async fn erase(
        &self,
        key: Key,
        app: Data<&App>,
        /// The account's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Done, Refusal<404, 409>> {
        app.run(move |app| accounts::erase(app, &key.0, &id.0)).await?;
        Ok(Done::Done)
    }

    /// Give somebody a role
    ///
    /// The account is made where the address has none, and is sent an invitation by mail unless it held the role
    /// before; so a request may be sent again. The audit team gives any role, a lead the roles of colleagues.
    #[oai(path = "/memberships", method = "put", operation_id = "give_membership")]
    async fn give(
        &self,
        key: Key,
        app: Data<&App>,
        new: JsonBody<NewMembership>,
    ) -> Result<Json<Account>, Refusal<404, 422>> {
        let NewMembership { email, name, role, service, area } = new.0;
        let invitation = Invitation { email, name, role: role.into(), service, area };
        Ok(Json(app.run(move |app| accounts::invite(app, &key.0, &invitation)).await?.into()))
    }

    /// Take a role away
    ///
    /// The account stays; what it did stays in the history. Only who may give a role takes it away.
    #[oai(path = "/memberships", method = "delete", operation_id = "take_membership")]
    async fn take(
        &self,
        key: Key,
        app: Data<&App>,
        /// The account's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        account: Query<String>,
        /// The role.
        role: Query<Role>,
        /// The service of a lead, contributor or clinical lead.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Query<Option<String>>,
        /// The area of a commissioner.
        #[oai(validator(max_length = 20))]
        area: Query<Option<String>>,
    ) -> Result<Json<Account>, Refusal<404, 409, 422>> {
        let held = Membership::new(role.0.into(), service.0.as_deref(), area.0.as_deref())
            .map_err(|error| AppError::invalid("role", "scope", format!("{error}.")))?;
        Ok(Json(app.run(move |app| accounts::remove_membership(app, &key.0, &account.0, &held)).await?.into()))
    }

    /// List the sessions of an account
    ///
    /// For the audit team.
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    async fn sessions(
        &self,
        key: Key,
        app: Data<&App>,
        /// The account's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        account: Query<String>,
    ) -> Result<Json<SessionList>, Refusal<404>> {
        let lines = app.run(move |app| sessions::of_account(app, &key.0, &account.0)).await?;
        Ok(Json(SessionList { items: lines.into_iter().map(Into::into).collect() }))
    }

    /// End a session
    ///
    /// For the audit team.
    #[oai(path = "/sessions/:id", method = "delete", operation_id = "end_session")]
    async fn end_session(
        &self,
        key: Key,
        app: Data<&App>,
        /// The session's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        /// The id of the account whose session it is.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        account: Query<String>,
    ) -> Result<Done, Refusal<404>> {
        app.run(move |app| sessions::end_of_account(app, &key.0, &account.0, &id.0)).await?;
        Ok(Done::Done)
    }
}
