//! Sessions: who is signed in, from where, and how that ends.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};

use super::{App, AppError, history};
use crate::auth::secret_hash;
use crate::domain::access::{Channel, Membership, Principal, Role, Scope};
use crate::domain::history::{Event, Object};
use crate::domain::language::Language;
use crate::store::accounts::Account;
use crate::store::section_links::SectionLink;
use crate::store::sessions::Session;
use crate::store::{self, DbConn};

pub use crate::store::sessions::Stage;

/// How long a session lasts, however much it is used.
const LIFE: Duration = Duration::hours(12);

/// How long a session lasts that is not used.
const IDLE: Duration = Duration::hours(2);

/// How long a session that has ended by itself is still known: by it, what somebody typed meanwhile is kept for them,
/// and nothing else can be done.
pub const KNOWN_FOR: Duration = Duration::days(14);

/// How exactly the last use is noted: a write for every page would cost more than it tells.
pub(super) const NOTED_EVERY: Duration = Duration::minutes(1);

/// From where somebody comes, before it is known who they are.
#[derive(Debug, Clone)]
pub struct Visit {
    /// By which door.
    pub channel: Channel,
    /// The network address.
    pub address: Option<IpAddr>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

impl Visit {
    /// A visit to the pages of which nothing is known.
    pub fn unknown() -> Self {
        Self { channel: Channel::Page, address: None, agent: None }
    }
}

/// Someone who has just signed in, or come a step nearer to it.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session's secret, for the cookie.
    pub session: String,
    /// When the session ends.
    pub expires: DateTime<Utc>,
    /// How far they have come.
    pub stage: Stage,
    /// Who they are.
    pub principal: Principal,
}

/// A session that is not over, and whose it is.
#[derive(Debug, Clone)]
pub struct Current {
    /// The session's id.
    pub id: String,
    /// How far its sign-in has come. Only somebody who is `SignedIn` may do anything but go on signing in.
    pub stage: Stage,
    /// Whose it is.
    pub principal: Principal,
    /// The language that they have chosen, where they have an account.
    pub language: Option<Language>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Its id.
    pub id: String,
    /// It is the one that asks.
    pub is_current: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within a minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// From where.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// The principal of an account that can sign in.
pub(super) fn principal_of(
    conn: &mut DbConn,
    account: &Account,
    visit: &Visit,
    second_factor: bool,
) -> Result<Principal, AppError> {
    Ok(Principal {
        actor: account.subject(),
        name: account.name.clone(),
        memberships: store::accounts::memberships_of(conn, &account.id)?,
        channel: visit.channel,
        address: visit.address,
        second_factor,
    })
}

/// The principal of a section link that works.
pub(super) fn principal_of_link(conn: &mut DbConn, link: &SectionLink, visit: &Visit) -> Result<Principal, AppError> {
    let scope = Scope::Section { service: link.service.clone(), year: link.year, section: link.section.clone() };
    Ok(Principal {
        actor: link.subject(),
        name: history::actor_name(conn, &link.subject())?,
        memberships: vec![Membership { role: Role::SectionLink, scope }],
        channel: visit.channel,
        address: visit.address,
        second_factor: false,
    })
}

/// Begins a session under a new secret.
pub(super) fn begin(
    app: &App,
    conn: &mut DbConn,
    principal: Principal,
    visit: &Visit,
    stage: Stage,
    latest_end: Option<DateTime<Utc>>,
) -> Result<SignedIn, AppError> {
    let secret = app.secret()?;
    let now = app.now();
    let expires = latest_end.map_or(now + LIFE, |latest| latest.min(now + LIFE));
    let session = Session {
        id: app.new_id()?,
        secret_hash: secret_hash(&secret),
        subject: principal.actor.clone(),
        stage,
        second_factor: principal.second_factor,
        created_at: now,
        seen_at: now,
        expires_at: expires,
        origin: history::origin_of(app, conn, &principal.actor, visit.address)?,
        agent: visit.agent.as_ref().map(|agent| agent.chars().take(200).collect()),
    };
    store::sessions::delete_ended(conn, now - KNOWN_FOR, now - IDLE - KNOWN_FOR)?;
    store::sessions::add(conn, &session)?;
    Ok(SignedIn { session: secret, expires, stage, principal })
}

/// Whose session this is; `None` where it is unknown or over.
pub fn current(app: &App, secret: &str, visit: &Visit) -> Result<Option<Current>, AppError> {
    let now = app.now();
    let found = app.read(|conn| {
        let Some(session) = store::sessions::by_secret(conn, &secret_hash(secret))? else { return Ok(None) };
        if session.expires_at <= now || session.seen_at + IDLE <= now {
            return Ok(None);
        }
        let mut language = None;
        let principal = match session.subject.split_once(':') {
            Some(("account", id)) => match store::accounts::by_id(conn, id)? {
                Some(account) if account.is_enabled() => {
                    language = account.language;
                    principal_of(conn, &account, visit, session.second_factor)?
                }
                _ => return Ok(None),
            },
            Some(("link", id)) => match store::section_links::by_id(conn, id)? {
                Some(link) if link.is_usable(now) => principal_of_link(conn, &link, visit)?,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some((Current { id: session.id, stage: session.stage, principal, language }, session.seen_at)))
    })?;
    let Some((current, seen_at)) = found else { return Ok(None) };
    if seen_at + NOTED_EVERY <= now {
        app.write(|conn| Ok(store::sessions::touch(conn, &current.id, now)?))?;
    }
    Ok(Some(current))
}

/// Deletes the sessions that have been over for long.
pub fn delete_ended(app: &App) -> Result<(), AppError> {
    let now = app.now();
    app.write(|conn| Ok(store::sessions::delete_ended(conn, now - KNOWN_FOR, now - IDLE - KNOWN_FOR)?))
}

/// Ends the session of a secret.
pub fn sign_out(app: &App, secret: &str) -> Result<(), AppError> {
    app.write(|conn| Ok(store::sessions::end(conn, &secret_hash(secret))?))
}

/// The sessions of whoever asks that are not over, the newest first. `secret` is the one they ask with, if any.
pub fn list(app: &App, who: &Principal, secret: Option<&str>) -> Result<Vec<SessionLine>, AppError> {
    lines_of(app, &who.actor, secret)
}

/// The sessions of an account, for those who manage it.
pub fn of_account(app: &App, who: &Principal, account: &str) -> Result<Vec<SessionLine>, AppError> {
    must_manage(app, who, account)?;
    lines_of(app, &store::accounts::subject_of(account), None)
}

/// Ends one session of an account, for those who manage it.
pub fn end_of_account(app: &App, who: &Principal, account: &str, id: &str) -> Result<(), AppError> {
    must_manage(app, who, account)?;
    app.write(|conn| {
        if !store::sessions::end_by_id(conn, &store::accounts::subject_of(account), id)? {
            return Err(no_session(id));
        }
        let object = Object::Account(account.to_owned());
        history::record(app, conn, who, &object, vec![Event::of("session_ended").item(id)])
    })
}

fn must_manage(app: &App, who: &Principal, account: &str) -> Result<(), AppError> {
    if super::accounts::one(app, who, account)?.may_manage {
        return Ok(());
    }
    Err(AppError::Forbidden { action: "see the sessions of others; the audit team can".into() })
}

fn no_session(id: &str) -> AppError {
    AppError::not_found("session", id, "It may have ended already; the list has those that have not.")
}

fn lines_of(app: &App, subject: &str, secret: Option<&str>) -> Result<Vec<SessionLine>, AppError> {
    let now = app.now();
    let own = secret.map(secret_hash);
    app.read(|conn| {
        let mut lines = Vec::new();
        for session in store::sessions::of_subject(conn, subject)? {
            if session.expires_at <= now || session.seen_at + IDLE <= now {
                continue;
            }
            let address = match &session.origin {
                Some(id) => store::accounts::personal_by_id(conn, id)?,
                None => None,
            };
            lines.push(SessionLine {
                is_current: own.as_ref() == Some(&session.secret_hash),
                id: session.id,
                created_at: session.created_at,
                seen_at: session.seen_at,
                expires_at: session.expires_at,
                address,
                agent: session.agent,
            });
        }
        Ok(lines)
    })
}

/// Ends one session of whoever asks.
pub fn end(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    app.write(|conn| {
        if !store::sessions::end_by_id(conn, &who.actor, id)? {
            return Err(no_session(id));
        }
        record_of_self(app, conn, who, Event::of("session_ended").item(id))
    })
}

/// Ends every session of whoever asks but the one they ask with; how many.
pub fn end_others(app: &App, who: &Principal, secret: Option<&str>) -> Result<usize, AppError> {
    app.write(|conn| {
        let ended = store::sessions::end_all(conn, &who.actor, secret.map(secret_hash).as_deref())?;
        if ended > 0 {
            record_of_self(app, conn, who, Event::of("other_sessions_ended"))?;
        }
        Ok(ended)
    })
}

/// Writes down what a person did to their own account; keys and links have none.
pub(super) fn record_of_self(app: &App, conn: &mut DbConn, who: &Principal, event: Event) -> Result<(), AppError> {
    match who.account() {
        Some(id) => history::record(app, conn, who, &Object::Account(id.to_owned()), vec![event]),
        None => Ok(()),
    }
}
