//! Files with something wrong in them: each problem is named by line, column and reason, and nothing of the file is
//! stored.

use std::fs;

use facilities_audit::app::imports::{self, ImportOptions, ImportReport};
use facilities_audit::app::{App, exports};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::formats::csv::header;
use facilities_audit_tests::{Ran, World, demo_folder, on_both_databases};

const KEEP_ALL: ImportOptions = ImportOptions { dry_run: false, skip_bad_rows: false };

fn import(app: &App, kind: FileKind, bytes: &[u8], options: ImportOptions) -> ImportReport {
    imports::file(app, &Principal::command_line(), kind, bytes, options, &mut |_| {}).unwrap()
}

fn export(app: &App, kind: FileKind) -> String {
    let mut bytes = Vec::new();
    exports::file(app, &Principal::command_line(), kind, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The application with the register loaded, and neither counts nor answers.
fn with_register(world: &World) -> App {
    let app = world.app();
    for kind in [FileKind::Areas, FileKind::Services, FileKind::Hospitals] {
        let bytes = fs::read(demo_folder().join(kind.file_name())).unwrap();
        assert!(import(&app, kind, &bytes, KEEP_ALL).stored);
    }
    app
}

/// A row that is right, for each file.
fn good_row(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Areas => "NEW1,New Area,icb,,,,",
        FileKind::AreaPopulation => "7A1,2021,290491,122237",
        FileKind::Services => "NEW01,New Service,,,7A1,,,",
        FileKind::Hospitals => "NEW1,New Hospital,7A1,FLS001,,,52.5,-1.5",
        FileKind::HipFractures => "H001,2021,300",
        FileKind::ExpectedCaseload => "FLS001,2021,1500",
        FileKind::Responses => "FLS001,2021,governance_frequency,,monthly",
        FileKind::KpiCounts => "FLS001,2021-01,4,,10,20,20,18",
    }
}

/// A row that is wrong, the column that is to be named, and part of the reason. It comes on line 3, after a good one.
const BAD_ROWS: &[(FileKind, &[u8], &str, &str)] = &[
    (FileKind::KpiCounts, b"ZZZ999,2021-01,4,,1,2,2,2", "service_code", "is not a known service"),
    (FileKind::KpiCounts, b"FLS001,2021-13,4,,1,2,2,2", "month", "neither a month"),
    (FileKind::KpiCounts, b"FLS001,January,4,,1,2,2,2", "month", "neither a month"),
    (FileKind::KpiCounts, b"FLS001,2021-02,1,,1,2,2,2", "kpi", "KPI 1 is derived"),
    (FileKind::KpiCounts, b"FLS001,2021-02,12,,1,2,2,2", "kpi", "not a KPI"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,-1,2,2,2", "numerator", "negative"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,many,2,2,2", "numerator", "not a whole number"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,1.5,2,2,2", "numerator", "not a whole number"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,,2,2,2", "numerator", "not a whole number"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,99999999999999999999,2,2,2", "numerator", ""),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,1,,2,2", "denominator", "is missing"),
    (FileKind::KpiCounts, b"FLS001,2021-02,2,,1,2,2,2", "denominator", "must be empty"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,1,2,2,3", "complete", "more than the 2 eligible"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,,1,2,2,", "complete", "missing beside eligible"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,men,1,2,2,2", "stratum", "key=value"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,sex=m;age_band=75+,1,2,2,2", "stratum", "alphabetical"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4,sex=\xff,1,2,2,2", "stratum", "not UTF-8"),
    (FileKind::KpiCounts, b"FLS001,2021-02,4", "", "the row has 3 fields, the header 8"),
    (FileKind::KpiCounts, b"FLS001,2021-01,4,,1,2,2,2", "service_code", "the same key as line 2"),
    (FileKind::KpiCounts, b"FLS001,2021,4,,1,2,2,2", "month", "monthly figures"),
    (FileKind::Responses, b"ZZZ999,2021,setting,,acute", "service_code", "is not a known service"),
    (FileKind::Responses, b"FLS001,1999,setting,,acute", "year", "no round for 1999"),
    (FileKind::Responses, b"FLS001,2021,colour,,red", "link_id", "is not asked for 2021"),
    (FileKind::Responses, b"FLS001,2021,setting,,orbit", "value", "not an option"),
    (FileKind::Responses, b"FLS001,2021,monitoring_responsible,,pharmacist;orbit", "value", "not an option"),
    (FileKind::Responses, b"FLS001,2021,population_all_ages,,many", "value", "not a whole number"),
    (FileKind::Responses, b"FLS001,2021,population_all_ages,,-5", "value", ""),
    (FileKind::Responses, b"FLS001,2021,patient_survey,,perhaps", "value", "neither yes nor no"),
    (FileKind::Responses, b"FLS001,2021,staff_in_post,nurse/99,1", "row", "not a role and band"),
    (FileKind::Responses, b"FLS001,2021,staff_in_post,nurse/7,lots", "value", "lots"),
    (FileKind::Responses, b"FLS001,2021,staff_in_post,,1", "row", "role and band"),
    (FileKind::Responses, b"FLS001,2021,setting,nurse/7,acute", "row", "no roles and bands"),
    (FileKind::Responses, b"FLS001,2021,setting,,", "value", "is empty"),
    (FileKind::Responses, b"FLS001,2021,governance_frequency,,none", "service_code", "the same key as line 2"),
    (FileKind::Areas, b"NEW2,Another,planet,,,,", "kind", "planet"),
    (FileKind::Areas, b"NEW2,Another,icb,NOWHERE,,,", "parent_code", "neither in this file nor known"),
    (FileKind::Areas, b"NEW2,Another,icb,NEW2,,,", "parent_code", "leads back"),
    (FileKind::Areas, b"E92000001,England,nation,Y61,,,", "parent_code", "leads back"),
    (FileKind::Areas, b"NEW2,Another,icb,,,,NEW2", "successor_code", "leads back"),
    (FileKind::Services, b"NEW02,Another,,,7A1,,,NEW02", "successor_code", "leads back"),
    (FileKind::Hospitals, b"NEW2,Another,7A1,,,,52.5,", "longitude", "missing beside"),
    (FileKind::Hospitals, b"NEW2,Another,7A1,,,,,-1.5", "latitude", "missing beside"),
    (FileKind::Areas, b"NEW2,Another,icb,,2022-07-01,2022-06-30,", "valid_to", "before"),
    (FileKind::Areas, b"NEW2,Another,icb,,1 July 2022,,", "valid_from", "not a day"),
    (FileKind::AreaPopulation, b"7A2,2021,100,200", "aged_50_plus", "more than"),
    (FileKind::AreaPopulation, b"NOWHERE,2021,200,100", "area_code", "not a known area"),
    (FileKind::Services, b"fls-1,Another,,,7A1,,,", "code", "unit code"),
    (FileKind::Services, b"NEW02,Another,,,NOWHERE,,,", "area_code", "not a known area"),
    (FileKind::Services, b"NEW02,,,,7A1,,,", "name", "is empty"),
    (FileKind::Hospitals, b"NEW2,Another,7A1,ZZZ999,,,,", "service_code", "not a known service"),
    (FileKind::Hospitals, b"NEW2,Another,7A1,,,,91,0", "latitude", "degrees"),
    (FileKind::HipFractures, b"NOWHERE,2021,3", "hospital_code", "not a known hospital"),
    (FileKind::HipFractures, b"H002,21,3", "year", "not a year"),
    (FileKind::ExpectedCaseload, b"FLS002,2021,-3", "expected", "negative"),
];

/// A whole file of these rows.
fn file(kind: FileKind, rows: &[&[u8]]) -> Vec<u8> {
    let header = header(kind);
    std::iter::once(header.as_bytes()).chain(rows.iter().copied()).flat_map(|row| [row, b"\n"].concat()).collect()
}

on_both_databases! {
    fn a_bad_row_is_named_and_nothing_of_its_file_is_stored(world: World) {
        let app = with_register(&world);
        for (kind, bad, column, reason) in BAD_ROWS {
            let said = String::from_utf8_lossy(bad);
            let before = export(&app, *kind);
            let report = import(&app, *kind, &file(*kind, &[good_row(*kind).as_bytes(), bad]), KEEP_ALL);
            assert!(!report.stored, "{said} was stored");
            assert_eq!((report.rows_read, report.rows_rejected), (2, 1), "{said}: {:?}", report.problems);
            let problem = &report.problems[0];
            assert_eq!((problem.line, problem.column.as_str()), (3, *column), "{said}: {}", problem.reason);
            assert!(problem.reason.contains(reason), "{said}: {}", problem.reason);
            assert_eq!(export(&app, *kind), before, "something of the file with {said} was stored");
        }
    }

    fn a_numerator_over_its_denominator_is_refused_where_there_is_one(world: World) {
        let (app, kind) = (with_register(&world), FileKind::KpiCounts);
        for kpi in 4..=11 {
            let row = format!("FLS001,2021-01,{kpi},,21,20,20,20");
            let report = import(&app, kind, &file(kind, &[row.as_bytes()]), KEEP_ALL);
            let problem = &report.problems[0];
            assert_eq!((problem.line, problem.column.as_str()), (2, "numerator"), "KPI {kpi}");
            assert!(problem.reason.contains("21 is more than the denominator 20"), "KPI {kpi}: {}", problem.reason);
        }
        // KPI 2 has the year's expected caseload under the line and may pass 100 %.
        assert!(import(&app, kind, &file(kind, &[b"FLS001,2021-01,2,,99999,,,"]), KEEP_ALL).stored);
    }

    fn a_yearly_figure_is_refused_beside_monthly_ones_that_are_stored(world: World) {
        let (app, kind) = (with_register(&world), FileKind::KpiCounts);
        assert!(import(&app, kind, &file(kind, &[b"FLS001,2021-05,4,,1,2,2,2"]), KEEP_ALL).stored);
        let report = import(&app, kind, &file(kind, &[b"FLS001,2021,4,,1,2,2,2"]), KEEP_ALL);
        assert!(!report.stored);
        assert_eq!((report.problems[0].line, report.problems[0].column.as_str()), (2, "month"));
        // Another year, KPI, service or stratum is another matter.
        let others: &[&[u8]] = &[
            b"FLS001,2019,4,,1,2,2,2",
            b"FLS001,2021,5,,1,2,2,2",
            b"FLS002,2021,4,,1,2,2,2",
            b"FLS001,2021,4,sex=men,1,2,2,2",
        ];
        let report = import(&app, kind, &file(kind, others), KEEP_ALL);
        assert!(report.stored, "{:?}", report.problems);
    }

    fn the_rest_of_a_file_can_be_stored_without_its_bad_rows(world: World) {
        with_register(&world);
        let folder = world.path("incoming");
        fs::create_dir(&folder).unwrap();
        let (good, bad): (&[u8], &[u8]) = (b"FLS001,2021-01,4,,10,20,20,18", b"FLS001,2021-13,4,,10,20,20,18");
        let plain = file(FileKind::KpiCounts, &[good, bad, b"FLS001,2021-02,4,,10,20,20,18"]);
        let of_excel = format!("\u{feff}{}", String::from_utf8(plain.clone()).unwrap().replace('\n', "\r\n"));
        for content in [plain, of_excel.into_bytes()] {
            fs::write(folder.join("kpi_counts.csv"), content).unwrap();
            // Refused at first, by file, line, column and reason.
            let refused = world.import(&folder).failed_saying(&["kpi_counts.csv: line 3, column month: \"2021-13\""]);
            assert!(refused.out.contains("not stored"), "{}", refused.out);

            let rejected = world.path("rejected");
            let mut command = world.program(&["import", "--skip-bad-rows", "--rejected"]);
            Ran::run(command.arg(&rejected).arg(&folder)).succeeded();
            let stored = export(&world.app(), FileKind::KpiCounts);
            assert!(stored.lines().any(|line| line.as_bytes() == good), "{stored}");
            assert_eq!(stored.lines().count(), 3, "{stored}");
            assert_eq!(fs::read(rejected.join("kpi_counts.csv")).unwrap(), file(FileKind::KpiCounts, &[bad]));
            let reasons = fs::read_to_string(rejected.join("kpi_counts.report.csv")).unwrap();
            assert!(reasons.lines().nth(1).unwrap().starts_with("3,month,"), "{reasons}");
        }
    }

    /// A grid without one of its cells would be another answer, with a lower total.
    fn a_grid_with_a_bad_cell_is_left_out_whole(world: World) {
        let (app, kind) = (with_register(&world), FileKind::Responses);
        let options = ImportOptions { skip_bad_rows: true, ..KEEP_ALL };
        let rows: [&[u8]; 4] = [
            b"FLS001,2021,governance_frequency,,monthly",
            b"FLS001,2021,staff_in_post,nurse/6,1",
            b"FLS001,2021,staff_in_post,nurse/7,1,5",
            b"FLS001,2021,staff_in_post,administrator/3,0.5",
        ];
        let report = import(&app, kind, &file(kind, &rows), options);
        assert_eq!((report.rejected_lines, report.stored), (vec![3, 4, 5], true), "{:?}", report.problems);
        assert_eq!(export(&app, kind).lines().skip(1).collect::<Vec<_>>(), ["FLS001,2021,governance_frequency,,monthly"]);
    }

    fn a_rehearsal_stores_nothing(world: World) {
        let (app, kind) = (with_register(&world), FileKind::KpiCounts);
        let options = ImportOptions { dry_run: true, ..KEEP_ALL };
        let report = import(&app, kind, &file(kind, &[good_row(kind).as_bytes()]), options);
        assert_eq!((report.rows_changed, report.rows_rejected, report.stored), (1, 0, false));
        assert_eq!(export(&app, kind).lines().count(), 1);
    }
}

/// The header is read before any row reaches a database, so one database will do.
#[test]
fn a_wrong_header_is_told_with_the_right_one() {
    let world = World::new(facilities_audit_tests::Backend::Sqlite);
    with_register(&world);
    let folder = world.path("incoming");
    fs::create_dir(&folder).unwrap();
    for kind in FileKind::ALL {
        let (right, name) = (header(kind), kind.file_name());
        for wrong in [right.replacen("code", "cod", 1), format!("{right},more"), "\n".to_owned(), String::new()] {
            for options in [&["import"][..], &["import", "--skip-bad-rows"]] {
                fs::write(folder.join(&name), &wrong).unwrap();
                let ran = Ran::run(world.program(options).arg(&folder)).failed_saying(&[&name, "line 1", &right]);
                assert!(!ran.out.contains("; stored"), "{wrong:?}: {}", ran.out);
            }
        }
        fs::remove_file(folder.join(&name)).unwrap();
    }
}
