//! The sheet *KPIs*: what each service recorded, a row a service, three columns a KPI.

use std::collections::BTreeMap;

use super::layout::{Column, Heading, Paper, Sheet, address, whole};
use super::style::{Group, Style};
use super::writing::Writing;
use super::{ClinicalSheets, KPIS, WorkbookError};
use crate::domain::kpi::benchmark::Row;
use crate::domain::kpi::figure::Figure;
use crate::formats::wording::kpi_name;

/// Columns before those of the KPIs.
const SUBJECT: u16 = 2;

pub(super) fn write(
    writing: &mut Writing<'_>,
    clinical: &ClinicalSheets,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let mut columns = vec![
        Column::words("Service code", 10.0).means("Unit code of the service", "code"),
        Column::words("Name", 44.0).means("Name of the service", "text"),
    ];
    let figure = |header: String| Column::turned(header, 8.5, Group::Subject);
    for benchmark in &clinical.kpis {
        let kpi = &benchmark.kpi;
        let named = |name: &str| kpi_name(heading.words, kpi.kpi, name);
        columns.push(figure(named("numerator")).means(kpi.numerator.clone(), "people"));
        columns.push(figure(named("denominator")).means(kpi.denominator.clone(), "people"));
        columns.push(figure(named(&kpi.name)).means("Numerator ÷ denominator, never cut off", "share"));
    }
    let lead = "Services that count in the clinical figures, one a row. A share rests on the numerator and denominator \
                beside it; blank is no data, which is not zero.";
    let mut sheet = Sheet::begin(writing, KPIS, heading, lead, &columns, Paper::A3, SUBJECT)?;
    let header = heading.header_row();
    let mut services: BTreeMap<&str, Vec<Option<&Row>>> = BTreeMap::new();
    for (place, benchmark) in clinical.kpis.iter().enumerate() {
        for row in &benchmark.rows {
            let figures = services.entry(&row.service).or_insert_with(|| vec![None; clinical.kpis.len()]);
            if let Some(figure) = figures.get_mut(place) {
                *figure = Some(row);
            }
        }
    }
    let mut row = header + 1;
    for (service, figures) in &services {
        sheet.text(row, 0, service, Style::Text)?;
        sheet.text(row, 1, clinical.service_names.get(*service).map_or("", String::as_str), Style::Text)?;
        for (column, of) in (SUBJECT..).step_by(3).zip(figures) {
            if let Some(of) = of {
                write_figure(&mut sheet, row, column, &of.figure)?;
            }
        }
        row += 1;
    }
    sheet.say(row, 0, "All", Style::Section)?;
    sheet.say(row, 1, "All services of the nation that count, pooled", Style::Section)?;
    for (column, benchmark) in (SUBJECT..).step_by(3).zip(&clinical.kpis) {
        write_figure(&mut sheet, row, column, &benchmark.national.figure)?;
    }
    let last_column = (0u16..).zip(&columns).last().map_or(0, |(column, _)| column);
    // The pooled row stays out of the filter.
    sheet.inner.autofilter(header, 0, (row - 1).max(header + 1), last_column)?;
    Ok(())
}

/// A figure: what was counted, and the share as a formula.
fn write_figure(sheet: &mut Sheet<'_>, row: u32, column: u16, figure: &Figure) -> Result<(), WorkbookError> {
    sheet.given(row, column, figure.numerator.map(whole), Style::Count)?;
    sheet.given(row, column + 1, figure.denominator, Style::Count)?;
    if let (Some(numerator), Some(denominator)) = (figure.numerator, figure.denominator.filter(|of| *of > 0.0)) {
        let formula = format!("={}/{}", address(row, column), address(row, column + 1));
        sheet.formula(row, column + 2, &formula, whole(numerator) / denominator, Style::Percent)?;
    }
    Ok(())
}
