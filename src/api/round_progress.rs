//! `/rounds/{year}/dashboard`: how a round is coming on.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::problem::Refusal;
use crate::app::responses::ResponseRate;
use crate::app::{App, rounds};

/// How many of the services that are asked have answered.
#[derive(Debug, Object)]
pub struct ProgressCounts {
    /// The services that are asked.
    pub asked: usize,
    /// Of these: submitted.
    pub submitted: usize,
    /// Of these: no return this year.
    pub no_return: usize,
    /// Of these: no service commissioned.
    pub not_commissioned: usize,
    /// The services of which the response rate is taken: all but those that the round's method leaves out.
    pub counted: usize,
}

impl From<&ResponseRate> for ProgressCounts {
    fn from(rate: &ResponseRate) -> Self {
        Self {
            asked: rate.services,
            submitted: rate.submitted,
            no_return: rate.no_return,
            not_commissioned: rate.not_commissioned,
            counted: rate.counted,
        }
    }
}

/// How far an area has come.
#[derive(Debug, Object)]
pub struct AreaProgress {
    /// Code of the area: a region of England, or a nation.
    pub area: String,
    /// Its name.
    pub name: String,
    /// How many have answered there.
    pub counts: ProgressCounts,
}

/// How many responses stood submitted at the end of a day.
#[derive(Debug, Object)]
pub struct DayProgress {
    /// The day, in London.
    pub day: NaiveDate,
    /// The running total, of responses as they stand now.
    pub submitted: usize,
}

/// How far the responses in progress are with a section.
#[derive(Debug, Object)]
pub struct SectionProgress {
    /// The section's link id.
    pub section: String,
    /// Its title.
    pub title: String,
    /// Responses that have finished it.
    pub finished: usize,
    /// Responses that have begun it.
    pub begun: usize,
    /// Responses that have not begun it.
    pub not_begun: usize,
}

/// What the checks found of an item, and how often it stands as it was carried forward.
#[derive(Debug, Object)]
pub struct ItemProgress {
    /// The item.
    pub link_id: String,
    /// Responses with an error in it.
    pub errors: usize,
    /// Responses with a query that waits for an explanation.
    pub queries: usize,
    /// Responses with a query that the service has explained.
    pub explained: usize,
    /// Responses in which it stands as it was carried forward.
    pub carried: usize,
}

/// How a round is coming on.
#[derive(Debug, Object)]
pub struct RoundDashboard {
    /// The audit year.
    pub year: i32,
    /// How many have answered.
    pub counts: ProgressCounts,
    /// Of those asked: begun, and neither submitted nor without a return.
    pub in_progress: usize,
    /// Of those asked: not begun.
    pub not_started: usize,
    /// By region and nation.
    pub areas: Vec<AreaProgress>,
    /// By day; days without a submission are left out.
    pub days: Vec<DayProgress>,
    /// By section, over the responses in progress.
    pub sections: Vec<SectionProgress>,
    /// The items with something found or carried, in printed order.
    pub items: Vec<ItemProgress>,
    /// Comment threads in which a service spoke last.
    pub comments_waiting: usize,
    /// Queries that wait for the audit team.
    pub queries_for_team: usize,
    /// Queries that wait for a service.
    pub queries_for_services: usize,
    /// Queries of either that are past their day.
    pub queries_overdue: usize,
    /// Challenged hospitals that are not decided.
    pub challenges_open: usize,
    /// Services for which nobody has ever signed in.
    pub never_signed_in: Vec<String>,
    /// Services that submitted in the round before and have not yet in this one.
    pub missing_since_last: Vec<String>,
}

impl From<rounds::Dashboard> for RoundDashboard {
    fn from(found: rounds::Dashboard) -> Self {
        let area = |of: &rounds::AreaProgress| AreaProgress {
            area: of.area.code.clone(),
            name: of.area.name.clone(),
            counts: (&of.rate).into(),
        };
        let section = |of: rounds::SectionProgress| SectionProgress {
            section: of.link_id,
            title: of.title,
            finished: of.finished,
            begun: of.begun,
            not_begun: of.not_begun,
        };
        let item = |of: rounds::ItemProgress| ItemProgress {
            link_id: of.link_id,
            errors: of.errors,
            queries: of.queries,
            explained: of.explained,
            carried: of.carried,
        };
        Self {
            year: found.round.year,
            counts: (&found.rate).into(),
            in_progress: found.in_progress,
            not_started: found.not_started,
            areas: found.areas.iter().map(area).collect(),
            days: found.days.iter().map(|(day, submitted)| DayProgress { day: *day, submitted: *submitted }).collect(),
            sections: found.sections.into_iter().map(section).collect(),
            items: found.items.into_iter().map(item).collect(),
            comments_waiting: found.comments_waiting,
            queries_for_team: found.queries.team,
            queries_for_services: found.queries.services,
            queries_overdue: found.queries.overdue,
            challenges_open: found.challenges_open,
            never_signed_in: found.never_signed_in.into_iter().map(|(service, _)| service.code).collect(),
            missing_since_last: found.missing_since_last.into_iter().map(|service| service.code).collect(),
        }
    }
}

/// The operation on a round's progress.
#[derive(Debug)]
pub struct RoundsProgress;

#[OpenApi(tag = "Tag::Rounds")]
impl RoundsProgress {
    /// See how a round is coming on
    ///
    /// For the audit team: the response rate overall, by area and by day, where services are, what the checks found, whom to
    /// chase.
    #[oai(path = "/rounds/:year/dashboard", method = "get", operation_id = "get_round_dashboard")]
    async fn dashboard(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<RoundDashboard>, Refusal<404>> {
        Ok(Json(app.run(move |app| rounds::dashboard(app, &key.0, year.0)).await?.into()))
    }
}
