//! A name for each request, which its log lines and its reply share.

use poem::http::HeaderValue;
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use tracing::Instrument as _;

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request that is being answered; empty outside of one.
pub fn current() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Gives each request an id: in the tracing span, in `X-Request-Id` of the reply and in problems that hide their cause.
/// A request that has one already keeps it, so an outer and an inner layer agree.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestId;

impl<E: Endpoint> Middleware<E> for RequestId {
    type Output = RequestIdEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestIdEndpoint { inner }
    }
}

/// See [`RequestId`].
#[derive(Debug)]
pub struct RequestIdEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for RequestIdEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if !current().is_empty() {
            return self.inner.call(request).await.map(IntoResponse::into_response);
        }
        let id = uuid::Uuid::new_v4().to_string();
        let path = request.original_uri().path().to_owned();
        let span = tracing::info_span!("request", id = %id, method = %request.method(), path = %path);
        let reply = REQUEST_ID.scope(id.clone(), self.inner.call(request)).instrument(span).await;
        let mut response = reply.map(IntoResponse::into_response)?;
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", value);
        }
        Ok(response)
    }
}
