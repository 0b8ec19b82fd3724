//! The staffing gap as the API shows it. Nothing is rounded.

use chrono::NaiveDate;
use poem_openapi::{Enum, Object};

use super::kpi_shapes::QuotedCut;
use super::workforce::{Basis, StaffingStandard};
use crate::domain::workforce::standard::Role;
use crate::domain::workforce::{gap, sums};

/// Whether a service's gap can be computed, and if not, why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum GapStatus {
    /// There is a population and staffing of at least one role.
    Ok,
    /// No answers submitted.
    NoResponse,
    /// No population given, and none to estimate.
    PopulationMissing,
    /// No staffing of either role given.
    StaffingMissing,
    /// The population is zero or less.
    PopulationNotPositive,
}

impl From<gap::GapStatus> for GapStatus {
    fn from(status: gap::GapStatus) -> Self {
        match status {
            gap::GapStatus::Ok => Self::Ok,
            gap::GapStatus::NoResponse => Self::NoResponse,
            gap::GapStatus::PopulationMissing => Self::PopulationMissing,
            gap::GapStatus::StaffingMissing => Self::StaffingMissing,
            gap::GapStatus::PopulationNotPositive => Self::PopulationNotPositive,
        }
    }
}

/// Where a role's staff in post stand against the recommended range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Position {
    /// Under the lowest need.
    Below,
    /// In the range, under its upper end.
    Within,
    /// The highest need or more.
    Meets,
    /// Need or in post is not known.
    Missing,
}

impl From<gap::Position> for Position {
    fn from(position: gap::Position) -> Self {
        match position {
            gap::Position::Below => Self::Below,
            gap::Position::Within => Self::Within,
            gap::Position::Meets => Self::Meets,
            gap::Position::Missing => Self::Missing,
        }
    }
}

/// One role of one service on one basis: WTE, cover as a ratio (1 is as recommended). A positive gap is a shortage; it
/// splits exactly into unfunded and vacant. What is not known is absent, never 0.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RoleGap {
    /// WTE in post.
    pub in_post: Option<f64>,
    /// Funded WTE.
    pub establishment: Option<f64>,
    /// Establishment − in post.
    pub vacant: Option<f64>,
    /// What the service itself says is vacant.
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

impl From<&gap::RoleGap> for RoleGap {
    fn from(gap: &gap::RoleGap) -> Self {
        Self {
            in_post: gap.in_post,
            establishment: gap.establishment,
            vacant: gap.vacant,
            reported_vacant: gap.reported_vacant,
            need_low: gap.need_low,
            need_high: gap.need_high,
            gap_low: gap.gap_low,
            gap_high: gap.gap_high,
            unfunded_low: gap.unfunded_low,
            unfunded_high: gap.unfunded_high,
            cover_low: gap.cover_low,
            cover_high: gap.cover_high,
            position: gap.position.into(),
        }
    }
}

/// One service on one basis.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct GapRow {
    /// Unit code of the service.
    pub service: String,
    /// Name of the service.
    pub name: String,
    /// The area in which it counts, at the geography of the report; absent where its area is not in that tree.
    pub area: Option<String>,
    /// Audit year.
    pub year: i32,
    /// Which population the need rests on.
    pub basis: Basis,
    /// Whether the gap can be computed.
    pub status: GapStatus,
    /// The population on this basis.
    pub population: Option<f64>,
    /// The population is estimated from the share of the area rather than reported.
    pub estimated: Option<bool>,
    /// Nurses.
    pub nurses: RoleGap,
    /// Administrators.
    pub administrators: RoleGap,
}

impl From<&gap::GapRow> for GapRow {
    fn from(row: &gap::GapRow) -> Self {
        Self {
            service: row.service.clone(),
            name: row.name.clone(),
            area: row.area.clone(),
            year: row.year,
            basis: row.basis.into(),
            status: row.status.into(),
            population: row.population.as_ref().map(|population| population.people),
            estimated: row.population.as_ref().map(|population| population.estimated_with.is_some()),
            nurses: (&row.nurses).into(),
            administrators: (&row.administrators).into(),
        }
    }
}

/// The split of a gap, over the services that gave their establishment. Over none of them there are no sums.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct SplitSum {
    /// Services that gave it.
    pub services: u64,
    /// Funded WTE.
    pub establishment: Option<f64>,
    /// Lowest need − establishment.
    pub unfunded_low: Option<f64>,
    /// Highest need − establishment.
    pub unfunded_high: Option<f64>,
    /// Establishment − in post.
    pub vacant: Option<f64>,
}

/// The sums of one role over the services of an area. The net gap lets a surplus offset a shortage, the shortfall does
/// not: a surplus next door treats nobody. Over no service there are no sums.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RoleSum {
    /// Services that the sums count.
    pub services_counted: u64,
    /// Services of the area that they miss.
    pub services_missing: u64,
    /// WTE in post.
    pub in_post: Option<f64>,
    /// Lowest need.
    pub need_low: Option<f64>,
    /// Highest need.
    pub need_high: Option<f64>,
    /// Sum of the signed gaps at the lowest need.
    pub net_gap_low: Option<f64>,
    /// Sum of the signed gaps at the highest need.
    pub net_gap_high: Option<f64>,
    /// Sum of the positive gaps at the lowest need.
    pub shortfall_low: Option<f64>,
    /// Sum of the positive gaps at the highest need.
    pub shortfall_high: Option<f64>,
    /// Services below the range.
    pub below: u64,
    /// Services within the range.
    pub within: u64,
    /// Services at or above the range.
    pub meets: u64,
    /// Unfunded and vacant.
    pub split: SplitSum,
    /// Lowest need of the area's whole population.
    pub area_need_low: Option<f64>,
    /// Highest need of the area's whole population.
    pub area_need_high: Option<f64>,
}

impl RoleSum {
    fn new(sum: &sums::RoleSum, area_need: Option<sums::NeedRange>) -> Self {
        let counted = |wte: f64| (sum.services_counted > 0).then_some(wte);
        let split = |wte: f64| (sum.split.services > 0).then_some(wte);
        Self {
            services_counted: count(sum.services_counted),
            services_missing: count(sum.services_missing),
            in_post: counted(sum.in_post),
            need_low: counted(sum.need_low),
            need_high: counted(sum.need_high),
            net_gap_low: counted(sum.net_gap_low),
            net_gap_high: counted(sum.net_gap_high),
            shortfall_low: counted(sum.shortfall_low),
            shortfall_high: counted(sum.shortfall_high),
            below: count(sum.below),
            within: count(sum.within),
            meets: count(sum.meets),
            split: SplitSum {
                services: count(sum.split.services),
                establishment: split(sum.split.establishment),
                unfunded_low: split(sum.split.unfunded_low),
                unfunded_high: split(sum.split.unfunded_high),
                vacant: split(sum.split.vacant),
            },
            area_need_low: area_need.map(|need| need.low),
            area_need_high: area_need.map(|need| need.high),
        }
    }
}

/// A number of things.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Hospitals of an area that no service covers.
#[derive(Debug, Clone, Object)]
pub struct UnmappedHospitals {
    /// How many there are.
    pub hospitals: u64,
    /// The expected cases of those whose hip fractures are known.
    pub expected_cases: i64,
    /// How many of them have no hip-fracture figure for the year.
    pub without_figure: u64,
}

/// What a sum is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SumKind {
    /// Every service of the report.
    All,
    /// A nation.
    Nation,
    /// A region.
    Region,
    /// An integrated care board.
    Icb,
    /// A health board.
    HealthBoard,
}

impl From<sums::SumKind> for SumKind {
    fn from(kind: sums::SumKind) -> Self {
        use crate::domain::area::AreaKind;
        match kind {
            sums::SumKind::All => Self::All,
            sums::SumKind::Area(AreaKind::Nation) => Self::Nation,
            sums::SumKind::Area(AreaKind::Region) => Self::Region,
            sums::SumKind::Area(AreaKind::Icb) => Self::Icb,
            sums::SumKind::Area(AreaKind::HealthBoard) => Self::HealthBoard,
        }
    }
}

/// The sums of one area on one basis. A service counts in its host area alone.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AreaGap {
    /// Code of the area; `all` for every service of the report.
    pub code: String,
    /// Name of the area.
    pub name: String,
    /// What the sum is over.
    pub kind: SumKind,
    /// The code of the area above it.
    pub parent: Option<String>,
    /// Which population the needs rest on.
    pub basis: Basis,
    /// Services that lie in the area.
    pub services: u64,
    /// Those of them with status `ok`.
    pub services_counted: u64,
    /// Those of them with any other status.
    pub services_missing: u64,
    /// People served, over the services that gave a population; absent where none did.
    pub population_served: Option<f64>,
    /// Services that `population_served` counts.
    pub population_services: u64,
    /// The whole population of the area on this basis; absent where any part of it has no figure.
    pub area_population: Option<f64>,
    /// Nurses.
    pub nurses: RoleSum,
    /// Administrators.
    pub administrators: RoleSum,
    /// Hospitals that no service covers.
    pub unmapped_hospitals: UnmappedHospitals,
}

impl From<&sums::AreaGap> for AreaGap {
    fn from(sum: &sums::AreaGap) -> Self {
        Self {
            code: sum.code.clone(),
            name: sum.name.clone(),
            kind: sum.kind.into(),
            parent: sum.parent.clone(),
            basis: sum.basis.into(),
            services: count(sum.services),
            services_counted: count(sum.services_counted),
            services_missing: count(sum.services_missing),
            population_served: sum.population_served,
            population_services: count(sum.population_services),
            area_population: sum.area_population,
            nurses: RoleSum::new(&sum.nurses, sum.area_need(Role::Nurse)),
            administrators: RoleSum::new(&sum.administrators, sum.area_need(Role::Administrator)),
            unmapped_hospitals: UnmappedHospitals {
                hospitals: count(sum.unmapped.hospitals),
                expected_cases: sum.unmapped.expected_cases,
                without_figure: count(sum.unmapped.without_figure),
            },
        }
    }
}

/// Where there are figures, for a query that found none.
#[derive(Debug, Clone, Object)]
pub struct Available {
    /// Audit years with services in what was asked for.
    pub years: Vec<i32>,
    /// Areas with services in the year that was asked for.
    pub areas: Vec<String>,
}

/// The gap report of one round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct GapList {
    /// What holds on every reading, for how many services.
    pub statement: String,
    /// The round under all its names.
    pub round: String,
    /// The day whose area tree groups the services.
    pub geography_as_at: NaiveDate,
    /// The day of the newest answer that counts; of a data cut the day on which it was made.
    pub data_as_at: Option<NaiveDate>,
    /// The data cut that it was asked of; absent where it is of the data as they stand now.
    pub cut: Option<QuotedCut>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The area that the report is limited to.
    pub area: Option<String>,
    /// What the needs are measured by.
    pub standard: StaffingStandard,
    /// A row for each service and basis, sorted by service, then basis.
    pub items: Vec<GapRow>,
    /// The sums of the whole report, not of one page: everything first, then nations, regions, ICBs and health boards.
    pub areas: Vec<AreaGap>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
    /// With no items: where there are some.
    pub available: Option<Available>,
}
