//! A fresh PostgreSQL database a test, on the server that `tests/run` starts.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

/// The address of the server. A missing one fails the test: a suite that skips half of itself says nothing.
pub fn postgres_url() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL is not set: run the tests by tests/run, which starts a server")
}

/// The folder with the server's certificate authority (`authority.pem`) and one that it does not use
/// (`other-authority.pem`).
pub fn certificates() -> PathBuf {
    std::env::var_os("TEST_CERTIFICATES").expect("TEST_CERTIFICATES is not set: run the tests by tests/run").into()
}

/// A database that goes with the test.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    name: String,
    pub(crate) url: String,
}

impl PostgresDatabase {
    pub(crate) fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let server = postgres_url();
        administer(&format!("CREATE DATABASE {name}"));
        let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
        assert_ne!(url, server, "TEST_POSTGRES_URL must name the database postgres and then its parameters");
        Self { name, url }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // Forced: a pool may still hold connections, and a killed process leaves some that the server has yet to notice.
        administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn administer(statement: &str) {
    let mut conn = PgConnection::establish(&postgres_url()).expect("the test server answers");
    conn.batch_execute(statement).expect("the test server runs the statement");
}
