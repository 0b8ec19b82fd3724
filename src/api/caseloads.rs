//! `/kpis/caseloads`: expected cases, and those that the audit team states in place of the rule.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::case_shapes::{Caseload, UnmappedHospital};
use super::key::Key;
use super::kpi_shapes::Quoted;
use super::problem::Refusal;
use crate::app::kpis::YearOf;
use crate::app::{App, AppError, caseload, kpis};
use crate::domain::access::Principal;

/// The expected cases of a year.
#[derive(Debug, Object)]
pub struct CaseloadList {
    /// What it was worked out from.
    pub quoted: Quoted,
    /// Every service that has a hospital or a stated figure, sorted by code.
    pub items: Vec<Caseload>,
    /// The hospitals that no service covers, sorted by code.
    pub unmapped: Vec<UnmappedHospital>,
}

/// An expected caseload that is stated in place of the rule.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedCaseload {
    /// Expected cases in the year.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    pub expected: i64,
    /// Why the rule does not give them.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// The operations on expected caseloads.
#[derive(Debug)]
pub struct Caseloads;

#[OpenApi(tag = "Tag::Kpis")]
impl Caseloads {
    /// List the expected caseloads of a year
    ///
    /// By the rule of the year's methodology (5 × the hip fractures of the hospitals that are mapped to a service in the
    /// year), or as stated; and the hospitals that no service covers.
    #[oai(path = "/kpis/caseloads", method = "get", operation_id = "list_caseloads")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<CaseloadList>, Refusal<404>> {
        let of = YearOf { year: year.0, cut: cut.0 };
        let (cases, quoted) = app.run(move |app| kpis::cases(app, &key.0, of)).await?;
        Ok(Json(CaseloadList {
            quoted: quoted.into(),
            items: cases.services.iter().map(|(code, caseload)| Caseload::new(code, caseload)).collect(),
            unmapped: cases.unmapped.iter().map(Into::into).collect(),
        }))
    }

    /// State an expected caseload
    ///
    /// In place of the rule, with a reason; the history keeps what stood there. For the audit team.
    #[oai(path = "/services/:code/caseloads/:year", method = "put", operation_id = "state_caseload")]
    async fn state(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<StatedCaseload>,
    ) -> Result<Json<Caseload>, Refusal<404, 422>> {
        let set = move |app: &App| {
            caseload::state(app, &key.0, &code.0, year.0, body.0.expected, &body.0.reason)?;
            one(app, &key.0, &code.0, year.0)
        };
        Ok(Json(app.run(set).await?))
    }

    /// Withdraw a stated caseload
    ///
    /// The rule holds again. For the audit team.
    #[oai(path = "/services/:code/caseloads/:year", method = "delete", operation_id = "withdraw_caseload")]
    async fn withdraw(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<Caseload>, Refusal<404>> {
        let set = move |app: &App| {
            caseload::withdraw(app, &key.0, &code.0, year.0)?;
            one(app, &key.0, &code.0, year.0)
        };
        Ok(Json(app.run(set).await?))
    }
}

/// The caseload of a service as it is now.
fn one(app: &App, who: &Principal, service: &str, year: i32) -> Result<Caseload, AppError> {
    let (cases, _) = kpis::cases(app, who, year)?;
    Ok(Caseload::new(service, &cases.services.get(service).cloned().unwrap_or_default()))
}
