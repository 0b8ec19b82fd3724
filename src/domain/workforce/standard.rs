//! A staffing standard: how many nurses and administrators a population is recommended to have.

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
}

impl StaffingStandard {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    pub fn label(self) -> &'static str {
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
