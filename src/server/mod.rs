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

use poem::{Endpoint, EndpointExt as _, Response, Route};

use self::door::{Door, Protection};
use self::tls::Tls;
use crate::api::request_id::RequestId;
use crate::app::App;
use crate::web::ErrorPages;

/// The whole service: pages and API.
pub fn routes(app: &App, protection: Protection) -> impl Endpoint<Output = Response> + use<> {
    let routes = Route::new()
        .at("/health", poem::get(crate::api::health::health))
        .at("/ready", poem::get(crate::api::health::ready))
        .nest("/api/v1", crate::api::routes(app.clone()))
        .at("/api/docs", poem::get(crate::api::docs()))
        .nest("/", crate::web::routes(app.clone()))
        .data(app.clone());
    Door::new(protection, ErrorPages::new(app.clone()), routes).with(RequestId)
}

/// Serves until the process is told to stop, then lets requests under way finish.
pub async fn serve(
    app: App,
    listener: std::net::TcpListener,
    protection: Protection,
    tls: Option<Tls>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    if let Some(tls) = &tls {
        tokio::spawn(tls.keep_fresh());
    }
    connections::serve(listener, tls, routes(&app, protection), stop()).await
}

/// Ctrl-C, or the signal by which service managers end a process.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
