//! Figures beyond the limits, and what is being done about each. A figure is named as an outlier in public only once its
//! service has checked its data, has been told and heard, and the figure stands.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::queries::{NewQuery, QueryThread, begin, one};
use crate::app::kpis::{Figures, Quoted, YearOf};
use crate::app::register::service_in;
use crate::app::rounds::must_run_rounds;
use crate::app::{App, AppError, round_of};
use crate::domain::access::Principal;
use crate::domain::kpi::benchmark::Benchmark;
use crate::domain::kpi::figure::Figure;
use crate::domain::quality::outlier::{Level, Outlier, OutlierCase, SCREENED, screen};
use crate::domain::quality::query::Subject;
use crate::domain::register::Service;
use crate::domain::report::Screening;
use crate::domain::round::Round;
use crate::store::data_queries::DataQuery;
use crate::store::{self, DbConn};

/// A figure beyond the limits, or one that was.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlierRow {
    /// The service.
    pub service: Service,
    /// The KPI's name.
    pub kpi_name: String,
    /// The figure as it stands; `None` where it lies beyond the limits no more.
    pub now: Option<Outlier>,
    /// The query about it.
    pub query: Option<DataQuery>,
}

impl OutlierRow {
    /// The figure as it stands, or as it was when somebody began to look into it.
    pub fn figure(&self) -> Option<&Outlier> {
        self.now.as_ref().or_else(|| self.query.as_ref()?.found.as_ref())
    }
}

/// The outliers of a round.
#[derive(Debug, Clone)]
pub struct OutlierReport {
    /// The round.
    pub round: Round,
    /// The figures beyond the limits, the furthest out first, and then those that were and are no more.
    pub rows: Vec<OutlierRow>,
    /// Figures that were screened.
    pub screened: usize,
    /// What it was worked out from.
    pub quoted: Quoted,
}

/// Figures beyond the limits, by service and KPI.
type ByFigure = BTreeMap<(String, i32), Outlier>;

/// The figures beyond the limits of a year by service and KPI, with how many were screened.
fn screened(figures: &mut Figures<'_>, year: i32) -> Result<(ByFigure, usize), AppError> {
    let data = figures.year(year, &SCREENED.collect::<Vec<_>>())?;
    let (mut found, mut counted) = (BTreeMap::new(), 0);
    for kpi in SCREENED {
        let Some(benchmark) = Benchmark::new(kpi, &data, None, false) else { continue };
        let rows: Vec<&Figure> = benchmark.rows.iter().map(|row| &row.figure).collect();
        counted += rows.iter().filter(|figure| figure.percent.is_some()).count();
        for (place, outlier) in screen(&benchmark.kpi, &rows) {
            if let Some(row) = benchmark.rows.get(place) {
                found.insert((row.service.clone(), kpi), outlier);
            }
        }
    }
    Ok((found, counted))
}

/// How many figures of a year were screened, and how many lie beyond the limits.
pub(in crate::app) fn screening(figures: &mut Figures<'_>, year: i32) -> Result<Screening, AppError> {
    let (found, counted) = screened(figures, year)?;
    let of = |level: Level| found.values().filter(|outlier| outlier.level == level).count();
    Ok(Screening { figures: counted, alerts: of(Level::Alert), alarms: of(Level::Alarm) })
}

/// The queries about outliers of a round, by service and KPI.
fn looked_into(conn: &mut DbConn, year: i32) -> Result<BTreeMap<(String, i32), DataQuery>, AppError> {
    let by_figure = |query: DataQuery| match query.subject {
        Subject::Outlier { kpi } => Some(((query.service.clone(), kpi), query)),
        Subject::Item(_) | Subject::Month { .. } => None,
    };
    Ok(store::data_queries::of_round(conn, year)?.into_iter().filter_map(by_figure).collect())
}

/// The figures of a round beyond the limits, for the audit team, with what is being done about each.
pub fn outliers(app: &App, who: &Principal, year: i32) -> Result<OutlierReport, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| {
        let round = round_of(conn, year)?;
        let mut queries = looked_into(conn, year)?;
        let mut figures = Figures::open(app, conn, &YearOf::from(year))?;
        let (found, counted) = screened(&mut figures, year)?;
        let row = |service: &str, kpi: i32, now, query| {
            let service = figures.services().get(service)?.clone();
            let kpi_name = figures.kpi(kpi, year).ok()?.name.clone();
            Some(OutlierRow { service, kpi_name, now, query })
        };
        let mut rows: Vec<OutlierRow> = found
            .into_iter()
            .filter_map(|((service, kpi), outlier)| {
                let query = queries.remove(&(service.clone(), kpi));
                row(&service, kpi, Some(outlier), query)
            })
            .collect();
        let far = |row: &OutlierRow| row.now.as_ref().map_or(0.0, |outlier| outlier.z.abs());
        rows.sort_by(|a, b| far(b).total_cmp(&far(a)));
        rows.extend(queries.into_iter().filter_map(|((service, kpi), query)| row(&service, kpi, None, Some(query))));
        Ok(OutlierReport { round, rows, screened: counted, quoted: figures.quoted(year)? })
    })
}

/// Nothing is to be looked into.
fn within_the_limits(service: &str, kpi: i32) -> AppError {
    let reason = format!(
        "The figure of {service} for KPI {kpi} does not lie beyond the limits. The list of figures beyond the limits has \
         those that do."
    );
    AppError::Refused { code: "within_the_limits", reason }
}

/// A figure of a round that lies beyond the limits.
pub fn one_outlier(
    app: &App,
    who: &Principal,
    (year, service, kpi): (i32, &str, i32),
) -> Result<(Round, OutlierRow), AppError> {
    let found = outliers(app, who, year)?;
    let is =
        |row: &OutlierRow| row.service.code == service && row.now.as_ref().is_some_and(|outlier| outlier.kpi == kpi);
    let row = found.rows.into_iter().find(is).ok_or_else(|| within_the_limits(service, kpi))?;
    Ok((found.round, row))
}

/// Asks a service to check the data behind a figure that lies beyond the limits.
pub fn open_outlier(
    app: &App,
    who: &Principal,
    (year, service, kpi): (i32, &str, i32),
    body: &str,
    due_on: Option<NaiveDate>,
) -> Result<QueryThread, AppError> {
    must_run_rounds(who)?;
    let id = app.write(|conn| {
        round_of(conn, year)?;
        let (mut found, _) = screened(&mut Figures::open(app, conn, &YearOf::from(year))?, year)?;
        service_in(&*app.register(conn)?, service)?;
        let outlier = found.remove(&(service.to_owned(), kpi)).ok_or_else(|| within_the_limits(service, kpi))?;
        let subject = Subject::Outlier { kpi };
        let new = NewQuery { year, service: service.to_owned(), subject, body: body.to_owned(), due_on };
        begin(app, conn, who, &new, Some(outlier))
    })?;
    one(app, who, &id)
}

/// The outliers of a round that somebody looks into or has looked into, by service and KPI: what a data cut freezes.
pub(in crate::app) fn cases(conn: &mut DbConn, year: i32) -> Result<Vec<OutlierCase>, AppError> {
    let case = |query: DataQuery| Some(OutlierCase { service: query.service, state: query.state, found: query.found? });
    Ok(looked_into(conn, year)?.into_values().filter_map(case).collect())
}

/// Refuses to publish what names an outlier that is not, or no more, through its checks.
pub(in crate::app) fn must_stand(conn: &mut DbConn, year: i32, named: &[OutlierCase]) -> Result<(), AppError> {
    let through: Vec<OutlierCase> = cases(conn, year)?.into_iter().filter(OutlierCase::may_be_published).collect();
    let stands = |case: &OutlierCase| {
        through.iter().any(|other| other.service == case.service && other.found.kpi == case.found.kpi)
    };
    let open: Vec<String> = named
        .iter()
        .filter(|case| case.may_be_published() && !stands(case))
        .map(|case| format!("KPI {} of {}", case.found.kpi, case.service))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let reason = format!(
        "The data cut of the report names an outlier whose query has been opened again: {}. Close the query, cut the data \
         again and begin the preview with that cut.",
        open.join(", ")
    );
    Err(AppError::Refused { code: "outlier_not_through", reason })
}
