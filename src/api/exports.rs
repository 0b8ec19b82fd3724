//! `/exports/{file}`: everything out again, as the exchange files.

use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, Enum, OpenApi};

use super::Tag;
use super::body::CsvFile;
use super::key::Key;
use super::problem::Refusal;
use crate::app::{App, AppError, exports};
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
    /// The file: UTF-8, a header row, sorted by its key columns.
    #[oai(status = 200)]
    Found(
        CsvFile,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
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
        // Written whole before the first byte is sent, so that a failure is a problem and not half a file.
        let (written, length) = app
            .run(move |app| {
                let mut output = BufWriter::new(tempfile::tempfile().map_err(failed)?);
                exports::file(app, &key.0, kind, &mut output)?;
                output.flush().map_err(failed)?;
                let mut written = output.into_inner().map_err(|error| failed(error.into_error()))?;
                let length = written.stream_position().map_err(failed)?;
                written.seek(SeekFrom::Start(0)).map_err(failed)?;
                Ok((written, length))
            })
            .await?;
        let body = CsvFile { file: tokio::fs::File::from_std(written), length };
        Ok(Exported::Found(body, format!("attachment; filename=\"{}\"", kind.file_name())))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is the argument of map_err")]
fn failed(error: std::io::Error) -> AppError {
    AppError::Unexpected(format!("the temporary file of an export: {error}"))
}
