//! What the years of the sheet *Scenario* rest on: sums over the services, and what each service says of itself.

use std::collections::BTreeMap;

use super::layout::{Column, Sheet, absolute, rows};
use super::scenario::{ADMIN_SHARE, COLUMNS, FILL};
use super::services::{Field, Figure, ServicesSheet, role_heading};
use super::style::Style;
use super::{ScenarioBook, WorkbookError};
use crate::domain::workforce::gap::GapRow;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::scenario::{PUBLISHED_ADMIN_SHARE, Scenario, ScenarioService};
use crate::domain::workforce::standard::{Basis, Role};
use crate::locales::Words;

/// The columns of what each service says.
const OWN_SHARE: u16 = 1;
const USED_SHARE: u16 = 2;
const OWN_EXPECTED: u16 = 3;

/// How those columns look: the rows are many, the tables above them small.
pub(super) const LOOKS: [(u16, Style); 3] =
    [(OWN_SHARE, Style::Percent), (USED_SHARE, Style::Percent), (OWN_EXPECTED, Style::Count)];

/// What a row of sums is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The services with a gap on a basis.
    Gap(Basis, Role),
    /// Every service whose staff are known, whatever its need.
    Staff(Role),
    /// Those of them with expected cases.
    Cases,
}

impl Over {
    const ALL: [Self; 7] = [
        Self::Gap(Basis::AsReported, Role::Nurse),
        Self::Gap(Basis::AsReported, Role::Administrator),
        Self::Gap(Basis::Aged50Plus, Role::Nurse),
        Self::Gap(Basis::Aged50Plus, Role::Administrator),
        Self::Staff(Role::Nurse),
        Self::Staff(Role::Administrator),
        Self::Cases,
    ];

    fn role(self) -> Role {
        match self {
            Self::Gap(_, role) | Self::Staff(role) => role,
            Self::Cases => Role::Nurse,
        }
    }

    /// The basis whose rows are summed: staff are the same on each.
    fn basis(self) -> Basis {
        match self {
            Self::Gap(basis, _) => basis,
            Self::Staff(_) | Self::Cases => Basis::AsReported,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Gap(..) => "Services with a gap",
            Self::Staff(_) => "Services with staff known",
            Self::Cases => "Of these, with expected cases",
        }
    }

    /// Whether a sum is made over these services.
    fn has(self, sum: Sum) -> bool {
        match sum {
            Sum::Services | Sum::InPost | Sum::Vacant | Sum::AdminInPost | Sum::AdminVacant => true,
            Sum::Expected => self == Self::Cases,
            _ => matches!(self, Self::Gap(..)),
        }
    }
}

/// What is summed, in the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    Services,
    NeedLow,
    NeedHigh,
    InPost,
    Vacant,
    AdminInPost,
    AdminVacant,
    FundedServices,
    Establishment,
    FundedAdminInPost,
    FundedAdminVacant,
    Expected,
}

impl Sum {
    const ALL: [Self; 12] = [
        Self::Services,
        Self::NeedLow,
        Self::NeedHigh,
        Self::InPost,
        Self::Vacant,
        Self::AdminInPost,
        Self::AdminVacant,
        Self::FundedServices,
        Self::Establishment,
        Self::FundedAdminInPost,
        Self::FundedAdminVacant,
        Self::Expected,
    ];

    fn column(self) -> u16 {
        3 + self as u16
    }

    /// Its header, and what it is.
    fn described(self) -> (&'static str, &'static str) {
        match self {
            Self::Services => ("Services", "Services that count"),
            Self::NeedLow => ("Need low", "Their need today, low end"),
            Self::NeedHigh => ("Need high", "Their need today, high end"),
            Self::InPost => ("In post", "Their staff in post today"),
            Self::Vacant => {
                ("Vacant", "Their vacant posts today; posts above the establishment are no vacancies below 0")
            }
            Self::AdminInPost => {
                ("Nurse time on administration", "Nurse time of theirs that goes to administration today")
            }
            Self::AdminVacant => {
                ("The same of the vacant", "What of the vacant nurse posts would go to administration")
            }
            Self::FundedServices => ("With establishment", "Services of these that gave an establishment"),
            Self::Establishment => ("Establishment", "Their establishment today"),
            Self::FundedAdminInPost => ("Time, with establishment", "Nurse time on administration of those"),
            Self::FundedAdminVacant => ("Vacant time, with establishment", "The same of their vacant nurse posts"),
            Self::Expected => ("Expected cases", "Cases that are to be expected in a year"),
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Services | Self::FundedServices | Self::Expected => Style::Count,
            _ => Style::Wte,
        }
    }
}

/// The headers over the sums.
pub(super) fn sum_columns() -> Vec<Column> {
    let mut columns = vec![
        Column::words("Over", 0.0).means("Which services are summed", "text"),
        Column::words("Of basis", 0.0).means("Which population the need rests on", "As reported, Aged 50 and over"),
        Column::words("Of role", 0.0).means("Whose staff", "Nurses, Administrators"),
    ];
    columns.extend(Sum::ALL.map(|sum| {
        let (header, meaning) = sum.described();
        let unit = match sum {
            Sum::Services | Sum::FundedServices => "services",
            Sum::Expected => "cases",
            _ => "WTE",
        };
        Column::figures(header, 0.0).means(meaning, unit)
    }));
    columns
}

/// The headers over what each service says.
pub(super) fn service_columns() -> [Column; 4] {
    [
        Column::words("Service code", 0.0)
            .means("Unit code of the service; its rows are those of the sheet Services", "code"),
        Column::figures("Own answer", 0.0).means("Share of nurse time on administration that it gave", "share"),
        Column::figures("Share used", 0.0).means("That answer, else the published third", "share"),
        Column::figures("Its expected cases", 0.0).means("Cases that are to be expected of it in a year", "cases"),
    ]
}

/// Where the sums and the services stand, and what they are made from.
pub(super) struct Sums<'a> {
    words: Words,
    /// The rows of the report, each with what its service says of itself.
    rows: Vec<(&'a GapRow, Option<&'a ScenarioService<'a>>)>,
    scenario: &'a Scenario,
    first_sum: u32,
    first_service: u32,
    last_service: u32,
}

impl<'a> Sums<'a> {
    pub(super) fn new(
        report: &'a GapReport,
        book: &'a ScenarioBook<'a>,
        words: Words,
        first_sum: u32,
    ) -> Result<Self, WorkbookError> {
        let first_service = first_sum + rows(Over::ALL.len())? + 3;
        let services = book.services.iter();
        let by_service: BTreeMap<&str, &ScenarioService<'_>> =
            services.filter_map(|one| Some((one.rows.first()?.service.as_str(), one))).collect();
        Ok(Self {
            words,
            rows: report.rows.iter().map(|row| (row, by_service.get(row.service.as_str()).copied())).collect(),
            scenario: &book.scenario,
            first_sum,
            first_service,
            // A report without services keeps one empty row, so that the sums have a range to read.
            last_service: first_service + rows(report.rows.len().max(1))? - 1,
        })
    }

    /// The headers of the sums.
    pub(super) fn header_row(&self) -> u32 {
        self.first_sum - 1
    }

    /// The last row of the sums.
    pub(super) fn last_sum(&self) -> u32 {
        self.first_service - 4
    }

    /// The address of a sum.
    pub(super) fn cell(&self, over: Over, sum: Sum) -> String {
        let place = Over::ALL.iter().zip(self.first_sum..).find(|(one, _)| **one == over).map(|(_, row)| row);
        absolute(place.unwrap_or(self.first_sum), sum.column())
    }

    /// A column of what each service says; its rows line up with those of the sheet *Services*.
    fn range(&self, column: u16) -> String {
        let cell = |row| absolute(row, column);
        format!("{}:{}", cell(self.first_service), cell(self.last_service))
    }

    pub(super) fn write(&self, sheet: &mut Sheet<'_>, layout: &ServicesSheet) -> Result<(), WorkbookError> {
        sheet.section(self.first_sum - 2, COLUMNS, "What the years rest on: sums of today over the sheet Services")?;
        sheet.header(self.first_sum - 1, &sum_columns())?;
        for (row, over) in (self.first_sum..).zip(Over::ALL) {
            sheet.say(row, 0, over.words(), Style::Text)?;
            sheet.say(row, 1, over.basis().label(), Style::Text)?;
            sheet.say(row, 2, role_heading(over.role()), Style::Text)?;
            for sum in Sum::ALL.into_iter().filter(|sum| over.has(*sum)) {
                let formula = format!("={}", self.formula(layout, over, sum));
                sheet.formula(row, sum.column(), &formula, self.stored(over, sum), sum.style())?;
            }
        }
        self.write_services(sheet)
    }

    /// 1 for each service that counts, else 0.
    fn counted(&self, layout: &ServicesSheet, over: Over) -> String {
        let of = |figure| layout.range(Field::Figure(over.role(), figure));
        let known = if matches!(over, Over::Gap(..)) { of(Figure::GapLow) } else { of(Figure::InPost) };
        let basis = format!("({}=\"{}\")", layout.range(Field::Basis), layout.word(over.basis().label()));
        let counted = format!("{basis}*ISNUMBER({known})*{}", self.staff_known(of(Figure::Vacant)));
        if over == Over::Cases { format!("{counted}*ISNUMBER({})", self.range(OWN_EXPECTED)) } else { counted }
    }

    /// 1 where the staff of a service are known in every year: while vacancies are filled, their number must be.
    fn staff_known(&self, vacant: &str) -> String {
        format!("((ISNUMBER({vacant})+({FILL}<>\"{}\"))>0)", self.words.said("yes"))
    }

    fn formula(&self, layout: &ServicesSheet, over: Over, sum: Sum) -> String {
        let of = |figure| layout.range(Field::Figure(over.role(), figure));
        let counted = self.counted(layout, over);
        let with_establishment = || format!("{counted}*ISNUMBER({})", of(Figure::Establishment));
        match sum {
            Sum::Services => sum_product(&[&counted]),
            Sum::NeedLow => sum_product(&[&counted, of(Figure::NeedLow)]),
            Sum::NeedHigh => sum_product(&[&counted, of(Figure::NeedHigh)]),
            Sum::InPost => sum_product(&[&counted, of(Figure::InPost)]),
            Sum::Vacant => {
                let vacant = of(Figure::Vacant);
                sum_product(&[&format!("{counted}*({vacant}>0)"), vacant])
            }
            Sum::AdminInPost => self.time(layout, &counted, Figure::InPost),
            Sum::AdminVacant => self.time(layout, &counted, Figure::Vacant),
            Sum::FundedServices => sum_product(&[&with_establishment()]),
            Sum::Establishment => sum_product(&[&counted, of(Figure::Establishment)]),
            Sum::FundedAdminInPost => self.time(layout, &with_establishment(), Figure::InPost),
            Sum::FundedAdminVacant => self.time(layout, &with_establishment(), Figure::Vacant),
            Sum::Expected => sum_product(&[&counted, &self.range(OWN_EXPECTED)]),
        }
    }

    /// What of nurses in post or of vacant nurse posts goes to administration, over the services that count.
    fn time(&self, layout: &ServicesSheet, counted: &str, figure: Figure) -> String {
        let of = |figure| layout.range(Field::Figure(Role::Nurse, figure));
        let wte = of(figure);
        let known = format!("{counted}*{}*({wte}>0)", self.staff_known(of(Figure::Vacant)));
        let (of_all, own) = (sum_product(&[&known, wte]), sum_product(&[&known, &self.range(USED_SHARE), wte]));
        format!("IF(ISNUMBER({ADMIN_SHARE}),{ADMIN_SHARE}*{of_all},{own})")
    }

    /// The value of a sum.
    fn stored(&self, over: Over, sum: Sum) -> f64 {
        let rows = self.rows.iter().filter(|(row, _)| row.basis == over.basis());
        0.0 + rows.filter_map(|(row, service)| self.stored_of(over, sum, row, *service)).sum::<f64>()
    }

    fn stored_of(&self, over: Over, sum: Sum, row: &GapRow, service: Option<&ScenarioService<'_>>) -> Option<f64> {
        let (gap, nurses) = (row.role(over.role()), row.role(Role::Nurse));
        // While vacancies are filled, a service without known vacancies counts in nothing.
        let is_known = |vacant: Option<f64>| self.scenario.fill.is_none() || vacant.is_some();
        let known = if matches!(over, Over::Gap(..)) { gap.gap_low } else { gap.in_post };
        known.filter(|_| is_known(gap.vacant))?;
        if over == Over::Cases {
            service?.expected?;
        }
        let share = self.scenario.administration.and_then(|moved| moved.admin_percent).map(|percent| percent / 100.0);
        let share = share.or_else(|| service?.admin_share).unwrap_or(PUBLISHED_ADMIN_SHARE);
        let time = |wte: Option<f64>| wte.filter(|_| is_known(nurses.vacant)).map(|wte| share * wte.max(0.0));
        match sum {
            Sum::Services => Some(1.0),
            Sum::NeedLow => gap.need_low,
            Sum::NeedHigh => gap.need_high,
            Sum::InPost => gap.in_post,
            Sum::Vacant => gap.vacant.map(|vacant| vacant.max(0.0)),
            Sum::AdminInPost => time(nurses.in_post),
            Sum::AdminVacant => time(nurses.vacant),
            Sum::FundedServices => gap.establishment.map(|_| 1.0),
            Sum::Establishment => gap.establishment,
            Sum::FundedAdminInPost => gap.establishment.and_then(|_| time(nurses.in_post)),
            Sum::FundedAdminVacant => gap.establishment.and_then(|_| time(nurses.vacant)),
            Sum::Expected => service?.expected,
        }
    }

    fn write_services(&self, sheet: &mut Sheet<'_>) -> Result<(), WorkbookError> {
        let title = "What each row of the sheet Services brings, in its order";
        sheet.section(self.first_service - 2, COLUMNS, title)?;
        sheet.header(self.first_service - 1, &service_columns())?;
        for (row, (gap, service)) in (self.first_service..).zip(&self.rows) {
            let own = service.and_then(|service| service.admin_share);
            sheet.text(row, 0, &gap.service, Style::Text)?;
            sheet.given(row, OWN_SHARE, own, Style::Percent)?;
            sheet.number(row, USED_SHARE, own.unwrap_or(PUBLISHED_ADMIN_SHARE), Style::Percent)?;
            sheet.given(row, OWN_EXPECTED, service.and_then(|service| service.expected), Style::Count)?;
        }
        Ok(())
    }
}

/// The sum of the products of columns; a word in one counts as 0.
fn sum_product(columns: &[&str]) -> String {
    format!("SUMPRODUCT({})", columns.join(","))
}
