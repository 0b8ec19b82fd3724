//! Who is seen by nobody: hospitals in no service, the cases to be expected from them, and what a service for them would
//! need.
//!
//! Nobody states a population for such hospitals. It is taken from their hip fractures: so many people as the services
//! that gave a population have for each hip fracture of theirs, summed over services, never an average of averages.

use super::closing::Ends;
use super::cost::{Costing, Pounds};
use super::standard::{Basis, Role, StaffingStandard};
use super::sums::AreaGap;

/// Services that it takes to say how many people there are for a hip fracture.
pub const FEWEST_SERVICES: usize = 5;

/// A service with its population on a basis and the hip fractures of its hospitals in the year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Served {
    /// People.
    pub people: f64,
    /// Hip fractures.
    pub hip_fractures: i64,
}

/// How many people there are for a hip fracture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeoplePerHip {
    /// Which population is counted.
    pub basis: Basis,
    /// Services that gave a population and have hip fractures.
    pub services: usize,
    /// Their people.
    pub people: f64,
    /// Their hip fractures.
    pub hip_fractures: i64,
}

impl PeoplePerHip {
    /// Over services; those without people or hip fractures do not count.
    pub fn over(basis: Basis, served: impl IntoIterator<Item = Served>) -> Self {
        let mut sum = Self { basis, services: 0, people: 0.0, hip_fractures: 0 };
        for one in served.into_iter().filter(|one| one.people > 0.0 && one.hip_fractures > 0) {
            sum.services += 1;
            sum.people += one.people;
            sum.hip_fractures += one.hip_fractures;
        }
        sum
    }

    /// People ÷ hip fractures; `None` under [`FEWEST_SERVICES`] services.
    #[expect(clippy::cast_precision_loss, reason = "hip fractures are far below 2^52")]
    pub fn ratio(&self) -> Option<f64> {
        (self.services >= FEWEST_SERVICES).then(|| self.people / self.hip_fractures as f64)
    }
}

/// A hospital in no service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncoveredHospital {
    /// NHFD code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The area it lies in.
    pub area: String,
    /// Hip fractures in the year, where there is a figure.
    pub hip_fractures: Option<i64>,
    /// Cases to be expected from them.
    pub expected: Option<i64>,
}

/// What a new service would need on one basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewService {
    /// Which population the need rests on.
    pub basis: Basis,
    /// People, from the hip fractures.
    pub people: f64,
    /// Nurses, WTE.
    pub nurses: Ends<f64>,
    /// Administrators, WTE.
    pub administrators: Ends<f64>,
    /// What they cost a year; `None` where a band has no price.
    pub cost: Option<Ends<Pounds>>,
}

impl NewService {
    /// For the hospitals with so many hip fractures; `None` where it cannot be said how many people that is, or there is
    /// nobody.
    #[expect(clippy::cast_precision_loss, reason = "hip fractures are far below 2^52")]
    pub fn for_hips(
        standard: &StaffingStandard,
        costing: &Costing,
        per_hip: &PeoplePerHip,
        hip_fractures: i64,
    ) -> Option<Self> {
        let people = per_hip.ratio()? * hip_fractures as f64;
        if people <= 0.0 {
            return None;
        }
        let need = |role| Ends { low: standard.need_low(role, people), high: standard.need_high(role, people) };
        let (nurses, administrators) = (need(Role::Nurse), need(Role::Administrator));
        let prices = costing.cost_of(Role::Nurse).ok().zip(costing.cost_of(Role::Administrator).ok());
        let cost = prices.map(|(nurse, administrator)| Ends {
            low: nurse * nurses.low + administrator * administrators.low,
            high: nurse * nurses.high + administrator * administrators.high,
        });
        Some(Self { basis: per_hip.basis, people, nurses, administrators, cost })
    }

    /// The need of a role, WTE.
    pub fn need(&self, role: Role) -> Ends<f64> {
        match role {
            Role::Nurse => self.nurses,
            Role::Administrator => self.administrators,
        }
    }
}

/// An area with what a service for its uncovered hospitals would need, on one basis.
#[derive(Debug, Clone, PartialEq)]
pub struct UncoveredArea {
    /// The sums of the area, its gap and its uncovered hospitals among them.
    pub sum: AreaGap,
    /// Hip fractures of the uncovered hospitals that have a figure.
    pub hip_fractures: i64,
    /// What a service for them would need.
    pub new_service: Option<NewService>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workforce::cost::CostingChoice;
    use crate::domain::workforce::cost::tests::REFERENCE;

    fn served(people: f64, hip_fractures: i64) -> Served {
        Served { people, hip_fractures }
    }

    #[test]
    fn people_are_summed_and_too_few_services_say_nothing() {
        let few = PeoplePerHip::over(Basis::AsReported, [served(500_000.0, 500); 4]);
        assert_eq!((few.services, few.ratio()), (4, None));
        let mut enough = vec![served(500_000.0, 500); 4];
        enough.extend([served(100_000.0, 400), served(0.0, 30), served(90_000.0, 0)]);
        let ratio = PeoplePerHip::over(Basis::AsReported, enough);
        assert_eq!((ratio.services, ratio.hip_fractures), (5, 2_400));
        assert!((ratio.ratio().unwrap() - 875.0).abs() < 1e-9, "2,100,000 ÷ 2,400, not the mean of 1,000 and 250");
    }

    /// 46 hip fractures at 1,000 people each are 46,000 people: 1 to 1.15 nurses.
    #[test]
    fn a_new_service_has_the_need_of_its_people() {
        let standard = REFERENCE.standards.get("ros").unwrap();
        let costing = |band: &str| {
            let choice = CostingChoice { nurse_band: Some(band.into()), ..CostingChoice::default() };
            Costing::new(&REFERENCE.pay, &REFERENCE.cost_assumptions, &choice).unwrap()
        };
        let per_hip = PeoplePerHip::over(Basis::AsReported, [served(500_000.0, 500); 5]);
        let new = NewService::for_hips(standard, &costing("7"), &per_hip, 46).unwrap();
        assert!((new.nurses.low - 1.0).abs() < 1e-9 && (new.nurses.high - 1.15).abs() < 1e-9);
        let cost = new.cost.unwrap().low.0;
        assert!((cost - (43_806.0 + 22_454.0 / 2.0) * 1.27).abs() < 1e-6, "{cost}");
        assert_eq!(NewService::for_hips(standard, &costing("8b"), &per_hip, 46).unwrap().cost, None);
        assert_eq!(NewService::for_hips(standard, &costing("7"), &per_hip, 0), None);
    }
}
