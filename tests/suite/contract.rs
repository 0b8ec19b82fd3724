//! The document before those who judge documents, and the service before those who hold it to its document.

use std::path::{Path, PathBuf};
use std::process::Command;

use facilities_audit::app::{App, Environment, Settings, keys};
use facilities_audit::auth::key::ServerKey;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit_tests::{Backend, Person, Ran, SECRET_KEY, Server, World, complete, on_both_databases};

use super::statistics_judges::python;

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn folder() -> PathBuf {
    repository().join("tests/contract")
}

/// A program that npm has installed for these tests.
pub fn npm(name: &str) -> Command {
    let mut command = Command::new(folder().join("node_modules/.bin").join(name));
    // It would ask its maker for news.
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true").current_dir(folder());
    command
}

/// A program that stands beside the tests' Python.
pub fn beside_python(name: &str) -> Command {
    let python = PathBuf::from(python().get_program());
    let mut command = Command::new(python.with_file_name(name));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

#[test]
fn spectral_and_redocly_have_nothing_to_say() {
    let document = repository().join("openapi/openapi.json");
    let spectral = Ran::run(npm("spectral").args(["lint", "--fail-severity=hint"]).arg(&document)).succeeded();
    assert!(spectral.out.contains("No results"), "{}", spectral.out);
    let redocly = Ran::run(npm("redocly").args(["lint", "--format=json"]).arg(&document)).succeeded();
    let verdict: serde_json::Value = serde_json::from_str(&redocly.out).expect("redocly answers in JSON");
    assert_eq!(verdict["totals"], serde_json::json!({"errors": 0, "warnings": 0, "ignored": 0}), "{}", redocly.out);

    // Judges that find nothing in anything prove nothing.
    let world = World::new(Backend::Sqlite);
    let broken = world.path("broken.json");
    let text = std::fs::read_to_string(&document).unwrap().replace("\"operationId\": \"list_rounds\"", "\"x\": 1");
    std::fs::write(&broken, text).unwrap();
    for (judge, options) in [("spectral", "--fail-severity=hint"), ("redocly", "--format=json")] {
        let found = Ran::run(npm(judge).args(["lint", options]).arg(&broken));
        assert!(found.out.contains("operationId") || found.out.contains("operation-operationId"), "{}", found.out);
    }
}

/// A key of each role that has keys, of the service that is half through its year.
pub fn key(world: &World, role: Role, service: &str) -> String {
    let (service, area) = match role {
        Role::FlsLead | Role::FlsContributor | Role::ClinicalLead => (Some(service), None),
        Role::Commissioner => (None, Some("Y60")),
        _ => (None, None),
    };
    keys::make(&world.app(), &Principal::command_line(), "contract", role, service, area, None).unwrap().1
}

on_both_databases! {
    /// Every call that the document shows is played, in the order of the work.
    fn the_examples_of_the_document_work(world: World) {
        // A round that asks for the sign-off of a clinical lead, so that there is one to give.
        let mut reference = read_reference(&SeedFiles::Embedded).unwrap();
        reference.rounds.iter_mut().for_each(|round| round.sign_off = true);
        let settings = Settings { key: Some(ServerKey::new(SECRET_KEY).unwrap()), ..Settings::default() };
        drop(App::open(world.url(), reference, settings, Environment::system()).unwrap());
        facilities_audit::app::demo::load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        complete(&world.app(), &Principal::command_line(), 2022, "FLS013");
        let session = world.session(Person { email: "somebody@example.org", role: Role::FlsContributor, service: Some("FLS012") });
        // To whom a query is handed.
        world.account(Person { email: "team@example.org", role: Role::AuditTeam, service: None });
        let account = session.principal.account().unwrap().to_owned();
        let team = Principal::command_line();
        let sessions = facilities_audit::app::sessions::of_account(&world.app(), &team, &account).unwrap();
        let (audit_team, clinical_lead) =
            (key(&world, Role::AuditTeam, ""), key(&world, Role::ClinicalLead, "FLS013"));
        let server = world.serve();
        let mut play = python();
        play.arg(folder().join("examples.py"));
        if std::env::var_os("RECORD_EXAMPLES").is_some() {
            play.arg("--record");
        }
        play.args([repository().join("openapi/openapi.json"), repository().join("openapi/examples.json")])
            .arg(server.address("/api/v1"))
            .args([format!("audit_team={audit_team}"), format!("clinical_lead={clinical_lead}")])
            .args([format!("3f2a9b12-5c1e-4b7a-9d20-6f0a3b8e4c11={account}")])
            .args([format!("3f2a9b17-5c1e-4b7a-9d20-6f0a3b8e4c11={}", sessions[0].id)]);
        println!("{}", Ran::run(&mut play).succeeded().out);
    }
}

/// Runs schemathesis, every check and every phase, as a role; gives how many cases it made.
fn cases(backend: Backend, role: Role) -> u64 {
    let world = World::with_demo_data(backend);
    let key = key(&world, role, "FLS012");
    let server = world.serve();
    let ran = schemathesis(&server, &key, &world);
    let report = ran.succeeded().out;
    let line = report.lines().find(|line| line.contains(" generated")).expect("it says how many cases it made");
    line.split_whitespace().next().and_then(|count| count.parse().ok()).expect("a count")
}

fn schemathesis(server: &Server, key: &str, world: &World) -> Ran {
    Ran::run(
        beside_python("schemathesis")
            .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
            .env("PYTHONPATH", folder())
            .current_dir(world.path(""))
            .arg("--config-file")
            .arg(folder().join("schemathesis.toml"))
            .args(["--no-color", "run", &server.address("/api/v1/openapi.json")])
            .args(["--header", &format!("Authorization: Bearer {key}")])
            .args(["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "1"])
            .args(["--seed", "20260101", "--generation-database", "none", "--continue-on-failure"])
            .args(["--warnings", "off", "--no-shrink", "--workers", "1"]),
    )
}

/// More than the two thousand that were asked for, of every role.
const CASES: u64 = 2_000;

#[test]
fn schemathesis_finds_nothing_as_the_audit_team() {
    assert!(cases(Backend::Sqlite, Role::AuditTeam) >= CASES);
}

#[test]
fn schemathesis_finds_nothing_as_the_audit_team_on_postgres() {
    assert!(cases(Backend::Postgres, Role::AuditTeam) >= CASES);
}

#[test]
fn schemathesis_finds_nothing_as_an_fls_lead() {
    assert!(cases(Backend::Postgres, Role::FlsLead) >= CASES);
}

#[test]
fn schemathesis_finds_nothing_as_a_contributor() {
    assert!(cases(Backend::Sqlite, Role::FlsContributor) >= CASES);
}

#[test]
fn schemathesis_finds_nothing_as_a_clinical_lead() {
    assert!(cases(Backend::Sqlite, Role::ClinicalLead) >= CASES);
}

#[test]
fn schemathesis_finds_nothing_as_a_commissioner() {
    assert!(cases(Backend::Postgres, Role::Commissioner) >= CASES);
}
