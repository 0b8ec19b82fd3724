//! The sheet *Associations*: every exposure beside every KPI, with the sentence that says what it comes to.

use std::collections::BTreeMap;

use super::association_words::{exposure_heading, in_short, sentence};
use super::layout::{Column, Heading, Paper, Sheet, count};
use super::style::{Group, Style};
use super::writing::Writing;
use super::{ASSOCIATIONS, WorkbookError};
use crate::domain::association::words::{STANDING, Subject};
use crate::domain::association::{AnalysisPlan, Association, Dataset, Grid};
use crate::formats::wording;

/// What the sheet is written from.
#[derive(Debug, Clone, Copy)]
pub struct AssociationSheet<'a> {
    /// The plan.
    pub plan: &'a AnalysisPlan,
    /// The linked services.
    pub data: &'a Dataset,
    /// The pairs.
    pub grid: &'a Grid,
    /// The KPIs' names.
    pub kpi_names: &'a BTreeMap<i32, String>,
}

pub(super) fn write(
    writing: &mut Writing<'_>,
    associations: &AssociationSheet<'_>,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let figure = |header: &str| Column::turned(header, 9.0, Group::Subject);
    let columns = [
        Column::words("Exposure", 44.0).means("The exposure: what the services answered", "text"),
        Column::words("KPI", 34.0).means("Number and name of the KPI", "text"),
        figure("Services (n)").means("Linked services that the pair rests on", "services"),
        Column::words("Evidence", 17.0).means("What the pair comes to, in short", "text"),
        Column::words("Size is", 22.0).means("Which measure of size it is", "text"),
        figure("Size").means("Size of the association", "as the column before says"),
        figure("95% interval, low").means("Lower end of its 95 % interval", "as the size"),
        figure("95% interval, high").means("Upper end of its 95 % interval", "as the size"),
        figure("p").means("Probability of as much by chance alone", "probability"),
        figure("q").means("The same held for all pairs of the sheet (Benjamini–Hochberg)", "probability"),
        figure("Odds ratio of the model").means("Odds ratio of the quasi-binomial model", "ratio"),
        figure("Odds ratio, low").means("Lower end of its 95 % interval", "ratio"),
        figure("Odds ratio, high").means("Upper end of its 95 % interval", "ratio"),
        Column::words("In a sentence", 110.0).means("What the pair says, and does not say", "text"),
    ];
    let words = heading.words;
    let plan = words.phrase(&wording::plan(associations.plan));
    let lead = words
        .with("book-associations-lead", &[("standing", words.said(STANDING).as_ref().into()), ("plan", plan.into())]);
    let mut sheet = Sheet::begin(writing, ASSOCIATIONS, heading, &lead, &columns, Paper::A3, 2)?;
    let header = heading.header_row();
    let mut last = header + 1;
    for (row, found) in (header + 1..).zip(associations.grid.cells()) {
        last = row;
        write_pair(&mut sheet, row, found, associations)?;
    }
    sheet.inner.autofilter(header, 0, last, 13)?;
    Ok(())
}

fn write_pair(
    sheet: &mut Sheet<'_>,
    row: u32,
    found: &Association,
    associations: &AssociationSheet<'_>,
) -> Result<(), WorkbookError> {
    let kpi_name = associations.kpi_names.get(&found.kpi).map_or("", String::as_str);
    let about = Subject::of(associations.data, kpi_name, associations.plan);
    let tested = found.estimate().map(|estimate| estimate.tested);
    let effect = tested.map(|tested| tested.effect);
    let interval = effect.and_then(|effect| effect.interval);
    let model = found.model.as_ref().ok();
    let ratio = model.and_then(|model| match model.exposure.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let odds = ratio.and_then(|ratio| ratio.interval);
    let exposure = exposure_heading(sheet.words, found.exposure);
    let short = in_short(sheet.words, found);
    let sentence = sentence(sheet.words, found, &about);
    sheet.text(row, 0, &exposure, Style::Wrapped)?;
    let kpi_name = sheet.words.said(kpi_name);
    sheet.text(row, 1, &format!("{} {kpi_name}", found.kpi), Style::Wrapped)?;
    sheet.number(row, 2, count(found.n), Style::Count)?;
    sheet.text(row, 3, &short, Style::Wrapped)?;
    sheet.say(row, 4, effect.map_or("", |effect| effect.measure.label()), Style::Wrapped)?;
    sheet.given(row, 5, effect.map(|effect| effect.value), Style::Wte)?;
    sheet.given(row, 6, interval.map(|interval| interval[0]), Style::Wte)?;
    sheet.given(row, 7, interval.map(|interval| interval[1]), Style::Wte)?;
    sheet.given(row, 8, tested.map(|tested| tested.p), Style::Probability)?;
    sheet.given(row, 9, found.q, Style::Probability)?;
    sheet.given(row, 10, ratio.and_then(|ratio| ratio.ratio), Style::Wte)?;
    sheet.given(row, 11, odds.map(|odds| odds[0]), Style::Wte)?;
    sheet.given(row, 12, odds.map(|odds| odds[1]), Style::Wte)?;
    sheet.text(row, 13, &sentence, Style::Wrapped)?;
    sheet.fit(row, &[&exposure, &kpi_name, "", &short, "", "", "", "", "", "", "", "", "", &sentence])
}
