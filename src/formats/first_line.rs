//! Line numbers of CSV rows in files whose lines end in CRLF.
//!
//! The csv reader takes a row to end at the CR, so that the LF is counted with the next row, after the position of that
//! row was noted: every row but the first then seems to stand a line higher than it does.

use std::io::{self, Read};

/// Passes bytes on, and notes how the first line ends. Files end their lines all alike.
#[derive(Debug)]
pub struct FirstLine<R> {
    inner: R,
    last: u8,
    ends_in_crlf: Option<bool>,
}

impl<R> FirstLine<R> {
    /// Nothing is read yet.
    pub fn new(inner: R) -> Self {
        Self { inner, last: 0, ends_in_crlf: None }
    }

    /// The line on which a row stands, from 1.
    pub fn line_of(&self, row: &::csv::ByteRecord) -> u64 {
        let line = row.position().map_or(0, ::csv::Position::line);
        let is_first = row.position().is_some_and(|position| position.byte() == 0);
        line + u64::from(!is_first && self.ends_in_crlf == Some(true))
    }
}

impl<R: Read> Read for FirstLine<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.ends_in_crlf.is_none() {
            for byte in buffer.iter().take(read) {
                if *byte == b'\n' {
                    self.ends_in_crlf = Some(self.last == b'\r');
                    break;
                }
                self.last = *byte;
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stands_where_an_editor_shows_it() {
        for (ends, from) in [("\n", 1), ("\r\n", 1), ("\n", 2), ("\r\n", 2)] {
            let text = ["a,b", "1,\"two\nlines\"", "3,4", "5,6"].join(ends);
            let input = FirstLine::new(text.as_bytes());
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).buffer_capacity(from).from_reader(input);
            let mut row = ::csv::ByteRecord::new();
            let mut lines = Vec::new();
            while reader.read_byte_record(&mut row).unwrap() {
                lines.push(reader.get_ref().line_of(&row));
            }
            assert_eq!(lines, [1, 2, 4, 5], "{ends:?}");
        }
    }
}
