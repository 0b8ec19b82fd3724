//! The sums at the head of the gap page: both bases side by side, for both roles.

use serde::Serialize;

use crate::domain::workforce::report::{GapReport, display_wte};
use crate::domain::workforce::standard::{Basis, Role};
use crate::domain::workforce::sums::{AreaGap, RoleSum};
use crate::formats::display::{cover_range, people, wte_range};

/// One basis.
#[derive(Debug, Serialize)]
pub(super) struct BasisTotals {
    key: &'static str,
    label: &'static str,
    /// People served, and over how many services.
    served: String,
    served_by: String,
    /// The whole population of the area, where every part has a figure.
    area_people: Option<String>,
    roles: Vec<RoleTotals>,
}

/// One role on one basis. A figure that counts no service is a dash, never 0.
#[derive(Debug, Serialize)]
pub(super) struct RoleTotals {
    role: &'static str,
    counted: usize,
    missing: usize,
    in_post: String,
    need: String,
    net_gap: String,
    shortfall: String,
    cover: String,
    below: usize,
    within: usize,
    meets: usize,
    unfunded: String,
    vacant: String,
    split_services: usize,
    area_need: String,
}

const NONE: &str = "–";

impl BasisTotals {
    /// Both bases, in their order.
    pub(super) fn of(report: &GapReport) -> Vec<Self> {
        Basis::ALL.into_iter().filter_map(|basis| report.total(basis)).map(Self::new).collect()
    }

    fn new(total: &AreaGap) -> Self {
        Self {
            key: total.basis.as_str(),
            label: total.basis.label(),
            served: total.population_served.map_or_else(|| NONE.into(), people),
            served_by: super::counted(total.population_services, "service"),
            area_people: total.area_population.map(people),
            roles: Role::ALL.into_iter().map(|role| RoleTotals::new(role, total)).collect(),
        }
    }
}

impl RoleTotals {
    fn new(role: Role, total: &AreaGap) -> Self {
        let sum: &RoleSum = total.role(role);
        let counted = |text: String| if sum.services_counted == 0 { NONE.to_owned() } else { text };
        let split = |text: String| if sum.split.services == 0 { NONE.to_owned() } else { text };
        let cover = if sum.need_low > 0.0 {
            cover_range(sum.in_post / sum.need_high, sum.in_post / sum.need_low)
        } else {
            NONE.to_owned()
        };
        Self {
            role: role.plural(),
            counted: sum.services_counted,
            missing: sum.services_missing,
            in_post: counted(display_wte(sum.in_post)),
            need: counted(wte_range(sum.need_low, sum.need_high)),
            net_gap: counted(wte_range(sum.net_gap_low, sum.net_gap_high)),
            shortfall: counted(wte_range(sum.shortfall_low, sum.shortfall_high)),
            cover,
            below: sum.below,
            within: sum.within,
            meets: sum.meets,
            unfunded: split(wte_range(sum.split.unfunded_low, sum.split.unfunded_high)),
            vacant: split(display_wte(sum.split.vacant)),
            split_services: sum.split.services,
            area_need: total
                .area_need(role)
                .map_or_else(|| "no population figure".into(), |need| wte_range(need.low, need.high)),
        }
    }
}
