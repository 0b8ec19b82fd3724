//! A KPI by groups of patients: a figure with its interval for each group, and how far they are apart.

use super::canvas::{BLUE, Canvas, Drawing, GRID, INK, Layout, QUIET, Shape, Stroke, Text, text_width};
use super::scale::Scale;

/// A group of patients.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumRow {
    /// What it splits by: `Age`.
    pub split: String,
    /// Its name: `75 and over`.
    pub name: String,
    /// The figure and its interval, in per cent.
    pub percent: Option<(f64, Option<(f64, f64)>)>,
    /// The figure in words with its counts, or why there is none.
    pub words: String,
    /// How far the group is from the first of its split, in words; empty for the first.
    pub gap: String,
}

/// Draws the groups.
pub fn strata(rows: &[StratumRow], layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let (left, right) = (layout.pick(170.0, 8.0), layout.width() - layout.pick(220.0, 8.0));
    let values = rows.iter().filter_map(|row| row.percent).flat_map(|(percent, interval)| {
        let (_, high) = interval.unwrap_or((percent, percent));
        [percent, high]
    });
    let scale = Scale::around(values.chain([10.0]), layout.pick(5.0, 4.0));
    let at = |percent: f64| left + (right - left) * scale.place(percent) / 100.0;
    let row_height = layout.pick(34.0, 52.0);
    let splits = rows.chunk_by(|a, b| a.split == b.split).count();
    #[expect(clippy::cast_precision_loss, reason = "a number of rows")]
    let bottom = 8.0 + rows.len() as f64 * row_height + splits as f64 * 30.0;
    for (value, words) in scale.ticks() {
        canvas.line((at(value), 8.0), (at(value), bottom), Stroke::new(GRID, 1.0));
        canvas.text(Text::at(at(value), bottom + 14.0).middle().sized(12.0), &format!("{words}%"));
    }
    let mut y = 8.0;
    for split in rows.chunk_by(|a, b| a.split == b.split) {
        let title = split.first().map(|row| row.split.as_str()).unwrap_or_default();
        canvas.text(Text::at(0.0, y + 16.0).bold().edged(), title);
        y += 26.0;
        let shapes = [Shape::Circle, Shape::Square, Shape::Diamond, Shape::Up, Shape::Down];
        for (row, shape) in split.iter().zip(shapes.into_iter().cycle()) {
            let line = layout.pick(y + 14.0, y + 38.0);
            let words = if row.gap.is_empty() { row.words.clone() } else { format!("{}; {}", row.words, row.gap) };
            match layout {
                Layout::Wide => {
                    canvas.text(Text::at(8.0, line + 4.0), &row.name);
                    canvas.text(Text::at(right + 14.0, line - 2.0).sized(12.0), &row.words);
                    canvas.text(Text::at(right + 14.0, line + 12.0).sized(12.0).bold(), &row.gap);
                }
                Layout::Narrow => {
                    canvas.text(Text::at(0.0, y + 11.0).sized(12.0).bold().edged(), &row.name);
                    let size = if text_width(&words, 11.0) > layout.width() { 9.5 } else { 11.0 };
                    canvas.text(Text::at(0.0, y + 26.0).sized(size).edged(), &words);
                }
            }
            if let Some((percent, interval)) = row.percent {
                if let Some((low, high)) = interval {
                    canvas.line((at(low), line), (at(high), line), Stroke::new(QUIET, 2.0));
                }
                canvas.mark(shape, (at(percent), line), 11.0, BLUE, INK);
            }
            y += row_height;
        }
        y += 4.0;
    }
    canvas.finish(bottom + 22.0)
}
