//! The suites, one file a subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "a test fails by panicking"
)]

mod browser;
mod connections;
mod exchange;
mod exchange_problems;
mod faults;
mod faults_server;
mod history;
mod memory;
mod migrations;
mod national_gap;
mod openid;
mod openid_attacks;
mod questionnaire;
mod responses;
mod seeds;
mod sign_in;
mod statements;
mod statistics;
mod statistics_judges;
mod workbook;
mod writers;
