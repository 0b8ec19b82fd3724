//! What the submitted responses of a round say of the nation's services. Each figure is of the services that answered its
//! question: whoever was not asked, did not answer or did not know is not among them.

use std::collections::BTreeSet;

use super::{Share, Value, Values, YearInputs, put};
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::gap::StaffingFacts;

/// The facts that findings rest on.
pub const FACTS: &[&str] = &[
    "falls_assessment",
    "first_prescription",
    "governance_frequency",
    "monitoring_provided",
    "monitoring_responsible",
    "monitoring_scope",
    "nurse_admin_share",
    "patient_involvement",
    "patient_resources",
    "patient_survey",
    "setting",
    "vacancy_over_6_months",
];

/// How a finding is given.
#[derive(Debug, Clone, Copy)]
enum As {
    Count,
    Percent,
    Ratio,
}

/// What is asked of a service's answer.
#[derive(Debug, Clone, Copy)]
enum Test {
    /// It says yes.
    Flag,
    /// This option is among those chosen.
    Has(&'static str),
    /// Governance meets in this class.
    Meets(Governance),
    /// Two or more are responsible for monitoring.
    SeveralResponsible,
    /// Anything but `none` is chosen.
    AnyButNone,
}

impl Test {
    /// What the answer says; `None` where it says nothing.
    fn of(self, fact: &Fact) -> Option<bool> {
        match self {
            Self::Flag => fact.flag(),
            Self::Has(code) => fact.has(code),
            Self::Meets(class) => Governance::of(fact).map(|found| found == class),
            Self::SeveralResponsible => multiple_responsible(fact),
            Self::AnyButNone => fact.codes().map(|codes| codes.iter().any(|code| code != "none")),
        }
    }
}

/// The answers that findings count by their codes: facts, each with codes of which a questionnaire offers at least one, or
/// nobody would be counted.
pub fn counted_codes() -> BTreeSet<(&'static str, Vec<&'static str>)> {
    let of_class =
        |class| Governance::CODES.iter().filter(move |(_, of)| *of == class).map(|(code, _)| *code).collect();
    let codes = |test: Test| match test {
        Test::Has(code) => Some(vec![code]),
        Test::Meets(class) => Some(of_class(class)),
        Test::Flag | Test::SeveralResponsible | Test::AnyButNone => None,
    };
    SHARES.iter().filter_map(|(_, fact, test, _)| Some((*fact, codes(*test)?))).collect()
}

/// The option by which the FLS itself gives the first prescription.
const PRESCRIBES: &str = "fls_prescribes";

/// The findings that are a share of the services that answered: key, fact, what is asked of the answer, how it is given.
const SHARES: &[(&str, &str, Test, As)] = &[
    ("fac.vacancy_over_6m", "vacancy_over_6_months", Test::Flag, As::Ratio),
    ("fac.setting.acute", "setting", Test::Has("acute"), As::Percent),
    ("fac.setting.community", "setting", Test::Has("community"), As::Percent),
    ("fac.setting.other", "setting", Test::Has("other"), As::Percent),
    ("fac.monitoring.services", "monitoring_provided", Test::Flag, As::Count),
    // Asked of the services that monitor alone.
    ("fac.monitoring.scope_adherence", "monitoring_scope", Test::Has("adherence"), As::Percent),
    ("fac.monitoring.multiple_responsible", "monitoring_responsible", Test::SeveralResponsible, As::Percent),
    ("fac.monitoring.by_coordinator", "monitoring_responsible", Test::Has("fls_coordinator"), As::Percent),
    (
        "fac.monitoring.by_primary_care_physician",
        "monitoring_responsible",
        Test::Has("primary_care_physician"),
        As::Percent,
    ),
    ("fac.monitoring.by_specialist_nurse", "monitoring_responsible", Test::Has("specialist_nurse"), As::Percent),
    ("fac.governance.none.n", "governance_frequency", Test::Meets(Governance::None), As::Count),
    ("fac.governance.none.pct", "governance_frequency", Test::Meets(Governance::None), As::Percent),
    ("fac.governance.6_weeks", "governance_frequency", Test::Meets(Governance::SixWeeks), As::Count),
    ("fac.governance.2_6_months", "governance_frequency", Test::Meets(Governance::SixMonths), As::Count),
    ("fac.governance.12_months", "governance_frequency", Test::Meets(Governance::Year), As::Count),
    ("fac.governance.patient_rep", "patient_involvement", Test::Has("governance_meetings"), As::Count),
    ("fac.prescribes", "first_prescription", Test::Has(PRESCRIBES), As::Percent),
    ("fac.survey", "patient_survey", Test::Flag, As::Percent),
    ("fac.falls.conducting", "falls_assessment", Test::Has("conducts"), As::Percent),
    ("fac.falls.referring", "falls_assessment", Test::Has("refers"), As::Percent),
    ("fac.falls.not_conducting", "falls_assessment", Test::Has("neither"), As::Percent),
    ("fac.patient_resources.pct", "patient_resources", Test::AnyButNone, As::Percent),
    ("fac.patient_resources.n", "patient_resources", Test::AnyButNone, As::Count),
];

/// How often a service's governance meets, in the report's classes: the rarer is the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Governance {
    /// No regular meetings.
    None,
    /// Over 6 and up to 12 months.
    Year,
    /// Over 6 weeks and up to 6 months.
    SixMonths,
    /// At least every 6 weeks.
    SixWeeks,
}

impl Governance {
    /// The fact that says it.
    pub const FACT: &'static str = "governance_frequency";

    /// The options of the question, each with its class.
    pub const CODES: &'static [(&'static str, Self)] = &[
        ("monthly", Self::SixWeeks),
        ("up_to_6_weeks", Self::SixWeeks),
        ("2_to_6_months", Self::SixMonths),
        ("7_to_12_months", Self::Year),
        ("none", Self::None),
    ];

    /// The class of an answer.
    pub fn of(fact: &Fact) -> Option<Self> {
        let chosen = fact.codes()?.first()?;
        Self::CODES.iter().find(|(code, _)| code == chosen).map(|(_, class)| *class)
    }
}

/// The FLS itself gives the first prescription, of an answer to `first_prescription`.
pub fn prescribes(fact: &Fact) -> Option<bool> {
    fact.has(PRESCRIBES)
}

/// Two or more are responsible for monitoring, of an answer to `monitoring_responsible`.
pub fn multiple_responsible(fact: &Fact) -> Option<bool> {
    fact.codes().map(|codes| codes.iter().filter(|code| *code != "none").count() > 1)
}

/// The figures over services that submitted a response.
pub(super) fn values(inputs: &YearInputs, services: &BTreeSet<String>) -> Values {
    let mut values = Values::new();
    if services.is_empty() {
        return values;
    }
    let all = Share { yes: services.len(), of: services.len(), n: services.len() };
    put(&mut values, "fac.respondents", all.count().map(|value| Value { denominator: None, ..value }));
    let staffing: Vec<&StaffingFacts> = services.iter().filter_map(|service| inputs.staffing.get(service)).collect();
    let people: Vec<f64> =
        staffing.iter().filter_map(|facts| facts.population_all_ages).map(crate::domain::kpi::real).collect();
    put(&mut values, "fac.population_mean", mean(&people, 1.0));
    let wte = |of: fn(&StaffingFacts) -> Option<Hundredths>| -> Vec<f64> {
        staffing.iter().filter_map(|facts| of(facts)).map(|wte| crate::domain::kpi::real(wte.0)).collect()
    };
    // Added up in hundredths, in which they are whole.
    put(&mut values, "fac.nurse_wte_mean", mean(&wte(|facts| facts.nurses.in_post), 100.0));
    put(&mut values, "fac.admin_wte_mean", mean(&wte(|facts| facts.administrators.in_post), 100.0));
    let answers = |fact: &str| {
        let by_service = inputs.facts.get(fact);
        services.iter().filter_map(move |service| by_service.and_then(|answers| answers.get(service)))
    };
    let shares: Vec<f64> =
        answers("nurse_admin_share").filter_map(Fact::measure).map(|share| crate::domain::kpi::real(share.0)).collect();
    put(&mut values, "fac.nurse_admin_time_share", mean(&shares, 10_000.0));
    for (key, fact, test, given) in SHARES {
        let said: Vec<bool> = answers(fact).filter_map(|answer| test.of(answer)).collect();
        let share = Share { yes: said.iter().filter(|yes| **yes).count(), of: said.len(), n: said.len() };
        let value = match given {
            As::Count => share.count(),
            As::Percent => share.percent(),
            As::Ratio => share.ratio(),
        };
        put(&mut values, key, value);
    }
    values
}

/// The mean of whole numbers of some part of a unit.
fn mean(numbers: &[f64], parts: f64) -> Option<Value> {
    #[expect(clippy::cast_precision_loss, reason = "a number of services")]
    let n = numbers.len() as f64;
    let sum = numbers.iter().sum::<f64>();
    let value = sum / (n * parts);
    (n > 0.0).then(|| Value { value, numerator: Some(sum / parts), denominator: Some(n), n: Some(numbers.len()) })
}
