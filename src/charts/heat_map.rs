//! Services and their KPIs: a figure and the letter of its grade in every cell.

use super::canvas::{Canvas, Drawing, GRID, INK, Layout, Stroke, Text, shortened};
use super::grade::GradeMark;

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// Its code.
    pub label: String,
    /// A cell for each KPI: the figure in per cent and its grade, or no data.
    pub cells: Vec<Option<(f64, GradeMark)>>,
    /// The reader's own service.
    pub own: bool,
}

/// Rows after which the names of the columns are printed again, so that they are never far.
const REPEAT: usize = 25;

/// Draws the table. `columns` are the names of the KPIs, such as `KPI 2`, or `2` on a narrow screen.
pub fn heat_map(columns: &[String], rows: &[HeatRow], layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let left = layout.pick(96.0, 52.0);
    #[expect(clippy::cast_precision_loss, reason = "a number of KPIs")]
    let width = (layout.width() - left - 2.0) / columns.len().max(1) as f64;
    let row = layout.pick(22.0, 21.0);
    legend(&mut canvas);
    let mut y = 26.0;
    for (place, service) in rows.iter().enumerate() {
        if place % REPEAT == 0 {
            let mut x = left;
            for column in columns {
                canvas.text(Text::at(x + width / 2.0, y + 14.0).middle().sized(11.0).bold(), column);
                x += width;
            }
            y += 20.0;
        }
        let label = Text::at(0.0, y + row * 0.7).sized(12.0);
        canvas.text(if service.own { label.bold() } else { label }, &shortened(&service.label, 12.0, left - 4.0));
        let mut x = left;
        for cell in &service.cells {
            let at = (x + width / 2.0, y + row * 0.7);
            match cell {
                Some((percent, grade)) => {
                    let fill = if *grade == GradeMark::Ungraded { "#ffffff" } else { grade.fill() };
                    canvas.rect((x, y), (width, row), fill, Some(Stroke::new("#ffffff", 1.5)));
                    if *grade == GradeMark::Ungraded {
                        canvas.rect((x + 1.0, y + 1.0), (width - 2.0, row - 2.0), "none", Some(Stroke::new(GRID, 1.0)));
                    }
                    let words = layout.pick(format!("{percent:.1}"), format!("{percent:.0}"));
                    let words = format!("{words} {}", grade.letter());
                    let text = Text { fill: grade.ink(), ..Text::at(at.0, at.1) };
                    canvas.text(text.middle().sized(layout.pick(12.0, 9.5)), words.trim_end());
                }
                None => canvas.text(Text::at(at.0, at.1).middle().sized(12.0).quiet(), "–"),
            }
            x += width;
        }
        if service.own {
            let size = (layout.width() - 2.0, row);
            canvas.rect((1.0, y), size, "none", Some(Stroke::new(INK, 2.5)));
        }
        y += row;
    }
    if rows.is_empty() {
        canvas.text(Text::at(0.0, y + 14.0), "No service counts in this year.");
        y += 20.0;
    }
    canvas.finish(y + 4.0)
}

fn legend(canvas: &mut Canvas) {
    let mut x = 0.0;
    for grade in [GradeMark::Green, GradeMark::Amber, GradeMark::Red] {
        canvas.rect((x, 2.0), (16.0, 15.0), grade.fill(), None);
        let at = Text { fill: grade.ink(), ..Text::at(x + 8.0, 14.0) };
        canvas.text(at.middle().sized(11.0).bold(), grade.letter());
        canvas.text(Text::at(x + 20.0, 14.0).sized(12.0), grade.word());
        x += 68.0;
    }
    canvas.text(Text::at(x + 4.0, 14.0).sized(12.0).quiet(), "– no data; per cent");
}
