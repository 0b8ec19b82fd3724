//! Areas: a tree of nations, regions, integrated care boards (ICBs) and health boards, each with the dates between
//! which it exists and the area that succeeds it.
//!
//! Services and hospitals name one area; how they group depends on the date at which the tree is read. ICBs began on
//! 1 July 2022, after both published rounds, so a grouping always says which date's tree it used.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;

/// What kind of area it is, from the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaKind {
    /// England, Wales, Northern Ireland, Scotland.
    Nation,
    /// An NHS England region.
    Region,
    /// An integrated care board, or the partnership that came before it under the same code.
    Icb,
    /// A Welsh health board, or a health and social care trust of Northern Ireland.
    HealthBoard,
}

impl AreaKind {
    /// The word used in files, storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Region => "region",
            Self::Icb => "icb",
            Self::HealthBoard => "health_board",
        }
    }

    /// The word used on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nation => "Nation",
            Self::Region => "Region",
            Self::Icb => "ICB",
            Self::HealthBoard => "Health board",
        }
    }
}

impl fmt::Display for AreaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AreaKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Nation, Self::Region, Self::Icb, Self::HealthBoard]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a kind of area (nation, region, icb, health_board)"))
    }
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// ODS or ONS code, such as `QHG`, `Y61`, `7A4`, `E92000001`.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// What kind of area it is.
    pub kind: AreaKind,
    /// The area it lies in; a nation lies in none.
    pub parent_code: Option<String>,
    /// First day, where it is known to have begun.
    pub valid_from: Option<NaiveDate>,
    /// Last day, where it has ended.
    pub valid_to: Option<NaiveDate>,
    /// The area that took over.
    pub successor_code: Option<String>,
}

impl Area {
    fn has_begun(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on)
    }

    fn has_ended(&self, on: NaiveDate) -> bool {
        self.valid_to.is_some_and(|to| to < on)
    }
}

/// People living in an area in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaPopulation {
    /// The year of the estimate.
    pub year: i32,
    /// People of all ages.
    pub all_ages: i64,
    /// People aged 50 and over.
    pub aged_50_plus: i64,
}

impl AreaPopulation {
    /// The people of two areas together; the year is that of the older estimate.
    pub fn plus(self, other: Self) -> Self {
        Self {
            year: self.year.min(other.year),
            all_ages: self.all_ages + other.all_ages,
            aged_50_plus: self.aged_50_plus + other.aged_50_plus,
        }
    }

    /// The share of people aged 50 and over, 0 to 1; `None` for an empty area.
    #[expect(clippy::cast_precision_loss, reason = "populations are far below 2^52")]
    pub fn share_50_plus(self) -> Option<f64> {
        (self.all_ages > 0).then(|| self.aged_50_plus as f64 / self.all_ages as f64)
    }
}

/// All areas with their populations, read as the tree stood on one day. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AreaTree {
    as_at: NaiveDate,
    areas: Arc<BTreeMap<String, Area>>,
    populations: Arc<BTreeMap<String, Vec<AreaPopulation>>>,
}

/// How many steps up a tree or along successors we follow before calling it a loop.
const DEEPEST: usize = 32;

impl AreaTree {
    /// The tree as at `as_at`, or where `None` as at the newest change on record (the latest first day of any area).
    pub fn new(
        areas: Vec<Area>,
        populations: impl IntoIterator<Item = (String, AreaPopulation)>,
        as_at: Option<NaiveDate>,
    ) -> Self {
        let newest = areas.iter().filter_map(|area| area.valid_from).max();
        let as_at = as_at.or(newest).unwrap_or(NaiveDate::MIN);
        let mut by_area: BTreeMap<String, Vec<AreaPopulation>> = BTreeMap::new();
        for (code, population) in populations {
            by_area.entry(code).or_default().push(population);
        }
        for years in by_area.values_mut() {
            years.sort_by_key(|population| population.year);
        }
        let areas: BTreeMap<String, Area> = areas.into_iter().map(|area| (area.code.clone(), area)).collect();
        Self { as_at, areas: Arc::new(areas), populations: Arc::new(by_area) }
    }

    /// The same areas as they stood on another day; `None`: on this tree's.
    pub fn on(&self, day: Option<NaiveDate>) -> Self {
        Self { as_at: day.unwrap_or(self.as_at), ..self.clone() }
    }

    /// The day whose tree this is.
    pub fn as_at(&self) -> NaiveDate {
        self.as_at
    }

    /// An area by its code, whether or not it exists on the tree's day.
    pub fn get(&self, code: &str) -> Option<&Area> {
        self.areas.get(code)
    }

    /// The areas that exist on the tree's day, sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.areas.values().filter(|area| area.has_begun(self.as_at) && !area.has_ended(self.as_at))
    }

    /// The area in which something filed under `code` lies on the tree's day: the area itself, else its successor (if
    /// it has ended), else its only predecessor or the nearest area above it (if it has not begun).
    pub fn resolve(&self, code: &str) -> Option<&Area> {
        let mut area = self.get(code)?;
        for _ in 0..DEEPEST {
            if area.has_ended(self.as_at) {
                area = self.get(area.successor_code.as_deref()?)?;
            } else if area.has_begun(self.as_at) {
                return Some(area);
            } else {
                area = self.before(area)?;
            }
        }
        None
    }

    /// Where an area lay before it began.
    fn before(&self, area: &Area) -> Option<&Area> {
        let mut predecessors = self.iter().chain(self.areas.values().filter(|a| a.has_ended(self.as_at))).filter(|a| {
            a.successor_code.as_deref() == Some(area.code.as_str())
                && a.has_begun(self.as_at)
                && !a.has_ended(self.as_at)
        });
        match (predecessors.next(), predecessors.next()) {
            (Some(only), None) => Some(only),
            _ => self.get(area.parent_code.as_deref()?),
        }
    }

    /// The area of `code` on the tree's day and every area above it, narrowest first.
    pub fn lineage(&self, code: &str) -> Vec<&Area> {
        let mut lineage = Vec::new();
        let mut next = self.resolve(code);
        while let Some(area) = next {
            if lineage.len() >= DEEPEST {
                break;
            }
            lineage.push(area);
            next = area.parent_code.as_deref().and_then(|parent| self.resolve(parent));
        }
        lineage
    }

    /// The region of England that a code lies in, or its nation where that has no regions.
    pub fn region_of(&self, code: &str) -> Option<&Area> {
        let lineage = self.lineage(code);
        let of = |kind: AreaKind| lineage.iter().find(|area| area.kind == kind).copied();
        of(AreaKind::Region).or_else(|| of(AreaKind::Nation))
    }

    /// True where something filed under `code` lies in `container` or below it on the tree's day.
    pub fn is_within(&self, code: &str, container: &str) -> bool {
        self.lineage(code).iter().any(|area| area.code == container)
    }

    /// The population of an area: its own figure, else the sum of the areas directly below it. Of several years the
    /// latest that is not after `year` (else the earliest there is). `None` where any part has no figure.
    pub fn population(&self, code: &str, year: i32) -> Option<AreaPopulation> {
        self.population_at_depth(code, year, 0)
    }

    fn population_at_depth(&self, code: &str, year: i32, depth: usize) -> Option<AreaPopulation> {
        if let Some(years) = self.populations.get(code) {
            return years.iter().rev().find(|p| p.year <= year).or_else(|| years.first()).copied();
        }
        if depth >= DEEPEST {
            return None;
        }
        let mut parts = self
            .iter()
            .filter(|area| area.parent_code.as_deref() == Some(code))
            .map(|area| self.population_at_depth(&area.code, year, depth + 1));
        let first = parts.next()??;
        parts.try_fold(first, |sum, part| Some(sum.plus(part?)))
    }

    /// The share of people aged 50 and over for something filed under `code`: that of its area, or of the nearest area
    /// above it that has a figure (for a health board without one, its nation).
    pub fn share_50_plus(&self, code: &str, year: i32) -> Option<AreaShare> {
        self.lineage(code).into_iter().find_map(|area| {
            let population = self.population(&area.code, year)?;
            let share = population.share_50_plus()?;
            Some(AreaShare { area_code: area.code.clone(), year: population.year, share })
        })
    }
}

/// The share of an area's people who are aged 50 and over, and where it was taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaShare {
    /// The area whose share it is.
    pub area_code: String,
    /// The year of the population estimate.
    pub year: i32,
    /// 0 to 1.
    pub share: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(
        code: &str,
        kind: AreaKind,
        parent: Option<&str>,
        from: Option<&str>,
        to: Option<&str>,
        next: Option<&str>,
    ) -> Area {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        Area {
            code: code.into(),
            name: format!("Area {code}"),
            kind,
            parent_code: parent.map(Into::into),
            valid_from: from.map(day),
            valid_to: to.map(day),
            successor_code: next.map(Into::into),
        }
    }

    fn areas() -> Vec<Area> {
        vec![
            area("E", AreaKind::Nation, None, None, None, None),
            area("Y1", AreaKind::Region, Some("E"), None, None, None),
            area("QA", AreaKind::Icb, Some("Y1"), Some("2022-07-01"), Some("2026-03-31"), Some("QC")),
            area("QB", AreaKind::Icb, Some("Y1"), Some("2022-07-01"), Some("2026-03-31"), Some("QC")),
            area("QC", AreaKind::Icb, Some("Y1"), Some("2026-04-01"), None, None),
            area("W", AreaKind::Nation, None, None, None, None),
            area("7A", AreaKind::HealthBoard, Some("W"), None, None, None),
        ]
    }

    fn tree(as_at: Option<&str>) -> AreaTree {
        let population =
            |code: &str, year, all, old| (code.to_owned(), AreaPopulation { year, all_ages: all, aged_50_plus: old });
        AreaTree::new(
            areas(),
            [
                population("QA", 2021, 100, 40),
                population("QB", 2021, 300, 100),
                population("QC", 2021, 400, 140),
                population("QA", 2019, 90, 30),
            ],
            as_at.map(|day| day.parse().unwrap()),
        )
    }

    #[test]
    fn a_merged_area_is_followed_to_its_successor() {
        assert_eq!(tree(Some("2026-05-01")).resolve("QA").unwrap().code, "QC");
        assert_eq!(tree(Some("2023-01-01")).resolve("QA").unwrap().code, "QA");
    }

    #[test]
    fn before_an_area_began_its_services_lie_in_the_area_above() {
        assert_eq!(tree(Some("2021-12-31")).resolve("QA").unwrap().code, "Y1");
        // two predecessors: none of them can be chosen
        assert_eq!(tree(Some("2023-01-01")).resolve("QC").unwrap().code, "Y1");
    }

    #[test]
    fn the_default_is_the_newest_tree() {
        assert_eq!(tree(None).as_at(), "2026-04-01".parse().unwrap());
        assert!(tree(None).is_within("QA", "E"));
        assert!(!tree(None).is_within("7A", "E"));
    }

    #[test]
    fn populations_add_up_the_tree_and_are_missing_where_a_part_is() {
        let tree = tree(Some("2023-01-01"));
        assert_eq!(tree.population("E", 2021), Some(AreaPopulation { year: 2021, all_ages: 400, aged_50_plus: 140 }));
        assert_eq!(tree.population("W", 2021), None);
        assert_eq!(tree.population("QA", 2020).unwrap().year, 2019);
        assert!((tree.share_50_plus("QA", 2021).unwrap().share - 0.4).abs() < 1e-12);
        assert_eq!(tree.share_50_plus("7A", 2021), None);
    }
}
