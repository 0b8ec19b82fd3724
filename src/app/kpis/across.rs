//! Services across KPIs.

use std::collections::BTreeMap;

use super::BenchmarkReport;
use crate::domain::kpi::benchmark::Row;

/// Each service with its row of every KPI of `kpis`, in their order; `None` where it has none there.
pub fn by_service(reports: &[BenchmarkReport], kpis: &[i32]) -> BTreeMap<String, Vec<Option<Row>>> {
    let mut services: BTreeMap<String, Vec<Option<Row>>> = BTreeMap::new();
    for (place, kpi) in kpis.iter().enumerate() {
        let report = reports.iter().find(|report| report.benchmark.kpi.kpi == *kpi);
        for row in report.into_iter().flat_map(|report| &report.benchmark.rows) {
            let cells = services.entry(row.service.clone()).or_insert_with(|| vec![None; kpis.len()]);
            if let Some(cell) = cells.get_mut(place) {
                *cell = Some(row.clone());
            }
        }
    }
    services
}
