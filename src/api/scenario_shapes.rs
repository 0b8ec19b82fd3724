//! Scenarios as the API takes and shows them. Nothing is rounded; what is not known is absent.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use serde::Deserialize;

use super::demand_shapes::StaffRole;
use super::gap_shapes::count;
use super::workforce::{Basis, StaffingStandard};
use crate::app::scenario_kpis;
use crate::app::scenarios::{NewScenario, Plan, SavedScenario, ScenarioReport, Subject};
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::scenario;

/// Filling vacancies.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillVacancies {
    /// Percent of today's vacant posts, 0 to 100.
    pub fill_percent: f64,
    /// Months until somebody is in a post, 0 to 60.
    pub months_to_hire: f64,
    /// Percent of the staff who leave in a year, 0 to 100; each leaves a post empty for the months to hire.
    pub turnover_percent: f64,
}

/// A new post, or several alike.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPost {
    /// The role.
    pub role: StaffRole,
    /// Agenda for Change band, such as `7`.
    pub band: String,
    /// WTE, 0.01 to 1,000.
    pub wte: f64,
    /// The year in which it starts, 1 to 10.
    #[oai(validator(minimum(value = "1"), maximum(value = "10")))]
    pub start_year: u32,
    /// The month of that year, 1 to 12.
    #[oai(validator(minimum(value = "1"), maximum(value = "12")))]
    pub start_month: u32,
}

/// Where administrative nurse time moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MovedTo {
    /// Administrators, an hour for an hour.
    Administrators,
    /// Software.
    Software,
}

/// Moving administrative nurse time.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct MoveAdministration {
    /// Percent of nurse time that goes to administration; by default each service's own answer, else the published third.
    pub admin_percent: Option<f64>,
    /// Percent of that time that moves, 0 to 100.
    pub moved_percent: f64,
    /// Where to.
    pub to: MovedTo,
    /// Of software: pounds a year for each service.
    pub software_cost: Option<f64>,
}

/// What is asked and done. What is left out does not change.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ScenarioPlan {
    /// The audit year whose staffing is today's.
    pub year: i32,
    /// One service, by its code.
    pub service: Option<String>,
    /// The services of this area and below it.
    pub area: Option<String>,
    /// Id of the staffing standard; by default that of the round.
    pub standard: Option<String>,
    /// Years ahead, 1 to 10.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000")))]
    pub years: u32,
    /// Population growth, percent a year, -10 to 10.
    pub growth_percent: Option<f64>,
    /// Vacancies are filled.
    pub fill: Option<FillVacancies>,
    /// New posts.
    pub posts: Option<Vec<NewPost>>,
    /// Administration is moved.
    pub administration: Option<MoveAdministration>,
    /// Pay uplift, percent a year, -10 to 25.
    pub pay_percent: Option<f64>,
    /// Agenda for Change pay year, such as `2022/23`.
    pub pay_year: Option<String>,
    /// What pay is multiplied by for on-costs.
    pub on_cost: Option<f64>,
    /// High-cost area supplement: `none`, `inner`, `outer`, `fringe`.
    pub supplement: Option<String>,
    /// Band of the nurses who are there.
    pub nurse_band: Option<String>,
    /// Band of the administrators who are there.
    pub administrator_band: Option<String>,
}

impl ScenarioPlan {
    /// The plan that it describes.
    pub fn read(self) -> Plan {
        let post = |post: NewPost| scenario::NewPost {
            role: post.role.into(),
            band: post.band.trim().to_lowercase(),
            wte: post.wte,
            start_year: post.start_year,
            start_month: post.start_month,
        };
        let administration = |moved: MoveAdministration| scenario::MoveAdministration {
            admin_percent: moved.admin_percent,
            moved_percent: moved.moved_percent,
            to: match moved.to {
                MovedTo::Administrators => scenario::MovedTo::Administrators,
                MovedTo::Software => scenario::MovedTo::Software(moved.software_cost.unwrap_or_default()),
            },
        };
        Plan {
            subject: Subject { year: self.year, service: self.service, area: self.area, standard: self.standard },
            scenario: scenario::Scenario {
                years: self.years,
                growth_percent: self.growth_percent.unwrap_or_default(),
                fill: self.fill.map(|fill| scenario::FillVacancies {
                    share_percent: fill.fill_percent,
                    months_to_hire: fill.months_to_hire,
                    turnover_percent: fill.turnover_percent,
                }),
                posts: self.posts.unwrap_or_default().into_iter().map(post).collect(),
                administration: self.administration.map(administration),
                pay_percent: self.pay_percent.unwrap_or_default(),
            },
            costing: CostingChoice {
                pay_year: self.pay_year,
                on_cost: self.on_cost,
                supplement: self.supplement,
                nurse_band: self.nurse_band,
                administrator_band: self.administrator_band,
            },
        }
    }
}

impl From<&Plan> for ScenarioPlan {
    fn from(plan: &Plan) -> Self {
        let (subject, scenario, costing) = (&plan.subject, &plan.scenario, &plan.costing);
        let post = |post: &scenario::NewPost| NewPost {
            role: post.role.into(),
            band: post.band.clone(),
            wte: post.wte,
            start_year: post.start_year,
            start_month: post.start_month,
        };
        let administration = |moved: scenario::MoveAdministration| MoveAdministration {
            admin_percent: moved.admin_percent,
            moved_percent: moved.moved_percent,
            to: match moved.to {
                scenario::MovedTo::Administrators => MovedTo::Administrators,
                scenario::MovedTo::Software(_) => MovedTo::Software,
            },
            software_cost: match moved.to {
                scenario::MovedTo::Administrators => None,
                scenario::MovedTo::Software(pounds) => Some(pounds),
            },
        };
        Self {
            year: subject.year,
            service: subject.service.clone(),
            area: subject.area.clone(),
            standard: subject.standard.clone(),
            years: scenario.years,
            growth_percent: Some(scenario.growth_percent),
            fill: scenario.fill.map(|fill| FillVacancies {
                fill_percent: fill.share_percent,
                months_to_hire: fill.months_to_hire,
                turnover_percent: fill.turnover_percent,
            }),
            posts: Some(scenario.posts.iter().map(post).collect()),
            administration: scenario.administration.map(administration),
            pay_percent: Some(scenario.pay_percent),
            pay_year: costing.pay_year.clone(),
            on_cost: costing.on_cost,
            supplement: costing.supplement.clone(),
            nurse_band: costing.nurse_band.clone(),
            administrator_band: costing.administrator_band.clone(),
        }
    }
}

/// A scenario as it is saved.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioChange {
    /// The version that a change is based on; not needed for a new one.
    pub version: Option<i64>,
    /// Its name, which its owner has no other scenario under.
    pub name: String,
    /// Whoever may read the same gaps may read it; by default not.
    pub shared: Option<bool>,
    /// What is asked and done.
    pub plan: ScenarioPlan,
}

impl ScenarioChange {
    /// The scenario, and the version that it is based on.
    pub fn read(self) -> (NewScenario, i64) {
        let new = NewScenario { name: self.name, shared: self.shared.unwrap_or_default(), plan: self.plan.read() };
        (new, self.version.unwrap_or_default())
    }
}

/// A saved scenario.
#[derive(Debug, Object)]
pub struct ScenarioSummary {
    /// Its id.
    pub id: String,
    /// Counts its changes; a change names it.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: String,
    /// It is the key's own, which may change it.
    pub own: bool,
    /// Whoever may read the same gaps may read it.
    pub shared: bool,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// What is asked and done.
    pub plan: ScenarioPlan,
}

impl From<&SavedScenario> for ScenarioSummary {
    fn from(saved: &SavedScenario) -> Self {
        Self {
            id: saved.id.clone(),
            version: saved.version,
            name: saved.name.clone(),
            owner: saved.owner.clone(),
            own: saved.own,
            shared: saved.shared,
            updated_at: saved.updated_at,
            plan: ScenarioPlan::from(&saved.plan),
        }
    }
}

/// Some scenarios.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ScenarioList {
    /// The scenarios, sorted by id.
    pub items: Vec<ScenarioSummary>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// One role in one year on one basis, over the services that count. Gap is need − in post; over the services that gave
/// their establishment it is unfunded + vacant.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ScenarioRole {
    /// The role.
    pub role: StaffRole,
    /// The basis.
    pub basis: Basis,
    /// Services that it counts.
    pub services_counted: u64,
    /// Services that it misses.
    pub services_missing: u64,
    /// Lowest need, WTE.
    pub need_low: Option<f64>,
    /// Highest need, WTE.
    pub need_high: Option<f64>,
    /// WTE in post.
    pub in_post: Option<f64>,
    /// Lowest need − in post.
    pub gap_low: Option<f64>,
    /// Highest need − in post.
    pub gap_high: Option<f64>,
    /// Services that gave their establishment.
    pub establishment_services: u64,
    /// Funded WTE, over those.
    pub establishment: Option<f64>,
    /// Lowest need − establishment, over those.
    pub unfunded_low: Option<f64>,
    /// Highest need − establishment, over those.
    pub unfunded_high: Option<f64>,
    /// Establishment − in post, over those.
    pub vacant: Option<f64>,
}

impl From<&scenario::YearRole> for ScenarioRole {
    fn from(role: &scenario::YearRole) -> Self {
        let sum = &role.sum;
        let counted = |wte: f64| role.counts().then_some(wte);
        let split = |wte: f64| (sum.split.services > 0).then_some(wte);
        Self {
            role: role.role.into(),
            basis: role.basis.into(),
            services_counted: count(sum.services_counted),
            services_missing: count(sum.services_missing),
            need_low: counted(sum.need_low),
            need_high: counted(sum.need_high),
            in_post: counted(sum.in_post),
            gap_low: counted(sum.net_gap_low),
            gap_high: counted(sum.net_gap_high),
            establishment_services: count(sum.split.services),
            establishment: split(sum.split.establishment),
            unfunded_low: split(sum.split.unfunded_low),
            unfunded_high: split(sum.split.unfunded_high),
            vacant: split(sum.split.vacant),
        }
    }
}

/// One year of a scenario.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ScenarioYear {
    /// Years from the day of the staffing; 0 is that day.
    #[oai(validator(minimum(value = "0"), maximum(value = "10")))]
    pub year: u32,
    /// Each role on each basis.
    pub roles: Vec<ScenarioRole>,
    /// Nurse time that moving administration frees, WTE. It is not counted as in post.
    pub nurse_time_freed: f64,
    /// Expected cases for each nurse WTE in post.
    pub cases_per_nurse: Option<f64>,
    /// All staff in post and software, pounds a year.
    pub cost: Option<f64>,
    /// What of it the staff of year 0 would not cost in that year.
    pub cost_added: Option<f64>,
    /// Why there is no cost.
    pub unpriced: Option<String>,
}

impl From<&scenario::ScenarioYear> for ScenarioYear {
    fn from(year: &scenario::ScenarioYear) -> Self {
        let cost = year.cost.as_ref().ok();
        Self {
            year: year.year,
            roles: year.roles.iter().map(ScenarioRole::from).collect(),
            nurse_time_freed: year.freed,
            cases_per_nurse: year.cases_per_nurse,
            cost: cost.map(|cost| cost.whole.0),
            cost_added: cost.map(|cost| cost.added.0),
            unpriced: year.cost.as_ref().err().map(ToString::to_string),
        }
    }
}

/// What becomes of a gap.
#[derive(Debug, Object)]
pub struct ScenarioOutcome {
    /// The round under all its names.
    pub round: String,
    /// Every figure is invented.
    pub synthetic: bool,
    /// What the needs are measured by.
    pub standard: StaffingStandard,
    /// Year 0 and those ahead.
    pub years: Vec<ScenarioYear>,
    /// What is missing, and why.
    pub reasons: Vec<String>,
    /// What the costs assume.
    pub cost_notes: Vec<String>,
}

impl From<&ScenarioReport> for ScenarioOutcome {
    fn from(report: &ScenarioReport) -> Self {
        Self {
            round: report.gaps.round.names(),
            synthetic: report.gaps.synthetic,
            standard: StaffingStandard::from(&report.gaps.standard),
            years: report.outcome.years.iter().map(ScenarioYear::from).collect(),
            reasons: report.outcome.reasons.clone(),
            cost_notes: report.costing.notes(),
        }
    }
}

/// A year by a coefficient of the reader's own.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OwnGainYear {
    /// Years from the day of the staffing.
    #[oai(validator(minimum(value = "0"), maximum(value = "10")))]
    pub year: u32,
    /// Percentage points more than in year 0; absent where the cases for each nurse are not known.
    pub points: Option<f64>,
}

/// What a coefficient of the reader's own comes to. It is no finding of this audit.
#[derive(Debug, Object)]
pub struct OwnGain {
    /// Percentage points for one nurse WTE more per 1,000 expected cases, as asked.
    pub coefficient: f64,
    /// Whose it is, and what it is not.
    pub warning: String,
    /// Year by year.
    pub years: Vec<OwnGainYear>,
}

/// What there is to say of a KPI beside a scenario.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ScenarioKpi {
    /// Its number.
    #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
    pub kpi: i32,
    /// Its name.
    pub name: String,
    /// Key of the exposure that the association is with.
    pub exposure: String,
    /// What the association says, with its interval.
    pub sentence: String,
    /// What kind of evidence that is.
    pub standing: String,
    /// What the reader's own coefficient comes to; there where one was given.
    pub own: Option<OwnGain>,
}

impl From<&scenario_kpis::ScenarioKpi> for ScenarioKpi {
    fn from(found: &scenario_kpis::ScenarioKpi) -> Self {
        let own = |own: &scenario_kpis::OwnGain| OwnGain {
            coefficient: own.coefficient,
            warning: own.warning.clone(),
            years: own.years.iter().map(|(year, points)| OwnGainYear { year: *year, points: *points }).collect(),
        };
        Self {
            kpi: found.kpi,
            name: found.name.clone(),
            exposure: found.exposure.to_owned(),
            sentence: found.sentence.clone(),
            standing: found.standing.to_owned(),
            own: found.own.as_ref().map(own),
        }
    }
}

/// A saved scenario, worked out.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ScenarioDetail {
    /// The scenario.
    pub scenario: ScenarioSummary,
    /// What becomes of the gap.
    pub outcome: ScenarioOutcome,
    /// What there is to say of the KPI that was asked about.
    pub kpi: Option<ScenarioKpi>,
}

impl From<&(SavedScenario, ScenarioReport)> for ScenarioDetail {
    fn from((saved, report): &(SavedScenario, ScenarioReport)) -> Self {
        Self { scenario: saved.into(), outcome: report.into(), kpi: None }
    }
}

/// Scenarios side by side.
#[derive(Debug, Object)]
pub struct ScenarioComparison {
    /// In the order that they were asked for.
    pub items: Vec<ScenarioDetail>,
}
