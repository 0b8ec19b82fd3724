//! Sends the mail that waits in the outbox: take one under a lease, put it into words, hand it to the [`Sender`], mark
//! it.
//!
//! # What a crash can do
//!
//! A mail is a row that was committed with what it tells, so nothing that happened goes untold and nothing that did not
//! happen is told. From there:
//!
//! 1. Before it is taken: it waits, and is sent after the restart.
//! 2. Taken, not handed over whole: the lease runs out after [`LEASE`], and any process takes it anew. The mail server
//!    has discarded what it was given, since the message had not ended.
//! 3. Handed over whole, not marked: the one window that cannot be closed, since the mail server and the database share
//!    no transaction. It reaches from the end of the message to our commit: its acknowledgement on its way back and one
//!    UPDATE, with nothing between them (the connection is closed later). A mail caught in it is sent again, byte for
//!    byte the same message under the same Message-ID, which is made of the mail's id: receivers that drop duplicates
//!    drop it, and nothing in it works twice that should work once.
//! 4. Marked: `sealed` was wiped by the same UPDATE, so there is nothing left to send.
//!
//! Two processes never send a mail at once: the UPDATE that takes the lease succeeds for one of them, whoever sends goes
//! on renewing it, and stops sending (which closes the connection) once it can no longer be sure to hold it. The clocks
//! of processes that share a database may differ by less than [`LEASE`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::mail::SEALED_FOR;
use super::{App, AppError};
use crate::domain::mail::Mail;
use crate::formats::mail::{Letter, words};
use crate::store;
use crate::store::accounts::Personal;
use crate::store::outbox::QueuedMail;

/// Why a letter was not delivered. The text is for the audit team: what the mail server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// This letter was refused for good.
    Refused(String),
    /// This letter was refused for now.
    NotNow(String),
    /// No letter can be sent for now.
    NoServer(String),
}

/// Hands letters to whoever delivers them.
pub trait Sender: fmt::Debug + Send + Sync {
    /// Hands one over. When this returns `Ok` it is the other side's to deliver. It may be dropped half way.
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), Undelivered>>;

    /// There is nothing more to send for now.
    fn rest(&self) -> BoxFuture<'_, ()>;
}

/// The demo's: nothing leaves the machine, and every mail can be read on a page.
#[derive(Debug, Clone, Copy)]
pub struct KeptForReading;

impl Sender for KeptForReading {
    fn send<'a>(&'a self, _letter: &'a Letter) -> BoxFuture<'a, Result<(), Undelivered>> {
        Box::pin(async { Ok(()) })
    }

    fn rest(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// How long a mail is its taker's. After a crash it waits that long.
pub const LEASE: Duration = Duration::from_secs(60);

/// How often a lease is renewed while a mail is being sent.
const RENEWED_EVERY: Duration = Duration::from_secs(20);

/// How long sending one mail may take. Mail servers may think for minutes before they acknowledge one, and one that we do
/// not wait for is sent twice.
const LONGEST: Duration = Duration::from_secs(300);

/// How long after a failure a mail is tried again, in minutes: after the first, the second … After the last, two days
/// from the first failure, it is given up.
const PAUSES: [i64; 9] = [1, 5, 15, 60, 180, 420, 720, 720, 720];

/// Mails that are looked at in one go.
const LOOKED_AT: i64 = 20;

/// Whether there may be more to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// There may be.
    GoOn,
    /// Nothing is due, or nothing can be sent for now.
    Rest,
}

/// A mail that this process has taken.
#[derive(Debug)]
struct Taken {
    mail: QueuedMail,
    lease: String,
    /// Until when it is surely ours.
    until: Instant,
}

/// How a mail ends, or goes on.
enum Outcome {
    Sent,
    PutOff(String),
    GivenUp { reason: String, wipe: bool },
}

/// Sends one mail that is due, if there is one and something to send it with.
pub async fn send_next(app: &App) -> Result<Next, AppError> {
    let Some(sender) = app.settings().mail.clone() else { return Ok(Next::Rest) };
    let Some(taken) = app.run(take).await? else { return Ok(Next::Rest) };
    let mail = taken.mail.clone();
    let (outcome, next) = match app.run(move |app| letter(app, &mail)).await? {
        Err(outcome) => (outcome, Next::GoOn),
        Ok(letter) => {
            let Some(result) = send(app, &*sender, &taken, &letter).await else { return Ok(Next::GoOn) };
            let next = if matches!(result, Err(Undelivered::NoServer(_))) { Next::Rest } else { Next::GoOn };
            (outcome_of(result, &letter), next)
        }
    };
    settle(app, taken, outcome).await;
    Ok(next)
}

/// Takes a mail that is due.
fn take(app: &App) -> Result<Option<Taken>, AppError> {
    let due = app.read(|conn| Ok(store::outbox::due(conn, app.now(), LOOKED_AT)?))?;
    let lease = app.new_id()?;
    for id in due {
        let until = Instant::now() + LEASE;
        let taken = app.write(|conn| {
            let now = app.now();
            // Another process may have been faster.
            let is_ours = store::outbox::take(conn, &id, &lease, now, now + LEASE)?;
            Ok(if is_ours { store::outbox::by_id(conn, &id)? } else { None })
        })?;
        if let Some(mail) = taken {
            return Ok(Some(Taken { mail, lease, until }));
        }
    }
    Ok(None)
}

/// What a sealed mail says.
pub(super) fn opened(app: &App, mail: &QueuedMail) -> Result<Option<Mail>, AppError> {
    let Some(sealed) = &mail.sealed else { return Ok(None) };
    let text = app.key()?.open(SEALED_FOR, sealed)?;
    let mail = serde_json::from_str(&text).map_err(|error| AppError::Unexpected(format!("a sealed mail: {error}")))?;
    Ok(Some(mail))
}

/// Where mail to a subject goes now; `None` once that was erased.
pub(super) fn recipient(conn: &mut store::DbConn, subject: &str) -> Result<Option<String>, AppError> {
    let kind = if subject.starts_with("link:") { Personal::Recipient } else { Personal::Email };
    Ok(store::accounts::personal(conn, subject, kind)?)
}

/// A mail as it goes out, or how it ends instead.
fn letter(app: &App, mail: &QueuedMail) -> Result<Result<Letter, Outcome>, AppError> {
    let given_up = |reason: &str, wipe| Ok(Err(Outcome::GivenUp { reason: reason.into(), wipe }));
    // The address is read last, so that somebody who has just been erased is not written to.
    let said = match opened(app, mail) {
        Ok(Some(said)) => said,
        Ok(None) => return given_up("Nothing is left of what it said.", true),
        Err(AppError::Unexpected(_)) => {
            return given_up("It cannot be opened: it was queued under another secret key.", false);
        }
        Err(error) => return Err(error),
    };
    if said.expires().is_some_and(|expires| expires <= app.now()) {
        return given_up("The link in it stopped working before it could be sent.", true);
    }
    let words = match words(&said) {
        Ok(words) => words,
        Err(bug) => return Ok(Err(Outcome::PutOff(bug))),
    };
    let Some(to) = app.read(|conn| recipient(conn, &mail.subject))? else {
        return given_up("The recipient's address was erased.", true);
    };
    Ok(Ok(Letter { id: mail.id.clone(), to, queued: mail.created_at, words }))
}

/// Sends a letter for as long as the mail is surely ours; `None` where it is no longer, and is somebody else's to settle.
async fn send(app: &App, sender: &dyn Sender, taken: &Taken, letter: &Letter) -> Option<Result<(), Undelivered>> {
    tokio::select! {
        biased;
        result = sender.send(letter) => Some(result),
        () = tokio::time::sleep(LONGEST) => {
            let reason = format!("The mail server took longer than {} minutes.", LONGEST.as_secs() / 60);
            Some(Err(Undelivered::NoServer(reason)))
        }
        () = hold(app, taken) => {
            tracing::warn!(mail = taken.mail.id, "a mail was left half sent: its lease could not be held");
            None
        }
    }
}

/// Holds the lease of a mail; returns once it is lost.
async fn hold(app: &App, taken: &Taken) {
    let mut until = taken.until;
    while Instant::now() < until {
        tokio::time::sleep_until(until.min(Instant::now() + RENEWED_EVERY)).await;
        let renewed = Instant::now() + LEASE;
        let (id, lease) = (taken.mail.id.clone(), taken.lease.clone());
        let renewal =
            app.run(move |app| app.write(|conn| Ok(store::outbox::hold(conn, &id, &lease, app.now() + LEASE)?)));
        match tokio::time::timeout_at(until, renewal).await {
            Ok(Ok(true)) => until = renewed,
            Ok(Ok(false)) | Err(_) => return,
            Ok(Err(error)) => tracing::warn!(%error, "the lease of a mail could not be renewed"),
        }
    }
}

fn outcome_of(result: Result<(), Undelivered>, letter: &Letter) -> Outcome {
    // Addresses are kept in one place only.
    let told = |reason: String| {
        let reason: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect();
        reason.replace(&letter.to, "the recipient")
    };
    match result {
        Ok(()) => Outcome::Sent,
        Err(Undelivered::Refused(reason)) => Outcome::GivenUp { reason: told(reason), wipe: false },
        Err(Undelivered::NotNow(reason) | Undelivered::NoServer(reason)) => Outcome::PutOff(told(reason)),
    }
}

/// Writes down how it went. A mail that was sent must be marked, however long the database takes: until then nothing
/// else is sent.
async fn settle(app: &App, taken: Taken, outcome: Outcome) {
    let (mail, lease) = (taken.mail, taken.lease);
    let failures = usize::try_from(mail.attempts).unwrap_or_default();
    let outcome = match outcome {
        Outcome::PutOff(reason) if failures >= PAUSES.len() => Outcome::GivenUp { reason, wipe: false },
        other => other,
    };
    match &outcome {
        Outcome::Sent => tracing::info!(mail = mail.id, kind = mail.mail, "sent"),
        Outcome::PutOff(reason) => tracing::warn!(mail = mail.id, kind = mail.mail, reason, "a mail was not sent yet"),
        Outcome::GivenUp { reason, .. } => {
            tracing::error!(mail = mail.id, kind = mail.mail, reason, "a mail was given up");
        }
    }
    let pause = PAUSES.get(failures).copied().map_or(TimeDelta::zero(), TimeDelta::minutes);
    let outcome = Arc::new(outcome);
    loop {
        let (id, lease, outcome) = (mail.id.clone(), lease.clone(), Arc::clone(&outcome));
        let written = app.run(move |app| {
            let now = app.now();
            app.write(|conn| {
                match &*outcome {
                    Outcome::Sent => store::outbox::mark_sent(conn, &id, now, app.is_demo())?,
                    Outcome::PutOff(reason) => store::outbox::put_off(conn, &id, &lease, now + pause, reason)?,
                    Outcome::GivenUp { reason, wipe } => {
                        store::outbox::give_up(conn, &id, &lease, now, reason, *wipe)?;
                    }
                }
                Ok(())
            })
        });
        match written.await {
            Ok(()) => return,
            Err(error) => tracing::error!(mail = mail.id, %error, "how a mail went could not be written down"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
