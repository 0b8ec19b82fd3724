//! Mail: what is said to whom. A mail is queued in the transaction of what it tells, and sent by the outbox afterwards,
//! so that it is neither lost nor sent for something that did not happen.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{App, AppError};
use crate::auth::key::NONCE_LENGTH;
use crate::store::outbox::NewMail;
use crate::store::{self, DbConn};

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
}

impl Mail {
    /// The name of its template.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SignInLink { .. } => "sign_in_link",
            Self::Invitation { .. } => "invitation",
            Self::PasswordReset { .. } => "password_reset",
            Self::SecurityNotice { .. } => "security_notice",
            Self::SectionLink { .. } => "section_link",
        }
    }
}

/// For what the contents of the outbox are sealed.
pub(super) const SEALED_FOR: &str = "outbox";

/// Queues a mail to a subject (`account:ID`, `link:ID`), within the transaction of what it tells.
pub(super) fn queue(app: &App, conn: &mut DbConn, subject: &str, mail: &Mail) -> Result<(), AppError> {
    let text = serde_json::to_string(mail).map_err(|error| AppError::Unexpected(error.to_string()))?;
    let nonce: [u8; NONCE_LENGTH] = app.random()?;
    let sealed = app.key()?.seal(SEALED_FOR, nonce, &text)?;
    let mail =
        NewMail { id: app.new_id()?, subject: subject.to_owned(), mail: mail.name(), sealed, created_at: app.now() };
    Ok(store::outbox::add(conn, &mail)?)
}
