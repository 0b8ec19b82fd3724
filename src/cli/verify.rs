//! `verify`: that the database is sound, and that nobody has changed its history.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::{CliError, open_existing, print};
use crate::app::history;
use crate::config::DataOptions;
use crate::domain::access::Principal;
use crate::formats::heads;

/// Faults that are printed one by one.
const MOST_FAULTS: usize = 100;

/// Check the database and the chains of its history.
///
/// Whoever can write the database could write a whole chain anew. Heads that are kept elsewhere show that too: write
/// them with --write-heads now and then, and check against them with --heads.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  facilities-audit verify --write-heads heads-2026-11.csv\n  facilities-audit verify --heads heads-2026-11.csv"
)]
pub struct Verify {
    /// Check against heads that were kept elsewhere
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,

    /// Write the heads of all chains to a file, if they are sound
    #[arg(long, value_name = "FILE")]
    write_heads: Option<PathBuf>,
}

impl Verify {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let kept = match &self.heads {
            None => BTreeMap::new(),
            Some(file) => {
                let named = |reason: String| CliError::Usage(format!("{}: {reason}", file.display()));
                let bytes = std::fs::read(file).map_err(|error| named(error.to_string()))?;
                heads::read(&bytes).map_err(named)?
            }
        };
        let app = open_existing(data)?;
        let who = Principal::command_line();
        let (unsound, verified) = history::verify_database(&app, &who, &kept)?;
        let mut faults: Vec<String> = unsound;
        faults.extend(verified.faults.iter().map(ToString::to_string));
        if !faults.is_empty() {
            let shown: Vec<&str> = faults.iter().take(MOST_FAULTS).map(String::as_str).collect();
            let more = faults.len().saturating_sub(MOST_FAULTS);
            let more = if more == 0 { String::new() } else { format!("\n  and {more} more") };
            let word = if faults.len() == 1 { "fault" } else { "faults" };
            return Err(CliError::Failed(format!("{} {word} found:\n  {}{more}", faults.len(), shown.join("\n  "))));
        }
        if let Some(file) = &self.write_heads {
            let failed = |error: &dyn std::fmt::Display| CliError::Failed(format!("{}: {error}", file.display()));
            let bytes = heads::write(&history::heads(&app, &who)?).map_err(|error| failed(&error))?;
            std::fs::write(file, bytes).map_err(|error| failed(&error))?;
        }
        let against = if self.heads.is_some() { format!(", {} kept heads met", kept.len()) } else { String::new() };
        print(&format!("Sound: {} entries in {} chains{against}.\n", verified.entries, verified.objects))
    }
}
