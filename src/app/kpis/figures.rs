//! Where KPI figures come from: the registers, a year's counts, and the method that judges them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::super::cuts::{self, Frozen};
use super::super::register::round_in;
use super::super::{App, AppError, quality, standards};
use crate::domain::access::{Permission, Principal};
use crate::domain::area::AreaTree;
use crate::domain::count::{Counts, Period};
use crate::domain::cut::CutQuote;
use crate::domain::kpi::caseload::Cases;
use crate::domain::kpi::year::{COUNTED, YearData};
use crate::domain::quality::outlier::OutlierCase;
use crate::domain::questionnaire::answer::Document;
use crate::domain::questionnaire::crosswalk::Comparison;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::reference::{Kpi, Methodology};
use crate::domain::register::{Register, Service};
use crate::domain::round::{Act, Round};
use crate::domain::workforce::gap::StaffingFacts;
use crate::domain::workforce::standard::StaffingStandard;
use crate::store::totals::StratumTotal;
use crate::store::transaction::read_tx;
use crate::store::{self, DbConn};

/// What a result was worked out from, which every view prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Audit year.
    pub year: i32,
    /// The round under its names; `None` for a year without one.
    pub round: Option<String>,
    /// The year of the methodology.
    pub methodology: i32,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The data cut that it was asked of; `None`: the data as they stand.
    pub cut: Option<CutQuote>,
}

/// A year of the data as they stand, or of a data cut. A year alone is one of the data as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearOf {
    /// Audit year.
    pub year: i32,
    /// The id of the cut.
    pub cut: Option<String>,
}

impl From<i32> for YearOf {
    fn from(year: i32) -> Self {
        Self { year, cut: None }
    }
}

/// Where the data are read.
enum Source<'a> {
    /// The database as it stands.
    Live(&'a mut DbConn),
    /// A data cut.
    Cut(Arc<Frozen>),
}

/// The items that staffing is read from.
const GRIDS: [&str; 3] = ["staff_in_post", "staff_establishment", "staff_vacant"];

/// Facts by name and service, and the staffing by service.
type RoundFacts = (store::facts::FactsByName, BTreeMap<String, StaffingFacts>);

/// Everything at hand to work out figures.
pub(in crate::app) struct Figures<'a> {
    app: &'a App,
    source: Source<'a>,
    register: Arc<Register>,
    /// Up to this year everybody who takes part sees every service.
    open_until: Option<i32>,
}

impl<'a> Figures<'a> {
    /// Everything of the data that a year is asked of.
    pub(in crate::app) fn open(app: &'a App, conn: &'a mut DbConn, of: &YearOf) -> Result<Self, AppError> {
        let register = app.register(conn)?;
        // Whether a report is out is asked today, also of a cut that was made before.
        let published = register.rounds.iter().filter(|round| round.status.allows(Act::ReadAsParticipant));
        let open_until = published.map(|round| round.year).max();
        if let Some(id) = &of.cut {
            let frozen = cuts::frozen(app, conn, id)?;
            let last = frozen.register.rounds.last().map_or(i32::MIN, |round| round.year);
            if of.year > last {
                let hint = format!("The cut holds the years up to {last}.");
                return Err(AppError::not_found("year of this data cut", &of.year.to_string(), hint));
            }
            let register = Arc::clone(&frozen.register);
            return Ok(Self { app, register, open_until, source: Source::Cut(frozen) });
        }
        Ok(Self { app, source: Source::Live(conn), register, open_until })
    }

    pub(in crate::app) fn register(&self) -> Arc<Register> {
        Arc::clone(&self.register)
    }

    pub(in crate::app) fn tree(&self) -> &AreaTree {
        &self.register.tree
    }

    pub(in crate::app) fn services(&self) -> &BTreeMap<String, Service> {
        &self.register.services
    }

    pub(super) fn service(&self, code: &str) -> Result<&Service, AppError> {
        let hint = "The list of services has every code.";
        self.register.services.get(code).ok_or_else(|| AppError::not_found("service", code, hint))
    }

    /// The round that judges a year: its own, else the newest before it, else the oldest there is.
    fn judging(&self, year: i32) -> Result<&Round, AppError> {
        let before = self.register.rounds.iter().rfind(|round| round.year <= year);
        before.or(self.register.rounds.first()).ok_or_else(|| AppError::Unexpected("there is no round".into()))
    }

    /// The method that judges a year.
    pub(in crate::app) fn method(&self, year: i32) -> Result<&Methodology, AppError> {
        let round = self.judging(year)?;
        match &self.source {
            Source::Live(_) => self.app.methodology_of(round),
            Source::Cut(frozen) => {
                let found = frozen.rounds.iter().find(|frozen| frozen.round.year == round.year);
                found.map(|frozen| &frozen.methodology).ok_or_else(|| AppError::Unexpected("a cut has no round".into()))
            }
        }
    }

    /// A KPI by the method of a year.
    pub(in crate::app) fn kpi(&self, kpi: i32, year: i32) -> Result<&Kpi, AppError> {
        let hint = "The KPIs are 1 to 11.";
        self.method(year)?.kpi(kpi).ok_or_else(|| AppError::not_found("KPI", &kpi.to_string(), hint))
    }

    pub(in crate::app) fn quoted(&self, year: i32) -> Result<Quoted, AppError> {
        Ok(Quoted {
            year,
            round: self.register.round(year).map(Round::names),
            methodology: self.method(year)?.year,
            synthetic: self.app.is_synthetic(),
            cut: self.cut(),
        })
    }

    /// The year of the round before.
    pub(in crate::app) fn previous_year(&self, year: i32) -> Option<i32> {
        self.register.round_before(year).map(|round| round.year)
    }

    /// Refuses an area that is not there.
    pub(in crate::app) fn known_area(&self, area: Option<&str>) -> Result<(), AppError> {
        match area.filter(|area| self.register.tree.get(area).is_none()) {
            Some(area) => Err(AppError::not_found("area", area, "The list of areas has every code.")),
            None => Ok(()),
        }
    }

    /// Whether a service lies in an area or below it.
    pub(in crate::app) fn is_within(&self, code: &str, area: &str) -> bool {
        self.register.services.get(code).is_some_and(|service| self.register.tree.is_within(&service.area_code, area))
    }

    /// Whether everybody who takes part sees every service of a year by name.
    pub(super) fn is_open(&self, year: i32) -> bool {
        self.open_until.is_some_and(|until| year <= until)
    }

    /// Whether somebody may see a service's figures of a year.
    pub(in crate::app) fn may_see(&self, who: &Principal, service: &Service, year: i32) -> bool {
        (self.is_open(year) && who.may(Permission::ReadKpis))
            || who.may_for(Permission::ReadKpis, service, &self.register.tree)
    }

    /// The services of a year that somebody may see.
    pub(in crate::app) fn visible(&self, who: &Principal, year: i32, code: &str) -> bool {
        self.register.services.get(code).is_some_and(|service| self.may_see(who, service, year))
    }

    pub(super) fn cases(&self, year: i32) -> Result<Arc<Cases>, AppError> {
        Ok(self.register.cases(year, self.method(year)?.caseload_multiplier))
    }

    /// What the KPIs of a year are worked out from: the counts of `kpis` (all of them for KPI 1), always the records, and
    /// for KPI 2 and 3 the expected cases.
    pub(in crate::app) fn year(&mut self, year: i32, kpis: &[i32]) -> Result<YearData, AppError> {
        // Only completeness asks for more than numerators and denominators.
        let completeness = kpis.contains(&1) || COUNTED.into_iter().all(|kpi| kpis.contains(&kpi));
        let mut wanted: Vec<i32> = if kpis.contains(&1) { COUNTED.collect() } else { kpis.to_vec() };
        wanted.push(2);
        wanted.sort_unstable();
        wanted.dedup();
        let mut totals: BTreeMap<i32, BTreeMap<String, Counts>> = BTreeMap::new();
        for kpi in wanted {
            totals.insert(kpi, self.totals(kpi, year, completeness)?);
        }
        let cases = self.cases(year)?;
        let method = self.method(year)?.clone();
        let outside = self.outside(&method, totals.values().flat_map(BTreeMap::keys));
        Ok(YearData { year, method, totals, cases, outside })
    }

    /// Every service's total of all patients.
    fn totals(&mut self, kpi: i32, year: i32, completeness: bool) -> Result<BTreeMap<String, Counts>, AppError> {
        Ok(match &mut self.source {
            Source::Live(conn) if completeness => store::totals::of_kpi(conn, kpi, year)?.into_iter().collect(),
            Source::Live(conn) => store::totals::cases_of_kpi(conn, kpi, year)?.into_iter().collect(),
            Source::Cut(frozen) => {
                let all = frozen.strata(kpi, year).into_iter().filter(|total| total.stratum.is_empty());
                all.map(|total| (total.service_code, total.counts)).collect()
            }
        })
    }

    /// The services that lie in none of the nations whose services count.
    fn outside<'b>(&self, method: &Methodology, services: impl Iterator<Item = &'b String>) -> BTreeSet<String> {
        let mut areas: BTreeMap<&str, bool> = BTreeMap::new();
        let mut is_within = |code: &String| {
            self.register.services.get(code).is_some_and(|service| {
                *areas.entry(&service.area_code).or_insert_with(|| {
                    let nation = self.register.tree.lineage(&service.area_code).last().map(|area| &area.code);
                    nation.is_some_and(|nation| method.inclusion.nations.contains(nation))
                })
            })
        };
        services.filter(|code| !is_within(code)).cloned().collect()
    }

    /// Every stratum's totals of a KPI in a year.
    pub(super) fn strata(&mut self, kpi: i32, year: i32) -> Result<Vec<StratumTotal>, AppError> {
        match &mut self.source {
            Source::Live(conn) => Ok(store::totals::strata_of_kpi(conn, kpi, year)?),
            Source::Cut(frozen) => Ok(frozen.strata(kpi, year)),
        }
    }

    /// A service's counts of a KPI by month, all patients.
    pub(super) fn months(&mut self, service: &str, kpi: i32) -> Result<Vec<(Period, Counts)>, AppError> {
        match &mut self.source {
            Source::Live(conn) => {
                let years = store::totals::years_of(conn, kpi)?;
                Ok(store::counts::months_of(conn, service, kpi, &years)?)
            }
            Source::Cut(frozen) => Ok(frozen.months.get(&(service.to_owned(), kpi)).cloned().unwrap_or_default()),
        }
    }

    /// The years in which any service has counts of a KPI; of KPI 1, has records.
    pub(super) fn years(&mut self, kpi: i32) -> Result<Vec<i32>, AppError> {
        let kpi = if kpi == 1 { 2 } else { kpi };
        match &mut self.source {
            Source::Live(conn) => Ok(store::totals::years_of(conn, kpi)?),
            Source::Cut(frozen) => Ok(frozen.years(kpi)),
        }
    }

    /// The round of a year.
    pub(in crate::app) fn round(&self, year: i32) -> Result<&Round, AppError> {
        round_in(&self.register, year)
    }

    /// The round before a year.
    pub(super) fn round_before(&self, year: i32) -> Option<&Round> {
        self.register.round_before(year)
    }

    /// The questionnaire of a round.
    pub(in crate::app) fn questionnaire(&self, year: i32) -> Result<Arc<Questionnaire>, AppError> {
        self.app.questionnaire_of(self.round(year)?)
    }

    /// The staffing standard of a round.
    pub(in crate::app) fn standard(&mut self, year: i32) -> Result<StaffingStandard, AppError> {
        let id = self.round(year)?.standard.clone();
        match &mut self.source {
            Source::Live(conn) => Ok(standards::find_in(self.app, conn, &Principal::job(), &id)?.standard),
            Source::Cut(frozen) => {
                let found = frozen.rounds.iter().find(|frozen| frozen.round.year == year);
                found
                    .map(|frozen| frozen.standard.clone())
                    .ok_or_else(|| AppError::Unexpected("a cut has no round".into()))
            }
        }
    }

    /// The staffing standard of an id, as somebody may use it, whatever standard the round has.
    pub(in crate::app) fn other_standard(&mut self, who: &Principal, id: &str) -> Result<StaffingStandard, AppError> {
        match &mut self.source {
            Source::Live(conn) => Ok(standards::find_in(self.app, conn, who, id)?.standard),
            Source::Cut(frozen) => {
                let found = frozen.rounds.iter().find(|frozen| frozen.standard.id == id);
                found.map(|frozen| frozen.standard.clone()).ok_or_else(|| {
                    AppError::not_found("standard of this data cut", id, "A cut holds the standards of its rounds.")
                })
            }
        }
    }

    /// The day of the newest answer that counts in a round; of a cut the day on which it was made.
    pub(in crate::app) fn data_as_at(&mut self, year: i32) -> Result<Option<NaiveDate>, AppError> {
        Ok(match &mut self.source {
            Source::Live(conn) => store::responses::newest_submission(conn, year)?.map(|at| at.date_naive()),
            Source::Cut(frozen) => Some(frozen.quote.made_at.date_naive()),
        })
    }

    /// What is quoted of the data cut; `None` of the data as they stand.
    pub(in crate::app) fn cut(&self) -> Option<CutQuote> {
        match &self.source {
            Source::Live(_) => None,
            Source::Cut(frozen) => Some(frozen.quote.clone()),
        }
    }

    /// The staffing that submitted responses of a round say, by service.
    pub(in crate::app) fn staffing(&mut self, year: i32) -> Result<BTreeMap<String, StaffingFacts>, AppError> {
        Ok(self.facts(year, &[])?.1)
    }

    /// What submitted responses of a round say of some facts, and of their staffing.
    pub(in crate::app) fn facts(&mut self, year: i32, names: &[&str]) -> Result<RoundFacts, AppError> {
        let questionnaire = self.questionnaire(year)?;
        match &mut self.source {
            Source::Live(conn) => {
                let facts = store::facts::of_round(conn, year, names)?;
                Ok((facts, store::facts::staffing_of_round(conn, year)?))
            }
            Source::Cut(frozen) => {
                let (mut by_name, mut staffing) = RoundFacts::default();
                for (service, said) in frozen.facts(year, &questionnaire)? {
                    staffing.insert(service.clone(), said.staffing);
                    for (name, fact) in said.facts.into_iter().filter(|(name, _)| names.contains(&name.as_str())) {
                        by_name.entry(name).or_default().insert(service.clone(), fact);
                    }
                }
                Ok((by_name, staffing))
            }
        }
    }

    /// How the answers of a round read as answers to a later one.
    pub(in crate::app) fn comparison(&mut self, old: i32, new: i32) -> Result<Comparison, AppError> {
        let (old, new) = (self.round(old)?.questionnaire.clone(), self.round(new)?.questionnaire.clone());
        match &mut self.source {
            Source::Live(conn) => self.app.comparison(conn, &old, &new),
            // Published versions never change, so those of today are those of the cut.
            Source::Cut(_) => {
                let app = self.app;
                read_tx(&mut *app.database().connection()?, |conn| app.comparison(conn, &old, &new))
            }
        }
    }

    /// What submitted responses of a round say of some facts, as answers to a later one: what does not compare is left out.
    pub(in crate::app) fn facts_beside(
        &mut self,
        year: i32,
        names: &[&str],
        later: i32,
    ) -> Result<RoundFacts, AppError> {
        let comparison = self.comparison(year, later)?;
        let asked: Vec<&str> = names.iter().filter_map(|name| comparison.from(name)).collect();
        let (said, mut staffing) = self.facts(year, &asked)?;
        let mut facts = store::facts::FactsByName::default();
        for name in names {
            let Some(old) = comparison.from(name).and_then(|from| said.get(from)) else { continue };
            let read = |(service, fact): (&String, &Fact)| Some((service.clone(), comparison.fact(name, fact)?));
            facts.insert((*name).to_owned(), old.iter().filter_map(read).collect());
        }
        if GRIDS.iter().any(|grid| comparison.never().any(|never| never == *grid)) {
            staffing.clear();
        }
        Ok((facts, staffing))
    }

    /// The outliers of a round that somebody looks into or has looked into.
    pub(in crate::app) fn outliers(&mut self, year: i32) -> Result<Vec<OutlierCase>, AppError> {
        match &mut self.source {
            Source::Live(conn) => quality::cases(conn, year),
            Source::Cut(frozen) => Ok(frozen.outliers.clone()),
        }
    }

    /// The submitted answers of a round, by service.
    pub(in crate::app) fn answers(&mut self, year: i32) -> Result<BTreeMap<String, Document>, AppError> {
        let questionnaire = self.questionnaire(year)?;
        match &mut self.source {
            Source::Live(conn) => Ok(store::responses::submitted_documents(conn, year)?),
            Source::Cut(frozen) => frozen.documents(year, &questionnaire),
        }
    }

    /// What each service answered to an item with options, in the round of a year.
    pub(super) fn choices(&mut self, year: i32, link_id: &str) -> Result<BTreeMap<String, String>, AppError> {
        match &mut self.source {
            Source::Live(conn) => Ok(store::responses::submitted_choices(conn, year, link_id)?),
            Source::Cut(frozen) => Ok(frozen.choices(year, link_id)),
        }
    }
}
