//! No secret stands in the log of a busy server, however much it is told to say.

use facilities_audit::app::{accounts, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::raw::send;
use facilities_audit_tests::{PageReader, SECRET_KEY, Server, on_both_databases};
use serde_json::json;

const PASSWORD: &str = "kettle-fjord-mandolin-4711";

on_both_databases! {
    fn the_log_keeps_no_secret(world: World) {
        let (app, who) = (world.app(), Principal::command_line());
        let key = keys::make(&app, &who, "test", Role::AuditTeam, None, None, None).unwrap().1;
        let link = accounts::add_user(&app, &who, "ann@example.org", None, Role::Commissioner, None, None).unwrap();
        let unused = accounts::add_user(&app, &who, "ben@example.org", None, Role::Commissioner, None, None).unwrap();
        let mut command = world.program(&["serve"]);
        command.env("FACILITIES_AUDIT_LOG", "trace");
        let server = Server::start(command);

        let mut secrets = vec![("the secret key", SECRET_KEY.to_owned()), ("a password", PASSWORD.into())];
        secrets.extend([("an API key", key.clone()), ("a link", link.clone()), ("another link", unused.clone())]);
        let mut reader = PageReader::signed_in(&server, &format!("/sign-in/{link}"));
        secrets.push(("a session", reader.cookies["facilities_audit_session"].clone()));
        secrets.push(("a token of forms", reader.csrf.clone()));
        for path in ["/", "/gaps", "/rounds", "/nothing", "/survey"] {
            reader.get(path);
        }
        for path in ["/sign-in", "/sign-in/password", "/account/password", "/reset"] {
            reader.post(path, &[("email", "ann@example.org"), ("password", PASSWORD), ("code", "123456"), ("new", PASSWORD)]);
        }
        // Secrets where they do not belong, and where something goes wrong.
        for path in [
            format!("/sign-in/{unused}"), format!("/reset/{unused}"), format!("/section/{unused}"), format!("/nothing/{unused}"),
            format!("/gaps?token={unused}"), format!("/api/v1/services/{key}"), format!("/assets/{unused}/x"),
        ] {
            for method in ["GET", "POST"] {
                send(&server, &format!("{method} {path}"), &[("referer", &format!("http://x/{unused}"))], b"");
            }
        }
        let bearer = format!("Bearer {key}");
        for (line, body) in [
            ("GET /api/v1/rounds", String::new()),
            ("GET /api/v1/services/NOBODY", String::new()),
            ("PATCH /api/v1/rounds/2022/responses/X", json!({ "answers": [], "password": PASSWORD }).to_string()),
            ("POST /api/v1/imports", format!("--b\r\n{PASSWORD}")),
        ] {
            send(&server, line, &[("authorization", &bearer), ("content-type", "application/json")], body.as_bytes());
        }
        send(&server, "GET /api/v1/rounds", &[("authorization", &format!("Basic {key}"))], b"");
        send(&server, "GET /api/v1/rounds", &[("host", &key), ("authorization", &bearer)], b"");

        let log = server.printed();
        assert!(log.contains("answered") && log.contains("/sign-in/…"), "the log is on:\n{log}");
        for (what, secret) in secrets {
            assert!(secret.len() > 15, "{what} is one");
            assert!(!log.contains(&secret), "{what} stands in the log:\n{log}");
        }
    }
}
