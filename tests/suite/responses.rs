//! Answering, handing in and opening again, as the people of the demo.

use facilities_audit::app::AppError;
use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::app::responses::{self, AnswerChange, ResponseView};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerStatus, AnswerValue, Entry};
use facilities_audit::domain::workforce::gap::GapStatus;
use facilities_audit_tests::{World, on_both_databases};

/// The service whose open round is half answered.
const SERVICE: &str = "FLS012";

fn country(world: &World) -> App {
    let app = world.app();
    facilities_audit::app::demo::load_country(&app, &mut |_, _, _| {}).unwrap();
    app
}

fn person(app: &App, role: Role, service: Option<&str>, area: Option<&str>) -> Principal {
    let key = keys::make(app, &Principal::command_line(), "test", role, service, area, None).unwrap().1;
    keys::principal_of_key(app, &key, &Visit::unknown()).unwrap().unwrap()
}

fn change(view: &ResponseView, link_id: &str, entry: Entry) -> AnswerChange {
    let based_on = view.response.document.version(link_id);
    AnswerChange { link_id: link_id.into(), based_on, entry, explanation: None }
}

fn value(value: AnswerValue) -> Entry {
    Entry::Value(value)
}

/// Answers everything that stops a submit.
pub(super) fn complete(app: &App, lead: &Principal) -> ResponseView {
    facilities_audit_tests::complete(app, lead, 2022, SERVICE)
}

fn gap_status(app: &App, year: i32) -> GapStatus {
    let query = GapQuery { year, ..GapQuery::default() };
    let report = gaps::report(app, &Principal::command_line(), &query).unwrap();
    report.rows.iter().find(|row| row.service == SERVICE).unwrap().status
}

on_both_databases! {
    /// The whole way of a response, with what each role may and may not do on it.
    fn a_response_is_answered_submitted_and_reopened(world: World) {
        let app = country(&world);
        let lead = person(&app, Role::FlsLead, Some(SERVICE), None);
        let contributor = person(&app, Role::FlsContributor, Some(SERVICE), None);
        let stranger = person(&app, Role::FlsLead, Some("FLS013"), None);
        let commissioner = person(&app, Role::Commissioner, None, None);
        let view = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        assert!(view.can_edit && view.can_submit && !view.findings.is_empty());
        assert!(view.before.as_ref().is_some_and(|before| before.response.year == 2021));
        for outsider in [&stranger, &commissioner] {
            assert!(matches!(responses::view(&app, outsider, 2022, SERVICE), Err(AppError::Forbidden { .. })));
            let changes = vec![change(&view, "setting", value(AnswerValue::Choice("other".into())))];
            assert!(matches!(responses::save(&app, outsider, 2022, SERVICE, changes), Err(AppError::Forbidden { .. })));
        }
        // Not before it is complete …
        let early = responses::submit(&app, &lead, 2022, SERVICE, view.response.version);
        assert!(matches!(early, Err(AppError::NotSubmittable(_))), "{early:?}");
        let view = complete(&app, &lead);
        let version = view.response.version;
        // … not by a contributor, not over a version that has moved …
        assert!(matches!(responses::submit(&app, &contributor, 2022, SERVICE, version), Err(AppError::Forbidden { .. })));
        let moved = responses::submit(&app, &lead, 2022, SERVICE, version - 1);
        assert!(matches!(moved, Err(AppError::VersionMoved { current }) if current == version));
        assert_eq!(gap_status(&app, 2022), GapStatus::NoResponse, "a draft does not count");
        // … and then it counts, is locked, and can be read by whoever commissions it.
        let view = responses::submit(&app, &lead, 2022, SERVICE, version).unwrap();
        assert!(!view.can_edit && !view.response.imported, "all of it was held to the checks, files or not");
        assert_eq!(gap_status(&app, 2022), GapStatus::Ok);
        assert!(responses::view(&app, &commissioner, 2022, SERVICE).is_ok());
        let late = responses::save(&app, &lead, 2022, SERVICE, vec![change(&view, "setting", Entry::Unanswered)]);
        assert!(matches!(late, Err(AppError::Refused { code: "already_submitted", .. })), "{late:?}");
        // The audit team opens it again, and it no longer counts.
        let version = view.response.version;
        assert!(matches!(responses::reopen(&app, &lead, 2022, SERVICE, version, "why", None), Err(AppError::Forbidden { .. })));
        let team = Principal::command_line();
        let silent = responses::reopen(&app, &team, 2022, SERVICE, version, " ", None);
        assert!(matches!(silent, Err(AppError::Invalid(_))), "without a reason: {silent:?}");
        let view = responses::reopen(&app, &team, 2022, SERVICE, version, "A wrong figure", None).unwrap();
        assert!(view.response.submitted_at.is_none());
        assert_eq!(gap_status(&app, 2022), GapStatus::NoResponse);
    }

    /// A save that was acknowledged, but whose reply was lost, can be sent again; one that would undo a colleague's
    /// change is refused whole, and shows it.
    fn saves_are_safe_to_repeat_and_never_undo_a_colleague(world: World) {
        let app = country(&world);
        let lead = person(&app, Role::FlsLead, Some(SERVICE), None);
        let colleague = person(&app, Role::FlsContributor, Some(SERVICE), None);
        let before = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        let people = |number| value(AnswerValue::Integer(number));
        let mine = vec![change(&before, "population_all_ages", people(401_000))];
        let after = responses::save(&app, &lead, 2022, SERVICE, mine.clone()).unwrap();
        let again = responses::save(&app, &lead, 2022, SERVICE, mine).unwrap();
        assert_eq!(after.response.version, again.response.version, "nothing new was said");
        let theirs = vec![
            change(&before, "population_50_plus", people(151_000)),
            change(&before, "population_all_ages", people(402_000)),
        ];
        let refused = responses::save(&app, &colleague, 2022, SERVICE, theirs).unwrap_err();
        let AppError::Moved(items) = refused else { panic!("{refused:?}") };
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].current.as_ref().unwrap().value, Some(AnswerValue::Integer(401_000)));
        let now = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        assert_eq!(now.response.document, after.response.document, "of a refused save nothing is stored");
    }

    /// Four things stay apart, in storage and out again: a 0, not known, unanswered, and what cannot be read.
    fn zero_unknown_blank_and_unreadable_stay_apart(world: World) {
        let app = country(&world);
        let lead = person(&app, Role::FlsLead, Some(SERVICE), None);
        let view = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        let changes = vec![
            change(&view, "improvement_cycles", value(AnswerValue::Integer(0))),
            change(&view, "population_50_plus", Entry::NotKnown),
            change(&view, "setting", Entry::Unanswered),
            change(&view, "population_all_ages", Entry::Invalid("about 400k".into())),
        ];
        responses::save(&app, &lead, 2022, SERVICE, changes).unwrap();
        let document = responses::view(&app, &lead, 2022, SERVICE).unwrap().response.document;
        assert_eq!(document.value("improvement_cycles"), Some(&AnswerValue::Integer(0)));
        assert_eq!(document.status("population_50_plus"), AnswerStatus::NotKnown);
        assert_eq!(document.status("setting"), AnswerStatus::Unanswered);
        let unreadable = document.get("population_all_ages").unwrap();
        assert_eq!((unreadable.status, unreadable.entered.as_deref()), (AnswerStatus::Invalid, Some("about 400k")));
    }

    /// A list without a choice, a grid without a cell and an empty text are no answers, however they are sent.
    fn what_says_nothing_is_no_answer(world: World) {
        let app = country(&world);
        let lead = person(&app, Role::FlsLead, Some(SERVICE), None);
        let view = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        let nothing = [
            ("patient_resources", AnswerValue::Choices(vec![])),
            ("staff_in_post", AnswerValue::Grid(vec![])),
            ("unit_code", AnswerValue::Text(" ".into())),
        ];
        let changes = nothing.iter().map(|(id, nothing)| change(&view, id, value(nothing.clone()))).collect();
        let view = responses::save(&app, &lead, 2022, SERVICE, changes).unwrap();
        for (link_id, _) in nothing {
            assert_eq!(view.response.document.status(link_id), AnswerStatus::Unanswered, "{link_id}");
            assert!(view.findings.iter().any(|f| f.link_id == link_id && f.code == "required"), "{link_id}");
        }
    }

    /// A draft may be wrong until it is handed in, and goes through a file as it is.
    fn a_wrong_draft_survives_the_journey_through_a_file(world: World) {
        let app = country(&world);
        let lead = person(&app, Role::FlsLead, Some(SERVICE), None);
        let view = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        let changes = vec![
            change(&view, "improvement_cycles", value(AnswerValue::Integer(700))),
            change(&view, "missed_patient_check_how", value(AnswerValue::Text("one,\r\ntwo\rthree; \"four\"".into()))),
            change(&view, "unit_code", value(AnswerValue::Text("not_known".into()))),
        ];
        responses::save(&app, &lead, 2022, SERVICE, changes).unwrap();
        let exported = world.export("out");
        let next = World::new(world.backend());
        next.import(&exported).succeeded();
        let again = next.export("again");
        let bytes = |folder: &std::path::Path| std::fs::read(folder.join("responses.csv")).unwrap();
        assert!(bytes(&exported) == bytes(&again), "the answers changed on the way");
        let there = responses::view(&next.app(), &Principal::command_line(), 2022, SERVICE).unwrap().response.document;
        assert_eq!(there.value("improvement_cycles"), Some(&AnswerValue::Integer(700)));
        let text = AnswerValue::Text("one,\ntwo\nthree; \"four\"".into());
        assert_eq!(there.value("missed_patient_check_how"), Some(&text));
        assert_eq!(there.value("unit_code"), Some(&AnswerValue::Text("not_known".into())));
    }

    /// What no answer of the item can be is refused, and names the item.
    fn impossible_changes_are_refused_and_nothing_is_stored(world: World) {
        let app = country(&world);
        let lead = person(&app, Role::FlsLead, Some(SERVICE), None);
        let view = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        let changes = vec![
            change(&view, "improvement_cycles", value(AnswerValue::Integer(3))),
            change(&view, "no_such_item", Entry::NotKnown),
            change(&view, "setting", value(AnswerValue::Choice("moon".into()))),
            change(&view, "hospitals", value(AnswerValue::Choices(vec!["XXXX".into()]))),
            change(&view, "population_all_ages", value(AnswerValue::Text("many".into()))),
            change(&view, "consultant_pas", value(AnswerValue::Integer(i64::MAX))),
        ];
        let refused = responses::save(&app, &lead, 2022, SERVICE, changes).unwrap_err();
        let AppError::Invalid(problems) = refused else { panic!("{refused:?}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["no_such_item", "setting", "hospitals", "population_all_ages", "consultant_pas"]);
        let after = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        assert_eq!(after.response.version, view.response.version);
        // A round that is over takes no answers.
        let closed = responses::save(&app, &lead, 2021, SERVICE, vec![change(&view, "setting", Entry::Unanswered)]);
        assert!(matches!(closed, Err(AppError::Refused { code: "round_not_open", .. })), "{closed:?}");
    }
}
