//! The views of KPIs, associations and plans, and the audit team's pages about a round, held to WCAG 2.2 AA on a wide
//! screen and at 320 pixels, with figures, with an error, and empty.

use facilities_audit_tests::{Backend, Browser, World, accessible};

use crate::browser::{demo, link_of, sign_in};

/// Each page once; those that take a service are of the demo's own.
const PAGES: &[&str] = &[
    "/gaps?year=2021",
    "/gaps/costs?year=2021&benefit=mclellan_2011",
    "/gaps/costs?year=2021&on_cost=12",
    "/gaps/business-case/FLS012?year=2021&benefit=mclellan_2011",
    "/gaps/uncovered?year=2021",
    "/demand?year=2021",
    "/demand?year=2021&service=FLS012",
    "/funding?year=2021&budget=1000000",
    "/funding?year=2021&budget=many",
    "/scenarios",
    "/scenarios/new?year=2021&service=FLS012",
    "/standards",
    "/standards/new",
    "/kpis?year=2021",
    "/kpis/4/benchmark?year=2021",
    "/kpis/4/funnel?year=2021",
    "/kpis/4/run-chart?year=2021&service=FLS012",
    "/kpis/4/distribution?year=2021",
    "/kpis/4/strata?year=2021",
    "/kpis/grades?year=2021",
    "/kpis/heat-map?year=2021",
    "/kpis/scoreboard?year=2021",
    "/kpis/map?year=2021",
    "/kpis/cascade?year=2021",
    "/kpis/upload",
    "/kpis/caseloads?year=2021",
    "/associations?year=2021",
    "/associations/nurse_wte_per_1000_cases/9?year=2021",
    "/rounds",
    "/rounds/new",
    "/rounds/2022",
    "/rounds/2022/edit",
    "/rounds/2022/responses",
    "/rounds/2022/reminders",
    "/rounds/2022/extensions",
    "/rounds/2022/step/closed",
    "/rounds/2021/outliers",
    "/rounds/2021/queries",
    "/rounds/2021/queries/new?service=FLS012",
    "/questionnaires",
    "/questionnaires/2022.1",
    "/questionnaires/2022.1/preview/staffing",
    "/questionnaires/upload",
    "/rounds/2021/report",
    "/rounds/2021/cuts/compare",
    "/published",
    "/published/2021/data",
    "/published/2021/benchmarks",
    "/published/2021/benchmarks/4",
    "/patients",
    "/rounds/2021/cuts",
    "/rounds/2021/findings",
    "/rounds/2022/explanations",
    "/rounds/2022/hospitals",
    "/survey/2021/FLS012/feedback",
    "/published/2021",
];

fn hold_to_wcag(browser: &Browser, screen: &str) {
    let world = World::new(Backend::Sqlite);
    let server = demo(&world);
    let link = link_of(&server, "Audit team");
    browser.visit(async |driver| {
        sign_in(&driver, &link).await?;
        for page in PAGES {
            driver.goto(server.address(page)).await?;
            let title = driver.title().await?;
            assert!(!title.starts_with("Sign in"), "{page} asks to sign in");
            accessible(&driver, &format!("{page} ({title}) {screen}")).await?;
        }
        Ok(())
    });
}

#[test]
fn views_are_accessible_on_a_wide_screen() {
    hold_to_wcag(&Browser::start(), "on a wide screen");
}

#[test]
fn views_are_accessible_on_a_phone() {
    hold_to_wcag(&Browser::start().on_a_phone(), "on a phone");
}
