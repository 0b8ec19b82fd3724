//! The real program, run as its users run it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Where the program is: beside the tests, as the workspace's build leaves it.
pub fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("the tests' own path");
    let folder = tests.ancestors().nth(2).expect("the tests lie in target/PROFILE/deps");
    let binary = folder.join("facilities-audit");
    assert!(binary.is_file(), "{} is missing: run cargo build --workspace first", binary.display());
    binary
}

/// The secret key of the tests' servers.
pub const SECRET_KEY: &str = "the tests' own key, which keeps no secret: 0123456789";

/// The program, with nothing of the caller's environment that would configure it.
pub fn program() -> Command {
    let mut command = Command::new(binary());
    command.env_remove("DATABASE_URL").env_remove("RUST_LOG").stdin(Stdio::null());
    command.env("FACILITIES_AUDIT_SECRET_KEY", SECRET_KEY);
    // One machine sends the requests of a whole country here; the tests of the limits set their own.
    for limit in ["KEY", "ADDRESS", "UNKNOWN_KEYS", "FORMS"] {
        command.env(format!("FACILITIES_AUDIT_LIMIT_{limit}"), "0");
    }
    command
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    /// Its exit status; `None` where a signal ended it.
    pub status: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

impl Ran {
    /// Runs a command to its end.
    pub fn run(command: &mut Command) -> Self {
        Self::from(command.output().expect("the program starts"))
    }

    /// The same, failing the test unless it succeeded.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.status, Some(0), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Fails the test unless it succeeded and printed `words`.
    #[track_caller]
    pub fn succeeded_saying(self, words: &str) -> Self {
        let ran = self.succeeded();
        assert!(ran.out.contains(words), "{words:?} is missing in:\n{}", ran.out);
        ran
    }

    /// Fails the test unless the work failed (exit status 1) with a sentence that has `words`.
    #[track_caller]
    pub fn failed_saying(self, words: &[&str]) -> Self {
        self.refused_with(1, words)
    }

    /// Fails the test unless the program ended with `status`, every one of `words` in the complaint, and no panic or
    /// debugging output shown to the user.
    #[track_caller]
    pub fn refused_with(self, status: i32, words: &[&str]) -> Self {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing in:\n{}", self.err);
        }
        for foreign in ["panicked", "RUST_BACKTRACE", "Err("] {
            assert!(!self.err.contains(foreign), "{foreign:?} is shown to the user:\n{}", self.err);
        }
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}
