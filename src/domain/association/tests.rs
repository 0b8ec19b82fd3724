//! The rules that every association is held to.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::codebook;
use super::exposure::{FACTS, Missing};
use super::words::{self, Subject};
use super::*;
use crate::domain::hundredths::Hundredths;
use crate::domain::kpi::year::Exclusion;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::reference::Reference;
use crate::domain::statistics::quasi_binomial::Status;
use crate::domain::workforce::gap::{RoleStaffing, StaffingFacts};
use crate::formats::seeds::{SeedFiles, read_reference};

/// What no sentence may say: an association does not make anything happen. The test of the pages' templates has the same.
pub const NEVER: [&str; 22] = [
    "improve",
    "drives",
    "driven by",
    "due to",
    "leads to",
    "lead to",
    "led to",
    "causes",
    "caused",
    "because of",
    "results in",
    "resulted in",
    "effect of",
    "impact",
    "thanks to",
    "responsible for the",
    "boost",
    "makes services",
    "owing to",
    "benefit",
    "contributes to",
    "brings about",
];

fn reference() -> Reference {
    read_reference(&SeedFiles::Embedded).unwrap()
}

fn plan() -> AnalysisPlan {
    reference().plans.pop().unwrap()
}

/// A service that answers everything, of which `x` is what differs, from 0 to 1.
fn service(place: usize, x: f64) -> ServiceYear {
    #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
    let hundredths = |wte: f64| Some(Hundredths((100.0 * wte).round() as i64));
    let choice = |code: &str| Fact::Dimension(vec![code.to_owned()]);
    let role = |wte: f64| RoleStaffing {
        in_post: hundredths(wte),
        establishment: hundredths(wte + 0.5),
        reported_vacant: None,
    };
    let facts = [
        ("staff_in_post", Fact::Measure(hundredths(3.0 + 4.0 * x).unwrap())),
        ("staff_establishment", Fact::Measure(hundredths(4.0 + 4.0 * x).unwrap())),
        ("nurse_admin_share", Fact::Measure(hundredths(10.0 + f64::from(u8::try_from(place % 41).unwrap())).unwrap())),
        ("vacancy_over_6_months", Fact::Flag(place.is_multiple_of(3))),
        ("governance_frequency", choice(["none", "7_to_12_months", "2_to_6_months", "monthly"][place % 4])),
        ("patient_involvement", choice(if place.is_multiple_of(2) { "none" } else { "consulted" })),
        ("monitoring_provided", Fact::Flag(!place.is_multiple_of(5))),
        ("monitoring_responsible", choice(["specialist_nurse", "primary_care_physician", "none"][place % 3])),
        ("first_prescription", choice(if place.is_multiple_of(4) { "fls_prescribes" } else { "gp_asked" })),
        ("falls_assessment", choice(["conducts", "refers", "neither"][place % 3])),
        ("patient_survey", Fact::Flag(place % 7 < 4)),
        ("setting", choice(["acute", "community"][place % 2])),
        ("contract", choice(["block", "other"][place % 2])),
    ];
    ServiceYear {
        staffing: Some(StaffingFacts {
            population_all_ages: Some(400_000),
            population_50_plus: Some(150_000),
            nurses: role(1.0 + 3.0 * x),
            administrators: role(1.0 + x),
        }),
        facts: facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect(),
        share_50_plus: None,
        excluded: None,
        has_counts: true,
        records: Some(i64::try_from(200 + 10 * place).unwrap()),
        expected: Some(1000),
        kpis: BTreeMap::new(),
    }
}

fn counted(numerator: f64, denominator: f64) -> Counted {
    Counted { numerator, denominator }
}

/// A round of services whose KPIs all go with `kpi(place, x)`, from 0 to 1.
fn round(n: usize, kpi: impl Fn(usize, f64) -> f64) -> RoundData {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let x = |place: usize| ((place * 37) % n) as f64 / n as f64;
    let services = (0..n).map(|place| {
        let mut service = service(place, x(place));
        service.kpis =
            (2..=11).map(|number| (number, counted((200.0 * kpi(place, x(place))).round(), 200.0))).collect();
        (format!("S{place:05}"), service)
    });
    RoundData {
        year: 2021,
        staffing_as_at: chrono::NaiveDate::from_ymd_opt(2022, 4, 1).unwrap(),
        standard: reference().standards.remove("ros").unwrap(),
        asked: FACTS.iter().map(|fact| (*fact).to_owned()).collect(),
        services: services.collect(),
    }
}

fn grid(round: &RoundData) -> (Dataset, Grid) {
    let (plan, data) = (plan(), Dataset::of(round, &plan()));
    let grid = Grid::new(&data, &plan, &[], &|_, _| {});
    (data, grid)
}

fn cell<'a>(grid: &'a Grid, key: &str, kpi: i32) -> &'a Association {
    grid.cell(Exposure::of_key(key).unwrap(), kpi).unwrap()
}

/// Everything that is said of a pair.
fn said(found: &Association, about: &Subject<'_>) -> Vec<String> {
    let mut said = vec![words::sentence(found, about), words::in_short(found)];
    said.extend(words::model(found, about));
    said.extend(words::sensitivity(found));
    said.extend(words::power(found, about));
    said.extend(words::missing(found));
    said.extend(words::cautions(found, about, chrono::NaiveDate::MIN));
    said.extend(found.dropped.iter().map(|dropped| dropped.why.words(about.plan)));
    said
}

#[test]
fn every_exposure_has_a_key_of_its_own() {
    let keys: BTreeSet<&str> = Exposure::all().map(Exposure::key).collect();
    assert_eq!(keys.len(), Exposure::all().count());
    for exposure in Exposure::all() {
        assert_eq!(Exposure::of_key(exposure.key()), Some(exposure));
        assert!(!exposure.name().is_empty());
    }
    assert_eq!(plan().exposures.len(), keys.len(), "the plan asks of every exposure");
}

#[test]
fn what_is_planted_is_found_with_its_direction() {
    let (_, grid) = grid(&round(60, |_, x| 0.2 + 0.6 * x));
    let found = cell(&grid, "nurse_wte_per_1000_cases", 4);
    assert_eq!((found.n, found.linked, found.strength), (60, 60, Some(Strength::Strong)));
    let effect = found.estimate().unwrap().tested.effect;
    assert!(effect.value > 0.99 && effect.measure == Measure::RankCorrelation);
    let model = found.model.as_ref().unwrap();
    assert!(model.exposure[0].ratio.unwrap() > 1.0 && model.exposure[0].interval.unwrap()[0] > 1.0);
    assert!(found.has(Flag::Timing) && !found.has(Flag::MutualCoupling) && !found.has(Flag::FlipsInModel));
    assert!(cell(&grid, "nurse_wte_per_1000_cases", 2).has(Flag::MutualCoupling));
    assert!(!cell(&grid, "nurse_wte_per_100k", 2).has(Flag::MutualCoupling));
    assert!(cell(&grid, "setting", 11).has(Flag::FollowUp));
    // KPI 2 may pass 100 %, so it has no odds.
    assert_eq!(cell(&grid, "setting", 2).model, Err(NoModel::OverExpected));
    assert_eq!(cell(&grid, "patient_survey", 4).strength, Some(Strength::NotClear));
}

#[test]
fn cover_is_wte_in_another_unit_and_counts_once() {
    let (_, grid) = grid(&round(60, |place, x| 0.3 + 0.3 * x + 0.05 * f64::from(u8::try_from(place % 5).unwrap())));
    let (wte, cover) = (cell(&grid, "nurse_wte_per_100k", 6), cell(&grid, "nurse_cover", 6));
    assert_eq!(wte.estimate().unwrap().tested, cover.estimate().unwrap().tested);
    assert_eq!((wte.q, wte.strength), (cover.q, cover.strength));
    assert_eq!(grid.tests, (26 - 4) * 10);
    // 3 WTE per 100,000 cover 3 × 40,000 ÷ 100,000 of the higher end: ten points of it are 0.25 WTE.
    let ratio = |cell: &Association| cell.model.as_ref().unwrap().exposure[0].ratio.unwrap().ln();
    assert!((ratio(cover) - 0.25 * ratio(wte)).abs() < 1e-6);
}

#[test]
fn under_a_minimum_there_is_a_count_and_no_figure() {
    let plan = plan();
    let (data, small) = grid(&round(19, |_, x| x));
    let about = Subject::of(&data, "Assessment", &plan);
    let found = cell(&small, "nurse_wte_per_100k", 4);
    assert_eq!((found.found.clone(), found.n, found.q), (Err(TooFew::Services), 19, None));
    assert_eq!(found.model, Err(NoModel::TooFew(19)));
    assert!(words::sentence(found, &about).starts_with("Too few services: 19."));
    assert_eq!(small.tests, 0);

    // Two groups of which one is too small; of several, the small one stays and is flagged.
    let mut few = round(40, |_, x| x);
    for (place, service) in few.services.values_mut().enumerate() {
        service.facts.insert("patient_survey".into(), Fact::Flag(place < 4));
        let setting = if place < 4 { "other" } else { ["acute", "community"][place % 2] };
        service.facts.insert("setting".into(), Fact::Dimension(vec![setting.into()]));
    }
    let (_, few) = grid(&few);
    assert_eq!(cell(&few, "patient_survey", 4).found, Err(TooFew::Groups));
    let setting = cell(&few, "setting", 4);
    assert!(setting.has(Flag::SmallGroup) && setting.found.is_ok() && setting.n == 40);

    // A denominator of 9 does not enter, one of 10 does.
    let mut small = round(40, |_, x| x);
    for (place, service) in small.services.values_mut().enumerate() {
        service.kpis.insert(9, counted(3.0, if place < 10 { 9.0 } else { 10.0 }));
    }
    let data = Dataset::of(&small, &plan);
    assert_eq!(data.outcome(9).iter().filter(|outcome| outcome.is_err()).count(), 10);
}

#[test]
fn who_is_left_out_is_named_with_the_reason() {
    let mut round = round(30, |_, x| x);
    let mut services = round.services.values_mut();
    services.next().unwrap().staffing = None;
    services.next().unwrap().excluded = Some(Exclusion::OutsideNations);
    let third = services.next().unwrap();
    third.facts.insert("patient_survey".into(), Fact::NotKnown);
    let fourth = services.next().unwrap();
    fourth.facts.insert("patient_survey".into(), Fact::Flag(false));
    fourth.kpis.remove(&5);
    let neither = services.next().unwrap();
    (neither.staffing, neither.has_counts) = (None, false);
    let (data, grid) = grid(&round);
    assert_eq!(data.services.len(), 27);
    let found = cell(&grid, "patient_survey", 5);
    let why: Vec<(&str, &str)> =
        found.dropped.iter().map(|dropped| (dropped.service.as_str(), dropped.why.as_str())).collect();
    let wanted =
        [("S00000", "no_response"), ("S00001", "outside_nations"), ("S00002", "not_known"), ("S00003", "no_kpi")];
    assert_eq!((why, found.n, found.linked), (wanted.to_vec(), 25, 27));
    assert_eq!((found.missing.exposure, found.missing.outcome), (1, 1));
}

#[test]
fn missing_over_a_tenth_is_bounded() {
    let mut round = round(60, |_, x| 0.2 + 0.6 * x);
    for service in round.services.values_mut().take(12) {
        service.facts.insert("nurse_admin_share".into(), Fact::Unanswered);
        service.facts.insert("setting".into(), Fact::Unanswered);
    }
    let (_, grid) = grid(&round);
    let found = cell(&grid, "nurse_admin_share", 4);
    let rho = found.estimate().unwrap().tested.effect.value;
    let [low, high] = found.missing.bounds.unwrap();
    assert!(found.has(Flag::MuchMissing) && low < rho && rho < high, "{low} {rho} {high}");
    assert_eq!(cell(&grid, "setting", 4).missing.bounds, None, "groups have no order");
    assert_eq!(cell(&grid, "patient_survey", 4).missing.bounds, None, "nothing is missing");
}

#[test]
fn a_direction_that_turns_is_said() {
    let plan = plan();
    // All services fall but the largest, which is far out on both sides.
    let mut turned = round(21, |_, x| 0.5 - 0.02 * x);
    let mut flip = None;
    for (place, service) in turned.services.values_mut().enumerate() {
        let wte = if place == 20 { 400 } else { 100 + i64::try_from(place % 2).unwrap() };
        let kpi = if place == 20 {
            190.0
        } else {
            60.0 - f64::from(u8::try_from(place % 2).unwrap()) * f64::from(u8::from(place > 15))
        };
        service.staffing.as_mut().unwrap().nurses.in_post = Some(Hundredths(wte));
        service.kpis.insert(4, counted(kpi, 200.0));
        flip = Some(());
    }
    assert!(flip.is_some());
    let data = Dataset::of(&turned, &plan);
    let found = pair::pair(&data, &plan, &[], Exposure::of_key("nurse_wte_per_100k").unwrap(), 4);
    let estimate = found.estimate().unwrap();
    let (all, rest) = (estimate.tested.effect.rank.unwrap(), estimate.without_largest.unwrap().effect.rank.unwrap());
    assert_eq!(found.has(Flag::FlipsWithoutLargest), all * rest < 0.0);
    let model = found.model.as_ref().unwrap().direction().unwrap();
    assert_eq!(found.has(Flag::FlipsInModel), all * model < 0.0);
    assert!(model > 0.0 && rest < 0.0, "{all} {rest} {model}");
    let said = words::sensitivity(&found).join(" ");
    assert!(said.contains("the other one") || said.contains("points the other way"), "{said}");
}

#[test]
fn what_cannot_be_modelled_is_said_and_not_a_huge_number() {
    let mut apart = round(40, |_, x| x);
    for (place, service) in apart.services.values_mut().enumerate() {
        service.facts.insert("patient_survey".into(), Fact::Flag(place < 20));
        service.kpis.insert(4, counted(if place < 20 { 200.0 } else { 0.0 }, 200.0));
    }
    let (_, grid) = grid(&apart);
    assert_eq!(cell(&grid, "patient_survey", 4).model, Err(NoModel::NotFitted(Status::Separation)));
    // Two covariates that say the same.
    let (plan, data) = (plan(), Dataset::of(&apart, &plan()));
    let held = ["setting", "contract"].map(|key| Covariate::of_key(key).unwrap());
    let found = pair::pair(&data, &plan, &held, Exposure::of_key("nurse_admin_share").unwrap(), 5);
    assert_eq!(found.model, Err(NoModel::NotFitted(Status::RankDeficient)));
    // One that restates the exposure is left out of its own model.
    let own = [Covariate::of_key("nurse_cover").unwrap(), Covariate::Records];
    let found = pair::pair(&data, &plan, &own, Exposure::of_key("nurse_wte_per_100k").unwrap(), 5);
    let model = found.model.unwrap();
    assert_eq!(model.covariates.iter().map(|ratio| ratio.column.as_str()).collect::<Vec<_>>(), ["records"]);
}

#[test]
fn alike_services_have_nothing_to_compare() {
    let (_, grid) = grid(&round(30, |_, _| 0.4));
    assert!(grid.cells().all(|cell| cell.found == Err(TooFew::NoVariation)));
    assert_eq!(grid.tests, 0);
}

#[test]
fn changes_are_laid_beside_changes_of_the_same_services() {
    let plan = plan();
    let mut before = round(30, |_, _| 0.3);
    before.year = 2019;
    before.asked.remove("setting");
    let mut now = round(30, |_, x| 0.3 + 0.4 * x);
    for (place, service) in now.services.values_mut().enumerate() {
        let more = Some(Hundredths(
            service.staffing.unwrap().nurses.in_post.unwrap().0 + 10 * i64::try_from((place * 37) % 30).unwrap(),
        ));
        service.staffing.as_mut().unwrap().nurses.in_post = more;
        service.facts.insert("patient_survey".into(), Fact::Flag(place.is_multiple_of(2)));
    }
    now.services.remove("S00000");
    let data = Dataset::change(&before, &now, &plan);
    assert_eq!((data.services.len(), data.unlinked.len()), (29, 1));
    assert_eq!(data.unlinked[0].why, Why::OneRoundAlone);
    let grid = Grid::new(&data, &plan, &[], &|_, _| {});
    let found = cell(&grid, "nurse_wte_per_100k", 4);
    assert!(found.estimate().unwrap().tested.effect.value > 0.99);
    assert_eq!(found.model, Err(NoModel::Change));
    let survey = cell(&grid, "patient_survey", 4);
    assert!(matches!(data.kind(survey.exposure), Some(Kind::Ordered(levels)) if levels.len() == 3));
    assert_eq!(cell(&grid, "falls_assessment", 4).found, Err(TooFew::NoDirection));
    let about = Subject::of(&data, "Assessment", &plan);
    assert!(words::sentence(found, &about).contains("from audit year 2019 to 2021"));

    let earlier = Dataset::earlier(&before, &now, &plan);
    let eleven = pair::pair(&earlier, &plan, &[], Exposure::of_key("nurse_wte_per_100k").unwrap(), 11);
    assert!(!eleven.has(Flag::Timing) && eleven.n == 29);
    // By itself a pair has no q, so nothing is said of the evidence either way.
    let alone = words::sentence(&eleven, &Subject::of(&earlier, "Adherence", &plan));
    assert!(!alone.contains("clear") && !alone.contains("evidence") && alone.contains("rank correlation"), "{alone}");
    let asked = earlier.exposure(Exposure::of_key("setting").unwrap());
    assert!(asked.iter().all(|value| *value == Err(Missing::NotAsked)));
}

#[test]
fn the_data_have_a_cell_for_every_variable() {
    let (plan, data) = (plan(), Dataset::of(&round(25, |_, x| x), &plan()));
    let variables = codebook::variables(&data, &plan, |kpi| format!("KPI \"{kpi}\""));
    let rows = codebook::rows(&data, &plan, |service, _| service != "S00003");
    assert_eq!(rows.len(), 24);
    assert!(rows.iter().all(|row| row.len() == variables.len()));
    let script = codebook::r_script(&variables, &["Synthetic\ndata".into()]);
    assert!(script.starts_with("# Synthetic data\n") && script.contains("KPI \\\"4\\\""), "{script}");
    assert!(script.contains("ordered = TRUE"), "{script}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever the services: nothing claims a cause, every estimate comes with its n and an interval or why there is none,
    /// a pair by itself is that of the grid, and q keeps to its range.
    #[test]
    fn what_is_said_is_only_that_services_differ(
        n in 3_usize..45,
        kpis in prop::collection::vec(0.0..1.0_f64, 45),
        silent in prop::collection::vec(0_u8..12, 45),
        change in any::<bool>(),
    ) {
        let plan = AnalysisPlan { outcomes: vec![2, 4, 11], ..plan() };
        let mut now = round(n, |place, _| kpis[place]);
        for (service, silent) in now.services.values_mut().zip(&silent) {
            match silent {
                0 => service.staffing = None,
                1 => service.excluded = Some(Exclusion::TooFewRecords),
                2 => { service.facts.insert("governance_frequency".into(), Fact::NotKnown); }
                3 => { service.kpis.remove(&4); }
                4 => { service.expected = None; }
                _ => {}
            }
        }
        let before = RoundData { year: 2019, ..round(n, |_, x| x) };
        let data = if change { Dataset::change(&before, &now, &plan) } else { Dataset::of(&now, &plan) };
        let held = [Covariate::Records];
        let grid = Grid::new(&data, &plan, &held, &|_, _| {});
        let first = plan.exposures[0];
        prop_assert_eq!(pair::pair(&data, &plan, &held, first, 4).found, grid.cell(first, 4).unwrap().found.clone());
        let about = Subject::of(&data, "Assessment", &plan);
        let mut sentences = vec![words::of_grid(&grid, data.services.len(), &about)];
        for found in grid.cells() {
            sentences.extend(said(found, &about));
            prop_assert!(found.q.is_none_or(|q| (0.0..=1.0).contains(&q)));
            prop_assert_eq!(found.q.is_some(), found.found.is_ok());
            prop_assert_eq!(found.n + found.dropped.len(), data.services.len() + data.unlinked.len());
            let sentence = words::sentence(found, &about);
            if let Ok(estimate) = &found.found {
                prop_assert!(sentence.contains(&format!("{} services", found.n)), "{}", sentence);
                prop_assert!(sentence.contains("95% interval") || sentence.contains("too few for an interval"), "{}", sentence);
                prop_assert!(sentence.contains("p ") && sentence.contains("q "), "{}", sentence);
                let effect = estimate.tested.effect;
                if let Some([low, high]) = effect.interval {
                    prop_assert!(low <= effect.value && effect.value <= high);
                }
            }
        }
        for sentence in sentences {
            let lower = sentence.to_lowercase();
            for word in NEVER {
                prop_assert!(!lower.contains(word), "{:?} in {}", word, sentence);
            }
            let words = lower.split(|letter: char| !letter.is_alphanumeric());
            prop_assert!(!words.into_iter().any(|word| matches!(word, "nan" | "inf")), "{}", sentence);
        }
    }
}
