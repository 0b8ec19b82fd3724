//! The page of one account.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{account_name, notice, state_words};
use crate::app::accounts::{self, AccountLine, Giveable, membership_words};
use crate::app::error::InputProblem;
use crate::app::history::{self, NamedEntry};
use crate::app::sessions::{self, SessionLine};
use crate::app::{App, AppError};
use crate::domain::access::{Membership, Permission, Principal, Scope};
use crate::domain::history::Object;
use crate::formats::display::day_and_time;
use crate::store::history::HistoryFilter;
use crate::web::Web;
use crate::web::choices::{Chosen, RoleFields};
use crate::web::errors::PageError;
use crate::web::fields::Form;
use crate::web::forms::address;
use crate::web::history::{EntryView, Words};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;

/// Entries of the history that the page shows; the rest is a link away.
const ENTRIES: i64 = 20;

#[derive(Debug, Serialize)]
struct HeldView {
    words: String,
    /// Where it is taken away; empty where the reader may not.
    remove: String,
}

#[derive(Debug, Serialize)]
struct SessionView {
    id: String,
    began: String,
    seen: String,
    from: String,
    agent: String,
}

impl SessionView {
    fn new(line: SessionLine) -> Self {
        Self {
            id: line.id,
            began: day_and_time(line.created_at),
            seen: day_and_time(line.seen_at),
            from: line.address.unwrap_or_default(),
            agent: line.agent.unwrap_or_default(),
        }
    }
}

#[derive(Debug, Serialize)]
struct AccountView {
    id: String,
    notice: &'static str,
    /// What is wrong with the role to give.
    form: Form,
    name: String,
    email: String,
    state: &'static str,
    tag: &'static str,
    made: String,
    last_signed_in: String,
    second_factor: bool,
    enabled: bool,
    erased: bool,
    never_came: bool,
    /// It is the reader's own: what would lock them out is left to a colleague.
    own: bool,
    may_manage: bool,
    held: Vec<HeldView>,
    /// What the reader may give it.
    give: Option<RoleFields>,
    sessions: Vec<SessionView>,
    reads_history: bool,
    happened: Vec<EntryView>,
    did: Vec<EntryView>,
    did_all: String,
}

/// What the page is made of.
struct Loaded {
    line: AccountLine,
    giveable: Giveable,
    sessions: Vec<SessionLine>,
    happened: Vec<NamedEntry>,
    did: Vec<NamedEntry>,
    words: Words,
}

fn load(app: &App, who: &Principal, id: &str) -> Result<Loaded, AppError> {
    let line = accounts::one(app, who, id)?;
    let mut loaded = Loaded {
        giveable: accounts::giveable(app, who)?,
        sessions: Vec::new(),
        happened: Vec::new(),
        did: Vec::new(),
        words: Words::load(app, who, std::iter::empty())?,
        line,
    };
    if loaded.line.may_manage {
        loaded.sessions = sessions::of_account(app, who, id)?;
    }
    if who.may_everywhere(Permission::ReadFullHistory) {
        let of = HistoryFilter { object: Some(Object::Account(id.into()).to_string()), ..HistoryFilter::default() };
        let by = HistoryFilter { actor: Some(loaded.line.account.subject()), ..HistoryFilter::default() };
        loaded.happened = history::newest(app, who, &of, ENTRIES)?;
        loaded.did = history::newest(app, who, &by, ENTRIES)?;
        loaded.words = Words::load(app, who, loaded.happened.iter().chain(&loaded.did))?;
    }
    Ok(loaded)
}

/// The address that asks whether to take a membership away.
fn remove_address(id: &str, held: &Membership) -> String {
    let (service, area) = match &held.scope {
        Scope::Service(code) => (code.as_str(), ""),
        Scope::Area(code) => ("", code.as_str()),
        Scope::National | Scope::Section { .. } => ("", ""),
    };
    let query = [("role", held.role.as_str()), ("service", service), ("area", area)];
    address(&format!("/accounts/{id}/memberships/remove"), &query)
}

fn view(
    loaded: Loaded,
    reader: &SignedInReader,
    done: Option<&str>,
    chosen: Chosen<'_>,
    problems: &[InputProblem],
) -> AccountView {
    let Loaded { line, giveable, sessions, happened, did, words } = loaded;
    let AccountLine { account, memberships, may_manage } = line;
    let (state, tag) = state_words(&account);
    let held = |held: &Membership| HeldView {
        words: membership_words(held),
        remove: if giveable.roles.contains(&held.role) { remove_address(&account.id, held) } else { String::new() },
    };
    AccountView {
        notice: notice(done),
        form: Form::default().refused(problems),
        name: account_name(&account),
        email: account.email.clone(),
        state,
        tag,
        made: day_and_time(account.created_at),
        last_signed_in: account.last_signed_in_at.map(day_and_time).unwrap_or_default(),
        second_factor: account.totp_confirmed,
        enabled: account.is_enabled(),
        erased: account.erased_at.is_some(),
        never_came: account.last_signed_in_at.is_none(),
        own: reader.who.account() == Some(account.id.as_str()),
        may_manage,
        held: memberships.iter().map(held).collect(),
        give: account.is_enabled().then(|| RoleFields::new(&giveable, chosen, problems)),
        sessions: sessions.into_iter().map(SessionView::new).collect(),
        reads_history: reader.who.may_everywhere(Permission::ReadFullHistory),
        happened: happened.iter().map(|entry| EntryView::new(entry, &words)).collect(),
        did: did.iter().map(|entry| EntryView::new(entry, &words)).collect(),
        did_all: address("/history", &[("actor", &account.subject())]),
        id: account.id,
    }
}

/// The page of an account, with what was wrong in its form.
pub(super) async fn page(
    web: &Web,
    reader: &SignedInReader,
    id: &str,
    done: Option<&str>,
    chosen: Chosen<'_>,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let (who, asked) = (reader.who.clone(), id.to_owned());
    let loaded = web.app.run(move |app| load(app, &who, &asked)).await.map_err(PageError::from)?;
    let view = view(loaded, reader, done, chosen, problems);
    let title = view.name.clone();
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let has_form = view.give.is_some();
    let page = Page::new(&reader.reader, &title, view).with_errors(wrong).with_form(has_form);
    web.page_with(status, "person", &page)
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
struct DoneQuery {
    done: Option<String>,
}

/// `GET /accounts/{id}`
#[handler]
pub(in crate::web) async fn one(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    Query(query): Query<DoneQuery>,
) -> poem::Result<Response> {
    page(web, &reader, &id, query.done.as_deref(), Chosen::default(), &[]).await
}
