//! What somebody typed and could not save, because their session had ended: kept on the server for the same account, and
//! given back after its next sign-in. A ward computer is shared, so nothing of it stays in the browser.
//!
//! Whose it is, is told by the secret of the ended session, which the browser still sends. It lets its bearer leave
//! something for the account, and nothing else: nothing can be read or saved by it.

use chrono::{DateTime, Duration, Utc};

use super::{App, AppError, round_of};
use crate::auth::secret_hash;
use crate::domain::access::{Permission, Principal};
use crate::store;
use crate::store::kept_entries::Place;

/// How long entries are kept.
const KEPT_FOR: Duration = Duration::days(14);

/// Bytes that the fields of one section may have.
const LONGEST: usize = 400_000;

/// Sections for which entries are kept for one account at a time.
const MOST: usize = 40;

/// Whom a session that has ended belonged to. Good for keeping entries alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeper {
    subject: String,
}

impl Keeper {
    /// Whoever is signed in, as a keeper: for entries that cannot be saved for another reason.
    pub fn of(who: &Principal) -> Self {
        Self { subject: who.actor.clone() }
    }
}

/// Entries that are kept for whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntries {
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The section.
    pub section: String,
    /// The form's fields as they were sent.
    pub fields: Vec<(String, String)>,
    /// When they were kept.
    pub kept_at: DateTime<Utc>,
}

/// Whose session this is or was: of one that has ended by itself in the last two weeks, and whose account or link still
/// works. A session that somebody ended is not known any more.
pub fn keeper(app: &App, secret: &str) -> Result<Option<Keeper>, AppError> {
    app.read(|conn| {
        let Some(session) = store::sessions::by_secret(conn, &secret_hash(secret))? else { return Ok(None) };
        // Somebody who had not come all the way in had nothing to type.
        if session.stage != store::sessions::Stage::SignedIn {
            return Ok(None);
        }
        let works = match session.subject.split_once(':') {
            Some(("account", id)) => store::accounts::by_id(conn, id)?.is_some_and(|account| account.is_enabled()),
            Some(("link", id)) => store::section_links::by_id(conn, id)?.is_some_and(|link| link.is_usable(app.now())),
            _ => false,
        };
        Ok(works.then_some(Keeper { subject: session.subject }))
    })
}

/// Keeps the fields of a section's form, in the place of those kept before.
pub fn keep_entries(
    app: &App,
    keeper: &Keeper,
    year: i32,
    service: &str,
    section: &str,
    fields: &[(String, String)],
) -> Result<(), AppError> {
    let text = serde_json::to_string(fields).map_err(|error| AppError::Unexpected(error.to_string()))?;
    if text.len() > LONGEST {
        return Err(AppError::Refused { code: "too_much_to_keep", reason: "There is too much to keep.".into() });
    }
    let sealed = app.key()?.seal(PURPOSE, app.random()?, &text)?;
    let now = app.now();
    app.write(|conn| {
        let place = place(app, conn, &keeper.subject, year, service, section)?;
        store::kept_entries::delete_old(conn, now)?;
        let kept = store::kept_entries::of_subject(conn, &keeper.subject, now)?;
        // The oldest give way.
        for old in kept.into_iter().skip(MOST - 1).filter(|old| old.place != place) {
            store::kept_entries::delete(conn, &old.place)?;
        }
        Ok(store::kept_entries::put(conn, &place, &sealed, now, now + KEPT_FOR)?)
    })
}

/// What the key that seals kept entries is derived for.
const PURPOSE: &str = "kept entries";

/// A section that there is.
fn place(
    app: &App,
    conn: &mut store::DbConn,
    subject: &str,
    year: i32,
    service: &str,
    section: &str,
) -> Result<Place, AppError> {
    let round = round_of(conn, year)?;
    let service = super::register::service_of(conn, service)?.code;
    if app.questionnaire_of(&round)?.section(section).is_none() {
        return Err(AppError::not_found("section", section, "The questionnaire names its sections."));
    }
    Ok(Place { subject: subject.to_owned(), year, service, section: section.to_owned() })
}

/// The sections for which entries are kept for whoever asks, the newest first; those alone that they may still answer.
pub fn kept_sections(app: &App, who: &Principal) -> Result<Vec<KeptEntries>, AppError> {
    if !(who.may(Permission::EditResponse) || who.may(Permission::FillSection)) {
        return Ok(Vec::new());
    }
    let kept = app.read(|conn| Ok(store::kept_entries::of_subject(conn, &who.actor, app.now())?))?;
    kept.into_iter().map(|kept| opened(app, kept)).collect()
}

/// The entries of a section that are kept for whoever asks.
pub fn kept_entries(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    section: &str,
) -> Result<Option<KeptEntries>, AppError> {
    let place = Place { subject: who.actor.clone(), year, service: service.into(), section: section.into() };
    let found = app.read(|conn| Ok(store::kept_entries::find(conn, &place, app.now())?))?;
    found.map(|kept| opened(app, kept)).transpose()
}

fn opened(app: &App, kept: store::kept_entries::Kept) -> Result<KeptEntries, AppError> {
    let text = app.key()?.open(PURPOSE, &kept.sealed)?;
    let fields = serde_json::from_str(&text).map_err(|error| AppError::Unexpected(error.to_string()))?;
    let Place { year, service, section, .. } = kept.place;
    Ok(KeptEntries { year, service, section, fields, kept_at: kept.kept_at })
}

/// Deletes the entries of a section that are kept for whoever asks: they were saved, or are not wanted.
pub fn discard_kept(app: &App, who: &Principal, year: i32, service: &str, section: &str) -> Result<(), AppError> {
    let place = Place { subject: who.actor.clone(), year, service: service.into(), section: section.into() };
    app.write(|conn| Ok(store::kept_entries::delete(conn, &place)?))
}

/// The item that a field of a form belongs to: `v.ID`, `v.ID.ROW`, `b.ID`. A row of the table of posts belongs to none.
fn item_of(field: &str) -> Option<&str> {
    let (kind, rest) = field.split_once('.')?;
    (kind != "p").then(|| rest.split('.').next().unwrap_or(rest))
}

/// Forgets what is kept of items that have been saved since; what is kept of others stays.
pub fn settle(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    section: &str,
    is_saved: impl Fn(&str) -> bool,
) -> Result<(), AppError> {
    let Some(kept) = kept_entries(app, who, year, service, section)? else { return Ok(()) };
    let all = kept.fields.len();
    let rest: Vec<(String, String)> =
        kept.fields.into_iter().filter(|(name, _)| item_of(name).is_none_or(|item| !is_saved(item))).collect();
    if !rest.iter().any(|(name, _)| item_of(name).is_some()) {
        return discard_kept(app, who, year, service, section);
    }
    if rest.len() < all { keep_entries(app, &Keeper::of(who), year, service, section, &rest) } else { Ok(()) }
}

/// Deletes what is too old.
pub fn forget_old(app: &App) -> Result<(), AppError> {
    app.write(|conn| Ok(store::kept_entries::delete_old(conn, app.now())?))
}
