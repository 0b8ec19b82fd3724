use proptest::prelude::*;

use super::*;
use crate::domain::hundredths::Hundredths;
use crate::domain::workforce::demand::DemandService;
use crate::domain::workforce::gap::{GapSubject, RoleStaffing, StaffingFacts, service_gap};
use crate::domain::workforce::peers::PeerSet;
use crate::domain::workforce::standard::StaffingStandard;
use crate::domain::workforce::workload::Patientload;
use crate::domain::workforce::workload::tests::times;

fn standard() -> StaffingStandard {
    toml::from_str(include_str!("../../../../seeds/standards/ros.toml")).unwrap()
}

fn readings(facts: &StaffingFacts, expected: Option<f64>) -> Vec<RoleReadings> {
    let subject = GapSubject { code: "AAA", name: "A", area: None, year: 2021 };
    let rows = Basis::ALL.map(|basis| service_gap(&standard(), subject, basis, Some(facts), None));
    let patients = Patientload { expected, recorded: None, treated_share: Some(0.5), in_post: rows[0].nurses.in_post };
    let rows: Vec<&GapRow> = rows.iter().collect();
    let cases = std::collections::BTreeMap::new();
    let service = DemandService { rows: rows.clone(), patients };
    let demand = Demand::new(&times(), &[service], &PeerSet::new(&[], &cases));
    Role::ALL.into_iter().map(|role| RoleReadings::new(role, &rows, &demand)).collect()
}

fn staffing(nurses: i64, population: i64, aged: Option<i64>) -> StaffingFacts {
    StaffingFacts {
        population_all_ages: Some(population),
        population_50_plus: aged,
        nurses: RoleStaffing { in_post: Some(Hundredths(nurses)), ..RoleStaffing::default() },
        administrators: RoleStaffing::default(),
    }
}

fn words(readings: &RoleReadings) -> String {
    readings.said().into_iter().map(|said| said.text).collect::<Vec<_>>().join(" ")
}

/// The average service of the report: short on both bases by 2.50 to 10.78 nurse WTE.
#[test]
fn the_average_service_is_short_on_every_reading() {
    let all = readings(&staffing(159, 494_945, Some(188_079)), None);
    let said = words(&all[0]);
    assert!(
        said.starts_with("On every one of the 4 readings that can be made the service is short of nurses"),
        "{said}"
    );
    assert!(said.contains("at least 2.49 WTE and up to 10.78 WTE") || said.contains("at least 2.50 WTE"), "{said}");
    assert!(said.contains("Readings of nurses that cannot be made: the workload of all expected cases"), "{said}");
    // Nobody said how many administrators there are: nothing is claimed of them.
    assert_eq!(all[1].holds(), Holds::NotKnown);
    let said = words(&all[1]);
    assert!(said.contains("cannot be said") && said.contains("no administrators in post were given"), "{said}");
}

#[test]
fn a_service_without_a_population_claims_nothing_and_names_what_is_missing() {
    let facts = StaffingFacts { population_all_ages: None, ..staffing(159, 0, None) };
    let said = words(&readings(&facts, Some(1000.0))[0]);
    assert!(said.contains("cannot be said") && said.contains("population missing"), "{said}");
    assert!(!said.contains("is short"), "{said}");
}

#[test]
fn a_reading_that_denies_the_gap_is_named_and_no_shortfall_is_claimed() {
    // Enough for the people aged 50 and over, too few for all ages.
    let said = words(&readings(&staffing(600, 494_945, Some(188_079)), None)[0]);
    assert!(said.starts_with("The readings differ on nurses: of 4, 2 give a gap"), "{said}");
    assert!(said.contains("population aged 50 and over, lowest need") && !said.contains("is short"), "{said}");
    let said = words(&readings(&staffing(2000, 494_945, Some(188_079)), None)[0]);
    assert!(said.starts_with("None of the 4 readings") && said.contains("none is claimed"), "{said}");
}

proptest! {
    /// A shortfall is claimed there alone where every reading has one, and then it is the smallest of them.
    #[test]
    fn a_shortfall_is_claimed_only_where_every_reading_has_one(
        nurses in 0_i64..3_000,
        population in 1_i64..2_000_000,
        aged in prop::option::of(1_i64..1_000_000),
        expected in prop::option::of(0.0..5_000.0),
    ) {
        for readings in readings(&staffing(nurses, population, aged), expected) {
            let claims = words(&readings).contains("is short");
            let all_short = !readings.found.is_empty() && readings.found.iter().all(|one| one.gap >= 0.01);
            if claims {
                prop_assert!(all_short);
                let least = readings.said()[0].facts[1].clone();
                prop_assert!(readings.found.iter().all(|one| one.gap >= least.value));
                prop_assert!(least.shown.parse::<f64>().unwrap() <= least.value + 1e-12);
            }
            // Both populations are known: then it is also claimed.
            prop_assert!(claims || !all_short || readings.found.len() < 4);
        }
    }
}
