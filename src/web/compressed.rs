//! Pages go out compressed where the browser takes it: they are mostly the same words again and again.
//!
//! A page that holds a secret and something that a stranger chose could be asked for again and again until its length
//! gave the secret away. The one secret of our pages is the token of their forms, and that is another in every page; see
//! [`reader`](super::reader).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use poem::http::HeaderMap;
use poem::http::header::{self, HeaderValue};
use poem::{Body, Endpoint, IntoResponse as _, Request, Response};

use super::errors::PageError;

/// Not worth it below this many bytes.
const SMALL: usize = 1024;

/// Whether a browser takes gzip.
pub(super) fn is_accepted(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        coding.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// Bytes as gzip.
pub(super) fn gzip(bytes: &[u8], level: Compression) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Compresses the pages of `inner`.
pub(super) struct Compressed<E>(pub(super) E);

impl<E: Endpoint> Endpoint for Compressed<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let accepted = is_accepted(request.headers());
        let mut response = self.0.call(request).await?.into_response();
        let kind =
            response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let worth_it = kind.starts_with("text/html") && !response.headers().contains_key(header::CONTENT_ENCODING);
        if !worth_it {
            return Ok(response);
        }
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !accepted {
            return Ok(response);
        }
        let failed =
            |error: &dyn std::fmt::Display| PageError::internal(format!("a page cannot be compressed: {error}"));
        let plain = response.take_body().into_bytes().await.map_err(|error| failed(&error))?;
        if plain.len() < SMALL {
            response.set_body(Body::from_bytes(plain));
            return Ok(response);
        }
        // The lowest level takes off most, at a fraction of the time.
        let packed = gzip(&plain, Compression::fast()).map_err(|error| failed(&error))?;
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.set_body(packed);
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_takes_it_is_sent_it() {
        let accepts = |text: &'static str| {
            is_accepted(&[(header::ACCEPT_ENCODING, HeaderValue::from_static(text))].into_iter().collect())
        };
        assert!(accepts("gzip") && accepts("br, GZIP;q=0.5") && accepts("deflate, gzip, br"));
        assert!(!accepts("br") && !accepts("gzip;q=0") && !accepts("") && !is_accepted(&HeaderMap::new()));
    }
}
