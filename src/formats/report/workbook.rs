//! The national report as a workbook: a sheet a table, with the sentences of its section over it, and the figures as
//! numbers.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Block, Document, Text};
use crate::formats::table::Table;
use crate::locales::Words;

/// Characters that the name of a sheet may have.
const LONGEST_NAME: usize = 31;

/// Characters across which sentences over a table run.
const LEAD: usize = 110;

struct Formats {
    title: Format,
    lead: Format,
    warning: Format,
    head: Format,
    number_head: Format,
    text: Format,
    number: Format,
}

impl Formats {
    fn new() -> Self {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Medium);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            lead: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            warning: Format::new().set_bold().set_background_color("#fff9c4"),
            number_head: head.clone().set_align(FormatAlign::Right),
            head,
            text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            number: Format::new().set_align(FormatAlign::Top).set_num_format("#,##0.##"),
        }
    }
}

/// Writes the report. Pure: the same document gives the same bytes.
pub fn report_workbook(document: &Document, words: Words) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let view = document.view(words);
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&view.title)
            .set_author("facilities-audit")
            .set_creation_datetime(&ExcelDateTime::from_ymd(2022, 1, 1)?),
    );
    let formats = Formats::new();
    let mut names: Vec<String> = Vec::new();
    for section in &document.sections {
        let title = Text::said(words, section.title).text;
        let tables: Vec<&Table> = section
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        let name = sheet_name(&title, &mut names);
        let sheet = workbook.add_worksheet().set_name(name)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&L&A&RPage &P of &N");
        let mut row = 0;
        if let Some(synthetic) = &view.synthetic {
            sheet.write_with_format(row, 0, synthetic, &formats.warning)?;
            row += 1;
        }
        sheet.write_with_format(row, 0, &title, &formats.title)?;
        row += 1;
        let standing = document
            .standing
            .iter()
            .map(|said| words.phrase(said))
            .chain(document.cut.as_ref().map(|cut| words.data_cut(cut)));
        for line in standing.chain(Document::sentences(section, words)) {
            sheet.merge_range(row, 0, row, 7, &line, &formats.lead)?;
            #[expect(clippy::cast_precision_loss, reason = "a number of lines")]
            let lines = line.chars().count().div_ceil(LEAD).max(1) as f64;
            sheet.set_row_height(row, 15.0 * lines)?;
            row += 1;
        }
        row += 1;
        widths(sheet, &tables)?;
        for table in tables {
            row = write_table(sheet, row, table, words, &formats)? + 2;
        }
    }
    workbook.save_to_buffer()
}

/// A name that a sheet may have and that no other has.
fn sheet_name(title: &str, names: &mut Vec<String>) -> String {
    let plain: String = title.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(LONGEST_NAME - 3).collect();
    let plain = plain.trim().trim_matches('\'').to_owned();
    let mut name = plain.clone();
    let mut again = 2;
    while names.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
        name = format!("{plain} {again}");
        again += 1;
    }
    names.push(name.clone());
    name
}

fn widths(sheet: &mut Worksheet, tables: &[&Table]) -> Result<(), XlsxError> {
    for column in 0..8 {
        sheet.set_column_width(column, if column == 0 { 46.0 } else { 16.0 })?;
    }
    for table in tables {
        for (place, column) in (0..).zip(&table.columns) {
            if place > 0 {
                sheet.set_column_width(place, if column.numeric { 13.0 } else { 26.0 })?;
            }
        }
    }
    Ok(())
}

/// Writes a table from a row on; the row after its last.
fn write_table(
    sheet: &mut Worksheet,
    mut row: u32,
    table: &Table,
    words: Words,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    sheet.write_with_format(row, 0, Text::said(words, &table.caption).text, &formats.head)?;
    row += 1;
    for (place, column) in (0..).zip(&table.columns) {
        let head = if column.heading.is_empty() { column.key } else { column.heading };
        let format = if column.numeric { &formats.number_head } else { &formats.head };
        sheet.write_with_format(row, place, Text::said(words, head).text, format)?;
    }
    row += 1;
    for cells in &table.rows {
        for (place, cell) in (0..).zip(&cells.cells) {
            match cell.as_number() {
                Some(number) => sheet.write_with_format(row, place, number, &formats.number)?,
                None => sheet.write_with_format(row, place, Text::said(words, &cell.shown).text, &formats.text)?,
            };
        }
        row += 1;
    }
    Ok(row)
}
