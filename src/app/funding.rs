//! What to fund first: the services of an area ranked, a budget shared out among them, and what further budgets buy.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::costs::{self, CostQuery};
use super::error::InputProblem;
use super::gaps::{self, GapQuery};
use super::register::round_in;
use super::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::kpi::caseload::Cases;
use crate::domain::workforce::allocation::down_the_list::{DownTheList, down_the_list};
use crate::domain::workforce::allocation::{
    Allocation, Budget, Claimant, FrontierPoint, Goal, LARGEST_BUDGET, NoClaim, Posts, Rules, allocate, claims,
    frontier,
};
use crate::domain::workforce::closing::CostReport;
use crate::domain::workforce::gap::{End, GapRow, GapStatus};
use crate::domain::workforce::ranking::{Ranked, ranking};
use crate::domain::workforce::standard::{Basis, Role};
use crate::store::DbConn;

/// What is asked.
#[derive(Debug, Clone)]
pub struct FundingQuery {
    /// Whose gaps, by which standard, at which prices.
    pub costs: CostQuery,
    /// The population that needs rest on.
    pub basis: Basis,
    /// Up to the lowest or the highest need.
    pub end: End,
    /// What is shared out; `None`: services are ranked, and the frontier is of pounds.
    pub budget: Option<Budget>,
    /// To what end.
    pub goal: Goal,
    /// In which steps.
    pub posts: Posts,
    /// The roles that get posts.
    pub roles: Vec<Role>,
    /// WTE below which a service gets nothing.
    pub minimum_team: f64,
}

impl FundingQuery {
    /// What is asked where nothing else is said: the careful reading of both the population and the range.
    pub fn of(gaps: GapQuery) -> Self {
        Self {
            costs: CostQuery { gaps, ..CostQuery::default() },
            basis: Basis::Aged50Plus,
            end: End::Low,
            budget: None,
            goal: Goal::WorstCoveredFirst,
            posts: Posts::Tenths,
            roles: Role::ALL.to_vec(),
            minimum_team: 0.0,
        }
    }
}

/// The most WTE that a team can be asked to have.
pub const LARGEST_TEAM: f64 = 100.0;

/// Why a service takes no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Its gap is not known.
    NoGap(GapStatus),
    /// It can be given nothing.
    NoClaim(NoClaim),
}

impl LeftOut {
    /// The word used in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            // One of the roles is missing.
            Self::NoGap(GapStatus::Ok) => GapStatus::StaffingMissing.as_str(),
            Self::NoGap(status) => status.as_str(),
            Self::NoClaim(why) => why.as_str(),
        }
    }

    /// What it means, for pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoGap(GapStatus::Ok | GapStatus::StaffingMissing) => "gave no staffing of a role that posts go to",
            Self::NoGap(GapStatus::NoResponse) => "submitted no answers",
            Self::NoGap(GapStatus::PopulationMissing) => "gave no population",
            Self::NoGap(GapStatus::PopulationNotPositive) => "gave a population that is not above zero",
            Self::NoClaim(why) => why.words(),
        }
    }
}

/// What to fund first.
#[derive(Debug, Clone)]
pub struct FundingReport {
    /// The gaps and the prices.
    pub costs: CostReport,
    /// What was asked.
    pub query: FundingQuery,
    /// The rules that were shared out by; with a budget of nothing where none was given.
    pub rules: Rules,
    /// The services whose gap is known, sorted by code.
    pub claimants: Vec<Claimant>,
    /// Names of services by code.
    pub names: BTreeMap<String, String>,
    /// The services that take no part, and why; those that are not short of staff among them.
    pub left_out: Vec<(String, LeftOut)>,
    /// The services that are short, in the order of the goal.
    pub ranking: Vec<Ranked>,
    /// What the budget buys; `None` where none was given.
    pub allocation: Option<Allocation>,
    /// What the budget does that goes down the ranking instead, as on the workbook's sheet *Allocation*; `None` where none
    /// was given.
    pub down_the_list: Option<DownTheList>,
    /// What budgets buy, from nothing on.
    pub frontier: Vec<FrontierPoint>,
}

/// Who covers which cases in a year.
pub(super) fn cases_of(app: &App, conn: &mut DbConn, year: i32) -> Result<Arc<Cases>, AppError> {
    let register = app.register(conn)?;
    let multiplier = app.methodology_of(round_in(&register, year)?)?.caseload_multiplier;
    Ok(register.cases(year, multiplier))
}

/// What of a question cannot be used.
fn check(query: &FundingQuery) -> Result<(), AppError> {
    let mut problems = Vec::new();
    let (amount, unit) = match query.budget {
        Some(Budget::Pounds(amount)) => (amount, "pounds"),
        Some(Budget::Wte(amount)) => (amount, "WTE"),
        None => (0.0, ""),
    };
    if !(0.0..=LARGEST_BUDGET).contains(&amount) {
        let message = format!("Give a budget from 0 to {LARGEST_BUDGET} {unit}.");
        problems.push(InputProblem::new("budget", "out_of_range", message));
    }
    if !(0.0..=LARGEST_TEAM).contains(&query.minimum_team) {
        let message = format!("Give a minimum team from 0 to {LARGEST_TEAM} WTE.");
        problems.push(InputProblem::new("minimum_team", "out_of_range", message));
    }
    if query.roles.is_empty() {
        problems.push(InputProblem::new("roles", "empty", "Choose at least one role that gets posts."));
    }
    if problems.is_empty() { Ok(()) } else { Err(AppError::Invalid(problems)) }
}

/// The prices of both roles; what has none stops a question that shares out pounds.
fn prices(report: &CostReport, query: &FundingQuery) -> Result<Option<[f64; 2]>, AppError> {
    let priced = Role::ALL.map(|role| report.costing.cost_of(role));
    let needed = Role::ALL.into_iter().zip(&priced).filter(|(role, _)| query.roles.contains(role));
    let unpriced: Vec<InputProblem> = needed
        .filter_map(|(role, price)| {
            let field = if role == Role::Nurse { "nurse_band" } else { "administrator_band" };
            let why = price.as_ref().err()?;
            let message = format!(
                "Posts of {} have no price: {why}. Choose another pay year or band, or share out WTE instead.",
                role.plural()
            );
            Some(InputProblem::new(field, "unpriced", message))
        })
        .collect();
    let by_wte = matches!(query.budget, Some(Budget::Wte(_)));
    if !unpriced.is_empty() {
        return if by_wte { Ok(None) } else { Err(AppError::Invalid(unpriced)) };
    }
    let [nurse, administrator] = priced.map(|price| price.map_or(0.0, |pounds| pounds.0));
    Ok(Some([nurse, administrator]))
}

fn claimant(row: &GapRow, query: &FundingQuery, cases: &Cases) -> Result<Claimant, LeftOut> {
    #[expect(clippy::cast_precision_loss, reason = "cases are far below 2^52")]
    let expected = |cases: i64| cases as f64;
    let expected = cases.services.get(&row.service).and_then(|caseload| caseload.expected).map(expected);
    Claimant::of(row, query.end, &query.roles, expected).map_err(LeftOut::NoGap)
}

/// Ranks the services that the reader may see, shares out the budget, and looks at further budgets.
pub fn report(app: &App, who: &Principal, query: &FundingQuery) -> Result<FundingReport, AppError> {
    let mut query = query.clone();
    query.roles.sort_unstable();
    query.roles.dedup();
    // What may be read is settled before what is wrong with the question.
    gaps::may_read(who)?;
    check(&query)?;
    let costs = costs::report(app, who, &query.costs)?;
    let priced = prices(&costs, &query)?;
    let cases = app.read(|conn| cases_of(app, conn, query.costs.gaps.year))?;
    let rules = Rules {
        budget: query.budget.unwrap_or(Budget::Pounds(0.0)),
        goal: query.goal,
        posts: query.posts,
        roles: query.roles.clone(),
        minimum_team: query.minimum_team,
        prices: priced.unwrap_or_default(),
    };
    let (mut claimants, mut left_out, mut names) = (Vec::new(), Vec::new(), BTreeMap::new());
    for row in costs.gaps.rows_on(query.basis) {
        names.insert(row.service.clone(), row.name.clone());
        match claimant(row, &query, &cases) {
            Ok(claimant) => claimants.push(claimant),
            Err(why) => left_out.push((row.service.clone(), why)),
        }
    }
    for (claimant, claim) in claimants.iter().zip(claims(&rules, &claimants)) {
        if let Err(why) = claim {
            left_out.push((claimant.service.clone(), LeftOut::NoClaim(why)));
        }
    }
    left_out.sort();
    let ranking = ranking(&rules, &claimants, priced);
    Ok(FundingReport {
        down_the_list: query.budget.map(|_| down_the_list(&rules, &claimants, &ranking)),
        ranking,
        allocation: query.budget.map(|_| allocate(&rules, &claimants)),
        frontier: frontier(&rules, &claimants),
        costs,
        rules,
        claimants,
        names,
        left_out,
        query,
    })
}

impl FundingReport {
    /// What the budget buys, in a sentence or two.
    pub fn statement(&self) -> String {
        let basis = self.query.basis.in_a_sentence();
        let short = self.ranking.len();
        let all: f64 = self.claimants.iter().map(|claimant| claimant.shortfall(&self.rules)).sum();
        let wte = crate::domain::workforce::report::display_wte;
        let end = match self.query.end {
            End::Low => "lowest",
            End::High => "highest",
        };
        if short == 0 {
            return format!(
                "No service is known to be short of these roles on the {basis}, up to the {end} need that the standard gives."
            );
        }
        let opening = format!(
            "On the {basis}, {} short of {} WTE together, up to the {end} need that the standard gives.",
            if short == 1 { "1 service is".to_owned() } else { format!("{short} services are") },
            wte(all)
        );
        let Some(allocation) = &self.allocation else { return opening };
        let budget = match self.rules.budget {
            Budget::Pounds(pounds) => format!("{} a year", crate::domain::workforce::cost::Pounds(pounds).shown()),
            Budget::Wte(posts) => format!("{} WTE", wte(posts)),
        };
        if allocation.grants.is_empty() {
            return format!("{opening} A budget of {budget} is not enough for any post within the rules.");
        }
        format!(
            "{opening} A budget of {budget} pays for {} WTE in {} of them and leaves {} WTE short.",
            wte(allocation.wte),
            allocation.grants.len(),
            wte(allocation.shortfall.1)
        )
    }
}
