//! The gap report: every service of a round on both bases, the sums of every area, and the sentence that holds on
//! every reading. Page, API, workbook and command all show this one value.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gap::{GapRow, GapSubject, Position, StaffingFacts, service_gap};
use super::standard::{Basis, Role, StaffingStandard};
use super::sums::{AreaGap, SumKind, SumSubject, UnmappedHospitals, area_gap};
use crate::domain::area::{AreaPopulation, AreaTree};
use crate::domain::cut::CutQuote;
use crate::domain::register::{Hospital, Service};
use crate::domain::round::Round;

/// What a gap report is computed from.
#[derive(Debug)]
pub struct GapInputs<'a> {
    /// The round.
    pub round: &'a Round,
    /// The standard.
    pub standard: &'a StaffingStandard,
    /// The areas as at the geography of the report: it groups the services, and nothing else.
    pub tree: &'a AreaTree,
    /// The newest areas, by which services and hospitals are filed: shares and populations are theirs.
    pub newest: &'a AreaTree,
    /// The services that exist in the audit year and that the reader may see, sorted by code.
    pub services: &'a [Service],
    /// What each service submitted.
    pub facts: &'a BTreeMap<String, StaffingFacts>,
    /// The hospitals that exist in the audit year, with their hip fractures in it.
    pub hospitals: &'a [(Hospital, Option<i64>)],
    /// Expected cases per hip fracture.
    pub caseload_multiplier: i64,
    /// Report only what lies in this area or below it.
    pub area: Option<&'a str>,
    /// The day of the newest answer that counts; `None` where there is none.
    pub data_as_at: Option<NaiveDate>,
    /// The figures are invented.
    pub synthetic: bool,
}

impl GapInputs<'_> {
    /// Whether something filed under `code` lies in the area that is reported, then or now.
    fn reports(&self, code: &str) -> bool {
        self.area.is_none_or(|area| self.tree.is_within(code, area) || self.newest.is_within(code, area))
    }

    /// The population of an area. Where its parts do not exist on the day of the geography, the newest ones count.
    fn population(&self, code: &str) -> Option<AreaPopulation> {
        let year = self.round.year;
        self.tree.population(code, year).or_else(|| self.newest.population(code, year))
    }
}

/// The gap report of one round.
#[derive(Debug, Clone)]
pub struct GapReport {
    /// The round.
    pub round: Round,
    /// The standard.
    pub standard: StaffingStandard,
    /// The day whose area tree the sums use.
    pub geography_as_at: NaiveDate,
    /// The day of the newest answer that counts; `None` where there is none.
    pub data_as_at: Option<NaiveDate>,
    /// The data cut that it was worked out from; `None`: from the data as they stand.
    pub cut: Option<CutQuote>,
    /// The figures are invented: whatever shows them says so.
    pub synthetic: bool,
    /// The area that the report is limited to: code and name.
    pub area: Option<(String, String)>,
    /// Every service on each basis, sorted by service, then basis.
    pub rows: Vec<GapRow>,
    /// The sums: all first, then nations, regions, ICBs and health boards with at least one service or unmapped
    /// hospital, by kind and name; each basis after the other.
    pub areas: Vec<AreaGap>,
}

impl GapReport {
    /// Computes the report.
    pub fn compute(inputs: &GapInputs<'_>) -> Self {
        let year = inputs.round.year;
        let within = |code: &str| inputs.reports(code);
        let services: Vec<&Service> = inputs.services.iter().filter(|service| within(&service.area_code)).collect();
        let mut rows = Vec::with_capacity(services.len() * 2);
        for service in &services {
            let facts = inputs.facts.get(&service.code);
            let share = inputs.newest.share_50_plus(&service.area_code, year);
            let subject = GapSubject {
                code: &service.code,
                name: &service.name,
                area: inputs.tree.resolve(&service.area_code).map(|area| area.code.as_str()),
                year,
            };
            for basis in Basis::ALL {
                rows.push(service_gap(inputs.standard, subject, basis, facts, share.as_ref()));
            }
        }
        let areas = area_sums(inputs, &services, &rows);
        let area = inputs.area.map(|code| {
            let name = inputs.tree.get(code).map_or(code, |area| area.name.as_str());
            (code.to_owned(), name.to_owned())
        });
        Self {
            round: inputs.round.clone(),
            standard: inputs.standard.clone(),
            geography_as_at: inputs.tree.as_at(),
            data_as_at: inputs.data_as_at,
            cut: None,
            synthetic: inputs.synthetic,
            area,
            rows,
            areas,
        }
    }

    /// Leaves out what is said of whole areas, for a reader who sees single services alone: one service's figures are not
    /// the sums of its area.
    pub fn keep_to_services(&mut self) {
        self.areas.retain(|sum| sum.kind == SumKind::All);
        for sum in &mut self.areas {
            sum.area_population = None;
            sum.area_need_nurses = None;
            sum.area_need_administrators = None;
            sum.unmapped = UnmappedHospitals::default();
        }
    }

    /// The rows of one basis, sorted by service.
    pub fn rows_on(&self, basis: Basis) -> impl Iterator<Item = &GapRow> {
        self.rows.iter().filter(move |row| row.basis == basis)
    }

    /// The sum over every service of the report.
    pub fn total(&self, basis: Basis) -> Option<&AreaGap> {
        self.areas.iter().find(|sum| sum.kind == SumKind::All && sum.basis == basis)
    }

    /// The lowest shortage of a role that any reading gives: the smallest net gap over both bases and both ends of the
    /// range, with how many services each basis counts. `None` where a basis counts no service.
    pub fn shortage_on_every_reading(&self, role: Role) -> Option<Shortage> {
        let sums: Vec<_> = Basis::ALL.into_iter().filter_map(|basis| self.total(basis)).map(|t| t.role(role)).collect();
        if sums.len() < Basis::ALL.len() || sums.iter().any(|sum| sum.services_counted == 0) {
            return None;
        }
        let wte = sums.iter().map(|sum| sum.net_gap_low).fold(f64::INFINITY, f64::min);
        let fewest = sums.iter().map(|sum| sum.services_counted).min()?;
        let most = sums.iter().map(|sum| sum.services_counted).max()?;
        let at_most = sums.iter().map(|sum| sum.net_gap_high).fold(f64::NEG_INFINITY, f64::max);
        Some(Shortage { wte, at_most, services: (fewest, most), below_on_both: self.below_on_both(role) })
    }

    /// Services below the range on every basis.
    fn below_on_both(&self, role: Role) -> usize {
        let mut below: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.rows {
            if row.role(role).position == Position::Below {
                *below.entry(&row.service).or_default() += 1;
            }
        }
        below.values().filter(|bases| **bases == Basis::ALL.len()).count()
    }

    /// The sentence that every gap view opens with: what holds on either basis, and for how many services.
    pub fn statement(&self) -> String {
        let place = self.area.as_ref().map_or("of this report", |_| "of this area");
        let roles = (self.shortage_on_every_reading(Role::Nurse), self.shortage_on_every_reading(Role::Administrator));
        let (Some(nurses), Some(administrators)) = roles else {
            return format!(
                "No service {place} has both a population and staffing for {}, so no gap can be given.",
                self.round.names()
            );
        };
        let subject = match nurses.services {
            (1, 1) => format!("the one service {place} that can be computed is"),
            (fewest, most) if fewest == most => {
                format!("the {most} services {place} that can be computed are together")
            }
            (fewest, most) => {
                format!("the services {place} that can be computed ({fewest} or {most}, by basis) are together")
            }
        };
        let short: Vec<String> =
            [nurses.short_of("nurse"), administrators.short_of("administrator")].into_iter().flatten().collect();
        let rest: Vec<String> =
            [nurses.otherwise("nurse"), administrators.otherwise("administrator")].into_iter().flatten().collect();
        match (short.is_empty(), rest.is_empty()) {
            (false, true) => format!("On either basis {subject} short of at least {}.", short.join(" and ")),
            (false, false) => {
                format!(
                    "On either basis {subject} short of at least {}. They are {}.",
                    short.join(" and "),
                    rest.join("; ")
                )
            }
            (true, _) => format!("On either basis {subject} {}.", rest.join(" and ")),
        }
    }
}

/// What holds on every reading about one role.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shortage {
    /// The smallest net gap over both bases and both ends of the range, WTE; zero or less: not short on every reading.
    pub wte: f64,
    /// The largest net gap that any reading gives, WTE.
    pub at_most: f64,
    /// The fewest and the most services that a basis counts.
    pub services: (usize, usize),
    /// Services below the range on both bases.
    pub below_on_both: usize,
}

impl Shortage {
    /// The WTE that a role is short of at least, where every reading gives a shortage; rounded down to hundredths, so that
    /// "at least" stays true.
    pub fn at_least(&self) -> Option<f64> {
        (self.wte > 0.0).then(|| (self.wte * 100.0).floor() / 100.0)
    }

    /// "1.23 nurse WTE", where every reading gives a shortage.
    fn short_of(&self, role: &str) -> Option<String> {
        Some(format!("{:.2} {role} WTE", self.at_least()?))
    }

    /// What can be said where not every reading gives a shortage.
    fn otherwise(&self, role: &str) -> Option<String> {
        match (self.wte > 0.0, self.at_most > 0.0) {
            (true, _) => None,
            (false, true) => Some(format!("short of {role} WTE on some readings and not on others")),
            (false, false) => Some(format!("not short of {role} WTE on any reading")),
        }
    }
}

/// Half away from zero, to hundredths, as every display of a WTE is rounded.
pub fn display_wte(value: f64) -> String {
    // f64::round is half away from zero; the detour by hundredths avoids formatting's half-to-even.
    let rounded = (value * 100.0).round() / 100.0;
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    format!("{rounded:.2}")
}

fn area_sums(inputs: &GapInputs<'_>, services: &[&Service], rows: &[GapRow]) -> Vec<AreaGap> {
    let tree = inputs.tree;
    // Area code → (row indices by service, unmapped hospitals); the key `None` is the sum over everything.
    let mut members: BTreeMap<Option<&str>, (Vec<&str>, UnmappedHospitals)> = BTreeMap::new();
    members.insert(None, (Vec::new(), UnmappedHospitals::default()));
    let reported = |code: &str| inputs.reports(code);
    for service in services {
        let lineage = tree.lineage(&service.area_code);
        let keys = lineage.iter().map(|area| area.code.as_str()).filter(|code| reported(code)).map(Some);
        for key in keys.chain([None]) {
            members.entry(key).or_default().0.push(&service.code);
        }
    }
    for (hospital, hip_fractures) in inputs.hospitals {
        if hospital.service_code.is_some() || !reported(&hospital.area_code) {
            continue;
        }
        let one = UnmappedHospitals {
            hospitals: 1,
            expected_cases: hip_fractures.unwrap_or(0) * inputs.caseload_multiplier,
            without_figure: usize::from(hip_fractures.is_none()),
        };
        let lineage = tree.lineage(&hospital.area_code);
        let keys = lineage.iter().map(|area| area.code.as_str()).filter(|code| reported(code)).map(Some);
        for key in keys.chain([None]) {
            members.entry(key).or_default().1.add(one);
        }
    }
    let rows_of: BTreeMap<(&str, Basis), &GapRow> =
        rows.iter().map(|row| ((row.service.as_str(), row.basis), row)).collect();
    let mut sums = Vec::new();
    for (key, (codes, unmapped)) in &members {
        let population = match key {
            Some(code) => inputs.population(code),
            None => match inputs.area {
                Some(area) => inputs.population(area),
                None => whole_population(inputs),
            },
        };
        for basis in Basis::ALL {
            let own: Vec<&GapRow> = codes.iter().filter_map(|code| rows_of.get(&(*code, basis)).copied()).collect();
            let subject = sum_subject(inputs, *key, population.map(|p| on_basis(p, basis)), *unmapped);
            sums.push(area_gap(inputs.standard, subject, basis, &own));
        }
    }
    sums.sort_by(|a, b| (a.kind, &a.name, &a.code, a.basis).cmp(&(b.kind, &b.name, &b.code, b.basis)));
    sums
}

fn sum_subject(
    inputs: &GapInputs<'_>,
    key: Option<&str>,
    population: Option<f64>,
    unmapped: UnmappedHospitals,
) -> SumSubject {
    match key.and_then(|code| inputs.tree.get(code)) {
        Some(area) => SumSubject {
            code: area.code.clone(),
            name: area.name.clone(),
            kind: SumKind::Area(area.kind),
            parent: inputs.tree.lineage(&area.code).get(1).map(|parent| parent.code.clone()),
            population,
            unmapped,
        },
        None => SumSubject {
            code: "all".into(),
            name: "All services of this report".into(),
            kind: SumKind::All,
            parent: None,
            population,
            unmapped,
        },
    }
}

/// The people of every area at the top of the tree; `None` where any of them has no figure.
fn whole_population(inputs: &GapInputs<'_>) -> Option<AreaPopulation> {
    let mut tops =
        inputs.tree.iter().filter(|area| area.parent_code.is_none()).map(|area| inputs.population(&area.code));
    let first = tops.next()??;
    tops.try_fold(first, |sum, part| Some(sum.plus(part?)))
}

#[expect(clippy::cast_precision_loss, reason = "populations are far below 2^52")]
fn on_basis(population: AreaPopulation, basis: Basis) -> f64 {
    match basis {
        Basis::AsReported => population.all_ages as f64,
        Basis::Aged50Plus => population.aged_50_plus as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortage(wte: f64, at_most: f64) -> Shortage {
        Shortage { wte, at_most, services: (2, 2), below_on_both: 0 }
    }

    #[test]
    fn at_least_is_rounded_down_and_never_claimed_where_a_reading_denies_it() {
        assert_eq!(shortage(1.239, 3.0).short_of("nurse").as_deref(), Some("1.23 nurse WTE"));
        assert_eq!(shortage(1.239, 3.0).otherwise("nurse"), None);
        assert_eq!(shortage(-0.5, 3.0).short_of("nurse"), None);
        let disputed = shortage(-0.5, 3.0).otherwise("nurse").unwrap();
        assert!(disputed.contains("on some readings"), "{disputed}");
        let denied = shortage(-2.0, -0.5).otherwise("nurse").unwrap();
        assert!(denied.contains("on any reading"), "{denied}");
    }

    #[test]
    fn display_is_half_away_from_zero() {
        for (value, shown) in [(0.125, "0.13"), (-0.125, "-0.13"), (2.344_999, "2.34"), (-0.001, "0.00"), (9.0, "9.00")]
        {
            assert_eq!(display_wte(value), shown);
        }
    }
}
