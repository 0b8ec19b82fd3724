//! The sheet *Areas*: the sums of every area on each basis, beside its whole population and its unmapped hospitals.

use rust_xlsxwriter::Workbook;

use super::assumptions::{ADMINISTRATOR_RATIO, NURSE_RATIO, POPULATION_HIGH, POPULATION_LOW};
use super::layout::{Column, Group, Heading, Paper, Sheet, Style, address, count, whole};
use super::measures::{Measure, RoleMeasure, Scope};
use super::services::{ServicesSheet, role_heading};
use super::{AREAS, WorkbookError};
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::Role;
use crate::domain::workforce::sums::AreaGap;

const AREA: u16 = 0;
const BASIS: u16 = 4;

/// What stands in a column after the first five, which say what the row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Sum(Measure),
    /// People living in the area, on the basis of the row.
    WholePopulation,
    /// What they would need: low where true, high where false.
    WholeNeed(Role, bool),
    Unmapped,
    UnmappedCases,
    UnmappedWithoutFigure,
}

/// The columns after the first five, in order.
fn fields() -> Vec<Field> {
    let mut fields: Vec<Field> = Measure::GENERAL.into_iter().map(Field::Sum).collect();
    for role in Role::ALL {
        fields.extend(RoleMeasure::ALL.map(|measure| Field::Sum(Measure::Role(role, measure))));
    }
    fields.push(Field::WholePopulation);
    for role in Role::ALL {
        fields.extend([Field::WholeNeed(role, true), Field::WholeNeed(role, false)]);
    }
    fields.extend([Field::Unmapped, Field::UnmappedCases, Field::UnmappedWithoutFigure]);
    fields
}

impl Field {
    fn column(self) -> Column {
        match self {
            Self::Sum(measure @ Measure::Role(role, _)) => {
                let width = if role == Role::Nurse { 11.5 } else { 14.5 };
                Column::new(format!("{}: {}", role_heading(role), measure.label()), width, Group::Role(role))
            }
            Self::Sum(measure) => Column::subject(measure.label(), 12.0),
            Self::WholePopulation => Column::subject("Whole population of the area", 13.0),
            Self::WholeNeed(role, low) => {
                let end = if low { "low" } else { "high" };
                let header = format!("{}: need of the whole area {end}", role_heading(role));
                Column::new(header, 14.5, Group::Role(role))
            }
            Self::Unmapped => Column::subject("Unmapped hospitals", 11.0),
            Self::UnmappedCases => Column::subject("Expected cases of unmapped hospitals", 12.0),
            Self::UnmappedWithoutFigure => Column::subject("Unmapped hospitals without a figure", 12.0),
        }
    }
}

pub(super) fn write(
    workbook: &mut Workbook,
    report: &GapReport,
    services: &ServicesSheet,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let mut columns = vec![
        Column::subject("Area code", 11.0),
        Column::subject("Area name", 44.0),
        Column::subject("Kind", 13.0),
        Column::subject("Lies in", 11.0),
        Column::subject("Basis", 21.0),
    ];
    let fields = fields();
    columns.extend(fields.iter().map(|field| field.column()));
    let lead = "Sums over services, never averages of averages. A service counts in its host area alone and in the \
                areas above that. Net gap: surpluses offset shortages. Shortfall: they do not.";
    let mut sheet = Sheet::add(workbook, AREAS, heading, lead, &columns, Paper::A3, 2)?;
    let header = heading.header_row();
    let mut last = header + 1;
    for (row, area) in (header + 1..).zip(&report.areas) {
        last = row;
        write_area(&mut sheet, row, area, services, &fields)?;
    }
    if let Some((last_column, _)) = (0..).zip(&columns).last() {
        sheet.inner.autofilter(header, 0, last, last_column)?;
    }
    Ok(())
}

fn write_area(
    sheet: &mut Sheet<'_>,
    row: u32,
    area: &AreaGap,
    services: &ServicesSheet,
    fields: &[Field],
) -> Result<(), WorkbookError> {
    sheet.text(row, AREA, &area.code, Style::Text)?;
    sheet.text(row, 1, &area.name, Style::Text)?;
    sheet.text(row, 2, area.kind.as_str(), Style::Text)?;
    if let Some(parent) = &area.parent {
        sheet.text(row, 3, parent, Style::Text)?;
    }
    sheet.text(row, BASIS, area.basis.label(), Style::Text)?;
    let cell = |wanted: Field| {
        let found = (BASIS + 1..).zip(fields).find(|(_, field)| **field == wanted);
        found.map(|(column, _)| address(row, column))
    };
    let (basis, code) = (address(row, BASIS), address(row, AREA));
    let scope = Scope { basis: &basis, area: services.level_of(&area.code).map(|level| (level, code.as_str())) };
    let population = cell(Field::WholePopulation).unwrap_or_default();
    for (column, field) in (BASIS + 1..).zip(fields) {
        match *field {
            Field::Sum(measure) => {
                let counted = measure.rests_on().and_then(|services| cell(Field::Sum(services)));
                let formula = measure.formula(services, &scope, counted.as_deref());
                sheet.formula(row, column, &formula, measure.stored(area), measure.style())?;
            }
            Field::WholePopulation => sheet.given(row, column, area.area_population, Style::Count)?,
            Field::WholeNeed(role, low) => {
                let Some(need) = area.area_need(role) else { continue };
                let per = if low { POPULATION_HIGH } else { POPULATION_LOW };
                let ratio = match role {
                    Role::Nurse => NURSE_RATIO.to_owned(),
                    Role::Administrator => format!("{NURSE_RATIO}*{ADMINISTRATOR_RATIO}"),
                };
                let formula = format!("={population}/{per}*{ratio}");
                sheet.formula(row, column, &formula, if low { need.low } else { need.high }, Style::Wte)?;
            }
            Field::Unmapped => sheet.number(row, column, count(area.unmapped.hospitals), Style::Count)?,
            Field::UnmappedCases => sheet.number(row, column, whole(area.unmapped.expected_cases), Style::Count)?,
            Field::UnmappedWithoutFigure => {
                sheet.number(row, column, count(area.unmapped.without_figure), Style::Count)?;
            }
        }
    }
    Ok(())
}
