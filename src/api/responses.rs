//! `/rounds/{year}/responses`: reading and changing the answers of a service.

use chrono::{DateTime, Utc};
use poem::web::{Accept, Data};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi, ResponseContent};

use super::Tag;
use super::answers::{Answer, AnswerPatch};
use super::body::JsonBody;
use super::fhir;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::{Problem, ProblemPlace, Refusal};
use crate::app::{App, AppError, responses, rounds};
use crate::domain::access::Principal;
use crate::domain::questionnaire::answer::{self as domain, Entry};
use crate::store::responses as store;

/// Where a response stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ResponseState {
    /// Being filled in.
    InProgress,
    /// Handed in: it counts, and can no longer be changed.
    Submitted,
    /// The service makes no return this year.
    NoReturn,
    /// No service is commissioned.
    NotCommissioned,
}

impl From<store::ResponseState> for ResponseState {
    fn from(state: store::ResponseState) -> Self {
        match state {
            store::ResponseState::InProgress => Self::InProgress,
            store::ResponseState::Submitted => Self::Submitted,
            store::ResponseState::NoReturn => Self::NoReturn,
            store::ResponseState::NotCommissioned => Self::NotCommissioned,
        }
    }
}

/// A line of the list of responses.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ResponseSummary {
    /// Unit code of the service.
    pub service: String,
    /// Name of the service.
    pub name: String,
    /// Where it stands.
    pub state: ResponseState,
    /// Counts its changes; 0 where nobody has begun it.
    pub version: i64,
    /// Some of its answers came from a file and were not held to the required items.
    pub imported: bool,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// Some of the responses of a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ResponseList {
    /// The responses, sorted by service.
    pub items: Vec<ResponseSummary>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// One service's answers in one round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct QuestionnaireResponse {
    /// Unit code of the service.
    pub service: String,
    /// The audit year.
    pub year: i32,
    /// Version of the questionnaire.
    pub questionnaire: String,
    /// Where it stands.
    pub state: ResponseState,
    /// Counts its changes; in quotes it is the ETag.
    pub version: i64,
    /// Some of its answers came from a file and were not held to the required items.
    pub imported: bool,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Why there is no return this year.
    pub reason: Option<String>,
    /// When a clinical lead signed it off as it stands, where the round asks for that.
    pub signed_off_at: Option<DateTime<Utc>>,
    /// True in the answer to a change that has undone a sign-off; else absent.
    pub sign_off_undone: Option<bool>,
    /// Every item of the questionnaire in printed order.
    pub answers: Vec<Answer>,
}

impl From<&responses::ResponseView> for QuestionnaireResponse {
    fn from(view: &responses::ResponseView) -> Self {
        let response = &view.response;
        let answers = view
            .questionnaire
            .items()
            .map(|item| Answer::of(item, view.shown.contains(&item.link_id), &response.document))
            .collect();
        Self {
            service: response.service_code.clone(),
            year: response.year,
            questionnaire: view.questionnaire.version.clone(),
            state: response.state.into(),
            version: response.version,
            imported: response.imported,
            submitted_at: response.submitted_at,
            updated_at: response.updated_at,
            reason: response.reason.clone(),
            signed_off_at: response.signed_off_at,
            sign_off_undone: view.sign_off_undone.then_some(true),
            answers,
        }
    }
}

/// A response in either form.
#[derive(Debug, ResponseContent)]
enum ResponseForm {
    Ours(Json<QuestionnaireResponse>),
    Fhir(fhir::Resource<crate::formats::fhir::QuestionnaireResponse>),
}

/// A response, or word that the reader has it already.
#[derive(Debug, ApiResponse)]
enum Read {
    /// The response; as a FHIR R4 QuestionnaireResponse for `Accept: application/fhir+json`.
    #[oai(status = 200)]
    Found(
        ResponseForm,
        /// The version in quotes.
        #[oai(header = "ETag")]
        String,
    ),
    /// The response is at the version of `If-None-Match`.
    #[oai(status = 304)]
    NotModified(
        /// The version in quotes.
        #[oai(header = "ETag")]
        String,
    ),
}

/// A response after a change.
#[derive(Debug, ApiResponse)]
pub enum Changed {
    /// The response as it is now.
    #[oai(status = 200)]
    Done(
        Json<QuestionnaireResponse>,
        /// The version in quotes.
        #[oai(header = "ETag")]
        String,
    ),
}

impl From<responses::ResponseView> for Changed {
    fn from(view: responses::ResponseView) -> Self {
        Self::Done(Json(QuestionnaireResponse::from(&view)), etag(view.response.version))
    }
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that `If-Match` names. One that is no version of ours matches none.
pub(super) fn if_match(header: Option<&str>) -> Result<i64, AppError> {
    let tag = header.ok_or(AppError::VersionRequired)?.trim();
    let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
    Ok(version.unwrap_or(-1))
}

/// Whether `If-None-Match` names a tag. It compares weakly, so `W/` does not matter.
pub fn none_match(header: Option<&str>, etag: &str) -> bool {
    let strong = |tag: &'_ str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    header.unwrap_or_default().split(',').map(str::trim).any(|tag| tag == "*" || strong(tag) == strong(etag))
}

/// The operations on responses.
#[derive(Debug)]
pub struct Responses;

#[OpenApi(tag = "Tag::Responses")]
impl Responses {
    /// List the responses of a round
    ///
    /// Those of every service that the key may read, begun or not, sorted by service.
    #[oai(path = "/rounds/:year/responses", method = "get", operation_id = "list_responses")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<ResponseList>, Refusal<404>> {
        let all = app.run(move |app| responses::list(app, &key.0, year.0)).await?;
        let (lines, next) = page(all, after.0.as_deref(), limit.0, |line| line.service.code.clone());
        let items = lines
            .into_iter()
            .map(|line| ResponseSummary {
                service: line.service.code,
                name: line.service.name,
                state: line.response.state.into(),
                version: line.response.version,
                imported: line.response.imported,
                submitted_at: line.response.submitted_at,
                updated_at: line.response.updated_at,
            })
            .collect();
        Ok(Json(ResponseList { items, next }))
    }

    /// Get a response
    ///
    /// Every item of the questionnaire, answered or not; a response that nobody has begun has version 0.
    #[oai(path = "/rounds/:year/responses/:service", method = "get", operation_id = "get_response")]
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
        /// The ETag of the version that the reader has.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
        accept: Accept,
    ) -> Result<Read, Refusal<404>> {
        let view = app.run(move |app| responses::view(app, &key.0, year.0, &service.0)).await?;
        let etag = etag(view.response.version);
        if none_match(if_none_match.0.as_deref(), &etag) {
            return Ok(Read::NotModified(etag));
        }
        let form = if fhir::prefers_fhir(&accept) {
            ResponseForm::Fhir(fhir::Resource(fhir::response(app.0, &view)))
        } else {
            ResponseForm::Ours(Json(QuestionnaireResponse::from(&view)))
        };
        Ok(Read::Found(form, etag))
    }

    /// Take answers from a FHIR QuestionnaireResponse
    ///
    /// The items that it has replace what stands there, an item without an answer takes it away, and items that it does not
    /// have stay as they are. `If-Match` names the version of the response that it is based on, as its ETag.
    #[oai(path = "/rounds/:year/responses/:service", method = "put", operation_id = "put_fhir_response")]
    async fn put_fhir(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        /// The ETag of the version that it is based on.
        #[oai(name = "If-Match")]
        if_match_header: Header<Option<String>>,
        resource: fhir::Resource<crate::formats::fhir::QuestionnaireResponse>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422, 428>> {
        let version = if_match(if_match_header.0.as_deref())?;
        let taken = move |app: &App| Ok(fhir::take(app, &key.0, (year.0, &service.0), version, &resource.0));
        Ok(app.run(taken).await??.into())
    }

    /// Change answers
    ///
    /// Each change names the version of its item that it is based on. An item that has not moved is applied, whatever
    /// else has moved. Where an item has moved, the answer is 412 with both values and nothing of the request is
    /// stored. A change that says what is there already is no change, so a request may be sent again.
    #[oai(path = "/rounds/:year/responses/:service", method = "patch", operation_id = "change_answers")]
    async fn change(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        patch: JsonBody<AnswerPatch>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422>> {
        Ok(app.run(move |app| Ok(save(app, &key.0, year.0, &service.0, patch.0))).await??.into())
    }
}

fn save(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    patch: AnswerPatch,
) -> Result<responses::ResponseView, Problem> {
    // An explanation alone leaves the value that is there. Should it move before the save, the item's version has
    // moved with it, and the save says so.
    let now = patch.has_explanation_alone().then(|| responses::view(app, who, year, service)).transpose()?;
    let links: Vec<String> = patch.answers.iter().map(|change| change.link_id.clone()).collect();
    let current = |link_id: &str| {
        let answer = now.as_ref().and_then(|view| view.response.document.get(link_id));
        answer.map_or(Entry::Unanswered, domain::Answer::entry)
    };
    let changes = patch.read(current).map_err(Problem::invalid)?;
    responses::save(app, who, year, service, changes).map_err(|error| match error {
        AppError::Invalid(problems) => {
            let place = |link_id: &str| links.iter().position(|link| link == link_id);
            let errors = problems.into_iter().map(|problem| {
                let pointer = match (place(&problem.field), problem.code) {
                    (Some(place), "unknown_item") => format!("/answers/{place}/link_id"),
                    (Some(place), _) => format!("/answers/{place}"),
                    (None, _) => problem.field,
                };
                ProblemPlace::new(pointer, problem.code, problem.message)
            });
            Problem::invalid(errors.collect())
        }
        other => located(app, who, year, other),
    })
}

/// The problem of a change. With the questionnaire at hand, the grid of an item that moved shows its empty cells too.
pub(super) fn located(app: &App, who: &Principal, year: i32, error: AppError) -> Problem {
    let AppError::Moved(items) = error else { return error.into() };
    let mut problem = Problem::from(AppError::Moved(items.clone()));
    if let Ok(questionnaire) = rounds::questionnaire(app, who, year) {
        for (conflict, item) in problem.conflicts.iter_mut().flatten().zip(&items) {
            let definition = questionnaire.item(&item.link_id);
            conflict.current = item.current.as_ref().map(|answer| Answer::stored(&item.link_id, definition, answer));
        }
    }
    problem
}
