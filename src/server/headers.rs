//! The headers of every response: what browsers may do with it, and that nothing keeps a copy.

use poem::Response;
use poem::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};

/// Of whatever is no page: nothing is loaded, nothing runs, nobody frames it.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// Sent with everything that does not say otherwise. The referrer stays within the service, but it is sent there:
/// without it browsers withhold the origin of a form, which we check.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (HeaderName::from_static("content-security-policy"), NOTHING),
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
        ),
    ),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Adds what is missing. Over TLS browsers are told to come by TLS alone for a year.
pub fn add(response: &mut Response, by_tls: bool) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    if by_tls {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
}
