//! What pages load: the page kit and our own stylesheet, script and icon, from the program itself.
//!
//! Every address holds a hash of all the bytes, so that a browser may keep a file for good and still sees the next
//! version at once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use flate2::Compression;
use poem::http::{Method, StatusCode, header};
use poem::web::Path;
use poem::{Request, Response, handler};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};

use super::compressed::{gzip, is_accepted};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/kit"]
struct Kit;

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Own;

/// Where the files of this version are: `/assets/0123456789ab`.
pub(super) static BASE: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for name in Kit::iter().chain(Own::iter()) {
        if let Some(file) = find(&name) {
            hasher.update(name.as_bytes());
            hasher.update(file.metadata.sha256_hash());
        }
    }
    let digest = data_encoding::HEXLOWER.encode(&hasher.finalize());
    format!("/assets/{}", digest.get(..12).unwrap_or(&digest))
});

/// The files compressed as far as it goes, which is worth doing once.
static PACKED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let names = Kit::iter().chain(Own::iter());
    let files = names.filter_map(|name| {
        let packed = gzip(&find(&name)?.data, Compression::best()).ok()?;
        Some((name.into_owned(), packed))
    });
    files.collect()
});

fn packed(name: &str) -> Option<&'static [u8]> {
    PACKED.get(name).map(Vec::as_slice)
}

fn find(name: &str) -> Option<EmbeddedFile> {
    Own::get(name).or_else(|| Kit::get(name))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// `GET` and `HEAD /assets/{version}/{name}`. A version that is not ours is answered with our file, but not for keeps: a
/// page of another instance may ask in the middle of an update.
#[handler]
pub(super) fn serve(request: &Request, Path((version, name)): Path<(String, String)>) -> Response {
    let Some(file) = find(&name) else {
        let text = "There is no such file.";
        return Response::builder().status(StatusCode::NOT_FOUND).content_type("text/plain; charset=utf-8").body(text);
    };
    let current = BASE.strip_prefix("/assets/") == Some(version.as_str());
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let packed = if is_accepted(request.headers()) { packed(&name) } else { None };
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, media_type(&name))
        .header(header::CACHE_CONTROL, keep)
        .header(header::VARY, "accept-encoding")
        .header(header::CONTENT_LENGTH, packed.map_or(file.data.len(), <[u8]>::len));
    if packed.is_some() {
        response = response.header(header::CONTENT_ENCODING, "gzip");
    }
    if request.method() == Method::HEAD {
        return response.finish();
    }
    if let Some(packed) = packed {
        return response.body(packed);
    }
    match file.data {
        Cow::Borrowed(bytes) => response.body(bytes),
        Cow::Owned(bytes) => response.body(bytes),
    }
}
