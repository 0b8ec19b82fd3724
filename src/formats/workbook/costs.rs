//! The sheet *Cost*: what closing each service's shortfall costs a year, live formulas over *Services* and *Assumptions*.

use super::assumptions::price_name;
use super::layout::{Column, Heading, Paper, Sheet, absolute, address};
use super::services::{Field, Figure, ServicesSheet};
use super::style::{Group, Style};
use super::writing::Writing;
use super::{COST, WorkbookError};
use crate::domain::workforce::closing::{Closing, ClosingCost, CostReport, Ends};
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::gap::{End, GapRow};
use crate::domain::workforce::standard::{Basis, Role};
use crate::formats::wording::why_no_cost;

const BASIS: u16 = 3;
/// The first column of the figures; each role has six.
const FIRST: u16 = 4;
const OF_ROLE: u16 = 6;
/// Both roles together: cost low and high, new money low and high.
const TOGETHER: u16 = FIRST + 2 * OF_ROLE;
const WHY_NOT: u16 = TOGETHER + 4;
const ENDS: [End; 2] = [End::Low, End::High];

/// The first column of a role.
fn first_of(role: Role) -> u16 {
    match role {
        Role::Nurse => FIRST,
        Role::Administrator => FIRST + OF_ROLE,
    }
}

fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::words("Service code", 10.0).means("Unit code of the service", "code"),
        Column::words("Name", 38.0).means("Name of the service", "text"),
        Column::words("Area", 9.0).means("Code of its host area", "code"),
        Column::words("Basis", 23.0).means("Which population the need rests on", "As reported, Aged 50 and over"),
    ];
    let figures = [
        ("shortfall low", "The gap at the low need, 0 where there is none", "WTE"),
        ("shortfall high", "The gap at the high need, 0 where there is none", "WTE"),
        ("cost low", "Shortfall low × the cost of a WTE", "£ a year"),
        ("cost high", "Shortfall high × the cost of a WTE", "£ a year"),
        ("new money low", "The part of it for which no funded post stands vacant", "£ a year"),
        ("new money high", "The part of it for which no funded post stands vacant", "£ a year"),
    ];
    for role in Role::ALL {
        for (words, meaning, unit) in figures {
            columns.push(Column::turned(words, 9.5, Group::Role(role)).means(meaning, unit));
        }
    }
    for (words, meaning) in [
        ("Both roles: cost low", "Cost of nurses and administrators, at the low need"),
        ("Both roles: cost high", "The same at the high need"),
        ("Both roles: new money low", "New money for nurses and administrators, at the low need"),
        ("Both roles: new money high", "The same at the high need"),
    ] {
        columns.push(Column::turned(words, 10.5, Group::Subject).means(meaning, "£ a year"));
    }
    columns.push(Column::words("Why a cost is missing", 34.0).means("Why there is no cost", "text"));
    columns
}

pub(super) fn write(
    writing: &mut Writing<'_>,
    costs: &CostReport,
    services: &ServicesSheet,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let lead = "What bringing each short service up to the recommended staffing would cost a year, at the prices on Assumptions. A \
                surplus pays for nobody. Vacant posts are funded: only new money is asked for.";
    let mut sheet = Sheet::begin(writing, COST, heading, lead, &columns(), Paper::A3, 2)?;
    let header = heading.header_row();
    let first = header + 1;
    let mut row = first;
    for (place, (gap, closing)) in (0u32..).zip(costs.rows()) {
        subject(&mut sheet, row, gap)?;
        for role in Role::ALL {
            match closing.role(role) {
                Ok(cost) => write_role(&mut sheet, row, role, cost, services, place)?,
                Err(why) => sheet.text(row, WHY_NOT, &why_no_cost(heading.words, why), Style::Text)?,
            }
        }
        write_together(&mut sheet, row, closing)?;
        row += 1;
    }
    let last = row.saturating_sub(1).max(first);
    sheet.inner.autofilter(header, 0, last, WHY_NOT)?;
    for basis in Basis::ALL {
        if let Some(total) = costs.total(basis) {
            row += 1;
            write_total(&mut sheet, row, (first, last), basis, total)?;
        }
    }
    sheet.protect();
    Ok(())
}

fn subject(sheet: &mut Sheet<'_>, row: u32, gap: &GapRow) -> Result<(), WorkbookError> {
    sheet.text(row, 0, &gap.service, Style::Text)?;
    sheet.text(row, 1, &gap.name, Style::Text)?;
    if let Some(area) = &gap.area {
        sheet.text(row, 2, area, Style::Text)?;
    }
    sheet.say(row, BASIS, gap.basis.label(), Style::Text)
}

fn write_role(
    sheet: &mut Sheet<'_>,
    row: u32,
    role: Role,
    cost: &ClosingCost,
    services: &ServicesSheet,
    place: u32,
) -> Result<(), WorkbookError> {
    let first = first_of(role);
    let price = price_name(role);
    for (column, end) in (first..).zip(ENDS) {
        let (gap, unfunded) = match end {
            End::Low => (Figure::GapLow, Figure::UnfundedLow),
            End::High => (Figure::GapHigh, Figure::UnfundedHigh),
        };
        let gap = services.cell(place, Field::Figure(role, gap));
        let shortfall = address(row, column);
        sheet.formula(row, column, &format!("=MAX(0,{gap})"), cost.shortfall.at(end), Style::Wte)?;
        sheet.formula(row, column + 2, &format!("={shortfall}*{price}"), cost.cost.at(end).0, Style::Pounds)?;
        if let Some(split) = cost.split {
            let unfunded = services.cell(place, Field::Figure(role, unfunded));
            let formula = format!("=MAX(0,MIN({shortfall},{unfunded}))*{price}");
            sheet.formula(row, column + 4, &formula, split.new_money.at(end).0, Style::Pounds)?;
        }
    }
    Ok(())
}

/// Both roles together, where both have the figure.
fn write_together(sheet: &mut Sheet<'_>, row: u32, closing: &Closing) -> Result<(), WorkbookError> {
    let ends = [(2, closing.total()), (4, closing.split().map(|split| split.new_money))];
    for (place, (of, found)) in (0u16..).zip(ends) {
        let Some(found) = found else { continue };
        for (offset, end) in (0u16..).zip(ENDS) {
            let [nurses, administrators] = Role::ALL.map(|role| address(row, first_of(role) + of + offset));
            let formula = format!("={nurses}+{administrators}");
            sheet.formula(row, TOGETHER + 2 * place + offset, &formula, found.at(end).0, Style::Pounds)?;
        }
    }
    Ok(())
}

/// The sums of one basis.
fn write_total(
    sheet: &mut Sheet<'_>,
    row: u32,
    rows: (u32, u32),
    basis: Basis,
    total: &Closing,
) -> Result<(), WorkbookError> {
    sheet.say(row, 0, "All", Style::Section)?;
    sheet.say(row, 1, "All services of this workbook", Style::Section)?;
    sheet.say(row, BASIS, basis.label(), Style::Text)?;
    let range = |column: u16| format!("{}:{}", absolute(rows.0, column), absolute(rows.1, column));
    let mut sum = |column: u16, value: f64, style: Style| {
        let formula = format!("=SUMIFS({},{},{})", range(column), range(BASIS), address(row, BASIS));
        sheet.formula(row, column, &formula, value, style)
    };
    let pounds = |ends: Ends<Pounds>, end: End| ends.at(end).0;
    for role in Role::ALL {
        let Ok(cost) = total.role(role) else { continue };
        for (column, end) in (first_of(role)..).zip(ENDS) {
            sum(column, cost.shortfall.at(end), Style::Wte)?;
            sum(column + 2, pounds(cost.cost, end), Style::Pounds)?;
            if let Some(split) = cost.split {
                sum(column + 4, pounds(split.new_money, end), Style::Pounds)?;
            }
        }
    }
    write_together(sheet, row, total)
}
