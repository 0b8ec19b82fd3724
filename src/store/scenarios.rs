//! Saved scenarios.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::scenarios;

/// A scenario as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredScenario {
    /// Its id.
    pub id: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Whose it is, as the history names them.
    pub owner: String,
    /// Its name, which the owner gives once.
    pub name: String,
    /// Whoever may read the same gaps may read it.
    pub shared: bool,
    /// What is asked and done, as JSON.
    pub document: String,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

type ScenarioRow = (String, i64, String, String, bool, String, NaiveDateTime);

fn stored(row: ScenarioRow) -> StoredScenario {
    let (id, version, owner, name, shared, document, updated_at) = row;
    StoredScenario { id, version, owner, name, shared, document, updated_at: updated_at.and_utc() }
}

/// Every scenario that somebody owns or that is shared; `None`: all. Sorted by name.
pub fn of(conn: &mut DbConn, reader: Option<&str>) -> Result<Vec<StoredScenario>, StoreError> {
    let rows: Vec<ScenarioRow> = match reader {
        Some(reader) => scenarios::table
            .filter(scenarios::owner.eq(reader).or(scenarios::shared.eq(true)))
            .order((scenarios::name, scenarios::id))
            .load(conn)?,
        None => scenarios::table.order((scenarios::name, scenarios::id)).load(conn)?,
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// The scenario of an id.
pub fn find(conn: &mut DbConn, id: &str) -> Result<Option<StoredScenario>, StoreError> {
    let row: Option<ScenarioRow> = scenarios::table.filter(scenarios::id.eq(id)).get_result(conn).optional()?;
    Ok(row.map(stored))
}

/// The scenario to which its owner gave a name.
pub fn named(conn: &mut DbConn, owner: &str, name: &str) -> Result<Option<StoredScenario>, StoreError> {
    let of = scenarios::table.filter(scenarios::owner.eq(owner).and(scenarios::name.eq(name)));
    let row: Option<ScenarioRow> = of.get_result(conn).optional()?;
    Ok(row.map(stored))
}

/// Adds a scenario; false where its owner has one of the name.
pub fn add(conn: &mut DbConn, scenario: &StoredScenario) -> Result<bool, StoreError> {
    let row = (
        scenarios::id.eq(&scenario.id),
        scenarios::version.eq(scenario.version),
        scenarios::owner.eq(&scenario.owner),
        scenarios::name.eq(&scenario.name),
        scenarios::shared.eq(scenario.shared),
        scenarios::document.eq(&scenario.document),
        scenarios::updated_at.eq(scenario.updated_at.naive_utc()),
    );
    let added = on_backend!(conn, |conn| diesel::insert_into(scenarios::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}

/// Changes a scenario from version `from`; false where another writer was first.
pub fn change(conn: &mut DbConn, scenario: &StoredScenario, from: i64) -> Result<bool, StoreError> {
    let of = scenarios::table.filter(scenarios::id.eq(&scenario.id).and(scenarios::version.eq(from)));
    let content = (
        scenarios::version.eq(scenario.version),
        scenarios::name.eq(&scenario.name),
        scenarios::shared.eq(scenario.shared),
        scenarios::document.eq(&scenario.document),
        scenarios::updated_at.eq(scenario.updated_at.naive_utc()),
    );
    Ok(diesel::update(of).set(content).execute(conn)? == 1)
}

/// Takes a scenario away.
pub fn remove(conn: &mut DbConn, id: &str) -> Result<(), StoreError> {
    diesel::delete(scenarios::table.filter(scenarios::id.eq(id))).execute(conn)?;
    Ok(())
}
