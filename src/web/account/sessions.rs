//! One's own sessions: where one is signed in, and ending that.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::app::sessions::{self, SessionLine};
use crate::formats::display::day_and_time;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct SessionView {
    id: String,
    is_current: bool,
    browser: String,
    address: String,
    began: String,
    seen: String,
    ends: String,
}

impl From<SessionLine> for SessionView {
    fn from(line: SessionLine) -> Self {
        Self {
            id: line.id,
            is_current: line.is_current,
            browser: browser_words(line.agent.as_deref().unwrap_or_default()),
            address: line.address.unwrap_or_else(|| "not known".into()),
            began: day_and_time(line.created_at),
            seen: day_and_time(line.seen_at),
            ends: day_and_time(line.expires_at),
        }
    }
}

/// What a browser calls itself, in words that its user knows it by: "Firefox on Windows".
fn browser_words(agent: &str) -> String {
    // Most browsers also name the ones that they are like: the first that is found is the one.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ];
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Another browser".to_owned(),
    }
}

#[derive(Debug, Serialize)]
struct SessionsView {
    notice: &'static str,
    sessions: Vec<SessionView>,
    others: usize,
}

#[derive(Debug, Default, Deserialize)]
struct SessionsQuery {
    done: Option<String>,
}

/// `GET /account/sessions`
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(query): Query<SessionsQuery>,
) -> poem::Result<Response> {
    let (who, session) = (reader.who.clone(), reader.reader.session.clone());
    let lines = web.app.run(move |app| sessions::list(app, &who, session.as_deref())).await.map_err(PageError::from)?;
    let others = lines.iter().filter(|line| !line.is_current).count();
    let notice = match query.done.as_deref() {
        Some("one") => "The session is ended.",
        Some("others") => "All your other sessions are ended.",
        _ => "",
    };
    let view = SessionsView { notice, others, sessions: lines.into_iter().map(SessionView::from).collect() };
    web.page("account_sessions", &Page::new(&reader.reader, "Where you are signed in", view))
}

/// `POST /account/sessions/{session}/end`
#[handler]
pub(in crate::web) async fn end(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    web.app.run(move |app| sessions::end(app, &who, &id)).await.map_err(PageError::from)?;
    Ok(redirect("/account/sessions?done=one").finish())
}

/// `POST /account/sessions/end-others`
#[handler]
pub(in crate::web) async fn end_others(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    let (who, session) = (reader.who.clone(), reader.reader.session.clone());
    web.app.run(move |app| sessions::end_others(app, &who, session.as_deref())).await.map_err(PageError::from)?;
    Ok(redirect("/account/sessions?done=others").finish())
}

#[cfg(test)]
mod tests {
    use super::browser_words;

    #[test]
    fn browsers_go_by_their_own_names() {
        for (agent, words) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 \
                 Safari/537.36 Edg/138.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.5.0", "Another browser"),
            ("", "Another browser"),
        ] {
            assert_eq!(browser_words(agent), words);
        }
    }
}
