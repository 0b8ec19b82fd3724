//! A staffing standard: how many nurses and administrators a population is recommended to have.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A staffing recommendation, as versioned data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffingStandard {
    /// Stable id, such as `ros`.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// Nurse WTE per population.
    pub nurse_wte: f64,
    /// Administrator WTE per population.
    pub administrator_wte: f64,
    /// The lower end of the population range: it gives the higher need.
    pub population_low: f64,
    /// The upper end of the population range: it gives the lower need.
    pub population_high: f64,
    /// Where the recommendation is stated.
    pub source: String,
    /// The bases on which it is read.
    pub bases: Vec<Basis>,
    /// Why there is more than one basis.
    pub basis_note: String,
    /// What is not known of its origin.
    pub not_known: Vec<String>,
    /// The day from which it holds; `None` where its source does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds; `None` while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

/// What is wrong with a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StandardProblem {
    /// The id is not of the form.
    #[error("The id has 1 to 40 small letters, digits and underscores, such as bone_2025.")]
    Id,
    /// No name, or too long a one.
    #[error("Give the standard a name of 1 to 200 characters.")]
    Name,
    /// No source, or too long a one.
    #[error("Say in 1 to 1,000 characters where the standard is stated, so that readers can look it up.")]
    Source,
    /// Nurses are not a number that can be.
    #[error("Give the nurse WTE as a number from 0 to 100.")]
    NurseWte,
    /// Administrators are not a number that can be.
    #[error("Give the administrator WTE as a number from 0 to 100.")]
    AdministratorWte,
    /// It asks for nobody.
    #[error("A standard asks for nurses or for administrators: give at least one of them above 0.")]
    NoStaff,
    /// The lower end is not above nobody.
    #[error("Give the lower end of the population range as a number of people from 1 to 100,000,000.")]
    PopulationLow,
    /// The ends are not in order.
    #[error("The upper end of the population range must be the lower end or more, up to 100,000,000 people.")]
    PopulationHigh,
    /// It is read on no basis.
    #[error("Say on which population the standard is read: at least one basis.")]
    Bases,
    /// Too long a note.
    #[error("The note has more than 2,000 characters; make it shorter.")]
    Note,
    /// It ends before it begins.
    #[error("The last day on which the standard holds must not come before the first.")]
    Dates,
}

impl StandardProblem {
    /// The field at fault.
    pub fn field(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Source => "source",
            Self::NurseWte | Self::NoStaff => "nurse_wte",
            Self::AdministratorWte => "administrator_wte",
            Self::PopulationLow => "population_low",
            Self::PopulationHigh => "population_high",
            Self::Bases => "bases",
            Self::Note => "basis_note",
            Self::Dates => "valid_to",
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Id => "bad_id",
            Self::Name => "bad_name",
            Self::Source => "bad_source",
            Self::NoStaff => "no_staff",
            Self::NurseWte | Self::AdministratorWte | Self::PopulationLow => "out_of_range",
            Self::PopulationHigh | Self::Dates => "not_in_order",
            Self::Bases => "missing",
            Self::Note => "too_long",
        }
    }
}

/// The largest population of a range.
const MOST_PEOPLE: f64 = 100_000_000.0;

impl StaffingStandard {
    /// Everything that is wrong with it, in the order of its fields.
    pub fn problems(&self) -> Vec<StandardProblem> {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let length = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
        let wte = |wte: f64| (0.0..=100.0).contains(&wte);
        let in_order =
            |from: Option<NaiveDate>, to: Option<NaiveDate>| from.zip(to).is_none_or(|(from, to)| from <= to);
        let people = (1.0..=MOST_PEOPLE).contains(&self.population_low);
        let checks = [
            (length(&self.id, 40) && self.id.chars().all(letters), StandardProblem::Id),
            (length(&self.name, 200), StandardProblem::Name),
            (wte(self.nurse_wte), StandardProblem::NurseWte),
            (wte(self.administrator_wte), StandardProblem::AdministratorWte),
            (self.nurse_wte > 0.0 || self.administrator_wte > 0.0, StandardProblem::NoStaff),
            (people, StandardProblem::PopulationLow),
            (
                !people || (self.population_low..=MOST_PEOPLE).contains(&self.population_high),
                StandardProblem::PopulationHigh,
            ),
            (!self.bases.is_empty(), StandardProblem::Bases),
            (length(&self.source, 1_000), StandardProblem::Source),
            (self.basis_note.chars().count() <= 2_000, StandardProblem::Note),
            (in_order(self.valid_from, self.valid_to), StandardProblem::Dates),
        ];
        checks.into_iter().filter(|(fits, _)| !fits).map(|(_, problem)| problem).collect()
    }

    /// On which population it is read, in a sentence: gaps come on both all the same.
    pub fn basis_words(&self) -> String {
        let stated: Vec<&str> = self.bases.iter().map(|basis| basis.label()).collect();
        if stated.len() == Basis::ALL.len() {
            return "It is read on both populations.".into();
        }
        format!("It is stated for one population: {}. The other is shown beside it for comparison.", stated.join(", "))
    }

    /// WTE of a role per population.
    pub fn ratio(&self, role: Role) -> f64 {
        match role {
            Role::Nurse => self.nurse_wte,
            Role::Administrator => self.administrator_wte,
        }
    }

    /// The lowest need that a population has for a role: the population over the upper end of the range.
    pub fn need_low(&self, role: Role, population: f64) -> f64 {
        population / self.population_high * self.ratio(role)
    }

    /// The highest need that a population has for a role: the population over the lower end of the range.
    pub fn need_high(&self, role: Role, population: f64) -> f64 {
        population / self.population_low * self.ratio(role)
    }
}

/// The roles that the standard speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Specialist nurses.
    Nurse,
    /// Administrators.
    Administrator,
}

impl Role {
    /// Both roles.
    pub const ALL: [Self; 2] = [Self::Nurse, Self::Administrator];

    /// The role's word in grids and figures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nurse => "nurse",
            Self::Administrator => "administrator",
        }
    }

    /// The plural used on pages and in workbooks.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Nurse => "nurses",
            Self::Administrator => "administrators",
        }
    }
}

/// Which population a need rests on. The standard does not say, so both are always computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The population as the service reported it (people of all ages), as the published report does.
    AsReported,
    /// People aged 50 and over: as reported, or estimated from the share of the host area.
    #[serde(rename = "aged_50_plus")]
    Aged50Plus,
}

impl Basis {
    /// Both bases, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::AsReported, Self::Aged50Plus];

    /// The word used in the API and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsReported => "as_reported",
            Self::Aged50Plus => "aged_50_plus",
        }
    }

    /// The words used on pages and in workbooks.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AsReported => "As reported (all ages)",
            Self::Aged50Plus => "Aged 50 and over",
        }
    }

    /// The name within a sentence.
    pub fn in_a_sentence(self) -> &'static str {
        match self {
            Self::AsReported => "population as reported (all ages)",
            Self::Aged50Plus => "population aged 50 and over",
        }
    }
}

impl std::str::FromStr for Basis {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|basis| basis.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a basis (as_reported, aged_50_plus)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_names_its_field() {
        let sound: StaffingStandard = toml::from_str(include_str!("../../../seeds/standards/ros.toml")).unwrap();
        assert!(sound.problems().is_empty());
        let day = |text: &str| Some(text.parse().unwrap());
        let wrong = |change: fn(&mut StaffingStandard)| {
            let mut standard = sound.clone();
            change(&mut standard);
            standard.problems().into_iter().map(StandardProblem::field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(|s| s.id = "ROS 2".into()), ["id"]);
        assert_eq!(wrong(|s| s.name = " ".into()), ["name"]);
        assert_eq!(wrong(|s| s.source.clear()), ["source"]);
        assert_eq!(wrong(|s| s.nurse_wte = f64::NAN), ["nurse_wte"]);
        assert_eq!(wrong(|s| s.administrator_wte = -0.5), ["administrator_wte"]);
        assert_eq!(wrong(|s| (s.nurse_wte, s.administrator_wte) = (0.0, 0.0)), ["nurse_wte"]);
        assert_eq!(wrong(|s| s.population_low = 0.0), ["population_low"]);
        assert_eq!(wrong(|s| s.population_high = 39_999.0), ["population_high"]);
        assert_eq!(wrong(|s| s.bases.clear()), ["bases"]);
        assert_eq!(wrong(|s| s.basis_note = "x".repeat(2_001)), ["basis_note"]);
        let ended = StaffingStandard { valid_from: day("2022-01-01"), valid_to: day("2021-12-31"), ..sound.clone() };
        assert_eq!(ended.problems(), [StandardProblem::Dates]);
        // A cut that was frozen before the dates came keeps its bytes.
        assert!(!serde_json::to_string(&sound).unwrap().contains("valid_"));
    }
}
