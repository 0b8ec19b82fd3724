//! Enrolling services and their people from a file: first a rehearsal that shows what would happen, then the deed. The
//! file travels in the form between the two; nothing is stored in between.

use poem::http::{StatusCode, header};
use poem::web::{Data, Multipart};
use poem::{Response, handler};
use serde::Serialize;

use crate::app::AppError;
use crate::app::enrolment::{EnrolmentReport, from_csv};
use crate::app::error::InputProblem;
use crate::domain::round::{Round, RoundStatus};
use crate::formats::display::capitalised;
use crate::formats::enrolment::COLUMNS;
use crate::web::Web;
use crate::web::choices::{Choice, Choices, error_of};
use crate::web::errors::PageError;
use crate::web::fields::Form;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;

/// Names that a page lists before it says how many more there are.
const NAMED: usize = 20;

/// Problems that a page lists: whoever has more mends these first.
const PROBLEMS: usize = 200;

#[derive(Debug, Serialize)]
struct RowView {
    line: i64,
    column: String,
    reason: String,
}

/// Some of many things, and how many more there are.
#[derive(Debug, Serialize)]
struct Listed {
    count: usize,
    named: Vec<String>,
    more: usize,
}

impl Listed {
    fn of(names: &[String]) -> Self {
        let mut named = names.to_vec();
        named.dedup();
        named.truncate(NAMED);
        Self { count: names.len(), more: names.len() - named.len(), named }
    }
}

#[derive(Debug, Serialize)]
struct ReportView {
    round: String,
    year: i32,
    rows: usize,
    services: Listed,
    accounts: usize,
    people: Listed,
    problems: Vec<RowView>,
    more_problems: usize,
    /// It was done, not rehearsed.
    done: bool,
    /// There is something to do.
    anything: bool,
    /// The file, to be sent again.
    text: String,
}

#[derive(Debug, Serialize)]
struct EnrolView {
    form: Form,
    columns: String,
    round: Choices,
    file_error: String,
    report: Option<ReportView>,
}

/// What the form holds.
#[derive(Debug, Default)]
struct Sent {
    year: String,
    enrol: bool,
    file: Vec<u8>,
}

impl Sent {
    async fn read(mut form: Multipart) -> Result<Self, PageError> {
        let broken = |_| PageError::bad_request("The form broke off. Send it again.");
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes =
                field.bytes().await.map_err(|_| PageError::bad_request("The form broke off. Send it again."))?;
            match name.as_str() {
                "year" => sent.year = String::from_utf8_lossy(&bytes).into_owned(),
                "then" => sent.enrol = bytes == b"enrol",
                "file" | "text" => sent.file = bytes,
                _ => {}
            }
        }
        Ok(sent)
    }
}

fn report_view(report: &EnrolmentReport, rounds: &[Round], sent: &Sent, year: i32) -> ReportView {
    let problems: Vec<RowView> = report
        .problems
        .iter()
        .take(PROBLEMS)
        .map(|problem| RowView {
            line: problem.line,
            column: problem.column.clone(),
            reason: capitalised(&problem.reason),
        })
        .collect();
    ReportView {
        round: rounds.iter().find(|round| round.year == year).map(Round::names).unwrap_or_default(),
        year,
        rows: report.rows,
        services: Listed::of(&report.services_enrolled),
        accounts: report.accounts_made,
        people: Listed::of(&report.people_invited),
        more_problems: report.problems.len() - problems.len(),
        problems,
        done: !report.nothing_stored,
        anything: !(report.services_enrolled.is_empty() && report.people_invited.is_empty()),
        text: String::from_utf8_lossy(&sent.file).into_owned(),
    }
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    sent: &Sent,
    report: Option<(i32, EnrolmentReport)>,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let rounds = web.rounds(reader).await?;
    let open = rounds.iter().rev().find(|round| matches!(round.status, RoundStatus::Draft | RoundStatus::Open));
    let usual = open.or(rounds.last()).map(|round| round.year.to_string()).unwrap_or_default();
    let chosen = if sent.year.is_empty() { usual } else { sent.year.clone() };
    let choice = |round: &Round| Choice::new(&round.year.to_string(), &capitalised(&round.names()), &chosen);
    let choices = rounds.iter().rev().map(choice).collect();
    let report = report.map(|(year, report)| report_view(&report, &rounds, sent, year));
    let wrong = !problems.is_empty() || report.as_ref().is_some_and(|report| !report.problems.is_empty());
    let title = match &report {
        None => "Enrol services from a file",
        Some(report) if wrong => {
            if report.done {
                "Enrolled"
            } else {
                "The file has mistakes"
            }
        }
        Some(report) => {
            if report.done {
                "Enrolled"
            } else {
                "Check what would happen"
            }
        }
    };
    let view = EnrolView {
        form: Form::default().refused(problems),
        columns: COLUMNS.join(","),
        round: Choices::new("year", "Round", choices, problems),
        file_error: error_of(problems, "file"),
        report,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    web.page_with(status, "people_enrol", &Page::new(&reader.reader, title, view).with_errors(wrong))
}

/// `GET /accounts/enrol`
#[handler]
pub(in crate::web) async fn enrol_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    page(web, &reader, &Sent::default(), None, &[]).await
}

/// `POST /accounts/enrol`: rehearses, or enrols where the form says so.
#[handler]
pub(in crate::web) async fn enrol(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    form: Multipart,
) -> poem::Result<Response> {
    let mut sent = Sent::read(form).await?;
    let Ok(year) = sent.year.trim().parse::<i32>() else {
        return page(web, &reader, &sent, None, &[InputProblem::new("year", "missing", "Choose a round.")]).await;
    };
    if sent.file.is_empty() {
        return page(web, &reader, &sent, None, &[InputProblem::new("file", "missing", "Choose a file.")]).await;
    }
    let (who, file, dry_run) = (reader.who.clone(), std::mem::take(&mut sent.file), !sent.enrol);
    let (file, done) = web
        .app
        .run(move |app| {
            let done = from_csv(app, &who, year, &file, dry_run);
            Ok((file, done))
        })
        .await
        .map_err(PageError::from)?;
    sent.file = file;
    match done {
        Ok(report) => page(web, &reader, &sent, Some((year, report)), &[]).await,
        Err(AppError::Invalid(found)) => page(web, &reader, &sent, None, &found).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `GET /accounts/enrol/template.csv`: the header, to be filled in.
#[handler]
pub(in crate::web) fn template() -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"enrolment.csv\"")
        .body(format!("{}\n", COLUMNS.join(",")))
}
