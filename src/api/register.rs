//! `/areas`, `/services`, `/hospitals`: who is who.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::{App, AppError, register};
use crate::domain::{area, register as domain};

/// What kind of area it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum AreaKind {
    /// England, Wales, Northern Ireland, Scotland.
    Nation,
    /// An NHS England region.
    Region,
    /// An integrated care board.
    Icb,
    /// A health board, or a health and social care trust.
    HealthBoard,
}

impl From<area::AreaKind> for AreaKind {
    fn from(kind: area::AreaKind) -> Self {
        match kind {
            area::AreaKind::Nation => Self::Nation,
            area::AreaKind::Region => Self::Region,
            area::AreaKind::Icb => Self::Icb,
            area::AreaKind::HealthBoard => Self::HealthBoard,
        }
    }
}

/// An area of the register.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Area {
    /// ODS or ONS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What kind of area it is.
    pub kind: AreaKind,
    /// The area it lies in; a nation lies in none.
    pub parent_code: Option<String>,
    /// First day, where it is known to have begun.
    pub valid_from: Option<NaiveDate>,
    /// Last day, where it has ended.
    pub valid_to: Option<NaiveDate>,
    /// The area that took over.
    pub successor_code: Option<String>,
}

impl From<&area::Area> for Area {
    fn from(area: &area::Area) -> Self {
        Self {
            code: area.code.clone(),
            name: area.name.clone(),
            kind: area.kind.into(),
            parent_code: area.parent_code.clone(),
            valid_from: area.valid_from,
            valid_to: area.valid_to,
            successor_code: area.successor_code.clone(),
        }
    }
}

/// Some of the areas.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AreaList {
    /// The day on which these areas exist.
    pub as_at: NaiveDate,
    /// The areas, sorted by code.
    pub items: Vec<Area>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// A Fracture Liaison Service.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Service {
    /// Unit code of the audit.
    pub code: String,
    /// Name.
    pub name: String,
    /// ODS code of the host trust, where it has one.
    pub trust_code: Option<String>,
    /// Name of the host trust.
    pub trust_name: Option<String>,
    /// Host area.
    pub area_code: String,
    /// First day, where it is known.
    pub valid_from: Option<NaiveDate>,
    /// Last day, where it has ended.
    pub valid_to: Option<NaiveDate>,
    /// The service that took over.
    pub successor_code: Option<String>,
}

impl From<domain::Service> for Service {
    fn from(service: domain::Service) -> Self {
        Self {
            code: service.code,
            name: service.name,
            trust_code: service.trust_code,
            trust_name: service.trust_name,
            area_code: service.area_code,
            valid_from: service.valid_from,
            valid_to: service.valid_to,
            successor_code: service.successor_code,
        }
    }
}

/// Some of the services.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceList {
    /// The services, sorted by code.
    pub items: Vec<Service>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// A hospital of the National Hip Fracture Database (NHFD).
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Hospital {
    /// NHFD code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The area it lies in.
    pub area_code: String,
    /// The service that covers it; absent where none does.
    pub service_code: Option<String>,
    /// First day of the mapping, where it is known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the mapping, where it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

impl From<domain::Hospital> for Hospital {
    fn from(hospital: domain::Hospital) -> Self {
        Self {
            code: hospital.code,
            name: hospital.name,
            area_code: hospital.area_code,
            service_code: hospital.service_code,
            valid_from: hospital.valid_from,
            valid_to: hospital.valid_to,
            latitude: hospital.latitude,
            longitude: hospital.longitude,
        }
    }
}

/// Some of the hospitals.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HospitalList {
    /// The hospitals, sorted by code.
    pub items: Vec<Hospital>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operations on the register.
#[derive(Debug)]
pub struct Register;

#[OpenApi(tag = "Tag::Register")]
impl Register {
    /// List the areas
    ///
    /// The areas that exist on one day, sorted by code.
    #[oai(path = "/areas", method = "get", operation_id = "list_areas")]
    async fn areas(
        &self,
        key: Key,
        app: Data<&App>,
        /// The day; by default that of the newest change on record.
        as_at: Query<Option<NaiveDate>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<AreaList>, Refusal> {
        let tree = app.run(move |app| register::area_tree(app, &key.0, as_at.0)).await?;
        let (items, next) = page(tree.iter(), after.0.as_deref(), limit.0, |area| area.code.clone());
        Ok(Json(AreaList { as_at: tree.as_at(), items: items.into_iter().map(Area::from).collect(), next }))
    }

    /// Get an area
    ///
    /// Whether or not it exists today.
    #[oai(path = "/areas/:code", method = "get", operation_id = "get_area")]
    async fn area(
        &self,
        key: Key,
        app: Data<&App>,
        /// The area's code.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        code: Path<String>,
    ) -> Result<Json<Area>, Refusal<404>> {
        let tree = app.run(move |app| register::area_tree(app, &key.0, None)).await?;
        let area = tree
            .get(&code.0)
            .ok_or_else(|| AppError::not_found("area", &code.0, "The list of areas has every code."))?;
        Ok(Json(area.into()))
    }

    /// List the services
    ///
    /// All of them, sorted by code. Everybody with a key reads the register.
    #[oai(path = "/services", method = "get", operation_id = "list_services")]
    async fn services(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<ServiceList>, Refusal> {
        let services = app.run(move |app| register::services(app, &key.0)).await?;
        let (items, next) = page(services, after.0.as_deref(), limit.0, |service| service.code.clone());
        Ok(Json(ServiceList { items: items.into_iter().map(Service::from).collect(), next }))
    }

    /// Get a service
    ///
    /// Its name, its trust and its host area.
    #[oai(path = "/services/:code", method = "get", operation_id = "get_service")]
    async fn service(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
    ) -> Result<Json<Service>, Refusal<404>> {
        Ok(Json(app.run(move |app| register::service(app, &key.0, &code.0)).await?.into()))
    }

    /// List the hospitals
    ///
    /// All of them, those in no service too, sorted by code. Everybody with a key reads the register.
    #[oai(path = "/hospitals", method = "get", operation_id = "list_hospitals")]
    async fn hospitals(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<HospitalList>, Refusal> {
        let hospitals = app.run(move |app| register::hospitals(app, &key.0)).await?;
        let (items, next) = page(hospitals, after.0.as_deref(), limit.0, |hospital| hospital.code.clone());
        Ok(Json(HospitalList { items: items.into_iter().map(Hospital::from).collect(), next }))
    }
}
