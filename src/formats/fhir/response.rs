//! A response as a FHIR QuestionnaireResponse, out and in.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::{
    ASKED_UNKNOWN, Coding, DATA_ABSENT_REASON, Extension, Identifier, ORIGINAL_TEXT, Reference, Value, options_of,
};
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::answer::{AnswerStatus, AnswerValue, Document, Entry, GridCell, grid_row};
use crate::domain::questionnaire::definition::{Item as Asked, ItemType, Questionnaire};

/// How far a response has come: <http://hl7.org/fhir/R4/valueset-questionnaire-answers-status.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseStatus {
    /// Being answered.
    InProgress,
    /// Handed in.
    Completed,
    /// Changed after it was handed in.
    Amended,
    /// A mistake.
    EnteredInError,
    /// Given up.
    Stopped,
}

/// An answer: a value, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    /// The value.
    #[serde(flatten)]
    pub value: Option<Value>,
}

/// What was said of an item, or of those in a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// What was typed and could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    /// The item.
    pub link_id: String,
    /// Its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<Answer>,
    /// The items in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<Item>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuestionnaireResponse {
    /// `QuestionnaireResponse`.
    pub resource_type: String,
    /// The canonical address of the questionnaire, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questionnaire: Option<String>,
    /// How far it has come.
    pub status: ResponseStatus,
    /// The service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Reference>,
    /// When it was last changed, or handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authored: Option<String>,
    /// The sections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<Item>,
}

/// What cannot be understood: the item, and why.
pub type Misfit = (String, String);

/// What a response is made from.
#[derive(Debug)]
pub struct Source<'a> {
    /// What was asked.
    pub questionnaire: &'a Questionnaire,
    /// The canonical address of it.
    pub canonical: &'a str,
    /// The answers.
    pub document: &'a Document,
    /// The items that are shown.
    pub shown: &'a BTreeSet<String>,
    /// How far it has come.
    pub status: ResponseStatus,
    /// The service's unit code and name.
    pub service: (&'a str, &'a str),
    /// When it was last changed.
    pub authored: Option<DateTime<Utc>>,
}

impl QuestionnaireResponse {
    /// A response of ours.
    pub fn of(source: &Source<'_>) -> Self {
        let sections = source.questionnaire.sections.iter().map(|section| {
            let shown = section.items.iter().filter(|item| source.shown.contains(&item.link_id));
            let items: Vec<Item> = shown.map(|item| said(item, source)).collect();
            Item { item: items, ..Item::new(&section.link_id, Some(&section.title)) }
        });
        let (code, name) = source.service;
        Self {
            resource_type: "QuestionnaireResponse".into(),
            questionnaire: Some(format!("{}|{}", source.canonical, source.questionnaire.version)),
            status: source.status,
            subject: Some(Reference {
                identifier: Some(Identifier { system: None, value: code.to_owned() }),
                display: Some(name.to_owned()),
            }),
            authored: source.authored.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            item: sections.filter(|section| !section.item.is_empty()).collect(),
        }
    }

    /// What it says of items, in the order in which it stands there; or where it says what cannot be understood, and why.
    pub fn entries(&self, questionnaire: &Questionnaire) -> Result<Vec<(String, Entry)>, Vec<Misfit>> {
        let (mut entries, mut problems) = (Vec::new(), Vec::new());
        let mut open: Vec<&Item> = self.item.iter().rev().collect();
        while let Some(item) = open.pop() {
            match questionnaire.item(&item.link_id) {
                Some(asked) => match entry(asked, item) {
                    Ok(entry) => entries.push((item.link_id.clone(), entry)),
                    Err(reason) => problems.push((item.link_id.clone(), reason)),
                },
                None if questionnaire.section(&item.link_id).is_some() => open.extend(item.item.iter().rev()),
                None => problems.push((item.link_id.clone(), "The questionnaire has no such item.".into())),
            }
        }
        if problems.is_empty() { Ok(entries) } else { Err(problems) }
    }
}

impl Item {
    fn new(link_id: &str, text: Option<&str>) -> Self {
        let text = text.map(ToOwned::to_owned);
        Self { extension: Vec::new(), link_id: link_id.to_owned(), text, answer: Vec::new(), item: Vec::new() }
    }
}

fn valued(value: Value) -> Answer {
    Answer { extension: Vec::new(), value: Some(value) }
}

fn not_known() -> Answer {
    let reason = Value::ValueCode(ASKED_UNKNOWN.into());
    Answer { extension: vec![Extension::new(DATA_ABSENT_REASON, reason)], value: None }
}

fn is_not_known(answer: &Answer) -> bool {
    let says = |extension: &Extension| {
        extension.url == DATA_ABSENT_REASON && extension.value == Some(Value::ValueCode(ASKED_UNKNOWN.into()))
    };
    answer.value.is_none() && answer.extension.iter().any(says)
}

fn said(asked: &Asked, source: &Source<'_>) -> Item {
    let mut item = Item::new(&asked.link_id, Some(&asked.text));
    let Some(answer) = source.document.get(&asked.link_id) else { return item };
    match (answer.status, &answer.value) {
        (AnswerStatus::NotKnown, _) if asked.grid.is_none() => item.answer.push(not_known()),
        // A group has no answer of its own, so each of its cells says it.
        (AnswerStatus::NotKnown, _) => {
            let cells = asked.grid.iter().flat_map(crate::domain::questionnaire::definition::Grid::cells);
            item.item = cells.map(|(role, band)| cell(asked, &grid_row(&role.role, band), not_known())).collect();
        }
        (AnswerStatus::Invalid, _) => {
            let typed = Value::ValueString(answer.entered.clone().unwrap_or_default());
            item.extension.push(Extension::new(ORIGINAL_TEXT, typed));
        }
        (AnswerStatus::Answered, Some(AnswerValue::Grid(cells))) => {
            let of = |cell: &GridCell| cell.wte.map_or_else(not_known, |wte| valued(Value::ValueDecimal(wte.as_f64())));
            item.item = cells.iter().map(|filled| cell(asked, &filled.row(), of(filled))).collect();
        }
        (AnswerStatus::Answered, Some(value)) => item.answer = answers(asked, value, source.canonical),
        _ => {}
    }
    item
}

fn cell(asked: &Asked, row: &str, answer: Answer) -> Item {
    Item { answer: vec![answer], ..Item::new(&format!("{}/{row}", asked.link_id), None) }
}

fn answers(asked: &Asked, value: &AnswerValue, canonical: &str) -> Vec<Answer> {
    let code = |code: &String| match asked.option(code) {
        Some(option) => Value::ValueCoding(Coding {
            system: Some(options_of(canonical, &asked.link_id)),
            code: code.clone(),
            display: Some(option.text.clone()),
        }),
        // Of a hospital or an area.
        None => Value::ValueString(code.clone()),
    };
    let values = match value {
        AnswerValue::Choice(chosen) => vec![code(chosen)],
        AnswerValue::Choices(chosen) => chosen.iter().map(code).collect(),
        AnswerValue::Integer(number) => vec![Value::ValueInteger(*number)],
        AnswerValue::Decimal(number) => vec![Value::ValueDecimal(number.as_f64())],
        AnswerValue::Boolean(yes) => vec![Value::ValueBoolean(*yes)],
        AnswerValue::Text(text) => vec![Value::ValueString(text.clone())],
        AnswerValue::Month(month) => vec![Value::ValueDate(month.clone())],
        AnswerValue::Grid(_) => Vec::new(),
    };
    values.into_iter().map(valued).collect()
}

/// What an item of a resource says, in our terms.
fn entry(asked: &Asked, item: &Item) -> Result<Entry, String> {
    if let Some(grid) = &asked.grid {
        if item.item.is_empty() {
            return Ok(Entry::Unanswered);
        }
        let prefix = format!("{}/", asked.link_id);
        let mut cells = Vec::new();
        for inner in &item.item {
            let row = inner.link_id.strip_prefix(&prefix).unwrap_or_default();
            let (role, band) = row.split_once('/').map_or((row, None), |(role, band)| (role, Some(band)));
            let place = grid.position(role, band).ok_or_else(|| format!("There is no cell {:?}.", inner.link_id))?;
            let wte = match inner.answer.as_slice() {
                [] => continue,
                [answer] if is_not_known(answer) => None,
                [Answer { value: Some(value), .. }] => Some(decimal(value)?),
                _ => return Err(format!("Give {:?} one answer.", inner.link_id)),
            };
            cells.push((place, GridCell { role: role.to_owned(), band: band.map(ToOwned::to_owned), wte }));
        }
        cells.sort_by_key(|(place, _)| *place);
        let whole = cells.len() == grid.cells().count();
        if whole && cells.iter().all(|(_, cell)| cell.wte.is_none()) {
            return Ok(Entry::NotKnown);
        }
        if cells.is_empty() {
            return Ok(Entry::Unanswered);
        }
        return Ok(Entry::Value(AnswerValue::Grid(cells.into_iter().map(|(_, cell)| cell).collect())));
    }
    let values: Vec<&Value> = item.answer.iter().filter_map(|answer| answer.value.as_ref()).collect();
    match (item.answer.as_slice(), values.as_slice()) {
        ([], _) => Ok(Entry::Unanswered),
        ([answer], []) if is_not_known(answer) => Ok(Entry::NotKnown),
        (answers, values) if answers.len() != values.len() => Err("An answer has no value.".into()),
        (_, values) if matches!(asked.kind, ItemType::Choices | ItemType::Hospitals) => {
            let codes: Result<Vec<String>, String> = values.iter().map(|value| code(value)).collect();
            Ok(Entry::Value(AnswerValue::Choices(codes?)))
        }
        (_, [value]) => one(asked.kind, value).map(Entry::Value),
        _ => Err("This item takes one answer.".into()),
    }
}

fn one(kind: ItemType, value: &Value) -> Result<AnswerValue, String> {
    Ok(match (kind, value) {
        (ItemType::Choice | ItemType::Area, value) => AnswerValue::Choice(code(value)?),
        (ItemType::Integer, Value::ValueInteger(number)) => AnswerValue::Integer(*number),
        (ItemType::Decimal, value) => AnswerValue::Decimal(decimal(value)?),
        (ItemType::Boolean, Value::ValueBoolean(yes)) => AnswerValue::Boolean(*yes),
        (ItemType::Text, Value::ValueString(text)) => AnswerValue::Text(text.clone()),
        (ItemType::Month, Value::ValueDate(month)) => AnswerValue::Month(month.clone()),
        _ => return Err(format!("The answer is of another type than the item's, which is {}.", kind.as_str())),
    })
}

fn code(value: &Value) -> Result<String, String> {
    match value {
        Value::ValueCoding(coding) => Ok(coding.code.clone()),
        Value::ValueString(text) => Ok(text.clone()),
        _ => Err("The answer is no code.".into()),
    }
}

fn decimal(value: &Value) -> Result<Hundredths, String> {
    #[expect(clippy::cast_precision_loss, reason = "a number that is larger is refused by its limits")]
    let number = match value {
        Value::ValueDecimal(number) => *number,
        Value::ValueInteger(number) => *number as f64,
        _ => return Err("The answer is no number.".into()),
    };
    Hundredths::from_exact(number).ok_or_else(|| "A number has at most two decimal places.".into())
}
