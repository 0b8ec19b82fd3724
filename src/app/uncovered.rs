//! Who is seen by nobody in a round, and what a service for them would need.

use super::costs::{self, CostQuery};
use super::register::round_in;
use super::{App, AppError};
use crate::domain::access::{Permission, Principal, Scope};
use crate::domain::workforce::closing::CostReport;
use crate::domain::workforce::gap::population_on;
use crate::domain::workforce::standard::Basis;
use crate::domain::workforce::uncovered::{NewService, PeoplePerHip, Served, UncoveredArea, UncoveredHospital};
use crate::store;

/// Who is seen by nobody.
#[derive(Debug, Clone)]
pub struct UncoveredReport {
    /// The gaps and the prices beside it.
    pub costs: CostReport,
    /// Cases to be expected for a hip fracture.
    pub multiplier: i64,
    /// The hospitals in no service, the most hip fractures first, those without a figure last. None for a reader who sees
    /// single services alone.
    pub hospitals: Vec<UncoveredHospital>,
    /// How many people there are for a hip fracture on each basis, over every service of the round.
    pub per_hip: [PeoplePerHip; 2],
    /// The areas with such hospitals, each on both bases, everything first.
    pub areas: Vec<UncoveredArea>,
    /// The reader sees single services, and so no areas.
    pub services_alone: bool,
}

/// The hospitals in no service where the reader may look, and what a service for them would need.
pub fn report(app: &App, who: &Principal, query: &CostQuery) -> Result<UncoveredReport, AppError> {
    let costs = costs::report(app, who, query)?;
    let services_alone = !who.scopes(Permission::ReadGaps).any(|scope| !matches!(scope, Scope::Service(_)));
    let year = query.gaps.year;
    app.read(|conn| {
        let register = app.register(conn)?;
        let multiplier = app.methodology_of(round_in(&register, year)?)?.caseload_multiplier;
        let newest = &register.tree;
        let tree = newest.on(query.gaps.geography_as_at);
        let cases = register.cases(year, multiplier);
        let facts = store::facts::staffing_of_round(conn, year)?;
        let per_hip = Basis::ALL.map(|basis| {
            let served = register.services.values().filter_map(|service| {
                let share = newest.share_50_plus(&service.area_code, year);
                let people = population_on(basis, facts.get(&service.code)?, share.as_ref())?.people;
                let hip_fractures = cases.services.get(&service.code)?.hip_fractures()?;
                Some(Served { people, hip_fractures })
            });
            PeoplePerHip::over(basis, served)
        });
        let area = costs.gaps.area.as_ref().map(|(code, _)| code.as_str());
        let within = |code: &str| area.is_none_or(|area| tree.is_within(code, area) || newest.is_within(code, area));
        let uncovered = register
            .hospitals_in(year)
            .filter(|hospital| hospital.service_code.is_none() && within(&hospital.area_code) && !services_alone);
        let mut hospitals: Vec<UncoveredHospital> = uncovered
            .map(|hospital| {
                let count = register.hip_fractures_of(&hospital.code, year);
                UncoveredHospital {
                    code: hospital.code.clone(),
                    name: hospital.name.clone(),
                    area: hospital.area_code.clone(),
                    hip_fractures: count,
                    expected: count.map(|count| count * multiplier),
                }
            })
            .collect();
        hospitals.sort_by(|a, b| b.hip_fractures.cmp(&a.hip_fractures).then_with(|| a.code.cmp(&b.code)));
        let areas = costs
            .gaps
            .areas
            .iter()
            .filter(|sum| sum.unmapped.hospitals > 0)
            .map(|sum| {
                let hip_fractures = sum.unmapped.expected_cases / multiplier.max(1);
                let per_hip = per_hip.iter().find(|per_hip| per_hip.basis == sum.basis);
                let new_service = per_hip.and_then(|per_hip| {
                    NewService::for_hips(&costs.gaps.standard, &costs.costing, per_hip, hip_fractures)
                });
                UncoveredArea { sum: sum.clone(), hip_fractures, new_service }
            })
            .collect();
        Ok(UncoveredReport { costs, multiplier, hospitals, per_hip, areas, services_alone })
    })
}

impl UncoveredReport {
    /// What it comes to, in a sentence or two.
    pub fn statement(&self) -> String {
        let thousands = crate::domain::hundredths::thousands;
        if self.services_alone {
            return "Hospitals that no service covers are shown to those who see areas; you see single services."
                .into();
        }
        if self.hospitals.is_empty() {
            return format!(
                "Every hospital of {} is covered by a service.",
                self.costs.gaps.area.as_ref().map_or("the register", |(_, name)| name.as_str())
            );
        }
        let expected: i64 = self.hospitals.iter().filter_map(|hospital| hospital.expected).sum();
        let unknown = self.hospitals.iter().filter(|hospital| hospital.expected.is_none()).count();
        let unknown = match unknown {
            0 => String::new(),
            n => format!(" Of {n} of them the hip fractures are not known, so that there are more."),
        };
        let hospitals = match self.hospitals.len() {
            1 => "1 hospital is".to_owned(),
            n => format!("{n} hospitals are"),
        };
        format!(
            "{hospitals} covered by no service. {} cases a year are to be expected from them that nobody counts.{unknown}",
            thousands(expected)
        )
    }
}
