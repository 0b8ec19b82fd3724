//! Every setting, its default and its environment variable.

use std::path::PathBuf;

use clap::Args;

use crate::auth::key::ServerKey;

/// Where the database and the reference data are.
#[derive(Debug, Clone, Args)]
pub struct DataOptions {
    /// The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full&sslrootcert=FILE
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        default_value = "sqlite:facilities-audit.db",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: String,

    /// Reference data from a folder laid out like seeds/, instead of what was built in
    #[arg(long, global = true, env = "FACILITIES_AUDIT_SEEDS", value_name = "DIR")]
    pub seeds: Option<PathBuf>,
}

/// How the server listens and is reached.
#[derive(Debug, Clone, Args)]
pub struct ServerOptions {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8080, env = "FACILITIES_AUDIT_PORT")]
    pub port: u16,

    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", env = "FACILITIES_AUDIT_BIND", value_name = "ADDR")]
    pub bind: String,
}

/// The server's secret key. It never stands on the command line, where other users of the machine could read it.
#[derive(Debug, Clone, Args)]
pub struct KeyOptions {
    /// A file with the secret key, of 32 characters or more; or put the key itself in FACILITIES_AUDIT_SECRET_KEY
    #[arg(long, env = "FACILITIES_AUDIT_SECRET_KEY_FILE", value_name = "FILE")]
    pub secret_key_file: Option<PathBuf>,
}

/// The environment variable that holds the secret key.
pub const SECRET_KEY: &str = "FACILITIES_AUDIT_SECRET_KEY";

impl KeyOptions {
    /// The server's key, or a sentence on what to set.
    pub fn key(&self) -> Result<ServerKey, String> {
        let secret = match &self.secret_key_file {
            Some(file) => std::fs::read_to_string(file)
                .map_err(|error| format!("the secret key cannot be read from {}: {error}", file.display()))?,
            None => std::env::var(SECRET_KEY).map_err(|_| {
                format!(
                    "there is no secret key: set {SECRET_KEY} to the output of `openssl rand -hex 32`, or name a file \
                     that holds it with --secret-key-file. Keep it: what is sealed with one key cannot be opened with \
                     another"
                )
            })?,
        };
        ServerKey::new(&secret).map_err(|error| error.to_string())
    }
}
