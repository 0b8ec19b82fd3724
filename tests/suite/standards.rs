//! Staffing standards as data: the audit team adds one without code, gaps are run against it, and once it is published
//! nothing changes it.

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::app::history::{self, HistoryFilter};
use facilities_audit::app::keys;
use facilities_audit::app::standards::{self, WrittenStandard};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::workforce::standard::{Basis, StaffingStandard};
use facilities_audit_tests::{Backend, Person, World, on_both_databases};
use serde_json::{Value, json};

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS012") };

fn team() -> Principal {
    Principal::command_line()
}

fn lead() -> Principal {
    let held = Membership::new(Role::FlsLead, Some("FLS012"), None).unwrap();
    Principal { actor: "account:1".into(), memberships: vec![held], ..team() }
}

/// Twice as many nurses as the ROS asks for, for the same people.
fn twice() -> StaffingStandard {
    StaffingStandard {
        id: "twice".into(),
        name: "Twice".into(),
        nurse_wte: 2.0,
        administrator_wte: 1.0,
        population_low: 40_000.0,
        population_high: 46_000.0,
        source: "A test".into(),
        bases: vec![Basis::Aged50Plus],
        basis_note: String::new(),
        not_known: Vec::new(),
        valid_from: Some("2025-07-01".parse().unwrap()),
        valid_to: None,
    }
}

fn written(standard: StaffingStandard, publish: bool) -> WrittenStandard {
    WrittenStandard { standard, publish }
}

fn by(standard: Option<&str>) -> GapQuery {
    GapQuery { year: 2021, standard: standard.map(Into::into), ..GapQuery::default() }
}

on_both_databases! {
    fn a_draft_is_the_teams_and_what_is_published_changes_no_more(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let draft = standards::put(&app, &team(), &written(twice(), false), 0).unwrap();
        assert_eq!((draft.version, draft.published), (Some(1), false));
        // The same again changes nothing.
        assert_eq!(standards::put(&app, &team(), &written(twice(), false), 0).unwrap(), draft);

        let refused = |result: Result<_, facilities_audit::app::AppError>| result.map(|_: standards::ListedStandard| ()).unwrap_err();
        assert_eq!(refused(standards::one(&app, &lead(), "twice")).code(), "not_found");
        assert_eq!(gaps::report(&app, &lead(), &by(Some("twice"))).unwrap_err().code(), "not_found");
        assert_eq!(refused(standards::put(&app, &lead(), &written(twice(), true), 1)).code(), "forbidden");
        let other = StaffingStandard { name: "Other".into(), ..twice() };
        assert_eq!(refused(standards::put(&app, &team(), &written(other.clone(), false), 0)).code(), "invalid");
        assert_eq!(refused(standards::put(&app, &team(), &written(other.clone(), false), 7)).code(), "standard_moved");

        let changed = standards::put(&app, &team(), &written(other, false), 1).unwrap();
        assert_eq!((changed.version, changed.standard.name.as_str()), (Some(2), "Other"));
        let out = standards::put(&app, &team(), &written(twice(), true), 2).unwrap();
        assert_eq!((out.version, out.published), (Some(3), true));
        let again = StaffingStandard { nurse_wte: 3.0, ..twice() };
        assert_eq!(refused(standards::put(&app, &team(), &written(again, true), 3)).code(), "standard_published");
        let ros = StaffingStandard { id: "ros".into(), ..twice() };
        assert_eq!(refused(standards::put(&app, &team(), &written(ros.clone(), false), 1)).code(), "standard_published");
        assert_eq!(refused(standards::put(&app, &team(), &written(ros, false), 0)).code(), "invalid");

        // A gap can be run against it by everybody: twice the need.
        let ids: Vec<String> =
            standards::list(&app, &lead()).unwrap().into_iter().map(|listed| listed.standard.id).collect();
        assert_eq!(ids, ["ros", "twice"]);
        let need = |standard| gaps::report(&app, &lead(), &by(standard)).unwrap().rows[0].nurses.need_low.unwrap();
        assert!((need(Some("twice")) - 2.0 * need(None)).abs() < 1e-12);
        assert_eq!(gaps::report(&app, &team(), &by(Some("twice"))).unwrap().standard.valid_from, twice().valid_from);

        let file = world.path("gaps.xlsx");
        world.run(&["gaps", "--year", "2021", "--standard", "twice", "-o", file.to_str().unwrap()]).succeeded();
        let filter = HistoryFilter { object: Some("standard/twice".into()), ..HistoryFilter::default() };
        let entries = history::newest(&app, &team(), &filter, 100).unwrap();
        let actions: Vec<&str> = entries.iter().map(|entry| entry.entry.action.as_str()).collect();
        assert_eq!(actions, ["published", "changed", "added"]);
    }
}

#[test]
fn the_team_adds_one_by_the_api_and_every_problem_names_its_field() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let (_, key) = keys::make(&world.app(), &team(), "writer", Role::AuditTeam, None, None, None).unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let put = |body: &Value| -> (u16, Value) {
        let mut answer = agent
            .put(server.address("/api/v1/workforce/standards/bone_2025"))
            .header("Authorization", &format!("Bearer {key}"))
            .send_json(body)
            .unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap())
    };
    let mut body = json!({
        "version": 0, "name": "", "nurse_wte": -1, "administrator_wte": 0.5, "population_low": 40_000,
        "population_high": 30_000, "source": "A test", "bases": []
    });
    let (status, problem) = put(&body);
    let places: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!((status, places), (422, vec!["name", "nurse_wte", "population_high", "bases"]), "{problem}");
    body["name"] = "Bone 2025".into();
    body["nurse_wte"] = 1.into();
    body["population_high"] = 50_000.into();
    body["bases"] = json!(["aged_50_plus"]);
    let (status, found) = put(&body);
    assert_eq!((status, &found["draft"], &found["version"]), (200, &json!(true), &json!(1)), "{found}");
    body["version"] = 1.into();
    body["publish"] = true.into();
    let (status, found) = put(&body);
    assert_eq!((status, found.get("draft"), &found["version"]), (200, None, &json!(2)), "{found}");
    let url = server.address("/api/v1/workforce/gaps?year=2021&standard=bone_2025&limit=1");
    let mut answer = agent.get(&url).header("Authorization", &format!("Bearer {key}")).call().unwrap();
    let gap: Value = answer.body_mut().read_json().unwrap();
    assert_eq!(gap["standard"]["bases"], json!(["aged_50_plus"]), "{gap}");
}

#[test]
fn the_team_adds_one_by_the_page_and_the_gap_page_offers_it() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut team = world.reader(&server, TEAM);
    let mut lead = world.reader(&server, LEAD);
    assert_eq!(lead.get("/standards/new").status, 403);
    assert!(team.get("/standards").text().contains("/standards/new"));
    assert_eq!(team.get("/standards/new").status, 200);
    let mut fields = vec![
        ("id", "bone_2025"),
        ("name", "Bone 2025"),
        ("nurse_wte", "many"),
        ("administrator_wte", "0.5"),
        ("population_low", "40,000"),
        ("population_high", "46,000"),
        ("bases", "aged_50_plus"),
        ("source", "A test"),
        ("valid_from-day", "31"),
        ("valid_from-month", "2"),
        ("valid_from-year", "2025"),
        ("then", "draft"),
    ];
    let wrong = team.post("/standards/new", &fields);
    assert_eq!(wrong.status, 422);
    for part in ["Write the nurse WTE as a number", "a day that exists", "value=\"many\"", "href=\"#nurse_wte\""] {
        assert!(wrong.text().contains(part), "{part}");
    }
    fields[2].1 = "1.5";
    fields[8].1 = "1";
    assert_eq!(team.post("/standards/new", &fields).status, 303);
    let edit = team.get("/standards/bone_2025/edit").text();
    assert!(edit.contains("name=\"version\" value=\"1\"") && edit.contains("value=\"1.5\""), "{edit}");
    assert!(!lead.get("/standards").text().contains("bone_2025"), "a draft is the team's");
    assert!(team.get("/gaps?year=2021&standard=bone_2025").text().contains("Bone 2025 (draft)"));

    let mut publish: Vec<(&str, &str)> = fields[1..11].to_vec();
    publish.extend([("version", "1"), ("then", "publish")]);
    let done = team.post("/standards/bone_2025/edit", &publish);
    assert_eq!(done.location.as_deref(), Some("/standards?done=published"), "{}", done.text());
    assert!(lead.get("/standards").text().contains("Holds from 1 February 2025"));
    let gaps = lead.get("/gaps?year=2021&standard=bone_2025").text();
    assert!(gaps.contains("<option value=\"bone_2025\" selected>Bone 2025</option>"), "{gaps}");
    assert!(
        gaps.contains("1.5 nurse WTE and 0.5 administrator WTE") && gaps.contains("It is stated for one population")
    );
    assert!(gaps.contains("standard&#x3D;bone_2025&amp;"), "the other addresses keep it");
    assert_eq!(lead.get("/gaps.xlsx?year=2021&standard=bone_2025").status, 200);
    assert_eq!(team.get("/standards/bone_2025/edit").status, 409, "published");
    assert_eq!(lead.get("/gaps?year=2021&standard=nothing").status, 404);
}
