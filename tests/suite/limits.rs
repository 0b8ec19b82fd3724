//! How many requests are taken, by key and by address, and that the limits of one are not those of another.

use facilities_audit::app::{accounts, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::raw::{RawAnswer, send};
use facilities_audit_tests::{Backend, Server, World};

/// A server with limits that fill up slowly enough for a test, behind a proxy that is this machine.
fn limited(world: &World, limits: &[(&str, &str)]) -> Server {
    let mut command = world.program(&["serve"]);
    command.env("FACILITIES_AUDIT_TRUSTED_PROXIES", "127.0.0.1,::1");
    for (name, limit) in limits {
        command.env(format!("FACILITIES_AUDIT_LIMIT_{name}"), limit);
    }
    Server::start(command)
}

fn key(world: &World) -> String {
    keys::make(&world.app(), &Principal::command_line(), "test", Role::AuditTeam, None, None, None).unwrap().1
}

fn call(server: &Server, key: &str, from: &str) -> RawAnswer {
    let bearer = format!("Bearer {key}");
    send(server, "GET /api/v1/rounds", &[("authorization", &bearer), ("x-forwarded-for", from)], b"")
}

fn read(server: &Server, from: &str) -> RawAnswer {
    send(server, "GET /sign-in", &[("x-forwarded-for", from)], b"")
}

#[track_caller]
fn must_wait(answer: &RawAnswer) {
    assert_eq!(answer.status, 429, "{}", answer.body);
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20_000).contains(&seconds), "{seconds}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn a_key_is_limited_and_other_keys_are_not() {
    let world = World::new(Backend::Sqlite);
    let (one, two) = (key(&world), key(&world));
    let server = limited(&world, &[("KEY", "0.001/5")]);
    let taken = (0..8).map(|_| call(&server, &one, "192.0.2.1")).filter(|answer| answer.status == 200).count();
    assert!((5..=6).contains(&taken), "{taken}");
    let refused = call(&server, &one, "192.0.2.2");
    must_wait(&refused);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    let problem: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!((problem["status"].as_i64(), problem["code"].as_str()), (Some(429), Some("too_many_requests")));
    assert_eq!(problem["retry_after"].as_u64(), refused.header("retry-after").unwrap().parse().ok());
    assert_eq!(call(&server, &two, "192.0.2.1").status, 200);
}

#[test]
fn an_address_is_limited_and_others_are_not() {
    let world = World::new(Backend::Sqlite);
    let key = key(&world);
    let server = limited(&world, &[("ADDRESS", "0.001/6")]);
    assert_eq!(call(&server, &key, "192.0.2.7").status, 200);
    for _ in 0..6 {
        assert_eq!(read(&server, "192.0.2.1").status, 200);
    }
    let refused = read(&server, "192.0.2.1");
    must_wait(&refused);
    assert!(refused.header("content-type").unwrap().starts_with("text/html"));
    assert!(refused.body.contains("<h1") && refused.body.contains("Too many requests"), "{}", refused.body);
    must_wait(&send(&server, "GET /api/v1/rounds", &[("x-forwarded-for", "192.0.2.1")], b""));
    must_wait(&call(&server, "fa_unknown", "192.0.2.1"));
    // A key that is known counts for itself, wherever it comes from; another address for itself.
    assert_eq!(call(&server, &key, "192.0.2.1").status, 200);
    assert_eq!(read(&server, "192.0.2.2").status, 200);
    for path in ["/health", "/ready"] {
        assert_eq!(send(&server, &format!("GET {path}"), &[("x-forwarded-for", "192.0.2.1")], b"").status, 200);
    }
    // What a page loads is not counted.
    let asset = send(&server, "GET /assets/x/app.css", &[("x-forwarded-for", "192.0.2.1")], b"");
    assert_ne!(asset.status, 429);
}

/// Whoever is not a trusted proxy cannot be somebody else by a header.
#[test]
fn an_address_cannot_be_made_up() {
    let world = World::new(Backend::Sqlite);
    let mut command = world.program(&["serve"]);
    command.env("FACILITIES_AUDIT_LIMIT_ADDRESS", "0.001/6").env("FACILITIES_AUDIT_TRUSTED_PROXIES", "10.0.0.0/8");
    let server = Server::start(command);
    let answers: Vec<u16> = (1..9).map(|n| read(&server, &format!("192.0.2.{n}")).status).collect();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 6, "{answers:?}");
    // Behind a trusted one, what its client wrote to the left of it is not believed.
    let server = limited(&world, &[("ADDRESS", "0.001/6")]);
    let answers: Vec<u16> = (1..9).map(|n| read(&server, &format!("198.51.100.{n}, 192.0.2.1")).status).collect();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 6, "{answers:?}");
}

#[test]
fn guessing_keys_is_refused_and_the_right_key_goes_on_working() {
    let world = World::new(Backend::Sqlite);
    let right = key(&world);
    let server = limited(&world, &[("UNKNOWN_KEYS", "0.001/5")]);
    for n in 0..5 {
        assert_eq!(call(&server, &format!("fa_guess{n}"), "192.0.2.1").status, 401);
    }
    let refused = call(&server, "fa_guess", "192.0.2.1");
    must_wait(&refused);
    assert!(refused.body.contains("unknown API keys"), "{}", refused.body);
    assert_eq!(call(&server, &right, "192.0.2.1").status, 200);
    assert_eq!(call(&server, "fa_guess", "192.0.2.2").status, 401);
}

/// Brute force on sign-in links from one address; a victim elsewhere signs in all the same.
#[test]
fn forms_that_sign_in_are_limited_by_address() {
    let world = World::new(Backend::Sqlite);
    let who = Principal::command_line();
    let link = accounts::add_user(&world.app(), &who, "ann@example.org", None, Role::Commissioner, None, None).unwrap();
    let server = limited(&world, &[("FORMS", "0.001/4")]);
    let attempt = |token: &str, from: &str| {
        let page = send(&server, "GET /sign-in", &[("x-forwarded-for", from)], b"");
        let visitor = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let csrf = page.body.split_once("name=\"csrf\" value=\"").map_or_else(
            || {
                send(&server, &format!("GET /sign-in/{token}"), &[("cookie", &visitor), ("x-forwarded-for", from)], b"")
                    .body
            },
            |_| page.body.clone(),
        );
        let csrf = csrf.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let headers = [
            ("x-forwarded-for", from),
            ("cookie", &visitor),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        send(&server, &format!("POST /sign-in/{token}"), &headers, format!("csrf={csrf}").as_bytes())
    };
    for n in 0..4 {
        assert_eq!(attempt(&format!("guess{n}"), "192.0.2.1").status, 410);
    }
    let refused = attempt("guess", "192.0.2.1");
    must_wait(&refused);
    assert!(refused.body.contains("Too many"), "{}", refused.body);
    assert_eq!(attempt(&link, "192.0.2.2").status, 303, "a victim elsewhere signs in");
}
