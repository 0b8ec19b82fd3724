//! The suites, one file a subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "a test fails by panicking"
)]

mod attacks;
mod browser;
mod connections;
mod exchange;
mod exchange_problems;
mod faults;
mod faults_server;
mod fuzz;
mod history;
mod limits;
mod memory;
mod migrations;
mod national_gap;
mod questionnaire;
mod responses;
mod secrets;
mod seeds;
mod serving;
mod sign_in;
mod statements;
mod statistics;
mod statistics_judges;
mod tls;
mod workbook;
mod writers;
