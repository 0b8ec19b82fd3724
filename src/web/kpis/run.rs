//! The run chart of a KPI of one service, or its XmR chart.

use super::view::{Ask, View, both, definition_notes, kpi_name, percent_words, quoted_words};
use crate::app::AppError;
use crate::app::kpis::{self, BenchmarkReport, Months};
use crate::charts::canvas::Caption;
use crate::charts::run::{Level, RunChart, RunPoint, run};
use crate::domain::kpi::control::{FEWEST_USEFUL, RUN_RULE, Read, XMR_RULE, read_runs, read_xmr};
use crate::domain::kpi::series::MonthPoint;
use crate::formats::table::{Cell, Column, Table, TableRow};

/// What a chart says: its lines, which points are part of a signal, and the words.
struct Reading {
    levels: Vec<Level>,
    marked: Vec<bool>,
    statement: String,
    figures: Vec<(&'static str, String)>,
    rule: &'static str,
}

fn no_signal(points: usize) -> String {
    format!("{points} useful points: no signal is claimed under {FEWEST_USEFUL}.")
}

fn runs_in_words(values: &[Option<f64>]) -> Option<Reading> {
    let Read { chart: found, signal, marked } = read_runs(values).ok()?;
    let statement = match signal {
        None => no_signal(found.useful),
        Some(true) => "There is a signal: the months do not vary by chance alone about one median.".to_owned(),
        Some(false) => "No signal: the months vary as chance would have them about one median.".to_owned(),
    };
    let said = |yes: bool| match (signal, yes) {
        (None, _) => "not claimed".to_owned(),
        (_, true) => "yes".to_owned(),
        (_, false) => "no".to_owned(),
    };
    let most = found.anhoej_longest_max.map_or_else(String::new, |most| format!(", at most {most} by chance"));
    let least = found.anhoej_crossings_min.map_or_else(String::new, |least| format!(", at least {least} by chance"));
    Some(Reading {
        levels: vec![Level {
            value: found.median,
            words: format!("median {}", percent_words(Some(found.median))),
            limit: false,
        }],
        marked,
        statement,
        figures: vec![
            ("Method", "run chart, Anhøj rules".to_owned()),
            ("Median", percent_words(Some(found.median))),
            ("Months with data, useful", format!("{}, {}", found.n, found.useful)),
            ("Longest run", format!("{}{most}", found.longest_run)),
            ("Crossings", format!("{}{least}", found.crossings)),
            ("Shift of six or more", said(found.shift)),
            ("Trend of five or more", said(found.trend)),
            ("Signal (Anhøj)", said(found.anhoej_signal)),
        ],
        rule: RUN_RULE,
    })
}

fn xmr_in_words(values: &[Option<f64>]) -> Option<Reading> {
    let Read { chart: found, signal, marked } = read_xmr(values).ok()?;
    let statement = match signal {
        None => no_signal(found.n),
        Some(true) => "There is a signal: the months do not vary as one steady process would.".to_owned(),
        Some(false) => "No signal: the months vary as one steady process would.".to_owned(),
    };
    let level =
        |value: f64, name: &str, limit| Level { value, words: format!("{name} {}", percent_words(Some(value))), limit };
    Some(Reading {
        levels: vec![
            level(found.upl, "upper", true),
            level(found.mean, "mean", false),
            level(found.lpl, "lower", true),
        ],
        marked,
        statement,
        figures: vec![
            ("Method", "XmR chart, 2.66 × mean moving range, no screen".to_owned()),
            ("Mean", percent_words(Some(found.mean))),
            ("Limits", format!("{} to {}", percent_words(Some(found.lpl)), percent_words(Some(found.upl)))),
            ("Months with data", found.n.to_string()),
            ("Mean moving range, points", format!("{:.2} of {}", found.amr, found.mr_used)),
        ],
        rule: XMR_RULE,
    })
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("month", "Month"),
        Column::number("percent", "Figure"),
        Column::number("numerator", "Numerator"),
        Column::number("denominator", "Denominator"),
        Column::text("signal", "Part of a signal"),
    ]
}

fn table(months: &Months, marked: &[bool]) -> Table {
    let row = |point: &MonthPoint, marked: bool| TableRow {
        cells: vec![
            Cell::text(point.month.to_string()),
            Cell::percent(point.figure.percent),
            Cell::count(point.figure.numerator),
            Cell::number(point.figure.denominator, |count| {
                if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.1}") }
            }),
            Cell::text(if marked { "yes" } else { "no" }),
        ],
        own: false,
    };
    Table {
        caption: format!("{} of {} by month", kpi_name(&months.kpi), months.service.code),
        columns: columns(),
        rows: months.series.months.iter().zip(marked).map(|(point, marked)| row(point, *marked)).collect(),
    }
}

/// What there is where no service has been named and none counts.
fn nobody(report: &BenchmarkReport) -> View {
    let name = kpi_name(&report.benchmark.kpi);
    View {
        heading: name.clone(),
        statement: "A run chart is of one service.".into(),
        caption: Caption {
            title: format!("{name} by month"),
            description: "Empty: no service has been chosen.".into(),
            notes: quoted_words(&report.quoted),
        },
        part: None,
        drawings: Some(both(|layout| run(&RunChart { points: &[], levels: &[], unit: "%" }, layout))),
        table: Table { columns: columns(), ..Table::default() },
        figures: Vec::new(),
        rule: RUN_RULE.into(),
        notes: definition_notes(&report.benchmark.kpi),
        excluded: Vec::new(),
        empty: Some("Enter the code of a service above to see its months.".into()),
    }
}

/// The chart of the service that is asked for, else the reader's own, else the first that they see.
pub(super) fn run_view(ask: &Ask<'_>) -> Result<View, AppError> {
    let kpi = ask.query.kpi;
    let code = if let Some(code) = ask.service() {
        code.to_owned()
    } else {
        let report = ask.report(kpi, ask.query.year)?;
        let Some(row) = report.benchmark.rows.first() else { return Ok(nobody(&report)) };
        row.service.clone()
    };
    let months = kpis::months_of(ask.app, ask.who, &code, kpi, ask.query.cut.as_deref())?;
    let values: Vec<Option<f64>> = months.series.months.iter().map(|point| point.figure.percent).collect();
    let reading = if ask.query.xmr { xmr_in_words(&values) } else { runs_in_words(&values) };
    let marked = reading.as_ref().map_or_else(|| vec![false; values.len()], |reading| reading.marked.clone());
    let points: Vec<RunPoint> = months
        .series
        .months
        .iter()
        .zip(&marked)
        .map(|(point, marked)| {
            let month = point.month.stored();
            RunPoint { month: (month / 100, month % 100), value: point.figure.percent, marked: *marked }
        })
        .collect();
    let levels = reading.as_ref().map(|reading| reading.levels.clone()).unwrap_or_default();
    let name = format!("{} {}", months.service.code, months.service.name);
    let rule = match (&reading, ask.query.xmr) {
        (Some(reading), _) => reading.rule,
        (None, true) => XMR_RULE,
        (None, false) => RUN_RULE,
    };
    let mut notes = vec![rule.to_owned()];
    notes.extend(quoted_words(&months.quoted));
    let mut definition = definition_notes(&months.kpi);
    if months.kpi.is_over_expected() {
        definition.push("A month is held against a twelfth of the year's expected cases.".into());
    }
    for (year, figure) in &months.series.years {
        definition.push(format!("{year} was counted as a whole: {}.", percent_words(figure.percent)));
    }
    let empty = values.iter().all(Option::is_none).then(|| {
        format!("{name} has no monthly counts of this KPI that you can see. Choose another service or KPI, or send counts in.")
    });
    Ok(View {
        heading: format!("{}: {name}", kpi_name(&months.kpi)),
        statement: reading.as_ref().map_or_else(
            || "Too few months with data for a chart to be read.".to_owned(),
            |reading| reading.statement.clone(),
        ),
        caption: Caption {
            title: format!("{}, {name}, by month", kpi_name(&months.kpi)),
            description: "A point for each month with data, joined where months follow each other; months without data \
                 keep their place and are shaded. A level line is the median or mean; dashed lines are limits; diamonds \
                 are part of a signal."
                .into(),
            notes,
        },
        part: None,
        drawings: Some(both(|layout| run(&RunChart { points: &points, levels: &levels, unit: "%" }, layout))),
        table: table(&months, &marked),
        figures: reading.map(|reading| reading.figures).unwrap_or_default(),
        rule: rule.to_owned(),
        notes: definition,
        excluded: Vec::new(),
        empty,
    })
}
