//! `report`: the national findings without a server.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, open_existing, print};
use crate::app::cuts::CutQuote;
use crate::app::kpis::{self, FindingsQuery};
use crate::config::DataOptions;
use crate::domain::access::Principal;
use crate::formats::findings::FindingsView;

/// Write the national findings of a round beside an earlier one: the same figures as the page and the API.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  facilities-audit report --year 2021 -o report.html\n  facilities-audit report --year 2021 --with 2019 -o report.json"
)]
pub struct Report {
    /// Audit year
    #[arg(long)]
    year: i32,

    /// The earlier audit year to lay beside it [default: that of the round before]
    #[arg(long, value_name = "YEAR")]
    with: Option<i32>,

    /// The id of a data cut to report on, in place of the data as they stand
    #[arg(long, value_name = "ID")]
    cut: Option<String>,

    /// The file to write; its ending says what it is
    #[arg(short, long, value_name = "FILE.html|FILE.json")]
    output: PathBuf,
}

impl Report {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let ending = self.output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !matches!(ending, "html" | "json") {
            let reason = format!("{}: the ending must be .html or .json", self.output.display());
            return Err(CliError::Usage(reason));
        }
        let app = open_existing(data)?;
        let query = FindingsQuery { year: self.year, with: self.with, cut: self.cut };
        let report = kpis::national_findings(&app, &Principal::command_line(), &query)?;
        let text = if ending == "json" {
            crate::api::report_json(&report)
        } else {
            let cut = report.quoted.cut.as_ref().map(CutQuote::words);
            FindingsView::new(&report.findings, &app.reference().published, cut).file().map_err(CliError::Failed)?
        };
        let failed = |error| CliError::Failed(format!("{} cannot be written: {error}", self.output.display()));
        std::fs::write(&self.output, text).map_err(failed)?;
        print(&format!("{}\n", self.output.display()))
    }
}
