//! What becomes of a gap, as tables, charts and files.

use chrono::Months;
use serde::Serialize;

use crate::app::scenario_kpis::OwnGain;
use crate::app::scenarios::ScenarioReport;
use crate::charts::ranges::{RangeRow, Ranges, ranges};
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::scenario::{RULES, ScenarioYear, YearRole};
use crate::domain::workforce::standard::{Basis, Role};
use crate::formats::display::{day, wte_range};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::plain_table::PlainTable;
use crate::web::standards::ratio_words;

/// A drawing with its heading.
#[derive(Debug, Serialize)]
struct ChartView {
    heading: &'static str,
    drawing: String,
}

/// An outcome on a page.
#[derive(Debug, Serialize)]
pub(super) struct OutcomeView {
    place: String,
    statement: String,
    charts: Vec<ChartView>,
    years: PlainTable,
    costs: PlainTable,
    reasons: Vec<String>,
    notes: Vec<String>,
}

/// The name of what a scenario is laid over.
pub(super) fn place(report: &ScenarioReport) -> String {
    match (&report.service, &report.gaps.area) {
        (Some((code, name)), _) => format!("{name} ({code})"),
        (None, Some((_, name))) => name.clone(),
        (None, None) => "all services".into(),
    }
}

fn year_words(report: &ScenarioReport, year: u32) -> String {
    let then = report.gaps.round.staffing_as_at.checked_add_months(Months::new(12 * year));
    let then = then.map(day).unwrap_or_default();
    if year == 0 { format!("Today ({then})") } else { format!("Year {year} ({then})") }
}

fn range(role: Option<&YearRole>, of: fn(&YearRole) -> (f64, f64)) -> Cell {
    match role.filter(|role| role.counts()) {
        Some(role) => {
            let (low, high) = of(role);
            Cell::text(wte_range(low, high))
        }
        None => Cell::missing("not known"),
    }
}

pub(super) fn need(role: &YearRole) -> (f64, f64) {
    (role.sum.need_low, role.sum.need_high)
}

pub(super) fn gap(role: &YearRole) -> (f64, f64) {
    (role.sum.net_gap_low, role.sum.net_gap_high)
}

fn wte(value: Option<f64>) -> Cell {
    value.map_or_else(|| Cell::missing("not known"), |value| Cell::number(Some(value), display_wte))
}

/// Whichever basis counts the role, for what does not rest on a basis.
pub(super) fn any_basis(year: &ScenarioYear, role: Role) -> Option<&YearRole> {
    Basis::ALL.into_iter().filter_map(|basis| year.role(role, basis)).find(|found| found.counts())
}

fn years_table(report: &ScenarioReport) -> Table {
    let mut rows = Vec::new();
    for year in &report.outcome.years {
        for role in Role::ALL {
            let found = any_basis(year, role);
            let funded = found.filter(|found| found.sum.split.services > 0).map(|found| found.sum.split.establishment);
            let [first, second] = Basis::ALL.map(|basis| year.role(role, basis));
            let n = found.map(|found| format!("n = {}", found.sum.split.services)).unwrap_or_default();
            rows.push(TableRow {
                own: false,
                cells: vec![
                    Cell::text(year_words(report, year.year)),
                    Cell::text(role.plural()),
                    wte(found.map(|found| found.sum.in_post)),
                    wte(funded).with(n),
                    range(first, need),
                    range(first, gap),
                    range(second, need),
                    range(second, gap),
                ],
            });
        }
    }
    Table {
        caption: "Need, staff and gap, year by year".into(),
        columns: vec![
            Column::text("year", "Year"),
            Column::text("role", "Role"),
            Column::number("in_post", "In post"),
            Column::number("establishment", "Funded"),
            Column::number("need_as_reported", "Need, all ages"),
            Column::number("gap_as_reported", "Gap, all ages"),
            Column::number("need_aged_50_plus", "Need, 50+"),
            Column::number("gap_aged_50_plus", "Gap, 50+"),
        ],
        rows,
    }
}

fn costs_table(report: &ScenarioReport) -> Table {
    let row = |year: &ScenarioYear| {
        let money = |pounds: Option<Pounds>| match (pounds, &year.cost) {
            (Some(pounds), _) => Cell::number(Some(pounds.0), |value| Pounds(value).shown()),
            (None, Err(unpriced)) => Cell::missing(&unpriced.to_string()),
            (None, Ok(_)) => Cell::missing("not known"),
        };
        let cost = year.cost.as_ref().ok();
        TableRow {
            own: false,
            cells: vec![
                Cell::text(year_words(report, year.year)),
                year.cases_per_nurse.map_or_else(
                    || Cell::missing("not known"),
                    |cases| Cell::number(Some(cases), |n| format!("{n:.0}")),
                ),
                wte(Some(year.freed)),
                money(cost.map(|cost| cost.whole)),
                money(cost.map(|cost| cost.added)),
            ],
        }
    };
    Table {
        caption: "Cases for each nurse and cost, year by year".into(),
        columns: vec![
            Column::text("year", "Year"),
            Column::number("cases_per_nurse", "Expected cases for each nurse WTE"),
            Column::number("nurse_time_freed", "Nurse time freed, WTE"),
            Column::number("cost", "Staff in post and software, a year"),
            Column::number("cost_added", "More than today’s staff would cost"),
        ],
        rows: report.outcome.years.iter().map(row).collect(),
    }
}

/// What a coefficient of the reader's own comes to, year by year.
pub(super) fn gains_table(report: &ScenarioReport, kpi: i32, own: &OwnGain) -> Table {
    let row = |(year, gain): &(u32, Option<f64>)| TableRow {
        own: false,
        cells: vec![
            Cell::text(year_words(report, *year)),
            gain.map_or_else(
                || Cell::missing("not known"),
                |gain| Cell::number(Some(gain), |points| format!("{points:+.1}").replace('-', "−")),
            ),
        ],
    };
    Table {
        caption: format!("KPI {kpi} by the reader’s own coefficient"),
        columns: vec![
            Column::text("year", "Year"),
            Column::number("own_gain_points", "Percentage points more than today, by the reader’s own coefficient"),
        ],
        rows: own.years.iter().map(row).collect(),
    }
}

/// Every figure of one or several scenarios, a row for each year, role and basis.
pub(super) fn file(scenarios: &[(&str, &ScenarioReport)]) -> Table {
    let number = |value: Option<f64>| Cell::number(value, |value| value.to_string());
    let mut rows = Vec::new();
    for (name, report) in scenarios {
        for year in &report.outcome.years {
            for role in &year.roles {
                let sum = &role.sum;
                let counted = |value: f64| number(role.counts().then_some(value));
                let split = |value: f64| number((sum.split.services > 0).then_some(value));
                #[expect(clippy::cast_possible_wrap, reason = "numbers of services")]
                let services = |n: usize| Cell::count(Some(n as i64));
                let cost = year.cost.as_ref().ok();
                rows.push(TableRow {
                    own: false,
                    cells: vec![
                        Cell::text(*name),
                        Cell::text(place(report)),
                        number(Some(f64::from(year.year))),
                        Cell::text(role.role.as_str()),
                        Cell::text(role.basis.as_str()),
                        services(sum.services_counted),
                        services(sum.services_missing),
                        counted(sum.need_low),
                        counted(sum.need_high),
                        counted(sum.in_post),
                        counted(sum.net_gap_low),
                        counted(sum.net_gap_high),
                        services(sum.split.services),
                        split(sum.split.establishment),
                        split(sum.split.unfunded_low),
                        split(sum.split.unfunded_high),
                        split(sum.split.vacant),
                        number(Some(year.freed)),
                        number(year.cases_per_nurse),
                        number(cost.map(|cost| cost.whole.0)),
                        number(cost.map(|cost| cost.added.0)),
                        Cell::text(&report.gaps.standard.id),
                        Cell::text(&report.costing.pay_year),
                        Cell::text(if report.gaps.synthetic { "synthetic" } else { "" }),
                    ],
                });
            }
        }
    }
    let names = [
        "scenario",
        "subject",
        "year",
        "role",
        "basis",
        "services_counted",
        "services_missing",
        "need_low_wte",
        "need_high_wte",
        "in_post_wte",
        "gap_low_wte",
        "gap_high_wte",
        "establishment_services",
        "establishment_wte",
        "unfunded_low_wte",
        "unfunded_high_wte",
        "vacant_wte",
        "nurse_time_freed_wte",
        "cases_per_nurse_wte",
        "cost_gbp",
        "cost_added_gbp",
        "standard",
        "pay_year",
        "synthetic",
    ];
    Table { caption: String::new(), columns: names.map(|name| Column::text(name, "")).into(), rows }
}

fn chart(report: &ScenarioReport, basis: Basis, id: &str, heading: &'static str) -> ChartView {
    let rows: Vec<RangeRow> = report
        .outcome
        .years
        .iter()
        .map(|year| {
            let found = year.role(Role::Nurse, basis).filter(|role| role.counts());
            RangeRow {
                label: year_words(report, year.year),
                range: found.map(need),
                middle: None,
                there: found.map(|role| role.sum.in_post),
                words: "not known".into(),
            }
        })
        .collect();
    let drawing = ranges(&Ranges {
        id,
        title: heading,
        description: "For each year a bar for the recommended nurses, from the lowest to the highest need, and a dot for \
            the nurses in post. The figures are in the table.",
        rows: &rows,
    });
    ChartView { heading, drawing }
}

/// What changes from today to the last year, in a sentence on each basis.
fn statement(report: &ScenarioReport) -> String {
    let (Some(today), Some(last)) = (report.outcome.years.first(), report.outcome.years.last()) else {
        return String::new();
    };
    let of = |basis: Basis| {
        let gaps = [today, last].map(|year| year.role(Role::Nurse, basis).filter(|role| role.counts()).map(gap));
        let [Some((low, high)), Some((then_low, then_high))] = gaps else { return None };
        Some(format!("{}: from {} to {}", basis.in_a_sentence(), wte_range(low, high), wte_range(then_low, then_high)))
    };
    let parts: Vec<String> = Basis::ALL.into_iter().filter_map(of).collect();
    if parts.is_empty() {
        return "No service here has what this scenario needs, so no gap can be given; the reasons are below.".into();
    }
    let years = if last.year == 1 { "1 year".to_owned() } else { format!("{} years", last.year) };
    format!("The gap in nurse WTE over {years}, {}.", parts.join("; "))
}

impl OutcomeView {
    /// An outcome on a page.
    pub(super) fn new(report: &ScenarioReport) -> Self {
        let standard = &report.gaps.standard;
        let mut notes = vec![format!(
            "Standard: {} ({}): {}. {}",
            standard.name,
            standard.id,
            ratio_words(standard),
            standard.basis_words()
        )];
        notes.extend(RULES.map(ToOwned::to_owned));
        notes.extend(report.costing.notes());
        Self {
            place: place(report),
            statement: statement(report),
            charts: vec![
                chart(report, Basis::AsReported, "years-all", "Nurses needed and in post, all ages as reported"),
                chart(report, Basis::Aged50Plus, "years-50", "Nurses needed and in post, aged 50 and over"),
            ],
            years: PlainTable::from(&years_table(report)),
            costs: PlainTable::from(&costs_table(report)),
            reasons: report.outcome.reasons.clone(),
            notes,
        }
    }
}
