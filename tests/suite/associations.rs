//! The associations of the demo's country: what was planted is found, and what was not is not.

use facilities_audit::app::associations::{self, AssociationQuery, AssociationReport};
use facilities_audit::app::{App, cuts};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::association::{Association, Exposure, Flag, Strength, TooFew};
use facilities_audit_tests::{Backend, World, on_both_databases};

fn team() -> Principal {
    Principal::command_line()
}

fn lead(service: &str) -> Principal {
    let held = Membership::new(Role::FlsLead, Some(service), None).unwrap();
    Principal { actor: "account:1".into(), memberships: vec![held], ..Principal::command_line() }
}

fn of(app: &App, query: &AssociationQuery) -> AssociationReport {
    associations::report(app, &team(), query, &|_, _| {}).unwrap()
}

fn in_2021() -> AssociationQuery {
    AssociationQuery { year: 2021, ..AssociationQuery::default() }
}

fn row<'a>(report: &'a AssociationReport, key: &str) -> Vec<&'a Association> {
    report.grid.cells().filter(|cell| cell.exposure.key() == key).collect()
}

/// How many KPIs reach an evidence, and how many point up.
fn found(report: &AssociationReport, key: &str) -> (usize, usize) {
    let row = row(report, key);
    let called = row.iter().filter(|cell| cell.strength >= Some(Strength::Plain)).count();
    let up = row.iter().filter(|cell| cell.estimate().unwrap().tested.effect.value > 0.0).count();
    (called, up)
}

on_both_databases! {
    fn what_was_planted_is_found_and_what_was_not_is_not(world: World) {
        let world = World::with_demo_data(world.backend());
        let report = of(&world.app(), &in_2021());
        assert_eq!(report.data.services.len(), 69);
        let unlinked: Vec<(&str, &str)> =
            report.data.unlinked.iter().map(|dropped| (dropped.service.as_str(), dropped.why.as_str())).collect();
        assert_eq!(unlinked, [("FLS001", "no_response"), ("NI01", "outside_nations")]);
        assert_eq!(report.grid.tests, 220);

        // Planted, on most KPIs: nurse time (+) and governance (+), a vacancy of over six months (−).
        let (called, up) = found(&report, "nurse_wte_per_1000_cases");
        assert!(called >= 6 && up == 10, "nurse WTE: {called} called, {up} up");
        let (called, up) = found(&report, "governance_frequency");
        assert!(called >= 2 && up >= 9, "governance: {called} called, {up} up");
        let (called, up) = found(&report, "vacancy_over_6_months");
        assert!(called >= 2 && up <= 2, "vacancy: {called} called, {up} up");
        // Not planted.
        for key in ["patient_survey", "direct_prescribing", "setting"] {
            assert_eq!(found(&report, key).0, 0, "{key}");
        }
        // Of all that is called, few are of exposures that nobody planted: about one in twenty is what q promises.
        let planted = |exposure: Exposure| {
            let key = exposure.key();
            key.contains("wte") || ["governance_frequency", "vacancy_over_6_months"].contains(&key)
        };
        let distinct = report.grid.cells().filter(|cell| cell.exposure.restates().is_none());
        let called: Vec<Exposure> =
            distinct.filter(|cell| cell.strength >= Some(Strength::Plain)).map(|cell| cell.exposure).collect();
        let by_chance = called.iter().filter(|exposure| !planted(**exposure)).count();
        assert!(called.len() >= 30 && by_chance * 10 <= called.len(), "{by_chance} of {}", called.len());
    }
}

#[test]
fn a_pair_says_what_it_rests_on() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let pair = |key: &str, kpi| associations::pair(&app, &team(), &in_2021(), key, kpi).unwrap();
    let governance = pair("governance_frequency", 9);
    assert!(governance.found.has(Flag::SmallGroup), "three services meet once a year");
    assert_eq!(
        governance.found.estimate().unwrap().groups.iter().map(|group| group.n).collect::<Vec<_>>(),
        [28, 3, 19, 19]
    );
    assert!(governance.beside.is_empty());
    let rate = pair("vacancy_rate", 4);
    assert_eq!((rate.found.n, rate.found.linked), (57 - 1, 69));
    assert!(rate.found.has(Flag::MuchMissing) && rate.found.missing.bounds.is_some());
    // KPI 11 also stands beside the answers of the round before.
    let eleven = pair("nurse_wte_per_1000_cases", 11);
    assert!(eleven.found.has(Flag::FollowUp) && eleven.beside.len() == 1);
    assert!(eleven.beside[0].found.n >= 60, "{}", eleven.beside[0].found.n);
    let refused = associations::pair(&app, &team(), &in_2021(), "shoe_size", 4).unwrap_err();
    assert_eq!(refused.code(), "not_found");
}

#[test]
fn two_rounds_are_laid_side_by_side() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let query = AssociationQuery { since: Some(2019), ..in_2021() };
    let report = of(&app, &query);
    let matched = report.data.services.len();
    assert!((50..=62).contains(&matched), "{matched}");
    assert!(row(&report, "setting").iter().all(|cell| cell.found == Err(TooFew::NoDirection)));
    assert!(
        row(&report, "governance_frequency")
            .iter()
            .all(|cell| cell.found == Err(TooFew::NotAsked) || cell.found == Err(TooFew::Services))
    );
    let pair = associations::pair(&app, &team(), &query, "nurse_wte_per_100k", 4).unwrap();
    assert_eq!(pair.beside.iter().map(|beside| beside.found.linked).collect::<Vec<_>>(), [69, matched, 62, matched]);
    let refused = associations::report(&app, &team(), &AssociationQuery { since: Some(2021), ..in_2021() }, &|_, _| {});
    assert_eq!(refused.unwrap_err().code(), "invalid");
}

#[test]
fn filters_and_covariates_choose() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let acute = of(&app, &AssociationQuery { setting: Some("acute".into()), ..in_2021() });
    assert_eq!(acute.data.services.len(), 56);
    let community = of(&app, &AssociationQuery { setting: Some("community".into()), ..in_2021() });
    assert!(community.grid.cells().all(|cell| cell.found == Err(TooFew::Services) && cell.n <= 11));
    let held = AssociationQuery { covariates: vec!["records".into(), "setting".into()], ..in_2021() };
    let held = of(&app, &held);
    let model = row(&held, "nurse_wte_per_1000_cases")[2].model.clone().unwrap();
    assert_eq!((model.n, model.covariates.len()), (69, 3));
    let wrong = AssociationQuery { covariates: vec!["weather".into()], ..in_2021() };
    assert_eq!(associations::report(&app, &team(), &wrong, &|_, _| {}).unwrap_err().code(), "invalid");
}

on_both_databases! {
    /// A data cut gives what the data gave when it was made.
    fn a_cut_gives_the_same_grid(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let cut = cuts::make(&app, &team(), 2021, "associations").unwrap();
        let (now, then) = (of(&app, &in_2021()), of(&app, &AssociationQuery { cut: Some(cut.id.clone()), ..in_2021() }));
        assert_eq!((now.data, now.grid), (then.data, then.grid));
        assert_eq!(then.quoted.cut.map(|quote| quote.id), Some(cut.id));
    }
}

/// The WTE of less than a whole post are one person's.
#[test]
fn small_posts_of_others_are_not_shown() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let seen = |who: &Principal| associations::report(&app, who, &in_2021(), &|_, _| {}).unwrap();
    let (all, own) = (seen(&team()), seen(&lead("FLS012")));
    let nurses = Exposure::of_key("nurse_wte_per_100k").unwrap();
    let survey = Exposure::of_key("patient_survey").unwrap();
    let count = |report: &AssociationReport, exposure| {
        report.data.services.iter().filter(|service| report.seen.may_show(service, exposure)).count()
    };
    assert_eq!((count(&all, nurses), count(&all, survey)), (69, 69));
    assert_eq!(count(&own, survey), 69, "the year is published");
    assert!(count(&own, nurses) < 69 && own.seen.may_show("FLS012", nurses));
    assert_eq!(own.grid, all.grid, "estimates are of all services");
}
