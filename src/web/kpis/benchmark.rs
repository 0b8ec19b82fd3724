//! The benchmark table and its chart; the funnel plot of the same services.

use std::ops::Range;

use super::view::{
    Ask, View, both, definition_notes, edges, excluded_words, grade_cell, kpi_name, nothing, percent_words, points,
    quoted_words, service_cell, signal_cell, summary_figures, with_counts,
};
use crate::app::AppError;
use crate::app::kpis::BenchmarkReport;
use crate::charts::canvas::Caption;
use crate::charts::funnel::{FunnelChart, FunnelLimits, FunnelPoint, funnel};
use crate::charts::grade::GradeMark;
use crate::charts::ranked::{RankedChart, RankedPoint, ranked};
use crate::domain::kpi::benchmark::Row;
use crate::domain::kpi::significance::{self, Signal, Yardstick};
use crate::domain::statistics::funnel::FunnelRules;
use crate::formats::display::{percent, thousands};
use crate::formats::table::{Cell, Column, Table};

/// The table of services.
fn table(ask: &Ask<'_>, report: &BenchmarkReport, part: Range<usize>) -> Table {
    let benchmark = &report.benchmark;
    let earlier = benchmark.previous_year.is_some();
    let mut columns = vec![
        Column::text("service", "Service"),
        Column::text("name", ""),
        Column::text("area", "Area"),
        Column::number("percent", "Figure"),
        Column::number("interval_low", "95% interval"),
        Column::number("interval_high", ""),
        Column::number("numerator", "Numerator"),
        Column::number("denominator", "Denominator"),
        Column::text("rag", "Grade"),
        Column::text("compared", "Compared"),
        Column::number("percentile", "Percentile"),
    ];
    if earlier {
        columns.push(Column::number("previous_percent", "Year before"));
        columns.push(Column::number("change", "Change, points"));
    }
    let cell = |row: &&Row, key: &'static str| {
        let figure = &row.figure;
        let service = report.register.services.get(&row.service);
        let area = || report.register.tree.resolve(&service?.area_code).map(|area| area.name.as_str());
        let words = |(low, high): (f64, f64)| format!("{} to {}", percent(low / 100.0), percent(high / 100.0));
        match key {
            "service" => service_cell(&row.service, service),
            "name" => Cell::text(service.map(|service| service.name.clone()).unwrap_or_default()),
            "area" => Cell::text(area().unwrap_or_default()),
            "percent" => Cell::percent(figure.percent),
            "interval_low" => Cell::number(figure.interval.map(|interval| interval.0), |_| {
                figure.interval.map(words).unwrap_or_default()
            }),
            "interval_high" => Cell::percent(figure.interval.map(|interval| interval.1)),
            "numerator" => Cell::count(figure.numerator),
            "denominator" => Cell::number(figure.denominator, people_or_part),
            "rag" => grade_cell(figure),
            "compared" => signal_cell(report.signals.get(&row.service).copied()),
            "percentile" => Cell::number(row.percentile, |rank| format!("{rank:.0}")),
            "previous_percent" => Cell::percent(row.previous_percent),
            _ => Cell::number(row.change(), points),
        }
    };
    let caption = format!("{}, {}: every service", kpi_name(&benchmark.kpi), benchmark.year);
    let own = |row: &&Row| ask.is_own(&row.service);
    Table::part_of(caption, columns, benchmark.rows.iter(), ask.sort(), part, cell, own)
}

/// People, or a part of an estimate to one place.
#[expect(clippy::cast_possible_truncation, reason = "counts of people are far below 2^52")]
fn people_or_part(count: f64) -> String {
    if count.fract() == 0.0 { thousands(count as i64) } else { format!("{count:.1}") }
}

/// What all services come to, in a sentence.
fn statement(report: &BenchmarkReport) -> String {
    let benchmark = &report.benchmark;
    let national = &benchmark.national;
    if national.n == 0 {
        return format!("No service has this figure in {}.", benchmark.year);
    }
    let services = if benchmark.matched { "matched services" } else { "services" };
    let mut words = format!(
        "All {services} together: {}; the middle service {}, n = {}.",
        with_counts(&national.figure),
        percent_words(national.median),
        national.n
    );
    let before = benchmark.previous.as_ref().and_then(|before| before.figure.percent);
    if let (Some(before), Some(now), Some(year)) = (before, national.figure.percent, benchmark.previous_year) {
        let which = if benchmark.matched { "the same services" } else { "the services of that year" };
        words.push_str(&format!(
            " In {year} {which} had {}: {} percentage points.",
            percent_words(Some(before)),
            points(now - before)
        ));
    }
    words
}

/// National figures, those of the year before, and of the services chosen.
fn figures(report: &BenchmarkReport) -> Vec<(&'static str, String)> {
    let mut figures = summary_figures(&report.benchmark.national);
    if let Some(selection) = &report.selection {
        figures.push(("Services of these filters together", with_counts(&selection.figure)));
        figures.push(("Median of the services of these filters", percent_words(selection.median)));
    }
    if let Some(before) = &report.benchmark.previous {
        figures.push(("Year before, all together", with_counts(&before.figure)));
    }
    figures
}

fn view(ask: &Ask<'_>, report: &BenchmarkReport, title: &str) -> View {
    let benchmark = &report.benchmark;
    let part = ask.part(benchmark.rows.len());
    let rule = significance::sentence(benchmark.kpi.kpi);
    let mut notes = vec![rule.to_owned()];
    notes.extend(quoted_words(&report.quoted));
    if report.hidden > 0 {
        notes.push(format!("{} services are in the national figures and shown once the report is out.", report.hidden));
    }
    View {
        heading: kpi_name(&benchmark.kpi),
        statement: statement(report),
        caption: Caption {
            title: format!("{}, {}: {title}", kpi_name(&benchmark.kpi), benchmark.year),
            description: String::new(),
            notes,
        },
        drawings: None,
        table: table(ask, report, part.clone()),
        part: Some((part.start, benchmark.rows.len())),
        figures: figures(report),
        rule: rule.to_owned(),
        notes: definition_notes(&benchmark.kpi),
        excluded: excluded_words(report),
        empty: nothing(report),
    }
}

/// The benchmark table, with services ranked in a chart.
pub(super) fn benchmark(ask: &Ask<'_>) -> Result<View, AppError> {
    let report = ask.report(ask.query.kpi, ask.query.year)?;
    let mut view = view(ask, &report, "every service from the lowest to the highest");
    let benchmark = &report.benchmark;
    let points: Vec<RankedPoint> = benchmark
        .rows
        .iter()
        .filter_map(|row| {
            Some(RankedPoint {
                label: row.service.clone(),
                percent: row.figure.percent?,
                interval: row.figure.interval,
                grade: GradeMark::of(&row.figure),
                own: ask.is_own(&row.service),
            })
        })
        .collect();
    let edges = edges(&benchmark.kpi);
    // That of KPI 1 is a share of services, not a share of KPIs.
    let national = if benchmark.kpi.kpi == 1 { None } else { benchmark.national.figure.percent };
    let chart = RankedChart { points: &points, national, edges: &edges };
    view.drawings = Some(both(|layout| ranked(&chart, layout)));
    view.caption.description =
        "A mark for each service, ranked by its figure, with its 95% interval; the shape of the mark \
         is its grade, and dotted lines are the edges of the grades. The reader's own service is ringed."
            .into();
    Ok(view)
}

/// The funnel plot.
pub(super) fn funnel_plot(ask: &Ask<'_>) -> Result<View, AppError> {
    let report = ask.report(ask.query.kpi, ask.query.year)?;
    let mut view = view(ask, &report, "services and limits");
    let benchmark = &report.benchmark;
    let over_estimate = benchmark.kpi.is_over_expected();
    let points: Vec<FunnelPoint> = benchmark
        .rows
        .iter()
        .filter_map(|row| {
            Some(FunnelPoint {
                label: row.service.clone(),
                n: row.figure.denominator?,
                percent: row.figure.percent?,
                interval: row.figure.interval.filter(|_| over_estimate && benchmark.rows.len() <= 400),
                signal: report.signals.get(&row.service).copied(),
                own: ask.is_own(&row.service),
            })
        })
        .collect();
    let rules = ask.query.rules;
    let most = points.iter().map(|point| point.n).fold(1.0, f64::max);
    let (limits, limit_words, method) = limits(&report.yardstick, rules, most);
    let chart = FunnelChart {
        points: &points,
        centre: benchmark.national.figure.percent,
        limits: &limits,
        foot: if over_estimate { "Expected cases in the year" } else { "People in the denominator" },
        limit_words,
    };
    view.drawings = Some(both(|layout| funnel(&chart, layout)));
    view.caption.description = if over_estimate {
        "A mark for each service: its figure, by its expected cases, with its 95% interval. Dashed lines hold the middle \
         95% of services. The reader's own service is ringed."
    } else {
        "A mark for each service: its figure, by the people that it rests on. Dashed curves are the 95% limits and full \
         curves the 99.8% limits. The reader's own service is ringed."
    }
    .into();
    if over_estimate {
        view.statement.push_str(
            " This KPI is records over an estimate and can pass 100%, so it has no funnel: each service has an interval \
             of its own.",
        );
    }
    if rules != FunnelRules::default() && !over_estimate {
        let words = "These limits are drawn otherwise than by the rule that all other views use.";
        view.statement.push(' ');
        view.statement.push_str(words);
        view.caption.notes.push(words.into());
    }
    let count = |of: &[Signal]| report.signals.values().filter(|signal| of.contains(signal)).count();
    view.figures.insert(
        0,
        (
            "Services higher, similar, lower",
            format!(
                "{}, {}, {}",
                count(&[Signal::Higher95, Signal::Higher998]),
                count(&[Signal::Similar]),
                count(&[Signal::Lower95, Signal::Lower998])
            ),
        ),
    );
    view.figures.insert(0, ("Method", method.clone()));
    view.caption.notes.insert(0, format!("Method: {method}"));
    Ok(view)
}

/// The limits to draw, what they are called on the chart, and the method with its φ and τ² in words.
fn limits(yardstick: &Yardstick, rules: FunnelRules, most: f64) -> (Vec<FunnelLimits>, &'static str, String) {
    match yardstick {
        Yardstick::Funnel(found) => {
            let steps = (1..=80).map(|step| {
                let n = most * f64::from(step) / 80.0;
                let at = found.limits_at(n, rules);
                FunnelLimits {
                    n,
                    limits95: (100.0 * at.lower95, 100.0 * at.upper95),
                    limits998: Some((100.0 * at.lower998, 100.0 * at.upper998)),
                }
            });
            let words = format!(
                "funnel, {}; φ = {:.2}, τ² = {:.5}; pooled target {}",
                significance::method_words(rules),
                found.phi,
                found.tau2,
                percent_words(Some(100.0 * found.target))
            );
            (steps.collect(), "95%", words)
        }
        Yardstick::MiddleOfServices(low, high) => {
            let level = |n| FunnelLimits { n, limits95: (*low, *high), limits998: None };
            let words = format!(
                "Byar 95% interval of each service against the middle 95% of services, {} to {}",
                percent_words(Some(*low)),
                percent_words(Some(*high))
            );
            (vec![level(0.0), level(most)], "middle 95%", words)
        }
        Yardstick::None(why) => (Vec::new(), "", format!("no service is compared. {why}")),
    }
}
