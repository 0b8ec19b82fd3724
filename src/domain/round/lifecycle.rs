//! The states of a round, what each of them allows, and which may follow which. Nothing else decides that.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// Being prepared: nobody can answer yet.
    Draft,
    /// Services answer.
    Open,
    /// Answers are in; the audit team checks them.
    Closed,
    /// Those who take part read the results before everybody does, under embargo.
    Preview,
    /// The report is out.
    Published,
}

/// What somebody may want to do in a round, as far as its state decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Choose the questionnaire, the methodology, the standard, the day of the staffing, and whether there is a sign-off.
    ChooseMethod,
    /// Set the days on which it opens and closes.
    SetDates,
    /// Name the report and the day on which it is out.
    NameReport,
    /// Throw it away.
    Discard,
    /// Enrol services.
    Enrol,
    /// Answer, submit, sign off, make no return, and take that back.
    Answer,
    /// Remind services that have not submitted.
    Remind,
    /// Give one service more time, with which it may answer after the others.
    Extend,
    /// Open a submitted response again.
    Reopen,
    /// Import answers as submitted ones.
    ImportAsSubmitted,
    /// Read the results of every service, for those who take part.
    ReadAsParticipant,
    /// Read the results without an account.
    ReadInPublic,
}

impl RoundStatus {
    /// Every state, in the order of a round's life.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Open, Self::Closed, Self::Preview, Self::Published];

    /// The word used in storage, the API and seeds.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Preview => "preview",
            Self::Published => "published",
        }
    }

    /// The words that pages use.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "Being prepared",
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::Preview => "In preview",
            Self::Published => "Published",
        }
    }

    /// Whether something can be done in a round in this state.
    pub fn allows(self, act: Act) -> bool {
        use RoundStatus::{Closed, Draft, Open, Preview, Published};
        match act {
            Act::ChooseMethod | Act::Discard => self == Draft,
            Act::SetDates | Act::Enrol => matches!(self, Draft | Open | Closed),
            Act::NameReport => self != Published,
            Act::Answer => self == Open,
            Act::Remind | Act::Extend | Act::Reopen => matches!(self, Open | Closed),
            Act::ImportAsSubmitted => matches!(self, Closed | Preview | Published),
            Act::ReadAsParticipant => matches!(self, Preview | Published),
            Act::ReadInPublic => self == Published,
        }
    }

    /// The states that may follow this one, the usual one first. What is published stays published.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Open],
            Self::Open => &[Self::Closed],
            Self::Closed => &[Self::Preview, Self::Open],
            Self::Preview => &[Self::Published, Self::Closed],
            Self::Published => &[],
        }
    }

    /// Whether a step leads back, which wants a reason.
    pub fn is_back_from(self, from: Self) -> bool {
        let place = |status| Self::ALL.iter().position(|one| *one == status);
        place(self) < place(from)
    }

    /// Whether services can no longer answer.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Preview | Self::Published)
    }
}

impl fmt::Display for RoundStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RoundStatus {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a state of a round"))
    }
}

/// The state of a round does not allow what was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNow {
    /// What was tried.
    pub act: Act,
    /// Where the round stands.
    pub status: RoundStatus,
    /// The round under its names.
    pub names: String,
}

impl NotNow {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self.act {
            Act::Answer | Act::Remind | Act::Extend | Act::Reopen => "round_not_open",
            Act::ReadAsParticipant | Act::ReadInPublic => "not_published",
            Act::ChooseMethod
            | Act::SetDates
            | Act::NameReport
            | Act::Discard
            | Act::Enrol
            | Act::ImportAsSubmitted => "round_state",
        }
    }
}

impl fmt::Display for NotNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The round for {} is {}, so ", self.names, in_words(self.status))?;
        f.write_str(match self.act {
            Act::Answer => "answers can no longer be changed. Ask the audit team.",
            Act::ChooseMethod => {
                "its questionnaire and method change no more: services have seen them. They are chosen while it is \
                 being prepared."
            }
            Act::SetDates => "the days on which it opens and closes change no more.",
            Act::NameReport => "its report is out and changes no more.",
            Act::Discard => "it can no longer be thrown away.",
            Act::Enrol => "no service is enrolled any more: its results are being read.",
            Act::Remind => "nobody is reminded. Reminders go out while it is open and in the days after it has closed.",
            Act::Extend => "no service can be given more time.",
            Act::Reopen => "no response can be opened again.",
            Act::ImportAsSubmitted => "answers come in as drafts.",
            Act::ReadAsParticipant | Act::ReadInPublic => "its results are not to be read yet.",
        })
    }
}

/// The state within a sentence.
fn in_words(status: RoundStatus) -> &'static str {
    match status {
        RoundStatus::Draft => "being prepared",
        RoundStatus::Preview => "in preview",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_only_steps_back_want_a_reason() {
        for status in RoundStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            let reached = RoundStatus::ALL.iter().any(|from| from.next().contains(&status));
            assert_eq!(reached, status != RoundStatus::Draft, "{status}");
            for next in status.next() {
                assert_ne!(*next, status);
            }
        }
        assert!(RoundStatus::Open.is_back_from(RoundStatus::Closed));
        assert!(!RoundStatus::Published.is_back_from(RoundStatus::Preview));
    }

    #[test]
    fn services_answer_in_one_state_and_the_public_reads_in_one() {
        let states = |act| RoundStatus::ALL.into_iter().filter(|status| status.allows(act)).collect::<Vec<_>>();
        assert_eq!(states(Act::Answer), [RoundStatus::Open]);
        assert_eq!(states(Act::ReadInPublic), [RoundStatus::Published]);
        assert_eq!(states(Act::ReadAsParticipant), [RoundStatus::Preview, RoundStatus::Published]);
        // Nobody chooses the method once somebody could have answered by it.
        assert_eq!(states(Act::ChooseMethod), [RoundStatus::Draft]);
    }
}
