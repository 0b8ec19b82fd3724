//! The gap workbook as an office suite sees it, and beside the page, the API and the command.

use std::path::Path;
use std::process::Command;

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::app::{accounts, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::workforce::report::display_wte;
use facilities_audit_tests::{Backend, PageReader, Ran, Server, World, on_both_databases};

/// The Python that `tests/run` has furnished with what the judge needs.
fn python() -> Command {
    Command::new(std::env::var_os("TEST_PYTHON").expect("TEST_PYTHON is not set: run the tests by tests/run"))
}

fn judge(workbook: &Path, arguments: &[&str]) {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbook/judge.py");
    Ran::run(python().arg(judge).arg(workbook).args(arguments)).succeeded();
}

#[test]
fn the_stored_values_are_what_the_formulas_give() {
    let world = World::with_demo_data(Backend::Sqlite);
    world.run(&["gaps", "--year", "2021", "-o", "gaps.xlsx"]).succeeded();
    let workbook = world.path("gaps.xlsx");
    judge(&workbook, &[]);
    judge(&workbook, &["--self-test-assumptions"]);
}

fn fetch(server: &Server, path: &str, header: (&str, &str)) -> Vec<u8> {
    ureq::get(server.address(path)).header(header.0, header.1).call().unwrap().body_mut().read_to_vec().unwrap()
}

on_both_databases! {
    /// One function computes the gap: the workbook is the same bytes wherever it is downloaded, the API gives the same
    /// unrounded values, and the page shows them rounded.
    fn page_api_command_and_workbook_agree(world: World) {
        world.import(&facilities_audit_tests::demo_folder()).succeeded();
        let (app, team) = (world.app(), Principal::command_line());
        let key = keys::make(&app, &team, "test", Role::Commissioner, None, None, None).unwrap().1;
        let link = accounts::add_user(&app, &team, "c@example.org", None, Role::Commissioner, None, None).unwrap();
        world.run(&["gaps", "--year", "2021", "-o", "gaps.xlsx"]).succeeded();
        let written = std::fs::read(world.path("gaps.xlsx")).unwrap();
        let server = world.serve();
        let (bearer, cookie) = (format!("Bearer {key}"), PageReader::signed_in(&server, &format!("/sign-in/{link}")).cookie_header());
        let (bearer, cookie) = (("Authorization", bearer.as_str()), ("Cookie", cookie.as_str()));
        assert!(fetch(&server, "/api/v1/workforce/gaps.xlsx?year=2021", bearer) == written, "API and command differ");
        assert!(fetch(&server, "/gaps.xlsx?year=2021", cookie) == written, "page and command differ");

        let report = gaps::report(&app, &team, &GapQuery { year: 2021, ..GapQuery::default() }).unwrap();
        let listed = fetch(&server, "/api/v1/workforce/gaps?year=2021&limit=500", bearer);
        let listed: serde_json::Value = serde_json::from_slice(&listed).unwrap();
        let page = String::from_utf8(fetch(&server, "/gaps?year=2021", cookie)).unwrap();
        let items = listed["items"].as_array().unwrap();
        assert_eq!((items.len(), listed["statement"].as_str()), (report.rows.len(), Some(report.statement().as_str())));
        assert!(page.contains(&report.statement()));
        for (item, row) in items.iter().zip(&report.rows) {
            assert_eq!((item["service"].as_str(), item["basis"].as_str()), (Some(row.service.as_str()), Some(row.basis.as_str())));
            for (name, gap) in [("nurses", &row.nurses), ("administrators", &row.administrators)] {
                let value = |field: &str| item[name][field].as_f64();
                assert_eq!((value("need_low"), value("need_high")), (gap.need_low, gap.need_high), "{}", row.service);
                assert_eq!((value("gap_low"), value("gap_high")), (gap.gap_low, gap.gap_high), "{}", row.service);
                assert_eq!((value("cover_low"), value("cover_high")), (gap.cover_low, gap.cover_high));
                assert_eq!((value("in_post"), value("unfunded_low")), (gap.in_post, gap.unfunded_low));
            }
            if let (Some(low), Some(high)) = (row.nurses.gap_low, row.nurses.gap_high) {
                let shown = format!("{} to {}", display_wte(low), display_wte(high)).replace('-', "−");
                assert!(page.replace('-', "−").contains(&shown), "{} is not on the page for {}", shown, row.service);
            }
        }
    }
}
