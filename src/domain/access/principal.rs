//! Someone who is signed in, a key, a link or a command: who they are to the history, and what they hold.

use std::net::IpAddr;

use super::{Access, Membership, Permission, Role, Scope, role_may};
use crate::domain::area::AreaTree;
use crate::domain::register::Service;

/// By which door somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The pages.
    Page,
    /// The API.
    Api,
    /// The command line on the server's own machine.
    Command,
    /// The service itself, at a set time.
    Job,
}

impl Channel {
    /// The word in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Command => "command",
            Self::Job => "job",
        }
    }
}

/// Someone who is signed in, or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// How the history names them: `account:ID`, `key:ID`, `link:ID`, `command`, `job`.
    pub actor: String,
    /// How pages greet them.
    pub name: String,
    /// What they hold.
    pub memberships: Vec<Membership>,
    /// By which door they came.
    pub channel: Channel,
    /// From which address, where they came over the network.
    pub address: Option<IpAddr>,
    /// They have shown a second factor in this session. A key and the command line need none.
    pub second_factor: bool,
}

impl Principal {
    /// Whoever runs the command on the server's own machine.
    pub fn command_line() -> Self {
        Self::own("command", "Command line", Channel::Command)
    }

    /// The service itself, doing what falls due.
    pub fn job() -> Self {
        Self::own("job", "The service", Channel::Job)
    }

    fn own(actor: &str, name: &str, channel: Channel) -> Self {
        Self {
            actor: actor.into(),
            name: name.into(),
            memberships: vec![Membership { role: Role::AuditTeam, scope: Scope::National }],
            channel,
            address: None,
            second_factor: true,
        }
    }

    /// The id of the account, where a person is signed in.
    pub fn account(&self) -> Option<&str> {
        self.actor.strip_prefix("account:")
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

    /// Whether they come past the door of a route.
    pub fn is_admitted(&self, access: Access) -> bool {
        match access {
            Access::Public | Access::SignedIn => true,
            Access::Account => self.account().is_some(),
            Access::May(permissions, _) => permissions.iter().any(|permission| self.may(*permission)),
            Access::Everywhere(permission) => self.may_everywhere(permission),
        }
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

    /// The one section of a response of this service and year that they may fill in by a link.
    pub fn section_of(&self, service: &str, year: i32) -> Option<&str> {
        self.section().filter(|(code, of, _)| *code == service && *of == year).map(|(_, _, section)| section)
    }

    /// The service, audit year and section that a link is for, where that is all they may.
    pub fn section(&self) -> Option<(&str, i32, &str)> {
        self.scopes(Permission::FillSection).find_map(|scope| match scope {
            Scope::Section { service, year, section } => Some((service.as_str(), *year, section.as_str())),
            _ => None,
        })
    }

    /// Whether what they hold asks for a second factor: those who run the audit.
    pub fn must_have_second_factor(&self) -> bool {
        self.has_role(Role::AuditTeam)
    }
}
