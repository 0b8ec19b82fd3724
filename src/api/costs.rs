//! `/workforce/costs`: what closing the staffing gap costs.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::cost_shapes::{AreaCost, Benefits, CostList, CostRow, Costing};
use super::gaps::row_key;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use super::workforce::{Basis, StaffingStandard};
use crate::app::App;
use crate::app::costs::{self, CostQuery};
use crate::app::gaps::GapQuery;
use crate::domain::workforce::benefit::BenefitChoice;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::standard;

/// The operations on costs.
#[derive(Debug)]
pub struct Costs;

#[OpenApi(tag = "Tag::Workforce")]
impl Costs {
    /// List what closing the staffing gaps of a round costs
    ///
    /// A row for each service and basis, to the lowest and to the highest need, with the sums of every area. A cost is of
    /// shortfalls: a surplus pays for nobody else. It is split into new money and what vacant posts, which are funded
    /// already, cost once they are filled. Pay is Agenda for Change in England; `costing` says what was assumed, and each
    /// assumption is a parameter. A band or pay year without a figure is `unpriced`, never £0.
    #[oai(path = "/workforce/costs", method = "get", operation_id = "list_staffing_costs")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Only what lies in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Id of the staffing standard; by default that of the round.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        standard: Query<Option<String>>,
        /// Rows and sums of this basis alone.
        basis: Query<Option<Basis>>,
        /// The day whose area tree groups the services; by default the newest.
        geography_as_at: Query<Option<NaiveDate>>,
        /// The pay year.
        #[oai(validator(pattern = "^[0-9]{4}/[0-9]{2}$"))]
        pay_year: Query<Option<String>>,
        /// What pay is multiplied by for on-costs.
        #[oai(validator(minimum(value = "1"), maximum(value = "2")))]
        on_cost: Query<Option<f64>>,
        /// The high-cost area supplement of every post: `none`, `inner`, `outer`, `fringe`.
        #[oai(validator(pattern = "^[a-z]{1,20}$"))]
        supplement: Query<Option<String>>,
        /// The Agenda for Change band of nurses.
        #[oai(validator(pattern = "^[1-9][a-dA-D]?$"))]
        nurse_band: Query<Option<String>>,
        /// The band of administrators.
        #[oai(validator(pattern = "^[1-9][a-dA-D]?$"))]
        administrator_band: Query<Option<String>>,
        /// Shows what closing the gaps may bring by these published coefficients: `mclellan_2011`, `ros_campaign`.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        benefit: Query<Option<String>>,
        /// Coefficients of the reader's own in their place, such as `fractures=20,hip_fractures=12`.
        #[oai(validator(pattern = "^[a-z_]{1,40}=[0-9.]{1,15}(,[a-z_]{1,40}=[0-9.]{1,15}){0,9}$"))]
        coefficients: Query<Option<String>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<CostList>, Refusal<404, 422>> {
        let query = CostQuery {
            gaps: GapQuery {
                year: year.0,
                area: area.0,
                standard: standard.0,
                geography_as_at: geography_as_at.0,
                cut: None,
            },
            costing: CostingChoice {
                pay_year: pay_year.0,
                on_cost: on_cost.0,
                supplement: supplement.0,
                nurse_band: nurse_band.0,
                administrator_band: administrator_band.0,
            },
        };
        let choice = benefit.0.map(|model| BenefitChoice { model, own: own_coefficients(coefficients.0.as_deref()) });
        let (report, benefits) = app
            .run(move |app| {
                let report = costs::report(app, &key.0, &query)?;
                let benefits = choice.map(|choice| costs::benefits(app, &report, &choice)).transpose()?;
                Ok((report, benefits))
            })
            .await?;
        let wanted = |of: standard::Basis| basis.0.is_none_or(|basis| basis == Basis::from(of));
        let rows = report.rows().filter(|(row, _)| wanted(row.basis));
        let (rows, next) = page(rows, after.0.as_deref(), limit.0, |(row, _)| row_key(row));
        let gaps = &report.gaps;
        Ok(Json(CostList {
            statement: report.statement(),
            round: gaps.round.names(),
            geography_as_at: gaps.geography_as_at,
            data_as_at: gaps.data_as_at,
            synthetic: gaps.synthetic,
            area: gaps.area.as_ref().map(|(code, _)| code.clone()),
            standard: StaffingStandard::from(&gaps.standard),
            costing: Costing::from(&report.costing),
            items: rows.into_iter().map(CostRow::new).collect(),
            areas: AreaCost::of(&report, wanted),
            benefits: benefits.as_ref().map(Benefits::from),
            next,
        }))
    }
}

/// `fractures=20,hip_fractures=12`. What is no number becomes one that is refused.
pub(super) fn own_coefficients(given: Option<&str>) -> Vec<(String, f64)> {
    let pairs = given.into_iter().flat_map(|all| all.split(',')).filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.parse().unwrap_or(f64::NAN))).collect()
}
