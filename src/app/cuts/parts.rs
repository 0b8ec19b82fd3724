//! What a cut is made of.

use serde::{Deserialize, Serialize};

use super::super::exports::{self, Extent};
use super::super::{App, AppError, quality, round_of, standards};
use crate::domain::access::Principal;
use crate::domain::interchange::FileKind;
use crate::domain::reference::Methodology;
use crate::domain::round::Round;
use crate::domain::workforce::standard::StaffingStandard;
use crate::store::{self, DbConn};

/// The part that holds the rounds with their methods.
pub(super) const METHOD: &str = "method.json";

/// The part that holds why caseloads were stated.
pub(super) const REASONS: &str = "caseload_reasons.json";

/// The part that holds the outliers of the round that were looked into.
pub(super) const OUTLIERS: &str = "outliers.json";

/// A round with everything that judges it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::app) struct FrozenRound {
    /// The round as it was called.
    pub(in crate::app) round: Round,
    /// Its methodology.
    pub(in crate::app) methodology: Methodology,
    /// Its staffing standard.
    pub(in crate::app) standard: StaffingStandard,
}

/// Why a caseload was stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reason {
    pub(super) service: String,
    pub(super) year: i32,
    pub(super) reason: String,
}

/// The parts of a round's cut, sorted by name.
pub(super) fn of_round(app: &App, conn: &mut DbConn, year: i32) -> Result<Vec<(String, Vec<u8>)>, AppError> {
    round_of(conn, year)?;
    let extent = Extent { up_to: Some(year), submitted_alone: true };
    let mut parts = Vec::new();
    for kind in FileKind::ALL {
        let mut bytes = Vec::new();
        exports::write(conn, kind, extent, &mut bytes)?;
        parts.push((kind.file_name(), bytes));
    }
    let mut rounds = Vec::new();
    for round in store::rounds::all_rounds(conn)?.into_iter().filter(|round| round.year <= year) {
        let standard = standards::find_in(app, conn, &Principal::job(), &round.standard)?.standard;
        rounds.push(FrozenRound { methodology: app.methodology_of(&round)?.clone(), standard, round });
    }
    parts.push((METHOD.to_owned(), json(&rounds)?));
    let mut reasons = Vec::new();
    for (service, of, _) in store::register::all_expected_caseloads(conn)?.into_iter().filter(|(_, of, _)| *of <= year)
    {
        let reason = store::register::stated_caseload(conn, &service, of)?.and_then(|stated| stated.reason);
        reasons.extend(reason.map(|reason| Reason { service, year: of, reason }));
    }
    parts.push((REASONS.to_owned(), json(&reasons)?));
    parts.push((OUTLIERS.to_owned(), json(&quality::cases(conn, year)?)?));
    parts.sort();
    Ok(parts)
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, AppError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| AppError::Unexpected(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}
