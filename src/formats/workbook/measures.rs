//! The sums over services, as formulas over the sheet *Services* and as the report has them.

use super::layout::{NO_FIGURE, Stored, count};
use super::services::{Field, Figure, ServicesSheet};
use super::style::Style;
use crate::domain::workforce::gap::{GapStatus, Position};
use crate::domain::workforce::standard::Role;
use crate::domain::workforce::sums::{AreaGap, RoleSum};

/// A sum over the services of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Services,
    Counted,
    Missing,
    PopulationServed,
    PopulationServices,
    Role(Role, RoleMeasure),
}

/// A sum of one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoleMeasure {
    Counted,
    Missing,
    InPost,
    NeedLow,
    NeedHigh,
    NetGapLow,
    NetGapHigh,
    ShortfallLow,
    ShortfallHigh,
    Below,
    Within,
    Meets,
    SplitServices,
    Establishment,
    UnfundedLow,
    UnfundedHigh,
    Vacant,
}

impl Measure {
    /// Those that are not about a role, in the order in which they are shown.
    pub(super) const GENERAL: [Self; 5] =
        [Self::Services, Self::Counted, Self::Missing, Self::PopulationServed, Self::PopulationServices];

    /// As it stands in a header, after the role's name where it is about a role.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Services => "Services",
            Self::Counted => "Services with a gap",
            Self::Missing => "Services without a gap",
            Self::PopulationServed => "Population served",
            Self::PopulationServices => "Services with a population",
            Self::Role(_, measure) => measure.label(),
        }
    }

    pub(super) fn style(self) -> Style {
        match self {
            Self::Role(_, measure) if !measure.is_count() => Style::Wte,
            _ => Style::Count,
        }
    }

    /// The count of services without which this sum says nothing; `None` for the counts themselves.
    pub(super) fn rests_on(self) -> Option<Self> {
        match self {
            Self::PopulationServed => Some(Self::PopulationServices),
            Self::Role(role, measure) if !measure.is_count() => Some(Self::Role(
                role,
                if measure.is_split() { RoleMeasure::SplitServices } else { RoleMeasure::Counted },
            )),
            _ => None,
        }
    }

    /// What the report has.
    pub(super) fn number(self, sum: &AreaGap) -> f64 {
        match self {
            Self::Services => count(sum.services),
            Self::Counted => count(sum.services_counted),
            Self::Missing => count(sum.services_missing),
            Self::PopulationServed => sum.population_served.unwrap_or_default(),
            Self::PopulationServices => count(sum.population_services),
            Self::Role(role, measure) => measure.number(sum.role(role)),
        }
    }

    /// What the cell holds: the number, or a word where it rests on no service at all.
    pub(super) fn stored(self, sum: &AreaGap) -> Stored<'static> {
        match self.rests_on() {
            Some(services) if services.number(sum) == 0.0 => Stored::Word(NO_FIGURE),
            _ => Stored::Number(self.number(sum)),
        }
    }

    /// The formula over the rows of `scope`. `counted` is the cell of the count that this sum rests on.
    pub(super) fn formula(self, services: &ServicesSheet, scope: &Scope, counted: Option<&str>) -> String {
        let sum = self.sum(services, &scope.criteria);
        match counted {
            Some(cell) => format!("=IF({cell}=0,\"{}\",{sum})", services.word(NO_FIGURE)),
            None => format!("={sum}"),
        }
    }

    fn sum(self, services: &ServicesSheet, scope: &str) -> String {
        let status = || services.range(Field::Status);
        let ok = services.word(GapStatus::Ok.as_str());
        match self {
            Self::Services => format!("COUNTIFS({scope})"),
            Self::Counted => format!("COUNTIFS({scope},{},\"{ok}\")", status()),
            Self::Missing => format!("COUNTIFS({scope},{},\"<>{ok}\")", status()),
            Self::PopulationServed => format!("SUMIFS({},{scope})", services.range(Field::Population)),
            Self::PopulationServices => format!("COUNTIFS({scope},{},\">0\")", services.range(Field::Population)),
            Self::Role(role, measure) => measure.sum(services, scope, role),
        }
    }
}

impl RoleMeasure {
    /// In the order in which they are shown.
    pub(super) const ALL: [Self; 17] = [
        Self::Counted,
        Self::Missing,
        Self::InPost,
        Self::NeedLow,
        Self::NeedHigh,
        Self::NetGapLow,
        Self::NetGapHigh,
        Self::ShortfallLow,
        Self::ShortfallHigh,
        Self::Below,
        Self::Within,
        Self::Meets,
        Self::SplitServices,
        Self::Establishment,
        Self::UnfundedLow,
        Self::UnfundedHigh,
        Self::Vacant,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Counted => "services counted",
            Self::Missing => "services missing",
            Self::InPost => "in post",
            Self::NeedLow => "need low",
            Self::NeedHigh => "need high",
            Self::NetGapLow => "net gap low",
            Self::NetGapHigh => "net gap high",
            Self::ShortfallLow => "shortfall low",
            Self::ShortfallHigh => "shortfall high",
            Self::Below => "services below",
            Self::Within => "services within",
            Self::Meets => "services that meet it",
            Self::SplitServices => "services with an establishment",
            Self::Establishment => "establishment",
            Self::UnfundedLow => "unfunded low",
            Self::UnfundedHigh => "unfunded high",
            Self::Vacant => "vacant",
        }
    }

    fn is_count(self) -> bool {
        matches!(self, Self::Counted | Self::Missing | Self::Below | Self::Within | Self::Meets | Self::SplitServices)
    }

    fn is_split(self) -> bool {
        matches!(self, Self::Establishment | Self::UnfundedLow | Self::UnfundedHigh | Self::Vacant)
    }

    fn number(self, sum: &RoleSum) -> f64 {
        match self {
            Self::Counted => count(sum.services_counted),
            Self::Missing => count(sum.services_missing),
            Self::InPost => sum.in_post,
            Self::NeedLow => sum.need_low,
            Self::NeedHigh => sum.need_high,
            Self::NetGapLow => sum.net_gap_low,
            Self::NetGapHigh => sum.net_gap_high,
            Self::ShortfallLow => sum.shortfall_low,
            Self::ShortfallHigh => sum.shortfall_high,
            Self::Below => count(sum.below),
            Self::Within => count(sum.within),
            Self::Meets => count(sum.meets),
            Self::SplitServices => count(sum.split.services),
            Self::Establishment => sum.split.establishment,
            Self::UnfundedLow => sum.split.unfunded_low,
            Self::UnfundedHigh => sum.split.unfunded_high,
            Self::Vacant => sum.split.vacant,
        }
    }

    fn sum(self, services: &ServicesSheet, scope: &str, role: Role) -> String {
        let range = |figure| services.range(Field::Figure(role, figure));
        let position = range(Figure::Position);
        let word = |position: Position| services.word(position.as_str());
        let missing = word(Position::Missing);
        // A role's position is missing exactly where its need or its staff in post is; such a service is in no sum.
        let known = format!("{scope},{position},\"<>{missing}\"");
        let at = |position_is: Position| format!("COUNTIFS({scope},{position},\"{}\")", word(position_is));
        let total = |figure| format!("SUMIFS({},{known})", range(figure));
        let short = |figure| format!("SUMIFS({0},{known},{0},\">0\")", range(figure));
        let establishment = range(Figure::Establishment);
        // Blank is not known, so `<>` (anything at all) keeps a service with an establishment of 0.
        let funded = |figure| format!("SUMIFS({},{known},{establishment},\"<>\")", range(figure));
        match self {
            Self::Counted => format!("COUNTIFS({known})"),
            Self::Missing => at(Position::Missing),
            Self::InPost => total(Figure::InPost),
            Self::NeedLow => total(Figure::NeedLow),
            Self::NeedHigh => total(Figure::NeedHigh),
            Self::NetGapLow => total(Figure::GapLow),
            Self::NetGapHigh => total(Figure::GapHigh),
            Self::ShortfallLow => short(Figure::GapLow),
            Self::ShortfallHigh => short(Figure::GapHigh),
            Self::Below => at(Position::Below),
            Self::Within => at(Position::Within),
            Self::Meets => at(Position::Meets),
            Self::SplitServices => format!("COUNTIFS({known},{establishment},\"<>\")"),
            Self::Establishment => funded(Figure::Establishment),
            Self::UnfundedLow => funded(Figure::UnfundedLow),
            Self::UnfundedHigh => funded(Figure::UnfundedHigh),
            Self::Vacant => funded(Figure::Vacant),
        }
    }
}

/// Which rows of *Services* a sum is over.
#[derive(Debug)]
pub(super) struct Scope {
    /// As the criteria of a formula.
    criteria: String,
}

impl Scope {
    /// The rows of a basis, which stands in a cell, and of an area: the column in which its code stands, and the cell that
    /// holds the code; `None` for all services.
    pub(super) fn new(services: &ServicesSheet, basis: &str, area: Option<(Field, &str)>) -> Self {
        let mut criteria = format!("{},{basis}", services.range(Field::Basis));
        if let Some((field, cell)) = area {
            criteria.push_str(&format!(",{},{cell}", services.range(field)));
        }
        Self { criteria }
    }
}
