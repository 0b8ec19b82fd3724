//! What the pairs of the sheet *Associations* come to, in the language of the workbook. In English each sentence is, to
//! the letter, that of [`crate::domain::association::words`]; a test holds them to it.

use crate::domain::association::words::{self as words_of_pairs, Subject, amount, probability};
use crate::domain::association::{
    AnalysisPlan, Association, Design, Effect, Estimate, Exposure, Group, Measure, Strength, TooFew,
};
use crate::formats::display::capitalised;
use crate::locales::{Value, Words};

/// How an exposure is called as the heading of a row.
pub(super) fn exposure_heading(words: Words, exposure: Exposure) -> String {
    match words.say(exposure.name()) {
        Some(name) => capitalised(&name),
        None => words_of_pairs::heading(exposure),
    }
}

/// What a pair comes to, in a few words.
pub(super) fn in_short(words: Words, found: &Association) -> String {
    match &found.found {
        Err(TooFew::Services) => words.with("book-too-few-services", &[("services", found.n.to_string().into())]),
        _ => words.said(&words_of_pairs::in_short(found)).into_owned(),
    }
}

/// What a pair comes to. The sheet lays the answers of a round beside its KPIs and tests all pairs as one family; what it
/// never has is said as the domain says it.
pub(super) fn sentence(words: Words, found: &Association, about: &Subject<'_>) -> String {
    match (&found.found, found.strength, about.design) {
        (Ok(estimate), Some(strength), Design::OneRound) => of_estimate(words, found, estimate, strength, about),
        (Ok(_), ..) => words_of_pairs::sentence(found, about),
        (Err(too_few), ..) => refusal(words, *too_few, found, about.plan),
    }
}

fn of_estimate(
    words: Words,
    found: &Association,
    estimate: &Estimate,
    strength: Strength,
    about: &Subject<'_>,
) -> String {
    let effect = &estimate.tested.effect;
    let n = |place: usize| estimate.groups.get(place).map_or(0, |group| group.n);
    let kpi = [("kpi", found.kpi.to_string().into()), ("name", words.said(about.kpi_name).into())];
    let is_clear = strength != Strength::NotClear;
    let medians = match effect.measure {
        Measure::RankCorrelation => None,
        Measure::Difference => medians_of_two(words, &estimate.groups),
        Measure::Epsilon2 => medians_from_to(words, &estimate.groups),
    };
    let arguments: Vec<(&str, Value<'_>)> = vec![
        ("services", found.n.to_string().into()),
        ("exposure", words.said(found.exposure.name()).into()),
        ("without", n(0).to_string().into()),
        ("with", n(1).to_string().into()),
        ("outcome", words.with("book-pair-outcome", &kpi).into()),
        ("way", if effect.value < 0.0 { "lower" } else { "higher" }.into()),
        ("medians", medians.map(|medians| format!(" ({medians})")).unwrap_or_default().into()),
        ("year", about.year.to_string().into()),
        ("measured", measured(words, effect).into()),
        ("strength", words.said(strength.label()).into()),
        ("chances", chances(words, found, estimate).into()),
    ];
    let key = match (effect.measure, is_clear) {
        (Measure::RankCorrelation, false) => "book-pair-not-clear",
        (Measure::Difference, false) => "book-pair-not-clear-with-and-without",
        (Measure::Epsilon2, false) => "book-pair-not-clear-by-group",
        (Measure::RankCorrelation, true) => "book-pair",
        (Measure::Difference, true) => "book-pair-with-and-without",
        (Measure::Epsilon2, true) => "book-pair-by-group",
    };
    words.with(key, &arguments)
}

/// `rank correlation +0.45 (95% interval +0.23 to +0.62)`
fn measured(words: Words, effect: &Effect) -> String {
    let shown = |value| Value::from(amount(effect.measure, value));
    let range = match effect.interval {
        Some([low, high]) => words.with("book-pair-interval", &[("low", shown(low)), ("high", shown(high))]),
        None => words.said("too few for an interval").into_owned(),
    };
    let key = match effect.measure {
        Measure::RankCorrelation => "book-pair-rank-correlation",
        Measure::Difference => "book-pair-difference",
        Measure::Epsilon2 => "book-pair-epsilon",
    };
    words.with(key, &[("value", shown(effect.value)), ("range", range.into())])
}

/// `p = 0.012, q = 0.034 by Spearman’s rank correlation`
fn chances(words: Words, found: &Association, estimate: &Estimate) -> String {
    let method = ("method", words.said(estimate.tested.method.label()).into());
    let p = ("p", probability(estimate.tested.p).into());
    match found.q {
        Some(q) => words.with("book-pair-chances", &[p, ("q", probability(q).into()), method]),
        None => words.with("book-pair-chance", &[p, method]),
    }
}

/// `medians 35.7% and 66.7%`, of those with first.
fn medians_of_two(words: Words, groups: &[Group]) -> Option<String> {
    let median = |place: usize| Some(Value::from(format!("{:.1}", groups.get(place)?.median?)));
    Some(words.with("book-pair-medians", &[("with", median(1)?), ("without", median(0)?)]))
}

/// `medians from 38.8%, “Nobody”, n = 14, to 86.7%, “Primary care only”, n = 7`
fn medians_from_to(words: Words, groups: &[Group]) -> Option<String> {
    let known = || groups.iter().filter_map(|group| Some((group, group.median?)));
    let said = |(group, median): (&Group, f64)| {
        let of_group = [
            ("median", format!("{median:.1}").into()),
            ("group", words.said(group.level.label).into()),
            ("services", group.n.to_string().into()),
        ];
        words.with("book-pair-median", &of_group)
    };
    let least = known().min_by(|a, b| a.1.total_cmp(&b.1)).map(said)?;
    let most = known().max_by(|a, b| a.1.total_cmp(&b.1)).map(said)?;
    Some(words.with("book-pair-medians-from-to", &[("least", least.into()), ("most", most.into())]))
}

fn refusal(words: Words, too_few: TooFew, found: &Association, plan: &AnalysisPlan) -> String {
    let services = ("services", found.n.to_string().into());
    match too_few {
        TooFew::Services => {
            let least = ("least", plan.minimum.services.to_string().into());
            words.with("book-pair-too-few", &[services, least])
        }
        TooFew::Groups => {
            let least = ("least", plan.minimum.group.to_string().into());
            words.with("book-pair-groups-too-few", &[services, least])
        }
        TooFew::NoVariation => words.with("book-pair-alike", &[services]),
        TooFew::NotAsked => words.said("This round does not ask it, so there is no figure.").into_owned(),
        TooFew::NoDirection => words
            .said("Its groups have no order, so a change from one to another has no direction. See a round by itself.")
            .into_owned(),
    }
}
