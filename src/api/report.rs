//! `/rounds/{year}/report`: the national findings of a round beside an earlier one.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON as _;
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::kpi_shapes::QuotedCut;
use super::problem::Refusal;
use crate::app::App;
use crate::app::kpis::{self, FindingsQuery, FindingsReport};
use crate::domain::findings::YearFindings;
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::year;

/// Why services with counts are not in the clinical figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum LeftOutBecause {
    /// They have counts, but no records.
    NoRecords,
    /// They have no more records than the rule asks for.
    TooFewRecords,
    /// They lie in a nation that the figures leave out.
    OutsideNations,
}

/// Services that were left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct LeftOut {
    /// The reason.
    pub because: LeftOutBecause,
    /// How many.
    pub services: u32,
}

/// Who took part in a round.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Participation {
    /// Audit year.
    pub year: i32,
    /// The round under its names.
    pub round: String,
    /// The year of the methodology.
    pub methodology: i32,
    /// Services in the clinical figures.
    pub clinical_services: u32,
    /// Services in the facilities figures.
    pub facilities_services: u32,
    /// Services in both.
    pub linked_services: u32,
    /// Services with counts that are not in the clinical figures.
    pub left_out: Vec<LeftOut>,
}

/// A KPI over several services. A figure that has no data is absent.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NationalKpi {
    /// 1 to 11.
    pub kpi: i32,
    /// Name.
    pub name: String,
    /// Audit year.
    pub year: i32,
    /// Only over the services that count in both years.
    pub matched: bool,
    /// Cases above the line, pooled.
    pub numerator: Option<i64>,
    /// Cases under the line, pooled; of KPI 2 and 3 an expected number.
    pub denominator: Option<f64>,
    /// Pooled, in per cent, unrounded; of KPI 2 and 3 it may pass 100.
    pub percent: Option<f64>,
    /// The mean of the services' percentages.
    pub mean_of_services: Option<f64>,
    /// The smallest of a service.
    pub minimum: Option<f64>,
    /// The lower quartile.
    pub lower_quartile: Option<f64>,
    /// The median.
    pub median: Option<f64>,
    /// The upper quartile.
    pub upper_quartile: Option<f64>,
    /// The largest of a service.
    pub maximum: Option<f64>,
    /// Services with a percentage.
    pub n: u32,
    /// Services that count.
    pub services: u32,
}

/// One figure under the key by which a report published it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ReportFact {
    /// The published key.
    pub key: String,
    /// `2021`, or `2019-2021` of a change.
    pub year: String,
    /// The figure in the published unit, unrounded.
    pub value: f64,
    /// The published unit.
    pub unit: String,
    /// What is above the line.
    pub numerator: Option<f64>,
    /// What is under the line.
    pub denominator: Option<f64>,
    /// The services that it rests on.
    pub n: Option<u32>,
}

/// The national findings of a round.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NationalReport {
    /// Audit year.
    pub year: i32,
    /// The earlier audit year that it is laid beside.
    pub with: Option<i32>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The cut that it was asked of; absent where it is of the data as they stand now.
    pub cut: Option<QuotedCut>,
    /// Who took part, the earlier year first.
    pub participation: Vec<Participation>,
    /// The KPIs: over all services that count, then over the matched ones, the earlier year first.
    pub kpis: Vec<NationalKpi>,
    /// Every figure that follows from the data under its published key, the earlier year's first.
    pub facts: Vec<ReportFact>,
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl From<&YearFindings> for Participation {
    fn from(findings: &YearFindings) -> Self {
        let reasons = [
            (LeftOutBecause::NoRecords, year::Exclusion::NoRecords),
            (LeftOutBecause::TooFewRecords, year::Exclusion::TooFewRecords),
            (LeftOutBecause::OutsideNations, year::Exclusion::OutsideNations),
        ];
        let left_out = reasons.into_iter().map(|(because, why)| {
            let services = findings.excluded.iter().filter(|excluded| excluded.why == why).count();
            LeftOut { because, services: number(services) }
        });
        Self {
            year: findings.year,
            round: findings.names.clone(),
            methodology: findings.methodology,
            clinical_services: number(findings.clinical.len()),
            facilities_services: number(findings.facilities.len()),
            linked_services: number(findings.linked()),
            left_out: left_out.filter(|left_out| left_out.services > 0).collect(),
        }
    }
}

fn national_kpi(kpi: i32, name: &str, year: i32, matched: bool, summary: &Summary) -> NationalKpi {
    NationalKpi {
        kpi,
        name: name.to_owned(),
        year,
        matched,
        numerator: summary.figure.numerator,
        denominator: summary.figure.denominator,
        percent: summary.figure.percent,
        mean_of_services: summary.mean_of_services,
        minimum: summary.minimum,
        lower_quartile: summary.lower_quartile,
        median: summary.median,
        upper_quartile: summary.upper_quartile,
        maximum: summary.maximum,
        n: number(summary.n),
        services: number(summary.services),
    }
}

impl From<&FindingsReport> for NationalReport {
    fn from(report: &FindingsReport) -> Self {
        let findings = &report.findings;
        let years = || findings.before.iter().chain([&findings.now]);
        let kpis = years().flat_map(|year| {
            year.kpis.iter().flat_map(move |line| {
                let all = national_kpi(line.kpi, &line.name, year.year, false, &line.all);
                let matched = line.matched.as_ref();
                let matched = matched.map(|summary| national_kpi(line.kpi, &line.name, year.year, true, summary));
                [Some(all), matched].into_iter().flatten()
            })
        });
        let facts = findings.facts().into_iter().map(|fact| ReportFact {
            key: fact.key,
            year: fact.year,
            value: fact.value.value,
            unit: fact.unit.to_owned(),
            numerator: fact.value.numerator,
            denominator: fact.value.denominator,
            n: fact.value.n.map(number),
        });
        Self {
            year: findings.now.year,
            with: findings.before.as_ref().map(|before| before.year),
            synthetic: findings.synthetic,
            cut: report.quoted.cut.clone().map(Into::into),
            participation: years().map(Participation::from).collect(),
            kpis: kpis.collect(),
            facts: facts.collect(),
        }
    }
}

/// The findings as the API gives them, for a file.
pub fn report_json(report: &FindingsReport) -> String {
    let mut text = NationalReport::from(report).to_json_string();
    text.push('\n');
    text
}

/// The operations on reports.
#[derive(Debug)]
pub struct Reports;

#[OpenApi(tag = "Tag::Rounds")]
impl Reports {
    /// Get the national findings of a round
    ///
    /// Beside those of an earlier round: who took part, the KPIs, and every figure under the key by which a report
    /// published it. They name no service.
    #[oai(path = "/rounds/:year/report", method = "get", operation_id = "get_national_report")]
    async fn report(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The earlier audit year to lay beside it; by default that of the round before.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        with: Query<Option<i32>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
    ) -> Result<Json<NationalReport>, Refusal<404, 409>> {
        let query = FindingsQuery { year: year.0, with: with.0, cut: cut.0 };
        let report = app.run(move |app| kpis::national_findings(app, &key.0, &query)).await?;
        Ok(Json(NationalReport::from(&report)))
    }
}
