//! `/kpis/counts`: KPI counts in bulk, in JSON and CSV.

use std::fs::File;
use std::io::{BufReader, Seek as _, SeekFrom};

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem::{Request, RequestBody};
use poem_openapi::param::Query;
use poem_openapi::payload::{Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiRequest, Object, OpenApi};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::Tag;
use super::body::JsonBody;
use super::imports::RowProblem;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::{Problem, ProblemPlace, Refusal};
use super::upload::UPLOAD_LIMIT;
use crate::app::counts::{self, CountsChanged, Removal, Sent};
use crate::app::imports::{ImportOptions, ImportReport};
use crate::app::{App, AppError};
use crate::domain::access::Permission;
use crate::domain::count::{self, Period};
use crate::formats::csv::RawRow;
use crate::store::counts as store;

/// One count: a service's cases of a KPI in a month or a year.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
#[oai(skip_serializing_if_is_none)]
pub struct Count {
    /// Unit code of the service.
    pub service: String,
    /// The month (`2021-03`), or the year (`2021`) of a yearly figure.
    pub month: String,
    /// 2 to 11; KPI 1 is derived.
    pub kpi: i32,
    /// `key=value`, several joined by `;` in alphabetical order of key; empty or absent for all patients.
    #[serde(default)]
    pub stratum: Option<String>,
    /// Cases above the line.
    pub numerator: i64,
    /// Cases under the line; absent for KPI 2 and 3, whose denominator is the year's expected caseload.
    #[serde(default)]
    pub denominator: Option<i64>,
    /// Records that the KPI's completeness is asked of.
    #[serde(default)]
    pub eligible: Option<i64>,
    /// Those of them that are complete.
    #[serde(default)]
    pub complete: Option<i64>,
}

/// Counts to be entered.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountsPut {
    /// The counts; 2 MB of JSON hold some 15,000. Send more as CSV.
    pub items: Vec<Count>,
}

/// `kpi_counts.csv`, spooled to a temporary file.
#[derive(Debug)]
pub struct CountsFile(File);

impl Payload for CountsFile {
    const CONTENT_TYPE: &'static str = "text/csv";

    fn check_content_type(content_type: &str) -> bool {
        content_type.parse::<mime::Mime>().is_ok_and(|mime| mime.essence_str() == Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            description: Some(
                "UTF-8, with the header service_code,month,kpi,stratum,numerator,denominator,eligible,complete.",
            ),
            ..MetaSchema::new("string")
        }))
    }
}

impl ParsePayload for CountsFile {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        // Asked before the body is read: whoever may not enter counts shall not fill the disk first.
        let may = request.extensions().get::<crate::domain::access::Principal>();
        if !may.is_some_and(|who| who.may(Permission::EnterCounts)) {
            return Err(Problem::from(AppError::Forbidden { action: Permission::EnterCounts.words().into() }).into());
        }
        Ok(Self(spooled(body).await?))
    }
}

async fn spooled(body: &mut RequestBody) -> Result<File, poem::Error> {
    let internal = |error: std::io::Error| poem::Error::from(Problem::internal(&error));
    let mut reader = body.take()?.into_async_read().take(UPLOAD_LIMIT + 1);
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(internal)?);
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0_u64;
    loop {
        let read = reader.read(&mut buffer).await.map_err(|error| {
            tracing::debug!(%error, "a body could not be read");
            poem::Error::from(Problem::new(400, "malformed_body", "The body ends early. Send it again."))
        })?;
        if read == 0 {
            break;
        }
        length += read as u64;
        if length > UPLOAD_LIMIT {
            let detail = format!("The file is more than {} MB. Send it in parts.", UPLOAD_LIMIT >> 20);
            return Err(Problem::new(413, "too_large", detail).into());
        }
        file.write_all(buffer.get(..read).unwrap_or_default()).await.map_err(internal)?;
    }
    file.flush().await.map_err(internal)?;
    let mut file = file.into_std().await;
    file.seek(SeekFrom::Start(0)).map_err(internal)?;
    Ok(file)
}

/// Counts, in either form.
#[derive(Debug, ApiRequest)]
enum CountsBody {
    /// As JSON, up to 2 MB.
    Json(JsonBody<CountsPut>),
    /// As CSV, up to 256 MB.
    Csv(CountsFile),
}

/// The numbers of a count.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CountNumbers {
    /// Cases above the line.
    pub numerator: i64,
    /// Cases under the line.
    pub denominator: Option<i64>,
    /// Records that the KPI's completeness is asked of.
    pub eligible: Option<i64>,
    /// Those of them that are complete.
    pub complete: Option<i64>,
}

impl From<count::Counts> for CountNumbers {
    fn from(counts: count::Counts) -> Self {
        let count::Counts { numerator, denominator, eligible, complete } = counts;
        Self { numerator, denominator, eligible, complete }
    }
}

/// A count with what stood in its place.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CountChange {
    /// The line of the file, or the place in `items` counted from 1; 0 for a removal.
    pub line: i64,
    /// Unit code of the service.
    pub service: String,
    /// Month or year.
    pub month: String,
    /// 2 to 11.
    pub kpi: i32,
    /// Empty for all patients.
    pub stratum: String,
    /// Before; absent for a new count.
    pub old: Option<CountNumbers>,
    /// After; absent for a removal.
    pub new: Option<CountNumbers>,
}

impl From<counts::CountChange> for CountChange {
    fn from(change: counts::CountChange) -> Self {
        Self {
            line: change.line,
            service: change.service_code,
            month: change.period.to_string(),
            kpi: change.kpi,
            stratum: change.stratum,
            old: change.old.map(Into::into),
            new: change.new.map(Into::into),
        }
    }
}

/// What comes, or came, of counts.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CountsReport {
    /// Nothing was stored, because a dry run was asked for.
    pub dry_run: bool,
    /// The counts, less those that were rejected, are in the database.
    pub stored: bool,
    /// The id under which corrections are kept; absent where nothing was stored or nothing differs.
    pub batch: Option<String>,
    /// Rows read.
    pub rows_read: i64,
    /// Counts that were not there.
    pub added: i64,
    /// Counts with other numbers than before.
    pub changed: i64,
    /// Counts that were as they are.
    pub unchanged: i64,
    /// Counts that were removed.
    pub removed: i64,
    /// Rows with a problem.
    pub rejected: i64,
    /// The first problems.
    pub problems: Vec<RowProblem>,
    /// How many more there were.
    pub problems_left_out: i64,
    /// The first counts that are added, changed or removed.
    pub changes: Vec<CountChange>,
    /// How many more there are.
    pub changes_left_out: i64,
}

impl CountsReport {
    fn new(report: ImportReport, dry_run: bool) -> Self {
        let mut found = Self::of(report.counts, dry_run);
        found.stored = report.stored;
        found.rows_read = report.rows_read;
        found.rejected = report.rows_rejected;
        found.problems = report.problems.into_iter().map(Into::into).collect();
        found.problems_left_out = report.problems_left_out;
        found
    }

    fn of(counts: CountsChanged, dry_run: bool) -> Self {
        Self {
            dry_run,
            stored: !dry_run,
            batch: counts.batch,
            rows_read: 0,
            added: counts.added,
            changed: counts.changed,
            unchanged: counts.unchanged,
            removed: counts.removed,
            rejected: 0,
            problems: Vec::new(),
            problems_left_out: 0,
            changes: counts.changes.into_iter().map(Into::into).collect(),
            changes_left_out: counts.changes_left_out,
        }
    }
}

/// Some of the counts of a service.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CountList {
    /// The counts, sorted by month, KPI and stratum.
    pub items: Vec<Count>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// A correction of a count.
#[derive(Debug, Object)]
pub struct CountCorrection {
    /// The request that it came with.
    pub batch: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// What stood there, and what does now.
    pub change: CountChange,
}

/// The corrections of a service's counts.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CountCorrectionList {
    /// The corrections, the newest first.
    pub items: Vec<CountCorrection>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operations on counts.
#[derive(Debug)]
pub struct KpiCounts;

#[OpenApi(tag = "Tag::Kpis")]
impl KpiCounts {
    /// Enter KPI counts
    ///
    /// In bulk: counts that are not there are added, those with other numbers are corrected, all others are left. Sending
    /// the same again changes nothing. Where rows have a problem the answer is 422, `errors` names them and nothing is
    /// stored, unless they are to be skipped. A key of a service enters that service's counts.
    #[oai(path = "/kpis/counts", method = "put", operation_id = "put_counts")]
    async fn put(
        &self,
        key: Key,
        app: Data<&App>,
        /// Tell what would come of it, and store nothing.
        #[oai(default)]
        dry_run: Query<bool>,
        /// Leave bad rows out and enter the rest.
        #[oai(default)]
        skip_bad_rows: Query<bool>,
        body: CountsBody,
    ) -> Result<Json<CountsReport>, Refusal<422>> {
        let options = ImportOptions { dry_run: dry_run.0, skip_bad_rows: skip_bad_rows.0 };
        let (sent, is_json) = match body {
            CountsBody::Csv(CountsFile(file)) => (Sent::Csv(BufReader::new(file)), false),
            CountsBody::Json(body) => (Sent::Rows(rows(body.0)), true),
        };
        let report = app.run(move |app| counts::put(app, &key.0, sent, options)).await?;
        let unreadable = !is_json && report.problems.iter().any(|problem| problem.line == 1);
        if unreadable || (report.rows_rejected > 0 && !options.skip_bad_rows) {
            return Err(refusal(report, options.dry_run, is_json).into());
        }
        Ok(Json(CountsReport::new(report, options.dry_run)))
    }

    /// List the counts of a service
    ///
    /// As they were entered.
    #[oai(path = "/kpis/counts", method = "get", operation_id = "list_counts")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Query<String>,
        /// Of this year alone.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<Option<i32>>,
        /// Of this KPI alone.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        kpi: Query<Option<i32>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<CountList>, Refusal<404>> {
        let found = app.run(move |app| counts::of_service(app, &key.0, &service.0, year.0, kpi.0)).await?;
        let place = |row: &store::CountRow| format!("{:06}.{:02}.{}", row.period.stored(), row.kpi, row.stratum);
        let (rows, next) = page(found, after.0.as_deref(), limit.0, place);
        let item = |row: store::CountRow| Count {
            service: row.service_code,
            month: row.period.to_string(),
            kpi: row.kpi,
            stratum: Some(row.stratum),
            numerator: row.counts.numerator,
            denominator: row.counts.denominator,
            eligible: row.counts.eligible,
            complete: row.counts.complete,
        };
        Ok(Json(CountList { items: rows.into_iter().map(item).collect(), next }))
    }

    /// Remove counts
    ///
    /// That should never have been entered: of one service, in a month or in a year with all its months. What stood there
    /// is kept among the corrections. Removing what is not there removes nothing.
    #[oai(path = "/kpis/counts", method = "delete", operation_id = "remove_counts")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn remove(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Query<String>,
        /// A month (`2021-03`), or a year (`2021`) with its months and its yearly figures.
        #[oai(validator(pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2]))?$"))]
        month: Query<String>,
        /// Of this KPI alone.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        kpi: Query<Option<i32>>,
        /// Of this stratum alone; empty for all patients. By default of all strata.
        #[oai(validator(max_length = 200))]
        stratum: Query<Option<String>>,
        /// Tell what would go, and remove nothing.
        #[oai(default)]
        dry_run: Query<bool>,
    ) -> Result<Json<CountsReport>, Refusal<404>> {
        let period: Period =
            month.0.parse().map_err(|reason: String| Problem::parameter("month", "bad_parameter", reason))?;
        let removal = Removal { service: service.0, period, kpi: kpi.0, stratum: stratum.0 };
        let dry_run = dry_run.0;
        let found = app.run(move |app| counts::remove(app, &key.0, &removal, dry_run)).await?;
        Ok(Json(CountsReport::of(found, dry_run)))
    }

    /// List the corrections of a service's counts
    ///
    /// What stood in the place of counts that were changed or removed, who changed them and when.
    #[oai(path = "/kpis/counts/corrections", method = "get", operation_id = "list_count_corrections")]
    async fn corrections(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Query<String>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<CountCorrectionList>, Refusal<404>> {
        let found = app.run(move |app| counts::corrections(app, &key.0, &service.0)).await?;
        let places: Vec<(usize, counts::Correction)> = found.into_iter().enumerate().collect();
        let (items, next) = page(places, after.0.as_deref(), limit.0, |(at, _)| format!("{at:09}"));
        let item = |(_, correction): (usize, counts::Correction)| CountCorrection {
            batch: correction.batch,
            at: correction.at,
            by: correction.by,
            change: correction.change.into(),
        };
        Ok(Json(CountCorrectionList { items: items.into_iter().map(item).collect(), next }))
    }
}

/// The counts of a body as rows of the file, so that they are held to the same rules.
fn rows(body: CountsPut) -> Vec<RawRow> {
    let text = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let row = |(place, count): (usize, Count)| {
        let fields = [
            count.service,
            count.month,
            count.kpi.to_string(),
            count.stratum.unwrap_or_default(),
            count.numerator.to_string(),
            text(count.denominator),
            text(count.eligible),
            text(count.complete),
        ];
        let line = i64::try_from(place).unwrap_or(i64::MAX - 1) + 1;
        RawRow { line, fields: fields.iter().map(String::as_bytes).collect() }
    };
    body.items.into_iter().enumerate().map(row).collect()
}

fn refusal(report: ImportReport, dry_run: bool, is_json: bool) -> Problem {
    let places = report.problems.iter().map(|problem| {
        let (line, column) = (problem.line, &problem.column);
        let (pointer, at) = if is_json {
            (format!("/items/{}/{}", line - 1, field(column)), format!("item {line}"))
        } else {
            (format!("kpi_counts.csv/{line}/{column}"), format!("line {line}"))
        };
        let message = format!("{at}: {} {}", if is_json { field(column) } else { column.as_str() }, problem.reason);
        ProblemPlace::new(pointer.trim_end_matches('/'), "bad_row", message)
    });
    let places = places.collect();
    let rows = if report.rows_rejected == 1 {
        "One row has".to_owned()
    } else {
        format!("{} rows have", report.rows_rejected)
    };
    let detail = format!(
        "{rows} a problem, so nothing was stored. Correct them and send all again, or leave them out with \
         skip_bad_rows=true."
    );
    let mut problem = Problem::new(422, "counts_refused", detail).at(places);
    problem.counts = Some(CountsReport::new(report, dry_run));
    problem
}

/// The field of the JSON shape that a column of the file is.
fn field(column: &str) -> &str {
    if column == "service_code" { "service" } else { column }
}
