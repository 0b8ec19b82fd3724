//! How many of the synthetic country's services trip each check. Its answers are honest, so a check that many of them trip
//! asks for explanations that tell nobody anything.

use std::collections::{BTreeMap, BTreeSet};

use facilities_audit::app::responses;
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::questionnaire::definition::Severity;
use facilities_audit_tests::{Backend, World};

/// The services with answers for a year, and how many of them trip each query.
fn tripped(app: &facilities_audit::app::App, year: i32) -> (usize, BTreeMap<String, usize>) {
    let who = Principal::command_line();
    let (mut services, mut counts) = (0, BTreeMap::new());
    for summary in responses::list(app, &who, year).unwrap().into_iter().filter(|summary| summary.started) {
        services += 1;
        let view = responses::view(app, &who, year, &summary.service.code).unwrap();
        let queries = view.findings.iter().filter(|finding| finding.severity == Severity::Query);
        for code in queries.map(|finding| format!("{} {}", finding.code, finding.link_id)).collect::<BTreeSet<_>>() {
            *counts.entry(code).or_insert(0) += 1;
        }
    }
    (services, counts)
}

#[test]
fn few_honest_answers_are_queried() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let mut too_many = Vec::new();
    for year in [2021, 2022] {
        let (services, counts) = tripped(&app, year);
        assert!(services >= 40, "{services} services have answers for {year}");
        for (check, count) in counts {
            println!("{year}: {check}: {count} of {services}");
            // One service in ten.
            if count * 10 > services {
                too_many.push(format!("{year}: {check} is tripped by {count} of {services}"));
            }
        }
    }
    assert!(too_many.is_empty(), "{}", too_many.join("\n"));
}
