//! What is true of the database as a whole.

use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::installation;

const SYNTHETIC: &str = "synthetic";

/// Whether every figure in the database is invented.
pub fn is_synthetic(conn: &mut DbConn) -> Result<bool, StoreError> {
    let found = installation::table
        .filter(installation::name.eq(SYNTHETIC))
        .select(installation::value)
        .get_result::<String>(conn)
        .optional()?;
    Ok(found.as_deref() == Some("yes"))
}

/// Marks the database: every figure in it is invented. There is no way back, as there is none for the figures.
pub fn mark_synthetic(conn: &mut DbConn) -> Result<(), StoreError> {
    let row = (installation::name.eq(SYNTHETIC), installation::value.eq("yes"));
    on_backend!(conn, |conn| diesel::insert_into(installation::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?);
    Ok(())
}
