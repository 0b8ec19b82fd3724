//! What a service hears the moment it has submitted: where it stands among its like, and which of the report's
//! recommendations its answers call for.

pub mod peers;
pub mod recommendations;
