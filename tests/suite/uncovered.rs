//! Who is seen by no service, and what closing the gap may bring where somebody asks.

use facilities_audit::app::costs::CostQuery;
use facilities_audit::app::gaps::GapQuery;
use facilities_audit::app::uncovered;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::workforce::standard::Basis;
use facilities_audit_tests::{Backend, Person, World, on_both_databases};

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS012") };

on_both_databases! {
    fn hospitals_in_no_service_have_the_need_of_their_people(world: World) {
        let world = World::with_demo_data(world.backend());
        let gaps = GapQuery { year: 2021, ..GapQuery::default() };
        let query = CostQuery { gaps, ..CostQuery::default() };
        let report = uncovered::report(&world.app(), &Principal::command_line(), &query).unwrap();
        let expected: i64 = report.hospitals.iter().filter_map(|hospital| hospital.expected).sum();
        for basis in Basis::ALL {
            let all = report.areas.iter().find(|area| area.sum.code == "all" && area.sum.basis == basis).unwrap();
            assert_eq!(all.sum.unmapped.hospitals, report.hospitals.len());
            assert_eq!((all.sum.unmapped.expected_cases, all.hip_fractures * report.multiplier), (expected, expected));
            let per_hip = report.per_hip.iter().find(|per_hip| per_hip.basis == basis).unwrap();
            assert!(per_hip.services > 50, "{}", per_hip.services);
            let new = all.new_service.unwrap();
            let people = per_hip.ratio().unwrap() * f64::from(u32::try_from(all.hip_fractures).unwrap());
            assert!((new.people - people).abs() < 1e-6);
            assert!((new.nurses.low - people / 46_000.0).abs() < 1e-9 && new.cost.unwrap().low.0 > 1e5);
        }
        let [all_ages, aged_50] = report.per_hip.map(|per_hip| per_hip.ratio().unwrap());
        assert!(all_ages > 2.0 * aged_50 && (500.0..2_000.0).contains(&all_ages), "{all_ages} {aged_50}");
        let figures: Vec<_> = report.hospitals.iter().map(|hospital| hospital.hip_fractures).collect();
        assert!(figures.is_sorted_by(|a, b| a >= b));
    }
}

#[test]
fn the_page_shows_them_to_who_sees_areas() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut team = world.reader(&server, TEAM);
    let page = team.get("/gaps/uncovered?year=2021").text();
    for part in [
        "covered by no service",
        "services that gave a population and whose hospitals have hip fractures",
        "Nurses short in the services there are",
        "Royal Osteoporosis",
        "2022/23",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let hospitals = team.get("/gaps/uncovered/hospitals.csv?year=2021").text();
    let areas = team.get("/gaps/uncovered/areas.csv?year=2021").text();
    let all = areas.lines().find(|line| line.starts_with("all,")).unwrap();
    assert!(all.contains(&format!(",{},", hospitals.lines().count() - 1)), "{all}");
    let mut lead = world.reader(&server, LEAD);
    let own = lead.get("/gaps/uncovered?year=2021").text();
    assert!(own.contains("you see single services") && own.contains("no hospital to show here"));
    assert_eq!(lead.get("/gaps/uncovered/hospitals.csv?year=2021").text().lines().count(), 1);
}

#[test]
fn benefits_are_shown_where_they_are_asked_for_alone() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut team = world.reader(&server, TEAM);
    let plain = team.get("/gaps/costs?year=2021").text();
    assert!(plain.contains("is not shown unless you choose") && !plain.contains("Fractures prevented"));
    let page = team.get("/gaps/costs?year=2021&benefit=mclellan_2011&coefficient-fractures=20").text();
    let parts = [
        "Fractures prevented",
        "yours, not published",
        "value=\"20\"",
        "value=\"11\"",
        "West Glasgow",
        "no interval was read",
        "Nothing in this audit shows that posts bring them",
        "more expected cases in services staffed for them",
    ];
    for part in parts {
        assert!(page.contains(part), "{part}");
    }
    let file = team.get("/gaps/costs/benefits.csv?year=2021&benefit=mclellan_2011&coefficient-fractures=20").text();
    let line = file.lines().find(|line| line.starts_with("fractures,") && line.contains("aged_50_plus")).unwrap();
    let fields: Vec<&str> = line.split(',').collect();
    let (low, cases): (f64, f64) = (fields[7].parse().unwrap(), fields[9].parse().unwrap());
    assert!((low - cases * 20.0 / 1000.0).abs() < 1e-6 && fields[6] == "reader", "{line}");
    let campaign = team.get("/gaps/costs?year=2021&benefit=ros_campaign").text();
    assert!(campaign.contains("£3.26") && campaign.contains("for £1 million a year"));
    for (wrong, part) in [
        ("benefit=miracle", "There are no benefits"),
        ("benefit=mclellan_2011&coefficient-fractures=many", "#coefficient-fractures"),
        ("benefit=mclellan_2011&coefficient-joy=3", "It has treated"),
        ("benefit=mclellan_2011&coefficient-fractures=-1", "must be from 0"),
    ] {
        let answer = team.get(&format!("/gaps/costs?year=2021&{wrong}"));
        assert!(answer.status == 422 && answer.text().contains(part), "{wrong}: {}", answer.status);
    }
}
