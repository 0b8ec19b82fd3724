//! A plot with percentages up its side: its edges, its scales, its axis.

use super::canvas::{Canvas, GRID, QUIET, Stroke, Text};
use super::scale::Scale;

/// The inside of a chart, in pixels of the drawing.
#[derive(Debug, Clone)]
pub(super) struct Plot {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) x: Scale,
    pub(super) y: Scale,
}

impl Plot {
    pub(super) fn at_x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * self.x.place(value) / 100.0
    }

    pub(super) fn at_y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.y.place(value) / 100.0
    }

    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.at_x(x), self.at_y(y))
    }

    /// Lines across with their values at the left, with thousands apart; the topmost value carries the unit.
    pub(super) fn side_axis(&self, canvas: &mut Canvas, unit: &str) {
        let ticks = self.y.ticks();
        let last = ticks.len().saturating_sub(1);
        for (place, (value, words)) in ticks.into_iter().enumerate() {
            let y = self.at_y(value);
            canvas.line((self.left, y), (self.right, y), Stroke::new(GRID, 1.0));
            let unit = if place == last { unit } else { "" };
            canvas.text(Text::at(self.left - 6.0, y + 4.0).end().sized(12.0), &format!("{}{unit}", grouped(&words)));
        }
    }

    /// Values under the plot, with thousands apart, and what they are.
    pub(super) fn foot_axis(&self, canvas: &mut Canvas, title: &str) {
        for (value, words) in self.x.ticks() {
            let x = self.at_x(value);
            canvas.line((x, self.bottom), (x, self.bottom + 4.0), Stroke::new(QUIET, 1.0));
            canvas.text(Text::at(x, self.bottom + 17.0).middle().sized(12.0), &grouped(&words));
        }
        canvas.line((self.left, self.bottom), (self.right, self.bottom), Stroke::new(QUIET, 1.0));
        canvas.text(Text::at(f64::midpoint(self.left, self.right), self.bottom + 34.0).middle().sized(12.0), title);
    }
}

/// `12345` as `12,345`.
fn grouped(words: &str) -> String {
    let (whole, rest) = words.split_once('.').map_or((words, None), |(whole, rest)| (whole, Some(rest)));
    let mut shown = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && digit.is_ascii_digit() && !shown.ends_with('-') {
            shown.push(',');
        }
        shown.push(digit);
    }
    rest.map_or(shown.clone(), |rest| format!("{shown}.{rest}"))
}

/// A percentage as `67.1%`.
pub(super) fn percent_words(percent: f64) -> String {
    format!("{}%", crate::formats::display::percent(percent / 100.0))
}
