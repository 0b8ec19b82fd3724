//! Answers as they are sent and received: no unions, one optional field a type.

use poem_openapi::{Enum, Object};
use serde::Deserialize;

use super::problem::ProblemPlace;
use crate::app::responses as app;
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::answer::{self as domain, AnswerValue, Entry};
use crate::domain::questionnaire::definition::Item;

/// What is known of an item. These, and an answered 0, are different things everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// There is a value.
    Answered,
    /// The service says that it does not know.
    NotKnown,
    /// Nothing was entered, or it was taken back.
    Unanswered,
    /// The item is not asked, as other answers stand.
    NotApplicable,
    /// What was entered cannot be read; `entered` has it as typed.
    Invalid,
}

impl From<domain::AnswerStatus> for AnswerStatus {
    fn from(status: domain::AnswerStatus) -> Self {
        match status {
            domain::AnswerStatus::Answered => Self::Answered,
            domain::AnswerStatus::NotKnown => Self::NotKnown,
            domain::AnswerStatus::Unanswered => Self::Unanswered,
            domain::AnswerStatus::Invalid => Self::Invalid,
        }
    }
}

/// What is known of a cell of a WTE grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CellStatus {
    /// There is a WTE.
    Answered,
    /// The service says that it does not know.
    NotKnown,
    /// Nothing was entered.
    Unanswered,
}

/// One cell of a WTE grid.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct GridCell {
    /// Role.
    pub role: String,
    /// Agenda for Change band; absent for a role that is not asked by band.
    pub band: Option<String>,
    /// WTE, with at most two decimal places.
    pub wte: Option<f64>,
    /// What is known of the cell.
    pub status: CellStatus,
}

/// What a service says of one item. At most one of the value fields is there: that of the item's type.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Answer {
    /// The item.
    pub link_id: String,
    /// Counts the changes of this item; a change names it. 0 where the item was never touched.
    pub version: i64,
    /// What is known.
    pub status: AnswerStatus,
    /// The text as typed, where it could not be read.
    pub entered: Option<String>,
    /// The audit year whose answer this is, where it was carried forward and not changed since.
    pub carried_from: Option<i32>,
    /// Of a carried answer: somebody has said that it is still the same. Until then it stops a submit.
    pub confirmed: Option<bool>,
    /// Why an answer that was queried is right, in the service's words.
    pub explanation: Option<String>,
    /// The code of an option or area.
    pub choice: Option<String>,
    /// Codes of options or hospitals.
    pub choices: Option<Vec<String>>,
    /// A whole number.
    pub integer: Option<i64>,
    /// A number with at most two decimal places.
    pub decimal: Option<f64>,
    /// Yes or no.
    pub boolean: Option<bool>,
    /// Free text.
    pub text: Option<String>,
    /// A month, `YYYY-MM`.
    #[oai(validator(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"))]
    pub month: Option<String>,
    /// Every cell of the grid in printed order.
    pub grid: Option<Vec<GridCell>>,
}

impl Answer {
    fn bare(link_id: &str, version: i64, status: AnswerStatus) -> Self {
        Self {
            link_id: link_id.to_owned(),
            version,
            status,
            entered: None,
            carried_from: None,
            confirmed: None,
            explanation: None,
            choice: None,
            choices: None,
            integer: None,
            decimal: None,
            boolean: None,
            text: None,
            month: None,
            grid: None,
        }
    }

    /// A stored answer. With its item, a grid has every cell; without, those that were filled in.
    pub fn stored(link_id: &str, item: Option<&Item>, answer: &domain::Answer) -> Self {
        let mut shape = Self::bare(link_id, answer.version, answer.status.into());
        shape.entered.clone_from(&answer.entered);
        shape.carried_from = answer.carried_from;
        shape.confirmed = answer.carried_from.map(|_| answer.confirmed);
        shape.explanation.clone_from(&answer.explanation);
        match answer.value.clone() {
            Some(AnswerValue::Choice(code)) => shape.choice = Some(code),
            Some(AnswerValue::Choices(codes)) => shape.choices = Some(codes),
            Some(AnswerValue::Integer(number)) => shape.integer = Some(number),
            Some(AnswerValue::Decimal(number)) => shape.decimal = Some(number.as_f64()),
            Some(AnswerValue::Boolean(yes)) => shape.boolean = Some(yes),
            Some(AnswerValue::Text(text)) => shape.text = Some(text),
            Some(AnswerValue::Month(month)) => shape.month = Some(month),
            Some(AnswerValue::Grid(cells)) => shape.grid = Some(grid(item, &cells)),
            None => {}
        }
        shape
    }

    /// What is said of an item of a response. The answer that a hidden item had is kept, but says nothing.
    pub fn of(item: &Item, shown: bool, document: &domain::Document) -> Self {
        match document.get(&item.link_id) {
            _ if !shown => Self::bare(&item.link_id, document.version(&item.link_id), AnswerStatus::NotApplicable),
            Some(answer) => Self::stored(&item.link_id, Some(item), answer),
            None => Self::bare(&item.link_id, 0, AnswerStatus::Unanswered),
        }
    }
}

fn grid(item: Option<&Item>, filled: &[domain::GridCell]) -> Vec<GridCell> {
    let shape = |role: &str, band: Option<&str>, cell: Option<&domain::GridCell>| GridCell {
        role: role.to_owned(),
        band: band.map(ToOwned::to_owned),
        wte: cell.and_then(|cell| cell.wte).map(Hundredths::as_f64),
        status: match cell.map(|cell| cell.wte) {
            None => CellStatus::Unanswered,
            Some(None) => CellStatus::NotKnown,
            Some(Some(_)) => CellStatus::Answered,
        },
    };
    match item.and_then(|item| item.grid.as_ref()) {
        Some(grid) => grid
            .cells()
            .map(|(role, band)| {
                let cell = filled.iter().find(|cell| cell.role == role.role && cell.band.as_deref() == band);
                shape(&role.role, band, cell)
            })
            .collect(),
        None => filled.iter().map(|cell| shape(&cell.role, cell.band.as_deref(), Some(cell))).collect(),
    }
}

/// One cell of a WTE grid that is sent.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridCellChange {
    /// Role.
    pub role: String,
    /// Agenda for Change band; left out for a role that is not asked by band.
    #[serde(default)]
    pub band: Option<String>,
    /// WTE, with at most two decimal places.
    #[serde(default)]
    pub wte: Option<f64>,
    /// `not_known`, or may be left out.
    #[serde(default)]
    pub status: Option<CellStatus>,
}

/// A change of one answer. Give the value field of the item's type, or a `status`; with `explanation` alone the value
/// stays as it is.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerChange {
    /// The item.
    pub link_id: String,
    /// The version of the item that the change is based on; 0 where it was never touched.
    #[oai(validator(minimum(value = "0")))]
    pub version: i64,
    /// `not_known`, `unanswered` (takes the answer back), or `answered` beside a value.
    #[serde(default)]
    pub status: Option<AnswerStatus>,
    /// As it was read; a change cannot set it.
    #[serde(default)]
    pub carried_from: Option<i32>,
    /// As it was read; a change cannot set it, but for that whatever is changed is confirmed.
    #[serde(default)]
    pub confirmed: Option<bool>,
    /// Why an answer that was queried is right; an empty text takes it away.
    #[serde(default)]
    pub explanation: Option<String>,
    /// The code of an option or area.
    #[serde(default)]
    pub choice: Option<String>,
    /// Codes of options or hospitals.
    #[serde(default)]
    pub choices: Option<Vec<String>>,
    /// A whole number.
    #[serde(default)]
    pub integer: Option<i64>,
    /// A number with at most two decimal places.
    #[serde(default)]
    pub decimal: Option<f64>,
    /// Yes or no.
    #[serde(default)]
    pub boolean: Option<bool>,
    /// Free text.
    #[serde(default)]
    pub text: Option<String>,
    /// A month, `YYYY-MM`.
    #[oai(validator(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"))]
    #[serde(default)]
    pub month: Option<String>,
    /// The cells that are filled in; those left out are unanswered.
    #[serde(default)]
    pub grid: Option<Vec<GridCellChange>>,
}

/// Changes of answers.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerPatch {
    /// The changes, each item once.
    pub answers: Vec<AnswerChange>,
}

impl AnswerPatch {
    /// The changes as the application takes them, or what cannot be read, each by its pointer. `current` says what an
    /// item is at present, for changes of the explanation alone.
    pub fn read(self, current: impl Fn(&str) -> Entry) -> Result<Vec<app::AnswerChange>, Vec<ProblemPlace>> {
        let (mut changes, mut problems) = (Vec::new(), Vec::new());
        let mut seen = std::collections::BTreeSet::new();
        for (place, change) in self.answers.into_iter().enumerate() {
            let pointer = format!("/answers/{place}");
            if !seen.insert(change.link_id.clone()) {
                let message = format!("{} is in the request twice; send each item once.", change.link_id);
                problems.push(ProblemPlace::new(format!("{pointer}/link_id"), "item_twice", message));
            }
            match change.read(&pointer, &current) {
                Ok(change) => changes.push(change),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(changes) } else { Err(problems) }
    }

    /// The items that change their explanation alone.
    pub fn has_explanation_alone(&self) -> bool {
        self.answers.iter().any(AnswerChange::is_explanation_alone)
    }
}

impl AnswerChange {
    fn is_explanation_alone(&self) -> bool {
        self.status.is_none() && self.explanation.is_some() && self.value_fields().is_empty()
    }

    fn value_fields(&self) -> Vec<&'static str> {
        let (choices, grid) = self.lists();
        let given = [
            ("choice", self.choice.is_some()),
            ("choices", choices.is_some()),
            ("integer", self.integer.is_some()),
            ("decimal", self.decimal.is_some()),
            ("boolean", self.boolean.is_some()),
            ("text", self.text.is_some()),
            ("month", self.month.is_some()),
            ("grid", grid.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    /// The lists that are meant. Generated clients send an empty one where nothing was set, so it counts only where
    /// nothing else is said.
    fn lists(&self) -> (Option<&[String]>, Option<&[GridCellChange]>) {
        let (choices, grid) = (self.choices.as_deref(), self.grid.as_deref());
        let is_plain = self.choice.is_some()
            || self.integer.is_some()
            || self.decimal.is_some()
            || self.boolean.is_some()
            || self.text.is_some()
            || self.month.is_some();
        let says_nothing = matches!(self.status, Some(AnswerStatus::NotKnown | AnswerStatus::Unanswered))
            || (self.status.is_none() && self.explanation.is_some());
        let filled = (choices.filter(|list| !list.is_empty()), grid.filter(|list| !list.is_empty()));
        if is_plain || says_nothing || filled.0.is_some() || filled.1.is_some() {
            return filled;
        }
        (choices, grid.filter(|_| choices.is_none()))
    }

    fn read(self, pointer: &str, current: &impl Fn(&str) -> Entry) -> Result<app::AnswerChange, ProblemPlace> {
        let fields = self.value_fields();
        let refuse = |field: &str, code: &str, message: String| {
            let pointer = if field.is_empty() { pointer.to_owned() } else { format!("{pointer}/{field}") };
            Err(ProblemPlace::new(pointer, code, format!("{}: {message}", self.link_id)))
        };
        if self.version < 0 {
            return refuse("version", "bad_version", "a version is 0 or more.".into());
        }
        if let [_, second, ..] = fields.as_slice() {
            let message = format!("send one value; {} are given.", fields.join(" and "));
            return refuse(second, "several_values", message);
        }
        let entry = match (self.status, fields.first()) {
            (None, None) if self.explanation.is_some() => current(&self.link_id),
            (None | Some(AnswerStatus::Answered), None) => {
                let message = "give a value, or the status not_known or unanswered.".into();
                return refuse("", "value_missing", message);
            }
            (Some(AnswerStatus::NotKnown), None) => Entry::NotKnown,
            (Some(AnswerStatus::Unanswered), None) => Entry::Unanswered,
            (None | Some(AnswerStatus::Answered), Some(field)) => match self.value(pointer) {
                Ok(Some(value)) => Entry::Value(value),
                Ok(None) => return refuse(field, "value_missing", "give a value.".into()),
                Err(problem) => return Err(problem),
            },
            (Some(AnswerStatus::NotApplicable | AnswerStatus::Invalid), _) => {
                let message = "the status follows from the answers; send answered, not_known or unanswered.".into();
                return refuse("status", "status_not_settable", message);
            }
            (Some(AnswerStatus::NotKnown | AnswerStatus::Unanswered), Some(field)) => {
                return refuse(field, "value_beside_status", "this status takes no value.".into());
            }
        };
        Ok(app::AnswerChange { link_id: self.link_id, based_on: self.version, entry, explanation: self.explanation })
    }

    fn value(&self, pointer: &str) -> Result<Option<AnswerValue>, ProblemPlace> {
        let decimal = self.decimal.map(|number| hundredths(number, &format!("{pointer}/decimal")));
        let (choices, grid) = self.lists();
        let grid = grid.map(|cells| read_grid(cells, pointer));
        Ok(None
            .or(self.choice.clone().map(AnswerValue::Choice))
            .or(choices.map(|chosen| AnswerValue::Choices(chosen.to_vec())))
            .or(self.integer.map(AnswerValue::Integer))
            .or(decimal.transpose()?.map(AnswerValue::Decimal))
            .or(self.boolean.map(AnswerValue::Boolean))
            .or(self.text.clone().map(AnswerValue::Text))
            .or(self.month.clone().map(AnswerValue::Month))
            .or(grid.transpose()?.map(AnswerValue::Grid)))
    }
}

fn read_grid(cells: &[GridCellChange], pointer: &str) -> Result<Vec<domain::GridCell>, ProblemPlace> {
    let mut read = Vec::with_capacity(cells.len());
    for (place, cell) in cells.iter().enumerate() {
        let at = format!("{pointer}/grid/{place}");
        let wte = match (cell.status, cell.wte) {
            (None | Some(CellStatus::Answered), Some(wte)) => Some(hundredths(wte, &format!("{at}/wte"))?),
            (Some(CellStatus::NotKnown), None) => None,
            (Some(CellStatus::Unanswered), None) => continue,
            (None | Some(CellStatus::Answered), None) => {
                return Err(ProblemPlace::new(at, "value_missing", "A cell needs a wte, or the status not_known."));
            }
            (Some(CellStatus::NotKnown | CellStatus::Unanswered), Some(_)) => {
                return Err(ProblemPlace::new(at, "value_beside_status", "This status takes no wte."));
            }
        };
        read.push(domain::GridCell { role: cell.role.clone(), band: cell.band.clone(), wte });
    }
    Ok(read)
}

fn hundredths(number: f64, pointer: &str) -> Result<Hundredths, ProblemPlace> {
    Hundredths::from_exact(number).ok_or_else(|| {
        let message = format!("{number} cannot be kept: send a number with at most two decimal places.");
        ProblemPlace::new(pointer, "too_precise", message)
    })
}
