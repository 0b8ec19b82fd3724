//! How many staff a service or an area needs, seen in three ways: the ratio, the workload and like services.

use std::collections::BTreeMap;

use super::gaps::{self, GapQuery};
use super::kpis::Figures;
use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::feedback::peers::{Peer, Size};
use crate::domain::kpi::real;
use crate::domain::kpi::year::YearData;
use crate::domain::workforce::demand::{Demand, DemandService};
use crate::domain::workforce::gap::GapRow;
use crate::domain::workforce::peers::PeerSet;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::workload::{OwnTimes, Patientload, WorkloadTimes};
use crate::store;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct DemandQuery {
    /// The round, and the area where it is one.
    pub gaps: GapQuery,
    /// One service alone, by its code.
    pub service: Option<String>,
    /// Figures of the workload in place of the file's.
    pub own: OwnTimes,
}

/// The three views of a subject.
#[derive(Debug)]
pub struct DemandReport {
    /// The gap that they stand beside; its rows are those of the subject.
    pub gaps: GapReport,
    /// Code and name of the one service, where the subject is one.
    pub service: Option<(String, String)>,
    /// The times of the workload, with the reader's own.
    pub times: WorkloadTimes,
    /// The share that the reader gave in place of each service's own, percent.
    pub treated_percent: Option<f64>,
    /// The views.
    pub demand: Demand,
    /// The setting and the third by population of the one service, where it gave them.
    pub like: (Option<String>, Option<Size>),
}

/// The times that a workload is worked out with.
pub fn times(app: &App) -> Result<&WorkloadTimes, AppError> {
    app.reference().workloads.last().ok_or_else(|| AppError::Unexpected("there are no activity times".into()))
}

/// The staff that a subject needs. Like services are found among all that submitted, and stay unnamed.
pub fn report(app: &App, who: &Principal, query: &DemandQuery) -> Result<DemandReport, AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    let times = times(app)?
        .with(&query.own)
        .map_err(|error| AppError::invalid(error.field(), error.code(), error.to_string()))?;
    app.read(|conn| {
        if query.service.is_some() && query.gaps.area.is_some() {
            let message = "Ask for a service or for an area, not for both.";
            return Err(AppError::invalid("service", "service_and_area", message));
        }
        let mut report = gaps::report_in(app, conn, who, &query.gaps)?;
        let year = query.gaps.year;
        if let Some(code) = &query.service {
            only_service(conn, &mut report, code)?;
        }
        let service = query.service.as_ref().and_then(|_| report.rows.first());
        let service = service.map(|row| (row.service.clone(), row.name.clone()));
        let mut settings = store::responses::submitted_choices(conn, year, "setting")?;
        let peers: Vec<Peer> = store::facts::staffing_of_round(conn, year)?
            .into_iter()
            .map(|(service, facts)| Peer { setting: settings.remove(&service), facts, service })
            .collect();
        let data = Figures::open(app, conn, &year.into())?.year(year, &[2, 9])?;
        let expected: BTreeMap<String, f64> = data
            .cases
            .services
            .iter()
            .filter_map(|(code, caseload)| Some((code.clone(), real(caseload.expected?))))
            .collect();
        let set = PeerSet::new(&peers, &expected);
        let like = service.as_ref().map_or((None, None), |(code, _)| set.group_of(code));
        let demand = Demand::new(&times, &services(&report, &data, query.own.treated_percent), &set);
        Ok(DemandReport { gaps: report, service, times, treated_percent: query.own.treated_percent, demand, like })
    })
}

/// Keeps the rows of one service, which the reader must be able to see.
pub(super) fn only_service(conn: &mut store::DbConn, report: &mut GapReport, code: &str) -> Result<(), AppError> {
    let service = super::register::service_of(conn, code)?;
    report.rows.retain(|row| row.service == service.code);
    if report.rows.is_empty() {
        return Err(AppError::Forbidden { action: format!("read the staffing of {code} for {}", report.round.year) });
    }
    Ok(())
}

/// The services of a report with their patients.
fn services<'a>(report: &'a GapReport, data: &YearData, treated_percent: Option<f64>) -> Vec<DemandService<'a>> {
    let mut by_service: BTreeMap<&str, Vec<&GapRow>> = BTreeMap::new();
    for row in &report.rows {
        by_service.entry(&row.service).or_default().push(row);
    }
    by_service
        .into_iter()
        .map(|(code, rows)| {
            let records = data.records(code).map(real);
            let treated = data.counts(9, code).and_then(|counts| counts.denominator).map(real);
            let share =
                treated.zip(records.filter(|records| *records > 0.0)).map(|(treated, records)| treated / records);
            let patients = Patientload {
                expected: data.expected(code).map(real),
                recorded: records,
                treated_share: treated_percent.map(|percent| percent / 100.0).or(share),
                in_post: rows.first().and_then(|row| row.nurses.in_post),
            };
            DemandService { rows, patients }
        })
        .collect()
}
