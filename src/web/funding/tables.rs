//! The tables of funding: who gets what, who comes first and why, and what further budgets buy.

use std::collections::BTreeSet;

use crate::app::funding::FundingReport;
use crate::domain::workforce::allocation::{Allocation, Budget, Goal};
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::report::display_wte;
use crate::formats::display::{people, percent};
use crate::formats::table::{Cell, Column, Table, TableRow};

fn wte(value: f64) -> Cell {
    Cell::number(Some(value), display_wte)
}

fn pounds(value: Option<f64>) -> Cell {
    match value {
        Some(value) => Cell::number(Some(value), |value| Pounds(value).shown()),
        None => Cell::missing("not priced"),
    }
}

fn cover(value: Option<f64>) -> Cell {
    match value {
        Some(value) => Cell::number(Some(value), |value| format!("{}%", percent(value))),
        None => Cell::missing("all filled"),
    }
}

fn cases(value: Option<f64>) -> Cell {
    match value {
        Some(value) => Cell::number(Some(value), people),
        None => Cell::missing("not known"),
    }
}

/// What every figure rests on, for the file.
const RESTS_ON: [&str; 12] = [
    "year",
    "standard",
    "basis",
    "up_to",
    "goal",
    "posts",
    "roles",
    "minimum_team",
    "pay_year",
    "on_cost",
    "supplement",
    "synthetic",
];

fn rests_on(report: &FundingReport) -> Vec<Cell> {
    let (gaps, query, costing) = (&report.costs.gaps, &report.query, &report.costs.costing);
    let roles: Vec<&str> = query.roles.iter().map(|role| role.as_str()).collect();
    let texts = [
        gaps.round.year.to_string(),
        gaps.standard.id.clone(),
        query.basis.as_str().to_owned(),
        query.end.as_str().to_owned(),
        query.goal.as_str().to_owned(),
        query.posts.as_str().to_owned(),
        roles.join(";"),
        query.minimum_team.to_string(),
        costing.pay_year.clone(),
        costing.on_cost.to_string(),
        costing.supplement.key.clone(),
        if gaps.synthetic { "synthetic".to_owned() } else { String::new() },
    ];
    texts.into_iter().map(Cell::text).collect()
}

fn table(report: &FundingReport, caption: &str, columns: Vec<Column>, rows: Vec<(Vec<Cell>, bool)>) -> Table {
    let rest = RESTS_ON.into_iter().map(|key| Column::text(key, ""));
    let row = |(mut cells, own): (Vec<Cell>, bool)| {
        cells.extend(rests_on(report));
        TableRow { cells, own }
    };
    Table {
        caption: caption.to_owned(),
        columns: columns.into_iter().chain(rest).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// The service at a place: its code with its name.
fn service(report: &FundingReport, place: usize) -> (String, [Cell; 2]) {
    let code = report.claimants.get(place).map(|claimant| claimant.service.clone()).unwrap_or_default();
    let name = report.names.get(&code).cloned().unwrap_or_default();
    let cells = [Cell::text(&code).with(&name), Cell::text(name)];
    (code, cells)
}

/// Who gets what.
pub(super) fn grants(report: &FundingReport, allocation: &Allocation, own: &BTreeSet<String>) -> Table {
    let columns = vec![
        Column::text("service", "Service"),
        Column::text("name", ""),
        Column::number("nurse_wte", "Nurse WTE"),
        Column::number("administrator_wte", "Administrator WTE"),
        Column::number("cost", "Cost a year"),
        Column::number("cover_before", "Cover now"),
        Column::number("cover_after", "Cover then"),
    ];
    let priced = report.rules.prices.iter().any(|price| *price > 0.0);
    let row = |grant: &crate::domain::workforce::allocation::Grant| {
        let (code, cells) = service(report, grant.place);
        let mut cells = Vec::from(cells);
        cells.extend([
            wte(grant.wte[0]),
            wte(grant.wte[1]),
            pounds(priced.then_some(grant.pounds)),
            cover(Some(grant.cover.0)),
            cover(Some(grant.cover.1)),
        ]);
        (cells, own.contains(&code))
    };
    table(report, "What each service gets", columns, allocation.grants.iter().map(row).collect())
}

/// Who comes first, and why.
pub(super) fn ranking(report: &FundingReport, own: &BTreeSet<String>) -> Table {
    let columns = vec![
        Column::text("service", "Service"),
        Column::text("name", ""),
        Column::number("rank", "Rank"),
        Column::number("cover", "Cover"),
        Column::number("shortfall", "WTE short"),
        Column::number("cost", "Cost a year"),
        Column::number("cases", "More cases staffed for"),
        Column::number("cases_per_100_000", "For each £100,000"),
        Column::text("reason", "Why"),
    ];
    let row = |(rank, one): (usize, &crate::domain::workforce::ranking::Ranked)| {
        let (code, cells) = service(report, one.place);
        let mut cells = Vec::from(cells);
        cells.extend([
            Cell::count(i64::try_from(rank + 1).ok()),
            cover(Some(one.cover)),
            wte(one.shortfall),
            pounds(one.cost.map(|cost| cost.0)),
            cases(one.cases),
            cases(one.cases_per_100_000),
            Cell::text(&one.reason),
        ]);
        (cells, own.contains(&code))
    };
    table(
        report,
        "Services that are short, in the order of the goal",
        columns,
        report.ranking.iter().enumerate().map(row).collect(),
    )
}

/// What the goal is measured by, with its unit.
pub(super) fn measure(goal: Goal) -> (&'static str, &'static str) {
    match goal {
        Goal::SmallestTotalShortfall => ("WTE funded", ""),
        Goal::MostExpectedCasesReached => ("More expected cases in services staffed for them", ""),
        Goal::WorstCoveredFirst => ("Lowest cover of a service that could take more", "%"),
    }
}

/// The goal's figure at a point, as it is drawn; not a number where everything is filled.
pub(super) fn figure(goal: Goal, allocation: &Allocation) -> f64 {
    match goal {
        Goal::WorstCoveredFirst => allocation.lowest_cover.1.map_or(f64::NAN, |cover| cover * 100.0),
        _ => allocation.achieved(goal),
    }
}

/// What budgets buy.
pub(super) fn frontier(report: &FundingReport) -> Table {
    let in_wte = matches!(report.rules.budget, Budget::Wte(_));
    let columns = vec![
        Column::number("budget", if in_wte { "Budget, WTE" } else { "Budget a year" }),
        Column::number("spent", "Spent"),
        Column::number("wte", "WTE funded"),
        Column::number("wte_more", "More than the step before"),
        Column::number("services", "Services"),
        Column::number("shortfall", "WTE still short"),
        Column::number("cases", "More cases staffed for"),
        Column::number("cases_more", "More than the step before"),
        Column::number("lowest_cover", "Lowest cover"),
    ];
    let money = |value: f64| if in_wte { wte(value) } else { pounds(Some(value)) };
    let gained = |allocation: &Allocation| allocation.cases.1 - allocation.cases.0;
    let mut before: Option<&Allocation> = None;
    let mut rows = Vec::new();
    for point in &report.frontier {
        let now = &point.allocation;
        let more = |of: &dyn Fn(&Allocation) -> f64| before.map(|before| of(now) - of(before));
        let first = |cell: Option<Cell>| cell.unwrap_or_else(|| Cell::missing("–"));
        rows.push((
            vec![
                money(point.budget),
                money(now.spent),
                wte(now.wte),
                first(more(&|allocation| allocation.wte).map(wte)),
                Cell::count(i64::try_from(now.grants.len()).ok()),
                wte(now.shortfall.1),
                cases(Some(gained(now))),
                first(more(&gained).map(|more| cases(Some(more)))),
                cover(now.lowest_cover.1),
            ],
            false,
        ));
        before = Some(now);
    }
    table(report, "What budgets buy", columns, rows)
}

/// Who takes no part, and why.
pub(super) fn left_out(report: &FundingReport) -> Table {
    let columns = vec![
        Column::text("service", "Service"),
        Column::text("name", ""),
        Column::text("reason", ""),
        Column::text("why", "Why it gets nothing"),
    ];
    let row = |(code, why): &(String, crate::app::funding::LeftOut)| {
        let name = report.names.get(code).cloned().unwrap_or_default();
        let cells = vec![
            Cell::text(code).with(&name),
            Cell::text(name),
            Cell::text(why.as_str()),
            Cell::text(format!("It {}.", why.words())),
        ];
        (cells, false)
    };
    table(report, "Services that take no part", columns, report.left_out.iter().map(row).collect())
}
