//! The sheets of a workbook, written side by side: those of a large country take as long as all the rest together.

use std::panic::resume_unwind;
use std::thread;

use rust_xlsxwriter::{Workbook, Worksheet};

use super::WorkbookError;
use super::layout::Column;
use super::style::Style;

/// What a sheet keeps of the rows that are written to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// All, in memory, so that they can be written in any order.
    Rows,
    /// The one that is being written, so rows are written from the top. Its texts go to the table that sheets share.
    OneRow,
    /// The same, with its texts in its cells: it is written beside the others. (The table numbers texts as they come, so
    /// two that share it at once would give other bytes each time.)
    OneRowBeside,
}

type Write<'w> = Box<dyn FnOnce(&mut Writing<'_>) -> Result<(), WorkbookError> + Send + 'w>;

/// Columns with what the data dictionary says of them, under the name of their sheet.
pub(super) type Described = Vec<(String, Vec<Column>)>;

/// A sheet to be written, and what the workbook has to know of it.
pub(super) struct Writing<'w> {
    pub(super) worksheet: &'w mut Worksheet,
    described: Described,
    names: Vec<(&'static str, String)>,
}

impl<'w> Writing<'w> {
    /// A sheet that is still empty.
    pub(super) fn new(worksheet: &'w mut Worksheet) -> Self {
        Self { worksheet, described: Vec::new(), names: Vec::new() }
    }

    /// Describes columns of a sheet.
    pub(super) fn describe(&mut self, name: &str, columns: &[Column]) {
        self.described.push((name.to_owned(), columns.to_vec()));
    }

    /// Gives a cell a name, by which formulas read it.
    pub(super) fn define_name(&mut self, name: &'static str, address: &str) {
        self.names.push((name, format!("={address}")));
    }
}

/// The sheets of a workbook in their order, each with what writes it.
#[derive(Default)]
pub(super) struct Sheets<'w>(Vec<(Keeps, Write<'w>)>);

impl<'w> Sheets<'w> {
    /// Puts a sheet behind the others.
    pub(super) fn add(
        &mut self,
        keeps: Keeps,
        write: impl FnOnce(&mut Writing<'_>) -> Result<(), WorkbookError> + Send + 'w,
    ) {
        self.0.push((keeps, Box::new(write)));
    }

    /// Writes them into a workbook that has none yet, and gives what they say of their columns.
    pub(super) fn write(self, workbook: &mut Workbook) -> Result<Described, WorkbookError> {
        // Formats are numbered as they come, too.
        for style in Style::all() {
            workbook.register_format(&style.format());
        }
        for (keeps, _) in &self.0 {
            match keeps {
                Keeps::Rows => drop(workbook.add_worksheet()),
                Keeps::OneRow => drop(workbook.add_worksheet_with_low_memory()?),
                Keeps::OneRowBeside => drop(workbook.add_worksheet_with_constant_memory()?),
            }
        }
        let mut writings: Vec<Writing<'_>> = workbook.worksheets_mut().iter_mut().map(Writing::new).collect();
        let all = self.0.into_iter().zip(&mut writings);
        let (beside, others): (Vec<_>, Vec<_>) = all.partition(|((keeps, _), _)| *keeps == Keeps::OneRowBeside);
        let write_each = |sheets: Vec<((Keeps, Write<'w>), &mut Writing<'_>)>| {
            sheets.into_iter().try_for_each(|((_, write), writing)| write(writing))
        };
        thread::scope(|scope| {
            let beside = scope.spawn(|| write_each(beside));
            let others = write_each(others);
            others.and(beside.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })?;
        let (mut described, mut names) = (Described::new(), Vec::new());
        for mut writing in writings {
            described.append(&mut writing.described);
            names.append(&mut writing.names);
        }
        for (name, address) in names {
            workbook.define_name(name, &address)?;
        }
        Ok(described)
    }
}
