//! What all sheets share: the lines at the top, texts in the reader's language, cells that carry their computed value,
//! print setup.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write as _};

use rust_xlsxwriter::utility::quote_sheet_name;
use rust_xlsxwriter::{
    Color, ConditionalFormatDataBar, ConditionalFormatText, ConditionalFormatTextRule, Format, Formula,
    ProtectionOptions, Workbook, Worksheet,
};

use super::WorkbookError;
use super::services::role_heading;
use super::style::{GREY, Group, Look, RED, Style};
use super::writing::Writing;
use crate::domain::workforce::report::GapReport;
use crate::formats::wording::round_names;
use crate::locales::Words;

/// What is written where a sum counts no service: 0 would read as "no gap".
pub(super) const NO_FIGURE: &str = "n/a";

/// The computed value that a formula is stored with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stored<'a> {
    /// A number.
    Number(f64),
    /// A text of the data, as it is.
    Text(&'a str),
    /// A word of ours, in the language of the workbook.
    Word(&'a str),
}

impl From<f64> for Stored<'_> {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

/// The lines at the top of every sheet, and the words that all of it is written in.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// The words of the reader's language.
    pub(super) words: Words,
    synthetic: bool,
    round: String,
}

impl Heading {
    pub(super) fn new(report: &GapReport, words: Words) -> Self {
        let round = ("round", words.phrase(&round_names(&report.round)).into());
        let round = match &report.area {
            Some((code, name)) => {
                let area = [round, ("name", name.as_str().into()), ("code", code.as_str().into())];
                words.with("book-round-and-area", &area)
            }
            None => words.with("book-round", &[round]),
        };
        Self { words, synthetic: report.synthetic, round }
    }

    /// The row of the column headers, from 0: under the warning (if any), the title, the round and one lead line.
    pub(super) fn header_row(&self) -> u32 {
        3 + u32::from(self.synthetic)
    }
}

/// One column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// What stands in the header row, in English, after the role that the column is about; unique in its sheet.
    header: String,
    /// In characters.
    width: f64,
    group: Group,
    look: Look,
    /// What stands in it, and its unit, for the data dictionary.
    meaning: String,
    unit: &'static str,
}

impl Column {
    /// A column of text.
    pub(super) fn words(header: &str, width: f64) -> Self {
        Self::new(header.to_owned(), width, Group::Subject, Look::Words)
    }

    fn new(header: String, width: f64, group: Group, look: Look) -> Self {
        Self { header, width, group, look, meaning: String::new(), unit: "" }
    }

    /// A column of figures.
    pub(super) fn figures(header: &str, width: f64) -> Self {
        Self::new(header.to_owned(), width, Group::Subject, Look::Figures)
    }

    /// A narrow column of figures.
    pub(super) fn turned(header: impl Into<String>, width: f64, group: Group) -> Self {
        Self::new(header.into(), width, group, Look::Turned)
    }

    /// The same with what stands in it and its unit.
    pub(super) fn means(self, meaning: impl Into<String>, unit: &'static str) -> Self {
        Self { meaning: meaning.into(), unit, ..self }
    }

    /// Its header: "Nurses: in post" where it is about a role.
    fn header(&self, words: Words) -> Cow<'_, str> {
        let header = words.said(&self.header);
        match self.group {
            Group::Subject => header,
            Group::Role(role) => format!("{}: {header}", words.said(role_heading(role))).into(),
        }
    }

    /// Its header, what stands in it, and its unit.
    pub(super) fn described(&self, words: Words) -> [Cow<'_, str>; 3] {
        [self.header(words), words.said(&self.meaning), words.said(self.unit)]
    }
}

/// The paper that a sheet is fitted to the width of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paper {
    /// For sheets with few columns.
    A4,
    /// For the wide tables, which would be too small on A4.
    A3,
}

/// Height of a line of text, in points.
const LINE: f64 = 13.5;
/// Height of a header row with upright headers, in points: two or three lines of about twenty letters.
const TURNED: f64 = 138.0;

/// A sheet being written.
pub(super) struct Sheet<'a> {
    pub(super) inner: &'a mut Worksheet,
    /// What the texts of the program are said in.
    pub(super) words: Words,
    /// The width of each column, in characters.
    widths: Vec<f64>,
    /// The formats of the styles that were used so far: making one takes longer than writing a cell.
    formats: HashMap<Style, Format>,
    /// The first row under the column headers; `u32::MAX` on a sheet without a table.
    first_row: u32,
    /// What the cells of each column look like unless they say otherwise.
    columns: Vec<Option<Style>>,
}

impl<'a> Sheet<'a> {
    /// Begins a sheet with its heading, its column headers and its print setup. The first `frozen` columns stay in sight.
    /// Its name and the lead line are given in English, or put together in the reader's language.
    pub(super) fn begin(
        writing: &'a mut Writing<'_>,
        name: &str,
        heading: &Heading,
        lead: &str,
        columns: &[Column],
        paper: Paper,
        frozen: u16,
    ) -> Result<Self, WorkbookError> {
        writing.describe(name, columns);
        let inner = &mut *writing.worksheet;
        let words = heading.words;
        let name = words.said(name);
        inner.set_name(name.as_ref())?;
        let header_row = heading.header_row();
        let footer = if heading.synthetic { "&L&A, synthetic data&RPage &P of &N" } else { "&L&A&RPage &P of &N" };
        inner
            .set_landscape()
            .set_paper_size(match paper {
                Paper::A4 => 9,
                Paper::A3 => 8,
            })
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
            .set_footer(words.said(footer))
            .set_repeat_rows(header_row, header_row)?
            .set_freeze_panes(header_row + 1, frozen)?
            .set_screen_gridlines(false)
            // The writer would put 0 where a formula gives an empty text.
            .set_formula_result_default("");
        let mut sheet = Self {
            inner,
            words,
            widths: columns.iter().map(|column| column.width).collect(),
            formats: HashMap::new(),
            first_row: header_row + 1,
            columns: vec![None; columns.len()],
        };
        let mut row = 0;
        sheet.inner.set_row_height(0, 20)?.set_row_height(u32::from(heading.synthetic), 20)?;
        if heading.synthetic {
            sheet.say(row, 0, "Synthetic data: every service and figure here is invented", Style::Warning)?;
            row += 1;
        }
        let title = words.with("book-title", &[("sheet", name.as_ref().into())]);
        sheet.text(row, 0, &title, Style::Title)?;
        sheet.text(row + 1, 0, &heading.round, Style::Lead)?;
        sheet.say(row + 2, 0, lead, Style::Lead)?;
        sheet.header(header_row, columns)?;
        for (index, column) in (0u16..).zip(columns) {
            sheet.inner.set_column_width(index, column.width)?;
        }
        Ok(sheet)
    }

    /// Adds a bare sheet with columns of these widths, in English.
    pub(super) fn plain(workbook: &'a mut Workbook, name: &str, widths: &[f64]) -> Result<Self, WorkbookError> {
        let inner = workbook.add_worksheet();
        inner.set_name(name)?.set_screen_gridlines(false);
        for (column, width) in (0u16..).zip(widths) {
            inner.set_column_width(column, *width)?;
        }
        Ok(Self {
            inner,
            words: Words::default(),
            widths: widths.to_vec(),
            formats: HashMap::new(),
            first_row: u32::MAX,
            columns: Vec::new(),
        })
    }

    /// Prints the headers in this row, and no others, over the pages that follow it.
    pub(super) fn repeat(&mut self, row: u32) -> Result<(), WorkbookError> {
        self.inner.set_repeat_rows(row, row)?;
        Ok(())
    }

    /// Sets the width of columns beyond those of the first table.
    pub(super) fn widen(&mut self, columns: std::ops::Range<u16>, width: f64) -> Result<(), WorkbookError> {
        for column in columns {
            self.inner.set_column_width(column, width)?;
            self.widths.push(width);
            self.columns.push(None);
        }
        Ok(())
    }

    /// Says beforehand how the cells of a column look, where its first cells look otherwise than the many below.
    pub(super) fn column(&mut self, column: u16, style: Style) -> Result<(), WorkbookError> {
        self.inner.set_column_format(column, &style.format())?;
        if let Some(of_column) = self.columns.get_mut(usize::from(column)) {
            *of_column = Some(style);
        }
        Ok(())
    }

    /// A row of column headers.
    pub(super) fn header(&mut self, row: u32, columns: &[Column]) -> Result<(), WorkbookError> {
        let headers: Vec<Cow<'_, str>> = columns.iter().map(|column| column.header(self.words)).collect();
        for ((index, column), header) in (0u16..).zip(columns).zip(&headers) {
            self.text(row, index, header, Style::Header(column.group, column.look))?;
        }
        if columns.iter().any(|column| column.look == Look::Turned) {
            self.inner.set_row_height(row, TURNED)?;
            return Ok(());
        }
        let headers: Vec<&str> = headers.iter().map(Cow::as_ref).collect();
        self.fit(row, &headers)
    }

    /// Makes a row high enough for its texts, one a column; not every program does so by itself.
    pub(super) fn fit(&mut self, row: u32, texts: &[&str]) -> Result<(), WorkbookError> {
        // A column's width counts digits; letters are narrower in the mean, in wide fonts by about a sixth.
        let words = self.words;
        let lines = |text: &str, width: f64| (count(words.said(text).chars().count()) / (width * 1.1 - 2.0)).ceil();
        let most = texts.iter().zip(&self.widths).map(|(text, width)| lines(text, *width)).fold(1.0, f64::max);
        self.inner.set_row_height(row, most * LINE + 2.0)?;
        Ok(())
    }

    /// A text of the program, given in English, in the language of the workbook.
    pub(super) fn say(&mut self, row: u32, column: u16, english: &str, style: Style) -> Result<(), WorkbookError> {
        let said = self.words.said(english);
        self.text(row, column, &said, style)
    }

    /// A text as it is, which stays a text whatever it starts with.
    pub(super) fn text(&mut self, row: u32, column: u16, text: &str, style: Style) -> Result<(), WorkbookError> {
        // Without the prefix a program would read it as a formula as soon as somebody edits the cell.
        if text.starts_with(['=', '+', '-', '@']) {
            let format = style.format().set_quote_prefix();
            self.inner.write_string_with_format(row, column, text, &format)?;
            return Ok(());
        }
        match self.cell(row, column, style)? {
            (sheet, Some(format)) => sheet.write_string_with_format(row, column, text, format)?,
            (sheet, None) => sheet.write_string(row, column, text)?,
        };
        Ok(())
    }

    pub(super) fn number(&mut self, row: u32, column: u16, number: f64, style: Style) -> Result<(), WorkbookError> {
        match self.cell(row, column, style)? {
            (sheet, Some(format)) => sheet.write_number_with_format(row, column, number, format)?,
            (sheet, None) => sheet.write_number(row, column, number)?,
        };
        Ok(())
    }

    /// A number, or nothing where there is none: missing is not zero.
    pub(super) fn given(
        &mut self,
        row: u32,
        column: u16,
        number: Option<f64>,
        style: Style,
    ) -> Result<(), WorkbookError> {
        number.map_or(Ok(()), |number| self.number(row, column, number, style))
    }

    /// A formula with the value that it has.
    pub(super) fn formula<'v>(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        value: impl Into<Stored<'v>>,
        style: Style,
    ) -> Result<(), WorkbookError> {
        let stored = match value.into() {
            // A ratio to a need of nothing has no value; the formulas say the same.
            Stored::Number(number) if !number.is_finite() => self.words.said(NO_FIGURE).into_owned(),
            // 0.0 + x turns −0 into 0, as spreadsheets do.
            Stored::Number(number) => (0.0 + number).to_string(),
            Stored::Text(text) => text.to_owned(),
            Stored::Word(english) => self.words.said(english).into_owned(),
        };
        let formula = Formula::new(formula).set_result(stored);
        match self.cell(row, column, style)? {
            (sheet, Some(format)) => sheet.write_formula_with_format(row, column, formula, format)?,
            (sheet, None) => sheet.write_formula(row, column, formula)?,
        };
        Ok(())
    }

    /// The sheet to write a cell to, and the format of the cell where it is not the one of its column. The first cell under
    /// a column's header sets that: to look a format up for each cell of a long table takes longer than to write it.
    fn cell(
        &mut self,
        row: u32,
        column: u16,
        style: Style,
    ) -> Result<(&mut Worksheet, Option<&Format>), WorkbookError> {
        let of_column = self.columns.get_mut(usize::from(column)).filter(|_| row >= self.first_row);
        if of_column.as_ref().is_some_and(|of_column| **of_column == Some(style)) {
            return Ok((self.inner, None));
        }
        debug_assert!(Style::all().any(|known| known == style), "{style:?} is none of all styles");
        let format = self.formats.entry(style).or_insert_with(|| style.format());
        match of_column {
            Some(of_column) if of_column.is_none() && style.suits_a_column() => {
                self.inner.set_column_format(column, format)?;
                *of_column = Some(style);
                Ok((self.inner, None))
            }
            _ => Ok((self.inner, Some(format))),
        }
    }

    /// Marks a word in a column of words where it stands: bold beside the others, so that it is seen without colour too.
    pub(super) fn strong(&mut self, rows: (u32, u32), column: u16, word: &str) -> Result<(), WorkbookError> {
        let marked = Format::new().set_bold().set_font_color(Color::RGB(RED));
        let rule = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::BeginsWith(self.words.said(word).into_owned()))
            .set_format(marked);
        self.inner.add_conditional_format(rows.0, column, rows.1, column, &rule)?;
        Ok(())
    }

    /// Bars in the cells of a column of figures, behind the figures themselves.
    pub(super) fn bars(&mut self, rows: (u32, u32), column: u16) -> Result<(), WorkbookError> {
        let bars = ConditionalFormatDataBar::new().set_fill_color(Color::RGB(GREY)).set_solid_fill(true);
        self.inner.add_conditional_format(rows.0, column, rows.1, column, &bars)?;
        Ok(())
    }

    /// Keeps formulas from being overwritten by chance, without a password: yellow cells, filters and widths stay free.
    pub(super) fn protect(&mut self) {
        self.inner.protect_with_options(&ProtectionOptions {
            use_autofilter: true,
            sort: true,
            format_cells: true,
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::default()
        });
    }

    /// A heading between the rows of a table.
    pub(super) fn section(&mut self, row: u32, columns: u16, text: &str) -> Result<(), WorkbookError> {
        for column in 1..columns {
            self.inner.write_blank(row, column, &Style::Section.format())?;
        }
        self.say(row, 0, text, Style::Section)
    }
}

/// A cell's relative address, such as `B7`. (There are millions in a large workbook; the writer's own function takes an
/// allocation for each letter.)
pub(super) fn address(row: u32, column: u16) -> String {
    format!("{}{}", Letters(column), row + 1)
}

/// A cell's fixed address, such as `$B$7`.
pub(super) fn absolute(row: u32, column: u16) -> String {
    format!("${}${}", Letters(column), row + 1)
}

/// A column as addresses have it: `A` to `Z`, then `AA` to `ZZ`; no sheet has more.
pub(super) struct Letters(pub(super) u16);

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |place: u16| char::from(b'A' + u8::try_from(place % 26).unwrap_or_default());
        if let Some(first) = (self.0 / 26).checked_sub(1) {
            f.write_char(letter(first))?;
        }
        f.write_char(letter(self.0))
    }
}

/// The name of a sheet as it stands in formulas, without the exclamation mark.
pub(super) fn quoted_sheet(words: Words, name: &str) -> String {
    quote_sheet_name(&words.said(name))
}

/// A cell's fixed address on a sheet as formulas name it, such as `Assumptions!$B$7`.
pub(super) fn fixed_address(quoted_sheet: &str, row: u32, column: u16) -> String {
    format!("{quoted_sheet}!{}", absolute(row, column))
}

/// A count as a cell holds it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}

/// A count of people or cases as a cell holds it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn whole(number: i64) -> f64 {
    number as f64
}

/// The number of rows of a table, as rows of a sheet are counted.
pub(super) fn rows(number: usize) -> Result<u32, WorkbookError> {
    u32::try_from(number).map_err(|_| WorkbookError::TooLarge)
}
