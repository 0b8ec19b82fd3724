//! What it costs to close the gap: the shortfall of each service, priced.
//!
//! A shortfall is what a short service lacks; a surplus next door pays for nobody, so areas are sums of shortfalls. Each
//! splits in two: posts that are funded and stand vacant, whose money is there, and the rest, which takes *new money*.

use super::cost::{Costing, Pounds, Unpriced};
use super::gap::{End, GapRow, GapStatus, RoleGap};
use super::report::GapReport;
use super::standard::{Basis, Role};
use super::sums::{AreaGap, RoleSum};

/// A figure at the lowest and at the highest need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends<T> {
    /// At the lowest need.
    pub low: T,
    /// At the highest need.
    pub high: T,
}

impl<T: Copy> Ends<T> {
    /// The figure at one end.
    pub fn at(self, end: End) -> T {
        match end {
            End::Low => self.low,
            End::High => self.high,
        }
    }
}

impl Ends<f64> {
    fn priced(self, per_wte: Pounds) -> Ends<Pounds> {
        Ends { low: per_wte * self.low, high: per_wte * self.high }
    }

    fn minus(self, other: Self) -> Self {
        Self { low: self.low - other.low, high: self.high - other.high }
    }
}

impl Ends<Pounds> {
    fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    /// `£10,100 to £20,200 a year`, or one figure where both print the same.
    pub fn shown(self) -> String {
        let (low, high) = (self.low.shown(), self.high.shown());
        if low == high { low } else { format!("{low} to {high}") }
    }
}

/// Why closing the gap of a role has no cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCost {
    /// The service has no gap to price, and why.
    NoGap(GapStatus),
    /// No service of the area has one.
    NoService,
    /// The post has no price.
    Unpriced(Unpriced),
}

impl NoCost {
    /// The word used in the API and in files.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoGap(_) | Self::NoService => "no_gap",
            Self::Unpriced(_) => "unpriced",
        }
    }

    /// What it means, for pages.
    pub fn words(&self) -> String {
        match self {
            // A service can be computed for one role and lack the other's staff.
            Self::NoGap(GapStatus::Ok) => GapStatus::StaffingMissing.label().to_owned(),
            Self::NoGap(status) => status.label().to_owned(),
            Self::NoService => "No service has a gap".to_owned(),
            Self::Unpriced(why) => format!("Not priced: {why}"),
        }
    }
}

/// Which of a cost is new money, over the services that gave their establishment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoneySplit {
    /// Services that gave it.
    pub services: usize,
    /// What no funded post stands for.
    pub new_money: Ends<Pounds>,
    /// What the vacant posts that are funded already cost when they are filled.
    pub vacant: Ends<Pounds>,
}

/// What closing the shortfall of one role costs a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClosingCost {
    /// Services that it counts.
    pub services: usize,
    /// The shortfall, WTE.
    pub shortfall: Ends<f64>,
    /// What closing it costs.
    pub cost: Ends<Pounds>,
    /// Which of it is new money; `None` where no establishment is known.
    pub split: Option<MoneySplit>,
}

impl ClosingCost {
    fn of_service(gap: &RoleGap, status: GapStatus, per_wte: &Result<Pounds, Unpriced>) -> Result<Self, NoCost> {
        let ends =
            |of: fn(&RoleGap, End) -> Option<f64>| Some(Ends { low: of(gap, End::Low)?, high: of(gap, End::High)? });
        let shortfall = ends(RoleGap::shortfall).ok_or(NoCost::NoGap(status))?;
        let unfunded = ends(RoleGap::unfunded_shortfall).map(|unfunded| (1, shortfall, unfunded));
        Self::priced(1, shortfall, unfunded, per_wte)
    }

    fn of_area(sum: &RoleSum, per_wte: &Result<Pounds, Unpriced>) -> Result<Self, NoCost> {
        if sum.services_counted == 0 {
            return Err(NoCost::NoService);
        }
        let split = &sum.split;
        let unfunded = (split.services > 0).then_some((
            split.services,
            Ends { low: split.shortfall_low, high: split.shortfall_high },
            Ends { low: split.unfunded_shortfall_low, high: split.unfunded_shortfall_high },
        ));
        let shortfall = Ends { low: sum.shortfall_low, high: sum.shortfall_high };
        Self::priced(sum.services_counted, shortfall, unfunded, per_wte)
    }

    fn priced(
        services: usize,
        shortfall: Ends<f64>,
        split: Option<(usize, Ends<f64>, Ends<f64>)>,
        per_wte: &Result<Pounds, Unpriced>,
    ) -> Result<Self, NoCost> {
        let per_wte = per_wte.clone().map_err(NoCost::Unpriced)?;
        let split = split.map(|(services, of, unfunded)| MoneySplit {
            services,
            new_money: unfunded.priced(per_wte),
            vacant: of.minus(unfunded).priced(per_wte),
        });
        Ok(Self { services, shortfall, cost: shortfall.priced(per_wte), split })
    }
}

/// What closing the gap of a service or of an area costs on one basis.
#[derive(Debug, Clone, PartialEq)]
pub struct Closing {
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Nurses.
    pub nurses: Result<ClosingCost, NoCost>,
    /// Administrators.
    pub administrators: Result<ClosingCost, NoCost>,
}

impl Closing {
    fn new(basis: Basis, mut of: impl FnMut(Role) -> Result<ClosingCost, NoCost>) -> Self {
        Self { basis, nurses: of(Role::Nurse), administrators: of(Role::Administrator) }
    }

    /// The cost of one role.
    pub fn role(&self, role: Role) -> Result<&ClosingCost, &NoCost> {
        match role {
            Role::Nurse => self.nurses.as_ref(),
            Role::Administrator => self.administrators.as_ref(),
        }
    }

    /// Both roles together; `None` unless both have a cost.
    pub fn total(&self) -> Option<Ends<Pounds>> {
        Some(self.nurses.as_ref().ok()?.cost.plus(self.administrators.as_ref().ok()?.cost))
    }

    /// The split of both roles together; `None` unless both have one.
    pub fn split(&self) -> Option<MoneySplit> {
        let (nurses, administrators) = (self.nurses.as_ref().ok()?.split?, self.administrators.as_ref().ok()?.split?);
        Some(MoneySplit {
            services: nurses.services.min(administrators.services),
            new_money: nurses.new_money.plus(administrators.new_money),
            vacant: nurses.vacant.plus(administrators.vacant),
        })
    }
}

/// What closing the gaps of a report costs.
#[derive(Debug, Clone)]
pub struct CostReport {
    /// The gaps.
    pub gaps: GapReport,
    /// How posts are priced.
    pub costing: Costing,
    /// A cost for each of `gaps.rows`, in their order.
    rows: Vec<Closing>,
    /// A cost for each of `gaps.areas`, in their order.
    areas: Vec<Closing>,
}

impl CostReport {
    /// Prices the gaps of a report.
    pub fn new(gaps: GapReport, costing: Costing) -> Self {
        let prices = Role::ALL.map(|role| costing.cost_of(role));
        let price = |role| match role {
            Role::Nurse => &prices[0],
            Role::Administrator => &prices[1],
        };
        let of_row = |row: &GapRow| {
            Closing::new(row.basis, |role| ClosingCost::of_service(row.role(role), row.status, price(role)))
        };
        let of_area = |sum: &AreaGap| Closing::new(sum.basis, |role| ClosingCost::of_area(sum.role(role), price(role)));
        let (rows, areas) = (gaps.rows.iter().map(of_row).collect(), gaps.areas.iter().map(of_area).collect());
        Self { gaps, costing, rows, areas }
    }

    /// Every service on each basis with what closing its gap costs, sorted by service, then basis.
    pub fn rows(&self) -> impl Iterator<Item = (&GapRow, &Closing)> {
        self.gaps.rows.iter().zip(&self.rows)
    }

    /// Every area on each basis with what closing the gaps of its services costs, everything first.
    pub fn areas(&self) -> impl Iterator<Item = (&AreaGap, &Closing)> {
        self.gaps.areas.iter().zip(&self.areas)
    }

    /// Leaves one service alone, which is then its own sum; nothing is said of areas.
    pub fn keep_to_service(&mut self, code: &str) {
        let rows = std::mem::take(&mut self.gaps.rows).into_iter().zip(std::mem::take(&mut self.rows));
        (self.gaps.rows, self.rows) = rows.filter(|(row, _)| row.service == code).unzip();
        self.gaps.areas.clear();
        self.areas.clear();
    }

    /// The whole report on a basis.
    pub fn total(&self, basis: Basis) -> Option<&Closing> {
        if self.areas.is_empty() {
            return self.rows().find(|(row, _)| row.basis == basis).map(|(_, closing)| closing);
        }
        self.areas().find(|(sum, _)| sum.code == "all" && sum.basis == basis).map(|(_, closing)| closing)
    }

    /// What holds on each basis, in a sentence or two.
    pub fn statement(&self) -> String {
        let on = |basis: Basis| {
            let cost = self.total(basis)?.total()?;
            Some(format!("{} a year on the {}", cost.shown(), basis.in_a_sentence()))
        };
        let costs: Vec<String> = Basis::ALL.into_iter().filter_map(on).collect();
        if costs.is_empty() {
            let unpriced = Role::ALL.into_iter().find_map(|role| self.costing.cost_of(role).err());
            return match unpriced {
                Some(why) => format!("Closing the gap cannot be priced: {why}. Choose another pay year or band."),
                None => "No service has a gap that can be computed for both roles, so nothing can be priced.".into(),
            };
        }
        format!("Bringing every short service up to the recommended staffing would cost {}.", costs.join(", and "))
    }
}

#[cfg(test)]
mod tests;
