//! TLS in the process, with the tests' own certificate authority.

use std::fs;
use std::path::Path;
use std::process::Command;

use facilities_audit_tests::{Backend, Ran, Server, World, certificates, until};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// A client that trusts one authority.
fn trusting(authority: &str) -> ureq::Agent {
    let pem = fs::read(certificates().join(format!("{authority}.pem"))).unwrap();
    let certificate = Certificate::from_pem(&pem).unwrap();
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate])).build();
    ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false).max_idle_connections(0).build().into()
}

fn copy(from: &str, to: &Path) {
    fs::copy(certificates().join(from), to).unwrap();
}

/// A certificate for `localhost` of an authority, in two files of the world.
fn certify(world: &World, authority: &str, name: &str) {
    let dir = certificates();
    let file = |ending: &str| world.path(&format!("{name}.{ending}"));
    let openssl = |arguments: &[&std::ffi::OsStr]| {
        let ran = Command::new("openssl").args(arguments).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    fs::write(file("ext"), "subjectAltName=DNS:localhost\n").unwrap();
    let (key, csr, pem, ext) = (file("key"), file("csr"), file("pem"), file("ext"));
    let (ca, ca_key) = (dir.join(format!("{authority}.pem")), dir.join(format!("{authority}.key")));
    let new = [
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-keyout",
    ];
    let mut arguments: Vec<&std::ffi::OsStr> = new.iter().map(std::ffi::OsStr::new).collect();
    arguments.extend([key.as_os_str(), "-out".as_ref(), csr.as_os_str()]);
    openssl(&arguments);
    let mut arguments: Vec<&std::ffi::OsStr> =
        ["x509", "-req", "-days", "2", "-in"].iter().map(std::ffi::OsStr::new).collect();
    arguments.extend([csr.as_os_str(), "-CA".as_ref(), ca.as_os_str(), "-CAkey".as_ref(), ca_key.as_os_str()]);
    arguments.extend([
        "-set_serial".as_ref(),
        "7".as_ref(),
        "-extfile".as_ref(),
        ext.as_os_str(),
        "-out".as_ref(),
        pem.as_os_str(),
    ]);
    openssl(&arguments);
}

fn command(world: &World) -> Command {
    let mut command = world.program(&["serve"]);
    command
        .env("FACILITIES_AUDIT_PUBLIC_URL", "https://localhost")
        .env("FACILITIES_AUDIT_TLS_CERT", world.path("chain.pem"));
    command.env("FACILITIES_AUDIT_TLS_KEY", world.path("chain.key"));
    command
}

#[test]
fn it_serves_tls_and_reads_a_renewed_certificate() {
    let world = World::new(Backend::Sqlite);
    copy("server.pem", &world.path("chain.pem"));
    copy("server.key", &world.path("chain.key"));
    let (ours, others) = (trusting("authority"), trusting("other-authority"));
    let server = Server::start_with_tls(command(&world), &ours);
    assert!(server.printed().contains("https://"), "{}", server.printed());
    let answer = ours.get(server.address("/sign-in")).call().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("__Host-"));
    others.get(server.address("/health")).call().unwrap_err();
    // Plain HTTP on the port of TLS is no way in.
    ureq::get(server.address("/health").replace("https://", "http://")).call().unwrap_err();

    let hang_up = || {
        let ran = Command::new("kill").args(["-HUP", &server.id().to_string()]).status().unwrap();
        assert!(ran.success());
    };
    // A certificate that is of no use is named, and the one before is kept.
    fs::write(world.path("chain.pem"), "no certificate").unwrap();
    hang_up();
    until("the complaint", || server.printed().contains("the one before is kept").then_some(()));
    assert_eq!(ours.get(server.address("/health")).call().unwrap().status(), 200);

    certify(&world, "other-authority", "new");
    fs::rename(world.path("new.key"), world.path("chain.key")).unwrap();
    fs::rename(world.path("new.pem"), world.path("chain.pem")).unwrap();
    hang_up();
    until("the renewal", || others.get(server.address("/health")).call().ok());
    // A new client: the old one may go on with the session that it has.
    trusting("authority").get(server.address("/health")).call().unwrap_err();
}

/// Nobody sends a signal: that the file has changed is enough.
#[test]
fn a_changed_certificate_is_noticed() {
    let world = World::new(Backend::Sqlite);
    copy("server.pem", &world.path("chain.pem"));
    copy("server.key", &world.path("chain.key"));
    let server = Server::start_with_tls(command(&world), &trusting("authority"));
    certify(&world, "other-authority", "new");
    fs::rename(world.path("new.key"), world.path("chain.key")).unwrap();
    fs::rename(world.path("new.pem"), world.path("chain.pem")).unwrap();
    let others = trusting("other-authority");
    until("the renewal", || others.get(server.address("/health")).call().ok());
}

#[test]
fn files_that_are_of_no_use_are_named() {
    let world = World::new(Backend::Sqlite);
    let refused = |words: &[&str]| Ran::run(&mut command(&world)).refused_with(2, words);
    refused(&["certificate cannot be read", "chain.pem"]);
    copy("server.pem", &world.path("chain.pem"));
    refused(&["private key cannot be read", "chain.key"]);
    copy("other-authority.key", &world.path("chain.key"));
    refused(&["not that of the certificate"]);
    fs::write(world.path("chain.key"), "hello").unwrap();
    refused(&["no private key in"]);
    copy("server.key", &world.path("chain.key"));
    fs::write(world.path("chain.pem"), "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n").unwrap();
    refused(&["certificate in", "is damaged"]);
    copy("server.key", &world.path("chain.pem"));
    refused(&["no certificate in"]);
    let mut half = command(&world);
    half.env_remove("FACILITIES_AUDIT_TLS_KEY");
    Ran::run(&mut half).refused_with(2, &["--tls-key"]);
    let mut plain = command(&world);
    copy("server.pem", &world.path("chain.pem"));
    plain.env("FACILITIES_AUDIT_PUBLIC_URL", "http://localhost");
    Ran::run(&mut plain).refused_with(2, &["must begin with https://"]);
}
