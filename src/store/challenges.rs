//! What services hold against the register's hospitals.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::hospital_challenges as challenges;
use crate::domain::challenge::{Claim, Source};

/// A challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Id.
    pub id: String,
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The hospital, by NHFD code.
    pub hospital: String,
    /// What is claimed.
    pub claim: Claim,
    /// How it came about.
    pub source: Source,
    /// Why, in the service's words.
    pub reason: String,
    /// By whom.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// What was decided; `None` while it is open.
    pub decision: Option<Decision>,
}

/// What the audit team decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The service is right: the register is to be changed.
    pub accepted: bool,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What the service is told.
    pub note: String,
}

type ChallengeRow = (
    String,
    i32,
    String,
    String,
    String,
    String,
    String,
    String,
    NaiveDateTime,
    Option<String>,
    Option<String>,
    Option<NaiveDateTime>,
    Option<String>,
);

fn challenge(row: ChallengeRow) -> Result<Challenge, StoreError> {
    let (id, year, service, hospital, claim, source, reason, made_by, made_at, decision, by, at, note) = row;
    let decision = decision.map(|word| Decision {
        accepted: word == "accepted",
        by: by.unwrap_or_default(),
        at: at.unwrap_or_default().and_utc(),
        note: note.unwrap_or_default(),
    });
    Ok(Challenge {
        claim: claim.parse().map_err(StoreError::corrupt("challenge"))?,
        source: source.parse().map_err(StoreError::corrupt("challenge"))?,
        made_at: made_at.and_utc(),
        id,
        year,
        service,
        hospital,
        reason,
        made_by,
        decision,
    })
}

/// Adds a challenge; false where one of the kind is open for the hospital.
pub fn add(conn: &mut DbConn, new: &Challenge) -> Result<bool, StoreError> {
    let row = (
        challenges::id.eq(&new.id),
        challenges::year.eq(new.year),
        challenges::service_code.eq(&new.service),
        challenges::hospital_code.eq(&new.hospital),
        challenges::claim.eq(new.claim.as_str()),
        challenges::source.eq(new.source.as_str()),
        challenges::reason.eq(&new.reason),
        challenges::made_by.eq(&new.made_by),
        challenges::made_at.eq(new.made_at.naive_utc()),
    );
    let added = on_backend!(conn, |conn| diesel::insert_into(challenges::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}

/// The challenges of a response, the oldest first.
pub fn of_response(conn: &mut DbConn, service: &str, year: i32) -> Result<Vec<Challenge>, StoreError> {
    let rows: Vec<ChallengeRow> = challenges::table
        .filter(challenges::year.eq(year).and(challenges::service_code.eq(service)))
        .order((challenges::made_at.asc(), challenges::id.asc()))
        .load(conn)?;
    rows.into_iter().map(challenge).collect()
}

/// The challenges of a round, the oldest first.
pub fn of_round(conn: &mut DbConn, year: i32) -> Result<Vec<Challenge>, StoreError> {
    let rows: Vec<ChallengeRow> = challenges::table
        .filter(challenges::year.eq(year))
        .order((challenges::made_at.asc(), challenges::id.asc()))
        .load(conn)?;
    rows.into_iter().map(challenge).collect()
}

/// A challenge by its id.
pub fn by_id(conn: &mut DbConn, id: &str) -> Result<Option<Challenge>, StoreError> {
    let row: Option<ChallengeRow> = challenges::table.filter(challenges::id.eq(id)).get_result(conn).optional()?;
    row.map(challenge).transpose()
}

/// Decides a challenge; false where it was decided before. One statement, so that it is decided once.
pub fn decide(conn: &mut DbConn, id: &str, decision: &Decision) -> Result<bool, StoreError> {
    let open = challenges::table.filter(challenges::id.eq(id).and(challenges::decision.is_null()));
    let word = if decision.accepted { "accepted" } else { "rejected" };
    let decided = diesel::update(open)
        .set((
            challenges::decision.eq(word),
            challenges::decided_by.eq(&decision.by),
            challenges::decided_at.eq(decision.at.naive_utc()),
            challenges::note.eq(&decision.note),
        ))
        .execute(conn)?;
    Ok(decided == 1)
}
