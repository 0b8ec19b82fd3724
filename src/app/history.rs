//! The history: writing it down, reading it, and checking that nobody has changed it.

use std::collections::BTreeMap;

use super::register::{round_in, service_in};
use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Entry, Event, Head, Object};
use crate::store::accounts::Personal;
use crate::store::history::Author;
use crate::store::{self, DbConn, StoreError};

pub use crate::store::history::{HistoryFilter, Place, Verified};

/// An entry with what people call its actor.
#[derive(Debug, Clone)]
pub struct NamedEntry {
    /// The entry.
    pub entry: Entry,
    /// The actor's name; for an erased person, "a person who was erased".
    pub actor_name: String,
    /// What people call the object: "the response of FLS012 for 2022", "the account of Ann Lee".
    pub object_name: String,
    /// Somebody whom the entry names as its new value, such as a successor.
    pub named: Option<String>,
    /// From which network address, where that was not erased.
    pub address: Option<String>,
}

/// The most entries that one call returns.
pub const MOST: i64 = 1_000;

/// Writes down what somebody did to an object, within the transaction in which it happens.
pub(super) fn record(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    object: &Object,
    events: Vec<Event>,
) -> Result<(), AppError> {
    if events.is_empty() {
        return Ok(());
    }
    authored(app, conn, who, |conn, author| store::history::record(conn, author, object, events))
}

/// Does what writes to the history, with whose doing it is.
pub(super) fn authored<T>(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    write: impl FnOnce(&mut DbConn, &Author<'_>) -> Result<T, StoreError>,
) -> Result<T, AppError> {
    let origin = origin_of(app, conn, &who.actor, who.address)?;
    let author = Author { actor: &who.actor, channel: who.channel.as_str(), origin: origin.as_deref(), at: app.now() };
    Ok(write(conn, &author)?)
}

/// Writes down one thing that happened to each of many objects, sorted by object.
pub(super) fn record_each(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    events: &[(Object, Event)],
) -> Result<(), AppError> {
    authored(app, conn, who, |conn, author| store::history::record_each(conn, author, events))
}

/// The id under which an actor's network address is kept, so that it can be erased.
pub(super) fn origin_of(
    app: &App,
    conn: &mut DbConn,
    actor: &str,
    address: Option<std::net::IpAddr>,
) -> Result<Option<String>, AppError> {
    let Some(address) = address else { return Ok(None) };
    let id = app.new_id()?;
    Ok(Some(store::accounts::add_personal(conn, &id, actor, Personal::Address, &address.to_string())?))
}

/// What to call an actor of the history.
pub(super) fn actor_name(conn: &mut DbConn, actor: &str) -> Result<String, AppError> {
    let unnamed = |what: &str| Ok(what.to_owned());
    match actor.split_once(':') {
        Some(("account", _)) => match store::accounts::personal(conn, actor, Personal::Name)? {
            Some(name) => Ok(name),
            None => unnamed("a person who was erased"),
        },
        Some(("link", _)) => Ok(match store::accounts::personal(conn, actor, Personal::Recipient)? {
            Some(recipient) => format!("{recipient} by a link"),
            None => "somebody by a link".into(),
        }),
        Some(("key", id)) => match store::keys::by_id(conn, id)? {
            Some(key) => Ok(format!("the key {:?}", key.name)),
            None => unnamed("a key"),
        },
        _ if actor == "job" => unnamed("the service itself"),
        _ => unnamed("the audit team"),
    }
}

/// What to call an object of the history.
fn object_name(conn: &mut DbConn, object: &str) -> Result<String, AppError> {
    let mut parts = object.split('/');
    Ok(match (parts.next(), parts.next(), parts.next()) {
        (Some("response"), Some(year), Some(service)) => format!("the response of {service} for {year}"),
        (Some("account"), Some(id), None) => {
            format!("the account of {}", actor_name(conn, &store::accounts::subject_of(id))?)
        }
        (Some("key"), Some(id), None) => actor_name(conn, &format!("key:{id}"))?,
        (Some("round"), Some(year), None) => format!("the round of audit year {year}"),
        (Some("import"), Some(_), None) => "an import".into(),
        (Some("text"), Some(name), None) => format!("the text {name:?}"),
        (Some("counts"), Some(service), None) => format!("the KPI counts of {service}"),
        (Some("caseload"), Some(service), None) => format!("the expected caseload of {service}"),
        (Some("scenario"), Some(_), None) => "a scenario".into(),
        (Some("standard"), Some(id), None) => format!("the staffing standard {id}"),
        (Some("questionnaire"), Some(version), None) => format!("the questionnaire {version}"),
        _ => object.to_owned(),
    })
}

fn named(conn: &mut DbConn, entries: Vec<Entry>, addresses: bool) -> Result<Vec<NamedEntry>, AppError> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut objects: BTreeMap<String, String> = BTreeMap::new();
    let mut places: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        if !names.contains_key(&entry.actor) {
            names.insert(entry.actor.clone(), actor_name(conn, &entry.actor)?);
        }
        let actor_name = names.get(&entry.actor).cloned().unwrap_or_default();
        let address = match entry.origin.as_ref().filter(|_| addresses) {
            None => None,
            Some(origin) => {
                if !places.contains_key(origin) {
                    places.insert(origin.clone(), store::accounts::personal_by_id(conn, origin)?);
                }
                places.get(origin).cloned().flatten()
            }
        };
        if !objects.contains_key(&entry.object) {
            objects.insert(entry.object.clone(), object_name(conn, &entry.object)?);
        }
        let object_name = objects.get(&entry.object).cloned().unwrap_or_default();
        let subject = entry.new.as_deref().filter(|_| entry.action == "handed_over");
        let named = subject.map(|subject| self::actor_name(conn, subject)).transpose()?;
        found.push(NamedEntry { entry, actor_name, object_name, named, address });
    }
    Ok(found)
}

/// A response, for those who may read its history.
fn response_to_read(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
    service: &str,
) -> Result<Object, AppError> {
    let register = app.register(conn)?;
    round_in(&register, year)?;
    let service = service_in(&register, service)?;
    if who.may_for(Permission::ReadHistory, service, &register.tree) {
        return Ok(Object::response(year, &service.code));
    }
    Err(AppError::Forbidden { action: format!("read the history of {} for {year}", service.code) })
}

/// The history of a response, the oldest first, after the place `after`. The audit team sees addresses besides.
pub fn of_response(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<NamedEntry>, AppError> {
    app.read(|conn| {
        let object = response_to_read(app, conn, who, year, service)?;
        let entries = store::history::of_object(conn, &object, after, limit.clamp(1, MOST))?;
        named(conn, entries, who.may(Permission::ReadFullHistory))
    })
}

/// The history of a response, the newest first, before an entry of it.
pub fn newest_of_response(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    before: Option<Place>,
    limit: i64,
) -> Result<Vec<NamedEntry>, AppError> {
    app.read(|conn| {
        let object = response_to_read(app, conn, who, year, service)?;
        let filter = HistoryFilter { object: Some(object.to_string()), before, ..HistoryFilter::default() };
        let entries = store::history::newest(conn, &filter, limit.clamp(1, MOST))?;
        named(conn, entries, who.may(Permission::ReadFullHistory))
    })
}

/// The history of everything, the newest first.
pub fn newest(app: &App, who: &Principal, filter: &HistoryFilter, limit: i64) -> Result<Vec<NamedEntry>, AppError> {
    authorise(who, Permission::ReadFullHistory, Permission::ReadFullHistory.words())?;
    app.read(|conn| {
        let entries = store::history::newest(conn, filter, limit.clamp(1, MOST))?;
        named(conn, entries, true)
    })
}

/// Checks every chain of the history, also against heads that were kept elsewhere.
pub fn verify(app: &App, who: &Principal, kept: &BTreeMap<String, Head>) -> Result<Verified, AppError> {
    authorise(who, Permission::ReadFullHistory, "verify the history")?;
    app.read(|conn| Ok(store::history::verify(conn, kept)?))
}

/// The same, and whether the database's own structures are sound: sentences on what is not.
pub fn verify_database(
    app: &App,
    who: &Principal,
    kept: &BTreeMap<String, Head>,
) -> Result<(Vec<String>, Verified), AppError> {
    let verified = verify(app, who, kept)?;
    let unsound = app.read(|conn| {
        let mut unsound = store::connection::unsound(conn)?;
        unsound.extend(super::counts::unfaithful(conn)?);
        Ok(unsound)
    })?;
    Ok((unsound, verified))
}

/// The heads of all chains, to be kept elsewhere.
pub fn heads(app: &App, who: &Principal) -> Result<BTreeMap<String, Head>, AppError> {
    authorise(who, Permission::ReadFullHistory, "read the heads of the history")?;
    app.read(|conn| Ok(store::history::heads(conn)?))
}
