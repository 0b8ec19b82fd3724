//! The national report of a round: for those who take part from the preview on, and for anybody once it is out.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::{Reader, SignedInReader};
use super::rounds::read_year;
use crate::app::national_report::{self, FullReport, ReportQuery};
use crate::app::{App, AppError};
use crate::formats::report::{Document, DocumentView, report_workbook};
use crate::locales::Words;

/// What the address may ask for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// The earlier audit year; empty or absent: the round before.
    with: Option<String>,
    /// The id of a data cut; empty or absent: the one that the report quotes.
    cut: Option<String>,
}

impl Asked {
    fn query(self, year: i32) -> Result<ReportQuery, PageError> {
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let with = given(self.with).map(|with| read_year(&with)).transpose()?;
        Ok(ReportQuery { year, with, cut: given(self.cut) })
    }
}

#[derive(Debug, Serialize)]
struct ReportPage {
    report: DocumentView,
    back: String,
    back_text: String,
    files: Vec<FileLink>,
}

#[derive(Debug, Serialize)]
struct FileLink {
    href: String,
    text: &'static str,
}

fn document(app: &App, full: &FullReport) -> Result<Document, AppError> {
    national_report::document(full, &app.reference().published)
}

async fn written(web: &Web, reader: &SignedInReader, year: &str, asked: Asked) -> Result<Document, PageError> {
    let query = asked.query(read_year(year)?)?;
    let who = reader.who.clone();
    let work = move |app: &App| document(app, &national_report::report(app, &who, &query, &|_, _| {})?);
    Ok(web.app.run(work).await?)
}

async fn written_for_anybody(web: &Web, year: &str) -> Result<Document, PageError> {
    let year = read_year(year)?;
    Ok(web.app.run(move |app| document(app, &national_report::public(app, year)?)).await?)
}

fn page(
    web: &Web,
    reader: &Reader,
    words: Words,
    document: &Document,
    base: &str,
    back: (String, String),
) -> poem::Result<Response> {
    let file = |ending: &str, text| FileLink { href: format!("{base}.{ending}"), text };
    let report = document.view(words);
    let view = ReportPage {
        report,
        back: back.0,
        back_text: back.1,
        files: vec![file("html", "One file to read and print (HTML)"), file("xlsx", "Workbook (Excel)")],
    };
    let title = format!("National report {}", document.year);
    web.page("national_report", &Page::new(reader, &title, view))
}

fn attachment(body: Vec<u8>, media: &str, name: &str) -> Response {
    Response::builder()
        .content_type(media)
        .header("Content-Disposition", format!("attachment; filename=\"{name}\""))
        .header("Cache-Control", "no-store")
        .body(body)
}

fn html(document: &Document, words: Words) -> Result<Response, PageError> {
    let file = document.html(words).map_err(PageError::internal)?;
    let name = format!("national-report-{}.html", document.year);
    Ok(attachment(file.into_bytes(), "text/html; charset=utf-8", &name))
}

fn workbook(document: &Document, words: Words) -> Result<Response, PageError> {
    let bytes = report_workbook(document, words).map_err(|error| PageError::internal(error.to_string()))?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(attachment(bytes, media, &format!("national-report-{}.xlsx", document.year)))
}

/// `GET /rounds/{year}/report`
#[handler]
pub(super) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let document = written(web, &reader, &year, asked).await?;
    let back = (format!("/rounds/{year}/findings"), format!("Findings of {year} in every figure"));
    page(web, &reader.reader, reader.reader.words, &document, &format!("/rounds/{year}/report"), back)
}

/// `GET /rounds/{year}/report.html`
#[handler]
pub(super) async fn show_html(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let document = written(web, &reader, &year, asked).await?;
    Ok(html(&document, reader.reader.words)?)
}

/// `GET /rounds/{year}/report.xlsx`
#[handler]
pub(super) async fn show_workbook(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let document = written(web, &reader, &year, asked).await?;
    Ok(workbook(&document, reader.reader.words)?)
}

/// `GET /published/{year}/report`
#[handler]
pub(super) async fn public(Data(web): Data<&Web>, reader: &Reader, Path(year): Path<String>) -> poem::Result<Response> {
    let document = written_for_anybody(web, &year).await?;
    let back = ("/published".to_owned(), reader.words.t("published-heading").into_owned());
    page(web, reader, reader.words, &document, &format!("/published/{year}/report"), back)
}

/// `GET /published/{year}/report.html`
#[handler]
pub(super) async fn public_html(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    Ok(html(&written_for_anybody(web, &year).await?, reader.words)?)
}

/// `GET /published/{year}/report.xlsx`
#[handler]
pub(super) async fn public_workbook(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    Ok(workbook(&written_for_anybody(web, &year).await?, reader.words)?)
}
