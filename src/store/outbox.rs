//! Mail that waits to be sent, or was.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::outbox;

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// Id, which also makes the message's own.
    pub id: String,
    /// To whom: `account:ID` or `link:ID`, whose address is personal data.
    pub subject: String,
    /// Which mail: the name of its template.
    pub mail: &'static str,
    /// What to say, sealed.
    pub sealed: String,
    /// When it was queued; not sent before.
    pub created_at: DateTime<Utc>,
}

/// Queues a mail, in the transaction of what it tells.
pub fn add(conn: &mut DbConn, mail: &NewMail) -> Result<(), StoreError> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(&mail.id),
            outbox::subject.eq(&mail.subject),
            outbox::mail.eq(mail.mail),
            outbox::sealed.eq(&mail.sealed),
            outbox::created_at.eq(mail.created_at.naive_utc()),
            outbox::not_before.eq(mail.created_at.naive_utc()),
            outbox::attempts.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes the mails to a subject: when a person is erased.
pub fn delete_of(conn: &mut DbConn, subject: &str) -> Result<(), StoreError> {
    diesel::delete(outbox::table.filter(outbox::subject.eq(subject))).execute(conn)?;
    Ok(())
}
