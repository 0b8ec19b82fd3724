//! The business case for one service, for its page, its print, its text and the API.

use super::associations::{self, NURSE_TIME};
use super::costs;
use super::demand::{self, DemandQuery};
use super::gaps::GapQuery;
use super::kpis::Figures;
use super::scenarios::{self, SavedScenario, ScenarioReport};
use super::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::association::words::Subject;
use crate::domain::kpi::real;
use crate::domain::workforce::benefit::{BenefitChoice, BenefitReport};
use crate::domain::workforce::business_case::{BusinessCase, CaseInputs, NamedScenario};
use crate::domain::workforce::closing::CostReport;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::workload::OwnTimes;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct BusinessCaseQuery {
    /// Audit year.
    pub year: i32,
    /// The service, by its code.
    pub service: String,
    /// Id of the standard; `None`: the round's.
    pub standard: Option<String>,
    /// What posts are assumed to cost.
    pub costing: CostingChoice,
    /// Published coefficients, where the reader asks for benefits.
    pub benefit: Option<BenefitChoice>,
    /// Ids of saved scenarios of this service and year, to stand among the options.
    pub scenarios: Vec<String>,
}

/// A business case with what it was made from.
#[derive(Debug)]
pub struct BusinessCaseReport {
    /// Code and name of the service.
    pub service: (String, String),
    /// Its gap on each basis, priced.
    pub costs: CostReport,
    /// What closing it may bring, where that was asked for.
    pub benefits: Option<BenefitReport>,
    /// The paper.
    pub case: BusinessCase,
}

/// Scenarios that a case has room for.
pub const MOST_SCENARIOS: usize = 4;

/// The business case of a service that the reader may see.
pub fn of_service(app: &App, who: &Principal, query: &BusinessCaseQuery) -> Result<BusinessCaseReport, AppError> {
    let gaps = GapQuery { year: query.year, standard: query.standard.clone(), ..GapQuery::default() };
    let asked = DemandQuery { gaps, service: Some(query.service.clone()), own: OwnTimes::default() };
    let views = demand::report(app, who, &asked)?;
    let service = views.service.unwrap_or_default();
    let mut costs = CostReport::new(views.gaps, costs::costing(app, &query.costing)?);
    costs.keep_to_service(&service.0);
    let benefits = query.benefit.as_ref().map(|choice| costs::benefits(app, &costs, choice)).transpose()?;
    let (caseload, long_vacancy) = app.read(|conn| {
        let cases = super::funding::cases_of(app, conn, query.year)?;
        let mut figures = Figures::open(app, conn, &query.year.into())?;
        let long = super::gaps::long_vacancies(&mut figures, query.year)?.remove(&service.0);
        Ok::<_, AppError>((cases.services.get(&service.0).cloned().unwrap_or_default(), long))
    })?;
    let named = named(app, who, query, &service.0)?;
    let words: Vec<Vec<String>> = named.iter().map(|(saved, _)| saved.plan.scenario.words()).collect();
    let named: Vec<NamedScenario<'_>> = named
        .iter()
        .zip(&words)
        .map(|((saved, report), done)| NamedScenario {
            id: &saved.id,
            name: &saved.name,
            done,
            outcome: &report.outcome,
        })
        .collect();
    let beside = associations::of_round(app, who, query.year)?;
    let nurse_time = beside.grid.cells().filter(|found| found.exposure.key() == NURSE_TIME);
    let associations: Vec<_> =
        nurse_time.map(|found| (Subject::of(&beside.data, beside.kpi_name(found.kpi), &beside.plan), found)).collect();
    let case = BusinessCase::new(&CaseInputs {
        costs: &costs,
        demand: &views.demand,
        expected: caseload.expected.map(real),
        expected_is_stated: caseload.stated.is_some(),
        long_vacancy: long_vacancy.as_ref(),
        benefits: benefits.as_ref(),
        scenarios: &named,
        associations: &associations,
    });
    Ok(BusinessCaseReport { service, costs, benefits, case })
}

/// The scenarios that the reader names, worked out.
fn named(
    app: &App,
    who: &Principal,
    query: &BusinessCaseQuery,
    service: &str,
) -> Result<Vec<(SavedScenario, ScenarioReport)>, AppError> {
    let mut ids = query.scenarios.clone();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MOST_SCENARIOS {
        let message = format!("A business case has room for {MOST_SCENARIOS} scenarios. Name fewer.");
        return Err(AppError::invalid("scenarios", "too_many", message));
    }
    let one = |id: &String| {
        let found = scenarios::one(app, who, id)?;
        if found.0.plan.subject.is_service(service, query.year) {
            return Ok(found);
        }
        let message = format!(
            "The scenario {:?} is not of {service} in audit year {}. Name one that is.",
            found.0.name, query.year
        );
        Err(AppError::invalid("scenarios", "of_another_service", message))
    };
    ids.iter().map(one).collect()
}

/// The saved scenarios that the reader may let stand among the options.
pub fn offered(app: &App, who: &Principal, year: i32, service: &str) -> Result<Vec<SavedScenario>, AppError> {
    let mut found = scenarios::list(app, who)?;
    found.retain(|saved| saved.plan.subject.is_service(service, year));
    Ok(found)
}
