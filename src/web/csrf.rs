//! Forms are taken from our own pages alone: seeing where the browser says that they come from, and by a token that only
//! our pages carry, which is bound to the reader's session.

use poem::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use poem::http::{Method, StatusCode};
use poem::web::Multipart;
use poem::{Body, FromRequest as _, Request};

use super::errors::PageError;
use super::forms::{LARGEST, Posted};
use super::reader::{CSRF_FIELD, CSRF_HEADER, Reader};
use crate::app::App;

/// Most bytes that a form with a file may have. Larger files come by the API or the command line.
const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// Refuses a request that would have an effect and does not come from one of our pages. Reading is always free.
pub(super) async fn check(request: &mut Request, reader: &Reader) -> poem::Result<()> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if !may_come_from(request) {
        let sentence = "This form was not sent from one of our own pages, so it was not taken.";
        return Err(PageError::Said(StatusCode::FORBIDDEN, sentence.into()).into());
    }
    let token = token_of(request).await?;
    if token.is_some_and(|token| reader.is_their_token(&token)) {
        return Ok(());
    }
    // Somebody whose session has ended is told so: their form was right when they were given it.
    if reader.session.is_none() && (reader.new_visitor.is_some() || reader.has_ended()) {
        return Err(PageError::NotSignedIn.into());
    }
    let sentence = "This form is out of date: you have signed in or out since it was shown, so it was not taken. Go \
                    back, load the page again, and send it again.";
    Err(PageError::Said(StatusCode::FORBIDDEN, sentence.into()).into())
}

/// The token of a request: in its header, or in the form, whose bytes are put back for the handler.
async fn token_of(request: &mut Request) -> poem::Result<Option<String>> {
    if let Some(token) = request.header(CSRF_HEADER) {
        return Ok(Some(token.to_owned()));
    }
    let kind = request.header(CONTENT_TYPE).unwrap_or_default().to_owned();
    let is_multipart = kind.starts_with("multipart/form-data");
    let most = if is_multipart { LARGEST_FILE } else { LARGEST };
    let bytes = request.take_body().into_bytes_limit(most).await.map_err(|_| {
        PageError::Said(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large to be read, or broke off.".into())
    })?;
    let token = if is_multipart {
        let copy = Request::builder().header(CONTENT_TYPE, kind.as_str()).body(bytes.clone());
        let (copy, mut body) = copy.split();
        let mut fields = Multipart::from_request(&copy, &mut body).await?;
        let mut token = None;
        while let Some(field) = fields.next_field().await? {
            if field.name() == Some(CSRF_FIELD) {
                token = Some(field.text().await?);
                break;
            }
        }
        token
    } else {
        Posted::read(&bytes).first(CSRF_FIELD).map(ToOwned::to_owned)
    };
    request.set_body(Body::from_bytes(bytes));
    Ok(token)
}

/// Whether a request may have an effect, seeing where the browser says that it comes from.
fn may_come_from(request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    // Browsers leave it out over plain HTTP; they then send the origin.
    let Some(origin) = request.header(ORIGIN) else { return false };
    // A proxy may ask us under another name than the one that its clients know.
    let public = request.data::<App>().map(|app| app.settings().public_url.as_str());
    public == Some(origin) || origin.split_once("://").is_some_and(|(_, host)| Some(host) == request.header(HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(Method::POST);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        may_come_from(&request.finish())
    }

    #[test]
    fn forms_are_taken_from_our_own_pages_alone() {
        let host = ("host", "audit.example:8080");
        assert!(may(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(may(&[host, ("sec-fetch-site", "none")]));
        assert!(may(&[host, ("origin", "http://audit.example:8080")]));
        for headers in [
            &[host][..],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site"), ("origin", "http://audit.example:8080")],
            &[host, ("origin", "http://audit.example")],
            &[host, ("origin", "null")],
            &[host, ("origin", "https://evil.example")],
        ] {
            assert!(!may(headers), "{headers:?}");
        }
    }
}
