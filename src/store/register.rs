//! Areas, services, hospitals and their cases.
//!
//! Codes are sorted here and not by the database: PostgreSQL sorts text by the locale it was set up with.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::{area_population, areas, expected_caseload, hip_fractures, hospitals, register_revision, services};
use crate::domain::area::{Area, AreaPopulation, AreaTree};
use crate::domain::kpi::caseload::Stated;
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::domain::register::{Hospital, Register, Service};

/// How often the register has changed; the database itself counts, so no writer can forget to.
pub fn revision(conn: &mut DbConn) -> Result<i64, StoreError> {
    Ok(register_revision::table.select(register_revision::revision).get_result(conn)?)
}

/// Keeps other writers of the register out until the transaction ends. Whoever changes it and locks something else
/// besides takes this first, as every import does with its first row. On SQLite the transaction itself keeps them out.
pub fn lock(conn: &mut DbConn) -> Result<(), StoreError> {
    if let DbConn::Postgres(conn) = conn {
        register_revision::table.select(register_revision::revision).for_update().get_result::<i64>(conn)?;
    }
    Ok(())
}

/// The whole register.
pub fn whole(conn: &mut DbConn) -> Result<Register, StoreError> {
    let mut hip_fractures: BTreeMap<i32, BTreeMap<String, i64>> = BTreeMap::new();
    let rows: Vec<(String, i32, i64)> = hip_fractures::table.load(conn)?;
    for (hospital, year, cases) in rows {
        hip_fractures.entry(year).or_default().insert(hospital, cases);
    }
    let mut stated: BTreeMap<i32, BTreeMap<String, Stated>> = BTreeMap::new();
    let rows: Vec<(String, i32, i64, Option<String>)> = expected_caseload::table.load(conn)?;
    for (service, year, expected, reason) in rows {
        stated.entry(year).or_default().insert(service, Stated { expected, reason });
    }
    Ok(Register::new(
        super::rounds::all_rounds(conn)?,
        area_tree(conn)?,
        all_services(conn)?,
        all_hospitals(conn)?,
        hip_fractures,
        stated,
    ))
}

type AreaRow = (String, String, String, Option<String>, Option<NaiveDate>, Option<NaiveDate>, Option<String>);

/// Every area, sorted by code.
pub fn all_areas(conn: &mut DbConn) -> Result<Vec<Area>, StoreError> {
    let mut rows: Vec<AreaRow> = areas::table.load(conn)?;
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter()
        .map(|(code, name, kind, parent_code, valid_from, valid_to, successor_code)| {
            let kind = kind.parse().map_err(StoreError::corrupt("area"))?;
            Ok(Area { code, name, kind, parent_code, valid_from, valid_to, successor_code })
        })
        .collect()
}

/// Adds the areas that are not there yet; what is there is left as it is.
pub fn add_missing_areas(conn: &mut DbConn, new: &[Area]) -> Result<(), StoreError> {
    for area in new {
        let row = (
            areas::code.eq(&area.code),
            areas::name.eq(&area.name),
            areas::kind.eq(area.kind.as_str()),
            areas::parent_code.eq(&area.parent_code),
            areas::valid_from.eq(area.valid_from),
            areas::valid_to.eq(area.valid_to),
            areas::successor_code.eq(&area.successor_code),
        );
        on_backend!(conn, |conn| diesel::insert_into(areas::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn)?);
    }
    Ok(())
}

/// Every population figure, sorted by area and year.
pub fn area_populations(conn: &mut DbConn) -> Result<Vec<(String, AreaPopulation)>, StoreError> {
    let mut rows: Vec<(String, i32, i64, i64)> = area_population::table.load(conn)?;
    rows.sort();
    Ok(rows
        .into_iter()
        .map(|(code, year, all_ages, aged_50_plus)| (code, AreaPopulation { year, all_ages, aged_50_plus }))
        .collect())
}

/// The tree of areas with its populations, as at the newest change on record.
fn area_tree(conn: &mut DbConn) -> Result<AreaTree, StoreError> {
    Ok(AreaTree::new(all_areas(conn)?, area_populations(conn)?, None))
}

type ServiceRow =
    (String, String, Option<String>, Option<String>, String, Option<NaiveDate>, Option<NaiveDate>, Option<String>);

fn service(row: ServiceRow) -> Service {
    let (code, name, trust_code, trust_name, area_code, valid_from, valid_to, successor_code) = row;
    Service { code, name, trust_code, trust_name, area_code, valid_from, valid_to, successor_code }
}

/// Every service, sorted by code.
pub fn all_services(conn: &mut DbConn) -> Result<Vec<Service>, StoreError> {
    let mut rows: Vec<ServiceRow> = services::table.load(conn)?;
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(rows.into_iter().map(service).collect())
}

/// A service by its code.
pub fn service_by_code(conn: &mut DbConn, code: &str) -> Result<Option<Service>, StoreError> {
    let found = services::table.filter(services::code.eq(code)).get_result::<ServiceRow>(conn).optional()?;
    Ok(found.map(service))
}

type HospitalRow =
    (String, String, String, Option<String>, Option<NaiveDate>, Option<NaiveDate>, Option<f64>, Option<f64>);

fn hospital(row: HospitalRow) -> Hospital {
    let (code, name, area_code, service_code, valid_from, valid_to, latitude, longitude) = row;
    Hospital { code, name, area_code, service_code, valid_from, valid_to, latitude, longitude }
}

/// Every hospital, sorted by code.
pub fn all_hospitals(conn: &mut DbConn) -> Result<Vec<Hospital>, StoreError> {
    let mut rows: Vec<HospitalRow> = hospitals::table.load(conn)?;
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(rows.into_iter().map(hospital).collect())
}

/// Every figure of hip fractures: hospital, year, count; sorted by key.
pub fn all_hip_fractures(conn: &mut DbConn) -> Result<Vec<(String, i32, i64)>, StoreError> {
    let mut rows: Vec<(String, i32, i64)> = hip_fractures::table.load(conn)?;
    rows.sort();
    Ok(rows)
}

/// Every stated expected caseload: service, year, cases; sorted by key.
pub fn all_expected_caseloads(conn: &mut DbConn) -> Result<Vec<(String, i32, i64)>, StoreError> {
    let mut rows: Vec<(String, i32, i64)> = expected_caseload::table
        .select((expected_caseload::service_code, expected_caseload::year, expected_caseload::expected))
        .load(conn)?;
    rows.sort();
    Ok(rows)
}

/// The expected caseload that was stated for a service and year.
pub fn stated_caseload(conn: &mut DbConn, service: &str, year: i32) -> Result<Option<Stated>, StoreError> {
    let stated: Option<(i64, Option<String>)> = expected_caseload::table
        .filter(expected_caseload::service_code.eq(service).and(expected_caseload::year.eq(year)))
        .select((expected_caseload::expected, expected_caseload::reason))
        .get_result(conn)
        .optional()?;
    Ok(stated.map(|(expected, reason)| Stated { expected, reason }))
}

/// States an expected caseload with its reason, or with `None` takes the statement away.
pub fn state_caseload(conn: &mut DbConn, service: &str, year: i32, stated: Option<&Stated>) -> Result<(), StoreError> {
    let of = expected_caseload::service_code.eq(service).and(expected_caseload::year.eq(year));
    let Some(stated) = stated else {
        diesel::delete(expected_caseload::table.filter(of)).execute(conn)?;
        return Ok(());
    };
    let (expected, reason) = (stated.expected, &stated.reason);
    on_backend!(conn, |conn| diesel::insert_into(expected_caseload::table)
        .values((
            expected_caseload::service_code.eq(service),
            expected_caseload::year.eq(year),
            expected_caseload::expected.eq(expected),
            expected_caseload::reason.eq(reason),
        ))
        .on_conflict((expected_caseload::service_code, expected_caseload::year))
        .do_update()
        .set((expected_caseload::expected.eq(expected), expected_caseload::reason.eq(reason)))
        .execute(conn)?);
    Ok(())
}

/// The codes that answers may name.
pub fn register_codes(conn: &mut DbConn) -> Result<RegisterCodes, StoreError> {
    Ok(RegisterCodes { hospitals: hospital_codes(conn)?, areas: area_codes(conn)? })
}

/// The codes of all areas.
pub fn area_codes(conn: &mut DbConn) -> Result<BTreeSet<String>, StoreError> {
    Ok(areas::table.select(areas::code).load(conn)?.into_iter().collect())
}

/// The codes of all services.
pub fn service_codes(conn: &mut DbConn) -> Result<BTreeSet<String>, StoreError> {
    Ok(services::table.select(services::code).load(conn)?.into_iter().collect())
}

/// The codes of all hospitals.
pub fn hospital_codes(conn: &mut DbConn) -> Result<BTreeSet<String>, StoreError> {
    Ok(hospitals::table.select(hospitals::code).load(conn)?.into_iter().collect())
}
