//! What becomes of a gap when something is done about it: a scenario laid over the staffing of today, year by year.
//!
//! Year 0 is the day that the round's staffing describes, year 1 a year later, and so on; every figure is as on that day,
//! and a cost is what a year of it costs at that year's pay. A scenario that changes nothing gives today's figures in
//! every year. Nothing is promised of KPIs.
//!
//! The rules, all ours:
//! - *Population growth* compounds. The need, on both bases, and the expected cases grow with it.
//! - *Filling vacancies*: the given share of today's vacant posts is filled once the months to hire have passed. With a
//!   turnover, every post then stands empty for the months to hire whenever somebody leaves, so that in the long run
//!   `1 ÷ (1 + turnover × months ÷ 12)` of the posts in post are. A service that did not give its establishment has no
//!   vacancies that are known, and is not counted.
//! - *New posts* are funded from their month on, and somebody is in them after the months to hire, where vacancies are
//!   filled, else at once. They are the subject's, not one service's.
//! - *Moving administration*: a share of the nurse time that goes to administration moves to administrators (as many WTE
//!   more of them, funded and in post) or to software at a yearly cost. The nurse time that it frees is told apart and
//!   never counted as a nurse in post, since the standard counts nurses whatever they do.
//! - *Pay* compounds from year 1 on.

use serde::{Deserialize, Serialize};

use super::cost::{Costing, Pounds, Unpriced};
use super::gap::{GapRow, RoleGap};
use super::standard::{Basis, Role, StaffingStandard};
use super::sums::RoleSum;

/// Filling vacancies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FillVacancies {
    /// Percent of today's vacant posts.
    pub share_percent: f64,
    /// Months until somebody is in a post.
    pub months_to_hire: f64,
    /// Percent of the staff who leave in a year.
    pub turnover_percent: f64,
}

/// A new post, or several alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewPost {
    /// The role.
    pub role: Role,
    /// Agenda for Change band.
    pub band: String,
    /// WTE.
    pub wte: f64,
    /// The year in which it starts, 1 being the year that begins on the day of year 0.
    pub start_year: u32,
    /// The month of that year, 1 to 12.
    pub start_month: u32,
}

impl NewPost {
    /// Months from year 0 until it is funded.
    fn funded_after(&self) -> f64 {
        f64::from(self.start_year.saturating_sub(1) * 12 + self.start_month.saturating_sub(1))
    }
}

/// Where administrative nurse time goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovedTo {
    /// Administrators, an hour for an hour.
    Administrators,
    /// Software, at this many pounds a year for each service.
    Software(f64),
}

/// Moving administrative nurse time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MoveAdministration {
    /// Percent of nurse time that goes to administration, in place of each service's own answer.
    pub admin_percent: Option<f64>,
    /// Percent of that time that moves.
    pub moved_percent: f64,
    /// Where to.
    pub to: MovedTo,
}

/// The published share of nurse time that goes to administration, for services that did not answer: a third.
pub const PUBLISHED_ADMIN_SHARE: f64 = 1.0 / 3.0;

/// What is done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Years ahead, 1 to 10.
    pub years: u32,
    /// Population growth, percent a year.
    pub growth_percent: f64,
    /// Vacancies are filled.
    pub fill: Option<FillVacancies>,
    /// New posts.
    pub posts: Vec<NewPost>,
    /// Administration is moved.
    pub administration: Option<MoveAdministration>,
    /// Pay uplift, percent a year.
    pub pay_percent: f64,
}

/// The rules as a reader needs them, a paragraph each.
pub const RULES: [&str; 3] = [
    "Today is the day of the round’s staffing; each year is as on that day so many years later, and its cost is what a \
     whole year of it costs at that year’s pay.",
    "Population growth compounds, and the need and the expected cases grow with it. Vacancies are filled, and new posts \
     have somebody in them, once the months to hire are over; with a turnover, posts stand empty for that long whenever \
     somebody leaves: 1 ÷ (1 + turnover × months ÷ 12) of them are filled.",
    "Nurse time that is freed from administration is shown apart and not counted as nurses in post, since the standard \
     counts nurses whatever they do.",
];

/// Years ahead, at the most.
pub const MOST_YEARS: u32 = 10;
/// New posts, at the most.
pub const MOST_POSTS: usize = 50;

/// What of a scenario cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScenarioProblem {
    /// The field, such as `growth_percent` or `posts/0/wte`.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Scenario {
    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<ScenarioProblem> {
        let mut problems = Vec::new();
        let mut range = |field: &str, value: f64, low: f64, high: f64, what: &str| {
            if !(low..=high).contains(&value) {
                let message = format!("Give {what} as a number from {low} to {high}.");
                problems.push(ScenarioProblem { field: field.to_owned(), code: "out_of_range", message });
            }
        };
        range("years", f64::from(self.years), 1.0, f64::from(MOST_YEARS), "the years ahead");
        range("growth_percent", self.growth_percent, -10.0, 10.0, "the population growth in percent a year");
        range("pay_percent", self.pay_percent, -10.0, 25.0, "the pay uplift in percent a year");
        if let Some(fill) = &self.fill {
            range("fill_percent", fill.share_percent, 0.0, 100.0, "the share of vacancies to fill in percent");
            range("months_to_hire", fill.months_to_hire, 0.0, 60.0, "the months to hire");
            range("turnover_percent", fill.turnover_percent, 0.0, 100.0, "the turnover in percent a year");
        }
        if let Some(moved) = &self.administration {
            let admin = moved.admin_percent.unwrap_or_default();
            range("admin_percent", admin, 0.0, 100.0, "the share of nurse time that is administration in percent");
            range("moved_percent", moved.moved_percent, 0.0, 100.0, "the share of it that moves in percent");
            if let MovedTo::Software(cost) = moved.to {
                range("software_cost", cost, 0.0, 10_000_000.0, "the cost of the software in pounds a year a service");
            }
        }
        for (place, post) in self.posts.iter().enumerate() {
            let at = |name: &str| format!("posts/{place}/{name}");
            range(&at("wte"), post.wte, 0.01, 1_000.0, "the WTE of the post");
            range(
                &at("start_year"),
                f64::from(post.start_year),
                1.0,
                f64::from(MOST_YEARS),
                "the year in which it starts",
            );
            range(&at("start_month"), f64::from(post.start_month), 1.0, 12.0, "the month in which it starts");
        }
        if self.posts.len() > MOST_POSTS {
            let message = format!("A scenario has up to {MOST_POSTS} new posts; put posts that are alike together.");
            problems.push(ScenarioProblem { field: "posts".into(), code: "too_many", message });
        }
        problems
    }

    /// What is done, a line each.
    pub fn words(&self) -> Vec<String> {
        let years = if self.years == 1 { "1 year ahead".to_owned() } else { format!("{} years ahead", self.years) };
        let mut words =
            vec![format!("{years}; population {:+}% a year, pay {:+}% a year.", self.growth_percent, self.pay_percent)];
        words.push(match self.fill {
            None => "Vacancies stay as they are.".into(),
            Some(fill) => format!(
                "{}% of vacant posts are filled, {} months to hire, {}% of staff leave in a year.",
                fill.share_percent, fill.months_to_hire, fill.turnover_percent
            ),
        });
        words.extend(self.posts.iter().map(|post| {
            format!(
                "New: {} {} WTE, band {}, from month {} of year {}.",
                post.wte,
                post.role.as_str(),
                post.band,
                post.start_month,
                post.start_year
            )
        }));
        words.extend(self.administration.map(|moved| {
            let of = match moved.admin_percent {
                Some(percent) => format!("administration, {percent}% of their time"),
                None => "administration, by each service’s own answer or the published third".into(),
            };
            let to = match moved.to {
                MovedTo::Administrators => "to administrators".to_owned(),
                MovedTo::Software(pounds) => format!("to software at £{pounds} a year for each service"),
            };
            format!("{}% of nurses’ {of}, moves {to}.", moved.moved_percent)
        }));
        words
    }

    fn months_to_hire(&self) -> f64 {
        self.fill.map_or(0.0, |fill| fill.months_to_hire)
    }

    /// Growth from year 0 to a year, as a factor.
    fn growth(&self, year: u32) -> f64 {
        compounded(self.growth_percent, year)
    }

    /// Staff in post of one role in one service, in a year; `None` where it cannot be known.
    fn in_post(&self, gap: &RoleGap, year: u32) -> Option<f64> {
        let today = gap.in_post?;
        let Some(fill) = self.fill else { return Some(today) };
        let vacant = gap.vacant?.max(0.0);
        if year == 0 {
            return Some(today);
        }
        let hired = f64::from(year) * 12.0 >= fill.months_to_hire;
        let filled = if hired { vacant * fill.share_percent / 100.0 } else { 0.0 };
        let occupied = 1.0 / (1.0 + fill.turnover_percent / 100.0 * fill.months_to_hire / 12.0);
        Some((today + filled) * occupied)
    }

    /// New posts of a role in a year: funded, and in post.
    fn new_posts(&self, role: Role, year: u32) -> (f64, f64) {
        let now = f64::from(year) * 12.0;
        let total = |delay: f64| {
            let there = self.posts.iter().filter(|post| post.role == role && post.funded_after() + delay < now);
            there.fold(0.0, |sum, post| sum + post.wte)
        };
        (total(0.0), total(self.months_to_hire()))
    }
}

fn compounded(percent: f64, years: u32) -> f64 {
    let years = i32::try_from(years).unwrap_or(i32::MAX);
    (1.0 + percent / 100.0).powi(years)
}

/// One service that a scenario is laid over.
#[derive(Debug, Clone)]
pub struct ScenarioService<'a> {
    /// Its gap today, on each basis.
    pub rows: Vec<&'a GapRow>,
    /// The share of nurse time that it says goes to administration, 0 to 1.
    pub admin_share: Option<f64>,
    /// Its expected cases.
    pub expected: Option<f64>,
}

/// One role in one year on one basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearRole {
    /// The basis.
    pub basis: Basis,
    /// The role.
    pub role: Role,
    /// Need, in post and gap, as today's sums have them. Shortfalls and positions are those of the services without the
    /// new posts, which are the subject's; they are not shown.
    pub sum: RoleSum,
}

impl YearRole {
    /// Whether any service counts.
    pub fn counts(&self) -> bool {
        self.sum.services_counted > 0
    }
}

/// What a year costs.
#[derive(Debug, Clone, PartialEq)]
pub struct YearCost {
    /// All staff in post, new ones included, and software.
    pub whole: Pounds,
    /// The part of it that today's staff would not cost in that year.
    pub added: Pounds,
}

/// One year.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioYear {
    /// Years from today; 0 is today.
    pub year: u32,
    /// Each role on each basis.
    pub roles: Vec<YearRole>,
    /// Nurse time that moving administration frees, WTE.
    pub freed: f64,
    /// Expected cases for each nurse WTE in post, over the services where both are known.
    pub cases_per_nurse: Option<f64>,
    /// What it costs, or why that is not known.
    pub cost: Result<YearCost, Unpriced>,
}

impl ScenarioYear {
    /// A role on a basis.
    pub fn role(&self, role: Role, basis: Basis) -> Option<&YearRole> {
        self.roles.iter().find(|one| one.role == role && one.basis == basis)
    }
}

/// A scenario worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Year 0 and those ahead.
    pub years: Vec<ScenarioYear>,
    /// What to know of what is missing, a sentence each.
    pub reasons: Vec<String>,
}

/// Lays a scenario over services.
pub fn outcome(
    standard: &StaffingStandard,
    costing: &Costing,
    scenario: &Scenario,
    services: &[ScenarioService<'_>],
) -> Outcome {
    let years = (0..=scenario.years).map(|year| one_year(standard, costing, scenario, services, year)).collect();
    Outcome { years, reasons: reasons(scenario, services) }
}

fn one_year(
    standard: &StaffingStandard,
    costing: &Costing,
    scenario: &Scenario,
    services: &[ScenarioService<'_>],
    year: u32,
) -> ScenarioYear {
    let changed: Vec<GapRow> = services
        .iter()
        .flat_map(|service| service.rows.iter().map(move |row| changed_row(standard, scenario, service, row, year)))
        .collect();
    let mut roles = Vec::new();
    for role in Role::ALL {
        let (funded, hired) = scenario.new_posts(role, year);
        for basis in Basis::ALL {
            let mut sum = RoleSum::over(changed.iter().filter(|row| row.basis == basis), role);
            add_posts(&mut sum, funded, hired);
            roles.push(YearRole { basis, role, sum });
        }
    }
    let freed = services.iter().filter_map(|service| freed_in(scenario, service, year));
    let freed = freed.fold(0.0, |sum, freed| sum + freed);
    ScenarioYear {
        year,
        roles,
        freed,
        cases_per_nurse: cases_per_nurse(scenario, services, year),
        cost: cost(costing, scenario, services, year),
    }
}

/// A service's row in a year, on its basis.
fn changed_row(
    standard: &StaffingStandard,
    scenario: &Scenario,
    service: &ScenarioService<'_>,
    row: &GapRow,
    year: u32,
) -> GapRow {
    let mut changed = row.clone();
    if let Some(population) = changed.population.as_mut() {
        population.people *= scenario.growth(year);
    }
    let people = changed.population.as_ref().map(|population| population.people);
    let role = |role: Role, moved: f64| {
        let gap = row.role(role);
        let in_post = scenario.in_post(gap, year).map(|in_post| in_post + moved);
        let establishment = gap.establishment.map(|establishment| establishment + moved);
        RoleGap::of_wte(standard, role, people, in_post, establishment, gap.reported_vacant)
    };
    let moved = moved_to_administrators(scenario, service, year);
    let (nurses, administrators) = (role(Role::Nurse, 0.0), role(Role::Administrator, moved));
    GapRow { nurses, administrators, ..changed }
}

/// Nurse time that moves to administrators in a service, WTE: as many more of them, funded and in post.
fn moved_to_administrators(scenario: &Scenario, service: &ScenarioService<'_>, year: u32) -> f64 {
    let moves = scenario.administration.is_some_and(|moved| moved.to == MovedTo::Administrators);
    freed_in(scenario, service, year).filter(|_| moves).unwrap_or(0.0)
}

/// Adds the posts of the subject to the sums of its services.
fn add_posts(sum: &mut RoleSum, funded: f64, hired: f64) {
    if sum.services_counted == 0 {
        return;
    }
    sum.in_post += hired;
    sum.net_gap_low -= hired;
    sum.net_gap_high -= hired;
    if sum.split.services > 0 {
        sum.split.establishment += funded;
        sum.split.unfunded_low -= funded;
        sum.split.unfunded_high -= funded;
        sum.split.vacant += funded - hired;
    }
}

/// The staff of a role in a service today or in a year, whatever its basis.
fn in_post_of(scenario: &Scenario, service: &ScenarioService<'_>, role: Role, year: u32) -> Option<f64> {
    scenario.in_post(service.rows.first()?.role(role), year)
}

/// Nurse time that moving administration frees in a service; `None` where its nurses are not known.
fn freed_in(scenario: &Scenario, service: &ScenarioService<'_>, year: u32) -> Option<f64> {
    let moved = scenario.administration.filter(|_| year > 0)?;
    let own = moved.admin_percent.map(|percent| percent / 100.0).or(service.admin_share);
    let share = own.unwrap_or(PUBLISHED_ADMIN_SHARE);
    Some(in_post_of(scenario, service, Role::Nurse, year)? * share * moved.moved_percent / 100.0)
}

fn cases_per_nurse(scenario: &Scenario, services: &[ScenarioService<'_>], year: u32) -> Option<f64> {
    let one = |service: &ScenarioService<'_>| {
        Some((service.expected? * scenario.growth(year), in_post_of(scenario, service, Role::Nurse, year)?))
    };
    let (cases, nurses) = services.iter().filter_map(one).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let nurses = nurses + scenario.new_posts(Role::Nurse, year).1;
    (nurses > 0.0 && cases > 0.0).then(|| cases / nurses)
}

fn cost(
    costing: &Costing,
    scenario: &Scenario,
    services: &[ScenarioService<'_>],
    year: u32,
) -> Result<YearCost, Unpriced> {
    let uplift = compounded(scenario.pay_percent, year);
    let (mut whole, mut today) = (Pounds(0.0), Pounds(0.0));
    for role in Role::ALL {
        let rate = costing.cost_of(role)? * uplift;
        for service in services {
            if role == Role::Administrator {
                whole = whole + rate * moved_to_administrators(scenario, service, year);
            }
            // What is not known in a year is left out of that year and of today alike.
            let (Some(then), Some(now)) =
                (in_post_of(scenario, service, role, year), in_post_of(scenario, service, role, 0))
            else {
                continue;
            };
            whole = whole + rate * then;
            today = today + rate * now;
        }
    }
    let now = f64::from(year) * 12.0;
    for post in scenario.posts.iter().filter(|post| post.funded_after() + scenario.months_to_hire() < now) {
        whole = whole + costing.cost_per_wte(&post.band)? * (post.wte * uplift);
    }
    if let Some(MoveAdministration { to: MovedTo::Software(pounds), .. }) = scenario.administration.filter(|_| year > 0)
    {
        let with_nurses = services.iter().filter(|service| in_post_of(scenario, service, Role::Nurse, year).is_some());
        let count = u32::try_from(with_nurses.count()).unwrap_or(u32::MAX);
        whole = whole + Pounds(pounds * f64::from(count));
    }
    Ok(YearCost { added: whole - today, whole })
}

fn reasons(scenario: &Scenario, services: &[ScenarioService<'_>]) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut say = |n: usize, one: &str, several: &str| match n {
        0 => {}
        1 => reasons.push(format!("1 service {one}")),
        n => reasons.push(format!("{n} services {several}")),
    };
    let lacks = |role: Role| {
        services.iter().filter(|s| s.rows.first().is_none_or(|row| row.role(role).in_post.is_none())).count()
    };
    for role in Role::ALL {
        let words = format!("gave no {} in post and count in nothing about them.", role.plural());
        say(lacks(role), &words.replace("count", "counts"), &words);
        if scenario.fill.is_some() {
            let unknown = |s: &&ScenarioService<'_>| {
                s.rows.first().is_some_and(|row| row.role(role).in_post.is_some() && row.role(role).vacant.is_none())
            };
            let words = format!(
                "gave no establishment of {}: the vacancies are not known, so that nothing about these staff is counted.",
                role.plural()
            );
            say(services.iter().filter(unknown).count(), &words, &words);
        }
    }
    let people = |s: &&ScenarioService<'_>| s.rows.iter().any(|row| row.population.is_none());
    let words = "has no population on at least one basis, and no need on it.";
    say(services.iter().filter(people).count(), words, &words.replace("has", "have"));
    if scenario.administration.is_some_and(|moved| moved.admin_percent.is_none()) {
        let words = "did not say how much nurse time goes to administration: the published third is used.";
        say(services.iter().filter(|service| service.admin_share.is_none()).count(), words, words);
    }
    reasons
}

#[cfg(test)]
mod tests;
