//! A KPI beside a scenario, for who asks: what the association says, and what a coefficient of the reader's own would come
//! to. Nothing is promised: without a coefficient nothing is worked out.

use super::associations::{self, AssociationQuery, NURSE_TIME};
use super::scenarios::ScenarioReport;
use super::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::association::words::{STANDING, Subject, sentence};
use crate::domain::workforce::kpi_gain::{LARGEST_COEFFICIENT, OwnCoefficient};

/// What is asked of a KPI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiQuestion {
    /// Its number.
    pub kpi: i32,
    /// The reader's own coefficient: percentage points for one nurse WTE more per 1,000 expected cases.
    pub coefficient: Option<f64>,
}

/// What a coefficient of the reader's own comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnGain {
    /// Percentage points for one nurse WTE more per 1,000 expected cases.
    pub coefficient: f64,
    /// Whose it is, and what it is not.
    pub warning: String,
    /// Year by year, percentage points more than today.
    pub years: Vec<(u32, Option<f64>)>,
}

/// What there is to say of a KPI.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioKpi {
    /// Its number.
    pub kpi: i32,
    /// Its name.
    pub name: String,
    /// The exposure that the association is with.
    pub exposure: &'static str,
    /// What the association says, with its interval.
    pub sentence: String,
    /// What kind of evidence that is.
    pub standing: &'static str,
    /// What the reader's own coefficient comes to.
    pub own: Option<OwnGain>,
}

/// What there is to say of a KPI beside a scenario.
pub fn beside(
    app: &App,
    who: &Principal,
    report: &ScenarioReport,
    question: KpiQuestion,
) -> Result<ScenarioKpi, AppError> {
    let query = AssociationQuery { year: report.gaps.round.year, ..AssociationQuery::default() };
    let pair = associations::pair(app, who, &query, NURSE_TIME, question.kpi)?;
    let (found, of) = (&pair.found, &pair.report);
    let about = Subject::of(&of.data, of.kpi_name(question.kpi), &of.plan);
    let own = question.coefficient.map(|points| own_gain(report, question.kpi, points)).transpose()?;
    Ok(ScenarioKpi {
        kpi: question.kpi,
        name: of.kpi_name(question.kpi).to_owned(),
        exposure: NURSE_TIME,
        sentence: sentence(found, &about),
        standing: STANDING,
        own,
    })
}

fn own_gain(report: &ScenarioReport, kpi: i32, points: f64) -> Result<OwnGain, AppError> {
    let Some(coefficient) = OwnCoefficient::new(points) else {
        let message = format!(
            "Give percentage points from -{LARGEST_COEFFICIENT} to {LARGEST_COEFFICIENT} for one nurse WTE more per 1,000 \
             expected cases."
        );
        return Err(AppError::invalid("coefficient", "out_of_range", message));
    };
    let warning = format!(
        "By the reader’s own coefficient of {points} percentage points of KPI {kpi} for each nurse WTE more per 1,000 \
         expected cases. It is an assumption of whoever asks, not a finding of this audit."
    );
    Ok(OwnGain { coefficient: points, warning, years: coefficient.gains(&report.outcome) })
}
