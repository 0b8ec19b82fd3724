//! Links to one section of one response. Of their secrets only the hash is here.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::section_links;

/// A link, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionLink {
    /// Id.
    pub id: String,
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The section's id in the questionnaire.
    pub section: String,
    /// By whom: `account:ID`.
    pub made_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it stops to work.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl SectionLink {
    /// Whether it works.
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }

    /// How personal data, sessions and the history name it.
    pub fn subject(&self) -> String {
        format!("link:{}", self.id)
    }
}

type LinkRow = (String, String, i32, String, String, String, NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>);

fn link(row: LinkRow) -> SectionLink {
    let (id, _hash, year, service, section, made_by, created_at, expires_at, revoked_at) = row;
    let (created_at, expires_at) = (created_at.and_utc(), expires_at.and_utc());
    let revoked_at = revoked_at.map(|at| at.and_utc());
    SectionLink { id, year, service, section, made_by, created_at, expires_at, revoked_at }
}

/// Adds a link.
pub fn add(conn: &mut DbConn, link: &SectionLink, hash: &str) -> Result<(), StoreError> {
    diesel::insert_into(section_links::table)
        .values((
            section_links::id.eq(&link.id),
            section_links::token_hash.eq(hash),
            section_links::year.eq(link.year),
            section_links::service_code.eq(&link.service),
            section_links::section.eq(&link.section),
            section_links::made_by.eq(&link.made_by),
            section_links::created_at.eq(link.created_at.naive_utc()),
            section_links::expires_at.eq(link.expires_at.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// A link by the hash of its secret, usable or not.
pub fn by_hash(conn: &mut DbConn, hash: &str) -> Result<Option<SectionLink>, StoreError> {
    let of = section_links::table.filter(section_links::token_hash.eq(hash));
    Ok(of.get_result::<LinkRow>(conn).optional()?.map(link))
}

/// A link by its id.
pub fn by_id(conn: &mut DbConn, id: &str) -> Result<Option<SectionLink>, StoreError> {
    Ok(section_links::table.filter(section_links::id.eq(id)).get_result::<LinkRow>(conn).optional()?.map(link))
}

/// The links of a response, the newest first.
pub fn of_response(conn: &mut DbConn, service: &str, year: i32) -> Result<Vec<SectionLink>, StoreError> {
    let rows: Vec<LinkRow> = section_links::table
        .filter(section_links::service_code.eq(service).and(section_links::year.eq(year)))
        .order((section_links::created_at.desc(), section_links::id.asc()))
        .load(conn)?;
    Ok(rows.into_iter().map(link).collect())
}

/// Revokes a link; false where it was revoked before.
pub fn revoke(conn: &mut DbConn, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let of = section_links::table.filter(section_links::id.eq(id).and(section_links::revoked_at.is_null()));
    Ok(diesel::update(of).set(section_links::revoked_at.eq(now.naive_utc())).execute(conn)? == 1)
}
