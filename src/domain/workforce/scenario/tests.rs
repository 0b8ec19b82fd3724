use proptest::prelude::*;

use super::*;
use crate::domain::hundredths::Hundredths;
use crate::domain::reference::Reference;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::gap::{GapSubject, RoleStaffing, StaffingFacts, service_gap};
use crate::formats::seeds::{SeedFiles, read_reference};

fn reference() -> Reference {
    read_reference(&SeedFiles::Embedded).unwrap()
}

fn costing(reference: &Reference) -> Costing {
    Costing::new(&reference.pay, &reference.cost_assumptions, &CostingChoice::default()).unwrap()
}

fn standard(reference: &Reference) -> StaffingStandard {
    reference.standards["ros"].clone()
}

/// Population, in post and establishment of nurses and administrators.
type Facts = (i64, (i64, Option<i64>), (i64, Option<i64>));

fn rows(standard: &StaffingStandard, facts: &Facts) -> [GapRow; 2] {
    let (people, nurses, administrators) = *facts;
    let staffing = |(in_post, establishment): (i64, Option<i64>)| RoleStaffing {
        in_post: Some(Hundredths(in_post)),
        establishment: establishment.map(Hundredths),
        reported_vacant: None,
    };
    let facts = StaffingFacts {
        population_all_ages: Some(people),
        population_50_plus: Some(people * 38 / 100),
        nurses: staffing(nurses),
        administrators: staffing(administrators),
    };
    let subject = GapSubject { code: "AAA", name: "A", area: None, year: 2021 };
    Basis::ALL.map(|basis| service_gap(standard, subject, basis, Some(&facts), None))
}

fn service(rows: &[GapRow; 2]) -> ScenarioService<'_> {
    ScenarioService { rows: rows.iter().collect(), admin_share: Some(0.5), expected: Some(2000.0) }
}

const AVERAGE: Facts = (494_945, (159, Some(200)), (45, Some(50)));

fn lay(scenario: &Scenario) -> Outcome {
    let reference = reference();
    let standard = standard(&reference);
    let rows = rows(&standard, &AVERAGE);
    outcome(&standard, &costing(&reference), scenario, &[service(&rows)])
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
}

fn nurses(year: &ScenarioYear) -> &RoleSum {
    &year.role(Role::Nurse, Basis::AsReported).unwrap().sum
}

#[test]
fn vacancies_are_filled_once_the_months_to_hire_are_over() {
    let fill = FillVacancies { share_percent: 50.0, months_to_hire: 18.0, turnover_percent: 0.0 };
    let years = lay(&Scenario { years: 2, fill: Some(fill), ..Scenario::default() }).years;
    near(nurses(&years[1]).in_post, 1.59);
    near(nurses(&years[2]).in_post, 1.59 + 0.41 / 2.0);
    // A tenth of the staff leave in a year and each post stands empty for half a year: 1 ÷ 1.05 of the posts are filled.
    let fill = FillVacancies { share_percent: 100.0, months_to_hire: 6.0, turnover_percent: 10.0 };
    let years = lay(&Scenario { years: 1, fill: Some(fill), ..Scenario::default() }).years;
    near(nurses(&years[1]).in_post, 2.0 / 1.05);
}

#[test]
fn new_posts_are_funded_from_their_month_and_priced_by_their_band() {
    let post = NewPost { role: Role::Nurse, band: "6".into(), wte: 2.0, start_year: 1, start_month: 7 };
    let scenario = Scenario { years: 2, posts: vec![post], pay_percent: 10.0, ..Scenario::default() };
    let outcome = lay(&scenario);
    let [today, first, second] = outcome.years.as_slice() else { panic!("{outcome:?}") };
    near(nurses(today).in_post, 1.59);
    near(nurses(first).in_post, 3.59);
    near(nurses(first).split.establishment, 4.0);
    near(nurses(today).net_gap_low - nurses(second).net_gap_low, 2.0);
    let costing = costing(&reference());
    let added = second.cost.as_ref().unwrap().added;
    near(added.0, costing.cost_per_wte("6").unwrap().0 * 2.0 * 1.21);
    near(second.cases_per_nurse.unwrap(), 2000.0 / 3.59);
    // With half a year to hire, the post is funded and vacant at the end of year 1.
    let fill = FillVacancies { share_percent: 0.0, months_to_hire: 6.0, turnover_percent: 0.0 };
    let years = lay(&Scenario { fill: Some(fill), ..scenario }).years;
    near(nurses(&years[1]).in_post, 1.59);
    near(nurses(&years[1]).split.vacant, 2.41);
    near(nurses(&years[2]).in_post, 3.59);
}

#[test]
fn administration_that_moves_frees_nurse_time_and_is_not_counted_as_a_nurse() {
    let moved = MoveAdministration { admin_percent: None, moved_percent: 100.0, to: MovedTo::Administrators };
    let with = |moved| lay(&Scenario { years: 1, administration: Some(moved), ..Scenario::default() }).years;
    let years = with(moved);
    near(years[0].freed, 0.0);
    near(years[1].freed, 1.59 * 0.5);
    near(nurses(&years[1]).in_post, 1.59);
    let administrators = &years[1].role(Role::Administrator, Basis::AsReported).unwrap().sum;
    near(administrators.in_post, 0.45 + 1.59 * 0.5);
    let rate = costing(&reference()).cost_of(Role::Administrator).unwrap().0;
    near(years[1].cost.as_ref().unwrap().added.0, rate * 1.59 * 0.5);
    let years = with(MoveAdministration { to: MovedTo::Software(9_000.0), admin_percent: Some(30.0), ..moved });
    near(years[1].freed, 1.59 * 0.3);
    near(years[1].cost.as_ref().unwrap().added.0, 9_000.0);
}

#[test]
fn what_is_missing_stays_missing_and_says_why() {
    let reference = reference();
    let (standard, costing) = (standard(&reference), costing(&reference));
    let known = rows(&standard, &AVERAGE);
    let unknown = rows(&standard, &(300_000, (100, None), (50, Some(50))));
    let fill = FillVacancies { share_percent: 100.0, months_to_hire: 0.0, turnover_percent: 0.0 };
    let scenario = Scenario { years: 1, fill: Some(fill), ..Scenario::default() };
    let found = outcome(&standard, &costing, &scenario, &[service(&known), service(&unknown)]);
    for year in &found.years {
        assert_eq!((nurses(year).services_counted, nurses(year).services_missing), (1, 1));
        assert_eq!(year.role(Role::Administrator, Basis::Aged50Plus).unwrap().sum.services_counted, 2);
    }
    assert!(
        found.reasons.iter().any(|reason| reason.starts_with("1 service gave no establishment of nurses")),
        "{:?}",
        found.reasons
    );
    // Without filling, the service counts.
    let plain = Scenario { years: 1, ..Scenario::default() };
    let found = outcome(&standard, &costing, &plain, &[service(&known), service(&unknown)]);
    assert_eq!(nurses(&found.years[1]).services_counted, 2);
    let nobody = outcome(&standard, &costing, &plain, &[]);
    assert_eq!((nobody.years[1].cases_per_nurse, nurses(&nobody.years[1]).services_counted), (None, 0));
}

#[test]
fn an_unpriced_pay_year_is_a_reason_and_no_cost() {
    let reference = reference();
    let choice = CostingChoice { pay_year: Some("1999/00".into()), ..CostingChoice::default() };
    let costing = Costing::new(&reference.pay, &reference.cost_assumptions, &choice).unwrap();
    let standard = standard(&reference);
    let rows = rows(&standard, &AVERAGE);
    let found = outcome(&standard, &costing, &Scenario { years: 1, ..Scenario::default() }, &[service(&rows)]);
    assert!(found.years[0].cost.is_err());
}

#[test]
fn every_problem_names_its_field() {
    let post = NewPost { role: Role::Nurse, band: "7".into(), wte: 0.0, start_year: 11, start_month: 13 };
    let scenario = Scenario {
        years: 0,
        growth_percent: f64::NAN,
        fill: Some(FillVacancies { share_percent: 101.0, months_to_hire: -1.0, turnover_percent: 200.0 }),
        posts: vec![post],
        administration: Some(MoveAdministration {
            admin_percent: Some(-1.0),
            moved_percent: 101.0,
            to: MovedTo::Software(-1.0),
        }),
        pay_percent: 26.0,
    };
    let fields: Vec<String> = scenario.problems().into_iter().map(|problem| problem.field).collect();
    let expected = [
        "years",
        "growth_percent",
        "pay_percent",
        "fill_percent",
        "months_to_hire",
        "turnover_percent",
        "admin_percent",
        "moved_percent",
        "software_cost",
        "posts/0/wte",
        "posts/0/start_year",
        "posts/0/start_month",
    ];
    assert_eq!(fields, expected);
    assert!(Scenario { years: 10, ..Scenario::default() }.problems().is_empty());
}

prop_compose! {
    fn staff()(in_post in 0..2_500_i64, establishment in prop::option::of(0..2_500_i64)) -> (i64, Option<i64>) {
        (in_post, establishment)
    }
}

prop_compose! {
    fn anywhere()(people in 1_i64..2_000_000, nurses in staff(), administrators in staff()) -> Facts {
        (people, nurses, administrators)
    }
}

prop_compose! {
    fn anything()(
        years in 1_u32..=10,
        growth_percent in -10.0..10.0,
        fill in prop::option::of((0.0..100.0, 0.0..60.0, 0.0..100.0)),
        wte in 0.01..50.0,
        start in (1_u32..=10, 1_u32..=12),
        moved in prop::option::of((0.0..100.0, any::<bool>())),
        pay_percent in -10.0..25.0,
    ) -> Scenario {
        Scenario {
            years,
            growth_percent,
            fill: fill.map(|(share_percent, months_to_hire, turnover_percent)| FillVacancies {
                share_percent,
                months_to_hire,
                turnover_percent,
            }),
            posts: vec![NewPost { role: Role::Nurse, band: "7".into(), wte, start_year: start.0, start_month: start.1 }],
            administration: moved.map(|(moved_percent, software)| MoveAdministration {
                admin_percent: None,
                moved_percent,
                to: if software { MovedTo::Software(5_000.0) } else { MovedTo::Administrators },
            }),
            pay_percent,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A scenario that changes nothing is today, to the last bit, in every year.
    #[test]
    fn no_change_is_today(all in prop::collection::vec(anywhere(), 1..8), years in 1_u32..=10) {
        let reference = reference();
        let standard = standard(&reference);
        let all: Vec<[GapRow; 2]> = all.iter().map(|facts| rows(&standard, facts)).collect();
        let services: Vec<ScenarioService<'_>> = all.iter().map(service).collect();
        let scenario = Scenario { years, ..Scenario::default() };
        let found = outcome(&standard, &costing(&reference), &scenario, &services);
        for year in &found.years {
            for role in &year.roles {
                let today = RoleSum::over(all.iter().flatten().filter(|row| row.basis == role.basis), role.role);
                prop_assert_eq!(role.sum, today);
            }
            prop_assert_eq!(year.cost.as_ref().unwrap().added, Pounds(0.0));
            prop_assert_eq!(year.cases_per_nurse, found.years[0].cases_per_nurse);
        }
    }

    /// In every year of any scenario the gap is what was never funded and what is vacant.
    #[test]
    fn the_gap_splits_in_every_year(facts in anywhere(), scenario in anything()) {
        let reference = reference();
        let standard = standard(&reference);
        let rows = rows(&standard, &facts);
        let found = outcome(&standard, &costing(&reference), &scenario, &[service(&rows)]);
        for role in found.years.iter().flat_map(|year| &year.roles) {
            if role.sum.split.services == 1 {
                let split = role.sum.split;
                prop_assert!((role.sum.net_gap_low - split.unfunded_low - split.vacant).abs() < 1e-8);
                prop_assert!((role.sum.net_gap_high - split.unfunded_high - split.vacant).abs() < 1e-8);
            }
            let need_and_in_post = role.sum.need_low - role.sum.in_post;
            prop_assert!(!role.counts() || (role.sum.net_gap_low - need_and_in_post).abs() < 1e-9);
        }
    }

    /// What is done to services alone comes to the same over an area as over each of them.
    #[test]
    fn services_sum_to_their_area(all in prop::collection::vec(anywhere(), 1..6), scenario in anything()) {
        let scenario = Scenario { posts: Vec::new(), ..scenario };
        let reference = reference();
        let (standard, costing) = (standard(&reference), costing(&reference));
        let all: Vec<[GapRow; 2]> = all.iter().map(|facts| rows(&standard, facts)).collect();
        let services: Vec<ScenarioService<'_>> = all.iter().map(service).collect();
        let whole = outcome(&standard, &costing, &scenario, &services);
        let parts: Vec<Outcome> =
            services.iter().map(|one| outcome(&standard, &costing, &scenario, std::slice::from_ref(one))).collect();
        for (place, year) in whole.years.iter().enumerate() {
            let of_parts = |of: &dyn Fn(&ScenarioYear) -> f64| parts.iter().map(|part| of(&part.years[place])).sum::<f64>();
            let near = |whole: f64, parts: f64| (whole - parts).abs() < 1e-6 * whole.abs().max(1.0);
            for role in &year.roles {
                let of = |year: &ScenarioYear| year.role(role.role, role.basis).unwrap().sum.net_gap_high;
                prop_assert!(near(of(year), of_parts(&of)), "{} {:?}: {} and {}", year.year, role.role, of(year), of_parts(&of));
            }
            prop_assert!(near(year.freed, of_parts(&|year| year.freed)));
            let cost = |year: &ScenarioYear| year.cost.as_ref().unwrap().whole.0;
            prop_assert!(near(cost(year), of_parts(&cost)));
        }
    }
}
