//! What a questionnaire asks. These are the types of the files in `seeds/questionnaires/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::hundredths::{Hundredths, thousands};

/// The kind of answer that an item takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemType {
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// A whole number.
    Integer,
    /// A number with at most two decimal places.
    Decimal,
    /// Yes or no.
    Boolean,
    /// Free text.
    Text,
    /// A month, `YYYY-MM`.
    Month,
    /// WTE by role and Agenda for Change band.
    Grid,
    /// Any of the register's hospitals, by NHFD code.
    Hospitals,
    /// One of the register's areas, by code.
    Area,
}

impl ItemType {
    /// The word used in seeds and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Month => "month",
            Self::Grid => "grid",
            Self::Hospitals => "hospitals",
            Self::Area => "area",
        }
    }
}

/// What kind of analysis fact an item gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// A class to group by.
    Dimension,
    /// A number.
    Measure,
    /// Yes or no.
    Flag,
}

impl FactKind {
    /// The word used in seeds and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dimension => "dimension",
            Self::Measure => "measure",
            Self::Flag => "flag",
        }
    }
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    /// Stable code.
    pub code: String,
    /// Printed words.
    pub text: String,
    /// Excludes every other option of the item.
    #[serde(default)]
    pub exclusive: bool,
}

/// A row group of a WTE grid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridRole {
    /// Stable word, such as `nurse`.
    pub role: String,
    /// Printed words.
    pub text: String,
    /// Agenda for Change bands; empty for a role that is not asked by band.
    pub bands: Vec<String>,
}

/// The cells of a WTE grid and their limits.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// Roles in printed order.
    pub roles: Vec<GridRole>,
    /// Most WTE in one cell.
    pub cell_max: f64,
    /// Most WTE in all.
    pub total_max: f64,
    /// A total of 0 is an error.
    #[serde(default)]
    pub total_above_zero: bool,
}

impl Grid {
    /// Every cell of the grid in printed order, as role and band.
    pub fn cells(&self) -> impl Iterator<Item = (&GridRole, Option<&str>)> {
        self.roles.iter().flat_map(|role| {
            let bandless = role.bands.is_empty().then_some((role, None));
            bandless.into_iter().chain(role.bands.iter().map(move |band| (role, Some(band.as_str()))))
        })
    }

    /// Where a cell stands in printed order; `None` where the grid has no such cell.
    pub fn position(&self, role: &str, band: Option<&str>) -> Option<usize> {
        self.cells().position(|(r, b)| r.role == role && b == band)
    }
}

/// A condition on one answer. Exactly one of the tests is given.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// An item's `link_id`, or for `above` a quantity.
    pub item: String,
    /// One of these options is chosen.
    pub has_any: Option<Vec<String>>,
    /// The item is answered and none of these options is chosen.
    pub lacks_all: Option<Vec<String>>,
    /// The yes-or-no answer is this.
    pub is: Option<bool>,
    /// The quantity is above this.
    pub above: Option<f64>,
    /// The item is answered (true) or not (false).
    pub answered: Option<bool>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stable name.
    pub link_id: String,
    /// Printed number, such as `10.1`.
    pub number: String,
    /// The question.
    pub text: String,
    /// Why it is asked, with an example.
    pub help: String,
    /// What kind of answer it takes.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// A submit needs an answer (or `not_known`).
    #[serde(default)]
    pub required: bool,
    /// What kind of analysis fact it gives, if any.
    pub fact: Option<FactKind>,
    /// The audit years in whose published files the field was seen.
    #[serde(default)]
    pub asked: Vec<i32>,
    /// The January 2023 report publishes a result of it.
    #[serde(default)]
    pub published_result: bool,
    /// Ours: not seen in any audit.
    #[serde(default)]
    pub new: bool,
    /// Reworded since the round before, so that its answers compare with care.
    #[serde(default)]
    pub reworded: bool,
    /// Asked afresh in each round: last year's answer is shown beside it, and cannot be carried forward.
    #[serde(default)]
    pub ask_afresh: bool,
    /// Options of a choice.
    #[serde(default)]
    pub options: Vec<ChoiceOption>,
    /// Shown only where all of these hold.
    #[serde(default)]
    pub enable_when: Vec<Condition>,
    /// Unit of a number.
    pub unit: Option<String>,
    /// Lowest number that is possible.
    pub min: Option<f64>,
    /// Highest number that is possible.
    pub max: Option<f64>,
    /// A lower number needs a written explanation.
    pub query_below: Option<f64>,
    /// A higher number needs a written explanation.
    pub query_above: Option<f64>,
    /// Step of a decimal.
    pub step: Option<f64>,
    /// Most characters of a text.
    pub max_length: Option<usize>,
    /// Earliest month, `YYYY-MM`.
    pub earliest: Option<String>,
    /// Cells of a WTE grid.
    pub grid: Option<Grid>,
}

impl Item {
    /// An option by its code.
    pub fn option(&self, code: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.code == code)
    }
}

/// How much a finding of a check weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The entry cannot be read as an answer; it is kept as typed.
    Format,
    /// Stops the submit.
    Error,
    /// The submit needs a written explanation.
    Query,
}

impl Severity {
    /// The word used in seeds and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Error => "error",
            Self::Query => "query",
        }
    }
}

/// A ratio that must lie in a range: `low ≤ of ÷ to × per ≤ high`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatioRule {
    /// The quantity above the line.
    pub of: String,
    /// The quantity under the line.
    pub to: String,
    /// Lower end, inclusive.
    pub low: f64,
    /// Upper end, inclusive.
    pub high: f64,
    /// Scale of the ratio, such as per 1,000.
    pub per: f64,
}

/// A change since the round before that needs a word of explanation when it is larger.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRule {
    /// The quantity.
    pub of: String,
    /// Largest change in per cent of the earlier value.
    pub percent: Option<f64>,
    /// Largest change in the quantity's unit.
    pub amount: Option<f64>,
}

/// A total that must equal the sum of its parts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SumRule {
    /// The total.
    pub total: String,
    /// The parts.
    pub parts: Vec<String>,
    /// Largest difference that is let pass.
    pub tolerance: f64,
}

/// What a rule demands; exactly one is given.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// The first quantity is below the second.
    LessThan([String; 2]),
    /// The first quantity is not above the second.
    AtMost([String; 2]),
    /// A ratio lies in a range.
    Ratio(RatioRule),
    /// All conditions hold.
    Conditions(Vec<Condition>),
    /// A quantity has not changed by more than a limit.
    ChangeWithin(ChangeRule),
    /// A total equals the sum of its parts.
    Sum(SumRule),
}

/// A check across items. Where an operand is missing the rule does not apply.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable code.
    pub code: String,
    /// How much a finding weighs.
    pub severity: Severity,
    /// Items at which the message is shown; the first is where it links.
    pub items: Vec<String>,
    /// What is wrong, in plain words; may name `{current}`, `{previous}`, `{value}` …
    pub message: String,
    /// Applies only where all of these hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// What it demands.
    pub must: Must,
}

/// A section: one page of the survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Stable name.
    pub link_id: String,
    /// Printed number.
    pub number: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub intro: String,
    /// The items in printed order.
    pub items: Vec<Item>,
}

/// The questionnaire of one year, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    /// Audit year.
    pub year: i32,
    /// Version, such as `2021.1`.
    pub version: String,
    /// Title.
    pub title: String,
    /// The sections in printed order.
    pub sections: Vec<Section>,
    /// The checks across items that apply to this year's items.
    pub rules: Vec<Rule>,
    index: BTreeMap<String, (usize, usize)>,
}

impl Questionnaire {
    /// Puts a questionnaire together. The caller has checked that link ids are unique.
    pub fn new(year: i32, version: String, title: String, sections: Vec<Section>, rules: Vec<Rule>) -> Self {
        let index = sections
            .iter()
            .enumerate()
            .flat_map(|(s, section)| {
                section.items.iter().enumerate().map(move |(i, item)| (item.link_id.clone(), (s, i)))
            })
            .collect();
        Self { year, version, title, sections, rules, index }
    }

    /// An item by its `link_id`.
    pub fn item(&self, link_id: &str) -> Option<&Item> {
        let (section, item) = self.index.get(link_id)?;
        self.sections.get(*section)?.items.get(*item)
    }

    /// The section that an item stands in.
    pub fn section_of(&self, link_id: &str) -> Option<&Section> {
        self.sections.get(self.index.get(link_id)?.0)
    }

    /// Where an item stands in printed order: its section's place and its own.
    pub fn place(&self, link_id: &str) -> Option<(usize, usize)> {
        self.index.get(link_id).copied()
    }

    /// Every item in printed order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| &section.items)
    }

    /// A section by its `link_id`.
    pub fn section(&self, link_id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.link_id == link_id)
    }
}

/// A limit or a figure as people read it: `25`, `0.5`, `2,500,000`.
pub fn limit_text(limit: f64) -> String {
    match Hundredths::from_exact(limit) {
        Some(exact) if exact.0 % 100 == 0 => thousands(exact.0 / 100),
        Some(exact) => exact.to_string(),
        None => limit.to_string(),
    }
}
