//! The shapes of the views of one KPI: the same figures as their pages.

use poem_openapi::{Enum, Object};

use crate::app::kpis::{BenchmarkReport, Months, StratumFigure};
use crate::domain::kpi::benchmark::{Row, Summary};
use crate::domain::kpi::control::Read;
use crate::domain::kpi::significance::{self, Yardstick};
use crate::domain::statistics::funnel::{FunnelRules, Overdispersion, Scale};
use crate::domain::statistics::run_chart::RunChart;
use crate::domain::statistics::xmr::Xmr;

/// The scale of a funnel's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum FunnelScale {
    /// The arcsine of the square root.
    Arcsine,
    /// The proportion itself.
    Score,
}

impl From<FunnelScale> for Scale {
    fn from(scale: FunnelScale) -> Self {
        match scale {
            FunnelScale::Arcsine => Self::Arcsine,
            FunnelScale::Score => Self::Score,
        }
    }
}

/// How spread between services widens the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum FunnelSpread {
    /// τ² is added to each variance.
    Additive,
    /// Each standard error is multiplied by √φ.
    Multiplicative,
    /// Not at all.
    None,
}

impl From<FunnelSpread> for Overdispersion {
    fn from(spread: FunnelSpread) -> Self {
        match spread {
            FunnelSpread::Additive => Self::Additive,
            FunnelSpread::Multiplicative => Self::Multiplicative,
            FunnelSpread::None => Self::None,
        }
    }
}

/// A chart of months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum MonthMethod {
    /// A run chart by the Anhøj rules.
    Anhoej,
    /// An XmR chart.
    Xmr,
}

/// One service in a funnel. What is absent is not known; it is never 0.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FunnelService {
    /// Unit code.
    pub service: String,
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line.
    pub denominator: Option<f64>,
    /// 100 × numerator ÷ denominator, unrounded.
    pub percent: Option<f64>,
    /// The 95% limits at its denominator, in per cent; for KPI 2 and 3 the range of the middle 95% of services.
    pub lower95: Option<f64>,
    /// The upper 95% limit.
    pub upper95: Option<f64>,
    /// The lower 99.8% limit; KPI 2 and 3 have none.
    pub lower998: Option<f64>,
    /// The upper 99.8% limit.
    pub upper998: Option<f64>,
    /// `higher_998`, `higher_95`, `similar`, `lower_95` or `lower_998`, by the rule; absent where nothing can be said.
    pub compared: Option<String>,
}

impl FunnelService {
    fn new(report: &BenchmarkReport, row: &Row, rules: FunnelRules) -> Self {
        let n = row.figure.denominator.filter(|n| *n > 0.0);
        let mut service = Self {
            service: row.service.clone(),
            numerator: row.figure.numerator,
            denominator: row.figure.denominator,
            percent: row.figure.percent,
            lower95: None,
            upper95: None,
            lower998: None,
            upper998: None,
            compared: report.signals.get(&row.service).map(|signal| signal.as_str().to_owned()),
        };
        match (&report.yardstick, n) {
            (Yardstick::Funnel(funnel), Some(n)) => {
                let limits = funnel.limits_at(n, rules);
                service.lower95 = Some(100.0 * limits.lower95);
                service.upper95 = Some(100.0 * limits.upper95);
                service.lower998 = Some(100.0 * limits.lower998);
                service.upper998 = Some(100.0 * limits.upper998);
            }
            (Yardstick::MiddleOfServices(low, high), Some(_)) => {
                service.lower95 = Some(*low);
                service.upper95 = Some(*high);
            }
            _ => {}
        }
        service
    }
}

/// Services within limits.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FunnelPlot {
    /// The KPI.
    pub kpi: i32,
    /// The audit year.
    pub year: i32,
    /// The rule by which services are compared.
    pub rule: String,
    /// How the limits were drawn.
    pub method: String,
    /// The pooled percentage that services are compared with.
    pub target: Option<f64>,
    /// The mean square of the winsorised z scores; absent for KPI 2 and 3.
    pub phi: Option<f64>,
    /// The variance between services on the scale; absent for KPI 2 and 3.
    pub tau2: Option<f64>,
    /// Why no service is compared, where none is.
    pub not_compared: Option<String>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// Services that this key may not see before the report is out.
    pub hidden: usize,
    /// The services, sorted by code.
    pub items: Vec<FunnelService>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

impl FunnelPlot {
    /// A page of a funnel.
    pub fn new(report: &BenchmarkReport, rules: FunnelRules, rows: &[&Row], next: Option<String>) -> Self {
        let benchmark = &report.benchmark;
        let funnel = match &report.yardstick {
            Yardstick::Funnel(funnel) => Some(funnel),
            _ => None,
        };
        let (method, not_compared) = match &report.yardstick {
            Yardstick::Funnel(_) => (significance::method_words(rules), None),
            Yardstick::MiddleOfServices(..) => {
                ("Byar 95% intervals against the middle 95% of services".to_owned(), None)
            }
            Yardstick::None(why) => ("none".to_owned(), Some((*why).to_owned())),
        };
        Self {
            kpi: benchmark.kpi.kpi,
            year: benchmark.year,
            rule: significance::sentence(benchmark.kpi.kpi).to_owned(),
            method,
            target: funnel.map(|f| 100.0 * f.target).or(benchmark.national.figure.percent),
            phi: funnel.map(|funnel| funnel.phi),
            tau2: funnel.map(|funnel| funnel.tau2),
            not_compared,
            synthetic: report.quoted.synthetic,
            hidden: report.hidden,
            items: rows.iter().map(|row| FunnelService::new(report, row, rules)).collect(),
            next,
        }
    }
}

/// A month of a service. What is absent is no data; it is never 0.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MonthValue {
    /// `YYYY-MM`.
    pub month: String,
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line; for KPI 2 and 3 a twelfth of the year's expected cases.
    pub denominator: Option<f64>,
    /// 100 × numerator ÷ denominator, unrounded.
    pub percent: Option<f64>,
    /// It is part of a signal.
    pub in_signal: bool,
}

/// A KPI of a service month by month.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceRunChart {
    /// Unit code.
    pub service: String,
    /// The KPI.
    pub kpi: i32,
    /// The rule in words.
    pub rule: String,
    /// Whether there is a signal; absent under ten useful points, where none is claimed and none excluded.
    pub signal: Option<bool>,
    /// Months with data.
    pub n: Option<usize>,
    /// The median of the months, in per cent (run chart).
    pub median: Option<f64>,
    /// Months that are not on the median (run chart).
    pub useful: Option<usize>,
    /// Months in the longest run beside the median (run chart).
    pub longest_run: Option<usize>,
    /// The longest run that chance explains (run chart).
    pub longest_run_by_chance: Option<usize>,
    /// How often the median is crossed (run chart).
    pub crossings: Option<usize>,
    /// The fewest crossings that chance explains (run chart).
    pub crossings_by_chance: Option<usize>,
    /// The mean of the months (XmR chart).
    pub mean: Option<f64>,
    /// The lower limit (XmR chart); it may lie under 0.
    pub lower_limit: Option<f64>,
    /// The upper limit (XmR chart).
    pub upper_limit: Option<f64>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// Every month from the first to the last with data; one without keeps its place.
    pub months: Vec<MonthValue>,
}

impl ServiceRunChart {
    fn plain(found: &Months, marked: &[bool], rule: &str) -> Self {
        let month = |(place, point): (usize, &crate::domain::kpi::series::MonthPoint)| MonthValue {
            month: point.month.to_string(),
            numerator: point.figure.numerator,
            denominator: point.figure.denominator,
            percent: point.figure.percent,
            in_signal: marked.get(place) == Some(&true),
        };
        Self {
            service: found.service.code.clone(),
            kpi: found.kpi.kpi,
            rule: rule.to_owned(),
            signal: None,
            n: None,
            median: None,
            useful: None,
            longest_run: None,
            longest_run_by_chance: None,
            crossings: None,
            crossings_by_chance: None,
            mean: None,
            lower_limit: None,
            upper_limit: None,
            synthetic: found.quoted.synthetic,
            months: found.series.months.iter().enumerate().map(month).collect(),
        }
    }

    /// A run chart.
    pub fn runs(found: &Months, read: Option<&Read<RunChart>>, rule: &str) -> Self {
        let Some(Read { chart, signal, marked }) = read else { return Self::plain(found, &[], rule) };
        Self {
            signal: *signal,
            n: Some(chart.n),
            median: Some(chart.median),
            useful: Some(chart.useful),
            longest_run: Some(chart.longest_run),
            longest_run_by_chance: chart.anhoej_longest_max,
            crossings: Some(chart.crossings),
            crossings_by_chance: chart.anhoej_crossings_min,
            ..Self::plain(found, marked, rule)
        }
    }

    /// An XmR chart.
    pub fn xmr(found: &Months, read: Option<&Read<Xmr>>, rule: &str) -> Self {
        let Some(Read { chart, signal, marked }) = read else { return Self::plain(found, &[], rule) };
        Self {
            signal: *signal,
            n: Some(chart.n),
            mean: Some(chart.mean),
            lower_limit: Some(chart.lpl),
            upper_limit: Some(chart.upl),
            ..Self::plain(found, marked, rule)
        }
    }
}

/// How services are spread in a year.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct YearSpread {
    /// The audit year.
    pub year: i32,
    /// Services with a percentage.
    pub n: usize,
    /// All patients together, in per cent.
    pub percent: Option<f64>,
    /// The mean of the services.
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
}

impl YearSpread {
    /// Of a year's summary.
    pub fn new(year: i32, summary: &Summary) -> Self {
        Self {
            year,
            n: summary.n,
            percent: summary.figure.percent,
            mean_of_services: summary.mean_of_services,
            minimum: summary.minimum,
            lower_quartile: summary.lower_quartile,
            median: summary.median,
            upper_quartile: summary.upper_quartile,
            maximum: summary.maximum,
        }
    }
}

/// How services are spread, by year.
#[derive(Debug, Object)]
pub struct KpiDistribution {
    /// The KPI.
    pub kpi: i32,
    /// The years, the newest first.
    pub items: Vec<YearSpread>,
}

/// A group of patients. What is absent is not known, or hidden.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PatientGroup {
    /// `key=value`, several joined by `;`.
    pub stratum: String,
    /// Cases above the line.
    pub numerator: Option<i64>,
    /// Cases under the line.
    pub denominator: Option<f64>,
    /// 100 × numerator ÷ denominator, unrounded.
    pub percent: Option<f64>,
    /// Lower end of the 95% interval, in per cent.
    pub interval_low: Option<f64>,
    /// Upper end of the 95% interval.
    pub interval_high: Option<f64>,
    /// The figure is a share of all patients, for want of a denominator of its own.
    pub is_share: bool,
    /// The figure is left out since people could be recognised in it.
    pub hidden: bool,
    /// Services that have the group.
    pub services: usize,
}

impl From<&StratumFigure> for PatientGroup {
    fn from(found: &StratumFigure) -> Self {
        let figure = &found.figure;
        Self {
            stratum: found.stratum.clone(),
            numerator: figure.numerator,
            denominator: figure.denominator,
            percent: figure.percent,
            interval_low: figure.interval.map(|(low, _)| low),
            interval_high: figure.interval.map(|(_, high)| high),
            is_share: found.is_share,
            hidden: found.hidden,
            services: found.services,
        }
    }
}

/// A KPI by groups of patients.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PatientGroups {
    /// The KPI.
    pub kpi: i32,
    /// The audit year.
    pub year: i32,
    /// The one service that it is of; absent for all that count.
    pub service: Option<String>,
    /// All patients, in per cent.
    pub percent: Option<f64>,
    /// The groups.
    pub items: Vec<PatientGroup>,
}
