//! What is true of the database as a whole.

use diesel::prelude::*;

use super::connection::{DbConn, on_backend};
use super::error::StoreError;
use super::schema::installation;

const SYNTHETIC: &str = "synthetic";
const FACTS_BASIS: &str = "facts_basis";

/// Whether every figure in the database is invented.
pub fn is_synthetic(conn: &mut DbConn) -> Result<bool, StoreError> {
    Ok(value(conn, SYNTHETIC)?.as_deref() == Some("yes"))
}

fn value(conn: &mut DbConn, name: &str) -> Result<Option<String>, StoreError> {
    let found = installation::table.filter(installation::name.eq(name)).select(installation::value);
    Ok(found.get_result::<String>(conn).optional()?)
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

/// What the stored facts of responses rest on besides the answers; `None` where none were ever projected.
pub fn facts_basis(conn: &mut DbConn) -> Result<Option<String>, StoreError> {
    value(conn, FACTS_BASIS)
}

/// Notes what the stored facts rest on from now on.
pub fn set_facts_basis(conn: &mut DbConn, basis: &str) -> Result<(), StoreError> {
    let row = (installation::name.eq(FACTS_BASIS), installation::value.eq(basis));
    on_backend!(conn, |conn| diesel::insert_into(installation::table)
        .values(row)
        .on_conflict(installation::name)
        .do_update()
        .set(installation::value.eq(basis))
        .execute(conn)?);
    Ok(())
}
