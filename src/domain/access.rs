//! Roles, scopes, and the one table that says who may do what.
//!
//! A person or key holds memberships: a role within a scope. What no row of [`PERMISSIONS`] allows is refused.

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
    /// Reads what the services of an area have submitted.
    Commissioner,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::AuditTeam, Self::FlsLead, Self::FlsContributor, Self::Commissioner];

    /// The word used on the command line, in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditTeam => "audit_team",
            Self::FlsLead => "fls_lead",
            Self::FlsContributor => "fls_contributor",
            Self::Commissioner => "commissioner",
        }
    }

    /// The words used on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::AuditTeam => "Audit team",
            Self::FlsLead => "FLS lead",
            Self::FlsContributor => "FLS contributor",
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
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a role (audit_team, fls_lead, fls_contributor, commissioner)"))
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
}

impl Scope {
    /// Whether a service lies in the scope.
    pub fn contains(&self, service: &Service, tree: &AreaTree) -> bool {
        match self {
            Self::National => true,
            Self::Service(code) => *code == service.code,
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
    #[error("the role {0} is for one service: name it with --service CODE")]
    NeedsService(Role),
    /// The audit team reaches everything.
    #[error("the role audit_team reaches everything: give neither a service nor an area")]
    TakesNoScope,
    /// A commissioner with a service.
    #[error("the role commissioner is for an area: name it with --area CODE, or leave it out for all areas")]
    TakesArea,
}

impl Membership {
    /// A membership, if the role goes with the scope. A commissioner without an area reads all of them.
    pub fn new(role: Role, service: Option<&str>, area: Option<&str>) -> Result<Self, MembershipError> {
        let scope = match (role, service, area) {
            (Role::AuditTeam, None, None) | (Role::Commissioner, None, None) => Scope::National,
            (Role::AuditTeam, _, _) => return Err(MembershipError::TakesNoScope),
            (Role::FlsLead | Role::FlsContributor, Some(code), None) => Scope::Service(code.to_owned()),
            (Role::FlsLead | Role::FlsContributor, _, _) => return Err(MembershipError::NeedsService(role)),
            (Role::Commissioner, None, Some(code)) => Scope::Area(code.to_owned()),
            (Role::Commissioner, Some(_), _) => return Err(MembershipError::TakesArea),
        };
        Ok(Self { role, scope })
    }
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read rounds, questionnaires, areas, services, hospitals and standards.
    ReadReference,
    /// Read the gap of services.
    ReadGaps,
    /// Read a response before it is submitted.
    ReadDraft,
    /// Read a submitted response.
    ReadSubmitted,
    /// Change a response.
    EditResponse,
    /// Hand a response in.
    SubmitResponse,
    /// Load files, and read what was loaded.
    Import,
    /// Write everything out as files.
    Export,
}

/// Who may do what, each within the scope of the membership.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (Permission::ReadReference, &[Role::AuditTeam, Role::FlsLead, Role::FlsContributor, Role::Commissioner]),
    (Permission::ReadGaps, &[Role::AuditTeam, Role::FlsLead, Role::FlsContributor, Role::Commissioner]),
    (Permission::ReadDraft, &[Role::AuditTeam, Role::FlsLead, Role::FlsContributor]),
    (Permission::ReadSubmitted, &[Role::AuditTeam, Role::FlsLead, Role::FlsContributor, Role::Commissioner]),
    (Permission::EditResponse, &[Role::AuditTeam, Role::FlsLead, Role::FlsContributor]),
    (Permission::SubmitResponse, &[Role::AuditTeam, Role::FlsLead]),
    (Permission::Import, &[Role::AuditTeam]),
    (Permission::Export, &[Role::AuditTeam]),
];

/// Whether a role may do something at all.
pub fn role_may(role: Role, permission: Permission) -> bool {
    PERMISSIONS.iter().any(|(granted, roles)| *granted == permission && roles.contains(&role))
}

/// Someone who is signed in, or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// How the history names them: `account:ID`, `key:ID`, `command`.
    pub actor: String,
    /// How pages greet them.
    pub name: String,
    /// What they hold.
    pub memberships: Vec<Membership>,
}

impl Principal {
    /// Whoever runs the command on the server's own machine.
    pub fn command_line() -> Self {
        let memberships = vec![Membership { role: Role::AuditTeam, scope: Scope::National }];
        Self { actor: "command".into(), name: "Command line".into(), memberships }
    }

    /// The scopes in which they may do something.
    pub fn scopes(&self, permission: Permission) -> impl Iterator<Item = &Scope> {
        self.memberships.iter().filter(move |held| role_may(held.role, permission)).map(|held| &held.scope)
    }

    /// Whether they may do something anywhere.
    pub fn may(&self, permission: Permission) -> bool {
        self.scopes(permission).next().is_some()
    }

    /// Whether they may do something everywhere.
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.scopes(permission).any(|scope| *scope == Scope::National)
    }

    /// Whether they may do something to a service.
    pub fn may_for(&self, permission: Permission, service: &Service, tree: &AreaTree) -> bool {
        self.scopes(permission).any(|scope| scope.contains(service, tree))
    }

    /// Whether they hold a role.
    pub fn has_role(&self, role: Role) -> bool {
        self.memberships.iter().any(|held| held.role == role)
    }

    /// The services that they answer for.
    pub fn own_services(&self) -> impl Iterator<Item = &str> {
        self.memberships.iter().filter_map(|held| match &held.scope {
            Scope::Service(code) => Some(code.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::area::{Area, AreaKind};

    fn tree() -> AreaTree {
        let area = |code: &str, kind, parent: Option<&str>| Area {
            code: code.into(),
            name: code.into(),
            kind,
            parent_code: parent.map(Into::into),
            valid_from: None,
            valid_to: None,
            successor_code: None,
        };
        let areas = vec![
            area("E", AreaKind::Nation, None),
            area("Y1", AreaKind::Region, Some("E")),
            area("QA", AreaKind::Icb, Some("Y1")),
            area("QB", AreaKind::Icb, Some("Y1")),
        ];
        AreaTree::new(areas, [], None)
    }

    fn service(code: &str, area: &str) -> Service {
        Service {
            code: code.into(),
            name: code.into(),
            trust_code: None,
            trust_name: None,
            area_code: area.into(),
            valid_from: None,
            valid_to: None,
            successor_code: None,
        }
    }

    fn holder(role: Role, service: Option<&str>, area: Option<&str>) -> Principal {
        let held = Membership::new(role, service, area).unwrap();
        Principal { actor: "account:1".into(), name: "Someone".into(), memberships: vec![held] }
    }

    #[test]
    fn who_may_do_what_to_which_service() {
        use Permission as P;
        let (tree, own, other) = (tree(), service("FLS001", "QA"), service("FLS002", "QB"));
        let lead = holder(Role::FlsLead, Some("FLS001"), None);
        let contributor = holder(Role::FlsContributor, Some("FLS001"), None);
        let commissioner = holder(Role::Commissioner, None, Some("QA"));
        let regional = holder(Role::Commissioner, None, Some("Y1"));
        let team = holder(Role::AuditTeam, None, None);
        let cases = [
            (&lead, P::SubmitResponse, true, false),
            (&lead, P::ReadDraft, true, false),
            (&lead, P::Import, false, false),
            (&contributor, P::EditResponse, true, false),
            (&contributor, P::SubmitResponse, false, false),
            (&commissioner, P::ReadSubmitted, true, false),
            (&commissioner, P::ReadDraft, false, false),
            (&commissioner, P::EditResponse, false, false),
            (&regional, P::ReadGaps, true, true),
            (&team, P::SubmitResponse, true, true),
            (&team, P::Export, true, true),
        ];
        for (who, permission, to_own, to_other) in cases {
            let found = (who.may_for(permission, &own, &tree), who.may_for(permission, &other, &tree));
            assert_eq!(found, (to_own, to_other), "{:?} {permission:?}", who.memberships);
        }
    }

    #[test]
    fn a_role_and_a_scope_must_go_together() {
        for (role, service, area) in [
            (Role::FlsLead, None, None),
            (Role::FlsLead, Some("FLS001"), Some("QA")),
            (Role::FlsContributor, None, Some("QA")),
            (Role::Commissioner, Some("FLS001"), None),
            (Role::AuditTeam, Some("FLS001"), None),
            (Role::AuditTeam, None, Some("QA")),
        ] {
            assert!(Membership::new(role, service, area).is_err(), "{role} {service:?} {area:?}");
        }
    }
}
