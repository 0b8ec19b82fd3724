//! A response as a workbook to be filled in off-line, out and back.
//!
//! A sheet for each section, a row for each cell that can be filled in. What says where a cell belongs (its item, its part,
//! the version it was based on, what stood in it) is in hidden columns of the same row, so that rows may be sorted or
//! cut without harm. The labels are locked without a password: a slip of the hand is kept out, nobody is locked out.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{FilledCell, FilledWorkbook, Unreadable, read};
pub use write::{ResponseBook, response_workbook};

/// The sheet that says what the workbook belongs to. Nobody sees it.
const ABOUT: &str = "About";

/// The sheet with the lists to choose from. Nobody sees it.
const LISTS: &str = "Lists";

/// Stands first in the sheet that says what the workbook belongs to.
const FORMAT: &str = "facilities-audit response 1";

/// The row of the column headers, from 0.
const HEADER_ROW: u32 = 3;

/// The columns that people see.
const NUMBER: u16 = 0;
const QUESTION: u16 = 1;
const PREVIOUS: u16 = 2;
const ANSWER: u16 = 3;
const HOW: u16 = 4;
const EXPLANATION: u16 = 5;

/// The hidden columns.
const LINK_ID: u16 = 6;
const PART: u16 = 7;
const VERSION: u16 = 8;
const BEFORE: u16 = 9;
const EXPLAINED_BEFORE: u16 = 10;

/// What the part column says of the row that heads an item of several rows.
const HEAD: &str = "head";
