//! The feedback as tables of words, for the workbook.

use super::Feedback;
use crate::domain::feedback::recommendations;
use crate::domain::workforce::gap::{GapRow, RoleGap};
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::standard::Basis;
use crate::formats::display::{day, people, wte_range};
use crate::formats::workbook::{FeedbackSheet, FeedbackTable};
use crate::store::action_plans::ActionPlan;

impl Feedback {
    /// Its tables.
    pub fn sheet(&self, synthetic: bool) -> FeedbackSheet {
        let (service, round) = (&self.view.service, &self.view.round);
        let tables = [self.gap_table(), self.place_table(), self.change_table(), self.kpi_table(), self.plan_table()];
        FeedbackSheet {
            title: format!("Feedback for {} {}", service.code, service.name),
            round: format!("Round: {}.", round.names()),
            statement: self.statement.clone(),
            synthetic,
            tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        }
    }

    fn gap_table(&self) -> FeedbackTable {
        let range = |low: Option<f64>, high: Option<f64>| {
            low.zip(high).map_or_else(|| "not known".into(), |(low, high)| wte_range(low, high))
        };
        let row = |row: &GapRow, name: &str, gap: &RoleGap| {
            let basis = match row.basis {
                Basis::AsReported => "As reported (all ages)",
                Basis::Aged50Plus => "Aged 50 and over",
            };
            let population = row.population.as_ref().map_or_else(
                || row.status.label().to_owned(),
                |population| {
                    let estimated = if population.estimated_with.is_some() { " (estimated)" } else { "" };
                    format!("{}{estimated}", people(population.people))
                },
            );
            vec![
                format!("{basis}: {population}"),
                name.to_owned(),
                gap.in_post.map_or_else(|| "not known".into(), display_wte),
                range(gap.need_low, gap.need_high),
                range(gap.gap_low, gap.gap_high),
            ]
        };
        let rows = self
            .gaps
            .iter()
            .flat_map(|gap| [row(gap, "Nurses", &gap.nurses), row(gap, "Administrators", &gap.administrators)]);
        FeedbackTable {
            title: "Staffing against the recommendation, WTE".into(),
            headers: vec!["Population", "Role", "In post", "Need", "Short of"],
            rows: rows.collect(),
        }
    }

    fn place_table(&self) -> FeedbackTable {
        let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
        let places = self.comparison.iter().flat_map(|found| &found.places);
        FeedbackTable {
            title: "Among like services (same setting, same third by population)".into(),
            headers: vec!["Measure", "Yours", "Median", "Place, 1 the highest", "n"],
            rows: places
                .map(|place| {
                    vec![
                        place.measure.words().to_owned(),
                        figure(place.own),
                        figure(place.median),
                        place.place.map_or_else(|| "–".into(), |at| at.to_string()),
                        place.n.to_string(),
                    ]
                })
                .collect(),
        }
    }

    fn change_table(&self) -> FeedbackTable {
        FeedbackTable {
            title: format!("Since {}", self.previous_year.map_or_else(|| "last year".into(), |year| year.to_string())),
            headers: vec!["Fact", "Before", "Now"],
            rows: self
                .changes
                .iter()
                .map(|change| vec![change.fact.to_owned(), change.before.clone(), change.now.clone()])
                .collect(),
        }
    }

    fn kpi_table(&self) -> FeedbackTable {
        let Some((year, kpis)) = &self.kpis else { return FeedbackTable::default() };
        let percent =
            |percent: Option<f64>| percent.map_or_else(|| "no data".into(), |percent| format!("{percent:.1}%"));
        FeedbackTable {
            title: format!("KPIs of {year}"),
            headers: vec!["KPI", "Yours", "Numerator", "Denominator", "National", "n"],
            rows: kpis
                .kpis
                .iter()
                .map(|kpi| {
                    vec![
                        format!("{} {}", kpi.kpi.kpi, kpi.kpi.name),
                        percent(kpi.figure.percent),
                        kpi.figure.numerator.map(|n| n.to_string()).unwrap_or_default(),
                        kpi.figure.denominator.map(people).unwrap_or_default(),
                        percent(kpi.national.figure.percent),
                        kpi.national.n.to_string(),
                    ]
                })
                .collect(),
        }
    }

    fn plan_table(&self) -> FeedbackTable {
        let said = |plan: &ActionPlan| format!("{} ({})", plan.what, plan.owner);
        FeedbackTable {
            title: format!("Recommendations that are called for ({})", recommendations::SOURCE),
            headers: vec!["Recommendation", "Called for by", "Action", "Owner", "By", "Before, you said"],
            rows: self
                .recommendations
                .iter()
                .map(|line| {
                    let plan = line.plan.as_ref();
                    vec![
                        format!("{}. {}", line.number, recommendations::words(line.number)),
                        line.because.join("; "),
                        plan.map(|plan| plan.what.clone()).unwrap_or_default(),
                        plan.map(|plan| plan.owner.clone()).unwrap_or_default(),
                        plan.and_then(|plan| plan.due).map(day).unwrap_or_default(),
                        line.you_said.as_ref().map(said).unwrap_or_default(),
                    ]
                })
                .collect(),
        }
    }
}
