//! `/kpis`, `/services/{code}/kpis`, cascades: KPIs as they are read.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::case_shapes::{Cascade, Caseload};
use super::key::Key;
use super::kpi_shapes::{
    BenchmarkList, ExcludedService, KpiDefinition, KpiFigure, KpiMethod, KpiSummary, Quoted, ServiceSetting,
    ServiceSize, benchmark_row,
};
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::kpis::{self, BenchmarkQuery, CascadeOf, YearOf};
use crate::app::{App, AppError};
use crate::domain::access::Principal;

/// One KPI of a service beside the nation.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceKpi {
    /// As the year's methodology defines it.
    pub kpi: KpiDefinition,
    /// The service's figure. That of KPI 1 is its complete KPIs out of those asked.
    pub figure: KpiFigure,
    /// Where it stands among the services that count: 0 to 100, 50 in the middle, more is better.
    pub percentile: Option<f64>,
    /// Its percentage in the round before.
    pub previous_percent: Option<f64>,
    /// All services that count.
    pub national: KpiSummary,
}

/// A service's KPIs of a year.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceKpis {
    /// Unit code.
    pub service: String,
    /// Name.
    pub name: String,
    /// What it was worked out from.
    pub quoted: Quoted,
    /// The round that it is laid beside.
    pub previous_year: Option<i32>,
    /// Its records.
    pub records: Option<i64>,
    /// Its expected cases.
    pub caseload: Option<Caseload>,
    /// Why it does not count in the national figures; absent where it counts.
    pub excluded: Option<ExcludedService>,
    /// Enough of its KPIs are complete (KPI 1).
    pub is_complete: bool,
    /// The KPIs that are complete.
    pub complete_kpis: Vec<i32>,
    /// KPI 1 to 11.
    pub kpis: Vec<ServiceKpi>,
}

impl From<kpis::ServiceKpis> for ServiceKpis {
    fn from(found: kpis::ServiceKpis) -> Self {
        let kpi = |kpi: kpis::ServiceKpi| ServiceKpi {
            kpi: (&kpi.kpi).into(),
            figure: (&kpi.figure).into(),
            percentile: kpi.percentile,
            previous_percent: kpi.previous_percent,
            national: (&kpi.national).into(),
        };
        Self {
            caseload: found.caseload.as_ref().map(|caseload| Caseload::new(&found.service.code, caseload)),
            service: found.service.code,
            name: found.service.name,
            quoted: found.quoted.into(),
            previous_year: found.previous_year,
            records: found.records,
            excluded: found.excluded.as_ref().map(Into::into),
            is_complete: found.completeness.is_complete,
            complete_kpis: found.completeness.complete,
            kpis: found.kpis.into_iter().map(kpi).collect(),
        }
    }
}

/// The operations on KPIs.
#[derive(Debug)]
pub struct Kpis;

#[OpenApi(tag = "Tag::Kpis")]
impl Kpis {
    /// List the KPIs
    ///
    /// By the method of a year: a year without a round is judged by that of the round before.
    #[oai(path = "/kpis", method = "get", operation_id = "list_kpis")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
    ) -> Result<Json<KpiMethod>, Refusal> {
        let method = app.run(move |app| kpis::definitions(app, &key.0, year.0)).await?;
        Ok(Json((&method).into()))
    }

    /// Benchmark a KPI
    ///
    /// One KPI of one year over all services that count. National figures and percentiles are over all of them; `area`,
    /// `setting` and `size` choose the services of `items`. Of years after the newest published round a key sees the
    /// services of its own scope beside the nation; `hidden` counts the others.
    #[oai(path = "/kpis/:kpi/benchmark", method = "get", operation_id = "get_benchmark")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn benchmark(
        &self,
        key: Key,
        app: Data<&App>,
        /// The KPI.
        #[oai(validator(minimum(value = "1"), maximum(value = "11")))]
        kpi: Path<i32>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Services in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Services of this setting.
        setting: Query<Option<ServiceSetting>>,
        /// Services of this size.
        size: Query<Option<ServiceSize>>,
        /// Only services that count in the round before as well.
        #[oai(default)]
        matched: Query<bool>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<BenchmarkList>, Refusal<404>> {
        let query = BenchmarkQuery {
            kpi: kpi.0,
            year: year.0,
            matched: matched.0,
            area: area.0,
            setting: setting.0.map(|setting| setting.code().to_owned()),
            size: size.0.map(Into::into),
            cut: cut.0,
        };
        let (report, years) = app
            .run(move |app| {
                let report = kpis::benchmark(app, &key.0, &query)?;
                let nothing = report.benchmark.rows.is_empty();
                let years = nothing.then(|| kpis::years(app, &key.0, query.kpi)).transpose()?;
                Ok((report, years))
            })
            .await?;
        let rows = report.benchmark.rows.iter();
        let (rows, next) = page(rows, after.0.as_deref(), limit.0, |row| row.service.clone());
        let items = rows.into_iter().map(|row| benchmark_row(&report, row)).collect();
        let mut list = BenchmarkList::new(report, items, next);
        list.available = years;
        Ok(Json(list))
    }

    /// Get a service's KPIs
    ///
    /// Each beside the nation and the round before, with the caseload behind KPI 2 and 3.
    #[oai(path = "/services/:code/kpis", method = "get", operation_id = "get_service_kpis")]
    async fn of_service(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<ServiceKpis>, Refusal<404>> {
        let of = YearOf { year: year.0, cut: cut.0 };
        Ok(Json(app.run(move |app| kpis::service_kpis(app, &key.0, &code.0, of)).await?.into()))
    }

    /// Get the cascade of all services
    ///
    /// In people, over the services that count.
    #[oai(path = "/kpis/cascade", method = "get", operation_id = "get_national_cascade")]
    async fn national_cascade(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<Cascade>, Refusal<404>> {
        cascade(&app, key.0, CascadeOf::Nation, YearOf { year: year.0, cut: cut.0 }).await
    }

    /// Get the cascade of an area
    ///
    /// In people, over the services that count and lie in the area, beside the hospitals there that no service covers.
    #[oai(path = "/areas/:code/cascade", method = "get", operation_id = "get_area_cascade")]
    async fn area_cascade(
        &self,
        key: Key,
        app: Data<&App>,
        /// The area's code.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        code: Path<String>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<Cascade>, Refusal<404>> {
        cascade(&app, key.0, CascadeOf::Area(code.0), YearOf { year: year.0, cut: cut.0 }).await
    }

    /// Get the cascade of a service
    ///
    /// In people, whether the service counts in the national figures or not.
    #[oai(path = "/services/:code/cascade", method = "get", operation_id = "get_service_cascade")]
    async fn service_cascade(
        &self,
        key: Key,
        app: Data<&App>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        code: Path<String>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<Cascade>, Refusal<404>> {
        cascade(&app, key.0, CascadeOf::Service(code.0), YearOf { year: year.0, cut: cut.0 }).await
    }
}

async fn cascade(app: &App, who: Principal, of: CascadeOf, year: YearOf) -> Result<Json<Cascade>, Refusal<404>> {
    let found: Result<_, AppError> = app.run(move |app| kpis::cascade(app, &who, of, year)).await;
    Ok(Json(found?.into()))
}
