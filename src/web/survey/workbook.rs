//! A response away from the web: the workbook to download, and what becomes of it when it comes back. First a rehearsal
//! shows every cell; the file travels in the form between the two, and nothing is stored in between.

use data_encoding::BASE64;
use poem::http::{StatusCode, header};
use poem::web::{Data, Multipart, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::overview::HeadView;
use super::response;
use crate::app::AppError;
use crate::app::error::InputProblem;
use crate::app::offline::{self, CellLine, CellVerdict, UploadReport};
use crate::web::Web;
use crate::web::choices::error_of;
use crate::web::errors::PageError;
use crate::web::fields::Form;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

/// The media type of workbooks.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Debug, Serialize)]
struct LineView {
    place: String,
    question: String,
    part: String,
    state: &'static str,
    tag: &'static str,
    entered: String,
    saved: String,
    reason: String,
    href: String,
}

impl LineView {
    fn new(line: &CellLine, head: &HeadView, section: Option<&str>) -> Self {
        let (state, tag) = match line.verdict {
            CellVerdict::Accepted => ("Accepted", "green"),
            CellVerdict::Unchanged => ("Unchanged", "grey"),
            CellVerdict::Refused => ("Refused", "red"),
            CellVerdict::Conflict => ("Conflict", "orange"),
        };
        let shown = |text: &str| if text.is_empty() { "No answer".to_owned() } else { text.to_owned() };
        Self {
            place: format!("{}, {}", line.sheet, line.cell),
            question: format!("{} {}", line.number, line.question).trim().to_owned(),
            part: line.part.clone(),
            state,
            tag,
            entered: shown(&line.entered),
            saved: shown(&line.saved),
            reason: line.reason.clone(),
            href: section.map_or_else(String::new, |section| format!("{}/{section}#item-{}", head.base, line.link_id)),
        }
    }
}

#[derive(Debug, Serialize)]
struct ReportView {
    lines: Vec<LineView>,
    accepted: usize,
    refused: usize,
    conflicts: usize,
    unchanged: usize,
    stored: bool,
    /// The file, to be sent again.
    file: String,
}

#[derive(Debug, Serialize)]
struct WorkbookView {
    head: HeadView,
    notice: String,
    form: Form,
    file_error: String,
    report: Option<ReportView>,
}

/// What the form holds.
#[derive(Debug, Default)]
struct Sent {
    apply: bool,
    file: Vec<u8>,
}

impl Sent {
    async fn read(mut form: Multipart) -> Result<Self, PageError> {
        let broken = || PageError::bad_request("The form broke off. Send it again.");
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| broken())?;
            match name.as_str() {
                "then" => sent.apply = bytes == b"apply",
                "file" if !bytes.is_empty() => sent.file = bytes,
                "kept" => sent.file = BASE64.decode(&bytes).map_err(|_| broken())?,
                _ => {}
            }
        }
        Ok(sent)
    }
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    (year, service): (&str, &str),
    report: Option<(UploadReport, Vec<u8>)>,
    notice: String,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let view = response(web, reader, year, service).await?;
    let head = HeadView::new(&view);
    let report = report.map(|(report, file)| ReportView {
        lines: report
            .lines
            .iter()
            .map(|line| {
                let section = view.questionnaire.section_of(&line.link_id).map(|section| section.link_id.as_str());
                LineView::new(line, &head, section)
            })
            .collect(),
        accepted: report.count(CellVerdict::Accepted),
        refused: report.count(CellVerdict::Refused),
        conflicts: report.count(CellVerdict::Conflict),
        unchanged: report.unchanged,
        stored: report.stored,
        file: BASE64.encode(&file),
    });
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = WorkbookView {
        notice,
        form: Form::default().refused(problems),
        file_error: error_of(problems, "file"),
        report,
        head,
    };
    let title = format!("Fill in the survey of {service} away from the web");
    web.page_with(status, "survey_workbook", &Page::new(&reader.reader, &title, content).wide().with_errors(wrong))
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
struct WorkbookQuery {
    saved: Option<usize>,
}

/// `GET /survey/{year}/{service}/workbook`
#[handler]
pub(in crate::web) async fn workbook_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    Query(query): Query<WorkbookQuery>,
) -> poem::Result<Response> {
    let notice = query.saved.map_or_else(String::new, |cells| {
        format!("The workbook was taken: {cells} cell{} saved.", if cells == 1 { "" } else { "s" })
    });
    page(web, &reader, (&year, &service), None, notice, &[]).await
}

/// `GET /survey/{year}/{service}/workbook.xlsx`
#[handler]
pub(in crate::web) async fn download_workbook(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let (who, code) = (reader.who.clone(), service.clone());
    let bytes = web.app.run(move |app| offline::download(app, &who, number, &code)).await.map_err(PageError::from)?;
    let name = format!("attachment; filename=\"facilities-{service}-{number}.xlsx\"");
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, XLSX)
        .header(header::CONTENT_DISPOSITION, name)
        .header(header::CACHE_CONTROL, "no-store")
        .body(bytes))
}

/// `POST /survey/{year}/{service}/workbook`: rehearses, or saves where the form says so.
#[handler]
pub(in crate::web) async fn upload_workbook(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Option<Multipart>,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let place = (year.as_str(), service.as_str());
    let sent = match form {
        Some(form) => Sent::read(form).await?,
        None => Sent::default(),
    };
    let (who, code, apply) = (reader.who.clone(), service.clone(), sent.apply);
    let work = move |app: &crate::app::App| {
        let report = offline::upload(app, &who, number, &code, &sent.file, !apply);
        Ok((report, sent.file))
    };
    let (report, file) = web.app.run(work).await.map_err(PageError::from)?;
    match report {
        Ok(report) if report.stored && report.lines.iter().all(|line| line.verdict == CellVerdict::Accepted) => {
            let saved = report.lines.len();
            Ok(redirect(&format!("/survey/{year}/{service}/workbook?saved={saved}")).finish())
        }
        Ok(report) => page(web, &reader, place, Some((report, file)), String::new(), &[]).await,
        Err(AppError::Invalid(problems)) => page(web, &reader, place, None, String::new(), &problems).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}
