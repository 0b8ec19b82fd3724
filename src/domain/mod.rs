//! The rules of the audit: pure functions over plain values.
//!
//! Nothing here reads a file, a clock, a database or a request. Everything that a page, the API, a workbook or a
//! command shows is decided here once.

pub mod access;
pub mod area;
pub mod association;
pub mod challenge;
pub mod count;
pub mod cut;
pub mod feedback;
pub mod findings;
pub mod history;
pub mod hundredths;
pub mod interchange;
pub mod kpi;
pub mod language;
pub mod mail;
pub mod patient;
pub mod quality;
pub mod questionnaire;
pub mod reference;
pub mod register;
pub mod report;
pub mod round;
pub mod statistics;
pub mod submission;
pub mod workforce;
