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
    /// The progress of each section, in printed order, and of the whole, beside what was said the round before.
    pub fn of_sections(shown: &Shown<'_>, last: &BTreeMap<String, LastAnswer>) -> (Vec<Self>, Self) {
        let mut whole = Tally::default();
        let sections = shown.questionnaire.sections.iter().map(|section| {
            let mut tally = Tally::default();
            for item in section.items.iter().filter(|item| !shown.is_hidden(&item.link_id)) {
                tally.count(item, shown.document.get(&item.link_id), last);
            }
            whole.add(&tally);
            tally.progress()
        });
        (sections.collect(), whole.progress())
    }
}

/// A progress with its seconds, not yet rounded.
#[derive(Debug, Default)]
struct Tally {
    counts: Progress,
    seconds: u32,
}

impl Tally {
    /// Counts an item that is shown.
    fn count(&mut self, item: &Item, answer: Option<&Answer>, last: &BTreeMap<String, LastAnswer>) {
        let status = answer.map_or(AnswerStatus::Unanswered, |answer| answer.status);
        let is_unconfirmed = answer.is_some_and(Answer::is_unconfirmed);
        let is_answered = matches!(status, AnswerStatus::Answered | AnswerStatus::NotKnown);
        let is_unchanged = is_answered
            && last.get(&item.link_id).is_some_and(|last| answer.is_some_and(|answer| answer.entry() == last.entry));
        let may_stay_empty = item.kind == ItemType::Text && !item.required && status == AnswerStatus::Unanswered;
        let counts = &mut self.counts;
        counts.items += 1;
        counts.answered += usize::from(is_answered);
        counts.unchanged += usize::from(is_unchanged);
        counts.unconfirmed += usize::from(is_unconfirmed);
        if is_unconfirmed || !is_answered && !may_stay_empty {
            counts.left += 1;
            self.seconds += if is_unconfirmed { CONFIRMING } else { answering(item.kind) };
        }
    }

    fn add(&mut self, other: &Self) {
        let (counts, more) = (&mut self.counts, &other.counts);
        counts.items += more.items;
        counts.answered += more.answered;
        counts.unchanged += more.unchanged;
        counts.unconfirmed += more.unconfirmed;
        counts.left += more.left;
        self.seconds += other.seconds;
    }

    fn progress(&self) -> Progress {
        Progress { minutes_left: minutes(self.seconds), ..self.counts }
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
