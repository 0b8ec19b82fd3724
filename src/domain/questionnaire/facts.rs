//! The typed facts of a submitted response, which analysis reads instead of the document.
//!
//! Which items give facts is data: those whose definition names a [`FactKind`]. A fact goes by the name of a quantity:
//! the item's `link_id`, and of a grid its total (`staff_in_post`) and each role's total (`staff_in_post/nurse`).

use std::collections::BTreeMap;

use super::answer::{AnswerStatus, AnswerValue};
use super::conditions::Shown;
use super::definition::{FactKind, Item, Questionnaire};
use crate::domain::hundredths::Hundredths;
use crate::domain::workforce::gap::{RoleStaffing, StaffingFacts};

/// What a response says of one fact. Of a fact that the round does not ask it says nothing at all, which is none of
/// these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The item is hidden by the other answers.
    NotApplicable,
    /// Nothing was entered, or nothing that can be read.
    Unanswered,
    /// The service says that it does not know.
    NotKnown,
    /// Codes of options, areas or hospitals in the questionnaire's order; a month is a code too.
    Dimension(Vec<String>),
    /// A number in the item's unit.
    Measure(Hundredths),
    /// Yes or no.
    Flag(bool),
}

impl Fact {
    /// The codes that were chosen; `None` where none is known.
    pub fn codes(&self) -> Option<&[String]> {
        match self {
            Self::Dimension(codes) => Some(codes),
            _ => None,
        }
    }

    /// Whether an option is among those chosen; `None` where none is known.
    pub fn has(&self, code: &str) -> Option<bool> {
        self.codes().map(|codes| codes.iter().any(|chosen| chosen == code))
    }

    /// The number; `None` where it is not known.
    pub fn measure(&self) -> Option<Hundredths> {
        match self {
            Self::Measure(number) => Some(*number),
            _ => None,
        }
    }

    /// Yes or no; `None` where it is not known.
    pub fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(yes) => Some(*yes),
            _ => None,
        }
    }
}

/// All facts of one response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseFacts {
    /// What the staffing gap needs.
    pub staffing: StaffingFacts,
    /// What the response says of every fact that its round asks, by name.
    pub facts: BTreeMap<String, Fact>,
}

impl ResponseFacts {
    /// Projects the facts of a response.
    pub fn of(shown: &Shown<'_>) -> Self {
        let facts = fact_names(shown.questionnaire).map(|(item, role)| {
            let name = role.map_or_else(|| item.link_id.clone(), |role| format!("{}/{role}", item.link_id));
            (name, fact(shown, item, role))
        });
        Self { staffing: staffing_facts(shown), facts: facts.collect() }
    }
}

/// What the projection rests on besides the answers, as a text. Facts that were projected by another basis are not
/// those that would be projected now.
pub fn projection_basis(questionnaire: &Questionnaire) -> String {
    /// Counts the changes of the code that projects.
    const RULES: u32 = 1;
    let items: Vec<_> = questionnaire
        .items()
        .filter(|item| item.fact.is_some())
        .map(|item| (&item.link_id, item.kind, item.fact, &item.enable_when, &item.grid))
        .collect();
    format!("{RULES} {} {items:?}", questionnaire.version)
}

/// Every fact that a questionnaire asks, as the item and, of a grid, the role.
fn fact_names(questionnaire: &Questionnaire) -> impl Iterator<Item = (&Item, Option<&str>)> {
    questionnaire.items().filter(|item| item.fact.is_some()).flat_map(|item| {
        let roles = item.grid.iter().flat_map(|grid| &grid.roles).map(|role| Some(role.role.as_str()));
        std::iter::once(None).chain(roles).map(move |role| (item, role))
    })
}

fn fact(shown: &Shown<'_>, item: &Item, role: Option<&str>) -> Fact {
    if !shown.is_shown(&item.link_id) {
        return Fact::NotApplicable;
    }
    match (shown.status(&item.link_id), shown.value(&item.link_id)) {
        (AnswerStatus::NotKnown, _) => Fact::NotKnown,
        (AnswerStatus::Answered, Some(value)) => read(shown, item, role, value),
        (AnswerStatus::Answered | AnswerStatus::Unanswered | AnswerStatus::Invalid, _) => Fact::Unanswered,
    }
}

/// A value by the kind of its fact; a definition that gives an item a kind that its type cannot be is refused when the
/// seeds are read.
fn read(shown: &Shown<'_>, item: &Item, role: Option<&str>, value: &AnswerValue) -> Fact {
    match (item.fact, value) {
        (Some(FactKind::Flag), AnswerValue::Boolean(yes)) => Fact::Flag(*yes),
        (Some(FactKind::Dimension), AnswerValue::Choice(code) | AnswerValue::Month(code)) => {
            Fact::Dimension(vec![code.clone()])
        }
        (Some(FactKind::Dimension), AnswerValue::Choices(codes)) => Fact::Dimension(codes.clone()),
        (Some(FactKind::Measure), AnswerValue::Integer(number)) => {
            number.checked_mul(100).map_or(Fact::Unanswered, |hundredths| Fact::Measure(Hundredths(hundredths)))
        }
        (Some(FactKind::Measure), AnswerValue::Decimal(number)) => Fact::Measure(*number),
        (Some(FactKind::Measure), AnswerValue::Grid(cells)) => {
            let mut asked = cells.iter().filter(|cell| role.is_none_or(|role| cell.role == role)).peekable();
            match shown.document.grid_total(&item.link_id, role) {
                Some(total) => Fact::Measure(total),
                // A role without a cell was left empty; a total without a value has a cell that is not known.
                None if asked.peek().is_none() => Fact::Unanswered,
                None => Fact::NotKnown,
            }
        }
        _ => Fact::Unanswered,
    }
}

/// The staffing facts of a response. A hidden item gives none.
fn staffing_facts(shown: &Shown<'_>) -> StaffingFacts {
    let people = |link_id: &str| match shown.value(link_id) {
        Some(AnswerValue::Integer(number)) => Some(*number),
        _ => None,
    };
    let total = |grid: &str, role: &str| {
        if shown.is_shown(grid) { shown.document.grid_total(grid, Some(role)) } else { None }
    };
    let staffing = |role: &str| RoleStaffing {
        in_post: total("staff_in_post", role),
        establishment: total("staff_establishment", role),
        reported_vacant: total("staff_vacant", role),
    };
    StaffingFacts {
        population_all_ages: people("population_all_ages"),
        population_50_plus: people("population_50_plus"),
        nurses: staffing("nurse"),
        administrators: staffing("administrator"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::questionnaire::answer::{Answer, Document, GridCell};
    use crate::formats::seeds::{SeedFiles, read_reference};

    fn project(answers: &[(&str, AnswerStatus, Option<AnswerValue>)]) -> BTreeMap<String, Fact> {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let questionnaire = reference.questionnaires.get("2022.1").unwrap();
        let mut document = Document::default();
        for (link_id, status, value) in answers {
            let answer = Answer {
                version: 1,
                status: *status,
                value: value.clone(),
                entered: None,
                explanation: None,
                carried_from: None,
                confirmed: false,
                changed_at: DateTime::UNIX_EPOCH,
                changed_by: "test".into(),
            };
            document.answers.insert((*link_id).to_owned(), answer);
        }
        ResponseFacts::of(&Shown::new(questionnaire, &document)).facts
    }

    fn answered(link_id: &str, value: AnswerValue) -> (&str, AnswerStatus, Option<AnswerValue>) {
        (link_id, AnswerStatus::Answered, Some(value))
    }

    fn cell(role: &str, band: Option<&str>, wte: Option<i64>) -> GridCell {
        GridCell { role: role.into(), band: band.map(Into::into), wte: wte.map(Hundredths) }
    }

    #[test]
    fn four_kinds_of_missing_stay_apart() {
        let facts = project(&[
            answered("monitoring_provided", AnswerValue::Boolean(false)),
            ("setting", AnswerStatus::NotKnown, None),
            ("population_all_ages", AnswerStatus::Invalid, None),
            answered("improvement_cycles", AnswerValue::Integer(0)),
        ]);
        assert_eq!(facts["monitoring_scope"], Fact::NotApplicable);
        assert_eq!(facts["setting"], Fact::NotKnown);
        assert_eq!(facts["population_all_ages"], Fact::Unanswered);
        assert_eq!(facts["governance_frequency"], Fact::Unanswered);
        assert_eq!(facts["improvement_cycles"], Fact::Measure(Hundredths(0)));
        assert_eq!(facts["monitoring_provided"], Fact::Flag(false));
        // Asked, but no fact; and asked of nobody.
        assert_eq!(facts.get("setting_other"), None);
        assert_eq!(facts.get("shoe_size"), None);
    }

    #[test]
    fn values_by_their_kind() {
        let chosen = vec!["fls_prescribes".to_owned(), "gp_asked".to_owned()];
        let facts = project(&[
            answered("first_prescription", AnswerValue::Choices(chosen.clone())),
            answered("service_start", AnswerValue::Month("2015-04".into())),
            answered("nurse_admin_share", AnswerValue::Decimal(Hundredths(3_350))),
            answered("population_all_ages", AnswerValue::Integer(494_945)),
        ]);
        assert_eq!(facts["first_prescription"], Fact::Dimension(chosen));
        assert_eq!(facts["first_prescription"].has("fls_prescribes"), Some(true));
        assert_eq!(facts["first_prescription"].has("hospital_team"), Some(false));
        assert_eq!(facts["setting"].has("acute"), None);
        assert_eq!(facts["service_start"], Fact::Dimension(vec!["2015-04".into()]));
        assert_eq!(facts["population_all_ages"].measure(), Some(Hundredths(49_494_500)));
        // Shown only to services with nurses, and none are given.
        assert_eq!(facts["nurse_admin_share"], Fact::NotApplicable);
    }

    #[test]
    fn a_grid_gives_its_total_and_each_role() {
        let facts = project(&[answered(
            "staff_in_post",
            AnswerValue::Grid(vec![
                cell("nurse", Some("6"), Some(100)),
                cell("nurse", Some("7"), Some(50)),
                cell("administrator", Some("4"), None),
            ]),
        )]);
        assert_eq!(facts["staff_in_post/nurse"], Fact::Measure(Hundredths(150)));
        assert_eq!(facts["staff_in_post/administrator"], Fact::NotKnown);
        assert_eq!(facts["staff_in_post/pharmacist"], Fact::Unanswered);
        assert_eq!(facts["staff_in_post"], Fact::NotKnown);
        assert_eq!(facts["staff_establishment/nurse"], Fact::Unanswered);
    }

    #[test]
    fn the_basis_moves_with_what_is_asked() {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let bases: Vec<String> = reference.questionnaires.values().map(projection_basis).collect();
        let distinct: std::collections::BTreeSet<&String> = bases.iter().collect();
        assert_eq!(distinct.len(), bases.len());
    }
}
