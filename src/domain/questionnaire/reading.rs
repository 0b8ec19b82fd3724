//! Reading an entry as an answer of its item's type, and the limits that a single answer has to keep.
//!
//! One function serves files, forms and the API's typed values, so that all of them refuse the same things in the same
//! words.

use super::answer::{AnswerValue, Entry, GridCell};
use super::definition::{Grid, Item, ItemType, limit_text};
use crate::domain::hundredths::{DecimalError, Hundredths};

/// The codes that answers of type `hospitals` and `area` may name.
#[derive(Debug, Clone, Default)]
pub struct RegisterCodes {
    /// NHFD codes of the hospitals.
    pub hospitals: std::collections::BTreeSet<String>,
    /// Codes of the areas.
    pub areas: std::collections::BTreeSet<String>,
}

/// Why an entry is not an answer of its item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not a number, too precise or too large.
    #[error("{0:?} {1}")]
    Decimal(String, DecimalError),
    /// A whole number was asked for.
    #[error("{0:?} is not a whole number")]
    NotWhole(String),
    /// Yes or no was asked for.
    #[error("{0:?} is neither yes nor no")]
    NotYesNo(String),
    /// A month was asked for.
    #[error("{0:?} is not a month written as YYYY-MM")]
    NotMonth(String),
    /// Not one of the options.
    #[error("{code:?} is not an option of this question; the options are {allowed}")]
    UnknownOption {
        /// What was entered.
        code: String,
        /// The codes that there are.
        allowed: String,
    },
    /// Not in the register.
    #[error("{code:?} is not {what} of the register")]
    NotRegistered {
        /// What was entered.
        code: String,
        /// "a hospital", "an area".
        what: &'static str,
    },
    /// The grid has no such cell.
    #[error("{0:?} is not a role and band of this question")]
    UnknownCell(String),
    /// A grid takes a WTE for a role and band.
    #[error("a WTE needs the role and band it is for")]
    CellMissing,
    /// A role and band was named for a question that is not a grid.
    #[error("this question has no roles and bands")]
    NotAGrid,
    /// Nothing was entered where a value is needed.
    #[error("is empty")]
    Empty,
    /// A value of another type came in.
    #[error("this question takes an answer of type {0}")]
    WrongType(&'static str),
}

/// Reads the text of any item but a grid. Choices are joined by `;`.
pub fn read_text(item: &Item, text: &str, register: &RegisterCodes) -> Result<AnswerValue, ReadError> {
    if text.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(match item.kind {
        ItemType::Choice | ItemType::Area => AnswerValue::Choice(text.to_owned()),
        ItemType::Choices | ItemType::Hospitals => {
            AnswerValue::Choices(text.split(';').map(ToOwned::to_owned).collect())
        }
        ItemType::Integer => AnswerValue::Integer(text.parse().map_err(|_| ReadError::NotWhole(text.to_owned()))?),
        ItemType::Decimal => AnswerValue::Decimal(read_decimal(text)?),
        ItemType::Boolean => match text {
            "yes" => AnswerValue::Boolean(true),
            "no" => AnswerValue::Boolean(false),
            _ => return Err(ReadError::NotYesNo(text.to_owned())),
        },
        ItemType::Text => AnswerValue::Text(text.to_owned()),
        ItemType::Month => AnswerValue::Month(text.to_owned()),
        ItemType::Grid => return Err(ReadError::CellMissing),
    })
    .and_then(|value| settle(item, value, register))
}

/// Reads one cell of a grid.
pub fn read_cell(grid: &Grid, row: &str, text: &str) -> Result<GridCell, ReadError> {
    let (role, band) = row.split_once('/').map_or((row, None), |(role, band)| (role, Some(band)));
    if grid.position(role, band).is_none() {
        return Err(ReadError::UnknownCell(row.to_owned()));
    }
    let wte = if text == "not_known" { None } else { Some(read_decimal(text)?) };
    Ok(GridCell { role: role.to_owned(), band: band.map(ToOwned::to_owned), wte })
}

fn read_decimal(text: &str) -> Result<Hundredths, ReadError> {
    text.parse().map_err(|error| ReadError::Decimal(text.to_owned(), error))
}

/// An entry in canonical form: its value [settled](settle), and nothing in it said as nothing. A list without a choice,
/// a grid without a cell and an empty text are no answers.
pub fn settle_entry(item: &Item, entry: Entry, register: &RegisterCodes) -> Result<Entry, ReadError> {
    let Entry::Value(value) = entry else { return Ok(entry) };
    let value = settle(item, value, register)?;
    let empty = match &value {
        AnswerValue::Text(text) => text.is_empty(),
        AnswerValue::Choices(codes) => codes.is_empty(),
        AnswerValue::Grid(cells) => cells.is_empty(),
        _ => false,
    };
    Ok(if empty { Entry::Unanswered } else { Entry::Value(value) })
}

/// The cells of a grid of which one could not be read, as they were typed: `row=text` a line.
pub fn typed_cells(entered: &str) -> impl Iterator<Item = (&str, &str)> {
    entered.lines().filter_map(|line| line.split_once('='))
}

/// Those of the [typed cells](typed_cells) that cannot be read.
pub fn unreadable_cells<'a>(grid: &'a Grid, entered: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    typed_cells(entered).filter(|(row, typed)| !typed.is_empty() && read_cell(grid, row, typed).is_err())
}

/// Checks that a value is of its item's type and brings it into canonical form: choices and cells in the
/// questionnaire's order, none twice (of a cell that is named twice the last counts).
pub fn settle(item: &Item, value: AnswerValue, register: &RegisterCodes) -> Result<AnswerValue, ReadError> {
    match (item.kind, value) {
        (ItemType::Choice, AnswerValue::Choice(code)) => known_option(item, &code).map(|_| AnswerValue::Choice(code)),
        (ItemType::Choices, AnswerValue::Choices(codes)) => {
            let mut placed = codes
                .into_iter()
                .map(|code| known_option(item, &code).map(|place| (place, code)))
                .collect::<Result<Vec<_>, _>>()?;
            placed.sort();
            placed.dedup();
            Ok(AnswerValue::Choices(placed.into_iter().map(|(_, code)| code).collect()))
        }
        (ItemType::Hospitals, AnswerValue::Choices(mut codes)) => {
            codes.sort();
            codes.dedup();
            match codes.iter().find(|code| !register.hospitals.contains(*code)) {
                Some(code) => Err(ReadError::NotRegistered { code: code.clone(), what: "a hospital" }),
                None => Ok(AnswerValue::Choices(codes)),
            }
        }
        (ItemType::Area, AnswerValue::Choice(code)) => {
            if register.areas.contains(&code) {
                Ok(AnswerValue::Choice(code))
            } else {
                Err(ReadError::NotRegistered { code, what: "an area" })
            }
        }
        (ItemType::Month, AnswerValue::Month(month)) => {
            if is_month(&month) {
                Ok(AnswerValue::Month(month))
            } else {
                Err(ReadError::NotMonth(month))
            }
        }
        (ItemType::Grid, AnswerValue::Grid(cells)) => settle_grid(item, cells),
        (ItemType::Integer, value @ AnswerValue::Integer(_))
        | (ItemType::Decimal, value @ AnswerValue::Decimal(_))
        | (ItemType::Boolean, value @ AnswerValue::Boolean(_)) => Ok(value),
        (ItemType::Decimal, AnswerValue::Integer(number)) => number
            .checked_mul(100)
            .map(|hundredths| AnswerValue::Decimal(Hundredths(hundredths)))
            .ok_or_else(|| ReadError::Decimal(number.to_string(), DecimalError::TooLarge)),
        // One kind of line end, so that a text is the same after a journey through a form or a file.
        (ItemType::Text, AnswerValue::Text(text)) => {
            Ok(AnswerValue::Text(text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()))
        }
        (kind, _) => Err(ReadError::WrongType(kind.as_str())),
    }
}

fn settle_grid(item: &Item, cells: Vec<GridCell>) -> Result<AnswerValue, ReadError> {
    let grid = item.grid.as_ref().ok_or(ReadError::NotAGrid)?;
    let mut placed = std::collections::BTreeMap::new();
    for cell in cells {
        let place =
            grid.position(&cell.role, cell.band.as_deref()).ok_or_else(|| ReadError::UnknownCell(cell.row()))?;
        placed.insert(place, cell);
    }
    Ok(AnswerValue::Grid(placed.into_values().collect()))
}

fn known_option(item: &Item, code: &str) -> Result<usize, ReadError> {
    item.options.iter().position(|option| option.code == code).ok_or_else(|| ReadError::UnknownOption {
        code: code.to_owned(),
        allowed: item.options.iter().map(|option| option.code.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// True for `YYYY-MM` with a month from 01 to 12.
pub fn is_month(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && (1..=12).contains(&month.parse().unwrap_or(0))
}

/// What is impossible about a value by the limits of its own item: a sentence each, without the item's name.
pub fn limit_problems(item: &Item, value: &AnswerValue, latest_month: &str) -> Vec<(&'static str, String)> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "numbers beyond 2^52 are over every limit anyway")]
        AnswerValue::Integer(number) => range_problem(item, *number as f64).into_iter().collect(),
        AnswerValue::Decimal(number) => decimal_problems(item, *number),
        AnswerValue::Text(text) => {
            let limit = item.max_length.unwrap_or(usize::MAX);
            let length = text.chars().count();
            (length > limit)
                .then(|| ("too_long", format!("must be {limit} characters or fewer; it has {length}")))
                .into_iter()
                .collect()
        }
        AnswerValue::Month(month) => {
            let too_early = item.earliest.as_deref().filter(|earliest| month.as_str() < *earliest);
            let early = too_early.map(|earliest| ("out_of_range", format!("must be {earliest} or later")));
            let late = (month.as_str() > latest_month)
                .then(|| ("out_of_range", format!("must not be later than {latest_month}")));
            early.into_iter().chain(late).collect()
        }
        AnswerValue::Choices(codes) => {
            let alone = codes.iter().filter_map(|code| item.option(code)).find(|option| option.exclusive);
            alone
                .filter(|_| codes.len() > 1)
                .map(|option| ("exclusive_option", format!("‘{}’ cannot be chosen together with others", option.text)))
                .into_iter()
                .collect()
        }
        AnswerValue::Grid(cells) => grid_problems(item, cells),
        AnswerValue::Choice(_) | AnswerValue::Boolean(_) => Vec::new(),
    }
}

fn range_problem(item: &Item, number: f64) -> Option<(&'static str, String)> {
    if !(item.min.is_some_and(|min| number < min) || item.max.is_some_and(|max| number > max)) {
        return None;
    }
    let limits = match (item.min, item.max) {
        (Some(min), Some(max)) => format!("must be between {} and {}", limit_text(min), limit_text(max)),
        (Some(min), None) => format!("must be {} or more", limit_text(min)),
        (None, Some(max)) => format!("must be {} or less", limit_text(max)),
        (None, None) => return None,
    };
    Some(("out_of_range", limits))
}

fn decimal_problems(item: &Item, number: Hundredths) -> Vec<(&'static str, String)> {
    let step = item.step.and_then(Hundredths::from_exact).filter(|step| step.0 > 0);
    let off_step =
        step.filter(|step| number.0 % step.0 != 0).map(|step| ("off_step", format!("must be in steps of {step}")));
    range_problem(item, number.as_f64()).into_iter().chain(off_step).collect()
}

fn grid_problems(item: &Item, cells: &[GridCell]) -> Vec<(&'static str, String)> {
    let Some(grid) = &item.grid else { return Vec::new() };
    let mut problems = Vec::new();
    for cell in cells {
        if let Some(wte) = cell.wte.filter(|wte| wte.as_f64() > grid.cell_max || wte.0 < 0) {
            let (row, max) = (cell.row(), limit_text(grid.cell_max));
            problems.push(("out_of_range", format!("must be between 0 and {max} WTE for {row}; it is {wte}")));
        }
    }
    let total: Hundredths = cells.iter().filter_map(|cell| cell.wte).sum();
    if total.as_f64() > grid.total_max {
        problems.push((
            "out_of_range",
            format!("must be {} WTE or less in all; it is {total}", limit_text(grid.total_max)),
        ));
    }
    if grid.total_above_zero && total.0 == 0 && !cells.is_empty() && cells.iter().all(|cell| cell.wte.is_some()) {
        problems.push(("total_zero", "must be more than 0 WTE in all".to_owned()));
    }
    problems
}
