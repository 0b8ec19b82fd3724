//! `demo`: a fresh synthetic country, served.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::serve::{bind, place_of, protection, run_server};
use super::{CliError, access, open_with, print, progress};
use crate::app::outbox::{KeptForReading, Sender};
use crate::app::{App, Environment, Settings, demo, keys};
use crate::auth::key::ServerKey;
use crate::config::{DataOptions, ProtectionOptions, ServerOptions};
use crate::domain::access::{Principal, Role};

/// Make a fresh synthetic country and serve it.
///
/// Every service, hospital and figure of it is invented; only the national figures are the published ones.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  facilities-audit demo --port 9000 --dir ./demo")]
pub struct Demo {
    #[command(flatten)]
    server: ServerOptions,

    #[command(flatten)]
    protection: ProtectionOptions,

    /// The folder for the demo's database, which is made anew [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// The name of the demo's database in its folder. A folder of the demo holds nothing else of ours.
const FILE: &str = "facilities-audit-demo.db";

impl Demo {
    pub(super) fn run(self, data: &DataOptions) -> Result<(), CliError> {
        let listener = bind(&self.server)?;
        let temporary = match &self.dir {
            Some(_) => None,
            None => {
                Some(tempfile::tempdir().map_err(|error| CliError::Failed(format!("no temporary folder: {error}")))?)
            }
        };
        let dir = match (&self.dir, &temporary) {
            (Some(dir), _) => dir.as_path(),
            (None, Some(temporary)) => temporary.path(),
            (None, None) => Path::new("."),
        };
        let (url, _lock) = fresh_database(dir)?;
        let place = place_of(&listener)?;
        let public_url = format!("http://{place}");
        let mut protection = protection(&self.protection, &public_url, place)?;
        if !place.ip().is_loopback() {
            protection.hosts = protection.hosts.or_any_address();
        }
        let (key, mail) = (Some(random_key()?), Some(Arc::new(KeptForReading) as Arc<dyn Sender>));
        let contact = Some("audit.team@demo.example".to_owned());
        let settings = Settings { demo: true, secure_cookies: false, public_url, key, mail, openid: None, contact };
        let app = open_with(data, &url, settings)?;
        load(&app)?;
        let people = demo::add_people(&app)?;
        let who = Principal::command_line();
        let name = "Demo: reads and writes everything";
        let (_, key) = keys::make(&app, &who, name, Role::AuditTeam, None, None, None)?;
        run_server(app, listener, protection, None, |address| {
            let address = format!("http://{address}");
            let mut text = format!(
                "\nA synthetic country: every service and figure in it is invented.\n\n  {address}\n\nSign in (each link works once; the sign-in page has buttons for more):\n"
            );
            for (person, secret) in &people {
                text.push_str(&format!("  {:38} {}\n", person.label, access::link(&address, secret)));
            }
            text.push_str(&format!("\nAPI key (audit team):\n  {key}\n\nWorth opening:\n"));
            for (path, what) in WORTH_OPENING {
                text.push_str(&format!("  {address}{path:38} {what}\n"));
            }
            text.push_str(&format!(
                "\n  curl -H 'Authorization: Bearer {key}' '{address}/api/v1/workforce/gaps?year=2021'\n\nStop with Ctrl-C.\n"
            ));
            print(&text)
        })
    }
}

const WORTH_OPENING: &[(&str, &str)] = &[
    ("/gaps?year=2021", "the staffing gap of 2021 (commissioner)"),
    ("/survey/2022/FLS012", "the open survey, half answered (FLS lead)"),
    ("/rounds/2022", "how far the services are (audit team)"),
    ("/demo/mails", "the mails that would have been sent (anybody)"),
    ("/api/docs", "the API"),
];

/// The demo's key: a new one each time, since its database is made anew too.
fn random_key() -> Result<ServerKey, CliError> {
    let mut bytes = [0; 32];
    (Environment::system().entropy)(&mut bytes).map_err(CliError::Failed)?;
    Ok(ServerKey::from_bytes(&bytes))
}

/// An empty database in the folder, and the lock that keeps the folder to this demo; one that was there before is made
/// anew, unless it is still being served.
fn fresh_database(dir: &Path) -> Result<(String, File), CliError> {
    let failed = |error| CliError::Failed(format!("the demo cannot use {}: {error}", dir.display()));
    std::fs::create_dir_all(dir).map_err(failed)?;
    let lock = File::create(dir.join(format!("{FILE}.lock"))).map_err(failed)?;
    lock.try_lock().map_err(|_| {
        CliError::Failed(format!("a demo is running in {}; stop it, or name another folder with --dir", dir.display()))
    })?;
    for ending in ["", "-wal", "-shm"] {
        match std::fs::remove_file(dir.join(format!("{FILE}{ending}"))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    let path = dir.join(FILE);
    Ok((format!("sqlite:{}", path.display()), lock))
}

fn load(app: &App) -> Result<(), CliError> {
    let mut bar = None;
    demo::load_country(app, &mut |name, read, total| {
        let current = bar.get_or_insert_with(|| progress::bytes(name, total));
        current.set_prefix(name.to_owned());
        current.set_length(total);
        current.set_position(read);
    })?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(())
}
