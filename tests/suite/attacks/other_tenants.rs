//! Other services' ids, in every path and in bodies: nothing of theirs is read, nothing of theirs is written.

use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Backend, World};
use serde_json::{Value, json};

use super::{OTHER, OWN, Scene, YEAR, filled, is_refused, is_sound, operations, pages, usual};

/// Words that only the other service's answers hold.
const MARK: &str = "canary-of-the-other-service";

#[test]
fn nothing_of_another_service_is_read_or_written() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    scene.answer_all_texts(OTHER, MARK);
    let version = scene.version(OTHER);
    let etag = format!("\"{version}\"");
    let change = json!({ "answers": [{ "link_id": "governance_frequency", "version": 0, "choice": "monthly" }] });
    let keys = [
        ("lead", scene.key(Role::FlsLead, Some(OWN), None)),
        ("contributor", scene.key(Role::FlsContributor, Some(OWN), None)),
        ("clinical lead", scene.key(Role::ClinicalLead, Some(OWN), None)),
        ("commissioner of another region", scene.key(Role::Commissioner, None, Some("Y60"))),
        // Their own region, but what is not submitted is nobody's to read.
        ("commissioner of all areas", scene.key(Role::Commissioner, None, None)),
    ];
    let mut refused = 0;
    for (who, key) in &keys {
        for (method, path) in operations() {
            let path = filled(&path, |name| usual(name, OTHER));
            let what = format!("{method} {path} as {who}");
            let (kind, body) = match method.as_str() {
                "GET" => ("", String::new()),
                _ if path.ends_with("/workbook") => {
                    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "no workbook".into())
                }
                "PUT" if path.ends_with(&format!("/responses/{OTHER}")) => {
                    let said = json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress" });
                    ("application/fhir+json", said.to_string())
                }
                _ => ("application/json", sound_body(&path, &change).to_string()),
            };
            let headers = [("if-match", etag.as_str()), ("content-type", kind)];
            let headers = if method == "GET" { &[][..] } else { &headers[..] };
            let least = if path.ends_with("/differences") { "?from=1" } else { "" };
            for query in [least, "?year=2022", "?limit=500"] {
                let answer = scene.call(key, &format!("{method} {path}{query}"), headers, body.as_bytes());
                is_sound(&answer, &what);
                assert!(!answer.body.contains(MARK), "{what}: {}", answer.body);
                if path.contains(&format!("/responses/{OTHER}")) && query == least {
                    is_refused(&answer, &what);
                    assert!(matches!(answer.status, 403 | 404), "{what}: {} {}", answer.status, answer.body);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused >= 25, "{refused}");
    for (who, mut reader) in scene.people().into_iter().filter(|(who, _)| *who != "audit team") {
        for (method, path) in pages() {
            let path = filled(&path, |name| usual(name, OTHER));
            let what = format!("{method} {path} as {who}");
            if path == "/sign-out" {
                continue;
            }
            let fields = [("v.governance_frequency", "monthly"), ("service", OTHER), ("version", "1")];
            let answer = if method == "GET" { reader.get(&path) } else { reader.post(&path, &fields) };
            assert!(answer.status < 500, "{what}: {}", answer.text());
            assert!(!answer.text().contains(MARK), "{what}");
            if path.starts_with(&format!("/survey/{YEAR}/{OTHER}")) {
                assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
            }
        }
    }
    assert_eq!(scene.version(OTHER), version, "nothing was written");
}

/// What an operation takes, so that it is refused for whose it is and not for its shape.
fn sound_body(path: &str, change: &Value) -> Value {
    match path.rsplit('/').next() {
        Some("carry-forward" | "confirm") => json!({ "section": "governance" }),
        Some("reopen") => json!({ "reason": "A test" }),
        Some("no-return") => json!({ "outcome": "not_commissioned" }),
        Some("comments") => json!({ "link_id": "setting", "body": "What counts as acute?" }),
        Some("hospitals") => json!({ "hospital": "H001", "claim": "figure", "reason": "It had more." }),
        _ => change.clone(),
    }
}

/// Ids in bodies: a lead may not name another's service where their own is meant.
#[test]
fn an_import_is_for_the_audit_team_alone() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let rows = format!("service_code,year,link_id,row,value\n{OTHER},{YEAR},setting,,acute\n");
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"responses.csv\"\r\n\r\n{rows}\r\n--b--\r\n"
    );
    let multipart = ("content-type", "multipart/form-data; boundary=b");
    for (role, service) in [(Role::FlsLead, Some(OWN)), (Role::Commissioner, None)] {
        let key = scene.key(role, service, None);
        let answer = scene.call(&key, "POST /api/v1/imports", &[multipart], body.as_bytes());
        is_refused(&answer, "an import");
        assert_eq!(answer.status, 403);
    }
    assert_eq!(scene.version(OTHER), 0);
    let key = scene.key(Role::AuditTeam, None, None);
    let answer = scene.call(&key, "POST /api/v1/imports", &[multipart], body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(scene.version(OTHER), 1);
}

/// A key stands for what it was made for, whoever sends it and whatever they add.
#[test]
fn no_header_or_parameter_changes_who_a_key_is() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let key = scene.key(Role::FlsLead, Some(OWN), None);
    let team = scene.session(Role::AuditTeam, None, None);
    let path = format!("GET /api/v1/rounds/{YEAR}/responses/{OTHER}");
    let cookie = format!("facilities_audit_session={team}");
    for headers in [
        ("cookie", cookie.as_str()),
        ("x-forwarded-user", "audit_team"),
        ("x-original-url", "/health"),
        ("x-http-method-override", "PATCH"),
        ("forwarded", "for=127.0.0.1"),
    ] {
        let answer = scene.call(&key, &path, &[headers], b"");
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    for forged in ["", "x", &key[..key.len() - 1], &format!("{key}x"), &key.to_uppercase(), &format!("{key},{key}")] {
        let answer = scene.call(forged, &path, &[], b"");
        is_refused(&answer, forged);
        assert_eq!(answer.status, 401, "{forged}");
    }
    // A session is no key, and a key no session.
    assert_eq!(scene.call(&team, &path, &[], b"").status, 401);
    let cookie = format!("facilities_audit_session={key}");
    let answer = facilities_audit_tests::raw::send(&scene.server, "GET /rounds", &[("cookie", &cookie)], b"");
    assert_eq!(answer.status, 401);
}
