//! Keeps the stored facts in step with what would be projected from the answers now.
//!
//! Facts are written with the submission or the import that they follow from. What they rest on besides the answers,
//! the questionnaires' definition of facts and the code that projects, can only change with the program: so a program
//! that finds facts of another basis, or none at all, projects every submitted response anew when it starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::facts::{ResponseFacts, projection_basis};
use crate::store::responses::ResponseState;
use crate::store::{self, DbConn, StoreError};

/// Projects every submitted response anew if the stored facts rest on something else. Part of the transaction in which
/// the database is opened.
pub(super) fn keep_in_step(
    conn: &mut DbConn,
    questionnaires: &BTreeMap<String, Arc<Questionnaire>>,
) -> Result<(), StoreError> {
    let bases: Vec<String> = questionnaires.values().map(|questionnaire| projection_basis(questionnaire)).collect();
    let basis = data_encoding::HEXLOWER.encode(&Sha256::digest(bases.join("\n")));
    if store::installation::facts_basis(conn)?.as_deref() == Some(basis.as_str()) {
        return Ok(());
    }
    let rounds: BTreeMap<i32, String> =
        store::rounds::all_rounds(conn)?.into_iter().map(|round| (round.year, round.questionnaire)).collect();
    let mut projected = 0_u64;
    for (service, year) in store::responses::keys(conn)? {
        let Some(questionnaire) = rounds.get(&year).and_then(|version| questionnaires.get(version)) else { continue };
        // Held, so that a submission of another process does not come between.
        let Some(response) = store::responses::find_for_update(conn, &service, year)? else { continue };
        if response.state == ResponseState::Submitted {
            let facts = ResponseFacts::of(&Shown::new(questionnaire, &response.document));
            store::facts::set(conn, &service, year, Some(&facts))?;
            projected += 1;
        }
    }
    store::installation::set_facts_basis(conn, &basis)?;
    if projected > 0 {
        tracing::info!(projected, "the facts of submitted responses were projected anew");
    }
    Ok(())
}
