//! What services wrote to explain answers that a check queried: for the audit team.

use super::Subject;
use crate::app::{App, AppError, round_of};
use crate::domain::access::{Permission, Principal};
use crate::domain::questionnaire::checks::Finding;
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::register::Service;
use crate::store;
use crate::store::responses::ResponseState;

/// A query that a service has explained.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The service.
    pub service: Service,
    /// Where its response stands.
    pub state: ResponseState,
    /// The printed number of the item.
    pub number: String,
    /// What the check found.
    pub finding: Finding,
    /// What the service wrote.
    pub explanation: String,
}

/// Every explained query of a round, by service and in printed order.
pub fn explanations(app: &App, who: &Principal, year: i32) -> Result<Vec<Explained>, AppError> {
    if !who.may_everywhere(Permission::ReadDraft) {
        return Err(AppError::Forbidden {
            action: "read the explanations of every service; the audit team can".into(),
        });
    }
    app.read(|conn| {
        round_of(conn, year)?;
        let mut all = Vec::new();
        for response in store::responses::of_round(conn, year)? {
            if response.document.answers.values().all(|answer| answer.explanation.is_none()) {
                continue;
            }
            let subject = Subject::load(app, conn, year, &response.service_code)?;
            let before = subject.before(app, conn)?;
            let findings =
                subject.findings(conn, &Shown::new(&subject.questionnaire, &response.document), before.as_ref())?;
            for finding in findings.into_iter().filter(|finding| finding.explained) {
                let answer = response.document.get(&finding.link_id);
                let explanation = answer.and_then(|answer| answer.explanation.clone()).unwrap_or_default();
                let item = subject.questionnaire.item(&finding.link_id);
                let number = item.map(|item| item.number.clone()).unwrap_or_default();
                all.push(Explained {
                    service: subject.service.clone(),
                    state: response.state,
                    number,
                    finding,
                    explanation,
                });
            }
        }
        Ok(all)
    })
}
