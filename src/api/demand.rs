//! `/workforce/demand`: how many staff are needed, seen in three ways.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::demand_shapes::StaffingDemand;
use super::key::Key;
use super::problem::Refusal;
use crate::app::App;
use crate::app::demand::{self, DemandQuery};
use crate::app::gaps::GapQuery;
use crate::domain::workforce::workload::OwnTimes;

/// The operations on demand.
#[derive(Debug)]
pub struct DemandViews;

#[OpenApi(tag = "Tag::Workforce")]
impl DemandViews {
    /// Get the staff that a service or an area needs, seen in three ways
    ///
    /// The ratio of a standard to people on both bases, the workload of cases by the WISN method of the World Health
    /// Organization with every figure between, and what like services have. They answer different questions and are never
    /// averaged; `disagreements` says why they differ. The activity times are ours and can be replaced one by one.
    #[oai(path = "/workforce/demand", method = "get", operation_id = "get_staffing_demand")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn get(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// One service, by its code.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        service: Query<Option<String>>,
        /// The services of this area and below it; without one and without a service, all that the key may read.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Id of the staffing standard; by default that of the round.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        standard: Query<Option<String>>,
        /// Minutes that case finding takes for each case.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        case_finding_minutes: Query<Option<f64>>,
        /// Minutes that an assessment takes.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        assessment_minutes: Query<Option<f64>>,
        /// Minutes that letters and reporting take for each case.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        reporting_minutes: Query<Option<f64>>,
        /// Minutes that a follow-up at 12 to 16 weeks takes.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        follow_up_16_weeks_minutes: Query<Option<f64>>,
        /// Minutes that a follow-up at 12 months takes.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        follow_up_12_months_minutes: Query<Option<f64>>,
        /// Percent of the cases with treatment recommended, in place of each service's own.
        #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
        treated_percent: Query<Option<f64>>,
        /// Percent of everybody's time that goes to supporting work.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        category_percent: Query<Option<f64>>,
        /// Hours a year that each service needs of certain people.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        individual_hours: Query<Option<f64>>,
        /// Weeks of a year.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        weeks: Query<Option<f64>>,
        /// Working days a week.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        days_per_week: Query<Option<f64>>,
        /// Working hours a day.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        hours_per_day: Query<Option<f64>>,
        /// Public holidays, days a year.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        public_holidays: Query<Option<f64>>,
        /// Annual leave, days a year.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        annual_leave: Query<Option<f64>>,
        /// Sick leave, days a year.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        sick: Query<Option<f64>>,
        /// Other absence, such as training, days a year.
        #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
        other_absence: Query<Option<f64>>,
    ) -> Result<Json<StaffingDemand>, Refusal<404, 422>> {
        let figures = [
            ("case_finding_minutes", case_finding_minutes.0),
            ("assessment_minutes", assessment_minutes.0),
            ("reporting_minutes", reporting_minutes.0),
            ("follow_up_16_weeks_minutes", follow_up_16_weeks_minutes.0),
            ("follow_up_12_months_minutes", follow_up_12_months_minutes.0),
            ("category_percent", category_percent.0),
            ("individual_hours", individual_hours.0),
            ("weeks", weeks.0),
            ("days_per_week", days_per_week.0),
            ("hours_per_day", hours_per_day.0),
            ("public_holidays", public_holidays.0),
            ("annual_leave", annual_leave.0),
            ("sick", sick.0),
            ("other_absence", other_absence.0),
        ];
        let figures = figures.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let query = DemandQuery {
            gaps: GapQuery { year: year.0, area: area.0, standard: standard.0, ..GapQuery::default() },
            service: service.0,
            own: OwnTimes { figures: figures.collect(), treated_percent: treated_percent.0 },
        };
        let report = app.run(move |app| demand::report(app, &key.0, &query)).await?;
        Ok(Json(StaffingDemand::from(&report)))
    }
}
