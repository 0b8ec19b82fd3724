//! What the tests of the whole service share: a fresh database each, on SQLite and on PostgreSQL, and the real program
//! run against it. `tests/run` sets up what they need.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test harness fails by panicking"
)]

mod answering;
mod axe;
mod browser;
mod compatibility;
mod mail;
mod mails;
mod openid;
mod pages;
mod people;
mod postgres;
mod program;
pub mod raw;
mod server;
mod world;

pub use answering::complete;
pub use axe::accessible;
pub use browser::{Browser, PATIENCE};
pub use compatibility::breaking_changes;
pub use mail::{MailServer, MailTls, Received, SENDER, until};
pub use openid::{OPENID_SECRET, OpenIdProvider, configure_openid};
pub use pages::{PageAnswer, PageReader};
pub use people::{Person, session_of, with_factor};
pub use postgres::{certificates, postgres_url};
pub use program::{Ran, SECRET_KEY, binary, program};
pub use server::Server;
pub use world::{Backend, World, demo_folder};

/// Makes each test run on both databases: `on_both_databases! { fn name(world: World) { … } }` becomes the tests
/// `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both_databases {
    ($( $(#[doc = $doc:literal])* fn $name:ident($world:ident: World) $body:block )+) => {
        $(
            $(#[doc = $doc])*
            mod $name {
                #[allow(unused_imports, reason = "not every test uses what its file imports")]
                use super::*;

                fn test($world: $crate::World) $body

                #[test]
                fn sqlite() {
                    test($crate::World::new($crate::Backend::Sqlite));
                }

                #[test]
                fn postgres() {
                    test($crate::World::new($crate::Backend::Postgres));
                }
            }
        )+
    };
}
