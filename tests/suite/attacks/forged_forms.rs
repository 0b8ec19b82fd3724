//! Forms that somebody else's page sends in a reader's name.

use facilities_audit::app::history;
use facilities_audit::app::own_account;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::raw::{RawAnswer, send};
use facilities_audit_tests::{Backend, PageReader, World};

use super::{OWN, Scene, filled, is_refused, is_sound, pages, usual};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

fn post(scene: &Scene, path: &str, reader: &PageReader, from: &[(&str, &str)], token: Option<&str>) -> RawAnswer {
    let cookie = reader.cookie_header();
    let mut headers = vec![FORM, ("cookie", cookie.as_str())];
    headers.extend(from);
    let fields = token.map(|token| format!("csrf={token}&")).unwrap_or_default();
    send(&scene.server, &format!("POST {path}"), &headers, format!("{fields}email=x%40example.org&v.x=1").as_bytes())
}

/// What was done so far: the head of every chain of the history.
fn done(scene: &Scene) -> String {
    format!("{:?}", history::heads(&scene.app, &Principal::command_line()).unwrap())
}

#[test]
fn no_form_is_taken_that_our_own_page_did_not_send() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let team = scene.person(Role::AuditTeam, None, None);
    let lead = scene.person(Role::FlsLead, Some(OWN), None);
    let mut visitor = PageReader::new(&scene.server);
    visitor.get("/sign-in/x");
    assert!([&team, &lead, &visitor].iter().all(|reader| reader.csrf.len() >= 64), "every page has a token");
    let host = format!("http://{}", scene.server.place());
    let before = done(&scene);
    let posts: Vec<String> = pages().into_iter().filter(|(method, _)| method == "POST").map(|(_, path)| path).collect();
    assert!(posts.len() >= 5, "{posts:?}");
    for path in posts.iter().map(|path| filled(path, |name| usual(name, OWN))) {
        for (who, reader) in [("team", &team), ("lead", &lead), ("visitor", &visitor)] {
            let own = reader.csrf.as_str();
            let others = if who == "team" { lead.csrf.as_str() } else { team.csrf.as_str() };
            let foreign = ("origin", "https://evil.example");
            let attempts: [(&str, &[(&str, &str)], Option<&str>); 12] = [
                ("no token", &[SAME], None),
                ("an empty token", &[SAME], Some("")),
                ("a made-up token", &[SAME], Some("0000000000000000000000000000000000000000000000000000000000000000")),
                ("a token cut short", &[SAME], Some(&own[..63])),
                ("another session's token", &[SAME], Some(others)),
                ("another's token, own origin", &[("origin", &host)], Some(others)),
                ("from another site", &[("sec-fetch-site", "cross-site")], Some(own)),
                ("from a neighbour", &[("sec-fetch-site", "same-site")], Some(own)),
                (
                    "from another site that names our origin",
                    &[("sec-fetch-site", "cross-site"), ("origin", &host)],
                    Some(own),
                ),
                ("of a foreign origin", &[foreign], Some(own)),
                ("of no origin", &[("origin", "null")], Some(own)),
                ("from nowhere", &[], Some(own)),
            ];
            for (attempt, from, token) in attempts {
                let answer = post(&scene, &path, reader, from, token);
                is_refused(&answer, &format!("POST {path} as {who}, {attempt}"));
                assert_eq!(answer.status, 403, "POST {path} as {who}, {attempt}: {}", answer.body);
                assert!(answer.body.contains("was not taken"), "{attempt}: {}", answer.body);
                assert!(answer.header("set-cookie").is_none(), "{attempt}: {}", answer.head);
            }
            // A token in the address is no token.
            let answer = post(&scene, &format!("{path}?csrf={own}"), reader, &[SAME], None);
            assert_eq!(answer.status, 403, "POST {path}, the token in the address");
        }
        // A visitor's token does not do once they are somebody.
        let mut both = PageReader::in_session(&scene.server, &team.cookies["facilities_audit_session"]);
        both.cookies.extend(visitor.cookies.clone());
        let answer = post(&scene, &path, &both, &[SAME], Some(&visitor.csrf));
        assert_eq!(answer.status, 403, "POST {path}, a visitor's token");
    }
    assert_eq!(done(&scene), before, "nothing was done");

    // The right token is taken, so the refusals above are for the wrong ones.
    for path in posts.iter().map(|path| filled(path, |name| usual(name, OWN))) {
        let reader = scene.person(Role::FlsLead, Some(OWN), None);
        let answer = post(&scene, &path, &reader, &[SAME], Some(&reader.csrf));
        is_sound(&answer, &path);
        assert!(!answer.body.contains("so it was not taken"), "POST {path}: {}", answer.body);
    }
}

/// A session that somebody else has chosen is nobody's, before and after signing in.
#[test]
fn a_session_cannot_be_fixed() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let who = Principal::command_line();
    let link = facilities_audit::app::accounts::add_user(
        &scene.app,
        &who,
        "ann@example.org",
        None,
        Role::Commissioner,
        None,
        None,
    );
    let path = format!("/sign-in/{}", link.unwrap());
    let chosen = "chosen-by-somebody-else-and-long-enough-to-be-one";
    let mut reader = PageReader::new(&scene.server);
    reader.cookies.insert("facilities_audit_session".into(), chosen.into());
    assert_eq!(reader.get(&path).status, 200);
    assert_eq!(reader.post(&path, &[]).status, 303);
    assert_ne!(reader.cookies["facilities_audit_session"], chosen);
    assert_eq!(reader.get("/gaps").status, 200);
    reader.cookies.insert("facilities_audit_session".into(), chosen.into());
    assert_eq!(reader.get("/gaps").status, 401);
}

/// Tokens of one session do not go on working after its end.
#[test]
fn a_token_ends_with_its_session() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let session = scene.session(Role::Commissioner, None, None);
    let mut reader = PageReader::in_session(&scene.server, &session);
    let (cookies, token) = (reader.cookies.clone(), reader.csrf.clone());
    assert_eq!(reader.post("/sign-out", &[]).status, 303);
    reader.cookies = cookies;
    assert_eq!(reader.get("/gaps").status, 401);
    let answer = post(&scene, "/sign-out", &reader, &[SAME], Some(&token));
    assert!(matches!(answer.status, 401 | 403), "{}", answer.status);
    // Nor does a new password let old sessions live.
    let other = scene.session(Role::Commissioner, None, None);
    let visit = facilities_audit::app::sessions::Visit::unknown();
    let current = facilities_audit::app::sessions::current(&scene.app, &other, &visit).unwrap().unwrap();
    own_account::set_password(&scene.app, &current.principal, None, "", "kettle fjord mandolin").unwrap();
    let answer = send(&scene.server, "GET /gaps", &[("cookie", &format!("facilities_audit_session={other}"))], b"");
    assert_eq!(answer.status, 401);
}
