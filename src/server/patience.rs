//! How long a body may take to arrive. Without an end, clients that send a byte a minute would hold memory and places.

use std::io;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _, stream};
use poem::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use poem::{Body, Request};
use tokio::time::Instant;

/// The time that any body has.
const AT_FIRST: Duration = Duration::from_secs(30);

/// Bytes that must come in each second after that, on average. A slow mobile connection manages several times as much.
const EACH_SECOND: u32 = 8 * 1024;

/// Gives the body of a request an end in time.
pub fn limit(request: &mut Request) {
    let has_body = [CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|name| request.headers().contains_key(name));
    if has_body {
        let body = request.take_body();
        request.set_body(Body::from_bytes_stream(in_time(body.into_bytes_stream(), AT_FIRST)));
    }
}

fn in_time<B: AsRef<[u8]>>(
    body: impl Stream<Item = io::Result<B>> + Send + Unpin,
    at_first: Duration,
) -> impl Stream<Item = io::Result<B>> + Send {
    stream::unfold(Some((body, Instant::now() + at_first)), |state| async {
        let (mut body, until) = state?;
        match tokio::time::timeout_at(until, body.next()).await {
            Ok(Some(Ok(bytes))) => {
                let length = u32::try_from(bytes.as_ref().len()).unwrap_or(u32::MAX);
                let until = until + Duration::from_secs(1) * length / EACH_SECOND;
                Some((Ok(bytes), Some((body, until))))
            }
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(_) => Some((Err(io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly")), None)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kinds(body: impl Stream<Item = io::Result<Vec<u8>>> + Send + Unpin) -> Vec<Result<usize, io::ErrorKind>> {
        let limited = in_time(body, Duration::from_millis(50));
        limited.map(|part| part.map(|bytes| bytes.len()).map_err(|error| error.kind())).collect().await
    }

    #[tokio::test]
    async fn a_body_that_stops_is_given_up() {
        let stops = stream::iter([Ok(vec![1, 2])]).chain(stream::pending());
        assert_eq!(kinds(stops).await, [Ok(2), Err(io::ErrorKind::TimedOut)]);
    }

    #[tokio::test]
    async fn a_body_that_comes_is_passed_on() {
        let parts = [Ok(vec![0; 100]), Ok(vec![0; 7]), Err(io::Error::other("broke off"))];
        assert_eq!(kinds(stream::iter(parts)).await, [Ok(100), Ok(7), Err(io::ErrorKind::Other)]);
    }
}
