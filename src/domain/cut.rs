//! A data cut: a frozen copy of a round, which reports quote.

use chrono::{DateTime, Utc};

/// What a result quotes of the cut that it was asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutQuote {
    /// Id.
    pub id: String,
    /// The SHA-256 of its manifest, in hexadecimal.
    pub hash: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}
