//! The Rust client that progenitor generates from the OpenAPI document, and a warehouse's year in calls of it.

mod year;

pub use year::year;

/// The client as it is generated.
#[allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, unused_qualifications)]
pub mod client {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}
