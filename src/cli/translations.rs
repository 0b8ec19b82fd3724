//! `translations`: what is not translated yet.

use clap::Args;

use super::{CliError, print, read_language, seed_files};
use crate::app::translations::report;
use crate::config::DataOptions;
use crate::formats::seeds::read_reference;

/// List what is not translated yet.
#[derive(Debug, Args)]
#[command(
    after_help = "One line a missing text, with tabs: the part (pages, or the version of a questionnaire), where the \
                  text stands, what it says in English. The lines before, which begin with #, count.\n\nExamples:\n  \
                  facilities-audit translations\n  facilities-audit translations --language cy > missing.tsv"
)]
pub struct Translations {
    /// The language: cy
    #[arg(long, default_value = "cy")]
    language: String,
}

impl Translations {
    /// Prints the list.
    pub fn run(&self, data: &DataOptions) -> Result<(), CliError> {
        let language = read_language(&self.language)?;
        let parts = report(&read_reference(&seed_files(data))?, language);
        let mut lines = String::new();
        for part in &parts {
            lines.push_str(&format!("# {}: {} of {} texts translated\n", part.name, part.translated(), part.texts));
        }
        for part in &parts {
            for (place, english) in &part.missing {
                lines.push_str(&format!("{}\t{place}\t{}\n", part.name, english.replace(['\n', '\t'], " ")));
            }
        }
        print(&lines)
    }
}
