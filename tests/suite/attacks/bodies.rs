//! Oversized and malformed bodies.

use facilities_audit::domain::access::Role;
use facilities_audit_tests::raw::{RawAnswer, send, send_bytes};
use facilities_audit_tests::{World, on_both_databases};

use super::{OWN, Scene, YEAR, filled, is_refused, is_sound, operations, pages, usual};

const JSON: (&str, &str) = ("content-type", "application/json");

fn patch(scene: &Scene, key: &str, headers: &[(&str, &str)], body: &[u8]) -> RawAnswer {
    scene.call(key, &format!("PATCH /api/v1/rounds/{YEAR}/responses/{OWN}"), headers, body)
}

/// A change of one item, with the rest of it as given.
fn change(rest: &str) -> Vec<u8> {
    format!(r#"{{"answers":[{{"link_id":"governance_frequency","version":0,{rest}}}]}}"#).into_bytes()
}

fn multipart(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"files\"; filename={name}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--b--\r\n"].concat()
}

on_both_databases! {
    fn json_that_is_none_is_refused(world: World) {
        let scene = Scene::new(world);
        let key = scene.key(Role::AuditTeam, None, None);
        let deep = |open: &str, close: &str, depth| format!("{}{}", open.repeat(depth), close.repeat(depth)).into_bytes();
        let bodies: Vec<(&str, Vec<u8>)> = vec![
            ("nothing", Vec::new()),
            ("deep arrays", deep("[", "]", 100_000)),
            ("deep objects", deep("{\"a\":", "}", 50_000)),
            ("deep inside", [b"{\"answers\":".as_slice(), &deep("[", "]", 100_000), b"}"].concat()),
            ("unclosed", vec![b'['; 200_000]),
            ("not UTF-8", vec![0xff, 0xfe, b'{', b'}']),
            ("not UTF-8 inside", change("\"text\":\"\u{0}\"").iter().map(|b| if *b == 0 { 0xc3 } else { *b }).collect()),
            ("a null byte", b"{\"answers\":[]}\0".to_vec()),
            ("a raw null byte in a text", change("\"text\":\"a\u{0}b\"")),
            ("a huge number", change("\"integer\":1e999")),
            ("a number past every integer", change("\"integer\":99999999999999999999999999")),
            ("NaN", change("\"decimal\":NaN")),
            ("a version past every integer", br#"{"answers":[{"link_id":"x","version":1e300}]}"#.to_vec()),
            ("the same field twice", change("\"choice\":\"monthly\",\"choice\":\"none\"")),
            ("an unknown field", change("\"__proto__\":{\"admin\":true}")),
            ("half a surrogate", change(r#""text":"\ud800""#)),
            ("a script as link", br#"{"answers":[{"link_id":"<script>alert(1)</script>","version":0,"text":"x"}]}"#.to_vec()),
            ("SQL as link", br#"{"answers":[{"link_id":"'; DROP TABLE responses; --","version":0,"text":"x"}]}"#.to_vec()),
            ("too large", format!("{{\"answers\":[],\"x\":\"{}\"}}", "a".repeat(3_000_000)).into_bytes()),
        ];
        for (what, body) in &bodies {
            let answer = patch(&scene, &key, &[JSON], body);
            is_refused(&answer, what);
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
            assert!(answer.body.len() < 2_000, "{what}: the answer is short, whatever came: {}", answer.body.len());
        }
        assert_eq!(patch(&scene, &key, &[JSON], &bodies.last().unwrap().1).status, 413);
        for kind in ["", "text/plain", "application/xml", "application/json, text/html", "multipart/form-data", "\u{7}"] {
            let answer = patch(&scene, &key, &[("content-type", kind)], b"{\"answers\":[]}");
            assert!(matches!(answer.status, 400 | 415), "{kind:?}: {}", answer.status);
        }
        assert_eq!(scene.version(OWN), 0, "nothing was stored");
    }

    /// Characters that a database or a page may stumble over are stored and given back, or refused; nothing breaks.
    fn odd_characters_break_nothing(world: World) {
        let scene = Scene::new(world);
        let key = scene.key(Role::AuditTeam, None, None);
        let app = &scene.app;
        let who = facilities_audit::domain::access::Principal::command_line();
        let view = facilities_audit::app::responses::view(app, &who, YEAR, OWN).unwrap();
        let item = view.questionnaire.items()
            .find(|item| item.kind == facilities_audit::domain::questionnaire::definition::ItemType::Text)
            .unwrap().link_id.clone();
        let mut reader = scene.person(Role::FlsLead, Some(OWN), None);
        for odd in [
            r"a\u0000b", r"\u0001\u001f\u007f", r"\u202eevil\u202c", r"\ufeff", r"\uffff\ufffe", r"\ud83e\uddb4", r"\u2028\u2029",
            r"e\u0301", "' OR 1=1 --", "{{7*7}}", "%00%0d%0a", "=cmd|'/c calc'!A1", r"\\x00",
        ] {
            let version = facilities_audit::app::responses::view(app, &who, YEAR, OWN).unwrap().response.document.version(&item);
            let body = format!(r#"{{"answers":[{{"link_id":"{item}","version":{version},"text":"{odd}","explanation":"{odd}"}}]}}"#);
            let answer = patch(&scene, &key, &[JSON], body.as_bytes());
            is_sound(&answer, odd);
            let answer = scene.call(&key, &format!("GET /api/v1/rounds/{YEAR}/responses/{OWN}"), &[], b"");
            assert_eq!(answer.status, 200, "{odd}");
            let answer = scene.call(&key, "GET /api/v1/exports/responses.csv", &[], b"");
            assert_eq!(answer.status, 200, "{odd}");
            // And by the form.
            let page = format!("/survey/{YEAR}/{OWN}/governance");
            reader.get(&page);
            let answer = reader.post(&page, &[(&format!("v.{item}"), "a\0b\u{1}\u{202e}"), (&format!("e.{item}"), "a\0b")]);
            assert!(answer.status < 500, "{odd}: {}", answer.text());
        }
    }

    fn multipart_that_is_none_is_refused(world: World) {
        let scene = Scene::new(world);
        let key = scene.key(Role::AuditTeam, None, None);
        let kind = ("content-type", "multipart/form-data; boundary=b");
        let import = |headers: &[(&str, &str)], body: &[u8]| scene.call(&key, "POST /api/v1/imports", headers, body);
        let services = b"code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\nZZZ,Zed,,,QOQ,,,\n";
        for (what, body) in [
            ("nothing", Vec::new()),
            ("no end", multipart("\"services.csv\"", services)[..120].to_vec()),
            ("no boundary", b"hello".to_vec()),
            ("a boundary over and over", b"--b\r\n".repeat(10_000)),
            ("a part without a name", b"--b\r\n\r\nx\r\n--b--\r\n".to_vec()),
            ("a header without an end", [b"--b\r\nX: ".as_slice(), &vec![b'a'; 100_000]].concat()),
            ("a name with a line end", multipart("\"a\r\nX-Injected: 1\r\n.csv\"", services)),
            ("a way out of the folder", multipart("\"../../services.csv\"", services)),
            ("a null byte in the name", multipart("\"services.csv\0.png\"", services)),
            ("a script as name", multipart("\"<script>alert(1)</script>.csv\"", services)),
            ("an unknown file", multipart("\"passwd\"", services)),
            ("null bytes", multipart("\"services.csv\"", b"code,name\0\n\0\0\0")),
            ("not UTF-8", multipart("\"services.csv\"", b"code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\nZZZ,\xff\xfe,,,QOQ,,,\n")),
            ("a null byte in a name", multipart("\"services.csv\"", b"code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\nZZZ,a\0b,,,QOQ,,,\n")),
            ("a row without an end", multipart("\"services.csv\"", &[b"code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\n\"".as_slice(), &vec![b'x'; 500_000]].concat())),
        ] {
            let answer = import(&[kind], &body);
            is_refused(&answer, what);
            assert!(answer.header("x-injected").is_none(), "{what}: {}", answer.head);
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}: no page shows it");
        }
        for wrong in ["multipart/form-data", "multipart/form-data; boundary=", "application/json", "text/csv"] {
            is_refused(&import(&[("content-type", wrong)], &multipart("\"services.csv\"", services)), wrong);
        }
        let huge = [kind, ("content-length", "999999999999")];
        assert_eq!(import(&huge, b"--b\r\n").status, 413);
    }
}

/// Every way in that takes a body is sent what is none of its kinds.
#[test]
fn every_way_in_refuses_what_is_no_body_of_its_kind() {
    let scene = Scene::new(World::new(facilities_audit_tests::Backend::Sqlite));
    let key = scene.key(Role::AuditTeam, None, None);
    let bodies: [(&str, Vec<u8>); 6] = [
        ("application/json", b"[[[[".to_vec()),
        ("application/json", b"{\"version\":\"\\u0000\"}".to_vec()),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00&=&&&a=%".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n".to_vec()),
        ("text/plain", vec![0xff; 1_000]),
        ("application/octet-stream", vec![0; 100_000]),
    ];
    // A removal takes no body, and does not look at one.
    for (method, path) in operations().into_iter().filter(|(method, _)| !matches!(method.as_str(), "GET" | "DELETE")) {
        let path = filled(&path, |name| usual(name, OWN));
        for (kind, body) in &bodies {
            let headers = [("content-type", *kind), ("if-match", "\"999\"")];
            let answer = scene.call(&key, &format!("{method} {path}"), &headers, body);
            is_refused(&answer, &format!("{method} {path}, {kind}"));
        }
    }
    for (_, path) in pages().into_iter().filter(|(method, _)| method == "POST") {
        let path = filled(&path, |name| usual(name, OWN));
        let reader = scene.person(Role::FlsLead, Some(OWN), None);
        let (cookie, token) = (reader.cookie_header(), reader.csrf.clone());
        for (kind, body) in &bodies {
            let headers = [
                ("content-type", *kind),
                ("cookie", cookie.as_str()),
                ("sec-fetch-site", "same-origin"),
                ("x-csrf-token", token.as_str()),
            ];
            let answer = send(&scene.server, &format!("POST {path}"), &headers, body);
            is_sound(&answer, &format!("POST {path}, {kind}"));
        }
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers = [form, ("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let body = format!("csrf={token}&x={}", "a".repeat(1_100_000));
        let answer = send(&scene.server, &format!("POST {path}"), &headers, body.as_bytes());
        assert_eq!(answer.status, 413, "{path}: {}", answer.body);
    }
}

/// Chunks that are none, and a body that never comes.
#[test]
fn a_body_that_breaks_off_is_refused() {
    let scene = Scene::new(World::new(facilities_audit_tests::Backend::Sqlite));
    let key = scene.key(Role::AuditTeam, None, None);
    let chunked = [JSON, ("transfer-encoding", "chunked")];
    for garbage in [
        &b"zz\r\n"[..],
        b"-1\r\n",
        b"5\r\nab\r\nxyzzy\r\n",
        b"ffffffffffffffffff\r\n",
        b"5;x=\0\r\nabcde\r\n0\r\n\r\n",
        b"3\r\n{}\nxx\r\n",
    ] {
        let answer = patch(&scene, &key, &chunked, garbage);
        assert!(matches!(answer.status, 400 | 422), "{garbage:?}: {} {}", answer.status, answer.body);
    }
    let whole = patch(&scene, &key, &chunked, b"e\r\n{\"answers\":[]}\r\n0\r\n\r\n");
    assert!(whole.status < 500, "{}", whole.body);
    // Less than was promised, and then nothing: the connection is closed from our side of the test.
    let head = format!("PATCH /api/v1/rounds/{YEAR}/responses/{OWN} HTTP/1.1\r\nhost: {}\r\n", scene.server.place());
    let head =
        format!("{head}authorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{{");
    let mut stream = std::net::TcpStream::connect(scene.server.place()).unwrap();
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    drop(stream);
    assert_eq!(send(&scene.server, "GET /health", &[], b"").status, 200);
}

/// A client that sends the head of its request a letter at a time is not waited for without end.
#[test]
fn a_slow_head_is_given_up() {
    let scene = Scene::new(World::new(facilities_audit_tests::Backend::Sqlite));
    // Returns when the server closes; without a limit of its own it never would.
    let answer = send_bytes(&scene.server, b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ");
    assert!(matches!(answer.status, 0 | 400 | 408), "{}", answer.status);
}
