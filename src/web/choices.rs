//! What forms let people choose: among options, a role with what it is for, a day.

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::forms::Posted;
use crate::app::accounts::Giveable;
use crate::app::error::InputProblem;
use crate::domain::access::Role;
use crate::domain::area::AreaKind;

/// What is wrong with a field.
pub(super) fn error_of(problems: &[InputProblem], name: &str) -> String {
    let own = problems.iter().filter(|problem| problem.field == name);
    own.map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
}

/// An option of radios or of a select.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Choice {
    id: String,
    value: String,
    text: String,
    hint: &'static str,
    chosen: bool,
}

impl Choice {
    /// An option.
    pub(super) fn new(value: &str, text: &str, chosen: &str) -> Self {
        Self { id: String::new(), value: value.into(), text: text.into(), hint: "", chosen: value == chosen }
    }

    /// Whether it stands for a value.
    pub(super) fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// Options under one heading; without one they stand by themselves.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ChoiceGroup {
    label: &'static str,
    choices: Vec<Choice>,
}

/// Radios or a select.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Choices {
    name: &'static str,
    label: String,
    hint: String,
    error: String,
    groups: Vec<ChoiceGroup>,
}

impl Choices {
    /// A choice among some options. The first of radios has the name of the field as id, so that errors lead to it.
    pub(super) fn new(name: &'static str, label: &str, mut choices: Vec<Choice>, problems: &[InputProblem]) -> Self {
        for (place, choice) in choices.iter_mut().enumerate() {
            choice.id = if place == 0 { name.to_owned() } else { format!("{name}-{}", place + 1) };
        }
        let groups = vec![ChoiceGroup { label: "", choices }];
        Self { name, label: label.to_owned(), hint: String::new(), error: error_of(problems, name), groups }
    }

    /// With a hint.
    pub(super) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }
}

/// What a role is there for, in a few words.
fn role_hint(role: Role) -> &'static str {
    match role {
        Role::AuditTeam => "Runs the rounds. Reaches everything.",
        Role::FlsLead => "Answers for a service, submits, and invites colleagues.",
        Role::FlsContributor => "Answers for a service.",
        Role::ClinicalLead => "Signs off what a service submits.",
        Role::Commissioner => "Reads what the services of an area have submitted.",
        Role::SectionLink => "",
    }
}

/// The fields of a role and of what it is for.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RoleFields {
    role: Choices,
    service: Option<Choices>,
    area: Option<Choices>,
}

/// A role, a service and an area, as they were chosen; empty where they were not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Chosen<'a> {
    pub(super) role: &'a str,
    pub(super) service: &'a str,
    pub(super) area: &'a str,
}

impl RoleFields {
    /// The fields for what somebody may give.
    pub(super) fn new(giveable: &Giveable, chosen: Chosen<'_>, problems: &[InputProblem]) -> Self {
        let role =
            |role: &Role| Choice { hint: role_hint(*role), ..Choice::new(role.as_str(), role.label(), chosen.role) };
        let roles = giveable.roles.iter().map(role).collect();
        Self {
            role: Choices::new("role", "Role", roles, problems),
            service: service_choices(giveable, chosen.service, problems),
            area: area_choices(giveable, chosen.area, problems),
        }
    }
}

fn service_choices(giveable: &Giveable, chosen: &str, problems: &[InputProblem]) -> Option<Choices> {
    // Somebody with one service need not look for it.
    let chosen = match giveable.services.as_slice() {
        [only] if giveable.areas.is_empty() => only.code.as_str(),
        _ => chosen,
    };
    let mut choices = vec![Choice::new("", "No service", chosen)];
    choices.extend(giveable.services.iter().map(|service| {
        let text = format!("{} {}", service.code, service.name);
        Choice::new(&service.code, &text, chosen)
    }));
    let hint = "For an FLS lead, an FLS contributor or a clinical lead.";
    (!giveable.services.is_empty()).then(|| Choices::new("service", "Service", choices, problems).hint(hint))
}

fn area_choices(giveable: &Giveable, chosen: &str, problems: &[InputProblem]) -> Option<Choices> {
    let mut choices = Choices::new("area", "Area", vec![Choice::new("", "All areas", chosen)], problems)
        .hint("For a commissioner, who reads the area and everything below it.");
    for kind in [AreaKind::Nation, AreaKind::Region, AreaKind::Icb, AreaKind::HealthBoard] {
        let areas = giveable.areas.iter().filter(|area| area.kind == kind);
        let of_kind = areas.map(|area| Choice::new(&area.code, &format!("{} ({})", area.name, area.code), chosen));
        choices.groups.push(ChoiceGroup { label: kind.label(), choices: of_kind.collect() });
    }
    (!giveable.areas.is_empty()).then_some(choices)
}

/// A day, as day, month and year.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DateField {
    name: &'static str,
    label: String,
    hint: String,
    error: String,
    parts: Vec<DatePart>,
}

#[derive(Debug, Clone, Serialize)]
struct DatePart {
    id: String,
    name: String,
    label: &'static str,
    width: u8,
    value: String,
}

/// The fields of a day: word, label, characters.
const DATE_PARTS: [(&str, &str, u8); 3] = [("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4)];

impl DateField {
    /// The field as a form holds it; before anything was sent, with a suggestion.
    pub(super) fn new(
        name: &'static str,
        label: &str,
        form: &Posted,
        suggested: Option<NaiveDate>,
        problems: &[InputProblem],
    ) -> Self {
        let part = |(place, (word, label, width)): (usize, (&str, &'static str, u8))| {
            let typed = form.first(&format!("{name}-{word}")).map(ToOwned::to_owned);
            let suggestion = || {
                let day = suggested?;
                Some(match word {
                    "day" => day.day().to_string(),
                    "month" => day.month().to_string(),
                    _ => day.year().to_string(),
                })
            };
            DatePart {
                // Errors lead to the first part.
                id: if place == 0 { name.to_owned() } else { format!("{name}-{word}") },
                name: format!("{name}-{word}"),
                label,
                width,
                value: typed.or_else(suggestion).unwrap_or_default(),
            }
        };
        let parts = DATE_PARTS.into_iter().enumerate().map(part).collect();
        Self { name, label: label.to_owned(), hint: String::new(), error: error_of(problems, name), parts }
    }

    /// With a hint.
    pub(super) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// The day that a form holds; `None` where all is empty, an error where it is no day.
    pub(super) fn read(name: &str, form: &Posted) -> Result<Option<NaiveDate>, ()> {
        let of = |word: &str| form.first(&format!("{name}-{word}")).unwrap_or_default().trim();
        let (day, month, year) = (of("day"), of("month"), of("year"));
        if day.is_empty() && month.is_empty() && year.is_empty() {
            return Ok(None);
        }
        let number = |text: &str| text.parse::<u32>().map_err(|_| ());
        let year = year.parse::<i32>().map_err(|_| ())?;
        NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).map(Some).ok_or(())
    }
}
