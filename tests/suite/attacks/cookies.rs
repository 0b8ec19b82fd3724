//! Forged, altered and oversized cookies.

use facilities_audit::domain::access::Role;
use facilities_audit_tests::raw::{send, send_bytes};
use facilities_audit_tests::{Backend, World};

use super::{Scene, is_refused};

#[test]
fn a_cookie_that_we_did_not_give_is_nothing() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let session = scene.session(Role::AuditTeam, None, None);
    let with = |cookie: &str| send(&scene.server, "GET /rounds", &[("cookie", cookie)], b"");
    assert_eq!(with(&format!("facilities_audit_session={session}")).status, 200);
    let altered = |place: usize| {
        let mut bytes = session.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let last = session.len() - 2;
    let forged = [
        String::new(),
        "x".into(),
        session[..session.len() - 1].into(),
        format!("{session}A"),
        altered(0),
        altered(last),
        session.to_uppercase(),
        format!("{session}%00"),
        "' OR '1'='1".into(),
        "' UNION SELECT * FROM sessions --".into(),
        "../../etc/passwd".into(),
        "\u{feff}emoji 🦴".into(),
        "A".repeat(4_000),
        facilities_audit::auth::secret_hash(&session),
    ];
    for cookie in forged {
        let answer = with(&format!("facilities_audit_session={cookie}"));
        is_refused(&answer, &cookie);
        assert_eq!(answer.status, 401, "{cookie}");
        assert!(answer.body.contains("Sign in"), "{cookie}");
    }
    // The prefix is that of services by TLS; here it is another cookie.
    assert_eq!(with(&format!("__Host-facilities_audit_session={session}")).status, 401);
    // The first of several counts, so nobody's cookie can hide behind a planted one.
    assert_eq!(with(&format!("facilities_audit_session=x; facilities_audit_session={session}")).status, 401);
}

#[test]
fn oversized_and_unreadable_cookies_are_refused() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let cookie = |bytes: &[u8]| {
        let head = format!("GET /rounds HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: ", scene.server.place());
        send_bytes(&scene.server, &[head.as_bytes(), bytes, b"\r\n\r\n"].concat())
    };
    assert_eq!(cookie(b"facilities_audit_session=\xff\xfe\xfd").status, 401);
    assert_eq!(cookie(b"facilities_audit_session=a\0b").status, 400);
    assert_eq!(cookie(&b"facilities_audit_session=".repeat(4_000)).status, 431);
    assert_eq!(cookie(b";;;=;=a;facilities_audit_session").status, 401);
    // Many small ones.
    let head: String = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect();
    let request = format!("GET /rounds HTTP/1.1\r\nhost: {}\r\n{head}\r\n", scene.server.place());
    assert_eq!(send_bytes(&scene.server, request.as_bytes()).status, 431);
    assert_eq!(send(&scene.server, &format!("GET /rounds?q={}", "a".repeat(9_000)), &[], b"").status, 414);
}
