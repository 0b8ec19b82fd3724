//! What the pages of signing in refuse: guessing who has an account, fixed sessions, ways back that leave the site, links
//! used again, forged cookies, and a second step that is left out.

use std::collections::BTreeSet;

use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, accounts, own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::auth::secret_hash;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{Backend, PageReader, Server, World, on_both_databases};

use crate::sign_in::{EMAIL, PASSWORD, with_password};

const SESSION: &str = "facilities_audit_session";
const VISITOR: &str = "facilities_audit_visitor";

/// Somebody at the sign-in page.
fn at_sign_in(server: &Server) -> PageReader {
    let mut reader = PageReader::new(server);
    assert_eq!(reader.get("/sign-in").status, 200);
    reader
}

/// Somebody who has signed in with a password; where that led.
fn signed_in(server: &Server, next: &str) -> (PageReader, String) {
    let mut reader = at_sign_in(server);
    let answer = reader.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD), ("next", next)]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    (reader, answer.location.unwrap())
}

/// The path of a new sign-in link.
fn link(app: &App, email: &str, role: Role) -> String {
    let secret = accounts::add_user(app, &Principal::command_line(), email, None, role, None, None).unwrap();
    format!("/sign-in/{secret}")
}

/// A second factor for whoever has the password, set up in the test's own process.
fn second_factor(app: &App) -> SecondFactor {
    let signed_in = sign_in::with_password(app, &Visit::unknown(), EMAIL, PASSWORD).unwrap();
    let new = own_account::begin_second_factor(app, &signed_in.principal).unwrap();
    let factor = SecondFactor::new(&new.secret, EMAIL).unwrap();
    let code = factor.code_at(app.now().timestamp());
    own_account::confirm_second_factor(app, &Visit::unknown(), &signed_in.session, &code).unwrap();
    factor
}

on_both_databases! {
    /// A wrong password gets the same answer whether or not there is such an account, and with or without a password.
    fn a_wrong_password_tells_nothing(world: World) {
        let app = world.app();
        with_password(&app);
        link(&app, "bare@example.org", Role::Commissioner);
        let server = world.serve();
        let mut answers = BTreeSet::new();
        for email in [EMAIL, "bare@example.org", "nobody@example.org", "no address"] {
            let mut reader = at_sign_in(&server);
            let answer = reader.post("/sign-in", &[("email", email), ("password", "a wrong password")]);
            assert_eq!(answer.status, 401);
            let text = answer.text();
            assert!(text.contains(&format!("value=\"{email}\"")) && !text.contains("a wrong password"), "{text}");
            let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| !["date", "content-length", "x-request-id"].contains(&name.as_str())).cloned().collect();
            answers.insert((text.replace(&reader.csrf, "").replace(email, ""), headers));
        }
        assert_eq!(answers.len(), 1);
        // Asking for a link tells as little.
        for path in ["/sign-in/link", "/sign-in/forgotten"] {
            let answer = |email: &str| {
                let answer = at_sign_in(&server).post(path, &[("email", email)]);
                (answer.status, answer.location, answer.bytes)
            };
            assert_eq!(answer(EMAIL), answer("nobody@example.org"));
            assert_eq!(at_sign_in(&server).post(path, &[("email", "no address")]).status, 422);
        }
    }

    fn too_many_tries_are_told_when_to_come_back(world: World) {
        with_password(&world.app());
        let server = world.serve();
        let mut reader = at_sign_in(&server);
        for _ in 0..5 {
            assert_eq!(reader.post("/sign-in", &[("email", EMAIL), ("password", "wrong")]).status, 401);
        }
        let answer = reader.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]);
        assert_eq!(answer.status, 429);
        assert!(answer.headers.contains(&("retry-after".to_owned(), "900".to_owned())), "{:?}", answer.headers);
        assert!(answer.text().contains("ask for a sign-in link"), "{}", answer.text());
        // Which works at once.
        assert_eq!(reader.post("/sign-in/link", &[("email", EMAIL)]).status, 303);
        let path = world.link_to(EMAIL).strip_prefix(server.base()).unwrap().to_owned();
        assert_eq!(reader.post(&path, &[]).location.as_deref(), Some("/"));
        assert_eq!(reader.get("/account").status, 200);
    }

    /// Whatever cookies somebody brings to a sign-in, the session after it is a new one, and the one before is over.
    fn a_session_cannot_be_fixed(world: World) {
        let app = world.app();
        with_password(&app);
        let server = world.serve();
        let factor = second_factor(&app);
        let attacker = PageReader::signed_in(&server, &link(&app, "attacker@example.org", Role::Commissioner));
        let theirs = attacker.cookies[SESSION].clone();

        let mut victim = PageReader::new(&server);
        victim.cookies.insert(SESSION.into(), theirs.clone());
        victim.cookies.insert(VISITOR.into(), "chosen-by-the-attacker".into());
        assert_eq!(victim.get("/sign-in").status, 200);
        assert_eq!(victim.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).status, 303);
        let half = victim.cookies[SESSION].clone();
        assert_eq!(victim.get("/sign-in/code").status, 200);
        let code = factor.code_at(app.now().timestamp() + 30);
        assert_eq!(victim.post("/sign-in/code", &[("code", &code)]).status, 303);
        let whole = victim.cookies[SESSION].clone();
        assert_eq!(BTreeSet::from([&theirs, &half, &whole]).len(), 3);
        assert_eq!(victim.get("/account").status, 200);
        assert_eq!(victim.cookies[VISITOR], "chosen-by-the-attacker", "it stands for nobody");
        for over in [&theirs, &half, "chosen-by-the-attacker"] {
            let mut reader = PageReader::new(&server);
            reader.cookies.insert(SESSION.into(), over.to_owned());
            assert_eq!(reader.get("/account").status, 401);
        }
        // A made-up session is not taken over either.
        let mut other = PageReader::new(&server);
        other.cookies.insert(SESSION.into(), "made-up".into());
        other.get("/sign-in");
        assert_eq!(other.post(&link(&app, "other@example.org", Role::Commissioner), &[]).status, 303);
        assert_ne!(other.cookies[SESSION], "made-up");
    }

    fn forged_cookies_are_nobodys(world: World) {
        let app = world.app();
        let who = with_password(&app);
        let server = world.serve();
        let (mut reader, _) = signed_in(&server, "");
        let session = reader.cookies[SESSION].clone();
        let id = reader.get("/account/sessions").text();
        let id = id.split("/account/sessions/").nth(1).unwrap().split("/end").next().unwrap().to_owned();
        let account = who.account().unwrap();
        for forged in [
            "x".to_owned(),
            id,
            account.to_owned(),
            who.actor.clone(),
            secret_hash(&session),
            session.to_lowercase(),
            session.get(1..).unwrap().to_owned(),
            format!("{session}0"),
            format!("{session}%00"),
            "' OR 1=1 --".to_owned(),
            "a".repeat(5_000),
        ] {
            let mut nobody = PageReader::new(&server);
            nobody.cookies.insert(SESSION.into(), forged.clone());
            assert_eq!(nobody.get("/account").status, 401, "{forged:?}");
        }
        assert_eq!(reader.get("/account").status, 200);
    }
}

/// After signing in, whichever way, nobody is sent anywhere but to a page of ours.
#[test]
fn the_way_back_does_not_leave_the_site() {
    let world = World::new(Backend::Sqlite);
    let app = world.app();
    with_password(&app);
    let server = world.serve();
    let address = |path: &str, next: &str| {
        let encoded = next.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        format!("{path}?next={encoded}")
    };
    let evil = [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\r\nLocation: https://evil.example",
        "/\0",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
    ];
    for next in evil {
        // A zero byte in a query is no text and is refused; every other is answered, and carries nothing on.
        let expected = if next.contains('\0') { 400 } else { 200 };
        for path in ["/sign-in", "/sign-in/some-token"] {
            let page = PageReader::new(&server).get(&address(path, next));
            assert_eq!(page.status, expected, "{path} {next:?}");
            assert!(!page.text().contains("name=\"next\""), "{path} {next:?}");
        }
        assert_eq!(signed_in(&server, next).1, "/", "{next:?}");
    }
    assert_eq!(signed_in(&server, "/gaps?year=2021").1, "/gaps?year=2021");
    // And none is carried past the second step.
    second_factor(&app);
    for next in evil {
        let (mut reader, to) = signed_in(&server, next);
        assert_eq!(to, "/sign-in/code", "{next:?}");
        assert!(!reader.get(&address("/sign-in/code", next)).text().contains("name=\"next\""), "{next:?}");
    }
    let (mut reader, to) = signed_in(&server, "/gaps?year=2021");
    assert_eq!(to, "/sign-in/code?next=%2Fgaps%3Fyear%3D2021");
    assert!(reader.get(&to).text().contains("name=\"next\" value=\"/gaps?year&#x3D;2021\""));
}

#[test]
fn a_link_that_was_used_or_taken_back_is_gone() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    with_password(&app);
    let server = world.serve();
    let path = link(&app, "other@example.org", Role::Commissioner);
    let mut reader = at_sign_in(&server);
    assert_eq!(reader.post(&path, &[]).status, 303);
    assert_eq!(at_sign_in(&server).post(&path, &[]).status, 410);

    at_sign_in(&server).post("/sign-in/forgotten", &[("email", EMAIL)]);
    let reset = world.link_to(EMAIL).strip_prefix(server.base()).unwrap().to_owned();
    let mut reader = PageReader::new(&server);
    assert_eq!(reader.get(&reset).status, 200);
    // A link for one purpose is none for another.
    let as_sign_in = reset.replace("/reset/", "/sign-in/");
    assert_eq!(reader.post(&as_sign_in, &[]).status, 410);
    assert_eq!(reader.post(&reset, &[("password", "walrus ladder tangent")]).status, 303);
    assert_eq!(reader.post(&reset, &[("password", "another ladder tangent")]).status, 410);
    assert_eq!(reader.get(&reset).status, 410);
    assert_eq!(reader.get("/reset/unknown").status, 410);

    let who = Principal::command_line();
    let new = NewSectionLink { section: "governance", email: "nurse@example.org", note: "", days: 1 };
    let (line, secret) = section_links::make(&app, &who, 2022, "FLS070", &new).unwrap();
    let path = format!("/section/{secret}");
    let mut nurse = at_sign_in(&server);
    assert_eq!(nurse.post(&path, &[]).location.as_deref(), Some("/survey/2022/FLS070/governance"));
    section_links::revoke(&app, &who, 2022, "FLS070", &line.link.id).unwrap();
    assert_eq!(nurse.get("/survey/2022/FLS070/governance").status, 401);
    assert_eq!(at_sign_in(&server).post(&path, &[]).status, 410);
}

/// Somebody who knows the password and has no code gets to the second step and no further: above all, they cannot set up
/// a second factor of their own.
#[test]
fn the_second_step_cannot_be_left_out() {
    let world = World::new(Backend::Sqlite);
    let app = world.app();
    with_password(&app);
    let server = world.serve();
    second_factor(&app);
    let (mut reader, _) = signed_in(&server, "");
    for path in ["/", "/account", "/account/sessions", "/account/second-factor", "/account/second-factor.svg", "/gaps"]
    {
        let answer = reader.get(path);
        let to = answer.location.unwrap_or_default();
        assert!(answer.status == 303 && to.starts_with("/sign-in/code"), "{path}: {} {to}", answer.status);
    }
    assert_eq!(reader.get("/sign-in/code").status, 200);
    for path in ["/account/second-factor", "/account/second-factor/remove", "/account/password", "/account/name"] {
        let answer = reader.post(path, &[("code", "123456"), ("password", "walrus ladder tangent"), ("name", "Eve")]);
        assert!(answer.location.is_some_and(|to| to.starts_with("/sign-in/code")), "{path}");
    }
    assert_eq!(reader.post("/sign-in/code", &[("code", "123456")]).status, 401);
}

/// What one's own account takes and refuses, beside what the browser's tests go through.
#[test]
fn an_account_is_changed_by_its_owner() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let who = Principal::command_line();
    let secret = accounts::add_user(&app, &who, EMAIL, None, Role::FlsLead, Some("FLS070"), None).unwrap();
    let server = world.serve();
    let mut lead = PageReader::signed_in(&server, &format!("/sign-in/{secret}"));
    assert_eq!(lead.post("/account/name", &[("name", " ")]).status, 422);
    assert_eq!(lead.post("/account/name", &[("name", "Grace <Okafor>")]).status, 303);
    let page = lead.get("/account?done=name").text();
    assert!(page.contains("Your name is changed") && page.contains("Grace &lt;Okafor&gt;"), "{page}");

    // A second factor may be set up by anybody; its codes are shown and counted, and it can go again.
    let page = lead.get("/account/second-factor").text();
    let secret = page.split("id=\"secret\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    let factor = SecondFactor::new(&secret, EMAIL).unwrap();
    let code = factor.code_at(app.now().timestamp());
    let before = lead.cookies[SESSION].clone();
    let page = lead.post("/account/second-factor", &[("code", &code)]);
    assert_eq!(page.status, 200);
    assert_ne!(lead.cookies[SESSION], before);
    let codes: Vec<String> =
        page.text().split("app-secret\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    let page = lead.post("/account/second-factor/recovery-codes", &[("code", &codes[0])]);
    assert!(page.status == 200 && !page.text().contains(&codes[1]), "new ones");
    assert_eq!(lead.post("/account/second-factor/remove", &[("code", &codes[1])]).status, 422, "an old one");
    let code = factor.code_at(app.now().timestamp() + 30);
    assert_eq!(lead.post("/account/second-factor/remove", &[("code", &code)]).status, 303);
    assert!(lead.get("/account").text().contains("Set up<span"));

    // The lead is handed over by its holder, once.
    assert_eq!(lead.post("/account/hand-over", &[("email", "next@example.org")]).status, 422);
    assert_eq!(lead.post("/account/hand-over", &[("service", "FLS070"), ("email", EMAIL)]).status, 422);
    assert_eq!(lead.post("/account/hand-over", &[("service", "FLS012"), ("email", "next@example.org")]).status, 403);
    assert_eq!(lead.post("/account/hand-over", &[("service", "FLS070"), ("email", "next@example.org")]).status, 303);
    let page = lead.get("/account").text();
    assert!(page.contains("FLS contributor of FLS070") && !page.contains("/account/hand-over"), "{page}");
    assert!(world.link_to("next@example.org").contains("/sign-in/"));
    assert_eq!(lead.post("/account/hand-over", &[("service", "FLS070"), ("email", "third@example.org")]).status, 403);
}
