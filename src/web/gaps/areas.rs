//! The sums of each area.

use serde::Serialize;

use super::query::GapPageQuery;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::{Basis, Role};
use crate::domain::workforce::sums::{AreaGap, SumKind, UnmappedHospitals};
use crate::formats::display::{thousands, wte_range};

/// One area.
#[derive(Debug, Serialize)]
pub(super) struct AreaRow {
    name: String,
    code: String,
    kind: &'static str,
    /// The page of the area; none for the sum over everything.
    href: Option<String>,
    services: usize,
    bases: Vec<AreaBasis>,
    unmapped_hospitals: usize,
    unmapped_cases: String,
    /// Unmapped hospitals whose hip fractures are not known.
    unmapped_without: usize,
}

/// The sums of an area on one basis.
#[derive(Debug, Serialize)]
struct AreaBasis {
    counted: usize,
    missing: usize,
    net_gap: String,
    shortfall: String,
    area_need: String,
}

impl AreaBasis {
    fn new(area: &AreaGap, role: Role) -> Self {
        let sum = area.role(role);
        let counted = |text: String| if sum.services_counted == 0 { "–".to_owned() } else { text };
        Self {
            counted: sum.services_counted,
            missing: sum.services_missing,
            net_gap: counted(wte_range(sum.net_gap_low, sum.net_gap_high)),
            shortfall: counted(wte_range(sum.shortfall_low, sum.shortfall_high)),
            area_need: area
                .area_need(role)
                .map_or_else(|| "no population figure".into(), |need| wte_range(need.low, need.high)),
        }
    }
}

fn cases(unmapped: UnmappedHospitals) -> String {
    let unknown = unmapped.hospitals > 0 && unmapped.hospitals == unmapped.without_figure;
    if unknown { "not known".into() } else { thousands(unmapped.expected_cases) }
}

/// The areas of a report, each with both bases.
pub(super) fn area_rows(report: &GapReport, query: &GapPageQuery) -> Vec<AreaRow> {
    let firsts = report.areas.iter().filter(|area| area.basis == Basis::AsReported);
    firsts
        .map(|area| {
            let on = |basis: Basis| report.areas.iter().find(move |a| a.code == area.code && a.basis == basis);
            AreaRow {
                name: area.name.clone(),
                code: area.code.clone(),
                kind: area.kind.label(),
                href: (area.kind != SumKind::All).then(|| query.of_area(Some(&area.code))),
                services: area.services,
                bases: Basis::ALL.into_iter().filter_map(on).map(|a| AreaBasis::new(a, query.role)).collect(),
                unmapped_hospitals: area.unmapped.hospitals,
                unmapped_cases: cases(area.unmapped),
                unmapped_without: area.unmapped.without_figure,
            }
        })
        .collect()
}
