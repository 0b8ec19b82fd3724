//! `kpi-counts`: patient-level records → KPI counts, on the machine of whoever holds the records. It opens no database
//! and asks no server.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, complain, print, progress};
use crate::domain::interchange::FileKind;
use crate::domain::patient::counts::{CountedRow, Counting, Division};
use crate::domain::register::is_service_code;
use crate::formats::csv::{FieldProblem, RowWriter};
use crate::formats::patient_records::{COLUMNS, RecordReader, RecordsError};

/// Count patient-level records into kpi_counts.csv, on this machine: no patient data leaves it.
///
/// Each row of the file is one index fracture of one person. The counts can then be loaded on the page of counts, by the
/// API or with `import`.
#[derive(Debug, Args)]
#[command(after_help = help())]
pub struct KpiCounts {
    /// The records: CSV with a header, UTF-8
    #[arg(long, value_name = "records.csv")]
    from: PathBuf,

    /// The file to write
    #[arg(short, long, value_name = "kpi_counts.csv")]
    output: PathBuf,

    /// Every record is this service's [default: the column service_code says whose]
    #[arg(long, value_name = "CODE")]
    service: Option<String>,

    /// Count only what counts in this audit year [default: every month there is]
    #[arg(long)]
    year: Option<i32>,

    /// Beside all patients, count by these: age_band, sex, residence, site, outcome, or several at once (age_band+sex)
    #[arg(long, value_name = "KEYS", value_delimiter = ',', default_value = "age_band,sex,residence,site,outcome")]
    by: Vec<String>,

    /// Count all patients alone
    #[arg(long, conflicts_with = "by")]
    totals_only: bool,

    /// Leave bad rows out and count the rest
    #[arg(long)]
    skip_bad_rows: bool,
}

fn help() -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|column| format!("  {:23} {}", column.name, column.takes)).collect();
    format!(
        "Columns, in any order; other columns are not read. Empty is \"not recorded\":\n{}\n\n\
         docs/kpi-counts.md has the rule of each KPI.\n\n\
         Examples:\n  facilities-audit kpi-counts --from extract.csv -o kpi_counts.csv --year 2021\n  \
         facilities-audit kpi-counts --from ours.csv --service FLS012 --by sex,age_band+sex -o kpi_counts.csv",
        columns.join("\n")
    )
}

/// Bad rows that are told one by one.
const MOST_PROBLEMS: u64 = 1_000;

impl KpiCounts {
    pub(super) fn run(self) -> Result<(), CliError> {
        if let Some(service) = self.service.as_deref().filter(|code| !is_service_code(code)) {
            let reason = format!("--service {service:?} is not a unit code of 3 to 8 capital letters and digits");
            return Err(CliError::Usage(reason));
        }
        let divisions = if self.totals_only {
            Vec::new()
        } else {
            let read = self.by.iter().map(|text| text.parse::<Division>());
            let read = read.collect::<Result<Vec<_>, _>>();
            read.map_err(|reason| CliError::Usage(format!("--by: {reason}")))?
        };
        let mut counting = Counting::new(divisions, self.year);
        let bad = self.count(&mut counting)?;
        if bad > 0 && !self.skip_bad_rows {
            return Err(CliError::Failed(format!(
                "{} was not written; wrong rows: {bad}; mend them, or leave them out with --skip-bad-rows",
                self.output.display()
            )));
        }
        let rows = write(&self.output, &counting)?;
        print(&self.summary(&counting, bad, rows))
    }

    /// Reads and counts the file. Returns how many rows are wrong.
    fn count(&self, counting: &mut Counting) -> Result<u64, CliError> {
        let path = self.from.display();
        let failed = |error: std::io::Error| CliError::Failed(format!("{path} cannot be read: {error}"));
        let file = File::open(&self.from).map_err(failed)?;
        let bar = progress::bytes("records", file.metadata().map_err(failed)?.len());
        let unreadable = |error: RecordsError| CliError::Failed(format!("{path}: {error}"));
        let mut reader = RecordReader::new(BufReader::new(file), self.service.clone()).map_err(unreadable)?;
        if !reader.unread_columns().is_empty() {
            complain(&format!("{path}: these columns are not read: {}", reader.unread_columns().join(", ")));
        }
        let (mut bad, mut read) = (0_u64, 0_u64);
        while let Some((line, record)) = reader.next_record().map_err(unreadable)? {
            match record {
                Ok(record) => counting.add(&record),
                Err(problems) => {
                    bad += 1;
                    if bad <= MOST_PROBLEMS {
                        bar.suspend(|| problems.iter().for_each(|problem| self.complain_of(line, problem)));
                    }
                }
            }
            read += 1;
            if read.is_multiple_of(1_000) {
                bar.set_position(reader.bytes_read());
            }
        }
        bar.finish_and_clear();
        if bad > MOST_PROBLEMS {
            complain(&format!("{path}: and {} more wrong rows", bad - MOST_PROBLEMS));
        }
        Ok(bad)
    }

    fn complain_of(&self, line: u64, problem: &FieldProblem) {
        let column = if problem.column.is_empty() { String::new() } else { format!(", column {}", problem.column) };
        complain(&format!("{}: line {line}{column}: {}", self.from.display(), problem.reason));
    }

    fn summary(&self, counting: &Counting, bad: u64, rows: u64) -> String {
        let mut text = format!(
            "{}: records counted: {}, of services: {}",
            self.from.display(),
            counting.counted(),
            counting.services().count()
        );
        if counting.too_young() > 0 {
            text.push_str(&format!(", of people under 50 left out: {}", counting.too_young()));
        }
        if bad > 0 {
            text.push_str(&format!(", wrong rows left out: {bad}"));
        }
        format!("{text}\n{}: {rows} rows\n", self.output.display())
    }
}

/// Writes the rows beside the file's name first, so that a broken file never stands where a whole one stood.
fn write(path: &Path, counting: &Counting) -> Result<u64, CliError> {
    let failed = |error| CliError::Failed(format!("{} cannot be written: {error}", path.display()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut output = BufWriter::new(part.as_file_mut());
    let mut writer = RowWriter::new(FileKind::KpiCounts, &mut output).map_err(failed)?;
    let mut rows = 0;
    for row in counting.rows() {
        writer.write(fields(&row)).map_err(failed)?;
        rows += 1;
    }
    writer.finish().map_err(failed)?;
    output.flush().map_err(failed)?;
    drop(output);
    part.as_file().sync_all().map_err(failed)?;
    part.persist(path).map_err(|error| failed(error.error))?;
    Ok(rows)
}

/// A row in the file's order of columns.
fn fields(row: &CountedRow) -> [String; 8] {
    let count = |count: Option<i64>| count.map_or_else(String::new, |count| count.to_string());
    [
        row.service.clone(),
        row.month.to_string(),
        row.kpi.to_string(),
        row.stratum.clone(),
        row.counts.numerator.to_string(),
        count(row.counts.denominator),
        count(row.counts.eligible),
        count(row.counts.complete),
    ]
}
