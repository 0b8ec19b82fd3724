//! The services of the gap page: a table, and a chart of the same rows in the same order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::Serialize;

use super::query::{GapPageQuery, SortKey};
use crate::charts::gap_bars::{GapBarRow, GapBars, Lane, gap_bars, gap_bars_key};
use crate::domain::area::AreaTree;
use crate::domain::workforce::gap::{GapRow, GapStatus, RoleGap};
use crate::domain::workforce::report::{GapReport, display_wte};
use crate::domain::workforce::standard::{Basis, Role};
use crate::formats::display::{cover_range, people, wte_range};
use crate::web::business_case;

/// A service with its row on each basis.
#[derive(Debug, Clone)]
pub(super) struct Pair<'a> {
    first: &'a GapRow,
    second: &'a GapRow,
    area_name: String,
    own: bool,
}

impl<'a> Pair<'a> {
    fn on(&self, basis: Basis) -> &'a GapRow {
        match basis {
            Basis::AsReported => self.first,
            Basis::Aged50Plus => self.second,
        }
    }
}

/// The services of a report that the filter by name lets through, sorted as asked.
pub(super) fn sorted_pairs<'a>(
    report: &'a GapReport,
    tree: &AreaTree,
    query: &GapPageQuery,
    own: &BTreeSet<String>,
) -> Vec<Pair<'a>> {
    let wanted = query.text.to_lowercase();
    let area_name = |row: &GapRow| {
        let area = row.area.as_deref().and_then(|code| tree.get(code));
        area.map_or_else(|| "not in this geography".to_owned(), |area| area.name.clone())
    };
    let mut pairs: Vec<Pair<'_>> = report
        .rows_on(Basis::AsReported)
        .zip(report.rows_on(Basis::Aged50Plus))
        .filter(|(row, _)| row.name.to_lowercase().contains(&wanted) || row.service.to_lowercase().contains(&wanted))
        .map(|(first, second)| Pair { first, second, area_name: area_name(first), own: own.contains(&first.service) })
        .collect();
    // The sort is stable and the report is sorted by code, so services that are equal stay in that order.
    pairs.sort_by(|a, b| compare(a, b, query));
    pairs
}

fn compare(a: &Pair<'_>, b: &Pair<'_>, query: &GapPageQuery) -> Ordering {
    let figure = |pair: &Pair<'_>| match query.sort {
        SortKey::Service | SortKey::Area => None,
        SortKey::InPost => pair.first.role(query.role).in_post,
        SortKey::Funded => pair.first.role(query.role).establishment,
        SortKey::Gap(basis) => pair.on(basis).role(query.role).gap_low,
        SortKey::Cover(basis) => pair.on(basis).role(query.role).cover_low,
    };
    let turned = |ordering: Ordering| if query.descending { ordering.reverse() } else { ordering };
    match query.sort {
        SortKey::Service => turned(a.first.name.cmp(&b.first.name)),
        SortKey::Area => turned(a.area_name.cmp(&b.area_name)),
        _ => match (figure(a), figure(b)) {
            (Some(a), Some(b)) => turned(a.total_cmp(&b)),
            // What has no figure comes last, whichever way round.
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        },
    }
}

/// A column that the table can be sorted by.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    text: &'static str,
    href: String,
    aria_sort: Option<&'static str>,
    arrow: &'static str,
    numeric: bool,
    group: &'static str,
}

/// The columns in printed order.
pub(super) fn columns(query: &GapPageQuery) -> Vec<Column> {
    let [first, second] = Basis::ALL;
    let all = [
        (SortKey::Service, "Service", ""),
        (SortKey::Area, "Area", ""),
        (SortKey::InPost, "In post", ""),
        (SortKey::Funded, "Funded", ""),
        (SortKey::Gap(first), "Gap", first.label()),
        (SortKey::Cover(first), "Cover", first.label()),
        (SortKey::Gap(second), "Gap", second.label()),
        (SortKey::Cover(second), "Cover", second.label()),
    ];
    let column = |(key, text, group): (SortKey, &'static str, &'static str)| {
        let here = key == query.sort;
        Column {
            text,
            href: query.sorted_by(key),
            aria_sort: here.then_some(if query.descending { "descending" } else { "ascending" }),
            arrow: match (here, query.descending) {
                (true, true) => "▼",
                (true, false) => "▲",
                (false, _) => "",
            },
            numeric: !matches!(key, SortKey::Service | SortKey::Area),
            group,
        }
    };
    all.into_iter().map(column).collect()
}

/// A row of the table.
#[derive(Debug, Serialize)]
pub(super) struct ServiceRow {
    code: String,
    name: String,
    own: bool,
    area: String,
    business_case: String,
    in_post: Option<String>,
    funded: Option<String>,
    bases: Vec<BasisCells>,
}

/// The cells of a row on one basis.
#[derive(Debug, Serialize)]
struct BasisCells {
    basis: &'static str,
    people: Option<String>,
    estimated: bool,
    need: Option<String>,
    gap: Option<String>,
    cover: Option<String>,
    position: &'static str,
    /// Why there is no gap.
    words: &'static str,
}

/// Why a role of a service has no gap on a basis. A service can be computed for one role and lack the other's staff.
fn missing_words(row: &GapRow) -> &'static str {
    match row.status {
        GapStatus::Ok => GapStatus::StaffingMissing.label(),
        status => status.label(),
    }
}

fn range_of(low: Option<f64>, high: Option<f64>, print: fn(f64, f64) -> String) -> Option<String> {
    Some(print(low?, high?))
}

/// The rows of the table.
pub(super) fn service_rows(pairs: &[Pair<'_>], role: Role) -> Vec<ServiceRow> {
    let cells = |row: &GapRow| {
        let gap: &RoleGap = row.role(role);
        BasisCells {
            basis: row.basis.label(),
            people: row.population.as_ref().map(|population| people(population.people)),
            estimated: row.population.as_ref().is_some_and(|population| population.estimated_with.is_some()),
            need: range_of(gap.need_low, gap.need_high, wte_range),
            gap: range_of(gap.gap_low, gap.gap_high, wte_range),
            cover: range_of(gap.cover_low, gap.cover_high, cover_range),
            position: gap.position.as_str(),
            words: missing_words(row),
        }
    };
    let row = |pair: &Pair<'_>| ServiceRow {
        code: pair.first.service.clone(),
        name: pair.first.name.clone(),
        own: pair.own,
        area: pair.area_name.clone(),
        business_case: business_case::href(pair.first.year, &pair.first.service),
        in_post: pair.first.role(role).in_post.map(display_wte),
        funded: pair.first.role(role).establishment.map(display_wte),
        bases: vec![cells(pair.first), cells(pair.second)],
    };
    pairs.iter().map(row).collect()
}

/// The chart: its key, and panels of a few services each, so that paper can break between them.
#[derive(Debug, Serialize)]
pub(super) struct ChartView {
    key: String,
    panels: Vec<String>,
}

/// Services in one panel.
const PANEL: usize = 10;

/// The drawings of the rows.
pub(super) fn chart(pairs: &[Pair<'_>], role: Role) -> ChartView {
    let lane = |row: &GapRow| {
        let gap = row.role(role);
        Lane { need: gap.need_low.zip(gap.need_high), words: missing_words(row).to_owned() }
    };
    let rows: Vec<GapBarRow> = pairs
        .iter()
        .map(|pair| GapBarRow {
            label: format!("{} {}", pair.first.service, short_name(&pair.first.name)),
            ringed: pair.own,
            in_post: pair.first.role(role).in_post,
            lanes: [lane(pair.first), lane(pair.second)],
        })
        .collect();
    let description = "For each service a dot marks the staff in post and two bars the recommended range: filled on the \
         population as reported, outlined on the population aged 50 and over. The figures are in the tables.";
    let panels = rows.chunks(PANEL).enumerate().map(|(index, panel)| {
        let from = index * PANEL + 1;
        let to = from + panel.len() - 1;
        let title = format!("{} in post and recommended, services {from} to {to} of {}", capital(role), rows.len());
        gap_bars(&GapBars {
            id: &format!("chart-{}", index + 1),
            title: &title,
            description,
            lanes: ["All", "50+"],
            rows: panel,
            scale_rows: &rows,
        })
    });
    ChartView { key: gap_bars_key(["all ages as reported", "aged 50 and over"]), panels: panels.collect() }
}

/// The role's plural at the beginning of a line.
pub(super) fn capital(role: Role) -> &'static str {
    match role {
        Role::Nurse => "Nurses",
        Role::Administrator => "Administrators",
    }
}

/// A service's name short enough to stand on a line of a narrow screen.
fn short_name(name: &str) -> String {
    const LONGEST: usize = 34;
    let short = name.replace("Fracture Liaison Service", "FLS");
    if short.chars().count() <= LONGEST {
        return short;
    }
    let cut: String = short.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}
