//! Staffing, vacancies, governance and monitoring beside the KPIs: the grid of all pairs, a page a pair, and the data
//! behind both.
//!
//! Sentences are those of the domain ([`crate::domain::association::words`]); a page only says where they stand.

mod files;
mod grid;
mod pair;
mod query;

use serde::Serialize;

use self::query::Asked;
use super::kpis::{Field, area_field, quoted_words, select, setting_field, size_field, year_field};
use crate::app::associations::AssociationReport;
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::association::{Covariate, Design};
use crate::domain::round::Round;

pub(super) use self::files::{codebook_csv, data_csv, grid_csv, model_input, pair_csv, picture, r_labels, test_input};
pub(super) use self::grid::show as show_grid;
pub(super) use self::pair::show as show_pair;

/// The covariates that the form offers: those of which every service has one.
const OFFERED: [&str; 6] =
    ["records", "setting", "contract", "nurse_wte_per_1000_cases", "governance_frequency", "vacancy_over_6_months"];

/// A box of the form.
#[derive(Debug, Serialize)]
struct Offer {
    value: &'static str,
    text: &'static str,
    checked: bool,
}

/// The form over both pages.
#[derive(Debug, Serialize)]
struct FormView {
    action: String,
    fields: Vec<Field>,
    covariates: Vec<Offer>,
    cut: String,
    plan: String,
    /// Some covariate is chosen.
    adjusted: bool,
}

fn form(app: &App, who: &Principal, asked: &Asked, rounds: &[Round], action: String) -> Result<FormView, AppError> {
    let query = &asked.query;
    let mut since = vec![(String::new(), "One year by itself".to_owned())];
    let earlier = rounds.iter().rev().filter(|round| round.year < query.year);
    since.extend(earlier.map(|round| (round.year.to_string(), format!("Change since {}", round.year))));
    let fields = vec![
        year_field(rounds, query.year),
        select("since", "Compare", since, &query.since.map(|year| year.to_string()).unwrap_or_default()),
        area_field(app, who, query.area.as_deref())?,
        setting_field(query.setting.as_deref()),
        size_field(query.size),
        Field::text("service", "Ring a service (its code)", asked.service.clone().unwrap_or_default()),
    ];
    let offer = |key: &'static str| Offer {
        value: key,
        text: Covariate::of_key(key).map_or(key, Covariate::name),
        checked: query.covariates.iter().any(|chosen| chosen == key),
    };
    Ok(FormView {
        action,
        fields,
        covariates: OFFERED.map(offer).into(),
        cut: query.cut.clone().unwrap_or_default(),
        plan: query.plan.clone().unwrap_or_default(),
        adjusted: !query.covariates.is_empty(),
    })
}

/// What results were worked out from, and by which plan.
fn notes(report: &AssociationReport) -> Vec<String> {
    let mut notes = quoted_words(&report.quoted);
    notes.insert(0, format!("Analysis plan: {} ({}).", report.plan.name, report.plan.quoted()));
    notes.extend(report.plan.notes.iter().cloned());
    notes
}

/// What is laid side by side, as the line over the heading.
fn design_words(report: &AssociationReport) -> String {
    match report.data.design {
        Design::Change { since } => format!("Changes from audit year {since} to {}", report.data.year),
        Design::OneRound | Design::Earlier { .. } => format!("Audit year {}", report.data.year),
    }
}

/// Services that are left out, by reason.
#[derive(Debug, Serialize)]
struct LeftOut {
    n: usize,
    words: String,
    services: String,
}

fn left_out(report: &AssociationReport, dropped: &[crate::domain::association::Dropped]) -> Vec<LeftOut> {
    let mut by_reason: std::collections::BTreeMap<_, Vec<&str>> = std::collections::BTreeMap::new();
    for dropped in dropped {
        by_reason.entry(dropped.why).or_default().push(&dropped.service);
    }
    let line = |(why, services): (crate::domain::association::Why, Vec<&str>)| {
        let named: Vec<&str> = services.iter().copied().filter(|code| report.seen.may_name(code)).take(40).collect();
        let more = services.len() - named.len();
        let more = if more > 0 && !named.is_empty() { format!(" and {more} more") } else { String::new() };
        LeftOut {
            n: services.len(),
            words: why.words(&report.plan),
            services: if named.is_empty() { String::new() } else { format!("{}{more}", named.join(", ")) },
        }
    };
    by_reason.into_iter().map(line).collect()
}
