//! The gap workbook as an office suite sees it, and beside the page, the API and the command.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use calamine::{DataType, Reader, Xlsx, open_workbook, open_workbook_from_rs};
use facilities_audit::app::costs::{self, CostQuery};
use facilities_audit::app::funding::{self, FundingQuery};
use facilities_audit::app::gaps::{self, GapQuery, WorkbookQuery};
use facilities_audit::app::standards::{self, WrittenStandard};
use facilities_audit::app::{App, accounts, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::workforce::allocation::{Budget, Goal, Posts};
use facilities_audit::domain::workforce::cost::CostingChoice;
use facilities_audit::domain::workforce::gap::End;
use facilities_audit::domain::workforce::report::display_wte;
use facilities_audit::domain::workforce::scenario::{FillVacancies, MoveAdministration, MovedTo, NewPost, Scenario};
use facilities_audit::domain::workforce::standard::{Basis, Role as WorkRole, StaffingStandard};
use facilities_audit::formats::workbook::AllocationInput;
use facilities_audit_tests::{Backend, PageReader, Ran, Server, World, on_both_databases};
use serde_json::{Value, json};

/// The Python that `tests/run` has furnished with what the judge needs.
fn python() -> Command {
    Command::new(std::env::var_os("TEST_PYTHON").expect("TEST_PYTHON is not set: run the tests by tests/run"))
}

/// Puts a workbook before LibreOffice.
pub fn judge(workbook: &Path, arguments: &[&str]) {
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

/// What is typed into the named cells, and the workbook that the service writes for that input.
struct Change {
    typed: Value,
    query: WorkbookQuery,
}

/// Every cell that can be typed into, one at a time, and where one alone moves nothing, with the one that it belongs to.
/// (The share of people aged 50 and over is the judge's own: no question to the service has it.)
fn changes(app: &App, gaps: &GapQuery) -> Vec<Change> {
    let team = Principal::command_line();
    let mut changes = Vec::new();
    let of = |gaps: GapQuery, costing: CostingChoice, scenario: Scenario| WorkbookQuery {
        costs: CostQuery { gaps, costing },
        scenario,
        ..WorkbookQuery::default()
    };
    let ros = standards::one(app, &team, "ros").unwrap().standard;
    let mut standard = |typed: Value, change: &dyn Fn(&mut StaffingStandard)| {
        let id = format!("changed_{}", changes.len());
        let mut standard = StaffingStandard { id: id.clone(), ..ros.clone() };
        change(&mut standard);
        standards::put(app, &team, &WrittenStandard { standard, publish: true }, 0).unwrap();
        let gaps = GapQuery { standard: Some(id), ..gaps.clone() };
        changes.push(Change { typed, query: of(gaps, CostingChoice::default(), Scenario::default()) });
    };
    standard(json!({"population_per_nurse_low": 35_000}), &|ros| ros.population_low = 35_000.0);
    standard(json!({"population_per_nurse_high": 52_000}), &|ros| ros.population_high = 52_000.0);
    // Administrators are counted per nurse.
    standard(json!({"nurse_ratio": 1.5}), &|ros| (ros.nurse_wte, ros.administrator_wte) = (1.5, 0.75));
    standard(json!({"administrator_ratio": 0.6}), &|ros| ros.administrator_wte = 0.6);

    let usual = costs::costing(app, &CostingChoice::default()).unwrap();
    let pay = |band: &str| usual.point(band).unwrap().planning_gbp;
    let mut costing = |typed: Value, costing: CostingChoice| {
        changes.push(Change { typed, query: of(gaps.clone(), costing, Scenario::default()) });
    };
    let choice = CostingChoice::default;
    costing(json!({"nurse_pay": pay("6")}), CostingChoice { nurse_band: Some("6".into()), ..choice() });
    costing(json!({"administrator_pay": pay("5")}), CostingChoice { administrator_band: Some("5".into()), ..choice() });
    costing(json!({"high_cost_supplement": 0.2}), CostingChoice { supplement: Some("inner".into()), ..choice() });
    costing(json!({"on_cost_multiplier": 1.4}), CostingChoice { on_cost: Some(1.4), ..choice() });

    let mut scenario = |typed: Value, scenario: Scenario| {
        changes.push(Change { typed, query: of(gaps.clone(), CostingChoice::default(), scenario) });
    };
    let nothing = Scenario::default;
    scenario(json!({"scenario_growth": 0.012}), Scenario { growth_percent: 1.2, ..nothing() });
    scenario(json!({"scenario_pay": 0.035}), Scenario { pay_percent: 3.5, ..nothing() });
    let fill = |share_percent: f64, months_to_hire: f64, turnover_percent: f64| Scenario {
        fill: Some(FillVacancies { share_percent, months_to_hire, turnover_percent }),
        ..Scenario::default()
    };
    scenario(json!({"scenario_fill": "yes"}), fill(100.0, 0.0, 0.0));
    scenario(json!({"scenario_fill": "yes", "scenario_fill_share": 0.6}), fill(60.0, 0.0, 0.0));
    scenario(json!({"scenario_fill": "yes", "scenario_months_to_hire": 17.5}), fill(100.0, 17.5, 0.0));
    scenario(
        json!({"scenario_fill": "yes", "scenario_months_to_hire": 6, "scenario_turnover": 0.12}),
        fill(100.0, 6.0, 12.0),
    );
    let post = |role: WorkRole, month: u32, scenario: Scenario| {
        let band = match role {
            WorkRole::Nurse => "7",
            WorkRole::Administrator => "3",
        };
        let (start_year, start_month) = ((month - 1) / 12 + 1, (month - 1) % 12 + 1);
        Scenario { posts: vec![NewPost { role, band: band.into(), wte: 2.5, start_year, start_month }], ..scenario }
    };
    scenario(json!({"scenario_new_nurses": 2.5}), post(WorkRole::Nurse, 1, nothing()));
    scenario(
        json!({"scenario_new_nurses": 2.5, "scenario_new_nurses_month": 30}),
        post(WorkRole::Nurse, 30, nothing()),
    );
    scenario(json!({"scenario_new_administrators": 2.5}), post(WorkRole::Administrator, 1, nothing()));
    scenario(
        json!({
            "scenario_new_administrators": 2.5, "scenario_new_administrators_month": 13,
            "scenario_fill": "yes", "scenario_months_to_hire": 9,
        }),
        post(WorkRole::Administrator, 13, fill(100.0, 9.0, 0.0)),
    );
    let moved = |admin_percent, moved_percent: f64, to: MovedTo, scenario: Scenario| Scenario {
        administration: Some(MoveAdministration { admin_percent, moved_percent, to }),
        ..scenario
    };
    let software = MovedTo::Software(12_000.0);
    scenario(json!({"scenario_moved": 0.5}), moved(None, 50.0, MovedTo::Administrators, nothing()));
    scenario(
        json!({"scenario_moved": 0.5, "scenario_admin_share": 0.2}),
        moved(Some(20.0), 50.0, MovedTo::Administrators, nothing()),
    );
    scenario(
        json!({"scenario_moved": 0.5, "scenario_moved_to": "software"}),
        moved(None, 50.0, MovedTo::Software(0.0), nothing()),
    );
    scenario(
        json!({"scenario_moved": 0.5, "scenario_moved_to": "software", "scenario_software_cost": 12_000}),
        moved(None, 50.0, software, nothing()),
    );
    // All at once.
    scenario(
        json!({
            "scenario_growth": -0.02, "scenario_pay": 0.04, "scenario_fill": "yes", "scenario_fill_share": 0.8,
            "scenario_months_to_hire": 5, "scenario_turnover": 0.1, "scenario_new_nurses": 2.5,
            "scenario_new_nurses_month": 14, "scenario_moved": 0.75,
        }),
        Scenario {
            growth_percent: -2.0,
            pay_percent: 4.0,
            ..moved(None, 75.0, MovedTo::Administrators, post(WorkRole::Nurse, 14, fill(80.0, 5.0, 10.0)))
        },
    );
    changes.extend(allocations(gaps));
    changes
}

/// The same of the cells of the sheet *Allocation*: each beside a budget, and all at once on a changed price.
fn allocations(gaps: &GapQuery) -> Vec<Change> {
    let usual = || AllocationInput { budget: 500_000.0, ..AllocationInput::default() };
    let change = |typed: Value, allocation: AllocationInput| {
        let costs = CostQuery { gaps: gaps.clone(), ..CostQuery::default() };
        Change { typed, query: WorkbookQuery { costs, allocation, ..WorkbookQuery::default() } }
    };
    let set = |name: &str, value: &str| json!({"allocation_budget": 500_000, name: value});
    let mut changes = vec![
        change(json!({"allocation_budget": 500_000}), usual()),
        change(
            set("allocation_basis", Basis::AsReported.label()),
            AllocationInput { basis: Basis::AsReported, ..usual() },
        ),
        change(set("allocation_need", "high"), AllocationInput { end: End::High, ..usual() }),
        change(
            set("allocation_order", "largest shortfall"),
            AllocationInput { goal: Goal::SmallestTotalShortfall, ..usual() },
        ),
        change(
            set("allocation_order", "most cases for £"),
            AllocationInput { goal: Goal::MostExpectedCasesReached, ..usual() },
        ),
        change(set("allocation_posts", "whole"), AllocationInput { posts: Posts::Whole, ..usual() }),
        // More than there is to fund.
        change(json!({"allocation_budget": 250_000_000}), AllocationInput { budget: 250_000_000.0, ..usual() }),
    ];
    let mut all = change(
        json!({
            "allocation_budget": 1_234_567.89, "allocation_basis": Basis::AsReported.label(), "allocation_need": "high",
            "allocation_order": "most cases for £", "allocation_posts": "whole", "on_cost_multiplier": 1.4,
        }),
        AllocationInput {
            budget: 1_234_567.89,
            basis: Basis::AsReported,
            end: End::High,
            goal: Goal::MostExpectedCasesReached,
            posts: Posts::Whole,
        },
    );
    all.query.costs.costing = CostingChoice { on_cost: Some(1.4), ..CostingChoice::default() };
    changes.push(all);
    changes
}

#[test]
fn every_cell_to_type_into_moves_the_workbook_as_the_service_would() {
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, team) = (world.app(), Principal::command_line());
    let gaps = GapQuery { year: 2021, area: Some("Y63".into()), ..GapQuery::default() };
    let write = |name: &str, query: &WorkbookQuery| {
        std::fs::write(world.path(name), gaps::workbook(&app, &team, query).unwrap().1).unwrap();
        world.path(name)
    };
    let usual = write("gaps.xlsx", &gaps.clone().into());
    let mut listed = Vec::new();
    for (place, change) in changes(&app, &gaps).into_iter().enumerate() {
        let like = write(&format!("like-{place}.xlsx"), &change.query);
        listed.push(json!({"set": change.typed, "like": like}));
    }
    let mut typed: BTreeSet<&str> =
        listed.iter().flat_map(|change| change["set"].as_object().unwrap().keys().map(String::as_str)).collect();
    typed.insert("share_aged_50_plus");
    let book: Xlsx<_> = open_workbook(&usual).unwrap();
    let prices = ["nurse_cost_per_wte", "administrator_cost_per_wte"];
    let named = book.defined_names().iter().map(|(name, _)| name.as_str());
    let inputs: BTreeSet<&str> = named.filter(|name| !name.starts_with('_') && !prices.contains(name)).collect();
    assert_eq!(typed, inputs, "every cell that can be typed into is tried");
    let list = world.path("changes.json");
    std::fs::write(&list, Value::from(listed).to_string()).unwrap();
    judge(&usual, &["--changes", list.to_str().unwrap()]);
}

/// The list of the sheet *Allocation* is the ranking of the page and the interface, with the same turns.
#[test]
fn the_allocation_sheet_is_the_ranking_of_what_to_fund_first() {
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, team) = (world.app(), Principal::command_line());
    let gaps = GapQuery { year: 2021, ..GapQuery::default() };
    for goal in Goal::ALL {
        let allocation = AllocationInput { budget: 3_000_000.0, goal, ..AllocationInput::default() };
        let query = WorkbookQuery { allocation, ..WorkbookQuery::from(gaps.clone()) };
        let bytes = gaps::workbook(&app, &team, &query).unwrap().1;
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("Allocation").unwrap();
        let list = sheet.rows().skip_while(|row| row[2].get_string() != Some("Place in the list")).skip(1);
        let listed: Vec<(String, [f64; 3])> = list
            .map_while(|row| Some((row, row[1].get_string().filter(|code| !code.is_empty())?)))
            .map(|(row, code)| (code.to_owned(), [6, 7, 9].map(|column| row[column].as_f64().unwrap())))
            .collect();
        let asked = FundingQuery { budget: Some(Budget::Pounds(3_000_000.0)), goal, ..FundingQuery::of(gaps.clone()) };
        let report = funding::report(&app, &team, &asked).unwrap();
        let went = report.down_the_list.as_ref().unwrap();
        let turns: Vec<(String, [f64; 3])> = went
            .turns
            .iter()
            .map(|turn| (report.claimants[turn.place].service.clone(), [turn.wte[0], turn.wte[1], turn.left]))
            .collect();
        assert!(went.reached() > 3 && turns.len() > 50, "{goal:?}");
        assert_eq!(listed, turns, "{goal:?}");
    }
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
        world.run(&["gaps", "--year", "2021", "--language", "cy", "-o", "cy.xlsx"]).succeeded();
        let welsh = std::fs::read(world.path("cy.xlsx")).unwrap();
        let server = world.serve();
        let (bearer, cookie) = (format!("Bearer {key}"), PageReader::signed_in(&server, &format!("/sign-in/{link}")).cookie_header());
        let (bearer, cookie) = (("Authorization", bearer.as_str()), ("Cookie", cookie.as_str()));
        assert!(fetch(&server, "/api/v1/workforce/gaps.xlsx?year=2021", bearer) == written, "API and command differ");
        assert!(fetch(&server, "/gaps.xlsx?year=2021", cookie) == written, "page and command differ");
        let in_welsh = format!("{}; facilities_audit_language=cy", cookie.1);
        assert!(fetch(&server, "/api/v1/workforce/gaps.xlsx?year=2021&language=cy", bearer) == welsh, "API and command differ");
        assert!(fetch(&server, "/gaps.xlsx?year=2021", ("Cookie", &in_welsh)) == welsh, "page and command differ");
        assert!(welsh != written);

        let report = gaps::report(&app, &team, &GapQuery { year: 2021, ..GapQuery::default() }).unwrap();
        let listed = fetch(&server, "/api/v1/workforce/gaps?year=2021&limit=500", bearer);
        let listed: Value = serde_json::from_slice(&listed).unwrap();
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
