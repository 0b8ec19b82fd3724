//! The sheet *Vacancies*: funded, filled and vacant posts of each service and role, beside what the service itself says.

use super::layout::{Column, Heading, NO_FIGURE, Paper, Sheet, address};
use super::services::role_heading;
use super::style::Style;
use super::writing::Writing;
use super::{GapBook, VACANCIES, WorkbookError};
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::gap::RoleGap;
use crate::domain::workforce::standard::{Basis, Role};

/// The columns of figures.
const ESTABLISHMENT: u16 = 4;
const IN_POST: u16 = 5;
const VACANT: u16 = 6;
const SHARE: u16 = 7;
const REPORTED: u16 = 8;
const DIFFERENCE: u16 = 9;
const LONG: u16 = 10;

pub(super) fn write(writing: &mut Writing<'_>, book: &GapBook<'_>, heading: &Heading) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Service code", 10.0).means("Unit code of the service", "code"),
        Column::words("Name", 44.0).means("Name of the service", "text"),
        Column::words("Area", 9.0).means("Code of its host area", "code"),
        Column::words("Role", 16.0).means("Nurses or administrators", "text"),
        Column::figures("Establishment", 14.0).means("Funded posts", "WTE"),
        Column::figures("In post", 12.0).means("Staff in post", "WTE"),
        Column::figures("Vacant", 12.0).means("Establishment − in post; negative: more in post than funded", "WTE"),
        Column::figures("Share vacant", 12.0).means("Vacant ÷ establishment", "share"),
        Column::figures("Reported vacant", 12.0).means("What the service says is vacant", "WTE"),
        Column::figures("Difference", 12.0)
            .means("Reported vacant − vacant; other than 0: ask the service which is right", "WTE"),
        Column::words("A post vacant over six months", 22.0)
            .means("Whether the service has any post that has been vacant for over six months", "yes, no, not known"),
    ];
    let lead = "One row per service and role. Vacant posts are funded: filling them needs no new money.";
    let mut sheet = Sheet::begin(writing, VACANCIES, heading, lead, &columns, Paper::A4, 2)?;
    let header = heading.header_row();
    let lines = book.report.rows_on(Basis::AsReported).flat_map(|row| Role::ALL.map(|role| (row, role)));
    let mut last = header + 1;
    for (row, (service, role)) in (header + 1..).zip(lines) {
        last = row;
        sheet.text(row, 0, &service.service, Style::Text)?;
        sheet.text(row, 1, &service.name, Style::Text)?;
        if let Some(area) = &service.area {
            sheet.text(row, 2, area, Style::Text)?;
        }
        sheet.say(row, 3, role_heading(role), Style::Text)?;
        write_posts(&mut sheet, row, service.role(role))?;
        if let Some(words) = book.long_vacancies.get(&service.service).and_then(said) {
            sheet.say(row, LONG, words, Style::Text)?;
        }
    }
    sheet.inner.autofilter(header, 0, last, LONG)?;
    sheet.bars((header + 1, last), VACANT)?;
    Ok(())
}

fn write_posts(sheet: &mut Sheet<'_>, row: u32, gap: &RoleGap) -> Result<(), WorkbookError> {
    let at = |column| address(row, column);
    sheet.given(row, ESTABLISHMENT, gap.establishment, Style::Wte)?;
    sheet.given(row, IN_POST, gap.in_post, Style::Wte)?;
    sheet.given(row, REPORTED, gap.reported_vacant, Style::Wte)?;
    let Some(vacant) = gap.vacant else { return Ok(()) };
    sheet.formula(row, VACANT, &format!("={}-{}", at(ESTABLISHMENT), at(IN_POST)), vacant, Style::Wte)?;
    if let Some(funded) = gap.establishment {
        let no_figure = sheet.words.said(NO_FIGURE);
        let formula = format!("=IF({0}>0,{1}/{0},\"{no_figure}\")", at(ESTABLISHMENT), at(VACANT));
        sheet.formula(row, SHARE, &formula, vacant / funded, Style::Percent)?;
    }
    if let Some(reported) = gap.reported_vacant {
        sheet.formula(row, DIFFERENCE, &format!("={}-{}", at(REPORTED), at(VACANT)), reported - vacant, Style::Wte)?;
    }
    Ok(())
}

/// What a service says of long vacancies; blank where it says nothing.
fn said(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::Flag(true) => Some("yes"),
        Fact::Flag(false) => Some("no"),
        Fact::NotKnown => Some("not known"),
        _ => None,
    }
}
