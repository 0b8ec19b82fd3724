//! Thirty-two clients at once, for half a minute: nothing fails, nothing is lost, and whoever writes reads what they wrote.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Server, World, on_both_databases};
use serde_json::{Value, json};

use super::year_played;

const LASTS: Duration = Duration::from_secs(30);

/// Two clients on each of these change one answer, each on what it read last.
const PATCHED: [&str; 6] = ["FLS001", "FLS002", "FLS003", "FLS004", "FLS005", "FLS006"];
const WRITERS_OF_EACH: i64 = 2;
/// One client on each of these replaces a year of counts.
const COUNTED: [&str; 6] = ["FLS020", "FLS021", "FLS022", "FLS023", "FLS024", "FLS025"];
const READERS: usize = 10;
const DOWNLOADERS: usize = 4;

const ITEM: &str = "population_all_ages";

/// What was asked and answered, over all clients.
#[derive(Default)]
struct Told {
    requests: AtomicUsize,
    conflicts: AtomicUsize,
    waits: AtomicUsize,
    slowest: Mutex<(Duration, String)>,
}

struct Client<'a> {
    api: year_played::Client<'a>,
    told: &'a Told,
    until: Instant,
}

impl<'a> Client<'a> {
    fn new(world: &World, server: &'a Server, told: &'a Told, role: Role, service: Option<&str>) -> Self {
        let api = year_played::Client::new(world, server, role, service);
        Self { api, told, until: Instant::now() + LASTS }
    }

    fn goes_on(&self) -> bool {
        Instant::now() < self.until
    }

    /// An answer that is none of a broken server; asked to wait, the client waits and asks again.
    fn bytes(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, ureq::http::HeaderMap, Vec<u8>) {
        loop {
            let begun = Instant::now();
            let mut answer = self.api.answer(method, path, None, body);
            let status = answer.status().as_u16();
            let headers = answer.headers().clone();
            let bytes = answer.body_mut().with_config().limit(1 << 27).read_to_vec().unwrap();
            self.told.requests.fetch_add(1, Ordering::Relaxed);
            let took = begun.elapsed();
            let mut slowest = self.told.slowest.lock().unwrap();
            if took > slowest.0 {
                *slowest = (took, format!("{method} {path}"));
            }
            drop(slowest);
            assert!(status < 500, "{method} {path}: {status} {}", String::from_utf8_lossy(&bytes));
            if status != 429 {
                return (status, headers, bytes);
            }
            self.told.waits.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(500));
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, _, bytes) = self.bytes(method, path, body);
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    fn get(&self, path: &str) -> Value {
        let (status, answer) = self.send("GET", path, None);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }
}

/// The number that an answer holds and its version, which counts how often it was changed.
fn number(response: &Value) -> (i64, i64) {
    let answers = response["answers"].as_array().unwrap();
    let answer = answers.iter().find(|answer| answer["link_id"] == ITEM).unwrap();
    (answer["integer"].as_i64().unwrap_or_default(), answer["version"].as_i64().unwrap())
}

/// Changes a number over and over, to one that nobody else writes; each that is stored is counted.
fn changes_a_number(client: &Client<'_>, service: &str, writer: i64, stored: &AtomicI64) {
    let path = format!("/rounds/2022/responses/{service}");
    for turn in 1.. {
        if !client.goes_on() {
            return;
        }
        let (_, version) = number(&client.get(&path));
        let value = 100_000 * writer + turn;
        let change = json!({ "answers": [{ "link_id": ITEM, "version": version, "integer": value }] });
        let (status, answer) = client.send("PATCH", &path, Some(&change));
        if status == 412 {
            client.told.conflicts.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        assert_eq!(status, 200, "{answer}");
        stored.fetch_add(1, Ordering::Relaxed);
        let (now, version_now) = number(&client.get(&path));
        let is_there = if version_now == version + 1 { now == value } else { version_now > version };
        assert!(is_there, "its own write: {value} on version {version}, then {now} in version {version_now}");
    }
}

/// Replaces twelve months of counts by others, and reads them back.
fn replaces_counts(client: &Client<'_>, service: &str) {
    let mut turn = 0;
    while client.goes_on() {
        turn += 1;
        let months = (1..=12).map(|month| {
            let numerator = (turn + month) % 60;
            json!({ "service": service, "month": format!("2022-{month:02}"), "kpi": 4, "stratum": "",
                    "numerator": numerator, "denominator": 60, "eligible": 60, "complete": 60 })
        });
        let put = json!({ "items": months.collect::<Vec<_>>() });
        let (status, report) = client.send("PUT", "/kpis/counts", Some(&put));
        assert_eq!((status, &report["rejected"]), (200, &json!(0)), "{report}");
        let read = client.get(&format!("/kpis/counts?service={service}&year=2022&kpi=4&limit=500"));
        for wrote in put["items"].as_array().unwrap() {
            let same = |row: &&Value| row["month"] == wrote["month"] && row["stratum"] == "";
            let found = read["items"].as_array().unwrap().iter().find(same);
            assert_eq!(found.map(|row| &row["numerator"]), Some(&wrote["numerator"]), "{service} {wrote}");
        }
    }
}

fn reads(client: &Client<'_>, first: usize) {
    let pages = [
        "/workforce/gaps?year=2021&limit=50",
        "/kpis/4/benchmark?year=2021",
        "/rounds/2022/dashboard",
        "/rounds/2022/responses",
        "/kpis/heat-map?year=2021",
        "/services",
        "/changes?limit=100",
        "/rounds/2022/responses/FLS001/checks",
    ];
    for page in pages.iter().cycle().skip(first) {
        if !client.goes_on() {
            return;
        }
        client.get(page);
    }
}

fn downloads(client: &Client<'_>) {
    while client.goes_on() {
        for path in ["/rounds/2022/answers.csv", "/exports/services.csv", "/workforce/gaps.xlsx?year=2021"] {
            let (status, headers, bytes) = client.bytes("GET", path, None);
            assert_eq!(status, 200, "{path}");
            match headers.get("x-row-count") {
                Some(rows) => {
                    let read = csv::Reader::from_reader(bytes.as_slice()).into_records().count();
                    assert_eq!(rows.to_str().unwrap(), read.to_string(), "{path} is whole");
                }
                None => assert!(bytes.starts_with(b"PK"), "{path}"),
            }
        }
    }
}

on_both_databases! {
    fn thirty_two_clients_at_once(world: World) {
        let world = World::with_demo_data(world.backend());
        let server = world.serve();
        let told = Told::default();
        let team = || Client::new(&world, &server, &told, Role::AuditTeam, None);
        let before: Vec<i64> = PATCHED
            .iter()
            .map(|service| number(&team().get(&format!("/rounds/2022/responses/{service}"))).1)
            .collect();
        let stored: Vec<AtomicI64> = PATCHED.iter().map(|_| AtomicI64::new(0)).collect();
        thread::scope(|scope| {
            for (service, stored) in PATCHED.iter().zip(&stored) {
                for writer in 1..=WRITERS_OF_EACH {
                    let client = Client::new(&world, &server, &told, Role::FlsLead, Some(service));
                    scope.spawn(move || changes_a_number(&client, service, writer, stored));
                }
            }
            for service in COUNTED {
                let client = Client::new(&world, &server, &told, Role::FlsLead, Some(service));
                scope.spawn(move || replaces_counts(&client, service));
            }
            for place in 0..READERS {
                let client = team();
                scope.spawn(move || reads(&client, place));
            }
            for _ in 0..DOWNLOADERS {
                let client = team();
                scope.spawn(move || downloads(&client));
            }
        });
        let mut all = 0;
        for ((service, before), stored) in PATCHED.iter().zip(before).zip(&stored) {
            let stored = stored.load(Ordering::Relaxed);
            let after = number(&team().get(&format!("/rounds/2022/responses/{service}"))).1;
            assert_eq!(after, before + stored, "{service}: an update was lost");
            assert!(stored > 0, "{service}: nobody came through");
            all += stored;
        }
        let slowest = told.slowest.lock().unwrap();
        println!(
            "{:?}: {} requests, {all} changes stored, {} conflicts, {} told to wait, slowest {} ms ({})",
            world.backend(),
            told.requests.load(Ordering::Relaxed),
            told.conflicts.load(Ordering::Relaxed),
            told.waits.load(Ordering::Relaxed),
            slowest.0.as_millis(),
            slowest.1
        );
    }
}
