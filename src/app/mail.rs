//! Queues mail. A mail is queued in the transaction of what it tells, and sent by the outbox afterwards, so that it is
//! neither lost nor sent for something that did not happen.

use std::cell::Cell;

pub use crate::domain::mail::Mail;

use super::{App, AppError};
use crate::auth::key::NONCE_LENGTH;
use crate::store::outbox::NewMail;
use crate::store::{self, DbConn};

/// For what the contents of the outbox are sealed.
pub(super) const SEALED_FOR: &str = "outbox";

thread_local! {
    /// The transaction that runs on this thread has queued a mail.
    static QUEUED: Cell<bool> = const { Cell::new(false) };
}

/// Queues a mail to a subject (`account:ID`, `link:ID`), within the transaction of what it tells.
pub(super) fn queue(app: &App, conn: &mut DbConn, subject: &str, mail: &Mail) -> Result<(), AppError> {
    let text = serde_json::to_string(mail).map_err(|error| AppError::Unexpected(error.to_string()))?;
    let nonce: [u8; NONCE_LENGTH] = app.random()?;
    let sealed = app.key()?.seal(SEALED_FOR, nonce, &text)?;
    let mail =
        NewMail { id: app.new_id()?, subject: subject.to_owned(), mail: mail.name(), sealed, created_at: app.now() };
    store::outbox::add(conn, &mail)?;
    QUEUED.set(true);
    Ok(())
}

/// Whether the transaction that has just ended on this thread queued a mail. Asking forgets it.
pub(super) fn was_queued() -> bool {
    QUEUED.replace(false)
}
