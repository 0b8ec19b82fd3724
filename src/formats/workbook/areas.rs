//! The sheet *Areas*: the sums of every area on each basis, beside its whole population and its unmapped hospitals.

use super::assumptions::{ADMINISTRATOR_RATIO, NURSE_RATIO, POPULATION_HIGH, POPULATION_LOW};
use super::layout::{Column, Heading, Paper, Sheet, address, count, whole};
use super::measures::{Measure, RoleMeasure, Scope};
use super::services::ServicesSheet;
use super::style::{Group, Style};
use super::summary::{note, unit};
use super::writing::Writing;
use super::{AREAS, WorkbookError};
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::Role;
use crate::domain::workforce::sums::{AreaGap, SumKind};

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
            Self::Sum(measure @ Measure::Role(role, _)) => Column::turned(measure.label(), 8.5, Group::Role(role)),
            Self::Sum(Measure::PopulationServed) => {
                Column::turned(Measure::PopulationServed.label(), 11.5, Group::Subject)
            }
            Self::Sum(measure) => Column::turned(measure.label(), 8.5, Group::Subject),
            Self::WholePopulation => Column::turned("Whole population of the area", 11.5, Group::Subject),
            Self::WholeNeed(role, low) => {
                let header = if low { "whole area need low" } else { "whole area need high" };
                Column::turned(header, 9.0, Group::Role(role))
            }
            Self::Unmapped => Column::turned("Unmapped hospitals", 8.5, Group::Subject),
            Self::UnmappedCases => Column::turned("Expected cases of unmapped hospitals", 9.0, Group::Subject),
            Self::UnmappedWithoutFigure => Column::turned("Unmapped hospitals without a figure", 9.0, Group::Subject),
        }
    }
}

impl Field {
    /// What stands in its column.
    fn meaning(self) -> &'static str {
        match self {
            Self::Sum(measure) => note(measure),
            Self::WholePopulation => "People living in the area on the basis of the row, by the population estimates",
            Self::WholeNeed(_, true) => "What they would need at the upper end of the range",
            Self::WholeNeed(_, false) => "What they would need at the lower end of the range",
            Self::Unmapped => "Hospitals of the area that no service covers",
            Self::UnmappedCases => "Expected cases of those of them with a hip-fracture figure",
            Self::UnmappedWithoutFigure => "Those of them without a hip-fracture figure",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Sum(measure) => unit(measure),
            Self::WholePopulation => "people",
            Self::WholeNeed(..) => "WTE",
            Self::Unmapped | Self::UnmappedWithoutFigure => "hospitals",
            Self::UnmappedCases => "cases",
        }
    }
}

pub(super) fn write(
    writing: &mut Writing<'_>,
    report: &GapReport,
    services: &ServicesSheet,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let mut columns = vec![
        Column::words("Area code", 11.0).means("Code of the area; all is every service of this workbook", "code"),
        Column::words("Area name", 50.0).means("Name of the area", "text"),
        Column::words("Kind", 15.0).means("What kind of area it is", "nation, region, icb …"),
        Column::words("Lies in", 11.0).means("Code of the area above it", "code"),
        Column::words("Basis", 23.0).means("Which population the needs rest on", "As reported, Aged 50 and over"),
    ];
    let fields = fields();
    columns.extend(fields.iter().map(|field| field.column().means(field.meaning(), field.unit())));
    let lead = "Sums over services, never averages of averages. A service counts in its host area alone and in the \
                areas above that. Net gap: surpluses offset shortages. Shortfall: they do not.";
    let mut sheet = Sheet::begin(writing, AREAS, heading, lead, &columns, Paper::A3, 2)?;
    let header = heading.header_row();
    let mut last = header + 1;
    for (row, area) in (header + 1..).zip(&report.areas) {
        last = row;
        write_area(&mut sheet, row, area, services, &fields)?;
    }
    if let Some((last_column, _)) = (0..).zip(&columns).last() {
        sheet.inner.autofilter(header, 0, last, last_column)?;
    }
    sheet.protect();
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
    match area.kind {
        // No area: the name is a text of ours.
        SumKind::All => sheet.say(row, 1, &area.name, Style::Text)?,
        SumKind::Area(_) => sheet.text(row, 1, &area.name, Style::Text)?,
    }
    sheet.say(row, 2, area.kind.as_str(), Style::Text)?;
    if let Some(parent) = &area.parent {
        sheet.text(row, 3, parent, Style::Text)?;
    }
    sheet.say(row, BASIS, area.basis.label(), Style::Text)?;
    let cell = |wanted: Field| {
        let found = (BASIS + 1..).zip(fields).find(|(_, field)| **field == wanted);
        found.map(|(column, _)| address(row, column))
    };
    let (basis, code) = (address(row, BASIS), address(row, AREA));
    let level = services.level_of(&area.code).map(|level| (level, code.as_str()));
    let scope = Scope::new(services, &basis, level);
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
