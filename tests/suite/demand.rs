//! The three views of demand over the demo's country: pages, API and files say the same, and services sum to their areas.

use facilities_audit::app::demand::{self, DemandQuery, DemandReport};
use facilities_audit::app::gaps::GapQuery;
use facilities_audit::app::{App, keys};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::workforce::standard;
use facilities_audit::domain::workforce::workload::OwnTimes;
use facilities_audit_tests::{Backend, Person, World, on_both_databases};
use serde_json::Value;

const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS012") };

fn team() -> Principal {
    Principal::command_line()
}

fn query(service: Option<&str>, area: Option<&str>) -> DemandQuery {
    DemandQuery {
        gaps: GapQuery { year: 2021, area: area.map(Into::into), ..GapQuery::default() },
        service: service.map(Into::into),
        own: OwnTimes::default(),
    }
}

/// Every figure that sums: ratio, workload and peers.
fn figures(report: &DemandReport) -> Vec<f64> {
    let demand = &report.demand;
    let ratio = demand.ratio.iter().flat_map(|need| need.range().map_or([0.0; 2], |(low, high)| [low, high]));
    let workload = demand.workload.iter().map(|need| need.required().unwrap_or_default());
    let peers = demand.peers.iter().flat_map(|need| need.wte.map_or([0.0; 2], |wte| [wte.lower, wte.upper]));
    ratio.chain(workload).chain(peers).collect()
}

fn of(app: &App, query: &DemandQuery) -> DemandReport {
    demand::report(app, &team(), query).unwrap()
}

on_both_databases! {
    fn services_sum_to_their_area_in_every_view(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let whole = of(&app, &query(None, None));
        assert_eq!(whole.demand.services * 2, whole.gaps.rows.len());
        let area = whole.gaps.areas.iter().find(|area| area.services >= 5 && area.code != "all").unwrap().code.clone();
        let area = of(&app, &query(None, Some(&area)));
        let mut services: Vec<&str> = area.gaps.rows.iter().map(|row| row.service.as_str()).collect();
        services.dedup();
        assert_eq!(services.len(), area.demand.services);
        let parts: Vec<Vec<f64>> = services.iter().map(|code| figures(&of(&app, &query(Some(code), None)))).collect();
        for (place, sum) in figures(&area).into_iter().enumerate() {
            let of_parts: f64 = parts.iter().map(|part| part[place]).sum();
            assert!((sum - of_parts).abs() < 1e-9 * sum.max(1.0), "figure {place}: {sum} and {of_parts}");
        }
        assert!(figures(&area).iter().all(|figure| *figure > 0.0), "{:?}", figures(&area));
    }
}

#[test]
fn a_lead_sees_their_own_service_alone_and_wrong_figures_are_named() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let held = Membership::new(Role::FlsLead, Some("FLS012"), None).unwrap();
    let lead = Principal { actor: "account:1".into(), memberships: vec![held], ..team() };
    let own = demand::report(&app, &lead, &query(Some("FLS012"), None)).unwrap();
    assert_eq!((own.demand.services, own.service.unwrap().0.as_str()), (1, "FLS012"));
    let refused = |query: &DemandQuery| demand::report(&app, &lead, query).unwrap_err();
    assert_eq!(refused(&query(Some("FLS013"), None)).code(), "forbidden");
    assert_eq!(refused(&query(Some("NOBODY"), None)).code(), "not_found");
    assert_eq!(refused(&query(Some("FLS012"), Some("Y60"))).code(), "invalid");
    let mut wrong = query(Some("FLS012"), None);
    wrong.own.figures = vec![("sick".into(), -1.0)];
    assert!(refused(&wrong).to_string().contains("Give sick as a number"));
    // A question that leaves no working time is answered with the reason.
    wrong.own.figures = vec![("annual_leave".into(), 300.0)];
    let idle = demand::report(&app, &lead, &wrong).unwrap();
    let refusal = idle.demand.workload[0].found.as_ref().unwrap_err();
    assert_eq!(refusal.name(), "no_available_time");
    // A service without answers is missing from the ratio and from its peers, and is not nobody.
    let silent = of(&app, &query(Some("FLS001"), None));
    let ratio = silent.demand.ratio_of(standard::Role::Nurse, standard::Basis::AsReported).unwrap();
    assert_eq!((ratio.range(), ratio.sum.services_missing), (None, 1));
}

#[test]
fn page_files_and_api_say_the_same() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let (_, key) = keys::make(&world.app(), &team(), "reader", Role::AuditTeam, None, None, None).unwrap();
    let api = |query: &str| -> Value {
        let url = server.address(&format!("/api/v1/workforce/demand?year=2021&{query}"));
        ureq::get(&url)
            .header("Authorization", &format!("Bearer {key}"))
            .call()
            .unwrap()
            .body_mut()
            .read_json()
            .unwrap()
    };
    let found = api("service=FLS012&assessment_minutes=90");
    let workload = &found["workload"][0];
    assert_eq!(workload["activities"][1]["minutes"], 90.0);
    let number = |value: &Value| value.as_f64().unwrap();
    let required = number(&workload["service_staff"]) * number(&workload["caf"]) + number(&workload["iaf"]);
    assert!((required - number(&workload["required"])).abs() < 1e-12);
    let longer = number(&workload["required"]);
    assert!(longer > number(&api("service=FLS012")["workload"][0]["required"]));

    let mut lead = world.reader(&server, LEAD);
    let page = lead.get("/demand?year=2021&assessment_minutes=90");
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("(FLS012)") && text.contains(&format!("{longer:.2}")), "{longer}");
    assert!(text.contains("not averaged") && text.contains("Why the views differ"));
    let file = lead.get("/demand/views.csv?year=2021&assessment_minutes=90").text();
    assert!(file.contains(&format!("{longer}")), "{file}");
    assert_eq!(file.lines().count(), 1 + 6 + 4, "{file}");
    let steps = lead.get("/demand/workload.csv?year=2021").text();
    assert!(steps.contains("Category allowance factor"), "{steps}");

    let wrong = lead.get("/demand?year=2021&assessment_minutes=long");
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Assessment: write a number"), "{}", wrong.text());
    assert!(wrong.text().contains("href=\"#assessment_minutes\""));
    assert_eq!(lead.get("/demand?year=2021&service=FLS013").status, 403);
    let gaps = lead.get("/gaps?year=2021").text();
    assert!(gaps.contains("href=\"/demand?year&#x3D;2021\""), "the gap leads here");
}
