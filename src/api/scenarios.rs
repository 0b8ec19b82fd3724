//! `/workforce/scenarios`: what becomes of a gap when something is done about it.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::accounts::Done;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use super::scenario_shapes::{
    ScenarioChange, ScenarioComparison, ScenarioDetail, ScenarioKpi, ScenarioList, ScenarioOutcome, ScenarioPlan,
    ScenarioSummary,
};
use crate::app::App;
use crate::app::scenario_kpis::{self, KpiQuestion};
use crate::app::scenarios;

/// A scenario was saved.
#[derive(Debug, ApiResponse)]
enum Saved {
    /// The scenario
    #[oai(status = 201)]
    Saved(Json<ScenarioSummary>),
}

/// The operations on scenarios.
#[derive(Debug)]
pub struct Scenarios;

#[OpenApi(tag = "Tag::Workforce")]
impl Scenarios {
    /// List the scenarios
    ///
    /// One's own, those that are shared over gaps that the key may read, and for the audit team all; sorted by id.
    #[oai(path = "/workforce/scenarios", method = "get", operation_id = "list_scenarios")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<ScenarioList>, Refusal> {
        let mut all = app.run(move |app| scenarios::list(app, &key.0)).await?;
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let (items, next) = page(all, after.0.as_deref(), limit.0, |scenario| scenario.id.clone());
        Ok(Json(ScenarioList { items: items.iter().map(ScenarioSummary::from).collect(), next }))
    }

    /// Save a scenario
    ///
    /// Under a name of one's own. The same again, name and all, gives the one that is there.
    #[oai(path = "/workforce/scenarios", method = "post", operation_id = "save_scenario")]
    async fn save(
        &self,
        key: Key,
        app: Data<&App>,
        body: JsonBody<ScenarioChange>,
    ) -> Result<Saved, Refusal<404, 422>> {
        let (new, _) = body.0.read();
        let saved = app.run(move |app| scenarios::add(app, &key.0, &new)).await?;
        Ok(Saved::Saved(Json(ScenarioSummary::from(&saved))))
    }

    /// Work out a scenario without saving it
    ///
    /// Year by year: need on both bases, staff in post, establishment, gap, cost, and cases for each nurse. Nothing is
    /// promised of KPIs.
    #[oai(path = "/workforce/scenarios/preview", method = "post", operation_id = "preview_scenario")]
    async fn preview(
        &self,
        key: Key,
        app: Data<&App>,
        body: JsonBody<ScenarioPlan>,
    ) -> Result<Json<ScenarioOutcome>, Refusal<404, 422>> {
        let plan = body.0.read();
        let report = app.run(move |app| scenarios::preview(app, &key.0, &plan)).await?;
        Ok(Json(ScenarioOutcome::from(&report)))
    }

    /// Compare scenarios
    ///
    /// Two to four, in the order of `ids`.
    #[oai(path = "/workforce/scenarios/compare", method = "get", operation_id = "compare_scenarios")]
    async fn compare(
        &self,
        key: Key,
        app: Data<&App>,
        /// The ids, joined by commas.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}(,[A-Za-z0-9-]{1,64}){0,9}$"))]
        ids: Query<String>,
    ) -> Result<Json<ScenarioComparison>, Refusal<404, 422>> {
        let ids: Vec<String> = ids.0.split(',').map(ToOwned::to_owned).collect();
        let found = app.run(move |app| scenarios::compare(app, &key.0, &ids)).await?;
        Ok(Json(ScenarioComparison { items: found.iter().map(ScenarioDetail::from).collect() }))
    }

    /// Get a scenario, worked out
    ///
    /// Nothing is promised of KPIs. Whoever asks about one gets what the association says, with its interval and its
    /// warning, and with a coefficient of their own what that would come to, labelled as theirs.
    #[oai(path = "/workforce/scenarios/:id", method = "get", operation_id = "get_scenario")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// Its id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        /// The KPI that is asked about, from 2 to 11.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        kpi: Query<Option<i32>>,
        /// A coefficient of the reader's own: percentage points of the KPI for one nurse WTE more per 1,000 expected cases.
        #[oai(validator(minimum(value = "-100"), maximum(value = "100")))]
        coefficient: Query<Option<f64>>,
    ) -> Result<Json<ScenarioDetail>, Refusal<404, 422>> {
        let question = kpi.0.map(|kpi| KpiQuestion { kpi, coefficient: coefficient.0 });
        let work = move |app: &App| {
            let found = scenarios::one(app, &key.0, &id.0)?;
            let beside = question.map(|question| scenario_kpis::beside(app, &key.0, &found.1, question)).transpose()?;
            Ok(ScenarioDetail { kpi: beside.as_ref().map(ScenarioKpi::from), ..ScenarioDetail::from(&found) })
        };
        Ok(Json(app.run(work).await?))
    }

    /// Change a scenario
    ///
    /// One's own, from the version that was read. The same again changes nothing.
    #[oai(path = "/workforce/scenarios/:id", method = "put", operation_id = "change_scenario")]
    async fn change(
        &self,
        key: Key,
        app: Data<&App>,
        /// Its id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        body: JsonBody<ScenarioChange>,
    ) -> Result<Json<ScenarioSummary>, Refusal<404, 409, 422>> {
        let (new, version) = body.0.read();
        let saved = app.run(move |app| scenarios::change(app, &key.0, &id.0, &new, version)).await?;
        Ok(Json(ScenarioSummary::from(&saved)))
    }

    /// Delete a scenario
    ///
    /// By its owner or the audit team. The history keeps what it was.
    #[oai(path = "/workforce/scenarios/:id", method = "delete", operation_id = "delete_scenario")]
    async fn delete(
        &self,
        key: Key,
        app: Data<&App>,
        /// Its id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Done, Refusal<404>> {
        app.run(move |app| scenarios::delete(app, &key.0, &id.0)).await?;
        Ok(Done::Done)
    }
}
