//! Cells to type an assumption into: each has a name, by which formulas read it, and refuses what cannot be.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Formula};

use super::WorkbookError;
use super::layout::{Sheet, Style, address};
use crate::formats::display::people;

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
                sheet.text(row, VALUE, words, Style::InputPercent)?;
            }
            Value::Pounds(pounds) | Value::PoundsOrNothing(pounds, _) => {
                sheet.number(row, VALUE, pounds, Style::InputPounds)?;
            }
            Value::Percent(share, ..) | Value::ShareOr(_, Some(share)) => {
                sheet.number(row, VALUE, share, Style::InputPercent)?;
            }
        }
        let validation = self.validation(&address(row, VALUE))?;
        sheet.inner.add_data_validation(row, VALUE, row, VALUE, &validation)?;
        Ok(())
    }

    fn validation(&self, cell: &str) -> Result<DataValidation, WorkbookError> {
        let number = |rule| DataValidation::new().allow_decimal_number(rule);
        let percent = |share: f64| format!("{} %", (share * 100.0).round());
        let (validation, message) = match self.value {
            Value::ShareOr(words, _) => {
                let rule = format!("=OR({cell}=\"{words}\",AND(ISNUMBER({cell}),{cell}>0,{cell}<=1))");
                let message = format!("The words {words}, or a share above 0 % and up to 100 % for all services.");
                (DataValidation::new().allow_custom(Formula::new(rule)), message)
            }
            Value::People(_) => (number(DataValidationRule::GreaterThan(0.0)), "A number of people above 0.".into()),
            Value::Pounds(_) => (number(DataValidationRule::GreaterThan(0.0)), "Pounds a year, above 0.".into()),
            Value::PoundsOrNothing(_, most) => {
                (number(DataValidationRule::Between(0.0, most)), format!("Pounds a year, from 0 to {}.", people(most)))
            }
            Value::Percent(_, low, high) => (
                number(DataValidationRule::Between(low, high)),
                format!("A share from {} to {}.", percent(low), percent(high)),
            ),
            Value::Wte(_) => (number(DataValidationRule::Between(0.0, 1_000.0)), "WTE, from 0 to 1,000.".into()),
            Value::Whole(_, low, high) => (
                DataValidation::new().allow_whole_number(DataValidationRule::Between(low, high)),
                format!("A whole number from {low} to {high}."),
            ),
            Value::Number(_, low, high) => {
                (number(DataValidationRule::Between(low, high)), format!("A number from {low} to {high}."))
            }
            Value::Ratio(_) => (number(DataValidationRule::GreaterThan(0.0)), "A number above 0.".into()),
            Value::Word(_, words) => {
                (DataValidation::new().allow_list_strings(words)?, format!("One of: {}.", words.join(", ")))
            }
        };
        Ok(validation
            .ignore_blank(false)
            .set_input_title("Assumption")?
            .set_input_message(&message)?
            .set_error_title("Not a usable value")?
            .set_error_message(&message)?)
    }
}
