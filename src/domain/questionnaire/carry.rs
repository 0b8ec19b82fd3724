//! Last year's answers beside this year's questions, and which of them may be carried forward.

use std::collections::BTreeMap;

use super::answer::{AnswerStatus, AnswerValue, Entry};
use super::conditions::Shown;
use super::crosswalk::Comparison;
use super::definition::{Item, Questionnaire};
use super::reading::{RegisterCodes, settle_entry};

/// What a service said of an item in its submitted response of the round before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAnswer {
    /// A value, or "not known".
    pub entry: Entry,
    /// The value that can be carried forward, or why none can.
    pub carried: Result<AnswerValue, NotCarried>,
}

/// Why an answer of the round before is shown, and not carried forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCarried {
    /// The round forbids it.
    #[error("this question is asked afresh each year")]
    AskedAfresh,
    /// "Not known" is worth asking again.
    #[error("last year's answer was “not known”")]
    NotKnown,
    /// The item takes another type of answer, or another unit.
    #[error("the question takes another kind of answer this year")]
    OtherKind,
    /// An option, a cell, a hospital or an area that was named is no longer there.
    #[error("what was answered last year can no longer be chosen")]
    Dropped,
}

impl NotCarried {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::AskedAfresh => "asked_afresh",
            Self::NotKnown => "not_known",
            Self::OtherKind => "other_kind",
            Self::Dropped => "dropped",
        }
    }
}

/// What was said the round before of each item that is asked again, by `link_id`. An item that was hidden then, was not
/// answered or could not be read has nothing.
///
/// `comparison` says how the answers of the round before read now; what does not compare is not brought over.
pub fn last_answers(
    questionnaire: &Questionnaire,
    before: &Shown<'_>,
    comparison: &Comparison,
    register: &RegisterCodes,
) -> BTreeMap<String, LastAnswer> {
    let said = |item: &Item| {
        let from = comparison.from(&item.link_id)?;
        let old = before.questionnaire.item(from)?;
        let entry = match (before.status(from), before.value(from)) {
            (AnswerStatus::Answered, Some(value)) => Entry::Value(comparison.value(&item.link_id, value)?),
            (AnswerStatus::NotKnown, _) => Entry::NotKnown,
            _ => return None,
        };
        let carried = carried(item, old, &entry, register);
        Some((item.link_id.clone(), LastAnswer { entry, carried }))
    };
    questionnaire.items().filter_map(said).collect()
}

fn carried(item: &Item, old: &Item, entry: &Entry, register: &RegisterCodes) -> Result<AnswerValue, NotCarried> {
    if item.ask_afresh {
        return Err(NotCarried::AskedAfresh);
    }
    if item.kind != old.kind || item.unit != old.unit {
        return Err(NotCarried::OtherKind);
    }
    match settle_entry(item, entry.clone(), register) {
        Ok(Entry::Value(value)) => Ok(value),
        Ok(_) => Err(NotCarried::NotKnown),
        Err(_) => Err(NotCarried::Dropped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::questionnaire::answer::GridCell;
    use crate::formats::seeds::{SeedFiles, read_reference};

    #[test]
    fn only_what_can_still_be_said_is_carried() {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let asked = &reference.questionnaires["2022.1"];
        let codes = RegisterCodes { hospitals: ["AAA".to_owned()].into(), ..RegisterCodes::default() };
        let value = |value| Entry::Value(value);
        let carried = |old: &Item, new: &Item, entry: &Entry| carried(new, old, entry, &codes);

        let old = asked.item("first_prescription").unwrap();
        let said = value(AnswerValue::Choices(vec!["fls_prescribes".into(), "gp_asked".into()]));
        assert!(carried(old, old, &said).is_ok());
        assert_eq!(carried(old, old, &Entry::NotKnown), Err(NotCarried::NotKnown));
        let mut new = old.clone();
        new.options.retain(|option| option.code != "gp_asked");
        assert_eq!(carried(old, &new, &said), Err(NotCarried::Dropped));
        let other = value(AnswerValue::Choices(vec!["fls_prescribes".into()]));
        assert!(carried(old, &new, &other).is_ok(), "another option was dropped");
        let forbidden = Item { ask_afresh: true, ..old.clone() };
        assert_eq!(carried(old, &forbidden, &said), Err(NotCarried::AskedAfresh));

        let old = asked.item("staff_in_post").unwrap();
        let mut new = old.clone();
        for role in &mut new.grid.as_mut().unwrap().roles {
            role.bands.retain(|band| band != "8b");
        }
        let cell = |band: &str| GridCell { role: "nurse".into(), band: Some(band.into()), wte: None };
        assert!(carried(old, &new, &value(AnswerValue::Grid(vec![cell("7")]))).is_ok());
        let gone = value(AnswerValue::Grid(vec![cell("7"), cell("8b")]));
        assert_eq!(carried(old, &new, &gone), Err(NotCarried::Dropped));

        let old = asked.item("hospitals").unwrap();
        let said = |code: &str| value(AnswerValue::Choices(vec![code.to_owned()]));
        assert!(carried(old, old, &said("AAA")).is_ok());
        assert_eq!(carried(old, old, &said("BBB")), Err(NotCarried::Dropped), "no longer in the register");

        let per_year = asked.item("improvement_cycles").unwrap();
        let once = Item { ask_afresh: false, ..per_year.clone() };
        let other_unit = Item { unit: Some("cycles a month".into()), ..once.clone() };
        let said = value(AnswerValue::Integer(2));
        assert_eq!(carried(&once, &other_unit, &said), Err(NotCarried::OtherKind));
        assert_eq!(carried(&once, asked.item("population_all_ages").unwrap(), &said), Err(NotCarried::OtherKind));
    }
}
