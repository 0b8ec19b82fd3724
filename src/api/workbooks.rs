//! `/rounds/{year}/responses/{service}/workbook`: a response away from the web.

use poem::web::Data;
use poem::{Request, RequestBody, Result as PoemResult};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::MetaSchemaRef;
use poem_openapi::{ApiExtractor, ApiExtractorType, Enum, ExtractParamOptions, Object, OpenApi};

use super::Tag;
use super::body::{Download, Workbook, check_content_type, request_meta};
use super::key::Key;
use super::problem::{Problem, Refusal};
use crate::app::App;
use crate::app::offline;

/// Bytes that a workbook may have.
const WORKBOOK_LIMIT: usize = 5 * 1024 * 1024;

/// A workbook that is sent to us.
#[derive(Debug)]
pub struct SentWorkbook(pub Vec<u8>);

impl Payload for SentWorkbook {
    const CONTENT_TYPE: &'static str = Workbook::CONTENT_TYPE;

    fn check_content_type(content_type: &str) -> bool {
        content_type.parse::<mime::Mime>().is_ok_and(|mime| mime.essence_str() == Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        Workbook::schema_ref()
    }
}

impl<'a> ApiExtractor<'a> for SentWorkbook {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<poem_openapi::registry::MetaRequest> {
        Some(request_meta::<Self>())
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> PoemResult<Self> {
        check_content_type::<Self>(request)?;
        let bytes = body.take()?.into_bytes_limit(WORKBOOK_LIMIT).await.map_err(|_| {
            let detail = format!("A workbook may have {} MB at the most.", WORKBOOK_LIMIT >> 20);
            Problem::new(413, "too_large", detail)
        })?;
        Ok(Self(bytes.to_vec()))
    }
}

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CellVerdict {
    /// It is taken.
    Accepted,
    /// It says what is saved already.
    Unchanged,
    /// It cannot be taken; `reason` says why.
    Refused,
    /// Somebody else changed the answer since the workbook was downloaded: what is saved stays.
    Conflict,
}

impl From<offline::CellVerdict> for CellVerdict {
    fn from(verdict: offline::CellVerdict) -> Self {
        match verdict {
            offline::CellVerdict::Accepted => Self::Accepted,
            offline::CellVerdict::Unchanged => Self::Unchanged,
            offline::CellVerdict::Refused => Self::Refused,
            offline::CellVerdict::Conflict => Self::Conflict,
        }
    }
}

/// A cell that somebody changed.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct WorkbookCell {
    /// The sheet.
    pub sheet: String,
    /// The cell, such as `D12`.
    pub cell: String,
    /// The item.
    pub link_id: String,
    /// Which part of it, in words: an option, a post; absent for the whole.
    pub part: Option<String>,
    /// What became of it.
    pub verdict: CellVerdict,
    /// What the cell says.
    pub entered: String,
    /// What was saved before the workbook was taken; empty for no answer.
    pub saved: String,
    /// Why it was refused, who changed it, or what is to be put right before the submit.
    pub reason: Option<String>,
}

/// What would become, or became, of a workbook.
#[derive(Debug, Object)]
pub struct WorkbookReport {
    /// The accepted cells are saved.
    pub stored: bool,
    /// The version of the response as it is now.
    pub version: i64,
    /// Cells that were accepted.
    pub accepted: u64,
    /// Cells that nobody changed, or that say what is saved already.
    pub unchanged: u64,
    /// Cells that cannot be taken.
    pub refused: u64,
    /// Cells whose answer somebody else has changed since.
    pub conflicts: u64,
    /// Every cell that was changed, in the order of the workbook. Never cut into pages.
    pub items: Vec<WorkbookCell>,
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl From<offline::UploadReport> for WorkbookReport {
    fn from(report: offline::UploadReport) -> Self {
        let given = |text: String| (!text.is_empty()).then_some(text);
        Self {
            stored: report.stored,
            version: report.version,
            accepted: number(report.count(offline::CellVerdict::Accepted)),
            unchanged: number(report.unchanged),
            refused: number(report.count(offline::CellVerdict::Refused)),
            conflicts: number(report.count(offline::CellVerdict::Conflict)),
            items: report
                .lines
                .into_iter()
                .map(|line| WorkbookCell {
                    sheet: line.sheet,
                    cell: line.cell,
                    link_id: line.link_id,
                    part: given(line.part),
                    verdict: line.verdict.into(),
                    entered: line.entered,
                    saved: line.saved,
                    reason: given(line.reason),
                })
                .collect(),
        }
    }
}

/// The operations on workbooks of responses.
#[derive(Debug)]
pub struct Workbooks;

#[OpenApi(tag = "Tag::Responses")]
impl Workbooks {
    /// Download a response as a workbook to fill in
    ///
    /// The answers so far, with cells to fill in for each item. The same response gives the same bytes.
    #[oai(
        path = "/rounds/:year/responses/:service/workbook",
        method = "get",
        operation_id = "download_response_workbook"
    )]
    async fn download(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the workbook that the reader has.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Download, Refusal<404>> {
        let name = format!("facilities-{}-{}.xlsx", service.0, year.0);
        let bytes = app.run(move |app| offline::download(app, &key.0, year.0, &service.0)).await?;
        Ok(Download::of(bytes, &name, if_none_match.0.as_deref()))
    }

    /// Upload a filled-in workbook
    ///
    /// Cells that nobody changed say nothing. A changed cell is saved where its item has not moved since the workbook
    /// was downloaded, and is reported as a conflict where it has; one that cannot be read is refused. Neither keeps
    /// the others out. With `dry_run` nothing is saved.
    #[oai(
        path = "/rounds/:year/responses/:service/workbook",
        method = "post",
        operation_id = "upload_response_workbook"
    )]
    async fn upload(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// Report what would become of it, and save nothing.
        #[oai(default)]
        dry_run: Query<bool>,
        workbook: SentWorkbook,
    ) -> Result<Json<WorkbookReport>, Refusal<404, 409, 422>> {
        let work = move |app: &App| offline::upload(app, &key.0, year.0, &service.0, &workbook.0, dry_run.0);
        Ok(Json(app.run(work).await?.into()))
    }
}
