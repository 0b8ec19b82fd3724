use good_lp::{Expression, Solution as _, SolverModel as _, constraint, microlp, variable, variables};
use proptest::prelude::*;

use super::*;

const PRICES: [f64; 2] = [55_633.62, 28_516.58];

pub(super) fn rules(budget: Budget, goal: Goal, posts: Posts, minimum_team: f64) -> Rules {
    Rules { budget, goal, posts, roles: Role::ALL.to_vec(), minimum_team, prices: PRICES }
}

pub(super) fn claimant(place: usize, (nurse_need, nurse_share, cases, admin_share): (f64, f64, f64, f64)) -> Claimant {
    let admin_need = nurse_need / 2.0;
    Claimant {
        service: format!("S{place:02}"),
        staff: [
            Staffed { in_post: nurse_need * nurse_share, need: nurse_need },
            Staffed { in_post: admin_need * admin_share, need: admin_need },
        ],
        expected_cases: Some(cases),
    }
}

pub(super) fn claimants(most: f64, number: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Claimant>> {
    prop::collection::vec((0.4..most, 0.0..1.2_f64, 100.0..3_000.0_f64, 0.0..1.1_f64), number)
        .prop_map(|all| all.into_iter().enumerate().map(|(place, one)| claimant(place, one)).collect())
}

pub(super) fn goals() -> impl Strategy<Value = Goal> {
    prop::sample::select(Goal::ALL.to_vec())
}

/// Every number of posts that each service may be given, with what they take of the budget.
fn options(rules: &Rules, claimant: &Claimant) -> Vec<(f64, f64)> {
    let step = rules.posts.step();
    let cap =
        |role: Role| if rules.roles.contains(&role) { units_in(claimant.role(role).shortfall(), step) } else { 0 };
    let in_post: f64 = rules.roles.iter().map(|role| claimant.role(*role).in_post).sum();
    let mut options = vec![(0.0, 0.0)];
    for nurses in 0..=cap(Role::Nurse) {
        for administrators in 0..=cap(Role::Administrator) {
            let wte = f64::from(nurses + administrators) * step;
            if wte > 0.0 && in_post + wte >= rules.minimum_team - 1e-9 {
                let cost = f64::from(nurses) * rules.price(Role::Nurse)
                    + f64::from(administrators) * rules.price(Role::Administrator);
                options.push((wte, cost * step));
            }
        }
    }
    options
}

/// What the goal comes to at best, by trying everything.
fn by_trying_everything(rules: &Rules, claimants: &[Claimant]) -> f64 {
    let options: Vec<Vec<(f64, f64)>> = claimants.iter().map(|claimant| options(rules, claimant)).collect();
    let most: Vec<f64> = options.iter().map(|all| all.iter().map(|(wte, _)| *wte).fold(0.0, f64::max)).collect();
    let mut best = f64::NEG_INFINITY;
    let mut chosen = vec![0; claimants.len()];
    loop {
        let picked: Vec<(f64, f64)> = options.iter().zip(&chosen).map(|(all, place)| all[*place]).collect();
        if picked.iter().map(|(_, cost)| cost).sum::<f64>() <= rules.amount() + 1e-6 {
            let covers = claimants.iter().zip(&picked).map(|(claimant, (wte, _))| {
                let need: f64 = rules.roles.iter().map(|role| claimant.role(*role).need).sum();
                claimant.cover(rules) + wte / need
            });
            let worth = match rules.goal {
                Goal::SmallestTotalShortfall => picked.iter().map(|(wte, _)| wte).sum(),
                Goal::MostExpectedCasesReached => covers
                    .zip(claimants)
                    .map(|(cover, claimant)| (cover - claimant.cover(rules)) * claimant.expected_cases.unwrap())
                    .sum(),
                Goal::WorstCoveredFirst => {
                    let open = covers.zip(&picked).zip(&most).filter(|((_, (wte, _)), most)| *wte < **most - 1e-9);
                    open.map(|((cover, _), _)| cover).fold(f64::INFINITY, f64::min)
                }
            };
            best = best.max(worth);
        }
        let Some(place) = (0..chosen.len()).find(|place| chosen[*place] + 1 < options[*place].len()) else {
            return best;
        };
        chosen[place] += 1;
        chosen[..place].fill(0);
    }
}

/// What the goal comes to by an integer program.
fn by_a_solver(rules: &Rules, claimants: &[Claimant]) -> f64 {
    let mut model = variables!();
    let step = rules.posts.step();
    let (mut worth, mut cost, mut constraints) = (Expression::from(0.0), Expression::from(0.0), Vec::new());
    for claimant in claimants {
        let need: f64 = Role::ALL.iter().map(|role| claimant.role(*role).need).sum();
        let value = match rules.goal {
            Goal::MostExpectedCasesReached => claimant.expected_cases.unwrap() * step / need,
            _ => step,
        };
        let open = model.add(variable().binary());
        let mut team = Expression::from(0.0);
        for role in Role::ALL {
            let cap = f64::from(units_in(claimant.role(role).shortfall(), step));
            let units = model.add(variable().integer().min(0).max(cap));
            constraints.push(constraint!(units <= cap * open));
            worth += value * units;
            cost += rules.price(role) * step / 1_000.0 * units;
            team += units;
        }
        let in_post: f64 = Role::ALL.iter().map(|role| claimant.role(*role).in_post).sum();
        let least = f64::from(units_for((rules.minimum_team - in_post).max(0.0), step));
        constraints.push(constraint!(team >= least * open));
    }
    let mut model = model.maximise(worth.clone()).using(microlp);
    model.add_constraint(constraint!(cost <= rules.amount() / 1_000.0));
    for one in constraints {
        model.add_constraint(one);
    }
    model.solve().unwrap().eval(worth)
}

/// The rules that every allocation keeps.
fn keeps_the_rules(rules: &Rules, claimants: &[Claimant], allocation: &Allocation) {
    assert!(allocation.spent <= rules.amount() + 1e-5, "{} of {:?}", allocation.spent, rules.budget);
    assert!(allocation.proven);
    for grant in &allocation.grants {
        let claimant = &claimants[grant.place];
        for (place, role) in Role::ALL.into_iter().enumerate() {
            let (wte, step) = (grant.wte[place], rules.posts.step());
            assert!(wte <= claimant.role(role).shortfall() + 1e-9, "more than {role:?} is short of");
            assert!(((wte / step).round() * step - wte).abs() < 1e-9, "{wte} is no number of steps");
            assert!(rules.roles.contains(&role) || wte == 0.0);
        }
        let team: f64 = rules.roles.iter().map(|role| claimant.role(*role).in_post).sum::<f64>() + grant.total();
        assert!(team >= rules.minimum_team - 1e-9, "a team of {team}");
    }
    let cost: f64 = match rules.budget {
        Budget::Pounds(_) => allocation.grants.iter().map(|grant| grant.pounds).sum(),
        Budget::Wte(_) => allocation.wte,
    };
    assert!((cost - allocation.spent).abs() < 1e-5);
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(1.0) || (a.is_infinite() && b.is_infinite())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_does_better_in_whole_posts(
        claimants in claimants(7.0, 1..4), pounds in 0.0..700_000.0_f64, goal in goals(), team in 0.0..6.0_f64, wte: bool,
    ) {
        let budget = if wte { Budget::Wte(pounds / 50_000.0) } else { Budget::Pounds(pounds) };
        let rules = rules(budget, goal, Posts::Whole, if team < 2.0 { 0.0 } else { team });
        let allocation = allocate(&rules, &claimants);
        keeps_the_rules(&rules, &claimants, &allocation);
        let (found, best) = (allocation.achieved(goal), by_trying_everything(&rules, &claimants));
        prop_assert!(near(found, best), "{} for {}: {:?} {:?}", found, best, rules, claimants);
    }

    #[test]
    fn nothing_does_better_in_tenths(
        claimants in claimants(0.9, 1..4), pounds in 0.0..60_000.0_f64, goal in goals(), team in 0.0..1.2_f64, alone: bool,
    ) {
        let mut rules = rules(Budget::Pounds(pounds), goal, Posts::Tenths, if team < 0.4 { 0.0 } else { team });
        if alone {
            rules.roles = vec![Role::Nurse];
        }
        let allocation = allocate(&rules, &claimants);
        keeps_the_rules(&rules, &claimants, &allocation);
        let (found, best) = (allocation.achieved(goal), by_trying_everything(&rules, &claimants));
        prop_assert!(near(found, best), "{} for {}: {:?} {:?}", found, best, rules, claimants);
    }

    #[test]
    fn more_money_never_does_worse(
        claimants in claimants(9.0, 1..12), first in 0.0..2e6_f64, more in 0.0..5e5_f64, goal in goals(), team in 0.0..5.0_f64,
    ) {
        for posts in Posts::ALL {
            let of = |pounds| {
                let rules = rules(Budget::Pounds(pounds), goal, posts, team);
                let allocation = allocate(&rules, &claimants);
                keeps_the_rules(&rules, &claimants, &allocation);
                assert_eq!(allocation, allocate(&rules, &claimants));
                allocation.achieved(goal)
            };
            prop_assert!(of(first + more) >= of(first) - 1e-6);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_solver_finds_nothing_better(
        claimants in claimants(6.0, 3..7), share in 0.05..0.9_f64, cases: bool, team in 0.0..4.0_f64,
    ) {
        let goal = if cases { Goal::MostExpectedCasesReached } else { Goal::SmallestTotalShortfall };
        let all = rules(Budget::Pounds(LARGEST_BUDGET), goal, Posts::Whole, if team < 1.5 { 0.0 } else { team });
        let budget = allocate(&all, &claimants).spent * share;
        let rules = Rules { budget: Budget::Pounds(budget), ..all };
        let (found, solved) = (allocate(&rules, &claimants).achieved(goal), by_a_solver(&rules, &claimants));
        prop_assert!(near(found, solved), "{} for {}: {:?} {:?}", found, solved, rules, claimants);
    }
}

#[test]
fn who_gets_nothing_is_told_why() {
    let mut full = claimant(0, (2.0, 1.1, 500.0, 1.0));
    full.staff[1].in_post = 3.0;
    let small = claimant(1, (0.5, 0.0, 500.0, 0.0));
    let unknown = Claimant { expected_cases: None, ..claimant(2, (4.0, 0.2, 1.0, 0.2)) };
    let all = [full, small, unknown];
    let why = |goal, posts, team| claims(&rules(Budget::Wte(5.0), goal, posts, team), &all);
    let goal = Goal::MostExpectedCasesReached;
    assert_eq!(
        why(goal, Posts::Whole, 0.0),
        [Err(NoClaim::NotShort), Err(NoClaim::LessThanAStep), Err(NoClaim::CasesNotKnown)]
    );
    assert_eq!(
        why(Goal::SmallestTotalShortfall, Posts::Tenths, 3.0),
        [Err(NoClaim::NotShort), Err(NoClaim::TeamOutOfReach), Ok(())]
    );
    assert!(allocate(&rules(Budget::Wte(5.0), goal, Posts::Whole, 0.0), &all).grants.is_empty());
}

/// Where both roles cost the same, a service's posts go to the role that it covers less.
#[test]
fn posts_of_one_price_go_to_the_role_that_is_covered_less() {
    let one = Claimant {
        service: "A".into(),
        staff: [Staffed { in_post: 2.0, need: 4.0 }, Staffed { in_post: 0.0, need: 2.0 }],
        expected_cases: Some(100.0),
    };
    let given = allocate(&rules(Budget::Wte(1.2), Goal::WorstCoveredFirst, Posts::Tenths, 0.0), &[one]);
    let [nurses, administrators] = given.grants[0].wte;
    assert!(near(nurses, 0.1) && near(administrators, 1.1), "{nurses} {administrators}");
}

#[test]
fn the_frontier_ends_where_nothing_is_left_to_fund() {
    let claimants: Vec<Claimant> =
        (0..6_u32).map(|place| claimant(place as usize, (3.0 + f64::from(place), 0.3, 900.0, 0.2))).collect();
    for goal in Goal::ALL {
        let rules = rules(Budget::Pounds(0.0), goal, Posts::Tenths, 2.0);
        let points = frontier(&rules, &claimants);
        assert!(points.len() >= 8 && points.len() <= FRONTIER_POINTS as usize, "{}", points.len());
        assert!(points[0].allocation.grants.is_empty());
        assert!(points.is_sorted_by(|a, b| a.allocation.achieved(goal) <= b.allocation.achieved(goal) + 1e-9));
        assert!(points.last().unwrap().allocation.shortfall.1 < 0.2 * 6.0, "all but parts of a step are filled");
    }
    assert_eq!(frontier(&rules(Budget::Wte(1.0), Goal::WorstCoveredFirst, Posts::Whole, 0.0), &[]).len(), 1);
}
