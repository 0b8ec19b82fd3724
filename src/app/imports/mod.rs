//! Loading the exchange files.
//!
//! A file is staged as it streams in, outside any transaction that others would wait for; then one transaction checks
//! it as a whole and merges it. So either the whole file is in the database or nothing of it, whatever happens in
//! between, and memory stays flat however long it is.

mod answers;

pub(super) use answers::entry_of_cells;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::counts::{self, CountsChanged};
use super::{App, AppError, authorise, history};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::domain::interchange::{Cell, ColumnKind, FileKind};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::domain::round::Round;
use crate::formats::csv::{FieldProblem, FileError, KnownCodes, RawRow, RowReader, Rows, type_row};
use crate::store::imports::ImportRecord;
use crate::store::staging::{self, BATCH, StagedRow};
use crate::store::{self, DbConn};

/// How a file is loaded.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Check everything and store nothing.
    pub dry_run: bool,
    /// Leave bad rows out and load the rest.
    pub skip_bad_rows: bool,
}

/// What came of a file.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Id of the import's record; none where nothing was stored.
    pub id: Option<String>,
    /// Name of the file.
    pub file: String,
    /// Rows read.
    pub rows_read: i64,
    /// Rows that were new or changed something.
    pub rows_changed: i64,
    /// Rows with a problem.
    pub rows_rejected: i64,
    /// The first problems, in the file's order.
    pub problems: Vec<RowProblem>,
    /// How many more there were.
    pub problems_left_out: i64,
    /// The lines of all rows with a problem, sorted.
    pub rejected_lines: Vec<i64>,
    /// Whether the file, less its bad rows, is in the database.
    pub stored: bool,
    /// Of `kpi_counts.csv`: what the counts change.
    pub counts: CountsChanged,
    /// Of `responses.csv`: the answers (service, year, item) of which a row was rejected.
    broken_answers: BTreeSet<(String, String, String)>,
}

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// Line from 1.
    pub line: i64,
    /// The column; empty where the row as a whole is wrong.
    pub column: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Problems that a report tells one by one.
const MOST_PROBLEMS: usize = 1_000;

impl ImportReport {
    fn reject(&mut self, line: i64, problems: Vec<FieldProblem>) {
        if self.rejected_lines.last() != Some(&line) {
            self.rejected_lines.push(line);
            self.rows_rejected += 1;
        }
        for problem in problems {
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.push(RowProblem { line, column: problem.column, reason: problem.reason });
            } else {
                self.problems_left_out += 1;
            }
        }
    }

    /// Notes the answer that a rejected row of `responses.csv` belongs to: a grid without one of its cells would be
    /// another answer, with a lower total.
    fn break_answer(&mut self, row: &RawRow) {
        let field = |i| row.fields.get(i).and_then(|bytes| std::str::from_utf8(bytes).ok());
        if let (Some(service), Some(year), Some(link_id)) = (field(0), field(1), field(2)) {
            self.broken_answers.insert((service.to_owned(), year.to_owned(), link_id.to_owned()));
        }
    }

    fn is_broken(&self, service: &str, year: i32, link_id: &str) -> bool {
        let answer = (service.to_owned(), year.to_string(), link_id.to_owned());
        self.broken_answers.contains(&answer)
    }

    fn finish(&mut self) {
        self.problems.sort_by_key(|problem| problem.line);
        self.rejected_lines.sort_unstable();
        self.rejected_lines.dedup();
        self.rows_rejected = i64::try_from(self.rejected_lines.len()).unwrap_or(i64::MAX);
    }
}

/// What rows of `responses.csv` are held to: each round with its questionnaire, and the register's codes.
struct AnswerRules {
    rounds: BTreeMap<i32, (Round, Arc<Questionnaire>)>,
    codes: RegisterCodes,
}

/// What rows are held to besides the columns of their file.
struct RowRules {
    /// Of `responses.csv`.
    answers: Option<AnswerRules>,
    way: Way,
}

/// How the transaction of an import ends without storing anything.
enum Stop {
    /// There are bad rows, or it was only a rehearsal.
    NothingStored(Box<ImportReport>),
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Loads one file. `progress` is told how many bytes have been read. A file with bad rows is not an error: the report
/// names them, and says that nothing was stored.
pub fn file(
    app: &App,
    who: &Principal,
    kind: FileKind,
    input: impl Read,
    options: ImportOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<ImportReport, AppError> {
    authorise(who, Permission::Import, "import files")?;
    load(app, who, kind, RowReader::new(kind, input), Way::Import, options, progress)
}

/// By which way rows come.
pub(super) enum Way {
    /// As a file of the exchange, which is listed among the imports.
    Import,
    /// As counts of these services, or of every one.
    Counts(Option<BTreeSet<String>>),
}

/// Loads rows.
pub(super) fn load<R: Rows>(
    app: &App,
    who: &Principal,
    kind: FileKind,
    rows: Result<R, FileError>,
    way: Way,
    options: ImportOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<ImportReport, AppError> {
    let mut pooled = app.database().connection()?;
    let conn = &mut *pooled;
    let mut report = ImportReport { file: kind.file_name(), ..ImportReport::default() };
    staging::begin(conn, kind)?;
    let rules = RowRules { answers: answer_rules(app, conn, kind)?, way };
    let staged = match rows {
        Ok(rows) => stage_file(conn, kind, rows, &rules, &mut report, progress)?,
        Err(error) => Err(error),
    };
    if let Err(error) = staged {
        report.reject(1, vec![FieldProblem::new("", error.to_string())]);
        report.finish();
        staging::end(conn, kind)?;
        return Ok(report);
    }
    let merged = store::transaction::write_tx(conn, |conn| merge(app, who, conn, kind, &rules, options, report));
    staging::end(conn, kind)?;
    match merged {
        Ok(report) => Ok(report),
        Err(Stop::NothingStored(report)) => Ok(*report),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn answer_rules(app: &App, conn: &mut DbConn, kind: FileKind) -> Result<Option<AnswerRules>, AppError> {
    if kind != FileKind::Responses {
        return Ok(None);
    }
    let mut rounds = BTreeMap::new();
    for round in store::rounds::all_rounds(conn)? {
        let questionnaire = app.questionnaire_of(&round)?;
        rounds.insert(round.year, (round, questionnaire));
    }
    Ok(Some(AnswerRules { rounds, codes: store::register::register_codes(conn)? }))
}

/// Reads the file into its staging table. The inner error is one of the file as a whole.
fn stage_file(
    conn: &mut DbConn,
    kind: FileKind,
    mut reader: impl Rows,
    rules: &RowRules,
    report: &mut ImportReport,
    progress: &mut dyn FnMut(u64),
) -> Result<Result<(), FileError>, AppError> {
    let known = KnownCodes {
        areas: store::register::area_codes(conn)?,
        services: store::register::service_codes(conn)?,
        hospitals: store::register::hospital_codes(conn)?,
    };
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let row = match reader.next_row() {
            Ok(row) => row,
            Err(error) => return Ok(Err(error)),
        };
        let Some(row) = row else { break };
        report.rows_read += 1;
        match typed(kind, &row, &known, rules) {
            Ok(cells) => batch.push(StagedRow { line: row.line, cells }),
            Err(problems) => {
                report.reject(row.line, problems);
                if kind == FileKind::Responses {
                    report.break_answer(&row);
                }
            }
        }
        if batch.len() >= BATCH {
            stage_batch(conn, kind, &mut batch, report)?;
            progress(reader.bytes_read());
        }
    }
    stage_batch(conn, kind, &mut batch, report)?;
    progress(reader.bytes_read());
    Ok(Ok(()))
}

fn typed(kind: FileKind, row: &RawRow, known: &KnownCodes, rules: &RowRules) -> Result<Vec<Cell>, Vec<FieldProblem>> {
    let cells = type_row(kind, row, known)?;
    if let (Way::Counts(Some(own)), Some(Cell::Text(Some(service)))) = (&rules.way, cells.first())
        && !own.contains(service)
    {
        let reason = format!("{service:?} is not a service that you may enter counts for");
        return Err(vec![FieldProblem::new("service_code", reason)]);
    }
    match &rules.answers {
        Some(rules) => answers::check_row(rules, &cells).map_err(|problem| vec![problem]).map(|()| cells),
        None => Ok(cells),
    }
}

/// Stages a batch; a row whose key an earlier row has is rejected, and names that row.
fn stage_batch(
    conn: &mut DbConn,
    kind: FileKind,
    batch: &mut Vec<StagedRow>,
    report: &mut ImportReport,
) -> Result<(), AppError> {
    let staged = staging::stage(conn, kind, batch)?;
    if staged < batch.len() {
        for row in batch.iter() {
            let first = staging::first_line_of(conn, kind, row)?;
            if let Some(first) = first.filter(|first| *first != row.line) {
                let reason = format!("has the same key as line {first}");
                let key = kind.columns().first().map_or("", |column| column.name);
                report.reject(row.line, vec![FieldProblem::new(key, reason)]);
            }
        }
    }
    batch.clear();
    Ok(())
}

/// Checks the staged rows as a whole and merges them.
fn merge(
    app: &App,
    who: &Principal,
    conn: &mut DbConn,
    kind: FileKind,
    rules: &RowRules,
    options: ImportOptions,
    mut report: ImportReport,
) -> Result<ImportReport, Stop> {
    if kind == FileKind::KpiCounts {
        // Before anything is read that another writer of the same services could change.
        store::counts_in::lock_staged(conn)?;
    }
    let unfit = check_staged(conn, kind)?;
    let mut unfit_lines = Vec::new();
    for (line, problem) in unfit {
        unfit_lines.push(line);
        report.reject(line, vec![problem]);
    }
    staging::unstage(conn, kind, &unfit_lines)?;
    report.finish();
    let nothing_stored = options.dry_run || (report.rows_rejected > 0 && !options.skip_bad_rows);
    report.rows_changed = match (kind, &rules.answers) {
        (_, Some(rules)) => answers::merge(app, who, conn, rules, &mut report)?,
        (FileKind::KpiCounts, _) => {
            let staged = report.rows_read - report.rows_rejected;
            report.counts = counts::merge(app, who, conn, staged, !nothing_stored)?;
            report.counts.added + report.counts.changed
        }
        _ => i64::try_from(staging::merge(conn, kind)?).unwrap_or(i64::MAX),
    };
    report.finish();
    if nothing_stored || (report.rows_rejected > 0 && !options.skip_bad_rows) {
        return Err(Stop::NothingStored(Box::new(report)));
    }
    report.stored = true;
    if let Way::Counts(_) = rules.way {
        return Ok(report);
    }
    let id = app.new_id()?;
    store::imports::add(conn, &record(app, who, &id, &report))?;
    let event = Event::of("imported").item(&report.file).new_value(report.rows_changed.to_string());
    history::record(app, conn, who, &Object::Import(id.clone()), vec![event])?;
    report.id = Some(id);
    Ok(report)
}

/// The problems that only the file as a whole shows.
fn check_staged(conn: &mut DbConn, kind: FileKind) -> Result<Vec<(i64, FieldProblem)>, AppError> {
    let mut problems = Vec::new();
    for column in kind.columns().iter().filter(|column| column.kind == ColumnKind::SameFileOrNone) {
        for found in staging::unknown_in_same_file(conn, kind, column.name)? {
            let reason = format!("{:?} is neither in this file nor known", found.found);
            problems.push((found.line, FieldProblem::new(column.name, reason)));
        }
        for line in lines_in_a_loop(conn, kind, column.name)? {
            let reason = "leads back to this row, over itself or over others";
            problems.push((line, FieldProblem::new(column.name, reason)));
        }
    }
    if kind == FileKind::KpiCounts {
        for found in staging::yearly_beside_monthly(conn)? {
            let other = if found.found.ends_with("00") { "monthly" } else { "yearly" };
            let reason = format!("there are {other} figures for the same service, KPI, stratum and year");
            problems.push((found.line, FieldProblem::new("month", reason)));
        }
    }
    Ok(problems)
}

/// The lines of staged rows that a column of codes leads back to: an area above itself, a service that succeeds itself.
fn lines_in_a_loop(conn: &mut DbConn, kind: FileKind, column: &str) -> Result<Vec<i64>, AppError> {
    let stored: Vec<(String, Option<String>)> = match kind {
        FileKind::Areas => store::register::all_areas(conn)?
            .into_iter()
            .map(|area| (area.code, if column == "parent_code" { area.parent_code } else { area.successor_code }))
            .collect(),
        _ => store::register::all_services(conn)?.into_iter().map(|s| (s.code, s.successor_code)).collect(),
    };
    let staged = staging::links(conn, kind, column)?;
    let mut next: HashMap<&str, Option<&str>> =
        stored.iter().map(|(code, to)| (code.as_str(), to.as_deref())).collect();
    next.extend(staged.iter().map(|row| (row.code.as_str(), row.names.as_deref())));
    let leads_back = |start: &str| {
        let mut at = next.get(start).copied().flatten();
        // Whoever is in a loop comes back within as many steps as there are rows.
        for _ in 0..next.len() {
            match at {
                Some(code) if code == start => return true,
                Some(code) => at = next.get(code).copied().flatten(),
                None => return false,
            }
        }
        false
    };
    Ok(staged.iter().filter(|row| leads_back(&row.code)).map(|row| row.line).collect())
}

fn record(app: &App, who: &Principal, id: &str, report: &ImportReport) -> ImportRecord {
    ImportRecord {
        id: id.to_owned(),
        file: report.file.clone(),
        imported_at: app.now(),
        imported_by: who.actor.clone(),
        rows_read: report.rows_read,
        rows_changed: report.rows_changed,
        rows_rejected: report.rows_rejected,
        report: serde_json::to_string(&report.problems).unwrap_or_default(),
    }
}

/// The newest imports, at most `limit`, older than `before` where one is given.
pub fn list(
    app: &App,
    who: &Principal,
    before: Option<DateTime<Utc>>,
    limit: i64,
) -> Result<Vec<ImportRecord>, AppError> {
    authorise(who, Permission::Import, "read the imports")?;
    app.read(|conn| Ok(store::imports::newest(conn, before, limit)?))
}

/// The problems that an import's record keeps.
pub fn recorded_problems(record: &ImportRecord) -> Vec<RowProblem> {
    serde_json::from_str(&record.report).unwrap_or_default()
}

/// One import.
pub fn one(app: &App, who: &Principal, id: &str) -> Result<ImportRecord, AppError> {
    authorise(who, Permission::Import, "read the imports")?;
    app.read(|conn| {
        store::imports::find(conn, id)?
            .ok_or_else(|| AppError::not_found("import", id, "The list of imports has every id."))
    })
}
