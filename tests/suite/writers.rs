//! Several people save into one response at the same moment.

use std::sync::Barrier;
use std::thread;

use facilities_audit::app::responses::{AnswerChange, save, view};
use facilities_audit::app::{App, AppError};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::history::Object;
use facilities_audit::domain::questionnaire::answer::Entry;
use facilities_audit::store::history;
use facilities_audit_tests::{World, demo_folder, on_both_databases};

const YEAR: i32 = 2022;
/// A service of the synthetic country that has not begun its 2022 answers.
const SERVICE: &str = "FLS070";

/// The service on a world that holds the registers.
fn app(world: &World) -> App {
    let folder = world.path("register");
    std::fs::create_dir(&folder).unwrap();
    for name in ["areas.csv", "services.csv"] {
        std::fs::copy(demo_folder().join(name), folder.join(name)).unwrap();
    }
    world.import(&folder).succeeded();
    world.app()
}

fn items(app: &App, count: usize) -> Vec<String> {
    let view = view(app, &Principal::command_line(), YEAR, SERVICE).unwrap();
    assert_eq!(view.response.version, 0, "{SERVICE} has begun {YEAR} already");
    view.questionnaire.items().map(|item| item.link_id.clone()).take(count).collect()
}

/// A change that every item takes, whatever its type: another explanation.
fn change(link_id: &str, based_on: i64, explanation: &str) -> Vec<AnswerChange> {
    let explanation = Some(explanation.to_owned());
    vec![AnswerChange { link_id: link_id.to_owned(), based_on, entry: Entry::Unanswered, explanation }]
}

on_both_databases! {
    fn saves_of_different_items_all_land(world: World) {
        const WRITERS: usize = 8;
        const SAVES: i64 = 25;
        let app = app(&world);
        let items = items(&app, WRITERS);
        let start = Barrier::new(WRITERS);
        thread::scope(|scope| {
            for item in &items {
                let (app, start) = (&app, &start);
                scope.spawn(move || {
                    start.wait();
                    for save_number in 0..SAVES {
                        let changes = change(item, save_number, &format!("save {save_number}"));
                        save(app, &Principal::command_line(), YEAR, SERVICE, changes).unwrap();
                    }
                });
            }
        });
        let all = SAVES * i64::try_from(WRITERS).unwrap();
        let stored = view(&app, &Principal::command_line(), YEAR, SERVICE).unwrap().response;
        assert_eq!(stored.version, all, "an update was lost");
        for item in &items {
            let answer = stored.document.get(item).unwrap();
            assert_eq!(answer.version, SAVES);
            assert_eq!(answer.explanation.as_deref(), Some("save 24"));
        }
        let mut conn = app.database().connection().unwrap();
        assert_eq!(history::length(&mut conn, &Object::response(YEAR, SERVICE)).unwrap(), all);
        let verified = history::verify(&mut conn, &std::collections::BTreeMap::new()).unwrap();
        assert_eq!(verified.faults, [], "the chain holds whoever wrote it");
    }

    fn of_two_saves_of_one_item_one_wins(world: World) {
        let app = app(&world);
        let item = &items(&app, 1)[0];
        for round in 0..20_i64 {
            let start = Barrier::new(2);
            let results: Vec<(String, Result<_, AppError>)> = thread::scope(|scope| {
                let writers: Vec<_> = ["first", "second"]
                    .into_iter()
                    .map(|name| {
                        let (app, start) = (&app, &start);
                        scope.spawn(move || {
                            let text = format!("{name} of {round}");
                            start.wait();
                            let saved =
                                save(app, &Principal::command_line(), YEAR, SERVICE, change(item, round, &text));
                            (text, saved)
                        })
                    })
                    .collect();
                writers.into_iter().map(|writer| writer.join().unwrap()).collect()
            });
            let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(|(_, result)| result.is_ok());
            assert_eq!((won.len(), lost.len()), (1, 1), "in round {round}");
            match &lost[0].1 {
                Err(AppError::Moved(moved)) => {
                    assert_eq!(moved.len(), 1);
                    assert_eq!(&moved[0].link_id, item);
                    let current = moved[0].current.as_ref().unwrap();
                    assert_eq!(current.explanation.as_ref(), Some(&won[0].0), "the loser sees what won");
                }
                other => panic!("the loser got {other:?}"),
            }
            let stored = view(&app, &Principal::command_line(), YEAR, SERVICE).unwrap().response;
            assert_eq!(stored.document.get(item).unwrap().explanation.as_ref(), Some(&won[0].0));
            assert_eq!(stored.version, round + 1);
        }
    }
}
