//! The feed of changes: each once, in an order that never changes, and none missed, whatever is under way meanwhile.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use facilities_audit::app::{App, changes, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{Backend, World, on_both_databases};

fn make_key(app: &App, name: &str) -> String {
    keys::make(app, &Principal::command_line(), name, Role::AuditTeam, None, None, None).unwrap().0.key.id
}

fn read(app: &App, after: i64, limit: i64) -> Vec<(i64, String, String)> {
    let found = changes::after(app, &Principal::command_line(), after, limit).unwrap();
    found.into_iter().map(|change| (change.position, change.object, change.action)).collect()
}

on_both_databases! {
    fn changes_come_once_in_their_order_and_removals_too(world: World) {
        let app = world.app();
        let began = i64::try_from(read(&app, 0, 500).len()).unwrap();
        let made: Vec<String> = (0..5).map(|n| make_key(&app, &format!("key {n}"))).collect();
        let first = read(&app, began, 3);
        let rest = read(&app, first.last().unwrap().0, 500);
        let objects: Vec<&str> = first.iter().chain(&rest).map(|(_, object, _)| object.as_str()).collect();
        assert_eq!(objects, made.iter().map(|key| format!("key/{key}")).collect::<Vec<_>>());
        let end = rest.last().unwrap().0;
        assert_eq!(end, began + 5, "without gaps");
        assert!(read(&app, end, 500).is_empty());
        keys::revoke(&app, &Principal::command_line(), &made[0]).unwrap();
        assert_eq!(read(&app, end, 500), [(end + 1, format!("key/{}", made[0]), "revoked".to_owned())]);
        let again: Vec<_> = read(&app, began, 3);
        assert_eq!(again, first, "the order never changes");
    }

    /// Many at once read while others write: everyone is told of everything once.
    fn readers_and_writers_at_once_miss_nothing(world: World) {
        const WRITERS: usize = 4;
        const EACH: usize = 8;
        let app = world.app();
        let began = i64::try_from(read(&app, 0, 500).len()).unwrap();
        let told: Vec<Vec<(i64, String, String)>> = std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| (0..EACH).for_each(|_| drop(make_key(&app, "another"))));
            }
            let follow = || {
                let mut known: Vec<(i64, String, String)> = Vec::new();
                while known.len() < WRITERS * EACH {
                    let after = known.last().map_or(began, |(position, _, _)| *position);
                    known.extend(read(&app, after, 7));
                }
                known
            };
            let readers: Vec<_> = (0..3).map(|_| scope.spawn(follow)).collect();
            readers.into_iter().map(|reader| reader.join().unwrap()).collect()
        });
        for known in &told {
            assert_eq!(known, &told[0]);
            let positions: Vec<i64> = known.iter().map(|(position, _, _)| *position).collect();
            assert_eq!(positions, (began + 1..=began + i64::try_from(WRITERS * EACH).unwrap()).collect::<Vec<_>>());
        }
    }
}

/// A transaction that began first and is committed last.
#[test]
fn what_is_committed_late_is_not_missed_on_postgres() {
    let world = World::new(Backend::Postgres);
    let app = world.app();
    let began = i64::try_from(read(&app, 0, 500).len()).unwrap();
    let mut late = PgConnection::establish(world.url()).unwrap();
    late.batch_execute(
        "BEGIN; INSERT INTO history_heads (object, seq, hash) VALUES ('text/late', 1, ''); \
         INSERT INTO history (object, seq, at, actor, channel, action, item, hash) \
         VALUES ('text/late', 1, '2020-01-01', 'command', 'command', 'changed', '', '')",
    )
    .unwrap();
    let key = make_key(&app, "in between");
    let seen = read(&app, began, 500);
    assert_eq!(seen, [(began + 1, format!("key/{key}"), "made".to_owned())]);
    late.batch_execute("COMMIT").unwrap();
    assert_eq!(read(&app, began + 1, 500), [(began + 2, "text/late".to_owned(), "changed".to_owned())]);
    assert_eq!(read(&app, began, 1), seen);
}
