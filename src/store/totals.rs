//! The yearly totals of KPI counts, which benchmarks read instead of the months.

use diesel::dsl::min;
use diesel::prelude::*;

use super::connection::DbConn;
use super::error::StoreError;
use super::schema::kpi_totals;
use crate::domain::count::Counts;

/// One stratum of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratumTotal {
    /// `key=value`, or empty for all patients.
    pub stratum: String,
    /// Unit code.
    pub service_code: String,
    /// The year's counts.
    pub counts: Counts,
}

type Sums = (i64, i64, i64, i64, i64, i64);

fn counts((numerator, denominator, eligible, complete, denominators, eligibles): Sums) -> Counts {
    Counts {
        numerator,
        denominator: (denominators > 0).then_some(denominator),
        eligible: (eligibles > 0).then_some(eligible),
        complete: (eligibles > 0).then_some(complete),
    }
}

/// The sums of a row, in the order that [`counts`] takes.
const SUMS: (
    kpi_totals::numerator,
    kpi_totals::denominator,
    kpi_totals::eligible,
    kpi_totals::complete,
    kpi_totals::denominators,
    kpi_totals::eligibles,
) = (
    kpi_totals::numerator,
    kpi_totals::denominator,
    kpi_totals::eligible,
    kpi_totals::complete,
    kpi_totals::denominators,
    kpi_totals::eligibles,
);

/// Every service's total of all patients, for one KPI and year.
pub fn of_kpi(conn: &mut DbConn, kpi: i32, year: i32) -> Result<Vec<(String, Counts)>, StoreError> {
    let rows: Vec<(String, Sums)> = kpi_totals::table
        .filter(kpi_totals::kpi.eq(kpi))
        .filter(kpi_totals::year.eq(year))
        .filter(kpi_totals::stratum.eq(""))
        .select((kpi_totals::service_code, SUMS))
        .load(conn)?;
    Ok(rows.into_iter().map(|(service, sums)| (service, counts(sums))).collect())
}

/// The same without the counts of completeness, which costs half.
pub fn cases_of_kpi(conn: &mut DbConn, kpi: i32, year: i32) -> Result<Vec<(String, Counts)>, StoreError> {
    let rows: Vec<(String, i64, i64, i64)> = kpi_totals::table
        .filter(kpi_totals::kpi.eq(kpi))
        .filter(kpi_totals::year.eq(year))
        .filter(kpi_totals::stratum.eq(""))
        .select((kpi_totals::service_code, kpi_totals::numerator, kpi_totals::denominator, kpi_totals::denominators))
        .load(conn)?;
    let total = |(service, numerator, denominator, denominators)| {
        (service, counts((numerator, denominator, 0, 0, denominators, 0)))
    };
    Ok(rows.into_iter().map(total).collect())
}

/// Every service's totals in every stratum, for one KPI and year; sorted by stratum and service.
pub fn strata_of_kpi(conn: &mut DbConn, kpi: i32, year: i32) -> Result<Vec<StratumTotal>, StoreError> {
    let rows: Vec<(String, String, Sums)> = kpi_totals::table
        .filter(kpi_totals::kpi.eq(kpi))
        .filter(kpi_totals::year.eq(year))
        .select((kpi_totals::stratum, kpi_totals::service_code, SUMS))
        .load(conn)?;
    let total = |(stratum, service_code, sums)| StratumTotal { stratum, service_code, counts: counts(sums) };
    let mut totals: Vec<StratumTotal> = rows.into_iter().map(total).collect();
    totals.sort_by(|a, b| (&a.stratum, &a.service_code).cmp(&(&b.stratum, &b.service_code)));
    Ok(totals)
}

/// The years in which there are counts of any KPI, the oldest first.
pub fn all_years(conn: &mut DbConn) -> Result<Vec<i32>, StoreError> {
    let mut years = Vec::new();
    for kpi in crate::domain::kpi::year::COUNTED {
        years.extend(years_of(conn, kpi)?);
    }
    years.sort_unstable();
    years.dedup();
    Ok(years)
}

/// The years in which any service has counts of a KPI, the oldest first.
pub fn years_of(conn: &mut DbConn, kpi: i32) -> Result<Vec<i32>, StoreError> {
    let mut years = Vec::new();
    let mut after = i32::MIN;
    // From year to year by the key: DISTINCT would walk every row of the KPI.
    while let Some(year) = kpi_totals::table
        .filter(kpi_totals::kpi.eq(kpi))
        .filter(kpi_totals::year.gt(after))
        .select(min(kpi_totals::year))
        .get_result::<Option<i32>>(conn)?
    {
        years.push(year);
        after = year;
    }
    Ok(years)
}
