//! Puts the routes together and serves them.

pub mod client;

use std::io;
use std::time::Duration;

use poem::listener::TcpAcceptor;
use poem::{Endpoint, EndpointExt as _, Route, Server};

use crate::app::App;

/// The whole service: pages and API.
pub fn routes(app: &App) -> impl Endpoint + use<> {
    Route::new()
        .at("/health", poem::get(crate::api::health::health))
        .at("/ready", poem::get(crate::api::health::ready))
        .nest("/api/v1", crate::api::routes(app.clone()))
        .nest("/api/docs", crate::api::docs())
        .nest("/", crate::web::routes(app.clone()))
        .data(app.clone())
}

/// Serves until the process is told to stop, then lets requests under way finish.
pub async fn serve(app: App, listener: std::net::TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let acceptor = TcpAcceptor::from_std(listener)?;
    Server::new_with_acceptor(acceptor)
        .run_with_graceful_shutdown(routes(&app), stop(), Some(Duration::from_secs(20)))
        .await
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
