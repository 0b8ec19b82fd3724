//! The shapes of KPI figures.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};

use crate::app::kpis::{self as app, BenchmarkReport};
use crate::domain::cut::CutQuote;
use crate::domain::kpi::{benchmark, figure, year};
use crate::domain::reference::{self, Grade};

/// Red, amber or green.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KpiBand {
    /// `green`, `amber`, `red`.
    pub grade: String,
    /// From this percentage, itself included.
    pub at_least: Option<f64>,
    /// From this percentage, itself excluded.
    pub above: Option<f64>,
}

/// A key performance indicator as a year's methodology defines it.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KpiDefinition {
    /// 1 to 11.
    pub kpi: i32,
    /// Stable name.
    pub key: String,
    /// Printed name.
    pub name: String,
    /// What is counted above the line.
    pub numerator: String,
    /// What is counted under the line.
    pub denominator: String,
    /// By when.
    pub timing: String,
    /// The clinical standards behind it.
    pub references: Vec<String>,
    /// What is our reading rather than a published rule.
    pub assumed: Vec<String>,
    /// Applied to the unrounded percentage, the highest first; empty where the year's method gives no edges.
    pub bands: Vec<KpiBand>,
    /// Where there are no bands: the report counts services at or above this percentage.
    pub counted_at_least: Option<f64>,
}

impl From<&reference::Kpi> for KpiDefinition {
    fn from(kpi: &reference::Kpi) -> Self {
        let band = |band: &reference::Band| KpiBand {
            grade: band.grade.as_str().into(),
            at_least: band.at_least,
            above: band.above,
        };
        Self {
            kpi: kpi.kpi,
            key: kpi.key.clone(),
            name: kpi.name.clone(),
            numerator: kpi.numerator.clone(),
            denominator: kpi.denominator.clone(),
            timing: kpi.timing.clone(),
            references: kpi.references.clone(),
            assumed: kpi.assumed.clone(),
            bands: kpi.bands.iter().map(band).collect(),
            counted_at_least: kpi.counted_at_least,
        }
    }
}

/// The method by which a year is judged.
#[derive(Debug, Clone, Object)]
pub struct KpiMethod {
    /// The year of the methodology.
    pub methodology: i32,
    /// Expected cases per hip fracture.
    pub caseload_multiplier: i64,
    /// The share of the expected caseload that is expected to be spine fractures.
    pub spine_share: f64,
    /// Where the share comes from.
    pub spine_share_note: String,
    /// Services need more records than this to count.
    pub records_above: i64,
    /// Services must lie in one of these nations to count.
    pub nations: Vec<String>,
    /// The KPIs in order.
    pub items: Vec<KpiDefinition>,
}

impl From<&reference::Methodology> for KpiMethod {
    fn from(method: &reference::Methodology) -> Self {
        Self {
            methodology: method.year,
            caseload_multiplier: method.caseload_multiplier,
            spine_share: method.spine_share,
            spine_share_note: method.spine_share_note.clone(),
            records_above: method.inclusion.records_above,
            nations: method.inclusion.nations.clone(),
            items: method.kpis.iter().map(KpiDefinition::from).collect(),
        }
    }
}

/// The data cut that a result was asked of.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct QuotedCut {
    /// Its id.
    pub id: String,
    /// The SHA-256 of its manifest, in hexadecimal.
    pub hash: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

impl From<CutQuote> for QuotedCut {
    fn from(quote: CutQuote) -> Self {
        Self { id: quote.id, hash: quote.hash, made_at: quote.made_at }
    }
}

/// What a result was worked out from.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Quoted {
    /// The audit year.
    pub year: i32,
    /// The round under its names; absent for a year without a round.
    pub round: Option<String>,
    /// The year of the methodology.
    pub methodology: i32,
    /// The data are invented.
    pub synthetic: bool,
    /// The cut that it was asked of; absent where it is of the data as they stand now.
    pub cut: Option<QuotedCut>,
}

impl From<app::Quoted> for Quoted {
    fn from(quoted: app::Quoted) -> Self {
        Self {
            year: quoted.year,
            round: quoted.round,
            methodology: quoted.methodology,
            synthetic: quoted.synthetic,
            cut: quoted.cut.map(Into::into),
        }
    }
}

/// A KPI of one service, or pooled over several. What is absent is not known; it is never 0.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KpiFigure {
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line; for KPI 2 and 3 an expected number, which need not be whole.
    pub denominator: Option<f64>,
    /// 100 × numerator ÷ denominator, unrounded; for KPI 2 and 3 it may pass 100.
    pub percent: Option<f64>,
    /// Lower end of the 95% interval, in per cent: Wilson's, and Byar's for KPI 2 and 3.
    pub interval_low: Option<f64>,
    /// Upper end of the 95% interval.
    pub interval_high: Option<f64>,
    /// `green`, `amber` or `red`; absent where the year's methodology gives no edges.
    pub rag: Option<String>,
}

/// The grade of a figure as a word.
pub(super) fn rag(figure: &figure::Figure) -> Option<String> {
    figure.grade.map(|grade| grade.as_str().to_owned())
}

impl From<&figure::Figure> for KpiFigure {
    fn from(figure: &figure::Figure) -> Self {
        Self {
            numerator: figure.numerator,
            denominator: figure.denominator,
            percent: figure.percent,
            interval_low: figure.interval.map(|(low, _)| low),
            interval_high: figure.interval.map(|(_, high)| high),
            rag: rag(figure),
        }
    }
}

/// How many services have a grade.
#[derive(Debug, Clone, Object)]
pub struct GradeCount {
    /// `green`, `amber`, `red`.
    pub grade: String,
    /// Services.
    pub services: usize,
}

/// Several services together.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KpiSummary {
    /// Numerators and denominators added up over the services that have both; of KPI 1, complete services out of all.
    pub pooled: KpiFigure,
    /// The mean of the services' percentages.
    pub mean_of_services: Option<f64>,
    /// The smallest percentage.
    pub minimum: Option<f64>,
    /// The lower quartile (type 7).
    pub lower_quartile: Option<f64>,
    /// The median.
    pub median: Option<f64>,
    /// The upper quartile.
    pub upper_quartile: Option<f64>,
    /// The largest percentage.
    pub maximum: Option<f64>,
    /// Services with a percentage.
    pub n: usize,
    /// Services that count, with or without data.
    pub services: usize,
    /// Services by grade; empty where the KPI has none.
    pub grades: Vec<GradeCount>,
}

impl From<&benchmark::Summary> for KpiSummary {
    fn from(summary: &benchmark::Summary) -> Self {
        let grade =
            |(grade, services): &(Grade, usize)| GradeCount { grade: grade.as_str().into(), services: *services };
        Self {
            pooled: (&summary.figure).into(),
            mean_of_services: summary.mean_of_services,
            minimum: summary.minimum,
            lower_quartile: summary.lower_quartile,
            median: summary.median,
            upper_quartile: summary.upper_quartile,
            maximum: summary.maximum,
            n: summary.n,
            services: summary.services,
            grades: summary.grades.iter().map(grade).collect(),
        }
    }
}

/// One service in a benchmark.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BenchmarkRow {
    /// Unit code.
    pub service: String,
    /// Name.
    pub name: String,
    /// Host area.
    pub area: String,
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line; for KPI 2 and 3 an expected number, which need not be whole.
    pub denominator: Option<f64>,
    /// 100 × numerator ÷ denominator, unrounded; for KPI 2 and 3 it may pass 100.
    pub percent: Option<f64>,
    /// Lower end of the 95% interval, in per cent: Wilson's, and Byar's for KPI 2 and 3.
    pub interval_low: Option<f64>,
    /// Upper end of the 95% interval.
    pub interval_high: Option<f64>,
    /// `green`, `amber` or `red`; absent where the year's methodology gives no edges.
    pub rag: Option<String>,
    /// Where it stands among all services that count: 0 to 100, 50 in the middle, more is better.
    pub percentile: Option<f64>,
    /// Its percentage in the round before, where it counted then.
    pub previous_percent: Option<f64>,
    /// Its records in the year.
    pub records: Option<i64>,
}

/// A service that has counts and does not count in the national figures.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExcludedService {
    /// Unit code.
    pub service: String,
    /// Its records in the year.
    pub records: Option<i64>,
    /// `no_records`, `too_few_records` or `outside_nations`.
    pub reason: String,
}

impl From<&year::Excluded> for ExcludedService {
    fn from(excluded: &year::Excluded) -> Self {
        let reason = excluded.why.as_str().to_owned();
        Self { service: excluded.service.clone(), records: excluded.records, reason }
    }
}

/// How many records a service submitted in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ServiceSize {
    /// Up to 500.
    Small,
    /// 501 to 1,000.
    Medium,
    /// Over 1,000.
    Large,
}

impl From<ServiceSize> for app::Size {
    fn from(size: ServiceSize) -> Self {
        match size {
            ServiceSize::Small => Self::Small,
            ServiceSize::Medium => Self::Medium,
            ServiceSize::Large => Self::Large,
        }
    }
}

/// What a service answered as its setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ServiceSetting {
    /// In an acute trust.
    Acute,
    /// In the community.
    Community,
    /// Elsewhere.
    Other,
}

impl ServiceSetting {
    /// The code of the answer.
    pub fn code(self) -> &'static str {
        match self {
            Self::Acute => "acute",
            Self::Community => "community",
            Self::Other => "other",
        }
    }
}

/// One KPI of one year over all services that count. Everything but `items` and `selection` is over all of them, whatever
/// was asked for.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BenchmarkList {
    /// The KPI as the year's methodology defines it.
    pub kpi: KpiDefinition,
    /// What it was worked out from.
    pub quoted: Quoted,
    /// The round that it is laid beside.
    pub previous_year: Option<i32>,
    /// Only services that count in both rounds.
    pub matched: bool,
    /// Pooled over all services that count.
    pub national: KpiFigure,
    /// The pooled percentage in the round before.
    pub previous_percent: Option<f64>,
    /// The mean of the services' percentages.
    pub mean_of_services: Option<f64>,
    /// The smallest percentage.
    pub minimum: Option<f64>,
    /// The lower quartile (type 7).
    pub lower_quartile: Option<f64>,
    /// The median.
    pub median: Option<f64>,
    /// The upper quartile.
    pub upper_quartile: Option<f64>,
    /// The largest percentage.
    pub maximum: Option<f64>,
    /// Services with a percentage.
    pub n: usize,
    /// Services that count, with or without data.
    pub services: usize,
    /// Services by grade; empty where the KPI has none.
    pub grades: Vec<GradeCount>,
    /// The services of `items` together, where an area, setting or size was asked for.
    pub selection: Option<KpiSummary>,
    /// Services with counts that do not count.
    pub excluded: Vec<ExcludedService>,
    /// Services that fit and that this key may not see before the report is out.
    pub hidden: usize,
    /// The services, sorted by code.
    pub items: Vec<BenchmarkRow>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
    /// Where `items` is empty: the years that have counts of this KPI.
    pub available: Option<Vec<i32>>,
}

impl BenchmarkList {
    /// A page of a benchmark.
    pub fn new(report: BenchmarkReport, items: Vec<BenchmarkRow>, next: Option<String>) -> Self {
        let all = KpiSummary::from(&report.benchmark.national);
        let benchmark = report.benchmark;
        Self {
            kpi: (&benchmark.kpi).into(),
            quoted: report.quoted.into(),
            previous_year: benchmark.previous_year,
            matched: benchmark.matched,
            national: all.pooled,
            previous_percent: benchmark.previous.and_then(|before| before.figure.percent),
            mean_of_services: all.mean_of_services,
            minimum: all.minimum,
            lower_quartile: all.lower_quartile,
            median: all.median,
            upper_quartile: all.upper_quartile,
            maximum: all.maximum,
            n: all.n,
            services: all.services,
            grades: all.grades,
            selection: report.selection.as_ref().map(Into::into),
            excluded: benchmark.excluded.iter().map(Into::into).collect(),
            hidden: report.hidden,
            items,
            next,
            available: None,
        }
    }
}

/// A row of a report.
pub fn benchmark_row(report: &BenchmarkReport, row: &benchmark::Row) -> BenchmarkRow {
    let service = report.register.services.get(&row.service);
    let figure = KpiFigure::from(&row.figure);
    BenchmarkRow {
        service: row.service.clone(),
        name: service.map(|service| service.name.clone()).unwrap_or_default(),
        area: service.map(|service| service.area_code.clone()).unwrap_or_default(),
        numerator: figure.numerator,
        denominator: figure.denominator,
        percent: figure.percent,
        interval_low: figure.interval_low,
        interval_high: figure.interval_high,
        rag: figure.rag,
        percentile: row.percentile,
        previous_percent: row.previous_percent,
        records: row.records,
    }
}
