//! The views of demand as tables, for the page and as files.

use crate::app::demand::DemandReport;
use crate::charts::ranges::RangeRow;
use crate::domain::workforce::demand::RatioNeed;
use crate::domain::workforce::peers::{PeerNeed, Per};
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::standard::{Basis, Role};
use crate::domain::workforce::workload::{CasesOf, WorkloadNeed};
use crate::formats::display::people;
use crate::formats::table::{Cell, Column, Table, TableRow};

/// One view of one role.
struct Line {
    view: String,
    role: Role,
    low: Option<f64>,
    middle: Option<f64>,
    high: Option<f64>,
    in_post: Option<f64>,
    counted: usize,
    missing: usize,
    note: String,
}

impl Line {
    fn of_ratio(need: &RatioNeed) -> Self {
        let range = need.range();
        Self {
            view: format!("Ratio to people, {}", basis_words(need.basis)),
            role: need.role,
            low: range.map(|(low, _)| low),
            middle: None,
            high: range.map(|(_, high)| high),
            in_post: range.map(|_| need.sum.in_post),
            counted: need.sum.services_counted,
            missing: need.sum.services_missing,
            note: if range.is_none() { "no service with a population and staffing".into() } else { String::new() },
        }
    }

    fn of_workload(need: &WorkloadNeed) -> Self {
        let found = need.found.as_ref().ok();
        Self {
            view: format!("Workload of {}", need.of.words()),
            role: Role::Nurse,
            low: None,
            middle: need.required(),
            high: None,
            in_post: found.and_then(|found| Some(found.required + found.difference?)),
            counted: need.services_counted,
            missing: need.services_missing,
            note: match &need.found {
                Ok(_) => format!("{} cases", people(need.cases)),
                Err(refusal) => refusal.to_string(),
            },
        }
    }

    fn of_peers(need: &PeerNeed) -> Self {
        let among = match need.n {
            Some((fewest, most)) if fewest == most => format!("among {fewest} like services"),
            Some((fewest, most)) => format!("among {fewest} to {most} like services each"),
            None => String::new(),
        };
        let note = match need.one {
            Some(Ok(like)) => format!(
                "{among}; {:.2}, {:.2} and {:.2} {}",
                like.rates.lower,
                like.rates.median,
                like.rates.upper,
                need.per.words()
            ),
            Some(Err(none)) => none.words().into(),
            None => among,
        };
        Self {
            view: match need.per {
                Per::People => "Like services, by people".into(),
                Per::Cases => "Like services, by expected cases".into(),
            },
            role: need.role,
            low: need.wte.map(|wte| wte.lower),
            middle: need.wte.map(|wte| wte.median),
            high: need.wte.map(|wte| wte.upper),
            in_post: None,
            counted: need.services_counted,
            missing: need.services_missing,
            note,
        }
    }
}

fn basis_words(basis: Basis) -> &'static str {
    match basis {
        Basis::AsReported => "all ages as reported",
        Basis::Aged50Plus => "aged 50 and over",
    }
}

/// Every view, nurses first.
fn lines(report: &DemandReport) -> Vec<Line> {
    let demand = &report.demand;
    let mut lines = Vec::new();
    for role in Role::ALL {
        lines.extend(demand.ratio.iter().filter(|need| need.role == role).map(Line::of_ratio));
        if role == Role::Nurse {
            lines.extend(demand.workload.iter().map(Line::of_workload));
        }
        lines.extend(demand.peers.iter().filter(|need| need.role == role).map(Line::of_peers));
    }
    lines
}

fn wte(value: Option<f64>) -> Cell {
    value.map_or_else(|| Cell::missing("–"), |value| Cell::number(Some(value), display_wte))
}

#[expect(clippy::cast_possible_wrap, reason = "numbers of services")]
fn services(n: usize) -> Cell {
    Cell::count(Some(n as i64))
}

/// The three views side by side.
pub(super) fn views(report: &DemandReport) -> Table {
    let row = |line: Line| TableRow {
        own: false,
        cells: vec![
            Cell::text(&line.view).with(line.note.clone()),
            Cell::text(line.role.plural()),
            wte(line.low),
            wte(line.middle),
            wte(line.high),
            wte(line.in_post),
            services(line.counted),
            services(line.missing),
            Cell::text(line.note),
            Cell::text(&report.gaps.standard.id),
            Cell::text(if report.gaps.synthetic { "synthetic" } else { "" }),
        ],
    };
    Table {
        caption: "Staff needed, by three views".into(),
        columns: vec![
            Column::text("view", "View"),
            Column::text("role", "Role"),
            Column::number("lower_wte", "Lower"),
            Column::number("middle_wte", "Middle"),
            Column::number("upper_wte", "Upper"),
            Column::number("in_post_wte", "In post"),
            Column::number("services_counted", "Services counted"),
            Column::number("services_missing", "Missing"),
            Column::text("note", ""),
            Column::text("standard", ""),
            Column::text("synthetic", ""),
        ],
        rows: lines(report).into_iter().map(row).collect(),
    }
}

/// The views of nurses as a chart has them.
pub(super) fn ranges_of_nurses(report: &DemandReport) -> Vec<RangeRow> {
    let row = |line: Line| RangeRow {
        range: line.low.zip(line.high).or(line.middle.zip(line.middle)),
        middle: line.middle.filter(|_| line.low.is_some()),
        there: line.in_post,
        words: if line.note.is_empty() { "not known".into() } else { line.note },
        label: line.view,
    };
    lines(report).into_iter().filter(|line| line.role == Role::Nurse).map(row).collect()
}

/// Every figure of the workload.
pub(super) fn workload(report: &DemandReport) -> Table {
    let of = CasesOf::ALL.map(|of| report.demand.workload_of(of));
    let found = of.map(|need| need.and_then(|need| need.found.as_ref().ok()));
    let number = |value: Option<f64>, words: fn(f64) -> String| match value {
        Some(value) => Cell::number(Some(value), words),
        None => Cell::missing("–"),
    };
    let mut rows: Vec<TableRow> = Vec::new();
    for (place, activity) in report.times.activities.iter().enumerate() {
        let component = found.map(|found| found.and_then(|found| found.components.get(place)));
        let standard_workload = component.iter().flatten().next().map(|component| component.standard_workload);
        let mut cells = vec![
            Cell::text(&activity.name).with(activity.patients.words()),
            number(Some(activity.minutes), |minutes| format!("{minutes}")),
            number(standard_workload, people),
        ];
        for (need, component) in of.iter().zip(component) {
            let volume = need.filter(|need| need.services_counted > 0).and_then(|need| need.volumes.get(place));
            cells.push(number(volume.copied(), people));
            cells.push(number(component.map(|component| component.staff), display_wte));
        }
        rows.push(TableRow { cells, own: false });
    }
    let mut total = |name: &str,
                     beside: &str,
                     value: fn(&crate::domain::workforce::wisn::Wisn) -> f64,
                     words: fn(f64) -> String| {
        let mut cells = vec![Cell::text(name).with(beside), Cell::missing(""), Cell::missing("")];
        for found in found {
            cells.push(Cell::missing(""));
            cells.push(number(found.map(value), words));
        }
        rows.push(TableRow { cells, own: false });
    };
    let factor = |factor: f64| format!("{factor:.4}");
    total("Available working time", "hours a year", |found| found.awt_hours, people);
    total("All activities", "WTE", |found| found.service_staff, display_wte);
    total("Category allowance factor", "1 ÷ (1 − supporting work)", |found| found.caf, factor);
    total("Individual allowance factor", "WTE", |found| found.iaf, display_wte);
    total("Required", "activities × category + individual, WTE", |found| found.required, display_wte);
    Table {
        caption: "The workload of nurses, every figure".into(),
        columns: vec![
            Column::text("figure", "Figure"),
            Column::number("minutes", "Minutes a patient"),
            Column::number("standard_workload", "One person’s year"),
            Column::number("expected_volume", "Expected: a year"),
            Column::number("expected_value", "Expected: value"),
            Column::number("recorded_volume", "Recorded: a year"),
            Column::number("recorded_value", "Recorded: value"),
        ],
        rows,
    }
}
