//! Handing a response in, and opening it again.

use super::{ResponseView, Subject, write_over};
use crate::app::history;
use crate::app::{App, AppError};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::checks::{self, Finding};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::facts::staffing_facts;
use crate::store;
use crate::store::responses::ResponseState;

/// Hands a response in, if the checks let it. `version` is the one that was checked.
pub fn submit(app: &App, who: &Principal, year: i32, service: &str, version: i64) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let subject = Subject::load(app, conn, year, service)?;
        let mut response = subject.locked(conn)?;
        subject.may_read(who, &response)?;
        if !who.may_for(Permission::SubmitResponse, &subject.service, &subject.tree) {
            return Err(AppError::Forbidden { action: "submit this response; its FLS lead can".into() });
        }
        subject.must_be_open(&response)?;
        Subject::must_be_at(&response, version)?;
        let before = subject.before(app, conn)?;
        let shown = Shown::new(&subject.questionnaire, &response.document);
        let findings = subject.findings(conn, &shown, before.as_ref())?;
        let facts = staffing_facts(&shown);
        let stopping: Vec<Finding> =
            findings.into_iter().filter(|finding| !checks::can_submit(std::slice::from_ref(finding))).collect();
        if !stopping.is_empty() {
            return Err(AppError::NotSubmittable(stopping));
        }
        let from = response.version;
        response.version += 1;
        response.state = ResponseState::Submitted;
        response.submitted_at = Some(app.now());
        response.submitted_by = Some(who.actor.clone());
        response.updated_at = Some(app.now());
        write_over(conn, &response, from)?;
        let event = Event::of("submitted").new_value(response.version.to_string());
        history::record(app, conn, who, &Object::response(year, &response.service_code), vec![event])?;
        store::responses::set_facts(conn, service, year, Some(&facts))?;
        subject.view(app, conn, who, response)
    })
}

/// Opens a submitted response again; it no longer counts until it is handed in anew.
pub fn reopen(app: &App, who: &Principal, year: i32, service: &str, version: i64) -> Result<ResponseView, AppError> {
    if !who.may_everywhere(Permission::ReopenResponse) {
        return Err(AppError::Forbidden { action: "reopen a response; the audit team can".into() });
    }
    app.write(|conn| {
        let subject = Subject::load(app, conn, year, service)?;
        let mut response = subject.locked(conn)?;
        if response.state != ResponseState::Submitted {
            return Err(AppError::Refused {
                code: "not_submitted",
                reason: "The response is not submitted, so it is open already.".into(),
            });
        }
        subject.round_must_be_open()?;
        Subject::must_be_at(&response, version)?;
        let from = response.version;
        response.version += 1;
        response.state = ResponseState::InProgress;
        response.submitted_at = None;
        response.submitted_by = None;
        response.updated_at = Some(app.now());
        write_over(conn, &response, from)?;
        let event = Event::of("reopened").new_value(response.version.to_string());
        history::record(app, conn, who, &Object::response(year, &response.service_code), vec![event])?;
        store::responses::set_facts(conn, service, year, None)?;
        subject.view(app, conn, who, response)
    })
}
