//! OpenID providers: a real one, and one that misbehaves as it is told to. Both are programs of tests/openid.

use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::postgres::certificates;

/// The secret by which the providers know the service.
pub const OPENID_SECRET: &str = "what-the-provider-gave-to-the-audit";

/// A running provider, ended when it is dropped.
#[derive(Debug)]
pub struct OpenIdProvider {
    child: Child,
    issuer: String,
}

impl OpenIdProvider {
    /// The real one, with the people of a file: an object of claims by login.
    pub fn start(people: &Path) -> Self {
        Self::run("provider.js", &[people.to_owned()])
    }

    /// The one that does what [`Self::behave`] says.
    pub fn rogue() -> Self {
        Self::run("rogue.js", &[])
    }

    /// The same over TLS, with the certificate of the tests' authority.
    pub fn rogue_over_tls() -> Self {
        Self::run("rogue.js", &[certificates().join("server.pem"), certificates().join("server.key")])
    }

    fn run(script: &str, arguments: &[PathBuf]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openid");
        assert!(folder.join("node_modules").is_dir(), "run the tests by tests/run, which installs the provider");
        let mut command = Command::new("node");
        command.current_dir(folder).arg(script).args(arguments).env("OPENID_SECRET", OPENID_SECRET);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("node is missing");
        let mut printed = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut issuer = String::new();
        printed.read_line(&mut issuer).expect("the provider's address");
        let issuer = issuer.trim().to_owned();
        // It goes on to print, and would end if nobody read that.
        thread::spawn(move || io::copy(&mut printed, &mut io::sink()));
        assert!(issuer.starts_with("http"), "{script} did not start; run it by hand to see why");
        Self { child, issuer }
    }

    /// Its address.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Tells a rogue how to behave from now on.
    pub fn behave(&self, how: &Value) {
        ureq::post(format!("{}/behave", self.issuer)).send_json(how).expect("the rogue listens");
    }

    /// Has the service that a command starts use it.
    pub fn configure(&self, command: &mut Command) {
        configure_openid(command, &self.issuer);
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Has the service that a command starts use the provider at an address.
pub fn configure_openid(command: &mut Command, issuer: &str) {
    command
        .env("FACILITIES_AUDIT_OIDC_ISSUER", issuer)
        .env("FACILITIES_AUDIT_OIDC_CLIENT_ID", "audit")
        .env("FACILITIES_AUDIT_OIDC_CLIENT_SECRET", OPENID_SECRET)
        .env("FACILITIES_AUDIT_OIDC_NAME", "NHS CIS2");
}
