//! One KPI of one year over all services.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use super::super::{App, AppError, authorise};
use super::figures::{Figures, Quoted, YearOf};
use crate::domain::access::{Permission, Principal};
use crate::domain::kpi::benchmark::{Benchmark, Summary};
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::significance::{Signal, Yardstick, judge};
use crate::domain::kpi::year::{COUNTED, YearData};
use crate::domain::register::Register;
use crate::domain::statistics::funnel::FunnelRules;

/// How many records a service submitted in the year. "Over 1,000 cases" is a class of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Up to 500.
    Small,
    /// 501 to 1,000.
    Medium,
    /// Over 1,000.
    Large,
}

impl Size {
    /// All, the smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The class of a number of records.
    pub fn of(records: i64) -> Self {
        match records {
            ..=500 => Self::Small,
            501..=1_000 => Self::Medium,
            _ => Self::Large,
        }
    }

    /// The word used in addresses and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// The words used on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Small => "Up to 500 records",
            Self::Medium => "501 to 1,000 records",
            Self::Large => "Over 1,000 records",
        }
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|size| size.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not a size; the sizes are small, medium and large"))
    }
}

/// What a benchmark is asked for.
#[derive(Debug, Clone, Default)]
pub struct BenchmarkQuery {
    /// 1 to 11.
    pub kpi: i32,
    /// Audit year.
    pub year: i32,
    /// Only services that count in the round before as well.
    pub matched: bool,
    /// Rows of services in this area or below it alone.
    pub area: Option<String>,
    /// Rows of services of this setting alone: `acute`, `community`, `other`.
    pub setting: Option<String>,
    /// Rows of services of this size alone.
    pub size: Option<Size>,
    /// Of this data cut; `None`: of the data as they stand.
    pub cut: Option<String>,
}

impl BenchmarkQuery {
    fn of(&self) -> YearOf {
        YearOf { year: self.year, cut: self.cut.clone() }
    }
}

/// A benchmark as somebody may see it.
#[derive(Debug, Clone)]
pub struct BenchmarkReport {
    /// The benchmark; its rows are those that were asked for and that the reader may see. National figures and percentiles
    /// are over all services that count.
    pub benchmark: Benchmark,
    /// The register that it was worked out from.
    pub register: Arc<Register>,
    /// The rows together, where a filter chose them.
    pub selection: Option<Summary>,
    /// Services that fit what was asked for, and that the reader may not see before the report is out.
    pub hidden: usize,
    /// How the services of the rows compare, by code, and by what; over all services that count.
    pub signals: BTreeMap<String, Signal>,
    /// What they are held against.
    pub yardstick: Yardstick,
    /// What it was worked out from.
    pub quoted: Quoted,
}

/// One KPI of one year over the services that count.
pub fn benchmark(app: &App, who: &Principal, query: &BenchmarkQuery) -> Result<BenchmarkReport, AppError> {
    benchmark_by(app, who, query, FunnelRules::default())
}

/// The same with services held against a funnel of other rules than the usual ones.
pub fn benchmark_by(
    app: &App,
    who: &Principal,
    query: &BenchmarkQuery,
    rules: FunnelRules,
) -> Result<BenchmarkReport, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &query.of())?;
        figures.kpi(query.kpi, query.year)?;
        let now = figures.year(query.year, &[query.kpi])?;
        let before = before(&mut figures, query.year, &[query.kpi])?;
        report(&mut figures, who, query, rules, &now, before.as_ref())
    })
}

/// All 11 KPIs of a year, each as by [`benchmark`]; the KPI of the query does not count.
pub fn overview(app: &App, who: &Principal, query: &BenchmarkQuery) -> Result<Vec<BenchmarkReport>, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &query.of())?;
        let all: Vec<i32> = COUNTED.collect();
        let now = figures.year(query.year, &all)?;
        let before = before(&mut figures, query.year, &all)?;
        let one = |kpi| {
            let query = BenchmarkQuery { kpi, ..query.clone() };
            report(&mut figures, who, &query, FunnelRules::default(), &now, before.as_ref())
        };
        (1..=11).map(one).collect()
    })
}

/// The years in which there are counts of a KPI, the oldest first.
pub fn years(app: &App, who: &Principal, kpi: i32) -> Result<Vec<i32>, AppError> {
    let any = YearOf::from(0);
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    app.read(|conn| Figures::open(app, conn, &any)?.years(kpi))
}

/// The data of the round before.
pub(super) fn before(figures: &mut Figures<'_>, year: i32, kpis: &[i32]) -> Result<Option<YearData>, AppError> {
    figures.previous_year(year).map(|before| figures.year(before, kpis)).transpose()
}

fn report(
    figures: &mut Figures<'_>,
    who: &Principal,
    query: &BenchmarkQuery,
    rules: FunnelRules,
    now: &YearData,
    before: Option<&YearData>,
) -> Result<BenchmarkReport, AppError> {
    let mut benchmark = Benchmark::new(query.kpi, now, before, query.matched)
        .ok_or_else(|| AppError::not_found("KPI", &query.kpi.to_string(), "The KPIs are 1 to 11."))?;
    let all_figures: Vec<&Figure> = benchmark.rows.iter().map(|row| &row.figure).collect();
    let judgement = judge(&benchmark.kpi, &all_figures, rules);
    let judged_of = benchmark.rows.len();
    let judged = benchmark.rows.iter().zip(judgement.signals);
    let mut signals: BTreeMap<String, Signal> =
        judged.filter_map(|(row, signal)| Some((row.service.clone(), signal?))).collect();
    let chosen = Chosen::new(figures, query)?;
    benchmark.rows.retain(|row| chosen.takes(figures, &row.service, row.records));
    let all = benchmark.rows.len();
    benchmark.rows.retain(|row| figures.visible(who, query.year, &row.service));
    benchmark.excluded.retain(|excluded| {
        chosen.takes(figures, &excluded.service, excluded.records)
            && figures.visible(who, query.year, &excluded.service)
    });
    let rows = benchmark.rows.iter().map(|row| (row.service.as_str(), &row.figure));
    // Mostly everything is shown, of ten thousand services too.
    if benchmark.rows.len() < judged_of {
        let shown: BTreeSet<&str> = benchmark.rows.iter().map(|row| row.service.as_str()).collect();
        signals.retain(|service, _| shown.contains(service.as_str()));
    }
    let selection = chosen.is_narrow.then(|| Summary::of(now, &benchmark.kpi, rows));
    let hidden = all - benchmark.rows.len();
    let (yardstick, quoted) = (judgement.yardstick, figures.quoted(query.year)?);
    let register = figures.register();
    Ok(BenchmarkReport { benchmark, register, selection, hidden, signals, yardstick, quoted })
}

/// Which services a query's filters take.
struct Chosen {
    area: Option<String>,
    size: Option<Size>,
    /// The setting that is asked for, with what each service answered.
    setting: Option<(String, BTreeMap<String, String>)>,
    is_narrow: bool,
}

impl Chosen {
    fn new(figures: &mut Figures<'_>, query: &BenchmarkQuery) -> Result<Self, AppError> {
        figures.known_area(query.area.as_deref())?;
        let setting = match &query.setting {
            Some(setting) => Some((setting.clone(), figures.choices(query.year, "setting")?)),
            None => None,
        };
        let is_narrow = query.area.is_some() || query.size.is_some() || setting.is_some();
        Ok(Self { area: query.area.clone(), size: query.size, setting, is_narrow })
    }

    fn takes(&self, figures: &Figures<'_>, code: &str, records: Option<i64>) -> bool {
        self.area.as_ref().is_none_or(|area| figures.is_within(code, area))
            && self.size.is_none_or(|size| records.map(Size::of) == Some(size))
            && self.setting.as_ref().is_none_or(|(setting, answers)| answers.get(code) == Some(setting))
    }
}
