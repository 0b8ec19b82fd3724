//! Rounds.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::rounds;
use crate::domain::round::Round;

type RoundRow =
    (i32, String, Option<String>, String, Option<NaiveDate>, Option<NaiveDate>, NaiveDate, String, i32, String, bool);

fn round(row: RoundRow) -> Result<Round, StoreError> {
    let (
        year,
        facilities_audit,
        report,
        status,
        opens_on,
        closes_on,
        staffing_as_at,
        questionnaire,
        methodology,
        standard,
        sign_off,
    ) = row;
    let status = status.parse().map_err(StoreError::corrupt("round"))?;
    Ok(Round {
        year,
        facilities_audit,
        report,
        status,
        opens_on,
        closes_on,
        staffing_as_at,
        questionnaire,
        methodology,
        standard,
        sign_off,
    })
}

/// Every round, oldest first.
pub fn all_rounds(conn: &mut DbConn) -> Result<Vec<Round>, StoreError> {
    rounds::table.order(rounds::year).load::<RoundRow>(conn)?.into_iter().map(round).collect()
}

/// The round of an audit year.
pub fn round_by_year(conn: &mut DbConn, year: i32) -> Result<Option<Round>, StoreError> {
    rounds::table.filter(rounds::year.eq(year)).get_result::<RoundRow>(conn).optional()?.map(round).transpose()
}

/// Adds the rounds that are not there yet; what is there is left as it is.
pub fn add_missing_rounds(conn: &mut DbConn, new: &[Round]) -> Result<(), StoreError> {
    for round in new {
        let row = (
            rounds::year.eq(round.year),
            rounds::facilities_audit.eq(&round.facilities_audit),
            rounds::report.eq(&round.report),
            rounds::status.eq(round.status.as_str()),
            rounds::opens_on.eq(round.opens_on),
            rounds::closes_on.eq(round.closes_on),
            rounds::staffing_as_at.eq(round.staffing_as_at),
            rounds::questionnaire.eq(&round.questionnaire),
            rounds::methodology.eq(round.methodology),
            rounds::standard.eq(&round.standard),
            rounds::sign_off.eq(round.sign_off),
        );
        on_backend!(conn, |conn| diesel::insert_into(rounds::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn)?);
    }
    Ok(())
}
