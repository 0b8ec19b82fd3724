//! The cascade: how many people are left at each step from a fracture to lasting treatment.

use super::canvas::{BLUE, Canvas, Drawing, INK, Layout, Stroke, Text, text_width, wrapped};
use crate::formats::display::people;
use crate::locales::Words;

/// A step.
#[derive(Debug, Clone, PartialEq)]
pub struct CascadeStep {
    /// What it is: `Assessed within 90 days`.
    pub name: String,
    /// People; `None` is no data.
    pub people: Option<f64>,
    /// The people are not those of the step before: another year's.
    pub other_cohort: bool,
    /// The share of another step: `69% of those recorded`.
    pub share: String,
    /// Who is lost at it: `1,333 people never seen`.
    pub lost: String,
}

const BAR: f64 = 26.0;

/// Draws the steps, whose texts are in the words of a language.
pub fn cascade(steps: &[CascadeStep], words: Words, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let (left, right) = (layout.pick(230.0, 0.0), layout.width() - layout.pick(4.0, 2.0));
    let most = steps.iter().filter_map(|step| step.people).filter(|n| n.is_finite()).fold(1.0, f64::max);
    let at = |people: f64| left + (right - left) * people / most;
    let mut y = 4.0;
    for step in steps {
        match layout {
            Layout::Wide => {
                let lines = wrapped(&step.name, 14.5, left - 14.0);
                for (line, words) in lines.iter().take(2).enumerate() {
                    #[expect(clippy::cast_precision_loss, reason = "a number of lines")]
                    canvas.text(Text::at(0.0, y + 12.0 + 15.0 * line as f64).bold(), words);
                }
            }
            Layout::Narrow => {
                for words in wrapped(&step.name, 13.0, layout.width() - 4.0) {
                    canvas.text(Text::at(0.0, y + 12.0).bold(), &words);
                    y += 16.0;
                }
                y += 2.0;
            }
        }
        let (end, said) = match step.people {
            Some(count) => {
                let stroke = Stroke::new(BLUE, 1.5);
                // Another year's people: outlined in dashes, not filled.
                let (fill, stroke) = if step.other_cohort { ("#ffffff", stroke.dashed("5 3")) } else { (BLUE, stroke) };
                canvas.rect((left + 1.0, y), ((at(count) - left - 1.0).max(1.0), BAR), fill, Some(stroke));
                (at(count), people(count))
            }
            None => (left, words.said("no data").into_owned()),
        };
        let width = text_width(&said, 15.0) * 1.18;
        let inside = width + 12.0 < end - left;
        let fill = if inside && !step.other_cohort { "#ffffff" } else { INK };
        let at_number = Text { fill, ..Text::at(if inside { end - 6.0 - width } else { end + 6.0 }, y + 18.5) };
        canvas.text(at_number.sized(15.0).bold(), &said);
        y += BAR + 15.0;
        if !step.share.is_empty() || !step.lost.is_empty() {
            canvas.text(Text::at(left, y).sized(12.0), &step.share);
            let after = if step.share.is_empty() { left } else { left + text_width(&step.share, 12.0) * 1.1 + 18.0 };
            if after + text_width(&step.lost, 12.0) * 1.08 > layout.width() {
                y += 15.0;
                canvas.text(Text::at(left, y).sized(12.0).bold(), &step.lost);
            } else {
                canvas.text(Text::at(after, y).sized(12.0).bold(), &step.lost);
            }
        }
        y += 16.0;
    }
    canvas.finish(y)
}
