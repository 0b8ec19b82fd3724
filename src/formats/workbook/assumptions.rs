//! The sheet *Assumptions*: the named cells that every need rests on, and the shares that estimates use.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DataValidation, DataValidationRule, Formula, Workbook};

use super::layout::{Column, Heading, Paper, Sheet, Stored, Style, address, fixed_address, rows};
use super::{ASSUMPTIONS, WorkbookError};
use crate::domain::area::AreaShare;
use crate::domain::workforce::report::GapReport;

/// Name of the cell with the lower end of the population range: people per so many nurses as `NURSE_RATIO` says.
pub(super) const POPULATION_LOW: &str = "population_per_nurse_low";
/// Name of the cell with the upper end of the population range.
pub(super) const POPULATION_HIGH: &str = "population_per_nurse_high";
/// Name of the cell with the nurse WTE for that population.
pub(super) const NURSE_RATIO: &str = "nurse_ratio";
/// Name of the cell with the administrator WTE per nurse WTE.
pub(super) const ADMINISTRATOR_RATIO: &str = "administrator_ratio";
/// Name of the cell with the share of people aged 50 and over, or the words `HOST_AREA`.
pub(super) const SHARE: &str = "share_aged_50_plus";

/// What the share cell holds as long as each service is estimated with the share of its own area.
const HOST_AREA: &str = "host area";

const VALUE: u16 = 1;
/// Rows between the header and the table of shares: five assumptions, the check, an empty one, the heading.
const SHARE_HEADER: u32 = 9;

/// Where things stand on the sheet.
#[derive(Debug)]
pub(super) struct AssumptionsSheet {
    first_row: u32,
    /// Area code → row and share, each area once.
    shares: BTreeMap<String, (u32, AreaShare)>,
}

/// One named cell.
struct Assumption {
    name: &'static str,
    value: Value,
    unit: &'static str,
    changes: &'static str,
    keeps: &'static str,
}

enum Value {
    People(f64),
    Ratio(f64),
    Share,
}

impl AssumptionsSheet {
    pub(super) fn new(report: &GapReport, heading: &Heading) -> Result<Self, WorkbookError> {
        let used = report.rows.iter().filter_map(|row| row.population.as_ref()?.estimated_with.as_ref());
        let by_code: BTreeMap<String, AreaShare> = used.map(|share| (share.area_code.clone(), share.clone())).collect();
        let first_row = heading.header_row() + 1;
        let mut shares = BTreeMap::new();
        for (index, (code, share)) in by_code.into_iter().enumerate() {
            shares.insert(code, (first_row + SHARE_HEADER + rows(index)?, share));
        }
        Ok(Self { first_row, shares })
    }

    /// The address of the share of an area, for formulas on other sheets.
    pub(super) fn share_cell(&self, area: &str) -> Option<String> {
        self.shares.get(area).map(|(row, _)| fixed_address(ASSUMPTIONS, *row, VALUE))
    }

    pub(super) fn write(
        &self,
        workbook: &mut Workbook,
        report: &GapReport,
        heading: &Heading,
    ) -> Result<(), WorkbookError> {
        let columns = [
            Column::words("Name of the cell", 28.0),
            Column::figures("Value", 15.0),
            Column::words("Unit", 34.0),
            Column::words("What it changes", 54.0),
            Column::words("What it does not change", 54.0),
        ];
        let lead = "Type into the yellow cells: every need, gap, cover and position of this workbook follows.";
        let assumptions = assumptions(report);
        for (row, assumption) in (self.first_row..).zip(&assumptions) {
            workbook.define_name(assumption.name, &format!("={}", fixed_address(ASSUMPTIONS, row, VALUE)))?;
        }
        let mut sheet = Sheet::add(workbook, ASSUMPTIONS, heading, lead, &columns, Paper::A4, 0)?;
        for (row, assumption) in (self.first_row..).zip(&assumptions) {
            assumption.write(&mut sheet, row)?;
        }
        self.write_check(&mut sheet, rows(assumptions.len())?)?;
        self.write_shares(&mut sheet, report)
    }

    /// Says when the two ends of the range are the wrong way round. (Refusing it would be in the way: whoever moves
    /// both ends passes through it.)
    fn write_check(&self, sheet: &mut Sheet<'_>, below: u32) -> Result<(), WorkbookError> {
        let row = self.first_row + below;
        sheet.text(row, 0, "Check of the range", Style::Text)?;
        let formula = format!("=IF({POPULATION_LOW}<={POPULATION_HIGH},\"in order\",\"low is above high\")");
        sheet.formula(row, VALUE, &formula, Stored::Text("in order"), Style::Text)
    }

    fn write_shares(&self, sheet: &mut Sheet<'_>, report: &GapReport) -> Result<(), WorkbookError> {
        let columns = [
            Column::words("Area", 0.0),
            Column::figures("Share aged 50 and over", 0.0),
            Column::words("Year of the population", 0.0),
            Column::words("Name of the area", 0.0),
            Column::words("Services estimated with it", 0.0),
        ];
        let header = self.first_row + SHARE_HEADER - 1;
        let title = if self.shares.is_empty() {
            "No service of this report is estimated: none is without its own population aged 50 and over, or none of \
             those has an area with a known share"
        } else {
            "Shares of people aged 50 and over that the estimates use while share_aged_50_plus says \"host area\""
        };
        sheet.section(header - 1, 5, title)?;
        sheet.header(header, &columns)?;
        for (code, (row, share)) in &self.shares {
            let name = report.areas.iter().find(|area| area.code == *code).map_or("", |area| area.name.as_str());
            sheet.text(*row, 0, code, Style::Text)?;
            sheet.number(*row, VALUE, share.share, Style::Percent)?;
            sheet.number(*row, 2, f64::from(share.year), Style::Year)?;
            if !name.is_empty() {
                sheet.text(*row, 3, name, Style::Text)?;
            }
            let estimated = report.rows.iter().filter(|gap| {
                let with = gap.population.as_ref().and_then(|population| population.estimated_with.as_ref());
                with.is_some_and(|with| with.area_code == *code)
            });
            let services: Vec<&str> = estimated.map(|gap| gap.service.as_str()).collect();
            let services = services.join(", ");
            sheet.text(*row, 4, &services, Style::Wrapped)?;
            sheet.fit(*row, &["", "", "", "", &services])?;
        }
        Ok(())
    }
}

impl Assumption {
    fn write(&self, sheet: &mut Sheet<'_>, row: u32) -> Result<(), WorkbookError> {
        sheet.text(row, 0, self.name, Style::Text)?;
        match self.value {
            Value::People(people) => sheet.number(row, VALUE, people, Style::InputCount)?,
            Value::Ratio(ratio) => sheet.number(row, VALUE, ratio, Style::InputRatio)?,
            Value::Share => sheet.text(row, VALUE, HOST_AREA, Style::InputPercent)?,
        }
        sheet.text(row, 2, self.unit, Style::Wrapped)?;
        sheet.text(row, 3, self.changes, Style::Wrapped)?;
        sheet.text(row, 4, self.keeps, Style::Wrapped)?;
        sheet.fit(row, &["", "", self.unit, self.changes, self.keeps])?;
        let validation = self.validation(&address(row, VALUE))?;
        sheet.inner.add_data_validation(row, VALUE, row, VALUE, &validation)?;
        Ok(())
    }

    fn validation(&self, cell: &str) -> Result<DataValidation, WorkbookError> {
        let (validation, message) = match self.value {
            Value::Share => {
                let rule = format!("=OR({cell}=\"{HOST_AREA}\",AND(ISNUMBER({cell}),{cell}>0,{cell}<=1))");
                let message = "The words host area, or a share above 0 % and up to 100 % for all estimated services.";
                (DataValidation::new().allow_custom(Formula::new(rule)), message)
            }
            Value::People(_) => (
                DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThan(0.0)),
                "A number of people above 0.",
            ),
            Value::Ratio(_) => {
                (DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThan(0.0)), "A number above 0.")
            }
        };
        Ok(validation
            .ignore_blank(false)
            .set_input_title("Assumption")?
            .set_input_message(message)?
            .set_error_title("Not a usable value")?
            .set_error_message(message)?)
    }
}

/// The named cells, in the order of their rows.
fn assumptions(report: &GapReport) -> [Assumption; 5] {
    let standard = &report.standard;
    let populations = "Populations, staff in post, establishments, vacancies, unmapped hospitals.";
    [
        Assumption {
            name: POPULATION_LOW,
            value: Value::People(standard.population_low),
            unit: "people per recommended unit of nurses",
            changes: "The high end of every need and gap, the low end of every cover, and which services meet the \
                      recommendation. More people a nurse: a lower need.",
            keeps: populations,
        },
        Assumption {
            name: POPULATION_HIGH,
            value: Value::People(standard.population_high),
            unit: "people per recommended unit of nurses",
            changes: "The low end of every need and gap, the high end of every cover, and which services are below \
                      the recommendation. More people a nurse: a lower need.",
            keeps: populations,
        },
        Assumption {
            name: NURSE_RATIO,
            value: Value::Ratio(standard.nurse_wte),
            unit: "nurse WTE in one unit",
            changes: "Both ends of every need, gap and cover, of nurses and, since they are counted per nurse, of \
                      administrators.",
            keeps: populations,
        },
        Assumption {
            name: ADMINISTRATOR_RATIO,
            value: Value::Ratio(standard.administrator_wte / standard.nurse_wte),
            unit: "administrator WTE per nurse WTE",
            changes: "Both ends of every need, gap and cover of administrators.",
            keeps: "Everything about nurses; populations, staff in post, establishments, vacancies.",
        },
        Assumption {
            name: SHARE,
            value: Value::Share,
            unit: "share of people of all ages who are 50 and over",
            changes: "With a number here, such as 38%, the population aged 50 and over of every service marked as \
                      estimated becomes its reported population of all ages times that number. With the words host \
                      area each is estimated with the share of its own area, in the table below.",
            keeps: "Services that reported their own population aged 50 and over, and everything on the basis As \
                    reported (all ages). The whole populations on the sheet Areas. A service that has no figure on \
                    this basis still has none.",
        },
    ]
}
