//! A [`Table`] as a page prints it where nobody sorts it: the cells that a file of it holds, under their headings.

use serde::Serialize;

use crate::formats::table::{Table, TableRow};

#[derive(Debug, Serialize)]
struct Head {
    text: &'static str,
    numeric: bool,
}

#[derive(Debug, Serialize)]
struct CellView {
    shown: String,
    beside: String,
    numeric: bool,
    first: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    own: bool,
    cells: Vec<CellView>,
}

/// The table: `{{> plain_table path}}`.
#[derive(Debug, Serialize)]
pub(super) struct PlainTable {
    caption: String,
    heads: Vec<Head>,
    rows: Vec<Row>,
}

impl From<&Table> for PlainTable {
    fn from(table: &Table) -> Self {
        let shown = || table.columns.iter().enumerate().filter(|(_, column)| !column.heading.is_empty());
        let cells = |row: &TableRow| {
            let cell = |(place, column): (usize, &crate::formats::table::Column)| {
                let cell = row.cells.get(place)?;
                Some(CellView {
                    shown: cell.shown.clone(),
                    beside: cell.beside.clone(),
                    numeric: column.numeric,
                    first: place == 0,
                })
            };
            shown().filter_map(cell).collect()
        };
        Self {
            caption: table.caption.clone(),
            heads: shown().map(|(_, column)| Head { text: column.heading, numeric: column.numeric }).collect(),
            rows: table.rows.iter().map(|row| Row { own: row.own, cells: cells(row) }).collect(),
        }
    }
}
