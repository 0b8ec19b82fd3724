//! Services in the order in which a goal would have them funded, with the reason for each in a sentence.

use super::allocation::{Claimant, Goal, Rules, Staffed};
use super::cost::Pounds;
use super::gap::{End, GapRow, GapStatus};
use super::report::display_wte;
use super::standard::Role;
use crate::domain::hundredths::thousands;

/// A service that is short of staff, in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its place among the claimants.
    pub place: usize,
    /// In post ÷ need over the roles that get posts.
    pub cover: f64,
    /// What it is short of, WTE.
    pub shortfall: f64,
    /// What closing that costs a year; `None` where posts have no price.
    pub cost: Option<Pounds>,
    /// Expected cases that it would be staffed for besides, with all that it is short of.
    pub cases: Option<f64>,
    /// The same for each £100,000 of the cost.
    pub cases_per_100_000: Option<f64>,
    /// Why it stands where it does.
    pub reason: String,
}

impl Claimant {
    /// A service by its gap on one basis, up to one end of its need. `Err` with its status where the staff or the need of
    /// a role that gets posts are not known.
    pub fn of(row: &GapRow, end: End, roles: &[Role], expected_cases: Option<f64>) -> Result<Self, GapStatus> {
        let staffed = |role: Role| {
            let gap = row.role(role);
            match gap.in_post.zip(gap.need(end)) {
                None if roles.contains(&role) => Err(row.status),
                // Not looked at.
                None => Ok(Staffed { in_post: 0.0, need: 0.0 }),
                Some((in_post, need)) => Ok(Staffed { in_post, need }),
            }
        };
        let staff = [staffed(Role::Nurse)?, staffed(Role::Administrator)?];
        Ok(Self { service: row.service.clone(), staff, expected_cases })
    }
}

impl Ranked {
    /// What a goal ranks it by, the largest first: the share of the need that is not covered, the shortfall, or the
    /// expected cases for each £100,000 (for all of it, where posts have no price). `None` where those are not known,
    /// which comes last.
    pub fn ranked_by(&self, goal: Goal) -> Option<f64> {
        let found = match goal {
            Goal::WorstCoveredFirst => Some(1.0 - self.cover),
            Goal::SmallestTotalShortfall => Some(self.shortfall),
            Goal::MostExpectedCasesReached => self.cases_per_100_000.or(self.cases),
        };
        found.map(nine_places)
    }
}

/// Beyond them lies the noise of the arithmetic, which is to put nobody before anybody else.
fn nine_places(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// The services that are short, by what the goal looks at: the lowest cover, the most expected cases for a pound (those
/// whose cases are not known last), the largest shortfall. Equals stay in the order of the claimants.
///
/// `prices` are pounds a WTE of nurses and of administrators, where both have a price.
pub fn ranking(rules: &Rules, claimants: &[Claimant], prices: Option<[f64; 2]>) -> Vec<Ranked> {
    let is_short = |claimant: &Claimant| nine_places(claimant.shortfall(rules)) > 0.0;
    let short = claimants.iter().enumerate().filter(|(_, claimant)| is_short(claimant));
    let mut ranked: Vec<Ranked> = short.map(|(place, claimant)| ranked(rules, place, claimant, prices)).collect();
    let by = |one: &Ranked| one.ranked_by(rules.goal).unwrap_or(f64::NEG_INFINITY);
    ranked.sort_by(|a, b| by(b).total_cmp(&by(a)));
    ranked
}

fn ranked(rules: &Rules, place: usize, claimant: &Claimant, prices: Option<[f64; 2]>) -> Ranked {
    let (cover, shortfall) = (claimant.cover(rules), claimant.shortfall(rules));
    let cost = prices.map(|[nurse, administrator]| {
        let of = |role: Role, price: f64| {
            let staffed = claimant.role(role);
            if rules.roles.contains(&role) { (staffed.need - staffed.in_post).max(0.0) * price } else { 0.0 }
        };
        Pounds(of(Role::Nurse, nurse) + of(Role::Administrator, administrator))
    });
    let cases = claimant.expected_cases.map(|cases| cases * (1.0 - cover));
    let cases_per_100_000 = cases.zip(cost).map(|(cases, cost)| cases / cost.0 * 100_000.0);
    let mut ranked = Ranked { place, cover, shortfall, cost, cases, cases_per_100_000, reason: String::new() };
    ranked.reason = reason(rules, claimant, &ranked);
    ranked
}

#[expect(clippy::cast_possible_truncation, reason = "cases are far below 2^52")]
fn whole(number: f64) -> String {
    thousands(number.round() as i64)
}

/// "It has 1.59 of the 4.09 nurse WTE … that it needs, a cover of 38.9%. …"
fn reason(rules: &Rules, claimant: &Claimant, ranked: &Ranked) -> String {
    let staffed = |role: &Role| {
        let staffed = claimant.role(*role);
        format!("{} of {} {} WTE", display_wte(staffed.in_post), display_wte(staffed.need), role.as_str())
    };
    let has: Vec<String> = rules.roles.iter().map(staffed).collect();
    let cover = (ranked.cover * 1000.0).round() / 10.0;
    let mut words = format!("It has {} that it needs, a cover of {cover:.1}%.", has.join(" and "));
    let closing = match ranked.cost {
        Some(cost) => format!("Closing the {} WTE costs {} a year", display_wte(ranked.shortfall), cost.shown()),
        None => format!("It is short of {} WTE", display_wte(ranked.shortfall)),
    };
    let cases = match (claimant.expected_cases, ranked.cases, ranked.cases_per_100_000) {
        (Some(all), Some(cases), each) => {
            let each = each.map(|each| format!(": {} for each £100,000", whole(each))).unwrap_or_default();
            format!(", and would staff it for {} more of its {} expected cases{each}.", whole(cases), whole(all))
        }
        _ => ". Its expected cases are not known.".to_owned(),
    };
    words.push_str(&format!(" {closing}{cases}"));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workforce::allocation::{Budget, Posts, Staffed};

    fn claimant(service: &str, nurses: (f64, f64), cases: Option<f64>) -> Claimant {
        let staff = [Staffed { in_post: nurses.0, need: nurses.1 }, Staffed { in_post: 0.45, need: 2.04 }];
        Claimant { service: service.into(), staff, expected_cases: cases }
    }

    #[test]
    fn each_goal_has_its_order_and_each_line_its_reason() {
        let all = [
            claimant("A", (1.59, 4.09), Some(2_338.0)),
            claimant("B", (0.2, 1.0), Some(300.0)),
            claimant("C", (3.0, 9.0), None),
            claimant("D", (9.0, 2.0), Some(10.0)),
        ];
        let order = |goal| {
            let rules = Rules {
                budget: Budget::Wte(0.0),
                goal,
                posts: Posts::Tenths,
                roles: vec![Role::Nurse],
                minimum_team: 0.0,
                prices: [55_633.62, 28_516.58],
            };
            ranking(&rules, &all, Some(rules.prices))
        };
        let places = |goal| order(goal).iter().map(|one| one.place).collect::<Vec<_>>();
        assert_eq!(places(Goal::WorstCoveredFirst), [1, 2, 0], "D is not short");
        assert_eq!(places(Goal::MostExpectedCasesReached), [0, 1, 2]);
        assert_eq!(places(Goal::SmallestTotalShortfall), [2, 0, 1]);
        let first = &order(Goal::MostExpectedCasesReached)[0];
        assert_eq!(
            first.reason,
            "It has 1.59 of 4.09 nurse WTE that it needs, a cover of 38.9%. Closing the 2.50 WTE costs £139,100 a year, and \
             would staff it for 1,429 more of its 2,338 expected cases: 1,028 for each £100,000."
        );
        let unknown = &order(Goal::SmallestTotalShortfall)[0];
        assert!(unknown.reason.ends_with("a year. Its expected cases are not known."), "{}", unknown.reason);
    }
}
