//! The shapes of the views of all KPIs, and of the map: the same figures as their pages.

use poem_openapi::Object;

use super::kpi_shapes::rag;
use crate::app::kpis::{AreaSum, BenchmarkReport};
use crate::domain::kpi::benchmark::Row;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::targets::Target;
use crate::domain::reference::Grade;

/// How many services of a KPI have each grade in a year.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KpiGrades {
    /// The KPI.
    pub kpi: i32,
    /// Green services.
    pub green: Option<usize>,
    /// Amber services; absent for a KPI of two grades.
    pub amber: Option<usize>,
    /// Red services.
    pub red: Option<usize>,
    /// Services that count and have no figure.
    pub no_data: usize,
}

impl KpiGrades {
    /// Of a report; `None` for a KPI without grades.
    pub fn new(report: &BenchmarkReport) -> Option<Self> {
        let summary = report.selection.as_ref().unwrap_or(&report.benchmark.national);
        let of = |grade: Grade| summary.grades.iter().find(|(found, _)| *found == grade).map(|(_, count)| *count);
        (!summary.grades.is_empty()).then(|| Self {
            kpi: report.benchmark.kpi.kpi,
            green: of(Grade::Green),
            amber: of(Grade::Amber),
            red: of(Grade::Red),
            no_data: summary.services - summary.n,
        })
    }
}

/// Services by grade, KPI by KPI.
#[derive(Debug, Object)]
pub struct GradeTable {
    /// The audit year.
    pub year: i32,
    /// The KPIs that have grades.
    pub items: Vec<KpiGrades>,
}

/// A figure of a service.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KpiCell {
    /// The KPI.
    pub kpi: i32,
    /// 100 × numerator ÷ denominator, unrounded; absent where there is no data.
    pub percent: Option<f64>,
    /// `green`, `amber` or `red`.
    pub rag: Option<String>,
}

impl KpiCell {
    /// A KPI of a row.
    pub fn new(kpi: i32, row: Option<&Row>) -> Self {
        let figure: Option<&Figure> = row.map(|row| &row.figure);
        Self { kpi, percent: figure.and_then(|figure| figure.percent), rag: figure.and_then(rag) }
    }
}

/// A service across KPIs.
#[derive(Debug, Clone, Object)]
pub struct ServiceAcross {
    /// Unit code.
    pub service: String,
    /// KPI 2 to 11.
    pub kpis: Vec<KpiCell>,
}

/// Services and KPIs.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HeatMap {
    /// The audit year.
    pub year: i32,
    /// The services, sorted by code.
    pub items: Vec<ServiceAcross>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// How many services reach a target.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TargetCount {
    /// The KPI.
    pub kpi: i32,
    /// Which of the three aims it belongs to.
    pub aim: String,
    /// The percentage to reach.
    pub at_least: f64,
    /// Services that reach it.
    pub met: usize,
    /// Services with a figure.
    pub n: usize,
    /// All patients together, in per cent.
    pub percent: Option<f64>,
}

impl TargetCount {
    /// Of a report.
    pub fn new(target: Target, report: &BenchmarkReport) -> Self {
        let rows = &report.benchmark.rows;
        Self {
            kpi: target.kpi,
            aim: target.aim.to_owned(),
            at_least: target.at_least,
            met: report.benchmark.services_from(target.at_least, true),
            n: rows.iter().filter(|row| row.figure.percent.is_some()).count(),
            percent: report.benchmark.national.figure.percent,
        }
    }
}

/// The 80/50/80 targets.
#[derive(Debug, Object)]
pub struct Scoreboard {
    /// The audit year.
    pub year: i32,
    /// The targets in order.
    pub items: Vec<TargetCount>,
}

/// A service or an uncovered hospital on the map.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MapPlace {
    /// Unit code, or NHFD code of the hospital.
    pub code: String,
    /// No service covers this hospital.
    pub uncovered: bool,
    /// Degrees north; absent where no place is known.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Expected cases in the year.
    pub expected: Option<i64>,
    /// Identification, in per cent.
    pub percent: Option<f64>,
    /// `green`, `amber` or `red`.
    pub rag: Option<String>,
}

/// An area of the map.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MapArea {
    /// Its code.
    pub area: String,
    /// Its name.
    pub name: String,
    /// Records of the services that it hosts.
    pub numerator: Option<i64>,
    /// Their expected cases.
    pub denominator: Option<f64>,
    /// 100 × numerator ÷ denominator, unrounded; absent where no service has a figure.
    pub percent: Option<f64>,
    /// `green`, `amber` or `red`.
    pub rag: Option<String>,
    /// Services with a figure.
    pub services: usize,
    /// Hospitals that no service covers.
    pub hospitals_without_a_service: usize,
    /// Their expected cases; absent where none has a figure.
    pub their_expected_cases: Option<i64>,
}

impl From<&AreaSum> for MapArea {
    fn from(sum: &AreaSum) -> Self {
        Self {
            area: sum.area.code.clone(),
            name: sum.area.name.clone(),
            numerator: sum.figure.numerator,
            denominator: sum.figure.denominator,
            percent: sum.figure.percent,
            rag: rag(&sum.figure),
            services: sum.services,
            hospitals_without_a_service: sum.unmapped,
            their_expected_cases: sum.unmapped_expected,
        }
    }
}

/// The map of identification (KPI 2).
#[derive(Debug, Object)]
pub struct KpiMap {
    /// The audit year.
    pub year: i32,
    /// The day whose areas these are.
    pub geography_as_at: chrono::NaiveDate,
    /// Services, then hospitals that no service covers.
    pub places: Vec<MapPlace>,
    /// Every ICB and health board.
    pub areas: Vec<MapArea>,
}
