//! The staffing gap of the demo's country: its national figures are the published ones.

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::workforce::gap::{GapRow, GapStatus, Position};
use facilities_audit::domain::workforce::report::GapReport;
use facilities_audit::domain::workforce::standard::{Basis, Role};
use facilities_audit_tests::{Backend, World};

fn report(year: i32) -> GapReport {
    let world = World::with_demo_data(Backend::Sqlite);
    let query = GapQuery { year, ..GapQuery::default() };
    gaps::report(&world.app(), &Principal::command_line(), &query).unwrap()
}

fn computed(report: &GapReport, basis: Basis) -> Vec<&GapRow> {
    report.rows_on(basis).filter(|row| row.status == GapStatus::Ok).collect()
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "counts of services are small")]
fn audit_year_2021_gives_the_published_figures() {
    let report = report(2021);
    let reported = computed(&report, Basis::AsReported);
    assert_eq!(reported.len(), 70);
    let n = reported.len() as f64;
    let population: f64 = reported.iter().map(|row| row.population.as_ref().unwrap().people).sum();
    assert_eq!((population / n).round(), 494_945.0);
    let mean = |role| reported.iter().map(|row| row.role(role).in_post.unwrap()).sum::<f64>() / n;
    assert_eq!((mean(Role::Nurse) * 100.0).round(), 159.0);
    assert_eq!((mean(Role::Administrator) * 100.0).round(), 45.0);
    let total = report.total(Basis::AsReported).unwrap();
    assert_eq!((total.nurses.need_low * 100.0).round(), 75_318.0);
    assert_eq!((total.nurses.need_high * 100.0).round(), 86_615.0);
    for role in Role::ALL {
        assert_eq!((total.role(role).below, total.role(role).services_counted), (70, 70));
    }
}

#[test]
fn on_the_50_plus_basis_five_services_are_not_below_for_nurses_and_one_for_administrators() {
    let report = report(2021);
    let rows = computed(&report, Basis::Aged50Plus);
    assert_eq!(rows.len(), 70);
    let estimated = rows.iter().filter(|row| row.population.as_ref().unwrap().estimated_with.is_some()).count();
    assert_eq!((rows.len() - estimated, estimated), (61, 9));
    let below = |role| rows.iter().filter(|row| row.role(role).position == Position::Below).count();
    assert_eq!((below(Role::Nurse), below(Role::Administrator)), (65, 69));
}

#[test]
fn services_without_a_gap_are_listed_with_their_status() {
    let report = report(2021);
    let silent: Vec<&str> = report
        .rows_on(Basis::AsReported)
        .filter(|row| row.status == GapStatus::NoResponse)
        .map(|row| row.service.as_str())
        .collect();
    assert_eq!(silent, ["EX01", "EX02", "EX03", "EX04", "FLS001"]);
    let total = report.total(Basis::AsReported).unwrap();
    assert_eq!((total.services_counted, total.services_missing), (70, 5));
    assert_eq!(total.unmapped.hospitals, 86);
    assert_eq!(total.nurses.split.services, 57);
}

/// The date of the geography groups the services; it decides nothing about one of them.
#[test]
fn an_older_geography_groups_otherwise_and_changes_no_gap() {
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, team) = (world.app(), Principal::command_line());
    let at = |day: Option<&str>, area: Option<&str>| {
        let query = GapQuery {
            year: 2021,
            area: area.map(Into::into),
            geography_as_at: day.map(|day| day.parse().unwrap()),
            ..GapQuery::default()
        };
        gaps::report(&app, &team, &query).unwrap()
    };
    for area in [None, Some("QNC"), Some("Y60")] {
        let (newest, older) = (at(None, area), at(Some("2020-01-01"), area));
        assert_eq!(newest.statement(), older.statement());
        let figures = |report: &GapReport| -> Vec<_> {
            report.rows.iter().map(|row| (row.service.clone(), row.status, row.nurses, row.administrators)).collect()
        };
        assert_eq!(figures(&newest), figures(&older));
        assert!(older.areas.iter().all(|sum| sum.kind.as_str() != "icb"), "there were no ICBs then");
        let people = |report: &GapReport| report.total(Basis::AsReported).unwrap().area_population;
        assert_eq!(people(&newest), people(&older));
    }
}

#[test]
fn areas_add_up_to_the_whole() {
    let report = report(2021);
    for basis in Basis::ALL {
        let total = report.total(basis).unwrap();
        let parts: Vec<_> = report.areas.iter().filter(|a| a.basis == basis && a.kind.as_str() == "nation").collect();
        let need: f64 = parts.iter().map(|part| part.nurses.need_low).sum();
        let net: f64 = parts.iter().map(|part| part.nurses.net_gap_high).sum();
        assert!((need - total.nurses.need_low).abs() < 1e-9);
        assert!((net - total.nurses.net_gap_high).abs() < 1e-9);
        assert_eq!(parts.iter().map(|part| part.services_counted).sum::<usize>(), total.services_counted);
        assert_eq!(parts.iter().map(|part| part.unmapped.hospitals).sum::<usize>(), total.unmapped.hospitals);
    }
}
