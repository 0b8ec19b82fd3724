//! The way out.

use rust_xlsxwriter::utility::{column_number_to_name, row_col_to_cell};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Formula, Workbook,
};

use super::{
    ABOUT, ANSWER, BEFORE, EXPLAINED_BEFORE, EXPLANATION, FORMAT, HEAD, HEADER_ROW, HOW, LINK_ID, LISTS, NUMBER, PART,
    PREVIOUS, QUESTION, VERSION,
};
use crate::domain::questionnaire::answer::{Answer, Document, Entry};
use crate::domain::questionnaire::definition::{Item, ItemType, Questionnaire, Section};
use crate::domain::questionnaire::offline::{
    NO, NOT_KNOWN, Part, RegisterNames, YES, cell_text, how_to_answer, named_code, parts,
};
use crate::formats::workbook::WorkbookError;
use crate::formats::workbook::layout::{Sheet, count, whole};
use crate::formats::workbook::style::{Group, Look, Style};

/// What the workbook of a response is written from.
#[derive(Debug)]
pub struct ResponseBook<'a> {
    /// Unit code.
    pub service: &'a str,
    /// Name of the service.
    pub service_name: &'a str,
    /// Audit year.
    pub year: i32,
    /// The round under its names.
    pub round: String,
    /// What is asked.
    pub questionnaire: &'a Questionnaire,
    /// What is answered.
    pub document: &'a Document,
    /// What was answered the year before, and when that was.
    pub previous: Option<(i32, &'a Document)>,
    /// Names of hospitals and areas.
    pub names: &'a RegisterNames,
    /// The hospitals that the register maps to the service, for the hint.
    pub own_hospitals: Vec<String>,
    /// Every figure is invented.
    pub synthetic: bool,
}

impl ResponseBook<'_> {
    fn entry(&self, item: &Item) -> Entry {
        self.document.get(&item.link_id).map_or(Entry::Unanswered, Answer::entry)
    }

    fn previous_entry(&self, item: &Item) -> Option<Entry> {
        self.previous?.1.get(&item.link_id).map(Answer::entry)
    }
}

const WIDTHS: [f64; 6] = [8.0, 52.0, 22.0, 24.0, 38.0, 40.0];

/// Writes the workbook of a response. Pure: the same response gives the same bytes.
pub fn response_workbook(book: &ResponseBook<'_>) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let synthetic = if book.synthetic { ", synthetic data" } else { "" };
    workbook.set_properties(
        &DocProperties::new()
            .set_title(format!("Facilities questionnaire of {} for {}{synthetic}", book.service, book.year))
            .set_author("facilities-audit")
            .set_creation_datetime(&ExcelDateTime::from_ymd(2022, 1, 1)?),
    );
    read_me(&mut workbook, book)?;
    let mut lists = Lists::default();
    for section in &book.questionnaire.sections {
        section_sheet(&mut workbook, book, section, &mut lists)?;
    }
    lists.write(&mut workbook)?;
    about(&mut workbook, book)?;
    Ok(workbook.save_to_buffer()?)
}

fn read_me(workbook: &mut Workbook, book: &ResponseBook<'_>) -> Result<(), WorkbookError> {
    let mut sheet = Sheet::plain(workbook, "Read me", &[110.0])?;
    let mut row = 0;
    if book.synthetic {
        sheet.text(row, 0, "Synthetic data: every service and figure here is invented", Style::Warning)?;
        row += 1;
    }
    let title = format!("{}: {} {}", book.questionnaire.title, book.service, book.service_name);
    sheet.text(row, 0, &title, Style::Title)?;
    let lines = [
        format!("Round: {}. Questionnaire version {}.", book.round, book.questionnaire.version),
        "Fill in the yellow cells. There is a sheet for each section; the other cells are locked so that nothing is \
         overwritten by mistake."
            .into(),
        "Leave a cell empty where you have no answer yet. Write “Not known” where you cannot find out. An entered 0 \
         counts as 0."
            .into(),
        "The last yellow column is for a word of explanation, where an answer is unusual and right.".into(),
        "When you are done, or as far as you have come, upload the file on the page that you got it from. You see what \
         would be taken before anything is stored."
            .into(),
        "A cell that you did not change changes nothing. If somebody answered the same question in the meantime, \
         nothing is overwritten: you see both answers and decide."
            .into(),
        "This file belongs to one service and one round. It cannot be uploaded for another.".into(),
    ];
    for (line, at) in lines.iter().zip(row + 2..) {
        sheet.text(at, 0, line, Style::Wrapped)?;
        sheet.fit(at, &[line])?;
    }
    sheet.inner.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).protect();
    Ok(())
}

/// What sheets may not be called.
fn sheet_name(section: &Section) -> String {
    let name = format!("{} {}", section.number, section.title);
    let allowed = name.chars().filter(|letter| !matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''));
    allowed.take(31).collect::<String>().trim_end().to_owned()
}

fn section_sheet(
    workbook: &mut Workbook,
    book: &ResponseBook<'_>,
    section: &Section,
    lists: &mut Lists,
) -> Result<(), WorkbookError> {
    let mut sheet = Sheet::plain(workbook, &sheet_name(section), &WIDTHS)?;
    let top = if book.synthetic { "Synthetic data: every service and figure here is invented" } else { "" };
    sheet.text(0, 0, top, Style::Warning)?;
    let title = format!("{} {}: {}", section.number, section.title, book.service);
    sheet.text(1, 0, &title, Style::Title)?;
    sheet.text(2, 0, &section.intro, Style::Lead)?;
    let before = book.previous.map_or_else(|| "Last time".to_owned(), |(year, _)| format!("Audit year {year}"));
    let headers = ["No.", "Question", &before, "Your answer", "How to answer", "Why this answer is right, if asked"];
    for (header, column) in headers.iter().zip(0..) {
        sheet.text(HEADER_ROW, column, header, Style::Header(Group::Subject, Look::Words))?;
    }
    sheet.inner.set_freeze_panes(HEADER_ROW + 1, 2)?;
    for column in LINK_ID..=EXPLAINED_BEFORE {
        sheet.inner.set_column_hidden(column)?;
    }
    let mut row = HEADER_ROW + 1;
    for item in &section.items {
        row = item_rows(&mut sheet, book, item, row, lists)?;
    }
    sheet.inner.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.inner.set_footer("&L&A&RPage &P of &N");
    sheet.repeat(HEADER_ROW)?;
    // The hidden columns take no room in print.
    sheet.inner.set_print_area(0, 0, row.max(1) - 1, EXPLANATION)?;
    sheet.inner.protect_with_options(&rust_xlsxwriter::ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..rust_xlsxwriter::ProtectionOptions::default()
    });
    Ok(())
}

/// Writes an item from a row on; the row after it.
fn item_rows(
    sheet: &mut Sheet<'_>,
    book: &ResponseBook<'_>,
    item: &Item,
    first: u32,
    lists: &mut Lists,
) -> Result<u32, WorkbookError> {
    let parts = parts(item);
    let single = parts == [Part::Whole];
    let how = how_of(book, item);
    let question = if book.questionnaire.year > 0 && item.reworded {
        format!("{} (reworded since the round before)", item.text)
    } else {
        item.text.clone()
    };
    sheet.text(first, NUMBER, &item.number, Style::Text)?;
    sheet.text(first, QUESTION, &question, Style::Question)?;
    sheet.text(first, HOW, &how, Style::Wrapped)?;
    let explanation =
        book.document.get(&item.link_id).and_then(|answer| answer.explanation.clone()).unwrap_or_default();
    sheet.text(first, EXPLANATION, &explanation, Style::AnswerText)?;
    sheet.text(first, EXPLAINED_BEFORE, &explanation, Style::Text)?;
    let previous = |part: &Part| {
        book.previous_entry(item).map_or_else(String::new, |entry| cell_text(item, &entry, part, book.names))
    };
    if single {
        let before = previous(&Part::Whole);
        sheet.text(first, PREVIOUS, &before, Style::Wrapped)?;
        let answer = answer_cell(sheet, book, item, &Part::Whole, first, lists)?;
        sheet.fit(first, &["", &question, &before, &answer, &how, &explanation])?;
        return Ok(first + 1);
    }
    sheet.fit(first, &["", &question, "", "", &how, &explanation])?;
    marks(sheet, book, item, HEAD, first, "")?;
    let mut row = first + 1;
    for part in &parts {
        sheet.text(row, QUESTION, &part_label(item, part), Style::Part)?;
        sheet.text(row, PREVIOUS, &previous(part), Style::Wrapped)?;
        answer_cell(sheet, book, item, part, row, lists)?;
        row += 1;
    }
    Ok(row)
}

fn how_of(book: &ResponseBook<'_>, item: &Item) -> String {
    let how = how_to_answer(item, book.questionnaire);
    if item.kind != ItemType::Hospitals || book.own_hospitals.is_empty() {
        return how;
    }
    let own: Vec<String> = book
        .own_hospitals
        .iter()
        .map(|code| book.names.hospitals.get(code).map_or_else(|| code.clone(), |name| named_code(code, name)))
        .collect();
    format!("{how} In the register yours are: {}.", own.join("; "))
}

/// What stands beside an option or a post.
fn part_label(item: &Item, part: &Part) -> String {
    match part {
        Part::Whole => String::new(),
        Part::NotKnown if item.kind == ItemType::Grid => "None of it is known".into(),
        Part::NotKnown => NOT_KNOWN.into(),
        Part::Option(code) => item.option(code).map_or_else(|| code.clone(), |option| option.text.clone()),
        Part::Row(row) => {
            let (role, band) = row.split_once('/').map_or((row.as_str(), None), |(role, band)| (role, Some(band)));
            let roles = item.grid.iter().flat_map(|grid| &grid.roles);
            let words = roles.filter(|found| found.role == role).map(|found| found.text.as_str()).next();
            let words = words.unwrap_or(role);
            band.map_or_else(|| words.to_owned(), |band| format!("{words}, band {band}"))
        }
    }
}

/// The hidden cells that say where a row belongs.
fn marks(
    sheet: &mut Sheet<'_>,
    book: &ResponseBook<'_>,
    item: &Item,
    part: &str,
    row: u32,
    before: &str,
) -> Result<(), WorkbookError> {
    sheet.text(row, LINK_ID, &item.link_id, Style::Text)?;
    sheet.text(row, PART, part, Style::Text)?;
    sheet.number(row, VERSION, whole(book.document.version(&item.link_id)), Style::Text)?;
    sheet.text(row, BEFORE, before, Style::Text)
}

/// The cell to fill in; what stands in it.
fn answer_cell(
    sheet: &mut Sheet<'_>,
    book: &ResponseBook<'_>,
    item: &Item,
    part: &Part,
    row: u32,
    lists: &mut Lists,
) -> Result<String, WorkbookError> {
    let text = cell_text(item, &book.entry(item), part, book.names);
    marks(sheet, book, item, &part.to_string(), row, &text)?;
    let is_figure = matches!(part, Part::Row(_)) || matches!(item.kind, ItemType::Integer | ItemType::Decimal);
    let number = text.parse::<f64>().ok().filter(|number| is_figure && number.to_string() == text);
    let style = match (is_figure, item.kind) {
        (true, ItemType::Integer) => Style::AnswerCount,
        (true, _) => Style::AnswerWte,
        (false, _) => Style::AnswerText,
    };
    match number {
        Some(number) => sheet.number(row, ANSWER, number, style)?,
        None => sheet.text(row, ANSWER, &text, style)?,
    }
    if let Some(rule) = validation(book, item, part, row, lists)? {
        sheet.inner.add_data_validation(row, ANSWER, row, ANSWER, &rule)?;
    }
    Ok(text)
}

/// What the office program checks while somebody types: lists are held to, a figure out of range is questioned.
fn validation(
    book: &ResponseBook<'_>,
    item: &Item,
    part: &Part,
    row: u32,
    lists: &mut Lists,
) -> Result<Option<DataValidation>, WorkbookError> {
    let list = |range: String| DataValidation::new().allow_list_formula(Formula::new(range));
    let rule = match (part, item.kind) {
        (Part::Option(_) | Part::NotKnown, _) => list(lists.add("yes", || vec![YES.into()])),
        (Part::Row(_), _) => {
            let most = item.grid.as_ref().map_or(f64::MAX, |grid| grid.cell_max);
            range_rule(row, Some(0.0), Some(most), false)?
        }
        (Part::Whole, ItemType::Integer) => range_rule(row, item.min, item.max, true)?,
        (Part::Whole, ItemType::Decimal) => range_rule(row, item.min, item.max, false)?,
        (Part::Whole, ItemType::Boolean) => list(lists.add("yes-no", || vec![YES.into(), NO.into(), NOT_KNOWN.into()])),
        (Part::Whole, ItemType::Choice) => list(lists.add(&item.link_id, || {
            item.options.iter().map(|option| option.text.clone()).chain([NOT_KNOWN.to_owned()]).collect()
        })),
        (Part::Whole, ItemType::Area) => list(lists.add("areas", || {
            let areas = book.names.areas.iter().map(|(code, name)| named_code(code, name));
            let mut areas: Vec<String> = areas.collect();
            areas.sort();
            areas.push(NOT_KNOWN.into());
            areas
        })),
        (Part::Whole, ItemType::Text) => match item.max_length.and_then(|length| u32::try_from(length).ok()) {
            Some(length) => DataValidation::new()
                .allow_text_length(DataValidationRule::LessThanOrEqualTo(length))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_message(format!("The answer should have {length} characters or fewer."))?,
            None => return Ok(None),
        },
        (Part::Whole, _) => return Ok(None),
    };
    Ok(Some(rule))
}

/// A number within its limits, or "Not known". A number outside is questioned, not kept out: a draft may be wrong.
fn range_rule(row: u32, min: Option<f64>, max: Option<f64>, whole: bool) -> Result<DataValidation, WorkbookError> {
    let cell = row_col_to_cell(row, ANSWER);
    let mut tests = vec![format!("ISNUMBER({cell})")];
    tests.extend(min.map(|min| format!("{cell}>={min}")));
    tests.extend(max.filter(|max| *max < f64::MAX).map(|max| format!("{cell}<={max}")));
    tests.extend(whole.then(|| format!("{cell}=INT({cell})")));
    let formula = format!("=OR({cell}=\"{NOT_KNOWN}\",AND({}))", tests.join(","));
    Ok(DataValidation::new()
        .allow_custom(Formula::new(formula))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("Is this right?")?
        .set_error_message("The column “How to answer” says which numbers are expected. Keep it all the same?")?)
}

/// The lists to choose from, a column each.
#[derive(Debug, Default)]
struct Lists {
    columns: Vec<(String, Vec<String>)>,
}

impl Lists {
    /// The range of a list, which is added if it is new.
    fn add(&mut self, name: &str, words: impl FnOnce() -> Vec<String>) -> String {
        let place = self.columns.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.columns.push((name.to_owned(), words()));
            self.columns.len() - 1
        });
        let column = column_number_to_name(u16::try_from(place).unwrap_or(u16::MAX));
        let length = self.columns.get(place).map_or(1, |(_, words)| words.len());
        format!("={LISTS}!${column}$1:${column}${length}")
    }

    fn write(&self, workbook: &mut Workbook) -> Result<(), WorkbookError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(LISTS)?.set_very_hidden(true);
        for ((_, words), column) in self.columns.iter().zip(0_u16..) {
            for (word, row) in words.iter().zip(0_u32..) {
                sheet.write_string(row, column, word)?;
            }
        }
        sheet.protect();
        Ok(())
    }
}

fn about(workbook: &mut Workbook, book: &ResponseBook<'_>) -> Result<(), WorkbookError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(ABOUT)?.set_very_hidden(true);
    let facts = [
        ("format", FORMAT.to_owned()),
        ("service", book.service.to_owned()),
        ("year", book.year.to_string()),
        ("questionnaire", book.questionnaire.version.clone()),
    ];
    for ((name, value), row) in facts.iter().zip(0_u32..) {
        sheet.write_string(row, 0, *name)?.write_string(row, 1, value)?;
    }
    sheet.write_string(4, 0, "items")?.write_number(4, 1, count(book.questionnaire.items().count()))?;
    sheet.protect();
    Ok(())
}
