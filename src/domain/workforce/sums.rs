//! Sums of gaps over the services of an area.
//!
//! Two sums, because they answer two questions: the *net gap* lets a surplus offset a shortage (what the area as a
//! whole lacks), the *shortfall* does not (what the short services lack: a surplus next door treats nobody). Both are
//! sums over services, never averages of averages, and carry how many services they count and how many they miss.

use super::gap::{End, GapRow, GapStatus, Position, without_noise};
use super::standard::{Basis, Role, StaffingStandard};

/// The sums of one role over the services where need and in post are both known. WTE.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RoleSum {
    /// Services that these sums count.
    pub services_counted: usize,
    /// Services of the area that they miss.
    pub services_missing: usize,
    /// WTE in post.
    pub in_post: f64,
    /// Lowest need.
    pub need_low: f64,
    /// Highest need.
    pub need_high: f64,
    /// Sum of the signed gaps at the lowest need.
    pub net_gap_low: f64,
    /// Sum of the signed gaps at the highest need.
    pub net_gap_high: f64,
    /// Sum of the positive gaps at the lowest need.
    pub shortfall_low: f64,
    /// Sum of the positive gaps at the highest need.
    pub shortfall_high: f64,
    /// Services below the range.
    pub below: usize,
    /// Services within the range.
    pub within: usize,
    /// Services at or above the range.
    pub meets: usize,
    /// The split of the gap, over the counted services that also gave their establishment.
    pub split: SplitSum,
}

/// Unfunded and vacant WTE over the services that gave their establishment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SplitSum {
    /// Services that gave it.
    pub services: usize,
    /// Funded WTE.
    pub establishment: f64,
    /// Lowest need − establishment.
    pub unfunded_low: f64,
    /// Highest need − establishment.
    pub unfunded_high: f64,
    /// Establishment − in post.
    pub vacant: f64,
    /// Sum of the shortfalls of these services at the lowest need.
    pub shortfall_low: f64,
    /// Sum of the shortfalls of these services at the highest need.
    pub shortfall_high: f64,
    /// The part of `shortfall_low` for which no funded post stands vacant.
    pub unfunded_shortfall_low: f64,
    /// The part of `shortfall_high` for which no funded post stands vacant.
    pub unfunded_shortfall_high: f64,
}

impl RoleSum {
    /// Sums one role over the rows of an area (all of one basis).
    pub fn over<'a>(rows: impl IntoIterator<Item = &'a GapRow>, role: Role) -> Self {
        let mut sum = Self::default();
        for row in rows {
            sum.add(row, role);
        }
        sum
    }

    fn add(&mut self, row: &GapRow, role: Role) {
        let gap = row.role(role);
        let known = (gap.in_post, gap.need_low, gap.need_high, gap.gap_low, gap.gap_high);
        let (Some(in_post), Some(need_low), Some(need_high), Some(gap_low), Some(gap_high)) = known else {
            self.services_missing += 1;
            return;
        };
        self.services_counted += 1;
        self.in_post = add_wte(self.in_post, in_post);
        self.need_low += need_low;
        self.need_high += need_high;
        self.net_gap_low += gap_low;
        self.net_gap_high += gap_high;
        self.shortfall_low += gap_low.max(0.0);
        self.shortfall_high += gap_high.max(0.0);
        match gap.position {
            Position::Below => self.below += 1,
            Position::Within => self.within += 1,
            Position::Meets => self.meets += 1,
            Position::Missing => {}
        }
        if let (Some(establishment), Some(low), Some(high), Some(vacant)) =
            (gap.establishment, gap.unfunded_low, gap.unfunded_high, gap.vacant)
        {
            self.split.services += 1;
            self.split.establishment = add_wte(self.split.establishment, establishment);
            self.split.unfunded_low += low;
            self.split.unfunded_high += high;
            self.split.vacant = add_wte(self.split.vacant, vacant);
            let known = |wte: Option<f64>| wte.unwrap_or_default();
            self.split.shortfall_low += known(gap.shortfall(End::Low));
            self.split.shortfall_high += known(gap.shortfall(End::High));
            self.split.unfunded_shortfall_low += known(gap.unfunded_shortfall(End::Low));
            self.split.unfunded_shortfall_high += known(gap.unfunded_shortfall(End::High));
        }
    }
}

/// The sum of two WTE: those that were answered are whole hundredths, so that many of them add up without noise.
fn add_wte(a: f64, b: f64) -> f64 {
    without_noise(a + b)
}

/// Lowest and highest need of a whole area's population, WTE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeedRange {
    /// At the upper end of the population range.
    pub low: f64,
    /// At the lower end of the population range.
    pub high: f64,
}

/// Hospitals of an area that no service covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnmappedHospitals {
    /// How many there are.
    pub hospitals: usize,
    /// The expected cases of those whose hip fractures are known: caseload multiplier × hip fractures.
    pub expected_cases: i64,
    /// How many of them have no hip-fracture figure for the year.
    pub without_figure: usize,
}

impl UnmappedHospitals {
    /// Adds another set of hospitals.
    pub fn add(&mut self, other: Self) {
        self.hospitals += other.hospitals;
        self.expected_cases += other.expected_cases;
        self.without_figure += other.without_figure;
    }
}

/// What kind of area a sum is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SumKind {
    /// Every service of the report.
    All,
    /// An area of the tree.
    Area(crate::domain::area::AreaKind),
}

impl SumKind {
    /// The word used in the API and in workbooks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Area(kind) => kind.as_str(),
        }
    }

    /// The word used on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Area(kind) => kind.label(),
        }
    }
}

/// The sums of one area on one basis.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaGap {
    /// Code of the area; `all` for the sum over everything in the report.
    pub code: String,
    /// Name of the area.
    pub name: String,
    /// What kind of area it is.
    pub kind: SumKind,
    /// The code of the area above it in the report.
    pub parent: Option<String>,
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Services that lie in the area.
    pub services: usize,
    /// Those of them with status `ok`.
    pub services_counted: usize,
    /// Those of them with any other status.
    pub services_missing: usize,
    /// People served, over the services that gave a population (on this basis, estimates included); `None` where none
    /// did.
    pub population_served: Option<f64>,
    /// Services that `population_served` counts.
    pub population_services: usize,
    /// The whole population of the area on this basis; `None` where any part of it has no figure.
    pub area_population: Option<f64>,
    /// Nurses.
    pub nurses: RoleSum,
    /// Administrators.
    pub administrators: RoleSum,
    /// Nurses that the area's whole population would need.
    pub area_need_nurses: Option<NeedRange>,
    /// Administrators that the area's whole population would need.
    pub area_need_administrators: Option<NeedRange>,
    /// Hospitals that no service covers.
    pub unmapped: UnmappedHospitals,
}

impl AreaGap {
    /// The sums of one role.
    pub fn role(&self, role: Role) -> &RoleSum {
        match role {
            Role::Nurse => &self.nurses,
            Role::Administrator => &self.administrators,
        }
    }

    /// The need of the area's whole population for one role.
    pub fn area_need(&self, role: Role) -> Option<NeedRange> {
        match role {
            Role::Nurse => self.area_need_nurses,
            Role::Administrator => self.area_need_administrators,
        }
    }
}

/// The area that a sum is taken over.
#[derive(Debug, Clone)]
pub struct SumSubject {
    /// Code of the area, or `all`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SumKind,
    /// The area above it.
    pub parent: Option<String>,
    /// Its whole population on the basis of the sum.
    pub population: Option<f64>,
    /// Its hospitals that no service covers.
    pub unmapped: UnmappedHospitals,
}

/// The sums of one area over its rows, all of one basis.
pub fn area_gap(standard: &StaffingStandard, subject: SumSubject, basis: Basis, rows: &[&GapRow]) -> AreaGap {
    let populations: Vec<f64> =
        rows.iter().filter_map(|row| row.population.as_ref()).map(|population| population.people).collect();
    let counted = rows.iter().filter(|row| row.status == GapStatus::Ok).count();
    let need = |role| {
        subject
            .population
            .map(|people| NeedRange { low: standard.need_low(role, people), high: standard.need_high(role, people) })
    };
    AreaGap {
        basis,
        services: rows.len(),
        services_counted: counted,
        services_missing: rows.len() - counted,
        population_served: (!populations.is_empty()).then(|| populations.iter().sum()),
        population_services: populations.len(),
        area_population: subject.population,
        nurses: RoleSum::over(rows.iter().copied(), Role::Nurse),
        administrators: RoleSum::over(rows.iter().copied(), Role::Administrator),
        area_need_nurses: need(Role::Nurse),
        area_need_administrators: need(Role::Administrator),
        unmapped: subject.unmapped,
        code: subject.code,
        name: subject.name,
        kind: subject.kind,
        parent: subject.parent,
    }
}
