//! Handing a response in, and opening it again.

use chrono::NaiveDate;

use super::{ResponseView, Subject, write_over};
use crate::app::{App, AppError, rounds};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::Event;
use crate::domain::questionnaire::checks::{self, Finding};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::facts::ResponseFacts;
use crate::domain::round::Act;
use crate::store::responses::{Response, ResponseState};
use crate::store::{self, DbConn};

/// Hands a response in, if the checks let it; what is handed in is kept for ever. `version` is the one that was checked.
/// Where the round asks for it, a clinical lead has signed it off before.
pub fn submit(app: &App, who: &Principal, year: i32, service: &str, version: i64) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let (subject, mut response) = Subject::locked(app, conn, year, service)?;
        subject.may_read(who, &response)?;
        if !who.may_for(Permission::SubmitResponse, &subject.service, &subject.register.tree) {
            return Err(AppError::Forbidden { action: "submit this response; its FLS lead can".into() });
        }
        subject.must_be_open(&response)?;
        Subject::must_be_at(&response, version)?;
        must_pass(app, conn, &subject, &response)?;
        if subject.round.sign_off && response.signed_off_at.is_none() {
            let reason = "A clinical lead signs this round's responses off before they are submitted. Ask yours to.";
            return Err(AppError::Refused { code: "not_signed_off", reason: reason.into() });
        }
        let facts = ResponseFacts::of(&Shown::new(&subject.questionnaire, &response.document));
        let from = response.version;
        response.version += 1;
        response.state = ResponseState::Submitted;
        // All of it has been held to the checks now, wherever it came from.
        response.imported = false;
        response.submitted_at = Some(app.now());
        response.submitted_by = Some(who.actor.clone());
        response.updated_at = Some(app.now());
        let event = Event::of("submitted").new_value(response.version.to_string());
        write_over(app, conn, who, &response, from, vec![event])?;
        store::submissions::add(conn, &response, &subject.questionnaire.version, app.now(), &who.actor)?;
        store::facts::set(conn, service, year, Some(&facts))?;
        crate::app::hospitals::challenge_by_answer(app, conn, who, year, service, &response.document)?;
        crate::app::receipts::send(app, conn, who, &subject.round, &subject.service, &response)?;
        subject.view(app, conn, who, response)
    })
}

/// Refuses a response that has findings which stop a submit.
fn must_pass(app: &App, conn: &mut DbConn, subject: &Subject, response: &Response) -> Result<(), AppError> {
    let before = subject.before(app, conn)?;
    let shown = Shown::new(&subject.questionnaire, &response.document);
    let findings = subject.findings(&shown, before.as_deref());
    let stopping: Vec<Finding> =
        findings.into_iter().filter(|finding| !checks::can_submit(std::slice::from_ref(finding))).collect();
    if stopping.is_empty() { Ok(()) } else { Err(AppError::NotSubmittable(stopping)) }
}

/// Signs a response off as it stands, for a clinical lead, where the round asks for it. Any change of an answer after
/// that undoes it. `version` is the one that was read.
pub fn sign_off(app: &App, who: &Principal, year: i32, service: &str, version: i64) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let (subject, mut response) = Subject::locked(app, conn, year, service)?;
        subject.may_read(who, &response)?;
        if !who.may_for(Permission::SignOffResponse, &subject.service, &subject.register.tree) {
            return Err(AppError::Forbidden { action: "sign off this response; its clinical lead can".into() });
        }
        if !subject.round.sign_off {
            let reason = "This round does not ask for a clinical lead's sign-off: the FLS lead submits without.";
            return Err(AppError::Refused { code: "sign_off_not_asked", reason: reason.into() });
        }
        subject.must_be_open(&response)?;
        Subject::must_be_at(&response, version)?;
        if response.signed_off_at.is_none() {
            must_pass(app, conn, &subject, &response)?;
            let from = response.version;
            response.version += 1;
            response.signed_off_at = Some(app.now());
            response.signed_off_by = Some(who.actor.clone());
            response.updated_at = Some(app.now());
            let event = Event::of("signed_off").new_value(response.version.to_string());
            write_over(app, conn, who, &response, from, vec![event])?;
        }
        subject.view(app, conn, who, response)
    })
}

/// Opens a submitted response again, for a reason that the history keeps; it no longer counts until it is handed in
/// anew. What was submitted stays readable. In a round that has closed the service gets time `until` a day to hand in
/// anew.
pub fn reopen(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    version: i64,
    reason: &str,
    until: Option<NaiveDate>,
) -> Result<ResponseView, AppError> {
    if !who.may_everywhere(Permission::ReopenResponse) {
        return Err(AppError::Forbidden { action: "reopen a response; the audit team can".into() });
    }
    app.write(|conn| {
        let (mut subject, mut response) = Subject::locked(app, conn, year, service)?;
        if response.state != ResponseState::Submitted {
            return Err(AppError::Refused {
                code: "not_submitted",
                reason: "The response is not submitted, so there is nothing to reopen.".into(),
            });
        }
        subject.round.must_allow(Act::Reopen)?;
        Subject::must_be_at(&response, version)?;
        let reason =
            given_reason(reason, "Say why the response is opened again: the service and the history are told.")?;
        if let Some(until) = until {
            rounds::put_extension(app, conn, who, year, service, until, &reason)?;
            subject.extended_until = Some(until);
        } else if subject.may_answer().is_err() {
            let message = "The round has closed. Say until when the service may answer: it gets that much more time.";
            return Err(AppError::invalid("until", "missing", message));
        }
        let from = response.version;
        response.version += 1;
        response.state = ResponseState::InProgress;
        response.submitted_at = None;
        response.submitted_by = None;
        response.signed_off_at = None;
        response.signed_off_by = None;
        response.updated_at = Some(app.now());
        write_over(app, conn, who, &response, from, vec![Event::of("reopened").new_value(reason)])?;
        store::facts::set(conn, service, year, None)?;
        subject.view(app, conn, who, response)
    })
}

/// Characters that a reason may have at the most.
const LONGEST_REASON: usize = 2_000;

/// A reason as it is kept; `missing` says what is wanted of one that is empty.
pub(in crate::app) fn given_reason(reason: &str, missing: &str) -> Result<String, AppError> {
    let reason = reason.replace("\r\n", "\n").trim().to_owned();
    if reason.is_empty() {
        return Err(AppError::invalid("reason", "reason_missing", missing));
    }
    if reason.chars().count() > LONGEST_REASON || reason.contains('\0') {
        let message = format!("Keep the reason under {LONGEST_REASON} characters, without control characters.");
        return Err(AppError::invalid("reason", "unstorable_text", message));
    }
    Ok(reason)
}
