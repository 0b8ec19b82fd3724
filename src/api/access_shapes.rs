//! Shapes of accounts, memberships, keys, sessions and the history.

use chrono::{DateTime, Utc};
use poem_openapi::{Enum, Object};
use serde::Deserialize;

use crate::app::accounts::AccountLine;
use crate::app::history::NamedEntry;
use crate::app::keys::KeyLine;
use crate::app::sessions::SessionLine;
use crate::domain::access::{self, Scope};

/// What somebody is here to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the round.
    AuditTeam,
    /// Answers for a service, and hands in.
    FlsLead,
    /// Answers for a service.
    FlsContributor,
    /// Signs off what a service hands in.
    ClinicalLead,
    /// Reads what the services of an area have submitted.
    Commissioner,
}

impl From<Role> for access::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::AuditTeam => Self::AuditTeam,
            Role::FlsLead => Self::FlsLead,
            Role::FlsContributor => Self::FlsContributor,
            Role::ClinicalLead => Self::ClinicalLead,
            Role::Commissioner => Self::Commissioner,
        }
    }
}

/// A role within a scope: everything, one service, or an area and what lies below it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Membership {
    /// The role's word.
    pub role: String,
    /// The service, of a lead, contributor or clinical lead.
    pub service: Option<String>,
    /// The area, of a commissioner; absent where they read all.
    pub area: Option<String>,
}

impl From<&access::Membership> for Membership {
    fn from(held: &access::Membership) -> Self {
        let (service, area) = match &held.scope {
            Scope::National => (None, None),
            Scope::Service(code) | Scope::Section { service: code, .. } => (Some(code.clone()), None),
            Scope::Area(code) => (None, Some(code.clone())),
        };
        Self { role: held.role.as_str().to_owned(), service, area }
    }
}

/// An account.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Account {
    /// Id.
    pub id: String,
    /// E-mail address; absent once the person was erased.
    pub email: Option<String>,
    /// Name; absent once the person was erased.
    pub name: Option<String>,
    /// What the account holds, as far as the key manages it.
    pub memberships: Vec<Membership>,
    /// A second factor is asked for when it signs in.
    pub second_factor: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When somebody last signed in with it.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// Since when it may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the person was erased.
    pub erased_at: Option<DateTime<Utc>>,
}

impl From<AccountLine> for Account {
    fn from(line: AccountLine) -> Self {
        let AccountLine { account, memberships, .. } = line;
        let told = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            id: account.id,
            email: told(account.email),
            name: told(account.name),
            memberships: memberships.iter().map(Membership::from).collect(),
            second_factor: account.totp_confirmed,
            created_at: account.created_at,
            last_signed_in_at: account.last_signed_in_at,
            disabled_at: account.disabled_at,
            erased_at: account.erased_at,
        }
    }
}

/// Some of the accounts.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct AccountList {
    /// The accounts, sorted by id.
    pub items: Vec<Account>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// Whom to invite, and as what.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMembership {
    /// E-mail address.
    #[oai(validator(max_length = 254))]
    pub email: String,
    /// Name; without one they go by the first part of the address.
    #[oai(validator(max_length = 100))]
    pub name: Option<String>,
    /// As what.
    pub role: Role,
    /// The service of a lead, contributor or clinical lead.
    #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
    pub service: Option<String>,
    /// The area of a commissioner; without one they read all.
    #[oai(validator(max_length = 20))]
    pub area: Option<String>,
}

/// What to change of an account.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// True: it may not sign in. False: it may.
    pub disabled: bool,
}

/// An API key, without its secret.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ApiKey {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub membership: Membership,
    /// It works.
    pub usable: bool,
    /// Who made it.
    pub made_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops to work.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The secret: in the answer to making the key, and never again.
    pub secret: Option<String>,
}

impl From<KeyLine> for ApiKey {
    fn from(line: KeyLine) -> Self {
        let KeyLine { key, made_by, is_usable } = line;
        Self {
            membership: Membership::from(&key.membership),
            id: key.id,
            name: key.name,
            usable: is_usable,
            made_by,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
            secret: None,
        }
    }
}

/// Some of the keys.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct KeyList {
    /// The keys, sorted by id.
    pub items: Vec<ApiKey>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// A key to make.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is for.
    #[oai(validator(min_length = 1, max_length = 100))]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The service of a lead, contributor or clinical lead.
    #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
    pub service: Option<String>,
    /// The area of a commissioner; without one it reads all.
    #[oai(validator(max_length = 20))]
    pub area: Option<String>,
    /// When it stops to work; without one it works until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A session.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Session {
    /// Id.
    pub id: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within a minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// From which network address it began.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

impl From<SessionLine> for Session {
    fn from(line: SessionLine) -> Self {
        let SessionLine { id, created_at, seen_at, expires_at, address, agent, .. } = line;
        Self { id, created_at, seen_at, expires_at, address, agent }
    }
}

/// The sessions of an account.
#[derive(Debug, Object)]
pub struct SessionList {
    /// The sessions that are not over, the newest first.
    pub items: Vec<Session>,
}

/// One line of the history.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HistoryEntry {
    /// What it happened to: `response/2022/FLS001`, `account/ID`, `key/ID`, `round/2022`, `import/ID`, `text/NAME`.
    pub object: String,
    /// Its place in the history of the object, from 1 without a gap.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: `account:ID`, `key:ID`, `link:ID`, `command`, `job`.
    pub actor: String,
    /// What they are called.
    pub actor_name: String,
    /// By which door: `page`, `api`, `command`, `job`.
    pub channel: String,
    /// From which network address, for the audit team and until it is erased.
    pub address: Option<String>,
    /// What was done.
    pub action: String,
    /// To which part: the link_id of an item, a membership.
    pub item: Option<String>,
    /// What was there before; of an answer, JSON text.
    pub old: Option<String>,
    /// What is there now; of an answer, JSON text.
    pub new: Option<String>,
    /// SHA-256 over this entry and the hash of the one before it.
    pub hash: String,
}

impl From<NamedEntry> for HistoryEntry {
    fn from(named: NamedEntry) -> Self {
        let NamedEntry { entry, actor_name, address, .. } = named;
        Self {
            object: entry.object,
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor,
            actor_name,
            channel: entry.channel,
            address,
            action: entry.action,
            item: Some(entry.item).filter(|item| !item.is_empty()),
            old: entry.old,
            new: entry.new,
            hash: entry.hash,
        }
    }
}

/// Some of the history.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HistoryList {
    /// The entries.
    pub items: Vec<HistoryEntry>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}
