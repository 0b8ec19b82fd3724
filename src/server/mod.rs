//! Puts the routes together and serves them.

pub mod client;
mod connections;
pub mod door;
mod headers;
pub mod hosts;
pub mod limits;
mod patience;
pub mod tls;

use std::io;

use poem::http::Method;
use poem::middleware::Cors;
use poem::{Endpoint, EndpointExt as _, Response, Route};
use tokio::sync::watch;

use self::door::{Door, Protection};
use self::tls::Tls;
use crate::api::request_id::RequestId;
use crate::app::App;
use crate::jobs;
use crate::web::ErrorPages;

/// The whole service: pages and API.
pub fn routes(app: &App, protection: Protection) -> impl Endpoint<Output = Response> + use<> {
    let routes = Route::new()
        .at("/health", poem::get(crate::api::health::health))
        .at("/ready", poem::get(crate::api::health::ready))
        .nest("/api/v1", crate::api::routes(app.clone()).with_if(!protection.origins.is_empty(), cors(&protection)))
        .at("/api/docs", poem::get(crate::api::docs()))
        .nest("/", crate::web::routes(app.clone()))
        .data(app.clone());
    Door::new(protection, ErrorPages::new(app.clone()), routes).with(RequestId)
}

/// Lets pages of the origins that are named call the API: with a key of their own, never with a session of ours, since
/// no credentials are allowed. Our own origin is named too: its pages say theirs as well.
fn cors(protection: &Protection) -> Cors {
    let origins = protection.origins.iter().map(String::as_str).chain([protection.public_url.as_str()]);
    Cors::new()
        .allow_origins(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(["authorization", "content-type", "if-match", "if-none-match", "idempotency-key"])
        .expose_headers(["etag", "link", "retry-after", "x-request-id", "content-disposition", "deprecation", "sunset"])
        .max_age(600)
}

/// Serves, and runs the jobs, until `stop`; then lets what is under way finish.
pub async fn serve(
    app: App,
    listener: std::net::TcpListener,
    protection: Protection,
    tls: Option<Tls>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    if let Some(tls) = &tls {
        tokio::spawn(tls.keep_fresh());
    }
    let (stopping, stopped) = watch::channel(false);
    let jobs = tokio::spawn(run_jobs(app.clone(), stopped));
    let told = async {
        stop.await;
        stopping.send_replace(true);
    };
    let result = connections::serve(listener, tls, routes(&app, protection), told).await;
    // The server may also have stopped by itself.
    stopping.send_replace(true);
    let _ = jobs.await;
    result
}

/// Runs the jobs until they have stopped, or until their time is over.
async fn run_jobs(app: App, stopped: jobs::Stop) {
    let over = {
        let mut stopped = stopped.clone();
        async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(connections::LAST_REQUESTS).await;
        }
    };
    tokio::select! {
        () = jobs::run(app, stopped) => {}
        () = over => tracing::warn!("a job was under way for too long, and was left"),
    }
}

/// Ends with Ctrl-C, or the signal by which service managers end a process. Both are listened for from this call on, not
/// only once this is awaited: told to stop in between, the process would end with its mail and its saves half done.
/// Call it inside the runtime.
pub fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
