//! Recommendations 4 to 13 of the FLS-DB annual report, January 2023 (page 8): in our own words, and when a service's answers
//! or KPIs call for those of them that are for services (4 to 11). 12 and 13 are for those who decide about services.
//!
//! A recommendation is called for by something that the service said or that its counts show, never by what is missing:
//! an item that is not answered, not asked or not known triggers nothing.

use std::collections::BTreeMap;

use crate::domain::questionnaire::answer::AnswerValue;
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::workforce::gap::{GapRow, Position};
use crate::domain::workforce::standard::Role;

/// Where the recommendations are from.
pub const SOURCE: &str = "FLS-DB annual report, January 2023, page 8";

/// The numbers of those that are for services.
pub const NUMBERS: std::ops::RangeInclusive<i32> = 4..=11;

/// What a recommendation asks for, in our own words.
pub fn words(number: i32) -> &'static str {
    match number {
        4 => "Find out why fewer than 80% of the expected patients are found, and agree a plan to find more.",
        5 => "Look for fractures of the spine first: they foretell more fractures than those below the knee.",
        6 => "Review how treatment is decided where fewer than half of the patients are recommended any.",
        7 => {
            "Get back to at least 80% of those who were recommended treatment, also where another team gives the injection."
        }
        8 => "Meet every month about governance, report to the executive team, and look at the audit's figures there.",
        9 => {
            "Have an improvement team with two patients or carers, clinicians, administration and management, and complete a \
             cycle every year."
        }
        10 => "Compare with the region's services and share with them what works.",
        11 => {
            "Make the case to local decision makers for the staff that the local need calls for, with the ROS's tools."
        }
        12 => {
            "Meet with everybody concerned, patients and the ROS among them, about how the local need can be met, and plan \
             services that last, are funded to last and are built on the KPIs."
        }
        13 => {
            "Commission services for the whole path of preventing a second fracture, have them take part in the audit, and \
             see that each completes an improvement cycle every year."
        }
        _ => "",
    }
}

/// What the figures say, in per cent, unrounded; a KPI without data is not there.
pub type KpiPercents = BTreeMap<i32, f64>;

/// A recommendation that is called for, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triggered {
    /// Its number in the report.
    pub number: i32,
    /// What calls for it, a clause each.
    pub because: Vec<String>,
}

/// The recommendations that a response, its KPIs and its gap (on every basis) call for, by number.
pub fn triggered(shown: &Shown<'_>, kpis: &KpiPercents, gaps: &[&GapRow]) -> Vec<Triggered> {
    NUMBERS
        .map(|number| Triggered { number, because: because(number, shown, kpis, gaps) })
        .filter(|triggered| !triggered.because.is_empty())
        .collect()
}

/// What calls for each recommendation: KPIs and items. 11 goes by the gap.
const INPUTS: [(i32, &[i32], &[&str]); 7] = [
    (4, &[2], &[]),
    (5, &[3], &["identify_vertebral"]),
    (6, &[7], &[]),
    (7, &[9, 10, 11], &["monitoring_provided", "injectable_follow_up"]),
    (8, &[], &["governance_frequency", "governance_reports_to", "audit_data_reviewed"]),
    (9, &[], &["improvement_team", "patients_in_improvement_team", "improvement_cycles"]),
    (10, &[], &["regional_benchmarking", "regional_network"]),
];

/// Whether it can be said at all whether a service calls for a recommendation: something that could call for it is known.
pub fn can_be_said(number: i32, shown: &Shown<'_>, kpis: &KpiPercents, gaps: &[&GapRow]) -> bool {
    if number == 11 {
        let is_known = |row: &&GapRow| {
            [Role::Nurse, Role::Administrator].iter().any(|role| row.role(*role).position != Position::Missing)
        };
        return gaps.iter().any(is_known);
    }
    let found = INPUTS.iter().find(|(of, ..)| *of == number);
    found.is_some_and(|(_, of_kpis, items)| {
        of_kpis.iter().any(|kpi| kpis.contains_key(kpi)) || items.iter().any(|item| shown.value(item).is_some())
    })
}

fn because(number: i32, shown: &Shown<'_>, kpis: &KpiPercents, gaps: &[&GapRow]) -> Vec<String> {
    let answers = Answers(shown);
    let below = |kpi: i32, edge: f64| {
        let percent = kpis.get(&kpi).copied().filter(|percent| *percent < edge)?;
        Some(format!("KPI {kpi} is {percent:.1}%, below {edge}%"))
    };
    let said = |holds: bool, words: &str| holds.then(|| words.to_owned());
    let found = match number {
        4 => vec![below(2, 80.0)],
        5 => vec![
            below(3, 50.0),
            said(answers.has("identify_vertebral", "none"), "fractures of the spine are not looked for (3.4)"),
        ],
        6 => vec![below(7, 50.0)],
        7 => vec![
            below(9, 80.0),
            below(10, 80.0),
            below(11, 80.0),
            said(answers.is("monitoring_provided", false), "patients are not monitored (8.0)"),
            said(
                answers.has("injectable_follow_up", "no") || answers.has("injectable_follow_up", "some"),
                "not all of those referred for injections are followed up (8.5)",
            ),
        ],
        8 => vec![
            said(answers.lacks("governance_frequency", "monthly"), "governance meetings are not monthly (10.1)"),
            said(
                answers.lacks("governance_reports_to", "executive_or_board"),
                "they do not report to the executive team (10.2)",
            ),
            said(answers.is("audit_data_reviewed", false), "the audit's data are not looked at in them (10.5)"),
        ],
        9 => {
            let team = ["clinicians", "administration", "management", "patients_or_carers"];
            let incomplete = team.iter().any(|who| answers.lacks("improvement_team", who));
            vec![
                said(incomplete, "the improvement team lacks some of those who should be on it (10.3b)"),
                said(answers.under("patients_in_improvement_team", 2), "fewer than two patients are on it (10.3a)"),
                said(answers.under("improvement_cycles", 1), "no improvement cycle was completed (10.4)"),
            ]
        }
        10 => vec![
            said(answers.is("regional_benchmarking", false), "regional benchmarking is not used (10.6)"),
            said(answers.is("regional_network", false), "the service is in no regional network (10.6a)"),
        ],
        11 => {
            let short = |role: Role, name: &str| {
                let on = gaps.iter().filter(|row| row.role(role).position == Position::Below).count();
                let bases = match (on, gaps.len()) {
                    (0, _) => return None,
                    (on, all) if on == all => "on every basis",
                    _ => "on one of the two bases",
                };
                Some(format!("{name} are below the recommended range {bases}"))
            };
            vec![short(Role::Nurse, "nurses"), short(Role::Administrator, "administrators")]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// Reads the answers of the items that are shown.
struct Answers<'a>(&'a Shown<'a>);

impl Answers<'_> {
    fn chosen(&self, item: &str) -> Option<Vec<&str>> {
        match self.0.value(item)? {
            AnswerValue::Choice(code) => Some(vec![code]),
            AnswerValue::Choices(codes) => Some(codes.iter().map(String::as_str).collect()),
            _ => None,
        }
    }

    /// The option is chosen.
    fn has(&self, item: &str, code: &str) -> bool {
        self.chosen(item).is_some_and(|chosen| chosen.contains(&code))
    }

    /// Something is chosen, and not this.
    fn lacks(&self, item: &str, code: &str) -> bool {
        self.chosen(item).is_some_and(|chosen| !chosen.contains(&code))
    }

    /// The answer is this yes or no.
    fn is(&self, item: &str, wanted: bool) -> bool {
        self.0.value(item) == Some(&AnswerValue::Boolean(wanted))
    }

    /// The number is answered and below this.
    fn under(&self, item: &str, edge: i64) -> bool {
        matches!(self.0.value(item), Some(AnswerValue::Integer(number)) if *number < edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::questionnaire::answer::{Answer, AnswerStatus, Document};
    use crate::domain::questionnaire::definition::Questionnaire;
    use crate::formats::seeds::{SeedFiles, read_reference};

    fn questionnaire() -> Questionnaire {
        read_reference(&SeedFiles::Embedded).unwrap().questionnaires.remove("2022.1").unwrap()
    }

    fn document(answers: &[(&str, AnswerValue)]) -> Document {
        let answer = |value: &AnswerValue| Answer {
            version: 1,
            status: AnswerStatus::Answered,
            value: Some(value.clone()),
            entered: None,
            explanation: None,
            carried_from: None,
            confirmed: false,
            changed_at: chrono::DateTime::UNIX_EPOCH,
            changed_by: "command".into(),
        };
        Document { answers: answers.iter().map(|(id, value)| ((*id).to_owned(), answer(value))).collect() }
    }

    fn numbers(answers: &[(&str, AnswerValue)], kpis: &[(i32, f64)]) -> Vec<i32> {
        let (questionnaire, document) = (questionnaire(), document(answers));
        let shown = Shown::new(&questionnaire, &document);
        let kpis = kpis.iter().copied().collect();
        triggered(&shown, &kpis, &[]).into_iter().map(|found| found.number).collect()
    }

    fn choice(code: &str) -> AnswerValue {
        AnswerValue::Choice(code.into())
    }

    #[test]
    fn what_is_missing_calls_for_nothing() {
        assert!(numbers(&[], &[]).is_empty());
    }

    /// The edges are the report's: less than 80 % (4), less than 50 % (6), at least 80 % (7).
    #[test]
    fn kpis_trigger_below_the_edges_of_the_report() {
        assert_eq!(numbers(&[], &[(2, 79.99), (3, 49.9), (7, 49.99), (9, 79.9)]), [4, 5, 6, 7]);
        assert!(numbers(&[], &[(2, 80.0), (3, 50.0), (7, 50.0), (9, 80.0), (10, 80.0), (11, 103.0)]).is_empty());
    }

    #[test]
    fn answers_trigger_what_they_say() {
        assert_eq!(numbers(&[("governance_frequency", choice("none"))], &[]), [8]);
        assert!(numbers(&[("governance_frequency", choice("monthly"))], &[]).is_empty());
        assert_eq!(numbers(&[("monitoring_provided", AnswerValue::Boolean(false))], &[]), [7]);
        assert_eq!(numbers(&[("improvement_cycles", AnswerValue::Integer(0))], &[]), [9]);
        assert!(numbers(&[("improvement_cycles", AnswerValue::Integer(1))], &[]).is_empty());
        assert_eq!(numbers(&[("regional_network", AnswerValue::Boolean(false))], &[]), [10]);
        for number in NUMBERS.chain([12, 13]) {
            assert!(!words(number).is_empty());
        }
    }
}
