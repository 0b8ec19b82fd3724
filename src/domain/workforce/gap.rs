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
        let both = |a: Option<f64>, b: Option<f64>, f: fn(f64, f64) -> f64| Some(f(a?, b?));
        let difference = |a, b| both(a, b, |a, b| a - b);
        let ratio = |a, b| both(a, b, |a, b| a / b);
        let in_post = staffing.in_post.map(Hundredths::as_f64);
        let establishment = staffing.establishment.map(Hundredths::as_f64);
        let vacant = match (staffing.establishment, staffing.in_post) {
            (Some(funded), Some(present)) => Some((funded - present).as_f64()),
            _ => None,
        };
        let need_low = population.map(|people| standard.need_low(role, people));
        let need_high = population.map(|people| standard.need_high(role, people));
        let position = match (in_post, need_low, need_high) {
            (Some(present), Some(low), _) if present < low => Position::Below,
            (Some(present), _, Some(high)) if present >= high => Position::Meets,
            (Some(_), Some(_), Some(_)) => Position::Within,
            _ => Position::Missing,
        };
        Self {
            in_post,
            establishment,
            vacant,
            reported_vacant: staffing.reported_vacant.map(Hundredths::as_f64),
            need_low,
            need_high,
            gap_low: difference(need_low, in_post),
            gap_high: difference(need_high, in_post),
            unfunded_low: difference(need_low, establishment),
            unfunded_high: difference(need_high, establishment),
            cover_low: ratio(in_post, need_high),
            cover_high: ratio(in_post, need_low),
            position,
        }
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
        nurses: role_gap(Role::Nurse),
        administrators: role_gap(Role::Administrator),
        population: positive,
    }
}

/// The population on a basis, before it is known to be above zero.
#[expect(clippy::cast_precision_loss, reason = "populations are far below 2^52")]
fn population_on(basis: Basis, facts: &StaffingFacts, share: Option<&AreaShare>) -> Option<BasisPopulation> {
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
