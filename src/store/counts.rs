//! KPI counts.

use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::kpi_counts;
use crate::domain::count::{Counts, Period};

/// One stored count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// Unit code.
    pub service_code: String,
    /// Month or year.
    pub period: Period,
    /// 2 to 11.
    pub kpi: i32,
    /// Empty for all patients.
    pub stratum: String,
    /// The numbers.
    pub counts: Counts,
}

/// The services that have counts, sorted by code.
pub fn services_with_counts(conn: &mut DbConn) -> Result<Vec<String>, StoreError> {
    let mut codes: Vec<String> = kpi_counts::table.select(kpi_counts::service_code).distinct().load(conn)?;
    codes.sort();
    Ok(codes)
}

/// Every count of one service, sorted by month, KPI and stratum. `periods` are named, which
/// lets the database seek by its key instead of walking the table.
pub fn of_service(conn: &mut DbConn, service: &str, periods: &[i32]) -> Result<Vec<CountRow>, StoreError> {
    type Row = (i32, i32, String, String, i64, Option<i64>, Option<i64>, Option<i64>);
    let kpis: Vec<i32> = (2..=11).collect();
    let rows: Vec<Row> = kpi_counts::table
        .filter(kpi_counts::kpi.eq_any(kpis))
        .filter(kpi_counts::month.eq_any(periods))
        .filter(kpi_counts::service_code.eq(service))
        .load(conn)?;
    let mut counts = rows
        .into_iter()
        .map(|(kpi, month, service_code, stratum, numerator, denominator, eligible, complete)| {
            let period = period(month)?;
            let counts = Counts { numerator, denominator, eligible, complete };
            Ok(CountRow { service_code, period, kpi, stratum, counts })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    // In Rust, so that both databases sort text alike, by its bytes.
    counts.sort_by(|a, b| (a.period, a.kpi, &a.stratum).cmp(&(b.period, b.kpi, &b.stratum)));
    Ok(counts)
}

/// A service's counts of all patients for one KPI in some years, month by month.
pub fn months_of(
    conn: &mut DbConn,
    service: &str,
    kpi: i32,
    years: &[i32],
) -> Result<Vec<(Period, Counts)>, StoreError> {
    type Row = (i32, i64, Option<i64>, Option<i64>, Option<i64>);
    // Each month is named, so that the database seeks by its key: a range of months would walk all services.
    let periods: Vec<i32> = years.iter().flat_map(|year| (0..=12).map(move |month| year * 100 + month)).collect();
    let rows: Vec<Row> = kpi_counts::table
        .filter(kpi_counts::kpi.eq(kpi))
        .filter(kpi_counts::month.eq_any(periods))
        .filter(kpi_counts::service_code.eq(service))
        .filter(kpi_counts::stratum.eq(""))
        .select((
            kpi_counts::month,
            kpi_counts::numerator,
            kpi_counts::denominator,
            kpi_counts::eligible,
            kpi_counts::complete,
        ))
        .load(conn)?;
    let mut months = rows
        .into_iter()
        .map(|(month, numerator, denominator, eligible, complete)| {
            Ok((period(month)?, Counts { numerator, denominator, eligible, complete }))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    months.sort_by_key(|(period, _)| *period);
    Ok(months)
}

pub(super) fn period(month: i32) -> Result<Period, StoreError> {
    Period::from_stored(month)
        .ok_or_else(|| StoreError::Corrupt { what: "KPI count", reason: format!("month {month}") })
}
