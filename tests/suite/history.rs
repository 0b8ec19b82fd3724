//! The history is chained: whatever is done to one of its rows by plain SQL, `verify` names it.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use facilities_audit::app::accounts::{self, Invitation};
use facilities_audit::app::{App, history};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::history::{Event, Fault, Object};
use facilities_audit::store::history::Author;
use facilities_audit::store::{self, Database, response_writes, responses};
use facilities_audit_tests::{Backend, World, on_both_databases};

/// Runs plain SQL, as somebody with the database's password would.
fn sql(world: &World, statement: &str) {
    match world.backend() {
        Backend::Sqlite => {
            let path = world.url().strip_prefix("sqlite:").unwrap();
            SqliteConnection::establish(path).unwrap().batch_execute(statement).unwrap();
        }
        Backend::Postgres => PgConnection::establish(world.url()).unwrap().batch_execute(statement).unwrap(),
    }
}

fn faults(app: &App) -> Vec<Fault> {
    history::verify(app, &Principal::command_line(), &std::collections::BTreeMap::new()).unwrap().faults
}

/// An account with a history of four entries, and others beside it.
fn account_with_history(app: &App) -> String {
    let team = Principal::command_line();
    let invite = |email: &str| {
        let invitation =
            Invitation { email: email.into(), name: None, role: Role::Commissioner, service: None, area: None };
        accounts::invite(app, &team, &invitation).unwrap().account.id
    };
    let id = invite("one@example.org");
    invite("two@example.org");
    accounts::set_disabled(app, &team, &id, true).unwrap();
    accounts::set_disabled(app, &team, &id, false).unwrap();
    id
}

on_both_databases! {
    fn an_altered_removed_or_inserted_row_is_named(world: World) {
        let app = world.app();
        let id = account_with_history(&app);
        let object = format!("account/{id}");
        assert_eq!(faults(&app), []);
        let of = format!("object = '{object}'");

        // Altered, in each of its columns; then put back.
        for (column, value) in [("actor", "'account:x'"), ("action", "'x'"), ("item", "'x'"), ("channel", "'api'"), ("new_value", "'x'"), ("old_value", "'x'"), ("origin", "'x'")] {
            sql(&world, &format!("CREATE TABLE kept AS SELECT * FROM history WHERE {of} AND seq = 3"));
            sql(&world, &format!("UPDATE history SET {column} = {value} WHERE {of} AND seq = 3"));
            assert_eq!(faults(&app), [Fault::Altered { object: object.clone(), seq: 3 }], "{column}");
            sql(&world, &format!("DELETE FROM history WHERE {of} AND seq = 3; INSERT INTO history SELECT * FROM kept; DROP TABLE kept"));
            assert_eq!(faults(&app), []);
        }
        // Inserted behind the last.
        sql(&world, &format!("INSERT INTO history SELECT object, 5, at, actor, channel, origin, action, item, old_value, new_value, hash FROM history WHERE {of} AND seq = 4"));
        assert_eq!(faults(&app), [Fault::Inserted { object: object.clone(), seq: 5 }]);
        sql(&world, &format!("DELETE FROM history WHERE {of} AND seq = 5"));
        // An object that never was.
        sql(&world, &format!("INSERT INTO history SELECT 'account/made-up', 1, at, actor, channel, origin, action, item, old_value, new_value, hash FROM history WHERE {of} AND seq = 1"));
        assert_eq!(faults(&app).len(), 1);
        sql(&world, "DELETE FROM history WHERE object = 'account/made-up'");
        // The last row, and one in the middle.
        sql(&world, &format!("DELETE FROM history WHERE {of} AND seq = 4"));
        assert_eq!(faults(&app), [Fault::Removed { object: object.clone(), from: 4, to: 4 }]);
        sql(&world, &format!("DELETE FROM history WHERE {of} AND seq = 2"));
        assert_eq!(faults(&app), [Fault::Removed { object: object.clone(), from: 2, to: 2 }]);
    }

    /// Somebody who also writes the heads anew is found by heads that were kept elsewhere.
    fn kept_heads_find_a_chain_that_is_gone_or_cut(world: World) {
        let app = world.app();
        let id = account_with_history(&app);
        let object = format!("account/{id}");
        let team = Principal::command_line();
        let kept = history::heads(&app, &team).unwrap();
        assert_eq!(history::verify(&app, &team, &kept).unwrap().faults, []);
        // Later entries are no fault.
        accounts::set_disabled(&app, &team, &id, true).unwrap();
        assert_eq!(history::verify(&app, &team, &kept).unwrap().faults, []);
        // The chain is cut to its third entry, and its head made to match.
        sql(&world, &format!(
            "DELETE FROM history WHERE object = '{object}' AND seq > 3;
             UPDATE history_heads SET seq = 3, hash = (SELECT hash FROM history WHERE object = '{object}' AND seq = 3)
             WHERE object = '{object}'"
        ));
        assert_eq!(faults(&app), [], "without kept heads it cannot be seen");
        let found = history::verify(&app, &team, &kept).unwrap().faults;
        assert_eq!(found, [Fault::Removed { object: object.clone(), from: 4, to: 4 }]);
        // All of it is gone.
        sql(&world, &format!("DELETE FROM history WHERE object = '{object}'; DELETE FROM history_heads WHERE object = '{object}'"));
        assert_eq!(faults(&app), []);
        assert_eq!(history::verify(&app, &team, &kept).unwrap().faults.len(), 1);
    }

    /// Erasing a person leaves the chain whole, and nothing of them in it.
    fn erasing_a_person_leaves_the_chain_whole(world: World) {
        let app = world.app();
        let id = account_with_history(&app);
        let team = Principal::command_line();
        accounts::erase(&app, &team, &id).unwrap();
        assert_eq!(faults(&app), []);
        let entries = history::newest(&app, &team, &store::history::HistoryFilter::default(), 100).unwrap();
        let all = format!("{entries:?}");
        assert!(entries.len() >= 6 && !all.contains("one@example.org"), "{all}");
    }

    /// The command says the same, and by its exit status.
    fn the_command_names_what_was_done(world: World) {
        let app = world.app();
        let id = account_with_history(&app);
        world.run(&["verify", "--write-heads", "heads.csv"]).succeeded_saying("Sound: ");
        world.run(&["verify", "--heads", "heads.csv"]).succeeded_saying("kept heads met");
        sql(&world, &format!("UPDATE history SET actor = 'account:x' WHERE object = 'account/{id}' AND seq = 3"));
        let named = format!("account/{id}: entry 3 was altered");
        world.run(&["verify"]).failed_saying(&["1 fault found", &named]);
        world.run(&["verify", "--write-heads", "other.csv"]).failed_saying(&[&named]);
        assert!(!world.path("other.csv").exists(), "the heads of a faulty history are not kept");
        world.run(&["verify", "--heads", "missing.csv"]).refused_with(2, &["missing.csv"]);
    }
}

/// A response is written together with its history, also where somebody else added to that after the response was read;
/// and where the response itself has moved on, neither is written.
fn a_response_and_its_history_move_together(world: &World) {
    let author = Author { actor: "key:a", channel: "api", origin: None, at: chrono::DateTime::UNIX_EPOCH };
    let object = Object::response(2022, "FLS012");
    let app = world.app();
    let database = Database::open(world.url()).unwrap();
    let conn = &mut *database.connection().unwrap();
    let before = store::history::length(conn, &object).unwrap();
    let read = || responses::find_beside_for_update(&mut database.connection().unwrap(), "FLS012", 2022);
    let mut response = read().unwrap().unwrap().response;
    let from = response.version;
    response.version += 1;
    response.reason = Some("a trial".into());
    store::history::record(conn, &author, &object, vec![Event::of("came_between")]).unwrap();

    let write = |action| {
        let conn = &mut *database.connection().unwrap();
        response_writes::update(conn, &response, from, &author, vec![Event::of(action), Event::of("more")]).unwrap()
    };
    assert!(write("answered"), "the response had not moved");
    let written = read().unwrap().unwrap().response;
    assert_eq!((written.version, written.reason.as_deref()), (from + 1, Some("a trial")));
    let actions = || {
        let entries = store::history::of_object(&mut database.connection().unwrap(), &object, before, 10).unwrap();
        entries.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    assert_eq!(actions(), ["came_between", "answered", "more"]);
    assert_eq!(faults(&app), []);

    assert!(!write("answered again"), "the response has moved");
    assert_eq!(actions(), ["came_between", "answered", "more"], "nothing is half written");
    assert_eq!(faults(&app), []);
}

#[test]
fn a_response_and_its_history_move_together_on_sqlite() {
    a_response_and_its_history_move_together(&World::with_demo_data(Backend::Sqlite));
}

#[test]
fn a_response_and_its_history_move_together_on_postgres() {
    a_response_and_its_history_move_together(&World::with_demo_data(Backend::Postgres));
}
