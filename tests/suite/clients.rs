//! Clients that are generated from the document, compiled and used: from this one, and from the last that was released.

use std::path::{Path, PathBuf};
use std::process::Command;

use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Backend, Ran, Server, World, on_both_databases};

use super::compatibility::released;
use super::contract::{beside_python, key, npm, repository};
use super::statistics_judges::python;

/// A served country, and a key that reads and writes all of it.
struct Service {
    server: Server,
    key: String,
    folder: PathBuf,
    _world: World,
}

impl Service {
    fn new(world: World) -> Self {
        facilities_audit::app::demo::load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        let (server, key, folder) = (world.serve(), key(&world, Role::AuditTeam, ""), world.path("client"));
        std::fs::create_dir(&folder).unwrap();
        Self { server, key, folder, _world: world }
    }

    fn runs(&self, command: &mut Command) {
        let ran = Ran::run(command.env("BASE", self.server.address("/api/v1")).env("KEY", &self.key)).succeeded();
        println!("{}", ran.out.trim());
        assert!(ran.out.contains("a conflict, a bad row, a workbook"), "{}", ran.out);
    }
}

fn document() -> PathBuf {
    repository().join("openapi/openapi.json")
}

fn clients(name: &str) -> PathBuf {
    repository().join("tests/clients").join(name)
}

fn python_client(service: &Service, document: &Path) {
    let made = Ran::run(
        beside_python("openapi-python-client")
            .args(["generate", "--fail-on-warning", "--overwrite", "--meta", "none", "--path"])
            .arg(document)
            .arg("--config")
            .arg(clients("python").join("config.yaml"))
            .arg("--output-path")
            .arg(service.folder.join("facilities_audit_client")),
    );
    made.succeeded();
    service.runs(python().arg(clients("python").join("use_client.py")).env("PYTHONPATH", &service.folder));
}

fn typescript_client(service: &Service, document: &Path) {
    for file in ["tsconfig.json", "use-client.ts", "run.mjs"] {
        std::fs::copy(clients("typescript").join(file), service.folder.join(file)).unwrap();
    }
    std::fs::write(service.folder.join("package.json"), r#"{"type": "module"}"#).unwrap();
    let modules = repository().join("tests/contract/node_modules");
    std::os::unix::fs::symlink(modules, service.folder.join("node_modules")).unwrap();
    Ran::run(npm("openapi-typescript").arg(document).arg("-o").arg(service.folder.join("schema.d.ts"))).succeeded();
    let compiled = Ran::run(npm("tsc").arg("--project").arg(&service.folder));
    assert_eq!(compiled.status, Some(0), "{}", compiled.out);
    service.runs(Command::new("node").arg(service.folder.join("run.mjs")));
}

on_both_databases! {
    fn a_typescript_client(world: World) {
        typescript_client(&Service::new(world), &document());
    }
}

#[test]
fn a_python_client() {
    python_client(&Service::new(World::new(Backend::Sqlite)), &document());
}

/// What a generated Java client needs at hand, beside what the generator brings along itself.
const JARS: [&str; 4] = ["httpclient", "httpcore", "httpmime", "geronimo-annotation-1.3-spec"];

#[test]
fn a_java_client() {
    let service = Service::new(World::new(Backend::Postgres));
    let place = "import importlib.resources as r; print(r.files('openapi_generator_cli') / 'openapi-generator.jar')";
    let generator = Ran::run(python().args(["-c", place])).succeeded().out.trim().to_owned();
    let (sources, classes) = (service.folder.join("src/main/java"), service.folder.join("classes"));
    let made = Ran::run(
        Command::new("java")
            .args(["-jar", &generator, "generate", "-g", "java", "--library", "native", "-i"])
            .arg(document())
            .arg("-o")
            .arg(&service.folder)
            .arg("-c")
            .arg(clients("java").join("config.yaml")),
    );
    made.succeeded();
    let jars = JARS.iter().map(|jar| format!("/usr/share/java/{jar}.jar"));
    let path = jars.chain([generator, classes.display().to_string()]).collect::<Vec<_>>().join(":");
    let compiled = Ran::run(
        Command::new("javac")
            .args(["-proc:none", "-nowarn", "-cp", &path, "-d"])
            .arg(&classes)
            .arg("-sourcepath")
            .arg(&sources)
            .arg(clients("java").join("UseClient.java")),
    );
    compiled.succeeded();
    service.runs(Command::new("java").args(["-cp", &path, "UseClient"]));
}

on_both_databases! {
    /// It is generated and compiled with the tests.
    fn a_rust_client(world: World) {
        let service = Service::new(world);
        let base = service.server.address("/api/v1");
        let year = facilities_audit_client::year(&base, &service.key);
        let done = tokio::runtime::Runtime::new().unwrap().block_on(year);
        println!("{}", done.unwrap_or_else(|error| panic!("{error}")));
    }
}

/// Who generated a client from the last release need not generate it anew.
#[test]
fn clients_of_the_last_release_still_work() {
    let last = released().pop().unwrap();
    let made = |generate: fn(&Service, &Path)| {
        generate(&Service::new(World::new(Backend::Sqlite)), &last);
    };
    made(python_client);
    made(typescript_client);
}
