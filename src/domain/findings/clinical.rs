//! What the KPI counts of a year say of the nation.

use std::collections::BTreeSet;

use super::{Share, Value, Values, YearInputs, of_figure, plain, put};
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::figure::{Figure, percentage};
use crate::domain::kpi::real;
use crate::domain::kpi::year::{Exclusion, Inclusion};
use crate::domain::patient::record::LEAST_AGE;
use crate::domain::patient::rules::TRAINING_AGE_OVER;
use crate::domain::reference::{Grade, Kpi, Methodology};

/// The strata that findings rest on, by KPI.
pub const STRATA: &[(i32, &str)] = &[
    (2, "sex=male"),
    (5, "age_band=under_75"),
    (6, "age_band=75+"),
    (6, "age_band=under_75"),
    (7, "outcome=declined"),
    (7, "outcome=dont_know"),
    (7, "outcome=inappropriate"),
    (5, "sex=female"),
    (5, "sex=male"),
    (6, "age_band=75+;sex=female"),
    (6, "age_band=75+;sex=male"),
    (6, "age_band=under_75;sex=female"),
    (6, "age_band=under_75;sex=male"),
    (9, "age_band=75+;residence=care_home"),
    (9, "age_band=under_75;residence=care_home"),
];

/// Which percentages a count of services takes.
#[derive(Debug, Clone, Copy)]
enum Edge {
    Above(f64),
    AtLeast(f64),
}

impl Edge {
    fn takes(self, percent: f64) -> bool {
        match self {
            Self::Above(edge) => percent > edge,
            Self::AtLeast(edge) => percent >= edge,
        }
    }
}

use Edge::{Above, AtLeast};

/// The counts of services that reports give: the key without its ending, the KPI, the stratum, the edge, and whether the
/// share of services is given as well. The strictness is that of the printed words: "more than", "at least".
const THRESHOLDS: &[(&str, i32, &str, Edge, bool)] = &[
    ("kpi2.services_over_50pct", 2, "", Above(50.0), true),
    ("kpi2.services_over_80pct", 2, "", Above(80.0), true),
    ("kpi3.services_at_least_50pct", 3, "", AtLeast(50.0), true),
    ("kpi4.services_over_80pct", 4, "", Above(80.0), true),
    ("kpi5.services_over_80pct_under75", 5, "age_band=under_75", Above(80.0), true),
    ("kpi6.services_over_80pct", 6, "", Above(80.0), true),
    ("kpi6.services_100pct_75plus", 6, "age_band=75+", AtLeast(100.0), true),
    ("kpi6.services_100pct_under75", 6, "age_band=under_75", AtLeast(100.0), true),
    ("kpi7.services_at_least_50pct", 7, "", AtLeast(50.0), true),
    ("kpi7.services_inappropriate_over_50pct", 7, "outcome=inappropriate", Above(50.0), true),
    ("kpi7.services_dont_know_over_50pct", 7, "outcome=dont_know", Above(50.0), true),
    ("kpi8.services_over_50pct", 8, "", Above(50.0), false),
    ("kpi9.services_at_least_50pct", 9, "", AtLeast(50.0), true),
    ("kpi10.services_over_50pct", 10, "", Above(50.0), true),
    ("kpi11.services_over_50pct", 11, "", Above(50.0), true),
];

/// Patients of some strata pooled over services.
const POOLED: &[(&str, i32, &str)] = &[
    ("ineq.falls_under75.men", 6, "age_band=under_75;sex=male"),
    ("ineq.falls_under75.women", 6, "age_band=under_75;sex=female"),
    ("ineq.falls_75plus.men", 6, "age_band=75+;sex=male"),
    ("ineq.falls_75plus.women", 6, "age_band=75+;sex=female"),
    ("ineq.dxa90.men", 5, "sex=male"),
    ("ineq.dxa90.women", 5, "sex=female"),
    ("ineq.followup16_carehome_75plus", 9, "age_band=75+;residence=care_home"),
    ("ineq.followup16_carehome_under75", 9, "age_band=under_75;residence=care_home"),
];

/// Services with more records than this are counted by themselves.
const MANY_RECORDS: i64 = 1_000;

/// A KPI over services.
pub(super) fn summary(inputs: &YearInputs, kpi: &Kpi, services: &BTreeSet<String>) -> Summary {
    let figures: Vec<(&str, Figure)> =
        services.iter().map(|service| (service.as_str(), inputs.data.figure(kpi, service))).collect();
    Summary::of(&inputs.data, kpi, figures.iter().map(|(service, figure)| (*service, figure)))
}

/// The percentage of each service that has one.
fn percents<'a>(
    inputs: &'a YearInputs,
    kpi: i32,
    stratum: &'a str,
    services: &'a BTreeSet<String>,
) -> impl Iterator<Item = f64> + 'a {
    services.iter().filter_map(move |service| {
        if stratum.is_empty() {
            return inputs.data.figure(inputs.data.method.kpi(kpi)?, service).percent;
        }
        let counts = inputs.strata.get(&(kpi, stratum.to_owned()))?.get(service)?;
        percentage(counts.numerator, real(counts.denominator?))
    })
}

/// The figures over the services that count.
pub(super) fn values(inputs: &YearInputs, services: &BTreeSet<String>) -> Values {
    let mut values = Values::new();
    let n = services.len();
    if n == 0 {
        return values;
    }
    let alone = Share { yes: n, of: n, n };
    put(&mut values, "participation.fls_in_report", alone.count().map(|value| Value { denominator: None, ..value }));
    let records: Vec<i64> = services.iter().filter_map(|service| inputs.data.records(service)).collect();
    let total = real(records.iter().sum());
    values.insert("records.total".into(), Value { n: Some(records.len()), ..plain(total) });
    let large = records.iter().filter(|records| **records > MANY_RECORDS).count();
    let large = Share { yes: large, of: n, n: records.len() };
    put(&mut values, "kpi2.services_over_1000_cases.n", large.count());
    put(&mut values, "kpi2.services_over_1000_cases.pct", large.percent());
    men(inputs, services, &mut values);
    for kpi in &inputs.data.method.kpis {
        let summary = summary(inputs, kpi, services);
        // KPI 1 counts services, of whom each has something to say.
        let of = if kpi.kpi == 1 { summary.services } else { summary.n };
        put(&mut values, &format!("kpi{}.national", kpi.kpi), of_figure(&summary.figure, of));
    }
    let range: Vec<f64> = percents(inputs, 2, "", services).collect();
    let end = |found: Option<f64>| found.map(|value| Value { n: Some(range.len()), ..plain(value) });
    put(&mut values, "kpi2.range_min", end(range.iter().copied().reduce(f64::min)));
    put(&mut values, "kpi2.range_max", end(range.iter().copied().reduce(f64::max)));
    let spine = services.iter().filter_map(|service| inputs.data.counts(3, service));
    let spine: Vec<bool> = spine.map(|counts| counts.numerator > 0).collect();
    let any_spine = Share { yes: spine.iter().filter(|any| **any).count(), of: n, n: spine.len() };
    put(&mut values, "kpi3.services_any_spine.n", any_spine.count());
    put(&mut values, "kpi3.services_any_spine.pct", any_spine.percent());
    for (key, kpi, stratum, edge, with_share) in THRESHOLDS {
        let found: Vec<f64> = percents(inputs, *kpi, stratum, services).collect();
        let yes = found.iter().filter(|percent| edge.takes(**percent)).count();
        let share = Share { yes, of: n, n: found.len() };
        put(&mut values, &format!("{key}.n"), share.count());
        if *with_share {
            put(&mut values, &format!("{key}.pct"), share.percent());
        }
    }
    let declined: Vec<f64> = percents(inputs, 7, "outcome=declined", services).collect();
    let most = declined.iter().copied().reduce(f64::max);
    put(&mut values, "kpi7.declined_max", most.map(|value| Value { n: Some(declined.len()), ..plain(value) }));
    for (key, kpi, stratum) in POOLED {
        put(&mut values, key, pooled(inputs, *kpi, stratum, services));
    }
    values
}

/// Men among the records of the services that say how many of theirs are of men.
fn men(inputs: &YearInputs, services: &BTreeSet<String>, values: &mut Values) {
    let Some(by_service) = inputs.strata.get(&(2, "sex=male".to_owned())) else { return };
    let found: Vec<(i64, i64)> = services
        .iter()
        .filter_map(|service| Some((by_service.get(service)?.numerator, inputs.data.records(service)?)))
        .collect();
    let men = real(found.iter().map(|(men, _)| men).sum());
    let records = real(found.iter().map(|(_, records)| records).sum());
    if records > 0.0 {
        let value =
            |value: f64| Value { value, numerator: Some(men), denominator: Some(records), n: Some(found.len()) };
        values.insert("patients.men_n".into(), value(men));
        values.insert("patients.men_pct".into(), value(100.0 * men / records));
    }
}

fn pooled(inputs: &YearInputs, kpi: i32, stratum: &str, services: &BTreeSet<String>) -> Option<Value> {
    let by_service = inputs.strata.get(&(kpi, stratum.to_owned()))?;
    let counts = services.iter().filter_map(|service| by_service.get(service));
    let pairs: Vec<(i64, i64)> = counts.filter_map(|counts| Some((counts.numerator, counts.denominator?))).collect();
    let numerator: i64 = pairs.iter().map(|(numerator, _)| numerator).sum();
    let denominator = real(pairs.iter().map(|(_, denominator)| denominator).sum());
    let value = percentage(numerator, denominator)?;
    Some(Value { value, numerator: Some(real(numerator)), denominator: Some(denominator), n: Some(pairs.len()) })
}

/// The figures that are not of the services that count: who was left out, and the hospitals that no service covers.
pub(super) fn of_the_whole(inputs: &YearInputs, inclusion: &Inclusion) -> Values {
    let mut values = Values::new();
    if inclusion.included.is_empty() {
        return values;
    }
    let too_small = inclusion.excluded.iter().filter(|excluded| excluded.why == Exclusion::TooFewRecords).count();
    let count = |count: usize| real(i64::try_from(count).unwrap_or(i64::MAX));
    values.insert("inclusion.excluded_services".into(), plain(count(too_small)));
    let unmapped = count(inputs.data.cases.unmapped.len());
    let mapped: usize = inputs.data.cases.services.values().map(|caseload| caseload.hospitals.len()).sum();
    let all = unmapped + count(mapped);
    if all > 0.0 {
        let value = |value: f64| Value { value, numerator: Some(unmapped), denominator: Some(all), n: None };
        values.insert("nhfd.unmapped_hospitals".into(), value(unmapped));
        values.insert("nhfd.unmapped_hospitals_pct".into(), value(100.0 * unmapped / all));
    }
    values
}

/// What a year's method says of itself, where a report prints it.
pub(super) fn of_the_method(method: &Methodology) -> Values {
    let mut values = Values::new();
    let rule = &method.completeness;
    let mut say = |key: &str, value: f64| values.insert(key.to_owned(), plain(value));
    say("inclusion.min_records", real(method.inclusion.records_above));
    say("inclusion.age_min", f64::from(LEAST_AGE));
    say("kpi8.age_over", f64::from(TRAINING_AGE_OVER));
    say("kpi.count", real(i64::try_from(method.kpis.len()).unwrap_or(i64::MAX)));
    say("kpi1.live_kpis", real(rule.of));
    say("kpi1.rule.min_kpis_complete", real(rule.service_kpis_at_least));
    say("kpi1.rule.completion_threshold", rule.kpi_at_least);
    if let Some(share) = percentage(rule.service_kpis_at_least, real(rule.of)) {
        say("kpi1.rule.kpi_share_threshold", share);
    }
    say("kpi2.rule_of_5", real(method.caseload_multiplier));
    let edge = |kpi: i32, grade: Grade| {
        let band = method.kpi(kpi)?.bands.iter().find(|band| band.grade == grade)?;
        band.at_least.or(band.above)
    };
    for (key, kpi, grade) in [
        ("kpi2.target", 2, Grade::Green),
        ("kpi7.target", 7, Grade::Green),
        ("kpi9_11.target", 9, Grade::Green),
        ("map.green_min", 2, Grade::Green),
        ("map.red_max", 2, Grade::Amber),
    ] {
        if let Some(edge) = edge(kpi, grade) {
            say(key, edge);
        }
    }
    values
}
