//! What posts cost: Agenda for Change pay, a high-cost area supplement and on-costs.
//!
//! `planning figure × (1 + supplement) × on-cost multiplier`, pounds a WTE a year, unrounded. The figures are data
//! (`seeds/pay/`); each assumption can be changed for one question, and whatever shows a cost says which were used. A
//! band or pay year without a figure is *unpriced*: its cost is missing with that as the reason, never £0.

use std::iter::Sum;
use std::ops::{Add, Mul, Sub};

use serde::{Deserialize, Serialize};

use super::standard::Role;
use crate::domain::hundredths::thousands;
use crate::domain::reference::PayPoint;

/// The pay bands that there are, whether or not a figure of theirs was read.
pub const BANDS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8a", "8b", "8c", "8d", "9"];

/// Pounds a year, unrounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Pounds(pub f64);

impl Pounds {
    /// To the nearest £100, as every page prints a cost: `£55,600`, `−£1,200`.
    pub fn shown(self) -> String {
        self.rounded_to(100.0)
    }

    /// To the nearest multiple of a number of pounds, half away from zero.
    #[expect(clippy::cast_possible_truncation, reason = "sums of money are far below 2^52 pounds")]
    pub fn rounded_to(self, pounds: f64) -> String {
        let rounded = ((self.0 / pounds).round() * pounds) as i64;
        let sign = if rounded < 0 { "−" } else { "" };
        format!("{sign}£{}", thousands(rounded.abs()))
    }
}

impl Add for Pounds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Pounds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<f64> for Pounds {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self(self.0 * factor)
    }
}

impl Sum for Pounds {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self(0.0), Add::add)
    }
}

/// Why a post has no price.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unpriced {
    /// No band of the pay year has a figure.
    #[error("no pay figures were read for {pay_year}")]
    Year {
        /// The pay year.
        pay_year: String,
    },
    /// The band has none.
    #[error("no pay figure was read for band {band} in {pay_year}")]
    Band {
        /// The pay year.
        pay_year: String,
        /// The band.
        band: String,
    },
}

/// What a cost assumes where nobody says otherwise: `seeds/pay/assumptions.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostAssumptions {
    /// The pay year, such as `2022/23`.
    pub pay_year: String,
    /// Why that one.
    pub pay_year_source: String,
    /// What an employer pays on top of pay.
    pub on_cost: OnCost,
    /// The high-cost area supplements, the default first.
    #[serde(rename = "supplement")]
    pub supplements: Vec<Supplement>,
    /// The bands of the roles.
    pub bands: RoleBands,
}

/// What an employer pays on top of pay, as a multiplier of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnCost {
    /// The multiplier: 1.27 is 27% on top.
    pub multiplier: f64,
    /// The lowest that is accepted.
    pub least: f64,
    /// The highest that is accepted.
    pub most: f64,
    /// Where it comes from.
    pub source: String,
}

/// A high-cost area supplement.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplement {
    /// Its word in addresses: `inner`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The share of pay: 0.2 is 20% on top.
    pub share: f64,
    /// Where it comes from.
    pub source: String,
}

/// The band of each role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleBands {
    /// Of nurses.
    pub nurse: String,
    /// Of administrators.
    pub administrator: String,
    /// Where they come from.
    pub source: String,
}

/// What somebody would rather assume; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CostingChoice {
    /// A pay year, such as `2023/24`.
    pub pay_year: Option<String>,
    /// The on-cost multiplier.
    pub on_cost: Option<f64>,
    /// The key of a supplement.
    pub supplement: Option<String>,
    /// The band of nurses.
    pub nurse_band: Option<String>,
    /// The band of administrators.
    pub administrator_band: Option<String>,
}

/// What of a choice cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CostingProblem {
    /// It does not read as a pay year.
    #[error("{0:?} is not a pay year. Write it as 2022/23.")]
    PayYear(String),
    /// The multiplier is no number within its limits.
    #[error("The on-cost multiplier must be from {least} to {most}; 1.27 is 27% on top of pay.")]
    OnCost {
        /// The lowest that is accepted.
        least: f64,
        /// The highest that is accepted.
        most: f64,
    },
    /// There is no such supplement.
    #[error("{given:?} is not a high-cost area supplement. There are {known}.")]
    Supplement {
        /// What was given.
        given: String,
        /// Those that there are.
        known: String,
    },
    /// There is no such band.
    #[error("{given:?} is not an Agenda for Change band. The bands are 1 to 7, 8a to 8d and 9.")]
    Band {
        /// Whose band it was to be.
        role: Role,
        /// What was given.
        given: String,
    },
}

impl CostingProblem {
    /// The field at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Self::PayYear(_) => "pay_year",
            Self::OnCost { .. } => "on_cost",
            Self::Supplement { .. } => "supplement",
            Self::Band { role: Role::Nurse, .. } => "nurse_band",
            Self::Band { role: Role::Administrator, .. } => "administrator_band",
        }
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PayYear(_) => "not_a_pay_year",
            Self::OnCost { .. } => "out_of_range",
            Self::Supplement { .. } => "unknown_supplement",
            Self::Band { .. } => "unknown_band",
        }
    }
}

/// How posts are priced.
#[derive(Debug, Clone, PartialEq)]
pub struct Costing {
    /// The pay year, such as `2022/23`.
    pub pay_year: String,
    /// The on-cost multiplier.
    pub on_cost: f64,
    /// The high-cost area supplement, the same for every post.
    pub supplement: Supplement,
    /// The band of nurses.
    pub nurse_band: String,
    /// The band of administrators.
    pub administrator_band: String,
    /// The multiplier is the assumed one.
    pub on_cost_is_assumed: bool,
    /// Where the multiplier comes from, if it is the assumed one.
    pub on_cost_source: String,
    /// The points of the pay year.
    points: Vec<PayPoint>,
}

impl Costing {
    /// The assumptions with what somebody would rather assume in their place, or all that cannot be used of it.
    pub fn new(
        pay: &[PayPoint],
        assumptions: &CostAssumptions,
        choice: &CostingChoice,
    ) -> Result<Self, Vec<CostingProblem>> {
        let mut problems = Vec::new();
        let pay_year = choice.pay_year.as_ref().unwrap_or(&assumptions.pay_year);
        if !is_pay_year(pay_year) {
            problems.push(CostingProblem::PayYear(pay_year.clone()));
        }
        let OnCost { least, most, multiplier, .. } = assumptions.on_cost;
        let on_cost = choice.on_cost.unwrap_or(multiplier);
        if !(least..=most).contains(&on_cost) {
            problems.push(CostingProblem::OnCost { least, most });
        }
        let wanted = choice.supplement.as_deref();
        let supplement = assumptions.supplements.iter().find(|one| wanted.is_none_or(|wanted| one.key == wanted));
        if supplement.is_none() {
            let known: Vec<&str> = assumptions.supplements.iter().map(|one| one.key.as_str()).collect();
            let given = wanted.unwrap_or_default().to_owned();
            problems.push(CostingProblem::Supplement { given, known: known.join(", ") });
        }
        let mut band = |role: Role, chosen: &Option<String>, assumed: &String| {
            let band = chosen.as_ref().unwrap_or(assumed).to_lowercase();
            if !BANDS.contains(&band.as_str()) {
                problems.push(CostingProblem::Band { role, given: band.clone() });
            }
            band
        };
        let nurse_band = band(Role::Nurse, &choice.nurse_band, &assumptions.bands.nurse);
        let administrator_band =
            band(Role::Administrator, &choice.administrator_band, &assumptions.bands.administrator);
        match supplement {
            Some(supplement) if problems.is_empty() => Ok(Self {
                pay_year: pay_year.clone(),
                on_cost,
                supplement: supplement.clone(),
                nurse_band,
                administrator_band,
                on_cost_is_assumed: (on_cost - multiplier).abs() < f64::EPSILON,
                on_cost_source: assumptions.on_cost.source.clone(),
                points: pay.iter().filter(|point| point.pay_year == *pay_year).cloned().collect(),
            }),
            _ => Err(problems),
        }
    }

    /// The band of a role.
    pub fn band(&self, role: Role) -> &str {
        match role {
            Role::Nurse => &self.nurse_band,
            Role::Administrator => &self.administrator_band,
        }
    }

    /// The point of a band in the pay year.
    pub fn point(&self, band: &str) -> Result<&PayPoint, Unpriced> {
        let pay_year = self.pay_year.clone();
        if self.points.is_empty() {
            return Err(Unpriced::Year { pay_year });
        }
        self.points
            .iter()
            .find(|point| point.band == band)
            .ok_or_else(|| Unpriced::Band { pay_year, band: band.to_owned() })
    }

    /// What a whole post of a band costs a year.
    #[expect(clippy::cast_precision_loss, reason = "pay is far below 2^52 pounds")]
    pub fn cost_per_wte(&self, band: &str) -> Result<Pounds, Unpriced> {
        let planning = self.point(band)?.planning_gbp as f64;
        Ok(Pounds(planning * (1.0 + self.supplement.share) * self.on_cost))
    }

    /// What a whole post of a role costs a year, at its band.
    pub fn cost_of(&self, role: Role) -> Result<Pounds, Unpriced> {
        self.cost_per_wte(self.band(role))
    }

    /// What the prices assume, a sentence each, for whatever shows them.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = Role::ALL.into_iter().map(|role| self.price_words(role)).collect();
        let multiplier = format!("On-costs: pay × {}.", self.on_cost);
        notes.push(if self.on_cost_is_assumed {
            format!("{multiplier} {}", self.on_cost_source)
        } else {
            format!("{multiplier} The reader’s own figure.")
        });
        notes.push(format!("High-cost area supplement: {}. {}", self.supplement.name, self.supplement.source));
        notes
    }

    /// "A nurse WTE (band 7) costs £55,600 a year: …"
    fn price_words(&self, role: Role) -> String {
        let (who, band) = (role.as_str(), self.band(role));
        match (self.cost_of(role), self.point(band)) {
            (Ok(cost), Ok(point)) => format!(
                "One {who} WTE (band {band}) costs {} a year: £{} pay in {}, {}. {}.",
                cost.shown(),
                thousands(point.planning_gbp),
                self.pay_year,
                point.planning_rule,
                point.source
            ),
            (Err(why), _) | (_, Err(why)) => format!("One {who} WTE (band {band}) is not priced: {why}."),
        }
    }
}

/// `2022/23`: a year and the last two digits of the next.
fn is_pay_year(text: &str) -> bool {
    let Some((first, second)) = text.split_once('/') else { return false };
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let next = first.parse::<u32>().ok().map(|year| (year + 1) % 100);
    digits(first, 4) && digits(second, 2) && next == second.parse().ok()
}

#[cfg(test)]
pub(super) mod tests;
