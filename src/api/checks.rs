//! `/rounds/{year}/responses/{service}/checks`: what the checks say of a response.

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::problem::Refusal;
use super::questionnaire_shapes::Severity;
use crate::app::{App, responses};
use crate::domain::questionnaire::checks::can_submit;

/// What a check found.
#[derive(Debug, Object)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable code of the rule, or of the limit.
    pub code: String,
    /// The item to go to.
    pub link_id: String,
    /// What is wrong and what to do, in plain words.
    pub message: String,
    /// A query that the service has explained: it no longer stops the submit.
    pub explained: bool,
}

/// What the checks say of one version of a response.
#[derive(Debug, Object)]
pub struct CheckResult {
    /// The version that was checked; in quotes it is what a submit sends as `If-Match`.
    pub version: i64,
    /// No finding stops the submit.
    pub passes: bool,
    /// The key may change the response as it stands.
    pub can_edit: bool,
    /// The key may submit it as it stands, findings apart.
    pub can_submit: bool,
    /// The findings, in printed order.
    pub items: Vec<Finding>,
}

/// The operation of the checks.
#[derive(Debug)]
pub struct Checks;

#[OpenApi(tag = "Tag::Responses")]
impl Checks {
    /// Check a response
    ///
    /// The same findings that a page shows and a submit is held to. Never cut into pages.
    #[oai(path = "/rounds/:year/responses/:service/checks", method = "get", operation_id = "check_response")]
    async fn all(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
    ) -> Result<Json<CheckResult>, Refusal<404>> {
        let view = app.run(move |app| responses::view(app, &key.0, year.0, &service.0)).await?;
        Ok(Json(CheckResult {
            version: view.response.version,
            passes: can_submit(&view.findings),
            can_edit: view.can_edit,
            can_submit: view.can_submit,
            items: view
                .findings
                .into_iter()
                .map(|finding| Finding {
                    severity: finding.severity.into(),
                    code: finding.code,
                    link_id: finding.link_id,
                    message: finding.message,
                    explained: finding.explained,
                })
                .collect(),
        }))
    }
}
