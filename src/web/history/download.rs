//! The history as a CSV file for people, written page by page as it is sent, so that a long one takes no memory.

use futures_util::stream;
use poem::http::header;
use poem::{Body, Response};

use super::words::{COLUMNS, Words, fields};
use crate::app::history::{MOST, NamedEntry};
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::formats::csv::guarded_rows;
use crate::store::history::Place;
use crate::web::Web;
use crate::web::errors::PageError;

/// Reads the entries before a place, the newest first.
pub(super) trait Pages: Fn(&App, &Principal, Option<Place>, i64) -> Result<Vec<NamedEntry>, AppError> {}

impl<T> Pages for T where T: Fn(&App, &Principal, Option<Place>, i64) -> Result<Vec<NamedEntry>, AppError> {}

/// Where an entry stands among all.
pub(super) fn place(named: &NamedEntry) -> Place {
    (named.entry.at, named.entry.object.clone(), named.entry.seq)
}

/// The next bytes of the file, and where they end; `None` at its end.
type Written = Option<(Vec<u8>, Place)>;

fn next_page(app: &App, who: &Principal, pages: &impl Pages, before: Option<Place>) -> Result<Written, AppError> {
    let entries = pages(app, who, before, MOST)?;
    let Some(last) = entries.last().map(place) else { return Ok(None) };
    let words = Words::load(app, who, entries.iter())?;
    let bytes = guarded_rows(entries.iter().map(|entry| fields(entry, &words)))
        .map_err(|error| AppError::Unexpected(error.to_string()))?;
    Ok(Some((bytes, last)))
}

/// The download. The first page is read before anything is sent, so that a refusal is one.
pub(super) async fn download(
    web: &Web,
    who: &Principal,
    name: &str,
    pages: impl Pages + Clone + Send + Sync + 'static,
) -> Result<Response, PageError> {
    let columns = guarded_rows([COLUMNS.map(ToOwned::to_owned)].into_iter())
        .map_err(|error| PageError::internal(error.to_string()))?;
    // Spreadsheets take a file without the mark for one in an older alphabet.
    let header_row = ["\u{feff}".as_bytes(), &columns].concat();
    let read = move |app: App, who: Principal, before: Option<Place>| {
        let pages = pages.clone();
        async move { app.run(move |app| next_page(app, &who, &pages, before)).await }
    };
    let first = read(web.app.clone(), who.clone(), None).await?;
    let (app, who) = (web.app.clone(), who.clone());
    let rest = stream::try_unfold(first, move |written| {
        let (app, who, read) = (app.clone(), who.clone(), read.clone());
        async move {
            let Some((bytes, last)) = written else { return Ok(None) };
            let next = read(app, who, Some(last)).await.map_err(|error| {
                // The connection breaks off, so that half a file is not taken for a whole one.
                tracing::error!(%error, "a download of the history failed");
                std::io::Error::other("the history could not be read")
            })?;
            Ok(Some((bytes, next)))
        }
    });
    let all = futures_util::StreamExt::chain(stream::iter([Ok::<_, std::io::Error>(header_row)]), rest);
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_bytes_stream(all)))
}
