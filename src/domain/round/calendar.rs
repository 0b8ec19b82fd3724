//! When a round does what, by the clocks of the United Kingdom: a day begins and ends at midnight in London, whether that
//! is an hour before midnight in Greenwich or not.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::London;

use super::{Act, ReminderStep, Round, RoundStatus};

/// A time of a day in London. The clocks change at 01:00 in the morning, so neither midnight nor any time of the working
/// day is ever left out or doubled.
fn london(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
    let at = day.and_time(time);
    London.from_local_datetime(&at).earliest().map_or_else(|| at.and_utc(), |at| at.with_timezone(&Utc))
}

/// The moment at which a day begins in London.
pub fn begin_of_day(day: NaiveDate) -> DateTime<Utc> {
    london(day, 0, 0)
}

/// The moment at which a day is over in London.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    day.checked_add_days(Days::new(1)).map_or(DateTime::<Utc>::MAX_UTC, begin_of_day)
}

/// The day on which a moment falls in London.
pub fn london_day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

/// What the service does by itself in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobKind {
    /// Opens the round.
    Open,
    /// Closes it.
    Close,
    /// Puts its report out.
    Publish,
    /// Reminds the services that have not submitted.
    Remind(ReminderStep),
}

impl JobKind {
    /// The word in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
            Self::Publish => "publish",
            Self::Remind(step) => step.as_str(),
        }
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for JobKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let steps = ReminderStep::ALL.into_iter().map(Self::Remind);
        [Self::Open, Self::Close, Self::Publish]
            .into_iter()
            .chain(steps)
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text:?} is nothing that the service does by itself"))
    }
}

/// What the service is to do by itself in a round as it stands, and when: it opens as its first day begins, closes as its
/// last day ends, and is published at half past nine; reminders go out at nine.
pub fn planned(round: &Round) -> Vec<(JobKind, DateTime<Utc>)> {
    let mut jobs = Vec::new();
    let status = round.status;
    if status == RoundStatus::Draft {
        jobs.extend(round.opens_on.map(|day| (JobKind::Open, begin_of_day(day))));
    }
    if matches!(status, RoundStatus::Draft | RoundStatus::Open) {
        jobs.extend(round.closes_on.map(|day| (JobKind::Close, end_of_day(day))));
    }
    if status == RoundStatus::Preview {
        jobs.extend(round.publishes_on.map(|day| (JobKind::Publish, london(day, 9, 30))));
    }
    let reminds = round.reminders && (status == RoundStatus::Draft || status.allows(Act::Remind));
    if let Some(closes) = round.closes_on.filter(|_| reminds) {
        let at = |step: ReminderStep| Some((JobKind::Remind(step), london(step.day(closes)?, 9, 0)));
        jobs.extend(ReminderStep::ALL.into_iter().filter_map(at));
    }
    jobs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_begin_and_end_at_midnight_in_london_also_when_the_clocks_change() {
        // Winter, summer, and the two Sundays on which the clocks change: a day of 23 hours and one of 25.
        assert_eq!(begin_of_day(day("2026-01-15")), at("2026-01-15T00:00:00Z"));
        assert_eq!(begin_of_day(day("2026-07-15")), at("2026-07-14T23:00:00Z"));
        assert_eq!(end_of_day(day("2026-07-15")), at("2026-07-15T23:00:00Z"));
        let hours = |of: &str| (end_of_day(day(of)) - begin_of_day(day(of))).num_hours();
        assert_eq!((hours("2026-03-29"), hours("2026-10-25"), hours("2026-06-01")), (23, 25, 24));
        assert_eq!(end_of_day(day("2026-03-29")), at("2026-03-29T23:00:00Z"));
        assert_eq!(end_of_day(day("2026-10-25")), at("2026-10-26T00:00:00Z"));
        assert_eq!(london_day_of(at("2026-07-14T23:00:00Z")), day("2026-07-15"));
        assert_eq!(london_day_of(at("2026-01-14T23:59:59Z")), day("2026-01-14"));
    }

    #[test]
    fn a_day_holds_every_moment_between_its_ends() {
        let mut of = day("2025-12-30");
        for _ in 0..800 {
            let (begin, end) = (begin_of_day(of), end_of_day(of));
            assert_eq!(london_day_of(begin), of);
            assert_eq!(london_day_of(end - chrono::Duration::seconds(1)), of);
            of = of.succ_opt().unwrap();
            assert_eq!(end, begin_of_day(of), "no moment between two days");
        }
    }

    #[test]
    fn what_is_planned_follows_the_state() {
        let mut round = Round {
            year: 2025,
            facilities_audit: "2026 facilities audit".into(),
            report: None,
            status: RoundStatus::Draft,
            opens_on: Some(day("2026-03-29")),
            closes_on: Some(day("2026-04-30")),
            staffing_as_at: day("2026-04-01"),
            questionnaire: "2022.1".into(),
            methodology: 2022,
            standard: "ros".into(),
            sign_off: false,
            publishes_on: Some(day("2026-11-05")),
            reminders: true,
            cut: None,
            version: 1,
        };
        let words = |round: &Round| {
            planned(round).into_iter().map(|(kind, at)| format!("{kind} {}", at.to_rfc3339())).collect::<Vec<_>>()
        };
        let reminders = [
            "remind_14_before 2026-04-16T08:00:00+00:00",
            "remind_7_before 2026-04-23T08:00:00+00:00",
            "remind_1_before 2026-04-29T08:00:00+00:00",
            "remind_2_after 2026-05-02T08:00:00+00:00",
        ];
        let close = "close 2026-04-30T23:00:00+00:00";
        // On that Sunday the clocks go forward at one o'clock: at midnight it is still winter.
        let with = |first: &[&'static str]| [first, &reminders[..]].concat();
        assert_eq!(words(&round), with(&["open 2026-03-29T00:00:00+00:00", close]));
        round.status = RoundStatus::Open;
        assert_eq!(words(&round), with(&[close]));
        round.status = RoundStatus::Closed;
        assert_eq!(words(&round), reminders);
        round.reminders = false;
        assert!(words(&round).is_empty());
        round.status = RoundStatus::Preview;
        assert_eq!(words(&round), ["publish 2026-11-05T09:30:00+00:00"]);
        round.status = RoundStatus::Published;
        assert!(words(&round).is_empty());
        for (kind, _) in planned(&Round { status: RoundStatus::Draft, reminders: true, ..round }) {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }
}
