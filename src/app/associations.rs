//! What staffing, vacancies, governance and monitoring have to do with performance: a round, or two, read and laid side
//! by side.
//!
//! Estimates are of all services that are chosen. Single services are shown as everywhere: those of years whose report is
//! out to everybody who takes part, and of later years one's own. The WTE of a post that is less than a whole one is one
//! person's, so outside one's own scope a service with such a post is not shown where a figure tells of posts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::kpis::{Figures, Quoted, Size, YearOf};
use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::association::exposure::{FACTS, Kind, Staff};
use crate::domain::association::pair::pair as single_pair;
use crate::domain::association::{
    AnalysisPlan, Association, Counted, Covariate, Dataset, Exposure, Grid, RoundData, ServiceYear,
};
use crate::domain::hundredths::Hundredths;
use crate::domain::kpi::real;
use crate::domain::kpi::year::{COUNTED, Exclusion};
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::disclosure::PublicWte;
use crate::domain::workforce::gap::StaffingFacts;
use crate::formats::workbook::AssociationSheet;

/// The exposure that posts change most: nurses for the cases.
pub const NURSE_TIME: &str = "nurse_wte_per_1000_cases";

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationQuery {
    /// Audit year.
    pub year: i32,
    /// An earlier audit year: then changes since it are laid side by side.
    pub since: Option<i32>,
    /// The id of the plan; `None`: the newest.
    pub plan: Option<String>,
    /// Services of this setting alone: `acute`, `community`, `other`.
    pub setting: Option<String>,
    /// Services of this size alone.
    pub size: Option<Size>,
    /// Services in this area or below it alone.
    pub area: Option<String>,
    /// What models hold alike: keys of exposures, or `records`.
    pub covariates: Vec<String>,
    /// Of this data cut; `None`: of the data as they stand.
    pub cut: Option<String>,
}

/// Which single services a reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Those that they may see.
    all: BTreeSet<String>,
    /// Those of them outside the reader's scope of which some WTE is that of a single person: whose.
    persons: BTreeMap<String, Vec<Staff>>,
}

impl Seen {
    /// Whether a service's value of an exposure may be shown.
    pub fn may_show(&self, service: &str, exposure: Exposure) -> bool {
        let tells = |person: &Staff| exposure.tells_of(*person);
        self.all.contains(service) && !self.persons.get(service).is_some_and(|persons| persons.iter().any(tells))
    }

    /// Whether a service may be named at all.
    pub fn may_name(&self, service: &str) -> bool {
        self.all.contains(service)
    }
}

/// Every exposure beside every KPI.
#[derive(Debug, Clone)]
pub struct AssociationReport {
    /// The plan.
    pub plan: AnalysisPlan,
    /// The linked services.
    pub data: Dataset,
    /// The pairs.
    pub grid: Grid,
    /// What models hold alike.
    pub covariates: Vec<Covariate>,
    /// The KPIs' names.
    pub kpi_names: BTreeMap<i32, String>,
    /// The services' names.
    pub names: BTreeMap<String, String>,
    /// The day that staffing figures describe.
    pub staffing_as_at: NaiveDate,
    /// Which single services the reader may see.
    pub seen: Seen,
    /// What it was worked out from.
    pub quoted: Quoted,
}

impl AssociationReport {
    /// What the workbook's sheet is written from.
    pub fn sheet(&self) -> AssociationSheet<'_> {
        AssociationSheet { plan: &self.plan, data: &self.data, grid: &self.grid, kpi_names: &self.kpi_names }
    }

    /// The name of a KPI.
    pub fn kpi_name(&self, kpi: i32) -> &str {
        self.kpi_names.get(&kpi).map_or("", String::as_str)
    }
}

/// A pair laid out otherwise, to be read beside it.
#[derive(Debug, Clone)]
pub struct Beside {
    /// What it is, such as `Audit year 2021 by itself, all linked services`.
    pub words: String,
    /// The services.
    pub data: Dataset,
    /// The pair; it is not part of the family, so it has no q.
    pub found: Association,
}

/// One pair.
#[derive(Debug, Clone)]
pub struct PairReport {
    /// The grid that it is part of.
    pub report: AssociationReport,
    /// The exposure.
    pub exposure: Exposure,
    /// The KPI.
    pub kpi: i32,
    /// The pair.
    pub found: Association,
    /// The same laid out otherwise: KPI 11 with the answers of the round before, and beside a change the rounds by
    /// themselves.
    pub beside: Vec<Beside>,
}

impl PairReport {
    /// The kind of variable that the exposure is here.
    pub fn kind(&self) -> Kind {
        self.report.data.kind(self.exposure).unwrap_or(self.exposure.kind())
    }
}

/// The associations of a round. `progress` hears how many exposures of how many are done.
pub fn report(
    app: &App,
    who: &Principal,
    query: &AssociationQuery,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<AssociationReport, AppError> {
    Ok(load(app, who, query, false, progress)?.0)
}

/// The associations of a round as its workbook has them: of the nation, by the newest plan.
pub fn of_round(app: &App, who: &Principal, of: impl Into<YearOf>) -> Result<AssociationReport, AppError> {
    let YearOf { year, cut } = of.into();
    report(app, who, &AssociationQuery { year, cut, ..AssociationQuery::default() }, &|_, _| {})
}

/// One pair of an exposure, by its key, and a KPI.
pub fn pair(
    app: &App,
    who: &Principal,
    query: &AssociationQuery,
    exposure: &str,
    kpi: i32,
) -> Result<PairReport, AppError> {
    let (report, rounds) = load(app, who, query, true, &|_, _| {})?;
    let found = Exposure::of_key(exposure).and_then(|exposure| report.grid.cell(exposure, kpi)).cloned();
    let found = found.ok_or_else(|| {
        let hint = format!("The plan {} has other pairs; the list of associations has them all.", report.plan.quoted());
        AppError::not_found("association", &format!("{exposure} and KPI {kpi}"), hint)
    })?;
    let exposure = found.exposure;
    let beside = beside(&report, &rounds, exposure, kpi);
    Ok(PairReport { report, exposure, kpi, found, beside })
}

/// The round that is asked for, and the one before it that it is laid beside.
struct Rounds {
    now: RoundData,
    before: Option<RoundData>,
    is_change: bool,
}

fn beside(report: &AssociationReport, rounds: &Rounds, exposure: Exposure, kpi: i32) -> Vec<Beside> {
    let Some(before) = &rounds.before else { return Vec::new() };
    let plan = &report.plan;
    let one = |words: String, data: Dataset| Beside {
        words,
        found: single_pair(&data, plan, &report.covariates, exposure, kpi),
        data,
    };
    if !rounds.is_change {
        let words = format!("The answers of audit year {} beside KPI {kpi} of {}", before.year, rounds.now.year);
        return if kpi == 11 { vec![one(words, Dataset::earlier(before, &rounds.now, plan))] } else { Vec::new() };
    }
    let matched: BTreeSet<&str> = report.data.services.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for round in [&rounds.now, before] {
        let all = Dataset::of(round, plan);
        let kept = all.kept_to(&matched);
        found.push(one(format!("Audit year {} by itself, all linked services", round.year), all));
        found.push(one(format!("Audit year {} by itself, the services linked in both rounds", round.year), kept));
    }
    found
}

fn load(
    app: &App,
    who: &Principal,
    query: &AssociationQuery,
    with_before: bool,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(AssociationReport, Rounds), AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let plan = plan(app, query.plan.as_deref())?;
    let covariates = covariates(plan, &query.covariates)?;
    if query.since.is_some_and(|since| since >= query.year) {
        let message = format!("Changes up to {} are laid beside those of an earlier round.", query.year);
        return Err(AppError::invalid("since", "not_an_earlier_round", message));
    }
    let (rounds, seen, kpi_names, names, quoted) = app.read(|conn| {
        let mut figures = Figures::open(app, conn, &YearOf { year: query.year, cut: query.cut.clone() })?;
        let mut now = round_data(&mut figures, query.year, query.year)?;
        choose(&figures, query, &mut now)?;
        let earlier = query.since.or_else(|| figures.previous_year(query.year).filter(|_| with_before));
        let mut before = earlier.map(|year| round_data(&mut figures, year, query.year)).transpose()?;
        if let Some(before) = before.as_mut().filter(|_| is_narrow(query)) {
            before.services.retain(|code, _| now.services.contains_key(code));
        }
        let seen = seen(&figures, who, &now, before.as_ref());
        let method = figures.method(query.year)?;
        let kpi_names: BTreeMap<i32, String> = method.kpis.iter().map(|kpi| (kpi.kpi, kpi.name.clone())).collect();
        let known = |code: &&String| now.services.contains_key(*code);
        let names = figures.services().iter().filter(|(code, _)| known(code));
        let names: BTreeMap<String, String> =
            names.map(|(code, service)| (code.clone(), service.name.clone())).collect();
        let quoted = figures.quoted(query.year)?;
        Ok::<_, AppError>((Rounds { now, before, is_change: query.since.is_some() }, seen, kpi_names, names, quoted))
    })?;
    let data = match &rounds.before {
        Some(before) if rounds.is_change => Dataset::change(before, &rounds.now, plan),
        _ => Dataset::of(&rounds.now, plan),
    };
    // The database is let go of before the work begins.
    let grid = Grid::new(&data, plan, &covariates, progress);
    let report = AssociationReport {
        plan: plan.clone(),
        data,
        grid,
        covariates,
        kpi_names,
        names,
        staffing_as_at: rounds.now.staffing_as_at,
        seen,
        quoted,
    };
    Ok((report, rounds))
}

/// The newest plan, or the newest of an id.
fn plan<'a>(app: &'a App, id: Option<&str>) -> Result<&'a AnalysisPlan, AppError> {
    let plans = &app.reference().plans;
    plans.iter().rfind(|plan| id.is_none_or(|id| plan.id == id)).ok_or_else(|| {
        let known: BTreeSet<&str> = plans.iter().map(|plan| plan.id.as_str()).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        AppError::not_found("analysis plan", id.unwrap_or_default(), format!("The plans are: {known}."))
    })
}

fn covariates(plan: &AnalysisPlan, keys: &[String]) -> Result<Vec<Covariate>, AppError> {
    let one = |key: &String| {
        let found = Covariate::of_key(key).filter(|covariate| match covariate {
            Covariate::Exposure(exposure) => plan.exposures.contains(exposure),
            Covariate::Records => true,
        });
        found.ok_or_else(|| {
            let message = format!("{key:?} is no covariate; they are records and the exposures of the plan.");
            AppError::invalid("covariates", "unknown_covariate", message)
        })
    };
    let mut found = keys.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn is_narrow(query: &AssociationQuery) -> bool {
    query.setting.is_some() || query.size.is_some() || query.area.is_some()
}

/// Everything of a round; its answers as they read in the questionnaire of `as_of`.
fn round_data(figures: &mut Figures<'_>, year: i32, as_of: i32) -> Result<RoundData, AppError> {
    let all: Vec<i32> = COUNTED.collect();
    let data = figures.year(year, &all)?;
    let questionnaire = figures.questionnaire(year)?;
    let asked = questionnaire.items().filter(|item| item.fact.is_some()).map(|item| item.link_id.clone()).collect();
    let (facts, staffing) =
        if year == as_of { figures.facts(year, FACTS)? } else { figures.facts_beside(year, FACTS, as_of)? };
    let mut by_service: BTreeMap<String, BTreeMap<String, Fact>> = BTreeMap::new();
    for (name, answers) in facts {
        for (service, fact) in answers {
            by_service.entry(service).or_default().insert(name.clone(), fact);
        }
    }
    let excluded: BTreeMap<String, Exclusion> =
        data.inclusion().excluded.into_iter().map(|excluded| (excluded.service, excluded.why)).collect();
    let counted: BTreeSet<&String> = data.totals.values().flat_map(BTreeMap::keys).collect();
    let codes: BTreeSet<&String> = staffing.keys().chain(counted.iter().copied()).collect();
    let (standard, staffing_as_at) = (figures.standard(year)?, figures.round(year)?.staffing_as_at);
    let service = |code: &String| {
        let counts = |kpi: i32| {
            let denominator = data.denominator(kpi, code).filter(|denominator| *denominator > 0.0)?;
            let numerator = real(data.counts(kpi, code)?.numerator);
            Some((kpi, Counted { numerator, denominator }))
        };
        let area = figures.services().get(code).map(|service| service.area_code.as_str());
        ServiceYear {
            staffing: staffing.get(code).copied(),
            facts: by_service.get(code).cloned().unwrap_or_default(),
            share_50_plus: area.and_then(|area| figures.tree().share_50_plus(area, year)),
            excluded: excluded.get(code).copied(),
            has_counts: counted.contains(code),
            records: data.records(code),
            expected: data.expected(code),
            kpis: COUNTED.filter_map(counts).collect(),
        }
    };
    Ok(RoundData {
        year,
        staffing_as_at,
        standard,
        asked,
        services: codes.into_iter().map(|code| (code.clone(), service(code))).collect(),
    })
}

/// Keeps the services that the filters take.
fn choose(figures: &Figures<'_>, query: &AssociationQuery, round: &mut RoundData) -> Result<(), AppError> {
    figures.known_area(query.area.as_deref())?;
    round.services.retain(|code, service| {
        let setting = service.facts.get("setting").and_then(Fact::codes).and_then(<[String]>::first);
        query.area.as_deref().is_none_or(|area| figures.is_within(code, area))
            && query.size.is_none_or(|size| service.records.map(Size::of) == Some(size))
            && query.setting.as_ref().is_none_or(|wanted| setting == Some(wanted))
    });
    Ok(())
}

fn seen(figures: &Figures<'_>, who: &Principal, now: &RoundData, before: Option<&RoundData>) -> Seen {
    let all: BTreeSet<String> =
        now.services.keys().filter(|code| figures.visible(who, now.year, code)).cloned().collect();
    let own = |code: &str| {
        let service = figures.services().get(code);
        service.is_some_and(|service| who.may_for(Permission::ReadGaps, service, figures.tree()))
    };
    let mut persons: BTreeMap<String, Vec<Staff>> = BTreeMap::new();
    for code in all.iter().filter(|code| !own(code)) {
        let rounds = std::iter::once(now).chain(before);
        let found = rounds.filter_map(|round| round.services.get(code)).flat_map(single_persons);
        persons.entry(code.clone()).or_default().extend(found);
    }
    Seen { all, persons }
}

/// Of whom a service's WTE, or the difference of two of them, is less than one whole post.
fn single_persons(service: &ServiceYear) -> Vec<Staff> {
    let StaffingFacts { nurses, administrators, .. } = service.staffing.unwrap_or_default();
    let rest = |name: &str, nurses: Option<Hundredths>, administrators: Option<Hundredths>| {
        let all = service.facts.get(name).and_then(Fact::measure)?;
        Some(all - nurses.unwrap_or(Hundredths(0)) - administrators.unwrap_or(Hundredths(0)))
    };
    let amounts = [
        (Staff::Nurses, nurses.in_post),
        (Staff::Nurses, nurses.establishment),
        (Staff::Administrators, administrators.in_post),
        (Staff::Administrators, administrators.establishment),
        (Staff::All, rest("staff_in_post", nurses.in_post, administrators.in_post)),
        (Staff::All, rest("staff_establishment", nurses.establishment, administrators.establishment)),
    ];
    let single = |wte: Option<Hundredths>| PublicWte::from(wte) == PublicWte::UnderOne;
    amounts.into_iter().filter(|(_, wte)| single(*wte)).map(|(staff, _)| staff).collect()
}
