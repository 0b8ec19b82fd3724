//! What services mean to do about the recommendations of the report.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::action_plans;

/// What a service means to do about one recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionPlan {
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// The recommendation's number in the report.
    pub recommendation: i32,
    /// Counts its changes, from 1.
    pub version: i64,
    /// What is to be done; empty once it was taken back.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom it was.
    pub updated_by: String,
}

type PlanRow = (i32, String, i32, i64, String, String, Option<NaiveDate>, NaiveDateTime, String);

fn plan(row: PlanRow) -> ActionPlan {
    let (year, service, recommendation, version, what, owner, due, updated_at, updated_by) = row;
    let updated_at = updated_at.and_utc();
    ActionPlan { year, service, recommendation, version, what, owner, due, updated_at, updated_by }
}

/// The plans of a service in a round, by recommendation.
pub fn of_response(conn: &mut DbConn, service: &str, year: i32) -> Result<Vec<ActionPlan>, StoreError> {
    let rows: Vec<PlanRow> = action_plans::table
        .filter(action_plans::year.eq(year).and(action_plans::service_code.eq(service)))
        .order(action_plans::recommendation)
        .load(conn)?;
    Ok(rows.into_iter().map(plan).collect())
}

/// Writes a plan over version `from` (0: there is none yet); false where another writer was first. One statement each, so
/// that two writers cannot both succeed.
pub fn write(conn: &mut DbConn, plan: &ActionPlan, from: i64) -> Result<bool, StoreError> {
    let content = (
        action_plans::version.eq(plan.version),
        action_plans::what.eq(&plan.what),
        action_plans::owner.eq(&plan.owner),
        action_plans::due.eq(plan.due),
        action_plans::updated_at.eq(plan.updated_at.naive_utc()),
        action_plans::updated_by.eq(&plan.updated_by),
    );
    if from == 0 {
        let key = (
            action_plans::year.eq(plan.year),
            action_plans::service_code.eq(&plan.service),
            action_plans::recommendation.eq(plan.recommendation),
        );
        let added = on_backend!(conn, |conn| diesel::insert_into(action_plans::table)
            .values((key, content))
            .on_conflict_do_nothing()
            .execute(conn)?);
        return Ok(added == 1);
    }
    let of = action_plans::table.filter(
        action_plans::year
            .eq(plan.year)
            .and(action_plans::service_code.eq(&plan.service))
            .and(action_plans::recommendation.eq(plan.recommendation))
            .and(action_plans::version.eq(from)),
    );
    Ok(diesel::update(of).set(content).execute(conn)? == 1)
}
