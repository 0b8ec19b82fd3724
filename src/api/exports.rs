//! `/exports/{file}`, `/rounds/{year}/answers.csv`: everything out again, as the exchange files, and the answers as a table.

use std::io::{BufWriter, Seek as _, SeekFrom, Write};

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, Enum, OpenApi};

use super::Tag;
use super::body::CsvFile;
use super::key::Key;
use super::problem::Refusal;
use crate::app::{App, AppError, answer_table, exports};
use crate::domain::interchange::FileKind;

/// A file of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ExchangeFile {
    /// Areas.
    #[oai(rename = "areas.csv")]
    Areas,
    /// People in areas.
    #[oai(rename = "area_population.csv")]
    AreaPopulation,
    /// Services.
    #[oai(rename = "services.csv")]
    Services,
    /// Hospitals.
    #[oai(rename = "hospitals.csv")]
    Hospitals,
    /// Hip fractures by hospital and year.
    #[oai(rename = "hip_fractures.csv")]
    HipFractures,
    /// Expected cases by service and year.
    #[oai(rename = "expected_caseload.csv")]
    ExpectedCaseload,
    /// Answers.
    #[oai(rename = "responses.csv")]
    Responses,
    /// KPI counts.
    #[oai(rename = "kpi_counts.csv")]
    KpiCounts,
}

impl From<ExchangeFile> for FileKind {
    fn from(file: ExchangeFile) -> Self {
        match file {
            ExchangeFile::Areas => Self::Areas,
            ExchangeFile::AreaPopulation => Self::AreaPopulation,
            ExchangeFile::Services => Self::Services,
            ExchangeFile::Hospitals => Self::Hospitals,
            ExchangeFile::HipFractures => Self::HipFractures,
            ExchangeFile::ExpectedCaseload => Self::ExpectedCaseload,
            ExchangeFile::Responses => Self::Responses,
            ExchangeFile::KpiCounts => Self::KpiCounts,
        }
    }
}

/// A file.
#[derive(Debug, ApiResponse)]
enum Exported {
    /// The file: UTF-8, a header row, sorted.
    #[oai(status = 200)]
    Found(
        CsvFile,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
        /// How many rows it has below its header; a file with fewer was cut off.
        #[oai(header = "X-Row-Count")]
        u64,
    ),
}

impl Exported {
    /// What `write` writes, whole before the first byte is sent, so that a failure is a problem and not half a file; by
    /// way of a temporary file, so that its length is no matter of memory.
    async fn written(
        app: &App,
        name: String,
        write: impl FnOnce(&App, &mut dyn Write) -> Result<u64, AppError> + Send + 'static,
    ) -> Result<Self, AppError> {
        let (written, length, rows) = app
            .run(move |app| {
                let mut output = BufWriter::new(tempfile::tempfile().map_err(failed)?);
                let rows = write(app, &mut output)?;
                output.flush().map_err(failed)?;
                let mut written = output.into_inner().map_err(|error| failed(error.into_error()))?;
                let length = written.stream_position().map_err(failed)?;
                written.seek(SeekFrom::Start(0)).map_err(failed)?;
                Ok((written, length, rows))
            })
            .await?;
        let body = CsvFile { file: tokio::fs::File::from_std(written), length };
        Ok(Self::Found(body, format!("attachment; filename=\"{name}\""), rows))
    }
}

/// The operation of exports.
#[derive(Debug)]
pub struct Exports;

#[OpenApi(tag = "Tag::Files")]
impl Exports {
    /// Download an exchange file
    ///
    /// In canonical form: importing it and exporting again gives the same bytes. For the audit team.
    #[oai(path = "/exports/:file", method = "get", operation_id = "export_file")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The file's name.
        file: Path<ExchangeFile>,
    ) -> Result<Exported, Refusal> {
        let kind = FileKind::from(file.0);
        let write = move |app: &App, output: &mut dyn Write| exports::file(app, &key.0, kind, output);
        Ok(Exported::written(&app, kind.file_name(), write).await?)
    }

    /// Download the answers of a round as one table
    ///
    /// A row for each response that the key may read and somebody has begun, by service; a column for each item, and for
    /// each cell of a grid (`staff_in_post.nurse/7`). `not_known` is an answer; an empty cell is none. Spreadsheets and
    /// Power BI open it as it is.
    #[oai(path = "/rounds/:year/answers.csv", method = "get", operation_id = "download_answers")]
    async fn answers(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Exported, Refusal<404>> {
        let year = year.0;
        let write = move |app: &App, output: &mut dyn Write| answer_table::write(app, &key.0, year, output);
        Ok(Exported::written(&app, format!("answers-{year}.csv"), write).await?)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is the argument of map_err")]
fn failed(error: std::io::Error) -> AppError {
    AppError::Unexpected(format!("the temporary file of an export: {error}"))
}
