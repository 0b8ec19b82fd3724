//! How the provider is asked: with time-outs, a limit on what is read, and no redirect followed.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::http::Method;
use openidconnect::{HttpRequest, HttpResponse};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long one question may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long finding the provider may take of that.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(5);

/// Most bytes that are read of an answer: metadata, keys and tokens have a few thousand.
const LARGEST: u64 = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    /// It never came, or broke off.
    #[error(transparent)]
    Transport(#[from] ureq::Error),
    /// The provider says that it fails.
    #[error("it answers with status {0}")]
    Failing(u16),
}

/// Who asks. Where `https_only`, the provider's metadata cannot name an address that is not.
pub(super) fn agent(https_only: bool) -> Agent {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate authority of this machine cannot be read");
    }
    let trusted: Vec<_> = found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    // A machine without any, such as a bare container, takes those that browsers trust.
    let roots = if trusted.is_empty() { RootCerts::WebPki } else { RootCerts::Specific(Arc::new(trusted)) };
    Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .timeout_connect(Some(PATIENCE_TO_CONNECT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .https_only(https_only)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build()
        .into()
}

/// Asks once.
pub(super) fn ask(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let answer = if request.method() == Method::GET { agent.run(request.map(|_| ()))? } else { agent.run(request)? };
    if answer.status().is_server_error() {
        return Err(HttpError::Failing(answer.status().as_u16()));
    }
    let (parts, body) = answer.into_parts();
    let bytes = body.into_with_config().limit(LARGEST).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, bytes))
}
