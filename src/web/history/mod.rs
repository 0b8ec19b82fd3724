//! The history in pages: of one response for those who answer for it, and of everything for the audit team; each with a
//! download.

mod download;
mod words;

use chrono::{DateTime, SecondsFormat, Utc};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub(super) use self::words::{EntryView, Words};

use self::download::{download, place};
use super::Web;
use super::choices::{Choice, Choices};
use super::errors::PageError;
use super::forms::address;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::read_year;
use crate::app::history::{self, NamedEntry};
use crate::app::{App, AppError, accounts};
use crate::domain::access::Principal;
use crate::formats::display::capitalised;
use crate::store::history::{HistoryFilter, Place};

/// Entries on one page.
const PAGE: usize = 100;

/// The kinds of objects, as filters and as words.
const KINDS: [(&str, &str); 10] = [
    ("response", "Responses"),
    ("account", "Accounts"),
    ("key", "API keys"),
    ("round", "Rounds"),
    ("import", "Imports"),
    ("text", "Texts"),
    ("counts", "KPI counts"),
    ("caseload", "Expected caseloads"),
    ("standard", "Staffing standards"),
    ("scenario", "Scenarios"),
];

/// A place in an address: `2026-01-31T10:00:00.123456Z~response/2022/FLS012~17`.
fn place_text((at, object, seq): &Place) -> String {
    format!("{}~{object}~{seq}", at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

fn read_place(text: &str) -> Result<Place, PageError> {
    let parts: Vec<&str> = text.split('~').collect();
    let place = match parts.as_slice() {
        [at, object, seq] => DateTime::parse_from_rfc3339(at)
            .ok()
            .map(|at| at.with_timezone(&Utc))
            .zip(seq.parse().ok())
            .map(|(at, seq)| (at, (*object).to_owned(), seq)),
        _ => None,
    };
    place.ok_or_else(|| PageError::bad_request("The address does not say where to go on. Begin with the newest."))
}

/// What an address may say.
#[derive(Debug, Clone, Default, Deserialize)]
struct HistoryQuery {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    before: String,
}

impl HistoryQuery {
    fn filter(&self) -> Result<HistoryFilter, PageError> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let kind = given(&self.kind);
        if let Some(kind) = kind.as_ref().filter(|kind| !KINDS.iter().any(|(known, _)| known == kind)) {
            return Err(PageError::bad_request(format!("{kind:?} is no kind of thing that has a history.")));
        }
        let before = given(&self.before).map(|text| read_place(&text)).transpose()?;
        Ok(HistoryFilter { actor: given(&self.actor), kind, object: None, before })
    }

    /// The address of a page with the same filter.
    fn address(&self, path: &str, before: Option<&Place>) -> String {
        let before = before.map(place_text).unwrap_or_default();
        address(path, &[("kind", &self.kind), ("actor", &self.actor), ("before", &before)])
    }
}

/// A page's entries, cut off where the next page begins.
struct Cut {
    entries: Vec<NamedEntry>,
    /// The last of them, if there are more behind it.
    last: Option<Place>,
}

/// One more entry than a page has, to see whether there are more.
const ASKED: i64 = 101;

impl Cut {
    fn new(mut entries: Vec<NamedEntry>) -> Self {
        let more = entries.len() > PAGE;
        entries.truncate(PAGE);
        Self { last: entries.last().filter(|_| more).map(place), entries }
    }

    fn views(&self, app: &App, who: &Principal) -> Result<Vec<EntryView>, AppError> {
        let words = Words::load(app, who, self.entries.iter())?;
        Ok(self.entries.iter().map(|entry| EntryView::new(entry, &words)).collect())
    }
}

#[derive(Debug, Serialize)]
struct HistoryView {
    kind: Choices,
    person: Choices,
    entries: Vec<EntryView>,
    /// It does not begin with the newest.
    continued: bool,
    older: Option<String>,
    newest: String,
    download: String,
}

/// Those who may have done something: everybody with an account, and what has none.
fn people(app: &App, who: &Principal, entries: &[NamedEntry], chosen: &str) -> Result<Vec<Choice>, AppError> {
    let mut people = vec![
        Choice::new("", "Everybody", chosen),
        Choice::new("command", "The command line", chosen),
        Choice::new("job", "The service itself", chosen),
    ];
    let accounts = accounts::list(app, who)?.into_iter().map(|line| line.account);
    let named = accounts.filter(|account| account.erased_at.is_none());
    people.extend(
        named.map(|account| Choice::new(&account.subject(), &format!("{} ({})", account.name, account.email), chosen)),
    );
    // A key, a link, an erased person: whoever is asked for stands in the list.
    if !people.iter().any(|choice| choice.is(chosen)) {
        let name = entries.first().map_or_else(|| chosen.to_owned(), |entry| capitalised(&entry.actor_name));
        people.push(Choice::new(chosen, &name, chosen));
    }
    Ok(people)
}

/// `GET /history`
#[handler]
pub(super) async fn all(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(query): Query<HistoryQuery>,
) -> poem::Result<Response> {
    let (who, filter, actor) = (reader.who.clone(), query.filter()?, query.actor.clone());
    let (cut, entries, people) = web
        .app
        .run(move |app| {
            let cut = Cut::new(history::newest(app, &who, &filter, ASKED)?);
            let views = cut.views(app, &who)?;
            let people = people(app, &who, &cut.entries, &actor)?;
            Ok((cut, views, people))
        })
        .await
        .map_err(PageError::from)?;
    let mut kinds = vec![Choice::new("", "Everything", &query.kind)];
    kinds.extend(KINDS.iter().map(|(kind, words)| Choice::new(kind, words, &query.kind)));
    let view = HistoryView {
        kind: Choices::new("kind", "What", kinds, &[]),
        person: Choices::new("actor", "Who", people, &[]),
        entries,
        continued: !query.before.is_empty(),
        older: cut.last.as_ref().map(|last| query.address("/history", Some(last))),
        newest: query.address("/history", None),
        download: query.address("/history.csv", None),
    };
    web.page("history", &Page::new(&reader.reader, "History", view).wide())
}

/// `GET /history.csv`
#[handler]
pub(super) async fn all_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(query): Query<HistoryQuery>,
) -> poem::Result<Response> {
    let filter = query.filter()?;
    let pages = move |app: &App, who: &Principal, before: Option<Place>, limit: i64| {
        history::newest(app, who, &HistoryFilter { before, ..filter.clone() }, limit)
    };
    Ok(download(web, &reader.who, "history.csv", pages).await?)
}

#[derive(Debug, Serialize)]
struct ResponseHistoryView {
    year: i32,
    service: String,
    back: String,
    entries: Vec<EntryView>,
    continued: bool,
    older: Option<String>,
    newest: String,
    download: String,
}

/// `GET /survey/{year}/{service}/history`
#[handler]
pub(super) async fn of_response(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    Query(query): Query<HistoryQuery>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let before = if query.before.is_empty() { None } else { Some(read_place(&query.before)?) };
    let (who, code) = (reader.who.clone(), service.clone());
    let (cut, entries) = web
        .app
        .run(move |app| {
            let cut = Cut::new(history::newest_of_response(app, &who, year, &code, before, ASKED)?);
            let views = cut.views(app, &who)?;
            Ok((cut, views))
        })
        .await
        .map_err(PageError::from)?;
    let base = format!("/survey/{year}/{service}");
    let to = |place: &Place| address(&format!("{base}/history"), &[("before", &place_text(place))]);
    let title = format!("History of {service} for audit year {year}");
    let view = ResponseHistoryView {
        year,
        service,
        entries,
        continued: !query.before.is_empty(),
        older: cut.last.as_ref().map(to),
        newest: format!("{base}/history"),
        download: format!("{base}/history.csv"),
        back: base,
    };
    web.page("response_history", &Page::new(&reader.reader, &title, view).wide())
}

/// `GET /survey/{year}/{service}/history.csv`
#[handler]
pub(super) async fn of_response_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    // The name of a file in a header: only what a code has.
    let safe: String = service.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("history-{year}-{safe}.csv");
    let pages = move |app: &App, who: &Principal, before: Option<Place>, limit: i64| {
        history::newest_of_response(app, who, year, &service, before, limit)
    };
    Ok(download(web, &reader.who, &name, pages).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_an_address() {
        let place =
            (DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap(), "response/2022/FLS012".into(), 17);
        assert_eq!(read_place(&place_text(&place)).unwrap(), place);
        for wrong in ["", "x", "2026-01-01~a~b", "~~", "2026-01-31T10:00:00Z~account/1"] {
            assert!(read_place(wrong).is_err(), "{wrong}");
        }
    }
}
