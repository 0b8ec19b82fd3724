//! Texts with names and figures in them, in the language of the workbook. In English they are what the domain says, to
//! the letter; a test holds them to it.

use crate::domain::hundredths::thousands;
use crate::domain::round::Round;
use crate::domain::workforce::closing::NoCost;
use crate::domain::workforce::cost::{Costing, Unpriced};
use crate::domain::workforce::report::{GapReport, Shortage};
use crate::domain::workforce::standard::Role;
use crate::locales::{Value, Words};

/// "audit year 2021, the 2022 facilities audit, the January 2023 report"
pub(super) fn round_names(words: Words, round: &Round) -> String {
    let (year, audit) = (("year", round.year.to_string().into()), ("audit", round.facilities_audit.as_str().into()));
    match &round.report {
        Some(report) => words.with("book-names-and-report", &[year, audit, ("report", report.as_str().into())]),
        None => words.with("book-names", &[year, audit]),
    }
}

/// The sentence that every gap view opens with: what holds on either basis, and for how many services.
pub(super) fn statement(words: Words, report: &GapReport) -> String {
    let place = || {
        let place = report.area.as_ref().map_or("of this report", |_| "of this area");
        ("place", Value::from(words.said(place)))
    };
    let [Some(nurses), Some(administrators)] = Role::ALL.map(|role| report.shortage_on_every_reading(role)) else {
        return words.with("book-no-gap", &[place(), ("round", round_names(words, &report.round).into())]);
    };
    let (fewest, most) = nurses.services;
    let most_services = ("most", most.to_string().into());
    let subject = match (fewest, most) {
        (1, 1) => words.with("book-the-one-service", &[place()]),
        (fewest, most) if fewest == most => words.with("book-the-services", &[place(), most_services]),
        _ => {
            let services = [place(), most_services, ("fewest", fewest.to_string().into())];
            words.with("book-the-services-by-basis", &services)
        }
    };
    let roles = [(Role::Nurse, nurses), (Role::Administrator, administrators)];
    let short: Vec<String> = roles.iter().filter_map(|(role, shortage)| short_of(words, *role, shortage)).collect();
    let rest: Vec<String> = roles.iter().filter_map(|(role, shortage)| otherwise(words, *role, shortage)).collect();
    let subject = ("subject", subject.into());
    let (has_short, has_rest) = (!short.is_empty(), !rest.is_empty());
    let short = ("short", joined(words, "book-and", short).into());
    let rest = ("rest", joined(words, "book-and-also", rest).into());
    match (has_short, has_rest) {
        (true, false) => words.with("book-short", &[subject, short]),
        (true, true) => words.with("book-short-and-rest", &[subject, short, rest]),
        (false, _) => words.with("book-not-short", &[subject, rest]),
    }
}

/// "1.23 nurse WTE", where every reading gives a shortage.
fn short_of(words: Words, role: Role, shortage: &Shortage) -> Option<String> {
    let wte = format!("{:.2}", shortage.at_least()?);
    Some(words.with("book-wte-of", &[("wte", wte.into()), ("role", role.as_str().into())]))
}

/// What can be said where not every reading gives a shortage.
fn otherwise(words: Words, role: Role, shortage: &Shortage) -> Option<String> {
    let role = [("role", role.as_str().into())];
    match (shortage.at_least(), shortage.at_most > 0.0) {
        (Some(_), _) => None,
        (None, true) => Some(words.with("book-on-some-readings", &role)),
        (None, false) => Some(words.with("book-on-no-reading", &role)),
    }
}

/// One text, or two in one.
fn joined(words: Words, key: &str, texts: Vec<String>) -> String {
    let mut texts = texts.into_iter();
    match (texts.next(), texts.next()) {
        (Some(one), Some(other)) => words.with(key, &[("one", one.into()), ("other", other.into())]),
        (one, _) => one.unwrap_or_default(),
    }
}

/// What the prices assume, a sentence each. Sources and rules are in the words of the pay files.
pub(super) fn price_notes(words: Words, costing: &Costing) -> Vec<String> {
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
pub(super) fn why_no_cost(words: Words, why: &NoCost) -> String {
    match why {
        NoCost::Unpriced(why) => words.with("book-not-priced", &[("why", unpriced(words, why).into())]),
        NoCost::NoGap(_) | NoCost::NoService => words.said(&why.words()).into_owned(),
    }
}

/// "KPI 4: Assessment within 90 days"; the names of the KPIs themselves are those of the method.
pub(super) fn kpi_name(words: Words, number: i32, name: &str) -> String {
    words.with("book-kpi", &[("number", number.to_string().into()), ("name", words.said(name).into())])
}
