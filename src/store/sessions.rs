//! Sessions, the single-use links that begin them, and the failures that slow guessing down. Of every secret only the
//! hash is here.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::{account_links, sessions, sign_in_failures};

/// What a mailed link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Signs in.
    SignIn,
    /// Signs in for the first time.
    Invitation,
    /// Lets its reader choose a new password.
    Reset,
}

impl LinkPurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// Adds a link.
pub fn add_link(
    conn: &mut DbConn,
    hash: &str,
    account: &str,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(account_links::table)
        .values((
            account_links::token_hash.eq(hash),
            account_links::account_id.eq(account),
            account_links::purpose.eq(purpose.as_str()),
            account_links::created_at.eq(now.naive_utc()),
            account_links::expires_at.eq(expires.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uses up a link of one of these purposes; the account that it is for, or `None` where it is unknown, used or too old.
/// One statement, so that of two visitors with one link only one gets in.
pub fn use_link(
    conn: &mut DbConn,
    hash: &str,
    purposes: &[LinkPurpose],
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let now = now.naive_utc();
    let purposes: Vec<&str> = purposes.iter().map(|purpose| purpose.as_str()).collect();
    let target = account_links::table.filter(
        account_links::token_hash
            .eq(hash)
            .and(account_links::purpose.eq_any(purposes))
            .and(account_links::used_at.is_null())
            .and(account_links::expires_at.gt(now)),
    );
    let used = diesel::update(target).set(account_links::used_at.eq(now)).execute(conn)?;
    if used != 1 {
        return Ok(None);
    }
    let of = account_links::table.filter(account_links::token_hash.eq(hash));
    Ok(Some(of.select(account_links::account_id).get_result::<String>(conn)?))
}

/// Whether a link of a purpose could be used now.
pub fn link_is_usable(
    conn: &mut DbConn,
    hash: &str,
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let found: Option<String> = account_links::table
        .filter(
            account_links::token_hash
                .eq(hash)
                .and(account_links::purpose.eq(purpose.as_str()))
                .and(account_links::used_at.is_null())
                .and(account_links::expires_at.gt(now.naive_utc())),
        )
        .select(account_links::account_id)
        .get_result(conn)
        .optional()?;
    Ok(found.is_some())
}

/// How many links an account was sent since a time.
pub fn links_since(conn: &mut DbConn, account: &str, since: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(account_links::table
        .filter(account_links::account_id.eq(account).and(account_links::created_at.gt(since.naive_utc())))
        .count()
        .get_result(conn)?)
}

/// Makes the links of an account unusable: after a new password, or when it is disabled.
pub fn void_links(conn: &mut DbConn, account: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of = account_links::table.filter(account_links::account_id.eq(account).and(account_links::used_at.is_null()));
    diesel::update(of).set(account_links::used_at.eq(now.naive_utc())).execute(conn)?;
    Ok(())
}

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// All the way.
    SignedIn,
    /// The second factor is still to be shown.
    NeedsCode,
    /// A second factor is still to be set up.
    NeedsFactor,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::NeedsCode => "needs_code",
            Self::NeedsFactor => "needs_factor",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::SignedIn, Self::NeedsCode, Self::NeedsFactor]
            .into_iter()
            .find(|stage| stage.as_str() == text)
            .ok_or_else(|| StoreError::Corrupt { what: "session", reason: format!("{text:?} is no stage") })
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id, which is no secret: by it a session is listed and revoked.
    pub id: String,
    /// The hash of its secret.
    pub secret_hash: String,
    /// Whose: `account:ID` or `link:ID`.
    pub subject: String,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// A second factor was shown in it.
    pub second_factor: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within a minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends, however much it is used.
    pub expires_at: DateTime<Utc>,
    /// From where: the id of a row of personal data.
    pub origin: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

type SessionRow =
    (String, String, String, String, bool, NaiveDateTime, NaiveDateTime, NaiveDateTime, Option<String>, Option<String>);

fn session(row: SessionRow) -> Result<Session, StoreError> {
    let (id, secret_hash, subject, stage, second_factor, created_at, seen_at, expires_at, origin, agent) = row;
    let (created_at, seen_at, expires_at) = (created_at.and_utc(), seen_at.and_utc(), expires_at.and_utc());
    let stage = Stage::parse(&stage)?;
    Ok(Session { id, secret_hash, subject, stage, second_factor, created_at, seen_at, expires_at, origin, agent })
}

/// Adds a session.
pub fn add(conn: &mut DbConn, session: &Session) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(&session.id),
            sessions::secret_hash.eq(&session.secret_hash),
            sessions::subject.eq(&session.subject),
            sessions::stage.eq(session.stage.as_str()),
            sessions::second_factor.eq(session.second_factor),
            sessions::created_at.eq(session.created_at.naive_utc()),
            sessions::seen_at.eq(session.seen_at.naive_utc()),
            sessions::expires_at.eq(session.expires_at.naive_utc()),
            sessions::origin.eq(&session.origin),
            sessions::agent.eq(&session.agent),
        ))
        .execute(conn)?;
    Ok(())
}

/// A session by the hash of its secret, over or not.
pub fn by_secret(conn: &mut DbConn, hash: &str) -> Result<Option<Session>, StoreError> {
    let of = sessions::table.filter(sessions::secret_hash.eq(hash));
    of.get_result::<SessionRow>(conn).optional()?.map(session).transpose()
}

/// Notes that a session was used.
pub fn touch(conn: &mut DbConn, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of = sessions::table.filter(sessions::id.eq(id));
    diesel::update(of).set(sessions::seen_at.eq(now.naive_utc())).execute(conn)?;
    Ok(())
}

/// The sessions of a subject, the newest first.
pub fn of_subject(conn: &mut DbConn, subject: &str) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> = sessions::table
        .filter(sessions::subject.eq(subject))
        .order((sessions::created_at.desc(), sessions::id.asc()))
        .load(conn)?;
    rows.into_iter().map(session).collect()
}

/// Ends a session by the hash of its secret.
pub fn end(conn: &mut DbConn, hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::secret_hash.eq(hash))).execute(conn)?;
    Ok(())
}

/// Ends one session of a subject by its id; false where it has no such session.
pub fn end_by_id(conn: &mut DbConn, subject: &str, id: &str) -> Result<bool, StoreError> {
    let of = sessions::table.filter(sessions::subject.eq(subject).and(sessions::id.eq(id)));
    Ok(diesel::delete(of).execute(conn)? == 1)
}

/// Ends every session of a subject but the one with the hash `keep`.
pub fn end_all(conn: &mut DbConn, subject: &str, keep: Option<&str>) -> Result<usize, StoreError> {
    let of =
        sessions::table.filter(sessions::subject.eq(subject).and(sessions::secret_hash.ne(keep.unwrap_or_default())));
    Ok(diesel::delete(of).execute(conn)?)
}

/// Deletes sessions that are over.
pub fn delete_ended(conn: &mut DbConn, now: DateTime<Utc>, idle_since: DateTime<Utc>) -> Result<(), StoreError> {
    let over = sessions::expires_at.le(now.naive_utc()).or(sessions::seen_at.le(idle_since.naive_utc()));
    diesel::delete(sessions::table.filter(over)).execute(conn)?;
    Ok(())
}

/// Failed sign-ins since a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// To this account from this address.
    pub of_both: i64,
    /// To this account from anywhere.
    pub of_account: i64,
    /// From this address to any account.
    pub of_address: i64,
}

/// Counts failed sign-ins; both are fingerprints.
pub fn failures_since(
    conn: &mut DbConn,
    account: &str,
    address: &str,
    since: DateTime<Utc>,
) -> Result<Failures, StoreError> {
    let since = since.naive_utc();
    let rows: Vec<(String, String)> = sign_in_failures::table
        .filter(
            sign_in_failures::failed_at
                .gt(since)
                .and(sign_in_failures::account.eq(account).or(sign_in_failures::address.eq(address))),
        )
        .select((sign_in_failures::account, sign_in_failures::address))
        .load(conn)?;
    let count = |wanted: &dyn Fn(&(String, String)) -> bool| {
        i64::try_from(rows.iter().filter(|row| wanted(row)).count()).unwrap_or(i64::MAX)
    };
    Ok(Failures {
        of_both: count(&|(a, b)| a == account && b == address),
        of_account: count(&|(a, _)| a == account),
        of_address: count(&|(_, b)| b == address),
    })
}

/// Notes a failed sign-in, and forgets those of before `forget`.
pub fn add_failure(
    conn: &mut DbConn,
    id: &str,
    account: &str,
    address: &str,
    now: DateTime<Utc>,
    forget: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::failed_at.lt(forget.naive_utc()))).execute(conn)?;
    diesel::insert_into(sign_in_failures::table)
        .values((
            sign_in_failures::id.eq(id),
            sign_in_failures::account.eq(account),
            sign_in_failures::address.eq(address),
            sign_in_failures::failed_at.eq(now.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets one failure.
pub fn forget_failure(conn: &mut DbConn, id: &str) -> Result<(), StoreError> {
    diesel::delete(sign_in_failures::table.filter(sign_in_failures::id.eq(id))).execute(conn)?;
    Ok(())
}

/// Forgets the failures of an account from an address, once somebody has signed in there.
pub fn forget_failures(conn: &mut DbConn, account: &str, address: &str) -> Result<(), StoreError> {
    let of = sign_in_failures::table
        .filter(sign_in_failures::account.eq(account).and(sign_in_failures::address.eq(address)));
    diesel::delete(of).execute(conn)?;
    Ok(())
}
