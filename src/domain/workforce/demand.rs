//! How many staff are needed, seen in three ways that are laid side by side and never averaged, since they answer
//! different questions: a ratio to people (the standard, on each basis), a workload of cases, and what like services have.

use super::gap::GapRow;
use super::peers::{PeerNeed, PeerSet, Per};
use super::report::display_wte;
use super::standard::{Basis, Role};
use super::sums::RoleSum;
use super::workload::{CasesOf, Patientload, WorkloadNeed, WorkloadTimes, workload_need};

/// The staff that one basis of the ratio gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioNeed {
    /// The basis.
    pub basis: Basis,
    /// The role.
    pub role: Role,
    /// The sums over the services where need and in post are known.
    pub sum: RoleSum,
}

impl RatioNeed {
    /// Lowest and highest need; `None` over no service.
    pub fn range(&self) -> Option<(f64, f64)> {
        (self.sum.services_counted > 0).then_some((self.sum.need_low, self.sum.need_high))
    }
}

/// One service of the subject, with all that the views rest on.
#[derive(Debug, Clone)]
pub struct DemandService<'a> {
    /// Its gap on each basis.
    pub rows: Vec<&'a GapRow>,
    /// Its patients and nurses.
    pub patients: Patientload,
}

impl DemandService<'_> {
    fn code(&self) -> Option<&str> {
        self.rows.first().map(|row| row.service.as_str())
    }
}

/// Cases a year for each nurse, by the ratio and by the activity times, over the services where both are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CasesPerNurse {
    /// Services that it counts.
    pub services: usize,
    /// At the need of each basis, fewest (at the highest need) and most (at the lowest).
    pub by_ratio: [(f64, f64); 2],
    /// That the activity times leave room for.
    pub by_workload: f64,
}

/// The three views of a subject's need.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Services of the subject.
    pub services: usize,
    /// By the ratio, each role on each basis.
    pub ratio: Vec<RatioNeed>,
    /// By the workload of nurses, of expected and of recorded cases.
    pub workload: Vec<WorkloadNeed>,
    /// By like services, each role against people and against cases.
    pub peers: Vec<PeerNeed>,
    /// Cases for each nurse.
    pub cases_per_nurse: Option<CasesPerNurse>,
}

impl Demand {
    /// Works out the three views.
    pub fn new(times: &WorkloadTimes, services: &[DemandService<'_>], peers: &PeerSet<'_>) -> Self {
        let mut ratio = Vec::new();
        for role in Role::ALL {
            for basis in Basis::ALL {
                let rows = services.iter().flat_map(|service| &service.rows).copied();
                let sum = RoleSum::over(rows.filter(|row| row.basis == basis), role);
                ratio.push(RatioNeed { basis, role, sum });
            }
        }
        let patients: Vec<Patientload> = services.iter().map(|service| service.patients).collect();
        let codes: Vec<&str> = services.iter().filter_map(DemandService::code).collect();
        let like = |role| Per::ALL.map(|per| peers.need(&codes, role, per));
        Self {
            services: services.len(),
            ratio,
            workload: CasesOf::ALL.map(|of| workload_need(times, of, &patients)).into(),
            peers: Role::ALL.into_iter().flat_map(like).collect(),
            cases_per_nurse: cases_per_nurse(times, services),
        }
    }

    /// The ratio's need of a role on a basis.
    pub fn ratio_of(&self, role: Role, basis: Basis) -> Option<&RatioNeed> {
        self.ratio.iter().find(|need| need.role == role && need.basis == basis)
    }

    /// The workload of some cases.
    pub fn workload_of(&self, of: CasesOf) -> Option<&WorkloadNeed> {
        self.workload.iter().find(|need| need.of == of)
    }

    /// What like services have of a role.
    pub fn peers_of(&self, role: Role, per: Per) -> Option<&PeerNeed> {
        self.peers.iter().find(|need| need.role == role && need.per == per)
    }

    /// What each view says of nurses, in a sentence.
    pub fn statement(&self) -> String {
        let ratio = |basis| {
            let range = self.ratio_of(Role::Nurse, basis).and_then(RatioNeed::range);
            range.map_or_else(|| "not known".into(), |(low, high)| between(low, high))
        };
        let [first, second] = Basis::ALL.map(ratio);
        let workload = self.workload_of(CasesOf::Expected).and_then(WorkloadNeed::required);
        let workload = workload.map_or_else(|| "not known".into(), display_wte);
        let peers = self.peers_of(Role::Nurse, Per::People).and_then(|need| need.wte);
        let peers = peers.map_or_else(|| "not known".into(), |wte| between(wte.lower, wte.upper));
        format!(
            "Nurse WTE: by the ratio {first} (population as reported) or {second} (aged 50 and over), by the workload of \
             all expected cases {workload}, as like services have {peers}. These are not averaged, because they answer \
             different questions."
        )
    }

    /// Why the views differ, as far as the figures tell.
    pub fn disagreements(&self) -> Vec<String> {
        let sentences = [self.of_bases(), self.of_people_and_cases(), self.of_recording(), self.of_peers()];
        sentences.into_iter().flatten().collect()
    }

    fn of_bases(&self) -> Option<String> {
        let [(low, high), (low_50, high_50)] = [
            self.ratio_of(Role::Nurse, Basis::AsReported)?.range()?,
            self.ratio_of(Role::Nurse, Basis::Aged50Plus)?.range()?,
        ];
        (high < low_50 || high_50 < low).then(|| {
            format!(
                "The two bases do not meet: the same ratio gives {} nurse WTE for people of all ages and {} for people \
                 aged 50 and over. The recommendation does not say whom it counts.",
                between(low, high),
                between(low_50, high_50)
            )
        })
    }

    fn of_people_and_cases(&self) -> Option<String> {
        let found = self.cases_per_nurse?;
        let [(fewest, most), (fewest_50, most_50)] = found.by_ratio;
        Some(format!(
            "The ratio counts people and the workload counts fractures. At the ratio’s need a nurse would see {fewest:.0} to \
             {most:.0} expected cases a year on the population as reported, or {fewest_50:.0} to {most_50:.0} on the \
             population aged 50 and over; these activity times leave room for {:.0} (n = {} {}).",
            found.by_workload,
            found.services,
            if found.services == 1 { "service" } else { "services" }
        ))
    }

    fn of_recording(&self) -> Option<String> {
        let [expected, recorded] = CasesOf::ALL.map(|of| self.workload_of(of));
        let (expected, recorded) = (expected?, recorded?);
        let (whole, now) = (expected.required()?, recorded.required()?);
        if expected.services_counted != recorded.services_counted || expected.cases <= 0.0 {
            return None;
        }
        let share = recorded.cases / expected.cases * 100.0;
        Some(format!(
            "{:.0} of {:.0} expected cases were recorded ({share:.0}%): the work of the recorded ones takes {} nurse WTE, \
             that of all {}.",
            recorded.cases,
            expected.cases,
            display_wte(now),
            display_wte(whole)
        ))
    }

    fn of_peers(&self) -> Option<String> {
        let peers = self.peers_of(Role::Nurse, Per::People)?;
        let wte = peers.wte?;
        let needs: Vec<(f64, f64)> =
            Basis::ALL.into_iter().map(|basis| self.ratio_of(Role::Nurse, basis)?.range()).collect::<Option<_>>()?;
        let lowest = needs.iter().map(|(low, _)| *low).fold(f64::INFINITY, f64::min);
        let words = if wte.upper < lowest {
            "below the ratio on either basis even in the upper quarter"
        } else if wte.lower >= lowest {
            "at or above the lowest need that the ratio gives even in the lower quarter"
        } else {
            "on both sides of the lowest need that the ratio gives"
        };
        Some(format!(
            "Like services show what is, not what is needed: they lie {words} ({} nurse WTE in the lower to {} in the upper \
             quartile).",
            display_wte(wte.lower),
            display_wte(wte.upper)
        ))
    }
}

fn between(low: f64, high: f64) -> String {
    format!("{}–{}", display_wte(low), display_wte(high))
}

fn cases_per_nurse(times: &WorkloadTimes, services: &[DemandService<'_>]) -> Option<CasesPerNurse> {
    let need = |service: &DemandService<'_>, basis: Basis| {
        let row = service.rows.iter().find(|row| row.basis == basis)?;
        row.nurses.need_low.zip(row.nurses.need_high)
    };
    let mut counted: Vec<Patientload> = Vec::new();
    let mut needs = [(0.0, 0.0); 2];
    for service in services.iter().filter(|service| service.patients.counts(CasesOf::Expected)) {
        let [first, second] = Basis::ALL.map(|basis| need(service, basis));
        let (Some(first), Some(second)) = (first, second) else { continue };
        counted.push(service.patients);
        for (sum, (low, high)) in needs.iter_mut().zip([first, second]) {
            sum.0 += low;
            sum.1 += high;
        }
    }
    let workload = workload_need(times, CasesOf::Expected, &counted);
    let required = workload.required().filter(|required| *required > 0.0)?;
    let per = |(low, high): (f64, f64)| (workload.cases / high, workload.cases / low);
    Some(CasesPerNurse { services: counted.len(), by_ratio: needs.map(per), by_workload: workload.cases / required })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::feedback::peers::Peer;
    use crate::domain::hundredths::Hundredths;
    use crate::domain::workforce::gap::{GapSubject, RoleStaffing, StaffingFacts, service_gap};
    use crate::domain::workforce::standard::StaffingStandard;
    use crate::domain::workforce::workload::tests::times;

    fn standard() -> StaffingStandard {
        toml::from_str(include_str!("../../../seeds/standards/ros.toml")).unwrap()
    }

    fn average() -> StaffingFacts {
        StaffingFacts {
            population_all_ages: Some(494_945),
            population_50_plus: Some(188_079),
            nurses: RoleStaffing { in_post: Some(Hundredths(159)), ..RoleStaffing::default() },
            administrators: RoleStaffing { in_post: Some(Hundredths(45)), ..RoleStaffing::default() },
        }
    }

    #[test]
    fn the_average_service_of_the_report_sees_about_200_or_550_cases_a_nurse() {
        let facts = average();
        let subject = GapSubject { code: "AAA", name: "A", area: None, year: 2021 };
        let rows = Basis::ALL.map(|basis| service_gap(&standard(), subject, basis, Some(&facts), None));
        let patients = Patientload {
            expected: Some(2338.0),
            recorded: Some(1005.0),
            treated_share: Some(0.5),
            in_post: Some(1.59),
        };
        let peers = [Peer { service: "AAA".into(), setting: None, facts }];
        let expected = BTreeMap::new();
        let service = DemandService { rows: rows.iter().collect(), patients };
        let demand = Demand::new(&times(), &[service], &PeerSet::new(&peers, &expected));
        let found = demand.cases_per_nurse.unwrap();
        // 2,338 ÷ 12.37 … 10.76 and ÷ 4.70 … 4.09.
        let [(fewest, most), (fewest_50, most_50)] = found.by_ratio;
        assert!((fewest - 189.0).abs() < 1.0 && (most - 217.3).abs() < 1.0, "{found:?}");
        assert!((fewest_50 - 497.2).abs() < 1.0 && (most_50 - 571.8).abs() < 1.0, "{found:?}");
        let said = demand.disagreements();
        assert!(said[0].contains("10.76–12.37") && said[0].contains("4.09–4.70"), "{said:?}");
        assert!(said.iter().any(|sentence| sentence.contains("1005 of 2338") && sentence.contains("43%")), "{said:?}");
        assert!(demand.statement().contains("like services have not known"), "one service has no peers");
        assert_eq!(demand.peers_of(Role::Nurse, Per::People).unwrap().services_missing, 1);
    }

    #[test]
    fn nothing_is_said_of_what_is_not_known() {
        let demand = Demand::new(&times(), &[], &PeerSet::new(&[], &BTreeMap::new()));
        assert!(demand.disagreements().is_empty() && demand.cases_per_nurse.is_none());
        assert!(demand.statement().contains("by the ratio not known"));
    }
}
