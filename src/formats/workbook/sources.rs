//! The sheet *Method and sources*: how each figure comes about, and where its rules and numbers are stated.

use super::layout::{Column, Heading, Paper, Sheet};
use super::readme::{method_lines, standard_lines};
use super::style::Style;
use super::writing::Writing;
use super::{GapBook, SOURCES, WorkbookError};
use crate::domain::reference::Kpi;
use crate::domain::workforce::allocation::down_the_list;
use crate::domain::workforce::scenario::RULES;
use crate::formats::wording::{kpi_name, price_notes};
use crate::locales::{Value, Words};

pub(super) fn write(writing: &mut Writing<'_>, book: &GapBook<'_>, heading: &Heading) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Subject", 36.0).means("What the row is about", "text"),
        Column::words("How it is worked out, and where that is stated", 120.0).means("The rule, or its source", "text"),
    ];
    let lead = "How the figures of this workbook are worked out, and where the rules and numbers come from.";
    let mut sheet = Sheet::begin(writing, SOURCES, heading, lead, &columns, Paper::A4, 0)?;
    for (row, (subject, text)) in (heading.header_row() + 1..).zip(lines(heading.words, book)) {
        sheet.text(row, 0, &subject, Style::Wrapped)?;
        sheet.text(row, 1, &text, Style::Wrapped)?;
        sheet.fit(row, &[&subject, &text])?;
    }
    Ok(())
}

fn lines(words: Words, book: &GapBook<'_>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |subject: &str, text: &str| lines.push((words.said(subject).into(), words.said(text).into()));
    standard_lines(words, book.report, &mut line);
    method_lines(&mut line);
    for note in book.costs.iter().flat_map(|costs| price_notes(words, &costs.costing)) {
        line("Cost", &note);
    }
    for rule in RULES.iter().filter(|_| book.scenario.is_some()) {
        line("Scenario", rule);
    }
    for rule in down_the_list::RULES.iter().filter(|_| book.allocation.is_some()) {
        line("Allocation", rule);
    }
    for benchmark in book.clinical.iter().flat_map(|clinical| &clinical.kpis) {
        let kpi = &benchmark.kpi;
        line(&kpi_name(words, kpi.kpi, &kpi.name), &definition(words, kpi));
    }
    lines
}

fn definition(words: Words, kpi: &Kpi) -> String {
    let plain = |text: &str| Value::from(text.trim_end_matches('.').to_owned());
    let (numerator, denominator, timing) = (plain(&kpi.numerator), plain(&kpi.denominator), plain(&kpi.timing));
    let parts = [("numerator", numerator), ("denominator", denominator), ("timing", timing)];
    let mut said = vec![words.with("book-kpi-definition", &parts)];
    if !kpi.references.is_empty() {
        let standards = kpi.references.join("; ");
        said.push(words.with("book-kpi-standards", &[("standards", standards.into())]));
    }
    let reading = |assumed: &String| words.with("book-kpi-reading", &[("reading", assumed.as_str().into())]);
    said.extend(kpi.assumed.iter().map(reading));
    said.join(" ")
}
