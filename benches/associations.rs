//! What the associations find in invented countries, and how long a grid takes: `cargo bench --bench associations`.
//!
//! 1. A rank correlation of just the size that 70 services are said to show with 80 % power is planted between nurse WTE and
//!    KPI 4, in 400 countries. It must be found (p < 0.05) at that rate.
//! 2. In the same countries, and in 400 with nothing planted, the share of calls (q < 0.05) that are of pairs without
//!    anything in them must not pass 5 %.
//! 3. The grid of 70 services must take under 50 ms, that of 10,000 under 3 s.
//!
//! Exit status 1 where one of these does not hold; three standard errors of the simulation are allowed for.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::NaiveDate;
use facilities_audit::domain::association::exposure::{FACTS, Staff};
use facilities_audit::domain::association::{
    AnalysisPlan, Association, Counted, Dataset, Exposure, Grid, RoundData, ServiceYear, Strength,
};
use facilities_audit::domain::hundredths::Hundredths;
use facilities_audit::domain::questionnaire::facts::Fact;
use facilities_audit::domain::statistics::power::smallest_correlation;
use facilities_audit::domain::workforce::gap::{RoleStaffing, StaffingFacts};
use facilities_audit::domain::workforce::standard::StaffingStandard;
use facilities_audit::formats::seeds::{SeedFiles, read_reference};

const COUNTRIES: u32 = 400;
const SERVICES: usize = 70;

/// Chance from a fixed seed (splitmix64).
struct Chance(u64);

impl Chance {
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (1.0 - self.share(), self.share());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
    fn below(&mut self, most: u32) -> usize {
        (self.share() * f64::from(most)) as usize
    }
}

/// A country in which nurse WTE and KPI 4 go together with Pearson's `r` on the normal scale, and nothing else does.
fn country(chance: &mut Chance, services: usize, r: f64, standard: &StaffingStandard) -> RoundData {
    let service = |place: usize| {
        let nurses = chance.normal();
        let own = chance.normal();
        let mut kpis = BTreeMap::new();
        for kpi in 2..=11 {
            let latent = if kpi == 4 { r * nurses + (1.0 - r * r).sqrt() * own } else { chance.normal() };
            let share = 1.0 / (1.0 + (-0.8 * latent).exp());
            let denominator = 100_000.0;
            kpis.insert(kpi, Counted { numerator: (denominator * share).round(), denominator });
        }
        (format!("S{place:06}"), answers(chance, nurses, kpis))
    };
    RoundData {
        year: 2021,
        staffing_as_at: NaiveDate::default(),
        standard: standard.clone(),
        asked: FACTS.iter().map(|fact| (*fact).to_owned()).collect(),
        services: (0..services).map(service).collect(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
fn answers(chance: &mut Chance, nurses: f64, kpis: BTreeMap<i32, Counted>) -> ServiceYear {
    let wte = |amount: f64| Hundredths((amount * 100.0).round() as i64);
    // So many hundredths that none tie: what is tested is the rule, not the rounding.
    let nurse = 5_000.0 + 1_000.0 * nurses;
    let administrator = 5_000.0 + 1_000.0 * chance.normal();
    let establishment = nurse + administrator + 500.0 + 100.0 * chance.normal();
    let choice = |chance: &mut Chance, codes: &[&str]| {
        let code = codes.get(chance.below(u32::try_from(codes.len()).unwrap_or(1))).copied().unwrap_or_default();
        Fact::Dimension(vec![code.to_owned()])
    };
    let facts = [
        ("staff_in_post", Fact::Measure(wte(nurse + administrator))),
        ("staff_establishment", Fact::Measure(wte(establishment))),
        ("nurse_admin_share", Fact::Measure(wte(100.0 * chance.share()))),
        ("vacancy_over_6_months", Fact::Flag(chance.share() < 0.25)),
        ("governance_frequency", choice(chance, &["none", "7_to_12_months", "2_to_6_months", "monthly"])),
        ("patient_involvement", choice(chance, &["none", "consulted"])),
        ("monitoring_provided", Fact::Flag(chance.share() < 0.7)),
        ("monitoring_responsible", choice(chance, &["specialist_nurse", "primary_care_physician", "none"])),
        ("first_prescription", choice(chance, &["fls_prescribes", "gp_asked"])),
        ("falls_assessment", choice(chance, &["conducts", "refers", "neither"])),
        ("patient_survey", Fact::Flag(chance.share() < 0.6)),
        ("setting", choice(chance, &["acute", "community"])),
        ("contract", choice(chance, &["block", "tariff_or_activity", "no_separate_contract"])),
    ];
    let role = |amount: f64| RoleStaffing { in_post: Some(wte(amount)), ..RoleStaffing::default() };
    ServiceYear {
        staffing: Some(StaffingFacts {
            population_all_ages: Some(400_000),
            population_50_plus: Some(150_000),
            nurses: role(nurse),
            administrators: role(administrator),
        }),
        facts: facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect(),
        has_counts: true,
        records: Some(500),
        expected: Some(1000),
        kpis,
        ..ServiceYear::default()
    }
}

fn grid(round: &RoundData, plan: &AnalysisPlan) -> Grid {
    Grid::new(&Dataset::of(round, plan), plan, &[], &|_, _| {})
}

/// Whether something was planted in a pair: nurses are part of all staff, of the ratio and of the vacancy rate.
fn is_planted(found: &Association) -> bool {
    found.kpi == 4 && (found.exposure.tells_of(Staff::Nurses) || found.exposure == Exposure::VacancyRate)
}

/// Countries of one kind: how often the planted pair was found, and the mean share of calls that are false.
fn simulate(plan: &AnalysisPlan, standard: &StaffingStandard, r: f64, seed: u64) -> (f64, f64) {
    let mut chance = Chance(seed);
    let (mut found, mut false_share) = (0_u32, 0.0);
    let planted = Exposure::of_key("nurse_wte_per_1000_cases");
    for _ in 0..COUNTRIES {
        let grid = grid(&country(&mut chance, SERVICES, r, standard), plan);
        let pair = planted.and_then(|exposure| grid.cell(exposure, 4)).and_then(Association::estimate);
        found += u32::from(pair.is_some_and(|estimate| estimate.tested.p < 0.05));
        let called: Vec<&Association> = grid.cells().filter(|cell| cell.strength >= Some(Strength::Plain)).collect();
        let wrong = called.iter().filter(|cell| r == 0.0 || !is_planted(cell)).count();
        if !called.is_empty() {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let share = wrong as f64 / called.len() as f64;
            false_share += share;
        }
    }
    (f64::from(found) / f64::from(COUNTRIES), false_share / f64::from(COUNTRIES))
}

/// The fastest of some runs, in milliseconds.
fn fastest(runs: usize, work: impl Fn()) -> f64 {
    let once = |_| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1000.0
    };
    (0..runs).map(once).fold(f64::INFINITY, f64::min)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reference = read_reference(&SeedFiles::Embedded)?;
    let plan = reference.plans.last().ok_or("there is no plan")?;
    let standard = reference.standards.get("ros").ok_or("there is no standard")?;
    let mut holds = true;
    let mut say = |held: bool, words: String| {
        println!("{} {words}", if held { "ok  " } else { "FAIL" });
        holds &= held;
    };
    let error = |share: f64| 3.0 * (share * (1.0 - share) / f64::from(COUNTRIES)).sqrt();

    let rho = smallest_correlation(SERVICES, plan.sought)?.ok_or("too few services")?;
    // On normal scales Spearman's ρ is 6/π · asin(r/2).
    let r = 2.0 * (std::f64::consts::PI * rho / 6.0).sin();
    let (power, false_share) = simulate(plan, standard, r, 1);
    say(
        (power - plan.sought.power).abs() <= error(plan.sought.power),
        format!(
            "a rank correlation of {rho:.3} in {SERVICES} services is found in {:.1}% of {COUNTRIES} countries; said: {:.0}%",
            100.0 * power,
            100.0 * plan.sought.power
        ),
    );
    let most = 0.05 + error(0.05);
    say(
        false_share <= most,
        format!("beside it {:.1}% of the calls at q < 0.05 are false; said: at most 5%", 100.0 * false_share),
    );
    let (by_chance, false_share) = simulate(plan, standard, 0.0, 2);
    say(
        (by_chance - 0.05).abs() <= error(0.05),
        format!("with nothing planted p < 0.05 in {:.1}% of countries; said: 5%", 100.0 * by_chance),
    );
    say(
        false_share <= most,
        format!(
            "with nothing planted {:.1}% of countries have any call at q < 0.05; said: at most 5%",
            100.0 * false_share
        ),
    );

    for (services, runs, limit) in [(70, 20, 50.0), (10_000, 3, 3000.0)] {
        let round = country(&mut Chance(3), services, 0.3, standard);
        let milliseconds = fastest(runs, || drop(grid(&round, plan)));
        say(
            milliseconds < limit,
            format!("the grid of {services} services takes {milliseconds:.1} ms; allowed: {limit:.0} ms"),
        );
    }
    if holds { Ok(()) } else { Err("not everything holds".into()) }
}
