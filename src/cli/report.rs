//! `report`: the national report without a server.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CliError, open_existing, print, progress};
use crate::app::kpis::{self, FindingsQuery};
use crate::app::national_report::{self, ReportQuery};
use crate::config::DataOptions;
use crate::domain::access::Principal;
use crate::domain::language::Language;
use crate::formats::report::report_workbook;
use crate::locales::Words;

/// The language of a report.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum In {
    /// English.
    En,
    /// Welsh.
    Cy,
}

/// Write the national report of a round beside an earlier one: the same as the page and the API.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  facilities-audit report --year 2021 -o report.html\n  facilities-audit report --year 2021 --language cy -o adroddiad.html\n  facilities-audit report --year 2021 -o report.xlsx\n  facilities-audit report --year 2021 --with 2019 -o report.json"
)]
pub struct Report {
    /// Audit year
    #[arg(long)]
    year: i32,

    /// The earlier audit year to lay beside it [default: that of the round before]
    #[arg(long, value_name = "YEAR")]
    with: Option<i32>,

    /// The id of a data cut to report on [default: the one that the round's report quotes, else the data as they stand]
    #[arg(long, value_name = "ID")]
    cut: Option<String>,

    /// The language of the HTML file and of the workbook
    #[arg(long, value_enum, default_value = "en")]
    language: In,

    /// The file to write; its ending says what it is
    #[arg(short, long, value_name = "FILE.html|FILE.xlsx|FILE.json")]
    output: PathBuf,
}

impl Report {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let ending = self.output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !matches!(ending, "html" | "xlsx" | "json") {
            let reason = format!("{}: the ending must be .html, .xlsx or .json", self.output.display());
            return Err(CliError::Usage(reason));
        }
        let app = open_existing(data)?;
        let who = Principal::command_line();
        let query = ReportQuery { year: self.year, with: self.with, cut: self.cut.clone() };
        let bar = progress::steps("associations");
        let full = national_report::report(&app, &who, &query, &|done, of| progress::step(&bar, done, of))?;
        bar.finish_and_clear();
        let document = national_report::document(&full, &app.reference().published)?;
        let words = Words::new(match self.language {
            In::En => Language::English,
            In::Cy => Language::Welsh,
        });
        let bytes = match ending {
            "json" => {
                let query = FindingsQuery { year: self.year, with: self.with, cut: full.quoted.cut.map(|cut| cut.id) };
                let findings = kpis::national_findings(&app, &who, &query)?;
                crate::api::report_json(&findings).into_bytes()
            }
            "xlsx" => report_workbook(&document, words).map_err(|error| CliError::Failed(error.to_string()))?,
            _ => document.html(words).map_err(CliError::Failed)?.into_bytes(),
        };
        let failed = |error| CliError::Failed(format!("{} cannot be written: {error}", self.output.display()));
        std::fs::write(&self.output, bytes).map_err(failed)?;
        print(&format!("{}\n", self.output.display()))
    }
}
