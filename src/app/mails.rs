//! What the outbox holds, for the audit team; and in the demo, the mails themselves.

use chrono::{DateTime, Duration, Utc};

use super::outbox::{opened, recipient};
use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::formats::mail::{Words, words};
use crate::store::outbox::{MailState, QueuedMail};
use crate::store::{self, DbConn};

/// Mails of each state that are listed.
const LISTED: i64 = 100;

/// How long the outbox remembers a mail that was sent or given up.
const REMEMBERED: Duration = Duration::days(90);

/// A mail of the outbox, without what it says.
#[derive(Debug, Clone)]
pub struct MailLine {
    /// Id.
    pub id: String,
    /// The name of its template.
    pub mail: String,
    /// Where it goes; `None` once erased.
    pub recipient: Option<String>,
    /// When it was queued.
    pub queued: DateTime<Utc>,
    /// When it is tried next, while it waits.
    pub next: DateTime<Utc>,
    /// How often it has failed.
    pub failures: i32,
    /// When it was sent.
    pub sent: Option<DateTime<Utc>>,
    /// Why it failed last.
    pub error: Option<String>,
    /// It can be tried again.
    pub is_whole: bool,
}

/// Mails in one state.
#[derive(Debug, Clone)]
pub struct MailList {
    /// How many there are.
    pub count: i64,
    /// The newest of them.
    pub newest: Vec<MailLine>,
}

/// The state of the outbox.
#[derive(Debug, Clone)]
pub struct OutboxState {
    /// There is something to send mail with.
    pub can_send: bool,
    /// Still to be sent.
    pub waiting: MailList,
    /// Given up.
    pub given_up: MailList,
    /// Sent.
    pub sent: MailList,
}

/// The state of the outbox, for those who manage accounts.
pub fn state(app: &App, who: &Principal) -> Result<OutboxState, AppError> {
    authorise(who, Permission::ManageAccounts, "see the outbox")?;
    app.read(|conn| {
        Ok(OutboxState {
            can_send: app.settings().mail.is_some(),
            waiting: list(conn, MailState::Waiting)?,
            given_up: list(conn, MailState::GivenUp)?,
            sent: list(conn, MailState::Sent)?,
        })
    })
}

fn list(conn: &mut DbConn, state: MailState) -> Result<MailList, AppError> {
    let (count, mails) = store::outbox::in_state(conn, state, LISTED)?;
    let newest = mails.into_iter().map(|mail| line(conn, mail)).collect::<Result<_, _>>()?;
    Ok(MailList { count, newest })
}

fn line(conn: &mut DbConn, mail: QueuedMail) -> Result<MailLine, AppError> {
    Ok(MailLine {
        recipient: recipient(conn, &mail.subject)?,
        is_whole: mail.sealed.is_some(),
        id: mail.id,
        mail: mail.mail,
        queued: mail.created_at,
        next: mail.not_before,
        failures: mail.attempts,
        sent: mail.sent_at,
        error: mail.last_error,
    })
}

/// Makes a mail that was given up due again.
pub fn try_again(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    authorise(who, Permission::ManageAccounts, "send mail again")?;
    let is_due = app.write(|conn| Ok(store::outbox::try_again(conn, id, app.now())?))?;
    if is_due {
        app.wake_outbox();
        return Ok(());
    }
    let hint = "It may have been tried again already, or nothing is left of it; the list has what was given up.";
    Err(AppError::not_found("mail", id, hint))
}

/// Forgets mails that were sent or given up long ago.
pub fn forget_old(app: &App) -> Result<(), AppError> {
    app.write(|conn| Ok(store::outbox::delete_done(conn, app.now() - REMEMBERED)?))
}

/// A mail of the demo, with what it says.
#[derive(Debug, Clone)]
pub struct DemoMail {
    /// Its place in the list.
    pub line: MailLine,
    /// What it says.
    pub words: Words,
}

/// The mails of the demo, the newest first; for anybody, since anybody may be anyone there.
pub fn of_demo(app: &App) -> Result<Vec<DemoMail>, AppError> {
    must_be_demo(app)?;
    app.read(|conn| {
        let mails = store::outbox::readable(conn, LISTED)?;
        mails.into_iter().map(|mail| demo_mail(app, conn, mail)).collect()
    })
}

/// One mail of the demo.
pub fn one_of_demo(app: &App, id: &str) -> Result<DemoMail, AppError> {
    must_be_demo(app)?;
    app.read(|conn| {
        let mail = store::outbox::by_id(conn, id)?.filter(|mail| mail.sealed.is_some()).ok_or_else(|| no_mail(id))?;
        demo_mail(app, conn, mail)
    })
}

fn must_be_demo(app: &App) -> Result<(), AppError> {
    if app.is_demo() { Ok(()) } else { Err(no_mail("demo")) }
}

fn no_mail(id: &str) -> AppError {
    AppError::not_found("mail", id, "Mails can be read in the demo alone, where its list has them.")
}

fn demo_mail(app: &App, conn: &mut DbConn, mail: QueuedMail) -> Result<DemoMail, AppError> {
    let said = opened(app, &mail)?.ok_or_else(|| no_mail(&mail.id))?;
    Ok(DemoMail { words: words(&said).map_err(AppError::Unexpected)?, line: line(conn, mail)? })
}
