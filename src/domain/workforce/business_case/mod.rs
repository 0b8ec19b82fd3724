//! The business case for one service, in the structure of a commissioning paper: sentences made from figures in this one
//! place, for the page, its print, the text to copy and the API.
//!
//! It opens with what holds on every reading of the need and claims nothing more. What is not known is named with what
//! to do about it, never left out. No benefit is claimed unless the reader asks for published coefficients, and none is
//! taken from the audit's associations.

mod limits;
mod options;
mod readings;
mod said;

use super::benefit::BenefitReport;
use super::closing::CostReport;
use super::demand::Demand;
use super::gap::GapRow;
use super::peers::Per;
use super::standard::{Basis, Role};
use super::workload::{CasesOf, WorkloadNeed};
use crate::domain::association::Association;
use crate::domain::association::words::Subject;
use crate::domain::questionnaire::facts::Fact;

pub use self::options::{CaseOption, NamedScenario, OptionOnBasis, OptionRole};
pub use self::readings::{CaseReading, Holds, RoleReadings};
pub use self::said::{CaseFact, CaseUnit, Said};

/// A part of the paper, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What is not known, and what to do about it.
    Missing,
    /// How many staff are needed, on every reading.
    Need,
    /// What the service has.
    Current,
    /// What it lacks, each basis beside the other.
    Gap,
    /// What can be done.
    Options,
    /// What each option costs.
    Cost,
    /// What it may bring, where the reader asks.
    Benefit,
    /// What may go wrong.
    Risks,
    /// What the figures rest on, and what they cannot say.
    Evidence,
    /// What the national report recommends.
    Recommendations,
}

impl Part {
    /// The word in the API and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Need => "need",
            Self::Current => "current_service",
            Self::Gap => "gap",
            Self::Options => "options",
            Self::Cost => "cost",
            Self::Benefit => "benefit",
            Self::Risks => "risks",
            Self::Evidence => "evidence",
            Self::Recommendations => "recommendations",
        }
    }

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Missing => "What is missing",
            Self::Need => "Need",
            Self::Current => "The service now",
            Self::Gap => "Gap",
            Self::Options => "Options",
            Self::Cost => "Cost",
            Self::Benefit => "Benefit",
            Self::Risks => "Risks",
            Self::Evidence => "Evidence and its limits",
            Self::Recommendations => "Recommendations of the national report",
        }
    }
}

/// A part with its sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseSection {
    /// Which.
    pub part: Part,
    /// Its sentences.
    pub sentences: Vec<Said>,
}

/// What a case is made from: everything is of the one service.
#[derive(Debug, Clone)]
pub struct CaseInputs<'a> {
    /// Its gap on each basis, priced.
    pub costs: &'a CostReport,
    /// The views of its demand.
    pub demand: &'a Demand,
    /// Cases that are to be expected in a year.
    pub expected: Option<f64>,
    /// The expected cases were stated for the service, in place of the rule.
    pub expected_is_stated: bool,
    /// Whether a post was vacant for over six months; `None` where the round did not ask or nothing was submitted.
    pub long_vacancy: Option<&'a Fact>,
    /// What closing the gap may bring, where the reader asks.
    pub benefits: Option<&'a BenefitReport>,
    /// The scenarios that the reader names.
    pub scenarios: &'a [NamedScenario<'a>],
    /// What nurse time has to do with each KPI, over all services.
    pub associations: &'a [(Subject<'a>, &'a Association)],
}

/// The business case of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct BusinessCase {
    /// What it is and of which service.
    pub title: String,
    /// The round under all its names, with the day that staffing describes.
    pub names: String,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The readings of each role's need.
    pub readings: Vec<RoleReadings>,
    /// The options, with their figures.
    pub options: Vec<CaseOption>,
    /// The parts, in order; a part without sentences is not there.
    pub sections: Vec<CaseSection>,
}

/// What a text without a page around it says of invented data.
const SYNTHETIC: &str = "Synthetic data: every service and figure here is invented.";

impl BusinessCase {
    /// Makes the case. Without a row there is no service, and the case is empty.
    pub fn new(inputs: &CaseInputs<'_>) -> Self {
        let gaps = &inputs.costs.gaps;
        let rows: Vec<&GapRow> = gaps.rows.iter().collect();
        let title = rows.first().map(|row| format!("Business case for staffing: {} ({})", row.name, row.service));
        let readings: Vec<RoleReadings> =
            Role::ALL.into_iter().map(|role| RoleReadings::new(role, &rows, inputs.demand)).collect();
        let options = options::options(inputs.costs, inputs.scenarios);
        let parts = [
            (Part::Missing, missing(inputs, &rows)),
            (Part::Need, need(inputs, &rows, &readings)),
            (Part::Current, current(inputs, &rows)),
            (Part::Gap, gap(inputs, &rows)),
            (Part::Options, options.iter().flat_map(CaseOption::staff).collect()),
            (Part::Cost, options.iter().flat_map(CaseOption::costs).collect()),
            (Part::Benefit, limits::benefit(inputs.benefits)),
            (Part::Risks, limits::risks(inputs, &rows)),
            (Part::Evidence, limits::evidence(inputs)),
            (Part::Recommendations, limits::recommendations(&rows)),
        ];
        let sections = parts.into_iter().map(|(part, sentences)| CaseSection { part, sentences });
        Self {
            title: title.unwrap_or_default(),
            names: format!(
                "{}; staff as at {}",
                capital(&gaps.round.names()),
                gaps.round.staffing_as_at.format("%-d %B %Y")
            ),
            synthetic: gaps.synthetic,
            readings,
            options,
            sections: sections.filter(|section| !section.sentences.is_empty()).collect(),
        }
    }

    /// A part, where it has sentences.
    pub fn section(&self, part: Part) -> Option<&CaseSection> {
        self.sections.iter().find(|section| section.part == part)
    }

    /// Every figure that a sentence rests on, once, in the order of the text.
    pub fn facts(&self) -> Vec<&CaseFact> {
        let mut known = std::collections::BTreeSet::new();
        let all = self.sections.iter().flat_map(|section| &section.sentences).flat_map(|said| &said.facts);
        all.filter(|fact| known.insert(fact.key.as_str())).collect()
    }

    /// The paper as plain text: a line a sentence, an empty line around headings.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n", self.title, self.names);
        if self.synthetic {
            text.push_str(SYNTHETIC);
            text.push('\n');
        }
        for section in &self.sections {
            text.push_str(&format!("\n{}\n\n", section.part.heading().to_uppercase()));
            for said in &section.sentences {
                text.push_str(&said.text);
                text.push('\n');
            }
        }
        text
    }
}

/// What is not known, each with what to do about it.
fn missing(inputs: &CaseInputs<'_>, rows: &[&GapRow]) -> Vec<Said> {
    let Some(row) = rows.first() else { return Vec::new() };
    let year = row.year;
    let no_answers = rows.iter().all(|row| row.status == super::gap::GapStatus::NoResponse);
    let mut said = Vec::new();
    let mut name = |missing: bool, words: &str| {
        if missing {
            said.push(Said::new(words));
        }
    };
    name(
        no_answers,
        &format!("The service has submitted no answers for audit year {year}: answer the survey and submit it."),
    );
    if !no_answers {
        name(
            row.population.is_none(),
            "The population of all ages is not answered, or not above zero, so the ratio cannot be read on it: answer \
             the survey’s section on the population.",
        );
        name(
            rows.last().is_some_and(|row| row.population.is_none()),
            "The population aged 50 and over is not answered and cannot be estimated: answer it in the survey’s section \
             on the population.",
        );
        for role in Role::ALL {
            let (gap, staff) = (row.role(role), role.plural());
            name(
                gap.in_post.is_none(),
                &format!("How many {staff} are in post is not answered: answer the survey’s section on staffing."),
            );
            name(
                gap.establishment.is_none(),
                &format!(
                    "How many {staff} are funded is not answered, so what is vacant and what takes new money cannot be \
                     told: answer it in the survey’s section on staffing."
                ),
            );
        }
    }
    name(
        inputs.expected.is_none(),
        "No cases are expected of the service, since no hospital with hip fractures is mapped to it: ask the audit team \
         to map its hospitals, or to state its expected cases.",
    );
    for role in Role::ALL {
        if let Err(why) = inputs.costs.costing.cost_of(role) {
            name(true, &format!("{} are not priced: {why}. Choose another band or pay year.", capital(role.plural())));
        }
    }
    said
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn need(inputs: &CaseInputs<'_>, rows: &[&GapRow], readings: &[RoleReadings]) -> Vec<Said> {
    let mut said: Vec<Said> = readings.iter().flat_map(RoleReadings::said).collect();
    said.extend(inputs.expected.map(|cases| {
        let how = if inputs.expected_is_stated {
            "as the audit team has stated"
        } else {
            "by the hip fractures of its hospitals"
        };
        Said::new("Fragility fractures to be expected in a year: ")
            .figure(CaseUnit::Cases, "cases.expected", cases)
            .words(&format!(", {how}."))
    }));
    for row in rows {
        let (Some(population), basis) = (&row.population, row.basis) else { continue };
        let mut one = Said::new(&format!("By the ratio to the {}, ", basis.in_a_sentence()))
            .figure(CaseUnit::People, &format!("population.{}", basis.as_str()), population.people)
            .words(" people");
        if population.estimated_with.is_some() {
            one = one.words(" (estimated from the share of its host area)");
        }
        for (role, joined) in Role::ALL.into_iter().zip([", ", " and "]) {
            let gap = row.role(role);
            let (Some(low), Some(high)) = (gap.need_low, gap.need_high) else { continue };
            let key = format!("need.{}.{}", role.as_str(), basis.as_str());
            one = one.words(joined).range(CaseUnit::Wte, &key, low, high).words(&format!(" {} WTE", role.as_str()));
        }
        said.push(one.words(" are needed."));
    }
    let workload = inputs.demand.workload_of(CasesOf::Expected).filter(|need| need.services_counted > 0);
    said.extend(workload.and_then(WorkloadNeed::required).map(|required| {
        Said::new("By the workload of all expected cases, ")
            .figure(CaseUnit::Wte, "need.nurse.workload", required)
            .words(" nurse WTE are needed, by activity times that are ours and no published norm.")
    }));
    for role in Role::ALL {
        let peers = inputs.demand.peers_of(role, Per::People);
        let Some(wte) = peers.and_then(|peers| peers.wte) else { continue };
        said.push(
            Said::new("Like services have ")
                .range(CaseUnit::Wte, &format!("need.{}.peers", role.as_str()), wte.lower, wte.upper)
                .words(&format!(
                    " {} WTE for so many people (lower to upper quartile), which says what is and not what is needed.",
                    role.as_str()
                )),
        );
    }
    said
}

fn current(inputs: &CaseInputs<'_>, rows: &[&GapRow]) -> Vec<Said> {
    let Some(row) = rows.first() else { return Vec::new() };
    let mut said = Vec::new();
    for role in Role::ALL {
        let (gap, name) = (row.role(role), role.as_str());
        let Some(in_post) = gap.in_post else {
            said.push(Said::new(&format!("How many {} are in post is not known.", role.plural())));
            continue;
        };
        let begun = Said::new("In post: ")
            .figure(CaseUnit::Wte, &format!("staff.{name}.in_post"), in_post)
            .words(&format!(" {name} WTE"));
        said.push(match (gap.establishment, gap.vacant) {
            (Some(funded), Some(vacant)) => {
                let begun =
                    begun.words(" of ").figure(CaseUnit::Wte, &format!("staff.{name}.funded"), funded).words(" funded");
                if vacant > 0.0 {
                    begun
                        .words("; ")
                        .figure(CaseUnit::Wte, &format!("staff.{name}.vacant"), vacant)
                        .words(" stand vacant.")
                } else {
                    begun.words("; none stands vacant.")
                }
            }
            _ => begun.words("; how many are funded is not known."),
        });
        let told = gap.reported_vacant.filter(|told| gap.vacant.is_none_or(|vacant| (vacant - told).abs() >= 0.005));
        said.extend(told.map(|told| {
            Said::new("The service itself says that ")
                .figure(CaseUnit::Wte, &format!("staff.{name}.reported_vacant"), told)
                .words(&format!(" {name} WTE are vacant."))
        }));
    }
    said.push(Said::new(match inputs.long_vacancy {
        Some(Fact::Flag(true)) => "A post was vacant for more than six months in the year.",
        Some(Fact::Flag(false)) => "No post was vacant for more than six months in the year.",
        Some(Fact::NotKnown) => "The service does not know whether a post was vacant for more than six months.",
        Some(_) => "Whether a post was vacant for more than six months is not answered.",
        None => "How long posts were vacant is not known for this round.",
    }));
    let nurses = row.nurses.in_post.filter(|nurses| *nurses > 0.0);
    said.extend(inputs.expected.zip(nurses).map(|(cases, nurses)| {
        Said::new("For each nurse WTE in post there are ")
            .figure(CaseUnit::Cases, "cases.per_nurse", cases / nurses)
            .words(" expected cases a year.")
    }));
    said
}

fn gap(inputs: &CaseInputs<'_>, rows: &[&GapRow]) -> Vec<Said> {
    let mut said = Vec::new();
    for row in rows {
        let basis = row.basis;
        for role in Role::ALL {
            let (gap, name) = (row.role(role), role.as_str());
            let key = |what: &str| format!("{what}.{name}.{}", basis.as_str());
            let begun = Said::new(&format!("On the {}, {}: ", basis.in_a_sentence(), role.plural()));
            let (Some(low), Some(high)) = (gap.gap_low, gap.gap_high) else {
                said.push(begun.words("the gap is not known."));
                continue;
            };
            let begun = begun.words("the gap is ").range(CaseUnit::Wte, &key("gap"), low, high).words(" WTE");
            said.push(match (gap.unfunded_low, gap.unfunded_high, gap.vacant) {
                (Some(low), Some(high), Some(vacant)) => begun
                    .words(", which is ")
                    .range(CaseUnit::Wte, &key("unfunded"), low, high)
                    .words(" that was never funded and ")
                    .figure(CaseUnit::Wte, &format!("staff.{name}.vacant"), vacant)
                    .words(" that is funded and vacant."),
                _ => begun.words("."),
            });
        }
    }
    if said.iter().any(|said| !said.facts.is_empty()) {
        let standard = &inputs.costs.gaps.standard;
        let both = if standard.bases.len() == Basis::ALL.len() {
            "The standard does not say which population it counts, so both stand here and are never averaged."
        } else {
            "The standard is stated for one of the populations; the other stands beside it, and they are never averaged."
        };
        said.push(Said::new("A gap below zero is staff beyond the need."));
        said.push(Said::new(both));
    }
    said
}

#[cfg(test)]
mod tests;
