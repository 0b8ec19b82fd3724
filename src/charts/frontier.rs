//! What each further part of a budget buys: the goal's figure against the budget, with what the budget asked for buys.

use super::canvas::{BLUE, Canvas, Drawing, INK, Layout, Shape, Stroke, Text, shortened};
use super::plot::Plot;
use super::scale::Scale;

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontierChart<'a> {
    /// Budget and figure of each point, from the smallest budget.
    pub points: &'a [(f64, f64)],
    /// The budget that was asked for with what it buys.
    pub asked: Option<(f64, f64)>,
    /// What is along the foot.
    pub foot: &'a str,
    /// What is up the side, over the plot.
    pub side: &'a str,
    /// The unit at the topmost value of the side.
    pub unit: &'a str,
}

/// Draws the chart.
pub fn frontier(chart: &FrontierChart<'_>, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let height = layout.pick(380.0, 320.0);
    let all = || chart.points.iter().copied().chain(chart.asked);
    let plot = Plot {
        left: layout.pick(64.0, 54.0),
        top: 34.0,
        right: layout.width() - layout.pick(40.0, 30.0),
        bottom: height - 46.0,
        x: Scale::around(all().map(|(budget, _)| budget), layout.pick(7.0, 3.0)),
        y: Scale::around(all().map(|(_, figure)| figure), 6.0),
    };
    canvas.text(Text::at(0.0, 14.0).sized(12.0).bold(), &shortened(chart.side, 12.0, layout.width()));
    plot.side_axis(&mut canvas, chart.unit);
    plot.foot_axis(&mut canvas, &shortened(chart.foot, 12.0, plot.right - plot.left));
    let places: Vec<Option<(f64, f64)>> =
        chart.points.iter().map(|(budget, figure)| figure.is_finite().then(|| plot.at(*budget, *figure))).collect();
    canvas.polyline(&places, Stroke::new(BLUE, 2.0));
    for at in places.iter().flatten() {
        canvas.circle(*at, layout.pick(3.5, 2.8), BLUE, None);
    }
    if let Some((budget, figure)) = chart.asked.filter(|(_, figure)| figure.is_finite()) {
        let (x, y) = plot.at(budget, figure);
        canvas.mark(Shape::Diamond, (x, y), layout.pick(12.0, 10.0), "#ffffff", INK);
        let words = "your budget";
        let room = x + 100.0 < plot.right;
        let at = Text::at(if room { x + 10.0 } else { x - 10.0 }, y + 16.0).sized(12.0).bold().edged();
        canvas.text(if room { at } else { at.end() }, words);
    }
    if places.iter().all(Option::is_none) {
        canvas.text(Text::at(plot.left + 12.0, plot.top + 30.0), "Nothing can be funded here.");
    }
    canvas.finish(height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Caption;

    #[test]
    fn every_point_and_ones_own_budget_are_drawn() {
        let points = [(0.0, 0.0), (100_000.0, 2.4), (200_000.0, f64::INFINITY)];
        let chart = FrontierChart {
            points: &points,
            asked: Some((150_000.0, 3.0)),
            foot: "Budget, £ a year",
            side: "WTE funded",
            unit: "",
        };
        for layout in Layout::ALL {
            let svg = frontier(&chart, layout).inline("frontier", &Caption { title: "A".into(), ..Caption::default() });
            assert!(
                svg.matches("<circle").count() == 2 && svg.contains("your budget") && !svg.contains("inf"),
                "{svg}"
            );
        }
        let none = FrontierChart { points: &[], asked: None, ..chart };
        let svg = frontier(&none, Layout::Wide).inline("frontier", &Caption::default());
        assert!(svg.contains("Nothing can be funded here.") && !svg.contains("NaN"), "{svg}");
    }
}
