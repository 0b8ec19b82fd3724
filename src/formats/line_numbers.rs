//! On which line of its file a CSV row stands.
//!
//! The csv reader notes where it began to look for a row: the LF of a CRLF before it, of which the reader takes the CR for
//! the end, and empty lines, were still to come then.

use std::io::Read;

/// Counts the lines of one file.
#[derive(Debug, Clone, Copy)]
pub struct LineNumbers {
    /// Line feeds that the reader has gone past when it gives a row: none where lines end with CRLF.
    ends: u64,
}

impl LineNumbers {
    /// How a file ends its lines, once a reader has given its first row. Files end their lines all alike.
    pub fn after<R: Read>(reader: &::csv::Reader<R>, first: &::csv::ByteRecord) -> Self {
        let began = first.position().map_or(1, ::csv::Position::line);
        Self { ends: (reader.position().line() - began).min(1) }
    }

    /// The line, from 1, on which the row begins that a reader has just given. Of empty lines before a last row that no
    /// line end follows, one is not counted.
    pub fn of<R: Read>(self, reader: &::csv::Reader<R>, row: &::csv::ByteRecord) -> u64 {
        let began = row.position().map_or(0, ::csv::Position::line);
        let inside = row.as_slice().split(|byte| *byte == b'\n').count().saturating_sub(1);
        began + (reader.position().line() - began).saturating_sub(u64::try_from(inside).unwrap_or(0) + self.ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stands_where_an_editor_shows_it() {
        for (ends, capacity) in [("\n", 1), ("\r\n", 1), ("\n", 2), ("\r\n", 2), ("\r\n", 8192)] {
            let text = ["a,b", "1,\"two\nlines\"", "3,4", "", "5,6", ""].join(ends);
            let mut reader =
                ::csv::ReaderBuilder::new().has_headers(false).buffer_capacity(capacity).from_reader(text.as_bytes());
            let mut row = ::csv::ByteRecord::new();
            assert!(reader.read_byte_record(&mut row).unwrap());
            let lines = LineNumbers::after(&reader, &row);
            let mut found = Vec::new();
            while reader.read_byte_record(&mut row).unwrap() {
                found.push(lines.of(&reader, &row));
            }
            assert_eq!(found, [2, 4, 6], "{ends:?} {capacity}");
        }
    }
}
