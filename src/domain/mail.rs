//! Mail: what is said to whom. How it is worded is `formats::mail`; how it is sent, `app::outbox`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A mail, with what its text needs. Addresses of links are whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum Mail {
    /// A link that signs in.
    SignInLink {
        /// The link.
        link: String,
        /// Until when it works.
        expires: DateTime<Utc>,
    },
    /// An invitation to an account.
    Invitation {
        /// The link.
        link: String,
        /// Until when it works.
        expires: DateTime<Utc>,
        /// Who invites.
        invited_by: String,
        /// As what: "FLS lead of FLS012".
        role: String,
    },
    /// A link to choose a new password.
    PasswordReset {
        /// The link.
        link: String,
        /// Until when it works.
        expires: DateTime<Utc>,
    },
    /// Something about the account's security changed: told in one sentence.
    SecurityNotice {
        /// What happened: "Your password was changed."
        sentence: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// What was submitted, for those who answer for it.
    Receipt {
        /// Where it can be read.
        link: String,
        /// Where the feedback is.
        feedback: String,
        /// The service, with its code.
        service: String,
        /// The round under its names.
        round: String,
        /// Who submitted it.
        submitted_by: String,
        /// The version of the response.
        version: i64,
        /// Items that are answered, or said not to be known.
        answers: usize,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody wrote about an item.
    Comment {
        /// Where the thread is.
        link: String,
        /// Who wrote.
        author: String,
        /// The service's name.
        service: String,
        /// The question, with its number.
        item: String,
        /// The words.
        note: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody wrote in a query, or closed it.
    DataQuery {
        /// Where the thread is.
        link: String,
        /// Who wrote.
        author: String,
        /// The service's name.
        service: String,
        /// What the query is about.
        about: String,
        /// Where it stands now.
        state: String,
        /// The words.
        note: String,
        /// The service is to act, by `at`.
        is_due: bool,
        /// By when the service is to act; otherwise when it was written.
        at: DateTime<Utc>,
    },
    /// A link to one section of a response, for somebody without an account.
    SectionLink {
        /// The link.
        link: String,
        /// Until when it works.
        expires: DateTime<Utc>,
        /// Who asks.
        asked_by: String,
        /// The service's name.
        service: String,
        /// The section's title.
        section: String,
        /// What the asker adds; may be empty.
        note: String,
    },
    /// A service has not submitted yet.
    Reminder {
        /// Where its response is.
        link: String,
        /// The service, with its code.
        service: String,
        /// The round under its names.
        round: String,
        /// The audit team's words.
        note: String,
        /// The last day is over.
        over: bool,
        /// The round, or the service by itself, has a last day.
        has_last_day: bool,
        /// Until when it can answer, or could; without a last day, when it was written.
        at: DateTime<Utc>,
    },
}

impl Mail {
    /// The name of its template.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SignInLink { .. } => "sign_in_link",
            Self::Invitation { .. } => "invitation",
            Self::PasswordReset { .. } => "password_reset",
            Self::SecurityNotice { .. } => "security_notice",
            Self::Receipt { .. } => "receipt",
            Self::Comment { .. } => "comment",
            Self::DataQuery { .. } => "data_query",
            Self::SectionLink { .. } => "section_link",
            Self::Reminder { .. } => "reminder",
        }
    }

    /// What a mail of that name is, for lists: "Sign-in link".
    pub fn label(name: &str) -> &'static str {
        match name {
            "sign_in_link" => "Sign-in link",
            "invitation" => "Invitation",
            "password_reset" => "Password reset",
            "security_notice" => "Security notice",
            "receipt" => "Receipt",
            "comment" => "Comment",
            "data_query" => "Query",
            "section_link" => "Section link",
            "reminder" => "Reminder",
            _ => "Mail",
        }
    }

    /// Until when it is worth sending: as long as the link in it works.
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::SignInLink { expires, .. }
            | Self::Invitation { expires, .. }
            | Self::PasswordReset { expires, .. }
            | Self::SectionLink { expires, .. } => Some(*expires),
            Self::SecurityNotice { .. }
            | Self::Receipt { .. }
            | Self::Comment { .. }
            | Self::DataQuery { .. }
            | Self::Reminder { .. } => None,
        }
    }

    /// The moment that its text names: until when its link works, or when it happened.
    pub fn moment(&self) -> DateTime<Utc> {
        match self {
            Self::SecurityNotice { at, .. }
            | Self::Receipt { at, .. }
            | Self::Comment { at, .. }
            | Self::DataQuery { at, .. }
            | Self::Reminder { at, .. } => *at,
            Self::SignInLink { expires, .. }
            | Self::Invitation { expires, .. }
            | Self::PasswordReset { expires, .. }
            | Self::SectionLink { expires, .. } => *expires,
        }
    }
}
