//! The quasi-binomial model of a pair: the odds of the KPI by the exposure, with covariates held alike.

use super::dataset::Dataset;
use super::exposure::{Exposure, Kind, Level, Value};
use super::plan::AnalysisPlan;
use super::sample::number;
use crate::domain::kpi::real;
use crate::domain::statistics::quasi_binomial::{Status, Term, Values, quasi_binomial};

/// The word for the records of a service as a covariate.
const RECORDS: &str = "records";

/// Records that its odds ratio is for.
const RECORDS_STEP: f64 = 100.0;

/// What a model holds alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Covariate {
    /// Another exposure.
    Exposure(Exposure),
    /// How many records the service has.
    Records,
}

impl Covariate {
    /// By its word.
    pub fn of_key(key: &str) -> Option<Self> {
        if key == RECORDS { Some(Self::Records) } else { Exposure::of_key(key).map(Self::Exposure) }
    }

    /// The word in addresses, the API and the model's input.
    pub fn key(self) -> &'static str {
        match self {
            Self::Exposure(exposure) => exposure.key(),
            Self::Records => RECORDS,
        }
    }

    /// The name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exposure(exposure) => exposure.name(),
            Self::Records => "number of records",
        }
    }

    /// Whether it says the same as an exposure does.
    fn repeats(self, exposure: Exposure) -> bool {
        let root = |of: Exposure| of.restates().unwrap_or(of);
        matches!(self, Self::Exposure(other) if root(other) == root(exposure))
    }
}

/// One odds ratio.
#[derive(Debug, Clone, PartialEq)]
pub struct OddsRatio {
    /// The column: `nurse_wte_per_1000_cases`, `setting=community`.
    pub column: String,
    /// What it is for, in words: `for each 1 WTE more`, `community against acute hospital`.
    pub words: String,
    /// The ratio; `None` where it overflows.
    pub ratio: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// Its two-sided p value, by t.
    pub p: Option<f64>,
}

/// A model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Services fitted.
    pub n: usize,
    /// Services of the pair without a covariate.
    pub dropped: usize,
    /// φ: how many times as wide the spread is as chance alone would make it.
    pub dispersion: f64,
    /// The odds ratios of the exposure.
    pub exposure: Vec<OddsRatio>,
    /// Those of the covariates.
    pub covariates: Vec<OddsRatio>,
    /// The log odds of the exposure, where it has one column.
    log_odds: Option<f64>,
}

impl Model {
    /// Which way the model points: above 0 where the odds rise with the exposure. Several groups have no direction.
    pub fn direction(&self) -> Option<f64> {
        self.log_odds
    }
}

/// Why there is no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoModel {
    /// The KPI is over an expected number, so it has no odds.
    OverExpected,
    /// A change of a percentage has no odds.
    Change,
    /// Nothing is known of the exposure.
    NoExposure,
    /// So many services only.
    TooFew(usize),
    /// It cannot be fitted.
    NotFitted(Status),
}

impl NoModel {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OverExpected => "over_an_estimate",
            Self::Change => "change",
            Self::NoExposure => "no_exposure",
            Self::TooFew(_) => "too_few_services",
            Self::NotFitted(Status::Separation) => "separation",
            Self::NotFitted(Status::RankDeficient) => "rank_deficient",
            Self::NotFitted(Status::InsufficientDf | Status::Ok) => "insufficient_df",
        }
    }
}

/// What a model is fitted to, in the order of its rows.
#[derive(Debug, Clone, Default)]
pub struct ModelInput {
    /// Services, by their row in the dataset.
    pub rows: Vec<usize>,
    /// Cases above the line.
    pub num: Vec<Option<f64>>,
    /// Cases under it.
    pub den: Vec<Option<f64>>,
    /// The columns: the exposure, then the covariates.
    pub terms: Vec<Term>,
}

/// A column of a model, with the words of its odds ratios by the names of the columns.
fn term(key: &str, kind: Kind, values: &[Value]) -> (Term, Vec<(String, String)>) {
    match kind {
        Kind::Number { unit, step } => {
            let scaled: Vec<Option<f64>> = values.iter().map(|value| Some(number(*value) / step)).collect();
            (Term::continuous(key, &scaled), vec![(key.to_owned(), format!("for each {step} {unit} more"))])
        }
        Kind::Flag => {
            let scores: Vec<Option<f64>> = values.iter().map(|value| Some(number(*value))).collect();
            (Term::continuous(key, &scores), vec![(key.to_owned(), "with it against without it".into())])
        }
        Kind::Ordered(_) => {
            let scores: Vec<Option<f64>> = values.iter().map(|value| Some(number(*value))).collect();
            (Term::continuous(key, &scores), vec![(key.to_owned(), "for each step up the groups".into())])
        }
        Kind::Groups(levels) => {
            let level = |value: &Value| match value {
                Value::Level(place) => levels.get(*place),
                Value::Number(_) => None,
            };
            // A level without a service would be a column of zeros.
            let there: Vec<&Level> =
                levels.iter().filter(|known| values.iter().any(|value| level(value) == Some(known))).collect();
            let codes: Vec<&str> = there.iter().map(|level| level.code).collect();
            let chosen: Vec<Option<&str>> = values.iter().map(|value| level(value).map(|level| level.code)).collect();
            let reference = there.first().map_or("", |level| level.label);
            let words = there.iter().skip(1).map(|level| {
                let words = format!("“{}” against “{reference}”", level.label);
                (format!("{key}={}", level.code), words)
            });
            (Term::categorical(key, &chosen, &codes), words.collect())
        }
    }
}

/// The covariates that a pair can have: not its own exposure in another unit.
fn usable(covariates: &[Covariate], exposure: Exposure) -> impl Iterator<Item = Covariate> + '_ {
    covariates.iter().copied().filter(move |covariate| !covariate.repeats(exposure))
}

/// The rows and columns that the model of a pair is fitted to, with the words of its columns; of services that both are
/// known of and every covariate.
pub(super) fn input(
    data: &Dataset,
    covariates: &[Covariate],
    exposure: (Exposure, Kind),
    kpi: i32,
) -> (ModelInput, Vec<(String, String)>) {
    let covariates: Vec<Covariate> = usable(covariates, exposure.0).collect();
    let of_row = |covariate: &Covariate, row: usize| match covariate {
        Covariate::Exposure(other) => data.exposure(*other).get(row)?.ok(),
        Covariate::Records => data.records.get(row).copied().flatten().map(|records| Value::Number(real(records))),
    };
    let mut model = ModelInput::default();
    let mut columns: Vec<Vec<Value>> = vec![Vec::new(); 1 + covariates.len()];
    for (row, (value, outcome)) in data.exposure(exposure.0).iter().zip(data.outcome(kpi)).enumerate() {
        let counted = outcome.ok().and_then(|outcome| outcome.counted);
        let Some((value, counted)) = value.ok().zip(counted) else { continue };
        let held: Option<Vec<Value>> = covariates.iter().map(|covariate| of_row(covariate, row)).collect();
        let Some(held) = held else { continue };
        model.rows.push(row);
        model.num.push(Some(counted.numerator));
        model.den.push(Some(counted.denominator));
        columns.iter_mut().zip(std::iter::once(value).chain(held)).for_each(|(column, value)| column.push(value));
    }
    let records = Kind::Number { unit: "records", step: RECORDS_STEP };
    let kind = |covariate: &Covariate| match covariate {
        Covariate::Exposure(other) => data.kind(*other).unwrap_or(other.kind()),
        Covariate::Records => records,
    };
    let named = std::iter::once((exposure.0.key(), exposure.1))
        .chain(covariates.iter().map(|covariate| (covariate.key(), kind(covariate))));
    let mut words = Vec::new();
    for ((key, kind), column) in named.zip(&columns) {
        let (term, own) = term(key, kind, column);
        model.terms.push(term);
        words.extend(own);
    }
    (model, words)
}

/// Fits the model of a pair.
pub(super) fn model(
    data: &Dataset,
    plan: &AnalysisPlan,
    covariates: &[Covariate],
    exposure: (Exposure, Kind),
    kpi: i32,
) -> Result<Model, NoModel> {
    if matches!(data.design, super::dataset::Design::Change { .. }) {
        return Err(NoModel::Change);
    }
    if matches!(kpi, 2 | 3) {
        return Err(NoModel::OverExpected);
    }
    let (input, words) = input(data, covariates, exposure, kpi);
    let n = input.rows.len();
    if n < plan.minimum.services {
        return Err(NoModel::TooFew(n));
    }
    let fitted = quasi_binomial(&input.num, &input.den, &input.terms, None)
        .map_err(|_| NoModel::NotFitted(Status::InsufficientDf))?;
    let fit = fitted.fit.ok_or(NoModel::NotFitted(fitted.status))?;
    let own = input.terms.first().map_or(0, |term| match &term.values {
        Values::Continuous(_) => 1,
        Values::Categorical { levels, .. } => levels.as_ref().map_or(0, |levels| levels.len().saturating_sub(1)),
    });
    // The first column is the intercept.
    let ratio = |(place, (column, words)): (usize, (String, String))| OddsRatio {
        column,
        words,
        ratio: fit.odds_ratio.get(place + 1).copied().flatten(),
        interval: fit.ci_t.get(place + 1).copied().flatten().and_then(|interval| {
            let ends = interval.map(f64::exp);
            ends.iter().all(|end| end.is_finite()).then_some(ends)
        }),
        p: fit.p_t.get(place + 1).copied().flatten(),
    };
    let mut ratios: Vec<OddsRatio> = words.into_iter().enumerate().map(ratio).collect();
    let covariates = ratios.split_off(own.min(ratios.len()));
    let both = data.exposure(exposure.0).iter().zip(data.outcome(kpi));
    let paired = both.filter(|(value, outcome)| value.is_ok() && outcome.is_ok()).count();
    Ok(Model {
        n,
        dropped: paired - n,
        dispersion: fit.dispersion,
        log_odds: (!matches!(exposure.1, Kind::Groups(_))).then(|| fit.coef.get(1).copied()).flatten(),
        exposure: ratios,
        covariates,
    })
}
