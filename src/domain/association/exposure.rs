//! What a service answered that performance is laid beside: staffing, vacancies, governance, monitoring.

use super::inputs::{RoundData, ServiceYear};
use crate::domain::findings::{Governance, multiple_responsible, prescribes};
use crate::domain::hundredths::Hundredths;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::gap::population_on;
use crate::domain::workforce::standard::{Basis, Role};

/// Whose WTE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Staff {
    /// Nurses.
    Nurses,
    /// Administrators.
    Administrators,
    /// Every role of the questionnaire's grid.
    All,
}

impl From<Role> for Staff {
    fn from(role: Role) -> Self {
        match role {
            Role::Nurse => Self::Nurses,
            Role::Administrator => Self::Administrators,
        }
    }
}

/// What WTE are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// 100,000 people.
    People(Basis),
    /// 1,000 expected cases.
    Cases,
}

/// An exposure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// WTE in post by the size of the task.
    Wte(Staff, Per),
    /// In post as a share of the higher end of the recommended need.
    Cover(Role, Basis),
    /// Nurse WTE for each administrator WTE.
    NurseAdministratorRatio,
    /// The share of nurse time that goes on administration.
    NurseAdminShare,
    /// A post was vacant for over six months.
    VacancyOver6Months,
    /// The share of the establishment that is vacant.
    VacancyRate,
    /// How often governance meets.
    GovernanceFrequency,
    /// Patients or carers are involved.
    PatientInvolvement,
    /// The service monitors.
    MonitoringProvided,
    /// Who is responsible for monitoring.
    MonitoringResponsible,
    /// The service gives the first prescription itself.
    DirectPrescribing,
    /// Who assesses the risk of falling.
    FallsAssessment,
    /// Patients or carers were surveyed.
    PatientSurvey,
    /// Where the service is based.
    Setting,
    /// How it is contracted.
    Contract,
}

/// One of the groups that an exposure sorts services into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// The stable word.
    pub code: &'static str,
    /// On pages and in sentences.
    pub label: &'static str,
}

const fn level(code: &'static str, label: &'static str) -> Level {
    Level { code, label }
}

/// What kind of variable an exposure is, which decides its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number in a unit; a model speaks of `step` units at a time.
    Number {
        /// What one is.
        unit: &'static str,
        /// How many a model's odds ratio is for.
        step: f64,
    },
    /// No (level 0) or yes (level 1).
    Flag,
    /// Groups in increasing order.
    Ordered(&'static [Level]),
    /// Groups without order; a model compares with the first.
    Groups(&'static [Level]),
}

impl Kind {
    /// The word in the API and the codebook.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number { .. } => "number",
            Self::Flag => "flag",
            Self::Ordered(_) => "ordered",
            Self::Groups(_) => "groups",
        }
    }

    /// Its groups; none where it is a number.
    pub fn levels(self) -> &'static [Level] {
        match self {
            Self::Number { .. } => &[],
            Self::Flag => &FLAG,
            Self::Ordered(levels) | Self::Groups(levels) => levels,
        }
    }
}

/// Of a question that is answered by yes or no.
const FLAG: [Level; 2] = [level("no", "No"), level("yes", "Yes")];

const GOVERNANCE: [Level; 4] = [
    level("none", "No regular meetings"),
    level("yearly", "Every 7 to 12 months"),
    level("2_to_6_months", "Every 2 to 6 months"),
    level("6_weeks", "At least every 6 weeks"),
];

const RESPONSIBLE: [Level; 4] = [
    level("single", "One, not primary care"),
    level("several", "Several"),
    level("primary_care", "Primary care only"),
    level("none", "Nobody"),
];

const FALLS: [Level; 3] =
    [level("conducts", "The service does it"), level("refers", "Refers elsewhere"), level("neither", "Neither")];

const SETTING: [Level; 3] =
    [level("acute", "Acute hospital"), level("community", "Community"), level("other", "Somewhere else")];

const CONTRACT: [Level; 6] = [
    level("block", "Block contract"),
    level("tariff_or_activity", "Tariff or activity"),
    level("local_or_pilot_fund", "Local or pilot fund"),
    level("charity_or_industry_fund", "Charity or industry fund"),
    level("no_separate_contract", "No separate contract"),
    level("other", "Another way"),
];

/// What an exposure says of one service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number in the exposure's unit.
    Number(f64),
    /// The place of its group, from 0.
    Level(usize),
}

/// Why an exposure says nothing of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The round does not ask it.
    NotAsked,
    /// The question does not apply to the service.
    NotApplicable,
    /// It was left unanswered.
    Unanswered,
    /// The service does not know.
    NotKnown,
    /// There is no population to divide by.
    NoPopulation,
    /// There is no expected caseload to divide by.
    NoCases,
    /// It would be a share of nothing: no administrators, or no establishment.
    OverNothing,
}

impl Missing {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::NotApplicable => "not_applicable",
            Self::Unanswered => "unanswered",
            Self::NotKnown => "not_known",
            Self::NoPopulation => "no_population",
            Self::NoCases => "no_expected_caseload",
            Self::OverNothing => "over_nothing",
        }
    }

    /// Why, of several services: `did not answer it`.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotAsked => "were not asked in this round",
            Self::NotApplicable => "were not asked, since it does not apply to them",
            Self::Unanswered => "did not answer it",
            Self::NotKnown => "answered that they do not know",
            Self::NoPopulation => "have no population to divide by",
            Self::NoCases => "have no expected caseload to divide by",
            Self::OverNothing => "have nothing to divide by, such as no administrators",
        }
    }
}

/// The facts that exposures are read from, beside those of staffing.
pub const FACTS: &[&str] = &[
    "staff_in_post",
    "staff_establishment",
    "nurse_admin_share",
    "vacancy_over_6_months",
    "governance_frequency",
    "patient_involvement",
    "monitoring_provided",
    "monitoring_responsible",
    "first_prescription",
    "falls_assessment",
    "patient_survey",
    "setting",
    "contract",
];

/// Every exposure with its stable key and its name in the middle of a sentence.
const NAMES: [(Exposure, &str, &str); 26] = {
    use Basis::{Aged50Plus, AsReported};
    use Exposure as E;
    use Per::{Cases, People};
    use Role::{Administrator, Nurse};
    use Staff::{Administrators, All, Nurses};
    [
        (E::Wte(Nurses, Cases), "nurse_wte_per_1000_cases", "nurse WTE per 1,000 expected cases"),
        (
            E::Wte(Nurses, People(AsReported)),
            "nurse_wte_per_100k",
            "nurse WTE per 100,000 people (population as reported)",
        ),
        (
            E::Wte(Nurses, People(Aged50Plus)),
            "nurse_wte_per_100k_50_plus",
            "nurse WTE per 100,000 people aged 50 and over",
        ),
        (
            E::Wte(Administrators, Cases),
            "administrator_wte_per_1000_cases",
            "administrator WTE per 1,000 expected cases",
        ),
        (
            E::Wte(Administrators, People(AsReported)),
            "administrator_wte_per_100k",
            "administrator WTE per 100,000 people (population as reported)",
        ),
        (
            E::Wte(Administrators, People(Aged50Plus)),
            "administrator_wte_per_100k_50_plus",
            "administrator WTE per 100,000 people aged 50 and over",
        ),
        (E::Wte(All, Cases), "total_wte_per_1000_cases", "total WTE per 1,000 expected cases"),
        (
            E::Wte(All, People(AsReported)),
            "total_wte_per_100k",
            "total WTE per 100,000 people (population as reported)",
        ),
        (
            E::Wte(All, People(Aged50Plus)),
            "total_wte_per_100k_50_plus",
            "total WTE per 100,000 people aged 50 and over",
        ),
        (E::Cover(Nurse, AsReported), "nurse_cover", "cover of the recommended nurses (population as reported)"),
        (E::Cover(Nurse, Aged50Plus), "nurse_cover_50_plus", "cover of the recommended nurses (aged 50 and over)"),
        (
            E::Cover(Administrator, AsReported),
            "administrator_cover",
            "cover of the recommended administrators (population as reported)",
        ),
        (
            E::Cover(Administrator, Aged50Plus),
            "administrator_cover_50_plus",
            "cover of the recommended administrators (aged 50 and over)",
        ),
        (E::NurseAdministratorRatio, "nurse_administrator_ratio", "nurse WTE for each administrator WTE"),
        (E::NurseAdminShare, "nurse_admin_share", "share of nurse time on administration"),
        (E::VacancyOver6Months, "vacancy_over_6_months", "a vacancy of over 6 months"),
        (E::VacancyRate, "vacancy_rate", "vacancy rate"),
        (E::GovernanceFrequency, "governance_frequency", "frequency of governance meetings"),
        (E::PatientInvolvement, "patient_involvement", "involvement of patients or carers"),
        (E::MonitoringProvided, "monitoring_provided", "monitoring provided by the service"),
        (E::MonitoringResponsible, "monitoring_responsible", "who is responsible for monitoring"),
        (E::DirectPrescribing, "direct_prescribing", "first prescription by the service itself"),
        (E::FallsAssessment, "falls_assessment", "who assesses the risk of falling"),
        (E::PatientSurvey, "patient_survey", "a survey of patients or carers"),
        (E::Setting, "setting", "setting"),
        (E::Contract, "contract", "contract"),
    ]
};

impl Exposure {
    /// All, in their usual order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(exposure, _, _)| *exposure)
    }

    /// By its key.
    pub fn of_key(key: &str) -> Option<Self> {
        NAMES.iter().find(|(_, found, _)| *found == key).map(|(exposure, _, _)| *exposure)
    }

    fn named(self) -> Option<&'static (Self, &'static str, &'static str)> {
        NAMES.iter().find(|(exposure, _, _)| *exposure == self)
    }

    /// The stable key, as plans, addresses and the API have it.
    pub fn key(self) -> &'static str {
        self.named().map_or("", |(_, key, _)| key)
    }

    /// The name in the middle of a sentence.
    pub fn name(self) -> &'static str {
        self.named().map_or("", |(_, _, name)| name)
    }

    /// What kind of variable it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Wte(..) => Kind::Number { unit: "WTE", step: 1.0 },
            Self::Cover(..) | Self::NurseAdminShare | Self::VacancyRate => Kind::Number { unit: "%", step: 10.0 },
            Self::NurseAdministratorRatio => Kind::Number { unit: "nurses for each administrator", step: 1.0 },
            Self::VacancyOver6Months
            | Self::PatientInvolvement
            | Self::MonitoringProvided
            | Self::DirectPrescribing
            | Self::PatientSurvey => Kind::Flag,
            Self::GovernanceFrequency => Kind::Ordered(&GOVERNANCE),
            Self::MonitoringResponsible => Kind::Groups(&RESPONSIBLE),
            Self::FallsAssessment => Kind::Groups(&FALLS),
            Self::Setting => Kind::Groups(&SETTING),
            Self::Contract => Kind::Groups(&CONTRACT),
        }
    }

    /// What it is about, as the heading over its rows.
    pub fn subject(self) -> &'static str {
        match self {
            Self::Wte(..) | Self::Cover(..) | Self::NurseAdministratorRatio | Self::NurseAdminShare => "Staffing",
            Self::VacancyOver6Months | Self::VacancyRate => "Vacancies",
            Self::GovernanceFrequency | Self::PatientInvolvement | Self::PatientSurvey => "Governance and patients",
            Self::MonitoringProvided | Self::MonitoringResponsible => "Monitoring",
            Self::DirectPrescribing | Self::FallsAssessment => "Treatment and falls",
            Self::Setting | Self::Contract => "Setting and contract",
        }
    }

    /// The exposure of which this one is a fixed multiple: cover is WTE per person over a ratio that is the same for all.
    /// It ranks services as that one does, so its tests are that one's, and they count once in a family.
    pub fn restates(self) -> Option<Self> {
        match self {
            Self::Cover(role, basis) => Some(Self::Wte(role.into(), Per::People(basis))),
            _ => None,
        }
    }

    /// Whether it and a KPI are divided by the same number, so that they move together by that alone: expected cases,
    /// which KPI 2 and 3 are over.
    pub fn is_coupled_with(self, kpi: i32) -> bool {
        matches!(self, Self::Wte(_, Per::Cases)) && matches!(kpi, 2 | 3)
    }

    /// Whether the figures of services tell how many WTE some staff have, of whom one may be a single person. A sum tells of
    /// each of its parts to who knows the others.
    pub fn tells_of(self, staff: Staff) -> bool {
        match self {
            Self::Wte(Staff::All, _) | Self::VacancyRate => true,
            Self::Wte(of, _) => of == staff,
            Self::Cover(role, _) => staff == role.into(),
            Self::NurseAdministratorRatio => staff != Staff::All,
            _ => false,
        }
    }

    /// What it says of a service that submitted a response.
    pub fn read(self, round: &RoundData, service: &ServiceYear) -> Result<Value, Missing> {
        let flag = |name: &str, test: fn(&Fact) -> Option<bool>| {
            let fact = round.fact(service, name)?;
            test(fact).map(|yes| Value::Level(usize::from(yes))).ok_or_else(|| silent(fact))
        };
        let choice = |name: &str, code: fn(&Fact) -> Option<&'static str>| {
            let fact = round.fact(service, name)?;
            let code = code(fact).ok_or_else(|| silent(fact))?;
            let place = self.kind().levels().iter().position(|level| level.code == code);
            place.map(Value::Level).ok_or(Missing::Unanswered)
        };
        match self {
            Self::Wte(staff, per) => {
                let wte = in_post(staff, round, service)?;
                let (of, parts) = match per {
                    Per::People(basis) => (people(basis, service)?, 100_000.0),
                    Per::Cases => (cases(service)?, 1000.0),
                };
                Ok(Value::Number(wte / of * parts))
            }
            Self::Cover(role, basis) => {
                let wte = in_post(role.into(), round, service)?;
                Ok(Value::Number(100.0 * wte / round.standard.need_high(role, people(basis, service)?)))
            }
            Self::NurseAdministratorRatio => {
                let nurses = in_post(Staff::Nurses, round, service)?;
                over(nurses, in_post(Staff::Administrators, round, service)?)
            }
            Self::NurseAdminShare => {
                let fact = round.fact(service, "nurse_admin_share")?;
                fact.measure().map(|share| Value::Number(share.as_f64())).ok_or_else(|| silent(fact))
            }
            Self::VacancyRate => {
                let establishment = measure(round, service, "staff_establishment")?;
                let in_post = measure(round, service, "staff_in_post")?;
                over(100.0 * (establishment - in_post).as_f64(), establishment.as_f64())
            }
            Self::VacancyOver6Months => flag("vacancy_over_6_months", Fact::flag),
            Self::PatientInvolvement => flag("patient_involvement", |fact| fact.has("none").map(|none| !none)),
            Self::MonitoringProvided => flag("monitoring_provided", Fact::flag),
            Self::DirectPrescribing => flag("first_prescription", prescribes),
            Self::PatientSurvey => flag("patient_survey", Fact::flag),
            Self::GovernanceFrequency => choice("governance_frequency", |fact| {
                Some(match Governance::of(fact)? {
                    Governance::None => "none",
                    Governance::Year => "yearly",
                    Governance::SixMonths => "2_to_6_months",
                    Governance::SixWeeks => "6_weeks",
                })
            }),
            Self::MonitoringResponsible => choice("monitoring_responsible", responsible),
            Self::FallsAssessment => choice("falls_assessment", |fact| one_of(fact, &FALLS)),
            Self::Setting => choice("setting", |fact| one_of(fact, &SETTING)),
            Self::Contract => choice("contract", |fact| one_of(fact, &CONTRACT)),
        }
    }
}

/// Why a fact has no value.
fn silent(fact: &Fact) -> Missing {
    match fact {
        Fact::NotApplicable => Missing::NotApplicable,
        Fact::NotKnown => Missing::NotKnown,
        Fact::Unanswered | Fact::Dimension(_) | Fact::Measure(_) | Fact::Flag(_) => Missing::Unanswered,
    }
}

fn measure(round: &RoundData, service: &ServiceYear, name: &str) -> Result<Hundredths, Missing> {
    let fact = round.fact(service, name)?;
    fact.measure().ok_or_else(|| silent(fact))
}

fn in_post(staff: Staff, round: &RoundData, service: &ServiceYear) -> Result<f64, Missing> {
    let staffing = service.staffing.unwrap_or_default();
    match staff {
        Staff::Nurses => staffing.nurses.in_post.map(Hundredths::as_f64).ok_or(Missing::Unanswered),
        Staff::Administrators => staffing.administrators.in_post.map(Hundredths::as_f64).ok_or(Missing::Unanswered),
        Staff::All => measure(round, service, "staff_in_post").map(Hundredths::as_f64),
    }
}

fn people(basis: Basis, service: &ServiceYear) -> Result<f64, Missing> {
    let population = population_on(basis, &service.staffing.unwrap_or_default(), service.share_50_plus.as_ref());
    population.map(|population| population.people).filter(|people| *people > 0.0).ok_or(Missing::NoPopulation)
}

fn cases(service: &ServiceYear) -> Result<f64, Missing> {
    service.expected.map(crate::domain::kpi::real).filter(|cases| *cases > 0.0).ok_or(Missing::NoCases)
}

fn over(part: f64, whole: f64) -> Result<Value, Missing> {
    if whole > 0.0 { Ok(Value::Number(part / whole)) } else { Err(Missing::OverNothing) }
}

fn one_of(fact: &Fact, levels: &[Level]) -> Option<&'static str> {
    let code = fact.codes()?.first()?;
    levels.iter().map(|level| level.code).find(|known| known == code)
}

fn responsible(fact: &Fact) -> Option<&'static str> {
    Some(match fact.codes()? {
        [] => return None,
        _ if multiple_responsible(fact)? => "several",
        [only] if only == "none" => "none",
        [only] if only == "primary_care_physician" => "primary_care",
        _ => "single",
    })
}
