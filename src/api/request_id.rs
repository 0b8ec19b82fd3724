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

/// Characters of the longest part of a path that is no secret: an id.
const LONGEST_ID: usize = 36;

/// A path as it may stand in a log. Sign-in links carry their secret in the path; whatever is as long as a secret is
/// left out, so that a route which is added needs not be named here.
pub fn for_log(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.len() > LONGEST_ID { "…" } else { part });
    parts.collect::<Vec<_>>().join("/")
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
        let path = for_log(request.original_uri().path());
        let span = tracing::info_span!("request", id = %id, method = %request.method(), path = %path);
        let answered = async {
            let response = self.inner.call(request).await.map(IntoResponse::into_response)?;
            tracing::debug!(status = response.status().as_u16(), "answered");
            Ok::<_, poem::Error>(response)
        };
        let mut response = REQUEST_ID.scope(id.clone(), answered).instrument(span).await?;
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", value);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_out_of_logged_paths() {
        let secret = "kQ3vXw8yT1mZ5nB7cD9fG2hJ4kL6pR8sU0wY1aE3iO5";
        assert_eq!(for_log(&format!("/sign-in/{secret}")), "/sign-in/…");
        assert_eq!(for_log(&format!("/{secret}/{secret}x/")), "/…/…/");
        let id = "123e4567-e89b-42d3-a456-426614174000";
        assert_eq!(for_log(&format!("/api/v1/imports/{id}")), format!("/api/v1/imports/{id}"));
    }
}
