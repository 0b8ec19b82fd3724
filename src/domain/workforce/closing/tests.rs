use proptest::prelude::*;

use super::*;
use crate::domain::hundredths::Hundredths;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::cost::tests::REFERENCE;
use crate::domain::workforce::gap::RoleStaffing;

fn priced(role: Role, population: f64, in_post: i64, establishment: Option<i64>) -> Result<ClosingCost, NoCost> {
    let standard = REFERENCE.standards.get("ros").unwrap();
    let costing = Costing::new(&REFERENCE.pay, &REFERENCE.cost_assumptions, &CostingChoice::default()).unwrap();
    let staffing = RoleStaffing {
        in_post: Some(Hundredths(in_post)),
        establishment: establishment.map(Hundredths),
        reported_vacant: None,
    };
    let gap = RoleGap::new(standard, role, Some(population), staffing);
    ClosingCost::of_service(&gap, GapStatus::Ok, &costing.cost_of(role))
}

/// The average service of the January 2023 report: about £206,000 a year on the 50+ basis and £707,000 as published, in
/// the middle of the range.
#[test]
fn worked_costs_of_the_average_service_come_out() {
    for (population, printed, nurse_gap, administrator_gap) in
        [(188_079.0, 206_000.0, 2.81, 1.75), (494_945.0, 707_000.0, 9.98, 5.33)]
    {
        let nurses = priced(Role::Nurse, population, 159, None).unwrap();
        let administrators = priced(Role::Administrator, population, 45, None).unwrap();
        let middle = |ends: Ends<f64>| f64::midpoint(ends.low, ends.high);
        assert!((middle(nurses.shortfall) - nurse_gap).abs() < 0.01, "{nurses:?}");
        assert!((middle(administrators.shortfall) - administrator_gap).abs() < 0.01, "{administrators:?}");
        let cost = nurses.cost.plus(administrators.cost);
        let middle = f64::midpoint(cost.low.0, cost.high.0);
        assert!((middle - printed).abs() < 1_000.0, "{middle} for {printed}");
        assert_eq!(nurses.split, None, "the report gives no establishment");
    }
}

#[test]
fn a_vacant_post_is_not_new_money() {
    // 460,000 people need 10 to 11.5 nurses; 6 are in post and 9 funded.
    let cost = priced(Role::Nurse, 460_000.0, 600, Some(900)).unwrap();
    let per_wte = cost.cost.low.0 / 4.0;
    let split = cost.split.unwrap();
    assert!((split.new_money.low.0 - per_wte).abs() < 1e-6 && (split.vacant.low.0 - 3.0 * per_wte).abs() < 1e-6);
    // With more funded than needed nothing is new, and the shortfall alone is priced.
    let split = priced(Role::Nurse, 460_000.0, 600, Some(2_000)).unwrap().split.unwrap();
    assert_eq!(split.new_money.high, Pounds(0.0));
    // Over-established: what is in post is paid for already, so all of the shortfall is new.
    let cost = priced(Role::Nurse, 460_000.0, 600, Some(400)).unwrap();
    assert_eq!(cost.split.unwrap().new_money, cost.cost);
}

proptest! {
    #[test]
    fn new_money_and_vacant_posts_are_all_of_the_cost(
        population in 1.0_f64..2e6, in_post in 0_i64..3000, establishment in 0_i64..3000,
    ) {
        let cost = priced(Role::Nurse, population, in_post, Some(establishment)).unwrap();
        let split = cost.split.unwrap();
        for end in End::ALL {
            let (new, vacant, all) = (split.new_money.at(end).0, split.vacant.at(end).0, cost.cost.at(end).0);
            prop_assert!(new >= 0.0 && vacant >= -1e-6 && (new + vacant - all).abs() < 1e-6);
        }
        prop_assert!(cost.cost.low <= cost.cost.high);
    }
}
