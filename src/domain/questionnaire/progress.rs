//! How far a response, or a section of it, has come.

use std::collections::BTreeMap;

use super::answer::{Answer, AnswerStatus};
use super::carry::LastAnswer;
use super::conditions::Shown;
use super::definition::{Item, ItemType};

/// How far some items have come. Only items that are shown count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Items that are shown.
    pub items: usize,
    /// Of these: answered, or said not to be known. Unconfirmed answers are among them.
    pub answered: usize,
    /// Of the answered: as they were the round before.
    pub unchanged: usize,
    /// Of the answered: carried forward, and not confirmed yet.
    pub unconfirmed: usize,
    /// Items that still want something: unconfirmed, unreadable, or without an answer. A text that is not required may
    /// stay empty and is not among them.
    pub left: usize,
    /// How long what is left may take; see [`minutes`].
    pub minutes_left: u32,
}

impl Progress {
    /// The progress of items that are shown, beside what was said the round before.
    pub fn of<'a>(
        shown: &Shown<'_>,
        last: &BTreeMap<String, LastAnswer>,
        items: impl IntoIterator<Item = &'a Item>,
    ) -> Self {
        let mut progress = Self::default();
        let mut seconds = 0;
        for item in items.into_iter().filter(|item| shown.is_shown(&item.link_id)) {
            let answer = shown.document.get(&item.link_id);
            let is_unconfirmed = answer.is_some_and(Answer::is_unconfirmed);
            let is_answered = matches!(shown.status(&item.link_id), AnswerStatus::Answered | AnswerStatus::NotKnown);
            let said_before = last.get(&item.link_id).map(|last| &last.entry);
            let is_unchanged = is_answered && answer.map(Answer::entry).as_ref() == said_before;
            let may_stay_empty = item.kind == ItemType::Text
                && !item.required
                && shown.status(&item.link_id) == AnswerStatus::Unanswered;
            progress.items += 1;
            progress.answered += usize::from(is_answered);
            progress.unchanged += usize::from(is_unchanged);
            progress.unconfirmed += usize::from(is_unconfirmed);
            if is_unconfirmed || !is_answered && !may_stay_empty {
                progress.left += 1;
                seconds += if is_unconfirmed { CONFIRMING } else { answering(item.kind) };
            }
        }
        progress.minutes_left = minutes(seconds);
        progress
    }
}

/// Seconds that it takes to look at a carried answer and say that it is still the same.
const CONFIRMING: u32 = 10;

/// Seconds that it takes to answer an item: to read it, to find out, and to enter it. Ours, a rule of thumb: a choice is
/// known to whoever runs the service, a number is looked up, the posts are put together from a list.
fn answering(kind: ItemType) -> u32 {
    match kind {
        ItemType::Boolean | ItemType::Choice | ItemType::Area => 20,
        ItemType::Choices | ItemType::Month => 40,
        ItemType::Integer | ItemType::Decimal | ItemType::Hospitals => 60,
        ItemType::Text => 90,
        ItemType::Grid => 240,
    }
}

/// Seconds as whole minutes, rounded up, and above ten minutes to the next five: an estimate that looks more exact than
/// that would be believed.
pub fn minutes(seconds: u32) -> u32 {
    let minutes = seconds.div_ceil(60);
    if minutes > 10 { minutes.div_ceil(5) * 5 } else { minutes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_rounded_up_and_never_too_exact() {
        assert_eq!([0, 1, 60, 61, 600, 601, 901].map(minutes), [0, 1, 1, 2, 10, 15, 20]);
    }
}
