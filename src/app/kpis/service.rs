//! One service's KPIs: a year's, and month by month.

use std::collections::BTreeMap;

use super::super::{App, AppError, authorise};
use super::benchmark::before;
use super::figures::{Figures, Quoted, YearOf};
use crate::domain::access::{Permission, Principal};
use crate::domain::kpi::benchmark::{Benchmark, Summary};
use crate::domain::kpi::caseload::Caseload;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::series::Series;
use crate::domain::kpi::year::{COUNTED, Completeness, Excluded};
use crate::domain::reference::Kpi;
use crate::domain::register::Service;

/// One KPI of a service beside the nation.
#[derive(Debug, Clone)]
pub struct ServiceKpi {
    /// By the year's method.
    pub kpi: Kpi,
    /// Its figure. That of KPI 1 is its complete KPIs out of those asked.
    pub figure: Figure,
    /// Where it stands among the services that count; `None` where it does not count.
    pub percentile: Option<f64>,
    /// Its percentage in the round before.
    pub previous_percent: Option<f64>,
    /// All services that count.
    pub national: Summary,
}

/// A service's year.
#[derive(Debug, Clone)]
pub struct ServiceKpis {
    /// The service.
    pub service: Service,
    /// Why it does not count in the national figures, where it does not.
    pub excluded: Option<Excluded>,
    /// Its records.
    pub records: Option<i64>,
    /// Its expected cases and the hospitals behind them.
    pub caseload: Option<Caseload>,
    /// How complete its data are.
    pub completeness: Completeness,
    /// KPI 1 to 11.
    pub kpis: Vec<ServiceKpi>,
    /// The year that it is laid beside.
    pub previous_year: Option<i32>,
    /// What it was worked out from.
    pub quoted: Quoted,
}

/// A service's KPIs of a year beside the nation.
pub fn service_kpis(app: &App, who: &Principal, service: &str, of: impl Into<YearOf>) -> Result<ServiceKpis, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let of = of.into();
    let year = of.year;
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &of)?;
        let service = seen(&figures, who, service, year)?;
        let all: Vec<i32> = COUNTED.collect();
        let now = figures.year(year, &all)?;
        let before = before(&mut figures, year, &all)?;
        let mut kpis = Vec::new();
        for number in 1..=11 {
            let Some(benchmark) = Benchmark::new(number, &now, before.as_ref(), false) else { continue };
            let row = benchmark.rows.iter().find(|row| row.service == service.code);
            let then = || before.as_ref().and_then(|b| b.figure(b.method.kpi(number)?, &service.code).percent);
            kpis.push(ServiceKpi {
                figure: now.figure(&benchmark.kpi, &service.code),
                percentile: row.and_then(|row| row.percentile),
                previous_percent: row.map_or_else(then, |row| row.previous_percent),
                national: benchmark.national,
                kpi: benchmark.kpi,
            });
        }
        Ok(ServiceKpis {
            excluded: now.inclusion().excluded.into_iter().find(|excluded| excluded.service == service.code),
            records: now.records(&service.code),
            caseload: now.cases.services.get(&service.code).cloned(),
            completeness: now.completeness(&service.code),
            kpis,
            previous_year: before.map(|before| before.year),
            quoted: figures.quoted(year)?,
            service,
        })
    })
}

/// A KPI of a service over time.
#[derive(Debug, Clone)]
pub struct Months {
    /// The service.
    pub service: Service,
    /// The KPI by the method of the last year that is shown.
    pub kpi: Kpi,
    /// Its months and years.
    pub series: Series,
    /// What the last year was worked out from.
    pub quoted: Quoted,
}

/// A KPI, 2 to 11, of a service month by month: what a run chart is drawn from. Months of years that the reader may not see
/// are left out.
pub fn months(app: &App, who: &Principal, service: &str, kpi: i32) -> Result<Months, AppError> {
    months_of(app, who, service, kpi, None)
}

/// The same of a data cut, or with `None` of the data as they stand.
pub fn months_of(app: &App, who: &Principal, service: &str, kpi: i32, cut: Option<&str>) -> Result<Months, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let of = YearOf { year: i32::MIN, cut: cut.map(ToOwned::to_owned) };
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &of)?;
        let service = figures.service(service)?.clone();
        if kpi == 1 {
            let hint = "KPI 1 is one figure a year, worked out from the others; the KPIs with months are 2 to 11.";
            return Err(AppError::not_found("run chart of KPI", "1", hint));
        }
        let mut rows = figures.months(&service.code, kpi)?;
        rows.retain(|(period, _)| figures.may_see(who, &service, period.year()));
        let last = rows.last().map(|(period, _)| period.year());
        let last = match last.or(figures.years(kpi)?.last().copied()) {
            Some(year) => year,
            None => figures.method(i32::MAX)?.year,
        };
        let mut of_year: BTreeMap<i32, (Kpi, Option<f64>)> = BTreeMap::new();
        for year in rows.iter().map(|(period, _)| period.year()).collect::<std::collections::BTreeSet<_>>() {
            let definition = figures.kpi(kpi, year)?.clone();
            let expected = if definition.is_over_expected() {
                figures.year(year, &[kpi])?.denominator(kpi, &service.code)
            } else {
                None
            };
            of_year.insert(year, (definition, expected));
        }
        let latest = figures.kpi(kpi, last)?.clone();
        let series = Series::new(&rows, |year| of_year.get(&year).cloned().unwrap_or((latest.clone(), None)));
        Ok(Months { quoted: figures.quoted(last)?, service, series, kpi: latest })
    })
}

/// A service whose figures of a year somebody may see.
pub(super) fn seen(figures: &Figures<'_>, who: &Principal, code: &str, year: i32) -> Result<Service, AppError> {
    let service = figures.service(code)?;
    if figures.may_see(who, service, year) {
        return Ok(service.clone());
    }
    Err(AppError::Forbidden { action: format!("read the KPIs of {code} for {year} before the report is out") })
}
