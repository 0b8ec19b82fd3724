//! Data quality: queries to services, and outliers with what has to be done before one is named.

mod outliers;
mod queries;

pub use outliers::{OutlierReport, OutlierRow, one_outlier, open_outlier, outliers};
pub(in crate::app) use outliers::{cases, must_stand, screening};
pub(in crate::app) use queries::waiting;
pub use queries::{
    DataQuery, NamedMessage, NewQuery, QueryThread, Step, Waiting, hand_over, list, one, open, take, waiting_for,
};
