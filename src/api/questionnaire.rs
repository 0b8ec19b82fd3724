//! `/rounds/{year}/questionnaire`: what a round asks.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::key::Key;
use super::problem::Refusal;
use super::questionnaire_shapes::Questionnaire;
use crate::app::{App, rounds};

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
    ) -> Result<Json<Questionnaire>, Refusal<404>> {
        let questionnaire = app.run(move |app| rounds::questionnaire(app, &key.0, year.0)).await?;
        Ok(Json(Questionnaire::from(questionnaire.as_ref())))
    }
}
