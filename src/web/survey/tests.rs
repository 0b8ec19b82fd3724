//! Entries from forms, type by type.

use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::answer::{Answer, AnswerStatus, AnswerValue, Document, Entry, GridCell};
use crate::domain::questionnaire::definition::{Questionnaire, Section};
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::formats::seeds::{SeedFiles, read_reference};
use crate::web::forms::Posted;

use super::entries::{Choice, Written, digest, read};

fn questionnaire() -> Questionnaire {
    read_reference(&SeedFiles::Embedded).unwrap().questionnaires.remove("2022.1").unwrap()
}

fn register() -> RegisterCodes {
    RegisterCodes { hospitals: ["H001".into(), "H002".into()].into(), areas: ["QOQ".into()].into() }
}

fn section_with(link_id: &str) -> Section {
    let questionnaire = questionnaire();
    questionnaire.section_of(link_id).unwrap().clone()
}

fn posted(fields: &[(&str, &str)]) -> Posted {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    Posted::read(form.finish().as_bytes())
}

/// What a form with `v.ID` (and more) says of an item over a stored document.
fn written_over(stored: &Document, link_id: &str, fields: &[(&str, &str)]) -> Written {
    let based_on = format!("b.{link_id}");
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([(based_on.as_str(), "3")]).collect();
    let mut written = read(&section_with(link_id), &posted(&fields), stored, &register());
    assert_eq!(written.len(), 1, "other items are left alone");
    written.remove(0)
}

fn entry(link_id: &str, values: &[&str]) -> Entry {
    let name = format!("v.{link_id}");
    let fields: Vec<(&str, &str)> = values.iter().map(|value| (name.as_str(), *value)).collect();
    written_over(&Document::default(), link_id, &fields).entry
}

fn stored(link_id: &str, entry: &Entry) -> Document {
    let (value, entered) = match entry.clone() {
        Entry::Value(value) => (Some(value), None),
        Entry::Invalid(text) => (None, Some(text)),
        _ => (None, None),
    };
    let answer = Answer {
        version: 3,
        status: entry.status(),
        value,
        entered,
        explanation: None,
        carried_from: None,
        confirmed: false,
        changed_at: chrono::DateTime::UNIX_EPOCH,
        changed_by: "command".into(),
    };
    Document { answers: [(link_id.to_owned(), answer)].into() }
}

fn value(value: AnswerValue) -> Entry {
    Entry::Value(value)
}

fn invalid(text: &str) -> Entry {
    Entry::Invalid(text.into())
}

#[test]
fn whole_numbers() {
    let people = |typed| entry("population_all_ages", &[typed]);
    for typed in ["382534", "382,534", " 382 534 ", "382\u{a0}534", "382\u{202f}534", "382,534 people"] {
        assert_eq!(people(typed), value(AnswerValue::Integer(382_534)), "{typed}");
    }
    assert_eq!(people("0"), value(AnswerValue::Integer(0)), "0 is an answer");
    assert_eq!(people("  "), Entry::Unanswered, "a blank is none");
    for typed in ["38,25", "382,53", "350k", "3.5", "about 300000", "1,,000", ","] {
        assert_eq!(people(typed), invalid(typed), "{typed} is kept as typed");
    }
}

#[test]
fn decimals() {
    let sessions = |typed| entry("consultant_pas", &[typed]);
    for (typed, hundredths) in [(",6", 60), ("0,60", 60), (".6", 60), ("1.25", 125), ("0", 0), ("1.25 PA", 125)] {
        assert_eq!(sessions(typed), value(AnswerValue::Decimal(Hundredths(hundredths))), "{typed}");
    }
    assert_eq!(entry("nurse_admin_share", &["32 %"]), value(AnswerValue::Decimal(Hundredths(3_200))));
    assert_eq!(sessions(""), Entry::Unanswered);
    for typed in ["0.333", "1,2,3", "half", "1,234"] {
        assert_eq!(sessions(typed), invalid(typed), "{typed}");
    }
}

#[test]
fn one_of_several_and_yes_or_no() {
    assert_eq!(entry("setting", &["acute"]), value(AnswerValue::Choice("acute".into())));
    assert_eq!(entry("setting", &["not_known"]), Entry::NotKnown);
    assert_eq!(entry("setting", &[""]), Entry::Unanswered);
    assert_eq!(entry("setting", &[]), Entry::Unanswered);
    assert_eq!(entry("setting", &["moon"]), invalid("moon"));
    assert_eq!(entry("vacancy_over_6_months", &["no"]), value(AnswerValue::Boolean(false)));
    assert_eq!(entry("vacancy_over_6_months", &["yes"]), value(AnswerValue::Boolean(true)));
    assert_eq!(entry("vacancy_over_6_months", &["not_known"]), Entry::NotKnown);
}

#[test]
fn any_of_several() {
    let choices = |codes: &[&str]| value(AnswerValue::Choices(codes.iter().map(|c| (*c).to_owned()).collect()));
    let given = entry("restrictions", &["care_home_residents", "upper_age"]);
    assert_eq!(given, choices(&["upper_age", "care_home_residents"]), "in the questionnaire's order");
    assert_eq!(entry("hospitals", &["H002", "H001"]), choices(&["H001", "H002"]));
    assert_eq!(entry("hospitals", &["H001", "X"]), invalid("H001;X"));
    assert_eq!(entry("hospitals", &[]), Entry::Unanswered);
}

#[test]
fn areas_months_and_text() {
    assert_eq!(entry("host_area", &["QOQ"]), value(AnswerValue::Choice("QOQ".into())));
    assert_eq!(entry("host_area", &["Bury"]), invalid("Bury"));
    assert_eq!(entry("host_area", &["not_known"]), Entry::NotKnown);
    for typed in ["2015-04", "04/2015", "4.2015", "April 2015", "apr 2015", "2015/4"] {
        assert_eq!(entry("service_start", &[typed]), value(AnswerValue::Month("2015-04".into())), "{typed}");
    }
    for typed in ["2015", "13/2015", "spring 2015", "01/04/2015"] {
        assert_eq!(entry("service_start", &[typed]), invalid(typed), "{typed}");
    }
    let text = entry("setting_other", &[" a\r\nb "]);
    assert_eq!(text, value(AnswerValue::Text("a\nb".into())));
    assert_eq!(entry("setting_other", &["not_known"]), value(AnswerValue::Text("not_known".into())));
}

fn grid(fields: &[(&str, &str)]) -> Entry {
    let names: Vec<(String, &str)> =
        fields.iter().map(|(row, typed)| (format!("v.staff_in_post.{row}"), *typed)).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|(name, typed)| (name.as_str(), *typed)).collect();
    written_over(&Document::default(), "staff_in_post", &fields).entry
}

#[test]
fn posts() {
    let cell = |role: &str, band: Option<&str>, wte| GridCell {
        role: role.into(),
        band: band.map(Into::into),
        wte: Option::map(wte, Hundredths),
    };
    let given = grid(&[("other", ",5"), ("nurse/7", "0"), ("nurse/6", ""), ("administrator/3", "Not known")]);
    let cells =
        vec![cell("nurse", Some("7"), Some(0)), cell("administrator", Some("3"), None), cell("other", None, Some(50))];
    assert_eq!(given, value(AnswerValue::Grid(cells)), "0 and blank differ, and nothing is made up");
    assert_eq!(grid(&[("nurse/7", " "), ("other", "")]), Entry::Unanswered);
    let kept = grid(&[("nurse/7", "1"), ("nurse/6", "a half"), ("other", "0.333")]);
    assert_eq!(kept, invalid("nurse/6=a half\nnurse/7=1\nother=0.333"), "every cell is kept as typed");
}

#[test]
fn not_known_beside_a_value() {
    let (field, box_) = (("v.population_all_ages", "250000"), ("n.population_all_ages", "yes"));
    let number = value(AnswerValue::Integer(250_000));
    let over =
        |document: &Document, fields: &[(&str, &str)]| written_over(document, "population_all_ages", fields).entry;
    assert_eq!(over(&Document::default(), &[box_]), Entry::NotKnown);
    let known = stored("population_all_ages", &number);
    assert_eq!(over(&known, &[field, box_]), Entry::NotKnown, "the box was ticked over what was there");
    let unknown = stored("population_all_ages", &Entry::NotKnown);
    assert_eq!(over(&unknown, &[field, box_]), number, "the value was typed over the box");
    assert_eq!(over(&Document::default(), &[field, box_]), number, "what was typed is not lost");
}

#[test]
fn what_the_form_did_not_change_is_no_change() {
    let old = value(AnswerValue::Integer(250_000));
    let shown = digest(&old, "");
    let fields = [("v.population_all_ages", "250000"), ("o.population_all_ages", shown.as_str())];
    let newer = stored("population_all_ages", &value(AnswerValue::Integer(300_000)));
    let untouched = written_over(&newer, "population_all_ages", &fields);
    assert!(untouched.change().is_none(), "a colleague's change is not undone by a form that was open before");
    let touched = written_over(&newer, "population_all_ages", &[("v.population_all_ages", "260,000"), fields[1]]);
    let change = touched.change().unwrap();
    assert_eq!((change.based_on, change.entry), (3, value(AnswerValue::Integer(260_000))));
    assert_eq!(change.explanation, None, "an explanation that was not asked for is left as it is");
    let explained = [fields[0], fields[1], ("e.population_all_ages", " a merger\r\n")];
    let change = written_over(&newer, "population_all_ages", &explained).change().unwrap();
    assert_eq!(change.explanation.as_deref(), Some("a merger"));
}

#[test]
fn a_conflict_is_decided_and_never_guessed() {
    let choice = |extra: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> =
            [("v.setting", "acute"), ("m.setting", "yes")].into_iter().chain(extra.iter().copied()).collect();
        let written = written_over(&Document::default(), "setting", &fields);
        (written.choice, written.change().is_some())
    };
    assert_eq!(choice(&[]), (Choice::Open, false));
    assert_eq!(choice(&[("c.setting", "mine")]), (Choice::Mine, true));
    assert_eq!(choice(&[("c.setting", "theirs")]), (Choice::Theirs, false));
}

#[test]
fn a_status_never_becomes_another() {
    for (given, status) in [
        (entry("setting", &["acute"]), AnswerStatus::Answered),
        (entry("setting", &["not_known"]), AnswerStatus::NotKnown),
        (entry("setting", &[]), AnswerStatus::Unanswered),
        (entry("setting", &["x"]), AnswerStatus::Invalid),
    ] {
        assert_eq!(given.status(), status);
    }
}
