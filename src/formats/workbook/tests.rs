use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::*;
use crate::domain::area::{Area, AreaKind, AreaPopulation, AreaTree};
use crate::domain::association::{Dataset, Grid, RoundData};
use crate::domain::hundredths::Hundredths;
use crate::domain::register::{Hospital, Service};
use crate::domain::round::{Round, RoundStatus};
use crate::domain::workforce::cost::{Costing, CostingChoice};
use crate::domain::workforce::gap::{GapStatus, RoleStaffing, StaffingFacts};
use crate::domain::workforce::report::GapInputs;
use crate::domain::workforce::standard::{Basis, Role, StaffingStandard};
use crate::formats::seeds::{SeedFiles, read_reference};
use crate::locales::Language;

fn area(code: &str, name: &str, kind: AreaKind, parent: Option<&str>) -> Area {
    Area {
        code: code.into(),
        name: name.into(),
        kind,
        parent_code: parent.map(Into::into),
        valid_from: Some("2022-07-01".parse().unwrap()),
        valid_to: None,
        successor_code: None,
    }
}

fn tree() -> AreaTree {
    let population =
        |code: &str, all_ages, aged_50_plus| (code.to_owned(), AreaPopulation { year: 2021, all_ages, aged_50_plus });
    AreaTree::new(
        vec![
            area("E1", "England", AreaKind::Nation, None),
            area("Y1", "North", AreaKind::Region, Some("E1")),
            area("QA", "Airedale", AreaKind::Icb, Some("Y1")),
            area("QB", "-Barrow", AreaKind::Icb, Some("Y1")),
            area("W1", "Wales", AreaKind::Nation, None),
            area("7A", "Arfon", AreaKind::HealthBoard, Some("W1")),
        ],
        [population("QA", 1_000_000, 371_234), population("QB", 700_000, 301_007), population("W1", 900_000, 400_003)],
        None,
    )
}

fn staffing(in_post: Option<i64>, establishment: Option<i64>, reported_vacant: Option<i64>) -> RoleStaffing {
    RoleStaffing {
        in_post: in_post.map(Hundredths),
        establishment: establishment.map(Hundredths),
        reported_vacant: reported_vacant.map(Hundredths),
    }
}

/// Code, name, area, and what the service answered.
type Case = (&'static str, &'static str, &'static str, Option<StaffingFacts>);

fn cases() -> Vec<Case> {
    let facts = |all, old, nurses, administrators| {
        Some(StaffingFacts { population_all_ages: all, population_50_plus: old, nurses, administrators })
    };
    let none = RoleStaffing::default();
    vec![
        (
            "AAA",
            "Reported 50+",
            "QA",
            facts(
                Some(494_945),
                Some(188_079),
                staffing(Some(159), Some(200), Some(50)),
                staffing(Some(45), Some(45), None),
            ),
        ),
        ("BBB", "=1+1 Estimated", "QB", facts(Some(391_309), None, staffing(Some(133), None, None), none)),
        ("CCC", "Population missing", "QB", facts(None, None, staffing(Some(100), Some(150), None), none)),
        ("DDD", "No response", "QA", None),
        (
            "EEE",
            "Zero administrators",
            "7A",
            facts(Some(92_000), None, staffing(Some(200), Some(200), Some(0)), staffing(Some(0), Some(0), None)),
        ),
        (
            "FFF",
            "Surplus",
            "QA",
            facts(
                Some(40_000),
                Some(15_000),
                staffing(Some(300), Some(250), None),
                staffing(Some(60), Some(100), None),
            ),
        ),
        ("GGG", "Staffing missing", "7A", facts(Some(150_000), None, none, none)),
        ("HHH", "Nobody aged 50", "7A", facts(Some(50_000), Some(0), staffing(Some(100), None, None), none)),
        ("JJJ", "@Area not in the tree", "ZZ", facts(Some(60_000), None, staffing(Some(100), None, None), none)),
    ]
}

/// A workbook of a report alone.
fn bare(report: &GapReport) -> GapBook<'_> {
    GapBook {
        words: Words::default(),
        report,
        costs: None,
        long_vacancies: BTreeMap::new(),
        clinical: None,
        associations: None,
        scenario: None,
        allocation: None,
    }
}

fn report(cases: &[Case], area: Option<&str>) -> GapReport {
    let round = Round {
        year: 2021,
        facilities_audit: "2022 facilities audit".into(),
        report: Some("January 2023 report".into()),
        status: RoundStatus::Published,
        opens_on: None,
        closes_on: None,
        staffing_as_at: "2022-04-01".parse().unwrap(),
        questionnaire: "2021".into(),
        methodology: 2021,
        standard: "ros".into(),
        sign_off: false,
        publishes_on: None,
        reminders: false,
        cut: None,
        version: 1,
    };
    let standard = StaffingStandard {
        id: "ros".into(),
        name: "Royal Osteoporosis Society recommendation".into(),
        nurse_wte: 1.0,
        administrator_wte: 0.5,
        population_low: 40_000.0,
        population_high: 46_000.0,
        source: "Statement in the January 2023 report".into(),
        bases: Basis::ALL.to_vec(),
        basis_note: "The recommendation does not say which ages its population counts.".into(),
        not_known: vec!["age basis of the population".into(), "source document".into()],
        valid_from: None,
        valid_to: None,
    };
    let service = |(code, name, area_code, _): &Case| Service {
        code: (*code).into(),
        name: (*name).into(),
        trust_code: None,
        trust_name: None,
        area_code: (*area_code).into(),
        valid_from: None,
        valid_to: None,
        successor_code: None,
    };
    let services: Vec<Service> = cases.iter().map(service).collect();
    let facts: BTreeMap<String, StaffingFacts> =
        cases.iter().filter_map(|case| Some((case.0.to_owned(), case.3?))).collect();
    let hospital = Hospital {
        code: "HOS1".into(),
        name: "Hospital without a service".into(),
        area_code: "QB".into(),
        service_code: None,
        valid_from: None,
        valid_to: None,
        latitude: None,
        longitude: None,
    };
    GapReport::compute(&GapInputs {
        round: &round,
        standard: &standard,
        tree: &tree(),
        newest: &tree(),
        services: &services,
        facts: &facts,
        hospitals: &[(hospital, Some(321))],
        caseload_multiplier: 5,
        area,
        data_as_at: Some("2022-06-30".parse().unwrap()),
        synthetic: true,
    })
}

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The rows of a sheet under its headers, each as header → value.
fn table(sheet: &Range<Data>, first_header: &str) -> Vec<BTreeMap<String, Data>> {
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let header = rows.iter().position(|row| row[0] == Data::String(first_header.into())).unwrap();
    let named = |row: &&[Data]| rows[header].iter().map(ToString::to_string).zip(row.iter().cloned()).collect();
    rows[header + 1..].iter().map(named).collect()
}

#[track_caller]
fn same(cell: &Data, expected: Option<f64>, what: &str) {
    match (cell, expected) {
        (Data::Empty, None) => {}
        (Data::Float(number), Some(expected)) => {
            assert!((number - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {number}, not {expected}");
        }
        _ => panic!("{what}: {cell:?}, not {expected:?}"),
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = report(&cases(), None);
    let first = gap_workbook(&bare(&report)).unwrap();
    // the writer keeps the time to the second
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(first, gap_workbook(&bare(&report)).unwrap());
}

/// Sheets are written side by side, which does not show in them.
#[test]
fn the_same_costs_and_plans_give_the_same_bytes() {
    let reference = read_reference(&SeedFiles::Embedded).unwrap();
    let costing = Costing::new(&reference.pay, &reference.cost_assumptions, &CostingChoice::default()).unwrap();
    let costs = CostReport::new(report(&cases(), None), costing);
    let services = || {
        let by_service = costs.gaps.rows.chunk_by(|a, b| a.service == b.service);
        let rows = by_service.map(|rows| rows.iter().collect());
        rows.map(|rows| ScenarioService { rows, admin_share: None, expected: Some(900.0) }).collect()
    };
    let write = || {
        let allocation = AllocationInput { budget: 500_000.0, ..AllocationInput::default() };
        gap_workbook(&GapBook {
            costs: Some(&costs),
            scenario: Some(ScenarioBook { scenario: Scenario::default(), services: services() }),
            allocation: Some(AllocationBook { input: allocation, expected: BTreeMap::new() }),
            ..bare(&costs.gaps)
        })
        .unwrap()
    };
    let first = write();
    for _ in 0..20 {
        assert!(write() == first, "two writings of one book differ");
    }
    let sheets = open(first).sheet_names();
    assert_eq!(
        sheets,
        [README, SUMMARY, SERVICES, AREAS, VACANCIES, COST, SCENARIO, ALLOCATION, ASSUMPTIONS, SOURCES, DICTIONARY]
    );
}

#[test]
fn stored_values_of_services_are_those_of_the_report() {
    let report = report(&cases(), None);
    let sheet = open(gap_workbook(&bare(&report)).unwrap()).worksheet_range(SERVICES).unwrap();
    let rows = table(&sheet, "Service code");
    assert_eq!(rows.len(), report.rows.len());
    for (cells, row) in rows.iter().zip(&report.rows) {
        let what = format!("{} {}", row.service, row.basis.as_str());
        assert_eq!(cells["Name"], Data::String(row.name.clone()), "{what}");
        assert_eq!(cells["Status"], Data::String(row.status.as_str().into()), "{what}");
        same(&cells["Population used"], row.population.as_ref().map(|population| population.people), &what);
        same(&cells["Population 50+ as reported"], row.population_50_plus.map(layout::whole), &what);
        for role in Role::ALL {
            let gap = row.role(role);
            let cell = |label: &str| &cells[&format!("{}: {label}", services::role_heading(role))];
            for (label, value) in [
                ("in post", gap.in_post),
                ("establishment", gap.establishment),
                ("vacant", gap.vacant),
                ("reported vacant", gap.reported_vacant),
                ("need low", gap.need_low),
                ("need high", gap.need_high),
                ("gap low", gap.gap_low),
                ("gap high", gap.gap_high),
                ("unfunded low", gap.unfunded_low),
                ("unfunded high", gap.unfunded_high),
                ("cover low", gap.cover_low),
                ("cover high", gap.cover_high),
            ] {
                same(cell(label), value, &format!("{what} {label}"));
            }
            assert_eq!(*cell("position"), Data::String(gap.position.as_str().into()), "{what}");
        }
    }
    let statuses: Vec<GapStatus> = report.rows.iter().map(|row| row.status).collect();
    for status in [
        GapStatus::Ok,
        GapStatus::NoResponse,
        GapStatus::PopulationMissing,
        GapStatus::StaffingMissing,
        GapStatus::PopulationNotPositive,
    ] {
        assert!(statuses.contains(&status), "{status:?} is not tried");
    }
}

#[test]
fn stored_values_of_areas_are_those_of_the_report() {
    let report = report(&cases(), None);
    let sheet = open(gap_workbook(&bare(&report)).unwrap()).worksheet_range(AREAS).unwrap();
    let rows = table(&sheet, "Area code");
    assert_eq!(rows.len(), report.areas.len());
    for (cells, area) in rows.iter().zip(&report.areas) {
        let what = format!("{} {}", area.code, area.basis.as_str());
        same(&cells["Services"], Some(layout::count(area.services)), &what);
        same(&cells["Whole population of the area"], area.area_population, &what);
        same(&cells["Nurses: whole area need high"], area.area_need_nurses.map(|need| need.high), &what);
        if area.nurses.services_counted > 0 {
            same(&cells["Nurses: net gap low"], Some(area.nurses.net_gap_low), &what);
            same(&cells["Nurses: shortfall high"], Some(area.nurses.shortfall_high), &what);
        }
        if area.administrators.services_counted == 0 {
            assert_eq!(cells["Administrators: net gap low"], Data::String(layout::NO_FIGURE.into()), "{what}");
        }
    }
}

#[test]
fn every_formula_is_stored_with_a_value() {
    let mut workbook = open(gap_workbook(&bare(&report(&cases(), None))).unwrap());
    for name in [SUMMARY, SERVICES, AREAS, ASSUMPTIONS] {
        let formulas = workbook.worksheet_formula(name).unwrap();
        let values = workbook.worksheet_range(name).unwrap();
        let (top, left) = formulas.start().unwrap();
        let mut seen = 0;
        for (row, column, _) in formulas.used_cells().filter(|(_, _, formula)| !formula.is_empty()) {
            let at = (top + u32::try_from(row).unwrap(), left + u32::try_from(column).unwrap());
            assert!(!matches!(values.get_value(at), None | Some(Data::Empty)), "{name} {at:?}");
            seen += 1;
        }
        assert!(seen > 0, "{name}");
    }
    let formulas = workbook.worksheet_formula(SERVICES).unwrap();
    let texts = formulas.used_cells().filter(|(_, _, formula)| formula.contains("1+1")).count();
    assert_eq!(texts, 0, "a name that looks like a formula must stay a text");
}

#[test]
fn an_area_is_named_and_an_empty_report_can_be_written() {
    for (cases, area) in [(cases(), Some("QB")), (Vec::new(), None), (cases(), Some("7A"))] {
        let mut report = report(&cases, area);
        report.synthetic = false;
        let sheet = open(gap_workbook(&bare(&report)).unwrap()).worksheet_range(README).unwrap();
        let lines = table(&sheet, "Subject");
        assert_eq!(lines[0]["What to know"], Data::String(report.statement()));
        let text = lines.iter().map(|line| line["What to know"].to_string()).collect::<Vec<_>>().join("\n");
        assert!(text.contains("Audit year 2021, the 2022 facilities audit, the January 2023 report."));
        assert!(text.contains("30 June 2022"));
        if let Some((code, name)) = report.area {
            assert!(text.contains(&format!("{name} ({code})")));
        }
    }
}

#[test]
fn a_standard_without_nurses_is_refused() {
    let mut report = report(&cases(), None);
    report.standard.nurse_wte = 0.0;
    assert!(matches!(gap_workbook(&bare(&report)), Err(WorkbookError::NoNurses(_))));
}

/// Writes the small report where `FACILITIES_AUDIT_TEST_WORKBOOK` says, for `tests/workbook/judge.py`.
#[test]
fn a_workbook_for_the_judge() {
    if let Some(path) = std::env::var_os("FACILITIES_AUDIT_TEST_WORKBOOK") {
        std::fs::write(path, gap_workbook(&bare(&report(&cases(), None))).unwrap()).unwrap();
    }
}

/// The sheet of associations has a row a pair, and says so where there are too few services for a figure.
#[test]
fn every_pair_has_a_row() {
    let reference = read_reference(&SeedFiles::Embedded).unwrap();
    let plan = reference.plans.last().unwrap();
    let round = RoundData {
        year: 2021,
        staffing_as_at: "2022-04-01".parse().unwrap(),
        standard: reference.standards.get("ros").unwrap().clone(),
        asked: std::collections::BTreeSet::new(),
        services: BTreeMap::new(),
    };
    let data = Dataset::of(&round, plan);
    let grid = Grid::new(&data, plan, &[], &|_, _| {});
    let kpi_names = BTreeMap::from([(4, "Assessment within 90 days".to_owned())]);
    let beside = AssociationSheet { plan, data: &data, grid: &grid, kpi_names: &kpi_names };
    let report = report(&cases(), None);
    let bytes = gap_workbook(&GapBook { associations: Some(beside), ..bare(&report) }).unwrap();
    assert_eq!(bytes, gap_workbook(&GapBook { associations: Some(beside), ..bare(&report) }).unwrap());
    let sheet = open(bytes).worksheet_range(ASSOCIATIONS).unwrap();
    let rows = table(&sheet, "Exposure");
    assert_eq!(rows.len(), plan.exposures.len() * plan.outcomes.len());
    let said = rows.iter().find(|row| row["KPI"] == Data::String("4 Assessment within 90 days".into())).unwrap();
    assert!(said["In a sentence"].to_string().starts_with("Too few services: 0."), "{said:?}");
    assert_eq!(said.get("p").map(ToString::to_string).unwrap_or_default(), "", "missing is not zero");
    let words = Words::new(Language::Welsh);
    let welsh = open(gap_workbook(&GapBook { words, associations: Some(beside), ..bare(&report) }).unwrap());
    let names = welsh.sheet_names();
    let sheet = names.iter().find(|name| *name == words.said(ASSOCIATIONS).as_ref()).unwrap();
    let sheet = { welsh }.worksheet_range(sheet).unwrap();
    let named = Data::String("4 Asesu o fewn 90 diwrnod".into());
    assert!(sheet.rows().any(|row| row.get(1) == Some(&named)), "the KPI has its Welsh name");
}
