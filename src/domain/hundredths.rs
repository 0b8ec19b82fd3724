//! Decimal answers (WTE, percentages, programmed activities) as whole hundredths.
//!
//! The questionnaire asks for at most two decimal places, and both databases keep whole numbers exactly, so a WTE is
//! never a binary fraction until a ratio is taken of it.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A decimal with at most two places, kept as an integer number of hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub i64);

impl Hundredths {
    /// The value as a floating point number, for ratios.
    #[expect(clippy::cast_precision_loss, reason = "answers are bounded far below 2^52 hundredths")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// The nearest hundredth of a number, half away from zero; `None` where it has more than two decimal places or is
    /// out of any range that an answer can have.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked before the cast")]
    pub fn from_exact(value: f64) -> Option<Self> {
        let scaled = value * 100.0;
        let rounded = scaled.round();
        (value.is_finite() && rounded.abs() < 1e12 && (scaled - rounded).abs() < 1e-6).then_some(Self(rounded as i64))
    }
}

/// Why a text is not a decimal answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Letters, two points, nothing at all …
    #[error("is not a number")]
    NotANumber,
    /// `0.333`: more than hundredths.
    #[error("has more than two decimal places")]
    TooPrecise,
    /// More than ten digits before the point.
    #[error("is far too large")]
    TooLarge,
}

impl FromStr for Hundredths {
    type Err = DecimalError;

    /// Reads `12`, `-3`, `0.6`, `.6`, `1.50`. The decimal mark is a point; pages accept a comma before they get here.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
            return Err(DecimalError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 2 {
            return Err(DecimalError::TooPrecise);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 10 {
            return Err(DecimalError::TooLarge);
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| DecimalError::NotANumber)? };
        let hundredths: i64 = if fraction.is_empty() {
            0
        } else {
            let value: i64 = fraction.parse().map_err(|_| DecimalError::NotANumber)?;
            if fraction.len() == 1 { value * 10 } else { value }
        };
        let magnitude = whole * 100 + hundredths;
        Ok(Self(if negative { -magnitude } else { magnitude }))
    }
}

impl fmt::Display for Hundredths {
    /// The shortest decimal: `1`, `0.6`, `0.65`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            r if r % 10 == 0 => write!(f, "{sign}{whole}.{}", r / 10),
            r => write!(f, "{sign}{whole}.{r:02}"),
        }
    }
}

impl Add for Hundredths {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Hundredths {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::iter::Sum for Hundredths {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self(0), Add::add)
    }
}

/// A whole number with commas: `382,534`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        grouped.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(value in -10_000_000i64..10_000_000) {
            let printed = Hundredths(value).to_string();
            prop_assert_eq!(printed.parse::<Hundredths>().unwrap(), Hundredths(value));
            prop_assert_eq!(Hundredths::from_exact(Hundredths(value).as_f64()), Some(Hundredths(value)));
        }
    }

    #[test]
    fn texts_that_people_type() {
        for (text, expected) in [("0", 0), (".6", 60), ("0.60", 60), ("007.05", 705), ("-0.25", -25), ("1.500", 150)] {
            assert_eq!(text.parse::<Hundredths>(), Ok(Hundredths(expected)), "{text}");
        }
        assert_eq!("0.333".parse::<Hundredths>(), Err(DecimalError::TooPrecise));
        assert_eq!("99999999999".parse::<Hundredths>(), Err(DecimalError::TooLarge));
        for text in ["", ".", "-", "1,5", "1e3", "two", "1.2.3", " 1"] {
            assert_eq!(text.parse::<Hundredths>(), Err(DecimalError::NotANumber), "{text}");
        }
        assert_eq!(Hundredths::from_exact(0.333), None);
        assert_eq!(Hundredths::from_exact(f64::NAN), None);
    }
}
