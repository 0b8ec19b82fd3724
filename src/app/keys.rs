//! API keys: made, named, scoped, shown once, revoked.

use chrono::{DateTime, Utc};

use super::accounts::{Giveable, checked_membership, membership_words};
use super::register::service_in;
use super::sessions::{NOTED_EVERY, Visit};
use super::{App, AppError, authorise, history};
use crate::auth::secret_hash;
use crate::domain::access::{Membership, PERMISSIONS, Permission, Principal, Role, Scope, role_may};
use crate::domain::history::{Event, Object};
use crate::domain::register::Service;
use crate::store::keys::Key;
use crate::store::{self, DbConn};

/// A key as those who manage it see it.
#[derive(Debug, Clone)]
pub struct KeyLine {
    /// The key.
    pub key: Key,
    /// Who made it.
    pub made_by: String,
    /// It works.
    pub is_usable: bool,
}

/// Characters that a key's name may have at the most.
const LONGEST_NAME: usize = 100;

/// Who a key stands for; `None` where it is unknown, revoked or over.
pub fn principal_of_key(app: &App, secret: &str, visit: &Visit) -> Result<Option<Principal>, AppError> {
    let now = app.now();
    let found = app.read(|conn| Ok(store::keys::by_hash(conn, &secret_hash(secret))?))?;
    let Some(key) = found.filter(|key| is_usable(key, now)) else { return Ok(None) };
    if key.last_used_at.is_none_or(|at| at + NOTED_EVERY <= now) {
        app.write(|conn| Ok(store::keys::touch(conn, &key.id, now)?))?;
    }
    Ok(Some(Principal {
        actor: format!("key:{}", key.id),
        name: key.name,
        memberships: vec![key.membership],
        channel: visit.channel,
        address: visit.address,
        second_factor: true,
    }))
}

fn is_usable(key: &Key, now: DateTime<Utc>) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|at| at > now)
}

/// Whether somebody manages a key with this membership: the audit team any, a lead those of their own service.
fn manages(app: &App, conn: &mut DbConn, who: &Principal, held: &Membership) -> Result<bool, AppError> {
    if who.may_everywhere(Permission::ManageKeys) {
        return Ok(true);
    }
    let Scope::Service(code) = &held.scope else { return Ok(false) };
    let register = app.register(conn)?;
    Ok(who.may_for(Permission::ManageKeys, service_in(&register, code)?, &register.tree))
}

/// Keys matter as much as their owner's password, so whoever manages them has shown a second factor.
fn must_manage(who: &Principal) -> Result<(), AppError> {
    authorise(who, Permission::ManageKeys, Permission::ManageKeys.words())?;
    if who.second_factor { Ok(()) } else { Err(AppError::SecondFactorNeeded) }
}

/// Whether somebody may make keys with a role: no key may do what its maker may not, or a lead could sign off what they
/// hand in. The audit team makes keys for everybody.
fn may_make(who: &Principal, role: Role) -> bool {
    let holds_more = PERMISSIONS.iter().any(|(allowed, _)| role_may(role, *allowed) && !who.may(*allowed));
    who.may_everywhere(Permission::ManageKeys) || !holds_more
}

/// What somebody may make keys for.
pub fn makeable(app: &App, who: &Principal) -> Result<Giveable, AppError> {
    must_manage(who)?;
    app.read(|conn| {
        let register = app.register(conn)?;
        let tree = &register.tree;
        let mine = |service: &&Service| who.may_for(Permission::ManageKeys, service, tree);
        let services = register.services.values().filter(mine).cloned().collect();
        let everything = who.may_everywhere(Permission::ManageKeys);
        let of_a_service = |role: &Role| Membership::new(*role, Some(""), None).is_ok();
        let roles = Role::HELD.into_iter().filter(|role| everything || (of_a_service(role) && may_make(who, *role)));
        let areas = if everything { tree.iter().cloned().collect() } else { Vec::new() };
        Ok(Giveable { roles: roles.collect(), services, areas })
    })
}

/// Makes an API key and returns its id and its secret, which cannot be shown again.
pub fn make(
    app: &App,
    who: &Principal,
    name: &str,
    role: Role,
    service: Option<&str>,
    area: Option<&str>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(KeyLine, String), AppError> {
    must_manage(who)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let message = format!("Give the key a name of up to {LONGEST_NAME} characters that says what it is for.");
        return Err(AppError::invalid("name", if name.is_empty() { "empty" } else { "too_long" }, message));
    }
    if expires_at.is_some_and(|at| at <= app.now()) {
        return Err(AppError::invalid("expires_at", "in_the_past", "The key would be over already. Give a later day."));
    }
    app.write(|conn| {
        let membership = checked_membership(conn, role, service, area)?;
        if !may_make(who, role) || !manages(app, conn, who, &membership)? {
            return Err(AppError::Forbidden { action: "make a key for more than you may do yourself".into() });
        }
        // The prefix lets people and scanners recognise a key that has leaked.
        let secret = format!("fa_{}", app.secret()?);
        let key = Key {
            id: app.new_id()?,
            name: name.to_owned(),
            membership,
            created_at: app.now(),
            created_by: who.actor.clone(),
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        store::keys::add(conn, &key, &secret_hash(&secret))?;
        let event = Event::of("made").new_value(membership_words(&key.membership));
        history::record(app, conn, who, &Object::Key(key.id.clone()), vec![event])?;
        Ok((line(app, conn, key)?, secret))
    })
}

fn line(app: &App, conn: &mut DbConn, key: Key) -> Result<KeyLine, AppError> {
    let made_by = history::actor_name(conn, &key.created_by)?;
    Ok(KeyLine { is_usable: is_usable(&key, app.now()), made_by, key })
}

/// The keys that somebody manages, by name; revoked ones too.
pub fn list(app: &App, who: &Principal) -> Result<Vec<KeyLine>, AppError> {
    must_manage(who)?;
    app.read(|conn| {
        let mut lines = Vec::new();
        for key in store::keys::all(conn)? {
            if manages(app, conn, who, &key.membership)? {
                lines.push(line(app, conn, key)?);
            }
        }
        Ok(lines)
    })
}

/// A key that somebody manages.
pub fn one(app: &App, who: &Principal, id: &str) -> Result<KeyLine, AppError> {
    must_manage(who)?;
    app.read(|conn| {
        let key = managed(app, conn, who, id)?;
        line(app, conn, key)
    })
}

fn managed(app: &App, conn: &mut DbConn, who: &Principal, id: &str) -> Result<Key, AppError> {
    if let Some(key) = store::keys::by_id(conn, id)?
        && manages(app, conn, who, &key.membership)?
    {
        return Ok(key);
    }
    Err(AppError::not_found("key", id, "The list of keys has those that you manage."))
}

/// Revokes a key: it stops to work at once. Revoking it again changes nothing.
pub fn revoke(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    must_manage(who)?;
    app.write(|conn| {
        let key = managed(app, conn, who, id)?;
        // Or a program that puts its keys in order locks itself out.
        if who.actor == format!("key:{}", key.id) {
            let reason = "A key cannot revoke itself. Make another one, and revoke this one with it.";
            return Err(AppError::Refused { code: "own_key", reason: reason.into() });
        }
        if store::keys::revoke(conn, &key.id, app.now())? {
            history::record(app, conn, who, &Object::Key(key.id), vec![Event::of("revoked")])?;
        }
        Ok(())
    })
}
