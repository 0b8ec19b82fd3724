//! `/workforce/allocations`: what to fund first.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::allocation_shapes::{AllocationRequest, AllocationResult};
use super::body::JsonBody;
use super::key::Key;
use super::problem::Refusal;
use crate::app::{App, funding};

/// The operations on allocations.
#[derive(Debug)]
pub struct Allocations;

#[OpenApi(tag = "Tag::Workforce")]
impl Allocations {
    /// Share a budget out among services
    ///
    /// The services of an area in the order in which a goal would have them funded, each with its reason; what a budget of
    /// pounds or WTE buys, in whole posts or tenths, never beyond the budget or what a role is short of; and what further
    /// budgets buy. Nothing is stored: the same question to the same data has the same answer. An allocation is exact
    /// within its rules: `proven` says that nothing does better at the goal.
    #[oai(path = "/workforce/allocations", method = "post", operation_id = "share_out_budget")]
    async fn share_out(
        &self,
        key: Key,
        app: Data<&App>,
        body: JsonBody<AllocationRequest>,
    ) -> Result<Json<AllocationResult>, Refusal<404, 422>> {
        let report = app.run(move |app| funding::report(app, &key.0, &body.0.query()?)).await?;
        Ok(Json(AllocationResult::from(&report)))
    }
}
