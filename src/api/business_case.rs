//! `/workforce/business-case`: the paper for a commissioner about one service, as sentences with the figures under them.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::cost_shapes::{Benefits, Costing};
use super::costs::own_coefficients;
use super::key::Key;
use super::problem::Refusal;
use super::workforce::StaffingStandard;
use crate::app::App;
use crate::app::business_case::{self, BusinessCaseQuery, BusinessCaseReport};
use crate::domain::workforce::benefit::BenefitChoice;
use crate::domain::workforce::business_case::{CaseFact, CaseSection, Said};
use crate::domain::workforce::cost::CostingChoice;

/// A figure that sentences rest on.
#[derive(Debug, Object)]
pub struct BusinessCaseFact {
    /// Stable key, such as `gap.nurse.as_reported.low` or `option.close_low.aged_50_plus.cost`.
    pub key: String,
    /// How much, unrounded.
    pub value: f64,
    /// What it is counted in: `wte`, `people`, `cases`, `pounds`, `count`, or `amount` in the unit of its name.
    pub unit: String,
}

impl From<&CaseFact> for BusinessCaseFact {
    fn from(fact: &CaseFact) -> Self {
        Self { key: fact.key.clone(), value: fact.value, unit: fact.unit.as_str().to_owned() }
    }
}

/// A sentence.
#[derive(Debug, Object)]
pub struct BusinessCaseSentence {
    /// The words.
    pub text: String,
    /// Keys of the figures that it rests on.
    pub facts: Vec<String>,
}

impl From<&Said> for BusinessCaseSentence {
    fn from(said: &Said) -> Self {
        Self { text: said.text.clone(), facts: said.facts.iter().map(|fact| fact.key.clone()).collect() }
    }
}

/// A part of the paper.
#[derive(Debug, Object)]
pub struct BusinessCaseSection {
    /// Stable word: `missing`, `need`, `current_service`, `gap`, `options`, `cost`, `benefit`, `risks`, `evidence`,
    /// `recommendations`.
    pub key: String,
    /// The heading.
    pub heading: String,
    /// The sentences, in order.
    pub sentences: Vec<BusinessCaseSentence>,
}

impl From<&CaseSection> for BusinessCaseSection {
    fn from(section: &CaseSection) -> Self {
        Self {
            key: section.part.as_str().to_owned(),
            heading: section.part.heading().to_owned(),
            sentences: section.sentences.iter().map(BusinessCaseSentence::from).collect(),
        }
    }
}

/// The business case of a service.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceBusinessCase {
    /// Unit code of the service.
    pub service: String,
    /// Name of the service.
    pub name: String,
    /// Audit year.
    pub year: i32,
    /// The round under all its names.
    pub round: String,
    /// The day of the newest answer that counts.
    pub data_as_at: Option<NaiveDate>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// What the needs are measured by.
    pub standard: StaffingStandard,
    /// How posts are priced.
    pub costing: Costing,
    /// The title of the paper.
    pub title: String,
    /// Its parts, in order. A part is there where it has something to say.
    pub sections: Vec<BusinessCaseSection>,
    /// Every figure that a sentence rests on, once.
    pub facts: Vec<BusinessCaseFact>,
    /// What closing the gap may bring; there where `benefit` asks for it.
    pub benefits: Option<Benefits>,
    /// The paper as plain text.
    pub text: String,
}

impl From<&BusinessCaseReport> for ServiceBusinessCase {
    fn from(report: &BusinessCaseReport) -> Self {
        let (gaps, case) = (&report.costs.gaps, &report.case);
        Self {
            service: report.service.0.clone(),
            name: report.service.1.clone(),
            year: gaps.round.year,
            round: gaps.round.names(),
            data_as_at: gaps.data_as_at,
            synthetic: gaps.synthetic,
            standard: StaffingStandard::from(&gaps.standard),
            costing: Costing::from(&report.costs.costing),
            title: case.title.clone(),
            sections: case.sections.iter().map(BusinessCaseSection::from).collect(),
            facts: case.facts().into_iter().map(BusinessCaseFact::from).collect(),
            benefits: report.benefits.as_ref().map(Benefits::from),
            text: case.text(),
        }
    }
}

/// The operations on business cases.
#[derive(Debug)]
pub struct BusinessCases;

#[OpenApi(tag = "Tag::Workforce")]
impl BusinessCases {
    /// Get the business case for one service
    ///
    /// A commissioning paper in sentences, each with the keys of the figures that it rests on: what holds on every
    /// reading of the need, the service now, its gap on both populations, options with their cost, risks, and what the
    /// evidence can and cannot say. What is not known is named with what to do. No benefit is claimed unless `benefit`
    /// asks for published coefficients, and none is taken from the audit's associations.
    #[oai(path = "/workforce/business-case", method = "get", operation_id = "get_business_case")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn get(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Unit code of the service.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        service: Query<String>,
        /// Id of the staffing standard; by default that of the round.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        standard: Query<Option<String>>,
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
        /// Lays what closing the gap may bring beside its cost, by these published coefficients: `mclellan_2011`,
        /// `ros_campaign`.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        benefit: Query<Option<String>>,
        /// Coefficients of the reader's own in their place, such as `fractures=20,hip_fractures=12`.
        #[oai(validator(pattern = "^[a-z_]{1,40}=[0-9.]{1,15}(,[a-z_]{1,40}=[0-9.]{1,15}){0,9}$"))]
        coefficients: Query<Option<String>>,
        /// Ids of up to four saved scenarios of this service and year, joined by commas, to stand among the options.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}(,[A-Za-z0-9-]{1,64}){0,9}$"))]
        scenarios: Query<Option<String>>,
    ) -> Result<Json<ServiceBusinessCase>, Refusal<404, 422>> {
        let query = BusinessCaseQuery {
            year: year.0,
            service: service.0.to_uppercase(),
            standard: standard.0,
            costing: CostingChoice {
                pay_year: pay_year.0,
                on_cost: on_cost.0,
                supplement: supplement.0,
                nurse_band: nurse_band.0,
                administrator_band: administrator_band.0,
            },
            benefit: benefit.0.map(|model| BenefitChoice { model, own: own_coefficients(coefficients.0.as_deref()) }),
            scenarios: scenarios.0.iter().flat_map(|ids| ids.split(',')).map(ToOwned::to_owned).collect(),
        };
        let report = app.run(move |app| business_case::of_service(app, &key.0, &query)).await?;
        Ok(Json(ServiceBusinessCase::from(&report)))
    }
}
