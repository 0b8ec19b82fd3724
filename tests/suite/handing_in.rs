//! What is handed in stays readable; a sign-off stands until something changes; and a service may make no return.

use facilities_audit::app::responses::{self, AnswerChange, NoReturn, ResponseView};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, AppError, Environment, Settings, explanations, history, keys};
use facilities_audit::auth::key::ServerKey;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit::store::responses::ResponseState;
use facilities_audit_tests::{SECRET_KEY, on_both_databases};

use crate::responses::complete;

const SERVICE: &str = "FLS012";

fn person(app: &App, role: Role) -> Principal {
    let team = Principal::command_line();
    let key = keys::make(app, &team, "test", role, Some(SERVICE), None, None).unwrap().1;
    keys::principal_of_key(app, &key, &Visit::unknown()).unwrap().unwrap()
}

fn save(app: &App, who: &Principal, view: &ResponseView, cycles: i64) -> ResponseView {
    let change = AnswerChange {
        link_id: "improvement_cycles".into(),
        based_on: view.response.document.version("improvement_cycles"),
        entry: Entry::Value(AnswerValue::Integer(cycles)),
        explanation: None,
    };
    responses::save(app, who, 2022, SERVICE, vec![change]).unwrap()
}

fn actions(app: &App) -> Vec<String> {
    let entries = history::of_response(app, &Principal::command_line(), 2022, SERVICE, 0, history::MOST).unwrap();
    entries.into_iter().map(|named| named.entry.action).collect()
}

on_both_databases! {
    fn every_submitted_version_stays_readable_and_comparable(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        let (lead, team) = (person(&app, Role::FlsLead), Principal::command_line());
        let view = complete(&app, &lead);
        let view = save(&app, &lead, &view, 1);
        let first = responses::submit(&app, &lead, 2022, SERVICE, view.response.version).unwrap();
        let again = responses::reopen(&app, &team, 2022, SERVICE, first.response.version, "One cycle more", None).unwrap();
        let view = save(&app, &lead, &again, 2);
        let second = responses::submit(&app, &lead, 2022, SERVICE, view.response.version).unwrap();

        let all = responses::submissions(&app, &lead, 2022, SERVICE).unwrap();
        let numbers: Vec<i32> = all.iter().map(|one| one.submission.number).collect();
        assert_eq!(numbers, [1, 2]);
        assert_eq!(all[0].submission.document, first.response.document);
        assert_eq!(all[1].submission.document, second.response.document);
        assert_ne!(all[0].submission.hash, all[1].submission.hash);
        let compared = responses::compare_submissions(&app, &lead, 2022, SERVICE, 1, 2).unwrap();
        assert_eq!(compared.differences.len(), 1);
        let new = compared.differences[0].new.as_ref().unwrap();
        assert_eq!(new.value, Some(AnswerValue::Integer(2)));
        // The past is there from the start: what was imported for a round that is over.
        let past = responses::submission(&app, &lead, 2021, SERVICE, 1).unwrap();
        assert_eq!(past.questionnaire.year, 2021);
        let commissioner = keys::make(&app, &team, "c", Role::Commissioner, None, None, None).unwrap().1;
        let commissioner = keys::principal_of_key(&app, &commissioner, &Visit::unknown()).unwrap().unwrap();
        let refused = responses::submissions(&app, &commissioner, 2022, SERVICE);
        assert!(matches!(refused, Err(AppError::Forbidden { .. })), "{refused:?}");
        let entries = history::of_response(&app, &team, 2022, SERVICE, 0, history::MOST).unwrap();
        let reopened = entries.iter().find(|named| named.entry.action == "reopened").unwrap();
        assert_eq!(reopened.entry.new.as_deref(), Some("One cycle more"));
    }

    fn a_sign_off_stands_until_an_answer_changes(world: World) {
        let mut reference = read_reference(&SeedFiles::Embedded).unwrap();
        reference.rounds.iter_mut().for_each(|round| round.sign_off = true);
        let settings = Settings { key: Some(ServerKey::new(SECRET_KEY).unwrap()), ..Settings::default() };
        // Rounds are there once a database was opened, and stay as they are.
        drop(App::open(world.url(), reference, settings, Environment::system()).unwrap());
        let app = world.app_with_answers_of(&[SERVICE]);
        let (lead, clinician) = (person(&app, Role::FlsLead), person(&app, Role::ClinicalLead));
        let view = complete(&app, &lead);
        assert!(view.needs_sign_off && !view.can_sign_off);
        let version = view.response.version;
        let early = responses::submit(&app, &lead, 2022, SERVICE, version);
        assert!(matches!(early, Err(AppError::Refused { code: "not_signed_off", .. })), "{early:?}");
        assert!(matches!(responses::sign_off(&app, &lead, 2022, SERVICE, version), Err(AppError::Forbidden { .. })));
        let moved = responses::sign_off(&app, &clinician, 2022, SERVICE, version - 1);
        assert!(matches!(moved, Err(AppError::VersionMoved { .. })), "{moved:?}");
        let signed = responses::sign_off(&app, &clinician, 2022, SERVICE, version).unwrap();
        assert!(signed.response.signed_off_at.is_some() && !signed.needs_sign_off);

        // A save that changes nothing leaves it; one that does says that it is undone.
        let setting = signed.response.document.get("setting").unwrap();
        let (based_on, entry) = (setting.version, setting.entry());
        let same = AnswerChange { link_id: "setting".into(), based_on, entry, explanation: None };
        let same = responses::save(&app, &lead, 2022, SERVICE, vec![same]).unwrap();
        assert!(!same.sign_off_undone && same.response.signed_off_at.is_some());
        let changed = save(&app, &lead, &same, 3);
        assert!(changed.sign_off_undone && changed.needs_sign_off);
        assert_eq!(&actions(&app)[actions(&app).len() - 3..], ["signed_off", "answered", "sign_off_undone"]);
        let again = responses::sign_off(&app, &clinician, 2022, SERVICE, changed.response.version).unwrap();
        let done = responses::submit(&app, &lead, 2022, SERVICE, again.response.version).unwrap();
        assert_eq!(done.response.state, ResponseState::Submitted);
        assert!(done.response.signed_off_at.is_some());
    }

    fn a_service_without_a_return_leaves_the_rate_by_the_rounds_rule_alone(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        let (lead, team) = (person(&app, Role::FlsLead), Principal::command_line());
        let rate = || responses::rate(&app, &team, 2022).unwrap();
        let (before, draft) = (rate(), responses::view(&app, &lead, 2022, SERVICE).unwrap());
        let version = draft.response.version;
        let make = |version, why| responses::make_no_return(&app, &lead, 2022, SERVICE, version, why);
        let silent = make(version, NoReturn::ThisYear(" ".into()));
        assert!(matches!(silent, Err(AppError::Invalid(_))), "{silent:?}");
        let made = make(version, NoReturn::ThisYear("The nurse left".into())).unwrap();
        assert_eq!((made.response.state, made.response.reason.as_deref()), (ResponseState::NoReturn, Some("The nurse left")));
        assert!(!made.can_edit && made.can_take_back_no_return);
        assert_eq!((rate().no_return, rate().counted), (1, before.counted), "it counts as one that did not answer");
        let back = responses::take_back_no_return(&app, &lead, 2022, SERVICE, made.response.version).unwrap();
        assert_eq!(back.response.document, draft.response.document, "what was answered is there again");
        let none = make(back.response.version, NoReturn::NotCommissioned(None)).unwrap();
        assert_eq!(none.response.state, ResponseState::NotCommissioned);
        assert_eq!((rate().not_commissioned, rate().counted), (1, before.counted - 1));
        let twice = responses::take_back_no_return(&app, &lead, 2022, SERVICE, made.response.version);
        assert!(matches!(twice, Err(AppError::VersionMoved { .. })), "{twice:?}");
        assert!(actions(&app).ends_with(&["no_return".into(), "no_return_taken_back".into(), "not_commissioned".into()]));
    }

    fn the_audit_team_reads_what_was_explained(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        let (lead, team) = (person(&app, Role::FlsLead), Principal::command_line());
        let view = responses::view(&app, &lead, 2022, SERVICE).unwrap();
        let change = AnswerChange {
            link_id: "population_all_ages".into(),
            based_on: view.response.document.version("population_all_ages"),
            entry: Entry::Value(AnswerValue::Integer(2_000_000)),
            explanation: Some("Two boards have merged.".into()),
        };
        responses::save(&app, &lead, 2022, SERVICE, vec![change]).unwrap();
        let all = explanations::of_round(&app, &team, 2022).unwrap();
        let change = all.iter().find(|one| one.code == "population_change").expect("it is listed");
        assert_eq!((change.service.as_str(), change.explanation.as_str()), (SERVICE, "Two boards have merged."));
        assert!(change.message.contains("2021") && change.message.contains("2022"), "{change:?}");
        let refused = explanations::of_round(&app, &lead, 2022);
        assert!(matches!(refused, Err(AppError::Forbidden { .. })), "{refused:?}");
    }
}
