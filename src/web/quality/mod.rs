//! Data quality: the queries of a round, and figures beyond the limits.

mod asking;
mod listing;
mod outliers;
mod thread;

pub(super) use asking::{ask, ask_page, look_into, look_into_page};
pub(super) use listing::{list, list_csv};
pub(super) use outliers::{outliers_csv, outliers_page};
pub(super) use thread::{hand_over, show, step};

use crate::domain::quality::query::{QueryState, Side};

/// The colour of a state's tag. It stands beside the state's words and never by itself.
fn tag(state: QueryState) -> &'static str {
    match (state, state.waits_for()) {
        (QueryState::Confirmed, _) => "red",
        (_, None) => "green",
        (_, Some(Side::Team)) => "orange",
        (_, Some(Side::Service)) => "blue",
    }
}

/// Who is to act, for a table.
fn waits_for(state: QueryState) -> &'static str {
    match state.waits_for() {
        Some(Side::Team) => "the audit team",
        Some(Side::Service) => "the service",
        None => "nobody",
    }
}
