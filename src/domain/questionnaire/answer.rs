//! Answers as they are kept: one document a response, with a version an item.
//!
//! Four things stay apart everywhere: `unanswered`, `not_known`, an entered 0, and *not applicable* (the item is not
//! shown). The last is not stored: it follows from the other answers, and the hidden answer is kept for when the item
//! is shown again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::hundredths::Hundredths;

/// What is known of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// There is a value.
    Answered,
    /// The service says that it does not know.
    NotKnown,
    /// Nothing was entered, or what was entered was taken back.
    Unanswered,
    /// What was entered cannot be read; it is kept as typed.
    Invalid,
}

impl AnswerStatus {
    /// The word used in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NotKnown => "not_known",
            Self::Unanswered => "unanswered",
            Self::Invalid => "invalid",
        }
    }
}

/// One cell of a WTE grid that was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridCell {
    /// Role, such as `nurse`.
    pub role: String,
    /// Agenda for Change band; none for a role that is not asked by band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// WTE; `None` is "not known".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wte: Option<Hundredths>,
}

impl GridCell {
    /// The cell's name in files: `nurse/7`, `other`.
    pub fn row(&self) -> String {
        grid_row(&self.role, self.band.as_deref())
    }
}

/// The name of a grid cell in files and forms: `nurse/7`, `other`.
pub fn grid_row(role: &str, band: Option<&str>) -> String {
    band.map_or_else(|| role.to_owned(), |band| format!("{role}/{band}"))
}

/// A value, by the type of its item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerValue {
    /// An option's or an area's code.
    Choice(String),
    /// Codes of options or hospitals, in the questionnaire's order.
    Choices(Vec<String>),
    /// A whole number.
    Integer(i64),
    /// A number with at most two places.
    Decimal(Hundredths),
    /// Yes or no.
    Boolean(bool),
    /// Free text.
    Text(String),
    /// `YYYY-MM`.
    Month(String),
    /// The filled cells in the questionnaire's order.
    Grid(Vec<GridCell>),
}

/// What someone says of an item, before it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A value that was read.
    Value(AnswerValue),
    /// "Not known".
    NotKnown,
    /// Nothing, or taken back.
    Unanswered,
    /// Typed and not readable.
    Invalid(String),
}

impl Entry {
    /// The status that it gives the item.
    pub fn status(&self) -> AnswerStatus {
        match self {
            Self::Value(_) => AnswerStatus::Answered,
            Self::NotKnown => AnswerStatus::NotKnown,
            Self::Unanswered => AnswerStatus::Unanswered,
            Self::Invalid(_) => AnswerStatus::Invalid,
        }
    }
}

/// A stored answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Counts the changes of this item, from 1.
    pub version: i64,
    /// What is known.
    pub status: AnswerStatus,
    /// The value, where answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<AnswerValue>,
    /// The text as typed, where it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<String>,
    /// Why a queried answer is right, in the service's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The audit year whose answer this is, where it was carried forward and not changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<i32>,
    /// Of a carried answer: somebody has said that it is still the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// Who last changed it: an account, a key, or the import.
    pub changed_by: String,
}

impl Answer {
    /// It was carried forward, and nobody has said yet that it is still the same. It stops a submit.
    pub fn is_unconfirmed(&self) -> bool {
        self.carried_from.is_some() && !self.confirmed
    }

    /// What the stored answer says, apart from who said it when.
    pub fn entry(&self) -> Entry {
        match (self.status, &self.value) {
            (AnswerStatus::Answered, Some(value)) => Entry::Value(value.clone()),
            (AnswerStatus::NotKnown, _) => Entry::NotKnown,
            (AnswerStatus::Invalid, _) => Entry::Invalid(self.entered.clone().unwrap_or_default()),
            (AnswerStatus::Unanswered | AnswerStatus::Answered, _) => Entry::Unanswered,
        }
    }
}

/// A response's answers by `link_id`. An item that was never touched has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The answers.
    pub answers: BTreeMap<String, Answer>,
}

impl Document {
    /// The stored answer of an item.
    pub fn get(&self, link_id: &str) -> Option<&Answer> {
        self.answers.get(link_id)
    }

    /// The value of an item, where it is answered.
    pub fn value(&self, link_id: &str) -> Option<&AnswerValue> {
        self.get(link_id)?.value.as_ref()
    }

    /// The version of an item; 0 where it was never touched.
    pub fn version(&self, link_id: &str) -> i64 {
        self.get(link_id).map_or(0, |answer| answer.version)
    }

    /// The status of an item.
    pub fn status(&self, link_id: &str) -> AnswerStatus {
        self.get(link_id).map_or(AnswerStatus::Unanswered, |answer| answer.status)
    }

    /// A number, by the name of a quantity: an integer or decimal item, a grid's total (`staff_in_post`) or a role's
    /// total (`staff_in_post/nurse`).
    pub fn quantity(&self, name: &str) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "answers are bounded far below 2^52")]
        match name.split_once('/') {
            Some((grid, role)) => self.grid_total(grid, Some(role)).map(Hundredths::as_f64),
            None => match self.value(name)? {
                AnswerValue::Integer(number) => Some(*number as f64),
                AnswerValue::Decimal(number) => Some(number.as_f64()),
                AnswerValue::Grid(_) => self.grid_total(name, None).map(Hundredths::as_f64),
                _ => None,
            },
        }
    }

    /// The WTE of a grid, or of one of its roles, over the cells that were filled in; `None` where none is, or where
    /// one of them is not known.
    pub fn grid_total(&self, link_id: &str, role: Option<&str>) -> Option<Hundredths> {
        let AnswerValue::Grid(cells) = self.value(link_id)? else { return None };
        let asked: Vec<_> = cells.iter().filter(|cell| role.is_none_or(|role| cell.role == role)).collect();
        if asked.is_empty() { None } else { asked.iter().map(|cell| cell.wte).sum() }
    }
}
