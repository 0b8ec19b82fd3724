//! Days and times as pages print them.

use chrono::{DateTime, Utc};

/// `23 November 2022 at 14:05 (UTC)`
pub(super) fn day_and_time(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y at %H:%M (UTC)").to_string()
}
