//! The versions of a response that were submitted: readable and comparable for ever.

use std::sync::Arc;

use crate::app::history::actor_name;
use crate::app::register::{round_in, service_in};
use crate::app::{App, AppError};
use crate::domain::access::{Permission, Principal};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::submission::{Difference, differences};
use crate::store::submissions::Submission;
use crate::store::{self, DbConn};

/// A submitted version, with what it answers and who submitted it.
#[derive(Debug, Clone)]
pub struct SubmissionView {
    /// What was submitted.
    pub submission: Submission,
    /// The questionnaire that it answers.
    pub questionnaire: Arc<Questionnaire>,
    /// What to call who submitted it.
    pub submitted_by_name: String,
}

/// Two submitted versions, and what the second says otherwise.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The one.
    pub from: SubmissionView,
    /// The other.
    pub to: SubmissionView,
    /// The items that differ, by name.
    pub differences: Vec<Difference>,
}

fn must_be_allowed(app: &App, conn: &mut DbConn, who: &Principal, year: i32, service: &str) -> Result<(), AppError> {
    let register = app.register(conn)?;
    round_in(&register, year)?;
    let service = service_in(&register, service)?;
    if who.may_for(Permission::ReadHistory, service, &register.tree) {
        return Ok(());
    }
    Err(AppError::Forbidden { action: format!("read what {} submitted for {year}", service.code) })
}

fn shown(app: &App, conn: &mut DbConn, submission: Submission) -> Result<SubmissionView, AppError> {
    let questionnaire = app.questionnaire_version(&submission.questionnaire)?;
    let submitted_by_name = actor_name(conn, &submission.submitted_by)?;
    Ok(SubmissionView { submission, questionnaire, submitted_by_name })
}

/// The submitted versions of a response, the oldest first.
pub fn submissions(app: &App, who: &Principal, year: i32, service: &str) -> Result<Vec<SubmissionView>, AppError> {
    app.read(|conn| {
        must_be_allowed(app, conn, who, year, service)?;
        let all = store::submissions::of_response(conn, service, year)?;
        all.into_iter().map(|submission| shown(app, conn, submission)).collect()
    })
}

fn numbered(app: &App, conn: &mut DbConn, year: i32, service: &str, number: i32) -> Result<SubmissionView, AppError> {
    let found = store::submissions::find(conn, service, year, number)?.ok_or_else(|| {
        let hint = "Submissions are numbered from 1; the list of submissions has those of this response.";
        AppError::not_found("submission", &number.to_string(), hint)
    })?;
    shown(app, conn, found)
}

/// One submitted version, by its number from 1.
pub fn submission(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    number: i32,
) -> Result<SubmissionView, AppError> {
    app.read(|conn| {
        must_be_allowed(app, conn, who, year, service)?;
        numbered(app, conn, year, service, number)
    })
}

/// What one submitted version says otherwise than another.
pub fn compare_submissions(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    from: i32,
    to: i32,
) -> Result<Comparison, AppError> {
    app.read(|conn| {
        must_be_allowed(app, conn, who, year, service)?;
        let from = numbered(app, conn, year, service, from)?;
        let to = numbered(app, conn, year, service, to)?;
        let differences = differences(&from.submission.document, &to.submission.document);
        Ok(Comparison { from, to, differences })
    })
}
