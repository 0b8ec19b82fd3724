//! The sheet *Cascade*: of all people who should be seen, how many are recorded, assessed, treated and still on treatment.

use rust_xlsxwriter::{Chart, ChartType};

use super::layout::{Column, Heading, Paper, Sheet, address, count, whole};
use super::style::Style;
use super::writing::Writing;
use super::{CASCADE, ClinicalSheets, WorkbookError};
use crate::formats::display::thousands;

const PEOPLE: u16 = 1;
const AMONG: u16 = 2;
const SHARE: u16 = 3;

pub(super) fn write(
    writing: &mut Writing<'_>,
    clinical: &ClinicalSheets,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Step", 30.0).means("A step of the way from a fracture to treatment", "text"),
        Column::figures("People", 12.0)
            .means("People who came as far, over the services that have the figure", "people"),
        Column::figures("Among", 12.0)
            .means("The people that they were counted among: the denominator of the KPI", "people"),
        Column::figures("Share", 10.0).means("People ÷ among; of records it may pass 100 %", "share"),
        Column::figures("Services", 14.0).means("Services that have the figure (n)", "services"),
        Column::figures("Fewer than before", 12.0)
            .means("People fewer than in the step before, over services that have both; negative: more", "people"),
        Column::figures("Shortfall", 12.0).means(
            "The same over the services where there are fewer: what one has in excess helps nobody elsewhere",
            "people",
        ),
        Column::words("Year of the fracture", 12.0).means("The year in which these people had their fracture", "year"),
        Column::words("Take care", 70.0).means("How its people differ from those of the step before", "text"),
    ];
    let words = heading.words;
    let of = words.said(&clinical.cascade_of);
    let year = clinical.cascade.year.to_string();
    let lead = words.with("book-cascade-lead", &[("of", of.as_ref().into()), ("year", year.into())]);
    let mut sheet = Sheet::begin(writing, CASCADE, heading, &lead, &columns, Paper::A4, 1)?;
    let header = heading.header_row();
    let mut last = header + 1;
    for (row, step) in (header + 1..).zip(&clinical.cascade.steps) {
        last = row;
        let caution = step.stage.caution().unwrap_or_default();
        sheet.say(row, 0, step.stage.label(), Style::Wrapped)?;
        sheet.given(row, PEOPLE, step.people.map(whole), Style::Count)?;
        sheet.given(row, AMONG, step.among, Style::Count)?;
        if let (Some(people), Some(among)) = (step.people, step.among.filter(|among| *among > 0.0)) {
            let formula = format!("={}/{}", address(row, PEOPLE), address(row, AMONG));
            sheet.formula(row, SHARE, &formula, whole(people) / among, Style::Percent)?;
        }
        sheet.number(row, 4, count(step.services), Style::Count)?;
        sheet.given(row, 5, step.lost.map(whole), Style::Count)?;
        sheet.given(row, 6, step.shortfall.map(whole), Style::Count)?;
        sheet.number(row, 7, f64::from(step.cohort), Style::Year)?;
        sheet.say(row, 8, caution, Style::Wrapped)?;
        sheet.fit(row, &[step.stage.label(), "", "", "", "", "", "", "", caution])?;
    }
    let unmapped = clinical.cascade.unmapped.len();
    let without = clinical.cascade.unmapped.iter().filter(|hospital| hospital.expected.is_none()).count();
    let never =
        clinical.cascade.never_seen().map_or_else(|| words.said("not known"), |people| thousands(people).into());
    let never_seen = words.with(
        "book-never-seen",
        &[
            ("never", never.as_ref().into()),
            ("hospitals", unmapped.to_string().into()),
            ("without", without.to_string().into()),
        ],
    );
    sheet.text(last + 2, 0, &never_seen, Style::Lead)?;
    let (sheet_name, people) = (words.said(CASCADE), words.said("People"));
    let mut chart = Chart::new(ChartType::Bar);
    chart
        .add_series()
        .set_categories((sheet_name.as_ref(), header + 1, 0, last, 0))
        .set_values((sheet_name.as_ref(), header + 1, PEOPLE, last, PEOPLE))
        .set_name(people.as_ref());
    chart.title().set_name(words.said("People at each step").as_ref());
    chart.y_axis().set_reverse();
    chart.x_axis().set_name(people.as_ref());
    chart.legend().set_hidden();
    chart
        .set_width(900)
        .set_height(320)
        .set_alt_text(words.said("Bars of the people at each step of the cascade, as in the table above."));
    sheet.inner.insert_chart(last + 4, 0, &chart)?;
    Ok(())
}
