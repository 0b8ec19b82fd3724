//! `serve`: the service on the configured database.

use std::net::{SocketAddr, TcpListener};

use clap::Args;

use super::{CliError, open_with, print};
use crate::app::{App, Settings};
use crate::config::{DataOptions, KeyOptions, OpenIdOptions, ServerOptions};
use crate::server;

/// Serve the configured database.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  DATABASE_URL=postgres://audit@db/audit facilities-audit serve --bind 0.0.0.0 --port 8080"
)]
pub struct Serve {
    #[command(flatten)]
    server: ServerOptions,

    #[command(flatten)]
    key: KeyOptions,

    #[command(flatten)]
    openid: OpenIdOptions,

    /// The address under which people reach the service [default: where it listens]
    #[arg(long, env = "FACILITIES_AUDIT_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

impl Serve {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let key = self.key.key().map_err(CliError::Usage)?;
        let openid = self.openid.settings().map_err(CliError::Usage)?;
        let listener = bind(&self.server)?;
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{}:{}", self.server.bind, self.server.port));
        let secure_cookies = public_url.starts_with("https://");
        let settings = Settings { demo: false, secure_cookies, public_url, key: Some(key), openid };
        let app = open_with(data, &data.database_url, settings)?;
        run_server(app, listener, |address| print(&format!("Listening on http://{address}\n")))
    }
}

/// Takes the port, before anything else is done that a taken port would make pointless.
pub(super) fn bind(options: &ServerOptions) -> Result<TcpListener, CliError> {
    let place = format!("{}:{}", options.bind, options.port);
    TcpListener::bind(&place).map_err(|error| {
        CliError::Failed(format!("cannot listen on {place}: {error}; name another with --port or --bind"))
    })
}

/// Says where the server listens, and serves until it is told to stop.
pub(super) fn run_server(
    app: App,
    listener: TcpListener,
    bound: impl FnOnce(SocketAddr) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let address = listener.local_addr().map_err(|error| CliError::Failed(error.to_string()))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| CliError::Failed(error.to_string()))?;
    bound(address)?;
    runtime
        .block_on(server::serve(app, listener))
        .map_err(|error| CliError::Failed(format!("the server stopped: {error}")))
}
