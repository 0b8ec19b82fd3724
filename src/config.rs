//! Every setting, its default and its environment variable.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::app::outbox::Sender;
use crate::auth::key::ServerKey;
use crate::jobs::smtp::{MailServer, Smtp};

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

/// How mail is sent. The address of the mail server has its password in it, so it never stands on the command line.
#[derive(Debug, Clone, Args)]
pub struct MailOptions {
    /// A file with the address of the mail server; or put the address itself in FACILITIES_AUDIT_SMTP_URL. It is
    /// smtps://USER:PASSWORD@HOST:465 (TLS), smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtp://HOST:25?tls=none.
    /// Without one, mails wait in the outbox
    #[arg(long, env = "FACILITIES_AUDIT_SMTP_URL_FILE", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,

    /// From whom mail comes: "Facilities audit <audit@example.org>"
    #[arg(long, env = "FACILITIES_AUDIT_MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<String>,
}

/// The environment variable that holds the address of the mail server.
pub const SMTP_URL: &str = "FACILITIES_AUDIT_SMTP_URL";

impl MailOptions {
    /// What sends mail, if that is configured, or a sentence on what to set.
    pub fn sender(&self) -> Result<Option<Arc<dyn Sender>>, String> {
        let address = match &self.smtp_url_file {
            Some(file) => std::fs::read_to_string(file).map_err(|error| {
                format!("the address of the mail server cannot be read from {}: {error}", file.display())
            })?,
            None => match std::env::var(SMTP_URL) {
                Ok(address) if !address.trim().is_empty() => address,
                _ => return Ok(None),
            },
        };
        let server = MailServer::parse(&address)?;
        let from = self.mail_from.as_deref().ok_or(
            "there is a mail server, but nobody to send mail from: set FACILITIES_AUDIT_MAIL_FROM, for example to              \"Facilities audit <audit@example.org>\"",
        )?;
        let from = from.parse().map_err(|_| {
            format!("{from:?} is no sender: write for example \"Facilities audit <audit@example.org>\"")
        })?;
        Ok(Some(Arc::new(Smtp::new(server, from))))
    }
}
