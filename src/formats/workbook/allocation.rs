//! The sheet *Allocation*: a budget that goes down the list of services that are short, as live formulas over *Services*
//! and *Assumptions*. The rule is that of [`crate::domain::workforce::allocation::down_the_list`].
//!
//! From the top: the cells to type into, what the money comes to, the list with each service's turn, and what the list is
//! made from (see `allocation_services`).

use std::collections::BTreeMap;

use super::allocation_services::{Listed, Services, service_columns};
use super::assumptions::price_name;
use super::layout::{
    Column, Heading, Paper, Sheet, Stored, absolute, address, count, fixed_address, quoted_sheet, rows,
};
use super::named_cells::{NamedCell, VALUE, Value};
use super::services::{Field, ServicesSheet};
use super::style::Style;
use super::writing::Writing;
use super::{ALLOCATION, AllocationBook, WorkbookError};
use crate::domain::workforce::allocation::down_the_list::{DownTheList, Turn, down_the_list};
use crate::domain::workforce::allocation::{Budget, Claimant, Goal, LARGEST_BUDGET, Posts, Rules};
use crate::domain::workforce::cost::Costing;
use crate::domain::workforce::gap::{End, GapStatus};
use crate::domain::workforce::ranking::{Ranked, ranking};
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::{Basis, Role};

/// Name of the cell with the money.
const BUDGET: &str = "allocation_budget";
/// Name of the cell with the basis of the need.
pub(super) const BASIS: &str = "allocation_basis";
/// Name of the cell with the end of the need.
pub(super) const NEED: &str = "allocation_need";
/// Name of the cell with who comes first.
pub(super) const ORDER: &str = "allocation_order";
/// Name of the cell with the steps of the posts.
pub(super) const POSTS: &str = "allocation_posts";

/// Columns of the sheet; the last is for the formulas alone, and is not printed.
pub(super) const COLUMNS: u16 = 11;

/// Columns of the list. Those of nurses and of administrators stand side by side.
const COVER: u16 = 3;
const SHORT: u16 = 4;
const GIVEN: u16 = 6;
const COST: u16 = 8;
const LEFT: u16 = 9;
const LINE: u16 = 10;

/// How the columns look in the list and, where they have a like one, in the services that it is made from.
const LOOKS: [Style; COLUMNS as usize] = [
    Style::Text,
    Style::Text,
    Style::Count,
    Style::Percent,
    Style::Wte,
    Style::Wte,
    Style::Wte,
    Style::Wte,
    Style::Pounds,
    Style::Pounds,
    Style::Count,
];

/// Rows of what the money comes to, and of whom it reaches.
const TOTALS: u32 = 5;
const COUNTS: u32 = 7;

/// What the cells of the sheet *Allocation* say; by default there is no money, so that nothing is given.
#[derive(Debug, Clone, PartialEq)]
pub struct AllocationInput {
    /// Pounds a year, 0 or more.
    pub budget: f64,
    /// The population that needs rest on.
    pub basis: Basis,
    /// Up to the lowest or the highest need.
    pub end: End,
    /// Who comes first.
    pub goal: Goal,
    /// In which steps.
    pub posts: Posts,
}

impl Default for AllocationInput {
    fn default() -> Self {
        Self {
            budget: 0.0,
            basis: Basis::Aged50Plus,
            end: End::Low,
            goal: Goal::WorstCoveredFirst,
            posts: Posts::Tenths,
        }
    }
}

/// The words that a cell takes for a goal.
pub(super) const fn order_words(goal: Goal) -> &'static str {
    match goal {
        Goal::WorstCoveredFirst => "worst covered",
        Goal::SmallestTotalShortfall => "largest shortfall",
        Goal::MostExpectedCasesReached => "most cases for £",
    }
}

/// The words that cells take.
const BASES: [&str; 2] = [Basis::AsReported.label(), Basis::Aged50Plus.label()];
const ORDERS: [&str; 3] = [
    order_words(Goal::WorstCoveredFirst),
    order_words(Goal::SmallestTotalShortfall),
    order_words(Goal::MostExpectedCasesReached),
];

/// The cells to type into.
fn inputs(input: &AllocationInput) -> [NamedCell; 5] {
    let cell = |name, value, changes| NamedCell { name, value, unit: "", changes, keeps: "" };
    [
        cell(
            BUDGET,
            Value::PoundsOrNothing(input.budget, LARGEST_BUDGET),
            "The money there is, £ a year; with £0 nothing is given.",
        ),
        cell(BASIS, Value::Word(input.basis.label(), &BASES), "Which population the need rests on."),
        cell(
            NEED,
            Value::Word(input.end.as_str(), &["low", "high"]),
            "Up to which end of the need services are filled.",
        ),
        cell(
            ORDER,
            Value::Word(order_words(input.goal), &ORDERS),
            "Who comes first; for £: expected cases for each £100,000 that closing the shortfall costs.",
        ),
        cell(
            POSTS,
            Value::Word(input.posts.as_str(), &["tenths", "whole"]),
            "Whether tenths of a post are given, or whole posts alone.",
        ),
    ]
}

fn total_columns() -> [Column; 4] {
    [
        Column::words("What the money comes to", 0.0).means("A sum over the list", "text"),
        Column::figures("Both roles", 0.0).means("Of nurses and administrators", "WTE; £ a year"),
        Column::figures("Of nurses", 0.0).means("Of nurses", "WTE; £ a year"),
        Column::figures("Of administrators", 0.0).means("Of administrators", "WTE; £ a year"),
    ]
}

fn count_columns() -> [Column; 2] {
    [
        Column::words("Whom it reaches", 0.0).means("Which services are counted", "text"),
        Column::figures("Services", 0.0).means("How many they are", "services"),
    ]
}

fn list_columns() -> [Column; 11] {
    [
        Column::words("Name", 0.0).means("Name of the service", "text"),
        Column::words("Service code", 0.0).means("Unit code of the service", "code"),
        Column::figures("Place in the list", 0.0).means("1 comes first; empty lines are nobody’s", "place"),
        Column::figures("Cover", 0.0).means("In post ÷ need of both roles, each up to its need", "share"),
        Column::figures("Nurses short", 0.0).means("Need − in post, at the chosen end on the chosen basis", "WTE"),
        Column::figures("Administrators short", 0.0).means("The same of administrators", "WTE"),
        Column::figures("Nurses given", 0.0).means("What of it the money that is left pays for", "WTE"),
        Column::figures("Administrators given", 0.0).means("The same of administrators, after nurses", "WTE"),
        Column::figures("What they cost", 0.0).means("Posts given × the cost of a WTE", "£ a year"),
        Column::figures("Money left", 0.0).means("What goes on to the next of the list", "£ a year"),
        Column::figures("Its line below", 0.0).means("Its line among the services that the list is made from", "line"),
    ]
}

/// Where things stand on the sheet.
pub(super) struct AllocationSheet<'a> {
    report: &'a GapReport,
    input: &'a AllocationInput,
    prices: [f64; 2],
    claimants: Vec<Claimant>,
    list: Vec<Ranked>,
    went: DownTheList,
    services: Services<'a>,
    first_input: u32,
    first_total: u32,
    first_count: u32,
    first_line: u32,
    last_line: u32,
}

impl<'a> AllocationSheet<'a> {
    /// `None` where a role has no price: money cannot buy its posts.
    pub(super) fn new(
        report: &'a GapReport,
        costing: &Costing,
        book: &'a AllocationBook<'a>,
        heading: &Heading,
    ) -> Result<Option<Self>, WorkbookError> {
        let input = &book.input;
        let [Ok(nurse), Ok(administrator)] = Role::ALL.map(|role| costing.cost_of(role)) else { return Ok(None) };
        let rules = Rules {
            budget: Budget::Pounds(input.budget),
            goal: input.goal,
            posts: input.posts,
            roles: Role::ALL.to_vec(),
            minimum_team: 0.0,
            prices: [nurse.0, administrator.0],
        };
        let expected = |code: &str| book.expected.get(code).copied();
        let known = |row| Claimant::of(row, input.end, &rules.roles, expected(&row.service)).ok();
        let claimants: Vec<Claimant> = report.rows_on(input.basis).filter_map(known).collect();
        let list = ranking(&rules, &claimants, Some(rules.prices));
        let went = down_the_list(&rules, &claimants, &list);
        let places: BTreeMap<&str, (u32, &Ranked)> = (1..)
            .zip(&list)
            .filter_map(|(place, one)| Some((claimants.get(one.place)?.service.as_str(), (place, one))))
            .collect();
        let lines = rows(report.rows_on(input.basis).count().max(1))?;
        let first_input = heading.header_row() + 1;
        // After each table an empty row, a heading and a header.
        let first_total = first_input + rows(inputs(input).len())? + 3;
        let first_count = first_total + TOTALS + 3;
        let first_line = first_count + COUNTS + 3;
        let services = Services::new(report, book, rules.prices, &places, heading.words, first_line + lines + 3)?;
        Ok(Some(Self {
            prices: rules.prices,
            last_line: first_line + lines - 1,
            report,
            input,
            claimants,
            list,
            went,
            services,
            first_input,
            first_total,
            first_count,
            first_line,
        }))
    }

    pub(super) fn write(
        &self,
        writing: &mut Writing<'_>,
        layout: &ServicesSheet,
        heading: &Heading,
    ) -> Result<(), WorkbookError> {
        let inputs = inputs(self.input);
        let name = quoted_sheet(heading.words, ALLOCATION);
        for (row, cell) in (self.first_input..).zip(&inputs) {
            writing.define_name(cell.name, &fixed_address(&name, row, VALUE));
        }
        let columns = [
            Column::words("Name of the cell", 36.0).means("The name by which formulas read the cell", "text"),
            Column::figures("Value", 24.0).means("What is asked; type into it", "as the row says"),
            Column::words("What it does", 13.0).means("What follows from it", "text"),
        ];
        let lead = "Type into the yellow cells: the money goes down the list of services that are short, nurses before \
                    administrators, each up to its shortfall; what is left goes on to the next.";
        let below: Vec<Column> =
            total_columns().into_iter().chain(count_columns()).chain(list_columns()).chain(service_columns()).collect();
        let mut sheet = Sheet::begin(writing, ALLOCATION, heading, lead, &columns, Paper::A4, 1)?;
        sheet.widen(3..COLUMNS, 13.5)?;
        for (column, style) in (0..).zip(LOOKS) {
            sheet.column(column, style)?;
        }
        for (row, cell) in (self.first_input..).zip(&inputs) {
            cell.write_value(&mut sheet, row)?;
            sheet.say(row, 2, cell.changes, Style::Lead)?;
        }
        self.write_totals(&mut sheet)?;
        self.write_counts(&mut sheet, layout)?;
        self.write_list(&mut sheet)?;
        self.services.write(&mut sheet, layout)?;
        sheet.bars((self.first_line, self.last_line), COST)?;
        sheet.inner.set_print_area(0, 0, self.last_line, LEFT)?;
        sheet.repeat(self.first_line - 1)?;
        sheet.protect();
        writing.describe(ALLOCATION, &below);
        Ok(())
    }

    /// A column of the list.
    fn range(&self, column: u16) -> String {
        format!("{}:{}", address(self.first_line, column), address(self.last_line, column))
    }

    fn write_totals(&self, sheet: &mut Sheet<'_>) -> Result<(), WorkbookError> {
        sheet.section(self.first_total - 2, COLUMNS, "What the money comes to, over the services of the list")?;
        sheet.header(self.first_total - 1, &total_columns())?;
        let row = |place: u32| self.first_total + place;
        let short = Role::ALL.map(|role| {
            let claimants = self.list.iter().filter_map(|one| self.claimants.get(one.place));
            claimants.fold(0.0, |sum, claimant| sum + claimant.role(role).shortfall())
        });
        let given = self.went.wte;
        let of = |figures: [f64; 2], others: [f64; 2]| [figures[0] - others[0], figures[1] - others[1]];
        let cost = [given[0] * self.prices[0], given[1] * self.prices[1]];
        let lines = [
            ("Short before, WTE", short, Style::Wte),
            ("Given, WTE", given, Style::Wte),
            ("Still short, WTE", of(short, given), Style::Wte),
            ("Cost of what is given, £ a year", cost, Style::Pounds),
        ];
        for (place, (words, values, style)) in (0..).zip(lines) {
            sheet.say(row(place), 0, words, Style::Text)?;
            let both = format!("={}+{}", address(row(place), 2), address(row(place), 3));
            sheet.formula(row(place), 1, &both, values[0] + values[1], style)?;
            for ((column, value), role) in (2u16..).zip(values).zip(Role::ALL) {
                let at = |place| address(row(place), column);
                let formula = match place {
                    0 => format!("=SUM({})", self.range(SHORT + column - 2)),
                    1 => format!("=SUM({})", self.range(GIVEN + column - 2)),
                    2 => format!("={}-{}", at(0), at(1)),
                    _ => format!("={}*{}", at(1), price_name(role)),
                };
                sheet.formula(row(place), column, &formula, value, style)?;
            }
        }
        sheet.say(row(4), 0, "Left over of the money, £ a year", Style::Text)?;
        let left = format!("=MAX(0,{BUDGET}-{})", address(row(3), 1));
        sheet.formula(row(4), 1, &left, (self.input.budget - cost[0] - cost[1]).max(0.0), Style::Pounds)
    }

    fn write_counts(&self, sheet: &mut Sheet<'_>, layout: &ServicesSheet) -> Result<(), WorkbookError> {
        sheet.section(self.first_count - 2, COLUMNS, "Whom it reaches")?;
        sheet.header(self.first_count - 1, &count_columns())?;
        let at = |place: u32| address(self.first_count + place, 1);
        let of =
            |status: GapStatus| count(self.report.rows_on(self.input.basis).filter(|row| row.status == status).count());
        let unknown = self.report.rows_on(self.input.basis).count() - self.claimants.len();
        let reasons = [GapStatus::NoResponse, GapStatus::PopulationMissing, GapStatus::PopulationNotPositive];
        let [no_response, missing, not_positive] = reasons.map(|status| {
            let (bases, statuses) = (layout.range(Field::Basis), layout.range(Field::Status));
            (format!("COUNTIFS({bases},{BASIS},{statuses},\"{}\")", layout.word(status.as_str())), of(status))
        });
        let [known, not_known, listed] = self.services.counts();
        let given = format!("COUNTIF({},\">0\")", self.range(COST));
        let not_short = format!("{known}-{}", at(0));
        let no_staff = format!("{not_known}-SUM({}:{})", at(3), at(5));
        let rest = count(unknown) - no_response.1 - missing.1 - not_positive.1;
        let lines = [
            ("On the list: short", (listed, count(self.list.len()))),
            ("Of these, given posts", (given, count(self.went.reached()))),
            ("Not on it: have what they need", (not_short, count(self.claimants.len() - self.list.len()))),
            ("Gap not known: no answers", no_response),
            ("Gap not known: no population", missing),
            ("Gap not known: population not above 0", not_positive),
            ("Gap not known: staff of a role not given", (no_staff, rest)),
        ];
        for (row, (words, (formula, value))) in (self.first_count..).zip(lines) {
            sheet.say(row, 0, words, Style::Text)?;
            sheet.formula(row, 1, &format!("={formula}"), value, Style::Count)?;
        }
        Ok(())
    }

    fn write_list(&self, sheet: &mut Sheet<'_>) -> Result<(), WorkbookError> {
        let title = "The list, with each service’s turn; grey bars show what its posts cost";
        sheet.section(self.first_line - 2, COLUMNS, title)?;
        sheet.header(self.first_line - 1, &list_columns())?;
        let steps = self.services.steps();
        let on_the_list = absolute(self.first_count, 1);
        let [nurse, administrator] = Role::ALL.map(|role| self.services.price(role));
        let looked_up = [Listed::Name, Listed::Code].map(|column| self.services.range(column));
        let short =
            [Listed::Short(Role::Nurse), Listed::Short(Role::Administrator)].map(|one| self.services.range(one));
        let (places, needs) = (self.services.range(Listed::Place), self.services.range(Listed::Need));
        let nothing = || Stored::Text("");
        for (index, row) in (self.first_line..=self.last_line).enumerate() {
            let turn = self.list.get(index).zip(self.went.turns.get(index));
            let found = turn.and_then(|(one, turn)| Some((one, turn, self.claimants.get(one.place)?)));
            let at = |column| address(row, column);
            let (place, line) = (at(2), at(LINE));
            let before = if row == self.first_line { BUDGET.to_owned() } else { address(row - 1, LEFT) };
            let mut write = |column: u16, formula: &str, value: Option<Stored<'a>>, style: Style| {
                let formula = format!("=IF({line}=\"\",\"\",{formula})");
                sheet.formula(row, column, &formula, value.unwrap_or_else(nothing), style)
            };
            let service = found.and_then(|(_, _, claimant)| self.services.named(&claimant.service));
            let subject = [service.map(|service| service.name), service.map(|service| service.code)];
            for ((column, range), text) in (0u16..).zip(&looked_up).zip(subject) {
                write(column, &format!("INDEX({range},{line})"), text.map(Stored::Text), Style::Text)?;
            }
            let number = |of: &dyn Fn(&Ranked, &Turn, &Claimant) -> f64| {
                found.map(|(one, turn, claimant)| Stored::Number(of(one, turn, claimant)))
            };
            let cover = format!("1-SUM({}:{})/INDEX({needs},{line})", at(SHORT), at(SHORT + 1));
            let nurses = format!("MIN(INT({}*{steps}+1E-9),INT({before}/{nurse}*{steps}+1E-9))/{steps}", at(SHORT));
            let after_nurses = format!("MAX(0,{before}-{}*{nurse})", at(GIVEN));
            let administrators = format!(
                "MIN(INT({}*{steps}+1E-9),INT({after_nurses}/{administrator}*{steps}+1E-9))/{steps}",
                at(SHORT + 1)
            );
            let cost = format!("{}*{nurse}+{}*{administrator}", at(GIVEN), at(GIVEN + 1));
            let left = format!("MAX(0,{before}-{})", at(COST));
            let figures = [
                (COVER, cover, number(&|one, _, _| one.cover), Style::Percent),
                (
                    SHORT,
                    format!("INDEX({},{line})", short[0]),
                    number(&|_, _, of| of.role(Role::Nurse).shortfall()),
                    Style::Wte,
                ),
                (
                    SHORT + 1,
                    format!("INDEX({},{line})", short[1]),
                    number(&|_, _, of| of.role(Role::Administrator).shortfall()),
                    Style::Wte,
                ),
                (GIVEN, nurses, number(&|_, turn, _| turn.wte[0]), Style::Wte),
                (GIVEN + 1, administrators, number(&|_, turn, _| turn.wte[1]), Style::Wte),
                (COST, cost, number(&|_, turn, _| turn.spent), Style::Pounds),
                (LEFT, left, number(&|_, turn, _| turn.left), Style::Pounds),
            ];
            for (column, formula, value, style) in figures {
                write(column, &formula, value, style)?;
            }
            // A line that no service needs shows no place either.
            let nth = index + 1;
            let formula = format!("=IF({nth}>{on_the_list},\"\",{nth})");
            let stored = found.map_or_else(nothing, |_| Stored::Number(count(nth)));
            sheet.formula(row, 2, &formula, stored, Style::Count)?;
            let formula = format!("=IF({place}=\"\",\"\",MATCH({place},{places},0))");
            let stored = service.map_or_else(nothing, |service| Stored::Number(f64::from(service.line)));
            sheet.formula(row, LINE, &formula, stored, Style::Count)?;
        }
        Ok(())
    }
}
