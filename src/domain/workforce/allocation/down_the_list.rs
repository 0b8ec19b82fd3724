//! A budget that goes down the ranked list: a rule for one sentence, which anybody can follow with a pencil and which the
//! workbook follows with plain formulas.
//!
//! The services that are short stand in the order of the goal ([`ranking`](crate::domain::workforce::ranking::ranking)).
//! Each in turn gets posts, nurses before administrators, in steps of a whole or a tenth WTE, up to what it is short of
//! and as far as what is left of the budget reaches; what it leaves goes on to the next. With a *minimum viable team* a
//! service whose turn would not bring it there gets nothing.
//!
//! It is the list followed, not the best that the budget can buy: [`allocate`](super::allocate) is never worse at the
//! goal. Without a minimum team a bigger budget never spends less (of posts in a row, the first either fits, and then more
//! is spent than without it, or does not); it may pay for fewer WTE, if dearer ones higher up.

use super::{Claimant, Rules, units_in};
use crate::domain::workforce::ranking::Ranked;
use crate::domain::workforce::standard::Role;

/// The rule as a reader needs it, a paragraph each.
pub const RULES: [&str; 3] = [
    "The services that are short stand in a list: the worst covered first (in post ÷ need of both roles, each up to its \
     need), or those with the largest shortfall, or with the most expected cases for each £100,000 that closing their \
     shortfall costs (those whose cases are not known come last). Equals stand in the order of their codes.",
    "The budget goes down the list: each service in turn gets posts, nurses before administrators, in whole or tenth \
     posts, up to what it is short of and as far as the money that is left reaches; what it leaves goes on to the next.",
    "That is the list followed, not the best that the money can buy: the service’s page What to fund first searches every \
     allocation and is never worse at its goal. Services whose gap is not known take no part; that they need nothing is \
     not said.",
];

/// A service's turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Its place among the claimants.
    pub place: usize,
    /// The nurses and administrators that it gets, WTE.
    pub wte: [f64; 2],
    /// What they take of the budget, in its unit.
    pub spent: f64,
    /// What is left of the budget after it, in its unit.
    pub left: f64,
}

/// A budget that went down the list.
#[derive(Debug, Clone, PartialEq)]
pub struct DownTheList {
    /// Every service of the list in its order, those that get nothing too.
    pub turns: Vec<Turn>,
    /// What is spent, in the unit of the budget.
    pub spent: f64,
    /// What is left over, in the unit of the budget.
    pub left: f64,
    /// The nurses and administrators that are given, WTE.
    pub wte: [f64; 2],
}

impl DownTheList {
    /// How many services get something.
    pub fn reached(&self) -> usize {
        self.turns.iter().filter(|turn| turn.wte.iter().any(|wte| *wte > 0.0)).count()
    }
}

/// Sends a budget down the list of services that are short.
pub fn down_the_list(rules: &Rules, claimants: &[Claimant], list: &[Ranked]) -> DownTheList {
    let budget = rules.amount().max(0.0);
    let (mut left, mut wte, mut turns) = (budget, [0.0; 2], Vec::with_capacity(list.len()));
    for (place, claimant) in list.iter().filter_map(|one| Some((one.place, claimants.get(one.place)?))) {
        let turn = turn(rules, place, claimant, left);
        left = turn.left;
        wte = [wte[0] + turn.wte[0], wte[1] + turn.wte[1]];
        turns.push(turn);
    }
    let spent = turns.iter().fold(0.0, |sum, turn| sum + turn.spent);
    DownTheList { turns, spent, left, wte }
}

fn turn(rules: &Rules, place: usize, claimant: &Claimant, left: f64) -> Turn {
    let step = rules.posts.step();
    let affordable = |role: Role, left: f64| {
        let wanted = if rules.roles.contains(&role) { claimant.role(role).shortfall() } else { 0.0 };
        let units = units_in(wanted, step).min(units_in(left / rules.price(role), step));
        rules.posts.wte(units)
    };
    let nurses = affordable(Role::Nurse, left);
    let after_nurses = (left - nurses * rules.price(Role::Nurse)).max(0.0);
    let administrators = affordable(Role::Administrator, after_nurses);
    let in_post = claimant.sum(rules, |staffed| staffed.in_post);
    if in_post + nurses + administrators < rules.minimum_team - 1e-9 {
        return Turn { place, wte: [0.0; 2], spent: 0.0, left };
    }
    let spent = nurses * rules.price(Role::Nurse) + administrators * rules.price(Role::Administrator);
    // The noise of a division may have paid for a step with a billionth too little.
    Turn { place, wte: [nurses, administrators], spent, left: (left - spent).max(0.0) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::workforce::allocation::tests::{claimant, claimants, goals, rules};
    use crate::domain::workforce::allocation::{Budget, Goal, Posts, allocate};
    use crate::domain::workforce::ranking::ranking;

    fn went(rules: &Rules, claimants: &[Claimant]) -> DownTheList {
        down_the_list(rules, claimants, &ranking(rules, claimants, Some(rules.prices)))
    }

    fn budgets() -> impl Strategy<Value = Budget> {
        prop_oneof![(0.0..900_000.0).prop_map(Budget::Pounds), (0.0..20.0).prop_map(Budget::Wte)]
    }

    fn posts() -> impl Strategy<Value = Posts> {
        prop::sample::select(Posts::ALL.to_vec())
    }

    /// Nurses short, then administrators short: 2 and 1 of 4 and 2 (half covered), 3 and 1.5 of 3 and 1.5 (not covered).
    #[test]
    fn the_worst_covered_is_filled_first_and_what_it_leaves_goes_on() {
        let all = [claimant(0, (4.0, 0.5, 900.0, 0.5)), claimant(1, (3.0, 0.0, 900.0, 0.0))];
        let by = |budget, posts| went(&rules(Budget::Pounds(budget), Goal::WorstCoveredFirst, posts, 0.0), &all);
        let [nurse, administrator] = rules(Budget::Wte(0.0), Goal::WorstCoveredFirst, Posts::Whole, 0.0).prices;
        let whole = by(300_000.0, Posts::Whole);
        assert_eq!(whole.turns.iter().map(|turn| turn.place).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(whole.turns.iter().map(|turn| turn.wte).collect::<Vec<_>>(), [[3.0, 1.0], [1.0, 1.0]]);
        assert!((whole.spent - 4.0 * nurse - 2.0 * administrator).abs() < 1e-6);
        let tenths = by(300_000.0, Posts::Tenths);
        // 300,000 − 3 × 55,633.62 − 1.5 × 28,516.58 = 90,324.27: 1.6 nurses, and 1,310.48 is no tenth of anybody.
        assert_eq!(tenths.turns.iter().map(|turn| turn.wte).collect::<Vec<_>>(), [[3.0, 1.5], [1.6, 0.0]]);
        assert!((tenths.left - 1_310.478).abs() < 1e-3, "{}", tenths.left);
        // A price to the penny pays for the post, whatever a division says.
        let to_the_penny = by(3.0 * nurse, Posts::Tenths).turns;
        assert_eq!(to_the_penny.iter().map(|turn| turn.wte).collect::<Vec<_>>(), [[3.0, 0.0], [0.0, 0.0]]);
        assert_eq!(by(0.0, Posts::Tenths).reached(), 0);
        // With a team of 5 that 4.5 does not reach, the first is passed over.
        let team = rules(Budget::Pounds(300_000.0), Goal::WorstCoveredFirst, Posts::Tenths, 5.0);
        assert_eq!(went(&team, &all).turns.iter().map(|turn| turn.wte).collect::<Vec<_>>(), [[0.0, 0.0], [2.0, 1.0]]);
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_is_short_or_left_and_nobody_is_passed_over(
            all in claimants(9.0, 1..9), budget in budgets(), goal in goals(), posts in posts(),
        ) {
            let rules = rules(budget, goal, posts, 0.0);
            let went = went(&rules, &all);
            prop_assert!((went.spent + went.left - rules.amount()).abs() < 1e-3);
            let mut left = rules.amount();
            let step = rules.posts.step();
            for turn in &went.turns {
                for (role, wte) in Role::ALL.into_iter().zip(turn.wte) {
                    let (short, price) = (all[turn.place].role(role).shortfall(), rules.price(role));
                    prop_assert!(wte <= short + 1e-6 && (wte / step - (wte / step).round()).abs() < 1e-6);
                    left -= wte * price;
                    prop_assert!(left > -1e-3);
                    prop_assert!(wte + step > short - 1e-6 || step * price > left - 1e-3, "{role:?} could have had more");
                }
                prop_assert!((left - turn.left).abs() < 1e-3);
                left = turn.left;
            }
        }

        #[test]
        fn a_bigger_budget_never_spends_less(
            all in claimants(9.0, 1..9), one in 0.0..900_000.0, other in 0.0..900_000.0, goal in goals(), posts in posts(),
        ) {
            let spent = |budget: f64| went(&rules(Budget::Pounds(budget), goal, posts, 0.0), &all).spent;
            prop_assert!(spent(f64::min(one, other)) <= spent(f64::max(one, other)) + 1e-3);
        }

        #[test]
        fn the_allocation_is_never_worse_at_the_goal(
            all in claimants(4.0, 1..6), budget in budgets(), posts in posts(),
        ) {
            let by_list = |goal| went(&rules(budget, goal, posts, 0.0), &all);
            let best = |goal| allocate(&rules(budget, goal, posts, 0.0), &all).achieved(goal);
            let wte: f64 = by_list(Goal::SmallestTotalShortfall).wte.iter().sum();
            prop_assert!(wte <= best(Goal::SmallestTotalShortfall) + 1e-6);
            let cases = by_list(Goal::MostExpectedCasesReached).turns.iter().fold(0.0, |sum, turn| {
                let claimant = &all[turn.place];
                let need: f64 = claimant.staff.iter().map(|staffed| staffed.need).sum();
                sum + claimant.expected_cases.unwrap() * turn.wte.iter().sum::<f64>() / need
            });
            prop_assert!(cases <= best(Goal::MostExpectedCasesReached) + 1e-6);
        }
    }
}
