//! The order in which findings are printed, what each is called, and its unit.

use super::published::PublishedFact;
use super::{NationalFindings, Value};

/// A group of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its heading.
    pub title: &'static str,
    /// What its figures are of.
    pub of: &'static str,
    /// Its findings: key, words, unit.
    pub findings: &'static [(&'static str, &'static str, &'static str)],
}

const OF_SERVICES: &str = "% of services";

/// Every finding in the order of the page.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Who took part",
        of: "Services in the clinical figures have more records than the year's method asks for and lie in England or \
             Wales. The facilities audit is of every service that submitted a response.",
        findings: &[
            ("participation.fls_in_report", "Services in the clinical figures", "services"),
            ("fac.respondents", "Services in the facilities figures", "services"),
            ("inclusion.excluded_services", "Services left out because they have too few records", "services"),
            ("records.total", "Patient records", "patient records"),
            ("patients.men_n", "Records of men", "patient records"),
            ("patients.men_pct", "Records of men, of all records", "%"),
            ("nhfd.unmapped_hospitals", "Hospitals that no service covers", "hospitals"),
            ("nhfd.unmapped_hospitals_pct", "Hospitals that no service covers, of all", "%"),
        ],
    },
    Group {
        title: "The 11 KPIs",
        of: "Pooled: patients added up over the services that have the figure. KPI 1 is the share of services whose data \
             are complete.",
        findings: &[
            ("kpi1.national", "KPI 1: data completeness", "%"),
            ("kpi2.national", "KPI 2: identification of all fragility fractures", "%"),
            ("kpi3.national", "KPI 3: identification of spine fractures", "%"),
            ("kpi4.national", "KPI 4: assessment within 90 days", "%"),
            ("kpi5.national", "KPI 5: bone density scan within 90 days", "%"),
            ("kpi6.national", "KPI 6: falls risk assessment", "%"),
            ("kpi7.national", "KPI 7: bone therapy recommended", "%"),
            ("kpi8.national", "KPI 8: strength and balance training started within 16 weeks", "%"),
            ("kpi9.national", "KPI 9: monitoring contact within 16 weeks", "%"),
            ("kpi10.national", "KPI 10: bone therapy started by the first follow-up", "%"),
            ("kpi11.national", "KPI 11: adherence at 12 months", "%"),
        ],
    },
    Group {
        title: "Services at or above each threshold",
        of: "Services in the clinical figures. The share is of all of them: one without the figure is not above it.",
        findings: &[
            ("kpi2.range_min", "KPI 2: the lowest of a service", "%"),
            ("kpi2.range_max", "KPI 2: the highest of a service", "%"),
            ("kpi2.services_over_1000_cases.n", "Over 1,000 records", "services"),
            ("kpi2.services_over_1000_cases.pct", "Over 1,000 records", OF_SERVICES),
            ("kpi2.services_over_50pct.n", "KPI 2 over 50%", "services"),
            ("kpi2.services_over_50pct.pct", "KPI 2 over 50%", OF_SERVICES),
            ("kpi2.services_over_80pct.n", "KPI 2 over 80%", "services"),
            ("kpi2.services_over_80pct.pct", "KPI 2 over 80%", OF_SERVICES),
            ("kpi3.services_any_spine.n", "KPI 3: at least one patient", "services"),
            ("kpi3.services_any_spine.pct", "KPI 3: at least one patient", OF_SERVICES),
            ("kpi3.services_at_least_50pct.n", "KPI 3 at least 50%", "services"),
            ("kpi3.services_at_least_50pct.pct", "KPI 3 at least 50%", OF_SERVICES),
            ("kpi4.services_over_80pct.n", "KPI 4 over 80%", "services"),
            ("kpi4.services_over_80pct.pct", "KPI 4 over 80%", OF_SERVICES),
            ("kpi5.services_over_80pct_under75.n", "KPI 5 over 80%, patients under 75", "services"),
            ("kpi5.services_over_80pct_under75.pct", "KPI 5 over 80%, patients under 75", OF_SERVICES),
            ("kpi6.services_over_80pct.n", "KPI 6 over 80%", "services"),
            ("kpi6.services_over_80pct.pct", "KPI 6 over 80%", OF_SERVICES),
            ("kpi6.services_100pct_75plus.n", "KPI 6 100%, patients of 75 and over", "services"),
            ("kpi6.services_100pct_75plus.pct", "KPI 6 100%, patients of 75 and over", OF_SERVICES),
            ("kpi6.services_100pct_under75.n", "KPI 6 100%, patients under 75", "services"),
            ("kpi6.services_100pct_under75.pct", "KPI 6 100%, patients under 75", OF_SERVICES),
            ("kpi7.services_at_least_50pct.n", "KPI 7 at least 50%", "services"),
            ("kpi7.services_at_least_50pct.pct", "KPI 7 at least 50%", OF_SERVICES),
            ("kpi7.services_inappropriate_over_50pct.n", "KPI 7: inappropriate for over 50%", "services"),
            ("kpi7.services_inappropriate_over_50pct.pct", "KPI 7: inappropriate for over 50%", OF_SERVICES),
            (
                "kpi7.declined_max",
                "KPI 7: the highest share that declined, of a service",
                "% (less than, all services)",
            ),
            ("kpi7.services_dont_know_over_50pct.n", "KPI 7: not known for over 50%", "services"),
            ("kpi7.services_dont_know_over_50pct.pct", "KPI 7: not known for over 50%", OF_SERVICES),
            ("kpi8.services_over_50pct.n", "KPI 8 over 50%", "services"),
            ("kpi9.services_at_least_50pct.n", "KPI 9 at least 50%", "services"),
            ("kpi9.services_at_least_50pct.pct", "KPI 9 at least 50%", OF_SERVICES),
            ("kpi10.services_over_50pct.n", "KPI 10 over 50%", "services"),
            ("kpi10.services_over_50pct.pct", "KPI 10 over 50%", OF_SERVICES),
            ("kpi11.services_over_50pct.n", "KPI 11 over 50%", "services"),
            ("kpi11.services_over_50pct.pct", "KPI 11 over 50%", OF_SERVICES),
        ],
    },
    Group {
        title: "Men and women, at home and in care homes",
        of: "Patients added up over the services whose counts are split so.",
        findings: &[
            ("ineq.falls_under75.men", "KPI 6, under 75: men", "%"),
            ("ineq.falls_under75.women", "KPI 6, under 75: women", "%"),
            ("ineq.falls_75plus.men", "KPI 6, 75 and over: men", "%"),
            ("ineq.falls_75plus.women", "KPI 6, 75 and over: women", "%"),
            ("ineq.dxa90.men", "KPI 5: men", "%"),
            ("ineq.dxa90.women", "KPI 5: women", "%"),
            ("ineq.followup16_carehome_75plus", "KPI 9, 75 and over in care homes", "%"),
            ("ineq.followup16_carehome_under75", "KPI 9, under 75 in care homes", "%"),
        ],
    },
    Group {
        title: "Setting and population",
        of: "Of the services that answered the question.",
        findings: &[
            ("fac.setting.acute", "Based in an acute setting", OF_SERVICES),
            ("fac.setting.community", "Based in the community", OF_SERVICES),
            ("fac.setting.other", "Based elsewhere", OF_SERVICES),
            ("fac.population_mean", "Mean population as reported, people of all ages", "people"),
        ],
    },
    Group {
        title: "Staffing and vacancies",
        of: "Means over the services that gave the figure.",
        findings: &[
            ("fac.nurse_wte_mean", "Nurses in post, mean", "WTE"),
            ("fac.admin_wte_mean", "Administrators in post, mean", "WTE"),
            ("fac.vacancy_over_6m", "A post vacant for over 6 months", "share of services"),
            ("fac.nurse_admin_time_share", "Nurse time spent on administration, mean", "share of nurse time (approx.)"),
        ],
    },
    Group {
        title: "Treatment and falls",
        of: "Of the services that answered the question.",
        findings: &[
            ("fac.prescribes", "The FLS gives the first prescription", OF_SERVICES),
            ("fac.falls.conducting", "Falls assessment: done by the FLS", OF_SERVICES),
            ("fac.falls.referring", "Falls assessment: the FLS refers", OF_SERVICES),
            ("fac.falls.not_conducting", "Falls assessment: neither", OF_SERVICES),
        ],
    },
    Group {
        title: "Monitoring",
        of: "Of the services that answered the question; what monitoring covers is asked of those that monitor.",
        findings: &[
            ("fac.monitoring.services", "Monitor their patients", "services"),
            ("fac.monitoring.scope_adherence", "Monitoring covers adherence", "% (nearly)"),
            ("fac.monitoring.multiple_responsible", "More than one is responsible", OF_SERVICES),
            ("fac.monitoring.by_coordinator", "The FLS coordinator is responsible", OF_SERVICES),
            ("fac.monitoring.by_specialist_nurse", "A specialist nurse is responsible", OF_SERVICES),
            ("fac.monitoring.by_primary_care_physician", "The primary care physician is responsible", OF_SERVICES),
        ],
    },
    Group {
        title: "Governance, surveys and resources",
        of: "Of the services that answered the question.",
        findings: &[
            ("fac.governance.6_weeks", "Governance meets at least every 6 weeks", "services"),
            ("fac.governance.2_6_months", "Governance meets every 2 to 6 months", "services"),
            ("fac.governance.12_months", "Governance meets once in 7 to 12 months", "services"),
            ("fac.governance.none.n", "No regular governance meetings", "services"),
            ("fac.governance.none.pct", "No regular governance meetings", OF_SERVICES),
            ("fac.governance.patient_rep", "Patients or carers in governance meetings", "services"),
            ("fac.survey", "Ran a patient or carer survey", OF_SERVICES),
            ("fac.patient_resources.n", "Use the audit's patient resources", "services"),
            ("fac.patient_resources.pct", "Use the audit's patient resources", OF_SERVICES),
        ],
    },
    Group {
        title: "The method",
        of: "What the year's method says of itself.",
        findings: &[
            ("inclusion.min_records", "Records that a service needs more than", "records (more than)"),
            ("inclusion.age_min", "Patients from this age on", "years"),
            ("kpi.count", "KPIs", "KPIs"),
            ("kpi1.live_kpis", "KPIs that are counted", "KPIs"),
            ("kpi1.rule.min_kpis_complete", "KPI 1: KPIs that must be complete", "KPIs"),
            ("kpi1.rule.completion_threshold", "KPI 1: a KPI is complete from", "% (greater than)"),
            ("kpi1.rule.kpi_share_threshold", "KPI 1: share of KPIs that must be complete", "% of KPIs (at least)"),
            ("kpi2.rule_of_5", "Expected cases for each hip fracture", "x NHFD hip fractures"),
            ("kpi2.target", "KPI 2: green from", "%"),
            ("kpi7.target", "KPI 7: green from", "%"),
            ("kpi8.age_over", "KPI 8: patients older than", "years (over)"),
            ("kpi9_11.target", "KPIs 9 to 11: green from", "%"),
            ("map.red_max", "KPI 2: red under", "% (less than)"),
            ("map.green_min", "KPI 2: green from", "% (at least)"),
        ],
    },
    Group {
        title: "Change",
        of: "From the earlier round to this one.",
        findings: &[("fac.population_change_pct", "Change of the mean population", "%")],
    },
];

/// The published unit of a finding.
pub fn unit(key: &str) -> Option<&'static str> {
    let all = GROUPS.iter().flat_map(|group| group.findings);
    all.clone().find(|(known, ..)| *known == key).map(|(_, _, unit)| *unit)
}

/// What a finding is called.
pub fn label(key: &str) -> Option<&'static str> {
    let mut all = GROUPS.iter().flat_map(|group| group.findings);
    all.find(|(known, ..)| *known == key).map(|(_, label, _)| *label)
}

/// A figure with the published one beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    /// Ours.
    pub value: Option<Value>,
    /// As printed.
    pub published: Option<String>,
    /// Whether ours is the published figure, as far as that was printed.
    pub agrees: Option<bool>,
    /// Ours over the services that count in both years.
    pub matched: Option<Value>,
}

/// A finding of two years.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its words.
    pub label: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Of the earlier year; of a change nothing.
    pub before: Laid,
    /// Of this year, or the change.
    pub now: Laid,
}

impl NationalFindings {
    /// The findings in groups; those without any figure are left out.
    pub fn groups(&self, published: &[PublishedFact]) -> Vec<(&'static Group, Vec<Row>)> {
        let lay = |key: &str, year: &str, value: Option<Value>, matched: Option<Value>| {
            let printed = published.iter().find(|fact| fact.key == key && fact.year == year);
            let agrees = printed.zip(value).and_then(|(printed, value)| printed.agrees(value.value));
            Laid { value, published: printed.map(|fact| fact.value.clone()), agrees, matched }
        };
        let row = |(key, label, unit): &(&'static str, &'static str, &'static str)| {
            let (year_now, year_before) = (self.now.year.to_string(), self.before.as_ref().map(|b| b.year.to_string()));
            let before = self.before.as_ref().map(|before| (before, year_before.as_deref().unwrap_or_default()));
            let laid_before = before.map_or_else(
                || Laid { value: None, published: None, agrees: None, matched: None },
                |(before, year)| lay(key, year, before.values.get(*key).copied(), before.matched.get(*key).copied()),
            );
            let now = match (self.changes.get(*key), before) {
                (Some(change), Some((_, year))) => lay(key, &format!("{year}-{year_now}"), Some(*change), None),
                _ => lay(key, &year_now, self.now.values.get(*key).copied(), self.now.matched.get(*key).copied()),
            };
            let any = now.value.is_some() || laid_before.value.is_some();
            any.then_some(Row { label, unit, before: laid_before, now })
        };
        let groups = GROUPS.iter().map(|group| (group, group.findings.iter().filter_map(row).collect::<Vec<_>>()));
        groups.filter(|(_, rows)| !rows.is_empty()).collect()
    }
}
