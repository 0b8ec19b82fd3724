//! How long the gap workbook takes, and how much memory: `benches/workbook.py` runs this beside Python's XlsxWriter.
//!
//! `-- SERVICES FILE` writes the workbook of so many invented services to FILE, several times, and prints a line of JSON:
//! the milliseconds of each time, and by how many megabytes the process has grown at its largest.

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use facilities_audit::domain::area::AreaTree;
use facilities_audit::domain::hundredths::Hundredths;
use facilities_audit::domain::register::Service;
use facilities_audit::domain::workforce::closing::CostReport;
use facilities_audit::domain::workforce::cost::{Costing, CostingChoice};
use facilities_audit::domain::workforce::gap::{GapRow, RoleStaffing, StaffingFacts};
use facilities_audit::domain::workforce::report::{GapInputs, GapReport};
use facilities_audit::domain::workforce::scenario::{Scenario, ScenarioService};
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit::formats::workbook::{AllocationBook, AllocationInput, GapBook, ScenarioBook, gap_workbook};
use facilities_audit::locales::Words;
use serde_json::json;

type Failed = Box<dyn std::error::Error>;

const YEAR: i32 = 2021;
const TIMES: usize = 5;

fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let services: i64 = arguments.next().ok_or("how many services?")?.parse()?;
    let file = arguments.next().ok_or("which file?")?;
    let costs = costs(services)?;
    let book = GapBook {
        words: Words::default(),
        report: &costs.gaps,
        costs: Some(&costs),
        long_vacancies: BTreeMap::new(),
        clinical: None,
        associations: None,
        scenario: Some(ScenarioBook { scenario: Scenario::default(), services: scenario_services(&costs.gaps) }),
        allocation: Some(AllocationBook {
            input: AllocationInput { budget: 500_000_000.0, ..AllocationInput::default() },
            expected: costs.gaps.rows.iter().map(|row| (row.service.as_str(), 900.0)).collect(),
        }),
    };
    let before = most_memory()?;
    let mut milliseconds = Vec::new();
    for _ in 0..TIMES {
        let began = Instant::now();
        let bytes = gap_workbook(&book)?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1_000.0);
        fs::write(&file, bytes)?;
    }
    println!("{}", json!({"milliseconds": milliseconds, "grown_mb": most_memory()? - before}));
    Ok(())
}

fn scenario_services(gaps: &GapReport) -> Vec<ScenarioService<'_>> {
    let mut by_service: BTreeMap<&str, Vec<&GapRow>> = BTreeMap::new();
    for row in &gaps.rows {
        by_service.entry(&row.service).or_default().push(row);
    }
    by_service
        .into_values()
        .map(|rows| ScenarioService { rows, admin_share: Some(0.3), expected: Some(900.0) })
        .collect()
}

fn costs(services: i64) -> Result<CostReport, Failed> {
    let reference = read_reference(&SeedFiles::Embedded)?;
    let round = reference.rounds.iter().find(|round| round.year == YEAR).ok_or("no round")?;
    let standard = reference.standards.get(&round.standard).ok_or("no standard")?;
    let tree = AreaTree::new(reference.areas.clone(), [], None);
    let areas: Vec<&str> = tree.iter().map(|area| area.code.as_str()).collect();
    let staffing = |in_post, establishment| RoleStaffing {
        in_post: Some(Hundredths(in_post)),
        establishment: Some(Hundredths(establishment)),
        reported_vacant: Some(Hundredths(establishment - in_post)),
    };
    let mut facts = BTreeMap::new();
    let mut all = Vec::new();
    for (place, area) in (0..services).zip(areas.iter().cycle()) {
        let code = format!("S{place:05}");
        let population = 100_000 + 37 * place;
        facts.insert(
            code.clone(),
            StaffingFacts {
                population_all_ages: Some(population),
                population_50_plus: Some(population * 2 / 5),
                nurses: staffing(50 + place % 200, 100 + place % 200),
                administrators: staffing(place % 90, 30 + place % 90),
            },
        );
        all.push(Service {
            name: format!("Service number {place}"),
            code,
            trust_code: None,
            trust_name: None,
            area_code: (*area).to_owned(),
            valid_from: None,
            valid_to: None,
            successor_code: None,
        });
    }
    let report = GapReport::compute(&GapInputs {
        round,
        standard,
        tree: &tree,
        newest: &tree,
        services: &all,
        facts: &facts,
        hospitals: &[],
        caseload_multiplier: 5,
        area: None,
        data_as_at: None,
        synthetic: true,
    });
    let costing = Costing::new(&reference.pay, &reference.cost_assumptions, &CostingChoice::default());
    Ok(CostReport::new(report, costing.map_err(|problems| format!("{problems:?}"))?))
}

/// The most memory that this process has held, in megabytes. Linux alone.
fn most_memory() -> Result<f64, Failed> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse::<f64>()? / 1_024.0)
}
