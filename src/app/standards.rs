//! The staffing standards: those that come with the program, and those that the audit team adds. One list, one way to
//! find one.
//!
//! A standard that the team adds is a draft until it is published. A draft is the team's alone and can be changed; what is
//! published can be quoted by anybody, so nothing changes it any more: a correction is another standard with an id of its
//! own.

use super::error::InputProblem;
use super::{App, AppError, authorise, history};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::domain::workforce::standard::StaffingStandard;
use crate::store::standards::StoredStandard;
use crate::store::{self, DbConn};

/// A standard as the list has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedStandard {
    /// The standard.
    pub standard: StaffingStandard,
    /// Of one that the audit team added: counts its changes; `None` of one that comes with the program.
    pub version: Option<i64>,
    /// It can be quoted, and changes no more.
    pub published: bool,
}

/// What is written of a standard.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenStandard {
    /// The standard.
    pub standard: StaffingStandard,
    /// Publish it with this.
    pub publish: bool,
}

fn parsed(stored: &StoredStandard) -> Result<ListedStandard, AppError> {
    let standard = serde_json::from_str(&stored.document)
        .map_err(|error| AppError::Unexpected(format!("the standard {} cannot be read: {error}", stored.id)))?;
    Ok(ListedStandard { standard, version: Some(stored.version), published: stored.published })
}

/// Whether somebody sees a standard: drafts are for who may change them.
fn sees(who: &Principal, listed: &ListedStandard) -> bool {
    listed.published || who.may_everywhere(Permission::ManageStandards)
}

fn of_program(standard: &StaffingStandard) -> ListedStandard {
    ListedStandard { standard: standard.clone(), version: None, published: true }
}

fn all_in(app: &App, conn: &mut DbConn, who: &Principal) -> Result<Vec<ListedStandard>, AppError> {
    let mut all: Vec<ListedStandard> = app.reference().standards.values().map(of_program).collect();
    for stored in store::standards::all(conn)? {
        // One that a later program brings along goes before one of the same id.
        if !app.reference().standards.contains_key(&stored.id) {
            all.push(parsed(&stored)?);
        }
    }
    all.retain(|listed| sees(who, listed));
    all.sort_by(|a, b| a.standard.id.cmp(&b.standard.id));
    Ok(all)
}

/// The standards that somebody sees, sorted by id.
pub fn list(app: &App, who: &Principal) -> Result<Vec<ListedStandard>, AppError> {
    authorise(who, Permission::ReadReference, "read the staffing standards")?;
    app.read(|conn| all_in(app, conn, who))
}

/// One standard.
pub fn one(app: &App, who: &Principal, id: &str) -> Result<ListedStandard, AppError> {
    authorise(who, Permission::ReadReference, "read the staffing standards")?;
    app.read(|conn| find_in(app, conn, who, id))
}

/// The standard of an id, or which there are instead.
pub(super) fn find_in(app: &App, conn: &mut DbConn, who: &Principal, id: &str) -> Result<ListedStandard, AppError> {
    if let Some(standard) = app.reference().standards.get(id) {
        return Ok(of_program(standard));
    }
    let stored = store::standards::find(conn, id)?.map(|stored| parsed(&stored)).transpose()?;
    if let Some(found) = stored.filter(|listed| sees(who, listed)) {
        return Ok(found);
    }
    let known: Vec<String> = all_in(app, conn, who)?.into_iter().map(|listed| listed.standard.id).collect();
    Err(AppError::not_found("standard", id, format!("The standards are: {}.", known.join(", "))))
}

/// Adds a standard (`based_on` 0), changes a draft that is at version `based_on`, or publishes it. The same again changes
/// nothing.
pub fn put(app: &App, who: &Principal, new: &WrittenStandard, based_on: i64) -> Result<ListedStandard, AppError> {
    authorise(who, Permission::ManageStandards, Permission::ManageStandards.words())?;
    let standard = &new.standard;
    let problems: Vec<InputProblem> = standard
        .problems()
        .into_iter()
        .map(|problem| InputProblem::new(problem.field(), problem.code(), problem.to_string()))
        .collect();
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems));
    }
    app.write(|conn| {
        let id = &standard.id;
        let object = Object::Standard(id.clone());
        store::history::lock(conn, &object)?;
        let before = store::standards::find(conn, id)?;
        let document = serde_json::to_string(standard).map_err(|error| AppError::Unexpected(error.to_string()))?;
        if let Some(before) = &before
            && (&before.document, before.published) == (&document, new.publish)
        {
            return parsed(before);
        }
        let taken = before.is_some() || app.reference().standards.contains_key(id);
        if based_on == 0 && taken {
            let message = format!("There is a standard {id:?}. Give this one another id, such as {id}_2.");
            return Err(AppError::invalid("id", "taken", message));
        }
        let stored_before = before.as_ref();
        if based_on > 0 {
            let Some(before) = stored_before else { return Err(not_to_be_changed(app, id)) };
            if before.published {
                return Err(published(id));
            }
            if before.version != based_on {
                return Err(moved());
            }
        }
        let stored = StoredStandard {
            id: id.clone(),
            version: based_on.saturating_add(1),
            published: new.publish,
            document,
            updated_at: app.now(),
            updated_by: who.actor.clone(),
        };
        if !store::standards::write(conn, &stored, based_on)? {
            return Err(moved());
        }
        let action = match (stored_before.is_some(), new.publish) {
            (_, true) => "published",
            (false, false) => "added",
            (true, false) => "changed",
        };
        let old = before.as_ref().map(|before| before.document.clone());
        let event = Event { old, new: Some(stored.document.clone()), ..Event::of(action) };
        history::record(app, conn, who, &object, vec![event])?;
        parsed(&stored)
    })
}

fn not_to_be_changed(app: &App, id: &str) -> AppError {
    if app.reference().standards.contains_key(id) {
        return published(id);
    }
    AppError::not_found("standard", id, "Add it first.")
}

fn published(id: &str) -> AppError {
    let reason = format!(
        "The standard {id} is published, and gaps quote it, so it changes no more. Add a corrected one with an id of its own."
    );
    AppError::Refused { code: "standard_published", reason }
}

fn moved() -> AppError {
    let reason =
        "Somebody else changed this standard while you were writing. Nothing was saved: read it again, and save again.";
    AppError::Refused { code: "standard_moved", reason: reason.into() }
}
