use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::answer::{Answer, AnswerStatus};
use crate::formats::seeds::{SeedFiles, read_reference};

fn questionnaire() -> &'static Questionnaire {
    static READ: LazyLock<Questionnaire> =
        LazyLock::new(|| read_reference(&SeedFiles::Embedded).unwrap().questionnaires.remove("2022.1").unwrap());
    &READ
}

fn names() -> RegisterNames {
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(code, name)| ((*code).into(), (*name).into())).collect();
    RegisterNames {
        hospitals: pairs(&[("H001", "North (Old) Hospital"), ("H002", "South Hospital"), ("H003", "East")]),
        areas: pairs(&[("QOQ", "Humber and North Yorkshire"), ("7A1", "Betsi Cadwaladr (North Wales)")]),
    }
}

/// Any entry of an item, from some random numbers.
fn entry(item: &Item, seed: &[u32]) -> Entry {
    let at = |place: usize| seed.get(place % seed.len()).copied().unwrap_or_default();
    let pick = |length: usize| usize::try_from(at(1)).unwrap() % length;
    let amount = |place: usize| Hundredths(i64::from(at(place) % 5_000));
    if at(0) % 5 == 0 {
        return Entry::Unanswered;
    }
    if at(0) % 5 == 1 {
        return Entry::NotKnown;
    }
    let value = match item.kind {
        ItemType::Choice => AnswerValue::Choice(item.options[pick(item.options.len())].code.clone()),
        ItemType::Choices => {
            let all = item.options.iter().enumerate().filter(|(place, _)| at(*place) % 2 == 0);
            AnswerValue::Choices(all.map(|(_, option)| option.code.clone()).collect())
        }
        ItemType::Integer => AnswerValue::Integer(i64::from(at(2))),
        ItemType::Decimal => AnswerValue::Decimal(amount(2)),
        ItemType::Boolean => AnswerValue::Boolean(at(2) % 2 == 0),
        ItemType::Text => AnswerValue::Text(format!("Zoë {}\n=1+1", at(2))),
        ItemType::Month => AnswerValue::Month(format!("20{:02}-{:02}", at(2) % 100, at(3) % 12 + 1)),
        ItemType::Hospitals => AnswerValue::Choices(vec!["H001".into(), "H003".into()]),
        ItemType::Area => AnswerValue::Choice(["QOQ", "7A1"][pick(2)].into()),
        ItemType::Grid => {
            let cells = item.grid.as_ref().unwrap().cells().enumerate().filter(|(place, _)| at(*place) % 3 == 0);
            let cell = |(place, (role, band)): (usize, (&super::super::definition::GridRole, Option<&str>))| GridCell {
                role: role.role.clone(),
                band: band.map(ToOwned::to_owned),
                wte: (at(place) % 4 > 0).then(|| amount(place + 1)),
            };
            AnswerValue::Grid(cells.map(cell).collect())
        }
    };
    match &value {
        AnswerValue::Choices(codes) if codes.is_empty() => Entry::Unanswered,
        AnswerValue::Grid(cells) if cells.is_empty() => Entry::Unanswered,
        _ => Entry::Value(value),
    }
}

fn cells(item: &Item, entry: &Entry) -> Vec<(Part, String)> {
    parts(item).into_iter().map(|part| (part.clone(), cell_text(item, entry, &part, &names()))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What goes out comes back, for every item of the questionnaire.
    #[test]
    fn every_entry_survives_the_journey(seed in proptest::collection::vec(any::<u32>(), 30..60)) {
        let questionnaire = questionnaire();
        for item in questionnaire.items() {
            let out = entry(item, &seed);
            let back = entry_of(item, &cells(item, &out), &names().codes());
            prop_assert_eq!(back, Ok(out), "{}", item.link_id);
        }
    }
}

#[test]
fn parts_have_words_and_back() {
    for part in [Part::Whole, Part::NotKnown, Part::Option("a:b".into()), Part::Row("nurse/7".into())] {
        assert_eq!(part.to_string().parse(), Ok(part));
    }
    assert!("nonsense".parse::<Part>().is_err());
}

fn answer(version: i64, entry: &Entry) -> Answer {
    let value = if let Entry::Value(value) = entry { Some(value.clone()) } else { None };
    let (status, changed_by) = (entry.status(), "account:1".to_owned());
    let (entered, explanation) = (None, None);
    Answer {
        version,
        status,
        value,
        entered,
        explanation,
        carried_from: None,
        confirmed: false,
        changed_at: chrono::DateTime::UNIX_EPOCH,
        changed_by,
    }
}

fn people(number: i64) -> Entry {
    Entry::Value(AnswerValue::Integer(number))
}

fn filled(based_on: i64, before: &str, now: &str) -> FilledItem {
    FilledItem { based_on, cells: vec![(Part::Whole, before.into(), now.into())], ..FilledItem::default() }
}

fn judged(stored: Option<(i64, i64)>, filled: &FilledItem) -> Verdict {
    let questionnaire = questionnaire();
    let item = questionnaire.item("population_all_ages").unwrap();
    let mut document = Document::default();
    if let Some((version, number)) = stored {
        document.answers.insert(item.link_id.clone(), answer(version, &people(number)));
    }
    judge(item, filled, &document, &names().codes(), "2023-04")
}

#[test]
fn an_old_base_is_a_conflict_and_never_an_overwrite() {
    let accepted = |number| Verdict::Accepted { entry: people(number), notes: Vec::new() };
    assert_eq!(judged(Some((2, 300_000)), &filled(2, "300000", "310,000 people")), accepted(310_000));
    assert_eq!(judged(None, &filled(0, "", "310000")), accepted(310_000));
    // Nobody touched it: whatever has happened since stays.
    assert_eq!(judged(Some((3, 320_000)), &filled(2, "300000", "300000")), Verdict::Unchanged);
    // Both changed it to the same.
    assert_eq!(judged(Some((3, 310_000)), &filled(2, "300000", "310000")), Verdict::Unchanged);
    assert_eq!(
        judged(Some((3, 320_000)), &filled(2, "300000", "310000")),
        Verdict::Conflict { entry: people(310_000) }
    );
    assert_eq!(judged(Some((3, 320_000)), &filled(2, "300000", "")), Verdict::Conflict { entry: Entry::Unanswered });
}

#[test]
fn what_cannot_be_read_is_refused_and_what_is_out_of_range_is_taken_with_a_note() {
    let Verdict::Refused(problem) = judged(None, &filled(0, "", "about 400k")) else { panic!("taken") };
    assert!(problem.reason.contains("‘about 400k’ cannot be read"), "{}", problem.reason);
    let Verdict::Accepted { notes, .. } = judged(None, &filled(0, "", "12")) else { panic!("not taken") };
    assert!(notes[0].contains("must be between"), "{notes:?}");
}

#[test]
fn an_explanation_alone_leaves_what_cannot_be_read() {
    let questionnaire = questionnaire();
    let item = questionnaire.item("population_all_ages").unwrap();
    let mut kept = answer(4, &Entry::Unanswered);
    (kept.status, kept.entered) = (AnswerStatus::Invalid, Some("many".into()));
    let document = Document { answers: [(item.link_id.clone(), kept)].into() };
    let mut filled = filled(4, "many", "many");
    filled.explanation = (String::new(), "From the ICB.".into());
    let verdict = judge(item, &filled, &document, &names().codes(), "2023-04");
    assert_eq!(verdict, Verdict::Accepted { entry: Entry::Invalid("many".into()), notes: Vec::new() });
}

#[test]
fn options_and_not_known_exclude_each_other() {
    let questionnaire = questionnaire();
    let item = questionnaire.item("patient_resources").unwrap();
    let first = Part::Option(item.options[0].code.clone());
    let both = [(first.clone(), "x".to_owned()), (Part::NotKnown, "Yes".to_owned())];
    assert_eq!(entry_of(item, &both, &names().codes()).unwrap_err().part, Part::NotKnown);
    let odd = [(first.clone(), "perhaps".to_owned())];
    assert_eq!(entry_of(item, &odd, &names().codes()).unwrap_err().part, first);
}

#[test]
fn conditions_are_said_in_words() {
    let questionnaire = questionnaire();
    let words = |link_id: &str| asked_when(questionnaire.item(link_id).unwrap(), questionnaire);
    assert_eq!(words("setting_other").as_deref(), Some("Only if 1.2 is ‘Somewhere else’."));
    assert_eq!(words("setting"), None);
    for item in questionnaire.items() {
        assert!(!how_to_answer(item, questionnaire).is_empty());
    }
}
