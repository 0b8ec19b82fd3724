//! Entering KPI counts from a file: first what would come of it, then the deed. The file travels in the form between the
//! two; nothing is stored in between.

use poem::http::{StatusCode, header};
use poem::web::{Data, Multipart};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::choices::error_of;
use super::errors::PageError;
use super::fields::Form;
use super::page::Page;
use super::reader::SignedInReader;
use crate::app::counts::{self, CountChange, Sent};
use crate::app::error::InputProblem;
use crate::app::imports::{ImportOptions, ImportReport};
use crate::domain::access::Permission;
use crate::domain::count::Counts;
use crate::domain::interchange::FileKind;
use crate::formats::csv::header as header_line;
use crate::formats::display::{capitalised, thousands};

/// Problems and changes that a page lists.
const LISTED: usize = 200;

#[derive(Debug, Serialize)]
struct ProblemView {
    line: i64,
    column: String,
    reason: String,
}

/// A count as it was and as it will be.
#[derive(Debug, Serialize)]
struct ChangeView {
    line: i64,
    service: String,
    month: String,
    kpi: i32,
    stratum: String,
    old: String,
    new: String,
}

impl ChangeView {
    fn new(change: &CountChange) -> Self {
        let numbers = |counts: Option<Counts>| counts.map(numbers).unwrap_or_default();
        Self {
            line: change.line,
            service: change.service_code.clone(),
            month: change.period.to_string(),
            kpi: change.kpi,
            stratum: change.stratum.clone(),
            old: numbers(change.old),
            new: numbers(change.new),
        }
    }
}

/// `30 of 60; 55 of 60 complete`
fn numbers(counts: Counts) -> String {
    let mut text = thousands(counts.numerator);
    if let Some(denominator) = counts.denominator {
        text.push_str(&format!(" of {}", thousands(denominator)));
    }
    if let Some((complete, eligible)) = counts.complete.zip(counts.eligible) {
        text.push_str(&format!("; {} of {} complete", thousands(complete), thousands(eligible)));
    }
    text
}

#[derive(Debug, Serialize)]
struct ReportView {
    rows: String,
    added: String,
    changed: String,
    unchanged: String,
    rejected: String,
    problems: Vec<ProblemView>,
    more_problems: i64,
    /// Counts that have other numbers than before: worth a look, since they are corrections.
    changes: Vec<ChangeView>,
    more_changes: i64,
    /// It was done, not rehearsed.
    done: bool,
    /// There is something to do.
    anything: bool,
    /// The file, to be sent again.
    text: String,
}

impl ReportView {
    fn new(report: &ImportReport, file: &[u8]) -> Self {
        let counts = &report.counts;
        let problem = |problem: &crate::app::imports::RowProblem| ProblemView {
            line: problem.line,
            column: problem.column.clone(),
            reason: capitalised(&problem.reason),
        };
        let problems: Vec<ProblemView> = report.problems.iter().take(LISTED).map(problem).collect();
        let corrections = counts.changes.iter().filter(|change| change.old.is_some());
        let changes: Vec<ChangeView> = corrections.take(LISTED).map(ChangeView::new).collect();
        let told = |listed: usize| i64::try_from(listed).unwrap_or(i64::MAX);
        let all_problems = told(report.problems.len()) + report.problems_left_out;
        Self {
            rows: thousands(report.rows_read),
            added: thousands(counts.added),
            changed: thousands(counts.changed),
            unchanged: thousands(counts.unchanged),
            rejected: thousands(report.rows_rejected),
            more_problems: all_problems - told(problems.len()),
            problems,
            more_changes: counts.changed - told(changes.len()),
            changes,
            done: report.stored,
            anything: counts.added + counts.changed > 0,
            text: String::from_utf8_lossy(file).into_owned(),
        }
    }
}

#[derive(Debug, Serialize)]
struct UploadView {
    form: Form,
    columns: String,
    file_error: String,
    /// The services that the reader enters counts for; empty for all.
    own: String,
    report: Option<ReportView>,
}

/// What the form holds.
#[derive(Debug, Default)]
struct Entered {
    enter: bool,
    file: Vec<u8>,
}

impl Entered {
    async fn read(mut form: Multipart) -> Result<Self, PageError> {
        let broken = |_| PageError::bad_request("The form broke off. Send it again.");
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes =
                field.bytes().await.map_err(|_| PageError::bad_request("The form broke off. Send it again."))?;
            match name.as_str() {
                "then" => sent.enter = bytes == b"enter",
                "file" | "text" => sent.file = bytes,
                _ => {}
            }
        }
        Ok(sent)
    }
}

fn page(
    web: &Web,
    reader: &SignedInReader,
    report: Option<ReportView>,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let refused = report.as_ref().is_some_and(|report| !report.problems.is_empty());
    let title = match &report {
        None => "Enter KPI counts",
        Some(_) if refused => "The file has mistakes",
        Some(report) if report.done => "Counts entered",
        Some(_) => "Check what would happen",
    };
    let everywhere = reader.who.may_everywhere(Permission::EnterCounts);
    let own: Vec<&str> = if everywhere { Vec::new() } else { reader.who.own_services().collect() };
    let view = UploadView {
        form: Form::default().refused(problems),
        columns: header_line(FileKind::KpiCounts),
        file_error: error_of(problems, "file"),
        own: own.join(", "),
        report,
    };
    let wrong = refused || !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    web.page_with(status, "counts_upload", &Page::new(&reader.reader, title, view).with_errors(wrong))
}

/// `GET /kpis/upload`
#[handler]
#[expect(clippy::needless_pass_by_value, reason = "the framework hands it over")]
pub(super) fn upload_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    page(web, &reader, None, &[])
}

/// `POST /kpis/upload`: tells what would come of the file, or enters it where the form says so.
#[handler]
pub(super) async fn upload(Data(web): Data<&Web>, reader: SignedInReader, form: Multipart) -> poem::Result<Response> {
    let sent = Entered::read(form).await?;
    if sent.file.is_empty() {
        let missing = InputProblem::new("file", "missing", "Choose a file that is not empty.");
        return page(web, &reader, None, &[missing]);
    }
    let (who, file) = (reader.who.clone(), sent.file);
    let options = ImportOptions { dry_run: !sent.enter, skip_bad_rows: false };
    let (file, report) = web
        .app
        .run(move |app| {
            let report = counts::put(app, &who, Sent::Csv(file.as_slice()), options)?;
            Ok((file, report))
        })
        .await
        .map_err(PageError::from)?;
    page(web, &reader, Some(ReportView::new(&report, &file)), &[])
}

/// `GET /kpis/upload/template.csv`: the header, to be filled in.
#[handler]
pub(super) fn template() -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"kpi_counts.csv\"")
        .body(format!("{}\n", header_line(FileKind::KpiCounts)))
}
