//! Which recommendations of the January 2023 report concern how many services and areas of this round.

use std::collections::{BTreeMap, BTreeSet};

use super::Concern;
use crate::domain::area::{AreaKind, AreaTree};
use crate::domain::feedback::recommendations::{KpiPercents, NUMBERS, can_be_said, triggered};
use crate::domain::kpi::caseload::Unmapped;
use crate::domain::questionnaire::answer::Document;
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::register::Service;
use crate::domain::workforce::gap::{GapRow, Position};
use crate::domain::workforce::report::GapReport;

/// What concerns are worked out from.
#[derive(Debug)]
pub struct ConcernInputs<'a> {
    /// What was asked.
    pub questionnaire: &'a Questionnaire,
    /// The submitted answers, by service.
    pub answers: &'a BTreeMap<String, Document>,
    /// The KPIs of each service that counts.
    pub kpis: &'a BTreeMap<String, KpiPercents>,
    /// The gap on both bases.
    pub gaps: &'a GapReport,
    /// Hospitals that no service covers.
    pub unmapped: &'a [Unmapped],
    /// The services of the register.
    pub services: &'a BTreeMap<String, Service>,
    /// The areas.
    pub tree: &'a AreaTree,
}

/// The ICB or health board of something filed under an area.
fn board(tree: &AreaTree, area: &str) -> Option<String> {
    let is_board = |kind: AreaKind| matches!(kind, AreaKind::Icb | AreaKind::HealthBoard);
    tree.lineage(area).into_iter().find(|area| is_board(area.kind)).map(|area| area.code.clone())
}

/// The concerns of every recommendation from 4 to 13. 4 to 11 are called for by what a service said or its counts show, as
/// its own feedback has it; 12 concerns the areas in which a service is short of staff on every basis, 13 those with a
/// hospital that no service covers.
pub fn concerns(inputs: &ConcernInputs<'_>) -> Vec<Concern> {
    let board_of = |service: &str| {
        let area = &inputs.services.get(service)?.area_code;
        board(inputs.tree, area)
    };
    let mut rows: BTreeMap<&str, Vec<&GapRow>> = BTreeMap::new();
    for row in &inputs.gaps.rows {
        rows.entry(&row.service).or_default().push(row);
    }
    let empty = Document::default();
    let none = KpiPercents::new();
    let all: BTreeSet<&String> = inputs.answers.keys().chain(inputs.kpis.keys()).collect();
    let mut called: BTreeMap<i32, BTreeSet<&str>> = BTreeMap::new();
    let mut said: BTreeMap<i32, usize> = BTreeMap::new();
    for code in &all {
        let document = inputs.answers.get(*code).unwrap_or(&empty);
        let shown = Shown::new(inputs.questionnaire, document);
        let kpis = inputs.kpis.get(*code).unwrap_or(&none);
        let gaps = rows.get(code.as_str()).map(Vec::as_slice).unwrap_or_default();
        for number in NUMBERS {
            *said.entry(number).or_default() += usize::from(can_be_said(number, &shown, kpis, gaps));
        }
        for found in triggered(&shown, kpis, gaps) {
            called.entry(found.number).or_default().insert(code);
        }
    }
    let of_services = |number: i32| {
        let services = called.remove(&number).unwrap_or_default();
        let areas: BTreeSet<String> = services.iter().filter_map(|service| board_of(service)).collect();
        let of = said.get(&number).copied().unwrap_or_default();
        Concern { number, services: services.len(), of, areas: areas.len() }
    };
    let mut concerns: Vec<Concern> = NUMBERS.map(of_services).collect();
    let short: BTreeSet<&str> = rows
        .iter()
        .filter(|(_, rows)| rows.iter().all(|row| row.nurses.position == Position::Below))
        .map(|(service, _)| *service)
        .collect();
    let areas: BTreeSet<String> = short.iter().filter_map(|service| board_of(service)).collect();
    let is_known = |rows: &&Vec<&GapRow>| rows.iter().all(|row| row.nurses.position != Position::Missing);
    let known = rows.values().filter(is_known).count();
    concerns.push(Concern { number: 12, services: short.len(), of: known, areas: areas.len() });
    let uncovered: BTreeSet<String> =
        inputs.unmapped.iter().filter_map(|hospital| board(inputs.tree, &hospital.area_code)).collect();
    concerns.push(Concern { number: 13, services: 0, of: 0, areas: uncovered.len() });
    concerns
}
