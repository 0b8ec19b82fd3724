//! Whatever two people do to one response in whatever order, no answer that was acknowledged is lost, and the history
//! tells how the response came to be.

use std::cell::Cell;
use std::collections::BTreeMap;

use facilities_audit::app::responses::{self, AnswerChange, Extent, ResponseView, Seen};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, AppError, history, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Document, Entry};
use facilities_audit_tests::{Backend, on_both_databases};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::carrying::replayed;

const YEAR: i32 = 2022;

/// Services of the synthetic country that answered for 2021 and have not begun 2022; one for each case.
const SERVICES: [&str; 24] = [
    "FLS003", "FLS004", "FLS008", "FLS009", "FLS010", "FLS014", "FLS015", "FLS017", "FLS022", "FLS025", "FLS026",
    "FLS030", "FLS032", "FLS033", "FLS036", "FLS037", "FLS043", "FLS050", "FLS052", "FLS053", "FLS055", "FLS056",
    "FLS057", "FLS060",
];

/// Items of every kind that hide and show one another, with answers to choose from.
fn answers(link_id: &str) -> Vec<Entry> {
    let choice = |code: &str| Entry::Value(AnswerValue::Choice(code.into()));
    let yes = |yes| Entry::Value(AnswerValue::Boolean(yes));
    let number = |number| Entry::Value(AnswerValue::Integer(number));
    let text = |text: &str| Entry::Value(AnswerValue::Text(text.into()));
    let mut entries = match link_id {
        "setting" => vec![choice("acute"), choice("community"), choice("other")],
        "setting_other" => vec![text("A van"), text("A tent")],
        "patient_survey" | "monitoring_provided" | "missed_patient_check" => vec![yes(true), yes(false)],
        "survey_responses" => vec![number(0), number(12), Entry::Invalid("a dozen".into())],
        "population_all_ages" => vec![number(300_000), number(0), Entry::Invalid("300k".into())],
        "missed_patient_check_how" => vec![text("By hand")],
        _ => Vec::new(),
    };
    entries.extend([Entry::NotKnown, Entry::Unanswered]);
    entries
}

const ITEMS: [&str; 8] = [
    "setting",
    "setting_other",
    "patient_survey",
    "survey_responses",
    "monitoring_provided",
    "missed_patient_check",
    "missed_patient_check_how",
    "population_all_ages",
];

/// What one of the two does.
#[derive(Debug, Clone)]
enum Act {
    /// Reads the response anew.
    Reload,
    /// Saves an answer, based on what they read last.
    Save { item: usize, answer: usize },
    /// Carries last year's answers into a section, the whole, or one item.
    Carry(usize),
    /// Says that they are still the same.
    Confirm(usize),
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let act = prop_oneof![
        2 => Just(Act::Reload),
        6 => (0..ITEMS.len(), 0..8_usize).prop_map(|(item, answer)| Act::Save { item, answer }),
        1 => (0..12_usize).prop_map(Act::Carry),
        2 => (0..12_usize).prop_map(Act::Confirm),
    ];
    prop::collection::vec((0..2_usize, act), 1..25)
}

fn extent(place: usize) -> Extent {
    match ITEMS.get(place) {
        Some(item) => Extent::Items(vec![(*item).to_owned()]),
        None if place == 8 => Extent::Whole,
        None if place == 9 => Extent::Section("staffing".into()),
        None if place == 10 => Extent::Section("patient_experience".into()),
        None => Extent::Section("identification".into()),
    }
}

/// What is said of each item.
fn said(document: &Document) -> BTreeMap<String, Entry> {
    document.answers.iter().map(|(link_id, answer)| (link_id.clone(), answer.entry())).collect()
}

fn versions(view: &ResponseView) -> Seen {
    view.questionnaire
        .items()
        .map(|item| (item.link_id.clone(), view.response.document.version(&item.link_id)))
        .collect()
}

/// Two people and what they know.
struct Pair<'a> {
    app: &'a App,
    service: &'a str,
    people: &'a [Principal; 2],
    seen: [Seen; 2],
    /// Everything that was acknowledged.
    acknowledged: BTreeMap<String, Entry>,
}

impl Pair<'_> {
    fn stored(&self) -> ResponseView {
        responses::view(self.app, &self.people[0], YEAR, self.service).unwrap()
    }

    fn act(&mut self, person: usize, act: &Act) -> Result<(), TestCaseError> {
        let who = &self.people[person];
        let seen = self.seen[person].clone();
        let before = self.stored();
        match act {
            Act::Reload => self.seen[person] = versions(&before),
            Act::Save { item, answer } => {
                let link_id = ITEMS[*item];
                let entries = answers(link_id);
                let entry = entries[answer % entries.len()].clone();
                let change = AnswerChange {
                    link_id: link_id.into(),
                    based_on: seen[link_id],
                    entry: entry.clone(),
                    explanation: None,
                };
                match responses::save(self.app, who, YEAR, self.service, vec![change]) {
                    Ok(after) => {
                        if before.response.document.version(link_id) != seen[link_id] {
                            let there = before
                                .response
                                .document
                                .get(link_id)
                                .map(facilities_audit::domain::questionnaire::answer::Answer::entry);
                            prop_assert_eq!(there, Some(entry.clone()), "an answer that was not seen gave way");
                        }
                        if after.response.version > before.response.version {
                            self.acknowledged.insert(link_id.into(), entry);
                        }
                        self.seen[person] = versions(&after);
                    }
                    Err(AppError::Moved(_)) => {
                        prop_assert_ne!(before.response.document.version(link_id), seen[link_id], "it had not moved");
                    }
                    Err(other) => return Err(TestCaseError::fail(format!("{other:?}"))),
                }
            }
            Act::Carry(place) | Act::Confirm(place) => {
                let (extent, named) = (extent(*place), ITEMS.get(*place));
                let confirms = matches!(act, Act::Confirm(_));
                let done = if confirms {
                    responses::confirm(self.app, who, YEAR, self.service, &extent, &seen)
                } else {
                    responses::carry_forward(self.app, who, YEAR, self.service, &extent, &seen)
                };
                match done {
                    Ok(after) => {
                        for (link_id, entry) in said(&after.response.document) {
                            let held = self.acknowledged.get(&link_id);
                            if held == Some(&entry) {
                                continue;
                            }
                            let last = &after.last(&link_id).unwrap().carried;
                            prop_assert_eq!(last.clone().map(Entry::Value).ok(), Some(entry.clone()), "{}", link_id);
                            let gave_way = held.is_none_or(|held| *held == Entry::Unanswered);
                            prop_assert!(gave_way || named == Some(&link_id.as_str()), "{} was overwritten", link_id);
                            self.acknowledged.insert(link_id, entry);
                        }
                        self.seen[person] = versions(&after);
                    }
                    Err(AppError::Moved(_) | AppError::Invalid(_)) => {}
                    Err(other) => return Err(TestCaseError::fail(format!("{other:?}"))),
                }
            }
        }
        prop_assert_eq!(&said(&self.stored().response.document), &self.acknowledged, "after {:?}", act);
        Ok(())
    }
}

on_both_databases! {
    fn no_acknowledged_answer_is_lost_by_two_people(world: World) {
        let app = world.app_with_answers_of(&SERVICES);
        let key = keys::make(&app, &Principal::command_line(), "other", Role::AuditTeam, None, None, None).unwrap().1;
        let other = keys::principal_of_key(&app, &key, &Visit::unknown()).unwrap().unwrap();
        let people = [Principal::command_line(), other];
        // PostgreSQL takes three times as long for the same rules.
        let cases = if world.backend() == Backend::Sqlite { 24 } else { 6 };
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
        let next = Cell::new(0);
        let held = TestRunner::new(config).run(&acts(), |acts| {
            let service = SERVICES[next.get() % SERVICES.len()];
            next.set(next.get() + 1);
            let view = responses::view(&app, &people[0], YEAR, service).unwrap();
            let seen = [versions(&view), versions(&view)];
            let acknowledged = said(&view.response.document);
            let mut pair = Pair { app: &app, service, people: &people, seen, acknowledged };
            for (person, act) in &acts {
                pair.act(*person, act)?;
            }
            prop_assert_eq!(replayed(&app, service), pair.stored().response.document.answers);
            Ok(())
        });
        if let Err(lost) = held {
            panic!("{lost}");
        }
        let verified = history::verify(&app, &people[0], &BTreeMap::new()).unwrap();
        assert_eq!(verified.faults, []);
    }
}
