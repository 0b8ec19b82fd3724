//! The command line: a file a subcommand. Exit status 0, 1 (the work failed, and why), 2 (the call was wrong).

mod access;
mod data;
mod demo;
mod gaps;
mod kpi_counts;
mod progress;
mod report;
mod serve;
mod statistics;
mod translations;
mod verify;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{App, AppError, Environment, Settings};
use crate::config::DataOptions;
use crate::domain::language::Language;
use crate::formats::seeds::{SeedError, SeedFiles, read_reference};
use crate::store::StoreError;
use crate::store::connection::Address;

/// Collects the yearly facilities questionnaire of Fracture Liaison Services beside their clinical KPIs, and works out
/// how far each service is from the recommended staffing.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, after_help = EXAMPLES, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    data: DataOptions,

    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  facilities-audit demo
  facilities-audit import ./national
  facilities-audit gaps --year 2021 -o gaps.xlsx
  facilities-audit --database-url postgres://audit@db/audit serve --port 8080";

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a fresh synthetic country and serve it
    Demo(demo::Demo),
    /// Serve the configured database
    Serve(Box<serve::Serve>),
    /// Load the exchange files of a folder, each whole or not at all
    Import(data::Import),
    /// Write everything out as exchange files
    Export(data::Export),
    /// Write the staffing gap of a round as a workbook
    Gaps(gaps::Gaps),
    /// Count patient-level records into kpi_counts.csv, on this machine
    KpiCounts(kpi_counts::KpiCounts),
    /// Write the national findings of a round beside an earlier one
    Report(report::Report),
    /// Redo a figure by hand: JSON on standard input, JSON on standard output
    Statistics(statistics::Statistics),
    /// Check the database and that nobody has changed its history
    Verify(verify::Verify),
    /// List what is not translated yet
    Translations(translations::Translations),
    /// Print the OpenAPI document
    Openapi,
    /// People who sign in
    #[command(subcommand)]
    User(access::User),
    /// API keys
    #[command(subcommand)]
    Key(access::Key),
}

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// The call was wrong: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// The work failed: exit status 1.
    #[error("{0}")]
    Failed(String),
}

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(_) => Self::Usage(error.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Address(reason) => Self::Usage(reason),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<SeedError> for CliError {
    fn from(error: SeedError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    start_log();
    crate::server::tls::install_provider();
    let result = match cli.command {
        Command::Demo(demo) => demo.run(&cli.data),
        Command::Serve(serve) => serve.run(&cli.data),
        Command::Import(import) => import.run(&cli.data),
        Command::Export(export) => export.run(&cli.data),
        Command::Gaps(gaps) => gaps.run(&cli.data),
        Command::KpiCounts(counts) => counts.run(),
        Command::Report(report) => report.run(&cli.data),
        Command::Statistics(statistics) => statistics.run(&cli.data),
        Command::Verify(verify) => verify.run(&cli.data),
        Command::Translations(translations) => translations.run(&cli.data),
        Command::Openapi => print_document(),
        Command::User(user) => user.run(&cli.data),
        Command::Key(key) => key.run(&cli.data),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let status = if matches!(error, CliError::Usage(_)) { 2 } else { 1 };
            complain(&error.to_string());
            ExitCode::from(status)
        }
    }
}

/// Says on standard error what went wrong; a closed standard error is nothing to fail over.
fn complain(message: &str) {
    let _ = writeln!(std::io::stderr(), "facilities-audit: {message}");
}

/// Prints lines on standard output. A reader that went away is a failure like any other, never a panic.
fn print(text: &str) -> Result<(), CliError> {
    let mut output = std::io::stdout().lock();
    output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
        .map_err(|error| CliError::Failed(format!("standard output cannot be written: {error}")))
}

fn start_log() {
    use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
    use tracing_subscriber::prelude::*;
    let asked = EnvFilter::try_from_env("FACILITIES_AUDIT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Whatever is asked for: libraries tell in their small print what goes over the wire, secrets and all.
    let ours = filter_fn(|told| told.target().starts_with("facilities_audit") || *told.level() <= LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_filter(ours);
    tracing_subscriber::registry().with(asked).with(lines).init();
}

/// A language as it is given on the command line.
fn read_language(tag: &str) -> Result<Language, CliError> {
    Language::parse(tag).ok_or_else(|| CliError::Usage(format!("there is no language {tag:?}; there are en and cy")))
}

fn seed_files(data: &DataOptions) -> SeedFiles {
    data.seeds.clone().map_or(SeedFiles::Embedded, SeedFiles::Folder)
}

/// Opens the configured database, which must exist: a command that only uses one must not leave an empty one behind
/// where its address was mistyped.
fn open_existing(data: &DataOptions) -> Result<App, CliError> {
    if let Address::Sqlite(path) = Address::parse(&data.database_url)?
        && !path.is_file()
    {
        return Err(CliError::Failed(format!(
            "there is no database {}; `import` and `serve` make one, --database-url names another",
            path.display()
        )));
    }
    open(data)
}

/// Opens the configured database, or makes it.
fn open(data: &DataOptions) -> Result<App, CliError> {
    open_with(data, &data.database_url, Settings::default())
}

fn open_with(data: &DataOptions, url: &str, settings: Settings) -> Result<App, CliError> {
    let reference = read_reference(&seed_files(data))?;
    Ok(App::open(url, reference, settings, Environment::system())?)
}

fn print_document() -> Result<(), CliError> {
    print(crate::api::document())
}
