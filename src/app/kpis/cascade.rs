//! The cascade in people, for a service, an area, the nation.

use super::super::{App, AppError, authorise};
use super::figures::{Figures, Quoted, YearOf};
use super::service::seen;
use crate::domain::access::{Permission, Principal, Scope};
use crate::domain::kpi::cascade::{Cascade, Stage};

/// Whose cascade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CascadeOf {
    /// All services that count.
    Nation,
    /// Those of them in an area or below it.
    Area(String),
    /// One service, whether it counts or not.
    Service(String),
}

/// A cascade with whose it is.
#[derive(Debug, Clone)]
pub struct CascadeReport {
    /// Whose.
    pub of: CascadeOf,
    /// Their name.
    pub name: String,
    /// The steps.
    pub cascade: Cascade,
    /// What it was worked out from.
    pub quoted: Quoted,
}

/// The cascade of a year.
pub fn cascade(app: &App, who: &Principal, of: CascadeOf, year: impl Into<YearOf>) -> Result<CascadeReport, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let asked = year.into();
    let year = asked.year;
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &asked)?;
        let name = match &of {
            CascadeOf::Nation => "All services in the national figures".to_owned(),
            CascadeOf::Service(code) => seen(&figures, who, code, year)?.name,
            CascadeOf::Area(code) => area(&figures, who, code, year)?,
        };
        let stages: Vec<i32> = Stage::ALL.map(Stage::kpi).to_vec();
        let data = figures.year(year, &stages)?;
        let included = data.inclusion().included.into_iter();
        let tree = figures.tree();
        let within = |area_code: &str| match &of {
            CascadeOf::Nation => true,
            CascadeOf::Area(code) => tree.is_within(area_code, code),
            CascadeOf::Service(_) => false,
        };
        let services: Vec<String> = match &of {
            CascadeOf::Service(code) => vec![code.clone()],
            _ => included.filter(|c| figures.services().get(c).is_some_and(|s| within(&s.area_code))).collect(),
        };
        let unmapped = data.cases.unmapped.iter().filter(|hospital| within(&hospital.area_code)).cloned().collect();
        let cascade = Cascade::new(&data, services, unmapped);
        Ok(CascadeReport { quoted: figures.quoted(year)?, of, name, cascade })
    })
}

/// The name of an area whose figures of a year somebody may see.
fn area(figures: &Figures<'_>, who: &Principal, code: &str, year: i32) -> Result<String, AppError> {
    let tree = figures.tree();
    let area = tree.get(code).ok_or_else(|| AppError::not_found("area", code, "The list of areas has every code."))?;
    let reaches = |scope: &Scope| match scope {
        Scope::National => true,
        Scope::Area(own) => tree.is_within(code, own),
        Scope::Service(_) | Scope::Section { .. } => false,
    };
    if figures.is_open(year) || who.scopes(Permission::ReadKpis).any(reaches) {
        return Ok(area.name.clone());
    }
    Err(AppError::Forbidden { action: format!("read the KPIs of area {code} for {year} before the report is out") })
}
