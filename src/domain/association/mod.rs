//! What staffing, vacancies, governance and monitoring have to do with performance: each exposure of the facilities
//! audit laid beside each KPI, service by service.
//!
//! An association is not an effect of one thing on another. So each carries the number of services and why others are
//! left out, an interval before a p value, a q value over the family that its plan declares, what it does without the
//! largest service, and whether the model agrees with the rank test; under a minimum there is a count and no figure.

pub mod codebook;
pub mod dataset;
pub mod exposure;
pub mod grid;
pub mod inputs;
pub mod pair;
pub mod plan;
pub mod redo;
pub mod words;

mod bounds;
mod model;
mod sample;
#[cfg(test)]
mod tests;

pub use dataset::{Dataset, Design, Dropped, Why};
pub use exposure::{Exposure, Kind, Value};
pub use grid::Grid;
pub use inputs::{Counted, RoundData, ServiceYear};
pub use model::{Covariate, Model, ModelInput, NoModel, OddsRatio};
pub use pair::{Association, Effect, Estimate, Flag, Group, Measure, Method, TooFew};
pub use plan::{AnalysisPlan, Strength};
