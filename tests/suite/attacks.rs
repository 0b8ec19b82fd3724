//! Attacks on a real server: each gets a clear refusal, a 4xx with a body that says what, and never a 5xx.
//!
//! The routes come from the program's own lists (`web::declared`, the API's document), so that a route which is added is
//! attacked too.

mod bodies;
mod cookies;
mod forged_forms;
mod headers;
mod other_tenants;
mod stored_script;
mod traversal;

use std::sync::atomic::{AtomicU32, Ordering};

use facilities_audit::app::responses::{self, AnswerChange};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, accounts, keys, own_account, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit::domain::questionnaire::definition::ItemType;
use facilities_audit::store::sessions::Stage;
use facilities_audit::web;
use facilities_audit_tests::raw::{RawAnswer, send};
use facilities_audit_tests::{PageReader, Server, World, demo_folder};
use serde_json::Value;

/// The open round.
const YEAR: i32 = 2022;
/// The service that the attacker answers for, where they are a lead.
pub const OWN: &str = "FLS012";
/// Another service, in another region.
pub const OTHER: &str = "FLS070";

/// A server with the country's services and nothing else.
pub struct Scene {
    app: App,
    pub server: Server,
    world: World,
}

impl Scene {
    fn new(world: World) -> Self {
        let folder = world.path("register");
        std::fs::create_dir(&folder).unwrap();
        for name in ["areas.csv", "services.csv", "hospitals.csv"] {
            std::fs::copy(demo_folder().join(name), folder.join(name)).unwrap();
        }
        world.import(&folder).succeeded();
        Self::of_country(world)
    }

    /// A server with a world as it is.
    pub fn of_country(world: World) -> Self {
        Self { app: world.app(), server: world.serve(), world }
    }

    /// An API key.
    pub fn key(&self, role: Role, service: Option<&str>, area: Option<&str>) -> String {
        let name = format!("{role} of {}", service.or(area).unwrap_or("all"));
        keys::make(&self.app, &Principal::command_line(), &name, role, service, area, None).unwrap().1
    }

    /// The session of a new person, with a second factor where their role asks for one.
    pub fn session(&self, role: Role, service: Option<&str>, area: Option<&str>) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let email = format!("{role}{}@example.org", NEXT.fetch_add(1, Ordering::Relaxed));
        let (who, visit) = (Principal::command_line(), Visit::unknown());
        let link = accounts::add_user(&self.app, &who, &email, None, role, service, area).unwrap();
        let signed_in = sign_in::with_link(&self.app, &visit, &link).unwrap();
        if signed_in.stage == Stage::SignedIn {
            return signed_in.session;
        }
        let new = own_account::begin_second_factor(&self.app, &signed_in.principal).unwrap();
        let code = SecondFactor::new(&new.secret, "x").unwrap().code_at(self.app.now().timestamp());
        own_account::confirm_second_factor(&self.app, &visit, &signed_in.session, &code).unwrap().1.session
    }

    /// Somebody at the pages.
    fn person(&self, role: Role, service: Option<&str>, area: Option<&str>) -> PageReader {
        PageReader::in_session(&self.server, &self.session(role, service, area))
    }

    /// One of each role, in and out of the scope of [`OTHER`].
    fn people(&self) -> Vec<(&'static str, PageReader)> {
        vec![
            ("visitor", PageReader::new(&self.server)),
            ("audit team", self.person(Role::AuditTeam, None, None)),
            ("lead", self.person(Role::FlsLead, Some(OWN), None)),
            ("contributor", self.person(Role::FlsContributor, Some(OWN), None)),
            ("clinical lead", self.person(Role::ClinicalLead, Some(OWN), None)),
            ("commissioner", self.person(Role::Commissioner, None, None)),
            ("commissioner of the Midlands", self.person(Role::Commissioner, None, Some("Y60"))),
        ]
    }

    /// Answers every text item of a service with the same words, and explains them with the same.
    pub fn answer_all_texts(&self, service: &str, words: &str) {
        let who = Principal::command_line();
        let view = responses::view(&self.app, &who, YEAR, service).unwrap();
        let texts = view.questionnaire.items().filter(|item| item.kind == ItemType::Text);
        let changes: Vec<AnswerChange> = texts
            .map(|item| AnswerChange {
                link_id: item.link_id.clone(),
                based_on: view.response.document.version(&item.link_id),
                entry: Entry::Value(AnswerValue::Text(words.into())),
                explanation: Some(words.into()),
            })
            .collect();
        assert!(changes.len() > 2, "the questionnaire asks for words");
        responses::save(&self.app, &who, YEAR, service, changes).unwrap();
    }

    /// The version of a service's response, which every change raises.
    fn version(&self, service: &str) -> i64 {
        responses::view(&self.app, &Principal::command_line(), YEAR, service).unwrap().response.version
    }

    /// Calls the API with a key.
    fn call(&self, key: &str, line: &str, headers: &[(&str, &str)], body: &[u8]) -> RawAnswer {
        let bearer = format!("Bearer {key}");
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("authorization", bearer.as_str())]).collect();
        send(&self.server, line, &headers, body)
    }
}

/// Every operation of the API: method and path, with its parameters in braces.
fn operations() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(facilities_audit::api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys();
        methods.map(move |method| (method.to_uppercase(), format!("/api/v1{path}")))
    });
    operations.collect()
}

/// Every page: method and path, with its parameters in braces.
fn pages() -> Vec<(String, String)> {
    let in_braces = |part: &str| match part.strip_prefix(':').or_else(|| part.strip_prefix('*')) {
        Some(name) => format!("{{{name}}}"),
        None => part.to_owned(),
    };
    let path = |path: &str| path.split('/').map(in_braces).collect::<Vec<_>>().join("/");
    web::declared().iter().map(|route| (route.method.to_string(), path(route.path))).collect()
}

/// A path with its parameters filled in.
fn filled(path: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = path.split('{');
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap();
        filled.push_str(&value(name));
        filled.push_str(rest);
    }
    filled
}

/// What a parameter of a path may be, for a service.
fn usual(name: &str, service: &str) -> String {
    match name {
        "year" => YEAR.to_string(),
        "service" => service.into(),
        "section" => "governance".into(),
        "item" => "setting".into(),
        "number" => "1".into(),
        "recommendation" => "8".into(),
        "file" => "services.csv".into(),
        "token" => "a-token-that-nobody-was-given".into(),
        "name" | "text" => "privacy".into(),
        _ => service.into(),
    }
}

/// Words that tell a stranger how the service is made.
const INTERNALS: [&str; 9] =
    ["panicked", "stack backtrace", ".rs:", "SELECT ", "INSERT INTO", "diesel", "SQLSTATE", "no such table", "/work/"];

/// Fails the test unless an answer is a clear refusal.
#[track_caller]
fn is_refused(answer: &RawAnswer, what: &str) {
    assert!((400..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    is_sound(answer, what);
}

/// Fails the test if an answer is a failure, or tells how the service is made.
#[track_caller]
fn is_sound(answer: &RawAnswer, what: &str) {
    assert!((200..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    assert!(!answer.body.is_empty() || !matches!(answer.status, 400..500), "{what}: {} says nothing", answer.status);
    for internal in INTERNALS {
        assert!(!answer.body.contains(internal), "{what}: {internal:?} is shown: {}", answer.body);
    }
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}: {}", answer.head);
    assert!(answer.header("content-security-policy").is_some(), "{what}: {}", answer.head);
}
