//! What anybody may read, without an account: rounds whose report is out, with WTE by role and never by band, and small
//! numbers suppressed.

use super::{App, AppError};
use crate::domain::register::Service;
use crate::domain::round::{Round, RoundStatus};
use crate::domain::workforce::disclosure::PublicWte;
use crate::store;

/// One service's staffing, as far as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedStaffing {
    /// The service's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Nurses in post.
    pub nurses: PublicWte,
    /// Administrators in post.
    pub administrators: PublicWte,
}

/// The rounds that are published, the newest first.
pub fn rounds(app: &App) -> Result<Vec<Round>, AppError> {
    app.read(|conn| {
        let mut rounds = store::rounds::all_rounds(conn)?;
        rounds.retain(|round| round.status == RoundStatus::Published);
        rounds.reverse();
        Ok(rounds)
    })
}

/// The staffing of the services that submitted in a published round, by code. Other rounds are not there for the public.
pub fn staffing(app: &App, year: i32) -> Result<(Round, Vec<PublishedStaffing>), AppError> {
    app.read(|conn| {
        let round = store::rounds::round_by_year(conn, year)?
            .filter(|round| round.status == RoundStatus::Published)
            .ok_or_else(|| {
                let hint = "The list of published rounds has those whose report is out.";
                AppError::not_found("published round", &year.to_string(), hint)
            })?;
        let facts = store::facts::staffing_of_round(conn, year)?;
        let staffing = |service: &Service| {
            let facts = facts.get(&service.code)?;
            Some(PublishedStaffing {
                nurses: facts.nurses.in_post.into(),
                administrators: facts.administrators.in_post.into(),
                code: service.code.clone(),
                name: service.name.clone(),
            })
        };
        Ok((round, app.register(conn)?.services_in(year).filter_map(staffing).collect()))
    })
}
