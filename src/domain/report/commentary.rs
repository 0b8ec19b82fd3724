//! The commentary: sentences that follow from the figures, true whatever these are, and silent where they rest on too few
//! services.

use super::{NationalReport, Phrase};
use crate::domain::findings::{Value, YearFindings};
use crate::domain::hundredths::thousands;
use crate::domain::kpi::benchmark::Summary;

/// With fewer services than this nothing is said of how services lie to each other, nor of a change: ours.
pub const FEWEST: usize = 10;

/// A percentage as sentences print it.
fn percent(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{rounded:.1}%")
}

#[expect(clippy::cast_possible_truncation, reason = "counts of people and services are far below 2^53")]
fn whole(value: f64) -> String {
    thousands(value.round() as i64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of services")]
fn services(value: f64) -> usize {
    value.round().max(0.0) as usize
}

/// Who took part.
pub fn participation(report: &NationalReport) -> Vec<Phrase> {
    let findings = &report.findings;
    let mut said = Vec::new();
    for year in findings.before.iter().chain([&findings.now]) {
        let records = year.values.get("records.total").map_or_else(|| "–".to_owned(), |value| whole(value.value));
        said.push(
            Phrase::new("report-took-part")
                .text("year", year.year.to_string())
                .count("clinical", year.clinical.len())
                .text("records", records)
                .count("facilities", year.facilities.len())
                .count("linked", year.linked()),
        );
    }
    if let Some((clinical, facilities)) = findings.matched_services() {
        said.push(Phrase::new("report-matched").count("clinical", clinical).count("facilities", facilities));
    }
    let unmapped = |key: &str| findings.now.values.get(key).map(|value| value.value);
    if let (Some(hospitals), Some(share)) =
        (unmapped("nhfd.unmapped_hospitals"), unmapped("nhfd.unmapped_hospitals_pct"))
    {
        said.push(
            Phrase::new("report-unmapped")
                .text("year", findings.now.year.to_string())
                .count("hospitals", services(hospitals))
                .text("percent", percent(share)),
        );
    }
    said
}

fn summary_of(year: &YearFindings, kpi: i32) -> Option<&Summary> {
    year.kpis.iter().find(|line| line.kpi == kpi).map(|line| &line.all)
}

/// What a KPI came to, what it was before, and how services lie to each other.
pub fn kpi(report: &NationalReport, kpi: i32) -> Vec<Phrase> {
    let findings = &report.findings;
    let Some(line) = findings.now.kpis.iter().find(|line| line.kpi == kpi) else { return Vec::new() };
    let all = &line.all;
    let (Some(now), Some(numerator), Some(denominator)) =
        (all.figure.percent, all.figure.numerator, all.figure.denominator)
    else {
        return vec![Phrase::new("report-kpi-no-data").text("kpi", kpi.to_string()).named("name", &line.name)];
    };
    let mut said = vec![
        Phrase::new(if kpi == 1 { "report-kpi-1" } else { "report-kpi" })
            .text("kpi", kpi.to_string())
            .named("name", &line.name)
            .text("percent", percent(now))
            .text("numerator", thousands(numerator))
            .text("denominator", whole(denominator))
            .text("year", findings.now.year.to_string())
            .count("n", all.n),
    ];
    let before = findings.before.as_ref();
    if let Some((year, summary)) = before.and_then(|before| Some((before.year, summary_of(before, kpi)?)))
        && let Some(then) = summary.figure.percent
    {
        said.push(
            Phrase::new("report-kpi-before")
                .text("year", year.to_string())
                .text("percent", percent(then))
                .count("n", summary.n),
        );
        let matched = |of: &YearFindings| of.kpis.iter().find(|line| line.kpi == kpi)?.matched.clone();
        let both = before.and_then(matched).zip(matched(&findings.now));
        if let Some((then, now)) = both.filter(|(then, now)| then.n.min(now.n) >= FEWEST && kpi != 1)
            && let (Some(from), Some(to)) = (then.figure.percent, now.figure.percent)
        {
            said.push(
                Phrase::new("report-kpi-matched")
                    .count("n", now.services)
                    .text("from", percent(from))
                    .text("to", percent(to)),
            );
        }
    }
    if all.n >= FEWEST
        && kpi != 1
        && let (Some(low), Some(first), Some(third), Some(high)) =
            (all.minimum, all.lower_quartile, all.upper_quartile, all.maximum)
    {
        said.push(
            Phrase::new("report-kpi-spread")
                .text("first", percent(first))
                .text("third", percent(third))
                .text("low", percent(low))
                .text("high", percent(high)),
        );
    }
    said
}

/// A finding that is a count out of services.
fn share(value: Option<&Value>) -> Option<(usize, usize, String)> {
    let value = value?;
    let (above, under) = (value.numerator?, value.denominator.filter(|under| *under > 0.0)?);
    Some((services(above), services(under), percent(100.0 * above / under)))
}

/// Sentences of the form "x of n services (p %)": message, finding.
const SHARES: &[(&str, &str)] = &[
    ("report-share-setting-acute", "fac.setting.acute"),
    ("report-share-prescribes", "fac.prescribes"),
    ("report-share-monitoring", "fac.monitoring.services"),
    ("report-share-adherence", "fac.monitoring.scope_adherence"),
    ("report-share-governance", "fac.governance.6_weeks"),
    ("report-share-no-governance", "fac.governance.none.n"),
    ("report-share-patients", "fac.governance.patient_rep"),
    ("report-share-survey", "fac.survey"),
    ("report-share-vacancy", "fac.vacancy_over_6m"),
];

/// What the facilities audit found, a sentence a finding.
pub fn facilities(report: &NationalReport) -> Vec<Phrase> {
    let values = &report.findings.now.values;
    let said = SHARES.iter().filter_map(|(key, finding)| {
        let (yes, of, percent) = share(values.get(*finding))?;
        (of >= FEWEST).then(|| Phrase::new(key).count("yes", yes).count("of", of).text("percent", percent))
    });
    said.collect()
}

/// How many services reach the targets of the 80/50/80 model.
pub fn targets(report: &NationalReport) -> Vec<Phrase> {
    let values = &report.findings.now.values;
    let targets = [
        ("report-target-2", "kpi2.services_over_80pct.n"),
        ("report-target-3", "kpi3.services_at_least_50pct.n"),
        ("report-target-7", "kpi7.services_at_least_50pct.n"),
        ("report-target-11", "kpi11.services_over_50pct.n"),
    ];
    let said = targets.iter().filter_map(|(key, finding)| {
        let (yes, of, percent) = share(values.get(*finding))?;
        (of >= FEWEST).then(|| Phrase::new(key).count("yes", yes).count("of", of).text("percent", percent))
    });
    said.collect()
}

/// How many people were never seen, of how many that were expected.
pub fn never_seen(report: &NationalReport) -> Option<Phrase> {
    let people = report.cascade.never_seen().filter(|people| *people > 0)?;
    let mut said = Phrase::new("report-never-seen")
        .text("year", report.findings.now.year.to_string())
        .text("people", thousands(people));
    let uncovered = report.cascade.unmapped_expected.unwrap_or_default();
    said = said.text("uncovered", thousands(uncovered)).count("hospitals", report.cascade.unmapped.len());
    Some(said)
}
