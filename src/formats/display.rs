//! Figures, days and words as people read them, on pages and in workbooks: thousands separators for people, one place for percentages, hundredths for WTE.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::workforce::report::display_wte;

pub use crate::domain::hundredths::thousands;

/// People, to the nearest whole one: estimates are kept unrounded.
#[expect(clippy::cast_possible_truncation, reason = "populations are far below 2^53")]
pub fn people(number: f64) -> String {
    thousands(number.round() as i64)
}

/// A ratio as a percentage with one place, half away from zero, without the sign: `12.8`.
pub fn percent(ratio: f64) -> String {
    let rounded = (ratio * 1000.0).round() / 10.0;
    format!("{:.1}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// A range of WTE: `9.17 to 10.78`, or one figure where both ends print the same.
pub fn wte_range(low: f64, high: f64) -> String {
    range(display_wte(low), &display_wte(high))
}

/// A range of cover: `12.8% to 14.8%`.
pub fn cover_range(low: f64, high: f64) -> String {
    range(format!("{}%", percent(low)), &format!("{}%", percent(high)))
}

fn range(low: String, high: &str) -> String {
    if low == high { low } else { format!("{low} to {high}") }
}

/// `1 April 2022`. The day before all days, which a geography without any dated area has, is not stated.
pub fn day(date: NaiveDate) -> String {
    if date == NaiveDate::MIN { "not stated".to_owned() } else { date.format("%-d %B %Y").to_string() }
}

/// `23 November 2022 at 14:05 (UTC)`
pub fn day_and_time(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y at %H:%M (UTC)").to_string()
}

/// `2:05pm on Friday 1 July 2022`, by the clocks of the United Kingdom.
pub fn london_time(at: DateTime<Utc>) -> String {
    at.with_timezone(&chrono_tz::Europe::London).format("%-I:%M%P on %A %-d %B %Y").to_string()
}

/// `14:02`, by the clocks of the United Kingdom.
pub fn london_clock(at: DateTime<Utc>) -> String {
    at.with_timezone(&chrono_tz::Europe::London).format("%H:%M").to_string()
}

/// `1 July 2022`, by the clocks of the United Kingdom.
pub fn london_day(at: DateTime<Utc>) -> String {
    at.with_timezone(&chrono_tz::Europe::London).format("%-d %B %Y").to_string()
}

/// The first letter as a capital, for the beginning of a line.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn london_has_summer_time() {
        let words = |text: &str| london_time(text.parse().unwrap());
        assert_eq!(words("2022-07-01T23:05:00Z"), "12:05am on Saturday 2 July 2022");
        assert_eq!(words("2022-12-01T12:00:00Z"), "12:00pm on Thursday 1 December 2022");
        // The clocks go back on 30 October at 01:00 UTC.
        assert_eq!(words("2022-10-30T00:59:00Z"), "1:59am on Sunday 30 October 2022");
        assert_eq!(words("2022-10-30T01:00:00Z"), "1:00am on Sunday 30 October 2022");
    }

    #[test]
    fn figures_as_printed() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(-1_234_567), "-1,234,567");
        assert_eq!(people(188_079.1), "188,079");
        assert_eq!(percent(0.1285), "12.9");
        assert_eq!(percent(-0.0001), "0.0");
        assert_eq!(wte_range(9.17, 10.78), "9.17 to 10.78");
        assert_eq!(wte_range(-0.254, -0.251), "-0.25");
        assert_eq!(cover_range(0.128, 0.148), "12.8% to 14.8%");
    }
}
