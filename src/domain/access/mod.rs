//! Roles, scopes, and the one table that says who may do what.
//!
//! A person or key holds memberships: a role within a scope. What no row of [`PERMISSIONS`] allows is refused.

mod permission;
mod principal;
#[cfg(test)]
mod tests;

pub use permission::{Access, Outside, PERMISSIONS, Permission, role_may};
pub use principal::{Channel, Principal};

use std::fmt;
use std::str::FromStr;

use super::area::AreaTree;
use super::register::Service;

/// What someone is here to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the round.
    AuditTeam,
    /// Answers for a service, and hands in.
    FlsLead,
    /// Answers for a service.
    FlsContributor,
    /// Signs off what a service hands in.
    ClinicalLead,
    /// Fills in one section of one response, by a link that expires; nobody's account.
    SectionLink,
    /// Reads what the services of an area have submitted.
    Commissioner,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::AuditTeam,
        Self::FlsLead,
        Self::FlsContributor,
        Self::ClinicalLead,
        Self::SectionLink,
        Self::Commissioner,
    ];

    /// The roles that an account or a key can hold.
    pub const HELD: [Self; 5] =
        [Self::AuditTeam, Self::FlsLead, Self::FlsContributor, Self::ClinicalLead, Self::Commissioner];

    /// The word used on the command line, in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditTeam => "audit_team",
            Self::FlsLead => "fls_lead",
            Self::FlsContributor => "fls_contributor",
            Self::ClinicalLead => "clinical_lead",
            Self::SectionLink => "section_link",
            Self::Commissioner => "commissioner",
        }
    }

    /// The words used on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::AuditTeam => "Audit team",
            Self::FlsLead => "FLS lead",
            Self::FlsContributor => "FLS contributor",
            Self::ClinicalLead => "Clinical lead",
            Self::SectionLink => "Section link",
            Self::Commissioner => "Commissioner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
            let roles: Vec<&str> = Self::HELD.into_iter().map(Self::as_str).collect();
            format!("{text:?} is not a role; the roles are {}", roles.join(", "))
        })
    }
}

/// What a role reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    National,
    /// One service.
    Service(String),
    /// An area and everything below it.
    Area(String),
    /// One section of one service's response.
    Section {
        /// The service.
        service: String,
        /// The audit year.
        year: i32,
        /// The section's id in the questionnaire.
        section: String,
    },
}

impl Scope {
    /// Whether a service lies in the scope.
    pub fn contains(&self, service: &Service, tree: &AreaTree) -> bool {
        match self {
            Self::National => true,
            Self::Service(code) | Self::Section { service: code, .. } => *code == service.code,
            Self::Area(code) => tree.is_within(&service.area_code, code),
        }
    }
}

/// A role within a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The role.
    pub role: Role,
    /// What it reaches.
    pub scope: Scope,
}

/// A role and a scope that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MembershipError {
    /// A lead or contributor without a service, or with an area.
    #[error("{} is a role for one service: say which", .0.label())]
    NeedsService(Role),
    /// The audit team reaches everything.
    #[error("the audit team reaches everything: give neither a service nor an area")]
    TakesNoScope,
    /// A section link is made for a section, never held.
    #[error("a section link is made by an FLS lead for one section; it is no role that an account or key can hold")]
    NotHeld,
    /// A commissioner with a service.
    #[error("a commissioner is for an area, not for a service: say which, or give neither for all areas")]
    TakesArea,
}

impl MembershipError {
    /// What must be put right: `role`, `service` or `area`.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NeedsService(_) | Self::TakesArea => "service",
            Self::TakesNoScope | Self::NotHeld => "role",
        }
    }
}

impl Membership {
    /// A membership, if the role goes with the scope. A commissioner without an area reads all of them.
    pub fn new(role: Role, service: Option<&str>, area: Option<&str>) -> Result<Self, MembershipError> {
        let scope = match (role, service, area) {
            (Role::AuditTeam, None, None) | (Role::Commissioner, None, None) => Scope::National,
            (Role::AuditTeam, _, _) => return Err(MembershipError::TakesNoScope),
            (Role::FlsLead | Role::FlsContributor | Role::ClinicalLead, Some(code), None) => {
                Scope::Service(code.to_owned())
            }
            (Role::FlsLead | Role::FlsContributor | Role::ClinicalLead, _, _) => {
                return Err(MembershipError::NeedsService(role));
            }
            (Role::SectionLink, _, _) => return Err(MembershipError::NotHeld),
            (Role::Commissioner, None, Some(code)) => Scope::Area(code.to_owned()),
            (Role::Commissioner, Some(_), _) => return Err(MembershipError::TakesArea),
        };
        Ok(Self { role, scope })
    }
}
