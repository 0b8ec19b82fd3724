//! The tables of costs: what the page prints is what the file holds, with the assumptions beside it in the file.

use std::collections::BTreeSet;

use crate::domain::area::AreaTree;
use crate::domain::workforce::closing::{Closing, ClosingCost, CostReport, Ends, MoneySplit, NoCost};
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::standard::{Basis, Role};
use crate::domain::workforce::sums::{AreaGap, SumKind};
use crate::formats::display::wte_range;
use crate::formats::table::{Cell, Column, Table, TableRow};

/// The columns of what closing a gap costs; those without a heading are for the file.
const COST: [(&str, &str); 18] = [
    ("nurse_shortfall_low", "Nurses short"),
    ("nurse_shortfall_high", ""),
    ("nurse_cost_low", "Cost of nurses"),
    ("nurse_cost_high", ""),
    ("nurse_services", ""),
    ("administrator_shortfall_low", "Administrators short"),
    ("administrator_shortfall_high", ""),
    ("administrator_cost_low", "Cost of administrators"),
    ("administrator_cost_high", ""),
    ("administrator_services", ""),
    ("cost_low", "Together"),
    ("cost_high", ""),
    ("new_money_low", "New money"),
    ("new_money_high", ""),
    ("vacant_low", "Vacant posts"),
    ("vacant_high", ""),
    ("split_services", ""),
    ("missing", ""),
];

/// What every figure rests on, for the file.
const ASSUMED: [&str; 8] =
    ["year", "standard", "pay_year", "on_cost", "supplement", "nurse_band", "administrator_band", "synthetic"];

fn columns(first: &[Column]) -> Vec<Column> {
    let assumed = ASSUMED.into_iter().map(|key| Column::text(key, ""));
    first
        .iter()
        .cloned()
        .chain(COST.into_iter().map(|(key, heading)| Column::number(key, heading)))
        .chain(assumed)
        .collect()
}

fn assumed(report: &CostReport) -> Vec<Cell> {
    let (gaps, costing) = (&report.gaps, &report.costing);
    vec![
        Cell::text(gaps.round.year.to_string()),
        Cell::text(&gaps.standard.id),
        Cell::text(&costing.pay_year),
        Cell::text(costing.on_cost.to_string()),
        Cell::text(&costing.supplement.key),
        Cell::text(&costing.nurse_band),
        Cell::text(&costing.administrator_band),
        Cell::text(if gaps.synthetic { "synthetic" } else { "" }),
    ]
}

/// A range of pounds: shown in the cell of its low end.
fn pounds(range: Option<Ends<Pounds>>, without: &str) -> [Cell; 2] {
    match range {
        Some(range) => {
            let low = Cell::number(Some(range.low.0), |_| range.shown());
            [low, Cell::number(Some(range.high.0), |pounds| Pounds(pounds).shown())]
        }
        None => [Cell::missing(without), Cell::missing(without)],
    }
}

fn count(n: usize) -> Cell {
    Cell::count(i64::try_from(n).ok())
}

fn role_cells(cost: Result<&ClosingCost, &NoCost>) -> Vec<Cell> {
    match cost {
        Ok(cost) => {
            let short = cost.shortfall;
            let mut cells = vec![
                Cell::number(Some(short.low), |_| wte_range(short.low, short.high)),
                Cell::number(Some(short.high), |wte| wte.to_string()),
            ];
            cells.extend(pounds(Some(cost.cost), ""));
            cells.push(count(cost.services));
            cells
        }
        Err(why) => {
            let mut cells = vec![Cell::missing("–"); 5];
            if let Some(cost) = cells.get_mut(2) {
                *cost = Cell::missing(&why.words());
            }
            cells
        }
    }
}

fn cost_cells(closing: &Closing) -> Vec<Cell> {
    let mut cells = role_cells(closing.role(Role::Nurse));
    cells.extend(role_cells(closing.role(Role::Administrator)));
    cells.extend(pounds(closing.total(), "–"));
    let split = closing.split();
    let of = |money: fn(MoneySplit) -> Ends<Pounds>| split.map(money);
    cells.extend(pounds(of(|split| split.new_money), "not known"));
    cells.extend(pounds(of(|split| split.vacant), "not known"));
    cells.push(split.map_or_else(|| Cell::missing("–"), |split| count(split.services)));
    let missing = Role::ALL.into_iter().filter_map(|role| closing.role(role).err().map(|why| (role, why)));
    let missing: Vec<String> = missing.map(|(role, why)| format!("{}: {}", role.as_str(), why.as_str())).collect();
    cells.push(Cell::text(missing.join("; ")));
    cells
}

/// The services on the bases that are wanted.
pub(super) fn services(report: &CostReport, tree: &AreaTree, basis: Option<Basis>, own: &BTreeSet<String>) -> Table {
    let first = [
        Column::text("service", "Service"),
        Column::text("name", ""),
        Column::text("area", "Area"),
        Column::text("basis", "Population"),
    ];
    let rows = report.rows().filter(|(row, _)| basis.is_none_or(|basis| basis == row.basis));
    let rows = rows.map(|(row, closing)| {
        let area = row.area.as_deref().and_then(|code| tree.get(code));
        let mut cells = vec![
            Cell::text(&row.service).with(&row.name),
            Cell::text(&row.name),
            match area {
                Some(area) => Cell::text(&area.code).shown_as(&area.name),
                None => Cell::missing("not in this geography"),
            },
            Cell::text(row.basis.as_str()).shown_as(row.basis.label()),
        ];
        cells.extend(cost_cells(closing));
        cells.extend(assumed(report));
        TableRow { cells, own: own.contains(&row.service) }
    });
    Table {
        caption: "What closing the gap of each service costs a year".into(),
        columns: columns(&first),
        rows: rows.collect(),
    }
}

/// The areas on the bases that are wanted, everything first.
pub(super) fn areas(report: &CostReport, basis: Option<Basis>) -> Table {
    let first = [
        Column::text("area", "Area"),
        Column::text("name", ""),
        Column::text("kind", ""),
        Column::text("basis", "Population"),
        Column::number("services", "Services"),
    ];
    let wanted = |(sum, _): &(&AreaGap, &Closing)| sum.services > 0 && basis.is_none_or(|basis| basis == sum.basis);
    let rows = report.areas().filter(wanted);
    let rows = rows.map(|(sum, closing)| {
        let counted = match (sum.nurses.services_counted, sum.administrators.services_counted) {
            (nurses, administrators) if nurses == administrators => format!("{nurses} counted"),
            (nurses, administrators) => format!("counted: {nurses} nurses, {administrators} administrators"),
        };
        let kind = if sum.kind == SumKind::All { "" } else { sum.kind.label() };
        let mut cells = vec![
            Cell::text(&sum.code).shown_as(&sum.name).with(kind),
            Cell::text(&sum.name),
            Cell::text(sum.kind.as_str()),
            Cell::text(sum.basis.as_str()).shown_as(sum.basis.label()),
            count(sum.services).with(counted),
        ];
        cells.extend(cost_cells(closing));
        cells.extend(assumed(report));
        TableRow { cells, own: false }
    });
    Table {
        caption: "What closing the gaps of an area’s services costs a year".into(),
        columns: columns(&first),
        rows: rows.collect(),
    }
}
