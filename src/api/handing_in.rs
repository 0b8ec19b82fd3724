//! Submitting, signing off, opening again, and making no return: what is done to a response as a whole.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::problem::Refusal;
use super::responses::{Changed, if_match};
use crate::app::App;
use crate::app::responses::{self, NoReturn};

/// Why a response is opened again.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenRequest {
    /// The reason, which the history keeps; not empty.
    pub reason: String,
    /// The last day on which the service may answer; needed where the round has closed.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// Why there will be no answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum NoReturnOutcome {
    /// The service makes no return this year.
    NoReturn,
    /// No service is commissioned.
    NotCommissioned,
}

/// That there will be no answers this year.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoReturnRequest {
    /// Which of the two.
    pub outcome: NoReturnOutcome,
    /// Why; required with `no_return`.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The operations on a response as a whole.
#[derive(Debug)]
pub struct HandingIn;

#[OpenApi(tag = "Tag::Responses")]
impl HandingIn {
    /// Submit a response
    ///
    /// Needs the ETag of the version that was checked. Findings that stop it answer 422 and are named in `errors`. Where
    /// the round asks for it, a clinical lead has signed it off before. What is submitted is kept for ever.
    #[oai(path = "/rounds/:year/responses/:service/submit", method = "post", operation_id = "submit_response")]
    async fn submit(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the version that this is about; required.
        #[oai(name = "If-Match")]
        if_match_header: Header<Option<String>>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422, 428>> {
        let version = if_match(if_match_header.0.as_deref())?;
        Ok(app.run(move |app| responses::submit(app, &key.0, year.0, &service.0, version)).await?.into())
    }

    /// Sign off a response
    ///
    /// For a clinical lead, where the round asks for it. Any change of an answer after that undoes it. Findings that would
    /// stop the submit answer 422.
    #[oai(path = "/rounds/:year/responses/:service/sign-off", method = "post", operation_id = "sign_off_response")]
    async fn sign_off(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the version that this is about; required.
        #[oai(name = "If-Match")]
        if_match_header: Header<Option<String>>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422, 428>> {
        let version = if_match(if_match_header.0.as_deref())?;
        Ok(app.run(move |app| responses::sign_off(app, &key.0, year.0, &service.0, version)).await?.into())
    }

    /// Reopen a submitted response
    ///
    /// For the audit team, with a reason, while the round is open; and once it has closed, with a day until which the
    /// service is given time. It no longer counts until it is submitted anew; what was submitted stays among its
    /// submissions.
    #[oai(path = "/rounds/:year/responses/:service/reopen", method = "post", operation_id = "reopen_response")]
    async fn reopen(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the version that this is about; required.
        #[oai(name = "If-Match")]
        if_match_header: Header<Option<String>>,
        request: JsonBody<ReopenRequest>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422, 428>> {
        let version = if_match(if_match_header.0.as_deref())?;
        let ReopenRequest { reason, until } = request.0;
        let reopened = move |app: &App| responses::reopen(app, &key.0, year.0, &service.0, version, &reason, until);
        Ok(app.run(reopened).await?.into())
    }

    /// Say that there is no return this year
    ///
    /// For an FLS lead, with the reason, or because no service is commissioned. What was answered so far is kept. Whether
    /// the service leaves the number that the response rate is taken of is the round's method.
    #[oai(path = "/rounds/:year/responses/:service/no-return", method = "post", operation_id = "make_no_return")]
    async fn make_no_return(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the version that this is about; required.
        #[oai(name = "If-Match")]
        if_match_header: Header<Option<String>>,
        request: JsonBody<NoReturnRequest>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422, 428>> {
        let version = if_match(if_match_header.0.as_deref())?;
        let why = match request.0.outcome {
            NoReturnOutcome::NoReturn => NoReturn::ThisYear(request.0.reason.unwrap_or_default()),
            NoReturnOutcome::NotCommissioned => NoReturn::NotCommissioned(request.0.reason),
        };
        let made = move |app: &App| responses::make_no_return(app, &key.0, year.0, &service.0, version, why);
        Ok(app.run(made).await?.into())
    }

    /// Take back that there is no return
    ///
    /// While the round is open. The response is in progress again, with what was answered before.
    #[oai(path = "/rounds/:year/responses/:service/no-return", method = "delete", operation_id = "take_back_no_return")]
    async fn take_back_no_return(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the version that this is about; required.
        #[oai(name = "If-Match")]
        if_match_header: Header<Option<String>>,
    ) -> Result<Changed, Refusal<404, 409, 412, 428>> {
        let version = if_match(if_match_header.0.as_deref())?;
        let taken = move |app: &App| responses::take_back_no_return(app, &key.0, year.0, &service.0, version);
        Ok(app.run(taken).await?.into())
    }
}
