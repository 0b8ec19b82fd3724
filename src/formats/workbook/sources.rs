//! The sheet *Method and sources*: how each figure comes about, and where its rules and numbers are stated.

use super::layout::{Column, Heading, Paper, Sheet, Style, Writing};
use super::readme::{method_lines, standard_lines};
use super::{GapBook, SOURCES, WorkbookError};
use crate::domain::reference::Kpi;
use crate::domain::workforce::allocation::down_the_list;
use crate::domain::workforce::scenario::RULES;

pub(super) fn write(writing: &mut Writing, book: &GapBook<'_>, heading: &Heading) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Subject", 36.0).means("What the row is about", "text"),
        Column::words("How it is worked out, and where that is stated", 120.0).means("The rule, or its source", "text"),
    ];
    let lead = "How the figures of this workbook are worked out, and where the rules and numbers come from.";
    let mut sheet = Sheet::add(writing, SOURCES, heading, lead, &columns, Paper::A4, 0)?;
    for (row, (subject, text)) in (heading.header_row() + 1..).zip(lines(book)) {
        sheet.text(row, 0, &subject, Style::Wrapped)?;
        sheet.text(row, 1, &text, Style::Wrapped)?;
        sheet.fit(row, &[&subject, &text])?;
    }
    Ok(())
}

fn lines(book: &GapBook<'_>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |subject: &str, text: String| lines.push((subject.to_owned(), text));
    standard_lines(book.report, &mut line);
    method_lines(&mut line);
    for note in book.costs.iter().flat_map(|costs| costs.costing.notes()) {
        line("Cost", note);
    }
    for rule in RULES.iter().filter(|_| book.scenario.is_some()) {
        line("Scenario", (*rule).to_owned());
    }
    for rule in down_the_list::RULES.iter().filter(|_| book.allocation.is_some()) {
        line("Allocation", (*rule).to_owned());
    }
    for benchmark in book.clinical.iter().flat_map(|clinical| &clinical.kpis) {
        let kpi = &benchmark.kpi;
        line(&format!("KPI {}: {}", kpi.kpi, kpi.name), definition(kpi));
    }
    lines
}

fn definition(kpi: &Kpi) -> String {
    let plain = |text: &str| text.trim_end_matches('.').to_owned();
    let mut words = format!("{}, of {}. {}.", plain(&kpi.numerator), plain(&kpi.denominator), plain(&kpi.timing));
    if !kpi.references.is_empty() {
        words.push_str(&format!(" Standards behind it: {}.", kpi.references.join("; ")));
    }
    for assumed in &kpi.assumed {
        words.push_str(&format!(" Our reading: {assumed}"));
    }
    words
}
