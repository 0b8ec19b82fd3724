//! Mail that waits to be sent, or was.

use chrono::{DateTime, NaiveDateTime, Utc};
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

/// A mail as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMail {
    /// Id.
    pub id: String,
    /// To whom.
    pub subject: String,
    /// The name of its template.
    pub mail: String,
    /// What to say, sealed; wiped once there is nothing more to send.
    pub sealed: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it is tried next.
    pub not_before: DateTime<Utc>,
    /// How often it has failed.
    pub attempts: i32,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub given_up_at: Option<DateTime<Utc>>,
    /// Why it failed last.
    pub last_error: Option<String>,
}

type MailRow = (
    String,
    String,
    String,
    Option<String>,
    NaiveDateTime,
    NaiveDateTime,
    i32,
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
    Option<String>,
);

const COLUMNS: (
    outbox::id,
    outbox::subject,
    outbox::mail,
    outbox::sealed,
    outbox::created_at,
    outbox::not_before,
    outbox::attempts,
    outbox::sent_at,
    outbox::given_up_at,
    outbox::last_error,
) = (
    outbox::id,
    outbox::subject,
    outbox::mail,
    outbox::sealed,
    outbox::created_at,
    outbox::not_before,
    outbox::attempts,
    outbox::sent_at,
    outbox::given_up_at,
    outbox::last_error,
);

fn queued_mail(row: MailRow) -> QueuedMail {
    let (id, subject, mail, sealed, created_at, not_before, attempts, sent_at, given_up_at, last_error) = row;
    let utc = |at: Option<NaiveDateTime>| at.map(|at| at.and_utc());
    let (created_at, not_before) = (created_at.and_utc(), not_before.and_utc());
    let (sent_at, given_up_at) = (utc(sent_at), utc(given_up_at));
    QueuedMail { id, subject, mail, sealed, created_at, not_before, attempts, sent_at, given_up_at, last_error }
}

/// A mail by its id.
pub fn by_id(conn: &mut DbConn, id: &str) -> Result<Option<QueuedMail>, StoreError> {
    let row: Option<MailRow> = outbox::table.filter(outbox::id.eq(id)).select(COLUMNS).get_result(conn).optional()?;
    Ok(row.map(queued_mail))
}

/// The ids of mails that could be sent now, the longest due first.
pub fn due(conn: &mut DbConn, now: DateTime<Utc>, most: i64) -> Result<Vec<String>, StoreError> {
    let now = now.naive_utc();
    Ok(outbox::table
        .filter(
            outbox::sent_at
                .is_null()
                .and(outbox::given_up_at.is_null())
                .and(outbox::not_before.le(now))
                .and(outbox::leased_until.is_null().or(outbox::leased_until.le(now))),
        )
        .order((outbox::not_before.asc(), outbox::id.asc()))
        .limit(most)
        .select(outbox::id)
        .load(conn)?)
}

/// Takes a mail that could be sent now for whoever holds the lease; `false` where somebody else has. One statement, so
/// that of two who take it only one gets it.
pub fn take(
    conn: &mut DbConn,
    id: &str,
    lease: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let now = now.naive_utc();
    let free = outbox::table.filter(
        outbox::id
            .eq(id)
            .and(outbox::sent_at.is_null())
            .and(outbox::given_up_at.is_null())
            .and(outbox::not_before.le(now))
            .and(outbox::leased_until.is_null().or(outbox::leased_until.le(now))),
    );
    let set = (outbox::lease.eq(lease), outbox::leased_until.eq(until.naive_utc()));
    Ok(diesel::update(free).set(set).execute(conn)? == 1)
}

/// Holds a lease for longer; `false` where it is lost.
pub fn hold(conn: &mut DbConn, id: &str, lease: &str, until: DateTime<Utc>) -> Result<bool, StoreError> {
    let held = outbox::table.filter(outbox::id.eq(id).and(outbox::lease.eq(lease)));
    Ok(diesel::update(held).set(outbox::leased_until.eq(until.naive_utc())).execute(conn)? == 1)
}

/// Marks a mail as sent, whoever holds its lease by now, and wipes what it said unless `keep`.
pub fn mark_sent(conn: &mut DbConn, id: &str, now: DateTime<Utc>, keep: bool) -> Result<(), StoreError> {
    let this = outbox::table.filter(outbox::id.eq(id));
    let released = (outbox::lease.eq(None::<String>), outbox::leased_until.eq(None::<NaiveDateTime>));
    let sent = (outbox::sent_at.eq(now.naive_utc()), outbox::last_error.eq(None::<String>), released);
    if keep {
        diesel::update(this).set(sent).execute(conn)?;
    } else {
        diesel::update(this).set((sent, outbox::sealed.eq(None::<String>))).execute(conn)?;
    }
    Ok(())
}

/// Puts a mail that failed off to another time, and lets go of it.
pub fn put_off(
    conn: &mut DbConn,
    id: &str,
    lease: &str,
    not_before: DateTime<Utc>,
    error: &str,
) -> Result<(), StoreError> {
    diesel::update(outbox::table.filter(outbox::id.eq(id).and(outbox::lease.eq(lease))))
        .set((
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::not_before.eq(not_before.naive_utc()),
            outbox::last_error.eq(error),
            outbox::lease.eq(None::<String>),
            outbox::leased_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives a mail up, and wipes what it said where nobody could want it sent any more.
pub fn give_up(
    conn: &mut DbConn,
    id: &str,
    lease: &str,
    now: DateTime<Utc>,
    error: &str,
    wipe: bool,
) -> Result<(), StoreError> {
    let held = || outbox::table.filter(outbox::id.eq(id).and(outbox::lease.eq(lease)));
    if wipe {
        diesel::update(held()).set(outbox::sealed.eq(None::<String>)).execute(conn)?;
    }
    diesel::update(held())
        .set((
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::given_up_at.eq(now.naive_utc()),
            outbox::last_error.eq(error),
            outbox::lease.eq(None::<String>),
            outbox::leased_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes a mail that was given up due again, as if it had never been tried; `false` where there is no such mail or
/// nothing is left of it.
pub fn try_again(conn: &mut DbConn, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let given_up = outbox::table
        .filter(outbox::id.eq(id).and(outbox::given_up_at.is_not_null()).and(outbox::sealed.is_not_null()));
    let due =
        (outbox::given_up_at.eq(None::<NaiveDateTime>), outbox::not_before.eq(now.naive_utc()), outbox::attempts.eq(0));
    Ok(diesel::update(given_up).set(due).execute(conn)? == 1)
}

/// How far a mail has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// Still to be sent.
    Waiting,
    /// Sent.
    Sent,
    /// Not to be tried again by itself.
    GivenUp,
}

/// How many mails are in a state, and the `most` newest of them.
pub fn in_state(conn: &mut DbConn, state: MailState, most: i64) -> Result<(i64, Vec<QueuedMail>), StoreError> {
    macro_rules! of {
        ($condition:expr) => {{
            let count = outbox::table.filter($condition).count().get_result(conn)?;
            let newest = (outbox::created_at.desc(), outbox::id.asc());
            let rows = outbox::table.filter($condition).order(newest).limit(most).select(COLUMNS).load(conn)?;
            (count, rows)
        }};
    }
    let (count, rows): (i64, Vec<MailRow>) = match state {
        MailState::Waiting => of!(outbox::sent_at.is_null().and(outbox::given_up_at.is_null())),
        MailState::Sent => of!(outbox::sent_at.is_not_null()),
        MailState::GivenUp => of!(outbox::given_up_at.is_not_null()),
    };
    Ok((count, rows.into_iter().map(queued_mail).collect()))
}

/// The `most` newest mails of which the contents are there.
pub fn readable(conn: &mut DbConn, most: i64) -> Result<Vec<QueuedMail>, StoreError> {
    let rows: Vec<MailRow> = outbox::table
        .filter(outbox::sealed.is_not_null())
        .order((outbox::created_at.desc(), outbox::id.asc()))
        .limit(most)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(queued_mail).collect())
}

/// Deletes mails that were sent or given up before a time.
pub fn delete_done(conn: &mut DbConn, before: DateTime<Utc>) -> Result<(), StoreError> {
    let before = before.naive_utc();
    let done = outbox::sent_at.lt(before).or(outbox::given_up_at.lt(before));
    diesel::delete(outbox::table.filter(done)).execute(conn)?;
    Ok(())
}
