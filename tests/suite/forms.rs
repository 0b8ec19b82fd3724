//! The forms of an answer, and requests that are done once: the same on every resource, since the layer around all
//! operations does them.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use facilities_audit::app::demo::load_country;
use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Server, World, on_both_databases};
use serde_json::{Value, json};
use ureq::http::{HeaderMap, Request};

use super::contract::key;

struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Reply {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = Request::builder().method(method).uri(server.address(&format!("/api/v1{path}")));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut reply = match body {
        Some(body) => {
            agent.run(request.header("Content-Type", "application/json").body(body.to_string()).unwrap()).unwrap()
        }
        None => agent.run(request.body(()).unwrap()).unwrap(),
    };
    let body = reply.body_mut().read_to_vec().unwrap();
    Reply { status: reply.status().as_u16(), headers: reply.headers().clone(), body }
}

on_both_databases! {
    fn an_answer_comes_in_the_form_that_is_wanted(world: World) {
        load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        let bearer = format!("Bearer {}", key(&world, Role::AuditTeam, ""));
        let server = world.serve();
        let get = |path: &str, headers: &[(&str, &str)]| {
            send(&server, "GET", path, &[&[("Authorization", bearer.as_str())], headers].concat(), None)
        };

        let gaps = get("/workforce/gaps?year=2021&limit=500", &[]);
        let etag = gaps.header("etag").to_owned();
        let again = get("/workforce/gaps?year=2021&limit=500", &[("If-None-Match", &etag)]);
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, etag.as_str()));
        let other = get("/workforce/gaps?year=2021&limit=100", &[("If-None-Match", &etag)]);
        assert_eq!(other.status, 200, "another page is another answer");
        // An ETag of the operation's own stays what it is.
        let response = get("/rounds/2022/responses/FLS012", &[]);
        assert!(!response.header("etag").starts_with("W/"));
        let again = get("/rounds/2022/responses/FLS012", &[("If-None-Match", response.header("etag"))]);
        assert_eq!(again.status, 304);

        // As a table, page by page by its links: the rows that JSON has.
        let mut lines: Vec<String> = Vec::new();
        let mut next = Some("/workforce/gaps?year=2021&limit=60".to_owned());
        let mut pages = 0;
        while let Some(path) = next {
            let page = get(&path, &[("Accept", "text/csv")]);
            assert_eq!((page.status, page.header("content-type")), (200, "text/csv; charset=utf-8"));
            lines.extend(page.text().lines().skip(usize::from(pages > 0)).map(ToOwned::to_owned));
            let link = page.header("link").split(['<', '>']).nth(1).map(|link| link.replace("/api/v1", ""));
            (next, pages) = (link, pages + 1);
        }
        let rows = gaps.json()["items"].as_array().unwrap().clone();
        assert!(pages > 2 && lines.len() == rows.len() + 1, "{pages} pages, {} lines", lines.len());
        assert!(lines[0].starts_with("service,name,area,year,basis,status,"), "{}", lines[0]);
        assert!(lines[0].contains(",nurses.in_post,nurses.establishment,"), "{}", lines[0]);
        for (line, row) in lines[1..].iter().zip(&rows) {
            assert!(line.starts_with(row["service"].as_str().unwrap()), "{line}");
        }

        let thin = get("/workforce/gaps?year=2021&limit=3&fields=population", &[]).json();
        assert!(thin["items"][0].get("area").is_none() && thin["items"][0].get("service").is_some(), "{thin}");
        let narrow = get("/workforce/gaps?year=2021&limit=3&fields=service,population", &[("Accept", "text/csv")]);
        assert!(narrow.text().starts_with("service,population\n"), "{}", narrow.text());
        let unknown = get("/workforce/gaps?year=2021&fields=salary", &[]);
        assert_eq!((unknown.status, unknown.json()["errors"][0]["pointer"].clone()), (400, json!("fields")));

        for (accepted, encoding, magic) in
            // The client unpacks gzip by itself, so that it cannot be seen here.
            [("gzip, zstd", "zstd", [0x28_u8, 0xb5]), ("identity", "", *b"{\"")]
        {
            let packed = get("/workforce/gaps?year=2021&limit=500", &[("Accept-Encoding", accepted)]);
            assert_eq!((packed.header("content-encoding"), &packed.body[..2]), (encoding, magic.as_slice()), "{accepted}");
            assert_eq!(packed.header("etag"), etag, "the same answer");
            assert_eq!(packed.body.len() < gaps.body.len() / 4, !encoding.is_empty(), "{accepted}: {}", packed.body.len());
        }
        let workbook = get("/workforce/gaps.xlsx?year=2021", &[("Accept-Encoding", "gzip, zstd")]);
        assert_eq!((workbook.header("content-encoding"), &workbook.body[..2]), ("", b"PK".as_slice()));
    }

    /// However often and however many times at once it is sent.
    fn a_named_request_is_done_once(world: World) {
        const AT_ONCE: usize = 8;
        load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        let keys = [key(&world, Role::AuditTeam, ""), key(&world, Role::AuditTeam, "")];
        let server = world.serve();
        let post = |holder: usize, name: &str, body: &Value| {
            let bearer = format!("Bearer {}", keys[holder]);
            let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", name)];
            send(&server, "POST", "/workforce/scenarios", &headers, Some(body))
        };
        let made = || {
            let bearer = format!("Bearer {}", keys[0]);
            let listed = send(&server, "GET", "/workforce/scenarios", &[("Authorization", &bearer)], None).json();
            listed["items"].as_array().unwrap().len()
        };
        let scenario = |name: &str| json!({"name": name, "shared": true, "plan": {"year": 2021, "service": "FLS012", "years": 1}});
        let body = scenario("Once");
        let together = Barrier::new(AT_ONCE);
        let replies: Vec<Reply> = thread::scope(|scope| {
            let sent: Vec<_> = (0..AT_ONCE)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        post(0, "a-name", &body)
                    })
                })
                .collect();
            sent.into_iter().map(|reply| reply.join().unwrap()).collect()
        });
        let ids: BTreeSet<String> =
            replies.iter().filter(|reply| reply.status == 201).map(|reply| reply.json()["id"].to_string()).collect();
        assert_eq!((ids.len(), made()), (1, 1));
        assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)));

        let again = post(0, "a-name", &body);
        assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
        assert!(ids.contains(&again.json()["id"].to_string()));
        let otherwise = post(0, "a-name", &scenario("Twice"));
        assert_eq!((otherwise.status, otherwise.json()["errors"][0]["code"].clone()), (422, json!("used_otherwise")));
        // A refusal is an answer too; another holder's names are their own.
        let refused = post(0, "a-refusal", &scenario(""));
        assert_eq!((refused.status, post(0, "a-refusal", &scenario("")).status), (422, 422));
        assert_eq!((post(1, "a-name", &body).status, made()), (201, 2));
        assert_eq!(post(0, "no spaces in names", &body).status, 400);
    }
}

#[test]
fn an_answer_to_a_new_key_is_kept_sealed() {
    let world = World::new(facilities_audit_tests::Backend::Sqlite);
    let bearer = format!("Bearer {}", key(&world, Role::AuditTeam, ""));
    let server = world.serve();
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", "a-key")];
    let body = json!({"name": "Warehouse", "role": "audit_team"});
    let made = send(&server, "POST", "/keys", &headers, Some(&body));
    let again = send(&server, "POST", "/keys", &headers, Some(&body));
    assert_eq!((made.status, made.json()["secret"].clone()), (201, again.json()["secret"].clone()));
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    drop(server);
    for file in std::fs::read_dir(world.path("")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "the database holds the key");
    }
}

#[test]
fn pages_of_other_origins_call_the_api_where_they_are_named() {
    const ORIGIN: &str = "https://warehouse.example.nhs.uk";
    let world = World::new(facilities_audit_tests::Backend::Sqlite);
    let bearer = format!("Bearer {}", key(&world, Role::AuditTeam, ""));
    let ask = |server: &Server, origin: &str| {
        let asked = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"),
        ];
        let before = send(server, "OPTIONS", "/rounds", &asked, None);
        let call = send(server, "GET", "/rounds", &[("Origin", origin), ("Authorization", &bearer)], None);
        [before, call].map(|reply| reply.header("access-control-allow-origin").to_owned())
    };
    let closed = world.serve();
    assert_eq!(ask(&closed, ORIGIN), ["", ""], "off unless it is configured");
    drop(closed);
    let mut serve = world.program(&["serve"]);
    serve.env("FACILITIES_AUDIT_CORS_ORIGINS", ORIGIN);
    let open = Server::start(serve);
    assert_eq!(ask(&open, ORIGIN), [ORIGIN, ORIGIN]);
    assert_eq!(ask(&open, "https://elsewhere.example.org"), ["", ""]);
}
