//! Rounds.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::rounds;
use crate::domain::round::Round;

#[derive(Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = rounds, treat_none_as_null = true)]
struct RoundRow {
    year: i32,
    facilities_audit: String,
    report: Option<String>,
    status: String,
    opens_on: Option<NaiveDate>,
    closes_on: Option<NaiveDate>,
    staffing_as_at: NaiveDate,
    questionnaire: String,
    methodology: i32,
    standard: String,
    sign_off: bool,
    version: i64,
    publishes_on: Option<NaiveDate>,
    cut: Option<String>,
    reminders: bool,
}

impl From<&Round> for RoundRow {
    fn from(round: &Round) -> Self {
        let round = round.clone();
        Self {
            year: round.year,
            facilities_audit: round.facilities_audit,
            report: round.report,
            status: round.status.to_string(),
            opens_on: round.opens_on,
            closes_on: round.closes_on,
            staffing_as_at: round.staffing_as_at,
            questionnaire: round.questionnaire,
            methodology: round.methodology,
            standard: round.standard,
            sign_off: round.sign_off,
            version: round.version,
            publishes_on: round.publishes_on,
            cut: round.cut,
            reminders: round.reminders,
        }
    }
}

fn round(row: RoundRow) -> Result<Round, StoreError> {
    Ok(Round {
        status: row.status.parse().map_err(StoreError::corrupt("round"))?,
        year: row.year,
        facilities_audit: row.facilities_audit,
        report: row.report,
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        staffing_as_at: row.staffing_as_at,
        questionnaire: row.questionnaire,
        methodology: row.methodology,
        standard: row.standard,
        sign_off: row.sign_off,
        version: row.version,
        publishes_on: row.publishes_on,
        cut: row.cut,
        reminders: row.reminders,
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

/// Adds a round; false where there is one of its year.
pub fn add(conn: &mut DbConn, new: &Round) -> Result<bool, StoreError> {
    let row = RoundRow::from(new);
    let added = on_backend!(conn, |conn| diesel::insert_into(rounds::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(added == 1)
}

/// Adds the rounds that are not there yet; what is there is left as it is.
pub fn add_missing_rounds(conn: &mut DbConn, new: &[Round]) -> Result<(), StoreError> {
    for round in new {
        add(conn, round)?;
    }
    Ok(())
}

/// Writes a round over version `from`; false where it has moved on.
pub fn update(conn: &mut DbConn, round: &Round, from: i64) -> Result<bool, StoreError> {
    let of = rounds::table.filter(rounds::year.eq(round.year).and(rounds::version.eq(from)));
    Ok(diesel::update(of).set(RoundRow::from(round)).execute(conn)? == 1)
}

/// Deletes a round of which nothing hangs any more.
pub fn delete(conn: &mut DbConn, year: i32) -> Result<(), StoreError> {
    diesel::delete(rounds::table.filter(rounds::year.eq(year))).execute(conn)?;
    Ok(())
}
