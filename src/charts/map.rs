//! Where services are: bubbles by their expected cases, beside a tile for every area.

use super::canvas::{Canvas, Drawing, GRID, INK, Layout, Stroke, Text, text_width};
use super::grade::GradeMark;
use super::labels::Labels;
use super::tiles::{Tile, tiles};
use crate::locales::Words;

/// A service, or a hospital that no service covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Bubble {
    /// Its code.
    pub label: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Expected cases in a year; the area of the bubble.
    pub expected: f64,
    /// What it is drawn as.
    pub kind: BubbleKind,
    /// The reader's own service.
    pub own: bool,
}

/// What a bubble stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BubbleKind {
    /// A service with a grade.
    Service(GradeMark),
    /// A hospital whose patients no service sees.
    Uncovered,
}

/// A line that closes: degrees east and north.
type Ring = Vec<(f64, f64)>;

/// The coast, ring by ring: Natural Earth's, as `build.rs` thins it.
#[expect(clippy::approx_constant, reason = "the coast passes 3.141 degrees, which is no circle's")]
const COAST: &[&[(f64, f64)]] = include!(concat!(env!("OUT_DIR"), "/coast.rs"));

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct MapChart<'a> {
    /// The bubbles.
    pub bubbles: &'a [Bubble],
    /// The areas.
    pub tiles: &'a [Tile],
    /// The words of its legend.
    pub words: Words,
}

/// England and Wales and what is beside them: west, east, south, north.
const FRAME: (f64, f64, f64, f64) = (-8.3, 2.1, 49.7, 56.0);
/// A degree of longitude in degrees of latitude, half way up.
const SQUEEZE: f64 = 0.603;

/// Draws both maps: beside each other, or one under the other where it is narrow.
pub fn map(chart: &MapChart<'_>, layout: Layout) -> Drawing {
    let mut canvas = Canvas::new(layout);
    let side = layout.pick(372.0, 340.0);
    let mut y = legend(&mut canvas, chart.words, layout);
    let height = bubbles(&mut canvas, (0.0, y), side, chart);
    let (left, top) = layout.pick((side + 14.0, y), (0.0, y + height + 24.0));
    let tall = tiles(&mut canvas, (left, top + 4.0), layout.width() - left, chart, layout);
    y = (y + height).max(top + tall + 4.0);
    canvas.finish(y + 6.0)
}

fn legend(canvas: &mut Canvas, language: Words, layout: Layout) -> f64 {
    let (mut x, mut y) = (8.0, 9.0);
    let mut entry = |canvas: &mut Canvas, draw: &dyn Fn(&mut Canvas, (f64, f64)), words: &str| {
        let width = text_width(words, 11.5) + 30.0;
        if x + width > layout.width() {
            x = 8.0;
            y += 18.0;
        }
        draw(canvas, (x, y));
        canvas.text(Text::at(x + 11.0, y + 4.0).sized(11.5), words);
        x += width;
    };
    for grade in [GradeMark::Green, GradeMark::Amber, GradeMark::Red, GradeMark::Ungraded] {
        entry(canvas, &|canvas, at| grade.draw(canvas, at, 12.0), &language.said(grade.word()));
    }
    let uncovered = |canvas: &mut Canvas, at: (f64, f64)| uncovered(canvas, at, 6.0);
    entry(canvas, &uncovered, &language.said("hospital that no service covers"));
    let note = language.said("Size of the marks: expected cases. Tiles: an area each.");
    canvas.text(Text::at(0.0, y + 24.0).sized(11.0).quiet(), &note);
    y + 34.0
}

fn uncovered(canvas: &mut Canvas, (x, y): (f64, f64), r: f64) {
    canvas.rect((x - r, y - r), (2.0 * r, 2.0 * r), "none", Some(Stroke::new(INK, 1.0)));
    let path = format!(
        "M{:.1} {:.1}L{:.1} {:.1}M{:.1} {:.1}L{:.1} {:.1}",
        x - r,
        y - r,
        x + r,
        y + r,
        x - r,
        y + r,
        x + r,
        y - r
    );
    canvas.path(&path, "none", Some(Stroke::new(INK, 0.75)));
}

fn bubbles(canvas: &mut Canvas, (left, top): (f64, f64), width: f64, chart: &MapChart<'_>) -> f64 {
    let (west, east, south, north) = FRAME;
    let scale = width / ((east - west) * SQUEEZE);
    let height = (north - south) * scale;
    let at =
        |longitude: f64, latitude: f64| (left + (longitude - west) * SQUEEZE * scale, top + (north - latitude) * scale);
    canvas.rect((left, top), (width, height), "#ffffff", Some(Stroke::new(GRID, 1.0)));
    for ring in COAST {
        let points: Vec<(f64, f64)> = clipped(ring).into_iter().map(|(east, north)| at(east, north)).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        if path.len() > 2 {
            canvas.path(&format!("M{}z", path.join("L")), "#eef1f2", Some(Stroke::new("#aeb7bd", 0.75)));
        }
    }
    let shown: Vec<&Bubble> = chart
        .bubbles
        .iter()
        .filter(|b| (west..=east).contains(&b.longitude) && (south..=north).contains(&b.latitude))
        .collect();
    let most = shown.iter().map(|bubble| bubble.expected).fold(1.0, f64::max);
    // Many bubbles are drawn smaller, so that they do not hide each other.
    let largest = if shown.len() > 220 { 9.0 } else { 15.0 };
    let radius = |bubble: &Bubble| (largest * (bubble.expected.max(0.0) / most).sqrt()).max(2.5);
    let mut order = shown.clone();
    order.sort_by(|a, b| b.expected.total_cmp(&a.expected));
    let mut labels = Labels::new((left + 2.0, top + 2.0), (left + width - 2.0, top + height - 2.0));
    for bubble in order.iter().filter(|bubble| bubble.kind == BubbleKind::Uncovered) {
        uncovered(canvas, at(bubble.longitude, bubble.latitude), radius(bubble) * 0.8);
    }
    for bubble in &order {
        let centre = at(bubble.longitude, bubble.latitude);
        if let BubbleKind::Service(grade) = bubble.kind {
            canvas.mark(grade.shape(), centre, radius(bubble) * 2.0, grade.fill(), "#ffffff");
        }
    }
    for bubble in order.iter().filter(|bubble| bubble.own) {
        let centre = at(bubble.longitude, bubble.latitude);
        let ring = radius(bubble) + 5.0;
        canvas.ring(centre, ring);
        labels.reserve(centre, ring);
        if let Some(place) = labels.place(centre, text_width(&bubble.label, 12.0) * 1.08 + ring, 12.0) {
            let shift = if place.x > centre.0 { ring * 0.6 } else { 0.0 };
            canvas.text(Text::at(place.x + shift, place.y).sized(12.0).bold().edged(), &bubble.label);
        }
    }
    if shown.is_empty() {
        let note = chart.words.said("No place is known of any service.");
        canvas.text(Text::at(left + 12.0, top + 24.0).quiet(), &note);
    }
    height
}

/// One of the two coordinates of a point.
type Coordinate = fn((f64, f64)) -> f64;

/// The part of a ring that lies in the frame, edge by edge (Sutherland and Hodgman).
fn clipped(ring: &[(f64, f64)]) -> Ring {
    let (west, east, south, north) = FRAME;
    let sides: [(Coordinate, f64, bool); 4] =
        [(|p| p.0, west, true), (|p| p.0, east, false), (|p| p.1, south, true), (|p| p.1, north, false)];
    let mut points = ring.to_vec();
    for (of, edge, above) in sides {
        let inside = |point: (f64, f64)| if above { of(point) >= edge } else { of(point) <= edge };
        let before = points.iter().cycle().skip(points.len().saturating_sub(1));
        let mut kept = Vec::with_capacity(points.len());
        for (from, to) in before.zip(&points) {
            if inside(*from) != inside(*to) {
                let share = (edge - of(*from)) / (of(*to) - of(*from));
                kept.push((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
            }
            if inside(*to) {
                kept.push(*to);
            }
        }
        points = kept;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_cut_at_the_frame() {
        let inside = clipped(&[(-3.0, 52.0), (-3.0, 60.0), (10.0, 60.0), (10.0, 52.0)]);
        let (west, east, south, north) = FRAME;
        assert!(inside.len() >= 4, "{inside:?}");
        assert!(inside.iter().all(|(x, y)| (west..=east).contains(x) && (south..=north).contains(y)), "{inside:?}");
        assert!(clipped(&[(20.0, 10.0), (21.0, 10.0), (21.0, 11.0)]).is_empty());
    }
}
