//! What an association comes to, in sentences that cannot be misread. Every view takes its sentences from here.
//!
//! A sentence gives the number of services and an interval before p and q, and says how services differ, never why.

use super::dataset::{Dataset, Design};
use super::exposure::{Exposure, Kind};
use super::model::{Covariate, Model, NoModel, OddsRatio};
use super::pair::{Association, Effect, Estimate, Flag, Measure, Tested, TooFew};
use super::plan::{AnalysisPlan, Strength};
use crate::domain::statistics::quasi_binomial::Status;

/// What stands over every result.
pub const STANDING: &str = "Observational, at the level of services and unadjusted for case mix: it says how services \
                            differ, not why they do.";

/// What sentences are about, beside the association itself.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What is laid beside what.
    pub design: Design,
    /// Audit year of the KPIs.
    pub year: i32,
    /// The name of the KPI.
    pub kpi_name: &'a str,
    /// The plan.
    pub plan: &'a AnalysisPlan,
}

impl<'a> Subject<'a> {
    /// Of a dataset.
    pub fn of(data: &Dataset, kpi_name: &'a str, plan: &'a AnalysisPlan) -> Self {
        Self { design: data.design, year: data.year, kpi_name, plan }
    }

    /// `KPI 4 (Assessment within 90 days)`, or its change.
    fn outcome(&self, kpi: i32) -> String {
        let named = format!("KPI {kpi} ({})", self.kpi_name);
        match self.design {
            Design::Change { .. } => format!("change in {named}"),
            Design::OneRound | Design::Earlier { .. } => named,
        }
    }

    /// When it is of.
    fn when(&self) -> String {
        match self.design {
            Design::OneRound => format!("in audit year {}", self.year),
            Design::Change { since } => format!("from audit year {since} to {}", self.year),
            Design::Earlier { exposures_of } => {
                format!("with the answers of audit year {exposures_of} beside the KPI of {}", self.year)
            }
        }
    }

    fn services(&self, n: usize) -> String {
        match self.design {
            Design::Change { .. } => format!("{n} services that are linked in both rounds"),
            Design::OneRound | Design::Earlier { .. } => format!("{n} services"),
        }
    }
}

/// A number with its sign: `+0.45`, `−14.2`, `0.0`.
pub fn signed(value: f64, places: usize) -> String {
    let shown = format!("{:.places$}", value.abs());
    let is_nothing = shown.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    match value {
        _ if is_nothing => shown,
        value if value > 0.0 => format!("+{shown}"),
        _ => format!("−{shown}"),
    }
}

/// A probability: `< 0.001`, `= 0.034`.
pub fn probability(p: f64) -> String {
    if p < 0.0005 { "< 0.001".into() } else { format!("= {p:.3}") }
}

/// A size, or an end of its interval: `+0.45`, `−14.2`, `0.08`.
pub fn amount(measure: Measure, value: f64) -> String {
    match measure {
        Measure::RankCorrelation => signed(value, 2),
        Measure::Difference => signed(value, 1),
        Measure::Epsilon2 => format!("{value:.2}"),
    }
}

/// `+0.23 to +0.62`, or why there is none.
fn interval(measure: Measure, interval: Option<[f64; 2]>) -> String {
    match interval {
        Some([low, high]) => format!("{} to {}", amount(measure, low), amount(measure, high)),
        None => "too few for an interval".into(),
    }
}

/// The size in short: `ρ +0.45`.
pub fn size(effect: &Effect) -> String {
    let shown = amount(effect.measure, effect.value);
    match effect.measure {
        Measure::RankCorrelation => format!("ρ {shown}"),
        Measure::Difference => format!("{shown} points"),
        Measure::Epsilon2 => format!("ε² {shown}"),
    }
}

/// Its interval in short: `+0.23 to +0.62`.
pub fn range(effect: &Effect) -> String {
    interval(effect.measure, effect.interval)
}

/// `rank correlation +0.45 (95% interval +0.23 to +0.62)`
fn measured(effect: &Effect) -> String {
    let shown = amount(effect.measure, effect.value);
    let range = match effect.interval {
        Some(_) => format!("95% interval {}", range(effect)),
        None => range(effect),
    };
    match effect.measure {
        Measure::RankCorrelation => format!("rank correlation {shown} ({range})"),
        Measure::Difference => format!("middle of all differences {shown} percentage points ({range})"),
        Measure::Epsilon2 => format!("ε² {shown} ({range})"),
    }
}

fn chances(tested: &Tested, q: Option<f64>) -> String {
    let q = q.map(|q| format!(", q {}", probability(q))).unwrap_or_default();
    format!("p {}{q} by {}", probability(tested.p), tested.method.label())
}

/// What the pair comes to.
pub fn sentence(found: &Association, about: &Subject<'_>) -> String {
    match &found.found {
        Ok(estimate) => of_estimate(found, estimate, about),
        Err(too_few) => refusal(*too_few, found, about.plan),
    }
}

fn of_estimate(found: &Association, estimate: &Estimate, about: &Subject<'_>) -> String {
    let tested = &estimate.tested;
    let (services, outcome, when) = (about.services(found.n), about.outcome(found.kpi), about.when());
    let (measured, chances) = (measured(&tested.effect), chances(tested, found.q));
    let name = found.exposure.name();
    // Outside a family there is no q, and so no word for the evidence.
    let Some(strength) = found.strength else {
        let set_beside = match tested.effect.measure {
            Measure::Difference => {
                let (no, yes) = sizes(estimate);
                format!("{outcome} of the {yes} with {name} beside that of the {no} without")
            }
            Measure::RankCorrelation | Measure::Epsilon2 => format!("{name} beside {outcome}"),
        };
        return format!("Among {services}, {set_beside} {when}: {measured}; {chances}.");
    };
    if strength == Strength::NotClear {
        let between = match tested.effect.measure {
            Measure::RankCorrelation => format!("{name} and {outcome} show no clear association"),
            Measure::Difference => {
                let (no, yes) = sizes(estimate);
                format!("the {yes} with {name} and the {no} without show no clear difference in {outcome}")
            }
            Measure::Epsilon2 => format!("groups by {name} show no clear difference in {outcome}"),
        };
        return format!("Among {services}, {between} {when}: {measured}; {chances}.");
    }
    let way = if tested.effect.value < 0.0 { "a lower" } else { "a higher" };
    let said = match (tested.effect.measure, about.design) {
        (Measure::RankCorrelation, Design::Change { .. }) => {
            format!("those with a higher change in {name} tended to have {way} {outcome}")
        }
        (Measure::RankCorrelation, _) => format!("those with higher {name} tended to have {way} {outcome}"),
        (Measure::Difference, _) => {
            let (no, yes) = sizes(estimate);
            let middles = middles(estimate, about);
            format!("the {yes} with {name} tended to have {way} {outcome} than the {no} without{middles}")
        }
        (Measure::Epsilon2, _) => format!("{outcome} differed between groups by {name}{}", medians(estimate)),
    };
    format!("Among {services}, {said} {when}: {measured}; {}, {chances}.", strength.label())
}

/// Services without and with.
fn sizes(estimate: &Estimate) -> (usize, usize) {
    let n = |place: usize| estimate.groups.get(place).map_or(0, |group| group.n);
    (n(0), n(1))
}

/// ` (medians 35.7% and 66.7%)`
fn middles(estimate: &Estimate, about: &Subject<'_>) -> String {
    let median = |place: usize| estimate.groups.get(place).and_then(|group| group.median);
    match (median(1), median(0), about.design) {
        (Some(with), Some(without), Design::OneRound | Design::Earlier { .. }) => {
            format!(" (medians {with:.1}% and {without:.1}%)")
        }
        _ => String::new(),
    }
}

/// ` (medians from 38.8%, “Nobody”, n = 14, to 86.7%, “Primary care only”, n = 7)`
fn medians(estimate: &Estimate) -> String {
    let known = || estimate.groups.iter().filter_map(|group| Some((group, group.median?)));
    let words =
        |(group, median): (&super::pair::Group, f64)| format!("{median:.1}%, “{}”, n = {}", group.level.label, group.n);
    let least = known().min_by(|a, b| a.1.total_cmp(&b.1)).map(words);
    let most = known().max_by(|a, b| a.1.total_cmp(&b.1)).map(words);
    match least.zip(most) {
        Some((least, most)) => format!(" (medians from {least}, to {most})"),
        None => String::new(),
    }
}

fn refusal(too_few: TooFew, found: &Association, plan: &AnalysisPlan) -> String {
    let n = found.n;
    match too_few {
        TooFew::Services => {
            format!("Too few services: {n}. At least {} are asked for, so no figure is given.", plan.minimum.services)
        }
        TooFew::Groups => format!(
            "Too few services in the groups of these {n}: two groups of at least {} are asked for, so no figure is given.",
            plan.minimum.group
        ),
        TooFew::NoVariation => format!("All {n} services are alike in one of the two, so there is nothing to compare."),
        TooFew::NotAsked => "This round does not ask it, so there is no figure.".into(),
        TooFew::NoDirection => {
            "Its groups have no order, so a change from one to another has no direction. See a round by itself.".into()
        }
    }
}

/// The same in a few words, for a cell of the grid.
pub fn in_short(found: &Association) -> String {
    match &found.found {
        Ok(_) => found.strength.unwrap_or(Strength::NotClear).label().to_owned(),
        Err(TooFew::Services) => format!("too few services: {}", found.n),
        Err(TooFew::Groups) => "too few services in the groups".into(),
        Err(TooFew::NoVariation) => "all services alike".into(),
        Err(TooFew::NotAsked) => "not asked in this round".into(),
        Err(TooFew::NoDirection) => "no order, so no change".into(),
    }
}

/// What the model says: a sentence for each odds ratio of the exposure, or why there is none.
pub fn model(found: &Association, about: &Subject<'_>) -> Vec<String> {
    match &found.model {
        Ok(fitted) => {
            let ratios = fitted.exposure.iter().map(|ratio| of_model(found, fitted, ratio, about));
            let spread = format!(
                "The spread between services is {:.1} times what chance alone would make; the intervals allow for that.",
                fitted.dispersion
            );
            ratios.chain([spread]).collect()
        }
        Err(none) => vec![no_model(*none, found.kpi, about.plan)],
    }
}

fn of_model(found: &Association, fitted: &Model, ratio: &OddsRatio, about: &Subject<'_>) -> String {
    let held = fitted.covariates.iter().map(|covariate| covariate.column.split('=').next().unwrap_or_default());
    let mut names: Vec<&str> = held
        .filter_map(Covariate::of_key)
        .map(Covariate::name)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    names.sort_unstable();
    let held = if names.is_empty() { String::new() } else { format!(", with {} held alike", names.join(" and ")) };
    let without = if fitted.dropped > 0 {
        format!(" ({} without a covariate are left out)", fitted.dropped)
    } else {
        String::new()
    };
    let outcome = about.outcome(found.kpi);
    let Some(odds) = ratio.ratio else {
        return format!(
            "In a quasi-binomial model of {} services the odds ratio is too large to be printed.",
            fitted.n
        );
    };
    let range = ratio
        .interval
        .map_or_else(|| "too few for an interval".into(), |[low, high]| format!("95% interval {low:.2} to {high:.2}"));
    let p = ratio.p.map(|p| format!(", p {}", probability(p))).unwrap_or_default();
    format!(
        "In a quasi-binomial model of {} services{without}{held}, the odds of {outcome} are {odds:.2} times as high \
         ({range}) {}{p}.",
        fitted.n, ratio.words
    )
}

fn no_model(none: NoModel, kpi: i32, plan: &AnalysisPlan) -> String {
    match none {
        NoModel::OverExpected => {
            format!("KPI {kpi} is over an expected number and can pass 100%, so it has no odds and no model.")
        }
        NoModel::Change => "A change of a percentage has no odds, so there is no model.".into(),
        NoModel::NoExposure => "There is nothing to model.".into(),
        NoModel::TooFew(n) => {
            format!("Too few services for a model: {n}. At least {} are asked for.", plan.minimum.services)
        }
        NoModel::NotFitted(Status::Separation) => {
            "There is no model: the columns tell the KPI of some services for certain (separation), so that an odds ratio \
             would be infinite."
                .into()
        }
        NoModel::NotFitted(Status::RankDeficient) => {
            "There is no model: one of its columns is constant or follows from the others.".into()
        }
        NoModel::NotFitted(Status::InsufficientDf | Status::Ok) => {
            "There is no model: it would have no more services than columns.".into()
        }
    }
}

/// What the same test finds without the largest service, and whether the model points the same way.
pub fn sensitivity(found: &Association) -> Vec<String> {
    let Some(estimate) = found.estimate() else { return Vec::new() };
    let mut said = Vec::new();
    said.push(match &estimate.without_largest {
        Some(rest) => {
            let flips = if found.has(Flag::FlipsWithoutLargest) { " The direction is then the other one." } else { "" };
            format!(
                "Without the service that has the most records, of the other {} services: {}; {}.{flips}",
                found.n - 1,
                measured(&rest.effect),
                chances(rest, None)
            )
        }
        None => "Without the service that has the most records too few are left to say anything.".into(),
    });
    if found.has(Flag::FlipsInModel) {
        said.push(
            "The quasi-binomial model points the other way than the rank test does: neither should be relied on alone."
                .into(),
        );
    } else if found.model.as_ref().is_ok_and(|model| model.direction().is_some()) {
        said.push("The quasi-binomial model points the same way as the rank test does.".into());
    }
    said
}

/// What these services could have shown.
pub fn power(found: &Association, about: &Subject<'_>) -> Option<String> {
    let estimate = found.estimate()?;
    let sought = about.plan.sought;
    let (n, power, level) = (found.n, 100.0 * sought.power, 100.0 * sought.level);
    let Some(smallest) = estimate.smallest else {
        return Some(format!(
            "{n} services in these groups could have shown no association at all with {power:.0}% power."
        ));
    };
    let what = match estimate.tested.effect.measure {
        Measure::RankCorrelation => format!("a rank correlation of {smallest:.2} either way"),
        Measure::Difference => format!(
            "a difference at which a service of one group is the higher in {:.0} of 100 pairs (rank-biserial correlation \
             {smallest:.2})",
            50.0 * (1.0 + smallest)
        ),
        Measure::Epsilon2 => format!("an ε² of {smallest:.2}"),
    };
    Some(format!(
        "The smallest association that {n} services find with {power:.0}% power in a single test at {level:.0}% is {what}. A \
         smaller one can be there and not be seen."
    ))
}

/// What is missing, and what that could change.
pub fn missing(found: &Association) -> Option<String> {
    let estimate = found.estimate()?;
    let missing = found.missing;
    if missing.exposure + missing.outcome == 0 {
        return None;
    }
    let mut said = format!(
        "Of the {} linked services {} say nothing of the exposure and {} have no figure for the KPI; they are left out.",
        found.linked, missing.exposure, missing.outcome
    );
    if let Some([low, high]) = missing.bounds {
        let what = match estimate.tested.effect.measure {
            Measure::Difference => "rank-biserial correlation",
            Measure::RankCorrelation | Measure::Epsilon2 => "rank correlation",
        };
        said.push_str(&format!(
            " If every missing value lay so as to lower it, or to raise it, the most, the {what} would be {} or {}.",
            signed(low, 2),
            signed(high, 2)
        ));
    } else if found.has(Flag::MuchMissing) {
        said.push_str(" More are missing than the plan allows, and groups without order have no best or worst case.");
    }
    Some(said)
}

/// What has to be known before the result is read.
pub fn cautions(found: &Association, about: &Subject<'_>, staffing_as_at: chrono::NaiveDate) -> Vec<String> {
    let mut said = vec![format!("{STANDING} It is of {}.", of_what_time(about))];
    for flag in &found.flags {
        said.extend(match flag {
            Flag::MutualCoupling => Some(format!(
                "Both are divided by the same number, the expected cases: {} and KPI {} move together by that alone \
                 (mutual coupling), whatever the staffing does.",
                found.exposure.name(),
                found.kpi
            )),
            Flag::Timing => Some(format!(
                "Staffing and the other answers are as on {}, after audit year {}: what came first cannot be told.",
                staffing_as_at.format("%-d %B %Y"),
                about.year
            )),
            Flag::FollowUp => Some(
                "KPI 11 is of patients who were first seen a year before, so it is also laid beside the answers of the \
                 earlier round."
                    .into(),
            ),
            Flag::SmallGroup => {
                let small = found.estimate().into_iter().flat_map(|estimate| &estimate.groups);
                let small: Vec<String> = small
                    .filter(|group| group.n < about.plan.minimum.group)
                    .map(|group| format!("“{}”, n = {}", group.level.label, group.n))
                    .collect();
                Some(format!("A group has fewer than {} services: {}.", about.plan.minimum.group, small.join("; ")))
            }
            Flag::MuchMissing => Some("Many services say nothing of one of the two: see what is missing.".into()),
            // Said with the sensitivity.
            Flag::FlipsWithoutLargest | Flag::FlipsInModel => None,
        });
    }
    said
}

fn of_what_time(about: &Subject<'_>) -> &'static str {
    match about.design {
        Design::OneRound => "one year",
        Design::Change { .. } => "one comparison of two years",
        Design::Earlier { .. } => "one pair of years",
    }
}

/// How an exposure is called as the heading of a row: its name with a capital.
pub fn heading(exposure: Exposure) -> String {
    let name = exposure.name();
    let name = name.strip_prefix("a ").unwrap_or(name);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// In which unit or groups an exposure comes.
pub fn unit(kind: Kind) -> String {
    match kind {
        Kind::Number { unit, .. } => unit.to_owned(),
        Kind::Flag => "yes or no".into(),
        Kind::Ordered(levels) => format!("{} ordered groups", levels.len()),
        Kind::Groups(levels) => format!("{} groups", levels.len()),
    }
}

/// What one grid comes to, in a sentence.
pub fn of_grid(grid: &super::Grid, linked: usize, about: &Subject<'_>) -> String {
    let plan = about.plan;
    if grid.tests == 0 {
        return format!("{} linked {}: too few for any test.", about.services(linked), about.when());
    }
    format!(
        "{} linked, {} tests {}: {} reach q < {} and {} of them q < {}. At q < {} about {:.0} in 100 of those named are \
         expected to be there by chance.",
        about.services(linked),
        grid.tests,
        about.when(),
        grid.at_least(Strength::Plain),
        plan.evidence.plain,
        grid.at_least(Strength::Strong),
        plan.evidence.strong,
        plan.evidence.plain,
        100.0 * plan.evidence.plain
    )
}
