//! What every view of the KPIs consists of, and what all of them share.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::app::kpis::{self, BenchmarkQuery, BenchmarkReport, Quoted, YearOf};
use crate::app::{App, AppError};
use crate::charts::canvas::{Caption, Drawing, Layout};
use crate::domain::access::Principal;
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::significance::Signal;
use crate::domain::kpi::year::{Excluded, Exclusion};
use crate::domain::reference::Kpi;
use crate::domain::register::Service;
use crate::formats::display::{capitalised, percent, thousands};
use crate::formats::table::{Cell, Table};
use crate::locales::Words;

use super::query::{Form, KpiQuery};
use super::rows_of_page;

/// A view: page, picture and file are made from it.
#[derive(Debug, Clone)]
pub(super) struct View {
    /// The heading of the page.
    pub(super) heading: String,
    /// What it comes to, in a sentence or two.
    pub(super) statement: String,
    /// Title, description and notes of the chart.
    pub(super) caption: Caption,
    /// The chart, wide and narrow; none where there is nothing to draw.
    pub(super) drawings: Option<[Drawing; 2]>,
    /// Every figure of the view, or the rows of them that the page shows.
    pub(super) table: Table,
    /// Where the table is a part: which of all rows comes first, and how many there are. `None`: it has all rows.
    pub(super) part: Option<(usize, usize)>,
    /// National figures beside it: a name and a value.
    pub(super) figures: Vec<(&'static str, String)>,
    /// The rule by which services are compared, in a sentence.
    pub(super) rule: String,
    /// How the figures come about.
    pub(super) notes: Vec<String>,
    /// Services that do not count, and why.
    pub(super) excluded: Vec<(String, String)>,
    /// Why there is nothing to show, and what to do.
    pub(super) empty: Option<String>,
}

/// Who asks for what.
pub(super) struct Ask<'a> {
    pub(super) app: &'a App,
    pub(super) who: &'a Principal,
    pub(super) query: &'a KpiQuery,
    form: Form,
    own: BTreeSet<String>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(app: &'a App, who: &'a Principal, query: &'a KpiQuery, form: Form) -> Self {
        let own = who.own_services().map(ToOwned::to_owned).chain(query.service.clone()).collect();
        Self { app, who, query, form, own }
    }

    /// By which column the table is sorted, and whether descending.
    pub(super) fn sort(&self) -> Option<(&str, bool)> {
        Some((self.query.sort.as_deref()?, self.query.descending))
    }

    /// Which of `rows` rows are shown: a page of them, or in a file all.
    pub(super) fn part(&self, rows: usize) -> Range<usize> {
        match self.form {
            Form::Page => rows_of_page(rows, self.query.page),
            Form::Picture => 0..0,
            Form::File => 0..rows,
        }
    }

    /// Whether a service is the reader's own, or the one that they ask for.
    pub(super) fn is_own(&self, code: &str) -> bool {
        self.own.contains(code)
    }

    /// The service that is asked for, else the reader's own.
    pub(super) fn service(&self) -> Option<&str> {
        self.query.service.as_deref().or_else(|| self.who.own_services().next())
    }

    /// What a benchmark of a KPI and year is asked for.
    pub(super) fn benchmark_query(&self, kpi: i32, year: i32) -> BenchmarkQuery {
        let query = self.query;
        BenchmarkQuery {
            kpi,
            year,
            matched: query.matched,
            area: query.area.clone(),
            setting: query.setting.clone(),
            size: query.size,
            // A cut is of one year: others beside it are of the data as they stand.
            cut: query.cut.clone().filter(|_| year == query.year),
        }
    }

    /// The year that is asked for, of the cut that is asked for.
    pub(super) fn year(&self) -> YearOf {
        YearOf { year: self.query.year, cut: self.query.cut.clone() }
    }

    /// One KPI of a year over the services that are asked for.
    pub(super) fn report(&self, kpi: i32, year: i32) -> Result<BenchmarkReport, AppError> {
        kpis::benchmark_by(self.app, self.who, &self.benchmark_query(kpi, year), self.query.rules)
    }

    /// All KPIs of a year.
    pub(super) fn overview(&self, year: i32) -> Result<Vec<BenchmarkReport>, AppError> {
        kpis::overview(self.app, self.who, &self.benchmark_query(2, year))
    }
}

/// Both drawings of a chart.
pub(in crate::web) fn both(draw: impl Fn(Layout) -> Drawing) -> [Drawing; 2] {
    Layout::ALL.map(draw)
}

/// `KPI 4: Assessment within 90 days`
pub(in crate::web) fn kpi_name(kpi: &Kpi) -> String {
    format!("KPI {}: {}", kpi.kpi, kpi.name)
}

/// What the figures were worked out from, for the notes of pages and pictures.
pub(in crate::web) fn quoted_words(quoted: &Quoted) -> Vec<String> {
    let round = quoted.round.clone().unwrap_or_else(|| format!("audit year {}", quoted.year));
    let mut notes = vec![format!("{}. Method of {}.", capitalised(&round), quoted.methodology)];
    if let Some(cut) = &quoted.cut {
        notes.push(Words::default().data_cut(cut));
    }
    if quoted.synthetic {
        notes.push("Synthetic data: every service and figure here is invented.".into());
    }
    notes
}

/// How a KPI is defined, and what of it is our reading.
pub(super) fn definition_notes(kpi: &Kpi) -> Vec<String> {
    let mut notes = vec![
        format!("Numerator: {}.", kpi.numerator.trim_end_matches('.')),
        format!("Denominator: {}.", kpi.denominator.trim_end_matches('.')),
        format!("Timing: {}.", kpi.timing.trim_end_matches('.')),
    ];
    if !kpi.references.is_empty() {
        notes.push(format!("Standards behind it: {}.", kpi.references.join("; ")));
    }
    notes.extend(kpi.assumed.iter().map(|assumed| format!("Our reading: {assumed}")));
    notes
}

/// The edges of a KPI's grades, in per cent, without that of the lowest.
pub(in crate::web) fn edges(kpi: &Kpi) -> Vec<f64> {
    kpi.bands.iter().filter_map(|band| band.at_least.or(band.above)).filter(|edge| *edge > 0.0).collect()
}

/// A grade as a cell.
pub(super) fn grade_cell(figure: &Figure) -> Cell {
    match (figure.grade, figure.percent) {
        (Some(grade), _) => Cell::text(grade.as_str()).marked(grade.as_str()),
        (None, Some(_)) => Cell::missing("not graded"),
        (None, None) => Cell::missing("no data"),
    }
}

/// How a service compares, as a cell.
pub(super) fn signal_cell(signal: Option<Signal>) -> Cell {
    match signal {
        Some(signal) => {
            let mark = match signal {
                Signal::Higher998 | Signal::Higher95 => "higher",
                Signal::Similar => "similar",
                Signal::Lower95 | Signal::Lower998 => "lower",
            };
            Cell::text(signal.label()).marked(mark)
        }
        None => Cell::missing("not compared"),
    }
}

/// A service with its name under its code.
pub(super) fn service_cell(code: &str, service: Option<&Service>) -> Cell {
    Cell::text(code).with(service.map(|service| service.name.clone()).unwrap_or_default())
}

/// Percentage points with their sign.
pub(super) fn points(value: f64) -> String {
    let shown = percent(value.abs() / 100.0);
    match value {
        _ if shown == "0.0" => "0.0".to_owned(),
        value if value > 0.0 => format!("+{shown}"),
        _ => format!("−{shown}"),
    }
}

/// A percentage in words.
pub(in crate::web) fn percent_words(value: Option<f64>) -> String {
    value.map_or_else(|| "no data".to_owned(), |value| format!("{}%", percent(value / 100.0)))
}

/// A figure with what it was divided from: `67.1% (1,234 of 1,839)`.
#[expect(clippy::cast_possible_truncation, reason = "counts of people are far below 2^52")]
pub(super) fn with_counts(figure: &Figure) -> String {
    let of = figure.numerator.zip(figure.denominator);
    let of = of.map(|(n, d)| format!(" ({} of {})", thousands(n), thousands(d.round() as i64))).unwrap_or_default();
    format!("{}{of}", percent_words(figure.percent))
}

/// National figures beside a view.
pub(super) fn summary_figures(summary: &Summary) -> Vec<(&'static str, String)> {
    let quartiles = match (summary.lower_quartile, summary.upper_quartile) {
        (Some(low), Some(high)) => format!("{} to {}", percent_words(Some(low)), percent_words(Some(high))),
        _ => "no data".into(),
    };
    let mut figures = vec![
        ("All patients of all services together", with_counts(&summary.figure)),
        ("Mean of the services", percent_words(summary.mean_of_services)),
        ("Median of the services", percent_words(summary.median)),
        ("Lower to upper quartile", quartiles),
        ("Services with a figure (n)", format!("{} of {}", summary.n, summary.services)),
    ];
    if let Some((edge, count)) = summary.at_least {
        figures.push(("Services at or above the level that is counted", format!("{count} at {edge}% or more")));
    }
    if !summary.grades.is_empty() {
        let words =
            summary.grades.iter().map(|(grade, count)| format!("{count} {}", grade.as_str())).collect::<Vec<_>>();
        figures.push(("Services by grade", words.join(", ")));
    }
    figures
}

/// Why services do not count.
pub(super) fn excluded_words(report: &BenchmarkReport) -> Vec<(String, String)> {
    let words = |excluded: &Excluded| {
        let records = excluded.records.map(thousands).unwrap_or_default();
        match excluded.why {
            Exclusion::NoRecords => "has counts, but no records (KPI 2)".to_owned(),
            Exclusion::TooFewRecords => format!("has too few records to count: {records}"),
            Exclusion::OutsideNations => {
                format!("lies in a nation that the clinical figures leave out; records: {records}")
            }
        }
    };
    let name = |code: &str| {
        report.register.services.get(code).map_or_else(String::new, |service| format!(" {}", service.name))
    };
    let excluded = report.benchmark.excluded.iter();
    excluded.map(|excluded| (format!("{}{}", excluded.service, name(&excluded.service)), words(excluded))).collect()
}

/// What a page says where no service fits.
pub(super) fn nothing(report: &BenchmarkReport) -> Option<String> {
    if !report.benchmark.rows.is_empty() {
        return None;
    }
    let year = report.benchmark.year;
    let all = report.benchmark.national.services;
    Some(if report.hidden > 0 {
        format!("{} services count in {year}. Their figures are shown once the report is out.", report.hidden)
    } else if all > 0 {
        format!("None of the {all} services that count in {year} fits these filters. Choose others above.")
    } else {
        format!("No service has counts for {year} yet. Choose another year above, or send counts in.")
    })
}
