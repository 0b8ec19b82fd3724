//! Transactions that read and then write.

use diesel::Connection as _;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::connection::DbConn;
use super::error::StoreError;

/// Runs `body` in a transaction and commits it if it succeeds.
///
/// On SQLite it begins IMMEDIATE: a deferred transaction that reads and then writes fails at once when another writer
/// came between. On PostgreSQL a plain transaction does *not* keep two of them from reading the same row and then both
/// writing it, so `body` must also lock the row it reads or guard its write by a version.
pub fn write_tx<T, E>(conn: &mut DbConn, body: impl FnOnce(&mut DbConn) -> Result<T, E>) -> Result<T, E>
where
    E: From<StoreError>,
{
    begin(conn).map_err(E::from)?;
    match body(conn) {
        Ok(value) => {
            commit(conn).map_err(E::from)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = rollback(conn) {
                tracing::error!(error = %rollback, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}

/// Runs `body` in a transaction that reads one state of the database and changes nothing.
pub fn read_tx<T, E>(conn: &mut DbConn, body: impl FnOnce(&mut DbConn) -> Result<T, E>) -> Result<T, E>
where
    E: From<StoreError> + From<diesel::result::Error>,
{
    if let DbConn::Postgres(inner) = conn {
        AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .map_err(StoreError::from)?;
        let result = body(conn);
        rollback(conn).map_err(E::from)?;
        return result;
    }
    conn.transaction(body)
}

fn begin(conn: &mut DbConn) -> Result<(), StoreError> {
    match conn {
        DbConn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?,
        DbConn::Postgres(inner) => AnsiTransactionManager::begin_transaction(inner)?,
    }
    Ok(())
}

fn commit(conn: &mut DbConn) -> Result<(), StoreError> {
    match conn {
        DbConn::Sqlite(inner) => AnsiTransactionManager::commit_transaction(inner)?,
        DbConn::Postgres(inner) => AnsiTransactionManager::commit_transaction(inner)?,
    }
    Ok(())
}

fn rollback(conn: &mut DbConn) -> Result<(), StoreError> {
    match conn {
        DbConn::Sqlite(inner) => AnsiTransactionManager::rollback_transaction(inner)?,
        DbConn::Postgres(inner) => AnsiTransactionManager::rollback_transaction(inner)?,
    }
    Ok(())
}
