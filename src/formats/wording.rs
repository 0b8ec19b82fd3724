//! Texts with names and figures in them, in the language of whoever reads them. In English they are what the domain says, to
//! the letter; a test holds them to it.

use crate::domain::association::AnalysisPlan;
use crate::domain::hundredths::thousands;
use crate::domain::report::Phrase;
use crate::domain::round::Round;
use crate::domain::workforce::closing::NoCost;
use crate::domain::workforce::cost::{Costing, Unpriced};
use crate::domain::workforce::report::{GapReport, Shortage};
use crate::domain::workforce::standard::Role;
use crate::locales::{Value, Words};

/// "audit year 2021, the 2022 facilities audit, the January 2023 report"
pub fn round_names(round: &Round) -> Phrase {
    let names = Phrase::new(if round.report.is_some() { "book-names-and-report" } else { "book-names" })
        .text("year", round.year.to_string())
        .text("audit", round.facilities_audit.as_str());
    match &round.report {
        Some(report) => names.text("report", report.as_str()),
        None => names,
    }
}

/// "associations_2022, version 1 of 1 March 2024"
pub fn plan(plan: &AnalysisPlan) -> Phrase {
    Phrase::new("book-plan")
        .text("id", plan.id.as_str())
        .text("version", plan.version.to_string())
        .day("day", plan.date)
}

/// The sentence that every gap view opens with: what holds on either basis, and for how many services.
pub fn statement(report: &GapReport) -> Phrase {
    let place = if report.area.is_some() { "of this area" } else { "of this report" };
    let [Some(nurses), Some(administrators)] = Role::ALL.map(|role| report.shortage_on_every_reading(role)) else {
        return Phrase::new("book-no-gap").named("place", place).part("round", round_names(&report.round));
    };
    let (fewest, most) = nurses.services;
    let services = |key| Phrase::new(key).named("place", place).text("most", most.to_string());
    let subject = match (fewest, most) {
        (1, 1) => services("book-the-one-service"),
        (fewest, most) if fewest == most => services("book-the-services"),
        _ => services("book-the-services-by-basis").text("fewest", fewest.to_string()),
    };
    let roles = [(Role::Nurse, nurses), (Role::Administrator, administrators)];
    let short = roles.iter().filter_map(|(role, shortage)| short_of(*role, shortage)).collect();
    let rest = roles.iter().filter_map(|(role, shortage)| otherwise(*role, shortage)).collect();
    match (joined("book-and", short), joined("book-and-also", rest)) {
        (Some(short), None) => Phrase::new("book-short").part("subject", subject).part("short", short),
        (Some(short), Some(rest)) => {
            Phrase::new("book-short-and-rest").part("subject", subject).part("short", short).part("rest", rest)
        }
        (None, Some(rest)) => Phrase::new("book-not-short").part("subject", subject).part("rest", rest),
        // Of each role one or the other can be said.
        (None, None) => Phrase::new("book-not-short").part("subject", subject).text("rest", ""),
    }
}

/// "1.23 nurse WTE", where every reading gives a shortage.
fn short_of(role: Role, shortage: &Shortage) -> Option<Phrase> {
    let wte = format!("{:.2}", shortage.at_least()?);
    Some(Phrase::new("book-wte-of").text("wte", wte).text("role", role.as_str()))
}

/// What can be said where not every reading gives a shortage.
fn otherwise(role: Role, shortage: &Shortage) -> Option<Phrase> {
    let key = match (shortage.at_least(), shortage.at_most > 0.0) {
        (Some(_), _) => return None,
        (None, true) => "book-on-some-readings",
        (None, false) => "book-on-no-reading",
    };
    Some(Phrase::new(key).text("role", role.as_str()))
}

/// One phrase, or two in one.
fn joined(key: &'static str, phrases: Vec<Phrase>) -> Option<Phrase> {
    let mut phrases = phrases.into_iter();
    let (one, other) = (phrases.next()?, phrases.next());
    Some(match other {
        Some(other) => Phrase::new(key).part("one", one).part("other", other),
        None => one,
    })
}

/// What the prices assume, a sentence each. Sources and rules are in the words of the pay files.
pub fn price_notes(words: Words, costing: &Costing) -> Vec<String> {
    let mut notes: Vec<String> = Role::ALL.into_iter().map(|role| price_note(words, costing, role)).collect();
    let source = if costing.on_cost_is_assumed {
        costing.on_cost_source.as_str().into()
    } else {
        words.said("The reader’s own figure.")
    };
    let multiplier = costing.on_cost.to_string();
    notes.push(words.with("book-on-costs", &[("multiplier", multiplier.into()), ("source", source.into())]));
    let supplement = &costing.supplement;
    let stated = [("name", supplement.name.as_str().into()), ("source", supplement.source.as_str().into())];
    notes.push(words.with("book-supplement", &stated));
    notes
}

fn price_note(words: Words, costing: &Costing, role: Role) -> String {
    let band = costing.band(role);
    let of = [("role", Value::from(role.as_str())), ("band", Value::from(band))];
    match (costing.cost_of(role), costing.point(band)) {
        (Ok(cost), Ok(point)) => {
            let priced = [
                ("cost", cost.shown().into()),
                ("pay", thousands(point.planning_gbp).into()),
                ("year", costing.pay_year.as_str().into()),
                ("rule", point.planning_rule.as_str().into()),
                ("source", point.source.as_str().into()),
            ];
            words.with("book-price", &of.into_iter().chain(priced).collect::<Vec<_>>())
        }
        (Err(why), _) | (_, Err(why)) => {
            let [role, band] = of;
            words.with("book-unpriced", &[role, band, ("why", unpriced(words, &why).into())])
        }
    }
}

fn unpriced(words: Words, why: &Unpriced) -> String {
    match why {
        Unpriced::Year { pay_year } => words.with("book-no-pay-year", &[("year", pay_year.as_str().into())]),
        Unpriced::Band { pay_year, band } => {
            words.with("book-no-pay-band", &[("year", pay_year.as_str().into()), ("band", band.as_str().into())])
        }
    }
}

/// Why closing a gap has no cost.
pub fn why_no_cost(words: Words, why: &NoCost) -> String {
    match why {
        NoCost::Unpriced(why) => words.with("book-not-priced", &[("why", unpriced(words, why).into())]),
        NoCost::NoGap(_) | NoCost::NoService => words.said(&why.words()).into_owned(),
    }
}

/// "KPI 4: Assessment within 90 days"; the names of the KPIs themselves are those of the method.
pub fn kpi_name(words: Words, number: i32, name: &str) -> String {
    words.with("book-kpi", &[("number", number.to_string().into()), ("name", words.said(name).into())])
}
