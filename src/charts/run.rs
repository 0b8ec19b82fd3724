//! A KPI of one service month by month, about its middle. A month without data keeps its place on the axis.

use super::canvas::{BLUE, Canvas, Drawing, GRID, INK, Layout, QUIET, Shape, Stroke, Text, text_width};
use super::plot::Plot;
use super::scale::Scale;

/// A month.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPoint {
    /// The year and the month, 1 to 12.
    pub month: (i32, i32),
    /// The value; `None` is no data.
    pub value: Option<f64>,
    /// It is part of a signal.
    pub marked: bool,
}

/// A level line.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Where.
    pub value: f64,
    /// What it is: `median 42.0%`.
    pub words: String,
    /// Drawn in dashes: a limit.
    pub limit: bool,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct RunChart<'a> {
    /// Every month of the axis, in order.
    pub points: &'a [RunPoint],
    /// Median, or mean and limits.
    pub levels: &'a [Level],
    /// The unit of the values: `%`.
    pub unit: &'a str,
}

/// Draws the chart.
pub fn run(chart: &RunChart<'_>, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let values =
        chart.points.iter().filter_map(|point| point.value).chain(chart.levels.iter().map(|level| level.value));
    let height = layout.pick(360.0, 330.0);
    #[expect(clippy::cast_precision_loss, reason = "a number of months")]
    let count = chart.points.len() as f64;
    let plot = Plot {
        left: 44.0,
        top: 34.0,
        right: layout.width() - layout.pick(120.0, 8.0),
        bottom: height - 46.0,
        x: Scale::between(0.5, count.max(1.0) + 0.5),
        y: Scale::around(values, 6.0),
    };
    legend(&mut canvas);
    plot.side_axis(&mut canvas, chart.unit);
    months(&mut canvas, &plot, chart.points, layout);
    levels(&mut canvas, &plot, chart.levels, layout);

    #[expect(clippy::cast_precision_loss, reason = "a number of months")]
    let places: Vec<Option<(f64, f64)>> = chart
        .points
        .iter()
        .enumerate()
        .map(|(place, point)| Some(plot.at(place as f64 + 1.0, point.value.filter(|value| value.is_finite())?)))
        .collect();
    canvas.polyline(&places, Stroke::new(INK, 1.5));
    for (point, place) in chart.points.iter().zip(&places) {
        let Some(at) = *place else { continue };
        if point.marked {
            canvas.mark(Shape::Diamond, at, layout.pick(10.0, 8.0), BLUE, INK);
        } else {
            canvas.circle(at, layout.pick(3.5, 2.8), INK, None);
        }
    }
    if places.iter().all(Option::is_none) {
        canvas.text(Text::at(plot.left + 12.0, plot.bottom - 30.0).edged(), "No month has this figure.");
    }
    canvas.finish(height)
}

fn legend(canvas: &mut Canvas) {
    canvas.circle((8.0, 8.0), 3.5, INK, None);
    canvas.text(Text::at(18.0, 12.0).sized(12.0), "a month");
    canvas.mark(Shape::Diamond, (84.0, 8.0), 10.0, BLUE, INK);
    canvas.text(Text::at(96.0, 12.0).sized(12.0), "part of a signal");
    canvas.rect((200.0, 1.0), (14.0, 14.0), "#f0f4f5", Some(Stroke::new(GRID, 1.0)));
    canvas.text(Text::at(220.0, 12.0).sized(12.0), "no data");
}

/// The months under the plot: years, a letter a month where there is room, and stretches without data in words.
fn months(canvas: &mut Canvas, plot: &Plot, points: &[RunPoint], layout: Layout) {
    #[expect(clippy::cast_precision_loss, reason = "a number of months")]
    let edge = |place: usize| plot.at_x(place as f64 + 0.5);
    let step = edge(1) - edge(0);
    let mut start = 0;
    for stretch in points.chunk_by(|a, b| a.value.is_some() == b.value.is_some()) {
        let end = start + stretch.len();
        if stretch.first().is_some_and(|point| point.value.is_none()) {
            let (left, right) = (edge(start), edge(end));
            canvas.rect((left, plot.top), (right - left, plot.bottom - plot.top), "#f0f4f5", None);
            if right - left > text_width("no data", 11.0) {
                let at = Text::at(f64::midpoint(left, right), plot.bottom - 8.0);
                canvas.text(at.middle().sized(11.0).quiet(), "no data");
            }
        }
        start = end;
    }
    for (value, _) in plot.y.ticks() {
        let y = plot.at_y(value);
        canvas.line((plot.left, y), (plot.right, y), Stroke::new(GRID, 1.0));
    }
    canvas.line((plot.left, plot.bottom), (plot.right, plot.bottom), Stroke::new(QUIET, 1.0));
    let mut start = 0;
    for year in points.chunk_by(|a, b| a.month.0 == b.month.0) {
        let end = start + year.len();
        let (left, right) = (edge(start), edge(end));
        canvas.line((left, plot.bottom), (left, plot.bottom + 38.0), Stroke::new(QUIET, 1.0));
        let words = year.first().map(|point| point.month.0.to_string()).unwrap_or_default();
        if right - left > text_width(&words, 12.0) + 4.0 {
            canvas.text(Text::at(f64::midpoint(left, right), plot.bottom + 34.0).middle().sized(12.0).bold(), &words);
        }
        for (place, point) in (start..end).zip(year) {
            let letter = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"];
            let letter = usize::try_from(point.month.1 - 1).ok().and_then(|month| letter.get(month));
            if step >= layout.pick(11.0, 10.0)
                && let Some(letter) = letter
            {
                let at = Text::at(f64::midpoint(edge(place), edge(place + 1)), plot.bottom + 15.0);
                canvas.text(at.middle().sized(10.0).quiet(), letter);
            }
        }
        start = end;
    }
}

fn levels(canvas: &mut Canvas, plot: &Plot, levels: &[Level], layout: Layout) {
    let wanted: Vec<f64> = levels.iter().map(|level| plot.at_y(level.value)).collect();
    let placed = super::labels::spread(&wanted, 14.0, plot.top + 8.0, plot.bottom);
    for ((level, y), label) in levels.iter().zip(wanted).zip(placed) {
        let stroke = if level.limit { Stroke::new(INK, 1.25).dashed("5 3") } else { Stroke::new(BLUE, 1.75) };
        canvas.line((plot.left, y), (plot.right, y), stroke);
        match layout {
            Layout::Wide => canvas.text(Text::at(plot.right + 5.0, label + 4.0).sized(12.0), &level.words),
            Layout::Narrow => {
                canvas.text(Text::at(plot.right - 2.0, label - 3.0).end().sized(11.0).bold().edged(), &level.words);
            }
        }
    }
}
