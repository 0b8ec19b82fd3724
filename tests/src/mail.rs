//! A real mail server that keeps what it is given, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::postgres::certificates;

const PATIENCE: Duration = Duration::from_secs(60);

/// The mail server's account.
const ACCOUNT: [&str; 2] = ["audit@example.org", "p@ss:word"];

/// How the mail server is to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// Anyhow, by anybody.
    None,
    /// By STARTTLS and with a password.
    StartTls,
    /// By TLS from the first byte and with a password.
    Implicit,
}

/// A message that the mail server has accepted.
#[derive(Debug, Clone)]
pub struct Received(Value);

impl Received {
    /// A field of it, as text.
    #[track_caller]
    pub fn text(&self, field: &str) -> &str {
        self.0[field].as_str().expect("a field that the server writes")
    }

    /// Any field of it.
    pub fn field(&self, field: &str) -> &Value {
        &self.0[field]
    }

    /// The values of a header, which is named in lower case.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let headers = self.0["headers"].as_array().expect("headers").iter();
        headers.filter(|header| header[0] == name).map(|header| header[1].as_str().expect("its value")).collect()
    }

    /// The value of a header that there is once.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let values = self.headers(name);
        assert_eq!(values.len(), 1, "{name}: {values:?}");
        values.first().copied().unwrap_or_default()
    }
}

/// A mail server on a port of its own, ended when it is dropped.
#[derive(Debug)]
pub struct MailServer {
    child: Child,
    port: u16,
    folder: TempDir,
    tls: MailTls,
}

impl MailServer {
    /// Starts one. Its certificate is for the name `localhost`, by the tests' own authority.
    pub fn start(tls: MailTls) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let python = std::env::var_os("TEST_PYTHON").expect("TEST_PYTHON is not set: run the tests by tests/run");
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("mail/server.py");
        let mut command = Command::new(python);
        command.arg(script).arg(folder.path()).stdout(Stdio::piped());
        if tls != MailTls::None {
            let [user, password] = ACCOUNT;
            command.args(["--tls", if tls == MailTls::Implicit { "implicit" } else { "starttls" }]);
            command.arg("--certificate").arg(certificates().join("server.pem"));
            command.arg("--key").arg(certificates().join("server.key"));
            command.args(["--user", user, "--password", password]);
        }
        let mut child = command.spawn().expect("the mail server starts");
        let mut port = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut port).expect("the mail server says its port");
        Self { child, port: port.trim().parse().expect("a port"), folder, tls }
    }

    /// Its address with the account's password, as the service is told it.
    pub fn url(&self) -> String {
        self.url_with("audit%40example.org:p%40ss%3Aword")
    }

    /// Its address with another user and password.
    pub fn url_with(&self, account: &str) -> String {
        match self.tls {
            MailTls::None => format!("smtp://127.0.0.1:{}?tls=none", self.port),
            MailTls::StartTls => format!("smtp://{account}@localhost:{}", self.port),
            MailTls::Implicit => format!("smtps://{account}@localhost:{}", self.port),
        }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Has the service on this command send by this server.
    pub fn configure(&self, command: &mut Command) {
        command.env("FACILITIES_AUDIT_SMTP_URL", self.url()).env("FACILITIES_AUDIT_MAIL_FROM", SENDER);
        command.env("SSL_CERT_FILE", certificates().join("authority.pem"));
    }

    /// Tells it how to behave from now on; `tests/mail/server.py` has what it understands.
    pub fn order(&self, orders: &Value) {
        let path = self.folder.path().join("orders.json");
        let new = path.with_extension("new");
        std::fs::write(&new, orders.to_string()).expect("the orders can be written");
        std::fs::rename(new, path).expect("the orders can be given");
    }

    /// What it has accepted, in no order.
    pub fn received(&self) -> Vec<Received> {
        let files = std::fs::read_dir(self.folder.path()).expect("its folder").flatten().map(|entry| entry.path());
        let messages = files
            .filter(|path| path.extension().is_some_and(|ending| ending == "json") && !path.ends_with("orders.json"));
        messages
            .map(|path| std::fs::read_to_string(path).expect("a message"))
            .map(|text| Received(serde_json::from_str(&text).expect("JSON")))
            .collect()
    }

    /// Waits until it has accepted so many.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        until("the mails have arrived", || {
            let received = self.received();
            (received.len() >= count).then_some(received)
        })
    }

    /// Waits until it keeps somebody waiting.
    #[track_caller]
    pub fn wait_until_stalled(&self) {
        until("the mail server stalls", || self.folder.path().join("stalled").exists().then_some(()));
    }
}

/// From whom the tests' mail comes.
pub const SENDER: &str = "Facilities audit <audit@example.org>";

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is there.
#[track_caller]
pub fn until<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = there() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
