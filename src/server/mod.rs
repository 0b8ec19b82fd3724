//! Puts the routes together and serves them.

pub mod client;

use std::io;
use std::time::Duration;

use poem::listener::TcpAcceptor;
use poem::{Endpoint, EndpointExt as _, Route, Server};
use tokio::sync::watch;

use crate::app::App;
use crate::jobs;

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

/// How long requests and jobs under way may take to finish once the process is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Serves, and runs the jobs, until the process is told to stop; then lets what is under way finish.
pub async fn serve(app: App, listener: std::net::TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let acceptor = TcpAcceptor::from_std(listener)?;
    let (stopping, stopped) = watch::channel(false);
    let jobs = tokio::spawn(run_jobs(app.clone(), stopped));
    let told = async {
        stop().await;
        stopping.send_replace(true);
    };
    let result = Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(routes(&app), told, Some(GRACE)).await;
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
            tokio::time::sleep(GRACE).await;
        }
    };
    tokio::select! {
        () = jobs::run(app, stopped) => {}
        () = over => tracing::warn!("a job was under way for too long, and was left"),
    }
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
