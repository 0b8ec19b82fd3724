//! KPI counts: entered in bulk, corrected, removed, and read again as they were entered.
//!
//! All ways in (the API in JSON and CSV, the upload page, `import`) stage rows as [`super::imports`] does and come to
//! [`merge`], which works out what differs, keeps the yearly totals and writes down who changed what.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::imports::{self, ImportOptions, ImportReport, Way};
use super::register::service_in;
use super::{App, AppError, authorise, history};
use crate::domain::access::{Permission, Principal, Scope};
use crate::domain::count::{Period, corrections_digest};
use crate::domain::history::{Event, Object};
use crate::domain::interchange::FileKind;
use crate::formats::csv::{RawRow, RowReader, RowsOf};
use crate::store::counts::CountRow;
use crate::store::counts_in::{self, CountFilter, Kinds};
use crate::store::{self, DbConn};

pub use crate::store::counts_in::CountChange;

/// Changes that a report tells one by one.
const MOST_CHANGES: usize = 1_000;

/// What comes, or came, of counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountsChanged {
    /// The id under which corrections are kept; none where nothing was stored or nothing differs.
    pub batch: Option<String>,
    /// Counts that were not there.
    pub added: i64,
    /// Counts with other numbers than before.
    pub changed: i64,
    /// Counts that were as they are.
    pub unchanged: i64,
    /// Counts that were removed.
    pub removed: i64,
    /// The first of those that are added, changed or removed, with what stood in their place.
    pub changes: Vec<CountChange>,
    /// How many more there are.
    pub changes_left_out: i64,
}

/// Counts as they are sent.
pub enum Sent<R> {
    /// `kpi_counts.csv`.
    Csv(R),
    /// Rows with the fields of that file, in its order.
    Rows(Vec<RawRow>),
}

/// Enters counts: adds those that are new, changes those that differ, leaves the others. For a lead those of their
/// service. Rows with a problem are named, and then nothing is stored unless they are to be skipped.
pub fn put<R: Read>(
    app: &App,
    who: &Principal,
    sent: Sent<R>,
    options: ImportOptions,
) -> Result<ImportReport, AppError> {
    authorise(who, Permission::EnterCounts, Permission::EnterCounts.words())?;
    let every = who.may_everywhere(Permission::EnterCounts);
    let way = Way::Counts((!every).then(|| own_services(who)));
    let mut quiet = |_: u64| {};
    match sent {
        Sent::Csv(input) => {
            let rows = RowReader::new(FileKind::KpiCounts, input);
            imports::load(app, who, FileKind::KpiCounts, rows, way, options, &mut quiet)
        }
        Sent::Rows(rows) => {
            let rows = Ok(RowsOf::new(rows));
            imports::load(app, who, FileKind::KpiCounts, rows, way, options, &mut quiet)
        }
    }
}

/// The services that somebody may enter counts for.
fn own_services(who: &Principal) -> BTreeSet<String> {
    let own = who.scopes(Permission::EnterCounts).filter_map(|scope| match scope {
        Scope::Service(code) => Some(code.clone()),
        _ => None,
    });
    own.collect()
}

/// Works out what the staged counts change, and where `store` is set stores it. `staged` is how many there are.
pub(super) fn merge(
    app: &App,
    who: &Principal,
    conn: &mut DbConn,
    staged: i64,
    store: bool,
) -> Result<CountsChanged, AppError> {
    counts_in::find_changes(conn)?;
    let mut found = CountsChanged::default();
    settle(app, who, conn, store, &mut found)?;
    found.unchanged = staged - found.added - found.changed;
    Ok(found)
}

/// Tells what the differences that were found are, and where `store` is set writes them, with a line in the history of each
/// service that has any.
fn settle(
    app: &App,
    who: &Principal,
    conn: &mut DbConn,
    store: bool,
    found: &mut CountsChanged,
) -> Result<(), AppError> {
    let tallies = counts_in::tallies(conn)?;
    for tally in &tallies {
        found.added += tally.added;
        found.changed += tally.changed;
        found.removed += tally.removed;
    }
    found.changes = counts_in::first_changes(conn, MOST_CHANGES)?;
    let told = i64::try_from(found.changes.len()).unwrap_or(i64::MAX);
    found.changes_left_out = found.added + found.changed + found.removed - told;
    if !store || tallies.is_empty() {
        return Ok(());
    }
    let batch = app.new_id()?;
    let corrections = counts_in::corrections(conn)?;
    let events = tallies.iter().map(|tally| {
        // The corrections stand in a table of their own; their digest is chained here, so that nobody changes them later.
        let digest = corrections.get(&tally.service_code).map(|changes| digest(changes));
        let mut new = json!({"added": tally.added, "changed": tally.changed, "removed": tally.removed});
        if let (Some(digest), Some(fields)) = (digest, new.as_object_mut()) {
            fields.insert("corrections".into(), digest.into());
        }
        let event = Event::of("counted").item(batch.clone()).new_value(new.to_string());
        (Object::Counts(tally.service_code.clone()), event)
    });
    history::record_each(app, conn, who, &events.collect::<Vec<_>>())?;
    counts_in::apply(conn, &batch, Kinds::of(&tallies))?;
    found.batch = Some(batch);
    Ok(())
}

/// Which counts are to be removed.
#[derive(Debug, Clone)]
pub struct Removal {
    /// The service.
    pub service: String,
    /// A month, or a year with all its months.
    pub period: Period,
    /// Of this KPI alone.
    pub kpi: Option<i32>,
    /// Of this stratum alone; empty for all patients.
    pub stratum: Option<String>,
}

/// Removes counts that should never have been entered. What stood there is kept among the corrections.
pub fn remove(app: &App, who: &Principal, removal: &Removal, dry_run: bool) -> Result<CountsChanged, AppError> {
    let filter = CountFilter {
        service: removal.service.clone(),
        periods: periods(removal.period),
        kpi: removal.kpi,
        stratum: removal.stratum.clone(),
    };
    app.write(|conn| {
        let action = format!("remove counts of {}", removal.service);
        of_own(app, conn, who, Permission::EnterCounts, &removal.service, &action)?;
        counts_in::lock_service(conn, &removal.service)?;
        counts_in::find_removals(conn, &filter)?;
        let mut found = CountsChanged::default();
        settle(app, who, conn, !dry_run, &mut found)?;
        Ok(found)
    })
}

/// A month alone, or a year with its months.
fn periods(period: Period) -> Vec<i32> {
    let stored = period.stored();
    if period.is_year() { (stored..=stored + 12).collect() } else { vec![stored] }
}

/// Refuses whoever does not reach a service.
fn of_own(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    permission: Permission,
    service: &str,
    action: &str,
) -> Result<(), AppError> {
    authorise(who, permission, action)?;
    let register = app.register(conn)?;
    if who.may_for(permission, service_in(&register, service)?, &register.tree) {
        return Ok(());
    }
    Err(AppError::Forbidden { action: action.to_owned() })
}

/// The counts of a service as they were entered, of one year or of all, of one KPI or of all; sorted by month, KPI and
/// stratum.
pub fn of_service(
    app: &App,
    who: &Principal,
    service: &str,
    year: Option<i32>,
    kpi: Option<i32>,
) -> Result<Vec<CountRow>, AppError> {
    app.read(|conn| {
        of_own(app, conn, who, Permission::ReadKpis, service, &format!("read the counts of {service}"))?;
        let years = match year {
            Some(year) => vec![year],
            None => store::totals::all_years(conn)?,
        };
        let periods: Vec<i32> = years.iter().flat_map(|year| year * 100..=year * 100 + 12).collect();
        let mut rows = store::counts::of_service(conn, service, &periods)?;
        rows.retain(|row| kpi.is_none_or(|kpi| row.kpi == kpi));
        Ok(rows)
    })
}

/// Sentences on corrections that are not what the history says was kept: changed, removed or added behind its back.
pub(super) fn unfaithful(conn: &mut DbConn) -> Result<Vec<String>, AppError> {
    let mut wrong = Vec::new();
    for service in store::register::service_codes(conn)? {
        let mut kept: BTreeMap<String, Vec<CountChange>> = BTreeMap::new();
        for (batch, change) in counts_in::stored_corrections(conn, &service)? {
            kept.entry(batch).or_default().push(change);
        }
        for entry in store::history::of_object(conn, &Object::Counts(service.clone()), 0, i64::MAX)? {
            let said: Value = serde_json::from_str(entry.new.as_deref().unwrap_or_default()).unwrap_or_default();
            let found = kept.remove(&entry.item).map(|changes| digest(&changes));
            if found.as_deref() != said.get("corrections").and_then(Value::as_str) {
                let batch = &entry.item;
                wrong.push(format!("corrections of {service} in request {batch} are not what the history says"));
            }
        }
        wrong.extend(
            kept.into_keys().map(|batch| format!("corrections of {service} in request {batch} have no history")),
        );
    }
    Ok(wrong)
}

fn digest(changes: &[CountChange]) -> String {
    corrections_digest(changes.iter().map(|c| (c.kpi, c.period, c.stratum.as_str(), c.old, c.new)))
}

/// A correction with who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The request that it came with.
    pub batch: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub by: String,
    /// What.
    pub change: CountChange,
}

/// The corrections of a service's counts, the newest first.
pub fn corrections(app: &App, who: &Principal, service: &str) -> Result<Vec<Correction>, AppError> {
    app.read(|conn| {
        of_own(app, conn, who, Permission::ReadKpis, service, &format!("read the corrections of {service}"))?;
        let object = Object::Counts(service.to_owned());
        let entries = store::history::of_object(conn, &object, 0, i64::MAX)?;
        let mut batches = BTreeMap::new();
        for entry in entries {
            batches.insert(entry.item, (entry.seq, entry.at, history::actor_name(conn, &entry.actor)?));
        }
        let mut found = Vec::new();
        for (batch, change) in counts_in::stored_corrections(conn, service)? {
            let Some((seq, at, by)) = batches.get(&batch) else { continue };
            found.push((*seq, Correction { batch, at: *at, by: by.clone(), change }));
        }
        // Within a batch by key, as they come.
        found.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        Ok(found.into_iter().map(|(_, correction)| correction).collect())
    })
}
