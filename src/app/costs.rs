//! What closing the staffing gap of a round costs.

use super::gaps::{self, GapQuery};
use super::{App, AppError};
use crate::app::error::InputProblem;
use crate::domain::access::Principal;
use crate::domain::workforce::benefit::{BenefitChoice, BenefitProblem, BenefitReport};
use crate::domain::workforce::closing::CostReport;
use crate::domain::workforce::cost::{Costing, CostingChoice};

/// What a report of costs is asked for.
#[derive(Debug, Clone, Default)]
pub struct CostQuery {
    /// Whose gaps, by which standard.
    pub gaps: GapQuery,
    /// What posts are assumed to cost.
    pub costing: CostingChoice,
}

/// The prices of posts: the assumptions of `seeds/pay/` with what the reader would rather assume.
pub fn costing(app: &App, choice: &CostingChoice) -> Result<Costing, AppError> {
    let reference = app.reference();
    Costing::new(&reference.pay, &reference.cost_assumptions, choice).map_err(|problems| {
        let named = |problem: crate::domain::workforce::cost::CostingProblem| {
            InputProblem::new(problem.field(), problem.code(), problem.to_string())
        };
        AppError::Invalid(problems.into_iter().map(named).collect())
    })
}

/// What closing the gaps of a report may bring by published coefficients, for who asks for them.
pub fn benefits(app: &App, report: &CostReport, choice: &BenefitChoice) -> Result<BenefitReport, AppError> {
    let cases = app.read(|conn| super::funding::cases_of(app, conn, report.gaps.round.year))?;
    BenefitReport::new(&app.reference().benefits, choice, report, &cases).map_err(|problems| {
        let named = |problem: &BenefitProblem| InputProblem::new(&problem.field(), problem.code(), problem.to_string());
        AppError::Invalid(problems.iter().map(named).collect())
    })
}

/// What closing the gaps that the reader may see costs.
pub fn report(app: &App, who: &Principal, query: &CostQuery) -> Result<CostReport, AppError> {
    let gaps = gaps::report(app, who, &query.gaps)?;
    Ok(CostReport::new(gaps, costing(app, &query.costing)?))
}
