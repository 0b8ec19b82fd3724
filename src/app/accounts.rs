//! Signing in: single-use links, sessions and API keys. Of every secret only its SHA-256 is stored; the secrets are
//! random and long, so nothing slower is needed.

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest as _, Sha256};

use super::{App, AppError};
use crate::domain::access::{Membership, Permission, Principal, Role, Scope};
use crate::store::access::{Account, Key};
use crate::store::{self, DbConn};

/// How long a sign-in link can be used.
const LINK_LIFE: Duration = Duration::days(7);

/// How long a session lasts.
const SESSION_LIFE: Duration = Duration::hours(12);

/// Someone who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session's secret, for the cookie.
    pub session: String,
    /// When the session ends.
    pub expires: DateTime<Utc>,
    /// Who they are.
    pub principal: Principal,
}

fn hash(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

fn principal(conn: &mut DbConn, account_id: &str) -> Result<Option<Principal>, AppError> {
    let Some(account) = store::access::account_by_id(conn, account_id)? else { return Ok(None) };
    let memberships = store::access::memberships_of(conn, account_id)?;
    Ok(Some(Principal { actor: format!("account:{account_id}"), name: account.name, memberships }))
}

/// Signs in with a link, which is used up.
pub fn sign_in_with_link(app: &App, token: &str) -> Result<SignedIn, AppError> {
    app.write(|conn| {
        let account = store::access::use_link(conn, &hash(token), app.now())?.ok_or(AppError::LinkUnusable)?;
        begin_session(app, conn, &account)
    })
}

fn begin_session(app: &App, conn: &mut DbConn, account: &str) -> Result<SignedIn, AppError> {
    let principal = principal(conn, account)?.ok_or(AppError::LinkUnusable)?;
    let session = app.secret()?;
    let expires = app.now() + SESSION_LIFE;
    store::access::add_session(conn, &hash(&session), account, app.now(), expires)?;
    Ok(SignedIn { session, expires, principal })
}

/// Who a session belongs to; `None` where it is unknown or over.
pub fn principal_of_session(app: &App, session: &str) -> Result<Option<Principal>, AppError> {
    app.read(|conn| match store::access::session_account(conn, &hash(session), app.now())? {
        Some(account) => principal(conn, &account),
        None => Ok(None),
    })
}

/// Who a key stands for; `None` where it is unknown or revoked.
pub fn principal_of_key(app: &App, key: &str) -> Result<Option<Principal>, AppError> {
    app.read(|conn| {
        let found = store::access::key_by_hash(conn, &hash(key))?;
        Ok(found.map(|key| Principal {
            actor: format!("key:{}", key.id),
            name: key.name,
            memberships: vec![key.membership],
        }))
    })
}

/// Ends a session.
pub fn sign_out(app: &App, session: &str) -> Result<(), AppError> {
    app.write(|conn| Ok(store::access::end_session(conn, &hash(session))?))
}

/// A membership whose service or area exists.
fn checked_membership(
    conn: &mut DbConn,
    role: Role,
    service: Option<&str>,
    area: Option<&str>,
) -> Result<Membership, AppError> {
    let membership = Membership::new(role, service, area)
        .map_err(|error| AppError::invalid("role", "scope", format!("{error}.")))?;
    match &membership.scope {
        Scope::Service(code) => {
            super::register::service_of(conn, code)?;
        }
        Scope::Area(code) if !store::register::area_codes(conn)?.contains(code) => {
            return Err(AppError::not_found("area", code, "The list of areas has every code."));
        }
        Scope::Area(_) | Scope::National => {}
    }
    Ok(membership)
}

fn must_manage(who: &Principal) -> Result<(), AppError> {
    if who.has_role(Role::AuditTeam) && who.may_everywhere(Permission::Import) {
        Ok(())
    } else {
        Err(AppError::Forbidden { action: "add people or keys; the audit team can".into() })
    }
}

/// Adds a person, or another membership of theirs, and returns the secret of a sign-in link. Without a name they go by
/// the first part of their address.
pub fn add_user(
    app: &App,
    who: &Principal,
    email: &str,
    name: Option<&str>,
    role: Role,
    service: Option<&str>,
    area: Option<&str>,
) -> Result<String, AppError> {
    must_manage(who)?;
    let email = email.trim().to_lowercase();
    let plausible = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    if !plausible || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(AppError::invalid("email", "not_an_address", format!("{email:?} is not an e-mail address.")));
    }
    app.write(|conn| {
        let membership = checked_membership(conn, role, service, area)?;
        let account = if let Some(account) = store::access::account_by_email(conn, &email)? {
            account
        } else {
            let name = name.or(email.split('@').next()).unwrap_or_default().trim().to_owned();
            let account = Account { id: app.new_id()?, email: email.clone(), name };
            store::access::add_account(conn, &account, app.now())?;
            account
        };
        store::access::add_membership(conn, &account.id, &membership, app.now())?;
        let secret = app.secret()?;
        store::access::add_link(conn, &hash(&secret), &account.id, app.now() + LINK_LIFE)?;
        Ok(secret)
    })
}

/// Adds an API key and returns its secret, which cannot be shown again.
pub fn add_key(
    app: &App,
    who: &Principal,
    name: &str,
    role: Role,
    service: Option<&str>,
    area: Option<&str>,
) -> Result<String, AppError> {
    must_manage(who)?;
    if name.trim().is_empty() {
        return Err(AppError::invalid("name", "empty", "Give the key a name that says what it is for."));
    }
    app.write(|conn| {
        let membership = checked_membership(conn, role, service, area)?;
        // The prefix lets people and scanners recognise a key that has leaked.
        let secret = format!("fa_{}", app.secret()?);
        let key = Key { id: app.new_id()?, name: name.trim().to_owned(), membership };
        store::access::add_key(conn, &key, &hash(&secret), app.now())?;
        Ok(secret)
    })
}

/// A person of the demo.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// E-mail address.
    pub email: String,
    /// What they are: "FLS lead of FLS012".
    pub label: String,
}

/// The people of the demo; none outside it.
pub fn demo_accounts(app: &App) -> Result<Vec<DemoAccount>, AppError> {
    if !app.is_demo() {
        return Ok(Vec::new());
    }
    Ok(super::demo::PEOPLE
        .iter()
        .map(|person| DemoAccount { email: person.email.into(), label: person.label.into() })
        .collect())
}

/// Signs in as one of the demo's people, without a link; refused outside the demo.
pub fn demo_sign_in(app: &App, email: &str) -> Result<SignedIn, AppError> {
    if !app.is_demo() || !super::demo::PEOPLE.iter().any(|person| person.email == email) {
        return Err(AppError::Forbidden { action: "sign in without a link".into() });
    }
    app.write(|conn| {
        let account = store::access::account_by_email(conn, email)?.ok_or(AppError::LinkUnusable)?;
        begin_session(app, conn, &account.id)
    })
}
