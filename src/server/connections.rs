//! The accept loop. It is our own because the framework's knows no time limit for the head of a request: clients that
//! send one letter a minute would hold their connections for good.
//!
//! HTTP/1.1 alone: a proxy in front gives browsers HTTP/2, and its attacks stay with the proxy.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::tls::Tls;

/// Within this time the head of a request must be there, and the next request of a kept connection begun.
const HEAD_TIME: Duration = Duration::from_secs(20);

/// Within this time a client must have agreed on TLS.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// Bytes of a request line and its headers together; answered with 431 beyond.
const LARGEST_HEAD: usize = 32 * 1024;

/// Headers of a request; answered with 431 beyond.
const MOST_HEADERS: usize = 100;

/// Connections that are open at once. The next ones wait.
const MOST_CONNECTIONS: usize = 4096;

/// How long requests and jobs under way may take when the process is told to stop.
pub(super) const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// Serves until `stop`, then lets requests under way finish.
pub async fn serve<E>(
    listener: TcpListener,
    tls: Option<Tls>,
    routes: E,
    stop: impl Future<Output = ()>,
) -> io::Result<()>
where
    E: Endpoint<Output = Response> + 'static,
{
    let local = listener.local_addr()?;
    let (routes, tls) = (Arc::new(routes), tls.map(Arc::new));
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await;
            listener.accept().await.map(|(stream, remote)| (stream, remote, place))
        };
        let (stream, remote, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, most likely: it passes as connections end.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let connection = Connection {
            routes: routes.clone(),
            local: LocalAddr(Addr::SocketAddr(local)),
            remote: RemoteAddr(Addr::SocketAddr(remote)),
            watcher: graceful.watcher(),
        };
        let tls = tls.clone();
        tokio::spawn(async move {
            connection.run(stream, tls.as_deref()).await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_REQUESTS, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the time to stop was over");
    }
    Ok(())
}

struct Connection<E> {
    routes: Arc<E>,
    local: LocalAddr,
    remote: RemoteAddr,
    watcher: Watcher,
}

impl<E: Endpoint<Output = Response> + 'static> Connection<E> {
    async fn run(self, stream: TcpStream, tls: Option<&Tls>) {
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else { return self.http(stream, Scheme::HTTP).await };
        match tokio::time::timeout(HANDSHAKE_TIME, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.http(stream, Scheme::HTTPS).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS was agreed on"),
            Err(_) => tracing::debug!("a client took too long to agree on TLS"),
        }
    }

    async fn http(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, scheme: Scheme) {
        let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
            let (routes, local, remote, scheme) =
                (self.routes.clone(), self.local.clone(), self.remote.clone(), scheme.clone());
            async move {
                let response = routes.get_response((request, local, remote, scheme).into()).await;
                Ok::<hyper::Response<_>, Infallible>(response.into())
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_header_size(LARGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}
