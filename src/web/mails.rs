//! The outbox, for the audit team: what waits, what was given up and why, what was sent. Never what a mail says.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::mails::{self, MailLine, MailList};
use crate::domain::mail::Mail;
use crate::formats::display::{day_and_time, thousands};

#[derive(Debug, Serialize)]
struct MailView {
    mail: &'static str,
    recipient: String,
    queued: String,
    next: String,
    failures: i32,
    sent: String,
    error: String,
    /// Where the button to try it again leads; empty where nothing is left to send.
    try_again: String,
}

#[derive(Debug, Serialize)]
struct ListView {
    count: String,
    /// There are more than are listed.
    is_part: bool,
    mails: Vec<MailView>,
}

#[derive(Debug, Serialize)]
struct MailsView {
    can_send: bool,
    is_demo: bool,
    waiting: ListView,
    given_up: ListView,
    sent: ListView,
}

fn mail_view(line: MailLine) -> MailView {
    MailView {
        mail: Mail::label(&line.mail),
        recipient: line.recipient.unwrap_or_else(|| "Erased".into()),
        queued: day_and_time(line.queued),
        next: day_and_time(line.next),
        failures: line.failures,
        sent: line.sent.map(day_and_time).unwrap_or_default(),
        error: line.error.unwrap_or_default(),
        try_again: if line.is_whole { format!("/mails/{}/try-again", line.id) } else { String::new() },
    }
}

fn list_view(list: MailList) -> ListView {
    let listed = i64::try_from(list.newest.len()).unwrap_or(i64::MAX);
    ListView {
        count: thousands(list.count),
        is_part: listed < list.count,
        mails: list.newest.into_iter().map(mail_view).collect(),
    }
}

/// `GET /mails`
#[handler]
pub(super) async fn outbox(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    let who = reader.who.clone();
    let state = web.app.run(move |app| mails::state(app, &who)).await.map_err(PageError::from)?;
    let view = MailsView {
        can_send: state.can_send,
        is_demo: web.app.is_demo(),
        waiting: list_view(state.waiting),
        given_up: list_view(state.given_up),
        sent: list_view(state.sent),
    };
    web.page("mails", &Page::new(&reader.reader, "Mails", view))
}

/// `POST /mails/{id}/try-again`
#[handler]
pub(super) async fn try_again(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    web.app.run(move |app| mails::try_again(app, &who, &id)).await.map_err(PageError::from)?;
    Ok(redirect("/mails").finish())
}
