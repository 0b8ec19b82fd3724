//! A questionnaire as the API shows it.

use poem_openapi::{Enum, Object};

use crate::domain::questionnaire::definition as domain;

/// The kind of answer that an item takes, and with it the field that carries the answer (`hospitals` are `choices`, an
/// `area` is a `choice`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
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
    /// A month.
    Month,
    /// WTE by role and band.
    Grid,
    /// Hospitals of the register.
    Hospitals,
    /// An area of the register.
    Area,
}

impl From<domain::ItemType> for ItemType {
    fn from(kind: domain::ItemType) -> Self {
        match kind {
            domain::ItemType::Choice => Self::Choice,
            domain::ItemType::Choices => Self::Choices,
            domain::ItemType::Integer => Self::Integer,
            domain::ItemType::Decimal => Self::Decimal,
            domain::ItemType::Boolean => Self::Boolean,
            domain::ItemType::Text => Self::Text,
            domain::ItemType::Month => Self::Month,
            domain::ItemType::Grid => Self::Grid,
            domain::ItemType::Hospitals => Self::Hospitals,
            domain::ItemType::Area => Self::Area,
        }
    }
}

/// What kind of analysis fact an item gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum FactKind {
    /// A class to group by.
    Dimension,
    /// A number.
    Measure,
    /// Yes or no.
    Flag,
}

/// How much a finding weighs: `format` and `error` stop the submit, a `query` needs a written explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Severity {
    /// The entry cannot be read.
    Format,
    /// Stops the submit.
    Error,
    /// Needs an explanation.
    Query,
}

impl From<domain::Severity> for Severity {
    fn from(severity: domain::Severity) -> Self {
        match severity {
            domain::Severity::Format => Self::Format,
            domain::Severity::Error => Self::Error,
            domain::Severity::Query => Self::Query,
        }
    }
}

/// One option of a choice.
#[derive(Debug, Clone, Object)]
pub struct ChoiceOption {
    /// Stable code: what an answer carries.
    pub code: String,
    /// Printed words.
    pub text: String,
    /// Cannot be chosen together with others.
    pub exclusive: bool,
}

/// A role of a WTE grid.
#[derive(Debug, Clone, Object)]
pub struct GridRole {
    /// Stable word.
    pub role: String,
    /// Printed words.
    pub text: String,
    /// Agenda for Change bands; empty for a role that is not asked by band.
    pub bands: Vec<String>,
}

/// The cells of a WTE grid and their limits.
#[derive(Debug, Clone, Object)]
pub struct Grid {
    /// Roles in printed order.
    pub roles: Vec<GridRole>,
    /// Most WTE in one cell.
    pub cell_max: f64,
    /// Most WTE in all.
    pub total_max: f64,
    /// A total of 0 is an error.
    pub total_above_zero: bool,
}

/// A condition on one answer. Exactly one of the tests is given.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Condition {
    /// An item's `link_id`; for `above` also a quantity, such as `staff_in_post/nurse` (a role's total).
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

impl From<&domain::Condition> for Condition {
    fn from(condition: &domain::Condition) -> Self {
        Self {
            item: condition.item.clone(),
            has_any: condition.has_any.clone(),
            lacks_all: condition.lacks_all.clone(),
            is: condition.is,
            above: condition.above,
            answered: condition.answered,
        }
    }
}

fn conditions(conditions: &[domain::Condition]) -> Vec<Condition> {
    conditions.iter().map(Condition::from).collect()
}

/// One question.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Item {
    /// Stable name.
    pub link_id: String,
    /// Printed number.
    pub number: String,
    /// The question.
    pub text: String,
    /// Why it is asked, with an example.
    pub help: String,
    /// What kind of answer it takes.
    #[oai(rename = "type")]
    pub kind: ItemType,
    /// A submit needs an answer, or `not_known`.
    pub required: bool,
    /// What kind of analysis fact it gives, if any.
    pub fact: Option<FactKind>,
    /// The audit years in whose published files the field was seen.
    pub asked: Vec<i32>,
    /// The report publishes a result of it.
    pub published_result: bool,
    /// Not seen in any audit before.
    pub new: bool,
    /// Reworded since the round before: compare its answers with care.
    pub reworded: bool,
    /// Asked afresh in each round: the answer of the round before cannot be carried forward.
    pub ask_afresh: bool,
    /// Options of a choice.
    pub options: Vec<ChoiceOption>,
    /// Shown only where all of these hold; otherwise its answer is `not_applicable`.
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
    pub max_length: Option<u32>,
    /// Earliest month.
    pub earliest: Option<String>,
    /// Cells of a WTE grid.
    pub grid: Option<Grid>,
}

impl From<&domain::Item> for Item {
    fn from(item: &domain::Item) -> Self {
        let option = |option: &domain::ChoiceOption| ChoiceOption {
            code: option.code.clone(),
            text: option.text.clone(),
            exclusive: option.exclusive,
        };
        let role = |role: &domain::GridRole| GridRole {
            role: role.role.clone(),
            text: role.text.clone(),
            bands: role.bands.clone(),
        };
        Self {
            link_id: item.link_id.clone(),
            number: item.number.clone(),
            text: item.text.clone(),
            help: item.help.clone(),
            kind: item.kind.into(),
            required: item.required,
            fact: item.fact.map(|fact| match fact {
                domain::FactKind::Dimension => FactKind::Dimension,
                domain::FactKind::Measure => FactKind::Measure,
                domain::FactKind::Flag => FactKind::Flag,
            }),
            asked: item.asked.clone(),
            published_result: item.published_result,
            new: item.new,
            reworded: item.reworded,
            ask_afresh: item.ask_afresh,
            options: item.options.iter().map(option).collect(),
            enable_when: conditions(&item.enable_when),
            unit: item.unit.clone(),
            min: item.min,
            max: item.max,
            query_below: item.query_below,
            query_above: item.query_above,
            step: item.step,
            max_length: item.max_length.and_then(|length| u32::try_from(length).ok()),
            earliest: item.earliest.clone(),
            grid: item.grid.as_ref().map(|grid| Grid {
                roles: grid.roles.iter().map(role).collect(),
                cell_max: grid.cell_max,
                total_max: grid.total_max,
                total_above_zero: grid.total_above_zero,
            }),
        }
    }
}

/// A ratio that must lie in a range: `low ≤ of ÷ to × per ≤ high`.
#[derive(Debug, Clone, Object)]
pub struct RatioRule {
    /// The quantity above the line.
    pub of: String,
    /// The quantity under the line.
    pub to: String,
    /// Lower end, inclusive.
    pub low: f64,
    /// Upper end, inclusive.
    pub high: f64,
    /// Scale of the ratio.
    pub per: f64,
}

/// A change since the round before that needs an explanation when it is larger.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ChangeRule {
    /// The quantity.
    pub of: String,
    /// Largest change in per cent of the earlier value.
    pub percent: Option<f64>,
    /// Largest change in the quantity's unit.
    pub amount: Option<f64>,
}

/// A total that must equal the sum of its parts.
#[derive(Debug, Clone, Object)]
pub struct SumRule {
    /// The total.
    pub total: String,
    /// The parts.
    pub parts: Vec<String>,
    /// Largest difference that is let pass.
    pub tolerance: f64,
}

/// What a rule demands. Exactly one is given.
#[derive(Debug, Clone, Default, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Demand {
    /// The first quantity is below the second.
    pub less_than: Option<Vec<String>>,
    /// The first quantity is not above the second.
    pub at_most: Option<Vec<String>>,
    /// A ratio lies in a range.
    pub ratio: Option<RatioRule>,
    /// All conditions hold.
    pub conditions: Option<Vec<Condition>>,
    /// A quantity has not changed by more than a limit.
    pub change_within: Option<ChangeRule>,
    /// A total equals the sum of its parts.
    pub sum: Option<SumRule>,
}

impl From<&domain::Must> for Demand {
    fn from(must: &domain::Must) -> Self {
        let nothing = Self::default();
        match must {
            domain::Must::LessThan(pair) => Self { less_than: Some(pair.to_vec()), ..nothing },
            domain::Must::AtMost(pair) => Self { at_most: Some(pair.to_vec()), ..nothing },
            domain::Must::Ratio(rule) => {
                let (of, to) = (rule.of.clone(), rule.to.clone());
                Self { ratio: Some(RatioRule { of, to, low: rule.low, high: rule.high, per: rule.per }), ..nothing }
            }
            domain::Must::Conditions(all) => Self { conditions: Some(conditions(all)), ..nothing },
            domain::Must::ChangeWithin(rule) => {
                let rule = ChangeRule { of: rule.of.clone(), percent: rule.percent, amount: rule.amount };
                Self { change_within: Some(rule), ..nothing }
            }
            domain::Must::Sum(rule) => {
                let (total, parts) = (rule.total.clone(), rule.parts.clone());
                Self { sum: Some(SumRule { total, parts, tolerance: rule.tolerance }), ..nothing }
            }
        }
    }
}

/// A check across items. Where an operand is missing it does not apply.
#[derive(Debug, Clone, Object)]
pub struct Rule {
    /// Stable code.
    pub code: String,
    /// How much a finding weighs.
    pub severity: Severity,
    /// Items at which the message is shown.
    pub items: Vec<String>,
    /// What is wrong, in plain words; words in braces stand for values.
    pub message: String,
    /// Applies only where all of these hold.
    pub when: Vec<Condition>,
    /// What it demands.
    pub must: Demand,
}

/// A section: one page of the survey.
#[derive(Debug, Clone, Object)]
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

/// What a round asks.
#[derive(Debug, Clone, Object)]
pub struct Questionnaire {
    /// Audit year.
    pub year: i32,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// The sections in printed order.
    pub sections: Vec<Section>,
    /// The checks across items.
    pub rules: Vec<Rule>,
}

impl From<&domain::Questionnaire> for Questionnaire {
    fn from(questionnaire: &domain::Questionnaire) -> Self {
        let section = |section: &domain::Section| Section {
            link_id: section.link_id.clone(),
            number: section.number.clone(),
            title: section.title.clone(),
            intro: section.intro.clone(),
            items: section.items.iter().map(Item::from).collect(),
        };
        let rule = |rule: &domain::Rule| Rule {
            code: rule.code.clone(),
            severity: rule.severity.into(),
            items: rule.items.clone(),
            message: rule.message.clone(),
            when: conditions(&rule.when),
            must: Demand::from(&rule.must),
        };
        Self {
            year: questionnaire.year,
            version: questionnaire.version.clone(),
            title: questionnaire.title.clone(),
            sections: questionnaire.sections.iter().map(section).collect(),
            rules: questionnaire.rules.iter().map(rule).collect(),
        }
    }
}
