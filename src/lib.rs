//! facilities-audit collects the yearly facilities questionnaire of Fracture Liaison Services beside their clinical
//! KPIs, and works out how far each service is from the recommended staffing.
//!
//! A request goes in once and comes out once: handler → one [`app`] function → [`store`] and [`domain`] → bytes.

pub mod api;
pub mod app;
pub mod auth;
pub mod charts;
pub mod cli;
pub mod config;
pub mod domain;
pub mod formats;
pub mod jobs;
pub mod locales;
pub mod server;
pub mod store;
pub mod web;

// Here and not in the program, so that tests and benches run with what users run with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
