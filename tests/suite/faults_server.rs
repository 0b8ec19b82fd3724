//! The server dies without warning while people save: what it said was saved is saved.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use facilities_audit::app::keys;
use facilities_audit::app::responses::view;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::history::Object;
use facilities_audit::store::history;
use facilities_audit_tests::{World, demo_folder, on_both_databases, until};
use serde_json::json;

const YEAR: i32 = 2022;
/// A service of the synthetic country that has not begun its 2022 answers.
const SERVICE: &str = "FLS070";
const WRITERS: usize = 4;
const KILLS: u64 = 4;

/// The version of each item.
type Versions = BTreeMap<String, i64>;

fn register(world: &World) {
    let folder = world.path("register");
    fs::create_dir(&folder).unwrap();
    for name in ["areas.csv", "services.csv"] {
        fs::copy(demo_folder().join(name), folder.join(name)).unwrap();
    }
    world.import(&folder).succeeded();
}

/// Saves one item again and again until the server is gone, counting what it acknowledged; gives the last version.
fn save_until_it_dies(address: &str, key: &str, item: &str, from: i64, saves: &AtomicU64) -> i64 {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut acknowledged = from;
    loop {
        let change =
            json!({ "link_id": item, "version": acknowledged, "explanation": format!("{acknowledged} saves") });
        let sent = agent
            .patch(address)
            .header("Authorization", format!("Bearer {key}"))
            .send_json(json!({ "answers": [change] }));
        let Ok(mut reply) = sent else { return acknowledged };
        let Ok(body) = reply.body_mut().read_to_string() else { return acknowledged };
        assert_eq!(reply.status(), 200, "{body}");
        acknowledged += 1;
        saves.fetch_add(1, Ordering::Relaxed);
    }
}

on_both_databases! {
    fn a_killed_server_keeps_what_it_acknowledged(world: World) {
        register(&world);
        let app = world.app();
        let who = Principal::command_line();
        let key = keys::make(&app, &who, "test", Role::AuditTeam, None, None, None).unwrap().1;
        let questionnaire = view(&app, &who, YEAR, SERVICE).unwrap().questionnaire;
        let items: Vec<String> = questionnaire.items().map(|item| item.link_id.clone()).take(WRITERS).collect();
        let mut versions: Versions = items.iter().map(|item| (item.clone(), 0)).collect();

        for kill in 1..=KILLS {
            let mut server = world.serve();
            let address = server.address(&format!("/api/v1/rounds/{YEAR}/responses/{SERVICE}"));
            let (acknowledged, saves) = (Mutex::new(Versions::new()), AtomicU64::new(0));
            thread::scope(|scope| {
                for (item, version) in &versions {
                    let (address, key, acknowledged, saves) = (&address, &key, &acknowledged, &saves);
                    scope.spawn(move || {
                        let last = save_until_it_dies(address, key, item, *version, saves);
                        acknowledged.lock().unwrap().insert(item.clone(), last);
                    });
                }
                // In the midst of saving, after so many saves, whatever time they took; each kill some moment later.
                until("enough is saved", || (saves.load(Ordering::Relaxed) > 5 * kill).then_some(()));
                thread::sleep(Duration::from_millis(3 * kill));
                server.kill();
            });
            let acknowledged = acknowledged.into_inner().unwrap();
            assert!(acknowledged.values().sum::<i64>() > versions.values().sum::<i64>(), "nothing was saved at all");

            // A server process of PostgreSQL may still be at the commit that it was told of before the kill.
            let mut conn = app.database().connection().unwrap();
            let object = Object::response(YEAR, SERVICE);
            let (mut stored, mut length) = (view(&app, &who, YEAR, SERVICE).unwrap().response, -1);
            for _ in 0..600 {
                length = history::length(&mut conn, &object).unwrap();
                let again = view(&app, &who, YEAR, SERVICE).unwrap().response;
                let is_quiet = again.version == stored.version && length == stored.version;
                stored = again;
                if is_quiet {
                    break;
                }
                thread::sleep(Duration::from_millis(100));
            }
            for (item, version) in &mut versions {
                let (told, kept) = (acknowledged[item], stored.document.version(item));
                // The last save may have been stored and its reply lost.
                assert!(kept == told || kept == told + 1, "{item}: version {told} was acknowledged, {kept} is stored");
                *version = kept;
            }
            let all = versions.values().sum::<i64>();
            assert_eq!(stored.version, all, "the whole counts the changes of its items");
            assert_eq!(length, all, "the history has every change");
        }
    }
}
