//! The sheet *Data dictionary*: every column of every sheet, with what it means and its unit.

use super::layout::{Column, Heading, Paper, Sheet};
use super::style::Style;
use super::writing::Writing;
use super::{DICTIONARY, WorkbookError};

pub(super) fn write(
    writing: &mut Writing<'_>,
    sheets: &[(String, Vec<Column>)],
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Sheet", 20.0).means("Name of the sheet", "text"),
        Column::words("Column", 44.0).means("Header of the column", "text"),
        Column::words("Meaning", 100.0).means("What stands in it", "text"),
        Column::words("Unit", 24.0).means("Unit, or the words that may stand in it", "text"),
    ];
    let lead =
        "Every column of this workbook. WTE: whole-time equivalents. A blank cell is not known, which is not zero.";
    let mut sheet = Sheet::begin(writing, DICTIONARY, heading, lead, &columns, Paper::A4, 0)?;
    let header = heading.header_row();
    let all = sheets.iter().flat_map(|(name, columns)| columns.iter().map(move |column| (name, column)));
    let mut last = header + 1;
    for (row, (name, column)) in (header + 1..).zip(all) {
        last = row;
        let [header, meaning, unit] = column.described(heading.words);
        sheet.say(row, 0, name, Style::Text)?;
        sheet.text(row, 1, &header, Style::Wrapped)?;
        sheet.text(row, 2, &meaning, Style::Wrapped)?;
        sheet.text(row, 3, &unit, Style::Wrapped)?;
        sheet.fit(row, &["", &header, &meaning, &unit])?;
    }
    sheet.inner.autofilter(header, 0, last, 3)?;
    Ok(())
}
