//! Cells to type an assumption into: each has a name, by which formulas read it, and refuses what cannot be.

use std::borrow::Cow;

use rust_xlsxwriter::{DataValidation, DataValidationRule, Formula};

use super::WorkbookError;
use super::layout::{Sheet, address};
use super::style::Style;
use crate::formats::display::people;
use crate::locales::Words;

/// The column of the values; the names stand before it.
pub(super) const VALUE: u16 = 1;

/// One named cell.
#[derive(Debug)]
pub(super) struct NamedCell {
    pub(super) name: &'static str,
    pub(super) value: Value,
    pub(super) unit: &'static str,
    pub(super) changes: &'static str,
    pub(super) keeps: &'static str,
}

/// What a cell holds, and what it takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    /// People, above 0.
    People(f64),
    /// A number above 0.
    Ratio(f64),
    /// These words, or a share above 0 and up to 1, which it holds where there is one.
    ShareOr(&'static str, Option<f64>),
    /// Pounds, above 0.
    Pounds(f64),
    /// Pounds, from 0 to a most.
    PoundsOrNothing(f64, f64),
    /// A share between two others.
    Percent(f64, f64, f64),
    /// WTE, from 0 to 1,000.
    Wte(f64),
    /// A whole number between two others.
    Whole(f64, i32, i32),
    /// A number between two others.
    Number(f64, f64, f64),
    /// One of these words.
    Word(&'static str, &'static [&'static str]),
}

impl NamedCell {
    /// Writes the name and the value with its validation; the words are the sheet's own.
    pub(super) fn write_value(&self, sheet: &mut Sheet<'_>, row: u32) -> Result<(), WorkbookError> {
        sheet.text(row, 0, self.name, Style::Text)?;
        match self.value {
            Value::People(number) | Value::Whole(number, ..) => sheet.number(row, VALUE, number, Style::InputCount)?,
            Value::Ratio(number) | Value::Wte(number) | Value::Number(number, ..) => {
                sheet.number(row, VALUE, number, Style::InputRatio)?;
            }
            Value::ShareOr(words, None) | Value::Word(words, _) => {
                sheet.say(row, VALUE, words, Style::InputPercent)?;
            }
            Value::Pounds(pounds) | Value::PoundsOrNothing(pounds, _) => {
                sheet.number(row, VALUE, pounds, Style::InputPounds)?;
            }
            Value::Percent(share, ..) | Value::ShareOr(_, Some(share)) => {
                sheet.number(row, VALUE, share, Style::InputPercent)?;
            }
        }
        let validation = self.validation(sheet.words, &address(row, VALUE))?;
        sheet.inner.add_data_validation(row, VALUE, row, VALUE, &validation)?;
        Ok(())
    }

    fn validation(&self, words: Words, cell: &str) -> Result<DataValidation, WorkbookError> {
        let number = |rule| DataValidation::new().allow_decimal_number(rule);
        let percent = |share: f64| format!("{} %", (share * 100.0).round());
        let said = |english| words.said(english).into_owned();
        let between =
            |key: &str, low: String, high: String| words.with(key, &[("low", low.into()), ("high", high.into())]);
        let (validation, message) = match self.value {
            Value::ShareOr(own, _) => {
                let own = words.said(own);
                let rule = format!("=OR({cell}=\"{own}\",AND(ISNUMBER({cell}),{cell}>0,{cell}<=1))");
                let message = words.with("book-type-words-or-share", &[("words", own.as_ref().into())]);
                (DataValidation::new().allow_custom(Formula::new(rule)), message)
            }
            Value::People(_) => (number(DataValidationRule::GreaterThan(0.0)), said("A number of people above 0.")),
            Value::Pounds(_) => (number(DataValidationRule::GreaterThan(0.0)), said("Pounds a year, above 0.")),
            Value::PoundsOrNothing(_, most) => (
                number(DataValidationRule::Between(0.0, most)),
                words.with("book-type-pounds", &[("most", people(most).into())]),
            ),
            Value::Percent(_, low, high) => (
                number(DataValidationRule::Between(low, high)),
                between("book-type-share", percent(low), percent(high)),
            ),
            Value::Wte(_) => (number(DataValidationRule::Between(0.0, 1_000.0)), said("WTE, from 0 to 1,000.")),
            Value::Whole(_, low, high) => (
                DataValidation::new().allow_whole_number(DataValidationRule::Between(low, high)),
                between("book-type-whole", low.to_string(), high.to_string()),
            ),
            Value::Number(_, low, high) => (
                number(DataValidationRule::Between(low, high)),
                between("book-type-number", low.to_string(), high.to_string()),
            ),
            Value::Ratio(_) => (number(DataValidationRule::GreaterThan(0.0)), said("A number above 0.")),
            Value::Word(_, choices) => {
                let choices: Vec<Cow<'_, str>> = choices.iter().map(|choice| words.said(choice)).collect();
                let message = words.with("book-type-one-of", &[("choices", choices.join(", ").into())]);
                (DataValidation::new().allow_list_strings(&choices)?, message)
            }
        };
        Ok(validation
            .ignore_blank(false)
            .set_input_title(words.said("Assumption"))?
            .set_input_message(&message)?
            .set_error_title(words.said("Not a usable value"))?
            .set_error_message(&message)?)
    }
}
