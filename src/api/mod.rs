//! The OpenAPI surface, one file a resource: shapes in, shapes out, problem+json.
//!
//! Handlers read the request, call one function of [`crate::app`] and give its answer a shape. The document is made
//! from the handlers ([`document`]) and kept in `openapi/openapi.json`, to which a test holds it.

mod access;
mod access_shapes;
mod accounts;
mod allocation_shapes;
mod allocations;
mod annotations;
mod answers;
mod association_shapes;
mod associations;
mod body;
mod business_case;
mod carrying;
mod case_shapes;
mod caseloads;
mod changes;
mod checks;
mod comments;
mod compressed;
mod cost_shapes;
mod costs;
mod counts;
mod cuts;
mod demand;
mod demand_shapes;
mod deprecation;
mod docs;
mod document;
mod explanations;
mod exports;
mod feedback;
mod fhir;
mod forms;
mod gap_shapes;
mod gaps;
mod handing_in;
pub mod health;
mod history;
mod hospitals;
mod idempotency;
mod imports;
mod key;
mod keys;
mod kpi_across_shapes;
mod kpi_shapes;
mod kpi_view_shapes;
mod kpi_views;
mod kpis;
mod layer;
mod offers;
mod paging;
pub mod problem;
mod quality;
mod quality_shapes;
mod questionnaire;
mod questionnaire_shapes;
mod questionnaire_versions;
mod register;
mod report;
mod report_document;
pub mod request_id;
mod responses;
mod round_progress;
mod round_shapes;
mod rounds;
mod running_rounds;
mod scenario_shapes;
mod scenarios;
mod submissions;
mod surface;
mod uncovered;
mod upload;
mod workbooks;
mod workforce;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use poem::{Endpoint, EndpointExt as _, IntoEndpoint as _, Response, Route, handler};
use poem_openapi::registry::Registry;
use poem_openapi::{ContactObject, LicenseObject, OpenApi, OpenApiService, Tags};

use self::forms::Forms;

use crate::app::App;

pub use access::OPERATIONS;
pub use report::report_json;

pub use docs::docs;

/// How the document groups operations.
#[derive(Debug, Clone, Copy, Tags)]
#[oai(rename_all = "snake_case")]
enum Tag {
    /// Audit years and what they ask.
    Rounds,
    /// The answers of services.
    Responses,
    /// Areas, services and hospitals.
    Register,
    /// What the audit team asks of services, and figures beyond the limits.
    Quality,
    /// The exchange files, in and out.
    Files,
    /// Staffing standards and the staffing gap.
    Workforce,
    /// KPIs, their counts, benchmarks and cascades.
    Kpis,
    /// Staffing, vacancies, governance and monitoring beside the KPIs.
    Associations,
    /// Accounts, roles, keys, sessions and the history.
    Access,
}

/// The framework takes no more than 16 resources at a level, so some stand together.
fn resources() -> impl OpenApi {
    let of_responses = (
        responses::Responses,
        carrying::Carrying,
        checks::Checks,
        explanations::Explanations,
        workbooks::Workbooks,
        handing_in::HandingIn,
        submissions::Submissions,
        comments::Comments,
        feedback::ServicesFeedback,
        hospitals::ServicesHospitals,
    );
    let of_kpis = (
        kpis::Kpis,
        kpi_views::KpiViews,
        counts::KpiCounts,
        caseloads::Caseloads,
        cuts::DataCuts,
        associations::Associations,
    );
    let of_workforce = (
        workforce::Workforce,
        gaps::Gaps,
        costs::Costs,
        business_case::BusinessCases,
        demand::DemandViews,
        scenarios::Scenarios,
        allocations::Allocations,
        uncovered::Uncovered,
    );
    let of_rounds = (
        rounds::Rounds,
        running_rounds::RunningRounds,
        round_progress::RoundsProgress,
        report_document::ReportDocuments,
        quality::DataQuality,
    );
    (
        of_rounds,
        report::Reports,
        questionnaire::Questionnaires,
        questionnaire_versions::QuestionnaireVersions,
        of_responses,
        register::Register,
        imports::Imports,
        exports::Exports,
        changes::Changes,
        of_workforce,
        of_kpis,
        accounts::Accounts,
        keys::Keys,
        history::History,
    )
}

fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(resources(), "Facilities audit", env!("CARGO_PKG_VERSION"))
        .description(
            "The yearly facilities questionnaire of Fracture Liaison Services, and how far each service is from the \
             recommended staffing.\n\nAn API key is sent as `Authorization: Bearer KEY`. Errors are \
             `application/problem+json` with a stable `type`, a sentence that says what to do, and the places at \
             fault. Optional fields are absent, never null. Lists are `items` and, where there are more, `next`, \
             which the next call sends as `after`.",
        )
        .license(LicenseObject::new("MIT OR Apache-2.0").url("https://spdx.org/licenses/MIT.html"))
        .contact(ContactObject::new().name("The audit team: see the contact page of the service"))
        .server("/api/v1")
}

/// The forms of the operations, as the shapes of their handlers give them.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    fn registered<T: OpenApi>(_: &T) -> Registry {
        let mut registry = Registry::new();
        T::register(&mut registry);
        registry
    }
    let document = serde_json::from_str(&service().spec()).unwrap_or_default();
    forms::forms(&document, &registered(&resources()))
});

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document::normalised(&service().spec(), &FORMS));

/// The OpenAPI 3.0 document: keys sorted, with a line end at its end.
pub fn document() -> &'static str {
    &DOCUMENT
}

/// Everything under `/api/v1`, the document included.
pub fn routes(app: App) -> impl Endpoint {
    #[handler]
    fn openapi_json() -> Response {
        Response::builder().content_type("application/json").body(document())
    }
    Route::new()
        .at("/openapi.json", poem::get(openapi_json))
        .nest("/", service().into_endpoint())
        .with(layer::Problems::new(document()))
        .with(compressed::Compressed)
        .with(request_id::RequestId)
        .data(app)
}
