//! A fresh database of each kind for a bench.

use std::error::Error;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

/// Gives `measure` the name and the address of a new SQLite database and, where `TEST_POSTGRES_URL` names a server, of a
/// new PostgreSQL database called `name`. Both are gone afterwards.
pub fn on_each(name: &str, measure: impl Fn(&str, &str) -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in("target")?;
    measure("SQLite", &format!("sqlite:{}", folder.path().join("bench.db").display()))?;
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else { return Ok(()) };
    let mut server = PgConnection::establish(&url)?;
    server.batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))?;
    server.batch_execute(&format!("CREATE DATABASE {name}"))?;
    let (before, query) = url.split_once('?').unwrap_or((&url, ""));
    let base = before.rsplit_once('/').map_or(before, |(base, _)| base);
    let measured = measure("PostgreSQL", &format!("{base}/{name}?{query}"));
    server.batch_execute(&format!("DROP DATABASE {name}"))?;
    measured
}
