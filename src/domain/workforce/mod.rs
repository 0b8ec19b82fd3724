//! Staffing against a standard: need, gap, cover and position, for a service and for sums over an area.

pub mod gap;
pub mod report;
pub mod standard;
pub mod sums;
