//! `/workforce/standards`: the staffing recommendations that gaps are measured against.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::App;
use crate::app::standards::{self, ListedStandard, WrittenStandard};
use crate::domain::workforce::standard as domain;

/// Which population a need rests on. The recommendation does not say, so both are always computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
pub enum Basis {
    /// The population as the service reported it, people of all ages.
    #[oai(rename = "as_reported")]
    #[serde(rename = "as_reported")]
    AsReported,
    /// People aged 50 and over, reported or estimated.
    #[oai(rename = "aged_50_plus")]
    #[serde(rename = "aged_50_plus")]
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

impl From<Basis> for domain::Basis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::AsReported => Self::AsReported,
            Basis::Aged50Plus => Self::Aged50Plus,
        }
    }
}

/// A staffing recommendation: so many nurse and administrator WTE for a population between two ends.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
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
    /// Why there is more than one, or what else is to be known of it.
    pub basis_note: String,
    /// What is not known of its origin.
    pub not_known: Vec<String>,
    /// The day from which it holds.
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    pub valid_to: Option<NaiveDate>,
    /// Of a standard that the audit team added: counts its changes; a change names it.
    pub version: Option<i64>,
    /// It is a draft, which the audit team alone sees and can change.
    pub draft: Option<bool>,
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
            valid_from: standard.valid_from,
            valid_to: standard.valid_to,
            version: None,
            draft: None,
        }
    }
}

impl From<&ListedStandard> for StaffingStandard {
    fn from(listed: &ListedStandard) -> Self {
        Self { version: listed.version, draft: (!listed.published).then_some(true), ..Self::from(&listed.standard) }
    }
}

/// A standard as the audit team writes it.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStandard {
    /// The version that the change is based on; 0 to add a standard.
    #[oai(validator(minimum(value = "0")))]
    pub version: i64,
    /// Name.
    pub name: String,
    /// Nurse WTE per population, 0 to 100.
    pub nurse_wte: f64,
    /// Administrator WTE per population, 0 to 100.
    pub administrator_wte: f64,
    /// The lower end of the population range, 1 or more.
    pub population_low: f64,
    /// The upper end of the population range, the lower end or more.
    pub population_high: f64,
    /// Where the recommendation is stated.
    pub source: String,
    /// The populations on which it is read: at least one. Gaps come on both all the same.
    pub bases: Vec<Basis>,
    /// What else is to be known of it.
    pub basis_note: Option<String>,
    /// What is not known of its origin.
    pub not_known: Option<Vec<String>>,
    /// The day from which it holds.
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    pub valid_to: Option<NaiveDate>,
    /// Publish it: everybody sees it from then on, and it changes no more.
    pub publish: Option<bool>,
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
    ///
    /// Those that came with the service and those that the audit team added, sorted by id.
    #[oai(path = "/workforce/standards", method = "get", operation_id = "list_staffing_standards")]
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
        let all = app.run(move |app| standards::list(app, &key.0)).await?;
        let (items, next) = page(&all, after.0.as_deref(), limit.0, |listed| listed.standard.id.clone());
        Ok(Json(StandardList { items: items.into_iter().map(StaffingStandard::from).collect(), next }))
    }

    /// Get a staffing standard
    ///
    /// Its ratios, where they come from, and which populations it can be put against.
    #[oai(path = "/workforce/standards/:id", method = "get", operation_id = "get_staffing_standard")]
    async fn standard(
        &self,
        key: Key,
        app: Data<&App>,
        /// Its id.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        id: Path<String>,
    ) -> Result<Json<StaffingStandard>, Refusal<404>> {
        let found = app.run(move |app| standards::one(app, &key.0, &id.0)).await?;
        Ok(Json(StaffingStandard::from(&found)))
    }

    /// Add a staffing standard, change a draft, or publish it
    ///
    /// For the audit team. With `version` 0 it is added. Once published, gaps quote it and it changes no more: a correction
    /// is another standard. The same again changes nothing.
    #[oai(path = "/workforce/standards/:id", method = "put", operation_id = "put_staffing_standard")]
    async fn put(
        &self,
        key: Key,
        app: Data<&App>,
        /// Its id.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        id: Path<String>,
        body: JsonBody<NewStandard>,
    ) -> Result<Json<StaffingStandard>, Refusal<404, 409, 422>> {
        let new = body.0;
        let standard = domain::StaffingStandard {
            id: id.0,
            name: new.name.trim().to_owned(),
            nurse_wte: new.nurse_wte,
            administrator_wte: new.administrator_wte,
            population_low: new.population_low,
            population_high: new.population_high,
            source: new.source.trim().to_owned(),
            bases: domain::Basis::ALL.into_iter().filter(|basis| new.bases.contains(&Basis::from(*basis))).collect(),
            basis_note: new.basis_note.unwrap_or_default().trim().to_owned(),
            not_known: new.not_known.unwrap_or_default(),
            valid_from: new.valid_from,
            valid_to: new.valid_to,
        };
        let write = WrittenStandard { standard, publish: new.publish.unwrap_or_default() };
        let found = app.run(move |app| standards::put(app, &key.0, &write, new.version)).await?;
        Ok(Json(StaffingStandard::from(&found)))
    }
}
