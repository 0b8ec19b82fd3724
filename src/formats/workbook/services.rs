//! The sheet *Services*: one row per service and basis, each need, gap, cover and position a live formula.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::assumptions::{ADMINISTRATOR_RATIO, AssumptionsSheet, NURSE_RATIO, POPULATION_HIGH, POPULATION_LOW, SHARE};
use super::layout::{Column, Heading, NO_FIGURE, Paper, Sheet, Stored, absolute, address, quoted_sheet, rows, whole};
use super::style::{Group, Style};
use super::writing::Writing;
use super::{SERVICES, WorkbookError};
use crate::domain::workforce::gap::{GapRow, Position, RoleGap};
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::standard::{Basis, Role};
use crate::domain::workforce::sums::{AreaGap, SumKind};
use crate::locales::Words;

/// A column of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Service,
    Name,
    Area,
    AreaName,
    /// The area that the service lies in so many levels below the widest of the report.
    Level(u16),
    Basis,
    Status,
    AllAges,
    Aged50Plus,
    Share,
    Population,
    Estimated,
    Figure(Role, Figure),
}

/// A figure of one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    InPost,
    Establishment,
    Vacant,
    ReportedVacant,
    NeedLow,
    NeedHigh,
    GapLow,
    GapHigh,
    UnfundedLow,
    UnfundedHigh,
    CoverLow,
    CoverHigh,
    Position,
}

impl Figure {
    /// In the order of their columns.
    const ALL: [Self; 13] = [
        Self::InPost,
        Self::Establishment,
        Self::Vacant,
        Self::ReportedVacant,
        Self::NeedLow,
        Self::NeedHigh,
        Self::GapLow,
        Self::GapHigh,
        Self::UnfundedLow,
        Self::UnfundedHigh,
        Self::CoverLow,
        Self::CoverHigh,
        Self::Position,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::InPost => "in post",
            Self::Establishment => "establishment",
            Self::Vacant => "vacant",
            Self::ReportedVacant => "reported vacant",
            Self::NeedLow => "need low",
            Self::NeedHigh => "need high",
            Self::GapLow => "gap low",
            Self::GapHigh => "gap high",
            Self::UnfundedLow => "unfunded low",
            Self::UnfundedHigh => "unfunded high",
            Self::CoverLow => "cover low",
            Self::CoverHigh => "cover high",
            Self::Position => "position",
        }
    }
}

impl Figure {
    /// What stands in its column.
    fn meaning(self) -> &'static str {
        match self {
            Self::InPost => "Staff in post",
            Self::Establishment => "Funded posts",
            Self::Vacant => "Establishment − in post; negative: more in post than funded",
            Self::ReportedVacant => "What the service says is vacant",
            Self::NeedLow => "Population used ÷ the upper end of the range × the recommended WTE",
            Self::NeedHigh => "Population used ÷ the lower end of the range × the recommended WTE",
            Self::GapLow => "Need low − in post; positive is short",
            Self::GapHigh => "Need high − in post; positive is short",
            Self::UnfundedLow => "Need low − establishment: posts that were never funded",
            Self::UnfundedHigh => "Need high − establishment: posts that were never funded",
            Self::CoverLow => "In post ÷ need high",
            Self::CoverHigh => "In post ÷ need low",
            Self::Position => "Where in post stands against the recommended range",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::CoverLow | Self::CoverHigh => "share",
            Self::Position => "below, within, meets, missing",
            _ => "WTE",
        }
    }
}

/// "Nurses", "Administrators": how column headers begin.
pub(super) fn role_heading(role: Role) -> &'static str {
    match role {
        Role::Nurse => "Nurses",
        Role::Administrator => "Administrators",
    }
}

/// Where things stand on the sheet.
#[derive(Debug)]
pub(super) struct ServicesSheet {
    words: Words,
    /// Its name as it stands in formulas.
    name: String,
    first_row: u32,
    last_row: u32,
    lineages: Lineages,
    /// Each column as other sheets sum it, such as `Services!$B$6:$B$145`.
    ranges: Vec<String>,
}

impl ServicesSheet {
    pub(super) fn new(report: &GapReport, heading: &Heading) -> Result<Self, WorkbookError> {
        let first_row = heading.header_row() + 1;
        // A report without services keeps one empty row, so that the sums have a range to read.
        let last_row = first_row + rows(report.rows.len().max(1))? - 1;
        let words = heading.words;
        let name = quoted_sheet(words, SERVICES);
        let lineages = Lineages::new(report, words)?;
        let mut layout = Self { words, name, first_row, last_row, lineages, ranges: Vec::new() };
        layout.ranges = (0..=layout.last_column()).map(|column| layout.range_of(column)).collect();
        Ok(layout)
    }

    /// The number of a column, from 0.
    fn index(&self, field: Field) -> u16 {
        let basis = 4 + self.lineages.depth();
        match field {
            Field::Service => 0,
            Field::Name => 1,
            Field::Area => 2,
            Field::AreaName => 3,
            Field::Level(level) => 4 + level,
            Field::Basis => basis,
            Field::Status => basis + 1,
            Field::AllAges => basis + 2,
            Field::Aged50Plus => basis + 3,
            Field::Share => basis + 4,
            Field::Population => basis + 5,
            Field::Estimated => basis + 6,
            Field::Figure(Role::Nurse, figure) => basis + 7 + figure as u16,
            Field::Figure(Role::Administrator, figure) => basis + 20 + figure as u16,
        }
    }

    /// A cell of the row of the report's `place`th line, for formulas on other sheets.
    pub(super) fn cell(&self, place: u32, field: Field) -> String {
        format!("{}!{}", self.name, self.address(place, field))
    }

    /// The same without the name of the sheet, for the end of a range.
    pub(super) fn address(&self, place: u32, field: Field) -> String {
        address(self.first_row + place, self.index(field))
    }

    fn last_column(&self) -> u16 {
        self.index(Field::Figure(Role::Administrator, Figure::Position))
    }

    fn range_of(&self, column: u16) -> String {
        format!("{}!{}:{}", self.name, absolute(self.first_row, column), absolute(self.last_row, column))
    }

    /// A column as other sheets sum it, such as `Services!$B$6:$B$145`.
    pub(super) fn range(&self, field: Field) -> &str {
        self.ranges.get(usize::from(self.index(field))).map_or("", String::as_str)
    }

    /// A word of ours as it stands in the cells of the sheet, for formulas that compare with it.
    pub(super) fn word<'t>(&self, english: &'t str) -> Cow<'t, str> {
        self.words.said(english)
    }

    /// The column in which an area's code stands for each service that lies in it.
    pub(super) fn level_of(&self, area: &str) -> Option<Field> {
        self.lineages.level(area).map(Field::Level)
    }

    fn columns(&self) -> Vec<Column> {
        let (words, figures) = (Column::words, Column::figures);
        let mut columns = vec![
            words("Service code", 10.0).means("Unit code of the service", "code"),
            words("Name", 38.0).means("Name of the service", "text"),
            words("Area", 9.0).means("Code of its host area", "code"),
            words("Area name", 40.0).means("Name of its host area", "text"),
        ];
        let levels = self.lineages.headers.iter();
        columns.extend(levels.map(|header| words(header, 11.0).means("The area of this kind that it lies in", "code")));
        columns.extend([
            words("Basis", 23.0).means("Which population the need rests on", "As reported, Aged 50 and over"),
            words("Status", 23.0).means("Whether there is a gap, and if not, why; see Read me", "ok, no_response …"),
            figures("Population all ages as reported", 12.0)
                .means("People of all ages, as the service reported", "people"),
            figures("Population 50+ as reported", 12.0)
                .means("People aged 50 and over, as the service reported", "people"),
            figures("Share used for the estimate", 10.0)
                .means("The share of people aged 50 and over by which an estimate was made", "share"),
            figures("Population used", 12.0).means("The population that the need rests on", "people"),
            words("Estimated", 12.0).means("Whether that population is an estimate", "yes, no"),
        ]);
        for role in Role::ALL {
            columns.extend(Figure::ALL.map(|figure| {
                let width = if figure == Figure::Position { 10.0 } else { 7.5 };
                Column::turned(figure.label(), width, Group::Role(role)).means(figure.meaning(), figure.unit())
            }));
        }
        columns
    }

    pub(super) fn write(
        &self,
        writing: &mut Writing<'_>,
        report: &GapReport,
        assumptions: &AssumptionsSheet,
        heading: &Heading,
    ) -> Result<(), WorkbookError> {
        let lead = "One row per service and basis. Gap = need − in post: positive is short. Staff in WTE; blank is not \
                    known, never 0.";
        let columns = self.columns();
        let mut sheet = Sheet::begin(writing, SERVICES, heading, lead, &columns, Paper::A3, 2)?;
        sheet.inner.autofilter(heading.header_row(), 0, self.last_row, self.last_column())?;
        for (row, gap) in (self.first_row..).zip(&report.rows) {
            let mut line = Line { sheet: &mut sheet, layout: self, row };
            line.subject(gap)?;
            line.population(gap, assumptions)?;
            for role in Role::ALL {
                line.role(role, gap.role(role))?;
            }
        }
        for role in Role::ALL {
            let position = self.index(Field::Figure(role, Figure::Position));
            sheet.strong((self.first_row, self.last_row), position, Position::Below.as_str())?;
        }
        sheet.protect();
        Ok(())
    }
}

/// One row being written.
struct Line<'a, 'b> {
    sheet: &'a mut Sheet<'b>,
    layout: &'a ServicesSheet,
    row: u32,
}

impl Line<'_, '_> {
    fn address(&self, field: Field) -> String {
        address(self.row, self.layout.index(field))
    }

    fn text(&mut self, field: Field, text: &str) -> Result<(), WorkbookError> {
        self.sheet.text(self.row, self.layout.index(field), text, Style::Text)
    }

    fn say(&mut self, field: Field, english: &str) -> Result<(), WorkbookError> {
        self.sheet.say(self.row, self.layout.index(field), english, Style::Text)
    }

    fn given(&mut self, field: Field, value: Option<f64>, style: Style) -> Result<(), WorkbookError> {
        self.sheet.given(self.row, self.layout.index(field), value, style)
    }

    /// A formula, where the report has a value for it.
    fn formula(&mut self, field: Field, formula: &str, value: Option<f64>, style: Style) -> Result<(), WorkbookError> {
        let Some(value) = value else { return Ok(()) };
        self.sheet.formula(self.row, self.layout.index(field), formula, value, style)
    }

    fn subject(&mut self, gap: &GapRow) -> Result<(), WorkbookError> {
        self.text(Field::Service, &gap.service)?;
        self.text(Field::Name, &gap.name)?;
        if let Some(area) = &gap.area {
            self.text(Field::Area, area)?;
            let layout = self.layout;
            if let Some(name) = layout.lineages.name(area) {
                self.text(Field::AreaName, name)?;
            }
            for (level, code) in (0u16..).zip(layout.lineages.chain(area)) {
                self.text(Field::Level(level), code)?;
            }
        }
        self.say(Field::Basis, gap.basis.label())?;
        self.say(Field::Status, gap.status.as_str())
    }

    fn population(&mut self, gap: &GapRow, assumptions: &AssumptionsSheet) -> Result<(), WorkbookError> {
        self.given(Field::AllAges, gap.population_all_ages.map(whole), Style::Count)?;
        self.given(Field::Aged50Plus, gap.population_50_plus.map(whole), Style::Count)?;
        let Some(population) = &gap.population else { return Ok(()) };
        let all_ages = self.address(Field::AllAges);
        let used = match (&population.estimated_with, gap.basis) {
            (Some(share), _) => {
                // Every share in use has a cell; the number itself would do as well, and cannot be wrong.
                let cell = assumptions.share_cell(&share.area_code).unwrap_or_else(|| share.share.to_string());
                let formula = format!("=IF(ISNUMBER({SHARE}),{SHARE},{cell})");
                self.formula(Field::Share, &formula, Some(share.share), Style::Percent)?;
                format!("={all_ages}*{}", self.address(Field::Share))
            }
            (None, Basis::AsReported) => format!("={all_ages}"),
            (None, Basis::Aged50Plus) => format!("={}", self.address(Field::Aged50Plus)),
        };
        self.formula(Field::Population, &used, Some(population.people), Style::Count)?;
        self.say(Field::Estimated, if population.estimated_with.is_some() { "yes" } else { "no" })
    }

    fn role(&mut self, role: Role, gap: &RoleGap) -> Result<(), WorkbookError> {
        let field = |figure| Field::Figure(role, figure);
        let at = |figure| address(self.row, self.layout.index(field(figure)));
        let population = self.address(Field::Population);
        let ratio = match role {
            Role::Nurse => NURSE_RATIO.to_owned(),
            Role::Administrator => format!("{NURSE_RATIO}*{ADMINISTRATOR_RATIO}"),
        };
        let (in_post, establishment) = (at(Figure::InPost), at(Figure::Establishment));
        let (low, high) = (at(Figure::NeedLow), at(Figure::NeedHigh));
        let no_figure = self.layout.word(NO_FIGURE);
        let cover = |need: &str| format!("=IF({need}>0,{in_post}/{need},\"{no_figure}\")");
        let formulas = [
            (Figure::Vacant, format!("={establishment}-{in_post}"), gap.vacant),
            (Figure::NeedLow, format!("={population}/{POPULATION_HIGH}*{ratio}"), gap.need_low),
            (Figure::NeedHigh, format!("={population}/{POPULATION_LOW}*{ratio}"), gap.need_high),
            (Figure::GapLow, format!("={low}-{in_post}"), gap.gap_low),
            (Figure::GapHigh, format!("={high}-{in_post}"), gap.gap_high),
            (Figure::UnfundedLow, format!("={low}-{establishment}"), gap.unfunded_low),
            (Figure::UnfundedHigh, format!("={high}-{establishment}"), gap.unfunded_high),
            (Figure::CoverLow, cover(&high), gap.cover_low),
            (Figure::CoverHigh, cover(&low), gap.cover_high),
        ];
        self.given(field(Figure::InPost), gap.in_post, Style::Wte)?;
        self.given(field(Figure::Establishment), gap.establishment, Style::Wte)?;
        self.given(field(Figure::ReportedVacant), gap.reported_vacant, Style::Wte)?;
        for (figure, formula, value) in &formulas {
            let style =
                if matches!(figure, Figure::CoverLow | Figure::CoverHigh) { Style::Percent } else { Style::Wte };
            self.formula(field(*figure), formula, *value, style)?;
        }
        if gap.gap_low.is_none() {
            return self.say(field(Figure::Position), gap.position.as_str());
        }
        let [below, meets, within] =
            [Position::Below, Position::Meets, Position::Within].map(|position| self.layout.word(position.as_str()));
        let formula = format!("=IF({in_post}<{low},\"{below}\",IF({in_post}>={high},\"{meets}\",\"{within}\"))");
        let column = self.layout.index(field(Figure::Position));
        self.sheet.formula(self.row, column, &formula, Stored::Word(gap.position.as_str()), Style::Text)
    }
}

/// The areas of the report with the areas above them, by which the services are summed.
#[derive(Debug)]
struct Lineages {
    /// Area code → name and the area above it.
    areas: BTreeMap<String, (String, Option<String>)>,
    /// For each level, the widest first, what kinds of area stand there.
    headers: Vec<String>,
}

impl Lineages {
    fn new(report: &GapReport, words: Words) -> Result<Self, WorkbookError> {
        let areas: Vec<&AreaGap> = report.areas.iter().filter(|area| area.kind != SumKind::All).collect();
        let mut lineages = Self {
            areas: areas.iter().map(|area| (area.code.clone(), (area.name.clone(), area.parent.clone()))).collect(),
            headers: Vec::new(),
        };
        // A level is counted from the top, so an area has one level only, and a service one area at each.
        let mut kinds: BTreeMap<u16, BTreeSet<SumKind>> = BTreeMap::new();
        for area in areas {
            kinds.entry(lineages.level(&area.code).ok_or(WorkbookError::TooLarge)?).or_default().insert(area.kind);
        }
        // Two levels of one kind (a board within a board) still need headers of their own.
        let mut used = BTreeSet::new();
        lineages.headers = kinds
            .into_iter()
            .map(|(level, kinds)| {
                let header = kinds.iter().map(|kind| words.said(kind.label())).collect::<Vec<_>>().join(" / ");
                if used.insert(header.clone()) {
                    return header;
                }
                words.with("book-level", &[("kind", header.into()), ("level", (level + 1).into())])
            })
            .collect();
        Ok(lineages)
    }

    fn depth(&self) -> u16 {
        u16::try_from(self.headers.len()).unwrap_or(u16::MAX)
    }

    fn name(&self, code: &str) -> Option<&str> {
        self.areas.get(code).map(|(name, _)| name.as_str())
    }

    /// The area and every area above it that the report has sums for, the widest first.
    fn chain(&self, code: &str) -> Vec<&str> {
        let mut chain = Vec::new();
        let mut next = self.areas.get_key_value(code);
        while let Some((code, (_, parent))) = next {
            // The tree has no loops; should one come in, the workbook must still end.
            if chain.contains(&code.as_str()) {
                break;
            }
            chain.push(code.as_str());
            next = parent.as_deref().and_then(|parent| self.areas.get_key_value(parent));
        }
        chain.reverse();
        chain
    }

    fn level(&self, code: &str) -> Option<u16> {
        u16::try_from(self.chain(code).len().checked_sub(1)?).ok()
    }
}
