//! The shapes of associations: the same figures and sentences as their pages.

use poem_openapi::Object;

use super::kpi_shapes::QuotedCut;
use crate::app::associations::{AssociationReport, Beside, PairReport};
use crate::domain::association::codebook::Cell;
use crate::domain::association::pair::{Group, Tested};
use crate::domain::association::redo::{PairRow, services};
use crate::domain::association::words::{self, STANDING, Subject};
use crate::domain::association::{Association, Dropped, OddsRatio};

/// The analysis plan that results quote.
#[derive(Debug, Clone, Object)]
pub struct PlanQuoted {
    /// Stable name.
    pub id: String,
    /// Version.
    pub version: u32,
    /// The day on which it was declared.
    pub date: chrono::NaiveDate,
    /// What it is called.
    pub name: String,
}

/// Services that are left out for one reason.
#[derive(Debug, Clone, Object)]
pub struct ServicesLeftOut {
    /// The reason: `no_response`, `outside_nations`, `unanswered`, `small_denominator` …
    pub reason: String,
    /// The reason in words.
    pub words: String,
    /// How many.
    pub n: u32,
    /// Their unit codes, as far as the reader may see them.
    pub services: Vec<String>,
}

/// An odds ratio of a quasi-binomial model.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ModelOddsRatio {
    /// The column: `nurse_cover`, `setting=community`.
    pub column: String,
    /// What it is for: `for each 10 % more`.
    pub per: String,
    /// The ratio.
    pub ratio: Option<f64>,
    /// Lower end of its 95% interval.
    pub interval_low: Option<f64>,
    /// Upper end.
    pub interval_high: Option<f64>,
    /// Two-sided p value.
    pub p: Option<f64>,
}

impl From<&OddsRatio> for ModelOddsRatio {
    fn from(ratio: &OddsRatio) -> Self {
        Self {
            column: ratio.column.clone(),
            per: ratio.words.clone(),
            ratio: ratio.ratio,
            interval_low: ratio.interval.map(|interval| interval[0]),
            interval_high: ratio.interval.map(|interval| interval[1]),
            p: ratio.p,
        }
    }
}

/// What a test found.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct TestFound {
    /// The method, as `facilities-audit statistics` names it.
    pub method: String,
    /// What `size` is: `rank_correlation`, `difference_in_points` or `epsilon_squared`.
    pub measure: String,
    /// How large the association is, unrounded.
    pub size: f64,
    /// Lower end of its 95% interval.
    pub interval_low: Option<f64>,
    /// Upper end.
    pub interval_high: Option<f64>,
    /// The size on ranks, −1 to 1; groups without order have none.
    pub rank: Option<f64>,
    /// Two-sided p value.
    pub p: f64,
}

impl From<&Tested> for TestFound {
    fn from(tested: &Tested) -> Self {
        Self {
            method: tested.method.as_str().into(),
            measure: tested.effect.measure.as_str().into(),
            size: tested.effect.value,
            interval_low: tested.effect.interval.map(|interval| interval[0]),
            interval_high: tested.effect.interval.map(|interval| interval[1]),
            rank: tested.effect.rank,
            p: tested.p,
        }
    }
}

/// A group of services.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ServiceGroup {
    /// Stable word.
    pub code: String,
    /// In words.
    pub label: String,
    /// Services.
    pub n: u32,
    /// The median of their KPI.
    pub median: Option<f64>,
    /// The difference in the middle from the first group, in percentage points.
    pub difference: Option<f64>,
    /// Lower end of its 95% interval.
    pub difference_low: Option<f64>,
    /// Upper end.
    pub difference_high: Option<f64>,
}

impl From<&Group> for ServiceGroup {
    fn from(group: &Group) -> Self {
        let interval = group.difference.and_then(|(_, interval)| interval);
        Self {
            code: group.level.code.into(),
            label: group.level.label.into(),
            n: small(group.n),
            median: group.median,
            difference: group.difference.map(|(difference, _)| difference),
            difference_low: interval.map(|interval| interval[0]),
            difference_high: interval.map(|interval| interval[1]),
        }
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// One exposure beside one KPI. What is absent is not known; it is never 0.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AssociationFound {
    /// The exposure.
    pub exposure: String,
    /// Its name.
    pub name: String,
    /// The KPI.
    pub kpi: i32,
    /// Services that are linked.
    pub linked: u32,
    /// Services that both are known of.
    pub n: u32,
    /// `ok`, or why there is no figure: `too_few_services`, `too_few_in_groups`, `no_variation`, `not_asked`,
    /// `change_without_direction`.
    pub status: String,
    /// What it comes to, in a sentence with n and an interval.
    pub sentence: String,
    /// The test.
    pub test: Option<TestFound>,
    /// The q value (Benjamini–Hochberg) over the tests of the plan.
    pub q: Option<f64>,
    /// `strong`, `evidence`, `weak` or `not_clear`, by q.
    pub strength: Option<String>,
    /// The same test without the service with the most records.
    pub without_largest: Option<TestFound>,
    /// The smallest size on ranks that so many services could have shown.
    pub smallest: Option<f64>,
    /// `ok`, or why there is no model: `over_an_estimate`, `too_few_services`, `separation`, `rank_deficient` …
    pub model: String,
    /// Services in the model.
    pub model_n: Option<u32>,
    /// How many times as wide the spread between services is as chance alone would make it.
    pub dispersion: Option<f64>,
    /// The model's odds ratios: of the exposure, then of the covariates.
    pub odds_ratios: Vec<ModelOddsRatio>,
    /// What has to be known: `mutual_coupling`, `timing`, `follow_up`, `small_group`, `flips_without_largest`,
    /// `flips_in_model`, `much_missing`.
    pub flags: Vec<String>,
    /// Linked services of which the exposure is not known.
    pub missing_exposure: u32,
    /// Linked services without a figure for the KPI.
    pub missing_outcome: u32,
    /// The size on ranks with every missing value set so as to lower it the most, where more are missing than the plan
    /// allows.
    pub bound_low: Option<f64>,
    /// The same so as to raise it the most.
    pub bound_high: Option<f64>,
}

impl AssociationFound {
    /// A cell of the grid.
    pub fn new(found: &Association, about: &Subject<'_>) -> Self {
        let estimate = found.estimate();
        let model = found.model.as_ref().ok();
        let ratios = model.into_iter().flat_map(|model| model.exposure.iter().chain(&model.covariates));
        Self {
            exposure: found.exposure.key().into(),
            name: words::heading(found.exposure),
            kpi: found.kpi,
            linked: small(found.linked),
            n: small(found.n),
            status: found.found.as_ref().map_or_else(|few| few.as_str(), |_| "ok").into(),
            sentence: words::sentence(found, about),
            test: estimate.map(|estimate| (&estimate.tested).into()),
            q: found.q,
            strength: found.strength.map(|strength| strength.as_str().into()),
            without_largest: estimate.and_then(|estimate| estimate.without_largest.as_ref()).map(Into::into),
            smallest: estimate.and_then(|estimate| estimate.smallest),
            model: found.model.as_ref().map_or_else(|none| none.as_str(), |_| "ok").into(),
            model_n: model.map(|model| small(model.n)),
            dispersion: model.map(|model| model.dispersion),
            odds_ratios: ratios.map(Into::into).collect(),
            flags: found.flags.iter().map(|flag| flag.as_str().into()).collect(),
            missing_exposure: small(found.missing.exposure),
            missing_outcome: small(found.missing.outcome),
            bound_low: found.missing.bounds.map(|bounds| bounds[0]),
            bound_high: found.missing.bounds.map(|bounds| bounds[1]),
        }
    }
}

/// One service of a pair.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PairService {
    /// Unit code.
    pub service: String,
    /// The exposure, where it is a number.
    pub number: Option<f64>,
    /// The exposure, where it is a group: its code.
    pub group: Option<String>,
    /// The KPI in per cent; of a change in percentage points.
    pub percent: f64,
    /// Cases above the line.
    pub numerator: Option<f64>,
    /// Cases under the line.
    pub denominator: Option<f64>,
}

impl From<PairRow> for PairService {
    fn from(row: PairRow) -> Self {
        let (number, group) = match row.exposure {
            Cell::Number(number) => (Some(number), None),
            Cell::Text(code) => (None, Some(code)),
            Cell::Missing => (None, None),
        };
        let PairRow { service, percent, numerator, denominator, .. } = row;
        Self { service, number, group, percent, numerator, denominator }
    }
}

/// A pair laid out otherwise.
#[derive(Debug, Clone, Object)]
pub struct PairBeside {
    /// How.
    pub words: String,
    /// What is then found; it has no q.
    pub found: AssociationFound,
}

/// Everything of one pair.
#[derive(Debug, Clone, Object)]
pub struct PairDetail {
    /// What it does not show, and what has to be known.
    pub cautions: Vec<String>,
    /// What the model says.
    pub model: Vec<String>,
    /// How far it depends on one service or one method.
    pub sensitivity: Vec<String>,
    /// The groups, where the exposure has them.
    pub groups: Vec<ServiceGroup>,
    /// Services that are left out, by reason.
    pub left_out: Vec<ServicesLeftOut>,
    /// The same laid out otherwise: KPI 11 with the answers of the round before, and beside a change the rounds by themselves.
    pub beside: Vec<PairBeside>,
    /// The services that the reader may see.
    pub services: Vec<PairService>,
    /// Services in the estimate that are not shown one by one.
    pub hidden: u32,
}

impl PairDetail {
    /// Of a pair.
    pub fn new(pair: &PairReport) -> Self {
        let (report, found) = (&pair.report, &pair.found);
        let about = Subject::of(&report.data, report.kpi_name(pair.kpi), &report.plan);
        let mut rows = services(&report.data, pair.exposure, pair.kpi);
        rows.retain(|row| report.seen.may_show(&row.service, pair.exposure));
        let beside = |beside: &Beside| {
            let about = Subject::of(&beside.data, report.kpi_name(pair.kpi), &report.plan);
            PairBeside { words: beside.words.clone(), found: AssociationFound::new(&beside.found, &about) }
        };
        Self {
            cautions: words::cautions(found, &about, report.staffing_as_at)
                .into_iter()
                .chain(words::power(found, &about))
                .chain(words::missing(found))
                .collect(),
            model: words::model(found, &about),
            sensitivity: words::sensitivity(found),
            groups: found.estimate().map(|found| found.groups.iter().map(Into::into).collect()).unwrap_or_default(),
            left_out: left_out(report, &found.dropped),
            beside: pair.beside.iter().map(beside).collect(),
            hidden: small(found.n - rows.len()),
            services: rows.into_iter().map(Into::into).collect(),
        }
    }
}

/// Associations of a round, or of changes between two.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AssociationList {
    /// The audit year of the KPIs.
    pub year: i32,
    /// The earlier audit year, where changes are laid side by side.
    pub since: Option<i32>,
    /// What the grid comes to, in a sentence.
    pub statement: String,
    /// What stands over every result.
    pub standing: String,
    /// The plan.
    pub plan: PlanQuoted,
    /// The data cut that they were worked out from; absent: the data as they stand now.
    pub cut: Option<QuotedCut>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The day that staffing figures describe.
    pub staffing_as_at: chrono::NaiveDate,
    /// Linked services.
    pub linked: u32,
    /// Tests in the family of q.
    pub tests: u32,
    /// What models hold alike.
    pub covariates: Vec<String>,
    /// Services of either side that are not linked, by reason.
    pub left_out: Vec<ServicesLeftOut>,
    /// The pairs, in the order of the plan.
    pub items: Vec<AssociationFound>,
    /// Everything of the one pair that was asked for.
    pub pair: Option<PairDetail>,
}

impl AssociationList {
    /// The pairs that are asked for; q is over all tests of the plan whichever they are.
    pub fn new(
        report: &AssociationReport,
        since: Option<i32>,
        wanted: impl Fn(&Association) -> bool,
        pair: Option<PairDetail>,
    ) -> Self {
        let linked = report.data.services.len();
        let about = |kpi: i32| Subject::of(&report.data, report.kpi_name(kpi), &report.plan);
        let items = report.grid.cells().filter(|cell| wanted(cell));
        Self {
            year: report.data.year,
            since,
            statement: words::of_grid(&report.grid, linked, &about(0)),
            standing: STANDING.into(),
            plan: PlanQuoted {
                id: report.plan.id.clone(),
                version: report.plan.version,
                date: report.plan.date,
                name: report.plan.name.clone(),
            },
            cut: report.quoted.cut.clone().map(QuotedCut::from),
            synthetic: report.quoted.synthetic,
            staffing_as_at: report.staffing_as_at,
            linked: small(linked),
            tests: small(report.grid.tests),
            covariates: report.covariates.iter().map(|covariate| covariate.key().into()).collect(),
            left_out: left_out(report, &report.data.unlinked),
            items: items.map(|cell| AssociationFound::new(cell, &about(cell.kpi))).collect(),
            pair,
        }
    }
}

fn left_out(report: &AssociationReport, dropped: &[Dropped]) -> Vec<ServicesLeftOut> {
    let mut by_reason = std::collections::BTreeMap::new();
    for dropped in dropped {
        by_reason.entry(dropped.why).or_insert_with(Vec::new).push(dropped.service.clone());
    }
    let line = |(why, services): (crate::domain::association::Why, Vec<String>)| ServicesLeftOut {
        reason: why.as_str().into(),
        words: why.words(&report.plan),
        n: small(services.len()),
        services: services.into_iter().filter(|code| report.seen.may_name(code)).collect(),
    };
    by_reason.into_iter().map(line).collect()
}
