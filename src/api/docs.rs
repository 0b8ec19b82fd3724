//! The document in a browser.

use poem::{Endpoint, Response, endpoint::make_sync};
use sha2::{Digest as _, Sha256};

/// The page under `/api/docs`. It is self-contained, but with scripts and styles in the page, so it brings a policy of
/// its own: scripts by their hash, styles inline.
pub fn docs() -> impl Endpoint {
    let service = super::service();
    let page = service
        .swagger_ui_html()
        .replace(&service.spec(), super::document().trim_end())
        .replace("<title>Swagger UI</title>", "<title>Facilities audit API</title>")
        .replacen("<html charset=\"UTF-8\">", "<!DOCTYPE html>\n<html lang=\"en\">", 1);
    let policy = format!(
        "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        script_hashes(page.trim_start()).join(" ")
    );
    let page = page.trim_start().to_owned();
    make_sync(move |_| {
        Response::builder()
            .content_type("text/html; charset=utf-8")
            .header("content-security-policy", policy.as_str())
            .body(page.clone())
    })
}

/// The hash of each script in a page, as a policy names it.
fn script_hashes(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some((_, tag)) = rest.split_once("<script") {
        let Some((script, after)) = tag.split_once('>').and_then(|(_, body)| body.split_once("</script>")) else {
            break;
        };
        // A browser hashes the script as the page's parser hands it over: with plain line ends.
        let digest = Sha256::digest(script.replace("\r\n", "\n").as_bytes());
        hashes.push(format!("'sha256-{}'", data_encoding::BASE64.encode(&digest)));
        rest = after;
    }
    hashes
}
