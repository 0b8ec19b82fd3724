//! API keys: which there are, and revoking them. Making one is beside.

mod making;

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub(super) use self::making::{make, make_page};

use super::Web;
use super::confirm::Confirm;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::AppError;
use crate::app::accounts::membership_words;
use crate::app::keys::{self, KeyLine};
use crate::formats::display::{capitalised, day_and_time};

#[derive(Debug, Serialize)]
struct KeyRow {
    name: String,
    held: String,
    made_by: String,
    made: String,
    expires: String,
    last_used: String,
    state: &'static str,
    tag: &'static str,
    /// Where it is revoked; empty where there is nothing to revoke.
    revoke: String,
}

impl KeyRow {
    fn new(line: &KeyLine) -> Self {
        let key = &line.key;
        let (state, tag) = match (line.is_usable, key.revoked_at) {
            (true, _) => ("Works", "green"),
            (false, Some(_)) => ("Revoked", "grey"),
            (false, None) => ("Expired", "grey"),
        };
        Self {
            name: key.name.clone(),
            held: membership_words(&key.membership),
            made_by: capitalised(&line.made_by),
            made: day_and_time(key.created_at),
            expires: key.expires_at.map_or_else(|| "Never".into(), day_and_time),
            last_used: key.last_used_at.map_or_else(|| "Never".into(), day_and_time),
            state,
            tag,
            revoke: if line.is_usable { format!("/keys/{}/revoke", key.id) } else { String::new() },
        }
    }
}

#[derive(Debug, Serialize)]
struct KeysView {
    notice: &'static str,
    keys: Vec<KeyRow>,
}

#[derive(Debug, Default, Deserialize)]
struct KeysQuery {
    done: Option<String>,
}

/// The page in place of one that a reader without a second factor asked for, and what went wrong otherwise.
fn refused(web: &Web, reader: &SignedInReader, error: AppError) -> poem::Result<Response> {
    if matches!(error, AppError::SecondFactorNeeded) {
        let page = Page::new(&reader.reader, "You need a second factor", ());
        return web.page_with(StatusCode::FORBIDDEN, "second_factor_needed", &page);
    }
    Err(PageError::from(error).into())
}

/// `GET /keys`
#[handler]
pub(super) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(query): Query<KeysQuery>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let lines = match web.app.run(move |app| keys::list(app, &who)).await {
        Ok(lines) => lines,
        Err(error) => return refused(web, &reader, error),
    };
    let revoked = query.done.as_deref() == Some("revoked");
    let notice = if revoked { "The key was revoked. It no longer works." } else { "" };
    let view = KeysView { notice, keys: lines.iter().map(KeyRow::new).collect() };
    web.page("keys", &Page::new(&reader.reader, "API keys", view))
}

/// `GET /keys/{id}/revoke`: asks.
#[handler]
pub(super) async fn revoke_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let (who, key) = (reader.who.clone(), id.clone());
    let line = match web.app.run(move |app| keys::one(app, &who, &key)).await {
        Ok(line) => line,
        Err(error) => return refused(web, &reader, error),
    };
    let used = line
        .key
        .last_used_at
        .map_or_else(|| "It was never used.".into(), |at| format!("It was last used on {}.", day_and_time(at)));
    let confirm = Confirm {
        heading: format!("Revoke the key {}", line.key.name),
        sentences: vec![
            format!("This key works as: {}. {used}", membership_words(&line.key.membership)),
            "Whatever uses it stops to work at once. A revoked key cannot be brought back.".into(),
        ],
        action: format!("/keys/{id}/revoke"),
        button: "Revoke the key",
        back: "/keys".into(),
        back_text: "API keys",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /keys/{id}/revoke`
#[handler]
pub(super) async fn revoke(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    match web.app.run(move |app| keys::revoke(app, &who, &id)).await {
        Ok(()) => Ok(redirect("/keys?done=revoked").finish()),
        Err(error) => refused(web, &reader, error),
    }
}
