//! `/workforce/standards`: the staffing recommendations that gaps are measured against.

use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::{App, AppError};
use crate::domain::access::Permission;
use crate::domain::workforce::standard as domain;

/// Which population a need rests on. The recommendation does not say, so both are always computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Basis {
    /// The population as the service reported it, people of all ages.
    #[oai(rename = "as_reported")]
    AsReported,
    /// People aged 50 and over, reported or estimated.
    #[oai(rename = "aged_50_plus")]
    Aged50Plus,
}

impl From<domain::Basis> for Basis {
    fn from(basis: domain::Basis) -> Self {
        match basis {
            domain::Basis::AsReported => Self::AsReported,
            domain::Basis::Aged50Plus => Self::Aged50Plus,
        }
    }
}

/// A staffing recommendation: so many nurse and administrator WTE for a population between two ends.
#[derive(Debug, Clone, Object)]
pub struct StaffingStandard {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Nurse WTE per population.
    pub nurse_wte: f64,
    /// Administrator WTE per population.
    pub administrator_wte: f64,
    /// The lower end of the population range: it gives the higher need.
    pub population_low: f64,
    /// The upper end of the population range: it gives the lower need.
    pub population_high: f64,
    /// Where the recommendation is stated.
    pub source: String,
    /// The bases on which it is read.
    pub bases: Vec<Basis>,
    /// Why there is more than one.
    pub basis_note: String,
    /// What is not known of its origin.
    pub not_known: Vec<String>,
}

impl From<&domain::StaffingStandard> for StaffingStandard {
    fn from(standard: &domain::StaffingStandard) -> Self {
        Self {
            id: standard.id.clone(),
            name: standard.name.clone(),
            nurse_wte: standard.nurse_wte,
            administrator_wte: standard.administrator_wte,
            population_low: standard.population_low,
            population_high: standard.population_high,
            source: standard.source.clone(),
            bases: standard.bases.iter().copied().map(Basis::from).collect(),
            basis_note: standard.basis_note.clone(),
            not_known: standard.not_known.clone(),
        }
    }
}

/// Some of the standards.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct StandardList {
    /// The standards, sorted by id.
    pub items: Vec<StaffingStandard>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operations on standards.
#[derive(Debug)]
pub struct Workforce;

#[OpenApi(tag = "Tag::Workforce")]
impl Workforce {
    /// List the staffing standards
    #[oai(path = "/workforce/standards", method = "get", operation_id = "list_staffing_standards")]
    #[expect(clippy::unused_async, reason = "the framework takes async handlers alone")]
    async fn standards(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<StandardList>, Refusal> {
        // The standards come with the program, so there is no use case that loads them.
        if !key.0.may(Permission::ReadReference) {
            return Err(AppError::Forbidden { action: "read the staffing standards".into() }.into());
        }
        let standards = app.reference().standards.values();
        let (items, next) = page(standards, after.0.as_deref(), limit.0, |standard| standard.id.clone());
        Ok(Json(StandardList { items: items.into_iter().map(StaffingStandard::from).collect(), next }))
    }
}
