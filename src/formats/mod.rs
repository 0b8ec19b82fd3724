//! Bytes ↔ values: each format's reading and writing side by side.

pub mod cascade;
pub mod csv;
pub mod display;
pub mod enrolment;
pub mod fhir;
pub mod findings;
pub mod heads;
pub mod line_numbers;
pub mod mail;
pub mod open_data;
pub mod patient_records;
pub mod questionnaire_file;
pub mod report;
pub mod seeds;
pub mod table;
pub mod wording;
pub mod workbook;
