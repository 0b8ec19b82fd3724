//! The staffing gap of the demo's country: its national figures are the published ones.

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::app::{App, Environment, Settings, demo};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::workforce::gap::{GapRow, GapStatus, Position};
use facilities_audit::domain::workforce::report::GapReport;
use facilities_audit::domain::workforce::standard::{Basis, Role};
use facilities_audit::formats::seeds::{SeedFiles, read_reference};

fn report(year: i32) -> GapReport {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("audit.db").display());
    let reference = read_reference(&SeedFiles::Embedded).unwrap();
    let app = App::open(&url, reference, Settings::default(), Environment::system()).unwrap();
    demo::load_country(&app, &mut |_, _, _| {}).unwrap();
    gaps::report(&app, &Principal::command_line(), &GapQuery { year, ..GapQuery::default() }).unwrap()
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
