//! Line ends in what reaches a header, and requests that two servers would read differently.

use facilities_audit::domain::access::Role;
use facilities_audit_tests::raw::{RawAnswer, send, send_bytes};
use facilities_audit_tests::{Backend, World};

use super::{OWN, Scene, filled, is_sound, operations, pages, usual};

/// Line ends as they may come through an address.
const LINE_ENDS: [&str; 5] = [
    "%0d%0aX-Injected:%201",
    "%0aX-Injected:%201",
    "%0d%0a%0d%0a%3Cscript%3E",
    "%E5%98%8A%E5%98%8DX-Injected:%201",
    "%22%0d%0aSet-Cookie:%20facilities_audit_session=x",
];

#[track_caller]
fn is_clean(answer: &RawAnswer, what: &str) {
    is_sound(answer, what);
    assert!(answer.header("x-injected").is_none(), "{what}: {}", answer.head);
    let planted = answer.head.lines().any(|line| line.contains("facilities_audit_session=x"));
    assert!(!planted, "{what}: {}", answer.head);
    if let Some(location) = answer.header("location") {
        assert!(location.starts_with('/') && !location.starts_with("//"), "{what}: leads away to {location}");
    }
}

#[test]
fn no_field_reaches_a_header_with_its_line_ends() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let key = scene.key(Role::AuditTeam, None, None);
    let team = scene.person(Role::AuditTeam, None, None);
    let lead = scene.person(Role::FlsLead, Some(OWN), None);
    for line_end in LINE_ENDS {
        for (method, path) in operations() {
            let headers = [("if-match", "\"1\""), ("content-type", "application/json")];
            for path in [
                filled(&path, |_| line_end.into()),
                format!("{}?limit={line_end}", filled(&path, |name| usual(name, OWN))),
            ] {
                is_clean(&scene.call(&key, &format!("{method} {path}"), &headers, b""), &format!("{method} {path}"));
            }
        }
        for (method, path) in pages() {
            if path == "/sign-out" {
                continue;
            }
            let with_query = format!(
                "{}?next={line_end}&year={line_end}&area={line_end}&q={line_end}&return=//evil.example&next=https://evil.example",
                filled(&path, |name| usual(name, OWN))
            );
            for path in [filled(&path, |_| line_end.into()), with_query] {
                for reader in [&team, &lead] {
                    let cookie = reader.cookie_header();
                    let body = format!(
                        "csrf={}&next={line_end}&email={line_end}&name={line_end}&service={line_end}&section={line_end}&to={line_end}",
                        reader.csrf
                    );
                    let headers = [
                        ("cookie", cookie.as_str()),
                        ("sec-fetch-site", "same-origin"),
                        ("content-type", "application/x-www-form-urlencoded"),
                    ];
                    let body = if method == "GET" { b"" } else { body.as_bytes() };
                    is_clean(
                        &send(&scene.server, &format!("{method} {path}"), &headers, body),
                        &format!("{method} {path}"),
                    );
                }
            }
        }
    }
}

/// A name that another server would take for its own.
#[test]
fn other_hosts_are_refused() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let get = |line: &str, headers: &[(&str, &str)]| send(&scene.server, line, headers, b"");
    let own = scene.server.place().to_owned();
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example",
        &format!("{own}.evil.example"),
        &format!("x@{own}"),
    ] {
        for path in ["/sign-in", "/api/v1/rounds", "/assets/x/app.css", "/nothing"] {
            let answer = get(&format!("GET {path}"), &[("host", host)]);
            assert_eq!(answer.status, 421, "{host} {path}: {}", answer.body);
            assert!(answer.body.contains("does not answer under this name"), "{}", answer.body);
            is_sound(&answer, host);
        }
        assert_eq!(get("GET /health", &[("host", host)]).status, 200, "load balancers ask by any name");
        assert_eq!(get("GET /ready", &[("host", host)]).status, 200);
    }
    let (_, port) = own.split_once(':').unwrap();
    assert_eq!(get("GET /sign-in", &[("host", &format!("localhost:{port}"))]).status, 200);
    assert_eq!(get("GET /sign-in", &[("host", "a b")]).status, 400);
    assert_eq!(get("GET /sign-in", &[("host", &own), ("host", "evil.example")]).status, 400);
    assert_eq!(get("GET http://evil.example/sign-in", &[("host", &own)]).status, 421);
    let none = send_bytes(&scene.server, b"GET /sign-in HTTP/1.1\r\nconnection: close\r\n\r\n");
    assert_eq!(none.status, 400);
    // Further names are taken where they are configured, and the header that names one falsely is not believed.
    let mut command = scene.world.program(&["serve"]);
    command.env("FACILITIES_AUDIT_HOSTS", "audit.example,old.example:8443");
    let server = facilities_audit_tests::Server::start(command);
    for (host, status) in
        [("audit.example", 200), ("old.example:8443", 200), ("old.example", 421), ("evil.example", 421)]
    {
        let forwarded = ("x-forwarded-host", "audit.example");
        assert_eq!(send(&server, "GET /sign-in", &[("host", host), forwarded], b"").status, status, "{host}");
    }
}

/// Each of these could be one request for a proxy and two for us. The second must never be answered.
#[test]
fn a_request_is_never_two() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let host = scene.server.place();
    let second = format!("GET /ready HTTP/1.1\r\nhost: {host}\r\n\r\n");
    let first = |headers: &str, body: &str| {
        let request = format!("POST /sign-out HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n{body}{second}");
        send_bytes(&scene.server, request.as_bytes())
    };
    for (what, headers, body) in [
        ("length, then chunks", "content-length: 5\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n"),
        ("chunks, then length", "transfer-encoding: chunked\r\ncontent-length: 5\r\n", "0\r\n\r\n"),
        ("two lengths", "content-length: 0\r\ncontent-length: 5\r\n", ""),
        ("two lengths in one", "content-length: 0, 5\r\n", ""),
        ("a length with a sign", "content-length: +0\r\n", ""),
        ("a length in hexadecimal", "content-length: 0x0\r\n", ""),
        ("chunks that are none", "transfer-encoding: xchunked\r\n", "0\r\n\r\n"),
        ("chunks that are not last", "transfer-encoding: chunked, identity\r\n", "0\r\n\r\n"),
        ("a blank before the colon", "transfer-encoding : chunked\r\ncontent-length: 5\r\n", "0\r\n\r\n"),
        ("a folded line", "transfer-encoding:\r\n chunked\r\ncontent-length: 5\r\n", "0\r\n\r\n"),
        ("a null in a name", "transfer-encoding\0: chunked\r\n", "0\r\n\r\n"),
        ("a chunk with a sign", "transfer-encoding: chunked\r\n", "+0\r\n\r\n"),
    ] {
        let answer = first(headers, body);
        assert_eq!(answer.answers, 1, "{what}: {answer:?}");
        assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
    }
    let old = format!("POST /sign-out HTTP/1.0\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{second}");
    let answer = send_bytes(&scene.server, old.as_bytes());
    assert_eq!((answer.answers, answer.status), (1, 400));
    // Requests that are clearly two are two.
    let request = format!(
        "GET /health HTTP/1.1\r\nhost: {host}\r\n\r\nGET /ready HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(send_bytes(&scene.server, request.as_bytes()).answers, 2);
}

/// Methods that are none of ours, and lines that are no requests.
#[test]
fn what_is_no_request_of_ours_is_refused() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    for method in ["TRACE", "CONNECT", "PUT", "DELETE", "OPTIONS", "PROPFIND", "get", "X"] {
        for path in ["/", "/rounds", "/api/v1/rounds", "/health", "/assets/x/app.css"] {
            let answer = send(&scene.server, &format!("{method} {path}"), &[], b"");
            assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
    for bytes in [&b"\r\n\r\n"[..], b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let answer = send_bytes(&scene.server, bytes);
        assert!(matches!(answer.status, 0 | 400 | 505), "{bytes:?}: {}", answer.status);
    }
    assert_eq!(send(&scene.server, "GET /health", &[], b"").status, 200);
}
