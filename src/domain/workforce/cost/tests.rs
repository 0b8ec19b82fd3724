use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::reference::Reference;
use crate::formats::seeds::{SeedFiles, read_reference};

/// Everything of `seeds/`.
pub(in crate::domain::workforce) static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| read_reference(&SeedFiles::Embedded).unwrap());

/// The prices of `seeds/`, with a choice.
fn costing(choice: &CostingChoice) -> Result<Costing, Vec<CostingProblem>> {
    Costing::new(&REFERENCE.pay, &REFERENCE.cost_assumptions, choice)
}

/// The worked prices of the audit: band 7 £43,806, band 3 £22,454, × 1.27.
#[test]
fn worked_prices_come_out() {
    let assumed = costing(&CostingChoice::default()).unwrap();
    let shown = |role| assumed.cost_of(role).unwrap().shown();
    assert_eq!((shown(Role::Nurse).as_str(), shown(Role::Administrator).as_str()), ("£55,600", "£28,500"));
    assert_eq!(assumed.cost_per_wte("6").unwrap().shown(), "£45,200");
    let notes = assumed.notes().join("\n");
    for part in ["band 7) costs £55,600", "£43,806 pay in 2022/23", "UNISON", "Assumed", "supplement: None"] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
}

#[test]
fn every_assumption_can_be_changed() {
    let choice = CostingChoice {
        pay_year: Some("2023/24".into()),
        on_cost: Some(1.3),
        supplement: Some("inner".into()),
        nurse_band: Some("8A".into()),
        administrator_band: Some("4".into()),
    };
    let chosen = costing(&choice).unwrap();
    assert_eq!(chosen.cost_of(Role::Nurse).unwrap(), Pounds(54_150.0 * 1.2 * 1.3));
    assert_eq!(chosen.cost_of(Role::Administrator).unwrap(), Pounds(26_372.0 * 1.2 * 1.3));
    let notes = chosen.notes().join("\n");
    assert!(notes.contains("The reader’s own figure") && notes.contains("Inner London"), "{notes}");
}

#[test]
fn what_was_not_read_is_not_priced_and_never_nothing() {
    let choice = CostingChoice { nurse_band: Some("8b".into()), ..CostingChoice::default() };
    let chosen = costing(&choice).unwrap();
    let why = chosen.cost_of(Role::Nurse).unwrap_err();
    assert_eq!(why, Unpriced::Band { pay_year: "2022/23".into(), band: "8b".into() });
    assert!(chosen.cost_of(Role::Administrator).is_ok());
    let year = CostingChoice { pay_year: Some("2021/22".into()), ..CostingChoice::default() };
    let why = costing(&year).unwrap().cost_of(Role::Nurse).unwrap_err();
    assert_eq!(why.to_string(), "no pay figures were read for 2021/22");
}

#[test]
fn everything_that_cannot_be_used_is_named_at_once() {
    let choice = CostingChoice {
        pay_year: Some("2022/24".into()),
        on_cost: Some(f64::NAN),
        supplement: Some("paris".into()),
        nurse_band: Some("77".into()),
        administrator_band: Some(String::new()),
    };
    let fields: Vec<&str> = costing(&choice).unwrap_err().iter().map(CostingProblem::field).collect();
    assert_eq!(fields, ["pay_year", "on_cost", "supplement", "nurse_band", "administrator_band"]);
    for wrong in ["2022", "2022/3", "22/23", "2022/23/24", "２０２２/23", ""] {
        let choice = CostingChoice { pay_year: Some(wrong.into()), ..CostingChoice::default() };
        assert!(costing(&choice).is_err(), "{wrong}");
    }
    assert!(is_pay_year("1999/00") && is_pay_year("2023/24"));
}

#[test]
fn money_is_printed_to_the_nearest_hundred() {
    for (pounds, shown) in [(206_234.0, "£206,200"), (49.9, "£0"), (50.0, "£100"), (-1_250.0, "−£1,300"), (-20.0, "£0")]
    {
        assert_eq!(Pounds(pounds).shown(), shown);
    }
    assert_eq!(Pounds(206_234.0).rounded_to(1000.0), "£206,000");
}

proptest! {
    #[test]
    fn a_price_grows_with_each_assumption(on_cost in 1.0_f64..2.0, more in 0.0_f64..0.5) {
        let priced = |on_cost: f64, supplement: &str| {
            let choice =
                CostingChoice { on_cost: Some(on_cost), supplement: Some(supplement.into()), ..CostingChoice::default() };
            costing(&choice).unwrap().cost_of(Role::Nurse).unwrap()
        };
        let dearer = (on_cost + more).min(2.0);
        prop_assert!(priced(dearer, "none") >= priced(on_cost, "none"));
        prop_assert!(priced(on_cost, "inner") > priced(on_cost, "outer"));
        prop_assert!(priced(on_cost, "outer") > priced(on_cost, "fringe"));
    }
}
