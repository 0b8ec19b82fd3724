//! Services by two figures: a scatter where the exposure is a number, columns of dots where it sorts them into groups.

use super::canvas::{BLUE, Canvas, Drawing, INK, Layout, QUIET, Shape, Stroke, Text, shortened, text_width, wrapped};
use super::labels::Labels;
use super::plot::Plot;
use super::scale::Scale;

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct PairPoint {
    /// What it is labelled with: its code.
    pub label: String,
    /// The exposure; of a group its place, from 0.
    pub x: f64,
    /// The KPI, in per cent or percentage points.
    pub y: f64,
    /// The reader's own service.
    pub own: bool,
}

/// A group with the middle of its services.
#[derive(Debug, Clone, PartialEq)]
pub struct PairGroup {
    /// What it is called.
    pub label: String,
    /// Services.
    pub n: usize,
    /// The median of their KPI.
    pub median: Option<f64>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct PairChart<'a> {
    /// The services.
    pub points: &'a [PairPoint],
    /// The groups; none where the exposure is a number.
    pub groups: &'a [PairGroup],
    /// What is along the foot.
    pub foot: &'a str,
    /// The unit up the side: `%` or ` points`.
    pub unit: &'a str,
}

/// The most services that get a label of their own.
const LABELLED: usize = 6;

/// Draws the chart.
pub fn scatter(chart: &PairChart<'_>, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let usable: Vec<&PairPoint> =
        chart.points.iter().filter(|point| point.x.is_finite() && point.y.is_finite()).collect();
    let height = layout.pick(430.0, 380.0);
    let foot = if chart.groups.is_empty() { 46.0 } else { layout.pick(52.0, 84.0) };
    #[expect(clippy::cast_precision_loss, reason = "a few groups")]
    let x = if chart.groups.is_empty() {
        Scale::around(usable.iter().map(|point| point.x), layout.pick(7.0, 3.0))
    } else {
        Scale::between(-0.5, chart.groups.len() as f64 - 0.5)
    };
    let plot = Plot {
        left: 52.0,
        top: 20.0,
        right: layout.width() - 16.0,
        bottom: height - foot,
        x,
        y: Scale::around(usable.iter().map(|point| point.y), 6.0),
    };
    plot.side_axis(&mut canvas, chart.unit);
    let places = if chart.groups.is_empty() {
        plot.foot_axis(&mut canvas, &shortened(chart.foot, 12.0, plot.right - plot.left));
        usable.iter().map(|point| plot.at(point.x, point.y)).collect()
    } else {
        group_axis(&mut canvas, &plot, chart, layout);
        side_by_side(&usable, &plot, layout)
    };
    let placed: Vec<(&PairPoint, (f64, f64))> = usable.into_iter().zip(places).collect();
    canvas.dots(placed.iter().map(|(_, at)| *at), QUIET, layout.pick(7.0, 6.0));
    let mut labels = Labels::new((plot.left, plot.top - 12.0), (layout.width(), plot.bottom));
    for (_, at) in &placed {
        labels.reserve(*at, 3.0);
    }
    for (point, at) in placed.iter().filter(|(point, _)| point.own).take(LABELLED) {
        canvas.mark(Shape::Circle, *at, 9.0, BLUE, INK);
        canvas.ring(*at, 8.0);
        labels.reserve(*at, 8.0);
        let words = shortened(&point.label, 12.0, 110.0);
        let width = text_width(&words, 12.0) * 1.08;
        if let Some(place) = labels.place(*at, width, 12.0) {
            canvas.text(Text::at(place.x, place.y).sized(12.0).edged().bold(), &words);
        }
    }
    if placed.is_empty() {
        canvas.text(Text::at(plot.left + 12.0, plot.top + 30.0), "No service can be shown here.");
    }
    canvas.finish(height)
}

/// The names of the groups with their numbers, and a line at the median of each.
#[expect(clippy::cast_precision_loss, reason = "a few groups")]
fn group_axis(canvas: &mut Canvas, plot: &Plot, chart: &PairChart<'_>, layout: Layout) {
    canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), Stroke::new(QUIET, 1.0));
    let room = (plot.right - plot.left) / chart.groups.len().max(1) as f64;
    let size = layout.pick(12.0, 10.5);
    for (place, group) in chart.groups.iter().enumerate() {
        let middle = plot.at_x(place as f64);
        let mut lines = wrapped(&group.label, size, room - 6.0);
        lines.truncate(layout.pick(2, 5));
        lines.push(format!("n = {}", group.n));
        for (line, words) in lines.iter().enumerate() {
            let y = plot.bottom + 15.0 + line as f64 * (size + 1.5);
            canvas.text(Text::at(middle, y).middle().sized(size), &shortened(words, size, room - 2.0));
        }
        if let Some(median) = group.median {
            let y = plot.at_y(median);
            let half = room * 0.32;
            canvas.line((middle - half, y), (middle + half, y), Stroke::new(BLUE, 2.5));
        }
    }
}

/// Dots of a group side by side where they would lie on one another.
fn side_by_side(points: &[&PairPoint], plot: &Plot, layout: Layout) -> Vec<(f64, f64)> {
    let step = layout.pick(8.0, 5.0);
    let most = plot.at_x(0.40) - plot.at_x(0.0);
    let mut taken: std::collections::BTreeMap<(i64, i64), u32> = std::collections::BTreeMap::new();
    let place = |point: &&PairPoint| {
        let (x, y) = plot.at(point.x, point.y);
        #[expect(clippy::cast_possible_truncation, reason = "pixels and places among a few groups")]
        let cell = (point.x.round() as i64, (y / step).round() as i64);
        let before = taken.entry(cell).or_insert(0);
        // 0, then one to the right, one to the left, and so on.
        let out = f64::from(before.div_ceil(2)) * if *before % 2 == 1 { 1.0 } else { -1.0 };
        *before += 1;
        (x + (out * step).clamp(-most, most), y)
    };
    points.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Caption;

    fn point(x: f64, y: f64, own: bool) -> PairPoint {
        PairPoint { label: "FLS <1>".into(), x, y, own }
    }

    fn drawn(chart: &PairChart<'_>, layout: Layout) -> String {
        scatter(chart, layout).inline("pair", &Caption { title: "A".into(), ..Caption::default() })
    }

    #[test]
    fn ones_own_service_is_ringed_and_named() {
        let points = [point(0.5, 40.0, false), point(1.5, 60.0, true), point(f64::NAN, 60.0, false)];
        let chart = PairChart { points: &points, groups: &[], foot: "WTE", unit: "%" };
        for layout in Layout::ALL {
            let svg = drawn(&chart, layout);
            assert!(svg.contains("FLS &lt;1&gt;") && svg.matches("<circle").count() == 3, "{svg}");
            assert!(!svg.contains("NaN"), "{svg}");
        }
    }

    #[test]
    fn dots_of_a_group_lie_side_by_side() {
        let points: Vec<PairPoint> = (0..5).map(|_| point(1.0, 50.0, false)).collect();
        let group = |label: &str, n| PairGroup { label: label.into(), n, median: Some(50.0) };
        let groups = [group("No", 0), group("Yes", 5)];
        let chart = PairChart { points: &points, groups: &groups, foot: "", unit: "%" };
        let plot = Plot {
            left: 0.0,
            top: 0.0,
            right: 200.0,
            bottom: 100.0,
            x: Scale::between(-0.5, 1.5),
            y: Scale::around([50.0], 5.0),
        };
        let places = side_by_side(&points.iter().collect::<Vec<_>>(), &plot, Layout::Wide);
        let xs: Vec<f64> = places.iter().map(|(x, _)| *x).collect();
        assert_eq!(xs, [150.0, 158.0, 142.0, 166.0, 134.0]);
        assert!(drawn(&chart, Layout::Narrow).contains("n = 5"));
    }

    #[test]
    fn nothing_to_show_says_so() {
        let chart = PairChart { points: &[], groups: &[], foot: "WTE", unit: "%" };
        assert!(drawn(&chart, Layout::Wide).contains("No service can be shown here."));
    }
}
