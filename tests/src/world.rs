//! A test's own database, folder and ways to run the program on them.

use std::path::{Path, PathBuf};
use std::process::Command;

use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::{App, Environment, Settings, demo};
use facilities_audit::auth::key::ServerKey;
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use tempfile::TempDir;

use crate::postgres::PostgresDatabase;
use crate::program::{Ran, SECRET_KEY, program};
use crate::server::Server;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the server that `tests/run` started.
    Postgres,
}

/// A fresh database and an empty folder; both go when it is dropped.
#[derive(Debug)]
pub struct World {
    url: String,
    folder: TempDir,
    backend: Backend,
    _database: Option<PostgresDatabase>,
}

impl World {
    /// A world on a database of the kind, empty: no table is made yet.
    pub fn new(backend: Backend) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = (backend == Backend::Postgres).then(PostgresDatabase::create);
        let url = database.as_ref().map_or_else(
            || format!("sqlite:{}", folder.path().join("facilities-audit.db").display()),
            |database| database.url.clone(),
        );
        Self { url, folder, backend, _database: database }
    }

    /// A world that holds the synthetic country.
    pub fn with_demo_data(backend: Backend) -> Self {
        let world = Self::new(backend);
        demo::load_country(&world.app(), &mut |_, _, _| {}).expect("the country loads");
        world
    }

    /// The database's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// A path in the world's own folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The application on this database, in the test's own process.
    pub fn app(&self) -> App {
        self.app_with(Settings::default(), Environment::system())
    }

    /// The same with settings and an environment of the test's own; the key is the tests'.
    pub fn app_with(&self, settings: Settings, environment: Environment) -> App {
        let reference = read_reference(&SeedFiles::Embedded).expect("the seeds are sound");
        let key = ServerKey::new(SECRET_KEY).expect("a key");
        let settings = Settings { key: Some(key), ..settings };
        App::open(&self.url, reference, settings, environment).expect("the database opens")
    }

    /// The application on the registers of the synthetic country and the answers of some of its services: all that a
    /// test of responses needs, in a tenth of the time.
    pub fn app_with_answers_of(&self, services: &[&str]) -> App {
        let app = self.app();
        for kind in FileKind::ALL.into_iter().filter(|kind| *kind != FileKind::KpiCounts) {
            let Ok(bytes) = SeedFiles::Embedded.bytes(&format!("demo/{}", kind.file_name())) else { continue };
            let text = String::from_utf8(bytes).expect("the demo is text");
            let wanted = |line: &&str| {
                let service = line.split(',').next().unwrap_or_default();
                kind != FileKind::Responses || service == "service_code" || services.contains(&service)
            };
            let kept: Vec<&str> = text.lines().filter(wanted).collect();
            let (file, who) = (kept.join("\n"), Principal::command_line());
            let report = imports::file(&app, &who, kind, file.as_bytes(), ImportOptions::default(), &mut |_| ());
            assert!(report.expect("the file loads").problems.is_empty());
        }
        app
    }

    /// The program on this database.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.env("DATABASE_URL", &self.url).current_dir(self.folder.path()).args(arguments);
        command
    }

    /// Runs the program on this database to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::run(&mut self.program(arguments))
    }

    /// Imports a folder.
    pub fn import(&self, folder: &Path) -> Ran {
        Ran::run(self.program(&["import"]).arg(folder))
    }

    /// Exports into the folder `name` of this world.
    pub fn export(&self, name: &str) -> PathBuf {
        let folder = self.path(name);
        Ran::run(self.program(&["export"]).arg(&folder)).succeeded();
        folder
    }

    /// Serves this database on a port of its own.
    pub fn serve(&self) -> Server {
        Server::start(self.program(&["serve"]))
    }
}

/// The synthetic country's files.
pub fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds/demo").canonicalize().expect("seeds/demo is there")
}
