//! The sheet *Scenario*: what becomes of the gap when something is done about it, year by year, as live formulas over
//! *Services* and *Assumptions*. The rules are those of [`crate::domain::workforce::scenario`].
//!
//! From the top: the cells to type into, the years, what they cost, and what they rest on (see `scenario_sums`). A new post
//! is of the band that its role is priced at.

use super::assumptions::price_name;
use super::layout::{Column, Heading, NO_FIGURE, Paper, Sheet, Stored, address, fixed_address, quoted_sheet, rows};
use super::named_cells::{NamedCell, VALUE, Value};
use super::scenario_sums::{LOOKS, Over, Sum, Sums, service_columns, sum_columns};
use super::services::{ServicesSheet, role_heading};
use super::style::Style;
use super::writing::Writing;
use super::{SCENARIO, ScenarioBook, WorkbookError};
use crate::domain::workforce::cost::Costing;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::scenario::{MOST_YEARS, MovedTo, Outcome, Scenario, ScenarioYear, outcome};
use crate::domain::workforce::standard::{Basis, Role};
use crate::locales::Words;

const GROWTH: &str = "scenario_growth";
const PAY: &str = "scenario_pay";
/// Name of the cell that says whether vacancies are filled.
pub(super) const FILL: &str = "scenario_fill";
const FILL_SHARE: &str = "scenario_fill_share";
const MONTHS: &str = "scenario_months_to_hire";
const TURNOVER: &str = "scenario_turnover";
/// Name of the cell with the share of nurse time on administration, or the words `OWN_ANSWER`.
pub(super) const ADMIN_SHARE: &str = "scenario_admin_share";
const MOVED: &str = "scenario_moved";
const MOVED_TO: &str = "scenario_moved_to";
const SOFTWARE: &str = "scenario_software_cost";
/// What `ADMIN_SHARE` holds as long as each service's own answer is used.
const OWN_ANSWER: &str = "own answer";
const ADMINISTRATORS: &str = "administrators";
const TO_SOFTWARE: &str = "software";

/// Columns of the sheet.
pub(super) const COLUMNS: u16 = 15;

/// Names of the cells with the new posts of a role: WTE, and the month in which they start.
fn post_names(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Nurse => ("scenario_new_nurses", "scenario_new_nurses_month"),
        Role::Administrator => ("scenario_new_administrators", "scenario_new_administrators_month"),
    }
}

/// The cells to type into, with what a scenario says. Of each role it may have new posts of one start.
fn inputs(scenario: &Scenario) -> Vec<NamedCell> {
    let cell = |name, value, changes| NamedCell { name, value, unit: "", changes, keeps: "" };
    let fill = scenario.fill;
    let filled = |part: fn(&crate::domain::workforce::scenario::FillVacancies) -> f64, usual: f64| {
        fill.as_ref().map_or(usual, part)
    };
    let moved = scenario.administration;
    let (to, software) = match moved.map(|moved| moved.to) {
        Some(MovedTo::Software(pounds)) => (TO_SOFTWARE, pounds),
        _ => (ADMINISTRATORS, 0.0),
    };
    let posts = |role: Role, changes: [&'static str; 2]| {
        let post = scenario.posts.iter().find(|post| post.role == role);
        let month = post.map_or(1, |post| (post.start_year.max(1) - 1) * 12 + post.start_month);
        let (wte_name, month_name) = post_names(role);
        [
            cell(wte_name, Value::Wte(post.map_or(0.0, |post| post.wte)), changes[0]),
            cell(month_name, Value::Whole(f64::from(month), 1, 120), changes[1]),
        ]
    };
    let mut cells = vec![
        cell(
            GROWTH,
            Value::Percent(scenario.growth_percent / 100.0, -0.1, 0.1),
            "Population growth a year; needs and expected cases grow with it.",
        ),
        cell(PAY, Value::Percent(scenario.pay_percent / 100.0, -0.1, 0.25), "Pay uplift a year, from year 1 on."),
        cell(
            FILL,
            Value::Word(if fill.is_some() { "yes" } else { "no" }, &["no", "yes"]),
            "Whether vacancies are filled. Services without an establishment then count in nothing.",
        ),
        cell(
            FILL_SHARE,
            Value::Percent(filled(|fill| fill.share_percent / 100.0, 1.0), 0.0, 1.0),
            "The share of today’s vacant posts that is filled.",
        ),
        cell(
            MONTHS,
            Value::Number(filled(|fill| fill.months_to_hire, 0.0), 0.0, 60.0),
            "Months until somebody is in a post, where vacancies are filled.",
        ),
        cell(
            TURNOVER,
            Value::Percent(filled(|fill| fill.turnover_percent / 100.0, 0.0), 0.0, 1.0),
            "The share of staff who leave in a year, where vacancies are filled.",
        ),
    ];
    cells.extend(posts(
        Role::Nurse,
        [
            "New posts of nurses, WTE, priced like the nurses of the sheet Assumptions.",
            "The month in which they are funded; 1 is the first month from today.",
        ],
    ));
    cells.extend(posts(
        Role::Administrator,
        [
            "New posts of administrators, WTE, priced like the administrators of the sheet Assumptions.",
            "The month in which they are funded.",
        ],
    ));
    cells.extend([
        cell(
            ADMIN_SHARE,
            Value::ShareOr(OWN_ANSWER, moved.and_then(|moved| moved.admin_percent).map(|percent| percent / 100.0)),
            "The share of nurse time on administration; own answer: each service’s, else a third.",
        ),
        cell(
            MOVED,
            Value::Percent(moved.map_or(0.0, |moved| moved.moved_percent / 100.0), 0.0, 1.0),
            "The share of that time which moves; 0 moves none.",
        ),
        cell(
            MOVED_TO,
            Value::Word(to, &[ADMINISTRATORS, TO_SOFTWARE]),
            "Where it moves: as many WTE of administrators more, or software.",
        ),
        cell(
            SOFTWARE,
            Value::PoundsOrNothing(software, 10_000_000.0),
            "What the software costs a year for each service with nurses.",
        ),
    ]);
    cells
}

/// The headers over the years.
fn year_columns() -> [Column; 9] {
    [
        Column::words("Basis", 0.0).means("Which population the need rests on", "As reported, Aged 50 and over"),
        Column::figures("Year", 0.0).means("Years from the day that the staffing figures describe", "years"),
        Column::words("Role", 0.0).means("Whose staff", "Nurses, Administrators"),
        Column::figures("Need in the year, low", 0.0).means("What is needed then, low end", "WTE"),
        Column::figures("Need in the year, high", 0.0).means("What is needed then, high end", "WTE"),
        Column::figures("In post then", 0.0).means("Staff in post then", "WTE"),
        Column::figures("Establishment then", 0.0)
            .means("Posts funded then, over the services that gave an establishment", "WTE"),
        Column::figures("Gap low", 0.0).means("Need low − in post; positive is short", "WTE"),
        Column::figures("Gap high", 0.0).means("Need high − in post; positive is short", "WTE"),
    ]
}

/// The headers over what the years cost.
fn total_columns() -> [Column; 5] {
    [
        Column::words("What a year costs", 0.0).means("The year in words", "text"),
        Column::figures("Of year", 0.0).means("Years from today", "years"),
        Column::figures("Nurse time freed", 0.0).means("Nurse time that moving administration frees", "WTE"),
        Column::figures("Cases per nurse", 0.0)
            .means("Expected cases for each nurse WTE in post, over the services where both are known", "cases"),
        Column::figures("Cost of the year", 0.0)
            .means("All staff in post then, new ones included, and software", "£ a year"),
    ]
}

/// One column more, where the year has a price.
fn added_column() -> Column {
    Column::figures("Added cost", 0.0).means("What today’s staff would not cost in that year", "£ a year")
}

/// Where things stand on the sheet.
pub(super) struct ScenarioSheet<'a> {
    words: Words,
    outcome: Outcome,
    inputs: Vec<NamedCell>,
    sums: Sums<'a>,
    first_input: u32,
    first_year: u32,
    first_total: u32,
}

impl<'a> ScenarioSheet<'a> {
    pub(super) fn new(
        report: &'a GapReport,
        costing: &'a Costing,
        book: &'a ScenarioBook<'a>,
        heading: &Heading,
    ) -> Result<Self, WorkbookError> {
        let inputs = inputs(&book.scenario);
        let first_input = heading.header_row() + 1;
        // After each table an empty row, a heading and a header.
        let first_year = first_input + rows(inputs.len())? + 3;
        let first_total = first_year + (MOST_YEARS + 1) * 4 + 3;
        let all_years = Scenario { years: MOST_YEARS, ..book.scenario.clone() };
        Ok(Self {
            words: heading.words,
            outcome: outcome(&report.standard, costing, &all_years, &book.services),
            inputs,
            sums: Sums::new(report, book, heading.words, first_total + MOST_YEARS + 1 + 3)?,
            first_input,
            first_year,
            first_total,
        })
    }

    pub(super) fn write(
        &self,
        writing: &mut Writing<'_>,
        layout: &ServicesSheet,
        heading: &Heading,
    ) -> Result<(), WorkbookError> {
        let name = quoted_sheet(self.words, SCENARIO);
        for (row, cell) in (self.first_input..).zip(&self.inputs) {
            writing.define_name(cell.name, &fixed_address(&name, row, VALUE));
        }
        let columns = [
            Column::words("Name of the cell", 33.0).means("The name by which formulas read the cell", "text"),
            Column::figures("Value", 23.0).means("What is done; type into it", "as the row says"),
            Column::words("What it does", 15.0).means("What follows from it", "text"),
        ];
        let lead = "Type into the yellow cells what is to be done. A scenario is no forecast, and promises nothing of the KPIs.";
        let below: Vec<Column> = year_columns()
            .into_iter()
            .chain(total_columns())
            .chain([added_column()])
            .chain(sum_columns())
            .chain(service_columns())
            .collect();
        let mut sheet = Sheet::begin(writing, SCENARIO, heading, lead, &columns, Paper::A4, 0)?;
        sheet.widen(3..COLUMNS, 13.5)?;
        for (column, style) in LOOKS {
            sheet.column(column, style)?;
        }
        for (row, cell) in (self.first_input..).zip(&self.inputs) {
            cell.write_value(&mut sheet, row)?;
            sheet.say(row, 2, cell.changes, Style::Lead)?;
        }
        self.write_years(&mut sheet)?;
        self.write_totals(&mut sheet)?;
        self.sums.write(&mut sheet, layout)?;
        // What the years cost, and what they rest on, stand on a page of their own.
        sheet
            .inner
            .set_print_area(0, 0, self.sums.last_sum(), COLUMNS - 1)?
            .set_page_breaks(&[self.first_total - 2])?;
        sheet.repeat(self.sums.header_row())?;
        sheet.protect();
        writing.describe(SCENARIO, &below);
        Ok(())
    }

    /// What is in post in a year of what is in post today and vacant, as [`Scenario`] fills vacancies.
    fn occupied(&self, over: Over, [today, vacant]: [Sum; 2], year: &str) -> String {
        let (today, vacant) = (self.sums.cell(over, today), self.sums.cell(over, vacant));
        let filled = format!("IF({year}*12>={MONTHS},{FILL_SHARE},0)*{vacant}");
        let yes = self.words.said("yes");
        format!("IF(AND({FILL}=\"{yes}\",{year}>0),({today}+{filled})/(1+{TURNOVER}*{MONTHS}/12),{today})")
    }

    /// Nurse time that moves to administrators in a year.
    fn moved(&self, over: Over, time: [Sum; 2], year: &str) -> String {
        let time = self.occupied(over, time, year);
        let administrators = self.words.said(ADMINISTRATORS);
        format!("IF(AND({MOVED_TO}=\"{administrators}\",{year}>0),{MOVED}*{time},0)")
    }

    /// New posts of a role in a year: funded, and with somebody in them.
    fn posts(&self, role: Role, year: &str) -> (String, String) {
        let (wte, month) = post_names(role);
        let funded = format!("IF({year}*12>{month}-1,{wte},0)");
        let yes = self.words.said("yes");
        let hired = format!("IF({year}*12>{month}-1+IF({FILL}=\"{yes}\",{MONTHS},0),{wte},0)");
        (funded, hired)
    }

    fn write_years(&self, sheet: &mut Sheet<'_>) -> Result<(), WorkbookError> {
        let title = "Year by year; year 0 is the day that the staffing figures describe";
        sheet.section(self.first_year - 2, COLUMNS, title)?;
        sheet.header(self.first_year - 1, &year_columns())?;
        let all = |year| Basis::ALL.into_iter().flat_map(move |basis| Role::ALL.map(|role| (year, basis, role)));
        for (row, (year, basis, role)) in (self.first_year..).zip(self.outcome.years.iter().flat_map(all)) {
            self.write_year(sheet, row, year, basis, role)?;
        }
        Ok(())
    }

    fn write_year(
        &self,
        sheet: &mut Sheet<'_>,
        row: u32,
        year: &ScenarioYear,
        basis: Basis,
        role: Role,
    ) -> Result<(), WorkbookError> {
        let over = Over::Gap(basis, role);
        let Some(found) = year.role(role, basis) else { return Ok(()) };
        let at = |column| address(row, column);
        sheet.say(row, 0, basis.label(), Style::Text)?;
        sheet.number(row, 1, f64::from(year.year), Style::Count)?;
        sheet.say(row, 2, role_heading(role), Style::Text)?;
        let this = at(1);
        let (funded, hired) = self.posts(role, &this);
        let need = |sum| format!("{}*(1+{GROWTH})^{this}", self.sums.cell(over, sum));
        let mut in_post = format!("{}+{hired}", self.occupied(over, [Sum::InPost, Sum::Vacant], &this));
        let mut establishment = format!("{}+{funded}", self.sums.cell(over, Sum::Establishment));
        if role == Role::Administrator {
            in_post = format!("{in_post}+{}", self.moved(over, [Sum::AdminInPost, Sum::AdminVacant], &this));
            let moved = self.moved(over, [Sum::FundedAdminInPost, Sum::FundedAdminVacant], &this);
            establishment = format!("{establishment}+{moved}");
        }
        let (sum, counts) = (&found.sum, found.counts());
        let no_figure = self.words.said(NO_FIGURE);
        let figures = [
            (need(Sum::NeedLow), Sum::Services, sum.need_low, counts),
            (need(Sum::NeedHigh), Sum::Services, sum.need_high, counts),
            (in_post, Sum::Services, sum.in_post, counts),
            (establishment, Sum::FundedServices, sum.split.establishment, sum.split.services > 0),
            (format!("{}-{}", at(3), at(5)), Sum::Services, sum.net_gap_low, counts),
            (format!("{}-{}", at(4), at(5)), Sum::Services, sum.net_gap_high, counts),
        ];
        for (column, (formula, services, value, counts)) in (3..).zip(figures) {
            let formula = format!("=IF({}>0,{formula},\"{no_figure}\")", self.sums.cell(over, services));
            let stored = if counts { Stored::Number(value) } else { Stored::Word(NO_FIGURE) };
            sheet.formula(row, column, &formula, stored, Style::Wte)?;
        }
        Ok(())
    }

    fn write_totals(&self, sheet: &mut Sheet<'_>) -> Result<(), WorkbookError> {
        let title = "What a year costs, and cases for each nurse, over every service whose staff are known";
        sheet.section(self.first_total - 2, COLUMNS, title)?;
        let mut columns: Vec<Column> = total_columns().into();
        columns.push(added_column());
        sheet.header(self.first_total - 1, &columns)?;
        for (row, year) in (self.first_total..).zip(&self.outcome.years) {
            let (this, freed_cell, cost_cell) = (address(row, 1), address(row, 2), address(row, 4));
            let year_words = match year.year {
                0 => self.words.said("Today"),
                number => self.words.with("book-year-of-scenario", &[("year", number.into())]).into(),
            };
            sheet.text(row, 0, &year_words, Style::Text)?;
            sheet.number(row, 1, f64::from(year.year), Style::Count)?;
            let freed = self.occupied(Over::Staff(Role::Nurse), [Sum::AdminInPost, Sum::AdminVacant], &this);
            sheet.formula(row, 2, &format!("=IF({this}>0,{MOVED}*{freed},0)"), year.freed, Style::Wte)?;
            let staff = self.occupied(Over::Cases, [Sum::InPost, Sum::Vacant], &this);
            let staff = format!("({staff}+{})", self.posts(Role::Nurse, &this).1);
            let cases = format!("{}*(1+{GROWTH})^{this}", self.sums.cell(Over::Cases, Sum::Expected));
            let no_figure = self.words.said(NO_FIGURE);
            let formula = format!("=IF(AND({staff}>0,{cases}>0),{cases}/{staff},\"{no_figure}\")");
            let stored = year.cases_per_nurse.map_or(Stored::Word(NO_FIGURE), Stored::Number);
            sheet.formula(row, 3, &formula, stored, Style::Count)?;
            if let Ok(cost) = &year.cost {
                let (whole, today) = self.cost(&this, &freed_cell);
                sheet.formula(row, 4, &format!("={whole}"), cost.whole.0, Style::Pounds)?;
                sheet.formula(row, 5, &format!("={cost_cell}-({today})"), cost.added.0, Style::Pounds)?;
            }
        }
        Ok(())
    }

    /// What a year costs, and what today's staff would cost at its pay.
    fn cost(&self, year: &str, freed: &str) -> (String, String) {
        let [administrators, to_software] = [ADMINISTRATORS, TO_SOFTWARE].map(|word| self.words.said(word));
        let price = |role| format!("{}*(1+{PAY})^{year}", price_name(role));
        let staff = |role: Role| {
            let staff = self.occupied(Over::Staff(role), [Sum::InPost, Sum::Vacant], year);
            let moved = match role {
                Role::Nurse => String::new(),
                Role::Administrator => format!("+IF({MOVED_TO}=\"{administrators}\",{freed},0)"),
            };
            format!("{}*({staff}+{}{moved})", price(role), self.posts(role, year).1)
        };
        let [of_nurses, of_administrators] = Role::ALL.map(staff);
        let with_nurses = self.sums.cell(Over::Staff(Role::Nurse), Sum::Services);
        let moves = format!("AND({MOVED_TO}=\"{to_software}\",{MOVED}>0,{year}>0)");
        let software = format!("IF({moves},{SOFTWARE}*{with_nurses},0)");
        let now = Role::ALL.map(|role| format!("{}*{}", price(role), self.sums.cell(Over::Staff(role), Sum::InPost)));
        (format!("{of_nurses}+{of_administrators}+{software}"), now.join("+"))
    }
}
