//! The KPIs of the demo's country: its national figures are the published ones.

use std::fs;

use facilities_audit::app::kpis::{self, BenchmarkQuery, BenchmarkReport, CascadeOf, Size};
use facilities_audit::app::{App, AppError};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::kpi::year::Exclusion;
use facilities_audit::domain::reference::Grade;
use facilities_audit_tests::{Backend, World, on_both_databases};

/// The published national percentages: KPI, 2019, 2021.
const PUBLISHED: [(i32, f64, f64); 11] = [
    (1, 46.0, 39.0),
    (2, 49.0, 43.0),
    (3, 24.0, 23.0),
    (4, 69.0, 67.0),
    (5, 46.0, 32.0),
    (6, 59.0, 58.0),
    (7, 52.0, 56.0),
    (8, 6.0, 5.0),
    (9, 41.0, 47.0),
    (10, 26.0, 32.0),
    (11, 19.0, 23.0),
];

fn team() -> Principal {
    Principal::command_line()
}

fn lead(service: &str) -> Principal {
    let held = Membership::new(Role::FlsLead, Some(service), None).unwrap();
    Principal { actor: "account:1".into(), memberships: vec![held], ..Principal::command_line() }
}

fn of(app: &App, kpi: i32, year: i32) -> BenchmarkReport {
    kpis::benchmark(app, &team(), &BenchmarkQuery { kpi, year, ..BenchmarkQuery::default() }).unwrap()
}

on_both_databases! {
    fn the_published_national_values_come_out(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        for (kpi, in_2019, in_2021) in PUBLISHED {
            let (before, now) = (of(&app, kpi, 2019).benchmark, of(&app, kpi, 2021).benchmark);
            let rounded = |percent: Option<f64>| percent.map(f64::round);
            assert_eq!(rounded(before.national.figure.percent), Some(in_2019), "KPI {kpi} in 2019");
            assert_eq!(rounded(now.national.figure.percent), Some(in_2021), "KPI {kpi} in 2021");
            assert_eq!(now.previous_year, Some(2019));
            assert_eq!(now.previous.unwrap().figure, before.national.figure, "KPI {kpi} of the round before");
            assert_eq!((before.rows.len(), now.rows.len()), (67, 70));
        }
        let records = |year| of(&app, 2, year).benchmark.national.figure.numerator;
        assert_eq!((records(2019), records(2021)), (Some(70_614), Some(70_384)));
        let complete = of(&app, 1, 2021).benchmark.national.figure;
        assert_eq!((complete.numerator, complete.denominator), (Some(27), Some(70.0)));
        // The overview is the same figures at once.
        let query = BenchmarkQuery { year: 2021, ..BenchmarkQuery::default() };
        for report in kpis::overview(&app, &team(), &query).unwrap() {
            assert_eq!(report.benchmark, of(&app, report.benchmark.kpi.kpi, 2021).benchmark);
        }
    }
}

#[test]
fn the_demo_gives_what_the_report_says_of_single_services() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let (kpi2, kpi4, kpi7) = (of(&app, 2, 2021).benchmark, of(&app, 4, 2021).benchmark, of(&app, 7, 2021).benchmark);
    let range = (kpi2.national.minimum.unwrap().round(), kpi2.national.maximum.unwrap().round());
    assert_eq!(range, (4.0, 103.0), "nothing is clamped");
    assert_eq!((kpi2.services_from(50.0, false), kpi2.services_from(80.0, false)), (28, 5));
    assert_eq!((kpi4.services_from(80.0, false), kpi7.services_from(50.0, true)), (37, 45));
    assert_eq!(kpi7.national.grades, [(Grade::Green, 45), (Grade::Red, 25)]);
    let kpi3 = of(&app, 3, 2021).benchmark.national;
    assert_eq!((kpi3.grades, kpi3.at_least), (vec![], Some((50.0, 12))));

    // Who does not count, and why.
    let excluded: Vec<_> = kpi2.excluded.iter().map(|e| (e.service.as_str(), e.records, e.why)).collect();
    let few = |code, records| (code, Some(records), Exclusion::TooFewRecords);
    let northern_ireland = ("NI01", Some(420), Exclusion::OutsideNations);
    assert_eq!(excluded, [few("EX01", 12), few("EX02", 31), few("EX03", 44), few("EX04", 49), northern_ireland]);

    // The cases that no service covers.
    let (cases, _) = kpis::cases(&app, &team(), 2021).unwrap();
    assert_eq!(cases.unmapped.len(), 86);

    // Matched services count in both rounds, and both sums are over them.
    let query = BenchmarkQuery { kpi: 4, year: 2021, matched: true, ..BenchmarkQuery::default() };
    let matched = kpis::benchmark(&app, &team(), &query).unwrap().benchmark;
    assert!(matched.rows.len() < 70 && matched.rows.iter().all(|row| row.change().is_some()));
    assert_eq!(matched.previous.unwrap().services, matched.rows.len());

    // A filter chooses rows and sums them up; the nation stays the nation.
    let query = BenchmarkQuery { kpi: 2, year: 2021, size: Some(Size::Large), ..BenchmarkQuery::default() };
    let large = kpis::benchmark(&app, &team(), &query).unwrap();
    assert_eq!((large.benchmark.rows.len(), large.selection.unwrap().services), (29, 29));
    assert_eq!(large.benchmark.national, kpi2.national);
    let query = BenchmarkQuery { kpi: 2, year: 2021, setting: Some("acute".into()), ..BenchmarkQuery::default() };
    assert!((50..60).contains(&kpis::benchmark(&app, &team(), &query).unwrap().benchmark.rows.len()));
}

#[test]
fn a_service_has_its_year_its_months_and_its_cascade() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let year = kpis::service_kpis(&app, &team(), "FLS012", 2021).unwrap();
    assert_eq!(year.kpis.len(), 11);
    let row = of(&app, 9, 2021).benchmark.rows.into_iter().find(|row| row.service == "FLS012").unwrap();
    assert_eq!((year.kpis[8].figure.clone(), year.kpis[8].percentile), (row.figure, row.percentile));

    // 2020 was left empty on purpose: its months keep their place.
    let months = kpis::months(&app, &team(), "FLS012", 4).unwrap().series.months;
    let empty = months.iter().filter(|point| point.counts.is_none()).count();
    assert_eq!((months.len(), empty), (36, 12));

    let nation = kpis::cascade(&app, &team(), CascadeOf::Nation, 2021).unwrap().cascade;
    let people: Vec<_> = nation.steps.iter().map(|step| (step.people.unwrap(), step.cohort)).collect();
    let wanted = [163_685, 70_384, 47_157, 39_415, 11_715].map(|n| (n, 2021));
    assert_eq!(people, [wanted.as_slice(), &[(6_768, 2020)]].concat());
    assert_eq!(nation.steps[5].lost, None, "other people lose nobody");
    let area = kpis::cascade(&app, &team(), CascadeOf::Area("E92000001".into()), 2021).unwrap().cascade;
    let wales = kpis::cascade(&app, &team(), CascadeOf::Area("W92000004".into()), 2021).unwrap().cascade;
    assert_eq!(area.services.len() + wales.services.len(), 70);
    assert!(area.unmapped.len() + wales.unmapped.len() <= 86);

    let men = kpis::strata(&app, &team(), 2, 2021, None).unwrap();
    let men = men.strata.iter().find(|stratum| stratum.stratum == "sex=male").unwrap();
    assert_eq!((men.figure.numerator, men.figure.percent.map(f64::round)), (Some(15_791), Some(22.0)));
    assert!(men.is_share);
}

/// Before the report is out a service sees itself and the nation.
#[test]
fn what_is_not_published_is_seen_by_its_own_service() {
    let world = World::new(Backend::Sqlite);
    let folder = world.path("country");
    fs::create_dir(&folder).unwrap();
    let services = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\n\
        AAA,Alpha,,,QOQ,,,\nBBB,Beta,,,QWO,,,\n";
    let counts = "service_code,month,kpi,stratum,numerator,denominator,eligible,complete\n\
        AAA,2021,2,,60,,,\nBBB,2021,2,,70,,,\nAAA,2021,4,,30,60,,\nBBB,2021,4,,70,70,,\n\
        AAA,2022-01,2,,60,,,\nBBB,2022-01,2,,70,,,\nAAA,2022-01,4,,30,60,,\nBBB,2022-01,4,,70,70,,\n";
    fs::write(folder.join("services.csv"), services).unwrap();
    fs::write(folder.join("kpi_counts.csv"), counts).unwrap();
    world.import(&folder).succeeded();
    let app = world.app();
    let ask = |year| {
        let query = BenchmarkQuery { kpi: 4, year, ..BenchmarkQuery::default() };
        kpis::benchmark(&app, &lead("AAA"), &query).unwrap()
    };
    let (published, open) = (ask(2021), ask(2022));
    let codes = |report: &BenchmarkReport| -> Vec<String> {
        report.benchmark.rows.iter().map(|row| row.service.clone()).collect()
    };
    assert_eq!((codes(&published), published.hidden), (vec!["AAA".to_owned(), "BBB".to_owned()], 0));
    assert_eq!((codes(&open), open.hidden), (vec!["AAA".to_owned()], 1));
    assert_eq!(open.benchmark.national.figure.numerator, Some(100), "the nation is all of them");
    assert!(matches!(kpis::service_kpis(&app, &lead("AAA"), "BBB", 2022), Err(AppError::Forbidden { .. })));
    assert!(kpis::service_kpis(&app, &lead("AAA"), "BBB", 2021).is_ok());
    let months = |who: &Principal| kpis::months(&app, who, "BBB", 4).unwrap().series;
    assert_eq!((months(&lead("AAA")).months.len(), months(&lead("BBB")).months.len()), (0, 1));
    let hidden = kpis::cascade(&app, &lead("AAA"), CascadeOf::Area("QWO".into()), 2022);
    assert!(matches!(hidden, Err(AppError::Forbidden { .. })));
}
