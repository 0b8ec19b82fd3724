//! What to fund first, as the API takes and shows it.

use chrono::NaiveDate;
use poem_openapi::{Enum, Object};
use serde::Deserialize;

use super::cost_shapes::Costing;
use super::gap_shapes::count;
use super::workforce::{Basis, StaffingStandard};
use crate::app::AppError;
use crate::app::costs::CostQuery;
use crate::app::funding::{FundingQuery, FundingReport};
use crate::app::gaps::GapQuery;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::{allocation, gap, standard};

/// What an allocation is to be good at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AllocationGoal {
    /// As many WTE as the budget pays for; the cheaper role comes first.
    SmallestTotalShortfall,
    /// The lowest cover of a service that could take more, as high as the budget can bring it.
    WorstCoveredFirst,
    /// Expected cases × cover, summed over the services, as large as the budget can make it.
    MostExpectedCasesReached,
}

impl From<AllocationGoal> for allocation::Goal {
    fn from(goal: AllocationGoal) -> Self {
        match goal {
            AllocationGoal::SmallestTotalShortfall => Self::SmallestTotalShortfall,
            AllocationGoal::WorstCoveredFirst => Self::WorstCoveredFirst,
            AllocationGoal::MostExpectedCasesReached => Self::MostExpectedCasesReached,
        }
    }
}

/// An end of the range of need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum NeedEnd {
    /// The lowest need.
    Low,
    /// The highest need.
    High,
}

/// In which steps posts are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PostSteps {
    /// Whole posts alone.
    Whole,
    /// Tenths of a post.
    Tenths,
}

/// A role that the standard speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum FundedRole {
    /// Specialist nurses.
    Nurse,
    /// Administrators.
    Administrator,
}

/// What is to be shared out, and how. Give `budget_pounds` or `budget_wte`, one of the two.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct AllocationRequest {
    /// The audit year.
    #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
    pub year: i32,
    /// Only what lies in this area or below it.
    pub area: Option<String>,
    /// Id of the staffing standard; by default that of the round.
    pub standard: Option<String>,
    /// The day whose area tree groups the services; by default the newest.
    pub geography_as_at: Option<NaiveDate>,
    /// The population that needs rest on; by default people aged 50 and over.
    pub basis: Option<Basis>,
    /// Up to which need posts are given; by default the lowest.
    pub up_to: Option<NeedEnd>,
    /// Pounds a year, from 0 to 1,000,000,000.
    pub budget_pounds: Option<f64>,
    /// Posts in WTE, from 0 to 1,000,000,000.
    pub budget_wte: Option<f64>,
    /// To what end; by default `worst_covered_first`.
    pub goal: Option<AllocationGoal>,
    /// In which steps; by default tenths.
    pub posts: Option<PostSteps>,
    /// The roles that get posts; by default both.
    pub roles: Option<Vec<FundedRole>>,
    /// WTE of these roles, in post and new, below which a service gets nothing, from 0 to 100; by default 0.
    pub minimum_team: Option<f64>,
    /// The pay year, such as `2022/23`.
    pub pay_year: Option<String>,
    /// What pay is multiplied by for on-costs.
    pub on_cost: Option<f64>,
    /// The high-cost area supplement of every post: `none`, `inner`, `outer`, `fringe`.
    pub supplement: Option<String>,
    /// The Agenda for Change band of nurses.
    pub nurse_band: Option<String>,
    /// The band of administrators.
    pub administrator_band: Option<String>,
}

impl AllocationRequest {
    /// The question as the use case takes it.
    pub fn query(self) -> Result<FundingQuery, AppError> {
        let budget = match (self.budget_pounds, self.budget_wte) {
            (Some(pounds), None) => allocation::Budget::Pounds(pounds),
            (None, Some(wte)) => allocation::Budget::Wte(wte),
            _ => {
                let message = "Give budget_pounds or budget_wte, one of the two.";
                return Err(AppError::invalid("/budget_pounds", "one_budget", message));
            }
        };
        let usual = FundingQuery::of(GapQuery::default());
        let role = |role: FundedRole| match role {
            FundedRole::Nurse => standard::Role::Nurse,
            FundedRole::Administrator => standard::Role::Administrator,
        };
        Ok(FundingQuery {
            costs: CostQuery {
                gaps: GapQuery {
                    year: self.year,
                    area: self.area,
                    standard: self.standard,
                    geography_as_at: self.geography_as_at,
                    cut: None,
                },
                costing: CostingChoice {
                    pay_year: self.pay_year,
                    on_cost: self.on_cost,
                    supplement: self.supplement,
                    nurse_band: self.nurse_band,
                    administrator_band: self.administrator_band,
                },
            },
            basis: self.basis.map_or(usual.basis, |basis| match basis {
                Basis::AsReported => standard::Basis::AsReported,
                Basis::Aged50Plus => standard::Basis::Aged50Plus,
            }),
            end: self.up_to.map_or(usual.end, |end| match end {
                NeedEnd::Low => gap::End::Low,
                NeedEnd::High => gap::End::High,
            }),
            budget: Some(budget),
            goal: self.goal.map_or(usual.goal, Into::into),
            posts: self.posts.map_or(usual.posts, |posts| match posts {
                PostSteps::Whole => allocation::Posts::Whole,
                PostSteps::Tenths => allocation::Posts::Tenths,
            }),
            roles: self.roles.map_or(usual.roles, |roles| roles.into_iter().map(role).collect()),
            minimum_team: self.minimum_team.unwrap_or(0.0),
        })
    }
}

/// What a service gets.
#[derive(Debug, Clone, Object)]
pub struct AllocationGrant {
    /// Unit code of the service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Nurses, WTE.
    pub nurse_wte: f64,
    /// Administrators, WTE.
    pub administrator_wte: f64,
    /// What they cost a year, pounds; 0 where WTE are shared out and a band has no price.
    pub cost: f64,
    /// In post ÷ need over the roles that get posts, before.
    pub cover_before: f64,
    /// The same with the posts.
    pub cover_after: f64,
}

/// A service that is short of staff, in its place.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RankedService {
    /// Unit code of the service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// In post ÷ need over the roles that get posts.
    pub cover: f64,
    /// What it is short of, WTE.
    pub shortfall: f64,
    /// What closing that costs a year, pounds.
    pub cost: Option<f64>,
    /// Expected cases that it would be staffed for besides.
    pub cases: Option<f64>,
    /// The same for each £100,000.
    pub cases_per_100_000: Option<f64>,
    /// Why it stands where it does.
    pub reason: String,
}

/// A service that takes no part.
#[derive(Debug, Clone, Object)]
pub struct LeftOutService {
    /// Unit code of the service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Stable word: `no_response`, `population_missing`, `staffing_missing`, `population_not_positive`, `not_short`,
    /// `less_than_a_step`, `team_out_of_reach`, `cases_not_known`.
    pub reason: String,
}

/// What one budget buys.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AllocationFigures {
    /// The budget, in its unit.
    pub budget: f64,
    /// What is spent of it.
    pub spent: f64,
    /// The WTE that it buys.
    pub wte: f64,
    /// Services that get something.
    pub services: u64,
    /// WTE short before.
    pub shortfall_before: f64,
    /// WTE short after.
    pub shortfall_after: f64,
    /// Expected cases × cover before, over the services whose cases are known.
    pub cases_before: f64,
    /// The same after.
    pub cases_after: f64,
    /// The lowest cover of a service that could take more, before; absent where none could.
    pub lowest_cover_before: Option<f64>,
    /// The same after.
    pub lowest_cover_after: Option<f64>,
    /// Nothing within the rules does better at the goal.
    pub proven: bool,
}

impl AllocationFigures {
    fn new(budget: f64, allocation: &allocation::Allocation) -> Self {
        Self {
            budget,
            spent: allocation.spent,
            wte: allocation.wte,
            services: count(allocation.grants.len()),
            shortfall_before: allocation.shortfall.0,
            shortfall_after: allocation.shortfall.1,
            cases_before: allocation.cases.0,
            cases_after: allocation.cases.1,
            lowest_cover_before: allocation.lowest_cover.0,
            lowest_cover_after: allocation.lowest_cover.1,
            proven: allocation.proven,
        }
    }
}

/// The turn of a service, when a budget goes down the list.
#[derive(Debug, Clone, Object)]
pub struct AllocationTurn {
    /// Unit code of the service.
    pub service: String,
    /// Nurses that it gets, WTE.
    pub nurse_wte: f64,
    /// Administrators that it gets, WTE.
    pub administrator_wte: f64,
    /// What they take of the budget, in its unit.
    pub spent: f64,
    /// What is left of the budget after it, in its unit.
    pub left: f64,
}

/// A budget that goes down the ranking: each service in turn gets posts, nurses before administrators, up to what it is
/// short of and as far as what is left reaches. Simple to follow, and never better at the goal than the allocation.
#[derive(Debug, Clone, Object)]
pub struct DownTheList {
    /// What is spent, in the unit of the budget.
    pub spent: f64,
    /// What is left over, in the unit of the budget.
    pub left: f64,
    /// Nurses that are given, WTE.
    pub nurse_wte: f64,
    /// Administrators that are given, WTE.
    pub administrator_wte: f64,
    /// Services that get something.
    pub services: u64,
    /// Every service of the ranking, in its order.
    pub turns: Vec<AllocationTurn>,
}

/// A budget shared out, with the services in order and what further budgets buy.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AllocationResult {
    /// What it comes to, in words.
    pub statement: String,
    /// The round under all its names.
    pub round: String,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The area that it is limited to.
    pub area: Option<String>,
    /// What the needs are measured by.
    pub standard: StaffingStandard,
    /// The population that needs rest on.
    pub basis: Basis,
    /// How posts are priced.
    pub costing: Costing,
    /// What the budget buys in all.
    pub figures: Option<AllocationFigures>,
    /// What each service gets, sorted by service.
    pub grants: Vec<AllocationGrant>,
    /// The services that are short, in the order of the goal.
    pub ranking: Vec<RankedService>,
    /// What the budget does that goes down that ranking instead.
    pub down_the_list: Option<DownTheList>,
    /// What budgets buy, from nothing to where nothing is left to fund.
    pub frontier: Vec<AllocationFigures>,
    /// The services that get nothing whatever the budget, and why, sorted by service.
    pub left_out: Vec<LeftOutService>,
}

impl From<&FundingReport> for AllocationResult {
    fn from(report: &FundingReport) -> Self {
        let gaps = &report.costs.gaps;
        let name = |service: &String| report.names.get(service).cloned().unwrap_or_default();
        let service = |place: usize| report.claimants.get(place).map(|one| one.service.clone()).unwrap_or_default();
        let (allocation::Budget::Pounds(budget) | allocation::Budget::Wte(budget)) = report.rules.budget;
        let grants = report.allocation.iter().flat_map(|allocation| &allocation.grants);
        Self {
            statement: report.statement(),
            round: gaps.round.names(),
            synthetic: gaps.synthetic,
            area: gaps.area.as_ref().map(|(code, _)| code.clone()),
            standard: StaffingStandard::from(&gaps.standard),
            basis: report.query.basis.into(),
            costing: Costing::from(&report.costs.costing),
            figures: report.allocation.as_ref().map(|allocation| AllocationFigures::new(budget, allocation)),
            grants: grants
                .map(|grant| AllocationGrant {
                    service: service(grant.place),
                    name: name(&service(grant.place)),
                    nurse_wte: grant.wte[0],
                    administrator_wte: grant.wte[1],
                    cost: grant.pounds,
                    cover_before: grant.cover.0,
                    cover_after: grant.cover.1,
                })
                .collect(),
            ranking: report
                .ranking
                .iter()
                .map(|one| RankedService {
                    service: service(one.place),
                    name: name(&service(one.place)),
                    cover: one.cover,
                    shortfall: one.shortfall,
                    cost: one.cost.map(|cost| cost.0),
                    cases: one.cases,
                    cases_per_100_000: one.cases_per_100_000,
                    reason: one.reason.clone(),
                })
                .collect(),
            down_the_list: report.down_the_list.as_ref().map(|went| DownTheList {
                spent: went.spent,
                left: went.left,
                nurse_wte: went.wte[0],
                administrator_wte: went.wte[1],
                services: count(went.reached()),
                turns: went
                    .turns
                    .iter()
                    .map(|turn| AllocationTurn {
                        service: service(turn.place),
                        nurse_wte: turn.wte[0],
                        administrator_wte: turn.wte[1],
                        spent: turn.spent,
                        left: turn.left,
                    })
                    .collect(),
            }),
            frontier: report
                .frontier
                .iter()
                .map(|point| AllocationFigures::new(point.budget, &point.allocation))
                .collect(),
            left_out: report
                .left_out
                .iter()
                .map(|(service, why)| LeftOutService {
                    service: service.clone(),
                    name: name(service),
                    reason: why.as_str().to_owned(),
                })
                .collect(),
        }
    }
}
