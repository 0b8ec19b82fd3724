//! Script in every text that is kept: shown as text to whoever reads it, never run.

use std::fs;

use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::texts::{self, TextName};
use facilities_audit::app::{accounts, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::on_both_databases;

use super::{OTHER, OWN, Scene, YEAR, filled, pages, usual};

/// It is a formula to a spreadsheet, closes what may stand round it in a page, and would run.
const SCRIPT: &str =
    "=cmd|' /c'!A1 \"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(2)>{{{x}}}";

/// What of it a page may not hold unescaped.
const LIVE: [&str; 3] = ["<script>alert", "<img src=x", "</textarea></title>"];

/// What of it a file for a spreadsheet may not hold at the beginning of a cell.
const FORMULA: [&str; 3] = [",=cmd", ",\"=cmd", "\n=cmd"];

/// Puts a text wherever a text is kept.
fn plant(scene: &Scene, text: &str) {
    let who = Principal::command_line();
    let app = &scene.app;
    scene.answer_all_texts(OWN, text);
    scene.answer_all_texts(OTHER, text);
    keys::make(app, &who, text, Role::Commissioner, None, None, None).unwrap();
    accounts::add_user(app, &who, "script@example.org", Some(text), Role::FlsLead, Some(OWN), None).unwrap();
    for name in TextName::ALL {
        texts::edit(app, &who, name, text).unwrap();
    }
    let new = NewSectionLink { section: "governance", email: "somebody@example.org", note: text, days: 7 };
    section_links::make(app, &who, YEAR, OWN, &new).unwrap();
    let folder = scene.world.path("script");
    fs::create_dir(&folder).unwrap();
    let quoted = text.replace('"', "\"\"");
    let services = format!(
        "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\n{OWN},\"{quoted}\",\"RX1\",\"{quoted}\",QOQ,,,\n"
    );
    fs::write(folder.join("services.csv"), services).unwrap();
    scene.world.import(&folder).succeeded();
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[track_caller]
fn runs_nothing(page: &str, what: &str) {
    for live in LIVE {
        assert!(!page.contains(live), "{what}: {live:?} stands in the page unescaped");
    }
    for script in page.split("<script").skip(1) {
        assert!(
            script.trim_start().starts_with("src=\"/assets/") || script.contains(" src=\"/assets/"),
            "{what}: {script:.80}"
        );
    }
}

on_both_databases! {
    fn script_is_shown_and_never_run(world: World) {
        let scene = Scene::new(world);
        plant(&scene, SCRIPT);
        let searched: String = encoded(SCRIPT);
        let mut seen = 0;
        for (who, mut reader) in scene.people() {
            let paths = pages().into_iter().filter(|(method, _)| method == "GET");
            let paths = paths.map(|(_, path)| filled(&path, |name| usual(name, OWN)));
            // And what is sent and shown again at once.
            for path in paths.flat_map(|path| [format!("{path}?q={searched}&area={searched}&year={searched}"), path]) {
                let answer = reader.get(&path);
                let (what, text) = (format!("{path} as {who}"), answer.text());
                assert!(answer.status < 500, "{what}: {text}");
                let kind = answer.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, kind)| kind);
                if kind.starts_with("text/html") {
                    runs_nothing(&text, &what);
                    seen += usize::from(text.contains("&lt;script&gt;alert(1)"));
                } else if kind.starts_with("text/csv") {
                    assert!(!FORMULA.iter().any(|cell| text.contains(cell)), "{what}: {text}");
                }
            }
        }
        assert!(seen >= 5, "the script is shown as text on some pages, else nothing was tried: {seen}");
        // Whoever takes the answers away as a file gets them as they are; it says that it is no page.
        let key = scene.key(Role::AuditTeam, None, None);
        let export = scene.call(&key, "GET /api/v1/exports/responses.csv", &[], b"");
        assert_eq!(export.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(export.header("content-disposition").unwrap().starts_with("attachment"));
        assert_eq!(export.header("x-content-type-options"), Some("nosniff"));
    }
}
