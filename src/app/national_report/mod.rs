//! The national report of a round: everything that it is written from, of its data cut.

mod document;
mod outliers;

use std::collections::BTreeMap;

use super::associations::{self, AssociationQuery, AssociationReport};
use super::gaps::{self, GapQuery};
use super::kpis::{self, BenchmarkQuery, CascadeOf, Figures, FindingsQuery, MapReport, Quoted, YearOf};

use super::{App, AppError, authorise, quality, rounds};
use crate::domain::access::{Permission, Principal};
use crate::domain::feedback::recommendations::KpiPercents;
use crate::domain::kpi::year::COUNTED;
use crate::domain::report::concerns::{ConcernInputs, concerns};
use crate::domain::report::{Concern, NationalReport};
use crate::domain::round::{Act, Round, RoundStatus};

pub use document::document;

/// Which report is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportQuery {
    /// Audit year.
    pub year: i32,
    /// The earlier audit year to lay beside it; by default that of the round before.
    pub with: Option<i32>,
    /// Of this data cut; `None`: of the one that the round's report quotes, and while there is none, of the data as they
    /// stand.
    pub cut: Option<String>,
}

/// A report, with what it is printed beside.
#[derive(Debug, Clone)]
pub struct FullReport {
    /// The round.
    pub round: Round,
    /// What it is written from.
    pub report: NationalReport,
    /// What staffing and governance have to do with the KPIs.
    pub associations: AssociationReport,
    /// Identification on the map.
    pub map: MapReport,
    /// What it rests on.
    pub quoted: Quoted,
}

impl FullReport {
    /// What has to stand over it: that it is not out yet, or rests on data that still move.
    pub fn standing(&self) -> Standing {
        match (self.round.status, &self.quoted.cut) {
            (_, None) => Standing::Draft,
            (RoundStatus::Published, Some(_)) => Standing::Out,
            (_, Some(_)) => Standing::Embargoed,
        }
    }
}

/// How far a report has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It rests on the data as they stand, which still move.
    Draft,
    /// It rests on a cut, and the round is not published.
    Embargoed,
    /// It is out.
    Out,
}

/// The report of a round: for whoever takes part once it is in preview, before that for the audit team.
pub fn report(
    app: &App,
    who: &Principal,
    query: &ReportQuery,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<FullReport, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let round = rounds::one(app, who, query.year)?;
    if !who.may_everywhere(Permission::RunRounds) {
        round.must_allow(Act::ReadAsParticipant)?;
    }
    written(app, &round, query, progress)
}

/// The report of a published round, for anybody.
pub fn public(app: &App, year: i32) -> Result<FullReport, AppError> {
    let found = rounds::one(app, &Principal::job(), year)?;
    if !found.status.allows(Act::ReadInPublic) {
        let hint = "The list of published rounds has those whose report is out.";
        return Err(AppError::not_found("published round", &year.to_string(), hint));
    }
    written(app, &found, &ReportQuery { year, with: None, cut: None }, &|_, _| {})
}

/// The report names services and areas alone, and says the same to everybody who may read it.
fn written(
    app: &App,
    round: &Round,
    query: &ReportQuery,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<FullReport, AppError> {
    let who = &Principal::job();
    let year = query.year;
    let cut = query.cut.clone().or_else(|| round.cut.clone());
    let of = YearOf { year, cut: cut.clone() };
    let findings = kpis::national_findings(app, who, &FindingsQuery { year, with: query.with, cut: cut.clone() })?;
    let cascade = kpis::cascade(app, who, CascadeOf::Nation, of.clone())?;
    let asked = AssociationQuery { year, cut: cut.clone(), ..AssociationQuery::default() };
    let associations = associations::report(app, who, &asked, progress)?;
    let benchmark = BenchmarkQuery { kpi: 2, year, cut, ..BenchmarkQuery::default() };
    let map = kpis::map(app, who, &benchmark)?;
    let report = app.read(|conn| {
        let mut figures = Figures::open(app, conn, &of)?;
        let all: Vec<i32> = COUNTED.collect();
        let data = figures.year(year, &all)?;
        let gaps = gaps::report_of(app, &mut figures, who, &GapQuery { year, ..GapQuery::default() })?;
        let mut percents: BTreeMap<String, KpiPercents> = BTreeMap::new();
        for service in &data.inclusion().included {
            let of = |kpi| Some((kpi, data.figure(data.method.kpi(kpi)?, service).percent?));
            percents.insert(service.clone(), COUNTED.filter_map(of).collect());
        }
        let register = figures.register();
        let found: Vec<Concern> = concerns(&ConcernInputs {
            questionnaire: &*figures.questionnaire(year)?,
            answers: &figures.answers(year)?,
            kpis: &percents,
            gaps: &gaps,
            unmapped: &data.cases.unmapped,
            services: &register.services,
            tree: &register.tree,
        });
        Ok(NationalReport {
            findings: findings.findings,
            cascade: cascade.cascade,
            gaps,
            concerns: found,
            not_compared: findings.not_compared,
            screening: quality::screening(&mut figures, year)?,
            outliers: figures.outliers(year)?,
            tree: register.tree.clone(),
            services: register.services.clone(),
            caseload_multiplier: data.method.caseload_multiplier,
            records_over: data.method.inclusion.records_above,
        })
    })?;
    Ok(FullReport { round: round.clone(), report, associations, map, quoted: findings.quoted })
}
