//! Most WTE, or most expected cases: one choice a service of how many units it gets, for the largest value within a
//! budget.
//!
//! A unit of a service is worth the same whichever it is, and costs one of two prices, so what has been spent is known by
//! two counts: how many units at each price. Services are taken one after the other, keeping for each pair of counts the
//! most value, and dropping what cannot do better than a good allocation found at the start. What it could still come to
//! is bounded by Lagrange's way: at a price λ of a pound, the rest of the services can add no more than each at its own
//! best, and the rest of the budget is worth λ a pound. That leaves few counts, and none that could win is dropped.

use std::collections::BTreeMap;

use super::{Goal, Item, Problem};

/// Counts that are kept after one service. Only a search that passes this is cut short, and says so.
const MOST_STATES: usize = 100_000;

/// Where the search stands after some services.
#[derive(Debug, Clone, Copy)]
struct State {
    value: f64,
    /// Its place among the states before, and the units of the last service.
    before: usize,
    units: u32,
}

/// Units for each item, and whether nothing does better.
pub(super) fn solve(problem: &Problem, goal: Goal) -> (Vec<u32>, bool) {
    let lambda = multiplier(problem);
    let reduced = |item: &Item, units: u32| item.value * f64::from(units) - lambda * item.cost(units, problem.prices);
    let best: Vec<f64> = problem.items.iter().map(|item| best_at(item, problem, lambda).1).collect();
    let bound = lambda * problem.budget + best.iter().sum::<f64>();
    let start = good(problem, lambda);
    let value = |units: &[u32]| -> f64 {
        problem.items.iter().zip(units).map(|(item, units)| item.value * f64::from(*units)).sum()
    };
    let found = value(&start);
    // What has to be passed: WTE come in whole units, cases in any amount.
    let wanted = match goal {
        Goal::SmallestTotalShortfall => found + 1.0 - 1e-6,
        Goal::MostExpectedCasesReached | Goal::WorstCoveredFirst => found + found.abs().max(1.0) * 1e-9,
    };
    let room = bound - wanted;
    if room < 0.0 {
        return (start, true);
    }
    // Only what loses little against the best of its service can be part of something better. Who has one choice left
    // comes first, and who has many last, so that few counts are carried along.
    let choices = |item: &Item, best: f64| -> Vec<u32> {
        let all = std::iter::once(0).chain(item.least..=item.most());
        all.filter(|units| best - reduced(item, *units) <= room + 1e-9).collect()
    };
    let mut steps: Vec<Step<'_>> = problem
        .items
        .iter()
        .zip(best)
        .enumerate()
        .map(|(place, (item, best))| Step { place, item, best, choices: choices(item, best) })
        .collect();
    steps.sort_by_key(|step| (step.choices.len(), step.place));
    let search = Search { problem, lambda, wanted };
    let (found, proven) = search.run(&steps, bound);
    let mut units = start;
    for (step, chosen) in steps.iter().zip(found.into_iter().flatten()) {
        if let Some(units) = units.get_mut(step.place) {
            *units = chosen;
        }
    }
    (units, proven)
}

/// A service in the order of the search.
struct Step<'a> {
    place: usize,
    item: &'a Item,
    /// The most that it is worth at the price of a pound.
    best: f64,
    choices: Vec<u32>,
}

/// A search for more than is wanted.
struct Search<'a> {
    problem: &'a Problem,
    lambda: f64,
    wanted: f64,
}

impl Search<'_> {
    /// The units of each step of the best that there is, if it is what was wanted; and whether everything was looked at.
    fn run(&self, steps: &[Step<'_>], bound: f64) -> (Option<Vec<u32>>, bool) {
        let mut rest = bound;
        let mut layers: Vec<Vec<State>> = Vec::new();
        let mut keys: Vec<[u32; 2]> = vec![[0, 0]];
        let mut states = vec![State { value: 0.0, before: 0, units: 0 }];
        let mut proven = true;
        for step in steps {
            rest -= step.best;
            let (mut kept, whole) = undominated(self.after(step, &keys, &states, rest), self.problem);
            proven &= whole;
            kept.sort_by_key(|(key, _)| *key);
            layers.push(std::mem::take(&mut states));
            (keys, states) = kept.into_iter().unzip();
        }
        let last = states.iter().enumerate().max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
        let place = last.filter(|(_, state)| state.value >= self.wanted).map(|(place, _)| place);
        layers.push(states);
        (place.map(|place| traced(&layers, place)), proven)
    }

    /// The counts that there can be after one more service; `rest` is what the services after it can add at most, with the
    /// whole budget at its price.
    fn after(&self, step: &Step<'_>, keys: &[[u32; 2]], states: &[State], rest: f64) -> BTreeMap<[u32; 2], State> {
        let mut next: BTreeMap<[u32; 2], State> = BTreeMap::new();
        for (before, (key, state)) in keys.iter().zip(states).enumerate() {
            for units in &step.choices {
                let [first, second] = step.item.split(*units);
                let key = [key[0] + first, key[1] + second];
                let value = state.value + step.item.value * f64::from(*units);
                let spent = spent(key, self.problem);
                if spent > self.problem.budget + 1e-6 || value + rest - self.lambda * spent < self.wanted {
                    continue;
                }
                let kept = next.entry(key).or_insert(State { value: f64::NEG_INFINITY, before, units: *units });
                if value > kept.value {
                    *kept = State { value, before, units: *units };
                }
            }
        }
        next
    }
}

fn spent(key: [u32; 2], problem: &Problem) -> f64 {
    f64::from(key[0]) * problem.prices[0] + f64::from(key[1]) * problem.prices[1]
}

/// Those of which none is both dearer and worth no more than another; and whether that is all of them.
fn undominated(states: BTreeMap<[u32; 2], State>, problem: &Problem) -> (Vec<([u32; 2], State)>, bool) {
    let mut by_cost: Vec<([u32; 2], State)> = states.into_iter().collect();
    by_cost.sort_by(|(a, a_state), (b, b_state)| {
        spent(*a, problem).total_cmp(&spent(*b, problem)).then(b_state.value.total_cmp(&a_state.value))
    });
    let mut most = f64::NEG_INFINITY;
    by_cost.retain(|(_, state)| {
        let better = state.value > most;
        most = most.max(state.value);
        better
    });
    let whole = by_cost.len() <= MOST_STATES;
    by_cost.truncate(MOST_STATES);
    (by_cost, whole)
}

/// The units that led to a state of the last layer.
fn traced(layers: &[Vec<State>], place: usize) -> Vec<u32> {
    let mut units = Vec::new();
    let mut at = place;
    for layer in layers.iter().skip(1).rev() {
        let Some(state) = layer.get(at) else { break };
        units.push(state.units);
        at = state.before;
    }
    units.reverse();
    units
}

/// The units of an item that are worth most at a price of a pound, and what they are worth then. What a service gets costs
/// more by the unit the more it gets, so the best is at an end or where the price changes.
fn best_at(item: &Item, problem: &Problem, lambda: f64) -> (u32, f64) {
    let change = item.caps[0].clamp(item.least, item.most());
    let mut best = (0, 0.0);
    for units in [item.least, change, item.most()] {
        let worth = item.value * f64::from(units) - lambda * item.cost(units, problem.prices);
        if worth > best.1 {
            best = (units, worth);
        }
    }
    best
}

/// The price of a pound at which the best of each service comes to about the budget: there the bound is tightest.
fn multiplier(problem: &Problem) -> f64 {
    let cheapest = problem.prices[0].min(problem.prices[1]);
    let dearest = problem.items.iter().map(|item| item.value).fold(0.0, f64::max) / cheapest;
    let cost_at = |lambda: f64| -> f64 {
        problem.items.iter().map(|item| item.cost(best_at(item, problem, lambda).0, problem.prices)).sum()
    };
    if problem.items.is_empty() || cost_at(0.0) <= problem.budget {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, dearest * 1.001);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if cost_at(middle) > problem.budget { low = middle } else { high = middle }
    }
    high
}

/// A good allocation: the best of each service at the price, then the rest of the money where a pound buys most.
fn good(problem: &Problem, lambda: f64) -> Vec<u32> {
    let mut units: Vec<u32> = problem.items.iter().map(|item| best_at(item, problem, lambda).0).collect();
    let spent: f64 = problem.items.iter().zip(&units).map(|(item, units)| item.cost(*units, problem.prices)).sum();
    let mut left = problem.budget - spent + 1e-6;
    loop {
        // The next unit of each service, or the smallest number that it can begin with.
        let step = |item: &Item, now: u32| {
            let next = (now + 1).max(item.least);
            (next, item.cost(next, problem.prices) - item.cost(now, problem.prices))
        };
        let worth = |item: &Item, now: u32| {
            let (next, cost) = step(item, now);
            item.value * f64::from(next - now) / cost
        };
        let dearest = problem
            .items
            .iter()
            .zip(&mut units)
            .filter(|(item, now)| **now < item.most() && step(item, **now).1 <= left)
            .max_by(|(a, a_now), (b, b_now)| {
                let order = worth(a, **a_now).total_cmp(&worth(b, **b_now));
                let cover = |item: &Item, now: u32| (item.covered + f64::from(now) * problem.step) / item.need;
                // Among equals the worst covered, then the first.
                order.then(cover(b, **b_now).total_cmp(&cover(a, **a_now))).then(b.place.cmp(&a.place))
            });
        let Some((item, now)) = dearest else { return units };
        let (next, cost) = step(item, *now);
        left -= cost;
        *now = next;
    }
}
