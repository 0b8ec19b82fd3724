//! Last year's answers: carried forward, confirmed or changed, and never counted before somebody has looked at them.

use std::collections::BTreeMap;

use facilities_audit::app::error::MovedItem;
use facilities_audit::app::responses::{self, AnswerChange, Extent, ResponseView, Seen};
use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, AppError, history, sign_in};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::questionnaire::answer::{Answer, AnswerStatus, AnswerValue, Entry};
use facilities_audit::domain::questionnaire::checks::UNCONFIRMED;
use facilities_audit_tests::{World, on_both_databases};

const YEAR: i32 = 2022;
/// A service that submitted its answers of 2021 and has not begun those of 2022.
const SERVICE: &str = "FLS003";

fn country(world: &World) -> App {
    world.app_with_answers_of(&[SERVICE])
}

fn team() -> Principal {
    Principal::command_line()
}

fn view(app: &App) -> ResponseView {
    responses::view(app, &team(), YEAR, SERVICE).unwrap()
}

fn carry(app: &App, extent: &Extent, seen: &Seen) -> Result<ResponseView, AppError> {
    responses::carry_forward(app, &team(), YEAR, SERVICE, extent, seen)
}

fn confirm(app: &App, extent: &Extent, seen: &Seen) -> Result<ResponseView, AppError> {
    responses::confirm(app, &team(), YEAR, SERVICE, extent, seen)
}

fn save(app: &App, link_id: &str, based_on: i64, entry: Entry) -> ResponseView {
    let change = AnswerChange { link_id: link_id.into(), based_on, entry, explanation: None };
    responses::save(app, &team(), YEAR, SERVICE, vec![change]).unwrap()
}

fn seen(items: &[(&str, i64)]) -> Seen {
    items.iter().map(|(item, version)| ((*item).to_owned(), *version)).collect()
}

fn named(items: &[(&str, i64)]) -> Extent {
    Extent::Items(items.iter().map(|(item, _)| (*item).to_owned()).collect())
}

fn answer<'a>(view: &'a ResponseView, link_id: &str) -> &'a Answer {
    view.response.document.get(link_id).unwrap_or_else(|| panic!("{link_id} was never touched"))
}

fn is_unconfirmed(view: &ResponseView, link_id: &str) -> bool {
    view.findings.iter().any(|finding| finding.link_id == link_id && finding.code == UNCONFIRMED)
}

/// The answers of a response of 2022 as its history tells them.
pub(super) fn replayed(app: &App, service: &str) -> BTreeMap<String, Answer> {
    let entries = history::of_response(app, &team(), YEAR, service, 0, history::MOST).unwrap();
    let mut answers = BTreeMap::new();
    for named in entries.iter().filter(|named| !named.entry.item.is_empty()) {
        let new: Answer = serde_json::from_str(named.entry.new.as_deref().unwrap()).unwrap();
        answers.insert(named.entry.item.clone(), new);
    }
    answers
}

on_both_databases! {
    fn carried_answers_wait_until_somebody_confirms_them(world: World) {
        let app = country(&world);
        let before = view(&app);
        let carriable = before.before.as_ref().unwrap().last.values().filter(|last| last.carried.is_ok()).count();
        assert!(carriable > 10, "{carriable} answers of 2021 can be carried");

        let carried = carry(&app, &Extent::Whole, &Seen::new()).unwrap();
        assert_eq!(carried.response.document.answers.len(), carriable);
        let population = answer(&carried, "population_all_ages");
        assert_eq!((population.carried_from, population.confirmed), (Some(2021), false));
        assert_eq!(Ok(population.value.clone().unwrap()), before.last("population_all_ages").unwrap().carried);
        assert!(is_unconfirmed(&carried, "population_all_ages"));
        assert_eq!(carried.progress.unconfirmed, carried.progress.unchanged);
        assert!(carried.progress.minutes_left < before.progress.minutes_left);
        let stopped = responses::submit(&app, &team(), YEAR, SERVICE, carried.response.version).unwrap_err();
        let AppError::NotSubmittable(findings) = stopped else { panic!("{stopped:?}") };
        assert!(findings.iter().any(|finding| finding.code == UNCONFIRMED && finding.link_id == "setting"));
        // Once more changes nothing.
        assert_eq!(carry(&app, &Extent::Whole, &Seen::new()).unwrap().response.version, carried.response.version);

        // One item.
        let one = [("setting", 1)];
        let confirmed = confirm(&app, &named(&one), &seen(&one)).unwrap();
        let setting = answer(&confirmed, "setting");
        assert_eq!((setting.version, setting.carried_from, setting.confirmed), (2, Some(2021), true));
        assert!(!is_unconfirmed(&confirmed, "setting"));
        assert_eq!(confirm(&app, &named(&one), &seen(&one)).unwrap().response.version, confirmed.response.version);

        // A section.
        let confirmed = confirm(&app, &Extent::Section("population".into()), &Seen::new()).unwrap();
        assert!(!is_unconfirmed(&confirmed, "population_all_ages"));
        assert_eq!(confirmed.progress_of_sections["population"].unconfirmed, 0);
        assert!(is_unconfirmed(&confirmed, "staff_in_post"), "of another section");

        // An edit confirms, and what is then said is no longer last year's.
        let edited = save(&app, "staff_in_post", 1, Entry::NotKnown);
        let staff = answer(&edited, "staff_in_post");
        assert_eq!((staff.carried_from, staff.confirmed), (None, false));
        assert!(!is_unconfirmed(&edited, "staff_in_post"));
        // An explanation is a look at the answer too.
        let explained = AnswerChange {
            link_id: "staff_establishment".into(),
            based_on: 1,
            entry: answer(&edited, "staff_establishment").entry(),
            explanation: Some("The same posts.".into()),
        };
        let edited = responses::save(&app, &team(), YEAR, SERVICE, vec![explained]).unwrap();
        assert!(answer(&edited, "staff_establishment").confirmed);

        assert_eq!(replayed(&app, SERVICE), edited.response.document.answers, "the history tells how it came to be");
    }

    fn the_same_as_last_year_is_said_in_one_step(world: World) {
        let app = country(&world);
        let one = [("setting", 0)];
        let view = confirm(&app, &named(&one), &seen(&one)).unwrap();
        let setting = answer(&view, "setting");
        assert_eq!((setting.carried_from, setting.confirmed), (Some(2021), true));
        // Another answer that was typed by mistake gives way, since the item is named and was seen.
        let view = save(&app, "setting", 1, Entry::NotKnown);
        assert_eq!(answer(&view, "setting").status, AnswerStatus::NotKnown);
        let one = [("setting", 2)];
        let view = confirm(&app, &named(&one), &seen(&one)).unwrap();
        assert_eq!(answer(&view, "setting").status, AnswerStatus::Answered);

        // A whole section: with it the items that come up only now.
        let view = confirm(&app, &Extent::Section("patient_experience".into()), &Seen::new()).unwrap();
        let last = view.before.as_ref().unwrap().last.keys().filter(|item| view.questionnaire.section_of(item).unwrap().link_id == "patient_experience");
        for link_id in last.filter(|item| view.shown.contains(*item) && view.last(item).unwrap().carried.is_ok()) {
            assert!(answer(&view, link_id).confirmed, "{link_id}");
        }
        assert!(!view.response.document.answers.contains_key("survey_responses"), "it is asked afresh each year");
    }

    fn an_item_that_moved_is_neither_carried_nor_confirmed(world: World) {
        let app = country(&world);
        let moved = |result: Result<ResponseView, AppError>| -> Vec<MovedItem> {
            match result {
                Err(AppError::Moved(items)) => items,
                other => panic!("{other:?}"),
            }
        };
        save(&app, "setting", 0, Entry::NotKnown);
        let both = [("setting", 0), ("population_all_ages", 0)];
        let items = moved(confirm(&app, &named(&both), &seen(&both)));
        assert_eq!(items.iter().map(|item| item.link_id.as_str()).collect::<Vec<_>>(), ["setting"]);
        assert!(!view(&app).response.document.answers.contains_key("population_all_ages"), "nothing of it is stored");
        // Of a section: what a colleague answered is left, and what they took back does not return unseen.
        save(&app, "contract", 0, Entry::NotKnown);
        save(&app, "contract", 1, Entry::Unanswered);
        let staffing = Extent::Section("staffing".into());
        assert_eq!(moved(confirm(&app, &staffing, &seen(&[("contract", 0)]))).len(), 1);
        let view = confirm(&app, &staffing, &Seen::new()).unwrap();
        assert_eq!(answer(&view, "contract").status, AnswerStatus::Unanswered);
        assert_eq!(answer(&view, "setting").status, AnswerStatus::NotKnown);
        let view = confirm(&app, &staffing, &seen(&[("contract", 2)])).unwrap();
        assert_eq!(answer(&view, "contract").status, AnswerStatus::Answered);
    }

    fn what_cannot_be_carried_says_why(world: World) {
        let app = country(&world);
        let items = [("improvement_cycles", 0), ("survey_responses", 0), ("no_such_item", 0)];
        let Err(AppError::Invalid(problems)) = confirm(&app, &named(&items), &seen(&items)) else { panic!() };
        assert_eq!(problems[0].code, "unknown_item");
        let Err(AppError::Invalid(problems)) = confirm(&app, &named(&items[..1]), &seen(&items)) else { panic!() };
        assert_eq!((problems[0].code, problems[0].field.as_str()), ("nothing_to_carry", "improvement_cycles"));
        let Err(AppError::Invalid(problems)) = confirm(&app, &named(&[("setting", 0)]), &Seen::new()) else { panic!() };
        assert_eq!(problems[0].code, "version_missing");
        // The first round has none before it, and a round that is over takes nothing.
        let closed = responses::carry_forward(&app, &team(), 2021, SERVICE, &Extent::Whole, &Seen::new());
        assert!(matches!(closed, Err(AppError::Refused { code: "round_not_open", .. })), "{closed:?}");
    }

    fn a_hidden_answer_is_kept_and_comes_back(world: World) {
        let app = country(&world);
        save(&app, "setting", 0, Entry::Value(AnswerValue::Choice("other".into())));
        let text = Entry::Value(AnswerValue::Text("A mobile unit".into()));
        save(&app, "setting_other", 0, text.clone());
        let hidden = save(&app, "setting", 1, Entry::Value(AnswerValue::Choice("acute".into())));
        assert!(!hidden.shown.contains("setting_other"));
        let hidden = confirm(&app, &Extent::Whole, &Seen::new()).unwrap();
        assert_eq!(answer(&hidden, "setting_other").entry(), text);
        let shown = save(&app, "setting", 2, Entry::Value(AnswerValue::Choice("other".into())));
        assert!(shown.shown.contains("setting_other"));
        assert_eq!((answer(&shown, "setting_other").entry(), answer(&shown, "setting_other").version), (text, 1));
    }

    fn whoever_came_by_a_link_confirms_their_section_alone(world: World) {
        let app = country(&world);
        let new = NewSectionLink { section: "staffing", email: "finance@example.org", note: "", days: 7 };
        let (_, secret) = section_links::make(&app, &team(), YEAR, SERVICE, &new).unwrap();
        let guest = sign_in::with_section_link(&app, &Visit::unknown(), &secret).unwrap().principal;
        let mine = responses::confirm(&app, &guest, YEAR, SERVICE, &Extent::Whole, &Seen::new()).unwrap();
        assert!(mine.before.as_ref().unwrap().last.keys().all(|item| mine.questionnaire.section_of(item).unwrap().link_id == "staffing"));
        let all = view(&app);
        assert!(answer(&all, "setting").confirmed);
        assert!(!all.response.document.answers.contains_key("population_all_ages"));
        let other = Extent::Section("population".into());
        let refused = responses::confirm(&app, &guest, YEAR, SERVICE, &other, &Seen::new());
        assert!(matches!(refused, Err(AppError::Forbidden { .. })), "{refused:?}");
    }
}
