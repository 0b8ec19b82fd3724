//! Everything that knows the database: one file a table group. Functions here run inside a transaction that `app`
//! opened; they decide nothing.

pub mod accounts;
pub mod action_plans;
pub mod challenges;
pub mod changes;
pub mod comments;
pub mod connection;
pub mod counts;
pub mod counts_in;
pub mod cuts;
pub mod data_queries;
pub mod enrolments;
pub mod error;
pub mod extensions;
pub mod facts;
pub mod history;
pub mod idempotent_requests;
pub mod imports;
pub mod installation;
pub mod jobs;
mod kept;
pub mod kept_entries;
pub mod keys;
pub mod outbox;
pub mod questionnaires;
pub mod register;
pub mod reminders;
pub mod response_writes;
pub mod responses;
pub mod rounds;
pub mod scenarios;
pub mod schema;
pub mod section_links;
pub mod sessions;
pub mod staging;
pub mod standards;
pub mod submissions;
pub mod texts;
pub mod totals;
pub mod transaction;

pub use connection::{Database, DbConn};
pub use error::StoreError;
