//! Statements that a connection prepares once.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

/// A statement that the connection keeps prepared under its text.
///
/// diesel prepares every UPDATE, every upsert and every `sql_query` anew, because the text of some differs with their
/// values. For one whose text never does this saves the database the parsing and planning, and on PostgreSQL a journey.
///
/// It must be one that returns rows: `execute` reaches the statement through a reference, on which diesel does not look for
/// what is said below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<Q>(pub(super) Q);

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    // The text says which statement it is.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, DB> QueryFragment<DB> for Kept<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for Kept<Q> {}
