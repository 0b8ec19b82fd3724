//! `/rounds/{year}/responses/{service}/submissions`: what was submitted, for ever.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::answers::Answer;
use super::key::Key;
use super::problem::Refusal;
use crate::app::App;
use crate::app::responses::{self, SubmissionView};
use crate::domain::questionnaire::conditions::Shown;

/// A submitted version of a response.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Submission {
    /// Its place among the submissions of the response, from 1.
    pub number: i32,
    /// The version of the response.
    pub version: i64,
    /// The version of the questionnaire that it answers.
    pub questionnaire: String,
    /// SHA-256 of what was submitted, in hexadecimal: two prints with the same hash say the same.
    pub hash: String,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// Who submitted it.
    pub submitted_by: String,
    /// Every item of the questionnaire in printed order; absent in lists.
    pub answers: Option<Vec<Answer>>,
}

impl Submission {
    fn heading(view: &SubmissionView) -> Self {
        let submission = &view.submission;
        Self {
            number: submission.number,
            version: submission.version,
            questionnaire: submission.questionnaire.clone(),
            hash: submission.hash.clone(),
            submitted_at: submission.submitted_at,
            submitted_by: view.submitted_by_name.clone(),
            answers: None,
        }
    }

    fn whole(view: &SubmissionView) -> Self {
        let document = &view.submission.document;
        let shown = Shown::new(&view.questionnaire, document);
        let answers = view.questionnaire.items().map(|item| Answer::of(item, shown.is_shown(&item.link_id), document));
        Self { answers: Some(answers.collect()), ..Self::heading(view) }
    }
}

/// The submissions of a response.
#[derive(Debug, Object)]
pub struct SubmissionList {
    /// The submissions, the oldest first. Never cut into pages.
    pub items: Vec<Submission>,
}

/// An item that two submissions answer differently.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Difference {
    /// The item.
    pub link_id: String,
    /// What the one says; absent where it says nothing.
    pub old: Option<Answer>,
    /// What the other says; absent where it says nothing.
    pub new: Option<Answer>,
}

/// What one submission says otherwise than another.
#[derive(Debug, Object)]
pub struct SubmissionComparison {
    /// The one.
    pub from: Submission,
    /// The other.
    pub to: Submission,
    /// The items that differ, by name.
    pub differences: Vec<Difference>,
}

/// How many services of a round have answered, of how many that count.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ResponseRate {
    /// Services that there were in the year and that the key may see.
    pub services: u64,
    /// Of these: submitted.
    pub submitted: u64,
    /// Of these: no return this year.
    pub no_return: u64,
    /// Of these: no service commissioned.
    pub not_commissioned: u64,
    /// The denominator: every service but those that the round's method leaves out.
    pub counted: u64,
    /// Submitted of the counted, unrounded; absent where none counts.
    pub percent: Option<f64>,
}

/// The operations on submissions.
#[derive(Debug)]
pub struct Submissions;

#[OpenApi(tag = "Tag::Responses")]
impl Submissions {
    /// List the submissions of a response
    ///
    /// Each version that was ever submitted, reopened since or not.
    #[oai(path = "/rounds/:year/responses/:service/submissions", method = "get", operation_id = "list_submissions")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
    ) -> Result<Json<SubmissionList>, Refusal<404>> {
        let all = app.run(move |app| responses::submissions(app, &key.0, year.0, &service.0)).await?;
        Ok(Json(SubmissionList { items: all.iter().map(Submission::heading).collect() }))
    }

    /// Get a submission
    ///
    /// The answers as they were handed in that time.
    #[oai(
        path = "/rounds/:year/responses/:service/submissions/:number",
        method = "get",
        operation_id = "get_submission"
    )]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// Its number, from 1.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
        number: Path<i32>,
    ) -> Result<Json<Submission>, Refusal<404>> {
        let found = app.run(move |app| responses::submission(app, &key.0, year.0, &service.0, number.0)).await?;
        Ok(Json(Submission::whole(&found)))
    }

    /// Compare a submission with another
    ///
    /// The items that the submission answers otherwise than the one that `from` names.
    #[oai(
        path = "/rounds/:year/responses/:service/submissions/:number/differences",
        method = "get",
        operation_id = "compare_submissions"
    )]
    async fn differences(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// Its number, from 1.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
        number: Path<i32>,
        /// The number of the submission that it is compared with.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
        from: Query<i32>,
    ) -> Result<Json<SubmissionComparison>, Refusal<404>> {
        let run = move |app: &App| responses::compare_submissions(app, &key.0, year.0, &service.0, from.0, number.0);
        let found = app.run(run).await?;
        let shape = |view: &SubmissionView, link_id: &str, answer: &_| {
            Answer::stored(link_id, view.questionnaire.item(link_id), answer)
        };
        let differences = found.differences.iter().map(|difference| {
            let link_id = difference.link_id.as_str();
            Difference {
                link_id: link_id.to_owned(),
                old: difference.old.as_ref().map(|answer| shape(&found.from, link_id, answer)),
                new: difference.new.as_ref().map(|answer| shape(&found.to, link_id, answer)),
            }
        });
        let differences = differences.collect();
        let (from, to) = (Submission::heading(&found.from), Submission::heading(&found.to));
        Ok(Json(SubmissionComparison { from, to, differences }))
    }

    /// Get the response rate of a round
    ///
    /// How many of the services that were asked have submitted, with both counts.
    #[oai(path = "/rounds/:year/response-rate", method = "get", operation_id = "get_response_rate")]
    async fn rate(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<ResponseRate>, Refusal<404>> {
        let rate = app.run(move |app| responses::rate(app, &key.0, year.0)).await?;
        #[expect(clippy::cast_precision_loss, reason = "services are far fewer than 2^52")]
        let percent = (rate.counted > 0).then(|| rate.submitted as f64 * 100.0 / rate.counted as f64);
        Ok(Json(ResponseRate {
            services: rate.services as u64,
            submitted: rate.submitted as u64,
            no_return: rate.no_return as u64,
            not_commissioned: rate.not_commissioned as u64,
            counted: rate.counted as u64,
            percent,
        }))
    }
}
