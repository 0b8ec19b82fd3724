//! Every setting, its default and its environment variable.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ipnet::IpNet;

use crate::app::outbox::Sender;
use crate::auth::key::ServerKey;
use crate::auth::openid::OpenIdSettings;
use crate::jobs::smtp::{MailServer, Smtp};
use crate::server::client::{Proxies, ProxyHeader};
use crate::server::limits::{Limits, Rate};
use crate::server::tls::Tls;

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

/// Whose requests the server takes, and how many.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Protection")]
pub struct ProtectionOptions {
    /// Further names under which the service is reached (NAME or NAME:PORT), besides that of the public address
    #[arg(long = "host", env = "FACILITIES_AUDIT_HOSTS", value_delimiter = ',', value_name = "NAME,...")]
    pub hosts: Vec<String>,

    /// Proxies that say truly for whom they ask: addresses or networks, such as 10.0.0.0/8
    #[arg(long, env = "FACILITIES_AUDIT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network, value_name = "NET,...")]
    pub trusted_proxies: Vec<IpNet>,

    /// The header in which the trusted proxies say it
    #[arg(long, env = "FACILITIES_AUDIT_PROXY_HEADER", value_enum, default_value_t, value_name = "HEADER")]
    pub proxy_header: ProxyHeader,

    /// Origins whose pages may call the API, such as https://warehouse.example.nhs.uk; none unless they are named
    #[arg(long, env = "FACILITIES_AUDIT_CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGIN,...")]
    pub cors_origins: Vec<String>,

    /// Requests of one API key, RATE/BURST: so many a second, so many at once; 0: no limit
    #[arg(long, env = "FACILITIES_AUDIT_LIMIT_KEY", default_value = "50/200", value_name = "LIMIT")]
    pub limit_key: Rate,

    /// Requests of one network address for pages, and for the API without a known key
    #[arg(long, env = "FACILITIES_AUDIT_LIMIT_ADDRESS", default_value = "100/400", value_name = "LIMIT")]
    pub limit_address: Rate,

    /// Unknown API keys from one network address
    #[arg(long, env = "FACILITIES_AUDIT_LIMIT_UNKNOWN_KEYS", default_value = "0.5/30", value_name = "LIMIT")]
    pub limit_unknown_keys: Rate,

    /// Forms from one network address that sign somebody in or send mail
    #[arg(long, env = "FACILITIES_AUDIT_LIMIT_FORMS", default_value = "1/60", value_name = "LIMIT")]
    pub limit_forms: Rate,
}

impl ProtectionOptions {
    /// The proxies that are believed.
    pub fn proxies(&self) -> Proxies {
        Proxies::new(self.trusted_proxies.clone(), self.proxy_header)
    }

    /// How many requests are taken.
    pub fn limits(&self) -> Arc<Limits> {
        Arc::new(Limits::new(self.limit_key, self.limit_address, self.limit_unknown_keys, self.limit_forms))
    }
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.trim().parse().map(|address: std::net::IpAddr| IpNet::from(address));
    let read = text.trim().parse().or_else(|_| address());
    read.map_err(|_| "write an address or a network, such as 192.0.2.7 or 10.0.0.0/8".into())
}

/// TLS, and what does without it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "TLS")]
pub struct TlsOptions {
    /// Serve TLS with the certificate chain in this PEM file, which is read again when it changes or on SIGHUP
    #[arg(long, env = "FACILITIES_AUDIT_TLS_CERT", requires = "tls_key", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key, a PEM file
    #[arg(long, env = "FACILITIES_AUDIT_TLS_KEY", requires = "tls_cert", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// Serve other machines by plain HTTP, passwords and all: for a network in which nobody listens
    #[arg(long, env = "FACILITIES_AUDIT_ALLOW_PLAIN_HTTP", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub allow_plain_http: bool,
}

impl TlsOptions {
    /// The certificate, where there is one.
    pub fn tls(&self) -> Result<Option<Tls>, String> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Tls::new(cert, key).map(Some),
            _ => Ok(None),
        }
    }
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

    /// The audit team's e-mail address, for the contact page
    #[arg(long, env = "FACILITIES_AUDIT_CONTACT", value_name = "EMAIL")]
    pub contact: Option<String>,
}

/// The environment variable that holds the address of the mail server.
pub const SMTP_URL: &str = "FACILITIES_AUDIT_SMTP_URL";

impl MailOptions {
    /// The audit team's address, if one is set, or a sentence on what is wrong with it.
    pub fn contact(&self) -> Result<Option<String>, String> {
        let Some(address) = given(self.contact.as_deref()) else { return Ok(None) };
        let parsed: Result<lettre::Address, _> = address.parse();
        parsed.map_err(|_| format!("{address:?} is no e-mail address: set FACILITIES_AUDIT_CONTACT to one"))?;
        Ok(Some(address.to_owned()))
    }

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
/// Signing in with an OpenID Connect provider: Microsoft Entra ID, NHS CIS2 and their like. The secret never stands on
/// the command line.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Signing in with OpenID Connect")]
pub struct OpenIdOptions {
    /// The provider's issuer, such as https://login.microsoftonline.com/TENANT/v2.0; people can then sign in with it.
    /// Register the address PUBLIC-URL/sign-in/openid/callback there. A secret that the provider gives goes into
    /// FACILITIES_AUDIT_OIDC_CLIENT_SECRET or into a file
    #[arg(long = "oidc-issuer", env = "FACILITIES_AUDIT_OIDC_ISSUER", value_name = "URL")]
    issuer: Option<String>,

    /// What the provider knows this service by
    #[arg(long = "oidc-client-id", env = "FACILITIES_AUDIT_OIDC_CLIENT_ID", value_name = "ID")]
    client_id: Option<String>,

    /// A file with the secret that the provider gave; without one this service is a public client
    #[arg(long = "oidc-client-secret-file", env = "FACILITIES_AUDIT_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// What people know the provider by: the button says "Sign in with NAME"
    #[arg(
        long = "oidc-name",
        env = "FACILITIES_AUDIT_OIDC_NAME",
        default_value = "your organisation",
        value_name = "NAME"
    )]
    name: String,

    /// What the provider is asked for, parted by spaces
    #[arg(
        long = "oidc-scopes",
        env = "FACILITIES_AUDIT_OIDC_SCOPES",
        default_value = "openid email profile",
        value_name = "SCOPES"
    )]
    scopes: String,

    /// Take the provider's `email` as verified where it does not say so, as Entra ID never does. Warning: whoever can
    /// have an address entered at the provider then gets the account invited by that address. Only for a provider whose
    /// addresses one organisation enters and checks, never for one where people register themselves or that serves
    /// several tenants
    #[arg(long = "oidc-trust-email", env = "FACILITIES_AUDIT_OIDC_TRUST_EMAIL")]
    trust_email: bool,
}

/// The environment variable that holds the secret of the OpenID provider.
pub const OPENID_SECRET: &str = "FACILITIES_AUDIT_OIDC_CLIENT_SECRET";

impl OpenIdOptions {
    /// The provider, if one is configured, or a sentence on what to set.
    pub fn settings(&self) -> Result<Option<OpenIdSettings>, String> {
        let Some(issuer) = given(self.issuer.as_deref()) else {
            return match given(self.client_id.as_deref()) {
                None => Ok(None),
                Some(_) => Err("there is an OpenID client id and no issuer: set FACILITIES_AUDIT_OIDC_ISSUER".into()),
            };
        };
        let client_id = given(self.client_id.as_deref())
            .ok_or("there is an OpenID issuer and no client id: set FACILITIES_AUDIT_OIDC_CLIENT_ID")?;
        let secret = match &self.client_secret_file {
            Some(file) => Some(std::fs::read_to_string(file).map_err(|error| {
                format!("the secret of the OpenID provider cannot be read from {}: {error}", file.display())
            })?),
            None => std::env::var(OPENID_SECRET).ok(),
        };
        let secret = given(secret.as_deref()).map(str::to_owned);
        let settings = OpenIdSettings::new(issuer, client_id, self.name.trim())?;
        Ok(Some(settings.with_secret(secret).with_scopes(&self.scopes).trusting_email(self.trust_email)))
    }
}

/// A setting that is there and not empty.
fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}
