//! What can go wrong with the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failure of the database, told apart only as far as a caller can act on it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database is no address that we know.
    #[error("{0}")]
    Address(String),
    /// The database cannot be reached or opened.
    #[error("{0}")]
    Unreachable(String),
    /// A migration failed.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
    /// A row that refers to one that does not exist.
    #[error("a row refers to one that does not exist")]
    MissingReference,
    /// A row with this key exists.
    #[error("a row with this key exists")]
    AlreadyExists,
    /// What is stored cannot be read back: a bug or a damaged file.
    #[error("stored {what} cannot be read: {reason}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// Why it could not be.
        reason: String,
    },
    /// Anything else the database says.
    #[error("the database failed: {0}")]
    Database(DieselError),
}

impl StoreError {
    /// Stored text that is not what was written.
    pub fn corrupt(what: &'static str) -> impl FnOnce(String) -> Self {
        move |reason| Self::Corrupt { what, reason }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Self::MissingReference,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::AlreadyExists,
            other => Self::Database(other),
        }
    }
}
