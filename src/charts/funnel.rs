//! Services about the national figure, by how many people each figure rests on, with limits.
//!
//! For proportions the limits close in as the numbers grow. A figure over an estimate has no such limits: each service
//! then has an interval of its own, and two level lines stand for the range of the other services.

use super::canvas::{BLUE, Canvas, Drawing, INK, Layout, QUIET, Shape, Stroke, Text, shortened, text_width};
use super::labels::Labels;
use super::plot::{Plot, percent_words};
use super::scale::Scale;
use crate::domain::kpi::significance::Signal;

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelPoint {
    /// What it is labelled with: its code.
    pub label: String,
    /// The denominator.
    pub n: f64,
    /// The figure, in per cent.
    pub percent: f64,
    /// The interval to draw at the point, if any, in per cent.
    pub interval: Option<(f64, f64)>,
    /// How it compares; `None` where that cannot be said.
    pub signal: Option<Signal>,
    /// The reader's own service.
    pub own: bool,
}

/// The limits at one denominator, in per cent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelLimits {
    /// The denominator.
    pub n: f64,
    /// Lower and upper 95 % limit.
    pub limits95: (f64, f64),
    /// Lower and upper 99.8 % limit, where there is one.
    pub limits998: Option<(f64, f64)>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelChart<'a> {
    /// The services.
    pub points: &'a [FunnelPoint],
    /// The figure that they are compared with, in per cent.
    pub centre: Option<f64>,
    /// The limits in order of their denominators; two for level lines, none where nothing is judged.
    pub limits: &'a [FunnelLimits],
    /// What the denominator is, such as `Patient records`.
    pub foot: &'a str,
    /// What the limits are, for their labels: `95%`, or `middle 95% of services`.
    pub limit_words: &'a str,
}

/// The most services that get a label of their own, beside the reader's.
const LABELLED: usize = 14;

/// Draws the chart.
pub fn funnel(chart: &FunnelChart<'_>, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let usable: Vec<&FunnelPoint> =
        chart.points.iter().filter(|point| point.n.is_finite() && point.percent.is_finite() && point.n > 0.0).collect();
    let percents = usable.iter().flat_map(|point| {
        let (low, high) = point.interval.unwrap_or((point.percent, point.percent));
        [point.percent, low, high]
    });
    let height = layout.pick(430.0, 380.0);
    let plot = Plot {
        left: 44.0,
        top: 38.0,
        right: layout.width() - layout.pick(96.0, 20.0),
        bottom: height - 46.0,
        x: Scale::around(usable.iter().map(|point| point.n), layout.pick(7.0, 3.0)),
        y: Scale::around(percents, 6.0),
    };
    legend(&mut canvas, layout, chart);
    plot.side_axis(&mut canvas, "%");
    plot.foot_axis(&mut canvas, chart.foot);
    let mut labels = Labels::new((plot.left, plot.top - 8.0), (layout.width(), plot.bottom));
    curves(&mut canvas, &plot, chart, layout, &mut labels);

    let at = |point: &FunnelPoint| plot.at(point.n, point.percent);
    canvas.whiskers(
        usable.iter().filter_map(|point| {
            let (low, high) = point.interval?;
            Some((plot.at_x(point.n), plot.at_y(low), plot.at_y(high)))
        }),
        Stroke::new(QUIET, 1.0),
    );
    let is_quiet = |point: &&&FunnelPoint| point.signal.is_none_or(|signal| signal == Signal::Similar);
    canvas.dots(usable.iter().filter(is_quiet).map(|point| at(point)), QUIET, layout.pick(6.0, 5.0));
    let mut flagged: Vec<&FunnelPoint> = usable.iter().filter(|point| !is_quiet(point)).copied().collect();
    for point in &flagged {
        draw_signal(&mut canvas, point.signal, at(point), layout.pick(9.0, 8.0));
    }
    for point in usable.iter().filter(|point| point.own) {
        canvas.ring(at(point), 8.0);
        labels.reserve(at(point), 8.0);
    }

    // One's own service has the first word, then what lies furthest out.
    let centre = chart.centre.unwrap_or_default();
    let weight = |point: &FunnelPoint| {
        let strong = point.signal.is_some_and(Signal::is_beyond_998);
        (point.own, strong, (point.percent - centre).abs() * point.n.sqrt())
    };
    flagged.extend(usable.iter().filter(|point| point.own && is_quiet(point)).copied());
    flagged.sort_by(|a, b| weight(b).partial_cmp(&weight(a)).unwrap_or(std::cmp::Ordering::Equal));
    let most = layout.pick(LABELLED, LABELLED / 2);
    for point in flagged.iter().filter(|point| point.own).chain(flagged.iter().filter(|point| !point.own).take(most)) {
        let words = if point.own {
            format!("{} {}", shortened(&point.label, 12.0, 110.0), percent_words(point.percent))
        } else {
            point.label.clone()
        };
        let (x, y) = at(point);
        // Bold letters are a little wider.
        let width = text_width(&words, 12.0) * if point.own { 1.08 } else { 1.0 };
        if let Some(place) = labels.place((x, y), width, 12.0) {
            if place.far {
                let nearest = x.clamp(place.x, place.x + width);
                canvas.line(
                    (x, y),
                    (nearest, if place.y < y { place.y + 3.0 } else { place.y - 11.0 }),
                    Stroke::new(QUIET, 0.75),
                );
            }
            let text = Text::at(place.x, place.y).sized(12.0).edged();
            canvas.text(if point.own { text.bold() } else { text }, &words);
        }
    }
    if usable.is_empty() {
        canvas.text(Text::at(plot.left + 12.0, plot.top + 30.0), "No service has this figure.");
    }
    canvas.finish(height)
}

/// A triangle that points up or down; filled beyond the outer limit.
fn draw_signal(canvas: &mut Canvas, signal: Option<Signal>, at: (f64, f64), size: f64) {
    match signal {
        Some(Signal::Higher95) => canvas.mark(Shape::Up, at, size, "#ffffff", BLUE),
        Some(Signal::Higher998) => canvas.mark(Shape::Up, at, size, BLUE, BLUE),
        Some(Signal::Lower95) => canvas.mark(Shape::Down, at, size, "#ffffff", INK),
        Some(Signal::Lower998) => canvas.mark(Shape::Down, at, size, INK, INK),
        Some(Signal::Similar) | None => canvas.dots([at], QUIET, size * 0.7),
    }
}

fn legend(canvas: &mut Canvas, layout: Layout, chart: &FunnelChart<'_>) {
    let outer = chart.limits.iter().any(|limits| limits.limits998.is_some());
    let mut x = 6.0;
    let mut y = 8.0;
    let entries: &[(Signal, &str)] = if outer {
        &[
            (Signal::Higher998, "higher (99.8%)"),
            (Signal::Higher95, "higher (95%)"),
            (Signal::Similar, "similar"),
            (Signal::Lower95, "lower (95%)"),
            (Signal::Lower998, "lower (99.8%)"),
        ]
    } else {
        &[(Signal::Higher95, "higher"), (Signal::Similar, "similar"), (Signal::Lower95, "lower")]
    };
    for (signal, words) in entries {
        let size = layout.pick(12.0, 10.5);
        let width = text_width(words, size) + 28.0;
        if x + width > layout.width() {
            x = 6.0;
            y += 15.0;
        }
        draw_signal(canvas, Some(*signal), (x, y), 9.0);
        canvas.text(Text::at(x + 9.0, y + 4.0).sized(size), words);
        x += width;
    }
}

fn curves(canvas: &mut Canvas, plot: &Plot, chart: &FunnelChart<'_>, layout: Layout, labels: &mut Labels) {
    let Some(centre) = chart.centre else { return };
    let mut ends: Vec<(f64, String)> = Vec::new();
    let mut curve = |pick: &dyn Fn(&FunnelLimits) -> Option<f64>, stroke: Stroke, words: String| {
        let points: Vec<_> = chart.limits.iter().map(|limits| Some(plot.at(limits.n, pick(limits)?))).collect();
        canvas.polyline(&points, stroke);
        if let Some((_, y)) = points.last().copied().flatten() {
            ends.push((y, words));
        }
    };
    let inner = Stroke::new(INK, 1.25).dashed("5 3");
    let outer = Stroke::new(INK, 1.25);
    let words = chart.limit_words;
    curve(&|limits| Some(limits.limits998?.1), outer, "99.8%".into());
    curve(&|limits| Some(limits.limits95.1), inner, words.into());
    curve(&|limits| Some(limits.limits95.0), inner, words.into());
    curve(&|limits| Some(limits.limits998?.0), outer, "99.8%".into());
    let y = plot.at_y(centre);
    canvas.line((plot.left, y), (plot.right, y), Stroke::new(BLUE, 1.5));
    ends.push((y, format!("all {}", percent_words(centre))));
    if layout == Layout::Wide {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted: Vec<f64> = ends.iter().map(|(y, _)| *y).collect();
        let placed = super::labels::spread(&wanted, 14.0, plot.top, plot.bottom);
        for (y, (_, words)) in placed.iter().zip(&ends) {
            let (x, base) = (plot.right + 4.0, y + 4.0);
            let shown = shortened(words, 11.0, layout.width() - x);
            canvas.text(Text::at(x, base).sized(11.0).quiet(), &shown);
            labels.reserve_text((x, base), text_width(&shown, 11.0), 11.0);
        }
    } else {
        let words = format!("all services {}", percent_words(centre));
        let (x, base) = (plot.right - text_width(&words, 11.0) - 2.0, y - 4.0);
        canvas.text(Text::at(x, base).sized(11.0).quiet().edged(), &words);
        labels.reserve_text((x, base), text_width(&words, 11.0), 11.0);
    }
}
