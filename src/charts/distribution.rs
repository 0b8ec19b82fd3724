//! How services are spread over the values of a KPI, a year a row: bars count services, a box spans the middle half.

use super::canvas::{BLUE, Canvas, Drawing, GRID, INK, Layout, QUIET, Stroke, Text, text_width};
use super::plot::percent_words;
use super::scale::Scale;

/// A year.
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionYear {
    /// Audit year.
    pub year: i32,
    /// The services' figures, in per cent.
    pub percents: Vec<f64>,
    /// Lower quartile, median, upper quartile.
    pub quartiles: Option<(f64, f64, f64)>,
    /// The pooled national figure.
    pub national: Option<f64>,
    /// The reader's own service: its code and figure.
    pub own: Option<(String, f64)>,
}

const ROW: f64 = 172.0;
/// Percentage points in a bar.
const BIN: f64 = 5.0;

/// Draws the years, the newest first as they come.
pub fn distribution(years: &[DistributionYear], layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let (left, right) = (layout.pick(60.0, 34.0), layout.width() - 18.0);
    let all = years.iter().flat_map(|year| year.percents.iter().copied());
    let scale = Scale::around(all.chain([100.0]), layout.pick(10.0, 5.0));
    let at = |percent: f64| left + (right - left) * scale.place(percent) / 100.0;
    let counts: Vec<Vec<(f64, usize)>> = years.iter().map(|year| bins(&year.percents)).collect();
    let tallest = counts.iter().flatten().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a number of services")]
    let unit = 84.0 / tallest as f64;
    let mut top = 4.0;
    for (year, counts) in years.iter().zip(&counts) {
        let base = top + ROW - 52.0;
        for (value, _) in scale.ticks() {
            canvas.line((at(value), top + 16.0), (at(value), base + 46.0), Stroke::new(GRID, 1.0));
        }
        let n = format!("n = {}", year.percents.len());
        match layout {
            Layout::Wide => {
                canvas.text(Text::at(0.0, base - 14.0).bold(), &year.year.to_string());
                canvas.text(Text::at(0.0, base + 2.0).sized(11.0).quiet(), &n);
            }
            Layout::Narrow => canvas.text(Text::at(0.0, top + 12.0).bold(), &format!("{}, {n}", year.year)),
        }
        for (from, count) in counts {
            #[expect(clippy::cast_precision_loss, reason = "a number of services")]
            let tall = *count as f64 * unit;
            let (x, width) = (at(*from), at(from + BIN) - at(*from));
            canvas.rect((x + 0.5, base - tall), (width - 1.0, tall), "#8fb8de", Some(Stroke::new(BLUE, 0.75)));
            if width >= text_width(&count.to_string(), 10.5) {
                let text = Text::at(x + width / 2.0, base - tall - 3.0).middle().sized(10.5);
                canvas.text(text, &count.to_string());
            }
        }
        canvas.line((left, base), (right, base), Stroke::new(QUIET, 1.0));
        if let Some((low, middle, high)) = year.quartiles {
            let y = base + 13.0;
            canvas.rect((at(low), y - 6.0), (at(high) - at(low), 12.0), "#ffffff", Some(Stroke::new(INK, 1.25)));
            canvas.line((at(middle), y - 6.0), (at(middle), y + 6.0), Stroke::new(INK, 3.0));
        }
        if let Some(national) = year.national {
            let (x, y) = (at(national), base + 13.0);
            canvas.mark(super::canvas::Shape::Diamond, (x, y), 9.0, BLUE, "#ffffff");
        }
        if let Some((code, percent)) = &year.own {
            let (x, y) = (at(*percent), base + 33.0);
            canvas.circle((x, y), 4.0, INK, None);
            canvas.ring((x, y), 8.0);
            let words = format!("{code} {}", percent_words(*percent));
            let width = text_width(&words, 12.0) * 1.08;
            let right_side = x + 12.0 + width < right;
            let text = Text::at(if right_side { x + 12.0 } else { x - 12.0 }, y + 4.0).sized(12.0).bold().edged();
            canvas.text(if right_side { text } else { text.end() }, &words);
        }
        if year.percents.is_empty() {
            canvas.text(Text::at(left + 8.0, base - 20.0), "no data");
        }
        top += ROW;
    }
    for (value, words) in scale.ticks() {
        canvas.text(Text::at(at(value), top + 12.0).middle().sized(12.0), &format!("{words}%"));
    }
    let y = top + 30.0;
    canvas.rect((2.0, y - 10.0), (24.0, 11.0), "#ffffff", Some(Stroke::new(INK, 1.25)));
    canvas.line((14.0, y - 10.0), (14.0, y + 1.0), Stroke::new(INK, 3.0));
    canvas.text(Text::at(32.0, y).sized(11.5), "middle half of the services, with the median");
    let (x, y) = layout.pick((300.0, y), (0.0, y + 18.0));
    canvas.mark(super::canvas::Shape::Diamond, (x + 14.0, y - 4.0), 9.0, BLUE, "#ffffff");
    canvas.text(Text::at(x + 32.0, y).sized(11.5), "all patients of all services together");
    canvas.finish(y + 10.0)
}

/// How many values lie in each stretch of five points, from 0 on, those with any.
fn bins(percents: &[f64]) -> Vec<(f64, usize)> {
    let mut places: Vec<f64> = percents.iter().filter(|p| p.is_finite()).map(|p| (p / BIN).floor() * BIN).collect();
    places.sort_by(f64::total_cmp);
    places.chunk_by(|a, b| (b - a).abs() < BIN / 2.0).filter_map(|same| Some((*same.first()?, same.len()))).collect()
}
