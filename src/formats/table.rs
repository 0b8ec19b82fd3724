//! A table of figures for people: the same cells make the page and the download, so the two cannot differ.

use std::cmp::Ordering;
use std::io;
use std::ops::Range;

use super::csv::guarded;
use super::display::{percent, thousands};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in files and addresses: `interval_low`.
    pub key: &'static str,
    /// Its heading on the page; a column without one is for the file alone.
    pub heading: &'static str,
    /// It holds numbers.
    pub numeric: bool,
}

impl Column {
    /// A column of text.
    pub fn text(key: &'static str, heading: &'static str) -> Self {
        Self { key, heading, numeric: false }
    }

    /// A column of numbers.
    pub fn number(key: &'static str, heading: &'static str) -> Self {
        Self { key, heading, numeric: true }
    }
}

/// A cell: what the page prints, what the file holds, and what it is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// On the page.
    pub shown: String,
    /// Under it on the page, smaller.
    pub beside: String,
    /// A word that the page sets off with a mark of its own: `green`, `much_higher`.
    pub mark: &'static str,
    value: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    /// No data: the file holds nothing.
    Missing,
}

impl Cell {
    /// Text.
    pub fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { shown: words.clone(), beside: String::new(), mark: "", value: Value::Text(words) }
    }

    /// No data, in words for the page.
    pub fn missing(words: &str) -> Self {
        Self { shown: words.into(), beside: String::new(), mark: "", value: Value::Missing }
    }

    /// A number that the page prints in words of its own.
    pub fn number(value: Option<f64>, words: impl FnOnce(f64) -> String) -> Self {
        match value.filter(|value| value.is_finite()) {
            Some(value) => Self { shown: words(value), beside: String::new(), mark: "", value: Value::Number(value) },
            None => Self::missing("no data"),
        }
    }

    /// A percentage, printed to one place.
    pub fn percent(value: Option<f64>) -> Self {
        Self::number(value, |value| format!("{}%", percent(value / 100.0)))
    }

    /// People.
    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
    pub fn count(value: Option<i64>) -> Self {
        Self::number(value.map(|value| value as f64), |_| thousands(value.unwrap_or_default()))
    }

    /// The same with other words on the page.
    pub fn shown_as(self, words: &str) -> Self {
        Self { shown: words.to_owned(), ..self }
    }

    /// The same with a line under it.
    pub fn with(self, beside: impl Into<String>) -> Self {
        Self { beside: beside.into(), ..self }
    }

    /// The same as a word with a mark.
    pub fn marked(self, mark: &'static str) -> Self {
        Self { mark, ..self }
    }

    /// The number that it holds, unrounded, where it holds one.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            Value::Number(value) => Some(value),
            Value::Text(_) | Value::Missing => None,
        }
    }

    /// What a file holds.
    pub fn field(&self) -> String {
        match &self.value {
            // Numbers may begin with a minus; text may not look like a formula.
            Value::Number(value) => value.to_string(),
            Value::Text(text) => guarded(text.clone()),
            Value::Missing => String::new(),
        }
    }

    /// In order, the missing last whichever way round.
    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let turned = |ordering: Ordering| if descending { ordering.reverse() } else { ordering };
        match (&self.value, &other.value) {
            (Value::Missing, Value::Missing) => Ordering::Equal,
            (Value::Missing, _) => Ordering::Greater,
            (_, Value::Missing) => Ordering::Less,
            (Value::Number(a), Value::Number(b)) => turned(a.total_cmp(b)),
            (Value::Text(a), Value::Text(b)) => turned(a.cmp(b)),
            (Value::Number(_), Value::Text(_)) => Ordering::Less,
            (Value::Text(_), Value::Number(_)) => Ordering::Greater,
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// The reader's own service.
    pub own: bool,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What it shows, in a line.
    pub caption: String,
    /// Its columns; the first names the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

impl Table {
    /// A table of which only some rows are made: of `items`, in the order of a column (its key, and whether descending),
    /// those at `part`. Of the others no cell is made but the one that they are sorted by.
    pub fn part_of<T>(
        caption: String,
        columns: Vec<Column>,
        items: impl Iterator<Item = T>,
        sort: Option<(&str, bool)>,
        part: Range<usize>,
        cell: impl Fn(&T, &'static str) -> Cell,
        own: impl Fn(&T) -> bool,
    ) -> Self {
        let mut items: Vec<T> = items.collect();
        let by =
            sort.and_then(|(key, descending)| Some((columns.iter().find(|column| column.key == key)?, descending)));
        if let Some((column, descending)) = by {
            let mut keyed: Vec<(Cell, T)> = items.into_iter().map(|item| (cell(&item, column.key), item)).collect();
            keyed.sort_by(|(a, _), (b, _)| a.compare(b, descending));
            items = keyed.into_iter().map(|(_, item)| item).collect();
        }
        let wanted = items.iter().skip(part.start).take(part.len());
        let rows = wanted
            .map(|item| TableRow {
                cells: columns.iter().map(|column| cell(item, column.key)).collect(),
                own: own(item),
            })
            .collect();
        Self { caption, columns, rows }
    }

    /// Sorts the rows by a column; rows that are equal stay in their order. Without such a column nothing moves.
    pub fn sort(&mut self, key: &str, descending: bool) {
        let Some(place) = self.columns.iter().position(|column| column.key == key) else { return };
        self.rows.sort_by(|a, b| match (a.cells.get(place), b.cells.get(place)) {
            (Some(a), Some(b)) => a.compare(b, descending),
            _ => Ordering::Equal,
        });
    }

    /// The table as a CSV file for people, which spreadsheets know for UTF-8 by its mark.
    pub fn csv(&self) -> io::Result<Vec<u8>> {
        let mut writer = ::csv::WriterBuilder::new().from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(self.columns.iter().map(|column| column.key))?;
        for row in &self.rows {
            writer.write_record(row.cells.iter().map(Cell::field))?;
        }
        writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |name: &str, value| TableRow { cells: vec![Cell::text(name), Cell::percent(value)], own: false };
        Table {
            caption: "A table".into(),
            columns: vec![Column::text("service", "Service"), Column::number("change", "Change")],
            rows: vec![row("=1+1", Some(-2.55)), row("B, \"b\"", None), row("C", Some(103.0))],
        }
    }

    #[test]
    fn the_file_has_unrounded_numbers_and_no_formulas() {
        let text = String::from_utf8(table().csv().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}service,change\n'=1+1,-2.55\n\"B, \"\"b\"\"\",\nC,103\n");
    }

    #[test]
    fn what_is_missing_comes_last_whichever_way_round() {
        let mut table = table();
        let names = |table: &Table| table.rows.iter().map(|row| row.cells[0].shown.clone()).collect::<Vec<_>>();
        table.sort("change", false);
        assert_eq!(names(&table), ["=1+1", "C", "B, \"b\""]);
        table.sort("change", true);
        assert_eq!(names(&table), ["C", "=1+1", "B, \"b\""]);
        table.sort("no such column", true);
        assert_eq!(names(&table), ["C", "=1+1", "B, \"b\""]);
    }
}
