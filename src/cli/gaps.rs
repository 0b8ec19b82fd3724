//! `gaps`: the gap workbook without a server.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{CliError, open_existing, print, read_language};
use crate::app::gaps::{self, GapQuery, WorkbookQuery};
use crate::config::DataOptions;
use crate::domain::access::Principal;

/// Write the staffing gap of a round as a workbook: the same bytes as the download of the page and the API.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  facilities-audit gaps --year 2021 -o gaps.xlsx\n  facilities-audit gaps --year 2021 --area Y60 -o midlands.xlsx\n  facilities-audit gaps --year 2021 --area W92000004 --language cy -o cymru.xlsx"
)]
pub struct Gaps {
    /// Audit year
    #[arg(long)]
    year: i32,

    /// Only what lies in this area or below it
    #[arg(long, value_name = "CODE")]
    area: Option<String>,

    /// Staffing standard [default: the round's]
    #[arg(long, value_name = "ID")]
    standard: Option<String>,

    /// The day whose areas group the services [default: the newest]
    #[arg(long, value_name = "YYYY-MM-DD")]
    geography_as_at: Option<NaiveDate>,

    /// Of this data cut [default: of the data as they stand]
    #[arg(long, value_name = "ID")]
    cut: Option<String>,

    /// The language of the workbook: en or cy
    #[arg(long, default_value = "en")]
    language: String,

    /// The workbook to write
    #[arg(short, long, value_name = "FILE.xlsx")]
    output: PathBuf,
}

impl Gaps {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let language = read_language(&self.language)?;
        let app = open_existing(data)?;
        let query = GapQuery {
            year: self.year,
            area: self.area,
            standard: self.standard,
            geography_as_at: self.geography_as_at,
            cut: self.cut,
        };
        let query = WorkbookQuery { language, ..query.into() };
        let (report, bytes) = gaps::workbook(&app, &Principal::command_line(), &query)?;
        let failed = |error| CliError::Failed(format!("{} cannot be written: {error}", self.output.display()));
        std::fs::write(&self.output, bytes).map_err(failed)?;
        print(&format!("{}\n{}\n", report.statement(), self.output.display()))
    }
}
