//! People: who has an account, what they hold, and everything that those who manage them do.

mod changes;
mod enrolment;
mod invitation;
mod person;

use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub(super) use self::changes::{
    disable, enable, end_session, erase, erase_page, give, invite_again, remove, remove_page, remove_second_factor,
    remove_second_factor_page,
};
pub(super) use self::enrolment::{enrol, enrol_page, template};
pub(super) use self::invitation::{chosen, chosen_role, given, invite, invite_page};
pub(super) use self::person::one;

use super::Web;
use super::choices::{Choice, Choices};
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::address;
use super::page::Page;
use super::reader::SignedInReader;
use crate::app::accounts::{self, AccountLine, membership_words};
use crate::domain::access::{Permission, Role};
use crate::formats::display::day_and_time;
use crate::store::accounts::Account;

/// People on one page of the list.
const PAGE: usize = 100;

/// The words for where an account stands, and the colour of its tag.
fn state_words(account: &Account) -> (&'static str, &'static str) {
    if account.erased_at.is_some() {
        ("Erased", "white")
    } else if account.disabled_at.is_some() {
        ("Disabled", "grey")
    } else if account.last_signed_in_at.is_none() {
        ("Invited, never came", "yellow")
    } else {
        ("Active", "green")
    }
}

/// How pages call an account.
fn account_name(account: &Account) -> String {
    if account.erased_at.is_some() { "A person who was erased".into() } else { account.name.clone() }
}

/// What is said after something was done: the word comes in the address, the sentence from here.
fn notice(word: Option<&str>) -> &'static str {
    match word {
        Some("invited") => "Invited. A mail with a sign-in link is on its way.",
        Some("given") => "The role was given. If it is new to them, a mail is on its way.",
        Some("invited-again") => "Invited again. A mail with a new sign-in link is on its way.",
        Some("removed") => "The role was taken away.",
        Some("disabled") => "The account was disabled, and its sessions were ended.",
        Some("enabled") => "The account was enabled. They can sign in again.",
        Some("second-factor-removed") => "The second factor was taken away. They were told by mail.",
        Some("session-ended") => "The session was ended.",
        Some("erased") => "The person was erased.",
        _ => "",
    }
}

/// What the list's address may say.
#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    role: String,
    page: Option<usize>,
    done: Option<String>,
}

#[derive(Debug, Serialize)]
struct AccountRow {
    href: String,
    name: String,
    email: String,
    held: Vec<String>,
    state: &'static str,
    tag: &'static str,
    last_signed_in: String,
}

impl AccountRow {
    fn new(line: &AccountLine) -> Self {
        let (state, tag) = state_words(&line.account);
        Self {
            href: format!("/accounts/{}", line.account.id),
            name: account_name(&line.account),
            email: line.account.email.clone(),
            held: line.memberships.iter().map(membership_words).collect(),
            state,
            tag,
            last_signed_in: line.account.last_signed_in_at.map(day_and_time).unwrap_or_default(),
        }
    }
}

#[derive(Debug, Serialize)]
struct ListView {
    notice: &'static str,
    /// The reader manages every account.
    everything: bool,
    /// The reader may hand their role over.
    leads: bool,
    form: Form,
    role: Choices,
    all: usize,
    found: usize,
    first: usize,
    last: usize,
    rows: Vec<AccountRow>,
    previous: Option<String>,
    next: Option<String>,
}

/// Whether an account has a text in its name or address, and a role.
fn is_wanted(line: &AccountLine, text: &str, role: Option<Role>) -> bool {
    let has = |field: &str| field.to_lowercase().contains(text);
    (has(&line.account.email) || has(&account_name(&line.account)))
        && role.is_none_or(|role| line.memberships.iter().any(|held| held.role == role))
}

fn list_view(lines: &[AccountLine], query: &ListQuery, reader: &SignedInReader) -> ListView {
    let role = query.role.parse().ok();
    let text = query.q.trim().to_lowercase();
    let wanted: Vec<&AccountLine> = lines.iter().filter(|line| is_wanted(line, &text, role)).collect();
    let pages = wanted.len().div_ceil(PAGE).max(1);
    let page = query.page.unwrap_or(1).clamp(1, pages);
    let rows: Vec<AccountRow> =
        wanted.iter().skip((page - 1) * PAGE).take(PAGE).map(|line| AccountRow::new(line)).collect();
    let to = |page: usize| {
        address("/accounts", &[("q", query.q.trim()), ("role", &query.role), ("page", &page.to_string())])
    };
    let mut roles = vec![Choice::new("", "All roles", &query.role)];
    roles.extend(Role::HELD.into_iter().map(|role| Choice::new(role.as_str(), role.label(), &query.role)));
    ListView {
        notice: notice(query.done.as_deref()),
        everything: reader.who.may_everywhere(Permission::ManageAccounts),
        leads: reader.who.has_role(Role::FlsLead),
        form: Form::new([Field::new("q", "Name or e-mail address").value(query.q.trim())]),
        role: Choices::new("role", "Role", roles, &[]),
        all: lines.len(),
        found: wanted.len(),
        first: (page - 1) * PAGE + usize::from(!rows.is_empty()),
        last: (page - 1) * PAGE + rows.len(),
        rows,
        previous: (page > 1).then(|| to(page - 1)),
        next: (page < pages).then(|| to(page + 1)),
    }
}

/// `GET /accounts`
#[handler]
pub(super) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(query): Query<ListQuery>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let lines = web.app.run(move |app| accounts::list(app, &who)).await.map_err(PageError::from)?;
    let view = list_view(&lines, &query, &reader);
    web.page("people", &Page::new(&reader.reader, "People", view))
}
