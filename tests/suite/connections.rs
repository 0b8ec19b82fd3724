//! What people see when the database's address is wrong, and when the server's identity cannot be trusted.

use std::fs;

use facilities_audit::store::Database;
use facilities_audit_tests::{Backend, Ran, Server, World, certificates, demo_folder, postgres_url};

/// A folder to import: a command that may make the database.
fn import_into(world: &World, url: &str) -> Ran {
    Ran::run(world.program(&["import"]).arg(demo_folder()).env("DATABASE_URL", url))
}

#[track_caller]
fn refused_with(status: i32, url: &str, words: &[&str]) {
    let world = World::new(Backend::Sqlite);
    let ran = import_into(&world, url).refused_with(status, words);
    assert!(!ran.err.contains("secret"), "the password is shown:\n{}", ran.err);
    let left: Vec<_> = fs::read_dir(world.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "files were left behind: {left:?}");
}

#[track_caller]
fn refused(url: &str, words: &[&str]) {
    refused_with(1, url, words);
}

/// Such an address is a wrong call, not work that failed.
#[test]
fn an_unknown_scheme_is_refused() {
    refused_with(2, "mysql://audit:secret@localhost/audit", &["sqlite:", "postgres://", "mysql"]);
    refused_with(2, "audit.db", &["sqlite:", "postgres://"]);
    refused_with(2, "sqlite:", &["names no file"]);
    refused_with(2, "sqlite::memory:", &["names no file"]);
}

#[test]
fn a_missing_folder_is_named() {
    refused("sqlite:no/such/folder/audit.db", &["no/such/folder", "does not exist"]);
}

/// A command that only reads must not leave an empty database where the address was mistyped.
#[test]
fn reading_makes_no_database() {
    let world = World::new(Backend::Sqlite);
    world.run(&["export", "out"]).failed_saying(&["there is no database", "facilities-audit.db"]);
    assert!(!world.path("facilities-audit.db").exists());
}

/// Of those who turn a new file to its journal mode, SQLite lets one pass and refuses the others without waiting.
#[test]
fn a_new_file_may_be_opened_by_many_at_once() {
    for round in 0..40 {
        let world = World::new(Backend::Sqlite);
        std::thread::scope(|scope| {
            let openers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| Database::open(world.url()).map(drop).map_err(|e| e.to_string())))
                .collect();
            for opener in openers {
                assert_eq!(opener.join().unwrap(), Ok(()), "round {round}");
            }
        });
    }
}

#[test]
fn a_server_that_is_down_is_named() {
    // Nothing listens on port 1.
    refused("postgres://audit:secret@127.0.0.1:1/audit", &["127.0.0.1:1/audit", "Connection refused"]);
}

/// The server's address with other parts: of its sorts of trouble, each test makes one.
fn server(change: impl Fn(&str) -> String) -> String {
    let url = postgres_url();
    let changed = change(&url);
    assert_ne!(changed, url, "the address has no such part");
    changed
}

fn with_parameters(host: &str, parameters: &str) -> String {
    server(|url| {
        let address = url.split_once('?').unwrap().0.replace("@localhost", &format!("@{host}"));
        format!("{address}?{parameters}")
    })
}

#[test]
fn a_wrong_password_is_said() {
    let url = server(|url| {
        let (before, after) = url.split_once('@').unwrap();
        format!("{}:secret@{after}", before.rsplit_once(':').unwrap().0)
    });
    refused(&url, &["password authentication failed"]);
}

#[test]
fn a_missing_database_is_said() {
    refused(&server(|url| url.replace("/postgres?", "/no_such_database?")), &["no_such_database", "does not exist"]);
}

#[test]
fn an_untrusted_certificate_is_refused() {
    let other = certificates().join("other-authority.pem");
    refused(
        &with_parameters("localhost", &format!("sslmode=verify-full&sslrootcert={}", other.display())),
        &["certificate verify failed"],
    );
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let authority = certificates().join("authority.pem");
    refused(
        &with_parameters("127.0.0.1", &format!("sslmode=verify-full&sslrootcert={}", authority.display())),
        &["127.0.0.1", "certificate"],
    );
}

#[test]
fn tls_is_used_where_it_is_asked_for() {
    let authority = certificates().join("authority.pem");
    for parameters in ["sslmode=require".to_owned(), format!("sslmode=verify-full&sslrootcert={}", authority.display())]
    {
        let world = World::new(Backend::Postgres);
        let database = world.url().split_once('?').unwrap().0;
        import_into(&world, &format!("{database}?{parameters}")).succeeded();
    }
}

/// A demo makes its folder anew; not under another demo that serves it.
#[test]
fn a_demo_that_is_running_keeps_its_folder() {
    let world = World::new(Backend::Sqlite);
    let server = Server::start(world.program(&["demo", "--dir", "demo"]));
    world.run(&["demo", "--dir", "demo", "--port", "0"]).failed_saying(&["a demo is running in demo"]);
    assert!(ureq::get(server.address("/ready")).call().is_ok());
}
