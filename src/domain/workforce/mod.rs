//! Staffing against a standard: need, gap, cover and position, for a service and for sums over an area; and the
//! staff that a workload needs.

pub mod allocation;
pub mod benefit;
pub mod business_case;
pub mod closing;
pub mod cost;
pub mod demand;
pub mod disclosure;
pub mod gap;
pub mod kpi_gain;
pub mod peers;
pub mod ranking;
pub mod report;
pub mod scenario;
pub mod standard;
pub mod sums;
pub mod uncovered;
pub mod wisn;
pub mod workload;
