//! What closing the gap may bring, on the page of costs: published coefficients, shown where they are asked for.

use serde::Serialize;

use super::query::{Asked, given};
use crate::app::error::InputProblem;
use crate::domain::workforce::benefit::{Applied, Benefit, BenefitChoice, BenefitModel, BenefitReport, Effect};
use crate::domain::workforce::closing::Ends;
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::standard::Basis;
use crate::formats::display::people;
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::forms::Posted;
use crate::web::kpis::{Field, select};

/// What begins the name of a coefficient's field.
pub(in crate::web) const COEFFICIENT: &str = "coefficient-";

/// Reads what is asked for: a model, and coefficients of the reader's own. Those that are no numbers are named.
pub(in crate::web) fn read(form: &Posted) -> Result<Option<BenefitChoice>, Vec<InputProblem>> {
    let Some(model) = given(form, "benefit") else { return Ok(None) };
    let mut problems = Vec::new();
    let mut own = Vec::new();
    for (name, typed) in form.fields() {
        let typed = typed.trim();
        let Some(key) = name.strip_prefix(COEFFICIENT).filter(|_| !typed.is_empty()) else { continue };
        if let Ok(value) = typed.replace(',', "").parse::<f64>() {
            own.push((key.to_owned(), value));
        } else {
            let message = format!("{typed:?} is not a coefficient. Write it as a number, such as 18.");
            problems.push(InputProblem::new(name, "not_a_number", message));
        }
    }
    if problems.is_empty() { Ok(Some(BenefitChoice { model: model.to_owned(), own })) } else { Err(problems) }
}

/// The choice of a model.
pub(in crate::web) fn field(models: &[BenefitModel], now: &str) -> Field {
    let mut choices = vec![(String::new(), "None shown".to_owned())];
    choices.extend(models.iter().map(|model| (model.id.clone(), model.name.clone())));
    select("benefit", "Benefits", choices, now)
}

/// A coefficient of the page, which can be changed.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    name: String,
    note: String,
    value: String,
    is_own: bool,
    comes_to: Vec<String>,
}

/// The part of the page.
#[derive(Debug, Serialize)]
pub(super) struct BenefitView {
    name: String,
    per: &'static str,
    source: String,
    range: String,
    caution: String,
    bases: Vec<&'static str>,
    lines: Vec<Line>,
    applied: Vec<String>,
    file: String,
}

fn comes_to(effect: &Effect, ends: Option<Ends<f64>>) -> String {
    let Some(ends) = ends else { return "not known".to_owned() };
    let (low, high) = (effect.shown(ends.low), effect.shown(ends.high));
    if low == high { low } else { format!("{low} to {high}") }
}

fn applied_words(applied: &Applied) -> String {
    let basis = applied.basis.in_a_sentence();
    let cases = match applied.patients {
        Some(all) => format!(
            "{} to {} more expected cases in services staffed for them (expected cases × the share of need that nobody is \
             in post for, n = {} services)",
            people(all.low),
            people(all.high),
            applied.services
        ),
        None => "no service whose gap and expected cases are both known".to_owned(),
    };
    let money = applied.millions.map_or_else(
        || "no cost".to_owned(),
        |cost| Ends { low: Pounds(cost.low * 1e6), high: Pounds(cost.high * 1e6) }.shown(),
    );
    format!("On the {basis}: {cases}; {money} a year.")
}

impl BenefitView {
    /// What is shown of a report.
    pub(super) fn new(report: &BenefitReport, file: String) -> Self {
        let model = &report.model;
        let line = |benefit: &Benefit| Line {
            id: format!("{COEFFICIENT}{}", benefit.effect.key),
            name: benefit.effect.name.clone(),
            note: benefit.effect.note.clone(),
            value: benefit.effect.value.to_string(),
            is_own: benefit.is_own,
            comes_to: benefit.comes_to.map(|ends| comes_to(&benefit.effect, ends)).into(),
        };
        Self {
            name: model.name.clone(),
            per: model.per.words(),
            source: model.source.clone(),
            range: model.range.clone(),
            caution: model.caution.clone(),
            bases: Basis::ALL.map(Basis::label).into(),
            lines: report.benefits.iter().map(line).collect(),
            applied: report.applied.iter().map(applied_words).collect(),
            file,
        }
    }
}

/// The address of the file, with the coefficients that are the reader's own.
pub(super) fn address(asked: &Asked, path: &str, choice: &BenefitChoice) -> String {
    let own: Vec<(String, String)> =
        choice.own.iter().map(|(key, value)| (format!("{COEFFICIENT}{key}"), value.to_string())).collect();
    let mut fields = vec![("benefit", choice.model.as_str())];
    fields.extend(own.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    asked.address(path, &fields)
}

/// The benefits as a file.
pub(super) fn table(report: &BenefitReport, year: i32, synthetic: bool) -> Table {
    let number = |value: Option<f64>| Cell::number(value, |value| value.to_string());
    let mut rows = Vec::new();
    for benefit in &report.benefits {
        for (applied, ends) in report.applied.iter().zip(benefit.comes_to) {
            let cells = vec![
                Cell::text(&benefit.effect.key),
                Cell::text(&benefit.effect.name),
                Cell::text(applied.basis.as_str()),
                number(Some(benefit.effect.value)),
                Cell::text(report.model.per.words()),
                Cell::text(if benefit.is_own { "reader" } else { "published" }),
                number(ends.map(|ends| ends.low)),
                number(ends.map(|ends| ends.high)),
                number(applied.patients.map(|all| all.low)),
                number(applied.patients.map(|all| all.high)),
                Cell::text(&report.model.source),
                Cell::text(&report.model.range),
                Cell::text(&report.model.caution),
                Cell::text(year.to_string()),
                Cell::text(if synthetic { "synthetic" } else { "" }),
            ];
            rows.push(TableRow { cells, own: false });
        }
    }
    let keys = [
        "effect",
        "name",
        "basis",
        "coefficient",
        "per",
        "whose",
        "low",
        "high",
        "cases_low",
        "cases_high",
        "source",
        "range",
        "caution",
        "year",
        "synthetic",
    ];
    Table {
        caption: "What closing the gap may bring".into(),
        columns: keys.map(|key| Column::text(key, key)).into(),
        rows,
    }
}
