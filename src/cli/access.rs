//! `user add` and `key add`.

use clap::{Args, Subcommand};

use super::{CliError, open_existing, print};
use crate::app::{accounts, keys};
use crate::config::DataOptions;
use crate::domain::access::{Principal, Role};

/// People who sign in.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person, or another role of theirs, and print a single-use sign-in link
    #[command(after_help = "Example:\n  facilities-audit user add lead@example.org --role fls_lead --service FLS012")]
    Add(UserAdd),
}

/// Add a person.
#[derive(Debug, Args)]
pub struct UserAdd {
    /// E-mail address
    email: String,

    /// How pages greet them and the history of answers names them [default: the first part of the address]
    #[arg(long)]
    name: Option<String>,

    #[command(flatten)]
    held: Held,

    /// The address under which people reach the service
    #[arg(long, env = "FACILITIES_AUDIT_PUBLIC_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    public_url: String,
}

/// API keys.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key and print it, once, as the last word
    #[command(after_help = "Example:\n  facilities-audit key add \"Trust dashboard\" --role commissioner --area QHG")]
    Add(KeyAdd),
}

/// Make a key.
#[derive(Debug, Args)]
pub struct KeyAdd {
    /// What it is for
    name: String,

    #[command(flatten)]
    held: Held,

    /// After how many days it stops to work [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
}

/// A role and what it reaches.
#[derive(Debug, Args)]
struct Held {
    /// audit_team, fls_lead, fls_contributor, clinical_lead or commissioner
    #[arg(long)]
    role: Role,

    /// The service of a lead, contributor or clinical lead
    #[arg(long, value_name = "CODE")]
    service: Option<String>,

    /// The area of a commissioner; without it they read all
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
}

impl User {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let Self::Add(add) = self;
        let app = open_existing(data)?;
        let (service, area) = (add.held.service.as_deref(), add.held.area.as_deref());
        let secret = accounts::add_user(
            &app,
            &Principal::command_line(),
            &add.email,
            add.name.as_deref(),
            add.held.role,
            service,
            area,
        )?;
        print(&format!(
            "Sign-in link for {}, for one use within 14 days:\n{}\n",
            add.email,
            link(&add.public_url, &secret)
        ))
    }
}

impl Key {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let Self::Add(add) = self;
        let app = open_existing(data)?;
        let (service, area) = (add.held.service.as_deref(), add.held.area.as_deref());
        let expires_at = add.days.map(|days| app.now() + chrono::Duration::days(days.into()));
        let who = Principal::command_line();
        let (_, secret) = keys::make(&app, &who, &add.name, add.held.role, service, area, expires_at)?;
        print(&format!("Key {:?}, shown this once: {secret}\n", add.name))
    }
}

/// The address of a sign-in link.
pub(super) fn link(public_url: &str, secret: &str) -> String {
    format!("{}/sign-in/{secret}", public_url.trim_end_matches('/'))
}
