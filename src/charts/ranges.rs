//! Several readings of one figure under each other: a bar from the lowest to the highest, a tick in the middle where there
//! is one, and a dot for what is there. A reading without figures has words instead, so that nothing looks like zero.

use super::escape;
use super::scale::Scale;

/// One reading.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeRow {
    /// What it is, printed above its bar.
    pub label: String,
    /// Lowest and highest; equal for a single figure.
    pub range: Option<(f64, f64)>,
    /// The middle, where there is one.
    pub middle: Option<f64>,
    /// What is there.
    pub there: Option<f64>,
    /// What to print where there are no figures.
    pub words: String,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranges<'a> {
    /// Unique on the page; ties the title to the drawing.
    pub id: &'a str,
    /// What it shows, in a line.
    pub title: &'a str,
    /// How to read it, for those who cannot see it.
    pub description: &'a str,
    /// The readings.
    pub rows: &'a [RangeRow],
}

const HEAD: f64 = 26.0;
const ROW: f64 = 42.0;
/// Where the plot begins and how wide it is, in per cent of the drawing.
const PLOT: (f64, f64) = (2.0, 94.0);
const INK: &str = "#212b32";
const RANGE: &str = "#005eb8";
const GRID: &str = "#aeb7bd";

/// Draws the readings.
pub fn ranges(chart: &Ranges<'_>) -> String {
    let values = chart.rows.iter().flat_map(|row| {
        let ends = row.range.into_iter().flat_map(|(low, high)| [low, high]);
        ends.chain(row.there).collect::<Vec<_>>()
    });
    let scale = Scale::around(values, 7.0);
    let count = u32::try_from(chart.rows.len()).unwrap_or(u32::MAX);
    let height = HEAD + ROW * f64::from(count) + 6.0;
    let (id, title, description) = (escape(chart.id), escape(chart.title), escape(chart.description));
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="app-chart" role="img" aria-labelledby="{id}-title {id}-desc" width="100%" height="{height}" font-family="Arial, sans-serif" font-size="13" fill="{INK}"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>"#
    );
    svg.push_str(&format!(r#"<svg x="{}%" width="{}%" overflow="visible">"#, PLOT.0, PLOT.1));
    let ticks = scale.ticks();
    let last = ticks.len().saturating_sub(1);
    for (place, (value, words)) in ticks.into_iter().enumerate() {
        let (x, bottom) = (scale.place(value), height - 4.0);
        let (unit, anchor) = if place == last { (" WTE", "end") } else { ("", "middle") };
        svg.push_str(&format!(
            r#"<line x1="{x:.2}%" x2="{x:.2}%" y1="18" y2="{bottom}" stroke="{GRID}" stroke-width="1"/><text x="{x:.2}%" y="13" text-anchor="{anchor}" font-size="12">{words}{unit}</text>"#
        ));
    }
    for (place, row) in (0..count).zip(chart.rows) {
        svg.push_str(&drawn_row(&scale, row, HEAD + ROW * f64::from(place)));
    }
    svg.push_str("</svg></svg>");
    svg
}

fn drawn_row(scale: &Scale, row: &RangeRow, top: f64) -> String {
    let mut svg = format!(r#"<text x="0" y="{:.1}" class="app-chart-name">{}</text>"#, top + 12.0, escape(&row.label));
    let y = top + 26.0;
    let Some((low, high)) = row.range.filter(|(low, high)| low.is_finite() && high.is_finite()) else {
        svg.push_str(&format!(
            r#"<text x="1%" y="{:.1}" font-size="12" font-style="italic">{}</text>"#,
            y + 4.0,
            escape(&row.words)
        ));
        return svg;
    };
    let (left, right) = (scale.place(low), scale.place(high));
    svg.push_str(&format!(
        r#"<rect x="{left:.2}%" width="{:.2}%" y="{:.1}" height="10" fill="{RANGE}"/>"#,
        (right - left).max(0.5),
        y - 5.0
    ));
    if let Some(middle) = row.middle.filter(|value| value.is_finite()) {
        let x = scale.place(middle);
        svg.push_str(&format!(
            r##"<line x1="{x:.2}%" x2="{x:.2}%" y1="{:.1}" y2="{:.1}" stroke="#fff" stroke-width="5"/><line x1="{x:.2}%" x2="{x:.2}%" y1="{:.1}" y2="{:.1}" stroke="{INK}" stroke-width="2"/>"##,
            y - 5.0,
            y + 5.0,
            y - 8.0,
            y + 8.0
        ));
    }
    if let Some(there) = row.there.filter(|value| value.is_finite()) {
        let x = scale.place(there);
        svg.push_str(&format!(r##"<circle cx="{x:.2}%" cy="{y:.1}" r="4.5" fill="{INK}" stroke="#fff"/>"##));
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_words_and_nothing_is_nonsense() {
        let row = |range, middle, there| RangeRow {
            label: "By <ratio> & more".into(),
            range,
            middle,
            there,
            words: "Population missing".into(),
        };
        let rows = [
            row(Some((9.17, 10.78)), None, Some(1.59)),
            row(Some((1.0, 3.0)), Some(2.0), None),
            row(None, None, Some(f64::NAN)),
            row(Some((f64::NAN, 1.0)), Some(f64::INFINITY), None),
        ];
        let svg = ranges(&Ranges { id: "chart", title: "Three views", description: "Bars.", rows: &rows });
        assert_eq!(svg.matches("Population missing").count(), 2, "{svg}");
        assert_eq!(svg.matches("<rect").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 1);
        for nonsense in ["NaN", "inf%", "<ratio>", " style="] {
            assert!(!svg.contains(nonsense), "{nonsense} in {svg}");
        }
    }
}
