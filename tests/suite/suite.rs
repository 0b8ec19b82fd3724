//! The suites, one file a subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::format_collect,
    clippy::type_complexity,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test fails by panicking"
)]

mod answer_table;
mod association_pages;
mod associations;
mod attacks;
mod browser;
mod browser_people;
mod browser_sign_in;
mod browser_survey;
mod browser_views;
mod browser_year;
mod business_case;
mod calibration;
mod carrying;
mod changes;
mod clients;
mod comments;
mod compatibility;
mod connections;
mod contract;
mod costs;
mod counts;
mod counts_pages;
mod cuts;
mod demand;
mod every_route;
mod example_scripts;
mod exchange;
mod exchange_problems;
mod facts;
mod faults;
mod faults_server;
mod feedback;
mod fhir;
mod forms;
mod funding;
mod fuzz;
mod handing_in;
mod history;
mod history_pages;
mod hospitals;
mod kept_entries;
mod kpi_counts;
mod kpis;
mod limits;
mod load;
mod locked;
mod mail;
mod mail_crashes;
mod memory;
mod migrations;
mod national_gap;
mod national_report;
mod nothing_is_lost;
mod offline;
mod open_data;
mod openid;
mod openid_attacks;
mod page_weight;
mod people_pages;
mod published_facts;
mod quality;
mod questionnaire;
mod questionnaire_versions;
mod responses;
mod running_rounds;
mod scenarios;
mod secrets;
mod seeds;
mod serving;
mod sign_in;
mod sign_in_pages;
mod standards;
mod statements;
mod statistics;
mod statistics_judges;
mod tls;
mod uncovered;
mod workbook;
mod workbook_welsh;
mod writers;
mod year_played;
