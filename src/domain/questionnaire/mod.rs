//! The yearly facilities questionnaire: what is asked, when it is shown, how an answer is read and checked, and which
//! facts follow from it. The words are FHIR's: an item has a stable `link_id` and the number that is printed.

pub mod answer;
pub mod carry;
pub mod checks;
pub mod conditions;
pub mod crosswalk;
pub mod definition;
pub mod facts;
pub mod offline;
pub mod posts;
pub mod progress;
pub mod reading;
pub mod resolve;
pub mod translation;
pub mod typed;
