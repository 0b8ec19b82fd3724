//! What anybody may read, without an account: rounds whose report is out, with WTE by role and never by band, and small
//! numbers suppressed.

use std::collections::BTreeMap;

use super::kpis::{Figures, Quoted, YearOf};
use super::{App, AppError};
use crate::domain::area::AreaTree;
use crate::domain::hundredths::Hundredths;
use crate::domain::kpi::benchmark::{Benchmark, Summary};
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::suppression::public_figures;
use crate::domain::kpi::year::COUNTED;
use crate::domain::quality::outlier::OutlierCase;
use crate::domain::reference::Kpi;
use crate::domain::register::Service;
use crate::domain::round::{Act, Round};
use crate::domain::workforce::disclosure::{PublicWte, public_wte};
use crate::domain::workforce::gap::StaffingFacts;
use crate::store::{self, DbConn};

/// One service's staffing, as far as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedStaffing {
    /// The service's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Nurses in post.
    pub nurses: PublicWte,
    /// Administrators in post.
    pub administrators: PublicWte,
}

/// The rounds that are published, the newest first.
pub fn rounds(app: &App) -> Result<Vec<Round>, AppError> {
    app.read(|conn| {
        let mut rounds = store::rounds::all_rounds(conn)?;
        rounds.retain(|round| round.status.allows(Act::ReadInPublic));
        rounds.reverse();
        Ok(rounds)
    })
}

/// The services of an area for whoever looks for one: each with the hospitals whose patients it sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaServices {
    /// A region of England, or a nation.
    pub area: String,
    /// Name and hospitals, by name.
    pub services: Vec<(String, Vec<String>)>,
}

/// The services of the newest published round, by area and name.
pub fn services_by_area(app: &App) -> Result<Vec<AreaServices>, AppError> {
    app.read(|conn| {
        let register = app.register(conn)?;
        let published = register.rounds.iter().rfind(|round| round.status.allows(Act::ReadInPublic));
        let Some(year) = published.map(|round| round.year) else { return Ok(Vec::new()) };
        let mut hospitals: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for hospital in register.hospitals_in(year) {
            if let Some(service) = &hospital.service_code {
                hospitals.entry(service).or_default().push(hospital.name.clone());
            }
        }
        let mut areas: BTreeMap<String, Vec<(String, Vec<String>)>> = BTreeMap::new();
        for service in register.services_in(year) {
            let area = register.tree.region_of(&service.area_code).map_or_else(String::new, |area| area.name.clone());
            let hospitals = hospitals.remove(service.code.as_str()).unwrap_or_default();
            areas.entry(area).or_default().push((service.name.clone(), hospitals));
        }
        let sorted = |(area, mut services): (String, Vec<(String, Vec<String>)>)| {
            services.sort();
            AreaServices { area, services }
        };
        Ok(areas.into_iter().map(sorted).collect())
    })
}

/// A round whose report is out. Other rounds are not there for the public.
fn published(conn: &mut DbConn, year: i32) -> Result<Round, AppError> {
    let round = store::rounds::round_by_year(conn, year)?.filter(|round| round.status.allows(Act::ReadInPublic));
    round.ok_or_else(|| {
        let hint = "The list of published rounds has those whose report is out.";
        AppError::not_found("published round", &year.to_string(), hint)
    })
}

/// One KPI of a published round as the public reads it.
#[derive(Debug, Clone)]
pub struct PublicBenchmark {
    /// The KPI by the year's method.
    pub kpi: Kpi,
    /// All services that count, together.
    pub national: Summary,
    /// The services that count, by code, each with its figure; `None` where it is withheld.
    pub rows: Vec<(Service, Option<Figure>)>,
    /// The outliers that are through every check.
    pub outliers: Vec<OutlierCase>,
}

/// The KPIs of a published round, of the cut that its report quotes. A figure is called an outlier only once it is through.
pub fn benchmarks(app: &App, year: i32) -> Result<(Round, Vec<PublicBenchmark>, Quoted), AppError> {
    app.read(|conn| {
        let round = published(conn, year)?;
        let mut figures = Figures::open(app, conn, &YearOf { year, cut: round.cut.clone() })?;
        let data = figures.year(year, &COUNTED.collect::<Vec<_>>())?;
        let mut through = figures.outliers(year)?;
        through.retain(OutlierCase::may_be_published);
        let benchmark = |kpi: i32| {
            let all = Benchmark::new(kpi, &data, None, false)?;
            let shown = public_figures(&data, &all.kpi).into_iter();
            let named = |(code, figure)| Some((figures.services().get::<String>(&code)?.clone(), figure));
            Some(PublicBenchmark {
                rows: shown.filter_map(named).collect(),
                outliers: through.iter().filter(|case| case.found.kpi == kpi).cloned().collect(),
                kpi: all.kpi,
                national: all.national,
            })
        };
        let benchmarks = COUNTED.filter_map(benchmark).collect();
        Ok((round, benchmarks, figures.quoted(year)?))
    })
}

/// The staffing of the services that submitted in a published round, by code.
pub fn staffing(app: &App, year: i32) -> Result<(Round, Vec<PublishedStaffing>), AppError> {
    app.read(|conn| {
        let round = published(conn, year)?;
        let facts = store::facts::staffing_of_round(conn, year)?;
        let register = app.register(conn)?;
        let services: Vec<&Service> =
            register.services_in(year).filter(|service| facts.contains_key(&service.code)).collect();
        Ok((round, public_staffing(&register.tree, &services, &facts)))
    })
}

/// The staffing of services as the public reads it. The report gives the sums of regions, so small numbers are hidden region
/// by region.
pub(super) fn public_staffing(
    tree: &AreaTree,
    services: &[&Service],
    facts: &BTreeMap<String, StaffingFacts>,
) -> Vec<PublishedStaffing> {
    let mut regions: BTreeMap<&str, Vec<(&Service, StaffingFacts)>> = BTreeMap::new();
    for service in services {
        let region = tree.region_of(&service.area_code).map_or("", |area| area.code.as_str());
        if let Some(facts) = facts.get(&service.code) {
            regions.entry(region).or_default().push((service, *facts));
        }
    }
    let mut staffing = Vec::new();
    for group in regions.into_values() {
        let of = |role: fn(&StaffingFacts) -> Option<Hundredths>| {
            public_wte(&group.iter().map(|(_, facts)| role(facts)).collect::<Vec<_>>())
        };
        let nurses = of(|facts| facts.nurses.in_post);
        let administrators = of(|facts| facts.administrators.in_post);
        for (((service, _), nurses), administrators) in group.iter().zip(nurses).zip(administrators) {
            let (code, name) = (service.code.clone(), service.name.clone());
            staffing.push(PublishedStaffing { code, name, nurses, administrators });
        }
    }
    staffing.sort_by(|a, b| a.code.cmp(&b.code));
    staffing
}
