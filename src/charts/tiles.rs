//! Areas as tiles of one size, roughly where they lie: a small area is as easy to see as a large one.

use super::canvas::{Canvas, INK, Layout, QUIET, Stroke, Text, shortened};
use super::grade::GradeMark;
use super::map::MapChart;
use crate::locales::Words;

/// An area.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Its code.
    pub code: String,
    /// Its name, short.
    pub name: String,
    /// The figure in per cent and its grade; `None` where no service of the area has one.
    pub figure: Option<(f64, GradeMark)>,
    /// The reader's own area.
    pub own: bool,
}

/// Where the tile of each ICB and health board lies: column and row.
const PLACES: [(&str, (u8, u8)); 50] = [
    ("QHM", (5, 0)),
    ("QE1", (4, 1)),
    ("QWO", (5, 1)),
    ("QOQ", (6, 1)),
    ("QYG", (3, 2)),
    ("QOP", (4, 2)),
    ("QF7", (5, 2)),
    ("QJM", (6, 2)),
    ("QOC", (3, 3)),
    ("QNC", (4, 3)),
    ("QJ2", (5, 3)),
    ("QT1", (6, 3)),
    ("QMM", (8, 3)),
    ("QUA", (3, 4)),
    ("QHL", (4, 4)),
    ("QK1", (5, 4)),
    ("QPM", (6, 4)),
    ("QUE", (7, 4)),
    ("QJG", (8, 4)),
    ("QGH", (3, 5)),
    ("QWU", (4, 5)),
    ("QHG", (5, 5)),
    ("QM7", (6, 5)),
    ("QH8", (7, 5)),
    ("QR1", (3, 6)),
    ("QU9", (4, 6)),
    ("QRV", (5, 6)),
    ("QMJ", (6, 6)),
    ("QMF", (7, 6)),
    ("QUY", (2, 7)),
    ("QOX", (3, 7)),
    ("QNQ", (4, 7)),
    ("QWE", (5, 7)),
    ("QKK", (6, 7)),
    ("QKS", (7, 7)),
    ("QT6", (0, 8)),
    ("QJK", (1, 8)),
    ("QSL", (2, 8)),
    ("QVV", (3, 8)),
    ("QRL", (4, 8)),
    ("QXU", (5, 8)),
    ("QNX", (6, 8)),
    ("7A1", (1, 3)),
    ("7A2", (0, 4)),
    ("7A7", (1, 4)),
    ("7A3", (0, 5)),
    ("7A5", (1, 5)),
    ("7A6", (2, 5)),
    ("7A4", (1, 6)),
    ("N92000002", (1, 1)),
];

/// Tiles in a row.
const COLUMNS: u8 = 9;

/// Draws the tiles from a corner on, `width` wide; gives the height. Areas without a place come in rows below.
pub(super) fn tiles(
    canvas: &mut Canvas,
    (left, top): (f64, f64),
    width: f64,
    chart: &MapChart<'_>,
    layout: Layout,
) -> f64 {
    let tiles = chart.tiles;
    let side = width / f64::from(COLUMNS);
    let place = |tile: &Tile| PLACES.iter().find(|(code, _)| *code == tile.code).map(|(_, place)| *place);
    let mut draw = |(column, row): (u8, u8), tile: &Tile| {
        let corner = (left + side * f64::from(column), top + side * f64::from(row));
        drawn(canvas, corner, side, tile, chart.words, layout);
    };
    let mut lowest = 0_u8;
    for tile in tiles {
        if let Some((column, row)) = place(tile) {
            lowest = lowest.max(row);
            draw((column, row), tile);
        }
    }
    let others: Vec<&Tile> = tiles.iter().filter(|tile| place(tile).is_none()).collect();
    let mut row = if tiles.len() == others.len() { 0 } else { lowest.saturating_add(1) };
    for line in others.chunks(usize::from(COLUMNS)) {
        for (column, tile) in (0..COLUMNS).zip(line) {
            draw((column, row), tile);
        }
        row = row.saturating_add(1);
    }
    side * f64::from(row.max(lowest.saturating_add(1)))
}

fn drawn(canvas: &mut Canvas, (x, y): (f64, f64), side: f64, tile: &Tile, words: Words, layout: Layout) {
    let (corner, size) = ((x + 1.0, y + 1.0), (side - 2.0, side - 2.0));
    let middle = x + side / 2.0;
    let name = shortened(&tile.name, layout.pick(8.5, 8.0), side - 4.0);
    if let Some((percent, grade)) = tile.figure {
        canvas.rect(corner, size, grade.fill(), None);
        let ink = |text: Text| Text { fill: grade.ink(), ..text };
        canvas.text(ink(Text::at(middle, y + side * 0.36).middle().sized(layout.pick(8.5, 8.0))), &name);
        // In English the first letter of the word is the letter of the grade; so it is in the others.
        let word = if grade.letter().is_empty() { String::new() } else { words.said(grade.word()).to_uppercase() };
        let figure = format!("{percent:.0}% {}", word.chars().take(1).collect::<String>());
        canvas.text(ink(Text::at(middle, y + side * 0.72).middle().sized(11.0).bold()), figure.trim_end());
    } else {
        let dashed = Stroke::new(QUIET, 1.0).dashed("3 2");
        canvas.rect((x + 1.5, y + 1.5), (side - 3.0, side - 3.0), "#ffffff", Some(dashed));
        canvas.text(Text::at(middle, y + side * 0.36).middle().sized(layout.pick(8.5, 8.0)), &name);
        canvas.text(Text::at(middle, y + side * 0.72).middle().sized(10.0).quiet(), &words.said("none"));
    }
    if tile.own {
        canvas.rect(corner, size, "none", Some(Stroke::new(INK, 3.0)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_tile_has_a_place_of_its_own() {
        let places: BTreeSet<_> = PLACES.iter().map(|(_, place)| *place).collect();
        let codes: BTreeSet<_> = PLACES.iter().map(|(code, _)| *code).collect();
        assert_eq!((places.len(), codes.len()), (PLACES.len(), PLACES.len()));
        let areas = include_str!("../../seeds/areas.csv");
        let wanted = areas.lines().filter(|line| line.contains(",icb,") || line.contains(",health_board,"));
        for line in wanted {
            let code = line.split(',').next().unwrap();
            assert!(codes.contains(code), "{line} has no tile");
        }
    }
}
