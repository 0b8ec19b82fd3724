//! The changes of everything, for who keeps a copy: each told once, in an order that never changes, removals too.

use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::store;

pub use crate::store::changes::Change;

/// The changes after a position. Whoever has read up to a position has been told of everything before it: what is
/// committed later gets a later one.
pub fn after(app: &App, who: &Principal, position: i64, limit: i64) -> Result<Vec<Change>, AppError> {
    authorise(who, Permission::ReadFullHistory, Permission::ReadFullHistory.words())?;
    // A transaction of its own and begun anew, so that it sees what was committed while it waited for its turn.
    if app.read(|conn| Ok(store::changes::are_waiting(conn)?))? {
        app.write(|conn| Ok(store::changes::number(conn)?))?;
    }
    app.read(|conn| Ok(store::changes::after(conn, position, limit)?))
}
