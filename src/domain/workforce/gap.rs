//! How far one service is from a standard, on one basis.
//!
//! `need − in post` is the gap: positive is short. It splits exactly in two: `need − establishment` was never funded,
//! `establishment − in post` is funded and vacant. Nothing is rounded here.

use super::standard::{Basis, Role, StaffingStandard};
use crate::domain::area::AreaShare;
use crate::domain::hundredths::Hundredths;

/// Whether a service's gap can be computed, and if not, why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapStatus {
    /// There is a population and staffing of at least one role.
    Ok,
    /// The service has submitted no answers for the round.
    NoResponse,
    /// It gave no population (and on the 50+ basis none can be estimated).
    PopulationMissing,
    /// It gave no staffing of either role.
    StaffingMissing,
    /// Its population is zero or less.
    PopulationNotPositive,
}

impl GapStatus {
    /// The word used in the API and in workbooks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NoResponse => "no_response",
            Self::PopulationMissing => "population_missing",
            Self::StaffingMissing => "staffing_missing",
            Self::PopulationNotPositive => "population_not_positive",
        }
    }

    /// What it means, for pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ok => "Computed",
            Self::NoResponse => "No answers submitted",
            Self::PopulationMissing => "Population missing",
            Self::StaffingMissing => "Staffing missing",
            Self::PopulationNotPositive => "Population is not above zero",
        }
    }
}

/// Where a role's staff in post stand against the recommended range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// In post is under the lowest need.
    Below,
    /// In post is in the range, under its upper end.
    Within,
    /// In post is the highest need or more.
    Meets,
    /// Need or in post is not known.
    Missing,
}

impl Position {
    /// The word used in the API, in workbooks and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Within => "within",
            Self::Meets => "meets",
            Self::Missing => "missing",
        }
    }
}

/// An end of the range of need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// The lowest need: the population over the upper end of the range.
    Low,
    /// The highest need: the population over the lower end of the range.
    High,
}

impl End {
    /// Both ends.
    pub const ALL: [Self; 2] = [Self::Low, Self::High];

    /// The word used in the API and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
        }
    }
}

/// What a service answered about the staff of one role. WTE in hundredths; `None` is "not given", never 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoleStaffing {
    /// WTE in post.
    pub in_post: Option<Hundredths>,
    /// Funded WTE.
    pub establishment: Option<Hundredths>,
    /// WTE that the service itself says is vacant.
    pub reported_vacant: Option<Hundredths>,
}

/// What a service answered that a gap needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StaffingFacts {
    /// People of all ages.
    pub population_all_ages: Option<i64>,
    /// People aged 50 and over.
    pub population_50_plus: Option<i64>,
    /// Nurses.
    pub nurses: RoleStaffing,
    /// Administrators.
    pub administrators: RoleStaffing,
}

impl StaffingFacts {
    /// The answers about one role.
    pub fn role(&self, role: Role) -> RoleStaffing {
        match role {
            Role::Nurse => self.nurses,
            Role::Administrator => self.administrators,
        }
    }
}

/// The population that a need rests on, and how it was come by.
#[derive(Debug, Clone, PartialEq)]
pub struct BasisPopulation {
    /// People. An estimate is not rounded.
    pub people: f64,
    /// The share that it was estimated with; `None` where the service reported the figure itself.
    pub estimated_with: Option<AreaShare>,
}

/// One role of one service on one basis. All figures in WTE, cover as a ratio (1 = as recommended).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleGap {
    /// WTE in post.
    pub in_post: Option<f64>,
    /// Funded WTE.
    pub establishment: Option<f64>,
    /// Establishment − in post; negative where a service is over-established.
    pub vacant: Option<f64>,
    /// What the service says is vacant; a difference from `vacant` is a query.
    pub reported_vacant: Option<f64>,
    /// Need at the upper end of the population range.
    pub need_low: Option<f64>,
    /// Need at the lower end of the population range.
    pub need_high: Option<f64>,
    /// `need_low` − in post.
    pub gap_low: Option<f64>,
    /// `need_high` − in post.
    pub gap_high: Option<f64>,
    /// `need_low` − establishment.
    pub unfunded_low: Option<f64>,
    /// `need_high` − establishment.
    pub unfunded_high: Option<f64>,
    /// In post ÷ `need_high`.
    pub cover_low: Option<f64>,
    /// In post ÷ `need_low`.
    pub cover_high: Option<f64>,
    /// Where in post stands against the range.
    pub position: Position,
}

impl RoleGap {
    /// The gap of one role. `population` is `None` where it is missing or not above zero.
    pub fn new(standard: &StaffingStandard, role: Role, population: Option<f64>, staffing: RoleStaffing) -> Self {
        let wte = |wte: Option<Hundredths>| wte.map(Hundredths::as_f64);
        let (in_post, establishment) = (wte(staffing.in_post), wte(staffing.establishment));
        Self::of_wte(standard, role, population, in_post, establishment, wte(staffing.reported_vacant))
    }

    /// The same of WTE that need not be whole hundredths, as a scenario has them.
    pub fn of_wte(
        standard: &StaffingStandard,
        role: Role,
        population: Option<f64>,
        in_post: Option<f64>,
        establishment: Option<f64>,
        reported_vacant: Option<f64>,
    ) -> Self {
        let reading = Reading::new(standard, role, population, in_post);
        Self {
            in_post: reading.in_post,
            establishment,
            vacant: difference(establishment, in_post).map(without_noise),
            reported_vacant,
            need_low: reading.need_low,
            need_high: reading.need_high,
            gap_low: reading.gap_low,
            gap_high: reading.gap_high,
            unfunded_low: difference(reading.need_low, establishment),
            unfunded_high: difference(reading.need_high, establishment),
            cover_low: reading.cover_low,
            cover_high: reading.cover_high,
            position: reading.position,
        }
    }

    /// The need at one end.
    pub fn need(&self, end: End) -> Option<f64> {
        match end {
            End::Low => self.need_low,
            End::High => self.need_high,
        }
    }

    /// What is lacking at one end: the gap where there is one. Staff beyond the need are no shortfall.
    pub fn shortfall(&self, end: End) -> Option<f64> {
        let gap = match end {
            End::Low => self.gap_low,
            End::High => self.gap_high,
        };
        gap.map(|gap| gap.max(0.0))
    }

    /// The part of the shortfall at one end for which no funded post stands vacant, from 0 to all of it: closing it takes
    /// new money. `None` where the establishment is not known.
    pub fn unfunded_shortfall(&self, end: End) -> Option<f64> {
        let unfunded = match end {
            End::Low => self.unfunded_low,
            End::High => self.unfunded_high,
        };
        Some(unfunded?.clamp(0.0, self.shortfall(end)?))
    }
}

/// A population and staff in post read against a standard: the arithmetic that every figure rests on, and what
/// `statistics ros_gap` redoes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// WTE in post.
    pub in_post: Option<f64>,
    /// Need at the upper end of the population range.
    pub need_low: Option<f64>,
    /// Need at the lower end of the population range.
    pub need_high: Option<f64>,
    /// `need_low` − in post.
    pub gap_low: Option<f64>,
    /// `need_high` − in post.
    pub gap_high: Option<f64>,
    /// In post ÷ `need_high`.
    pub cover_low: Option<f64>,
    /// In post ÷ `need_low`.
    pub cover_high: Option<f64>,
    /// Where in post stands against the range.
    pub position: Position,
}

impl Reading {
    /// Reads one role. `population` is `None` where it is missing or not above zero.
    pub fn new(standard: &StaffingStandard, role: Role, population: Option<f64>, in_post: Option<f64>) -> Self {
        let need_low = population.map(|people| standard.need_low(role, people));
        let need_high = population.map(|people| standard.need_high(role, people));
        let cover = |need: Option<f64>| Some(in_post? / need?);
        Self {
            in_post,
            need_low,
            need_high,
            gap_low: difference(need_low, in_post),
            gap_high: difference(need_high, in_post),
            cover_low: cover(need_high),
            cover_high: cover(need_low),
            position: position(in_post, need_low, need_high),
        }
    }
}

/// WTE that come to whole hundredths but for the noise of adding, as just those.
pub(super) fn without_noise(wte: f64) -> f64 {
    let hundredths = (wte * 100.0).round() / 100.0;
    if (hundredths - wte).abs() < 1e-9 { hundredths } else { wte }
}

fn difference(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(a? - b?)
}

/// Where staff in post stand against a range of need.
fn position(in_post: Option<f64>, need_low: Option<f64>, need_high: Option<f64>) -> Position {
    match (in_post, need_low, need_high) {
        (Some(present), Some(low), _) if present < low => Position::Below,
        (Some(present), _, Some(high)) if present >= high => Position::Meets,
        (Some(_), Some(_), Some(_)) => Position::Within,
        _ => Position::Missing,
    }
}

/// One service on one basis.
#[derive(Debug, Clone, PartialEq)]
pub struct GapRow {
    /// Unit code of the service.
    pub service: String,
    /// Name of the service.
    pub name: String,
    /// The area in which it counts, at the geography of the report; `None` where its area is not in that tree.
    pub area: Option<String>,
    /// Audit year.
    pub year: i32,
    /// Which population the need rests on.
    pub basis: Basis,
    /// Whether the gap can be computed.
    pub status: GapStatus,
    /// The population on this basis; absent where missing or not above zero.
    pub population: Option<BasisPopulation>,
    /// The all-ages population as reported, which an estimate starts from.
    pub population_all_ages: Option<i64>,
    /// The population aged 50 and over as reported.
    pub population_50_plus: Option<i64>,
    /// Nurses.
    pub nurses: RoleGap,
    /// Administrators.
    pub administrators: RoleGap,
}

impl GapRow {
    /// The figures of one role.
    pub fn role(&self, role: Role) -> &RoleGap {
        match role {
            Role::Nurse => &self.nurses,
            Role::Administrator => &self.administrators,
        }
    }
}

/// The service that a gap is computed for.
#[derive(Debug, Clone, Copy)]
pub struct GapSubject<'a> {
    /// Unit code.
    pub code: &'a str,
    /// Name.
    pub name: &'a str,
    /// Area at the report's geography.
    pub area: Option<&'a str>,
    /// Audit year.
    pub year: i32,
}

/// The gap of one service on one basis. `facts` is `None` where it submitted no answers; `share` is that of its host
/// area, used where the service did not report its population aged 50 and over.
pub fn service_gap(
    standard: &StaffingStandard,
    subject: GapSubject<'_>,
    basis: Basis,
    facts: Option<&StaffingFacts>,
    share: Option<&AreaShare>,
) -> GapRow {
    let answered = facts.copied().unwrap_or_default();
    let given = population_on(basis, &answered, share);
    let positive = given.clone().filter(|population| population.people > 0.0);
    let no_staffing = answered.nurses.in_post.is_none() && answered.administrators.in_post.is_none();
    let status = match (facts, &given, &positive) {
        (None, _, _) => GapStatus::NoResponse,
        (_, None, _) => GapStatus::PopulationMissing,
        (_, _, None) => GapStatus::PopulationNotPositive,
        _ if no_staffing => GapStatus::StaffingMissing,
        _ => GapStatus::Ok,
    };
    let people = positive.as_ref().map(|population| population.people);
    let role_gap = |role| RoleGap::new(standard, role, people, answered.role(role));
    GapRow {
        service: subject.code.to_owned(),
        name: subject.name.to_owned(),
        area: subject.area.map(ToOwned::to_owned),
        year: subject.year,
        basis,
        status,
        population_all_ages: answered.population_all_ages,
        population_50_plus: answered.population_50_plus,
        nurses: role_gap(Role::Nurse),
        administrators: role_gap(Role::Administrator),
        population: positive,
    }
}

/// The population on a basis, before it is known to be above zero.
#[expect(clippy::cast_precision_loss, reason = "populations are far below 2^52")]
pub fn population_on(basis: Basis, facts: &StaffingFacts, share: Option<&AreaShare>) -> Option<BasisPopulation> {
    let reported = |people: i64| BasisPopulation { people: people as f64, estimated_with: None };
    match (basis, facts.population_50_plus) {
        (Basis::AsReported, _) => facts.population_all_ages.map(reported),
        (Basis::Aged50Plus, Some(people)) => Some(reported(people)),
        (Basis::Aged50Plus, None) => {
            let people = facts.population_all_ages? as f64 * share?.share;
            Some(BasisPopulation { people, estimated_with: share.cloned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::workforce::standard::Basis;

    fn ros() -> StaffingStandard {
        StaffingStandard {
            id: "ros".into(),
            name: "ROS".into(),
            nurse_wte: 1.0,
            administrator_wte: 0.5,
            population_low: 40_000.0,
            population_high: 46_000.0,
            source: String::new(),
            bases: Basis::ALL.to_vec(),
            basis_note: String::new(),
            not_known: Vec::new(),
            valid_from: None,
            valid_to: None,
        }
    }

    fn staffing(in_post: i64, establishment: Option<i64>) -> RoleStaffing {
        RoleStaffing {
            in_post: Some(Hundredths(in_post)),
            establishment: establishment.map(Hundredths),
            reported_vacant: None,
        }
    }

    /// The worked arithmetic on the averages of the January 2023 report: population, nurse and administrator WTE, then
    /// need, gap and cover of each as printed there.
    #[test]
    fn worked_figures_of_the_standard() {
        let cases = [
            (494_945.0, (159, 45), (10.76, 12.37, 9.17, 10.78, 12.8, 14.8), (5.38, 6.19, 4.93, 5.74, 7.3, 8.4)),
            (188_079.0, (159, 45), (4.09, 4.70, 2.50, 3.11, 33.8, 38.9), (2.04, 2.35, 1.59, 1.90, 19.1, 22.0)),
            (391_309.0, (133, 42), (8.51, 9.78, 7.18, 8.45, 13.6, 15.6), (4.25, 4.89, 3.83, 4.47, 8.6, 9.9)),
            (148_697.0, (133, 42), (3.23, 3.72, 1.90, 2.39, 35.8, 41.1), (1.62, 1.86, 1.20, 1.44, 22.6, 26.0)),
        ];
        for (population, (nurses, administrators), nurse_figures, administrator_figures) in cases {
            for (role, wte, (need_low, need_high, gap_low, gap_high, cover_low, cover_high)) in
                [(Role::Nurse, nurses, nurse_figures), (Role::Administrator, administrators, administrator_figures)]
            {
                let gap = RoleGap::new(&ros(), role, Some(population), staffing(wte, None));
                let near = |value: Option<f64>, printed: f64, half: f64| {
                    assert!(
                        (value.unwrap() - printed).abs() <= half,
                        "{role:?} of {population}: {value:?} for {printed}"
                    );
                };
                near(gap.need_low, need_low, 0.005);
                near(gap.need_high, need_high, 0.005);
                near(gap.gap_low, gap_low, 0.005);
                near(gap.gap_high, gap_high, 0.005);
                near(gap.cover_low.map(|cover| cover * 100.0), cover_low, 0.05);
                near(gap.cover_high.map(|cover| cover * 100.0), cover_high, 0.05);
                assert_eq!(gap.position, Position::Below);
            }
        }
    }

    #[test]
    fn positions_at_the_edges_of_the_range() {
        // 46,000 × 2 people need 2 to 2.3 nurses.
        for (wte, expected) in
            [(199, Position::Below), (200, Position::Within), (229, Position::Within), (230, Position::Meets)]
        {
            let gap = RoleGap::new(&ros(), Role::Nurse, Some(92_000.0), staffing(wte, None));
            assert_eq!(gap.position, expected, "{wte} hundredths");
        }
    }

    #[test]
    fn what_is_missing_stays_missing() {
        let facts =
            StaffingFacts { population_all_ages: Some(100_000), nurses: staffing(0, None), ..StaffingFacts::default() };
        let subject = GapSubject { code: "FLS001", name: "One", area: None, year: 2021 };
        let row = service_gap(&ros(), subject, Basis::AsReported, Some(&facts), None);
        assert_eq!(row.status, GapStatus::Ok);
        assert_eq!(row.nurses.in_post, Some(0.0));
        assert_eq!(row.nurses.cover_low, Some(0.0));
        assert_eq!((row.administrators.in_post, row.administrators.gap_low), (None, None));
        assert_eq!(row.administrators.position, Position::Missing);
        let row = service_gap(&ros(), subject, Basis::Aged50Plus, Some(&facts), None);
        assert_eq!((row.status, row.nurses.need_low), (GapStatus::PopulationMissing, None));
        let row = service_gap(&ros(), subject, Basis::AsReported, None, None);
        assert_eq!((row.status, row.nurses.in_post), (GapStatus::NoResponse, None));
        let nobody = StaffingFacts { population_all_ages: Some(0), ..facts };
        let row = service_gap(&ros(), subject, Basis::AsReported, Some(&nobody), None);
        assert_eq!((row.status, row.nurses.need_low), (GapStatus::PopulationNotPositive, None));
        let unstaffed = StaffingFacts { nurses: RoleStaffing::default(), ..facts };
        let row = service_gap(&ros(), subject, Basis::AsReported, Some(&unstaffed), None);
        assert_eq!((row.status, row.nurses.gap_low), (GapStatus::StaffingMissing, None));
    }

    proptest! {
        #[test]
        fn the_gap_is_what_was_never_funded_and_what_is_vacant(
            population in 1.0..5_000_000.0f64, in_post in 0..2_500i64, establishment in 0..2_500i64
        ) {
            for role in Role::ALL {
                let gap = RoleGap::new(&ros(), role, Some(population), staffing(in_post, Some(establishment)));
                let vacant = gap.vacant.unwrap();
                for (whole, unfunded) in [(gap.gap_low, gap.unfunded_low), (gap.gap_high, gap.unfunded_high)] {
                    prop_assert!((whole.unwrap() - (unfunded.unwrap() + vacant)).abs() < 1e-9);
                }
                prop_assert!(gap.need_low <= gap.need_high && gap.cover_low <= gap.cover_high);
                let position = gap.position;
                prop_assert_eq!(position == Position::Below, gap.gap_low.unwrap() > 0.0);
                prop_assert_eq!(position == Position::Meets, gap.gap_high.unwrap() <= 0.0);
            }
        }
    }
}
