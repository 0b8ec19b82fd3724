//! What closing the gap may bring: published coefficients, applied only where a reader asks for them.
//!
//! The figures are other people's (`seeds/benefits/`), each with its source, its range and what is to be kept in mind;
//! a reader may put their own in their place. None is fitted from this audit: its associations are no effects.

use serde::Deserialize;

use super::allocation::Staffed;
use super::closing::{Closing, CostReport, Ends};
use super::cost::Pounds;
use super::gap::{End, GapRow};
use super::standard::{Basis, Role};
use crate::domain::hundredths::thousands;
use crate::domain::kpi::caseload::Cases;

/// What a coefficient is given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Per {
    /// For 1,000 patients whom a service sees.
    #[serde(rename = "1000_patients")]
    ThousandPatients,
    /// For £1 million a year.
    #[serde(rename = "million_pounds_a_year")]
    MillionPounds,
}

impl Per {
    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::ThousandPatients => "for 1,000 patients",
            Self::MillionPounds => "for £1 million a year",
        }
    }
}

/// One coefficient.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Its word in addresses: `fractures`.
    pub key: String,
    /// Its name, with its unit.
    pub name: String,
    /// How much.
    pub value: f64,
    /// What to know of it.
    pub note: String,
}

impl Effect {
    /// What it comes to, as pages print it: money to the nearest £100, small numbers to one place, others whole.
    #[expect(clippy::cast_possible_truncation, reason = "numbers of people and days are far below 2^53")]
    pub fn shown(&self, value: f64) -> String {
        if self.key.starts_with("savings") {
            Pounds(value).shown()
        } else if value < 100.0 {
            format!("{value:.1}")
        } else {
            thousands(value.round() as i64)
        }
    }
}

/// Coefficients that belong together: a file of `seeds/benefits/`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenefitModel {
    /// Its word in addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the coefficients are given for.
    pub per: Per,
    /// Where they are stated.
    pub source: String,
    /// Their range, or that none was read, and what else was found.
    pub range: String,
    /// What is to be kept in mind.
    pub caution: String,
    /// The coefficients.
    #[serde(rename = "effect")]
    pub effects: Vec<Effect>,
}

/// The largest coefficient that a reader can put in the place of one.
pub const LARGEST_COEFFICIENT: f64 = 1e9;

/// What a reader asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BenefitChoice {
    /// The id of a model.
    pub model: String,
    /// Coefficients of their own, by key.
    pub own: Vec<(String, f64)>,
}

/// What of a choice cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BenefitProblem {
    /// There is no such model.
    #[error("There are no benefits {given:?}. There are {known}.")]
    Model {
        /// What was given.
        given: String,
        /// Those that there are.
        known: String,
    },
    /// The model has no such coefficient.
    #[error("{model} has no coefficient {given:?}. It has {known}.")]
    Effect {
        /// The model.
        model: String,
        /// What was given.
        given: String,
        /// Those that there are.
        known: String,
    },
    /// A coefficient that is no number from 0 on.
    #[error("The coefficient of {key} must be from 0 to {LARGEST_COEFFICIENT}.")]
    Value {
        /// Whose it was to be.
        key: String,
    },
}

impl BenefitProblem {
    /// The field at fault.
    pub fn field(&self) -> String {
        match self {
            Self::Model { .. } => "benefit".to_owned(),
            Self::Effect { .. } => "coefficients".to_owned(),
            Self::Value { key } => format!("coefficient-{key}"),
        }
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Model { .. } => "unknown_benefit",
            Self::Effect { .. } => "unknown_coefficient",
            Self::Value { .. } => "out_of_range",
        }
    }
}

/// A coefficient with what it comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Benefit {
    /// The coefficient that was used.
    pub effect: Effect,
    /// It is the reader's own.
    pub is_own: bool,
    /// What it comes to on each basis, in the order of [`Basis::ALL`], at the lowest and the highest need; `None` where
    /// there is nothing to apply it to.
    pub comes_to: [Option<Ends<f64>>; 2],
}

/// What the coefficients of a model are applied to on one basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Applied {
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Expected cases that services would be staffed for besides, at the lowest and the highest need.
    pub patients: Option<Ends<f64>>,
    /// Services that the patients are counted over: those whose gap and whose expected cases are known.
    pub services: usize,
    /// What closing the gaps costs a year, in millions of pounds.
    pub millions: Option<Ends<f64>>,
}

/// The benefits of closing the gaps of a report, by a model.
#[derive(Debug, Clone, PartialEq)]
pub struct BenefitReport {
    /// The model, as published.
    pub model: BenefitModel,
    /// What it was applied to on each basis.
    pub applied: Vec<Applied>,
    /// What each coefficient comes to.
    pub benefits: Vec<Benefit>,
}

impl BenefitReport {
    /// The benefits by the chosen model, or what of the choice cannot be used.
    pub fn new(
        models: &[BenefitModel],
        choice: &BenefitChoice,
        costs: &CostReport,
        cases: &Cases,
    ) -> Result<Self, Vec<BenefitProblem>> {
        let known = |keys: Vec<&str>| keys.join(", ");
        let Some(model) = models.iter().find(|model| model.id == choice.model) else {
            let known = known(models.iter().map(|model| model.id.as_str()).collect());
            return Err(vec![BenefitProblem::Model { given: choice.model.clone(), known }]);
        };
        let keys = || known(model.effects.iter().map(|effect| effect.key.as_str()).collect());
        let problem = |(key, value): &(String, f64)| {
            if !model.effects.iter().any(|effect| effect.key == *key) {
                return Some(BenefitProblem::Effect { model: model.id.clone(), given: key.clone(), known: keys() });
            }
            (!(0.0..=LARGEST_COEFFICIENT).contains(value)).then(|| BenefitProblem::Value { key: key.clone() })
        };
        let problems: Vec<BenefitProblem> = choice.own.iter().filter_map(problem).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let applied = Basis::ALL.map(|basis| Applied::new(basis, costs, cases));
        let benefit = |effect: &Effect| {
            let own = choice.own.iter().rfind(|(key, _)| *key == effect.key).map(|(_, value)| *value);
            let is_own = own.is_some_and(|own| (own - effect.value).abs() > f64::EPSILON);
            let effect = Effect { value: own.unwrap_or(effect.value), ..effect.clone() };
            let comes_to = applied.map(|applied| {
                let amount = match model.per {
                    Per::ThousandPatients => {
                        applied.patients.map(|all| Ends { low: all.low / 1000.0, high: all.high / 1000.0 })
                    }
                    Per::MillionPounds => applied.millions,
                };
                amount.map(|of| Ends { low: of.low * effect.value, high: of.high * effect.value })
            });
            Benefit { effect, is_own, comes_to }
        };
        Ok(Self {
            model: model.clone(),
            benefits: model.effects.iter().map(benefit).collect(),
            applied: applied.into(),
        })
    }
}

impl Applied {
    fn new(basis: Basis, costs: &CostReport, cases: &Cases) -> Self {
        let mut patients: Option<Ends<f64>> = None;
        let mut services = 0;
        for row in costs.gaps.rows_on(basis) {
            #[expect(clippy::cast_precision_loss, reason = "cases are far below 2^52")]
            let expected = cases.services.get(&row.service).and_then(|one| one.expected).map(|cases| cases as f64);
            let uncovered = End::ALL.map(|end| uncovered(row, end));
            if let (Some(expected), [Some(low), Some(high)]) = (expected, uncovered) {
                let before = patients.unwrap_or(Ends { low: 0.0, high: 0.0 });
                patients = Some(Ends { low: before.low + expected * low, high: before.high + expected * high });
                services += 1;
            }
        }
        let millions = costs.total(basis).and_then(Closing::total);
        let millions = millions.map(|cost| Ends { low: cost.low.0 / 1e6, high: cost.high.0 / 1e6 });
        Self { basis, patients, services, millions }
    }
}

/// The share of its need that a service has nobody in post for, over both roles, 0 to 1.
fn uncovered(row: &GapRow, end: End) -> Option<f64> {
    let staffed = |role: Role| {
        let gap = row.role(role);
        Some(Staffed { in_post: gap.in_post?, need: gap.need(end)? })
    };
    let (nurses, administrators) = (staffed(Role::Nurse)?, staffed(Role::Administrator)?);
    let need = nurses.need + administrators.need;
    (need > 0.0).then(|| 1.0 - (nurses.covered() + administrators.covered()) / need)
}
