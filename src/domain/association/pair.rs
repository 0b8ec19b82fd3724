//! One exposure beside one KPI: the test that fits its kind, and everything that has to be said with it.

use super::bounds::bounds;
use super::dataset::{Dataset, Design, Dropped, Why};
use super::exposure::{Exposure, Kind, Level};
use super::model::{Covariate, Model, NoModel, model};
use super::plan::{AnalysisPlan, Strength};
use super::sample::{Sample, number};
use crate::domain::statistics::groups::{jonckheere, kruskal_wallis};
use crate::domain::statistics::power::{smallest_correlation, smallest_epsilon2, smallest_rank_biserial};
use crate::domain::statistics::quantiles::median;
use crate::domain::statistics::rank::spearman;
use crate::domain::statistics::two_groups::{mann_whitney, shift_interval};

/// The confidence of every interval.
const CONFIDENCE: f64 = 0.95;

/// The test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Spearman's rank correlation, for a number.
    Spearman,
    /// Mann and Whitney's test, for two groups.
    MannWhitney,
    /// Jonckheere and Terpstra's test, for ordered groups.
    Jonckheere,
    /// Kruskal and Wallis's test, for several groups.
    KruskalWallis,
}

impl Method {
    /// The name of the method of the `statistics` command.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spearman => "spearman",
            Self::MannWhitney => "mann_whitney",
            Self::Jonckheere => "jonckheere",
            Self::KruskalWallis => "kruskal_wallis",
        }
    }

    /// As sentences call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Spearman => "Spearman’s rank correlation",
            Self::MannWhitney => "the Mann–Whitney test",
            Self::Jonckheere => "the Jonckheere–Terpstra trend test",
            Self::KruskalWallis => "the Kruskal–Wallis test",
        }
    }
}

/// What the size of an association is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Spearman's ρ, −1 to 1, with the interval of Bonett and Wright; of ordered groups with their places as values.
    RankCorrelation,
    /// Hodges and Lehmann's difference, yes − no, in percentage points.
    Difference,
    /// ε², 0 to 1: the share of the ranks' spread that lies between groups.
    Epsilon2,
}

impl Measure {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RankCorrelation => "rank_correlation",
            Self::Difference => "difference_in_points",
            Self::Epsilon2 => "epsilon_squared",
        }
    }

    /// The words in tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::RankCorrelation => "rank correlation ρ",
            Self::Difference => "percentage points",
            Self::Epsilon2 => "ε² between groups",
        }
    }
}

/// The size of an association.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// What it is given in.
    pub measure: Measure,
    /// How much.
    pub value: f64,
    /// Its 95 % interval; `None` where the numbers leave none.
    pub interval: Option<[f64; 2]>,
    /// On ranks, −1 to 1: ρ, or the rank-biserial correlation of two groups. Several groups have no direction.
    pub rank: Option<f64>,
}

/// What one test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The size.
    pub effect: Effect,
    /// The test.
    pub method: Method,
    /// Its two-sided p value: exact for two small groups without ties, otherwise by its usual approximation.
    pub p: f64,
}

/// What a pair comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The size, the test and its p value.
    pub tested: Tested,
    /// The groups, where the exposure has them.
    pub groups: Vec<Group>,
    /// The same without the service with the most records; `None` where the rest is too small.
    pub without_largest: Option<Tested>,
    /// The smallest size on ranks (ρ, rank-biserial, ε²) that these services could have shown at the plan's level and
    /// power; `None` where they could not have shown any.
    pub smallest: Option<f64>,
}

/// One group of services.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Which.
    pub level: Level,
    /// Services.
    pub n: usize,
    /// The median of their KPI.
    pub median: Option<f64>,
    /// Hodges and Lehmann's difference from the first group that has services, in percentage points, with its interval.
    pub difference: Option<(f64, Option<[f64; 2]>)>,
}

/// Why a pair has no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooFew {
    /// Fewer services than the plan asks for.
    Services,
    /// Fewer than two groups with as many services as the plan asks for.
    Groups,
    /// All services are alike in one of the two.
    NoVariation,
    /// The round does not ask it.
    NotAsked,
    /// The groups have no order, so their change has no direction.
    NoDirection,
}

impl TooFew {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Services => "too_few_services",
            Self::Groups => "too_few_in_groups",
            Self::NoVariation => "no_variation",
            Self::NotAsked => "not_asked",
            Self::NoDirection => "change_without_direction",
        }
    }
}

/// What has to be known before an association is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Exposure and KPI are divided by the same number.
    MutualCoupling,
    /// Staffing is as on a day after the year of the KPI.
    Timing,
    /// KPI 11 is of patients who were first seen a year before.
    FollowUp,
    /// A group has fewer services than the plan asks for.
    SmallGroup,
    /// Without the largest service the direction is the other one.
    FlipsWithoutLargest,
    /// The model's direction is not that of the rank test.
    FlipsInModel,
    /// More services than the plan allows have no value.
    MuchMissing,
}

impl Flag {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MutualCoupling => "mutual_coupling",
            Self::Timing => "timing",
            Self::FollowUp => "follow_up",
            Self::SmallGroup => "small_group",
            Self::FlipsWithoutLargest => "flips_without_largest",
            Self::FlipsInModel => "flips_in_model",
            Self::MuchMissing => "much_missing",
        }
    }
}

/// How many linked services say nothing, and what they could have changed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MissingValues {
    /// Linked services without the exposure.
    pub exposure: usize,
    /// Linked services without the KPI.
    pub outcome: usize,
    /// The size on ranks at the worst and at the best, where more are missing than the plan allows.
    pub bounds: Option<[f64; 2]>,
}

/// One exposure beside one KPI.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    /// The exposure.
    pub exposure: Exposure,
    /// The KPI.
    pub kpi: i32,
    /// Services that both are known of.
    pub n: usize,
    /// Services that are linked.
    pub linked: usize,
    /// Those that are not among the n, in the order of their codes.
    pub dropped: Vec<Dropped>,
    /// What was found, or why nothing can be.
    pub found: Result<Estimate, TooFew>,
    /// The quasi-binomial model, or why there is none.
    pub model: Result<Model, NoModel>,
    /// What has to be known.
    pub flags: Vec<Flag>,
    /// What is missing.
    pub missing: MissingValues,
    /// The q value over the family; `None` where nothing was tested.
    pub q: Option<f64>,
    /// What that comes to.
    pub strength: Option<Strength>,
}

impl Association {
    /// The estimate, where there is one.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.found.as_ref().ok()
    }

    /// Whether something has to be known.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// Works out a pair by itself; the q value is that of a family, which [`super::Grid`] fills in.
pub fn pair(
    data: &Dataset,
    plan: &AnalysisPlan,
    covariates: &[Covariate],
    exposure: Exposure,
    kpi: i32,
) -> Association {
    let sample = Sample::of(data, exposure, kpi);
    let kind = data.kind(exposure);
    let found = estimate(data, plan, exposure, kind, &sample);
    let model = match (&found, kind) {
        (_, None) | (Err(TooFew::NotAsked), _) => Err(NoModel::NoExposure),
        (_, Some(kind)) => model(data, plan, covariates, (exposure, kind), kpi),
    };
    let mut missing = MissingValues {
        exposure: data.exposure(exposure).iter().filter(|value| value.is_err()).count(),
        outcome: data.outcome(kpi).iter().filter(|outcome| outcome.is_err()).count(),
        bounds: None,
    };
    let linked = data.services.len();
    let allowed = |missing: usize| share(missing, linked) <= plan.bounds_above;
    let much_missing = found.is_ok() && !(allowed(missing.exposure) && allowed(missing.outcome));
    if let Some(kind) = kind.filter(|_| much_missing) {
        missing.bounds = bounds(data, exposure, kind, kpi);
    }
    let mut flags = flags(data, plan, exposure, kpi, &found, &model);
    if much_missing {
        flags.push(Flag::MuchMissing);
    }
    Association {
        exposure,
        kpi,
        n: sample.rows.len(),
        linked,
        dropped: dropped(data, exposure, kpi),
        found,
        model,
        flags,
        missing,
        q: None,
        strength: None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of services")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn dropped(data: &Dataset, exposure: Exposure, kpi: i32) -> Vec<Dropped> {
    let columns = data.exposure(exposure).iter().zip(data.outcome(kpi));
    let silent = data.services.iter().zip(columns).filter_map(|(service, (value, outcome))| {
        let why = match (value, outcome) {
            (Err(missing), _) => Why::Exposure(*missing),
            (_, Err(none)) => Why::Outcome(*none),
            _ => return None,
        };
        Some(Dropped { service: service.clone(), why })
    });
    let mut dropped: Vec<Dropped> = data.unlinked.iter().cloned().chain(silent).collect();
    dropped.sort_by(|a, b| a.service.cmp(&b.service));
    dropped
}

fn estimate(
    data: &Dataset,
    plan: &AnalysisPlan,
    exposure: Exposure,
    kind: Option<Kind>,
    sample: &Sample,
) -> Result<Estimate, TooFew> {
    let kind = kind.ok_or(TooFew::NoDirection)?;
    let column = data.exposure(exposure);
    let not_asked = |value: &Result<_, _>| matches!(value, Err(super::exposure::Missing::NotAsked));
    if !column.is_empty() && column.iter().all(not_asked) {
        return Err(TooFew::NotAsked);
    }
    if sample.rows.len() < plan.minimum.services {
        return Err(TooFew::Services);
    }
    let tested = tested(kind, sample, plan.minimum.group)?;
    let largest = sample
        .rows
        .iter()
        .enumerate()
        .max_by_key(|(_, row)| data.records.get(**row).copied().flatten())
        .map(|(place, _)| place);
    let sizes: Vec<usize> = sample.groups(kind.levels().len()).iter().map(Vec::len).collect();
    let n = sample.rows.len();
    let smallest = match (kind, sizes.as_slice()) {
        (Kind::Flag, [no, yes]) => smallest_rank_biserial(*yes, *no, plan.sought),
        (Kind::Groups(_), _) => smallest_epsilon2(sizes.iter().filter(|n| **n > 0).count(), n, plan.sought),
        _ => smallest_correlation(n, plan.sought),
    };
    Ok(Estimate {
        tested,
        groups: groups(kind, sample),
        without_largest: largest.and_then(|place| self::tested(kind, &sample.without(place), plan.minimum.group).ok()),
        smallest: smallest.ok().flatten(),
    })
}

fn groups(kind: Kind, sample: &Sample) -> Vec<Group> {
    let levels = kind.levels();
    let values = sample.groups(levels.len());
    let first = values.iter().position(|group| !group.is_empty());
    let reference = first.and_then(|place| values.get(place));
    let group = |(place, (level, values)): (usize, (&Level, &Vec<f64>))| Group {
        level: *level,
        n: values.len(),
        median: median(values).ok(),
        difference: reference.filter(|_| Some(place) != first).and_then(|reference| {
            let shift = mann_whitney(values, reference).ok()?.hodges_lehmann?;
            Some((shift, shift_interval(values, reference, CONFIDENCE).ok().flatten()))
        }),
    };
    levels.iter().zip(&values).enumerate().map(group).collect()
}

/// The test that fits the kind.
fn tested(kind: Kind, sample: &Sample, at_least: usize) -> Result<Tested, TooFew> {
    let groups = sample.groups(kind.levels().len());
    let large = groups.iter().filter(|group| group.len() >= at_least).count();
    if !matches!(kind, Kind::Number { .. }) && large < 2 {
        return Err(TooFew::Groups);
    }
    match (kind, groups.as_slice()) {
        (Kind::Number { .. }, _) => {
            let (found, p) = correlation(sample)?;
            Ok(Tested { effect: found, method: Method::Spearman, p })
        }
        (Kind::Ordered(_), _) => {
            let trend = jonckheere(&groups).map_err(|_| TooFew::Groups)?;
            let (found, _) = correlation(sample)?;
            Ok(Tested { effect: found, method: Method::Jonckheere, p: trend.p })
        }
        (Kind::Flag, [no, yes]) => {
            let found = mann_whitney(yes, no).map_err(|_| TooFew::Groups)?;
            let (Some(value), Some(_)) = (found.hodges_lehmann, found.z) else { return Err(TooFew::NoVariation) };
            let effect = Effect {
                measure: Measure::Difference,
                value,
                interval: shift_interval(yes, no, CONFIDENCE).ok().flatten(),
                rank: Some(found.rank_biserial),
            };
            Ok(Tested { effect, method: Method::MannWhitney, p: found.p_exact.unwrap_or(found.p) })
        }
        (Kind::Flag | Kind::Groups(_), _) => {
            let found = kruskal_wallis(&groups).map_err(|_| TooFew::Groups)?;
            let value = found.epsilon2.ok_or(TooFew::NoVariation)?;
            let interval = found.epsilon2_interval(CONFIDENCE).ok().flatten();
            let effect = Effect { measure: Measure::Epsilon2, value, interval, rank: None };
            Ok(Tested { effect, method: Method::KruskalWallis, p: found.p })
        }
    }
}

fn correlation(sample: &Sample) -> Result<(Effect, f64), TooFew> {
    let x: Vec<Option<f64>> = sample.exposures.iter().map(|value| Some(number(*value))).collect();
    let y: Vec<Option<f64>> = sample.percents.iter().copied().map(Some).collect();
    let found = spearman(&x, &y).map_err(|_| TooFew::NoVariation)?;
    let effect = Effect {
        measure: Measure::RankCorrelation,
        value: found.rho,
        interval: found.ci_bonett_wright,
        rank: Some(found.rho),
    };
    Ok((effect, found.p))
}

fn flags(
    data: &Dataset,
    plan: &AnalysisPlan,
    exposure: Exposure,
    kpi: i32,
    found: &Result<Estimate, TooFew>,
    model: &Result<Model, NoModel>,
) -> Vec<Flag> {
    let mut flags = Vec::new();
    if exposure.is_coupled_with(kpi) {
        flags.push(Flag::MutualCoupling);
    }
    if !matches!(data.design, Design::Earlier { .. }) {
        flags.push(Flag::Timing);
    }
    if kpi == 11 {
        flags.push(Flag::FollowUp);
    }
    let Ok(found) = found else { return flags };
    if found.groups.iter().any(|group| group.n < plan.minimum.group) {
        flags.push(Flag::SmallGroup);
    }
    let direction = found.tested.effect.rank;
    let flips = |other: Option<f64>| direction.zip(other).is_some_and(|(one, other)| one * other < 0.0);
    if flips(found.without_largest.and_then(|tested| tested.effect.rank)) {
        flags.push(Flag::FlipsWithoutLargest);
    }
    if flips(model.as_ref().ok().and_then(Model::direction)) {
        flags.push(Flag::FlipsInModel);
    }
    flags
}
