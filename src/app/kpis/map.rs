//! Where services are, and what their areas come to.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::super::{App, AppError};
use super::{BenchmarkQuery, BenchmarkReport, YearOf, benchmark, cases};
use crate::charts::grade::GradeMark;
use crate::charts::map::{Bubble, BubbleKind};
use crate::charts::tiles::Tile;
use crate::domain::access::Principal;
use crate::domain::area::{Area, AreaKind, AreaTree};
use crate::domain::kpi::caseload::Unmapped;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::real;
use crate::domain::register::{Hospital, valid_in_year};

/// Degrees north and east.
pub type Position = (f64, f64);

/// A KPI of a year on the map.
#[derive(Debug, Clone)]
pub struct MapReport {
    /// The services.
    pub report: BenchmarkReport,
    /// The middle of the hospitals of each service that have a place.
    pub positions: BTreeMap<String, Position>,
    /// The hospitals that no service covers, with their places.
    pub unmapped: Vec<(Unmapped, Option<Position>)>,
    /// Every ICB and health board.
    pub areas: Vec<AreaSum>,
    /// The day whose areas these are.
    pub geography_as_at: NaiveDate,
}

/// An area's name short enough for a tile.
fn short(name: &str) -> String {
    let name = name.trim_start_matches("NHS ").trim_end_matches(" ICB");
    let name = name.trim_end_matches(" University Health Board").trim_end_matches(" Teaching Health Board");
    [
        ("North East", "NE"),
        ("North West", "NW"),
        ("South West", "SW"),
        ("South East", "SE"),
        ("North Central", "NC"),
        ("West Yorkshire", "W Yorks"),
        ("South Yorkshire", "S Yorks"),
    ]
    .iter()
    .fold(name.to_owned(), |name, (long, short)| name.replace(long, short))
}

impl MapReport {
    /// A bubble for each service and each uncovered hospital whose place is known.
    pub fn bubbles(&self, is_own: impl Fn(&str) -> bool) -> Vec<Bubble> {
        let services = self.report.benchmark.rows.iter().filter_map(|row| {
            let (latitude, longitude) = *self.positions.get(&row.service)?;
            Some(Bubble {
                label: row.service.clone(),
                latitude,
                longitude,
                expected: real(row.expected?),
                kind: BubbleKind::Service(GradeMark::of(&row.figure)),
                own: is_own(&row.service),
            })
        });
        let uncovered = self.unmapped.iter().filter_map(|(unmapped, place)| {
            let (latitude, longitude) = (*place)?;
            let expected = real(unmapped.expected?);
            let label = unmapped.code.clone();
            Some(Bubble { label, latitude, longitude, expected, kind: BubbleKind::Uncovered, own: false })
        });
        services.chain(uncovered).collect()
    }

    /// A tile for each area.
    pub fn tiles(&self, own_areas: &[&str]) -> Vec<Tile> {
        let tile = |sum: &AreaSum| Tile {
            code: sum.area.code.clone(),
            name: short(&sum.area.name),
            figure: sum.figure.percent.map(|percent| (percent, GradeMark::of(&sum.figure))),
            own: own_areas.contains(&sum.area.code.as_str()),
        };
        self.areas.iter().map(tile).collect()
    }
}

/// An area with what the services that it hosts and its uncovered hospitals come to.
#[derive(Debug, Clone)]
pub struct AreaSum {
    /// The area.
    pub area: Area,
    /// Its services' figures added up.
    pub figure: Figure,
    /// Services that have both numerator and denominator.
    pub services: usize,
    /// Hospitals that no service covers.
    pub unmapped: usize,
    /// Their expected cases; `None` where none has a figure.
    pub unmapped_expected: Option<i64>,
}

fn positions(hospitals: &[Hospital], year: i32) -> BTreeMap<String, Position> {
    let mut found: BTreeMap<&str, Vec<Position>> = BTreeMap::new();
    for hospital in hospitals.iter().filter(|hospital| valid_in_year(hospital.valid_from, hospital.valid_to, year)) {
        if let (Some(service), Some(at)) = (&hospital.service_code, hospital.latitude.zip(hospital.longitude)) {
            found.entry(service).or_default().push(at);
        }
    }
    let middle = |places: Vec<Position>| {
        #[expect(clippy::cast_precision_loss, reason = "a number of hospitals")]
        let n = places.len() as f64;
        let sum = places.iter().fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
        (sum.0 / n, sum.1 / n)
    };
    found.into_iter().map(|(service, places)| (service.to_owned(), middle(places))).collect()
}

fn areas(report: &BenchmarkReport, tree: &AreaTree, unmapped: &[Unmapped]) -> Vec<AreaSum> {
    let resolved = |code: &str| tree.resolve(code).map(|area| area.code.clone()).unwrap_or_default();
    let mut counted: BTreeMap<String, Vec<(i64, f64)>> = BTreeMap::new();
    for row in &report.benchmark.rows {
        let service = report.register.services.get(&row.service);
        if let (Some(service), Some(counts)) = (service, row.figure.numerator.zip(row.figure.denominator)) {
            counted.entry(resolved(&service.area_code)).or_default().push(counts);
        }
    }
    let mut missed: BTreeMap<String, Vec<Option<i64>>> = BTreeMap::new();
    for hospital in unmapped {
        missed.entry(resolved(&hospital.area_code)).or_default().push(hospital.expected);
    }
    let sum = |area: &Area| {
        let counts = counted.get(&area.code).map(Vec::as_slice).unwrap_or_default();
        let numerator = (!counts.is_empty()).then(|| counts.iter().map(|(numerator, _)| numerator).sum());
        let denominator = (!counts.is_empty()).then(|| counts.iter().map(|(_, denominator)| denominator).sum());
        let hospitals = missed.get(&area.code).map(Vec::as_slice).unwrap_or_default();
        let expected: Vec<i64> = hospitals.iter().flatten().copied().collect();
        AreaSum {
            area: area.clone(),
            figure: Figure::of(&report.benchmark.kpi, numerator, denominator),
            services: counts.len(),
            unmapped: hospitals.len(),
            unmapped_expected: (!expected.is_empty()).then(|| expected.iter().sum()),
        }
    };
    tree.iter().filter(|area| matches!(area.kind, AreaKind::Icb | AreaKind::HealthBoard)).map(sum).collect()
}

/// The map of a KPI of a year.
pub fn map(app: &App, who: &Principal, query: &BenchmarkQuery) -> Result<MapReport, AppError> {
    let report = benchmark(app, who, query)?;
    let (cases, _) = cases(app, who, YearOf { year: query.year, cut: query.cut.clone() })?;
    let register = Arc::clone(&report.register);
    let tree = &register.tree;
    let place = |code: &str| register.hospital(code).and_then(|hospital| hospital.latitude.zip(hospital.longitude));
    let unmapped = cases.unmapped.iter().map(|hospital| (hospital.clone(), place(&hospital.code))).collect();
    Ok(MapReport {
        positions: positions(&register.hospitals, query.year),
        unmapped,
        areas: areas(&report, tree, &cases.unmapped),
        geography_as_at: tree.as_at(),
        report,
    })
}
