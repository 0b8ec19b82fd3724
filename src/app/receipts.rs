//! The receipt of a submitted response, by e-mail: to whoever submitted it and to the service's leads.

use super::mail::{self, Mail};
use super::{App, AppError};
use crate::domain::access::{Principal, Role};
use crate::domain::register::Service;
use crate::domain::round::Round;
use crate::store::responses::Response;
use crate::store::{self, DbConn};

/// Queues the receipt, within the transaction of the submit.
pub(super) fn send(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    round: &Round,
    service: &Service,
    response: &Response,
) -> Result<(), AppError> {
    let mut subjects = store::accounts::holders(conn, Role::FlsLead, &service.code)?;
    subjects.extend(who.account().map(|_| who.actor.clone()));
    subjects.sort();
    subjects.dedup();
    let base = format!("/survey/{}/{}", round.year, service.code);
    let said = Mail::Receipt {
        link: app.address(&format!("{base}/check")),
        feedback: app.address(&format!("{base}/feedback")),
        service: format!("{} {}", service.code, service.name),
        round: round.names(),
        submitted_by: who.name.clone(),
        version: response.version,
        answers: response.document.answers.len(),
        at: response.submitted_at.unwrap_or_else(|| app.now()),
    };
    for subject in subjects {
        mail::queue(app, conn, &subject, &said)?;
    }
    Ok(())
}
