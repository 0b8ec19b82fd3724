//! The feedback of a service as a small workbook, for the governance meeting.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::WorkbookError;
use super::layout::Sheet;
use super::style::{Group, Look, Style};

/// A table of the feedback: its title, its headers, its rows.
#[derive(Debug, Clone, Default)]
pub struct FeedbackTable {
    /// What it shows.
    pub title: String,
    /// The columns.
    pub headers: Vec<&'static str>,
    /// The rows, as wide as the headers.
    pub rows: Vec<Vec<String>>,
}

/// The feedback of a service.
#[derive(Debug, Clone, Default)]
pub struct FeedbackSheet {
    /// "Feedback for FLS012 …".
    pub title: String,
    /// The round under its names.
    pub round: String,
    /// The sentence that holds on either basis.
    pub statement: String,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The tables, in the order of the page.
    pub tables: Vec<FeedbackTable>,
}

const WIDTHS: [f64; 6] = [44.0, 26.0, 26.0, 26.0, 22.0, 22.0];

/// Writes the feedback. Pure: the same feedback gives the same bytes. Figures that stand beside words are text here; the
/// gap workbook has them as numbers.
pub fn feedback_workbook(feedback: &FeedbackSheet) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&feedback.title)
            .set_author("facilities-audit")
            .set_creation_datetime(&ExcelDateTime::from_ymd(2022, 1, 1)?),
    );
    let mut sheet = Sheet::plain(&mut workbook, "Feedback", &WIDTHS)?;
    let mut row = 0;
    if feedback.synthetic {
        sheet.text(row, 0, "Synthetic data: every service and figure here is invented", Style::Warning)?;
        row += 1;
    }
    sheet.text(row, 0, &feedback.title, Style::Title)?;
    sheet.text(row + 1, 0, &feedback.round, Style::Lead)?;
    sheet.text(row + 2, 0, &feedback.statement, Style::Lead)?;
    row += 4;
    for table in &feedback.tables {
        sheet.section(row, 6, &table.title)?;
        row += 1;
        for (header, column) in table.headers.iter().zip(0..) {
            sheet.text(row, column, header, Style::Header(Group::Subject, Look::Words))?;
        }
        row += 1;
        for cells in &table.rows {
            for (cell, column) in cells.iter().zip(0..) {
                sheet.text(row, column, cell, Style::Wrapped)?;
            }
            let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
            sheet.fit(row, &texts)?;
            row += 1;
        }
        row += 1;
    }
    sheet.inner.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&L&A&RPage &P of &N");
    Ok(workbook.save_to_buffer()?)
}
