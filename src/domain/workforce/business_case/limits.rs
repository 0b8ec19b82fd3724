//! What a business case says beside its figures: benefits where they are asked for, risks, evidence and recommendations.

use std::collections::BTreeSet;

use super::super::benefit::BenefitReport;
use super::super::gap::{GapRow, Position};
use super::super::standard::Role;
use super::{CaseInputs, CaseUnit, Said};
use crate::domain::association::pair::Flag;
use crate::domain::association::words::{STANDING, cautions, sensitivity, sentence};
use crate::domain::feedback::recommendations::{SOURCE, words};
use crate::domain::questionnaire::facts::Fact;

/// What it may bring: nothing unless the reader asks, and then other people's figures alone.
pub(super) fn benefit(report: Option<&BenefitReport>) -> Vec<Said> {
    let Some(report) = report else {
        return vec![Said::new(
            "No benefit is claimed here. Published coefficients can be laid beside the cost by whoever asks for them; \
             nothing in this audit shows that posts bring them.",
        )];
    };
    let model = &report.model;
    let mut said = vec![Said::from(format!(
        "These are other people’s figures, laid beside the cost because they were asked for; nothing in this audit shows \
         that posts bring them. {}.",
        model.name
    ))];
    for benefit in &report.benefits {
        let whose = if benefit.is_own { "the reader’s own coefficient" } else { "the published coefficient" };
        for (applied, ends) in report.applied.iter().zip(benefit.comes_to) {
            let begun = format!("{} ({whose}), on the {}: ", benefit.effect.name, applied.basis.in_a_sentence());
            let Some(ends) = ends else {
                said.push(Said::new(&begun).words("not known, since there is nothing to apply it to."));
                continue;
            };
            let key = |end: &str| format!("benefit.{}.{}.{end}", benefit.effect.key, applied.basis.as_str());
            let shown = |value| benefit.effect.shown(value);
            let one = Said::new(&begun).figure_as(CaseUnit::Amount, &key("low"), ends.low, shown(ends.low));
            let two = one.words(" to ").figure_as(CaseUnit::Amount, &key("high"), ends.high, shown(ends.high));
            said.push(two.words(", for closing the gap to the lowest and to the highest need."));
        }
    }
    said.push(Said::from(format!("Range: {}", model.range)));
    said.push(Said::from(format!("Source: {}", model.source)));
    said.push(Said::from(format!("To be kept in mind: {}", model.caution)));
    said
}

/// What may go wrong, as far as the figures tell.
pub(super) fn risks(inputs: &CaseInputs<'_>, rows: &[&GapRow]) -> Vec<Said> {
    let Some(row) = rows.first() else { return Vec::new() };
    let mut said = Vec::new();
    if inputs.long_vacancy == Some(&Fact::Flag(true)) {
        said.push(Said::new(
            "Recruitment: a post was vacant for more than six months, so money alone may not put somebody in it.",
        ));
    }
    for role in Role::ALL {
        let Some(vacant) = row.role(role).vacant.filter(|vacant| *vacant > 0.0) else { continue };
        said.push(
            Said::new("Recruitment: new posts would look for the same people as the ")
                .figure(CaseUnit::Wte, &format!("staff.{}.vacant", role.as_str()), vacant)
                .words(&format!(" {} WTE that stand vacant now.", role.as_str())),
        );
    }
    let costs: Vec<_> = inputs.costs.rows().filter_map(|(row, closing)| Some((row.basis, closing.total()?))).collect();
    if let [(first, one), (second, two)] = costs.as_slice() {
        let key = |end: &str, basis: &super::Basis| format!("option.close_{end}.{}.cost", basis.as_str());
        said.push(
            Said::new("Size: to the lowest need the gap costs ")
                .figure(CaseUnit::Pounds, &key("low", first), one.low.0)
                .words(&format!(" a year on the {} and ", first.in_a_sentence()))
                .figure(CaseUnit::Pounds, &key("low", second), two.low.0)
                .words(&format!(
                    " on the {}; which is nearer the truth is not known, so a plan that holds on both is the safer one.",
                    second.in_a_sentence()
                )),
        );
    }
    if rows.iter().any(|row| row.population.as_ref().is_some_and(|people| people.estimated_with.is_some())) {
        said.push(Said::new(
            "Data: the population aged 50 and over is an estimate from the share of the host area; the service’s own may \
             differ.",
        ));
    }
    said.push(Said::new(if inputs.costs.costing.on_cost_is_assumed {
        "Price: on-costs are assumed, and pay is of one pay year; a post is paid every year, and pay rises."
    } else {
        "Price: on-costs are the reader’s own, and pay is of one pay year; a post is paid every year, and pay rises."
    }));
    said.push(Said::new(
        "Capacity elsewhere: more cases found need bone density scans, clinics and consultant time, for which there is no \
         stated norm and no figure here.",
    ));
    said.push(Said::new("Doing nothing: the gap stays as it is, and the need grows with the number of older people."));
    said
}

/// What the figures rest on, what the associations say, and what neither can.
pub(super) fn evidence(inputs: &CaseInputs<'_>) -> Vec<Said> {
    let standard = &inputs.costs.gaps.standard;
    let source = format!("Standard: {}. {}.", standard.name, standard.source.trim_end_matches('.'));
    let mut said = vec![Said::from(source)];
    said.push(Said::from(format!("{} {}", standard.basis_words(), standard.basis_note).trim_end().to_owned()));
    if !standard.not_known.is_empty() {
        said.push(Said::from(format!("Not known of the standard: {}.", standard.not_known.join("; "))));
    }
    said.extend(inputs.costs.costing.notes().into_iter().map(Said::from));
    if !inputs.associations.is_empty() {
        said.push(Said::from(format!(
            "What nurse time has to do with each KPI over all services, and not in this one alone. {STANDING}"
        )));
        said.extend(inputs.associations.iter().map(|(about, found)| association(about, found)));
        let staffing_as_at = inputs.costs.gaps.round.staffing_as_at;
        let mut known = BTreeSet::new();
        for (about, found) in inputs.associations {
            let flips = found.has(Flag::FlipsWithoutLargest) || found.has(Flag::FlipsInModel);
            let of_kpi = |words: String| format!("KPI {}: {words}", found.kpi);
            let mut all = cautions(found, about, staffing_as_at);
            all.extend(sensitivity(found).into_iter().filter(|_| flips).map(of_kpi));
            // What holds of several is said once.
            said.extend(all.into_iter().filter(|words| known.insert(words.clone())).map(Said::from));
        }
    }
    said.push(Said::new(
        "What this cannot say: what the KPIs of this service would be with more staff. No study that was read gives the \
         effect of a service’s nurse time, vacancies or governance on these KPIs, and an association between services is \
         none.",
    ));
    said
}

/// An association in its own words, with its figures.
#[expect(clippy::cast_precision_loss, reason = "numbers of services")]
fn association(about: &super::Subject<'_>, found: &super::Association) -> Said {
    use super::CaseFact;
    let mut said = Said::from(sentence(found, about));
    let mut fact = |what: &str, unit: CaseUnit, value: Option<f64>| {
        said.facts.extend(value.map(|value| CaseFact {
            key: format!("association.kpi_{}.{what}", found.kpi),
            value,
            unit,
            shown: value.to_string(),
        }));
    };
    let tested = found.estimate().map(|estimate| estimate.tested);
    let interval = tested.and_then(|tested| tested.effect.interval);
    fact("n", CaseUnit::Count, Some(found.n as f64));
    fact("size", CaseUnit::Amount, tested.map(|tested| tested.effect.value));
    fact("interval.low", CaseUnit::Amount, interval.map(|[low, _]| low));
    fact("interval.high", CaseUnit::Amount, interval.map(|[_, high]| high));
    fact("p", CaseUnit::Amount, tested.map(|tested| tested.p));
    fact("q", CaseUnit::Amount, found.q);
    said
}

/// The recommendations of the report that a case answers: 11 is for services, 12 and 13 for those who decide.
pub(super) fn recommendations(rows: &[&GapRow]) -> Vec<Said> {
    let below = |role: Role| !rows.is_empty() && rows.iter().all(|row| row.role(role).position == Position::Below);
    let called: Vec<&str> = Role::ALL.into_iter().filter(|role| below(*role)).map(Role::plural).collect();
    let eleven = if called.is_empty() {
        "This paper is a draft of that case; on these figures staffing is not below the recommended range on both \
         populations, or that is not known."
            .to_owned()
    } else {
        format!(
            "This paper is a draft of that case: {} are below the recommended range on both populations.",
            called.join(" and ")
        )
    };
    let said = [
        ("11", words(11), eleven.as_str()),
        ("12", words(12), "The options and what each costs are what such a meeting would choose between."),
        (
            "13",
            words(13),
            "The figures here come from that audit, so they are there again next year to check the plan by.",
        ),
    ];
    let mut all: Vec<Said> = said
        .into_iter()
        .map(|(number, gist, here)| Said::from(format!("Recommendation {number}: {gist} {here}")))
        .collect();
    all.push(Said::from(format!("From the {SOURCE}, in our own words.")));
    all
}
