//! Carrying last year's answers forward, and saying that they still hold.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, ResponseView, Subject, new_answer};
use crate::app::error::InputProblem;
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::questionnaire::answer::{Answer, AnswerStatus, AnswerValue, Entry};
use crate::domain::questionnaire::carry::LastAnswer;
use crate::domain::questionnaire::conditions::Shown;

/// Which items are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// All that whoever asks may answer.
    Whole,
    /// Those of a section.
    Section(String),
    /// These alone. Every one of them must be among those [seen](Seen).
    Items(Vec<String>),
}

/// The versions of items as whoever asks saw them; 0 for one that was never touched.
pub type Seen = BTreeMap<String, i64>;

/// Carries the answers of the round before into an open draft, where they stand until somebody confirms or changes
/// them. Of the whole or a section, those items are carried that nobody has touched, or that were empty when they were
/// seen; items that are named are carried whatever they held. If any item has moved since it was seen, nothing is
/// stored.
pub fn carry_forward(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    extent: &Extent,
    seen: &Seen,
) -> Result<ResponseView, AppError> {
    change(app, who, year, service, extent, seen, false)
}

/// Says that answers are still the same as in the round before. Those that were carried are confirmed; an item without
/// an answer, for which the round before has one, is carried and confirmed in one step, as is one that is named and held
/// another answer. Of the whole or a section only items that are shown are meant: nobody can vouch for what they do not
/// see. If any item has moved since it was seen, nothing is stored.
pub fn confirm(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    extent: &Extent,
    seen: &Seen,
) -> Result<ResponseView, AppError> {
    change(app, who, year, service, extent, seen, true)
}

fn change(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    extent: &Extent,
    seen: &Seen,
    confirmed: bool,
) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let (subject, response) = Subject::locked(app, conn, year, service)?;
        subject.may_edit(who)?;
        let items = items_of(&subject, who, extent)?;
        let mut draft = Draft::open(app, conn, &subject, response)?;
        let Some(before) = subject.before(app, conn)? else {
            let reason = "There is no submitted response of the round before, so there is nothing to carry forward.";
            return Err(AppError::Refused { code: "nothing_to_carry", reason: reason.into() });
        };
        let carrier = Carrier { app, who, from: before.response.year, seen, confirmed };
        if let Extent::Items(_) = extent {
            carrier.take_named(&mut draft, &items, &before.last)?;
        } else {
            // An answer that is carried may bring up items that hang on it, for which last year has an answer as well.
            while carrier.take_all(&mut draft, &subject, &items, &before.last)? {}
        }
        draft.store(app, conn, who, subject)
    })
}

/// The items of an extent, in printed order.
fn items_of(subject: &Subject, who: &Principal, extent: &Extent) -> Result<Vec<String>, AppError> {
    let of_section = |section: &str| {
        let found = subject.questionnaire.section(section);
        found.map(|found| found.items.iter().map(|item| item.link_id.clone()).collect::<Vec<_>>()).ok_or_else(|| {
            let there: Vec<&str> = subject.questionnaire.sections.iter().map(|s| s.link_id.as_str()).collect();
            let message = format!("{section:?} is no section; they are {}.", there.join(", "));
            AppError::invalid("section", "unknown_section", message)
        })
    };
    let items = match (extent, subject.section_of(who)) {
        (Extent::Whole, Some(own)) => of_section(own)?,
        (Extent::Whole, None) => subject.questionnaire.items().map(|item| item.link_id.clone()).collect(),
        (Extent::Section(section), _) => of_section(section)?,
        (Extent::Items(items), _) => items.clone(),
    };
    subject.must_be_within(who, items.iter().map(String::as_str))?;
    let unknown = items.iter().filter(|link_id| subject.questionnaire.item(link_id).is_none());
    let problems: Vec<InputProblem> = unknown
        .map(|link_id| {
            let message = format!("The questionnaire of {} has no item {link_id:?}.", subject.round.year);
            InputProblem::new(link_id, "unknown_item", message)
        })
        .collect();
    if problems.is_empty() { Ok(items) } else { Err(AppError::Invalid(problems)) }
}

/// Puts answers of the round before into a draft.
struct Carrier<'a> {
    app: &'a App,
    who: &'a Principal,
    /// The audit year of the round before.
    from: i32,
    seen: &'a Seen,
    /// The answers are confirmed besides.
    confirmed: bool,
}

impl Carrier<'_> {
    /// Takes items that are named, each of which must be one that can be carried or confirmed.
    fn take_named(
        &self,
        draft: &mut Draft,
        items: &[String],
        last: &BTreeMap<String, LastAnswer>,
    ) -> Result<(), AppError> {
        let mut problems = Vec::new();
        for link_id in items {
            let Some(seen) = self.seen.get(link_id) else {
                let message = format!("Say which version of {link_id} this is based on.");
                problems.push(InputProblem::new(link_id, "version_missing", message));
                continue;
            };
            let current = draft.answer(link_id).cloned();
            if current
                .as_ref()
                .is_some_and(|answer| answer.carried_from.is_some() && answer.confirmed >= self.confirmed)
            {
                // Done already: the request was sent again.
                continue;
            }
            let is_unconfirmed = current.as_ref().is_some_and(Answer::is_unconfirmed);
            let value = match last.get(link_id).map(|last| &last.carried) {
                _ if is_unconfirmed => None,
                Some(Ok(value)) => Some(value.clone()),
                Some(Err(reason)) => {
                    let message = format!("{link_id} cannot be carried forward: {reason}. Answer it anew.");
                    problems.push(InputProblem::new(link_id, reason.code(), message));
                    continue;
                }
                None => {
                    let message = format!("{link_id} has no answer of {} to carry forward.", self.from);
                    problems.push(InputProblem::new(link_id, "nothing_to_carry", message));
                    continue;
                }
            };
            if draft.is_as_seen(link_id, *seen) {
                self.put(draft, link_id, value)?;
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(AppError::Invalid(problems)) }
    }

    /// Takes what can be taken of some items; whether there was anything.
    fn take_all(
        &self,
        draft: &mut Draft,
        subject: &Subject,
        items: &[String],
        last: &BTreeMap<String, LastAnswer>,
    ) -> Result<bool, AppError> {
        let shown: BTreeSet<String> = {
            let shown = Shown::new(&subject.questionnaire, draft.document());
            shown.items().map(|item| item.link_id.clone()).collect()
        };
        let mut any = false;
        for link_id in items.iter().filter(|link_id| !self.confirmed || shown.contains(*link_id)) {
            let current = draft.answer(link_id).cloned();
            let value = match &current {
                Some(answer) if answer.is_unconfirmed() && self.confirmed => None,
                Some(answer) if answer.status != AnswerStatus::Unanswered => continue,
                // Somebody took the answer back: it returns only if whoever asks saw that it was empty.
                Some(_) if !self.seen.contains_key(link_id) => continue,
                _ => match last.get(link_id).map(|last| &last.carried) {
                    Some(Ok(value)) => Some(value.clone()),
                    _ => continue,
                },
            };
            let seen = self.seen.get(link_id).copied();
            if draft.is_as_seen(link_id, seen.unwrap_or_else(|| draft.document().version(link_id))) {
                self.put(draft, link_id, value)?;
                any = true;
            }
        }
        // Only what was confirmed brings up other items that are then shown; carrying takes hidden items along.
        Ok(any && self.confirmed)
    }

    /// Puts a value of the round before in the place of what is there; without one, confirms what is there.
    fn put(&self, draft: &mut Draft, link_id: &str, value: Option<AnswerValue>) -> Result<(), AppError> {
        let current = draft.answer(link_id).cloned();
        let version = current.as_ref().map_or(0, |answer| answer.version) + 1;
        let carries = value.is_some();
        let entry = match (value, &current) {
            (Some(value), _) => Entry::Value(value),
            (None, Some(answer)) => answer.entry(),
            (None, None) => return Ok(()),
        };
        let explanation = current.as_ref().and_then(|answer| answer.explanation.clone());
        let mut new = new_answer(entry, explanation, version, self.app.now(), &self.who.actor);
        new.carried_from = if carries { Some(self.from) } else { current.and_then(|answer| answer.carried_from) };
        new.confirmed = self.confirmed;
        draft.put(if carries { "carried_forward" } else { "confirmed" }, link_id.to_owned(), new)
    }
}
