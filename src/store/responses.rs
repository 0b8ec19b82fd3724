//! Responses: the document of answers, and the facts that follow from it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{history_heads, register_revision, responses, rounds};
use crate::domain::history::{Head, Object};
use crate::domain::questionnaire::answer::{AnswerValue, Document};

/// Where a response stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseState {
    /// Being filled in.
    InProgress,
    /// Handed in: it counts, and can no longer be changed.
    Submitted,
    /// The service makes no return this year, for a reason that it gives.
    NoReturn,
    /// No service is commissioned.
    NotCommissioned,
}

impl ResponseState {
    /// The word used in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::NoReturn => "no_return",
            Self::NotCommissioned => "not_commissioned",
        }
    }

    /// The service has said that there will be no answers this year.
    pub fn is_without_return(self) -> bool {
        matches!(self, Self::NoReturn | Self::NotCommissioned)
    }
}

impl std::str::FromStr for ResponseState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::InProgress, Self::Submitted, Self::NoReturn, Self::NotCommissioned]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a state of a response"))
    }
}

/// One service's answers in one round.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Unit code.
    pub service_code: String,
    /// Audit year.
    pub year: i32,
    /// Counts the changes of the whole; 0 where nothing is stored yet.
    pub version: i64,
    /// Where it stands.
    pub state: ResponseState,
    /// Some of its answers came from a file and were not held to the required items.
    pub imported: bool,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Who submitted it.
    pub submitted_by: Option<String>,
    /// The answers.
    pub document: Document,
    /// When it last changed; `None` where nothing is stored yet.
    pub updated_at: Option<DateTime<Utc>>,
    /// Why there is no return this year.
    pub reason: Option<String>,
    /// When a clinical lead signed it off as it stands.
    pub signed_off_at: Option<DateTime<Utc>>,
    /// Who did.
    pub signed_off_by: Option<String>,
    /// Where its history stood when it was read for update, on PostgreSQL: what is written then finds it there without
    /// another journey. Another writer may have moved it on meanwhile.
    pub head: Option<Head>,
}

impl Response {
    /// A response that nobody has begun.
    pub fn blank(service_code: &str, year: i32) -> Self {
        Self {
            service_code: service_code.to_owned(),
            year,
            version: 0,
            state: ResponseState::InProgress,
            imported: false,
            submitted_at: None,
            submitted_by: None,
            document: Document::default(),
            updated_at: None,
            reason: None,
            signed_off_at: None,
            signed_off_by: None,
            head: None,
        }
    }
}

type ResponseRow = (
    String,
    i32,
    i64,
    String,
    bool,
    Option<NaiveDateTime>,
    Option<String>,
    String,
    NaiveDateTime,
    Option<String>,
    Option<NaiveDateTime>,
    Option<String>,
);

fn response(row: ResponseRow) -> Result<Response, StoreError> {
    let (
        service_code,
        year,
        version,
        state,
        imported,
        submitted_at,
        submitted_by,
        document,
        updated_at,
        reason,
        signed_off_at,
        signed_off_by,
    ) = row;
    let corrupt = |error: serde_json::Error| StoreError::Corrupt { what: "response", reason: error.to_string() };
    Ok(Response {
        service_code,
        year,
        version,
        state: state.parse().map_err(StoreError::corrupt("response"))?,
        imported,
        submitted_at: submitted_at.map(|at| at.and_utc()),
        submitted_by,
        document: serde_json::from_str(&document).map_err(corrupt)?,
        updated_at: Some(updated_at.and_utc()),
        reason,
        signed_off_at: signed_off_at.map(|at| at.and_utc()),
        signed_off_by,
        head: None,
    })
}

/// A response.
pub fn find(conn: &mut DbConn, service: &str, year: i32) -> Result<Option<Response>, StoreError> {
    let found = responses::table
        .filter(responses::year.eq(year).and(responses::service_code.eq(service)))
        .get_result::<ResponseRow>(conn)
        .optional()?;
    found.map(response).transpose()
}

/// A response with what it is read beside, all in one journey.
#[derive(Debug, Clone)]
pub struct Found {
    /// The response.
    pub response: Response,
    /// At which version the service's response of the round before stands; `None`: there is none.
    pub before_at: Option<i64>,
    /// Of which revision the register is.
    pub revision: Option<i64>,
}

/// At which version a service's response of the round before a year stands.
macro_rules! version_before {
    ($service:expr, $year:expr) => {{
        let other = diesel::alias!(responses as other);
        let year = rounds::table.filter(rounds::year.lt($year)).select(max(rounds::year)).single_value();
        other
            .filter(other.field(responses::year).nullable().eq(year))
            .filter(other.field(responses::service_code).eq($service))
            .select(other.field(responses::version))
            .single_value()
    }};
}

/// A response as it is stored.
pub fn find_beside(conn: &mut DbConn, service: &str, year: i32) -> Result<Option<Found>, StoreError> {
    let revision = register_revision::table.select(register_revision::revision).single_value();
    let found = responses::table
        .filter(responses::year.eq(year).and(responses::service_code.eq(service)))
        .select((responses::all_columns, version_before!(service, year), revision))
        .get_result::<(ResponseRow, Option<i64>, Option<i64>)>(conn)
        .optional()?;
    let read = |(row, before_at, revision)| Ok(Found { response: response(row)?, before_at, revision });
    found.map(read).transpose()
}

/// The same kept from other writers until the transaction ends. On SQLite the transaction itself keeps them out.
pub fn find_beside_for_update(conn: &mut DbConn, service: &str, year: i32) -> Result<Option<Found>, StoreError> {
    let DbConn::Postgres(inner) = conn else { return find_beside(conn, service, year) };
    let revision = register_revision::table.select(register_revision::revision).single_value();
    let object = Object::response(year, service).to_string();
    let head = history_heads::table.filter(history_heads::object.eq(&object));
    let (seq, hash) = (head.select(history_heads::seq).single_value(), head.select(history_heads::hash).single_value());
    let found = responses::table
        .filter(responses::year.eq(year).and(responses::service_code.eq(service)))
        .select((responses::all_columns, version_before!(service, year), revision, seq, hash))
        .for_update()
        .get_result::<(ResponseRow, Option<i64>, Option<i64>, Option<i64>, Option<String>)>(inner)
        .optional()?;
    let Some((row, before_at, revision, seq, hash)) = found else { return Ok(None) };
    let head = seq.zip(hash).map(|(seq, hash)| Head { object, seq, hash });
    Ok(Some(Found { response: Response { head, ..response(row)? }, before_at, revision }))
}

/// At which version a response stands; `None` where there is none.
pub fn version(conn: &mut DbConn, service: &str, year: i32) -> Result<Option<i64>, StoreError> {
    Ok(responses::table
        .filter(responses::year.eq(year).and(responses::service_code.eq(service)))
        .select(responses::version)
        .get_result(conn)
        .optional()?)
}

/// A response, kept from other writers until the transaction ends. On SQLite the transaction itself keeps them out.
pub fn find_for_update(conn: &mut DbConn, service: &str, year: i32) -> Result<Option<Response>, StoreError> {
    if let DbConn::Postgres(conn) = conn {
        let found = responses::table
            .filter(responses::year.eq(year).and(responses::service_code.eq(service)))
            .for_update()
            .get_result::<ResponseRow>(conn)
            .optional()?;
        return found.map(response).transpose();
    }
    find(conn, service, year)
}

/// Makes the row of a response that nobody has begun, if it is not there; two writers that both begin it meet in one
/// row, which each then reads for update.
pub fn ensure(conn: &mut DbConn, service: &str, year: i32, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = (
        responses::service_code.eq(service),
        responses::year.eq(year),
        responses::version.eq(0_i64),
        responses::state.eq(ResponseState::InProgress.as_str()),
        responses::imported.eq(false),
        responses::document.eq(r#"{"answers":{}}"#),
        responses::updated_at.eq(now.naive_utc()),
    );
    on_backend!(conn, |conn| diesel::insert_into(responses::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(())
}

/// The headings of the responses of a round: everything but the answers, sorted by service.
pub fn headings(conn: &mut DbConn, year: i32) -> Result<Vec<Response>, StoreError> {
    let empty = r#"{"answers":{}}"#.into_sql::<Text>();
    let mut rows: Vec<ResponseRow> = responses::table
        .filter(responses::year.eq(year))
        .select((
            responses::service_code,
            responses::year,
            responses::version,
            responses::state,
            responses::imported,
            responses::submitted_at,
            responses::submitted_by,
            empty,
            responses::updated_at,
            responses::reason,
            responses::signed_off_at,
            responses::signed_off_by,
        ))
        .load(conn)?;
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(response).collect()
}

/// When the newest response that counts was submitted or, if it was imported, last changed.
pub fn newest_submission(conn: &mut DbConn, year: i32) -> Result<Option<DateTime<Utc>>, StoreError> {
    let newest: Option<NaiveDateTime> = responses::table
        .filter(responses::year.eq(year).and(responses::state.eq(ResponseState::Submitted.as_str())))
        .select(max(responses::updated_at))
        .get_result(conn)?;
    Ok(newest.map(|at| at.and_utc()))
}

/// What each service answered to an item with options, in the submitted responses of a round.
pub fn submitted_choices(conn: &mut DbConn, year: i32, link_id: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = responses::table
        .filter(responses::year.eq(year).and(responses::state.eq(ResponseState::Submitted.as_str())))
        .select((responses::service_code, responses::document))
        .load(conn)?;
    let mut choices = BTreeMap::new();
    for (service, document) in rows {
        let document: Document = serde_json::from_str(&document)
            .map_err(|error| StoreError::Corrupt { what: "response", reason: error.to_string() })?;
        if let Some(AnswerValue::Choice(code)) = document.get(link_id).and_then(|answer| answer.value.as_ref()) {
            choices.insert(service, code.clone());
        }
    }
    Ok(choices)
}

/// The services of a round in whose responses anything is explained, sorted.
pub fn explaining(conn: &mut DbConn, year: i32) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String, String)> = responses::table
        .filter(responses::year.eq(year))
        .select((responses::service_code, responses::document))
        .load(conn)?;
    // The document is text on both databases; a word in somebody's free text only costs a look.
    let mut services: Vec<String> = rows
        .into_iter()
        .filter(|(_, document)| document.contains("\"explanation\""))
        .map(|(service, _)| service)
        .collect();
    services.sort();
    Ok(services)
}

/// The keys of all responses, sorted by service and year.
pub fn keys(conn: &mut DbConn) -> Result<Vec<(String, i32)>, StoreError> {
    let mut keys: Vec<(String, i32)> =
        responses::table.select((responses::service_code, responses::year)).load(conn)?;
    keys.sort();
    Ok(keys)
}

/// At which version each response of a round stands.
pub fn versions(conn: &mut DbConn, year: i32) -> Result<Vec<(String, i64)>, StoreError> {
    let of = responses::table.filter(responses::year.eq(year));
    Ok(of.select((responses::service_code, responses::version)).load(conn)?)
}

/// The answers of these services' responses in a round, by service.
pub fn documents(conn: &mut DbConn, year: i32, services: &[&str]) -> Result<BTreeMap<String, Document>, StoreError> {
    let of = responses::table
        .filter(responses::year.eq(year).and(responses::service_code.eq_any(services)))
        .select((responses::service_code, responses::document));
    read_documents(of.load(conn)?)
}

/// The answers of every submitted response of a round, by service.
pub fn submitted_documents(conn: &mut DbConn, year: i32) -> Result<BTreeMap<String, Document>, StoreError> {
    let of = responses::table
        .filter(responses::year.eq(year).and(responses::state.eq(ResponseState::Submitted.as_str())))
        .select((responses::service_code, responses::document));
    read_documents(of.load(conn)?)
}

fn read_documents(rows: Vec<(String, String)>) -> Result<BTreeMap<String, Document>, StoreError> {
    rows.into_iter()
        .map(|(service, document)| {
            let read = serde_json::from_str(&document);
            Ok((service, read.map_err(|error| StoreError::Corrupt { what: "response", reason: error.to_string() })?))
        })
        .collect()
}
