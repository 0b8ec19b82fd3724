//! The targets of 80, 50 and 80 %: identify, treat, monitor.

/// What a service should reach in a KPI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Which of the three it belongs to.
    pub aim: &'static str,
    /// 2 to 11.
    pub kpi: i32,
    /// The percentage that is reached at or above.
    pub at_least: f64,
}

impl Target {
    /// Whether a percentage reaches it.
    pub fn is_met(&self, percent: f64) -> bool {
        percent >= self.at_least
    }
}

const fn target(aim: &'static str, kpi: i32, at_least: f64) -> Target {
    Target { aim, kpi, at_least }
}

/// 80 % of fractures identified (KPI 2 and 3), 50 % recommended a treatment (KPI 7), 80 % monitored (KPI 9 to 11).
pub const TARGETS: [Target; 6] = [
    target("Identify 80%", 2, 80.0),
    target("Identify 80%", 3, 80.0),
    target("Treat 50%", 7, 50.0),
    target("Monitor 80%", 9, 80.0),
    target("Monitor 80%", 10, 80.0),
    target("Monitor 80%", 11, 80.0),
];
