//! The staffing gap of a round.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::costs::{self, CostQuery};
use super::kpis::{self, BenchmarkQuery, CascadeOf, Figures, YearOf};
use super::register::round_in;
use super::{App, AppError, associations, authorise, scenarios};
use crate::domain::access::{Permission, Principal, Scope};
use crate::domain::area::AreaTree;
use crate::domain::language::Language;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::register::Service;
use crate::domain::workforce::report::{GapInputs, GapReport};
use crate::domain::workforce::scenario::Scenario;
use crate::formats::workbook::{AllocationBook, AllocationInput, ClinicalSheets, GapBook, ScenarioBook, gap_workbook};
use crate::locales::Words;
use crate::store::DbConn;

/// What a gap report is asked for.
#[derive(Debug, Clone, Default)]
pub struct GapQuery {
    /// Audit year.
    pub year: i32,
    /// Only what lies in this area or below it.
    pub area: Option<String>,
    /// Id of the standard; `None`: the round's.
    pub standard: Option<String>,
    /// The day whose area tree groups the services; `None`: the newest.
    pub geography_as_at: Option<NaiveDate>,
    /// Of this data cut; `None`: of the data as they stand.
    pub cut: Option<String>,
}

impl GapQuery {
    /// The data that it asks of.
    pub(super) fn of(&self) -> YearOf {
        YearOf { year: self.year, cut: self.cut.clone() }
    }
}

/// What a workbook is asked for.
#[derive(Debug, Clone, Default)]
pub struct WorkbookQuery {
    /// Whose gaps, by which standard, and what posts are assumed to cost.
    pub costs: CostQuery,
    /// What the sheet *Scenario* says is done; by default nothing.
    pub scenario: Scenario,
    /// What the sheet *Allocation* shares out, and how; by default nothing.
    pub allocation: AllocationInput,
    /// The language of its reader.
    pub language: Language,
}

impl From<GapQuery> for WorkbookQuery {
    fn from(gaps: GapQuery) -> Self {
        Self { costs: CostQuery { gaps, ..CostQuery::default() }, ..Self::default() }
    }
}

/// The gap report of a round, with the bytes of its workbook.
pub fn workbook(app: &App, who: &Principal, query: &WorkbookQuery) -> Result<(GapReport, Vec<u8>), AppError> {
    let costs = costs::report(app, who, &query.costs)?;
    let report = &costs.gaps;
    let of = query.costs.gaps.of();
    let beside = associations::of_round(app, who, of.clone())?;
    let clinical = clinical(app, who, report, &of)?;
    let (long_vacancies, services) = app.read(|conn| {
        let mut figures = Figures::open(app, conn, &of)?;
        let mut facts = long_vacancies(&mut figures, of.year)?;
        let shown: BTreeSet<&str> = report.rows.iter().map(|row| row.service.as_str()).collect();
        facts.retain(|service, _| shown.contains(service.as_str()));
        Ok::<_, AppError>((facts, scenarios::services_of(&mut figures, report)?))
    })?;
    let expected =
        services.iter().filter_map(|one| Some((one.rows.first()?.service.as_str(), one.expected?))).collect();
    let book = GapBook {
        words: Words::new(query.language),
        report,
        costs: Some(&costs),
        long_vacancies,
        clinical,
        associations: Some(beside.sheet()),
        scenario: Some(ScenarioBook { scenario: query.scenario.clone(), services }),
        allocation: Some(AllocationBook { input: query.allocation.clone(), expected }),
    };
    let bytes = gap_workbook(&book).map_err(|error| AppError::Unexpected(error.to_string()))?;
    Ok((costs.gaps, bytes))
}

/// What each service of a round says of posts that have been vacant for over six months, by code.
pub(super) fn long_vacancies(figures: &mut Figures<'_>, year: i32) -> Result<BTreeMap<String, Fact>, AppError> {
    const ITEM: &str = "vacancy_over_6_months";
    Ok(figures.facts(year, &[ITEM])?.0.remove(ITEM).unwrap_or_default())
}

/// The clinical figures of a report's area or nation; `None` where the reader may not see them yet.
fn clinical(app: &App, who: &Principal, report: &GapReport, data: &YearOf) -> Result<Option<ClinicalSheets>, AppError> {
    let (year, area) = (data.year, report.area.as_ref().map(|(code, _)| code.clone()));
    let of = area.clone().map_or(CascadeOf::Nation, CascadeOf::Area);
    let found = match kpis::cascade(app, who, of, data.clone()) {
        Ok(found) => found,
        Err(AppError::Forbidden { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let asked = BenchmarkQuery { year, area, cut: data.cut.clone(), ..BenchmarkQuery::default() };
    let reports = kpis::overview(app, who, &asked)?;
    let services = reports.iter().flat_map(|report| &report.benchmark.rows);
    let name = |code: &String| reports.first()?.register.services.get(code).map(|service| service.name.clone());
    let service_names = services.filter_map(|row| Some((row.service.clone(), name(&row.service)?))).collect();
    let kpis = reports.iter().map(|report| report.benchmark.clone()).collect();
    Ok(Some(ClinicalSheets { cascade_of: found.name, cascade: found.cascade, kpis, service_names }))
}

/// Refuses whoever may read no gap.
pub(super) fn may_read(who: &Principal) -> Result<(), AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")
}

/// The gap report of a round, over the services that the reader may see. A commissioner who names no area gets their
/// own.
pub fn report(app: &App, who: &Principal, query: &GapQuery) -> Result<GapReport, AppError> {
    may_read(who)?;
    app.read(|conn| report_in(app, conn, who, query))
}

/// The same within a transaction in which more is read. Whoever calls it has authorised the reader.
pub(super) fn report_in(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    query: &GapQuery,
) -> Result<GapReport, AppError> {
    report_of(app, &mut Figures::open(app, conn, &query.of())?, who, query)
}

/// The same of data that are at hand.
pub(super) fn report_of(
    app: &App,
    figures: &mut Figures<'_>,
    who: &Principal,
    query: &GapQuery,
) -> Result<GapReport, AppError> {
    let register = figures.register();
    let round = round_in(&register, query.year)?;
    let newest = &register.tree;
    let tree = newest.on(query.geography_as_at);
    let area = asked_area(who, query, newest)?;
    let standard = match &query.standard {
        Some(id) => figures.other_standard(who, id)?,
        None => figures.standard(query.year)?,
    };
    let mine = |service: &&Service| who.may_for(Permission::ReadGaps, service, newest);
    let services: Vec<Service> = register.services_in(round.year).filter(mine).cloned().collect();
    let hospitals: Vec<_> = register
        .hospitals_in(round.year)
        .map(|hospital| (hospital.clone(), register.hip_fractures_of(&hospital.code, round.year)))
        .collect();
    let facts = figures.staffing(round.year)?;
    let mut report = GapReport::compute(&GapInputs {
        round,
        standard: &standard,
        tree: &tree,
        newest,
        services: &services,
        facts: &facts,
        hospitals: &hospitals,
        caseload_multiplier: figures.method(round.year)?.caseload_multiplier,
        area: area.as_deref(),
        data_as_at: figures.data_as_at(round.year)?,
        synthetic: app.is_synthetic(),
    });
    report.cut = figures.cut();
    if !who.scopes(Permission::ReadGaps).any(|scope| !matches!(scope, Scope::Service(_))) {
        report.keep_to_services();
    }
    Ok(report)
}

/// The area that the report is limited to, if any.
fn asked_area(who: &Principal, query: &GapQuery, tree: &AreaTree) -> Result<Option<String>, AppError> {
    let national = who.may_everywhere(Permission::ReadGaps);
    let own = who.scopes(Permission::ReadGaps).find_map(|scope| match scope {
        Scope::Area(code) if !national => Some(code.clone()),
        _ => None,
    });
    let Some(asked) = &query.area else { return Ok(own) };
    if tree.get(asked).is_none() {
        return Err(AppError::not_found("area", asked, "The list of areas has every code."));
    }
    let within_own = who.scopes(Permission::ReadGaps).any(|scope| match scope {
        Scope::National => true,
        Scope::Area(code) => tree.is_within(asked, code),
        Scope::Service(_) | Scope::Section { .. } => false,
    });
    if within_own {
        Ok(Some(asked.clone()))
    } else {
        Err(AppError::Forbidden { action: format!("read the gaps of area {asked}") })
    }
}
