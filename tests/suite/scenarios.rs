//! Scenarios: whose they are, who may read, change and delete them, and that page, file and API say the same.

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::app::history::{self, HistoryFilter};
use facilities_audit::app::scenarios::{self, NewScenario, Plan, Subject};
use facilities_audit::app::{App, AppError, keys};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::workforce::scenario::{FillVacancies, NewPost, Scenario};
use facilities_audit::domain::workforce::standard::{self, Basis};
use facilities_audit_tests::{Backend, Person, World, on_both_databases};
use serde_json::{Value, json};

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS012") };
const OTHER: Person<'_> = Person { email: "other@example.org", role: Role::FlsLead, service: Some("FLS013") };

fn team() -> Principal {
    Principal::command_line()
}

fn holder(number: u32, role: Role, service: Option<&str>) -> Principal {
    let held = Membership::new(role, service, None).unwrap();
    Principal { actor: format!("account:{number}"), memberships: vec![held], ..team() }
}

fn fill() -> Scenario {
    let fill = FillVacancies { share_percent: 100.0, months_to_hire: 6.0, turnover_percent: 5.0 };
    let post = NewPost { role: standard::Role::Nurse, band: "7".into(), wte: 1.0, start_year: 2, start_month: 1 };
    Scenario { years: 3, growth_percent: 1.0, fill: Some(fill), posts: vec![post], ..Scenario::default() }
}

fn new(name: &str, shared: bool, service: Option<&str>, scenario: Scenario) -> NewScenario {
    let subject = Subject { year: 2021, service: service.map(Into::into), ..Subject::default() };
    NewScenario { name: name.into(), shared, plan: Plan { subject, scenario, ..Plan::default() } }
}

fn code<T: std::fmt::Debug>(result: Result<T, AppError>) -> &'static str {
    result.unwrap_err().code()
}

fn names(app: &App, who: &Principal) -> Vec<String> {
    scenarios::list(app, who).unwrap().into_iter().map(|saved| saved.name).collect()
}

on_both_databases! {
    fn a_scenario_is_its_owners_and_is_read_by_whoever_reads_the_gaps_once_it_is_shared(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let lead = holder(1, Role::FlsLead, Some("FLS012"));
        let colleague = holder(2, Role::FlsContributor, Some("FLS012"));
        let stranger = holder(3, Role::FlsLead, Some("FLS013"));
        // Who names nothing means their one service.
        let saved = scenarios::add(&app, &lead, &new("Fill the posts", false, None, fill())).unwrap();
        assert_eq!(saved.plan.subject.service.as_deref(), Some("FLS012"));
        // The same again is the same; something else needs another name.
        assert_eq!(scenarios::add(&app, &lead, &new("Fill the posts", false, None, fill())).unwrap(), saved);
        let nothing = Scenario { years: 3, ..Scenario::default() };
        assert_eq!(code(scenarios::add(&app, &lead, &new("Fill the posts", false, None, nothing.clone()))), "invalid");
        assert_eq!(code(scenarios::add(&app, &lead, &new("Theirs", false, Some("FLS013"), fill()))), "forbidden");
        assert_eq!(code(scenarios::add(&app, &lead, &new(" ", false, None, fill()))), "invalid");

        for who in [&colleague, &stranger] {
            assert_eq!(code(scenarios::one(&app, who, &saved.id)), "not_found");
            assert!(names(&app, who).is_empty());
        }
        assert_eq!(names(&app, &team()), ["Fill the posts"], "the team reads all");
        let shared = new("Fill the posts", true, None, fill());
        assert_eq!(code(scenarios::change(&app, &lead, &saved.id, &shared, 7)), "scenario_moved");
        let changed = scenarios::change(&app, &lead, &saved.id, &shared, 1).unwrap();
        assert_eq!((changed.version, changed.shared), (2, true));
        assert_eq!(scenarios::change(&app, &lead, &saved.id, &shared, 1).unwrap(), changed, "the same again");
        let (read, report) = scenarios::one(&app, &colleague, &saved.id).unwrap();
        assert!(!read.own && !read.may_delete && report.service.unwrap().0 == "FLS012");
        assert_eq!(code(scenarios::one(&app, &stranger, &saved.id)), "not_found", "of gaps that are not theirs");
        assert_eq!(code(scenarios::change(&app, &colleague, &saved.id, &shared, 2)), "forbidden");
        assert_eq!(code(scenarios::delete(&app, &colleague, &saved.id)), "forbidden");

        let other = scenarios::add(&app, &lead, &new("Nothing", false, None, nothing)).unwrap();
        let both = [saved.id.clone(), other.id.clone()];
        assert_eq!(scenarios::compare(&app, &lead, &both).unwrap().len(), 2);
        assert_eq!(code(scenarios::compare(&app, &lead, &both[..1])), "invalid");
        assert_eq!(code(scenarios::compare(&app, &colleague, &both)), "not_found");

        scenarios::delete(&app, &team(), &saved.id).unwrap();
        scenarios::delete(&app, &lead, &other.id).unwrap();
        assert!(names(&app, &lead).is_empty());
        let filter = HistoryFilter { object: Some(format!("scenario/{}", saved.id)), ..HistoryFilter::default() };
        let entries = history::newest(&app, &team(), &filter, 100).unwrap();
        let actions: Vec<&str> = entries.iter().map(|entry| entry.entry.action.as_str()).collect();
        assert_eq!(actions, ["deleted", "changed", "added"]);
        assert!(entries[0].entry.old.as_ref().unwrap().contains("Fill the posts"), "the history keeps what it was");
    }
}

/// Over the whole of the demo's country: no change is today's gap, to the last bit.
#[test]
fn no_change_is_todays_gap_and_missing_services_are_said() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let nothing = new("Nothing", false, None, Scenario { years: 10, ..Scenario::default() });
    let report = scenarios::preview(&app, &team(), &nothing.plan).unwrap();
    let gap = gaps::report(&app, &team(), &GapQuery { year: 2021, ..GapQuery::default() }).unwrap();
    assert_eq!(report.outcome.years.len(), 11);
    for year in &report.outcome.years {
        for basis in Basis::ALL {
            let total = gap.total(basis).unwrap();
            for role in standard::Role::ALL {
                assert_eq!(&year.role(role, basis).unwrap().sum, total.role(role), "year {}", year.year);
            }
        }
    }
    let filled = scenarios::preview(&app, &team(), &new("", false, None, fill()).plan).unwrap();
    assert!(filled.outcome.reasons.iter().any(|reason| reason.contains("gave no establishment of nurses")));
    let gap_of = |place: usize| {
        let sum = filled.outcome.years[place].role(standard::Role::Nurse, Basis::Aged50Plus).unwrap().sum;
        (sum.services_counted, sum.net_gap_low)
    };
    assert!(gap_of(3).1 < gap_of(0).1 && gap_of(3).0 == gap_of(0).0);
    assert!(gap_of(0).0 < 70, "services without an establishment are not counted");
    let none = Plan { subject: Subject { year: 2021, area: Some("Y99".into()), ..Subject::default() }, ..nothing.plan };
    assert_eq!(code(scenarios::preview(&app, &team(), &none)), "not_found");
}

#[test]
fn page_file_and_api_say_the_same() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut lead = world.reader(&server, LEAD);
    let start = lead.get("/scenarios/new?year=2021");
    assert!(start.status == 200 && start.text().contains("value=\"FLS012\""), "{}", start.text());
    assert!(lead.get("/scenarios").text().contains("There is no scenario yet"));
    assert!(lead.get("/gaps?year=2021").text().contains("href=\"/scenarios/new?year&#x3D;2021\""));
    let mut fields = vec![
        ("year", "2021"),
        ("service", "fls012"),
        ("years", "3"),
        ("growth_percent", "1"),
        ("fill_percent", "all"),
        ("months_to_hire", "6"),
        ("turnover_percent", "5"),
        ("post1_role", "nurse"),
        ("post1_wte", "1"),
        ("post1_start_year", "12"),
        ("post1_start_month", "1"),
        ("name", "Fill the posts"),
        ("shared", "yes"),
        ("then", "preview"),
    ];
    let wrong = lead.post("/scenarios/new", &fields);
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("href=\"#fill_percent\"") && wrong.text().contains("is not a number"),
        "{}",
        wrong.text()
    );
    fields[4].1 = "100";
    let wrong = lead.post("/scenarios/new", &fields);
    assert!(wrong.status == 422 && wrong.text().contains("href=\"#post1_start_year\""), "{}", wrong.text());
    fields[9].1 = "2";
    let preview = lead.post("/scenarios/new", &fields);
    assert_eq!(preview.status, 200, "{}", preview.text());
    assert!(preview.text().contains("This is not saved yet") && preview.text().contains("value=\"Fill the posts\""));
    fields[13].1 = "save";
    let saved = lead.post("/scenarios/new", &fields);
    assert_eq!(saved.status, 303, "{}", saved.text());
    let at = saved.location.unwrap();
    let page = lead.get(&at).text();
    assert!(
        page.contains("The scenario was saved") && page.contains("No scenario promises a gain in any KPI"),
        "{page}"
    );
    assert!(!page.contains("not why they do"), "associations are told where they are asked for");
    let asked = lead.get(&format!("{}?kpi=9", at.split('?').next().unwrap())).text();
    assert!(asked.contains("not why they do") && asked.contains("no forecast of this scenario"), "{asked}");
    let path = at.split('?').next().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();

    let (_, key) = keys::make(&world.app(), &team(), "reader", Role::AuditTeam, None, None, None).unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let bearer = format!("Bearer {key}");
    let get = |path: &str| -> Value {
        let url = server.address(&format!("/api/v1/workforce/scenarios{path}"));
        agent.get(&url).header("Authorization", &bearer).call().unwrap().body_mut().read_json().unwrap()
    };
    let found = get(&format!("/{id}"));
    assert_eq!(found["scenario"]["plan"]["fill"]["months_to_hire"], json!(6.0), "{found}");
    assert_eq!(found["scenario"]["own"], json!(false));
    let last = &found["outcome"]["years"][3];
    let file = lead.get(&format!("{path}/years.csv")).text();
    assert_eq!(file.lines().count(), 1 + 4 * 4, "{file}");
    let cost = last["cost"].as_f64().unwrap();
    assert!(file.contains(&format!("{cost}")) && file.contains("synthetic"), "{cost} in {file}");
    assert!(page.contains(&format!(">{:.0}<", last["cases_per_nurse"].as_f64().unwrap())), "{last}");
    // A coefficient of the reader's own is worked out where it is given, and is told to be theirs.
    assert!(found["kpi"].is_null() && get(&format!("/{id}?kpi=9"))["kpi"]["own"].is_null());
    let beside = get(&format!("/{id}?kpi=9&coefficient=2.5"))["kpi"].clone();
    assert!(beside["sentence"].as_str().unwrap().contains("95% interval") && beside["kpi"] == json!(9), "{beside}");
    assert!(beside["own"]["warning"].as_str().unwrap().contains("not a finding of this audit"), "{beside}");
    let nurses = |year: usize| 1_000.0 / found["outcome"]["years"][year]["cases_per_nurse"].as_f64().unwrap();
    let points = beside["own"]["years"][3]["points"].as_f64().unwrap();
    assert!((points - 2.5 * (nurses(3) - nurses(0))).abs() < 1e-9 && points != 0.0, "{beside}");
    let asked = lead.get(&format!("{path}?kpi=9&coefficient=2,5")).text();
    assert!(
        asked.contains("By the reader’s own coefficient of 2.5")
            && asked.contains(&format!(">{points:+.1}<").replace('-', "−")),
        "{asked}"
    );
    let wrong = lead.get(&format!("{path}?kpi=9&coefficient=many"));
    assert!(
        wrong.status == 422 && wrong.text().contains("href=\"#coefficient\"") && wrong.text().contains("95% interval")
    );
    // What it was saved with, tried again without saving, is the same.
    let mut preview = agent
        .post(server.address("/api/v1/workforce/scenarios/preview"))
        .header("Authorization", &bearer)
        .send_json(&found["scenario"]["plan"])
        .unwrap();
    let preview: Value = preview.body_mut().read_json().unwrap();
    assert_eq!(preview, found["outcome"]);
    let mut refused = agent
        .post(server.address("/api/v1/workforce/scenarios/preview"))
        .header("Authorization", &bearer)
        .send_json(json!({"year": 2021, "years": 11, "posts": [{"role": "nurse", "band": "7", "wte": 0, "start_year": 1, "start_month": 1}]}))
        .unwrap();
    let refused: Value = refused.body_mut().read_json().unwrap();
    let places: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(places, ["years", "posts/0/wte"], "{refused}");

    let mut team = world.reader(&server, TEAM);
    let second = [("year", "2021"), ("service", "FLS012"), ("years", "2"), ("name", "Nothing"), ("then", "save")];
    let other = team.post("/scenarios/new", &second).location.unwrap();
    let other = other.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let compared = team.get(&format!("/scenarios/compare?id={id}&id={other}"));
    assert!(compared.status == 200 && compared.text().contains("After 2 years"), "{}", compared.text());
    assert_eq!(get(&format!("/compare?ids={id},{other}"))["items"].as_array().unwrap().len(), 1 + 1);
    assert_eq!(team.get("/scenarios/compare?id=x").status, 422);
    assert_eq!(team.get(&format!("/scenarios/compare.csv?ids={id},{other}")).status, 200);

    let mut stranger = world.reader(&server, OTHER);
    assert_eq!(stranger.get(&path).status, 404);
    assert_eq!(team.get(&format!("{path}/edit")).status, 403, "it is the lead's");
    assert_eq!(lead.get(&format!("{path}/edit")).status, 200);
    fields.push(("version", "1"));
    fields[2].1 = "4";
    assert_eq!(lead.post(&format!("{path}/edit"), &fields).status, 303);
    assert!(lead.get(&format!("{path}/delete")).text().contains("Delete the scenario Fill the posts?"));
    assert_eq!(lead.post(&format!("{path}/delete"), &[]).status, 303);
    assert_eq!(lead.get(&path).status, 404);
}
