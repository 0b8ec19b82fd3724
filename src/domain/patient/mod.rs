//! From patient-level records to KPI counts. This runs on the machine of whoever holds the records: no patient data
//! reaches the service, only counts do.

pub mod counts;
pub mod record;
pub mod rules;
