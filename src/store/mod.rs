//! Everything that knows the database: one file a table group. Functions here run inside a transaction that `app`
//! opened; they decide nothing.

pub mod access;
pub mod connection;
pub mod counts;
pub mod error;
pub mod imports;
pub mod installation;
pub mod register;
pub mod responses;
pub mod rounds;
pub mod schema;
pub mod staging;
pub mod transaction;

pub use connection::{Database, DbConn};
pub use error::StoreError;
