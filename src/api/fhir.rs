//! FHIR R4 resources by `application/fhir+json`: what the formats make of them, as payloads.

use poem::web::Accept;
use poem::{IntoResponse, Request, RequestBody, Response, Result};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::Serialize;

use super::body::{JSON_LIMIT, check_content_type, parse, request_meta};
use super::problem::{Problem, ProblemPlace};
use crate::app::responses::{self, AnswerChange, ResponseView};
use crate::app::{App, AppError, rounds};
use crate::domain::access::Principal;
use crate::formats::fhir::response::{ResponseStatus, Source};
use crate::formats::fhir::{FHIR_JSON, Questionnaire, QuestionnaireResponse};
use crate::store::responses::ResponseState;

/// Whether a request would rather have a resource than our own JSON.
pub fn prefers_fhir(accept: &Accept) -> bool {
    let known = [FHIR_JSON, "application/json", "*/*", "application/*"];
    let first = accept.0.iter().find(|kind| known.contains(&kind.essence_str()));
    first.is_some_and(|kind| kind.essence_str() == FHIR_JSON)
}

/// A resource. Its shape is FHIR's, which the document leaves to FHIR.
#[derive(Debug)]
pub struct Resource<T>(pub T);

fn resource_schema() -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema {
        description: Some("A FHIR R4 resource: http://hl7.org/fhir/R4/."),
        ..MetaSchema::new("object")
    }))
}

impl<T: Send> Payload for Resource<T> {
    const CONTENT_TYPE: &'static str = FHIR_JSON;

    fn check_content_type(content_type: &str) -> bool {
        content_type.parse::<mime::Mime>().is_ok_and(|mime| mime.essence_str() == FHIR_JSON)
    }

    fn schema_ref() -> MetaSchemaRef {
        resource_schema()
    }
}

impl<T: Serialize + Send> IntoResponse for Resource<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => Response::builder().content_type(FHIR_JSON).body(bytes),
            Err(error) => Problem::internal(&error).into_response(),
        }
    }
}

impl<'a> ApiExtractor<'a> for Resource<QuestionnaireResponse> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta::<Self>())
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        check_content_type::<Self>(request)?;
        let bytes = body.take()?.into_bytes_limit(JSON_LIMIT).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// The address by which a round's questionnaire is known.
fn canonical(app: &App, year: i32) -> String {
    app.address(&format!("/api/v1/rounds/{year}/questionnaire"))
}

/// The questionnaire of a round.
pub fn questionnaire(app: &App, who: &Principal, year: i32) -> Result<Questionnaire, AppError> {
    Ok(Questionnaire::of(rounds::questionnaire(app, who, year)?.as_ref(), &canonical(app, year)))
}

/// A response as a resource.
pub fn response(app: &App, view: &ResponseView) -> QuestionnaireResponse {
    let response = &view.response;
    QuestionnaireResponse::of(&Source {
        questionnaire: &view.questionnaire,
        canonical: &canonical(app, response.year),
        document: &response.document,
        shown: &view.shown,
        status: match response.state {
            ResponseState::InProgress => ResponseStatus::InProgress,
            ResponseState::Submitted => ResponseStatus::Completed,
            ResponseState::NoReturn | ResponseState::NotCommissioned => ResponseStatus::Stopped,
        },
        service: (&response.service_code, &view.service.name),
        authored: response.submitted_at.or(response.updated_at),
    })
}

/// Takes a resource: its items replace what stands there; items that it does not have stay as they are.
pub fn take(
    app: &App,
    who: &Principal,
    (year, service): (i32, &str),
    version: i64,
    resource: &QuestionnaireResponse,
) -> Result<ResponseView, Problem> {
    let refused = |pointer: String, reason: String| ProblemPlace::new(pointer, "fhir", reason);
    if resource.resource_type != "QuestionnaireResponse" {
        let reason = "This operation takes a QuestionnaireResponse.".to_owned();
        return Err(Problem::invalid(vec![refused("/resourceType".into(), reason)]));
    }
    let view = responses::view(app, who, year, service)?;
    if view.response.version != version {
        return Err(AppError::VersionMoved { current: view.response.version }.into());
    }
    let entries = resource.entries(&view.questionnaire).map_err(|problems| {
        Problem::invalid(problems.into_iter().map(|(link_id, reason)| refused(link_id, reason)).collect())
    })?;
    let changes = entries.into_iter().map(|(link_id, entry)| AnswerChange {
        // Should an item move between this look and the save, its version has moved with it, and the save says so.
        based_on: view.response.document.version(&link_id),
        link_id,
        entry,
        explanation: None,
    });
    Ok(responses::save(app, who, year, service, changes.collect())?)
}
