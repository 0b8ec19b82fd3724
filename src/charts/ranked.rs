//! Every service with its interval, from the lowest to the highest.

use super::canvas::{BLUE, Canvas, Drawing, INK, Layout, QUIET, Stroke, Text, shortened, text_width};
use super::grade::GradeMark;
use super::labels::Labels;
use super::plot::{Plot, percent_words};
use super::scale::Scale;

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedPoint {
    /// What it is labelled with: its code.
    pub label: String,
    /// The figure, in per cent.
    pub percent: f64,
    /// Its 95 % interval, in per cent.
    pub interval: Option<(f64, f64)>,
    /// Its grade.
    pub grade: GradeMark,
    /// The reader's own service.
    pub own: bool,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedChart<'a> {
    /// The services, in any order.
    pub points: &'a [RankedPoint],
    /// The national pooled figure, in per cent.
    pub national: Option<f64>,
    /// The edges of the grades, in per cent.
    pub edges: &'a [f64],
}

/// Over this many services marks would be smaller than a pixel: a line stands for them.
const MOST_MARKS: usize = 400;

/// Draws the chart.
pub fn ranked(chart: &RankedChart<'_>, layout: Layout) -> Drawing {
    let mut points: Vec<&RankedPoint> = chart.points.iter().filter(|point| point.percent.is_finite()).collect();
    points.sort_by(|a, b| a.percent.total_cmp(&b.percent));
    let many = points.len() > MOST_MARKS;
    let mut canvas = Canvas::new(layout);
    let values = points.iter().flat_map(|point| {
        let high = point.interval.filter(|_| !many).map_or(point.percent, |(_, high)| high);
        [point.percent, high]
    });
    let height = layout.pick(380.0, 340.0);
    #[expect(clippy::cast_precision_loss, reason = "a number of services")]
    let count = points.len() as f64;
    let plot = Plot {
        left: 44.0,
        top: 34.0,
        right: layout.width() - layout.pick(96.0, 8.0),
        bottom: height - 44.0,
        x: Scale::between(0.0, count.max(1.0) + 1.0),
        y: Scale::around(values.chain(chart.edges.iter().copied()), 6.0),
    };
    legend(&mut canvas, chart);
    plot.side_axis(&mut canvas, "%");
    canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), Stroke::new(QUIET, 1.0));
    let foot = format!("{} services, from the lowest to the highest", points.len());
    canvas.text(Text::at(f64::midpoint(plot.left, plot.right), plot.bottom + 20.0).middle().sized(12.0), &foot);
    let mut labels = Labels::new((plot.left, plot.top - 6.0), (plot.right, plot.bottom));
    lines(&mut canvas, &plot, chart, layout, &mut labels);

    #[expect(clippy::cast_precision_loss, reason = "a number of services")]
    let placed: Vec<(f64, f64)> =
        points.iter().enumerate().map(|(place, point)| plot.at(place as f64 + 1.0, point.percent)).collect();
    if many {
        let curve: Vec<_> = placed.iter().step_by(placed.len() / MOST_MARKS + 1).copied().map(Some).collect();
        canvas.polyline(&curve, Stroke::new(INK, 2.5));
    } else {
        canvas.whiskers(
            points.iter().zip(&placed).filter_map(|(point, (x, _))| {
                let (low, high) = point.interval?;
                Some((*x, plot.at_y(low), plot.at_y(high)))
            }),
            Stroke::new(QUIET, if points.len() > 150 { 0.6 } else { 1.0 }),
        );
        let size = layout.pick(if points.len() > 150 { 4.5 } else { 8.0 }, if points.len() > 60 { 4.0 } else { 7.0 });
        for (point, at) in points.iter().zip(&placed) {
            point.grade.draw(&mut canvas, *at, size);
        }
    }
    for (point, at) in points.iter().zip(&placed).filter(|(point, _)| point.own) {
        canvas.ring(*at, 8.0);
        labels.reserve(*at, 8.0);
        let words = format!("{} {}", shortened(&point.label, 12.0, 110.0), percent_words(point.percent));
        if let Some(place) = labels.place(*at, text_width(&words, 12.0) * 1.08, 12.0) {
            canvas.text(Text::at(place.x, place.y).sized(12.0).bold().edged(), &words);
        }
    }
    for (point, at) in [points.first().zip(placed.first()), points.last().zip(placed.last())].into_iter().flatten() {
        let words = format!("{} {}", point.label, percent_words(point.percent));
        if !point.own
            && points.len() > 1
            && let Some(place) = labels.place(*at, text_width(&words, 12.0), 12.0)
        {
            canvas.text(Text::at(place.x, place.y).sized(12.0).edged(), &words);
        }
    }
    if points.is_empty() {
        canvas.text(Text::at(plot.left + 12.0, plot.top + 30.0), "No service has this figure.");
    }
    canvas.finish(height)
}

fn legend(canvas: &mut Canvas, chart: &RankedChart<'_>) {
    let mut x = 6.0;
    for grade in [GradeMark::Green, GradeMark::Amber, GradeMark::Red, GradeMark::Ungraded] {
        if chart.points.iter().any(|point| point.grade == grade) {
            grade.draw(canvas, (x, 8.0), 10.0);
            canvas.text(Text::at(x + 10.0, 12.0).sized(12.0), grade.word());
            x += text_width(grade.word(), 12.0) + 32.0;
        }
    }
    canvas.text(Text::at(x, 12.0).sized(12.0).quiet(), "lines: 95% intervals");
}

fn lines(canvas: &mut Canvas, plot: &Plot, chart: &RankedChart<'_>, layout: Layout, labels: &mut Labels) {
    let mut ends: Vec<(f64, String)> = Vec::new();
    for edge in chart.edges {
        let y = plot.at_y(*edge);
        canvas.line((plot.left, y), (plot.right, y), Stroke::new(INK, 1.0).dashed("2 3"));
        ends.push((y, format!("{edge}%")));
    }
    if let Some(national) = chart.national {
        let y = plot.at_y(national);
        canvas.line((plot.left, y), (plot.right, y), Stroke::new(BLUE, 1.5));
        ends.push((y, format!("all {}", percent_words(national))));
        if layout == Layout::Narrow {
            let words = format!("all services {}", percent_words(national));
            let at = (plot.left + 4.0, y - 4.0);
            canvas.text(Text::at(at.0, at.1).sized(11.0).quiet().edged(), &words);
            labels.reserve_text(at, text_width(&words, 11.0), 11.0);
        }
    }
    if layout == Layout::Wide {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted: Vec<f64> = ends.iter().map(|(y, _)| *y).collect();
        for (y, (_, words)) in super::labels::spread(&wanted, 14.0, plot.top, plot.bottom).iter().zip(&ends) {
            canvas.text(Text::at(plot.right + 4.0, y + 4.0).sized(11.0).quiet(), words);
        }
    }
}
