//! Versions of the questionnaire: uploaded as drafts, laid beside the one before, published once their crosswalk is
//! complete, and asked by a round; and no trend across a question that means something else.

use facilities_audit::app::error::AppError;
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::kpis::{self, FindingsQuery};
use facilities_audit::app::questionnaires;
use facilities_audit::app::rounds::{self, RoundText};
use facilities_audit::app::{App, keys, responses};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::domain::questionnaire::crosswalk::Relation;
use facilities_audit_tests::{Person, on_both_databases};
use serde_json::{Value, json};

const SERVICE: &str = "FLS012";

fn team() -> Principal {
    Principal::command_line()
}

fn lead() -> Principal {
    let held = Membership::new(Role::FlsLead, Some(SERVICE), None).unwrap();
    Principal { actor: "account:1".into(), memberships: vec![held], ..team() }
}

/// The questionnaire of 2022 for the year after it, with more of its own at its end.
fn version(rest: &str) -> String {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../seeds/questionnaires/2022.toml")).unwrap();
    let head = "year = 2023\nversion = \"2023.1\"\nbase = \"2022.1\"";
    format!("{}\n{rest}", text.replace("year = 2022\nversion = \"2022.1\"", head))
}

/// Governance is asked with one class for what were two, under another code, and one code has another name.
const RECODED: &str = r#"
[[item]]
link_id = "governance_frequency"
number = "10.1"
text = "How often does the governance group meet?"
help = "Count the meetings of the last twelve months."
type = "choice"
required = true
fact = "dimension"
options = [
  { code = "up_to_6_weeks", text = "Every six weeks or more often" },
  { code = "2_to_6_months", text = "Every two to six months" },
  { code = "yearly", text = "Once a year" },
  { code = "none", text = "Never" },
]
"#;

const MAPPED: &str = r#"
[crosswalk.items.governance_frequency]
from = ["governance_frequency"]
codes = { monthly = "up_to_6_weeks", 7_to_12_months = "yearly" }
"#;

const INCOMPARABLE: &str = r#"
[crosswalk.items.governance_frequency]
from = ["governance_frequency"]
incomparable = true
"#;

fn import(app: &App, text: &str) {
    let options = ImportOptions::default();
    let report = imports::file(app, &team(), FileKind::Responses, text.as_bytes(), options, &mut |_| ()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

/// The round of 2023, which asks the new version.
fn add_round(app: &App) {
    let from = rounds::one(app, &team(), 2022).unwrap();
    rounds::copy(app, &team(), 2022, from.version).unwrap();
    let round = rounds::one(app, &team(), 2023).unwrap();
    let text = RoundText { questionnaire: "2023.1".into(), ..RoundText::of(&round) };
    rounds::put(app, &team(), 2023, &text, round.version).unwrap();
}

on_both_databases! {
    fn a_version_is_published_once_its_crosswalk_is_complete(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        let open = version(RECODED);
        let report = questionnaires::preview(&app, &team(), &open).unwrap();
        assert_eq!(report.lacks().map(|(link_id, _)| link_id).collect::<Vec<_>>(), ["governance_frequency"]);
        assert!(questionnaires::list(&app, &team()).unwrap().iter().all(|one| one.version != "2023.1"), "a preview keeps nothing");
        // Findings count governance by its codes: one class has lost its only one, and one code is of no class.
        let told = |code: &str| report.warnings.iter().any(|warning| warning.contains(&format!("`{code}`")));
        assert!(told("7_to_12_months") && told("yearly"), "{:?}", report.warnings);
        assert!(!told("monthly") && !told("up_to_6_weeks"), "the class is still offered: {:?}", report.warnings);
        let before = questionnaires::preview(&app, &team(), &version("")).unwrap().warnings;
        assert!(!before.iter().any(|warning| warning.contains("governance_frequency")), "{before:?}");

        let draft = questionnaires::upload(&app, &team(), &open, 0).unwrap();
        assert_eq!((draft.listed.revision, draft.listed.published), (Some(1), false));
        assert_eq!(questionnaires::upload(&app, &team(), &open, 0).unwrap_err().code(), "questionnaire_moved");
        // A draft is the team's alone, and no round can ask it.
        assert_eq!(questionnaires::one(&app, &lead(), "2023.1", None).unwrap_err().code(), "not_found");
        assert!(questionnaires::list(&app, &lead()).unwrap().iter().all(|one| one.version != "2023.1"));
        assert!(matches!(questionnaires::upload(&app, &lead(), &open, 1), Err(AppError::Forbidden { .. })));
        let from = rounds::one(&app, &team(), 2022).unwrap();
        rounds::copy(&app, &team(), 2022, from.version).unwrap();
        let round = rounds::one(&app, &team(), 2023).unwrap();
        let text = RoundText { questionnaire: "2023.1".into(), ..RoundText::of(&round) };
        assert!(matches!(rounds::put(&app, &team(), 2023, &text, round.version), Err(AppError::Invalid(_))));
        let AppError::Invalid(lacks) = questionnaires::publish(&app, &team(), "2023.1", 1).unwrap_err() else { panic!() };
        assert_eq!((lacks.len(), lacks[0].field.as_str()), (1, "governance_frequency"));

        let complete = version(&format!("{RECODED}{MAPPED}"));
        let draft = questionnaires::upload(&app, &team(), &complete, 1).unwrap();
        let one = draft.differences.iter().find(|one| one.link_id == "governance_frequency").unwrap();
        assert_eq!((one.relation, one.compares), (Relation::Recoded, true));
        assert_eq!(questionnaires::publish(&app, &team(), "2023.1", 1).unwrap_err().code(), "questionnaire_moved");
        assert!(questionnaires::publish(&app, &team(), "2023.1", 2).unwrap().listed.published);
        // From now on it changes no more, in this process and in others, and rounds can ask it.
        assert_eq!(questionnaires::upload(&app, &team(), &open, 3).unwrap_err().code(), "questionnaire_published");
        assert_eq!(questionnaires::discard(&app, &team(), "2023.1", 3).unwrap_err().code(), "questionnaire_published");
        rounds::put(&app, &team(), 2023, &text, round.version).unwrap();
        let other = world.app();
        assert_eq!(rounds::questionnaire(&other, &lead(), 2023).unwrap().version, "2023.1");
        let beside = questionnaires::one(&other, &lead(), "2023.1", Some("2021.1")).unwrap();
        assert!(beside.differences.iter().any(|one| one.relation == Relation::New));
        // What comes with the program is published from the start.
        assert_eq!(questionnaires::publish(&app, &team(), "2022.1", 1).unwrap_err().code(), "questionnaire_published");
        assert_eq!(questionnaires::one(&app, &team(), "2019.9", None).unwrap_err().code(), "not_found");
    }

    fn old_answers_read_as_the_crosswalk_says(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        import(&app, "service_code,year,link_id,row,value\nFLS012,2022,governance_frequency,,monthly\nFLS012,2022,setting,,acute\n");
        put_over(&app, 2022);
        questionnaires::upload(&app, &team(), &version(&format!("{RECODED}{MAPPED}")), 0).unwrap();
        questionnaires::publish(&app, &team(), "2023.1", 1).unwrap();
        add_round(&app);
        let view = responses::view(&app, &team(), 2023, SERVICE).unwrap();
        let last = format!("{:?}", view.last("governance_frequency").unwrap().carried);
        assert!(last.contains("up_to_6_weeks"), "carried forward under its new code: {last}");
        let findings = findings_of(&app);
        assert!(findings.not_compared.is_empty());
        let before = findings.findings.before.unwrap();
        let often = before.values.get("fac.governance.6_weeks").unwrap();
        assert!(often.value > 0.0, "an old answer is counted as it reads now");
    }

    fn no_trend_is_drawn_across_a_question_that_means_something_else(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        import(&app, "service_code,year,link_id,row,value\nFLS012,2022,governance_frequency,,monthly\nFLS012,2022,setting,,acute\n");
        put_over(&app, 2022);
        questionnaires::upload(&app, &team(), &version(&format!("{RECODED}{INCOMPARABLE}")), 0).unwrap();
        questionnaires::publish(&app, &team(), "2023.1", 1).unwrap();
        add_round(&app);
        let view = responses::view(&app, &team(), 2023, SERVICE).unwrap();
        assert!(view.last("governance_frequency").is_none(), "nothing is carried across");
        assert!(view.last("setting").is_some());
        let findings = findings_of(&app);
        assert_eq!(findings.not_compared, ["10.1 How often does the governance group meet?"]);
        let before = findings.findings.before.unwrap();
        assert!(!before.values.contains_key("fac.governance.6_weeks"), "{:?}", before.values.keys());
        assert!(before.values.contains_key("fac.setting.acute"));
    }

    fn pages_and_api_take_a_version_through(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        let server = world.serve();
        let mut page = world.reader(&server, Person { email: "team@example.org", role: Role::AuditTeam, service: None });
        assert!(page.get("/questionnaires").text().contains("2022.1"));
        assert!(page.get("/questionnaires/2022.1").text().contains("Beside version 2021.1"));
        assert_eq!(page.get("/questionnaires/2022.1/preview").status, 303);
        let preview = page.get("/questionnaires/2022.1/preview/governance").text();
        assert!(preview.contains("nothing that is typed here is kept"));
        page.get("/questionnaires/upload");
        let wrong = page.post_files("/questionnaires/upload", &[("file", "q.toml", b"year = 2023\n"), ("revision", "", b"0")]);
        assert!(wrong.status == 422 && wrong.text().contains("Line 1"), "{}", wrong.text());
        let file = version(RECODED);
        let kept = page.post_files("/questionnaires/upload", &[("file", "q.toml", file.as_bytes()), ("revision", "", b"0")]);
        assert_eq!(kept.status, 303, "{}", kept.text());
        let one = page.get("/questionnaires/2023.1").text();
        assert!(one.contains("recoded: 1") && one.contains("Lacking:"));
        let refused = page.post("/questionnaires/2023.1/publish", &[("revision", "1")]);
        assert!(refused.status == 422 && refused.text().contains("say as what the old option") || refused.text().contains("say how old answers"));

        let key = keys::make(&app, &team(), "test", Role::AuditTeam, None, None, None).unwrap().1;
        let bearer = format!("Bearer {key}");
        let address = server.address("/api/v1/questionnaires");
        let body = json!({ "document": version(&format!("{RECODED}{MAPPED}")), "revision": 1 });
        let sent = ureq::post(&address).header("Authorization", &bearer).send_json(body);
        let draft: Value = sent.unwrap().body_mut().read_json().unwrap();
        assert_eq!(draft["version"]["revision"], 2);
        let sent = ureq::post(format!("{address}/2023.1/publish")).header("Authorization", &bearer).send_json(json!({ "revision": 2 }));
        let published: Value = sent.unwrap().body_mut().read_json().unwrap();
        assert_eq!(published["version"]["published"], true);
        assert!(page.get("/rounds/new").text().contains("2023.1"), "a round can ask it");
        assert!(page.get("/questionnaires/2023.1/file.toml").text().contains("[crosswalk.items.governance_frequency]"));
    }
}

/// The answers of a round as submitted ones: the country has that of 2022 open.
fn put_over(app: &App, year: i32) {
    use facilities_audit::domain::round::{Round, RoundStatus};
    let before = rounds::one(app, &team(), year).unwrap();
    let (at, round) = (before.version, Round { status: RoundStatus::Closed, version: before.version + 1, ..before });
    let mut connection = app.database().connection().unwrap();
    assert!(facilities_audit::store::rounds::update(&mut connection, &round, at).unwrap());
    drop(connection);
    import(app, "service_code,year,link_id,row,value\nFLS012,2022,patient_survey,,yes\n");
}

fn findings_of(app: &App) -> kpis::FindingsReport {
    kpis::national_findings(app, &team(), &FindingsQuery { year: 2023, with: Some(2022), cut: None }).unwrap()
}
