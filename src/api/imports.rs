//! `/imports`: the exchange files, loaded.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use chrono::{DateTime, SecondsFormat, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::paging::default_limit;
use super::problem::{Problem, ProblemPlace, Refusal};
use super::upload::Upload;
use crate::app::imports::{self, ImportOptions};
use crate::app::{App, AppError};
use crate::domain::access::{Permission, Principal};
use crate::domain::interchange::FileKind;
use crate::store::imports::ImportRecord;

/// What is wrong in a file, and where.
#[derive(Debug, Clone, Object)]
pub struct RowProblem {
    /// Line, counted from 1.
    pub line: i64,
    /// The column; empty where the row as a whole is wrong.
    pub column: String,
    /// What is wrong with it.
    pub reason: String,
}

impl From<imports::RowProblem> for RowProblem {
    fn from(problem: imports::RowProblem) -> Self {
        Self { line: problem.line, column: problem.column, reason: problem.reason }
    }
}

/// What came of a file.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportReport {
    /// Id of the import; absent where nothing was stored.
    pub id: Option<String>,
    /// Name of the file.
    pub file: String,
    /// The file, less its bad rows, is in the database.
    pub stored: bool,
    /// Rows read.
    pub rows_read: i64,
    /// Rows that were new or changed something, or would in a dry run.
    pub rows_changed: i64,
    /// Rows with a problem.
    pub rows_rejected: i64,
    /// The first problems, in the file's order.
    pub problems: Vec<RowProblem>,
    /// How many more there were.
    pub problems_left_out: i64,
}

impl From<imports::ImportReport> for ImportReport {
    fn from(report: imports::ImportReport) -> Self {
        Self {
            id: report.id,
            file: report.file,
            stored: report.stored,
            rows_read: report.rows_read,
            rows_changed: report.rows_changed,
            rows_rejected: report.rows_rejected,
            problems: report.problems.into_iter().map(Into::into).collect(),
            problems_left_out: report.problems_left_out,
        }
    }
}

/// What came of the files of one request.
#[derive(Debug, Object)]
pub struct ImportResult {
    /// Nothing was stored, because a dry run was asked for.
    pub dry_run: bool,
    /// A report a file, in the order in which they were loaded.
    pub items: Vec<ImportReport>,
}

/// A file that was loaded.
#[derive(Debug, Object)]
pub struct Import {
    /// Id.
    pub id: String,
    /// Name of the file.
    pub file: String,
    /// When.
    pub imported_at: DateTime<Utc>,
    /// Who: an account, a key, or `command`.
    pub imported_by: String,
    /// Rows read.
    pub rows_read: i64,
    /// Rows that were new or changed something.
    pub rows_changed: i64,
    /// Rows that were left out.
    pub rows_rejected: i64,
    /// The first problems of those.
    pub problems: Vec<RowProblem>,
}

impl From<ImportRecord> for Import {
    fn from(record: ImportRecord) -> Self {
        Self {
            problems: imports::recorded_problems(&record).into_iter().map(Into::into).collect(),
            id: record.id,
            file: record.file,
            imported_at: record.imported_at,
            imported_by: record.imported_by,
            rows_read: record.rows_read,
            rows_changed: record.rows_changed,
            rows_rejected: record.rows_rejected,
        }
    }
}

/// Some of the imports.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ImportList {
    /// The imports, newest first.
    pub items: Vec<Import>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operations on imports.
#[derive(Debug)]
pub struct Imports;

#[OpenApi(tag = "Tag::Files")]
impl Imports {
    /// Import exchange files
    ///
    /// One or more files, up to 256 MB together, loaded in the order in which they depend on each other. A file is
    /// stored whole or not at all: where one has bad rows the answer is 422, `errors` names them, files before it are
    /// stored and files after it are not touched; `files` says so for each. For the audit team.
    #[oai(path = "/imports", method = "post", operation_id = "import_files")]
    async fn load(
        &self,
        key: Key,
        app: Data<&App>,
        /// Check everything and store nothing.
        #[oai(default)]
        dry_run: Query<bool>,
        /// Leave bad rows out and load the rest.
        #[oai(default)]
        skip_bad_rows: Query<bool>,
        upload: Upload,
    ) -> Result<Json<ImportResult>, Refusal<422>> {
        // Asked before the body is read: whoever may not import shall not fill the disk first.
        if !key.0.may(Permission::Import) {
            return Err(AppError::Forbidden { action: "import files".into() }.into());
        }
        let files = upload.spool().await?;
        let options = ImportOptions { dry_run: dry_run.0, skip_bad_rows: skip_bad_rows.0 };
        let items = app.run(move |app| Ok(load_all(app, &key.0, files, options))).await??;
        Ok(Json(ImportResult { dry_run: options.dry_run, items }))
    }

    /// List the imports
    ///
    /// Newest first. Files that were refused stored nothing and are not listed.
    #[oai(path = "/imports", method = "get", operation_id = "list_imports")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<DateTime<Utc>>>,
    ) -> Result<Json<ImportList>, Refusal> {
        let most = limit.0;
        // One more than asked for tells whether there is a next page.
        let mut records = app.run(move |app| imports::list(app, &key.0, after.0, most + 1)).await?;
        let more = i64::try_from(records.len()).is_ok_and(|found| found > most);
        records.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let last = records.last().filter(|_| more);
        let next = last.map(|last| last.imported_at.to_rfc3339_opts(SecondsFormat::Micros, true));
        Ok(Json(ImportList { items: records.into_iter().map(Import::from).collect(), next }))
    }

    /// Get an import
    ///
    /// What came of an import, file by file.
    #[oai(path = "/imports/:id", method = "get", operation_id = "get_import")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The import's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Json<Import>, Refusal<404>> {
        Ok(Json(app.run(move |app| imports::one(app, &key.0, &id.0)).await?.into()))
    }
}

/// Loads the files one after the other, up to the first that is refused.
fn load_all(
    app: &App,
    who: &Principal,
    files: BTreeMap<FileKind, File>,
    options: ImportOptions,
) -> Result<Vec<ImportReport>, Problem> {
    let mut reports: Vec<ImportReport> = Vec::new();
    for (kind, file) in files {
        let report = imports::file(app, who, kind, BufReader::new(file), options, &mut |_| {})?;
        let refused = is_refused(&report, options);
        reports.push(report.into());
        if refused {
            return Err(refusal(reports));
        }
    }
    Ok(reports)
}

fn is_refused(report: &imports::ImportReport, options: ImportOptions) -> bool {
    // Rows start on line 2; a problem on line 1 is one of the file as a whole, which no skipping of rows mends.
    let unreadable = report.problems.iter().any(|problem| problem.line == 1);
    unreadable || (report.rows_rejected > 0 && !options.skip_bad_rows)
}

fn refusal(reports: Vec<ImportReport>) -> Problem {
    let mut errors = Vec::new();
    let mut detail = "The import was refused.".to_owned();
    if let Some(refused) = reports.last() {
        let places = refused.problems.iter().map(|problem| {
            let pointer = format!("{}/{}/{}", refused.file, problem.line, problem.column);
            let at = if problem.column.is_empty() { String::new() } else { format!(" {}", problem.column) };
            let message = format!("{} line {}:{at} {}", refused.file, problem.line, problem.reason);
            ProblemPlace::new(pointer.trim_end_matches('/'), "bad_row", message)
        });
        errors.extend(places);
        detail = format!(
            "{} has {} with a problem, so nothing of it was stored. Correct them and send it again, or leave them \
             out with skip_bad_rows=true.",
            refused.file,
            if refused.rows_rejected == 1 { "one row".to_owned() } else { format!("{} rows", refused.rows_rejected) },
        );
    }
    let mut problem = Problem::new(422, "file_refused", detail).at(errors);
    problem.files = Some(reports);
    problem
}
