//! KPI counts: what one row of `kpi_counts.csv` says.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// A month of the audit year in which cases count, or a whole year. Kept as `YYYYMM`, with month 00 for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(i32);

impl Period {
    /// From the stored number.
    pub fn from_stored(number: i32) -> Option<Self> {
        let known = (190_000..=299_912).contains(&number) && number % 100 <= 12;
        known.then_some(Self(number))
    }

    /// The stored number.
    pub fn stored(self) -> i32 {
        self.0
    }

    /// The audit year that it is or lies in.
    pub fn year(self) -> i32 {
        self.0 / 100
    }

    /// Whether it is a whole year.
    pub fn is_year(self) -> bool {
        self.0 % 100 == 0
    }

    /// The month after; of a year its January.
    pub fn next_month(self) -> Self {
        if self.0 % 100 == 12 { Self(self.0 + 89) } else { Self(self.0 + 1) }
    }
}

impl FromStr for Period {
    type Err = String;

    /// Reads `2021-03` and `2021`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither a month (YYYY-MM) nor a year (YYYY)");
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let (year, month) = text.split_once('-').map_or((text, None), |(year, month)| (year, Some(month)));
        if !digits(year, 4) || !month.is_none_or(|month| digits(month, 2)) {
            return Err(wrong());
        }
        let year: i32 = year.parse().map_err(|_| wrong())?;
        let month: i32 = month.map_or(Ok(0), |month| {
            month.parse().map_err(|_| wrong()).and_then(|m| if (1..=12).contains(&m) { Ok(m) } else { Err(wrong()) })
        })?;
        Self::from_stored(year * 100 + month).ok_or_else(wrong)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (year, 0) => write!(f, "{year:04}"),
            (year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// What is wrong with a count: the column, and why.
pub type CountProblem = (&'static str, String);

/// The numbers of one row. All are at least 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Cases above the line.
    pub numerator: i64,
    /// Cases under the line; KPI 2 and 3 have none (theirs is the year's expected caseload).
    pub denominator: Option<i64>,
    /// Records that the KPI's completeness is asked of.
    pub eligible: Option<i64>,
    /// Those of them that are complete.
    pub complete: Option<i64>,
}

impl Counts {
    /// What sums begin with.
    pub const NOTHING: Self = Self { numerator: 0, denominator: None, eligible: None, complete: None };

    /// Two counts together; what both are without, the sum is without.
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (None, None) => None,
            (a, b) => Some(a.unwrap_or_default() + b.unwrap_or_default()),
        };
        Self {
            numerator: self.numerator + other.numerator,
            denominator: sum(self.denominator, other.denominator),
            eligible: sum(self.eligible, other.eligible),
            complete: sum(self.complete, other.complete),
        }
    }
}

/// Checks the numbers of one row of a KPI.
pub fn check_counts(kpi: i32, counts: Counts) -> Vec<CountProblem> {
    let mut problems = Vec::new();
    match (kpi, counts.denominator) {
        (2 | 3, Some(_)) => problems.push((
            "denominator",
            format!("must be empty for KPI {kpi}: its denominator is the year's expected caseload"),
        )),
        (4.., None) => problems.push(("denominator", format!("is missing: KPI {kpi} needs one"))),
        (4.., Some(denominator)) if counts.numerator > denominator => {
            problems.push(("numerator", format!("{} is more than the denominator {denominator}", counts.numerator)));
        }
        _ => {}
    }
    match (counts.eligible, counts.complete) {
        (Some(eligible), Some(complete)) if complete > eligible => {
            problems.push(("complete", format!("{complete} is more than the {eligible} eligible")));
        }
        (Some(_), None) => problems.push(("complete", "is missing beside eligible".to_owned())),
        (None, Some(_)) => problems.push(("eligible", "is missing beside complete".to_owned())),
        _ => {}
    }
    problems
}

/// The digest of corrections, in the order of their keys: what the chained history keeps of them. Each is its KPI, period
/// and stratum with the numbers before and after; those of a removed count are `None`.
pub fn corrections_digest<'a>(
    corrections: impl Iterator<Item = (i32, Period, &'a str, Option<Counts>, Option<Counts>)>,
) -> String {
    let mut hash = Sha256::new();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    for (kpi, period, stratum, old, new) in corrections {
        let mut fields = vec![kpi.to_string(), period.to_string(), stratum.to_owned()];
        for counts in [old, new] {
            fields.push(number(counts.map(|counts| counts.numerator)));
            fields.push(number(counts.and_then(|counts| counts.denominator)));
            fields.push(number(counts.and_then(|counts| counts.eligible)));
            fields.push(number(counts.and_then(|counts| counts.complete)));
        }
        // No field can hold a separator: a stratum has no control character.
        hash.update(fields.join("\u{1f}"));
        hash.update("\n");
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// Checks the form of a stratum: empty, or `key=value` joined by `;` in alphabetical order of key.
pub fn check_stratum(stratum: &str) -> Result<(), String> {
    if stratum.is_empty() {
        return Ok(());
    }
    if stratum.chars().any(char::is_control) {
        return Err(format!("{stratum:?} has a control character"));
    }
    let mut last = "";
    for part in stratum.split(';') {
        match part.split_once('=') {
            Some((key, value)) if !key.is_empty() && !value.is_empty() && !value.contains('=') => {
                if key <= last {
                    return Err(format!("{stratum:?} must name each key once, in alphabetical order"));
                }
                last = key;
            }
            _ => return Err(format!("{stratum:?} is not of the form key=value, several joined by ;")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods() {
        for text in ["2021-03", "2021", "2019-12"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["2021-13", "2021-00", "21-03", "2021-3", "", "March", "2021-03-01", "+021"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn strata() {
        for text in ["", "sex=male", "age_band=75+;sex=male"] {
            assert_eq!(check_stratum(text), Ok(()), "{text}");
        }
        for text in ["sex", "=male", "sex=", "sex=male;age_band=75+", "sex=male;sex=female", ";"] {
            assert!(check_stratum(text).is_err(), "{text}");
        }
    }
}
