//! Permissions, and the table of who has which.

use super::Role;

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read rounds, questionnaires, areas, services, hospitals and standards.
    ReadReference,
    /// Read the gap of services.
    ReadGaps,
    /// Read KPIs and benchmarks: of years up to the newest published round those of every service, of later ones one's
    /// own beside the nation.
    ReadKpis,
    /// Enter, correct and remove KPI counts.
    EnterCounts,
    /// State an expected caseload in place of the rule.
    StateCaseload,
    /// Add staffing standards, change drafts and publish them.
    ManageStandards,
    /// Prepare, open, close and publish rounds, give services more time, and remind them.
    RunRounds,
    /// Freeze a round's data under an id.
    CutData,
    /// Read a response before it is submitted.
    ReadDraft,
    /// Read a submitted response.
    ReadSubmitted,
    /// Change a response.
    EditResponse,
    /// Hand a response in.
    SubmitResponse,
    /// Sign off a response before it is handed in.
    SignOffResponse,
    /// Open a submitted response again.
    ReopenResponse,
    /// Read and change the one section that a link is for.
    FillSection,
    /// Hand a section of a response to somebody without an account.
    ShareSection,
    /// Read who changed what in a response.
    ReadHistory,
    /// Read who did what to accounts, keys, rounds and imports.
    ReadFullHistory,
    /// Invite and remove the people who answer for a service.
    ManageContributors,
    /// See and change every account, invite, disable, erase.
    ManageAccounts,
    /// Make, see and revoke API keys of what one has oneself.
    ManageKeys,
    /// Load files, and read what was loaded.
    Import,
    /// Write everything out as files.
    Export,
    /// Change the privacy page, the accessibility statement and the contact page.
    EditTexts,
}

use Permission as P;
use Role::{AuditTeam, ClinicalLead, Commissioner, FlsContributor, FlsLead, SectionLink};

/// Who may do what, each within the scope of the membership. The README shows this table; a test holds it to it.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (P::ReadReference, &[AuditTeam, FlsLead, FlsContributor, ClinicalLead, Commissioner]),
    (P::ReadGaps, &[AuditTeam, FlsLead, FlsContributor, ClinicalLead, Commissioner]),
    (P::ReadKpis, &[AuditTeam, FlsLead, FlsContributor, ClinicalLead, Commissioner]),
    (P::EnterCounts, &[AuditTeam, FlsLead]),
    (P::StateCaseload, &[AuditTeam]),
    (P::ManageStandards, &[AuditTeam]),
    (P::RunRounds, &[AuditTeam]),
    (P::CutData, &[AuditTeam]),
    (P::ReadDraft, &[AuditTeam, FlsLead, FlsContributor, ClinicalLead]),
    (P::ReadSubmitted, &[AuditTeam, FlsLead, FlsContributor, ClinicalLead, Commissioner]),
    (P::EditResponse, &[AuditTeam, FlsLead, FlsContributor]),
    (P::SubmitResponse, &[AuditTeam, FlsLead]),
    (P::SignOffResponse, &[ClinicalLead]),
    (P::ReopenResponse, &[AuditTeam]),
    (P::FillSection, &[SectionLink]),
    (P::ShareSection, &[AuditTeam, FlsLead]),
    (P::ReadHistory, &[AuditTeam, FlsLead, FlsContributor, ClinicalLead]),
    (P::ReadFullHistory, &[AuditTeam]),
    (P::ManageContributors, &[AuditTeam, FlsLead]),
    (P::ManageAccounts, &[AuditTeam]),
    (P::ManageKeys, &[AuditTeam, FlsLead]),
    (P::Import, &[AuditTeam]),
    (P::Export, &[AuditTeam]),
    (P::EditTexts, &[AuditTeam]),
];

impl Permission {
    /// What the permission allows, in words: "read the gap of services".
    pub fn words(self) -> &'static str {
        match self {
            Self::ReadReference => "read rounds, questionnaires, services, areas and hospitals",
            Self::ReadGaps => "read the gap of services",
            Self::ReadKpis => "read KPIs and benchmarks",
            Self::EnterCounts => "enter KPI counts",
            Self::StateCaseload => "state an expected caseload",
            Self::ManageStandards => "add and publish staffing standards",
            Self::RunRounds => "run rounds",
            Self::CutData => "freeze a round's data",
            Self::ReadDraft => "read a response before it is submitted",
            Self::ReadSubmitted => "read a submitted response",
            Self::EditResponse => "answer",
            Self::SubmitResponse => "submit a response",
            Self::SignOffResponse => "sign off a response",
            Self::ReopenResponse => "reopen a submitted response",
            Self::FillSection => "fill in the one section of its link",
            Self::ShareSection => "hand a section to somebody by a link",
            Self::ReadHistory => "read the history of a response",
            Self::ReadFullHistory => "read the history of accounts, keys, rounds and imports",
            Self::ManageContributors => "invite and remove the people of a service",
            Self::ManageAccounts => "manage every account",
            Self::ManageKeys => "manage API keys",
            Self::Import => "import files",
            Self::Export => "export everything",
            Self::EditTexts => "edit the privacy page, the accessibility statement and the contact page",
        }
    }
}

/// Whether a role may do something at all.
pub fn role_may(role: Role, permission: Permission) -> bool {
    PERMISSIONS.iter().any(|(granted, roles)| *granted == permission && roles.contains(&role))
}

/// What somebody with a permission is told of a thing outside their scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// 403: everybody may know that it exists (a service is in the register).
    Forbidden,
    /// 404: its existence is itself not theirs to know (somebody's account, a key).
    NotFound,
    /// There is no outside: what is shown is what lies within the scope.
    Filtered,
}

/// Who may call a route. Every route states one; there is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in, whatever they hold, for things of their own.
    SignedIn,
    /// Whoever is signed in to an account, for things of that account: not who came by a section link, and no key.
    Account,
    /// Whoever has one of the permissions; within its scope alone.
    May(&'static [Permission], Outside),
    /// Whoever has the permission for everything.
    Everywhere(Permission),
}

impl Access {
    /// Whether a role comes past the door of a route; what lies outside its scope is refused further in.
    pub fn admits(self, role: Role) -> bool {
        match self {
            Self::Public | Self::SignedIn => true,
            Self::Account => role != SectionLink,
            Self::May(permissions, _) => permissions.iter().any(|permission| role_may(role, *permission)),
            Self::Everywhere(permission) => role == AuditTeam && role_may(role, permission),
        }
    }
}
