//! Staff in post against the recommended range, a service a row, on two bases at once.
//!
//! Each row has two lanes. A dot marks staff in post; a line leads from it to the recommended range, which is a filled
//! bar on the first basis and an outlined bar with round ends on the second. A lane without figures has words instead,
//! so that nothing looks like zero.

use super::escape;
use super::scale::Scale;

/// One lane of a service: one basis.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Lowest and highest need.
    pub need: Option<(f64, f64)>,
    /// What to print where there are no figures.
    pub words: String,
}

/// One service.
#[derive(Debug, Clone, PartialEq)]
pub struct GapBarRow {
    /// Its short name, printed above its lanes.
    pub label: String,
    /// The reader's own service: a ring goes round its dots.
    pub ringed: bool,
    /// WTE in post.
    pub in_post: Option<f64>,
    /// The two bases.
    pub lanes: [Lane; 2],
}

/// A chart, or one panel of it.
#[derive(Debug, Clone, PartialEq)]
pub struct GapBars<'a> {
    /// Unique on the page; ties the title to the drawing.
    pub id: &'a str,
    /// What it shows, in a line.
    pub title: &'a str,
    /// How to read it, for those who cannot see it.
    pub description: &'a str,
    /// The name of each lane, short.
    pub lanes: [&'a str; 2],
    /// The services of this panel.
    pub rows: &'a [GapBarRow],
    /// The services that the scale has to hold: those of every panel, so that panels compare.
    pub scale_rows: &'a [GapBarRow],
}

const HEAD: f64 = 26.0;
const ROW: f64 = 54.0;
/// How far below the top of its row each lane lies.
const LANES: [f64; 2] = [27.0, 42.0];
/// Where the plot begins and how wide it is, in per cent of the drawing: lane names stand before it.
const PLOT: (f64, f64) = (12.0, 84.0);

const INK: &str = "#212b32";
const RANGE: &str = "#005eb8";
const GRID: &str = "#aeb7bd";

/// Draws a panel.
pub fn gap_bars(chart: &GapBars<'_>) -> String {
    let values = chart.scale_rows.iter().flat_map(|row| {
        let needs = row.lanes.iter().filter_map(|lane| lane.need).flat_map(|(low, high)| [low, high]);
        needs.chain(row.in_post).collect::<Vec<_>>()
    });
    let scale = Scale::around(values, 7.0);
    let count = u32::try_from(chart.rows.len()).unwrap_or(u32::MAX);
    let height = HEAD + ROW * f64::from(count) + 6.0;
    let (id, title, description) = (escape(chart.id), escape(chart.title), escape(chart.description));
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="app-chart" role="img" aria-labelledby="{id}-title {id}-desc" width="100%" height="{height}" font-family="Arial, sans-serif" font-size="13" fill="{INK}"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>"#
    );
    svg.push_str(&axis(&scale, height));
    for (place, row) in (0..count).zip(chart.rows) {
        svg.push_str(&drawn_row(chart, &scale, row, HEAD + ROW * f64::from(place)));
    }
    svg.push_str("</svg>");
    svg
}

/// Opens the part of the drawing in which per cents are of the plot.
fn plot() -> String {
    format!(r#"<svg x="{}%" width="{}%" overflow="visible">"#, PLOT.0, PLOT.1)
}

fn axis(scale: &Scale, height: f64) -> String {
    let mut svg = plot();
    let ticks = scale.ticks();
    let last = ticks.len().saturating_sub(1);
    for (place, (value, words)) in ticks.into_iter().enumerate() {
        let x = scale.place(value);
        let (unit, anchor) = if place == last { (" WTE", "end") } else { ("", "middle") };
        let bottom = height - 4.0;
        svg.push_str(&format!(
            r#"<line x1="{x:.2}%" x2="{x:.2}%" y1="18" y2="{bottom}" stroke="{GRID}" stroke-width="1"/><text x="{x:.2}%" y="13" text-anchor="{anchor}" font-size="12">{words}{unit}</text>"#
        ));
    }
    svg.push_str("</svg>");
    svg
}

fn drawn_row(chart: &GapBars<'_>, scale: &Scale, row: &GapBarRow, top: f64) -> String {
    let weight = if row.ringed { r#" font-weight="bold""# } else { "" };
    // The stylesheet gives the letters an edge in the colour of the page, which keeps them readable over the grid.
    let mut svg =
        format!(r#"<text x="0" y="{:.1}"{weight} class="app-chart-name">{}</text>"#, top + 13.0, escape(&row.label));
    for (index, (name, lane)) in chart.lanes.into_iter().zip(&row.lanes).enumerate() {
        let y = top + LANES.get(index).copied().unwrap_or_default();
        svg.push_str(&format!(r#"<text x="0" y="{:.1}" font-size="11">{}</text>"#, y + 4.0, escape(name)));
        svg.push_str(&plot());
        svg.push_str(&drawn_lane(scale, row, lane, index == 0, y));
        svg.push_str("</svg>");
    }
    svg
}

fn drawn_lane(scale: &Scale, row: &GapBarRow, lane: &Lane, first: bool, y: f64) -> String {
    let need = lane.need.filter(|(low, high)| low.is_finite() && high.is_finite());
    let in_post = row.in_post.filter(|value| value.is_finite());
    let mut svg = String::new();
    if let Some((low, high)) = need {
        if let Some(present) = in_post.filter(|present| *present < low || *present > high) {
            let near = scale.place(if present < low { low } else { high });
            let from = scale.place(present);
            let dash = if first { "" } else { r#" stroke-dasharray="3 3""# };
            svg.push_str(&format!(
                r#"<line x1="{from:.2}%" x2="{near:.2}%" y1="{y:.1}" y2="{y:.1}" stroke="{INK}" stroke-width="1.5"{dash}/>"#
            ));
        }
        let shape = if first {
            format!(r#"fill="{RANGE}""#)
        } else {
            format!(r##"fill="#fff" stroke="{RANGE}" stroke-width="2" rx="4""##)
        };
        let (left, right) = (scale.place(low), scale.place(high));
        svg.push_str(&format!(
            r#"<rect x="{left:.2}%" width="{:.2}%" y="{:.1}" height="9" {shape}/>"#,
            (right - left).max(0.2),
            y - 4.5
        ));
    }
    if let (Some(_), Some(present)) = (need, in_post) {
        let x = scale.place(present);
        svg.push_str(&format!(r##"<circle cx="{x:.2}%" cy="{y:.1}" r="4.5" fill="{INK}" stroke="#fff"/>"##));
        if row.ringed {
            svg.push_str(&format!(
                r#"<circle cx="{x:.2}%" cy="{y:.1}" r="6.5" fill="none" stroke="{INK}" stroke-width="1.5"/>"#
            ));
        }
    } else {
        // Beside the range where there is room, else before it.
        let after = need.map_or(0.0, |(_, high)| scale.place(high));
        let x = if after > 50.0 { 1.0 } else { after + 1.0 };
        svg.push_str(&format!(
            r#"<text x="{x:.2}%" y="{:.1}" font-size="12" font-style="italic">{}</text>"#,
            y + 4.0,
            escape(&lane.words)
        ));
    }
    svg
}

/// The key to the shapes, to stand above the panels. `lanes` are the names of the bases in full.
pub fn gap_bars_key(lanes: [&str; 2]) -> String {
    let entry = |shape: &str, words: &str| {
        format!(
            r#"<li><svg xmlns="http://www.w3.org/2000/svg" width="28" height="14" aria-hidden="true" focusable="false">{shape}</svg> {}</li>"#,
            escape(words)
        )
    };
    let dot = format!(r#"<circle cx="14" cy="7" r="4.5" fill="{INK}"/>"#);
    let filled = format!(r#"<rect x="2" y="2.5" width="24" height="9" fill="{RANGE}"/>"#);
    let outlined = format!(
        r##"<rect x="2" y="2.5" width="24" height="9" rx="4" fill="#fff" stroke="{RANGE}" stroke-width="2"/>"##
    );
    let [first, second] = lanes;
    format!(
        r#"<ul class="app-chart-key">{}{}{}</ul>"#,
        entry(&dot, "in post"),
        entry(&filled, &format!("recommended range, {first}")),
        entry(&outlined, &format!("recommended range, {second}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(in_post: Option<f64>, needs: [Option<(f64, f64)>; 2]) -> GapBarRow {
        let lanes = needs.map(|need| Lane { need, words: "Population missing".into() });
        GapBarRow { label: "FLS001 A & B <FLS>".into(), ringed: true, in_post, lanes }
    }

    fn drawn(rows: &[GapBarRow], scale_rows: &[GapBarRow]) -> String {
        gap_bars(&GapBars {
            id: "chart",
            title: "Nurses in post",
            description: "A dot and two bars for each service.",
            lanes: ["All", "50+"],
            rows,
            scale_rows,
        })
    }

    #[test]
    fn a_chart_has_a_title_a_description_and_no_nonsense() {
        let rows = [
            row(Some(1.6), [Some((9.17, 10.78)), Some((4.09, 4.7))]),
            row(None, [Some((9.0, 10.0)), None]),
            row(Some(0.0), [Some((f64::NAN, 1.0)), Some((0.0, 0.0))]),
            row(Some(f64::INFINITY), [None, Some((1.0, f64::INFINITY))]),
        ];
        for shown in [&rows[..], &rows[..1], &[]] {
            let svg = drawn(shown, shown);
            assert!(svg.contains("<title id=\"chart-title\">Nurses in post</title>"), "{svg}");
            assert!(svg.contains("<desc id=\"chart-desc\">"), "{svg}");
            for nonsense in ["NaN", "inf%", "A & B", "<FLS>", " style="] {
                assert!(!svg.contains(nonsense), "{nonsense} in {svg}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_said_in_words_and_has_no_dot() {
        let rows = [row(Some(1.6), [None, None])];
        let svg = drawn(&rows, &rows);
        assert!(svg.contains("Population missing") && !svg.contains("<circle"), "{svg}");
        let rows = [row(Some(0.0), [Some((1.0, 2.0)), None])];
        let svg = drawn(&rows, &rows);
        assert!(svg.contains(r#"<circle cx="0.00%""#), "a real 0 is drawn: {svg}");
    }

    #[test]
    fn panels_of_one_chart_share_their_scale() {
        let rows = [row(Some(1.0), [Some((1.0, 2.0)), None]), row(Some(1.0), [Some((90.0, 100.0)), None])];
        assert!(drawn(&rows[..1], &rows).contains("100 WTE"));
    }
}
