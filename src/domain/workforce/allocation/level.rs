//! Worst covered first: the highest level to which the budget can bring every service that could take more.
//!
//! What a level asks of each service does not depend on the others, so the level is found among the covers that there
//! can be, by halving. A higher level never costs less, and more money never reaches a lower one.

use std::cmp::Ordering;

use super::{Item, Problem, units_for};

/// Units for each item.
pub(super) fn solve(problem: &Problem) -> Vec<u32> {
    let cover = |item: &Item, units: u32| (item.covered + f64::from(units) * problem.step) / item.need;
    let asked = |item: &Item, level: f64| {
        let units = units_for(level * item.need - item.covered, problem.step);
        if units == 0 { 0 } else { units.max(item.least).min(item.most()) }
    };
    let cost_of =
        |level: f64| -> f64 { problem.items.iter().map(|item| item.cost(asked(item, level), problem.prices)).sum() };
    let mut levels: Vec<f64> =
        problem.items.iter().flat_map(|item| (0..=item.most()).map(move |units| cover(item, units))).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let reached = levels.partition_point(|level| cost_of(*level) <= problem.budget + 1e-6);
    let level = reached.checked_sub(1).and_then(|place| levels.get(place)).copied();
    let mut units: Vec<u32> = problem.items.iter().map(|item| level.map_or(0, |level| asked(item, level))).collect();
    let spent: f64 = problem.items.iter().zip(&units).map(|(item, units)| item.cost(*units, problem.prices)).sum();
    let mut left = problem.budget - spent + 1e-6;
    // What is left goes to the worst covered that it is enough for.
    loop {
        let next = |item: &Item, now: u32| (now + 1).max(item.least);
        let fits = |item: &Item, now: u32| {
            now < item.most() && item.cost(next(item, now), problem.prices) - item.cost(now, problem.prices) <= left
        };
        let worst = problem.items.iter().zip(&mut units).filter(|(item, now)| fits(item, **now)).min_by(
            |(a, a_now), (b, b_now)| {
                let order = cover(a, **a_now).total_cmp(&cover(b, **b_now));
                if order == Ordering::Equal { a.place.cmp(&b.place) } else { order }
            },
        );
        let Some((item, now)) = worst else { return units };
        left -= item.cost(next(item, *now), problem.prices) - item.cost(*now, problem.prices);
        *now = next(item, *now);
    }
}
