//! Every version of a response that was submitted. Rows are added, never changed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::responses::Response;
use super::schema::submissions;
use crate::domain::questionnaire::answer::Document;
use crate::domain::submission::content_hash;

/// A submitted version of a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Audit year.
    pub year: i32,
    /// Unit code.
    pub service_code: String,
    /// Its place among the submissions of the response, from 1.
    pub number: i32,
    /// The version of the response.
    pub version: i64,
    /// The version of the questionnaire that it answers.
    pub questionnaire: String,
    /// The answers.
    pub document: Document,
    /// The [hash of its content](content_hash).
    pub hash: String,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// Who submitted it.
    pub submitted_by: String,
}

type SubmissionRow = (i32, String, i32, i64, String, String, String, NaiveDateTime, String);

fn corrupt(error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { what: "submission", reason: error.to_string() }
}

fn submission(row: SubmissionRow) -> Result<Submission, StoreError> {
    let (year, service_code, number, version, questionnaire, document, hash, submitted_at, submitted_by) = row;
    let document: Document = serde_json::from_str(&document).map_err(|error| corrupt(&error))?;
    let hash = if hash.is_empty() {
        content_hash(year, &service_code, &questionnaire, &document).map_err(|error| corrupt(&error))?
    } else {
        hash
    };
    let submitted_at = submitted_at.and_utc();
    Ok(Submission { year, service_code, number, version, questionnaire, document, hash, submitted_at, submitted_by })
}

/// Keeps a response as it is submitted, within the transaction that submits it.
pub fn add(
    conn: &mut DbConn,
    response: &Response,
    questionnaire: &str,
    at: DateTime<Utc>,
    by: &str,
) -> Result<(), StoreError> {
    let newest: Option<i32> = submissions::table
        .filter(submissions::year.eq(response.year).and(submissions::service_code.eq(&response.service_code)))
        .select(diesel::dsl::max(submissions::number))
        .get_result(conn)?;
    let document = serde_json::to_string(&response.document).map_err(|error| corrupt(&error))?;
    let hash = content_hash(response.year, &response.service_code, questionnaire, &response.document)
        .map_err(|error| corrupt(&error))?;
    diesel::insert_into(submissions::table)
        .values((
            submissions::year.eq(response.year),
            submissions::service_code.eq(&response.service_code),
            submissions::number.eq(newest.unwrap_or(0) + 1),
            submissions::version.eq(response.version),
            submissions::questionnaire.eq(questionnaire),
            submissions::document.eq(document),
            submissions::hash.eq(hash),
            submissions::submitted_at.eq(at.naive_utc()),
            submissions::submitted_by.eq(by),
        ))
        .execute(conn)?;
    Ok(())
}

/// The submissions of a response, the oldest first.
pub fn of_response(conn: &mut DbConn, service: &str, year: i32) -> Result<Vec<Submission>, StoreError> {
    let rows: Vec<SubmissionRow> = submissions::table
        .filter(submissions::year.eq(year).and(submissions::service_code.eq(service)))
        .order(submissions::number)
        .load(conn)?;
    rows.into_iter().map(submission).collect()
}

/// One submission of a response.
pub fn find(conn: &mut DbConn, service: &str, year: i32, number: i32) -> Result<Option<Submission>, StoreError> {
    let of = submissions::table.filter(
        submissions::year.eq(year).and(submissions::service_code.eq(service)).and(submissions::number.eq(number)),
    );
    of.get_result::<SubmissionRow>(conn).optional()?.map(submission).transpose()
}
