//! The key performance indicators (KPIs): from counts, cases and a year's methodology to figures that can be compared.
//!
//! KPI 2 to 11 are counted; KPI 1 is derived. What is missing stays missing: a KPI without data has no percentage, and
//! nothing is clamped, since more records than expected cases is a finding of its own.

pub mod benchmark;
pub mod cascade;
pub mod caseload;
pub mod control;
pub mod figure;
pub mod series;
pub mod significance;
pub mod suppression;
pub mod targets;
pub mod year;

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
pub fn real(count: i64) -> f64 {
    count as f64
}
