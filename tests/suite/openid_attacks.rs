//! Signing in with an OpenID provider that misbehaves, or with a browser that was tampered with: nobody gets in.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{Duration, Utc};
use facilities_audit::app::openid::{self, OpenIdFailure};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, Environment, Settings, accounts};
use facilities_audit::auth::key::ServerKey;
use facilities_audit::auth::openid::{Callback, OpenIdError, OpenIdSettings};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit_tests::{Backend, OPENID_SECRET, OpenIdProvider, PageAnswer, PageReader, Server, World};
use serde_json::{Value, json};

const SESSION: &str = "facilities_audit_session";
const JOURNEY: &str = "facilities_audit_openid";

/// What the rogue would have shown, if it could. Some of it is what it says, and some is what it knows.
const FOREIGN: [&str; 3] = ["<script>", "ann-at-the-provider", OPENID_SECRET];

struct Scene {
    world: World,
    provider: OpenIdProvider,
    server: Server,
}

/// A rogue provider, and the service with an invited commissioner and one of the audit team.
fn scene(settings: &[(&str, &str)]) -> Scene {
    let world = World::new(Backend::Sqlite);
    let (app, who) = (world.app(), Principal::command_line());
    accounts::add_user(&app, &who, "ann@example.org", Some("Ann Lee"), Role::Commissioner, None, None).unwrap();
    accounts::add_user(&app, &who, "team@example.org", Some("Tom Team"), Role::AuditTeam, None, None).unwrap();
    let provider = OpenIdProvider::rogue();
    let mut command = world.program(&["serve"]);
    provider.configure(&mut command);
    command.envs(settings.iter().copied());
    let server = Server::start(command);
    Scene { world, provider, server }
}

/// Where an address leads.
fn followed(address: &str) -> String {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
    let answer = ureq::Agent::from(config).get(address).call().unwrap();
    answer.headers().get("location").expect("it leads on").to_str().unwrap().to_owned()
}

impl Scene {
    /// Begins to sign in and goes to the provider; the path on which it sends the reader back.
    fn way_back(&self, reader: &mut PageReader) -> String {
        let begun = reader.get("/sign-in/openid?next=%2Fgaps");
        assert_eq!(begun.status, 303, "{}", begun.text());
        followed(&begun.location.unwrap()).strip_prefix(self.server.base()).expect("it leads to us").to_owned()
    }

    /// A whole sign-in of somebody new, as the provider is told to behave.
    fn signs_in(&self, behaviour: &Value) -> (PageReader, PageAnswer) {
        self.provider.behave(behaviour);
        let mut reader = PageReader::new(&self.server);
        let back = self.way_back(&mut reader);
        let answer = reader.get(&back);
        (reader, answer)
    }

    #[track_caller]
    fn refuses(&self, behaviour: &Value, status: u16, heading: &str) {
        let (reader, answer) = self.signs_in(behaviour);
        assert_refused(&reader, &answer, status, heading, &behaviour.to_string());
    }

    #[track_caller]
    fn admits(&self, behaviour: &Value) -> PageReader {
        let (mut reader, answer) = self.signs_in(behaviour);
        assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/gaps")), "{}", answer.text());
        assert!(reader.get("/gaps").text().contains("Ann Lee"));
        reader
    }
}

#[track_caller]
fn assert_refused(reader: &PageReader, answer: &PageAnswer, status: u16, heading: &str, what: &str) {
    let page = answer.text();
    assert_eq!(answer.status, status, "{what}: {page}");
    assert!(page.contains(&format!("<h1 class=\"nhsuk-heading-l\">{heading}</h1>")), "{what}: {page}");
    assert!(!reader.cookies.contains_key(SESSION), "{what}: somebody is signed in");
    assert!(!reader.cookies.contains_key(JOURNEY), "{what}: the same answer could be tried again");
    for foreign in FOREIGN {
        assert!(!page.contains(foreign), "{what}: {page}");
    }
}

const UNTRUSTED: &str = "We cannot trust the answer from NHS CIS2";
const AGAIN: &str = "Start signing in again";
const DOWN: &str = "We cannot reach NHS CIS2";

#[test]
fn an_id_token_that_does_not_hold_signs_nobody_in() {
    let scene = scene(&[]);
    scene.admits(&json!({}));
    for signature in ["tampered", "other_key", "unknown_key", "none", "shared_secret", "public_key_as_secret"] {
        scene.refuses(&json!({ "signature": signature }), 502, UNTRUSTED);
    }
    let now = Utc::now().timestamp();
    for claims in [
        json!({"aud": "another-client"}),
        json!({"aud": ["audit", "another-client"]}),
        json!({"aud": null}),
        json!({"azp": "another-client"}),
        json!({"iss": "https://evil.example"}),
        json!({"iss": null}),
        json!({"nonce": "another-sign-in"}),
        json!({"nonce": null}),
        json!({"exp": now - 1}),
        json!({"exp": null}),
        json!({"sub": null}),
    ] {
        scene.refuses(&json!({ "claims": claims }), 502, UNTRUSTED);
    }
    for header in [json!({"crit": ["exp"]}), json!({"cty": "JWT"}), json!({"alg": "none"}), json!({"alg": "RS257"})] {
        scene.refuses(&json!({ "header": header }), 502, UNTRUSTED);
    }
    // Who the user info is about must be who the token is about.
    let no_email = json!({"email": null, "email_verified": null});
    let another = json!({"sub": "another", "email": "ann@example.org", "email_verified": true});
    scene.refuses(&json!({ "claims": no_email, "user_info": another }), 502, UNTRUSTED);
    scene.admits(&json!({}));
}

#[test]
fn what_the_provider_answers_is_neither_trusted_nor_shown() {
    let scene = scene(&[]);
    let html = "<script>alert(1)</script>";
    let answers =
        |status: u16, kind: &str, body: &str| json!({"token": {"status": status, "type": kind, "body": body}});
    scene.refuses(&answers(200, "text/html", html), 502, UNTRUSTED);
    scene.refuses(&answers(200, "application/json", html), 502, UNTRUSTED);
    scene.refuses(&answers(200, "application/json", r#"{"access_token":"x","token_type":"Bearer"}"#), 502, UNTRUSTED);
    scene.refuses(&answers(200, "application/json", &format!("\"{}\"", "x".repeat(600_000))), 502, DOWN);
    scene.refuses(&answers(302, "text/html", html), 502, UNTRUSTED);
    scene.refuses(&answers(500, "text/html", html), 502, DOWN);
    let misconfigured = r#"{"error":"invalid_client","error_description":"<script>"}"#;
    scene.refuses(
        &answers(401, "application/json", misconfigured),
        502,
        "You cannot sign in with NHS CIS2 at the moment",
    );

    let back = |change: Value| json!({ "callback": change });
    scene.refuses(&back(json!({"error": "access_denied"})), 403, "You did not sign in with NHS CIS2");
    let error = json!({"error": html, "error_description": html, "error_uri": "https://evil.example"});
    scene.refuses(&back(error), 502, "You cannot sign in with NHS CIS2 at the moment");
    scene.refuses(&back(json!({"iss": "https://evil.example"})), 502, UNTRUSTED);
    scene.refuses(&back(json!({"state": "forged"})), 400, AGAIN);
    scene.refuses(&back(json!({"state": null})), 400, AGAIN);
    scene.refuses(&back(json!({"code": "forged"})), 400, AGAIN);
    scene.refuses(&back(json!({"code": null})), 400, AGAIN);
    scene.admits(&json!({}));
}

/// The way back works once, in the browser that was sent out, and for the last sign-in that it began.
#[test]
fn the_way_back_cannot_be_replayed_or_given_to_another() {
    let scene = scene(&[]);
    let mut reader = PageReader::new(&scene.server);
    let back = scene.way_back(&mut reader);
    let kept = reader.cookies[JOURNEY].clone();

    // Login CSRF: the victim's browser, which began nothing, or something else.
    let mut victim = PageReader::new(&scene.server);
    let answer = victim.get(&back);
    assert_refused(&victim, &answer, 400, AGAIN, "nothing was begun");
    scene.way_back(&mut victim);
    let answer = victim.get(&back);
    assert_refused(&victim, &answer, 400, AGAIN, "something else was begun");
    for forged in [kept[..kept.len() - 6].to_owned(), kept.to_uppercase(), "x".into(), "%00".into()] {
        victim.cookies.insert(JOURNEY.into(), forged.clone());
        let answer = victim.get(&back);
        assert_refused(&victim, &answer, 400, AGAIN, &forged);
    }

    assert_eq!(reader.get(&back).status, 303);
    let session = reader.cookies.remove(SESSION).unwrap();
    let answer = reader.get(&back);
    assert_refused(&reader, &answer, 400, AGAIN, "the same way a second time");
    // Even with the cookie that the browser was told to forget.
    reader.cookies.insert(JOURNEY.into(), kept);
    let answer = reader.get(&back);
    assert_refused(&reader, &answer, 400, AGAIN, "with its old cookie");

    // Somebody who is signed in gets a new session: the one that was there, perhaps planted, is not taken over.
    reader.cookies.insert(SESSION.into(), session.clone());
    let back = scene.way_back(&mut reader);
    assert_eq!(reader.get(&back).status, 303);
    assert_ne!(reader.cookies[SESSION], session);
}

#[test]
fn an_address_counts_if_the_provider_has_verified_it_or_is_trusted() {
    const UNKNOWN: &str = "We cannot tell which account is yours";
    let claims = |verified: Value| json!({"claims": {"email_verified": verified}});
    let strict = scene(&[]);
    strict.refuses(&claims(json!(null)), 403, UNKNOWN);
    strict.refuses(&claims(json!(false)), 403, UNKNOWN);
    strict.refuses(&json!({"claims": {"email": "nobody@example.org"}}), 403, "No account here is yours");
    // Verified, with the user info alone; from then on the identity counts, and not the address.
    let no_email = json!({"email": null, "email_verified": null});
    let user_info = json!({"email": "ann@example.org", "email_verified": true});
    strict.admits(&json!({ "claims": no_email, "user_info": user_info }));
    strict.admits(&json!({"claims": {"email": "team@example.org", "email_verified": true}}));
    strict.admits(&claims(json!(false)));

    let trusting = scene(&[("FACILITIES_AUDIT_OIDC_TRUST_EMAIL", "true")]);
    trusting.refuses(&claims(json!(false)), 403, UNKNOWN);
    trusting.admits(&claims(json!(null)));
}

#[test]
fn keys_may_change_and_the_second_factor_is_still_asked_for() {
    let scene = scene(&[]);
    scene.admits(&json!({}));
    scene.admits(&json!({"rotate": true}));
    scene.refuses(&json!({"signature": "other_key"}), 502, UNTRUSTED);
    let (mut reader, answer) = scene.signs_in(&json!({"claims": {"sub": "tom", "email": "team@example.org"}}));
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/account/second-factor?next=%2Fgaps")));
    let home = reader.get("/");
    assert_eq!((home.status, home.location.as_deref()), (303, Some("/account/second-factor")));
}

#[test]
fn what_passes_between_browser_and_provider_gives_nothing_away() {
    let scene =
        scene(&[("FACILITIES_AUDIT_PUBLIC_URL", "https://audit.example.org"), ("FACILITIES_AUDIT_LOG", "trace")]);
    let mut reader = PageReader::new(&scene.server);
    let begun = reader.get("/sign-in/openid?next=https%3A%2F%2Fevil.example");
    let (_, cookie) = begun.headers.iter().find(|(name, _)| name == "set-cookie").unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=600"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{attribute} is missing in {cookie}");
    }
    let address = begun.location.unwrap();
    for asked in ["response_type=code", "code_challenge_method=S256", "client_id=audit", "scope=openid+email+profile"] {
        assert!(address.contains(asked), "{asked} is missing in {address}");
    }
    let back = followed(&address);
    let back = back.strip_prefix("https://audit.example.org").expect("it leads to the public address");
    let answer = reader.get(back);
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/")), "it leads nowhere else");
    assert!(answer.headers.iter().any(|(name, value)| name == "cache-control" && value == "no-store"));
    // Not even the most talkative log has a secret.
    let printed = scene.server.printed();
    assert!(printed.contains("Listening"), "what the server prints is seen: {printed}");
    let query = back.split_once('?').unwrap().1;
    let passed: Vec<&str> = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value).collect();
    assert_eq!(passed.len(), 2);
    // Tokens are what follows "eyJ": an object in base 64.
    let session = reader.cookies.iter().find(|(name, _)| name.ends_with(SESSION)).expect("a session").1.as_str();
    for secret in passed.into_iter().chain([OPENID_SECRET, "eyJ", session]) {
        let place = printed.lines().find(|line| line.contains(secret));
        assert_eq!(place, None, "{secret}");
    }
}

/// Ten minutes after it began, a sign-in is given up.
#[test]
fn a_sign_in_that_takes_too_long_is_given_up() {
    let Scene { world, provider, server: _ } = scene(&[]);
    let late = Arc::new(AtomicI64::new(0));
    let clock = late.clone();
    let environment = Environment {
        clock: Arc::new(move || Utc::now() + Duration::seconds(clock.load(Ordering::Relaxed))),
        ..Environment::system()
    };
    let openid = OpenIdSettings::new(provider.issuer(), "audit", "NHS CIS2").unwrap();
    let settings = Settings {
        key: Some(ServerKey::from_bytes(b"tests")),
        openid: Some(openid.with_secret(Some(OPENID_SECRET.into()))),
        ..Settings::default()
    };
    let reference = read_reference(&SeedFiles::Embedded).unwrap();
    let app = App::open(world.url(), reference, settings, environment).unwrap();
    let after = |seconds: i64| {
        late.store(0, Ordering::Relaxed);
        let begun = openid::begin(&app, None).unwrap();
        let back = followed(&begun.address);
        let given = |name: &str| {
            let pairs = back.split_once('?').unwrap().1.split('&').filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let callback = Callback { state: given("state"), code: given("code"), ..Callback::default() };
        late.store(seconds, Ordering::Relaxed);
        openid::finish(&app, &Visit::unknown(), Some(&begun.sealed), &callback)
    };
    // The token itself is good for five minutes after it is issued.
    assert_eq!(after(290).unwrap().signed_in.principal.name, "Ann Lee");
    assert!(matches!(after(599), Err(OpenIdFailure::Provider(OpenIdError::Untrusted(_)))));
    assert!(matches!(after(600), Err(OpenIdFailure::Provider(OpenIdError::TooOld))));
}
