//! What to fund first: a budget shared out among services by a stated goal.
//!
//! Posts go to services and roles in steps of a whole or a tenth WTE, never beyond what a role of a service is short of,
//! and never beyond the budget. With a *minimum viable team* a service gets nothing unless what it has in post and what
//! it gets come to that many WTE together. Three goals:
//!
//! - **smallest total shortfall**: as many WTE as the budget pays for. Whoever is cheapest comes first.
//! - **most expected cases reached**: a service's *cover* is what it has in post of the chosen roles ÷ what it needs of
//!   them, up to 1; the cases that it is staffed for are its expected cases × its cover. Most of these in all.
//! - **worst covered first**: the lowest cover of a service that could still take more is as high as the budget can
//!   bring it. What is left then goes to the worst covered that it is enough for, again and again.
//!
//! Each is exact: no other allocation within the rules does better, so that more money never does worse. Within a
//! service a WTE counts the same whichever its role, so the cheaper role is filled first; where both cost the same, the
//! one with the lower cover. The first two goals are one problem, a knapsack with a choice per service ([`linear`]); the
//! third is found by its level ([`level`]). Tests hold both to every allocation there is on small cases, and to a
//! solver of integer programs.

pub mod down_the_list;
mod level;
mod linear;
#[cfg(test)]
mod tests;

use super::standard::Role;

/// What is shared out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// Pounds a year.
    Pounds(f64),
    /// Posts, in WTE.
    Wte(f64),
}

/// The budgets that are accepted, pounds or WTE.
pub const LARGEST_BUDGET: f64 = 1e9;

/// What an allocation is to be good at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// As many WTE as the budget pays for.
    SmallestTotalShortfall,
    /// The worst covered service as well covered as the budget can bring it.
    WorstCoveredFirst,
    /// As many expected cases as possible in services that are staffed for them.
    MostExpectedCasesReached,
}

impl Goal {
    /// Every goal.
    pub const ALL: [Self; 3] = [Self::WorstCoveredFirst, Self::MostExpectedCasesReached, Self::SmallestTotalShortfall];

    /// The word used in the API and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SmallestTotalShortfall => "smallest_total_shortfall",
            Self::WorstCoveredFirst => "worst_covered_first",
            Self::MostExpectedCasesReached => "most_expected_cases_reached",
        }
    }

    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::SmallestTotalShortfall => "Smallest total shortfall",
            Self::WorstCoveredFirst => "Worst covered first",
            Self::MostExpectedCasesReached => "Most expected cases reached",
        }
    }

    /// What it means, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::SmallestTotalShortfall => {
                "As many WTE as the budget pays for, wherever they are short; the cheaper role comes first."
            }
            Self::WorstCoveredFirst => {
                "The lowest cover of a service that could take more is brought as high as the budget can bring it; what is \
                 left goes to the worst covered that it is enough for."
            }
            Self::MostExpectedCasesReached => {
                "Expected cases × cover (in post ÷ need, up to 1), summed over the services, is as large as the budget can \
                 make it. It counts the cases that services are staffed for, and promises nothing of what they do."
            }
        }
    }
}

impl std::str::FromStr for Goal {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|goal| goal.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("{text:?} is not a goal ({known})")
        })
    }
}

/// In which steps posts are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posts {
    /// Whole posts alone.
    Whole,
    /// Tenths of a post.
    Tenths,
}

impl Posts {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tenths, Self::Whole];

    /// The word used in the API and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Tenths => "tenths",
        }
    }

    /// One step, WTE.
    pub fn step(self) -> f64 {
        match self {
            Self::Whole => 1.0,
            Self::Tenths => 0.1,
        }
    }

    /// So many steps, WTE.
    fn wte(self, units: u32) -> f64 {
        match self {
            Self::Whole => f64::from(units),
            Self::Tenths => f64::from(units) / 10.0,
        }
    }
}

/// The rules of an allocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// What is shared out.
    pub budget: Budget,
    /// To what end.
    pub goal: Goal,
    /// In which steps.
    pub posts: Posts,
    /// The roles that get posts, in the order of [`Role::ALL`]; at least one.
    pub roles: Vec<Role>,
    /// WTE of these roles below which a service gets nothing; 0: no minimum.
    pub minimum_team: f64,
    /// Pounds a WTE of nurses and of administrators; not looked at where WTE are shared out.
    pub prices: [f64; 2],
}

impl Rules {
    /// What one WTE of a role takes of the budget.
    fn price(&self, role: Role) -> f64 {
        // A role that gets no posts has no part in the prices.
        let role = if self.roles.contains(&role) { role } else { self.roles.first().copied().unwrap_or(role) };
        match (self.budget, role) {
            (Budget::Wte(_), _) => 1.0,
            (Budget::Pounds(_), Role::Nurse) => self.prices[0],
            (Budget::Pounds(_), Role::Administrator) => self.prices[1],
        }
    }

    fn amount(&self) -> f64 {
        match self.budget {
            Budget::Pounds(amount) | Budget::Wte(amount) => amount,
        }
    }
}

/// What a service has and needs of one role, WTE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Staffed {
    /// In post.
    pub in_post: f64,
    /// Needed.
    pub need: f64,
}

impl Staffed {
    /// What is missing, 0 where there is enough.
    pub fn shortfall(self) -> f64 {
        (self.need - self.in_post).max(0.0)
    }

    /// What of it is needed.
    pub fn covered(self) -> f64 {
        self.in_post.min(self.need)
    }
}

/// A service that posts may go to.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimant {
    /// Unit code.
    pub service: String,
    /// Nurses and administrators; those of roles that get no posts are not looked at.
    pub staff: [Staffed; 2],
    /// Expected cases a year; needed for the goal that counts them.
    pub expected_cases: Option<f64>,
}

impl Claimant {
    /// The staff of a role.
    pub fn role(&self, role: Role) -> Staffed {
        match role {
            Role::Nurse => self.staff[0],
            Role::Administrator => self.staff[1],
        }
    }

    fn sum(&self, rules: &Rules, of: impl Fn(Staffed) -> f64) -> f64 {
        rules.roles.iter().map(|role| of(self.role(*role))).sum()
    }

    /// In post ÷ need over the roles that get posts, each up to its need.
    pub fn cover(&self, rules: &Rules) -> f64 {
        let need = self.sum(rules, |staffed| staffed.need);
        if need > 0.0 { self.sum(rules, Staffed::covered) / need } else { 1.0 }
    }

    /// What it is short of over the roles that get posts, WTE.
    pub fn shortfall(&self, rules: &Rules) -> f64 {
        self.sum(rules, Staffed::shortfall)
    }
}

/// What a service gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Its place among the claimants.
    pub place: usize,
    /// Nurses and administrators, WTE.
    pub wte: [f64; 2],
    /// What they take of a budget in pounds: pounds a year.
    pub pounds: f64,
    /// Its cover before and with them.
    pub cover: (f64, f64),
}

impl Grant {
    /// WTE of both roles.
    pub fn total(&self) -> f64 {
        self.wte[0] + self.wte[1]
    }
}

/// A budget shared out.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// Who gets something, in the order of the claimants.
    pub grants: Vec<Grant>,
    /// What is spent of the budget, in its unit.
    pub spent: f64,
    /// The WTE that are given.
    pub wte: f64,
    /// WTE short over all claimants, before and after.
    pub shortfall: (f64, f64),
    /// Expected cases × cover, over the claimants whose expected cases are known, before and after.
    pub cases: (f64, f64),
    /// The lowest cover of a claimant that could take more, before and after; `None` where none could.
    pub lowest_cover: (Option<f64>, Option<f64>),
    /// Nothing within the rules does better at the goal. Not so only where the search had to be cut short.
    pub proven: bool,
}

impl Allocation {
    /// What the goal is measured by: more is better. WTE given, cases reached, or the lowest cover of who could take
    /// more (infinite where nobody could).
    pub fn achieved(&self, goal: Goal) -> f64 {
        match goal {
            Goal::SmallestTotalShortfall => self.wte,
            Goal::MostExpectedCasesReached => self.cases.1 - self.cases.0,
            Goal::WorstCoveredFirst => self.lowest_cover.1.unwrap_or(f64::INFINITY),
        }
    }
}

/// Why a service cannot be given anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoClaim {
    /// It needs no more than it has.
    NotShort,
    /// It is short of less than one step.
    LessThanAStep,
    /// Filling all that it is short of would not make a viable team.
    TeamOutOfReach,
    /// Its expected cases are not known, and the goal counts them.
    CasesNotKnown,
}

impl NoClaim {
    /// The word used in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotShort => "not_short",
            Self::LessThanAStep => "less_than_a_step",
            Self::TeamOutOfReach => "team_out_of_reach",
            Self::CasesNotKnown => "cases_not_known",
        }
    }

    /// What it means, for pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotShort => "has all that it needs of these roles",
            Self::LessThanAStep => "is short of less than one step of a post",
            Self::TeamOutOfReach => "would not have a viable team with all that it is short of",
            Self::CasesNotKnown => "has no expected cases, which this goal counts",
        }
    }
}

/// A claimant as the two methods see it: so many units at one of two prices.
#[derive(Debug, Clone, Copy)]
struct Item {
    place: usize,
    /// Units that the role which comes first can take, then those of the other.
    caps: [u32; 2],
    /// The fewest units that it can be given, if any.
    least: u32,
    /// What a unit is worth to the goal.
    value: f64,
    /// Covered WTE and needed WTE of the roles that get posts.
    covered: f64,
    need: f64,
}

impl Item {
    fn most(&self) -> u32 {
        self.caps[0] + self.caps[1]
    }

    /// How many of so many units each role gets.
    fn split(&self, units: u32) -> [u32; 2] {
        let first = units.min(self.caps[0]);
        [first, units - first]
    }

    fn cost(&self, units: u32, prices: [f64; 2]) -> f64 {
        let [first, second] = self.split(units);
        f64::from(first) * prices[0] + f64::from(second) * prices[1]
    }
}

/// The claimants as units at two prices, with the price of a unit of each role in the order in which they are filled.
struct Problem {
    items: Vec<Item>,
    prices: [f64; 2],
    budget: f64,
    step: f64,
}

/// The roles in the order in which a service fills them: the cheaper first.
fn order(rules: &Rules) -> [Role; 2] {
    if rules.price(Role::Administrator) < rules.price(Role::Nurse) {
        [Role::Administrator, Role::Nurse]
    } else {
        [Role::Nurse, Role::Administrator]
    }
}

/// Steps within some WTE; the noise of a division takes none away.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a few thousand")]
fn units_in(wte: f64, step: f64) -> u32 {
    (wte / step + 1e-9).floor().clamp(0.0, 1e6) as u32
}

/// The smallest number of units that is worth some WTE.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a few thousand")]
fn units_for(wte: f64, step: f64) -> u32 {
    (wte / step - 1e-9).ceil().clamp(0.0, 1e6) as u32
}

fn item(rules: &Rules, place: usize, claimant: &Claimant) -> Result<Item, NoClaim> {
    if claimant.shortfall(rules) <= 0.0 {
        return Err(NoClaim::NotShort);
    }
    let step = rules.posts.step();
    let cap = |role: &Role| {
        let wte = if rules.roles.contains(role) { claimant.role(*role).shortfall() } else { 0.0 };
        units_in(wte, step)
    };
    let caps = order(rules).map(|role| cap(&role));
    let in_post = claimant.sum(rules, |staffed| staffed.in_post);
    let missing = (rules.minimum_team - in_post).max(0.0);
    let need = claimant.sum(rules, |staffed| staffed.need);
    let value = match rules.goal {
        Goal::MostExpectedCasesReached => claimant.expected_cases.ok_or(NoClaim::CasesNotKnown)? * step / need,
        Goal::SmallestTotalShortfall | Goal::WorstCoveredFirst => 1.0,
    };
    let covered = claimant.sum(rules, Staffed::covered);
    let item = Item { place, caps, least: units_for(missing, step).max(1), value, covered, need };
    match item.most() {
        0 => Err(NoClaim::LessThanAStep),
        most if most < item.least => Err(NoClaim::TeamOutOfReach),
        _ => Ok(item),
    }
}

/// Who can be given something, and who not and why.
pub fn claims(rules: &Rules, claimants: &[Claimant]) -> Vec<Result<(), NoClaim>> {
    claimants.iter().enumerate().map(|(place, claimant)| item(rules, place, claimant).map(drop)).collect()
}

/// Shares a budget out among claimants.
pub fn allocate(rules: &Rules, claimants: &[Claimant]) -> Allocation {
    let step = rules.posts.step();
    let places = claimants.iter().enumerate();
    let items: Vec<Item> = places.filter_map(|(place, claimant)| item(rules, place, claimant).ok()).collect();
    let prices = order(rules).map(|role| rules.price(role) * step);
    let problem = Problem { items, prices, budget: rules.amount().max(0.0), step };
    let (units, proven) = match rules.goal {
        Goal::WorstCoveredFirst => (level::solve(&problem), true),
        Goal::SmallestTotalShortfall | Goal::MostExpectedCasesReached => linear::solve(&problem, rules.goal),
    };
    given(rules, claimants, &problem, &units, proven)
}

/// Units of a service as WTE of nurses and of administrators.
fn wte_of(rules: &Rules, claimant: &Claimant, item: &Item, units: u32) -> [f64; 2] {
    let first = order(rules)[0];
    let [mut first_units, mut second_units] = item.split(units);
    if (rules.price(Role::Nurse) - rules.price(Role::Administrator)).abs() < f64::EPSILON && rules.roles.len() == 2 {
        // Both cost the same: one by one, to the role with the lower cover.
        [first_units, second_units] = [0, 0];
        let second = order(rules)[1];
        let cover = |role: Role, units: u32| {
            let staffed = claimant.role(role);
            (staffed.in_post + rules.posts.wte(units)) / staffed.need
        };
        for _ in 0..units {
            let first_has_room = first_units < item.caps[0];
            let second_has_room = second_units < item.caps[1];
            if first_has_room && (!second_has_room || cover(first, first_units) <= cover(second, second_units)) {
                first_units += 1;
            } else {
                second_units += 1;
            }
        }
    }
    let (first_wte, second_wte) = (rules.posts.wte(first_units), rules.posts.wte(second_units));
    if first == Role::Nurse { [first_wte, second_wte] } else { [second_wte, first_wte] }
}

fn given(rules: &Rules, claimants: &[Claimant], problem: &Problem, units: &[u32], proven: bool) -> Allocation {
    let mut grants = Vec::new();
    let mut spent = 0.0;
    let mut after: Vec<f64> = claimants.iter().map(|claimant| claimant.cover(rules)).collect();
    let lowest = |units: &[u32]| {
        let open = problem.items.iter().zip(units).filter(|(item, units)| **units < item.most());
        let covers = open.map(|(item, units)| (item.covered + f64::from(*units) * problem.step) / item.need);
        covers.min_by(f64::total_cmp)
    };
    let lowest_cover = (lowest(&vec![0; units.len()]), lowest(units));
    for (item, units) in problem.items.iter().zip(units).filter(|(_, units)| **units > 0) {
        let Some(claimant) = claimants.get(item.place) else { continue };
        spent += item.cost(*units, problem.prices);
        let wte = wte_of(rules, claimant, item, *units);
        let with = (item.covered + wte[0] + wte[1]) / item.need;
        let before = claimant.cover(rules);
        if let Some(cover) = after.get_mut(item.place) {
            *cover = with;
        }
        let pounds = wte[0] * rules.prices[0] + wte[1] * rules.prices[1];
        grants.push(Grant { place: item.place, wte, pounds, cover: (before, with) });
    }
    let short: f64 = claimants.iter().map(|claimant| claimant.shortfall(rules)).sum();
    let wte: f64 = grants.iter().map(Grant::total).sum();
    let cases = |covers: &mut dyn Iterator<Item = f64>| -> f64 {
        claimants.iter().zip(covers).filter_map(|(claimant, cover)| Some(claimant.expected_cases? * cover)).sum()
    };
    Allocation {
        spent,
        wte,
        shortfall: (short, (short - wte).max(0.0)),
        cases: (cases(&mut claimants.iter().map(|claimant| claimant.cover(rules))), cases(&mut after.iter().copied())),
        lowest_cover,
        grants,
        proven,
    }
}

/// A point of the frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontierPoint {
    /// The budget, in its unit.
    pub budget: f64,
    /// What it buys.
    pub allocation: Allocation,
}

/// The most points of a frontier.
pub const FRONTIER_POINTS: u32 = 25;

/// What budgets buy: from nothing, in steps of £100,000 (of 1 WTE) or a round multiple of it, to where nothing is left to
/// fund or [`FRONTIER_POINTS`] are reached at the budget that closes everything.
pub fn frontier(rules: &Rules, claimants: &[Claimant]) -> Vec<FrontierPoint> {
    let (unit, of): (f64, fn(f64) -> Budget) = match rules.budget {
        Budget::Pounds(_) => (100_000.0, Budget::Pounds),
        Budget::Wte(_) => (1.0, Budget::Wte),
    };
    let all = allocate(&Rules { budget: of(LARGEST_BUDGET), ..rules.clone() }, claimants).spent;
    let steps = (all / unit).ceil().max(1.0);
    let multiple = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]
        .into_iter()
        .find(|multiple| steps / multiple <= f64::from(FRONTIER_POINTS - 1))
        .unwrap_or(5000.0);
    let mut points = Vec::new();
    for place in 0..FRONTIER_POINTS {
        let budget = f64::from(place) * unit * multiple;
        let allocation = allocate(&Rules { budget: of(budget), ..rules.clone() }, claimants);
        let done = allocation.spent >= all - 1e-6;
        points.push(FrontierPoint { budget, allocation });
        if done {
            break;
        }
    }
    points
}
