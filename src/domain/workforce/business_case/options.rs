//! The options of a business case: what each puts in post, what gap it leaves, and what it costs a year.

use super::super::closing::{Closing, CostReport, Ends};
use super::super::cost::Pounds;
use super::super::gap::{End, GapRow};
use super::super::scenario::Outcome;
use super::super::standard::{Basis, Role};
use super::said::{CaseUnit, Said};

/// A saved scenario that the reader names, worked out.
#[derive(Debug, Clone, Copy)]
pub struct NamedScenario<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What is done, a line each.
    pub done: &'a [String],
    /// What becomes of the gap.
    pub outcome: &'a Outcome,
}

/// One role in an option.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OptionRole {
    /// WTE more in post than today; `None` where that is not known.
    pub added: Option<f64>,
    /// The gap that is left at the lowest and the highest need, WTE.
    pub left: Option<Ends<f64>>,
}

/// An option on one basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionOnBasis {
    /// Which population the need rests on.
    pub basis: Basis,
    /// Nurses.
    pub nurses: OptionRole,
    /// Administrators.
    pub administrators: OptionRole,
    /// What it costs a year; `None` where a role has no figure or no price.
    pub cost: Option<Pounds>,
    /// The part of the cost for which no funded post stands vacant; `None` where that is not known.
    pub new_money: Option<Pounds>,
}

impl OptionOnBasis {
    /// The figures of a role.
    pub fn role(&self, role: Role) -> OptionRole {
        match role {
            Role::Nurse => self.nurses,
            Role::Administrator => self.administrators,
        }
    }
}

/// An option.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseOption {
    /// Its stable word: `do_nothing`, `fill_vacancies`, `close_low`, `close_high`, `scenario_` and an id.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What is done, a line each.
    pub done: Vec<String>,
    /// On each basis.
    pub on: Vec<OptionOnBasis>,
}

/// An option of the four that every case has, before its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usual {
    DoNothing,
    FillVacancies,
    Close(End),
}

impl Usual {
    const ALL: [Self; 4] = [Self::DoNothing, Self::FillVacancies, Self::Close(End::Low), Self::Close(End::High)];

    fn key(self) -> &'static str {
        match self {
            Self::DoNothing => "do_nothing",
            Self::FillVacancies => "fill_vacancies",
            Self::Close(End::Low) => "close_low",
            Self::Close(End::High) => "close_high",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::DoNothing => "Do nothing",
            Self::FillVacancies => "Fill the vacancies",
            Self::Close(End::Low) => "Close the gap to the lowest need",
            Self::Close(End::High) => "Close the gap to the highest need",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::DoNothing => "The staff in post stay as they are.",
            Self::FillVacancies => "Every funded post that stands vacant is filled; none is added.",
            Self::Close(_) => "What is short is filled, from vacant posts first and then by new ones.",
        }
    }

    /// WTE more of a role.
    fn added(self, row: &GapRow, role: Role) -> Option<f64> {
        let gap = row.role(role);
        match self {
            Self::DoNothing => gap.in_post.map(|_| 0.0),
            Self::FillVacancies => gap.vacant.map(|vacant| vacant.max(0.0)),
            Self::Close(end) => gap.shortfall(end),
        }
    }

    fn on(self, row: &GapRow, closing: &Closing, costs: &CostReport) -> OptionOnBasis {
        let role = |role: Role| {
            let (gap, added) = (row.role(role), self.added(row, role));
            let left = |gap: Option<f64>| Some(gap? - added?);
            let ends = left(gap.gap_low).zip(left(gap.gap_high));
            OptionRole { added, left: ends.map(|(low, high)| Ends { low, high }) }
        };
        let (nurses, administrators) = (role(Role::Nurse), role(Role::Administrator));
        let nothing = Some(Pounds(0.0));
        let (cost, new_money) = match self {
            Self::DoNothing => (nothing, nothing),
            Self::FillVacancies => {
                let of = |one: OptionRole, role: Role| Some(costs.costing.cost_of(role).ok()? * one.added?);
                let both = of(nurses, Role::Nurse).zip(of(administrators, Role::Administrator));
                let cost = both.map(|(nurses, administrators)| nurses + administrators);
                (cost, cost.and(nothing))
            }
            Self::Close(end) => {
                (closing.total().map(|cost| cost.at(end)), closing.split().map(|split| split.new_money.at(end)))
            }
        };
        OptionOnBasis { basis: row.basis, nurses, administrators, cost, new_money }
    }
}

fn of_scenario(scenario: &NamedScenario<'_>) -> CaseOption {
    let (today, last) = (scenario.outcome.years.first(), scenario.outcome.years.last());
    let role = |role: Role, basis: Basis| {
        let of = |year: Option<&super::super::scenario::ScenarioYear>| {
            year?.role(role, basis).filter(|found| found.counts()).map(|found| found.sum)
        };
        let (Some(today), Some(last)) = (of(today), of(last)) else { return OptionRole::default() };
        OptionRole {
            added: Some(last.in_post - today.in_post),
            left: Some(Ends { low: last.net_gap_low, high: last.net_gap_high }),
        }
    };
    let cost = last.and_then(|year| year.cost.as_ref().ok()).map(|cost| cost.added);
    let on = Basis::ALL.map(|basis| {
        let (nurses, administrators) = (role(Role::Nurse, basis), role(Role::Administrator, basis));
        // Of a role that is not known nothing is in the cost.
        let cost = cost.filter(|_| nurses.added.is_some() && administrators.added.is_some());
        OptionOnBasis { basis, nurses, administrators, cost, new_money: None }
    });
    CaseOption {
        key: format!("scenario_{}", scenario.id),
        name: format!("The scenario “{}”", scenario.name),
        done: scenario.done.to_vec(),
        on: on.into(),
    }
}

/// The options of one service, with the scenarios that the reader names.
pub fn options(costs: &CostReport, scenarios: &[NamedScenario<'_>]) -> Vec<CaseOption> {
    let usual = Usual::ALL.into_iter().map(|option| CaseOption {
        key: option.key().to_owned(),
        name: option.name().to_owned(),
        done: vec![option.done().to_owned()],
        on: costs.rows().map(|(row, closing)| option.on(row, closing, costs)).collect(),
    });
    usual.chain(scenarios.iter().map(of_scenario)).collect()
}

impl CaseOption {
    fn figure_key(&self, on: &OptionOnBasis, what: &str) -> String {
        format!("option.{}.{}.{what}", self.key, on.basis.as_str())
    }

    /// What it puts in post and what gap it leaves.
    pub fn staff(&self) -> Vec<Said> {
        let mut said = vec![Said::from(format!("{}. {}", self.name, self.done.join(" ")))];
        for on in &self.on {
            for role in Role::ALL {
                let (one, name) = (on.role(role), role.as_str());
                let Some(added) = one.added else { continue };
                let begun = Said::new(&format!("On the {}: ", on.basis.in_a_sentence()))
                    .figure(CaseUnit::Wte, &self.figure_key(on, &format!("{name}.added")), added)
                    .words(&format!(" {name} WTE more in post"));
                said.push(match one.left {
                    Some(left) => begun
                        .words("; the gap left is ")
                        .range(CaseUnit::Wte, &self.figure_key(on, &format!("{name}.left")), left.low, left.high)
                        .words(" WTE."),
                    None => begun.words("; the gap left is not known."),
                });
            }
        }
        if said.len() == 1 {
            said.push(Said::new("What that comes to is not known: the answers that it needs are missing."));
        }
        said
    }

    /// What it costs a year.
    pub fn costs(&self) -> Vec<Said> {
        if self.key == Usual::DoNothing.key() {
            return vec![Said::new(&format!("{}: no cost is added.", self.name))];
        }
        let one = |on: &OptionOnBasis| {
            let begun = Said::new(&format!("{}, on the {}: ", self.name, on.basis.in_a_sentence()));
            let Some(cost) = on.cost else {
                return begun.words("not known, since a role has no figure or no price.");
            };
            let said = begun.figure(CaseUnit::Pounds, &self.figure_key(on, "cost"), cost.0).words(" a year");
            match on.new_money {
                Some(new) => {
                    let said =
                        said.words(", of which ").figure(CaseUnit::Pounds, &self.figure_key(on, "new_money"), new.0);
                    let rest = if new < cost { " and the rest is in budgets for vacant posts." } else { "." };
                    said.words(" is new money").words(rest)
                }
                None if self.key.starts_with("scenario_") => {
                    said.words(" in its last year more than today’s staff would cost then.")
                }
                None => said.words("; how much of it is new money is not known without the funded posts."),
            }
        };
        self.on.iter().map(one).collect()
    }
}
