//! `/workforce/uncovered`: hospitals in no service, and what a service for them would need.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::cost_shapes::Costing;
use super::gap_shapes::{SumKind, count};
use super::key::Key;
use super::problem::Refusal;
use super::workforce::{Basis, StaffingStandard};
use crate::app::App;
use crate::app::costs::CostQuery;
use crate::app::gaps::GapQuery;
use crate::app::uncovered::{self, UncoveredReport};
use crate::domain::workforce::closing::Ends;
use crate::domain::workforce::cost::CostingChoice;

/// How many people there are for a hip fracture, over every service of the round.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PeoplePerHip {
    /// Which population is counted.
    pub basis: Basis,
    /// Services that gave a population and whose hospitals have hip fractures.
    pub services: u64,
    /// Their people.
    pub people: f64,
    /// Their hip fractures.
    pub hip_fractures: i64,
    /// People ÷ hip fractures; absent under 5 services.
    pub ratio: Option<f64>,
}

/// A hospital in no service.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct UncoveredHospital {
    /// NHFD code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code of the area it lies in.
    pub area: String,
    /// Hip fractures in the year; absent where there is no figure.
    pub hip_fractures: Option<i64>,
    /// Cases to be expected from them.
    pub expected_cases: Option<i64>,
}

/// What a new service would need, WTE and pounds a year.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NewService {
    /// People, from the hip fractures.
    pub people: f64,
    /// Nurses at the lowest need.
    pub nurses_low: f64,
    /// Nurses at the highest need.
    pub nurses_high: f64,
    /// Administrators at the lowest need.
    pub administrators_low: f64,
    /// Administrators at the highest need.
    pub administrators_high: f64,
    /// What they cost at the lowest need; absent where a band has no figure in the pay year.
    pub cost_low: Option<f64>,
    /// What they cost at the highest need.
    pub cost_high: Option<f64>,
}

/// An area with hospitals in no service, on one basis. The gap of its services is in `/workforce/gaps`.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct UncoveredArea {
    /// Code of the area; `all` for everything.
    pub code: String,
    /// Name of the area.
    pub name: String,
    /// What kind of area it is.
    pub kind: SumKind,
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Hospitals in no service.
    pub hospitals: u64,
    /// Those of them without a figure for the year.
    pub without_figure: u64,
    /// Hip fractures of the others.
    pub hip_fractures: i64,
    /// Cases to be expected from those.
    pub expected_cases: i64,
    /// What a service for them would need; absent where it cannot be said how many people there are.
    pub new_service: Option<NewService>,
    /// Nurses short in the services there are, at the lowest need; absent where none is counted.
    pub nurse_shortfall_low: Option<f64>,
    /// Nurses short at the highest need.
    pub nurse_shortfall_high: Option<f64>,
    /// Administrators short at the lowest need.
    pub administrator_shortfall_low: Option<f64>,
    /// Administrators short at the highest need.
    pub administrator_shortfall_high: Option<f64>,
}

/// Who is seen by no service.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct UncoveredList {
    /// What it comes to, in words.
    pub statement: String,
    /// The round under all its names.
    pub round: String,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The area that it is limited to.
    pub area: Option<String>,
    /// What the needs are measured by.
    pub standard: StaffingStandard,
    /// How posts are priced.
    pub costing: Costing,
    /// Cases to be expected for a hip fracture.
    pub caseload_multiplier: i64,
    /// How many people there are for a hip fracture, on each basis.
    pub people_per_hip: Vec<PeoplePerHip>,
    /// The areas with such hospitals: everything first, then nations, regions, ICBs and health boards.
    pub areas: Vec<UncoveredArea>,
    /// The hospitals, the most hip fractures first.
    pub hospitals: Vec<UncoveredHospital>,
}

impl From<&UncoveredReport> for UncoveredList {
    fn from(report: &UncoveredReport) -> Self {
        let gaps = &report.costs.gaps;
        let per_hip = |one: &crate::domain::workforce::uncovered::PeoplePerHip| PeoplePerHip {
            basis: one.basis.into(),
            services: count(one.services),
            people: one.people,
            hip_fractures: one.hip_fractures,
            ratio: one.ratio(),
        };
        let area = |area: &crate::domain::workforce::uncovered::UncoveredArea| {
            let sum = &area.sum;
            let short = |role: &crate::domain::workforce::sums::RoleSum| {
                (role.services_counted > 0).then_some(Ends { low: role.shortfall_low, high: role.shortfall_high })
            };
            let (nurses, administrators) = (short(&sum.nurses), short(&sum.administrators));
            UncoveredArea {
                code: sum.code.clone(),
                name: sum.name.clone(),
                kind: sum.kind.into(),
                basis: sum.basis.into(),
                hospitals: count(sum.unmapped.hospitals),
                without_figure: count(sum.unmapped.without_figure),
                hip_fractures: area.hip_fractures,
                expected_cases: sum.unmapped.expected_cases,
                new_service: area.new_service.map(|new| NewService {
                    people: new.people,
                    nurses_low: new.nurses.low,
                    nurses_high: new.nurses.high,
                    administrators_low: new.administrators.low,
                    administrators_high: new.administrators.high,
                    cost_low: new.cost.map(|cost| cost.low.0),
                    cost_high: new.cost.map(|cost| cost.high.0),
                }),
                nurse_shortfall_low: nurses.map(|ends| ends.low),
                nurse_shortfall_high: nurses.map(|ends| ends.high),
                administrator_shortfall_low: administrators.map(|ends| ends.low),
                administrator_shortfall_high: administrators.map(|ends| ends.high),
            }
        };
        let hospital = |one: &crate::domain::workforce::uncovered::UncoveredHospital| UncoveredHospital {
            code: one.code.clone(),
            name: one.name.clone(),
            area: one.area.clone(),
            hip_fractures: one.hip_fractures,
            expected_cases: one.expected,
        };
        Self {
            statement: report.statement(),
            round: gaps.round.names(),
            synthetic: gaps.synthetic,
            area: gaps.area.as_ref().map(|(code, _)| code.clone()),
            standard: StaffingStandard::from(&gaps.standard),
            costing: Costing::from(&report.costs.costing),
            caseload_multiplier: report.multiplier,
            people_per_hip: report.per_hip.iter().map(per_hip).collect(),
            areas: report.areas.iter().map(area).collect(),
            hospitals: report.hospitals.iter().map(hospital).collect(),
        }
    }
}

/// The operations on who is uncovered.
#[derive(Debug)]
pub struct Uncovered;

#[OpenApi(tag = "Tag::Workforce")]
impl Uncovered {
    /// Get the hospitals in no service, and what a service for them would need
    ///
    /// Their people are taken from their hip fractures, at as many people for a hip fracture as the services of the round
    /// have together; the need is the standard's for those people, on both bases, beside the shortfall of the services
    /// there are.
    #[oai(path = "/workforce/uncovered", method = "get", operation_id = "get_uncovered")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn get(
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
        /// The day whose area tree groups the hospitals; by default the newest.
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
    ) -> Result<Json<UncoveredList>, Refusal<404, 422>> {
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
        let report = app.run(move |app| uncovered::report(app, &key.0, &query)).await?;
        Ok(Json(UncoveredList::from(&report)))
    }
}
