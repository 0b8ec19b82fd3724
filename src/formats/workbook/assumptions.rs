//! The sheet *Assumptions*: the named cells that every need rests on, and the shares that estimates use.

use std::collections::BTreeMap;

use super::layout::{Column, Heading, Paper, Sheet, Stored, fixed_address, quoted_sheet, rows, whole};
use super::named_cells::{NamedCell, VALUE, Value};
use super::style::Style;
use super::writing::Writing;
use super::{ASSUMPTIONS, WorkbookError};
use crate::domain::area::AreaShare;
use crate::domain::workforce::cost::Costing;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::Role;

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

/// What the check of the range says as long as its lower end is not above its upper one.
const IN_ORDER: &str = "in order";

/// Name of the cell with the pay of a nurse WTE, of an administrator WTE.
fn pay_name(role: Role) -> &'static str {
    match role {
        Role::Nurse => "nurse_pay",
        Role::Administrator => "administrator_pay",
    }
}

/// Name of the cell with what a WTE of a role costs a year, which follows from pay, supplement and on-costs.
pub(super) fn price_name(role: Role) -> &'static str {
    match role {
        Role::Nurse => "nurse_cost_per_wte",
        Role::Administrator => "administrator_cost_per_wte",
    }
}

const SUPPLEMENT: &str = "high_cost_supplement";
const ON_COST: &str = "on_cost_multiplier";

/// Where things stand on the sheet.
#[derive(Debug)]
pub(super) struct AssumptionsSheet {
    /// Its name as it stands in formulas.
    name: String,
    first_row: u32,
    assumptions: Vec<NamedCell>,
    /// What a WTE of each role costs, where the post has a price.
    prices: Vec<(Role, f64)>,
    /// The row of the headers of the shares.
    share_header: u32,
    /// Area code → row and share, each area once.
    shares: BTreeMap<String, (u32, AreaShare)>,
}

impl AssumptionsSheet {
    pub(super) fn new(report: &GapReport, costing: Option<&Costing>, heading: &Heading) -> Result<Self, WorkbookError> {
        let used = report.rows.iter().filter_map(|row| row.population.as_ref()?.estimated_with.as_ref());
        let by_code: BTreeMap<String, AreaShare> = used.map(|share| (share.area_code.clone(), share.clone())).collect();
        let first_row = heading.header_row() + 1;
        let mut assumptions: Vec<NamedCell> = assumptions(report).into();
        assumptions.extend(costing.iter().flat_map(|costing| cost_assumptions(costing)));
        let price = |role| Some((role, costing?.cost_of(role).ok()?.0));
        let prices: Vec<(Role, f64)> = Role::ALL.into_iter().filter_map(price).collect();
        // Under the assumptions: the check, the prices, an empty row, a heading.
        let share_header = first_row + rows(assumptions.len() + prices.len() + 3)?;
        let mut shares = BTreeMap::new();
        for (index, (code, share)) in by_code.into_iter().enumerate() {
            shares.insert(code, (share_header + 1 + rows(index)?, share));
        }
        let name = quoted_sheet(heading.words, ASSUMPTIONS);
        Ok(Self { name, first_row, assumptions, prices, share_header, shares })
    }

    /// The address of the share of an area, for formulas on other sheets.
    pub(super) fn share_cell(&self, area: &str) -> Option<String> {
        self.shares.get(area).map(|(row, _)| fixed_address(&self.name, *row, VALUE))
    }

    pub(super) fn write(
        &self,
        writing: &mut Writing<'_>,
        report: &GapReport,
        heading: &Heading,
    ) -> Result<(), WorkbookError> {
        let columns = [
            Column::words("Name of the cell", 28.0).means("The name by which formulas read the cell", "text"),
            Column::figures("Value", 15.0).means("The assumption; type into it", "as the row says"),
            Column::words("Unit", 34.0).means("Its unit", "text"),
            Column::words("What it changes", 54.0).means("Which figures follow it, and which way", "text"),
            Column::words("What it does not change", 54.0).means("Which figures do not follow it", "text"),
        ];
        let lead = "Type into the yellow cells: every need, gap, cover and position of this workbook follows.";
        let below = rows(self.assumptions.len())?;
        for (row, (role, _)) in (self.first_row + below + 1..).zip(&self.prices) {
            let cell = fixed_address(&self.name, row, VALUE);
            writing.define_name(price_name(*role), &cell);
        }
        for (row, assumption) in (self.first_row..).zip(&self.assumptions) {
            writing.define_name(assumption.name, &fixed_address(&self.name, row, VALUE));
        }
        let mut sheet = Sheet::begin(writing, ASSUMPTIONS, heading, lead, &columns, Paper::A4, 0)?;
        for (row, assumption) in (self.first_row..).zip(&self.assumptions) {
            write_cell(&mut sheet, row, assumption)?;
        }
        sheet.protect();
        self.write_check(&mut sheet, below)?;
        self.write_prices(&mut sheet, below + 1)?;
        self.write_shares(&mut sheet, report)
    }

    /// Says when the two ends of the range are the wrong way round. (Refusing it would be in the way: whoever moves
    /// both ends passes through it.)
    fn write_check(&self, sheet: &mut Sheet<'_>, below: u32) -> Result<(), WorkbookError> {
        let row = self.first_row + below;
        sheet.say(row, 0, "Check of the range", Style::Text)?;
        let [fine, wrong] = [IN_ORDER, "low is above high"].map(|word| sheet.words.said(word));
        let formula = format!("=IF({POPULATION_LOW}<={POPULATION_HIGH},\"{fine}\",\"{wrong}\")");
        sheet.formula(row, VALUE, &formula, Stored::Word(IN_ORDER), Style::Text)
    }

    /// What a WTE of each role costs.
    fn write_prices(&self, sheet: &mut Sheet<'_>, below: u32) -> Result<(), WorkbookError> {
        for (row, (role, price)) in (self.first_row + below..).zip(&self.prices) {
            let formula = format!("={}*(1+{SUPPLEMENT})*{ON_COST}", pay_name(*role));
            sheet.text(row, 0, price_name(*role), Style::Text)?;
            sheet.formula(row, VALUE, &formula, *price, Style::Pounds)?;
            sheet.say(row, 2, "£ a WTE a year", Style::Wrapped)?;
            sheet.say(row, 3, "Follows from the cells above: pay × (1 + supplement) × on-costs.", Style::Wrapped)?;
        }
        Ok(())
    }

    fn write_shares(&self, sheet: &mut Sheet<'_>, report: &GapReport) -> Result<(), WorkbookError> {
        let columns = [
            Column::words("Area", 0.0),
            Column::figures("Share aged 50 and over", 0.0),
            Column::words("Year of the population", 0.0),
            Column::words("Name of the area", 0.0),
            Column::words("Services estimated with it", 0.0),
        ];
        let header = self.share_header;
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

fn write_cell(sheet: &mut Sheet<'_>, row: u32, cell: &NamedCell) -> Result<(), WorkbookError> {
    cell.write_value(sheet, row)?;
    sheet.say(row, 2, cell.unit, Style::Wrapped)?;
    sheet.say(row, 3, cell.changes, Style::Wrapped)?;
    sheet.say(row, 4, cell.keeps, Style::Wrapped)?;
    sheet.fit(row, &["", "", cell.unit, cell.changes, cell.keeps])
}

/// The named cells that prices rest on: those of roles without a pay figure are left out.
fn cost_assumptions(costing: &Costing) -> Vec<NamedCell> {
    let keeps = "Every need, gap, cover and position.";
    let mut cells = Vec::new();
    for role in Role::ALL {
        let Ok(point) = costing.point(costing.band(role)) else { continue };
        cells.push(NamedCell {
            name: pay_name(role),
            value: Value::Pounds(whole(point.planning_gbp)),
            unit: match role {
                Role::Nurse => "£ a year, pay of one nurse WTE",
                Role::Administrator => "£ a year, pay of one administrator WTE",
            },
            changes: "Every cost of the role, in proportion. The sheet Method and sources says which band and pay year it is.",
            keeps,
        });
    }
    cells.push(NamedCell {
        name: SUPPLEMENT,
        value: Value::Percent(costing.supplement.share, 0.0, 1.0),
        unit: "share on top of pay: 20 % inner, 15 % outer London, 5 % fringe",
        changes: "Every cost.",
        keeps,
    });
    cells.push(NamedCell {
        name: ON_COST,
        value: Value::Ratio(costing.on_cost),
        unit: "what an employer pays for each £ of pay",
        changes: "Every cost.",
        keeps,
    });
    cells
}

/// The named cells, in the order of their rows.
fn assumptions(report: &GapReport) -> [NamedCell; 5] {
    let standard = &report.standard;
    let populations = "Populations, staff in post, establishments, vacancies, unmapped hospitals.";
    [
        NamedCell {
            name: POPULATION_LOW,
            value: Value::People(standard.population_low),
            unit: "people per recommended unit of nurses",
            changes: "The high end of every need and gap, the low end of every cover, and which services meet the \
                      recommendation. More people a nurse: a lower need.",
            keeps: populations,
        },
        NamedCell {
            name: POPULATION_HIGH,
            value: Value::People(standard.population_high),
            unit: "people per recommended unit of nurses",
            changes: "The low end of every need and gap, the high end of every cover, and which services are below \
                      the recommendation. More people a nurse: a lower need.",
            keeps: populations,
        },
        NamedCell {
            name: NURSE_RATIO,
            value: Value::Ratio(standard.nurse_wte),
            unit: "nurse WTE in one unit",
            changes: "Both ends of every need, gap and cover, of nurses and, since they are counted per nurse, of \
                      administrators.",
            keeps: populations,
        },
        NamedCell {
            name: ADMINISTRATOR_RATIO,
            value: Value::Ratio(standard.administrator_wte / standard.nurse_wte),
            unit: "administrator WTE per nurse WTE",
            changes: "Both ends of every need, gap and cover of administrators.",
            keeps: "Everything about nurses; populations, staff in post, establishments, vacancies.",
        },
        NamedCell {
            name: SHARE,
            value: Value::ShareOr(HOST_AREA, None),
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
