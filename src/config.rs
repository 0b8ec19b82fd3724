//! Every setting, its default and its environment variable.

use std::path::PathBuf;

use clap::Args;

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
