//! The questionnaires of `seeds/`, and the checks on them.

use std::collections::BTreeMap;

use facilities_audit::domain::hundredths::Hundredths;
use facilities_audit::domain::questionnaire::answer::{Answer, AnswerStatus, AnswerValue, Document, Entry, GridCell};
use facilities_audit::domain::questionnaire::checks::{CheckContext, Finding, can_submit, check};
use facilities_audit::domain::questionnaire::conditions::Shown;
use facilities_audit::domain::questionnaire::definition::{Questionnaire, Severity};
use facilities_audit::formats::seeds::{SeedFiles, read_reference};

fn questionnaire(version: &str) -> Questionnaire {
    read_reference(&SeedFiles::Embedded).unwrap().questionnaires.remove(version).unwrap()
}

fn answer(entry: Entry) -> Answer {
    let status = entry.status();
    let (value, entered) = match entry {
        Entry::Value(value) => (Some(value), None),
        Entry::Invalid(text) => (None, Some(text)),
        _ => (None, None),
    };
    Answer {
        version: 1,
        status,
        value,
        entered,
        explanation: None,
        carried_from: None,
        confirmed: false,
        changed_at: chrono::DateTime::default(),
        changed_by: String::new(),
    }
}

fn document(values: &[(&str, AnswerValue)]) -> Document {
    let answers: BTreeMap<String, Answer> =
        values.iter().map(|(id, value)| ((*id).to_owned(), answer(Entry::Value(value.clone())))).collect();
    Document { answers }
}

fn findings(document: &Document, previous: Option<&Document>, caseload: Option<f64>) -> Vec<Finding> {
    let questionnaire = questionnaire("2022.1");
    let context = CheckContext {
        previous: previous.map(|document| (2021, document)),
        expected_caseload: caseload,
        latest_month: "2023-04",
    };
    let shown = Shown::new(&questionnaire, document);
    check(&shown, &context)
}

fn codes(findings: &[Finding], link_id: &str) -> Vec<String> {
    findings.iter().filter(|finding| finding.link_id == link_id).map(|finding| finding.code.clone()).collect()
}

fn nurse(wte: i64) -> AnswerValue {
    AnswerValue::Grid(vec![GridCell { role: "nurse".into(), band: Some("7".into()), wte: Some(Hundredths(wte)) }])
}

#[test]
fn each_year_asks_what_it_asked() {
    for (version, items) in [("2019.1", 24), ("2021.1", 49), ("2022.1", 70)] {
        assert_eq!(questionnaire(version).items().count(), items, "{version}");
    }
    // The fixed names that analysis rests on are all asked in 2022, and each has help.
    let newest = questionnaire("2022.1");
    for id in [
        "setting",
        "staff_in_post",
        "staff_establishment",
        "staff_vacant",
        "vacancy_over_6_months",
        "nurse_admin_share",
        "population_all_ages",
        "population_50_plus",
        "first_prescription",
        "falls_assessment",
        "monitoring_provided",
        "monitoring_scope",
        "monitoring_responsible",
        "patient_survey",
        "patient_resources",
        "governance_frequency",
        "patient_involvement",
    ] {
        assert!(newest.item(id).is_some_and(|item| !item.help.is_empty() && item.fact.is_some()), "{id}");
    }
}

#[test]
fn an_item_is_shown_only_where_its_condition_holds() {
    let questionnaire = questionnaire("2022.1");
    let shown = |value| {
        let document = document(&[
            ("patient_survey", AnswerValue::Boolean(value)),
            ("survey_responses", AnswerValue::Integer(12)),
        ]);
        let view = Shown::new(&questionnaire, &document);
        let hidden_by_survey: Vec<&str> = questionnaire
            .items()
            .filter(|item| item.enable_when.iter().any(|c| c.item == "patient_survey"))
            .map(|item| item.link_id.as_str())
            .collect();
        assert!(!hidden_by_survey.is_empty());
        hidden_by_survey.into_iter().all(|id| view.is_shown(id))
    };
    assert!(shown(true));
    assert!(!shown(false));
}

#[test]
fn an_empty_response_misses_its_required_items_and_nothing_else() {
    let found = findings(&Document::default(), None, None);
    assert!(!found.is_empty());
    assert!(found.iter().all(|finding| finding.code == "required" && finding.severity == Severity::Error));
    assert!(!can_submit(&found));
}

#[test]
fn zero_is_an_answer_and_not_known_is_one_too() {
    let mut document =
        document(&[("patient_involvement", AnswerValue::Choices(vec!["none".into()])), ("staff_in_post", nurse(0))]);
    let found = findings(&document, None, None);
    assert_eq!(codes(&found, "staff_in_post"), ["total_zero"], "an entered 0 is out of range here, but not missing");
    document.answers.insert("staff_in_post".into(), answer(Entry::NotKnown));
    assert_eq!(codes(&findings(&document, None, None), "staff_in_post"), Vec::<String>::new());
    assert_eq!(document.status("population_all_ages"), AnswerStatus::Unanswered);
}

#[test]
fn populations_are_checked_against_each_other_the_caseload_and_last_year() {
    let people = |all, old| {
        document(&[
            ("population_all_ages", AnswerValue::Integer(all)),
            ("population_50_plus", AnswerValue::Integer(old)),
        ])
    };
    let of = |found: &[Finding]| {
        let mut all = codes(found, "population_all_ages");
        all.extend(codes(found, "population_50_plus"));
        all.into_iter().filter(|code| code != "required").collect::<Vec<_>>()
    };
    assert_eq!(of(&findings(&people(400_000, 150_000), None, Some(2_000.0))), Vec::<String>::new());
    assert!(!of(&findings(&people(400_000, 400_001), None, None)).is_empty());
    assert!(!of(&findings(&people(400_000, 80_000), None, None)).is_empty(), "20 % aged 50 and over");
    assert!(!of(&findings(&people(400_000, 150_000), None, Some(400.0))).is_empty(), "1 case per 1,000");
    let before = people(250_000, 95_000);
    let changed = findings(&people(400_000, 150_000), Some(&before), None);
    let message = &changed.iter().find(|f| f.code.contains("change")).unwrap().message;
    assert!(message.contains("250") && message.contains("2021"), "{message}");
}

#[test]
fn a_query_can_be_explained_and_an_unreadable_entry_cannot() {
    let mut document = document(&[
        ("population_all_ages", AnswerValue::Integer(400_000)),
        ("population_50_plus", AnswerValue::Integer(80_000)),
    ]);
    let before = findings(&document, None, None);
    let query = before.iter().find(|finding| finding.severity == Severity::Query).unwrap();
    document.answers.get_mut(&query.link_id).unwrap().explanation = Some("A university town.".into());
    let after = findings(&document, None, None);
    assert!(after.iter().filter(|f| f.severity == Severity::Query).all(|f| f.explained));
    document.answers.insert("population_50_plus".into(), answer(Entry::Invalid("about 80k".into())));
    let found = findings(&document, None, None);
    let unreadable = found.iter().find(|finding| finding.severity == Severity::Format).unwrap();
    assert!(unreadable.message.contains("about 80k") && !can_submit(std::slice::from_ref(unreadable)));
}

#[test]
fn a_specialist_nurse_without_a_nurse_and_nobody_responsible_are_questioned() {
    let roles = |codes: &[&str]| AnswerValue::Choices(codes.iter().map(|c| (*c).to_owned()).collect());
    let answers = |responsible, wte| {
        document(&[
            ("monitoring_provided", AnswerValue::Boolean(true)),
            ("monitoring_responsible", responsible),
            ("staff_in_post", wte),
        ])
    };
    let only_admin = AnswerValue::Grid(vec![
        GridCell { role: "nurse".into(), band: Some("6".into()), wte: Some(Hundredths(0)) },
        GridCell { role: "administrator".into(), band: Some("3".into()), wte: Some(Hundredths(50)) },
    ]);
    let found = findings(&answers(roles(&["specialist_nurse"]), only_admin), None, None);
    assert_eq!(codes(&found, "monitoring_responsible"), ["specialist_nurse_needs_a_nurse"]);
    let found = findings(&answers(roles(&["none"]), nurse(100)), None, None);
    assert_eq!(codes(&found, "monitoring_responsible"), ["nobody_responsible_only_without_monitoring"]);
    let found = findings(&answers(roles(&["none", "pharmacist"]), nurse(100)), None, None);
    assert!(codes(&found, "monitoring_responsible").contains(&"exclusive_option".to_owned()));
}
