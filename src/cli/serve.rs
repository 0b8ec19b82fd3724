//! `serve`: the service on the configured database.

use std::net::{SocketAddr, TcpListener};

use clap::Args;
use poem::http::Uri;

use super::{CliError, open_with, print};
use crate::app::{App, Settings};
use crate::config::{
    DataOptions, KeyOptions, MailOptions, OpenIdOptions, ProtectionOptions, SMTP_URL, ServerOptions, TlsOptions,
};
use crate::server;
use crate::server::door::Protection;
use crate::server::hosts::Hosts;
use crate::server::tls::Tls;

/// Serve the configured database.
///
/// Other machines are served by TLS, in this process (--tls-cert) or in a proxy in front (an https:// public address).
/// The limits are those of one process.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  facilities-audit serve --port 8080
  facilities-audit serve --bind 0.0.0.0 --port 443 --public-url https://audit.example.org --tls-cert chain.pem --tls-key key.pem
  facilities-audit serve --bind 10.0.0.5 --public-url https://audit.example.org --trusted-proxies 10.0.0.1")]
pub struct Serve {
    #[command(flatten)]
    server: ServerOptions,

    #[command(flatten)]
    key: KeyOptions,

    #[command(flatten)]
    mail: MailOptions,

    #[command(flatten)]
    openid: OpenIdOptions,

    /// The address under which people reach the service [default: where it listens]
    #[arg(long, env = "FACILITIES_AUDIT_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,

    #[command(flatten)]
    protection: ProtectionOptions,

    #[command(flatten)]
    tls: TlsOptions,
}

impl Serve {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let key = self.key.key().map_err(CliError::Usage)?;
        let mail = self.mail.sender().map_err(CliError::Usage)?;
        if mail.is_none() {
            tracing::warn!("no mail server is configured: mails wait in the outbox until {SMTP_URL} is set");
        }
        let tls = self.tls.tls().map_err(CliError::Usage)?;
        let openid = self.openid.settings().map_err(CliError::Usage)?;
        let listener = bind(&self.server)?;
        let place = place_of(&listener)?;
        let public_url = public_url(self.public_url.as_deref(), place, tls.is_some())?;
        must_be_private(&public_url, place, tls.is_some(), self.tls.allow_plain_http)?;
        let secure_cookies = public_url.starts_with("https://");
        let protection = protection(&self.protection, &public_url, place)?;
        let contact = self.mail.contact().map_err(CliError::Usage)?;
        let settings = Settings { demo: false, secure_cookies, public_url, key: Some(key), mail, openid, contact };
        let app = open_with(data, &data.database_url, settings)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        run_server(app, listener, protection, tls, |address| print(&format!("Listening on {scheme}://{address}\n")))
    }
}

/// The address under which people reach the service, without a slash at its end.
fn public_url(given: Option<&str>, place: SocketAddr, by_tls: bool) -> Result<String, CliError> {
    let Some(given) = given else {
        if place.ip().is_unspecified() {
            let sentence = "say with --public-url under which address people reach the service: it listens on all \
                            addresses of the machine";
            return Err(CliError::Usage(sentence.into()));
        }
        return Ok(format!("{}://{place}", if by_tls { "https" } else { "http" }));
    };
    let uri: Option<Uri> = given.parse().ok();
    let is_plain = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path_and_query().is_none_or(|rest| rest == "/")
            && !given.contains('@')
    };
    if uri.as_ref().is_some_and(is_plain) {
        return Ok(given.trim_end_matches('/').to_owned());
    }
    Err(CliError::Usage(format!("the public address {given:?} must be like https://audit.example.org, without a path")))
}

/// Passwords, sessions and answers do not cross a network in the clear.
fn must_be_private(public_url: &str, place: SocketAddr, by_tls: bool, allowed: bool) -> Result<(), CliError> {
    if public_url.starts_with("https://") || allowed {
        return Ok(());
    }
    if by_tls {
        let sentence =
            format!("the service is served by TLS, so its public address {public_url} must begin with https://");
        return Err(CliError::Usage(sentence));
    }
    if place.ip().is_loopback() {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{place} is reached from other machines, and {public_url} is plain HTTP: passwords would cross the network in \
         the clear. Serve TLS (--tls-cert, --tls-key), or put a proxy with TLS in front and give its https:// address \
         as --public-url; --allow-plain-http does without"
    )))
}

/// What the server's door is told.
pub(super) fn protection(
    options: &ProtectionOptions,
    public_url: &str,
    place: SocketAddr,
) -> Result<Protection, CliError> {
    let uri: Uri = public_url.parse().map_err(|_| CliError::Usage(format!("{public_url} is no address")))?;
    Ok(Protection {
        hosts: Hosts::new(&uri, &options.hosts, place).map_err(CliError::Usage)?,
        proxies: options.proxies(),
        limits: options.limits(),
        public_url: public_url.to_owned(),
        origins: options.cors_origins.clone(),
    })
}

/// Takes the port, before anything else is done that a taken port would make pointless.
pub(super) fn bind(options: &ServerOptions) -> Result<TcpListener, CliError> {
    let bound = match options.bind.parse() {
        Ok(address) => TcpListener::bind(SocketAddr::new(address, options.port)),
        Err(_) => TcpListener::bind((options.bind.as_str(), options.port)),
    };
    bound.map_err(|error| {
        let place = format!("{}:{}", options.bind, options.port);
        CliError::Failed(format!("cannot listen on {place}: {error}; name another with --port or --bind"))
    })
}

/// Where a listener listens.
pub(super) fn place_of(listener: &TcpListener) -> Result<SocketAddr, CliError> {
    listener.local_addr().map_err(|error| CliError::Failed(error.to_string()))
}

/// Says where the server listens, and serves until it is told to stop.
pub(super) fn run_server(
    app: App,
    listener: TcpListener,
    protection: Protection,
    tls: Option<Tls>,
    bound: impl FnOnce(SocketAddr) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let address = place_of(&listener)?;
    let failed = |error: std::io::Error| CliError::Failed(error.to_string());
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    let stop = {
        let _inside = runtime.enter();
        // Before anybody learns that it runs, who might tell it to stop.
        server::told_to_stop().map_err(failed)?
    };
    bound(address)?;
    runtime
        .block_on(server::serve(app, listener, protection, tls, stop))
        .map_err(|error| CliError::Failed(format!("the server stopped: {error}")))
}
