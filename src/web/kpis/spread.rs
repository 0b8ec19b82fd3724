//! How services are spread, by year; groups of patients.

use super::view::{Ask, View, both, definition_notes, kpi_name, percent_words, points, quoted_words, summary_figures};
use crate::app::AppError;
use crate::app::kpis::{self, StratumFigure};
use crate::charts::canvas::Caption;
use crate::charts::distribution::{DistributionYear, distribution};
use crate::charts::strata::{StratumRow, strata};
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::significance;
use crate::formats::display::{capitalised, thousands};
use crate::formats::table::{Cell, Column, Table, TableRow};

/// Years that are shown beside each other.
const MOST_YEARS: usize = 4;

/// The distribution of a KPI by year.
pub(super) fn distribution_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let kpi = ask.query.kpi;
    let years = kpis::years(ask.app, ask.who, kpi)?;
    let mut reports = Vec::new();
    for year in years.iter().rev().take(MOST_YEARS) {
        reports.push(ask.report(kpi, *year)?);
    }
    let newest = match reports.first() {
        Some(newest) => newest.clone(),
        None => ask.report(kpi, ask.query.year)?,
    };
    let drawn: Vec<DistributionYear> = reports
        .iter()
        .map(|report| {
            let rows = &report.benchmark.rows;
            let own = rows.iter().find(|row| ask.is_own(&row.service));
            let summary = shown(report);
            DistributionYear {
                year: report.benchmark.year,
                percents: rows.iter().filter_map(|row| row.figure.percent).collect(),
                quartiles: match (summary.lower_quartile, summary.median, summary.upper_quartile) {
                    (Some(low), Some(middle), Some(high)) => Some((low, middle, high)),
                    _ => None,
                },
                national: summary.figure.percent.filter(|_| kpi != 1),
                own: own.and_then(|row| Some((row.service.clone(), row.figure.percent?))),
            }
        })
        .collect();
    let number = |key, heading| Column::number(key, heading);
    let table = Table {
        caption: format!("{} by year", kpi_name(&newest.benchmark.kpi)),
        columns: vec![
            Column::text("year", "Year"),
            number("n", "Services"),
            number("percent", "All together"),
            number("numerator", "Numerator"),
            number("denominator", "Denominator"),
            number("mean_of_services", "Mean of services"),
            number("minimum", "Lowest"),
            number("lower_quartile", "Lower quartile"),
            number("median", "Median"),
            number("upper_quartile", "Upper quartile"),
            number("maximum", "Highest"),
        ],
        rows: reports.iter().map(|report| year_row(report.benchmark.year, shown(report))).collect(),
    };
    let rule = significance::sentence(kpi);
    let mut notes = quoted_words(&newest.quoted);
    notes.push("The figures of different years rest on the services that count in each.".into());
    Ok(View {
        heading: kpi_name(&newest.benchmark.kpi),
        statement: middles(&reports.iter().map(|r| (r.benchmark.year, shown(r).median)).collect::<Vec<_>>()),
        caption: Caption {
            title: format!("{}: how services are spread, by year", kpi_name(&newest.benchmark.kpi)),
            description: "For each year a bar counts the services in every five percentage points; the box under them spans \
                 the middle half of the services with the median, the diamond is all patients together, and the ringed dot \
                 the reader's own service."
                .into(),
            notes,
        },
        part: None,
        drawings: Some(both(|layout| distribution(&drawn, layout))),
        table,
        figures: summary_figures(&newest.benchmark.national),
        rule: rule.to_owned(),
        notes: definition_notes(&newest.benchmark.kpi),
        excluded: Vec::new(),
        empty: reports
            .is_empty()
            .then(|| "No year has counts of this KPI yet. Send counts in, or choose another KPI.".to_owned()),
    })
}

/// The summary of the services chosen, else of all.
fn shown(report: &kpis::BenchmarkReport) -> &Summary {
    report.selection.as_ref().unwrap_or(&report.benchmark.national)
}

fn middles(years: &[(i32, Option<f64>)]) -> String {
    let words: Vec<String> =
        years.iter().map(|(year, median)| format!("{} in {year}", percent_words(*median))).collect();
    if words.is_empty() {
        "There is no year with counts.".into()
    } else {
        format!("The middle service: {}.", words.join(", "))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "counts of people are far below 2^52")]
fn year_row(year: i32, summary: &Summary) -> TableRow {
    let cells = vec![
        Cell::text(year.to_string()),
        Cell::count(i64::try_from(summary.n).ok()),
        Cell::percent(summary.figure.percent),
        Cell::count(summary.figure.numerator),
        Cell::number(summary.figure.denominator, |count| thousands(count.round() as i64)),
        Cell::percent(summary.mean_of_services),
        Cell::percent(summary.minimum),
        Cell::percent(summary.lower_quartile),
        Cell::percent(summary.median),
        Cell::percent(summary.upper_quartile),
        Cell::percent(summary.maximum),
    ];
    TableRow { cells, own: false }
}

/// What a stratum splits by and its name, for people: `age_band=75+` is `Age`, `75 and over`.
fn named(stratum: &str) -> (String, String) {
    let one = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or(("", part));
        let split = match key {
            "age_band" => "Age".to_owned(),
            other => capitalised(&other.replace('_', " ")),
        };
        let name = match value {
            "75+" => "75 and over".to_owned(),
            "dont_know" => "Not known".to_owned(),
            "referred_gp" => "Referred to the GP to decide".to_owned(),
            "referred_opinion" => "Referred for a further opinion".to_owned(),
            other => capitalised(&other.replace('_', " ")),
        };
        (split, name)
    };
    let parts: Vec<(String, String)> = stratum.split(';').map(one).collect();
    let join = |of: fn(&(String, String)) -> &String| parts.iter().map(of).cloned().collect::<Vec<_>>().join(", ");
    (join(|part| &part.0), join(|part| &part.1))
}

/// One group as it may be shown.
struct Group<'a> {
    split: String,
    name: String,
    figure: &'a StratumFigure,
    /// Percentage points more than the first group of the split that is shown.
    gap: Option<(f64, String)>,
}

/// The groups and the gaps between them.
fn groups(figures: &[StratumFigure]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = figures
        .iter()
        .map(|figure| {
            let (split, name) = named(&figure.stratum);
            Group { split, name, figure, gap: None }
        })
        .collect();
    for split in groups.chunk_by_mut(|a, b| a.split == b.split) {
        let mut first: Option<(f64, String)> = None;
        for group in split.iter_mut().filter(|group| !group.figure.hidden && !group.figure.is_share) {
            let Some(percent) = group.figure.figure.percent else { continue };
            match &first {
                Some((other, name)) => group.gap = Some((percent - other, name.clone())),
                None => first = Some((percent, group.name.clone())),
            }
        }
    }
    groups
}

/// A KPI by groups of patients.
pub(super) fn strata_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let (kpi, year) = (ask.query.kpi, ask.query.year);
    let report = kpis::strata(ask.app, ask.who, kpi, ask.year(), ask.query.service.as_deref())?;
    let groups = groups(&report.strata);
    let of = report
        .service
        .as_ref()
        .map_or("all services that count".to_owned(), |service| format!("{} {}", service.code, service.name));
    let rows: Vec<StratumRow> = groups
        .iter()
        .map(|group| {
            let figure = &group.figure.figure;
            let share = if group.figure.is_share { ", a share of all patients" } else { "" };
            StratumRow {
                split: group.split.clone(),
                name: group.name.clone(),
                percent: figure.percent.filter(|_| !group.figure.hidden).map(|percent| (percent, figure.interval)),
                words: match (group.figure.hidden, figure.percent) {
                    (true, _) => "hidden: small numbers".into(),
                    (false, Some(_)) => format!("{}{share}", super::view::with_counts(figure)),
                    (false, None) => "no data".into(),
                },
                gap: group.gap.as_ref().map(|(gap, _)| format!("{} points", points(*gap))).unwrap_or_default(),
            }
        })
        .collect();
    let cells = |group: &Group<'_>| {
        let figure = &group.figure.figure;
        let value = |cell: Cell| if group.figure.hidden { Cell::missing("hidden") } else { cell };
        let gap = group.gap.as_ref();
        vec![
            Cell::text(group.name.clone()),
            Cell::text(group.split.clone()),
            value(Cell::percent(figure.percent)),
            value(Cell::percent(figure.interval.map(|interval| interval.0))),
            value(Cell::percent(figure.interval.map(|interval| interval.1))),
            value(Cell::count(figure.numerator)),
            value(Cell::number(figure.denominator, |count| format!("{count:.0}"))),
            gap.map_or(Cell::missing("–"), |(gap, from)| {
                Cell::number(Some(*gap), points).with(format!("than {from}"))
            }),
            Cell::count(i64::try_from(group.figure.services).ok()),
        ]
    };
    let table = Table {
        caption: format!("{}, {year}, {of}: groups of patients", kpi_name(&report.kpi)),
        columns: vec![
            Column::text("group", "Group"),
            Column::text("split_by", "Split by"),
            Column::number("percent", "Figure"),
            Column::number("interval_low", "95% from"),
            Column::number("interval_high", "95% to"),
            Column::number("numerator", "Numerator"),
            Column::number("denominator", "Denominator"),
            Column::number("gap", "Gap, points"),
            Column::number("services", "Services"),
        ],
        rows: groups.iter().map(|group| TableRow { cells: cells(group), own: false }).collect(),
    };
    let widest = groups.iter().filter_map(|group| group.gap.as_ref().map(|gap| (group, gap)));
    let widest = widest.max_by(|(_, a), (_, b)| a.0.abs().total_cmp(&b.0.abs()));
    let statement = widest.map_or_else(
        || format!("All patients of {of}: {}.", super::view::with_counts(&report.all)),
        |(group, (gap, from))| {
            let all = super::view::with_counts(&report.all);
            format!("All patients of {of}: {all}. {} against {from}: {} percentage points.", group.name, points(*gap))
        },
    );
    let mut notes = vec![
        "Groups with 1 to 4 people with or without the outcome are hidden, and a second group where one alone could be \
         worked out from the total. Intervals are 95%."
            .to_owned(),
    ];
    notes.extend(quoted_words(&report.quoted));
    Ok(View {
        heading: format!("{}: groups of patients", kpi_name(&report.kpi)),
        statement,
        caption: Caption {
            title: format!("{}, {year}, {of}: groups of patients", kpi_name(&report.kpi)),
            description: "For each group of patients a mark is the figure and a line its 95% interval; beside it the counts \
                 and the gap to the first group of the split."
                .into(),
            notes: notes.clone(),
        },
        part: None,
        drawings: Some(both(|layout| strata(&rows, layout))),
        table,
        figures: vec![("All patients", super::view::with_counts(&report.all))],
        rule: "Groups are not called different here: each has its 95% interval, and the gap is the difference in percentage \
               points. Between services the rule is that of the benchmark table."
            .into(),
        notes: notes.into_iter().take(1).chain(definition_notes(&report.kpi)).collect(),
        excluded: Vec::new(),
        empty: report.strata.is_empty().then(|| {
            format!("No counts by groups of patients have been sent for this KPI in {year}. KPI 2, 5, 6 and 7 may have them.")
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_have_names() {
        assert_eq!(named("age_band=75+"), ("Age".into(), "75 and over".into()));
        assert_eq!(named("age_band=under_75;sex=male"), ("Age, Sex".into(), "Under 75, Male".into()));
        assert_eq!(named("outcome=dont_know"), ("Outcome".into(), "Not known".into()));
    }
}
