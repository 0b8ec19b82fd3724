//! What services said about answers that the checks found unusual: for the audit team, a round at a time.

use chrono::{DateTime, Utc};

use super::responses;
use super::{App, AppError, round_of};
use crate::domain::access::{Permission, Principal};
use crate::store;
use crate::store::responses::ResponseState;

/// A query with the explanation that a service gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Unit code of the service.
    pub service: String,
    /// Its name.
    pub service_name: String,
    /// The response counts.
    pub submitted: bool,
    /// The item.
    pub link_id: String,
    /// Its printed number.
    pub number: String,
    /// The question.
    pub question: String,
    /// The section that it stands in.
    pub section: String,
    /// The code of the check.
    pub code: String,
    /// What the check found.
    pub message: String,
    /// Why the answer is right, in the service's words.
    pub explanation: String,
    /// Who answered last.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The explained queries of a round, by service and in printed order.
pub fn of_round(app: &App, who: &Principal, year: i32) -> Result<Vec<Explained>, AppError> {
    if !who.may_everywhere(Permission::ReadDraft) {
        return Err(AppError::Forbidden { action: "read the explanations of a round; the audit team can".into() });
    }
    let services = app.read(|conn| {
        round_of(conn, year)?;
        Ok(store::responses::explaining(conn, year)?)
    })?;
    let mut explained = Vec::new();
    for service in services {
        let view = responses::view(app, who, year, &service)?;
        for finding in view.findings.iter().filter(|finding| finding.explained) {
            let (item, section) =
                (view.questionnaire.item(&finding.link_id), view.questionnaire.section_of(&finding.link_id));
            let (Some(item), Some(section), Some(answer)) =
                (item, section, view.response.document.get(&finding.link_id))
            else {
                continue;
            };
            explained.push(Explained {
                service: service.clone(),
                service_name: view.service.name.clone(),
                submitted: view.response.state == ResponseState::Submitted,
                link_id: item.link_id.clone(),
                number: item.number.clone(),
                question: item.text.clone(),
                section: section.link_id.clone(),
                code: finding.code.clone(),
                message: finding.message.clone(),
                explanation: answer.explanation.clone().unwrap_or_default(),
                by: view.names.get(&answer.changed_by).cloned().unwrap_or_default(),
                at: answer.changed_at,
            });
        }
    }
    Ok(explained)
}
