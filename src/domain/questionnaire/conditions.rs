//! Which items are shown: `enable_when`, in FHIR's words.

use std::collections::BTreeSet;

use super::answer::{AnswerStatus, AnswerValue, Document};
use super::definition::{Condition, Item, Questionnaire};

/// A response as it counts: the answers of the items that are shown. A hidden item's answer is kept in the document
/// but says nothing here.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// What is asked.
    pub questionnaire: &'a Questionnaire,
    /// What was answered, hidden items included.
    pub document: &'a Document,
    hidden: BTreeSet<&'a str>,
}

impl<'a> Shown<'a> {
    /// Works out which items are shown.
    pub fn new(questionnaire: &'a Questionnaire, document: &'a Document) -> Self {
        let mut view = Self { questionnaire, document, hidden: BTreeSet::new() };
        // An item may hang on one that itself hangs on another: repeat until nothing changes. Each round settles at
        // least one more level, so the number of items bounds the rounds.
        for _ in questionnaire.items() {
            let next: BTreeSet<&str> =
                questionnaire.items().filter(|item| !view.enabled(item)).map(|item| item.link_id.as_str()).collect();
            if next == view.hidden {
                break;
            }
            view.hidden = next;
        }
        view
    }

    fn enabled(&self, item: &Item) -> bool {
        item.enable_when.iter().all(|condition| self.holds(condition))
    }

    /// Whether an item of the questionnaire is hidden.
    pub fn is_hidden(&self, link_id: &str) -> bool {
        self.hidden.contains(link_id)
    }

    /// Whether an item is shown.
    pub fn is_shown(&self, link_id: &str) -> bool {
        !self.hidden.contains(link_id) && self.questionnaire.place(link_id).is_some()
    }

    /// The items that are shown, in printed order.
    pub fn items(&self) -> impl Iterator<Item = &'a Item> + '_ {
        self.questionnaire.items().filter(|item| !self.hidden.contains(item.link_id.as_str()))
    }

    /// The value of a shown and answered item.
    pub fn value(&self, link_id: &str) -> Option<&'a AnswerValue> {
        if self.is_shown(link_id) { self.document.value(link_id) } else { None }
    }

    /// The status of an item; a hidden one is unanswered.
    pub fn status(&self, link_id: &str) -> AnswerStatus {
        if self.is_shown(link_id) { self.document.status(link_id) } else { AnswerStatus::Unanswered }
    }

    /// A quantity over shown items; see [`Document::quantity`].
    pub fn quantity(&self, name: &str) -> Option<f64> {
        let link_id = name.split_once('/').map_or(name, |(grid, _)| grid);
        if self.is_shown(link_id) { self.document.quantity(name) } else { None }
    }

    /// Whether every test that a condition names holds. A test of an item without a value does not hold, but for
    /// `answered = false`.
    pub fn holds(&self, condition: &Condition) -> bool {
        let value = self.value(&condition.item);
        let chosen = |codes: &[String]| match value {
            Some(AnswerValue::Choice(code)) => codes.contains(code),
            Some(AnswerValue::Choices(chosen)) => chosen.iter().any(|code| codes.contains(code)),
            _ => false,
        };
        let has_any = condition.has_any.as_deref().is_none_or(chosen);
        let lacks_all = condition.lacks_all.as_deref().is_none_or(|codes| value.is_some() && !chosen(codes));
        let is = condition.is.is_none_or(|wanted| value == Some(&AnswerValue::Boolean(wanted)));
        let above = condition.above.is_none_or(|limit| self.quantity(&condition.item).is_some_and(|q| q > limit));
        let answered = condition.answered.is_none_or(|wanted| value.is_some() == wanted);
        has_any && lacks_all && is && above && answered
    }
}
