//! The reference data that comes with the program: what each year asks, by which method it is judged, the staffing
//! standards and the rounds. Read once at start from `seeds/`, never changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::area::Area;
use super::association::AnalysisPlan;
use super::findings::published::PublishedFact;
use super::language::Language;
use super::questionnaire::definition::{Item, Questionnaire, Rule};
use super::questionnaire::translation::Translation;
use super::round::Round;
use super::workforce::benefit::BenefitModel;
use super::workforce::cost::CostAssumptions;
use super::workforce::standard::StaffingStandard;
use super::workforce::workload::WorkloadTimes;

/// Everything that `seeds/` holds.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The items that questionnaires choose from, by link id.
    pub item_bank: BTreeMap<String, Item>,
    /// The rules across items.
    pub item_rules: Vec<Rule>,
    /// Questionnaires by version.
    pub questionnaires: BTreeMap<String, Questionnaire>,
    /// The questionnaires in other languages, as far as they have been translated.
    pub translations: BTreeMap<Language, Translation>,
    /// Methodologies by year.
    pub methodologies: BTreeMap<i32, Methodology>,
    /// Staffing standards by id.
    pub standards: BTreeMap<String, StaffingStandard>,
    /// How long a nurse takes for each patient, the newest version last.
    pub workloads: Vec<WorkloadTimes>,
    /// The rounds that a new database starts with.
    pub rounds: Vec<Round>,
    /// The areas that a new database starts with.
    pub areas: Vec<Area>,
    /// Agenda for Change pay.
    pub pay: Vec<PayPoint>,
    /// What a cost assumes where nobody says otherwise.
    pub cost_assumptions: CostAssumptions,
    /// Published coefficients of what services bring, sorted by id.
    pub benefits: Vec<BenefitModel>,
    /// Figures as reports printed them.
    pub published: Vec<PublishedFact>,
    /// The texts that the audit team may edit, as they come with the service.
    pub texts: Texts,
    /// The words of the questionnaire, in alphabetical order.
    pub glossary: Vec<Term>,
    /// The analysis plans, the newest last.
    pub plans: Vec<AnalysisPlan>,
}

/// Texts of pages: paragraphs parted by empty lines, headings begin with `# `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The privacy page.
    pub privacy: String,
    /// The accessibility statement.
    pub accessibility: String,
    /// Whom to ask.
    pub contact: String,
    /// What a reminder says.
    pub reminder: String,
    /// For patients and carers.
    pub patients: String,
}

/// A word of the questionnaire and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The word.
    pub term: String,
    /// What it means.
    pub meaning: String,
}

/// How a year's KPIs are defined and judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Methodology {
    /// The year.
    pub year: i32,
    /// Expected cases per hip fracture.
    pub caseload_multiplier: i64,
    /// The share of the expected caseload that is expected to be spine fractures, 0 to 1.
    pub spine_share: f64,
    /// Where the share comes from.
    pub spine_share_note: String,
    /// Which services count in the clinical figures.
    pub inclusion: Inclusion,
    /// When a KPI and a service count as complete.
    pub completeness: Completeness,
    /// Which outcomes take a service out of the number that the response rate is taken of: `no_return`,
    /// `not_commissioned`.
    pub response_rate_leaves_out: Vec<String>,
    /// The KPIs in order.
    pub kpis: Vec<Kpi>,
}

impl Methodology {
    /// The definition of a KPI, 1 to 11.
    pub fn kpi(&self, number: i32) -> Option<&Kpi> {
        self.kpis.iter().find(|kpi| kpi.kpi == number)
    }
}

/// Which services count in the clinical figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    /// Services need more records than this.
    pub records_above: i64,
    /// Services must lie in one of these nations.
    pub nations: Vec<String>,
}

/// When a KPI and a service count as complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completeness {
    /// A KPI is complete from this percentage of its data.
    pub kpi_at_least: f64,
    /// A service is complete from this many complete KPIs …
    pub service_kpis_at_least: i64,
    /// … of this many.
    pub of: i64,
}

/// A KPI's definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// 1 to 11.
    pub kpi: i32,
    /// Stable name.
    pub key: String,
    /// Printed name.
    pub name: String,
    /// What is counted above the line.
    pub numerator: String,
    /// What is counted under the line.
    pub denominator: String,
    /// By when.
    pub timing: String,
    /// The clinical standards behind it.
    pub references: Vec<String>,
    /// What is our reading rather than a published rule.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Red, amber and green, highest first; empty where the year's method gives no edges.
    pub bands: Vec<Band>,
    /// Where there are no bands: the report counts services at or above this percentage.
    pub counted_at_least: Option<f64>,
}

impl Kpi {
    /// Whether the denominator is an expected number rather than people who were counted: then the percentage may pass
    /// 100, and its interval is Byar's.
    pub fn is_over_expected(&self) -> bool {
        matches!(self.kpi, 2 | 3)
    }
}

/// The grade of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// At or above the upper edge.
    Green,
    /// Between the edges.
    Amber,
    /// Below the lower edge.
    Red,
}

impl Grade {
    /// The word used on pages, in files and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// A band of a KPI. Exactly one edge is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Which figures in it get.
    pub grade: Grade,
    /// From this percentage, itself included.
    pub at_least: Option<f64>,
    /// From this percentage, itself excluded.
    pub above: Option<f64>,
}

/// A pay band's planning figure. A band without one is unpriced: that is a reason, not £0.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PayPoint {
    /// Financial year, such as `2022/23`.
    pub pay_year: String,
    /// Agenda for Change band.
    pub band: String,
    /// Pay at entry, pounds a year.
    pub entry_gbp: i64,
    /// Pay at the intermediate step, pounds a year, where the band has one.
    pub intermediate_gbp: Option<i64>,
    /// Pay at the top, pounds a year.
    pub top_gbp: i64,
    /// The figure that plans use, pounds a year.
    pub planning_gbp: i64,
    /// How the planning figure was chosen.
    pub planning_rule: String,
    /// Where the figures were read.
    pub source: String,
}
