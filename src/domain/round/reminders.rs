//! When services are reminded, and how often at the most.

use std::fmt;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

/// A step of the plan of reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReminderStep {
    /// Two weeks before the last day.
    TwoWeeksBefore,
    /// A week before it.
    WeekBefore,
    /// The day before it.
    DayBefore,
    /// Two days after it, when the round has closed.
    TwoDaysAfter,
}

impl ReminderStep {
    /// Every step, in order.
    pub const ALL: [Self; 4] = [Self::TwoWeeksBefore, Self::WeekBefore, Self::DayBefore, Self::TwoDaysAfter];

    /// The word in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoWeeksBefore => "remind_14_before",
            Self::WeekBefore => "remind_7_before",
            Self::DayBefore => "remind_1_before",
            Self::TwoDaysAfter => "remind_2_after",
        }
    }

    /// Its day, in a round with this last day.
    pub fn day(self, closes_on: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::TwoWeeksBefore => closes_on.checked_sub_days(Days::new(14)),
            Self::WeekBefore => closes_on.checked_sub_days(Days::new(7)),
            Self::DayBefore => closes_on.checked_sub_days(Days::new(1)),
            Self::TwoDaysAfter => closes_on.checked_add_days(Days::new(2)),
        }
    }
}

/// How long a service is left in peace after a reminder, in days.
const PEACE: i64 = 7;

/// A service was reminded a short while ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooSoon {
    /// From when on it may be reminded again.
    pub from: DateTime<Utc>,
}

impl fmt::Display for TooSoon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it was reminded less than {PEACE} days ago")
    }
}

/// Whether a service may be reminded now, after reminders at these times. By hand it is reminded at most once in seven
/// days, counting those of the plan. The plan's own steps stand as close as the plan puts them, and leave out a service
/// that somebody has reminded by hand within the seven days before: so whoever chases a service silences the plan, and
/// nobody is chased twice for one thing.
pub fn may_be_reminded(
    by_plan: bool,
    before: impl Iterator<Item = (bool, DateTime<Utc>)>,
    now: DateTime<Utc>,
) -> Result<(), TooSoon> {
    let counts = before.filter(|(was_by_plan, _)| !(by_plan && *was_by_plan)).map(|(_, at)| at);
    let Some(last) = counts.max() else { return Ok(()) };
    let from = last + Duration::days(PEACE);
    if now < from { Err(TooSoon { from }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn by_hand_at_most_once_in_seven_days() {
        let before = [(true, at("2026-04-16T08:00:00Z")), (false, at("2026-04-20T10:00:00Z"))];
        let asked = |by_plan, now| may_be_reminded(by_plan, before.into_iter(), at(now));
        assert_eq!(asked(false, "2026-04-27T09:59:59Z"), Err(TooSoon { from: at("2026-04-27T10:00:00Z") }));
        assert_eq!(asked(false, "2026-04-27T10:00:00Z"), Ok(()));
        // The plan keeps away from whom somebody has just reminded, not from whom it has reminded itself.
        assert!(asked(true, "2026-04-23T08:00:00Z").is_err());
        assert_eq!(may_be_reminded(true, before[..1].iter().copied(), at("2026-04-17T08:00:00Z")), Ok(()));
        assert!(may_be_reminded(false, before[..1].iter().copied(), at("2026-04-17T08:00:00Z")).is_err());
        assert_eq!(may_be_reminded(false, std::iter::empty(), at("2026-04-17T08:00:00Z")), Ok(()));
    }
}
