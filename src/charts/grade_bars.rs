//! How many services are red, amber and green, a KPI and year a row.

use super::canvas::{Canvas, Drawing, INK, Layout, Stroke, Text, text_width, wrapped};
use super::grade::GradeMark;

/// A KPI and year.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeRow {
    /// The name of the KPI.
    pub kpi: String,
    /// The audit year.
    pub year: i32,
    /// Services of each grade, as they are stacked.
    pub counts: Vec<(GradeMark, usize)>,
    /// Services without data.
    pub missing: usize,
}

const BAR: f64 = 20.0;

/// Draws the rows; those of one KPI stand together.
pub fn grade_bars(rows: &[GradeRow], layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let (left, right) = (layout.pick(300.0, 40.0), layout.width() - layout.pick(78.0, 4.0));
    let most = rows.iter().map(|row| total(row) + row.missing).max().unwrap_or(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a number of services")]
    let unit = (right - left) / most as f64;
    legend(&mut canvas, rows);
    let mut y = 28.0;
    for group in rows.chunk_by(|a, b| a.kpi == b.kpi) {
        let name = group.first().map(|row| row.kpi.as_str()).unwrap_or_default();
        match layout {
            Layout::Wide => {
                for (line, words) in wrapped(name, 13.0, left - 60.0).iter().take(group.len().max(1)).enumerate() {
                    #[expect(clippy::cast_precision_loss, reason = "a number of lines")]
                    canvas.text(Text::at(0.0, y + 14.0 + 16.0 * line as f64), words);
                }
            }
            Layout::Narrow => {
                for words in wrapped(name, 13.5, layout.width()) {
                    canvas.text(Text::at(0.0, y + 13.0).bold().sized(12.0), &words);
                    y += 15.0;
                }
                y += 4.0;
            }
        }
        for row in group {
            canvas.text(Text::at(left - 6.0, y + 14.0).end().sized(12.0), &row.year.to_string());
            y += drawn(&mut canvas, row, (left, y), unit, layout) + 4.0;
        }
        y += 8.0;
    }
    canvas.finish(y)
}

fn total(row: &GradeRow) -> usize {
    row.counts.iter().map(|(_, count)| count).sum()
}

/// Draws a bar with its numbers; gives the height.
fn drawn(canvas: &mut Canvas, row: &GradeRow, (left, y): (f64, f64), unit: f64, layout: Layout) -> f64 {
    let mut x = left;
    let mut outside: Vec<String> = Vec::new();
    for (grade, count) in row.counts.iter().filter(|(_, count)| *count > 0) {
        #[expect(clippy::cast_precision_loss, reason = "a number of services")]
        let width = *count as f64 * unit;
        canvas.rect((x, y), (width - 1.0, BAR), grade.fill(), Some(Stroke::new(INK, 0.75)));
        let words = format!("{count} {}", grade.letter());
        if text_width(&words, 12.0) + 4.0 <= width {
            let at = Text { fill: grade.ink(), ..Text::at(x + width / 2.0, y + 14.5) };
            canvas.text(at.middle().sized(12.0).bold(), &words);
        } else {
            outside.push(words);
        }
        x += width;
    }
    if row.missing > 0 {
        outside.push(format!("{} no data", row.missing));
    }
    if total(row) == 0 {
        outside = vec!["no data".into()];
    }
    let words = outside.join(", ");
    let at = Text::at(x + 4.0, y + 14.5).sized(11.5);
    // A bar that fills its row leaves no room beside it on a narrow screen: the words then stand under it.
    if text_width(&words, 11.5) <= layout.width() - x - 6.0 {
        canvas.text(at, &words);
        return BAR;
    }
    canvas.text(Text::at(left, y + BAR + 13.0).sized(11.5), &words);
    BAR + 16.0
}

fn legend(canvas: &mut Canvas, rows: &[GradeRow]) {
    let mut x = 0.0;
    for grade in [GradeMark::Green, GradeMark::Amber, GradeMark::Red, GradeMark::Ungraded] {
        if rows.iter().any(|row| row.counts.iter().any(|(found, count)| *found == grade && *count > 0)) {
            canvas.rect((x, 2.0), (18.0, 15.0), grade.fill(), Some(Stroke::new(INK, 0.75)));
            let at = Text { fill: grade.ink(), ..Text::at(x + 9.0, 14.0) };
            canvas.text(at.middle().sized(11.0).bold(), grade.letter());
            canvas.text(Text::at(x + 24.0, 14.0).sized(12.0), grade.word());
            x += text_width(grade.word(), 12.0) + 44.0;
        }
    }
    canvas.text(Text::at(x, 14.0).sized(12.0).quiet(), "numbers of services");
}
