//! How many responses stood submitted at the end of each day, beside how many are asked for.

use chrono::NaiveDate;

use super::canvas::{BLUE, Canvas, Drawing, INK, Layout, Stroke, Text};
use super::plot::Plot;
use super::scale::Scale;

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionsChart<'a> {
    /// The running total by day, the oldest first.
    pub days: &'a [(NaiveDate, usize)],
    /// The services of which the response rate is taken.
    pub asked: usize,
}

/// Draws the chart: a line in steps, and a line across at all that are asked for.
pub fn submissions(chart: &SubmissionsChart<'_>, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let height = layout.pick(260.0, 220.0);
    let (Some((first, _)), Some((last, total))) = (chart.days.first(), chart.days.last()) else {
        return canvas.finish(0.0);
    };
    #[expect(clippy::cast_precision_loss, reason = "days and services are few")]
    let since = |day: NaiveDate| (day - *first).num_days() as f64;
    #[expect(clippy::cast_precision_loss, reason = "days and services are few")]
    let number = |n: usize| n as f64;
    // From the evening before the first, when there was none, to the last.
    let plot = Plot {
        left: 54.0,
        top: 30.0,
        right: layout.width() - 24.0,
        bottom: height - 40.0,
        x: Scale::between(-1.0, since(*last).max(1.0)),
        y: Scale::around([number(chart.asked.max(*total))], 5.0),
    };
    canvas.text(Text::at(0.0, 14.0).sized(12.0).bold(), "Responses submitted");
    plot.side_axis(&mut canvas, "");
    let (left, bottom) = plot.at(-1.0, 0.0);
    let right = plot.at_x(since(*last).max(1.0));
    canvas.line((left, bottom), (right, bottom), Stroke::new(INK, 1.0));
    let of_all = plot.at_y(number(chart.asked));
    canvas.line((left, of_all), (right, of_all), Stroke::new(INK, 1.5).dashed("5 4"));
    canvas
        .text(Text::at(left + 6.0, of_all + 15.0).sized(12.0).edged(), &format!("all {} that are asked", chart.asked));
    let mut places = vec![Some((left, bottom))];
    let mut before = 0;
    for (day, total) in chart.days {
        places.push(Some(plot.at(since(*day), number(before))));
        places.push(Some(plot.at(since(*day), number(*total))));
        before = *total;
    }
    canvas.polyline(&places, Stroke::new(BLUE, 2.5));
    let words = |day: &NaiveDate| day.format("%-d %b %Y").to_string();
    canvas.text(Text::at(left, bottom + 18.0).sized(12.0), &words(first));
    if last != first {
        canvas.text(Text::at(right, bottom + 18.0).end().sized(12.0), &words(last));
    }
    canvas.finish(height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::Caption;

    #[test]
    fn a_line_in_steps_up_to_all_that_are_asked() {
        let days = [("2026-04-01".parse().unwrap(), 2), ("2026-04-20".parse().unwrap(), 9)];
        for layout in Layout::ALL {
            let chart = SubmissionsChart { days: &days, asked: 12 };
            let svg =
                submissions(&chart, layout).inline("submitted", &Caption { title: "A".into(), ..Caption::default() });
            for words in ["1 Apr 2026", "20 Apr 2026", "all 12 that are asked", "stroke-width=\"2.5\""] {
                assert!(svg.contains(words), "{words} in {svg}");
            }
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        let none = SubmissionsChart { days: &[], asked: 12 };
        assert!(!submissions(&none, Layout::Wide).inline("submitted", &Caption::default()).contains("NaN"));
    }
}
