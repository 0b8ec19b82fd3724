//! Every setting, its default and its environment variable.

use std::path::PathBuf;

use clap::Args;

use crate::auth::key::ServerKey;
use crate::auth::openid::OpenIdSettings;

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
