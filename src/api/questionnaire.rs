//! `/rounds/{year}/questionnaire`: what a round asks.

use poem::web::{Accept, Data};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi, ResponseContent};

use super::Tag;
use super::fhir;
use super::key::Key;
use super::problem::Refusal;
use super::questionnaire_shapes::Questionnaire;
use crate::app::{App, rounds};

/// A questionnaire in either form.
#[derive(Debug, ResponseContent)]
enum QuestionnaireForm {
    Ours(Json<Questionnaire>),
    Fhir(fhir::Resource<crate::formats::fhir::Questionnaire>),
}

#[derive(Debug, ApiResponse)]
enum Found {
    /// The questionnaire; as a FHIR R4 Questionnaire for `Accept: application/fhir+json`.
    #[oai(status = 200)]
    Found(QuestionnaireForm),
}

/// The operations on questionnaires.
#[derive(Debug)]
pub struct Questionnaires;

#[OpenApi(tag = "Tag::Rounds")]
impl Questionnaires {
    /// Get the questionnaire of a round
    ///
    /// Sections and items in printed order, with options, conditions, limits and the checks across items: all that is
    /// needed to draw the form and to know beforehand what the checks will say.
    #[oai(path = "/rounds/:year/questionnaire", method = "get", operation_id = "get_questionnaire")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        accept: Accept,
    ) -> Result<Found, Refusal<404>> {
        if fhir::prefers_fhir(&accept) {
            let resource = app.run(move |app| fhir::questionnaire(app, &key.0, year.0)).await?;
            return Ok(Found::Found(QuestionnaireForm::Fhir(fhir::Resource(resource))));
        }
        let questionnaire = app.run(move |app| rounds::questionnaire(app, &key.0, year.0)).await?;
        Ok(Found::Found(QuestionnaireForm::Ours(Json(Questionnaire::from(questionnaire.as_ref())))))
    }
}
