//! Costs as the API shows them: pounds a year, not rounded.

use chrono::NaiveDate;
use poem_openapi::{Enum, Object};

use super::gap_shapes::{GapStatus, SumKind, count};
use super::workforce::{Basis, StaffingStandard};
use crate::domain::workforce::benefit;
use crate::domain::workforce::closing::{self, CostReport, Ends, NoCost};
use crate::domain::workforce::cost::{self, Pounds};
use crate::domain::workforce::standard::Role;

/// How posts are priced: planning pay × (1 + supplement) × on-cost multiplier.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Costing {
    /// The pay year, such as `2022/23`.
    pub pay_year: String,
    /// The on-cost multiplier.
    pub on_cost: f64,
    /// The high-cost area supplement: `none`, `inner`, `outer`, `fringe`.
    pub supplement: String,
    /// Its share of pay.
    pub supplement_share: f64,
    /// The Agenda for Change band of nurses.
    pub nurse_band: String,
    /// The band of administrators.
    pub administrator_band: String,
    /// Pounds a nurse WTE a year; absent where the band has no figure in the pay year.
    pub nurse_cost: Option<f64>,
    /// Pounds an administrator WTE a year; absent where the band has no figure in the pay year.
    pub administrator_cost: Option<f64>,
    /// Where each figure comes from, and what is assumed.
    pub notes: Vec<String>,
}

impl From<&cost::Costing> for Costing {
    fn from(costing: &cost::Costing) -> Self {
        let price = |role| costing.cost_of(role).ok().map(|Pounds(pounds)| pounds);
        Self {
            pay_year: costing.pay_year.clone(),
            on_cost: costing.on_cost,
            supplement: costing.supplement.key.clone(),
            supplement_share: costing.supplement.share,
            nurse_band: costing.nurse_band.clone(),
            administrator_band: costing.administrator_band.clone(),
            nurse_cost: price(Role::Nurse),
            administrator_cost: price(Role::Administrator),
            notes: costing.notes(),
        }
    }
}

/// Why closing the gap of a role has no cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CostMissing {
    /// There is no gap to price.
    NoGap,
    /// The band has no figure in the pay year.
    Unpriced,
}

/// What closing the shortfall of one role costs a year. What is not known is absent, never 0.
#[derive(Debug, Clone, Default, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ClosingCost {
    /// Why there is no cost.
    pub missing: Option<CostMissing>,
    /// Services that the cost counts.
    pub services: u64,
    /// Shortfall at the lowest need, WTE.
    pub shortfall_low: Option<f64>,
    /// Shortfall at the highest need, WTE.
    pub shortfall_high: Option<f64>,
    /// What closing it costs at the lowest need.
    pub cost_low: Option<f64>,
    /// What closing it costs at the highest need.
    pub cost_high: Option<f64>,
    /// Services that gave their establishment: those that the split into new money and vacant posts counts.
    pub split_services: u64,
    /// The part for which no funded post stands vacant, at the lowest need.
    pub new_money_low: Option<f64>,
    /// The same at the highest need.
    pub new_money_high: Option<f64>,
    /// What the funded posts that stand vacant cost once they are filled, at the lowest need.
    pub vacant_low: Option<f64>,
    /// The same at the highest need.
    pub vacant_high: Option<f64>,
}

fn ends(ends: Option<Ends<Pounds>>) -> (Option<f64>, Option<f64>) {
    (ends.map(|ends| ends.low.0), ends.map(|ends| ends.high.0))
}

impl From<Result<&closing::ClosingCost, &NoCost>> for ClosingCost {
    fn from(cost: Result<&closing::ClosingCost, &NoCost>) -> Self {
        let cost = match cost {
            Ok(cost) => cost,
            Err(why) => {
                let missing = match why {
                    NoCost::NoGap(_) | NoCost::NoService => CostMissing::NoGap,
                    NoCost::Unpriced(_) => CostMissing::Unpriced,
                };
                return Self { missing: Some(missing), ..Self::default() };
            }
        };
        let (cost_low, cost_high) = ends(Some(cost.cost));
        let (new_money_low, new_money_high) = ends(cost.split.map(|split| split.new_money));
        let (vacant_low, vacant_high) = ends(cost.split.map(|split| split.vacant));
        Self {
            missing: None,
            services: count(cost.services),
            shortfall_low: Some(cost.shortfall.low),
            shortfall_high: Some(cost.shortfall.high),
            cost_low,
            cost_high,
            split_services: count(cost.split.map_or(0, |split| split.services)),
            new_money_low,
            new_money_high,
            vacant_low,
            vacant_high,
        }
    }
}

/// What closing the gap of one service costs on one basis.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CostRow {
    /// Unit code of the service.
    pub service: String,
    /// Name of the service.
    pub name: String,
    /// The area in which it counts.
    pub area: Option<String>,
    /// Audit year.
    pub year: i32,
    /// Which population the need rests on.
    pub basis: Basis,
    /// Whether the gap can be computed.
    pub status: GapStatus,
    /// Nurses.
    pub nurses: ClosingCost,
    /// Administrators.
    pub administrators: ClosingCost,
    /// Both roles at the lowest need; absent unless both have a cost.
    pub cost_low: Option<f64>,
    /// Both roles at the highest need.
    pub cost_high: Option<f64>,
}

/// What closing the gaps of an area's services costs on one basis.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AreaCost {
    /// Code of the area; `all` for every service of the report.
    pub code: String,
    /// Name of the area.
    pub name: String,
    /// What the sum is over.
    pub kind: SumKind,
    /// The code of the area above it.
    pub parent: Option<String>,
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Services that lie in the area.
    pub services: u64,
    /// Nurses.
    pub nurses: ClosingCost,
    /// Administrators.
    pub administrators: ClosingCost,
    /// Both roles at the lowest need; absent unless both have a cost.
    pub cost_low: Option<f64>,
    /// Both roles at the highest need.
    pub cost_high: Option<f64>,
}

/// What closing the gaps of a round costs.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CostList {
    /// What it comes to on each basis.
    pub statement: String,
    /// The round under all its names.
    pub round: String,
    /// The day whose area tree groups the services.
    pub geography_as_at: NaiveDate,
    /// The day of the newest answer that counts.
    pub data_as_at: Option<NaiveDate>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The area that the report is limited to.
    pub area: Option<String>,
    /// What the needs are measured by.
    pub standard: StaffingStandard,
    /// How posts are priced.
    pub costing: Costing,
    /// A row for each service and basis, sorted by service, then basis.
    pub items: Vec<CostRow>,
    /// The sums of the whole report, not of one page: everything first, then nations, regions, ICBs and health boards.
    pub areas: Vec<AreaCost>,
    /// What closing the gaps may bring; there where `benefit` asks for it.
    pub benefits: Option<Benefits>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// What a coefficient comes to on one basis.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BenefitFigure {
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Closing to the lowest need.
    pub low: Option<f64>,
    /// Closing to the highest need.
    pub high: Option<f64>,
}

/// A coefficient with what it comes to.
#[derive(Debug, Clone, Object)]
pub struct BenefitEffect {
    /// Stable word: `fractures`, `hip_fractures`, `bed_days`, `savings` …
    pub key: String,
    /// Its name, with its unit.
    pub name: String,
    /// The coefficient.
    pub coefficient: f64,
    /// It is the reader's own, not the published one.
    pub own: bool,
    /// What it comes to on each basis.
    pub figures: Vec<BenefitFigure>,
}

/// What the coefficients were applied to on one basis.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct BenefitBase {
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Expected cases in services that would be staffed for them besides, at the lowest need.
    pub cases_low: Option<f64>,
    /// The same at the highest need.
    pub cases_high: Option<f64>,
    /// Services that these are counted over.
    pub services: u64,
}

/// What closing the gaps may bring, by published coefficients. Other people's figures: nothing in the audit shows that
/// posts bring them.
#[derive(Debug, Clone, Object)]
pub struct Benefits {
    /// The id of the source.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the coefficients are given for, in words.
    pub per: String,
    /// Where they are stated.
    pub source: String,
    /// Their range, or that none was read.
    pub range: String,
    /// What is to be kept in mind.
    pub caution: String,
    /// What they were applied to.
    pub applied: Vec<BenefitBase>,
    /// The coefficients.
    pub effects: Vec<BenefitEffect>,
}

impl From<&benefit::BenefitReport> for Benefits {
    fn from(report: &benefit::BenefitReport) -> Self {
        let model = &report.model;
        let base = |applied: &benefit::Applied| BenefitBase {
            basis: applied.basis.into(),
            cases_low: applied.patients.map(|all| all.low),
            cases_high: applied.patients.map(|all| all.high),
            services: count(applied.services),
        };
        let effect = |one: &benefit::Benefit| BenefitEffect {
            key: one.effect.key.clone(),
            name: one.effect.name.clone(),
            coefficient: one.effect.value,
            own: one.is_own,
            figures: report
                .applied
                .iter()
                .zip(one.comes_to)
                .map(|(applied, ends)| BenefitFigure {
                    basis: applied.basis.into(),
                    low: ends.map(|ends| ends.low),
                    high: ends.map(|ends| ends.high),
                })
                .collect(),
        };
        Self {
            id: model.id.clone(),
            name: model.name.clone(),
            per: model.per.words().to_owned(),
            source: model.source.clone(),
            range: model.range.clone(),
            caution: model.caution.clone(),
            applied: report.applied.iter().map(base).collect(),
            effects: report.benefits.iter().map(effect).collect(),
        }
    }
}

impl CostRow {
    /// A row of a report.
    pub fn new((row, cost): (&crate::domain::workforce::gap::GapRow, &closing::Closing)) -> Self {
        let (cost_low, cost_high) = ends(cost.total());
        Self {
            service: row.service.clone(),
            name: row.name.clone(),
            area: row.area.clone(),
            year: row.year,
            basis: row.basis.into(),
            status: row.status.into(),
            nurses: cost.role(Role::Nurse).into(),
            administrators: cost.role(Role::Administrator).into(),
            cost_low,
            cost_high,
        }
    }
}

impl AreaCost {
    /// The areas of a report that are wanted.
    pub fn of(report: &CostReport, wanted: impl Fn(crate::domain::workforce::standard::Basis) -> bool) -> Vec<Self> {
        let areas = report.areas().filter(|(sum, _)| wanted(sum.basis));
        areas
            .map(|(sum, cost)| {
                let (cost_low, cost_high) = ends(cost.total());
                Self {
                    code: sum.code.clone(),
                    name: sum.name.clone(),
                    kind: sum.kind.into(),
                    parent: sum.parent.clone(),
                    basis: sum.basis.into(),
                    services: count(sum.services),
                    nurses: cost.role(Role::Nurse).into(),
                    administrators: cost.role(Role::Administrator).into(),
                    cost_low,
                    cost_high,
                }
            })
            .collect()
    }
}
