//! The targets of 80, 50 and 80 %: how many services reach each.

use super::canvas::{BLUE, Canvas, Drawing, GRID, INK, Layout, Stroke, Text, text_width, wrapped};
use super::plot::percent_words;

/// A target of a KPI.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow {
    /// Which of the three it belongs to: `Identify 80%`.
    pub group: String,
    /// The name of the KPI.
    pub name: String,
    /// The percentage to reach.
    pub target: f64,
    /// Services that reach it.
    pub met: usize,
    /// Services with a figure.
    pub n: usize,
    /// All patients together, in per cent.
    pub national: Option<f64>,
    /// The reader's own service: its code and figure.
    pub own: Option<(String, f64)>,
}

/// Draws a bar for each target: how far all patients together have come, and how many services are there.
pub fn scoreboard(rows: &[TargetRow], layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let (left, right) = (layout.pick(250.0, 4.0), layout.width() - layout.pick(150.0, 4.0));
    let most =
        rows.iter().flat_map(|row| [row.national, row.own.as_ref().map(|own| own.1)]).flatten().fold(100.0, f64::max);
    let at = |percent: f64| left + (right - left) * percent / most;
    let mut y = 4.0;
    for group in rows.chunk_by(|a, b| a.group == b.group) {
        let title = group.first().map(|row| row.group.as_str()).unwrap_or_default();
        canvas.text(Text::at(0.0, y + 14.0).bold().sized(14.0), title);
        y += 24.0;
        for row in group {
            let reached = format!("{} of {} services", row.met, row.n);
            match layout {
                Layout::Wide => {
                    for (line, words) in wrapped(&row.name, 13.0, left - 12.0).iter().take(2).enumerate() {
                        #[expect(clippy::cast_precision_loss, reason = "a number of lines")]
                        canvas.text(Text::at(0.0, y + 21.0 + 15.0 * line as f64), words);
                    }
                    canvas.text(Text::at(right + 10.0, y + 22.0).bold(), &reached);
                    canvas.text(Text::at(right + 10.0, y + 37.0).sized(11.0).quiet(), "reach the target");
                }
                Layout::Narrow => {
                    for words in wrapped(&row.name, 12.0, layout.width()) {
                        canvas.text(Text::at(left, y + 12.0).sized(12.0), &words);
                        y += 15.0;
                    }
                    let words = format!("{reached} reach the target");
                    canvas.text(Text::at(left, y + 12.0).sized(12.0).bold(), &words);
                    y += 18.0;
                }
            }
            let bar = 18.0;
            y += 14.0;
            canvas.rect((left, y), (right - left, bar), "#ffffff", Some(Stroke::new(GRID, 1.0)));
            let words = row
                .national
                .map_or_else(|| "no data".to_owned(), |national| format!("all {}", percent_words(national)));
            let end = row.national.map_or(left, |national| {
                canvas.rect((left, y), (at(national) - left, bar), "#8fb8de", Some(Stroke::new(BLUE, 1.0)));
                at(national)
            });
            // Within the bar where it is long, else beyond its end.
            let inside = text_width(&words, 12.0) + 12.0 < end - left;
            let text = Text::at(if inside { left + 5.0 } else { end + 5.0 }, y + 13.5).sized(12.0);
            let x = at(row.target);
            canvas.line((x, y - 4.0), (x, y + bar + 4.0), Stroke::new(INK, 2.5));
            canvas.text(Text::at(x, y - 6.0).middle().sized(11.0), &format!("target {}%", row.target));
            canvas.text(text.edged(), &words);
            if let Some((code, percent)) = &row.own {
                let centre = (at(*percent), y + bar + 2.0);
                canvas.circle(centre, 4.0, INK, None);
                canvas.ring(centre, 8.0);
                let words = format!("{code} {}", percent_words(*percent));
                let width = text_width(&words, 11.5) * 1.08;
                let to_the_right = centre.0 + 12.0 + width <= right;
                let start = if to_the_right { centre.0 + 12.0 } else { centre.0 - 12.0 - width };
                canvas.text(Text::at(start, y + bar + 15.0).sized(11.5).bold().edged(), &words);
            }
            y += bar + 28.0;
        }
        y += 6.0;
    }
    let words = "bars: all patients of all services together";
    canvas.text(Text::at(0.0, y + 8.0).sized(11.0), words);
    canvas.finish(y + 14.0)
}
