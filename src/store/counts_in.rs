//! KPI counts as they are written, within one transaction: what differs from the stored ones is found once, as a set, and
//! everything that follows (yearly totals, corrections, the counts themselves) is worked out from those differences.
//!
//! Writers of one service wait for each other at the head of its history; writers of different services do not.

use std::collections::BTreeMap;

use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use crate::domain::count::{Counts, Period};

/// The columns of a change: the key, the new numbers (all NULL for a removal) and the old ones (NULL for a new count).
const NUMBERS: [&str; 4] = ["numerator", "denominator", "eligible", "complete"];

/// Keeps other writers of the staged services out until the transaction ends.
pub fn lock_staged(conn: &mut DbConn) -> Result<(), StoreError> {
    lock(conn, "SELECT DISTINCT service_code FROM staged_kpi_counts", None)
}

/// Keeps other writers of one service out until the transaction ends.
pub fn lock_service(conn: &mut DbConn, service: &str) -> Result<(), StoreError> {
    lock(conn, "SELECT CAST($1 AS TEXT) AS service_code", Some(service))
}

/// On SQLite the transaction itself keeps other writers out. On PostgreSQL the heads of the services' histories are locked,
/// in the order of their names, so that two loads cannot wait for each other.
fn lock(conn: &mut DbConn, services: &str, service: Option<&str>) -> Result<(), StoreError> {
    let DbConn::Postgres(conn) = conn else { return Ok(()) };
    let objects = format!("SELECT 'counts/' || service_code AS object FROM ({services}) AS touched");
    let statements = [
        format!(
            "INSERT INTO history_heads (object, seq, hash) SELECT object, 0, '' FROM ({objects}) AS new \
             ORDER BY object COLLATE \"C\" ON CONFLICT DO NOTHING"
        ),
        format!(
            "SELECT object FROM history_heads WHERE object IN ({objects}) ORDER BY object COLLATE \"C\" FOR UPDATE"
        ),
    ];
    for sql in statements {
        let mut query = diesel::sql_query(sql).into_boxed();
        if let Some(service) = service {
            query = query.bind::<Text, _>(service);
        }
        query.execute(conn)?;
    }
    Ok(())
}

fn begin(conn: &mut DbConn) -> Result<(), StoreError> {
    let without_rowid = if matches!(conn, DbConn::Sqlite(_)) { " WITHOUT ROWID" } else { "" };
    // Left over where an earlier load on this connection broke off. The key is that of the stored counts, so that a long
    // load writes each of their pages once.
    conn.batch_execute(&format!(
        "DROP TABLE IF EXISTS changed_counts; \
         CREATE TEMP TABLE changed_counts (\
           line BIGINT NOT NULL, kpi INTEGER NOT NULL, month INTEGER NOT NULL, service_code TEXT NOT NULL, \
           stratum TEXT NOT NULL, numerator BIGINT, denominator BIGINT, eligible BIGINT, complete BIGINT, \
           old_numerator BIGINT, old_denominator BIGINT, old_eligible BIGINT, old_complete BIGINT, \
           PRIMARY KEY (kpi, month, service_code, stratum)){without_rowid}"
    ))?;
    Ok(())
}

fn listed(columns: &[&str], prefix: &str) -> String {
    columns.iter().map(|column| format!("{prefix}{column}")).collect::<Vec<_>>().join(", ")
}

/// Finds the staged counts that differ from the stored ones.
pub fn find_changes(conn: &mut DbConn) -> Result<(), StoreError> {
    begin(conn)?;
    let differs: Vec<String> = NUMBERS.iter().map(|n| format!("s.{n} IS DISTINCT FROM c.{n}")).collect();
    let sql = format!(
        "INSERT INTO changed_counts \
         SELECT s.line, s.kpi, s.month, s.service_code, s.stratum, {new}, {old} \
         FROM staged_kpi_counts s LEFT JOIN kpi_counts c \
           ON c.kpi = s.kpi AND c.month = s.month AND c.service_code = s.service_code AND c.stratum = s.stratum \
         WHERE c.numerator IS NULL OR {differs}",
        new = listed(&NUMBERS, "s."),
        old = listed(&NUMBERS, "c."),
        differs = differs.join(" OR "),
    );
    execute(conn, &sql)
}

/// Which counts of a service are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountFilter {
    /// The service.
    pub service: String,
    /// These months and years, as stored.
    pub periods: Vec<i32>,
    /// This KPI alone.
    pub kpi: Option<i32>,
    /// This stratum alone; empty for all patients.
    pub stratum: Option<String>,
}

/// Finds stored counts that are to be removed.
pub fn find_removals(conn: &mut DbConn, filter: &CountFilter) -> Result<(), StoreError> {
    begin(conn)?;
    let numbers = |numbers: &[i32]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let kpis: Vec<i32> = filter.kpi.map_or_else(|| (2..=11).collect(), |kpi| vec![kpi]);
    let stratum = if filter.stratum.is_some() { " AND c.stratum = $2" } else { "" };
    // By the key: every KPI and period is named.
    let sql = format!(
        "INSERT INTO changed_counts \
         SELECT 0, c.kpi, c.month, c.service_code, c.stratum, NULL, NULL, NULL, NULL, {old} FROM kpi_counts c \
         WHERE c.kpi IN ({kpis}) AND c.month IN ({months}) AND c.service_code = $1{stratum}",
        old = listed(&NUMBERS, "c."),
        kpis = numbers(&kpis),
        months = numbers(&filter.periods),
    );
    on_backend!(conn, |conn| {
        let mut query = diesel::sql_query(sql).into_boxed().bind::<Text, _>(&filter.service);
        if let Some(stratum) = &filter.stratum {
            query = query.bind::<Text, _>(stratum);
        }
        query.execute(conn)?
    });
    Ok(())
}

/// How many counts of a service change.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct Tally {
    /// Unit code.
    #[diesel(sql_type = Text)]
    pub service_code: String,
    /// Counts that were not there.
    #[diesel(sql_type = BigInt)]
    pub added: i64,
    /// Counts with other numbers than before.
    #[diesel(sql_type = BigInt)]
    pub changed: i64,
    /// Counts that go.
    #[diesel(sql_type = BigInt)]
    pub removed: i64,
}

/// The services of which counts change, sorted by code.
pub fn tallies(conn: &mut DbConn) -> Result<Vec<Tally>, StoreError> {
    let sum = |condition: &str| format!("CAST(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT service_code, {added} AS added, {changed} AS changed, {removed} AS removed \
         FROM changed_counts GROUP BY service_code",
        added = sum("old_numerator IS NULL"),
        changed = sum("old_numerator IS NOT NULL AND numerator IS NOT NULL"),
        removed = sum("numerator IS NULL"),
    );
    let mut tallies = on_backend!(conn, |conn| diesel::sql_query(sql).load::<Tally>(conn)?);
    tallies.sort_by(|a, b| a.service_code.cmp(&b.service_code));
    Ok(tallies)
}

/// One count with what stood in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountChange {
    /// The line or place of the row that says so; 0 for a removal.
    pub line: i64,
    /// Unit code.
    pub service_code: String,
    /// 2 to 11.
    pub kpi: i32,
    /// Month or year.
    pub period: Period,
    /// Empty for all patients.
    pub stratum: String,
    /// Before; `None` for a new count.
    pub old: Option<Counts>,
    /// After; `None` for a removal.
    pub new: Option<Counts>,
}

#[derive(diesel::QueryableByName)]
struct ChangeRow {
    #[diesel(sql_type = BigInt)]
    line: i64,
    #[diesel(sql_type = Text)]
    service_code: String,
    #[diesel(sql_type = Integer)]
    kpi: i32,
    #[diesel(sql_type = Integer)]
    month: i32,
    #[diesel(sql_type = Text)]
    stratum: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    numerator: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    denominator: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    eligible: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    complete: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    old_numerator: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    old_denominator: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    old_eligible: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    old_complete: Option<i64>,
}

impl ChangeRow {
    fn change(self) -> Result<CountChange, StoreError> {
        let counts = |numerator: Option<i64>, denominator, eligible, complete| {
            numerator.map(|numerator| Counts { numerator, denominator, eligible, complete })
        };
        Ok(CountChange {
            line: self.line,
            period: super::counts::period(self.month)?,
            old: counts(self.old_numerator, self.old_denominator, self.old_eligible, self.old_complete),
            new: counts(self.numerator, self.denominator, self.eligible, self.complete),
            service_code: self.service_code,
            kpi: self.kpi,
            stratum: self.stratum,
        })
    }
}

fn changes(conn: &mut DbConn, sql: String) -> Result<Vec<CountChange>, StoreError> {
    let rows = on_backend!(conn, |conn| diesel::sql_query(sql).load::<ChangeRow>(conn)?);
    rows.into_iter().map(ChangeRow::change).collect()
}

/// The first changes, in the order of the rows that say so.
pub fn first_changes(conn: &mut DbConn, most: usize) -> Result<Vec<CountChange>, StoreError> {
    changes(conn, format!("SELECT * FROM changed_counts ORDER BY line, kpi, month, stratum LIMIT {most}"))
}

/// The counts that are changed or removed, by service and key.
pub fn corrections(conn: &mut DbConn) -> Result<BTreeMap<String, Vec<CountChange>>, StoreError> {
    let mut by_service: BTreeMap<String, Vec<CountChange>> = BTreeMap::new();
    for change in changes(conn, "SELECT * FROM changed_counts WHERE old_numerator IS NOT NULL".into())? {
        by_service.entry(change.service_code.clone()).or_default().push(change);
    }
    for changes in by_service.values_mut() {
        changes.sort_by(|a, b| (a.kpi, a.period, &a.stratum).cmp(&(b.kpi, b.period, &b.stratum)));
    }
    Ok(by_service)
}

/// Which statements of [`apply`] there is work for: each reads every change, which a load of new counts need not pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Some counts stood there before.
    pub corrections: bool,
    /// Some counts go.
    pub removals: bool,
}

impl Kinds {
    /// What the tallies say.
    pub fn of(tallies: &[Tally]) -> Self {
        let removals = tallies.iter().any(|tally| tally.removed > 0);
        Self { corrections: removals || tallies.iter().any(|tally| tally.changed > 0), removals }
    }
}

/// Writes the changes: first into the yearly totals, then into the table of corrections, then into the counts.
pub fn apply(conn: &mut DbConn, batch: &str, kinds: Kinds) -> Result<(), StoreError> {
    let sums = ["numerator", "denominator", "eligible", "complete", "periods", "denominators", "eligibles"];
    let add: Vec<String> = sums.iter().map(|sum| format!("{sum} = kpi_totals.{sum} + excluded.{sum}")).collect();
    let difference = |n: &str| format!("CAST(SUM(COALESCE({n}, 0) - COALESCE(old_{n}, 0)) AS BIGINT)");
    let set: Vec<String> = NUMBERS.iter().map(|n| format!("{n} = excluded.{n}")).collect();
    // Differences are added: to add up each year anew would read twelve months for each one that is written.
    let totals = format!(
        "INSERT INTO kpi_totals (kpi, year, stratum, service_code, {columns}) \
         SELECT kpi, month / 100, stratum, service_code, {differences}, \
           COUNT(numerator) - COUNT(old_numerator), COUNT(denominator) - COUNT(old_denominator), \
           COUNT(eligible) - COUNT(old_eligible) \
         FROM changed_counts WHERE true GROUP BY kpi, month / 100, stratum, service_code ORDER BY 1, 2, 3, 4 \
         ON CONFLICT (kpi, year, stratum, service_code) DO UPDATE SET {add}",
        columns = sums.join(", "),
        differences = NUMBERS.map(difference).join(", "),
        add = add.join(", "),
    );
    let corrected = format!(
        "INSERT INTO count_corrections (service_code, batch, kpi, month, stratum, {old}, {new}) \
         SELECT service_code, $1, kpi, month, stratum, {old}, {now} FROM changed_counts WHERE old_numerator IS NOT NULL",
        old = listed(&NUMBERS, "old_"),
        new = listed(&NUMBERS, "new_"),
        now = listed(&NUMBERS, ""),
    );
    let written = format!(
        "INSERT INTO kpi_counts (kpi, month, service_code, stratum, {numbers}) \
         SELECT kpi, month, service_code, stratum, {numbers} FROM changed_counts WHERE numerator IS NOT NULL \
         ORDER BY kpi, month, service_code, stratum \
         ON CONFLICT (kpi, month, service_code, stratum) DO UPDATE SET {set}",
        numbers = listed(&NUMBERS, ""),
        set = set.join(", "),
    );
    execute(conn, &totals)?;
    if kinds.removals {
        execute(
            conn,
            "DELETE FROM kpi_totals WHERE (kpi, year, stratum, service_code) IN (\
               SELECT DISTINCT kpi, month / 100, stratum, service_code FROM changed_counts WHERE numerator IS NULL) \
             AND periods = 0",
        )?;
        execute(
            conn,
            "DELETE FROM kpi_counts WHERE (kpi, month, service_code, stratum) IN (\
               SELECT kpi, month, service_code, stratum FROM changed_counts WHERE numerator IS NULL)",
        )?;
    }
    if kinds.corrections {
        on_backend!(conn, |conn| diesel::sql_query(corrected).bind::<Text, _>(batch).execute(conn)?);
    }
    execute(conn, &written)?;
    execute(conn, "DROP TABLE changed_counts")
}

fn execute(conn: &mut DbConn, sql: &str) -> Result<(), StoreError> {
    on_backend!(conn, |conn| diesel::sql_query(sql).execute(conn)?);
    Ok(())
}

/// Corrections of a service that were stored, the batch with each; sorted by batch and key.
pub fn stored_corrections(conn: &mut DbConn, service: &str) -> Result<Vec<(String, CountChange)>, StoreError> {
    use diesel::prelude::*;

    use super::schema::count_corrections as table;
    type Numbers = (Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    type Row = (String, i32, i32, String, (i64, Option<i64>, Option<i64>, Option<i64>), Numbers);
    let rows: Vec<Row> = table::table
        .filter(table::service_code.eq(service))
        .select((
            table::batch,
            table::kpi,
            table::month,
            table::stratum,
            (table::old_numerator, table::old_denominator, table::old_eligible, table::old_complete),
            (table::new_numerator, table::new_denominator, table::new_eligible, table::new_complete),
        ))
        .load(conn)?;
    let mut found = rows
        .into_iter()
        .map(|(batch, kpi, month, stratum, old, new)| {
            let change = ChangeRow {
                line: 0,
                service_code: service.to_owned(),
                kpi,
                month,
                stratum,
                numerator: new.0,
                denominator: new.1,
                eligible: new.2,
                complete: new.3,
                old_numerator: Some(old.0),
                old_denominator: old.1,
                old_eligible: old.2,
                old_complete: old.3,
            };
            Ok((batch, change.change()?))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    found.sort_by(|(a, x), (b, y)| (a, x.kpi, x.period, &x.stratum).cmp(&(b, y.kpi, y.period, &y.stratum)));
    Ok(found)
}
