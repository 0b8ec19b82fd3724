//! The views of KPIs: funnel, months, distribution, groups of patients, grades, heat map, targets, map.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::key::Key;
use super::kpi_across_shapes::{
    GradeTable, HeatMap, KpiCell, KpiGrades, KpiMap, MapArea, MapPlace, Scoreboard, ServiceAcross, TargetCount,
};
use super::kpi_shapes::rag;
use super::kpi_view_shapes::{
    FunnelPlot, FunnelScale, FunnelSpread, KpiDistribution, MonthMethod, PatientGroup, PatientGroups, ServiceRunChart,
    YearSpread,
};
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::App;
use crate::app::kpis::{self, BenchmarkQuery, MapReport, YearOf};
use crate::domain::kpi::control::{RUN_RULE, XMR_RULE, read_runs, read_xmr};
use crate::domain::kpi::targets::TARGETS;
use crate::domain::kpi::year::COUNTED;
use crate::domain::statistics::funnel::FunnelRules;

/// The operations on views.
#[derive(Debug)]
pub struct KpiViews;

fn of(kpi: i32, year: i32, area: Option<String>, cut: Option<String>) -> BenchmarkQuery {
    BenchmarkQuery { kpi, year, area, cut, ..BenchmarkQuery::default() }
}

fn places(found: &MapReport) -> Vec<MapPlace> {
    let service = |row: &crate::domain::kpi::benchmark::Row| {
        let position = found.positions.get(&row.service);
        MapPlace {
            code: row.service.clone(),
            uncovered: false,
            latitude: position.map(|position| position.0),
            longitude: position.map(|position| position.1),
            expected: row.expected,
            percent: row.figure.percent,
            rag: rag(&row.figure),
        }
    };
    let hospitals = found.unmapped.iter().map(|(hospital, position)| MapPlace {
        code: hospital.code.clone(),
        uncovered: true,
        latitude: position.map(|position| position.0),
        longitude: position.map(|position| position.1),
        expected: hospital.expected,
        percent: None,
        rag: None,
    });
    found.report.benchmark.rows.iter().map(service).chain(hospitals).collect()
}

#[OpenApi(tag = "Tag::Kpis")]
impl KpiViews {
    /// Get the funnel plot of a KPI
    ///
    /// The services with the limits at their denominators and how they compare, by the one rule of every view. KPI 2 and 3
    /// are records over an estimate, which has no funnel: their services are held against the middle 95% of services.
    #[oai(path = "/kpis/:kpi/funnel", method = "get", operation_id = "get_funnel")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn funnel(
        &self,
        key: Key,
        app: Data<&App>,
        /// The KPI.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        kpi: Path<i32>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Services in this area or below it; the limits are over all.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// The scale of the limits; by default that of the rule, arcsine.
        scale: Query<Option<FunnelScale>>,
        /// What widens the limits; by default that of the rule, additive.
        overdispersion: Query<Option<FunnelSpread>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<FunnelPlot>, Refusal<404>> {
        let usual = FunnelRules::default();
        let rules = FunnelRules {
            scale: scale.0.map_or(usual.scale, Into::into),
            overdispersion: overdispersion.0.map_or(usual.overdispersion, Into::into),
            ..usual
        };
        let query = of(kpi.0, year.0, area.0, cut.0);
        let report = app.run(move |app| kpis::benchmark_by(app, &key.0, &query, rules)).await?;
        let rows = report.benchmark.rows.iter();
        let (rows, next) = page(rows, after.0.as_deref(), limit.0, |row| row.service.clone());
        Ok(Json(FunnelPlot::new(&report, rules, &rows, next)))
    }

    /// Get the run chart of a KPI of a service
    ///
    /// Every month from the first to the last with data. Under ten useful points no signal is claimed.
    #[oai(path = "/services/:code/kpis/:kpi/run-chart", method = "get", operation_id = "get_run_chart")]
    async fn run_chart(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The KPI.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        kpi: Path<i32>,
        /// Which chart; by default a run chart.
        method: Query<Option<MonthMethod>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<ServiceRunChart>, Refusal<404>> {
        let found = app.run(move |app| kpis::months_of(app, &key.0, &code.0, kpi.0, cut.0.as_deref())).await?;
        let values: Vec<Option<f64>> = found.series.months.iter().map(|point| point.figure.percent).collect();
        Ok(Json(match method.0 {
            Some(MonthMethod::Xmr) => ServiceRunChart::xmr(&found, read_xmr(&values).ok().as_ref(), XMR_RULE),
            _ => ServiceRunChart::runs(&found, read_runs(&values).ok().as_ref(), RUN_RULE),
        }))
    }

    /// Get how services are spread, by year
    ///
    /// For each year the quartiles and extremes of the services' percentages, with how many services there are.
    #[oai(path = "/kpis/:kpi/distribution", method = "get", operation_id = "get_distribution")]
    async fn distribution(
        &self,
        key: Key,
        app: Data<&App>,
        /// The KPI.
        #[oai(validator(minimum(value = "1"), maximum(value = "11")))]
        kpi: Path<i32>,
        /// Services in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
    ) -> Result<Json<KpiDistribution>, Refusal<404>> {
        let items = app
            .run(move |app| {
                let years = kpis::years(app, &key.0, kpi.0)?;
                let one = |year: &i32| {
                    let report = kpis::benchmark(app, &key.0, &of(kpi.0, *year, area.0.clone(), None))?;
                    let summary = report.selection.as_ref().unwrap_or(&report.benchmark.national);
                    Ok(YearSpread::new(*year, summary))
                };
                years.iter().rev().map(one).collect::<Result<Vec<_>, _>>()
            })
            .await?;
        Ok(Json(KpiDistribution { kpi: kpi.0, items }))
    }

    /// Get a KPI by groups of patients
    ///
    /// Groups in which people could be recognised are left out, and a second one where the total would give one away.
    #[oai(path = "/kpis/:kpi/strata", method = "get", operation_id = "get_strata")]
    async fn strata(
        &self,
        key: Key,
        app: Data<&App>,
        /// The KPI.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        kpi: Path<i32>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// One service; by default all that count.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Query<Option<String>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<PatientGroups>, Refusal<404>> {
        let found = app
            .run(move |app| {
                let of = YearOf { year: year.0, cut: cut.0 };
                kpis::strata(app, &key.0, kpi.0, of, service.0.as_deref())
            })
            .await?;
        Ok(Json(PatientGroups {
            kpi: found.kpi.kpi,
            year: year.0,
            service: found.service.map(|service| service.code),
            percent: found.all.percent,
            items: found.strata.iter().map(PatientGroup::from).collect(),
        }))
    }

    /// Count services by grade
    ///
    /// How many services are green, amber and red on each KPI, by the thresholds of the year's methodology.
    #[oai(path = "/kpis/grades", method = "get", operation_id = "get_grades")]
    async fn grades(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Services in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<GradeTable>, Refusal<404>> {
        let reports = app.run(move |app| kpis::overview(app, &key.0, &of(2, year.0, area.0, cut.0))).await?;
        Ok(Json(GradeTable { year: year.0, items: reports.iter().filter_map(KpiGrades::new).collect() }))
    }

    /// List services across KPIs
    ///
    /// Each service with its percentage and grade on every KPI, sorted by service.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    #[oai(path = "/kpis/heat-map", method = "get", operation_id = "get_heat_map")]
    async fn heat_map(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Services in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<HeatMap>, Refusal<404>> {
        let reports = app.run(move |app| kpis::overview(app, &key.0, &of(2, year.0, area.0, cut.0))).await?;
        let numbers: Vec<i32> = COUNTED.collect();
        let services: Vec<_> = kpis::by_service(&reports, &numbers).into_iter().collect();
        let (rows, next) = page(services.iter(), after.0.as_deref(), limit.0, |(code, _)| code.clone());
        let across = |(code, rows): &(String, Vec<Option<crate::domain::kpi::benchmark::Row>>)| ServiceAcross {
            service: code.clone(),
            kpis: numbers.iter().zip(rows).map(|(kpi, row)| KpiCell::new(*kpi, row.as_ref())).collect(),
        };
        Ok(Json(HeatMap { year: year.0, items: rows.into_iter().map(across).collect(), next }))
    }

    /// Count services that reach the 80/50/80 targets
    ///
    /// How many services identified, commenced and monitored as many patients as the targets ask for.
    #[oai(path = "/kpis/scoreboard", method = "get", operation_id = "get_scoreboard")]
    async fn scoreboard(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Services in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<Scoreboard>, Refusal<404>> {
        let reports = app.run(move |app| kpis::overview(app, &key.0, &of(2, year.0, area.0, cut.0))).await?;
        let report = |kpi: i32| reports.iter().find(|report| report.benchmark.kpi.kpi == kpi);
        let items = TARGETS.into_iter().filter_map(|target| Some(TargetCount::new(target, report(target.kpi)?)));
        Ok(Json(Scoreboard { year: year.0, items: items.collect() }))
    }

    /// Get the map of identification
    ///
    /// Each service with where it is and the share of expected fractures that it identified.
    #[oai(path = "/kpis/map", method = "get", operation_id = "get_kpi_map")]
    async fn map(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<KpiMap>, Refusal<404>> {
        let found = app.run(move |app| kpis::map(app, &key.0, &of(2, year.0, None, cut.0))).await?;
        Ok(Json(KpiMap {
            year: year.0,
            geography_as_at: found.geography_as_at,
            places: places(&found),
            areas: found.areas.iter().map(MapArea::from).collect(),
        }))
    }
}
