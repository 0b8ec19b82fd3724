//! Bulk loads: rows of a file are staged in a temporary table as they stream in, checked there as a set, and merged
//! into their table by one statement. Memory stays flat however long the file is.

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Date, Double, HasSqlType, Integer, Nullable, Text};
use diesel::{QueryResult, RunQueryDsl as _};

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use crate::domain::interchange::{Cell, ColumnKind, FileKind};

/// A row with the line it stood on.
#[derive(Debug, Clone)]
pub struct StagedRow {
    /// Line in the file, from 1.
    pub line: i64,
    /// Its fields in the file's order of columns.
    pub cells: Vec<Cell>,
}

/// Rows that one INSERT carries: enough that preparing it no longer counts, and far under both databases' limits on
/// parameters.
pub const BATCH: usize = 500;

/// Binds a cell as the next parameter; the query's type differs by database, so this cannot be a function.
macro_rules! bind {
    ($query:expr, $cell:expr) => {
        match $cell {
            Cell::Text(text) => $query.bind::<Nullable<Text>, _>(text.as_deref()),
            Cell::Integer(number) => $query.bind::<Integer, _>(*number),
            Cell::Count(count) => $query.bind::<Nullable<BigInt>, _>(*count),
            Cell::Degrees(degrees) => $query.bind::<Nullable<Double>, _>(*degrees),
            Cell::Day(day) => $query.bind::<Nullable<Date>, _>(*day),
        }
    };
}

fn staged_table(kind: FileKind) -> String {
    format!("staged_{}", kind.table())
}

fn quoted(column: &str) -> String {
    // `row` and `value` are words of SQL.
    format!("\"{column}\"")
}

fn column_list(kind: FileKind, prefix: &str) -> String {
    kind.columns().iter().map(|c| format!("{prefix}{}", quoted(c.name))).collect::<Vec<_>>().join(", ")
}

fn keys(kind: FileKind) -> impl Iterator<Item = &'static str> {
    kind.columns().iter().take(kind.key_columns()).map(|column| column.name)
}

/// Makes the empty staging table of a file. It belongs to this connection alone, so filling it keeps no writer out.
pub fn begin(conn: &mut DbConn, kind: FileKind) -> Result<(), StoreError> {
    let columns: Vec<String> =
        kind.columns().iter().map(|column| format!("{} {}", quoted(column.name), sql_type(column.kind))).collect();
    let key = key_order(kind).into_iter().map(quoted).collect::<Vec<_>>().join(", ");
    let table = staged_table(kind);
    // Left over where an earlier load on this connection broke off.
    conn.batch_execute(&format!("DROP TABLE IF EXISTS {table}"))?;
    let without_rowid = if matches!(conn, DbConn::Sqlite(_)) { " WITHOUT ROWID" } else { "" };
    conn.batch_execute(&format!(
        "CREATE TEMP TABLE {table} (line BIGINT NOT NULL, {}, PRIMARY KEY ({key})){without_rowid}",
        columns.join(", ")
    ))?;
    Ok(())
}

/// Drops the staging table of a file.
pub fn end(conn: &mut DbConn, kind: FileKind) -> Result<(), StoreError> {
    conn.batch_execute(&format!("DROP TABLE {}", staged_table(kind)))?;
    Ok(())
}

/// The key in the order that later checks read it by: a service's counts of one KPI and stratum lie side by side.
fn key_order(kind: FileKind) -> Vec<&'static str> {
    match kind {
        FileKind::KpiCounts => vec!["service_code", "kpi", "stratum", "month"],
        _ => keys(kind).collect(),
    }
}

fn sql_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Year | ColumnKind::Kpi | ColumnKind::Period => "INTEGER NOT NULL",
        ColumnKind::Count | ColumnKind::CountOrNone => "BIGINT",
        ColumnKind::DayOrNone => "DATE",
        ColumnKind::Latitude | ColumnKind::Longitude => "DOUBLE PRECISION",
        _ => "TEXT",
    }
}

/// Stages rows, leaving out those whose key is staged already. Returns how many went in.
pub fn stage(conn: &mut DbConn, kind: FileKind, rows: &[StagedRow]) -> Result<usize, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    Ok(on_backend!(conn, |conn| Insert { kind, rows }.execute(conn)?))
}

/// The INSERT of a batch. Unlike a `sql_query` it is kept once it is prepared, so that a long file has two of them
/// prepared: that of a full batch, and that of the last one.
struct Insert<'a> {
    kind: FileKind,
    rows: &'a [StagedRow],
}

impl QueryId for Insert<'_> {
    type QueryId = ();
    // The text says which statement it is.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Conn> diesel::RunQueryDsl<Conn> for Insert<'_> {}

impl<DB> QueryFragment<DB> for Insert<'_>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Integer> + HasSqlType<Text> + HasSqlType<Double> + HasSqlType<Date>,
    i64: ToSql<BigInt, DB>,
    i32: ToSql<Integer, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
    Option<f64>: ToSql<Nullable<Double>, DB>,
    Option<NaiveDate>: ToSql<Nullable<Date>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let (table, columns) = (staged_table(self.kind), column_list(self.kind, ""));
        out.push_sql(&format!("INSERT INTO {table} (line, {columns}) VALUES "));
        for (place, row) in self.rows.iter().enumerate() {
            out.push_sql(if place == 0 { "(" } else { ", (" });
            out.push_bind_param::<BigInt, _>(&row.line)?;
            for cell in &row.cells {
                out.push_sql(", ");
                match cell {
                    Cell::Text(text) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                    Cell::Integer(number) => out.push_bind_param::<Integer, _>(number)?,
                    Cell::Count(count) => out.push_bind_param::<Nullable<BigInt>, _>(count)?,
                    Cell::Degrees(degrees) => out.push_bind_param::<Nullable<Double>, _>(degrees)?,
                    Cell::Day(day) => out.push_bind_param::<Nullable<Date>, _>(day)?,
                }
            }
            out.push_sql(")");
        }
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

/// A line of a file, with what a check found in it.
#[derive(Debug, diesel::QueryableByName)]
pub struct LineFound {
    /// Line in the file, from 1.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// What was found: a code, a key.
    #[diesel(sql_type = Text)]
    pub found: String,
}

fn lines(conn: &mut DbConn, sql: String) -> Result<Vec<LineFound>, StoreError> {
    Ok(on_backend!(conn, |conn| diesel::sql_query(sql).load::<LineFound>(conn)?))
}

/// The line of the row that is staged under a row's key.
pub fn first_line_of(conn: &mut DbConn, kind: FileKind, row: &StagedRow) -> Result<Option<i64>, StoreError> {
    let conditions: Vec<String> =
        keys(kind).enumerate().map(|(i, name)| format!("{} = ${}", quoted(name), i + 1)).collect();
    let sql = format!("SELECT line, '' AS found FROM {} WHERE {}", staged_table(kind), conditions.join(" AND "));
    let found = on_backend!(conn, |conn| {
        let mut query = diesel::sql_query(sql).into_boxed();
        for cell in row.cells.iter().take(kind.key_columns()) {
            query = bind!(query, cell);
        }
        query.load::<LineFound>(conn)?
    });
    Ok(found.first().map(|found| found.line))
}

/// Staged rows whose code in `column` is neither staged nor stored.
pub fn unknown_in_same_file(conn: &mut DbConn, kind: FileKind, column: &str) -> Result<Vec<LineFound>, StoreError> {
    let (staged, table, column) = (staged_table(kind), kind.table(), quoted(column));
    lines(
        conn,
        format!(
            "SELECT s.line, s.{column} AS found FROM {staged} s WHERE s.{column} IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM {staged} o WHERE o.code = s.{column}) \
             AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.code = s.{column}) ORDER BY s.line"
        ),
    )
}

/// A staged row that names rows of its own file.
#[derive(Debug, diesel::QueryableByName)]
pub struct StagedLinks {
    /// Line in the file, from 1.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// Its own code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// The code that `column` names.
    #[diesel(sql_type = Nullable<Text>)]
    pub names: Option<String>,
}

/// What the staged rows of a file name in a column of codes of the same file.
pub fn links(conn: &mut DbConn, kind: FileKind, column: &str) -> Result<Vec<StagedLinks>, StoreError> {
    let sql = format!("SELECT line, code, {} AS names FROM {} ORDER BY line", quoted(column), staged_table(kind));
    Ok(on_backend!(conn, |conn| diesel::sql_query(sql).load::<StagedLinks>(conn)?))
}

/// Staged KPI rows that put a yearly figure beside a monthly one, or the other way round, for one service, KPI, stratum
/// and year: of two staged rows the later, of a staged and a stored one the staged.
pub fn yearly_beside_monthly(conn: &mut DbConn) -> Result<Vec<LineFound>, StoreError> {
    let months = |year: &str| {
        let months: Vec<String> = (1..=12).map(|month| format!("{year} + {month}")).collect();
        months.join(", ")
    };
    let same = "o.kpi = s.kpi AND o.service_code = s.service_code AND o.stratum = s.stratum";
    let year = "(s.month - s.month % 100)";
    let found = "CAST(s.month AS TEXT) AS found";
    let (any_month, first) = (months(year), "ORDER BY line");
    lines(
        conn,
        format!(
            "SELECT s.line, {found} FROM staged_kpi_counts s WHERE s.month % 100 = 0 AND (\
               EXISTS (SELECT 1 FROM staged_kpi_counts o WHERE {same} AND o.month IN ({any_month}) AND o.line < s.line) \
               OR EXISTS (SELECT 1 FROM kpi_counts o WHERE {same} AND o.month IN ({any_month}))) \
             UNION ALL SELECT s.line, {found} FROM staged_kpi_counts s WHERE s.month % 100 <> 0 AND (\
               EXISTS (SELECT 1 FROM staged_kpi_counts o WHERE {same} AND o.month = {year} AND o.line < s.line) \
               OR EXISTS (SELECT 1 FROM kpi_counts o WHERE {same} AND o.month = {year})) {first}"
        ),
    )
}

/// Takes lines out again.
pub fn unstage(conn: &mut DbConn, kind: FileKind, staged: &[i64]) -> Result<(), StoreError> {
    for batch in staged.chunks(BATCH) {
        let numbers: Vec<String> = batch.iter().map(ToString::to_string).collect();
        conn.batch_execute(&format!("DELETE FROM {} WHERE line IN ({})", staged_table(kind), numbers.join(", ")))?;
    }
    Ok(())
}

/// Merges everything staged into the file's table; of KPI counts [`super::counts_in`] does. Returns how many rows are new
/// or changed.
pub fn merge(conn: &mut DbConn, kind: FileKind) -> Result<usize, StoreError> {
    let (table, staged) = (kind.table(), staged_table(kind));
    let values: Vec<&str> = kind.columns().iter().skip(kind.key_columns()).map(|column| column.name).collect();
    let set: Vec<String> = values.iter().map(|c| format!("{0} = excluded.{0}", quoted(c))).collect();
    let differs: Vec<String> =
        values.iter().map(|c| format!("{table}.{0} IS DISTINCT FROM excluded.{0}", quoted(c))).collect();
    let key = keys(kind).map(quoted).collect::<Vec<_>>().join(", ");
    // In the order of the table's own key, so that a long load writes each page once. `WHERE true` tells SQLite's
    // parser that ON CONFLICT is not a join's ON.
    let sql = format!(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staged} WHERE true ORDER BY {key} \
         ON CONFLICT ({key}) DO UPDATE SET {set} WHERE {differs}",
        columns = column_list(kind, ""),
        // A reason was given for the figure that now goes.
        set = set.join(", ") + if kind == FileKind::ExpectedCaseload { ", reason = NULL" } else { "" },
        differs = differs.join(" OR "),
    );
    Ok(on_backend!(conn, |conn| diesel::sql_query(sql).execute(conn)?))
}

/// A staged answer.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct StagedAnswer {
    /// Line in the file, from 1.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The item.
    #[diesel(sql_type = Text)]
    pub link_id: String,
    /// The grid cell, or empty.
    #[diesel(sql_type = Text)]
    pub cell: String,
    /// The value as the file writes it.
    #[diesel(sql_type = Text)]
    pub value: String,
}

/// The services and years that answers are staged for.
pub fn staged_responses(conn: &mut DbConn) -> Result<Vec<(String, i32)>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Key {
        #[diesel(sql_type = Text)]
        service_code: String,
        #[diesel(sql_type = Integer)]
        year: i32,
    }
    let sql = "SELECT DISTINCT service_code, year FROM staged_responses ORDER BY service_code, year";
    let keys = on_backend!(conn, |conn| diesel::sql_query(sql).load::<Key>(conn)?);
    Ok(keys.into_iter().map(|key| (key.service_code, key.year)).collect())
}

/// The staged answers of one service and year, in the order of the file.
pub fn staged_answers(conn: &mut DbConn, service: &str, year: i32) -> Result<Vec<StagedAnswer>, StoreError> {
    let sql = "SELECT line, link_id, \"row\" AS cell, \"value\" FROM staged_responses WHERE service_code = $1 AND year = $2 ORDER BY line";
    Ok(on_backend!(conn, |conn| diesel::sql_query(sql)
        .bind::<Text, _>(service)
        .bind::<Integer, _>(year)
        .load::<StagedAnswer>(conn)?))
}
