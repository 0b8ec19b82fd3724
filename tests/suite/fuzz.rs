//! Requests that nobody would mean, over the API and every form that a role can find: tests/fuzz.
//!
//! `FUZZ_REQUESTS` and `FUZZ_SEED` in the environment send more, and others.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use facilities_audit::app::demo;
use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Ran, on_both_databases};
use serde_json::{Value, json};

use super::attacks::{OTHER, OWN, Scene};
use super::statistics_judges::python;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a whole number")))
}

on_both_databases! {
    fn no_request_breaks_anything(world: World) {
        demo::load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        let scene = Scene::of_country(world);
        scene.answer_all_texts(OTHER, "<script>fuzz(0)</script>");
        let session = |role, service, area| format!("facilities_audit_session={}", scene.session(role, service, area));
        let told = json!({
            "base": scene.server.base(),
            "document": serde_json::from_str::<Value>(facilities_audit::api::document()).unwrap(),
            "requests": number("FUZZ_REQUESTS", 1_500),
            "seed": number("FUZZ_SEED", 20_220_701),
            "keys": {
                "audit team": scene.key(Role::AuditTeam, None, None),
                "lead": scene.key(Role::FlsLead, Some(OWN), None),
                "commissioner": scene.key(Role::Commissioner, None, Some("Y60")),
            },
            "sessions": {
                "audit team": session(Role::AuditTeam, None, None),
                "lead": session(Role::FlsLead, Some(OWN), None),
                "contributor": session(Role::FlsContributor, Some(OWN), None),
                "clinical lead": session(Role::ClinicalLead, Some(OWN), None),
                "commissioner": session(Role::Commissioner, None, None),
            },
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz.py");
        let mut command = python();
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(told.to_string().as_bytes()).unwrap();
        let ran = Ran::from(child.wait_with_output().unwrap());
        println!("{}", ran.out);
        ran.succeeded();
        let log = scene.server.printed();
        assert!(!log.contains("panicked"), "{log}");
        assert!(!log.contains(" ERROR "), "{log}");
    }
}
