//! What closing the gap costs, over the demo's country: through the use case, the pages, their files and the API.

use facilities_audit::app::costs::{self, CostQuery};
use facilities_audit::app::gaps::GapQuery;
use facilities_audit::domain::access::{Principal, Role as AccountRole};
use facilities_audit::domain::workforce::closing::CostReport;
use facilities_audit::domain::workforce::cost::CostingChoice;
use facilities_audit::domain::workforce::gap::End;
use facilities_audit::domain::workforce::standard::{Basis, Role};
use facilities_audit_tests::{Backend, Person, World, on_both_databases};

const TEAM: Person<'_> = Person { email: "team@example.org", role: AccountRole::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: AccountRole::FlsLead, service: Some("FLS012") };

fn report(world: &World, costing: CostingChoice) -> CostReport {
    let gaps = GapQuery { year: 2021, ..GapQuery::default() };
    costs::report(&world.app(), &Principal::command_line(), &CostQuery { gaps, costing }).unwrap()
}

on_both_databases! {
    fn areas_are_the_sums_of_their_services(world: World) {
        let world = World::with_demo_data(world.backend());
        let report = report(&world, CostingChoice::default());
        for basis in Basis::ALL {
            for role in Role::ALL {
                let all = report.total(basis).unwrap().role(role).unwrap();
                let rows = report.rows().filter(|(row, _)| row.basis == basis);
                let counted: Vec<_> = rows.filter_map(|(_, closing)| closing.role(role).ok()).collect();
                assert_eq!(all.services, counted.len());
                let split = all.split.unwrap();
                for end in End::ALL {
                    let sum: f64 = counted.iter().map(|cost| cost.cost.at(end).0).sum();
                    assert!((sum - all.cost.at(end).0).abs() < 1e-3, "{role:?} {basis:?}: {sum}");
                    let new: f64 = counted.iter().filter_map(|cost| Some(cost.split?.new_money.at(end).0)).sum();
                    assert!((new - split.new_money.at(end).0).abs() < 1e-3 && new > 0.0);
                }
            }
        }
        assert!(report.statement().contains("a year on the population as reported (all ages), and £"));
    }
}

#[test]
fn a_year_without_pay_figures_is_a_reason_and_no_figure() {
    let world = World::with_demo_data(Backend::Sqlite);
    let report = report(&world, CostingChoice { pay_year: Some("2021/22".into()), ..CostingChoice::default() });
    assert!(report.rows().all(|(_, closing)| closing.total().is_none()));
    assert!(report.statement().contains("no pay figures were read for 2021/22"), "{}", report.statement());
}

#[test]
fn the_page_its_files_and_the_interface_agree() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut team = world.reader(&server, TEAM);
    let path = "/gaps/costs?year=2021&pay_year=2023%2F24&nurse_band=6&supplement=outer";
    let page = team.get(path).text();
    let choice = CostingChoice {
        pay_year: Some("2023/24".into()),
        nurse_band: Some("6".into()),
        supplement: Some("outer".into()),
        ..CostingChoice::default()
    };
    let report = report(&world, choice);
    for part in [report.statement().as_str(), "Outer London", "2023/24", "Royal Osteoporosis"] {
        assert!(page.contains(part), "{part}");
    }
    let total = report.total(Basis::Aged50Plus).unwrap().total().unwrap();
    let file = team.get(&path.replace("costs?", "costs/areas.csv?")).text();
    let line = file.lines().find(|line| line.starts_with("all,") && line.contains("aged_50_plus")).unwrap();
    assert!(line.contains(&total.low.0.to_string()) && line.ends_with("2023/24,1.27,outer,6,3,"), "{line}");
    let services = team.get(&path.replace("costs?", "costs/services.csv?")).text();
    assert_eq!(services.lines().count(), 1 + report.gaps.rows.len());

    // Reached from the gaps, and back; what cannot be used is told.
    assert!(team.get("/gaps?year=2021").text().contains("/gaps/costs?year&#x3D;2021"));
    let unpriced = team.get("/gaps/costs?year=2021&nurse_band=8b").text();
    assert!(unpriced.contains("no pay figure was read for band 8b in 2022/23"));
    let wrong = team.get("/gaps/costs?year=2021&on_cost=12");
    assert!(wrong.status == 422 && wrong.text().contains("from 1 to 2"), "{}", wrong.text());
    assert_eq!(team.get("/gaps/costs?year=2021&area=NOWHERE").status, 404);

    // A lead sees what closing the gap of their own service costs, and nobody else's.
    let mut lead = world.reader(&server, LEAD);
    let own = lead.get("/gaps/costs/services.csv?year=2021").text();
    assert_eq!(own.lines().count(), 3, "{own}");
    assert!(own.lines().skip(1).all(|line| line.starts_with("FLS012,")));
}
