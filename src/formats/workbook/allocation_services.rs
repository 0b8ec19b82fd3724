//! What the list of the sheet *Allocation* is made from: each service in the order of the codes, with what it is short of
//! and its place.

use std::collections::BTreeMap;

use super::allocation::{AllocationInput, BASIS, COLUMNS, NEED, ORDER, POSTS, order_words};
use super::assumptions::price_name;
use super::layout::{Column, NO_FIGURE, Sheet, Stored, absolute, address, rows};
use super::services::{Field, Figure, ServicesSheet};
use super::style::Style;
use super::{AllocationBook, WorkbookError};
use crate::domain::workforce::allocation::{Claimant, Goal, Posts};
use crate::domain::workforce::gap::{End, GapRow};
use crate::domain::workforce::ranking::Ranked;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::{Basis, Role};
use crate::locales::Words;

/// The goals in the order in which a formula chooses among them.
const GOALS: [Goal; 3] = [Goal::WorstCoveredFirst, Goal::SmallestTotalShortfall, Goal::MostExpectedCasesReached];

/// How the choices are read: which basis, which end, which order, how many steps make a post, what a WTE costs.
const CHOICES: u32 = 6;

/// A column of the services.
#[derive(Debug, Clone, Copy)]
pub(super) enum Listed {
    Name,
    Code,
    Place,
    Expected,
    Short(Role),
    /// Of both roles.
    Need,
    RankedBy,
}

impl Listed {
    fn column(self) -> u16 {
        match self {
            Self::Name => 0,
            Self::Code => 1,
            Self::Place => 2,
            Self::Expected => 3,
            Self::Short(Role::Nurse) => 4,
            Self::Short(Role::Administrator) => 5,
            Self::Need => 6,
            Self::RankedBy => 7,
        }
    }
}

fn choice_columns() -> [Column; 2] {
    [
        Column::words("How the cells above are read", 0.0).means("What a choice means to the formulas", "text"),
        Column::figures("Number", 0.0).means("The number that formulas read", "as the row says"),
    ]
}

/// The headers over the choices and over the services.
pub(super) fn service_columns() -> Vec<Column> {
    choice_columns().into_iter().chain(listed_columns()).collect()
}

fn listed_columns() -> [Column; 8] {
    [
        Column::words("Service", 0.0).means("Name of the service, in the order of the codes", "text"),
        Column::words("Its code", 0.0).means("Unit code of the service", "code"),
        Column::figures("Its place in the list", 0.0).means("1 comes first; equals in the order of the codes", "place"),
        Column::figures("Expected cases", 0.0).means("Cases that are to be expected of it in a year", "cases"),
        Column::figures("Short of nurses", 0.0)
            .means("Need − in post on the chosen reading, 0 where there is enough; n/a: a role’s gap is not known", "WTE"),
        Column::figures("Short of administrators", 0.0).means("The same of administrators", "WTE"),
        Column::figures("Need of both", 0.0).means("Need of nurses and administrators on that reading", "WTE"),
        Column::figures("Ranked by", 0.0).means(
            "The largest comes first: the share of its need that is not covered, its shortfall, or expected cases for each \
             £100,000 (−1: not known)",
            "as chosen",
        ),
    ]
}

/// One service.
#[derive(Debug)]
pub(super) struct ListedService<'a> {
    pub(super) name: &'a str,
    pub(super) code: &'a str,
    /// Its line, from 1.
    pub(super) line: u32,
    /// The place in the report of the first of its rows, which stand in the order of the bases.
    first: u32,
    rows: Vec<&'a GapRow>,
    expected: Option<f64>,
    /// Where it is on the list: its place, and what it is ranked by.
    listed: Option<(u32, f64)>,
}

impl<'a> ListedService<'a> {
    fn on(&self, basis: Basis) -> Option<&'a GapRow> {
        self.rows.iter().copied().find(|row| row.basis == basis)
    }
}

/// Where the choices and the services stand.
pub(super) struct Services<'a> {
    words: Words,
    input: &'a AllocationInput,
    prices: [f64; 2],
    services: Vec<ListedService<'a>>,
    by_code: BTreeMap<&'a str, usize>,
    first_choice: u32,
    first_service: u32,
    last_service: u32,
}

impl<'a> Services<'a> {
    pub(super) fn new(
        report: &'a GapReport,
        book: &'a AllocationBook<'a>,
        prices: [f64; 2],
        list: &BTreeMap<&str, (u32, &Ranked)>,
        words: Words,
        first_choice: u32,
    ) -> Result<Self, WorkbookError> {
        let mut services: Vec<ListedService<'a>> = Vec::new();
        for (place, row) in (0..).zip(&report.rows) {
            let code = row.service.as_str();
            match services.last_mut() {
                Some(last) if last.code == code => last.rows.push(row),
                _ => services.push(ListedService {
                    name: &row.name,
                    code,
                    line: rows(services.len() + 1)?,
                    first: place,
                    rows: vec![row],
                    expected: book.expected.get(code).copied(),
                    listed: list.get(code).map(|(at, one)| (*at, one.ranked_by(book.input.goal).unwrap_or(-1.0))),
                }),
            }
        }
        let first_service = first_choice + CHOICES + 3;
        Ok(Self {
            words,
            input: &book.input,
            prices,
            by_code: services.iter().enumerate().map(|(place, service)| (service.code, place)).collect(),
            first_choice,
            first_service,
            // A report without services keeps one empty row, so that there is a range to read.
            last_service: first_service + rows(services.len().max(1))? - 1,
            services,
        })
    }

    pub(super) fn named(&self, code: &str) -> Option<&ListedService<'a>> {
        self.services.get(*self.by_code.get(code)?)
    }

    /// A column of the services.
    pub(super) fn range(&self, listed: Listed) -> String {
        let cell = |row| absolute(row, listed.column());
        format!("{}:{}", cell(self.first_service), cell(self.last_service))
    }

    /// How many services' gaps are known, are not known, and are on the list, as formulas count them.
    pub(super) fn counts(&self) -> [String; 3] {
        let short = self.range(Listed::Short(Role::Nurse));
        [
            format!("COUNT({short})"),
            format!("COUNTIF({short},\"{}\")", self.words.said(NO_FIGURE)),
            format!("COUNT({})", self.range(Listed::RankedBy)),
        ]
    }

    fn choice(&self, place: u32) -> String {
        absolute(self.first_choice + place, 1)
    }

    /// The cell with the number of steps in a post.
    pub(super) fn steps(&self) -> String {
        self.choice(3)
    }

    /// The cell with what a WTE of a role costs.
    pub(super) fn price(&self, role: Role) -> String {
        self.choice(match role {
            Role::Nurse => 4,
            Role::Administrator => 5,
        })
    }

    pub(super) fn write(&self, sheet: &mut Sheet<'_>, layout: &ServicesSheet) -> Result<(), WorkbookError> {
        self.write_choices(sheet)?;
        let title = "What the list is made from: the services in the order of their codes, on the chosen reading";
        sheet.section(self.first_service - 2, COLUMNS, title)?;
        sheet.header(self.first_service - 1, &listed_columns())?;
        for (row, service) in (self.first_service..).zip(&self.services) {
            self.write_service(sheet, layout, row, service)?;
        }
        Ok(())
    }

    fn write_choices(&self, sheet: &mut Sheet<'_>) -> Result<(), WorkbookError> {
        sheet.section(self.first_choice - 2, COLUMNS, "How the choices are read")?;
        sheet.header(self.first_choice - 1, &choice_columns())?;
        let input = self.input;
        let said = |english: &'static str| self.words.said(english);
        let basis = format!("=IF({BASIS}=\"{}\",1,2)", said(Basis::AsReported.label()));
        let stored_basis = if input.basis == Basis::AsReported { 1.0 } else { 2.0 };
        let end = format!("=IF({NEED}=\"{}\",2,1)", said(End::High.as_str()));
        let stored_end = if input.end == End::High { 2.0 } else { 1.0 };
        let [worst, largest, _] = GOALS.map(|goal| said(order_words(goal)));
        let order = format!("=IF({ORDER}=\"{worst}\",1,IF({ORDER}=\"{largest}\",2,3))");
        let stored_order = (1u32..).zip(GOALS).find(|(_, goal)| *goal == input.goal).map_or(1, |(place, _)| place);
        let steps = format!("=IF({POSTS}=\"{}\",1,10)", said(Posts::Whole.as_str()));
        let stored_steps = if input.posts == Posts::Whole { 1.0 } else { 10.0 };
        let price = |role| format!("={}", price_name(role));
        let [nurse, administrator] = self.prices;
        for (row, (words, formula, value, style)) in (self.first_choice..).zip([
            ("Basis, 1 or 2", basis, stored_basis, Style::Count),
            ("End of the need, 1 or 2", end, stored_end, Style::Count),
            ("Order, 1 to 3", order, f64::from(stored_order), Style::Count),
            ("Steps in a post", steps, stored_steps, Style::Count),
            ("A nurse WTE costs, £ a year", price(Role::Nurse), nurse, Style::Pounds),
            ("An administrator WTE costs, £ a year", price(Role::Administrator), administrator, Style::Pounds),
        ]) {
            sheet.say(row, 0, words, Style::Text)?;
            sheet.formula(row, 1, &formula, value, style)?;
        }
        Ok(())
    }

    fn write_service(
        &self,
        sheet: &mut Sheet<'_>,
        layout: &ServicesSheet,
        row: u32,
        service: &ListedService<'_>,
    ) -> Result<(), WorkbookError> {
        let at = |listed: Listed| address(row, listed.column());
        sheet.text(row, Listed::Name.column(), service.name, Style::Text)?;
        sheet.text(row, Listed::Code.column(), service.code, Style::Text)?;
        sheet.given(row, Listed::Expected.column(), service.expected, Style::Count)?;
        let known = |row: &GapRow| Claimant::of(row, End::Low, &Role::ALL, None).is_ok();
        let figures = [Listed::Short(Role::Nurse), Listed::Short(Role::Administrator), Listed::Need];
        if !service.rows.iter().any(|row| known(row)) {
            for listed in figures {
                sheet.say(row, listed.column(), NO_FIGURE, Style::Wte)?;
            }
            return Ok(());
        }
        let claimant =
            service.on(self.input.basis).and_then(|row| Claimant::of(row, self.input.end, &Role::ALL, None).ok());
        for listed in figures {
            let figure = self.figure(layout, service, listed);
            // What is known of a service does not follow the assumptions.
            let formula = match Basis::ALL.map(|basis| service.on(basis).is_some_and(known)) {
                [true, true] => format!("={figure}"),
                [first, _] => {
                    let known_on = if first { 1 } else { 2 };
                    let no_figure = self.words.said(NO_FIGURE);
                    format!("=IF({}={known_on},{figure},\"{no_figure}\")", self.choice(0))
                }
            };
            let value = claimant.as_ref().map(|claimant| match listed {
                Listed::Short(role) => claimant.role(role).shortfall(),
                _ => claimant.staff.iter().map(|staffed| staffed.need).sum(),
            });
            let value = value.map_or(Stored::Word(NO_FIGURE), Stored::Number);
            sheet.formula(row, listed.column(), &formula, value, Style::Wte)?;
        }
        let [nurses, administrators] = Role::ALL.map(|role| at(Listed::Short(role)));
        let (short, need, by) = (format!("SUM({nurses}:{administrators})"), at(Listed::Need), at(Listed::RankedBy));
        let cases = service.expected.map_or("-1".to_owned(), |_| {
            let [nurse, administrator] = Role::ALL.map(|role| self.price(role));
            let cost = format!("({nurses}*{nurse}+{administrators}*{administrator})");
            format!("{}*{short}/{need}/{cost}*100000", at(Listed::Expected))
        });
        let chosen = format!("CHOOSE({},{short}/{need},{short},{cases})", self.choice(2));
        let ranked_by = format!("=IF(ROUND({short},9)>0,ROUND({chosen},9),\"\")");
        let (place, value) = service.listed.unzip();
        let stored = value.map_or(Stored::Text(""), Stored::Number);
        sheet.formula(row, Listed::RankedBy.column(), &ranked_by, stored, Style::Wte)?;
        let column = Listed::RankedBy.column();
        let above = format!("{}:{by}", absolute(self.first_service, column));
        let place_of =
            format!("=IF({by}=\"\",\"\",RANK({by},{},0)+COUNTIF({above},{by})-1)", self.range(Listed::RankedBy));
        let stored = place.map_or(Stored::Text(""), |place| Stored::Number(f64::from(place)));
        sheet.formula(row, Listed::Place.column(), &place_of, stored, Style::Count)
    }

    /// A figure of the sheet *Services* on the chosen basis, at the chosen end: those of a service stand in a block, the
    /// bases below one another, the ends side by side.
    fn figure(&self, layout: &ServicesSheet, service: &ListedService<'_>, listed: Listed) -> String {
        let block = |role, low, high| {
            let from = layout.cell(service.first, Field::Figure(role, low));
            let to = layout.address(service.first + 1, Field::Figure(role, high));
            format!("INDEX({from}:{to},{},{})", self.choice(0), self.choice(1))
        };
        match listed {
            Listed::Short(role) => format!("MAX(0,{})", block(role, Figure::GapLow, Figure::GapHigh)),
            _ => Role::ALL.map(|role| block(role, Figure::NeedLow, Figure::NeedHigh)).join("+"),
        }
    }
}
