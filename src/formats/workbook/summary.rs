//! The sheet *Summary*: everything in the report on both bases, side by side.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{Chart, ChartDataLabel, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType, Color};

use super::layout::{Column, Heading, NO_FIGURE, Paper, Sheet, Stored, absolute, address, count};
use super::measures::{Measure, RoleMeasure, Scope};
use super::services::{Field, ServicesSheet, role_heading};
use super::style::{NAVY, PALE_BLUE, Style};
use super::writing::Writing;
use super::{SUMMARY, WorkbookError};
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::{Basis, Role};

const NOTE: u16 = 4;
const COLUMNS: u16 = 5;

/// The column of a basis.
fn column(basis: Basis) -> u16 {
    match basis {
        Basis::AsReported => 2,
        Basis::Aged50Plus => 3,
    }
}

struct Summary<'a, 'b> {
    sheet: Sheet<'b>,
    /// Its name, for charts.
    name: Cow<'static, str>,
    services: &'a ServicesSheet,
    report: &'a GapReport,
    /// The row of the headers, which hold the names of the bases that the sums look for.
    header: u32,
    row: u32,
    /// Where each measure stands, filled before the first is written.
    rows: BTreeMap<String, u32>,
}

pub(super) fn write(
    writing: &mut Writing<'_>,
    report: &GapReport,
    services: &ServicesSheet,
    heading: &Heading,
) -> Result<(), WorkbookError> {
    let columns = [
        Column::words("Measure", 50.0).means("What is summed", "text"),
        Column::words("Unit", 12.0).means("Its unit", "text"),
        Column::figures(Basis::AsReported.label(), 24.0)
            .means("The sum where needs rest on the reported population", "as the row says"),
        Column::figures(Basis::Aged50Plus.label(), 24.0)
            .means("The sum where needs rest on people aged 50 and over", "as the row says"),
        Column::words("What it is", 84.0).means("What the sum says", "text"),
    ];
    let lead = "Sums over all services of this report, live: they follow the cells on Assumptions.";
    let sheet = Sheet::begin(writing, SUMMARY, heading, lead, &columns, Paper::A4, 1)?;
    let header = heading.header_row();
    let name = heading.words.said(SUMMARY);
    let mut summary = Summary { sheet, name, services, report, header, row: header + 1, rows: BTreeMap::new() };
    summary.place();
    summary.section("Services and population")?;
    for measure in Measure::GENERAL {
        summary.measure(measure)?;
    }
    summary.estimated()?;
    for role in Role::ALL {
        summary.section(role_heading(role))?;
        for measure in RoleMeasure::ALL {
            summary.measure(Measure::Role(role, measure))?;
        }
        summary.least(role)?;
    }
    for role in Role::ALL {
        summary.chart(role)?;
    }
    // One page, to be laid on the table of a meeting.
    summary.sheet.inner.set_print_fit_to_pages(1, 1);
    summary.sheet.protect();
    Ok(())
}

impl Summary<'_, '_> {
    /// The text in the first column.
    fn label(&self, measure: Measure) -> String {
        let label = self.sheet.words.said(measure.label());
        match measure {
            Measure::Role(role, _) => format!("{}: {label}", self.sheet.words.said(role_heading(role))),
            _ => label.into_owned(),
        }
    }

    /// Counts out the rows, because a sum may look at a count that stands below it.
    fn place(&mut self) {
        let mut row = self.row + 1;
        for measure in Measure::GENERAL {
            self.rows.insert(self.label(measure), row);
            row += 1;
        }
        row += 1;
        for role in Role::ALL {
            row += 1;
            for measure in RoleMeasure::ALL {
                self.rows.insert(self.label(Measure::Role(role, measure)), row);
                row += 1;
            }
            row += 1;
        }
    }

    fn cell(&self, measure: Measure, basis: Basis) -> Option<String> {
        self.rows.get(&self.label(measure)).map(|row| address(*row, column(basis)))
    }

    fn section(&mut self, text: &str) -> Result<(), WorkbookError> {
        self.sheet.section(self.row, COLUMNS, text)?;
        self.row += 1;
        Ok(())
    }

    fn words(&mut self, label: &str, unit: &str, note: &str) -> Result<(), WorkbookError> {
        self.sheet.say(self.row, 0, label, Style::Text)?;
        self.sheet.say(self.row, 1, unit, Style::Text)?;
        self.sheet.say(self.row, NOTE, note, Style::Wrapped)?;
        self.sheet.fit(self.row, &["", "", "", "", note])
    }

    /// Staff in post beside the range of the need, on both bases.
    fn chart(&mut self, role: Role) -> Result<(), WorkbookError> {
        let row_of = |measure| self.rows.get(&self.label(Measure::Role(role, measure))).copied();
        let (Some(first), Some(last)) = (row_of(RoleMeasure::InPost), row_of(RoleMeasure::NeedHigh)) else {
            return Ok(());
        };
        let (words, sheet) = (self.sheet.words, self.name.as_ref());
        let mut chart = Chart::new(ChartType::Column);
        for basis in Basis::ALL {
            let column = column(basis);
            chart
                .add_series()
                .set_name((sheet, self.header, column))
                .set_categories((sheet, first, 0, last, 0))
                .set_values((sheet, first, column, last, column))
                .set_format(
                    ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(shade(basis)))),
                )
                .set_data_label(ChartDataLabel::new().show_value().set_num_format("0.0"));
        }
        let title = words.with("book-chart", &[("role", words.said(role_heading(role)).as_ref().into())]);
        chart.title().set_name(&title);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.y_axis().set_name(words.said("WTE").as_ref());
        let described = words.with("book-chart-described", &[("role", words.said(role.plural()).as_ref().into())]);
        chart.set_width(620).set_height(300).set_alt_text(&described);
        let left = match role {
            Role::Nurse => 0,
            Role::Administrator => 2,
        };
        self.sheet.inner.insert_chart_with_offset(self.row + 1, left, &chart, if left == 0 { 0 } else { 200 }, 0)?;
        Ok(())
    }

    /// The header cell with the name of a basis, with its row fixed.
    fn basis_cell(&self, basis: Basis) -> String {
        absolute(self.header, column(basis))
    }

    fn measure(&mut self, measure: Measure) -> Result<(), WorkbookError> {
        self.words(&self.label(measure), unit(measure), note(measure))?;
        for basis in Basis::ALL {
            let Some(total) = self.report.total(basis) else { continue };
            let counted = measure.rests_on().and_then(|services| self.cell(services, basis));
            let scope = Scope::new(self.services, &self.basis_cell(basis), None);
            let formula = measure.formula(self.services, &scope, counted.as_deref());
            self.sheet.formula(self.row, column(basis), &formula, measure.stored(total), measure.style())?;
        }
        self.row += 1;
        Ok(())
    }

    /// How many services have an estimated population.
    fn estimated(&mut self) -> Result<(), WorkbookError> {
        self.words(
            "Services with an estimated population",
            "services",
            "They reported no population aged 50 and over: it is their population of all ages times a share.",
        )?;
        for basis in Basis::ALL {
            let estimated = self
                .report
                .rows_on(basis)
                .filter(|row| row.population.as_ref().is_some_and(|population| population.estimated_with.is_some()))
                .count();
            let (bases, estimates) = (self.services.range(Field::Basis), self.services.range(Field::Estimated));
            let yes = self.services.word("yes");
            let formula = format!("=COUNTIFS({bases},{},{estimates},\"{yes}\")", self.basis_cell(basis));
            self.sheet.formula(self.row, column(basis), &formula, count(estimated), Style::Count)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The smallest net gap over both bases, the live form of the sentence that every gap view opens with.
    fn least(&mut self, role: Role) -> Result<(), WorkbookError> {
        let measure = |measure| Measure::Role(role, measure);
        let on = |basis, m| self.cell(measure(m), basis).unwrap_or_default();
        let [counted_all, counted_50] = Basis::ALL.map(|basis| on(basis, RoleMeasure::Counted));
        let [low_all, low_50] = Basis::ALL.map(|basis| on(basis, RoleMeasure::NetGapLow));
        let stored = self
            .report
            .shortage_on_every_reading(role)
            .map_or(Stored::Word(NO_FIGURE), |shortage| Stored::Number(shortage.wte));
        let (words, no_figure) = (self.sheet.words, self.services.word(NO_FIGURE));
        let formula = format!("=IF(MIN({counted_all},{counted_50})=0,\"{no_figure}\",MIN({low_all},{low_50}))");
        self.words(
            &format!("{}: {}", words.said(role_heading(role)), words.said("net gap on every reading, at least")),
            "WTE",
            "The smaller of the two bases at the low end of need, so it stands in both columns. Above 0: the services \
             together are short by at least this much, whichever basis is meant.",
        )?;
        for basis in Basis::ALL {
            self.sheet.formula(self.row, column(basis), &formula, stored.clone(), Style::Wte)?;
        }
        self.row += 1;
        Ok(())
    }
}

/// Dark and light, so that the bases are told apart in grey as well.
fn shade(basis: Basis) -> u32 {
    match basis {
        Basis::AsReported => NAVY,
        Basis::Aged50Plus => PALE_BLUE,
    }
}

pub(super) fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::PopulationServed => "people",
        _ if measure.style() == Style::Wte => "WTE",
        _ => "services",
    }
}

pub(super) fn note(measure: Measure) -> &'static str {
    match measure {
        Measure::Services => "All services that exist in the audit year.",
        Measure::Counted => "Status ok: a population on this basis and staff in post of at least one of the two roles.",
        Measure::Missing => "The sheet Services says for each why.",
        Measure::PopulationServed => "As reported, with the estimates on the basis of people aged 50 and over.",
        Measure::PopulationServices => "Services whose population is in the line above.",
        Measure::Role(_, role) => match role {
            RoleMeasure::Counted => {
                "Need and staff in post of this role are both known. All sums below are over these."
            }
            RoleMeasure::Missing => "Need or staff in post of this role is not known; they are in no sum.",
            RoleMeasure::InPost => "Staff in post on the staffing date.",
            RoleMeasure::NeedLow => "Population ÷ the upper end of the range.",
            RoleMeasure::NeedHigh => "Population ÷ the lower end of the range.",
            RoleMeasure::NetGapLow => "Low need − in post; a surplus of one service offsets a shortage of another.",
            RoleMeasure::NetGapHigh => "High need − in post; a surplus offsets a shortage.",
            RoleMeasure::ShortfallLow => {
                "The gaps of the short services alone, at the low need: a surplus next door treats nobody."
            }
            RoleMeasure::ShortfallHigh => "The gaps of the short services alone, at the high need.",
            RoleMeasure::Below => "In post is under the low need.",
            RoleMeasure::Within => "In post is in the range, under its high end.",
            RoleMeasure::Meets => "In post is the high need or more.",
            RoleMeasure::SplitServices => {
                "Of the services counted, those that also gave their establishment. The four lines below are over these."
            }
            RoleMeasure::Establishment => "Funded posts.",
            RoleMeasure::UnfundedLow => "Low need − establishment: never funded.",
            RoleMeasure::UnfundedHigh => "High need − establishment.",
            RoleMeasure::Vacant => "Establishment − in post: funded and not filled.",
        },
    }
}
