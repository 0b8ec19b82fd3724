//! Bytes ↔ values: each format's reading and writing side by side.

pub mod csv;
pub mod display;
pub mod enrolment;
pub mod heads;
pub mod mail;
pub mod seeds;
pub mod workbook;
