//! Answers of the API, compressed for who takes that: zstd or gzip.

use poem::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, VARY};
use poem::http::{HeaderMap, Method};
use poem::web::{Compress, CompressionAlgo};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

/// Bytes below which compressing gains nothing.
const WORTH_IT: u64 = 1024;

/// Compresses what is text. Workbooks are compressed already.
///
/// The framework's own layer does not know the word `zstd` in a request, and compresses whatever comes.
#[derive(Debug, Clone, Copy)]
pub struct Compressed;

/// See [`Compressed`].
#[derive(Debug)]
pub struct CompressedEndpoint<E>(E);

impl<E: Endpoint> Middleware<E> for Compressed {
    type Output = CompressedEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CompressedEndpoint(inner)
    }
}

impl<E: Endpoint> Endpoint for CompressedEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let algorithm = chosen(request.headers());
        let is_head = request.method() == Method::HEAD;
        let mut response = self.0.call(request).await?.into_response();
        if is_head || !is_worth_it(response.headers()) {
            return Ok(response);
        }
        response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
        Ok(match algorithm {
            Some(algorithm) => Compress::new(response, algorithm).into_response(),
            None => response,
        })
    }
}

fn is_worth_it(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let kind = text(CONTENT_TYPE).unwrap_or_default();
    let is_text = kind.starts_with("text/") || kind.contains("json");
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    is_text && length.is_none_or(|length| length >= WORTH_IT) && !headers.contains_key(CONTENT_ENCODING)
}

/// The better of the two that the request takes; zstd where it takes both alike.
fn chosen(headers: &HeaderMap) -> Option<CompressionAlgo> {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut best = None;
    for part in values.flat_map(|value| value.split(',')) {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let quality = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |quality| quality.parse::<f64>().ok());
        let (algorithm, rank) = match name.trim().to_ascii_lowercase().as_str() {
            "zstd" => (CompressionAlgo::ZSTD, 1),
            "gzip" | "x-gzip" => (CompressionAlgo::GZIP, 0),
            _ => continue,
        };
        let Some(quality) = quality.filter(|quality| *quality > 0.0) else { continue };
        if best.is_none_or(|(before, ranked, _)| (quality, rank) > (before, ranked)) {
            best = Some((quality, rank, algorithm));
        }
    }
    best.map(|(_, _, algorithm)| algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_that_is_taken() {
        for (accepted, algorithm) in [
            ("gzip, deflate, br, zstd", Some(CompressionAlgo::ZSTD)),
            ("gzip, deflate", Some(CompressionAlgo::GZIP)),
            ("zstd;q=0.1, gzip;q=0.5", Some(CompressionAlgo::GZIP)),
            ("zstd;q=0", None),
            ("identity", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(chosen(&headers), algorithm, "{accepted}");
        }
    }
}
