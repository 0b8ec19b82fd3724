//! A round's questionnaire as a FHIR Questionnaire.

use serde::{Deserialize, Serialize};

use super::{Coding, Extension, MAX_VALUE, MIN_VALUE, Value, options_of};
use crate::domain::questionnaire::answer::grid_row;
use crate::domain::questionnaire::definition::{self as ours, ItemType as Kind};

/// How far a resource has come: <http://hl7.org/fhir/R4/valueset-publication-status.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublicationStatus {
    /// Being written.
    Draft,
    /// In use.
    Active,
    /// No longer in use.
    Retired,
    /// Not known.
    Unknown,
}

/// What an item is: <http://hl7.org/fhir/R4/valueset-item-type.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ItemType {
    /// Items that belong together.
    Group,
    /// Text to read.
    Display,
    /// Yes or no.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// A day, a month or a year.
    Date,
    /// A line of text.
    String,
    /// Text.
    Text,
    /// One of the options.
    Choice,
}

/// How a condition compares: <http://hl7.org/fhir/R4/valueset-questionnaire-enable-operator.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnableOperator {
    /// There is an answer, or there is none.
    #[serde(rename = "exists")]
    Exists,
    /// An answer is this.
    #[serde(rename = "=")]
    Equals,
    /// No answer is this.
    #[serde(rename = "!=")]
    Differs,
    /// An answer is above this.
    #[serde(rename = ">")]
    Above,
}

/// Whether all conditions must hold: <http://hl7.org/fhir/R4/valueset-questionnaire-enable-behavior.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnableBehavior {
    /// All.
    All,
    /// One is enough.
    Any,
}

/// What a condition compares with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Compared {
    /// Yes or no.
    AnswerBoolean(bool),
    /// A number.
    AnswerDecimal(f64),
    /// A whole number.
    AnswerInteger(i64),
    /// An option.
    AnswerCoding(Coding),
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnableWhen {
    /// The item that is looked at.
    pub question: String,
    /// How.
    pub operator: EnableOperator,
    /// With what.
    #[serde(flatten)]
    pub compared: Compared,
}

/// An option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerOption {
    /// Its code.
    pub value_coding: Coding,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Limits of a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    /// Stable name.
    pub link_id: String,
    /// Printed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The words.
    pub text: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// When it is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enable_when: Vec<EnableWhen>,
    /// Of several conditions, which must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_behavior: Option<EnableBehavior>,
    /// A submit needs an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// It takes several answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<bool>,
    /// Most characters of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_option: Vec<AnswerOption>,
    /// The items in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<Item>,
}

/// A questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Questionnaire {
    /// `Questionnaire`.
    pub resource_type: String,
    /// Its canonical address.
    pub url: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// How far it has come.
    pub status: PublicationStatus,
    /// What it is answered about.
    pub subject_type: Vec<String>,
    /// The sections.
    pub item: Vec<Item>,
}

impl Questionnaire {
    /// Our questionnaire, known by its canonical address.
    pub fn of(questionnaire: &ours::Questionnaire, canonical: &str) -> Self {
        let section = |section: &ours::Section| Item {
            prefix: Some(section.number.clone()),
            item: section.items.iter().map(|item| Item::of(item, questionnaire, canonical)).collect(),
            ..Item::new(&section.link_id, &section.title, ItemType::Group)
        };
        Self {
            resource_type: "Questionnaire".into(),
            url: canonical.to_owned(),
            version: questionnaire.version.clone(),
            title: questionnaire.title.clone(),
            status: PublicationStatus::Active,
            subject_type: vec!["Organization".into()],
            item: questionnaire.sections.iter().map(section).collect(),
        }
    }
}

impl Item {
    fn new(link_id: &str, text: &str, kind: ItemType) -> Self {
        Self {
            extension: Vec::new(),
            link_id: link_id.to_owned(),
            prefix: None,
            text: text.to_owned(),
            kind,
            enable_when: Vec::new(),
            enable_behavior: None,
            required: None,
            repeats: None,
            max_length: None,
            answer_option: Vec::new(),
            item: Vec::new(),
        }
    }

    fn of(item: &ours::Item, questionnaire: &ours::Questionnaire, canonical: &str) -> Self {
        let kind = match item.kind {
            Kind::Choice | Kind::Choices => ItemType::Choice,
            Kind::Integer => ItemType::Integer,
            Kind::Decimal => ItemType::Decimal,
            Kind::Boolean => ItemType::Boolean,
            Kind::Text => ItemType::Text,
            Kind::Month => ItemType::Date,
            Kind::Grid => ItemType::Group,
            Kind::Hospitals | Kind::Area => ItemType::String,
        };
        let mut found = Self::new(&item.link_id, &item.text, kind);
        found.prefix = Some(item.number.clone());
        found.required = item.required.then_some(true);
        found.repeats = matches!(item.kind, Kind::Choices | Kind::Hospitals).then_some(true);
        found.max_length = item.max_length.filter(|_| item.kind == Kind::Text);
        let system = options_of(canonical, &item.link_id);
        found.answer_option = item
            .options
            .iter()
            .map(|option| AnswerOption {
                value_coding: Coding {
                    system: Some(system.clone()),
                    code: option.code.clone(),
                    display: Some(option.text.clone()),
                },
            })
            .collect();
        for (url, limit) in [(MIN_VALUE, item.min), (MAX_VALUE, item.max)] {
            found.extension.extend(limit.map(|limit| Extension::new(url, number(item.kind, limit))));
        }
        if let Some(grid) = &item.grid {
            found.item = grid.cells().map(|(role, band)| cell(item, grid, role, band)).collect();
        }
        found.show_when(&item.enable_when, questionnaire, canonical);
        found
    }

    /// Conditions of ours hold all at once; those with several options are some of them, or none.
    fn show_when(&mut self, conditions: &[ours::Condition], questionnaire: &ours::Questionnaire, canonical: &str) {
        let mut behavior = EnableBehavior::All;
        for condition in conditions {
            let (found, together) = tests(condition, questionnaire, canonical);
            if found.len() > 1 && together == EnableBehavior::Any {
                behavior = EnableBehavior::Any;
            }
            self.enable_when.extend(found);
        }
        self.enable_behavior = (self.enable_when.len() > 1).then_some(behavior);
        // All of some and any of others cannot be said there; then it is shown, and what shows it is checked here.
        if behavior == EnableBehavior::Any && conditions.len() > 1 {
            self.enable_when.clear();
            self.enable_behavior = None;
        }
    }
}

/// A condition of ours as tests of FHIR, and whether all of them must hold.
fn tests(
    condition: &ours::Condition,
    questionnaire: &ours::Questionnaire,
    canonical: &str,
) -> (Vec<EnableWhen>, EnableBehavior) {
    let test = |question: &str, operator, compared| EnableWhen { question: question.to_owned(), operator, compared };
    let item = condition.item.as_str();
    let coding = |code: &String| {
        Compared::AnswerCoding(Coding { system: Some(options_of(canonical, item)), code: code.clone(), display: None })
    };
    if let Some(codes) = &condition.has_any {
        let tests = codes.iter().map(|code| test(item, EnableOperator::Equals, coding(code)));
        return (tests.collect(), EnableBehavior::Any);
    }
    if let Some(codes) = &condition.lacks_all {
        let mut found = vec![test(item, EnableOperator::Exists, Compared::AnswerBoolean(true))];
        found.extend(codes.iter().map(|code| test(item, EnableOperator::Differs, coding(code))));
        return (found, EnableBehavior::All);
    }
    if let Some(is) = condition.is {
        return (vec![test(item, EnableOperator::Equals, Compared::AnswerBoolean(is))], EnableBehavior::All);
    }
    if let Some(answered) = condition.answered {
        return (vec![test(item, EnableOperator::Exists, Compared::AnswerBoolean(answered))], EnableBehavior::All);
    }
    let Some(above) = condition.above else { return (Vec::new(), EnableBehavior::All) };
    let (name, role) = item.split_once('/').map_or((item, None), |(grid, role)| (grid, Some(role)));
    let Some(asked) = questionnaire.item(name) else { return (Vec::new(), EnableBehavior::All) };
    match &asked.grid {
        // Of a sum of cells that are never negative: above 0 where one of them is.
        Some(grid) if above == 0.0 => {
            let cells = grid.cells().filter(|(of, _)| role.is_none_or(|role| of.role == role));
            let tests = cells.map(|(of, band)| {
                test(
                    &format!("{name}/{}", grid_row(&of.role, band)),
                    EnableOperator::Above,
                    Compared::AnswerDecimal(0.0),
                )
            });
            (tests.collect(), EnableBehavior::Any)
        }
        Some(_) => (Vec::new(), EnableBehavior::All),
        None => {
            let compared = match number(asked.kind, above) {
                Value::ValueInteger(whole) => Compared::AnswerInteger(whole),
                _ => Compared::AnswerDecimal(above),
            };
            (vec![test(item, EnableOperator::Above, compared)], EnableBehavior::All)
        }
    }
}

fn cell(item: &ours::Item, grid: &ours::Grid, role: &ours::GridRole, band: Option<&str>) -> Item {
    let text = band.map_or_else(|| role.text.clone(), |band| format!("{}, band {band}", role.text));
    let link_id = format!("{}/{}", item.link_id, grid_row(&role.role, band));
    let limits = [(MIN_VALUE, 0.0), (MAX_VALUE, grid.cell_max)];
    Item {
        extension: limits.map(|(url, limit)| Extension::new(url, Value::ValueDecimal(limit))).into(),
        ..Item::new(&link_id, &text, ItemType::Decimal)
    }
}

/// A limit in the type of its item.
#[expect(clippy::cast_possible_truncation, reason = "limits are far below 2^52")]
fn number(kind: Kind, limit: f64) -> Value {
    if kind == Kind::Integer { Value::ValueInteger(limit as i64) } else { Value::ValueDecimal(limit) }
}
