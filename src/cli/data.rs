//! `import` and `export`: the exchange files.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, open, open_existing, print, progress};
use crate::app::imports::{self, ImportOptions, ImportReport};
use crate::app::{App, exports};
use crate::config::DataOptions;
use crate::domain::access::Principal;
use crate::domain::interchange::FileKind;
use crate::formats::csv::{RowReader, header};

/// Load the exchange files of a folder, each whole or not at all.
///
/// Files that the folder does not have are passed over. A file with a bad row is not stored: the row is named by file,
/// line, column and reason.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  facilities-audit import ./national --skip-bad-rows --rejected ./rejected")]
pub struct Import {
    /// The folder with areas.csv, services.csv, responses.csv …
    dir: PathBuf,

    /// Check everything and store nothing
    #[arg(long)]
    dry_run: bool,

    /// Leave bad rows out, load the rest, and write the rejected rows into a folder
    #[arg(long)]
    skip_bad_rows: bool,

    /// Where --skip-bad-rows writes the rejected rows and the report [default: DIR/rejected]
    #[arg(long, value_name = "DIR")]
    rejected: Option<PathBuf>,
}

impl Import {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        if !self.dir.is_dir() {
            return Err(CliError::Failed(format!("there is no folder {}", self.dir.display())));
        }
        let present: Vec<(FileKind, PathBuf)> = FileKind::ALL
            .into_iter()
            .map(|kind| (kind, self.dir.join(kind.file_name())))
            .filter(|(_, path)| path.is_file())
            .collect();
        if present.is_empty() {
            let names: Vec<String> = FileKind::ALL.into_iter().map(FileKind::file_name).collect();
            return Err(CliError::Failed(format!("{} has none of the files {}", self.dir.display(), names.join(", "))));
        }
        let app = open(data)?;
        let mut refused = Vec::new();
        for (kind, path) in present {
            let report = self.file(&app, kind, &path)?;
            print(&summary(&report, self.dry_run))?;
            for problem in &report.problems {
                let column =
                    if problem.column.is_empty() { String::new() } else { format!(", column {}", problem.column) };
                super::complain(&format!("{}: line {}{column}: {}", path.display(), problem.line, problem.reason));
            }
            if report.problems_left_out > 0 {
                super::complain(&format!("{}: and {} more problems", path.display(), report.problems_left_out));
            }
            let rehearsed = self.dry_run && (report.rows_rejected == 0 || self.skip_bad_rows);
            if !report.stored && !rehearsed {
                refused.push(kind.file_name());
                // Later files refer to earlier ones: their complaints would only repeat this one.
                break;
            }
            if report.stored && report.rows_rejected > 0 {
                self.write_rejected(kind, &path, &report)?;
            }
        }
        if refused.is_empty() {
            Ok(())
        } else {
            Err(CliError::Failed(format!(
                "{} was not imported; mend the rows above, or leave them out with --skip-bad-rows",
                refused.join(", ")
            )))
        }
    }

    fn file(&self, app: &App, kind: FileKind, path: &Path) -> Result<ImportReport, CliError> {
        let failed = |error| CliError::Failed(format!("{} cannot be read: {error}", path.display()));
        let file = File::open(path).map_err(failed)?;
        let bar = progress::bytes(&kind.file_name(), file.metadata().map_err(failed)?.len());
        let options = ImportOptions { dry_run: self.dry_run, skip_bad_rows: self.skip_bad_rows };
        let who = Principal::command_line();
        let report = imports::file(app, &who, kind, BufReader::new(file), options, &mut |read| bar.set_position(read))?;
        bar.finish_and_clear();
        Ok(report)
    }

    /// Writes the rejected lines as they stand in the file, under its header, and the reasons beside them.
    fn write_rejected(&self, kind: FileKind, path: &Path, report: &ImportReport) -> Result<(), CliError> {
        let folder = self.rejected.clone().unwrap_or_else(|| self.dir.join("rejected"));
        let failed = |error: &dyn std::fmt::Display| {
            CliError::Failed(format!("the rejected rows cannot be written to {}: {error}", folder.display()))
        };
        fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
        let rejected: BTreeSet<i64> = report.rejected_lines.iter().copied().collect();
        let file = File::open(path).map_err(|error| failed(&error))?;
        let mut reader = RowReader::new(kind, BufReader::new(file)).map_err(|error| failed(&error))?;
        let rows = folder.join(&report.file);
        let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&rows).map_err(|error| failed(&error))?;
        writer.write_record(header(kind).split(',')).map_err(|error| failed(&error))?;
        while let Some(row) = reader.next_row().map_err(|error| failed(&error))? {
            if rejected.contains(&row.line) {
                writer.write_byte_record(&row.fields).map_err(|error| failed(&error))?;
            }
        }
        writer.flush().map_err(|error| failed(&error))?;
        let reasons = folder.join(format!("{}.report.csv", report.file.trim_end_matches(".csv")));
        let mut writer = csv::Writer::from_path(&reasons).map_err(|error| failed(&error))?;
        writer.write_record(["line", "column", "reason"]).map_err(|error| failed(&error))?;
        for problem in &report.problems {
            let line = problem.line.to_string();
            writer.write_record([line.as_str(), &problem.column, &problem.reason]).map_err(|error| failed(&error))?;
        }
        writer.flush().map_err(|error| failed(&error))?;
        print(&format!(
            "{}: rejected rows are in {}, the reasons in {}\n",
            report.file,
            rows.display(),
            reasons.display()
        ))
    }
}

fn summary(report: &ImportReport, dry_run: bool) -> String {
    let outcome = match (dry_run, report.stored) {
        (true, _) => "checked only",
        (false, true) => "stored",
        (false, false) => "not stored",
    };
    format!(
        "{}: {} rows read, {} new or changed, {} rejected; {outcome}\n",
        report.file, report.rows_read, report.rows_changed, report.rows_rejected
    )
}

/// Write everything out as exchange files, in their canonical form.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  facilities-audit export ./national")]
pub struct Export {
    /// The folder to write into; made if it does not exist
    dir: PathBuf,
}

impl Export {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let app = open_existing(data)?;
        let failed = |error| CliError::Failed(format!("{} cannot be written: {error}", self.dir.display()));
        fs::create_dir_all(&self.dir).map_err(failed)?;
        for kind in FileKind::ALL {
            // Beside its name first, so that a broken export never stands where a whole one stood.
            let path = self.dir.join(kind.file_name());
            let mut part = tempfile::NamedTempFile::new_in(&self.dir).map_err(failed)?;
            let mut output = BufWriter::new(part.as_file_mut());
            let rows = exports::file(&app, &Principal::command_line(), kind, &mut output)?;
            output.flush().map_err(failed)?;
            drop(output);
            if rows == 0 && kind == FileKind::ExpectedCaseload {
                // Optional, and empty: leaving it out says the same, and an older one would say something else.
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
                    _ => continue,
                }
            }
            part.as_file().sync_all().map_err(failed)?;
            part.persist(&path).map_err(|error| failed(error.error))?;
            print(&format!("{}: {rows} rows\n", kind.file_name()))?;
        }
        Ok(())
    }
}
