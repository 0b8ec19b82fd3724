//! The typed facts of a submitted response, which analysis reads instead of the document.

use super::answer::AnswerValue;
use super::conditions::Shown;
use crate::domain::workforce::gap::{RoleStaffing, StaffingFacts};

/// Projects the staffing facts of a response. A hidden item gives none.
pub fn staffing_facts(shown: &Shown<'_>) -> StaffingFacts {
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
