//! Queries: threads between the audit team and a service about an answer, a month's counts, or an outlier, each with a
//! state, an owner and a day by which somebody is to act. The table of the states is here and nowhere else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::count::Period;

/// What a query is about, within one service and round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An answer, by the link id of its item.
    Item(String),
    /// The counts of a KPI in a month.
    Month {
        /// 2 to 11.
        kpi: i32,
        /// The month.
        month: Period,
    },
    /// A figure of the year that lies beyond the limits.
    Outlier {
        /// 4 to 11.
        kpi: i32,
    },
}

impl fmt::Display for Subject {
    /// `item/setting`, `month/4/2021-03`, `outlier/4`: as it is stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(link_id) => write!(f, "item/{link_id}"),
            Self::Month { kpi, month } => write!(f, "month/{kpi}/{month}"),
            Self::Outlier { kpi } => write!(f, "outlier/{kpi}"),
        }
    }
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is nothing that a query can be about");
        let mut parts = text.split('/');
        let found = match (parts.next(), parts.next(), parts.next()) {
            (Some("item"), Some(link_id), None) => Self::Item(link_id.to_owned()),
            (Some("month"), Some(kpi), Some(month)) => {
                Self::Month { kpi: kpi.parse().map_err(|_| wrong())?, month: month.parse()? }
            }
            (Some("outlier"), Some(kpi), None) => Self::Outlier { kpi: kpi.parse().map_err(|_| wrong())? },
            _ => return Err(wrong()),
        };
        if parts.next().is_some() { Err(wrong()) } else { Ok(found) }
    }
}

/// Who is to act, or acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The audit team.
    Team,
    /// The service.
    Service,
}

/// Where a query stands. The first three are those of a question, the others those of an outlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryState {
    /// The service is asked.
    Asked,
    /// It has answered.
    Answered,
    /// The audit team has what it asked for.
    Resolved,
    /// The service is asked to check its data.
    DataCheck,
    /// It has checked them.
    DataChecked,
    /// The service has been told that its figure is an outlier, and is asked to respond.
    Notified,
    /// It has responded.
    Responded,
    /// The figure stands as an outlier, and may be published as one.
    Confirmed,
    /// It is none: the data were corrected, or the explanation holds.
    Dismissed,
}

use QueryState as S;

impl QueryState {
    /// Every state, in the order of a query's life.
    pub const ALL: [Self; 9] = [
        S::Asked,
        S::Answered,
        S::Resolved,
        S::DataCheck,
        S::DataChecked,
        S::Notified,
        S::Responded,
        S::Confirmed,
        S::Dismissed,
    ];

    /// The state in which a query begins.
    pub fn first(subject: &Subject) -> Self {
        if matches!(subject, Subject::Outlier { .. }) { S::DataCheck } else { S::Asked }
    }

    /// The word in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            S::Asked => "asked",
            S::Answered => "answered",
            S::Resolved => "resolved",
            S::DataCheck => "data_check",
            S::DataChecked => "data_checked",
            S::Notified => "notified",
            S::Responded => "responded",
            S::Confirmed => "confirmed",
            S::Dismissed => "dismissed",
        }
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            S::Asked => "Asked",
            S::Answered => "Answered",
            S::Resolved => "Resolved",
            S::DataCheck => "Data check",
            S::DataChecked => "Data checked",
            S::Notified => "Notified",
            S::Responded => "Responded",
            S::Confirmed => "Confirmed outlier",
            S::Dismissed => "No outlier",
        }
    }

    /// Who is to act; nobody once it is closed.
    pub fn waits_for(self) -> Option<Side> {
        match self {
            S::Asked | S::DataCheck | S::Notified => Some(Side::Service),
            S::Answered | S::DataChecked | S::Responded => Some(Side::Team),
            S::Resolved | S::Confirmed | S::Dismissed => None,
        }
    }

    /// The states that a side may lead to, the usual one first. A service's silence stops nothing: once its day is past
    /// (`overdue`) the audit team goes on without it. An outlier is confirmed only after the service was told of it.
    pub fn next(self, side: Side, overdue: bool) -> &'static [Self] {
        match (self, side) {
            (S::Asked | S::Answered, Side::Service) => &[S::Answered],
            (S::Asked, Side::Team) => &[S::Asked, S::Resolved],
            (S::Answered, Side::Team) => &[S::Resolved, S::Asked],
            (S::Resolved, Side::Team) => &[S::Asked],
            (S::DataCheck | S::DataChecked, Side::Service) => &[S::DataChecked],
            (S::DataChecked, Side::Team) => &[S::Notified, S::Dismissed, S::DataCheck],
            (S::DataCheck, Side::Team) if overdue => &[S::Notified, S::Dismissed, S::DataCheck],
            (S::DataCheck, Side::Team) => &[S::DataCheck, S::Dismissed],
            (S::Notified | S::Responded, Side::Service) => &[S::Responded],
            (S::Responded, Side::Team) => &[S::Confirmed, S::Dismissed, S::Notified],
            (S::Notified, Side::Team) if overdue => &[S::Confirmed, S::Dismissed, S::Notified],
            (S::Notified, Side::Team) => &[S::Notified, S::Dismissed],
            (S::Confirmed | S::Dismissed, Side::Team) => &[S::DataCheck],
            (S::Resolved | S::Confirmed | S::Dismissed, Side::Service) => &[],
        }
    }

    /// The days within which somebody is to act, unless the audit team sets another day. They are this project's own, in
    /// the order of magnitude that national audits give.
    pub fn usual_days(self) -> Option<i64> {
        match self {
            S::Answered | S::DataChecked => Some(7),
            S::Asked | S::DataCheck | S::Responded => Some(14),
            S::Notified => Some(35),
            S::Resolved | S::Confirmed | S::Dismissed => None,
        }
    }
}

impl fmt::Display for QueryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for QueryState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not a state of a query"))
    }
}

/// How long a query has been open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Up to 7 days.
    Week,
    /// 8 to 14.
    Fortnight,
    /// 15 to 28.
    Month,
    /// More.
    Older,
}

impl Age {
    /// Every age, the youngest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Fortnight, Self::Month, Self::Older];

    /// The age after some days.
    pub fn of(days: i64) -> Self {
        match days {
            ..=7 => Self::Week,
            8..=14 => Self::Fortnight,
            15..=28 => Self::Month,
            _ => Self::Older,
        }
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Week => "up to 7 days",
            Self::Fortnight => "8 to 14 days",
            Self::Month => "15 to 28 days",
            Self::Older => "over 28 days",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn subjects_are_read_as_they_are_written() {
        let month = "2021-03".parse().unwrap();
        for subject in [Subject::Item("setting".into()), Subject::Month { kpi: 4, month }, Subject::Outlier { kpi: 11 }]
        {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
        for wrong in ["", "item", "item/a/b", "month/4", "outlier/x", "outlier/4/5", "month/4/2021-13"] {
            wrong.parse::<Subject>().unwrap_err();
        }
    }

    /// Every state can be reached from the first of its kind, and every open one can be left by whom it waits for.
    #[test]
    fn no_state_is_a_dead_end() {
        let mut reached = BTreeSet::new();
        for subject in [Subject::Item("a".into()), Subject::Outlier { kpi: 4 }] {
            let mut waiting = vec![QueryState::first(&subject)];
            while let Some(state) = waiting.pop() {
                if reached.insert(state) {
                    waiting.extend([Side::Team, Side::Service].iter().flat_map(|side| state.next(*side, false)));
                }
            }
        }
        assert_eq!(reached.len(), QueryState::ALL.len());
        for state in QueryState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(state.waits_for().is_some(), state.usual_days().is_some());
            if let Some(side) = state.waits_for() {
                assert!(!state.next(side, false).is_empty(), "{state}");
            }
            for next in state.next(Side::Service, true) {
                assert_eq!(next.waits_for(), Some(Side::Team), "a service closes nothing: {state} to {next}");
            }
        }
    }

    /// Nobody is an outlier who was not asked to check, told, and given the time to respond.
    #[test]
    fn an_outlier_is_confirmed_only_after_the_service_was_told() {
        for state in QueryState::ALL {
            for overdue in [false, true] {
                let confirms = state.next(Side::Team, overdue).contains(&S::Confirmed);
                assert_eq!(confirms, state == S::Responded || (state == S::Notified && overdue), "{state} {overdue}");
                let notifies = state.next(Side::Team, overdue).contains(&S::Notified);
                let told = matches!(state, S::Notified | S::Responded);
                assert_eq!(notifies, told || state == S::DataChecked || (state == S::DataCheck && overdue), "{state}");
            }
        }
    }

    #[test]
    fn ages_have_edges() {
        assert_eq!([0, 7, 8, 14, 15, 28, 29].map(Age::of), {
            use Age::{Fortnight, Month, Older, Week};
            [Week, Week, Fortnight, Fortnight, Month, Month, Older]
        });
    }
}
