//! Every reading of a service's need, role by role, and what holds on all of them.

use super::super::demand::Demand;
use super::super::gap::{End, GapRow};
use super::super::peers::Per;
use super::super::standard::{Basis, Role};
use super::super::workload::{CasesOf, WorkloadNeed};
use super::said::{CaseUnit, Said};

/// The smallest gap that is called one: the unit in which WTE are printed.
const LEAST: f64 = 0.01;

/// The gap of a role on one reading.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseReading {
    /// Its stable key: `gap.nurse.as_reported.low`.
    pub key: String,
    /// What it rests on, within a sentence.
    pub words: String,
    /// What it says is needed − what is in post, WTE.
    pub gap: f64,
}

impl CaseReading {
    /// Whether it gives a shortfall.
    pub fn is_short(&self) -> bool {
        self.gap >= LEAST
    }
}

/// What holds of a role over every reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Holds {
    /// Every reading gives a shortfall, of at least and at most so many WTE.
    Short {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// No reading gives one.
    NoneShort,
    /// Some do and some do not.
    Differ,
    /// The ratio cannot be read on both populations.
    NotKnown,
}

/// The readings of one role.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleReadings {
    /// The role.
    pub role: Role,
    /// Those that can be made.
    pub found: Vec<CaseReading>,
    /// Those that cannot, and why.
    pub missing: Vec<String>,
    /// The ratio was read at both ends on both populations.
    is_whole: bool,
}

/// The word of an end in a sentence.
fn end_words(end: End) -> &'static str {
    match end {
        End::Low => "lowest need",
        End::High => "highest need",
    }
}

impl RoleReadings {
    /// Reads a role of one service: its rows are its gaps on each basis.
    pub fn new(role: Role, rows: &[&GapRow], demand: &Demand) -> Self {
        let name = role.as_str();
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        let mut bases = 0;
        for row in rows {
            let gap = row.role(role);
            let words = format!("the ratio to the {}", row.basis.in_a_sentence());
            if let (Some(low), Some(high)) = (gap.gap_low, gap.gap_high) {
                bases += 1;
                for (end, gap) in [(End::Low, low), (End::High, high)] {
                    found.push(CaseReading {
                        key: format!("gap.{name}.{}.{}", row.basis.as_str(), end.as_str()),
                        words: format!("{words}, {}", end_words(end)),
                        gap,
                    });
                }
            } else if gap.in_post.is_none() && row.population.is_some() {
                missing.push(format!("{words} (no {} in post were given)", role.plural()));
            } else {
                missing.push(format!("{words} ({})", row.status.label().to_lowercase()));
            }
        }
        let in_post = rows.first().and_then(|row| row.role(role).in_post);
        let mut read = |key: String, words: String, need: Option<f64>, why: &str| match (need, in_post) {
            (Some(need), Some(in_post)) => found.push(CaseReading { key, words, gap: need - in_post }),
            (Some(_), None) => {}
            (None, _) => missing.push(format!("{words} ({why})")),
        };
        if role == Role::Nurse {
            let workload = demand.workload_of(CasesOf::Expected);
            let required = workload.filter(|need| need.services_counted > 0).and_then(WorkloadNeed::required);
            let why = "its expected cases, or how many of them are recommended treatment, are not known";
            read("gap.nurse.workload".into(), "the workload of all expected cases".into(), required, why);
        }
        for per in Per::ALL {
            let of = match per {
                Per::People => "their people",
                Per::Cases => "their expected cases",
            };
            let words = format!("what like services have for {of}");
            let peers = demand.peers_of(role, per);
            if let Some(wte) = peers.and_then(|peers| peers.wte) {
                for (end, wte) in [("lower", wte.lower), ("upper", wte.upper)] {
                    let key = format!("gap.{name}.peers.{}.{end}", per.as_str());
                    read(key, format!("{words}, {end} quartile"), Some(wte), "");
                }
            } else {
                let why = peers.and_then(|peers| peers.one.and_then(Result::err));
                read(String::new(), words, None, why.map_or("not known", |why| why.words()));
            }
        }
        Self { role, found, missing, is_whole: bases == Basis::ALL.len() }
    }

    /// What holds on every one.
    pub fn holds(&self) -> Holds {
        if !self.is_whole {
            return Holds::NotKnown;
        }
        let short = self.found.iter().filter(|reading| reading.is_short()).count();
        if short == self.found.len() {
            let gaps = || self.found.iter().map(|reading| reading.gap);
            Holds::Short { least: gaps().fold(f64::INFINITY, f64::min), most: gaps().fold(f64::NEG_INFINITY, f64::max) }
        } else if short == 0 {
            Holds::NoneShort
        } else {
            Holds::Differ
        }
    }

    /// The sentences that a case opens with. A shortfall is claimed in [`Holds::Short`] alone.
    #[expect(clippy::cast_precision_loss, reason = "there are a handful of readings")]
    pub fn said(&self) -> Vec<Said> {
        let (name, staff) = (self.role.as_str(), self.role.plural());
        let key = |end: &str| format!("readings.{name}.{end}");
        let count = |said: Said, end: &str, n: usize| said.figure(CaseUnit::Count, &key(end), n as f64);
        let all = self.found.len();
        let mut sentences = vec![match self.holds() {
            Holds::Short { least, most } => count(Said::new("On every one of the "), "count", all)
                .words(&format!(" readings that can be made the service is short of {staff}: at least "))
                .at_least(&key("least"), least)
                .words(" WTE and up to ")
                .figure(CaseUnit::Wte, &key("most"), most)
                .words(" WTE."),
            Holds::NoneShort => count(Said::new("None of the "), "count", all)
                .words(&format!(" readings that can be made gives a gap in {staff}, and none is claimed.")),
            Holds::Differ => {
                let none: Vec<&str> =
                    self.found.iter().filter(|one| !one.is_short()).map(|one| one.words.as_str()).collect();
                let said = count(Said::new(&format!("The readings differ on {staff}: of ")), "count", all);
                count(said.words(", "), "short", all - none.len()).words(&format!(
                    " give a gap and the others give none. Those are: {}. Nothing is claimed that holds on some of \
                         them alone.",
                    none.join("; ")
                ))
            }
            Holds::NotKnown => {
                Said::new(&format!("Whether there is a gap in {staff} cannot be said on both populations."))
            }
        }];
        if !self.missing.is_empty() {
            let missing = self.missing.join("; ");
            sentences.push(Said::new(&format!("Readings of {staff} that cannot be made: {missing}.")));
        }
        sentences
    }
}
