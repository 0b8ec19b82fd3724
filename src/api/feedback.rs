//! `/services/{code}/feedback`: what a service hears once it has submitted, and what it means to do.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::gap_shapes::GapRow;
use super::key::Key;
use super::kpi_shapes::rag;
use super::problem::Refusal;
use crate::app::App;
use crate::app::feedback::{self, NewPlan};
use crate::domain::feedback::peers;
use crate::domain::feedback::recommendations::words;
use crate::store::action_plans;

/// A third of the services by population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SizeThird {
    /// The smallest third.
    Smallest,
    /// The middle third.
    Middle,
    /// The largest third.
    Largest,
}

impl From<peers::Size> for SizeThird {
    fn from(size: peers::Size) -> Self {
        match size {
            peers::Size::Smallest => Self::Smallest,
            peers::Size::Middle => Self::Middle,
            peers::Size::Largest => Self::Largest,
        }
    }
}

/// One measure of a service among its like.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PeerPlace {
    /// `nurses_per_100000`, `administrators_per_100000` (WTE in post per 100,000 people of all ages) or
    /// `administrators_per_nurse` (WTE per WTE).
    pub measure: String,
    /// The service's own value, unrounded; absent where it did not answer what it needs.
    pub value: Option<f64>,
    /// The median of the like services; absent where there are fewer than five.
    pub median: Option<f64>,
    /// Its place, 1 being the highest; absent where it has no value or there are fewer than five like services.
    pub place: Option<u64>,
    /// Like services with a value, its own included.
    pub n: u64,
}

/// A service among its like: of the same setting and the same third by population.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PeerComparison {
    /// The setting; absent where the service did not say, so that all are compared.
    pub setting: Option<String>,
    /// The third; absent where the service gave no population.
    pub size: Option<SizeThird>,
    /// Like services, its own included.
    pub services: u64,
    /// The measures.
    pub places: Vec<PeerPlace>,
}

/// One of the main facts, last year and now, in words.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FactChange {
    /// What it is.
    pub fact: String,
    /// Last year; absent where it was not answered.
    pub before: Option<String>,
    /// Now; absent where it is not answered.
    pub now: Option<String>,
}

/// A KPI of the service.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeedbackKpi {
    /// 1 to 11.
    pub kpi: i32,
    /// Its name.
    pub name: String,
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line, or expected.
    pub denominator: Option<f64>,
    /// In per cent, unrounded; absent where there is no data.
    pub percent: Option<f64>,
    /// `green`, `amber` or `red`, where the year's method gives edges.
    pub rag: Option<String>,
    /// All services that count, pooled, in per cent.
    pub national_percent: Option<f64>,
    /// Services that have a percentage.
    pub n: u64,
}

/// What a service means to do about a recommendation.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PlannedAction {
    /// Counts its changes; a change names it.
    pub version: i64,
    /// What is to be done.
    pub action: String,
    /// By whom.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<NaiveDate>,
}

impl From<action_plans::ActionPlan> for PlannedAction {
    fn from(plan: action_plans::ActionPlan) -> Self {
        let owner = (!plan.owner.is_empty()).then_some(plan.owner);
        Self { version: plan.version, action: plan.what, owner, due: plan.due }
    }
}

/// A recommendation of the January 2023 report that is called for.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RecommendationFeedback {
    /// Its number in the report, 4 to 11.
    pub recommendation: i32,
    /// What it asks for, in our words.
    pub words: String,
    /// What calls for it; empty where nothing does and there is a plan all the same.
    pub because: Vec<String>,
    /// This year's plan.
    pub plan: Option<PlannedAction>,
    /// What the service said in the round before.
    pub you_said: Option<PlannedAction>,
}

/// The feedback of a service for a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceFeedback {
    /// Unit code.
    pub service: String,
    /// The audit year.
    pub year: i32,
    /// The version of the response that it rests on.
    pub version: i64,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The sentence that holds on either basis.
    pub statement: String,
    /// The staffing gap, a row a basis.
    pub gaps: Vec<GapRow>,
    /// The service among its like.
    pub peers: Option<PeerComparison>,
    /// The round before, where the service submitted in it.
    pub previous_year: Option<i32>,
    /// The main facts, last year and now.
    pub changes: Vec<FactChange>,
    /// The year of the KPIs: the newest with data.
    pub kpi_year: Option<i32>,
    /// The KPIs.
    pub kpis: Vec<FeedbackKpi>,
    /// The recommendations that the answers or KPIs call for, or that are planned about.
    pub recommendations: Vec<RecommendationFeedback>,
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl From<peers::Comparison> for PeerComparison {
    fn from(found: peers::Comparison) -> Self {
        let place = |place: peers::Place| PeerPlace {
            measure: place.measure.as_str().to_owned(),
            value: place.own,
            median: place.median,
            place: place.place.map(count),
            n: count(place.n),
        };
        Self {
            setting: found.setting,
            size: found.size.map(SizeThird::from),
            services: count(found.services),
            places: found.places.into_iter().map(place).collect(),
        }
    }
}

fn shape(found: feedback::Feedback, synthetic: bool) -> ServiceFeedback {
    let given = |text: String| (!text.is_empty()).then_some(text);
    let (kpi_year, kpis) = match found.kpis {
        Some((year, kpis)) => (Some(year), kpis.kpis),
        None => (None, Vec::new()),
    };
    ServiceFeedback {
        service: found.view.service.code,
        year: found.view.round.year,
        version: found.view.response.version,
        synthetic,
        statement: found.statement,
        gaps: found.gaps.iter().map(GapRow::from).collect(),
        peers: found.comparison.map(PeerComparison::from),
        previous_year: found.previous_year,
        changes: found
            .changes
            .into_iter()
            .map(|change| FactChange { fact: change.fact.into(), before: given(change.before), now: given(change.now) })
            .collect(),
        kpi_year,
        kpis: kpis
            .into_iter()
            .map(|kpi| FeedbackKpi {
                kpi: kpi.kpi.kpi,
                name: kpi.kpi.name,
                numerator: kpi.figure.numerator,
                denominator: kpi.figure.denominator,
                percent: kpi.figure.percent,
                rag: rag(&kpi.figure),
                national_percent: kpi.national.figure.percent,
                n: count(kpi.national.n),
            })
            .collect(),
        recommendations: found
            .recommendations
            .into_iter()
            .map(|line| RecommendationFeedback {
                recommendation: line.number,
                words: words(line.number).to_owned(),
                because: line.because,
                plan: line.plan.filter(|plan| !plan.what.is_empty()).map(PlannedAction::from),
                you_said: line.you_said.map(PlannedAction::from),
            })
            .collect(),
    }
}

/// A plan to be kept.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct ActionToPlan {
    /// The version that this is based on; 0 where there was no plan.
    pub version: i64,
    /// What is to be done; empty takes the plan back.
    #[oai(validator(max_length = 1000))]
    pub action: String,
    /// By whom.
    #[oai(validator(max_length = 100))]
    pub owner: Option<String>,
    /// By when.
    pub due: Option<NaiveDate>,
}

/// The operations on feedback.
#[derive(Debug)]
pub struct ServicesFeedback;

#[OpenApi(tag = "Tag::Responses")]
impl ServicesFeedback {
    /// Get the feedback of a service
    ///
    /// Once its response is submitted: the gap on both bases, its place among like services, changes since the round
    /// before, its KPIs, and the recommendations that follow. 409 before that.
    #[oai(path = "/services/:code/feedback", method = "get", operation_id = "get_service_feedback")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
    ) -> Result<Json<ServiceFeedback>, Refusal<404, 409>> {
        let synthetic = app.is_synthetic();
        let found = app.run(move |app| feedback::of_service(app, &key.0, year.0, &code.0)).await?;
        Ok(Json(shape(found, synthetic)))
    }

    /// Plan what to do about a recommendation
    ///
    /// Kept for the service, the round and the recommendation, and shown again in the next round. A plan that somebody
    /// else has changed since answers 409.
    #[oai(
        path = "/services/:code/feedback/actions/:recommendation",
        method = "put",
        operation_id = "plan_recommendation"
    )]
    async fn plan(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The recommendation's number in the report.
        #[oai(validator(minimum(value = "4"), maximum(value = "11")))]
        recommendation: Path<i32>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        plan: JsonBody<ActionToPlan>,
    ) -> Result<Json<PlannedAction>, Refusal<404, 409, 422>> {
        let ActionToPlan { version, action, owner, due } = plan.0;
        let new = NewPlan { based_on: version, what: action, owner: owner.unwrap_or_default(), due };
        let work = move |app: &App| feedback::plan(app, &key.0, year.0, &code.0, recommendation.0, &new);
        Ok(Json(app.run(work).await?.into()))
    }
}
