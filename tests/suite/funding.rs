//! What to fund first, over the demo's country: budgets shared out by the use case, the page, its files and the API.

use facilities_audit::app::funding::{self, FundingQuery, LeftOut};
use facilities_audit::app::gaps::GapQuery;
use facilities_audit::domain::access::{Principal, Role as AccountRole};
use facilities_audit::domain::workforce::allocation::{Budget, Goal, NoClaim, Posts};
use facilities_audit::domain::workforce::gap::GapStatus;
use facilities_audit::domain::workforce::standard::Role;
use facilities_audit_tests::{Backend, Person, World, on_both_databases};

use crate::browser::{demo, link_of};

const TEAM: Person<'_> = Person { email: "team@example.org", role: AccountRole::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: AccountRole::FlsLead, service: Some("FLS012") };

fn query(area: Option<&str>) -> FundingQuery {
    FundingQuery::of(GapQuery { year: 2021, area: area.map(Into::into), ..GapQuery::default() })
}

on_both_databases! {
    fn a_budget_is_shared_out_within_what_services_are_short_of(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        for goal in Goal::ALL {
            let asked = FundingQuery {
                budget: Some(Budget::Pounds(2_000_000.0)), goal, posts: Posts::Whole, minimum_team: 3.0, ..query(None)
            };
            let report = funding::report(&app, &Principal::command_line(), &asked).unwrap();
            let allocation = report.allocation.as_ref().unwrap();
            assert!(allocation.proven && allocation.spent <= 2_000_000.0 && allocation.spent > 1_900_000.0);
            for grant in &allocation.grants {
                let claimant = &report.claimants[grant.place];
                let row = report.costs.gaps.rows_on(asked.basis).find(|row| row.service == claimant.service).unwrap();
                assert!(grant.wte[0] <= row.nurses.gap_low.unwrap().max(0.0) + 1e-9);
                assert!(grant.wte[1] <= row.administrators.gap_low.unwrap().max(0.0) + 1e-9);
                let team = row.nurses.in_post.unwrap() + row.administrators.in_post.unwrap() + grant.total();
                assert!(team >= 3.0 - 1e-9);
            }
            // Every service is funded, could be, or is told why not.
            let told = report.left_out.iter().filter(|(_, why)| matches!(why, LeftOut::NoGap(_))).count();
            assert_eq!(told + report.claimants.len(), report.names.len());
            assert!(report.left_out.contains(&("FLS001".into(), LeftOut::NoGap(GapStatus::NoResponse))));
            // More money never does worse, and ends where nothing is left to fund.
            assert!(report.frontier.is_sorted_by(|a, b| {
                a.allocation.achieved(goal) <= b.allocation.achieved(goal) + 1e-6
            }));
            assert!(report.frontier.iter().all(|point| point.allocation.proven));
        }
    }
}

#[test]
fn the_page_its_files_and_the_interface_agree() {
    let world = World::new(Backend::Sqlite);
    let server = demo(&world);
    let mut reader =
        facilities_audit_tests::PageReader::signed_in(&server, &link_of(&server, "Commissioner of all areas"));
    let path = "/funding?year=2021&budget=%C2%A31%2C000%2C000&goal=most_expected_cases_reached&minimum_team=2.5";
    let answer = reader.get(path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = answer.text();
    let parts = [
        "A budget of £1,000,000 a year pays for",
        "population aged 50 and over",
        "Synthetic data",
        "for each £100,000",
        "No: that is proved.",
        "The same budget, simply down the order below",
        "your budget",
        "FLS001",
        "It submitted no answers.",
        "band 7) costs £55,600",
        "href=\"/funding\"",
    ];
    for part in parts {
        assert!(page.contains(part), "{part}");
    }
    let grants = reader.get(&path.replace("/funding?", "/funding/allocation.csv?")).text();
    let spent: f64 = grants.lines().skip(1).map(|line| number(line, 4)).sum();
    assert!(spent > 990_000.0 && spent <= 1_000_000.0, "{spent}");
    assert!(grants.lines().skip(1).all(|line| line.ends_with("2022/23,1.27,none,synthetic")), "{grants}");
    let frontier = reader.get(&path.replace("/funding?", "/funding/frontier.csv?")).text();
    assert!(frontier.lines().count() > 10);
    let picture = reader.get(&path.replace("/funding?", "/funding/frontier.svg?")).text();
    assert!(picture.contains("Synthetic data") && picture.contains("aged 50 and over") && !picture.contains("NaN"));
    let order = reader.get(&path.replace("/funding?", "/funding/ranking.csv?")).text();
    assert!(order.lines().nth(1).unwrap().contains("It has "), "{order}");
    assert!(reader.get(&path.replace("/funding?", "/funding/left-out.csv?")).text().contains("no_response"));

    // Without a budget there is an order; with a wrong one, what to do.
    let unbudgeted = reader.get("/funding?year=2021").text();
    assert!(unbudgeted.contains("Give a budget above to share it out."));
    let wrong = reader.get("/funding?year=2021&budget=lots&minimum_team=many");
    assert_eq!(wrong.status, 422);
    for part in ["href=\"#budget\"", "Write it as 500000", "href=\"#minimum_team\"", "value=\"lots\""] {
        assert!(wrong.text().contains(part), "{part}");
    }
    let unpriced = reader.get("/funding?year=2021&budget=1000&pay_year=2021%2F22");
    assert!(unpriced.status == 422 && unpriced.text().contains("share out WTE instead"), "{}", unpriced.status);
    assert_eq!(reader.get("/funding?year=2021&budget=5&unit=wte&pay_year=2021%2F22").status, 200);
}

fn number(line: &str, place: usize) -> f64 {
    line.split(',').nth(place).unwrap().parse().unwrap()
}

#[test]
fn ones_own_service_is_all_that_a_lead_plans_for() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut lead = world.reader(&server, LEAD);
    let page = lead.get("/funding?year=2021&budget=50000").text();
    assert!(page.contains("1 service is short of") && page.contains("FLS012") && !page.contains("FLS013"));
    let mut team = world.reader(&server, TEAM);
    assert!(team.get("/gaps/costs?year=2021").text().contains("/funding?year&#x3D;2021"));
}

#[test]
fn goals_that_count_cases_leave_out_who_has_none() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let asked = FundingQuery {
        goal: Goal::MostExpectedCasesReached,
        budget: Some(Budget::Wte(10.0)),
        roles: vec![Role::Nurse, Role::Nurse],
        ..query(None)
    };
    let report = funding::report(&app, &Principal::command_line(), &asked).unwrap();
    assert_eq!(report.query.roles, [Role::Nurse]);
    let allocation = report.allocation.unwrap();
    assert!((allocation.wte - 10.0).abs() < 1e-9 && allocation.grants.iter().all(|grant| grant.wte[1] == 0.0));
    let unknown = report.claimants.iter().filter(|claimant| claimant.expected_cases.is_none()).count();
    let told = report.left_out.iter().filter(|(_, why)| *why == LeftOut::NoClaim(NoClaim::CasesNotKnown)).count();
    assert!(told <= unknown);
    let none = FundingQuery { roles: Vec::new(), budget: Some(Budget::Pounds(f64::NAN)), ..query(None) };
    let refused = funding::report(&app, &Principal::command_line(), &none).unwrap_err();
    assert!(refused.to_string().contains("Choose at least one role") && refused.to_string().contains("from 0 to"));
}
