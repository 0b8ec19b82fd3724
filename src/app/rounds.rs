//! Rounds and what they ask.

use std::sync::Arc;

use super::{App, AppError, authorise, round_of};
use crate::domain::access::{Permission, Principal};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::round::Round;
use crate::store;

/// Every round, oldest first.
pub fn list(app: &App, who: &Principal) -> Result<Vec<Round>, AppError> {
    authorise(who, Permission::ReadReference, "read the rounds")?;
    app.read(|conn| Ok(store::rounds::all_rounds(conn)?))
}

/// The round of an audit year.
pub fn one(app: &App, who: &Principal, year: i32) -> Result<Round, AppError> {
    authorise(who, Permission::ReadReference, "read the rounds")?;
    app.read(|conn| round_of(conn, year))
}

/// What the round of an audit year asks.
pub fn questionnaire(app: &App, who: &Principal, year: i32) -> Result<Arc<Questionnaire>, AppError> {
    let round = one(app, who, year)?;
    app.questionnaire_of(&round)
}
