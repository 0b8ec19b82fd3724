//! A running server.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A server on a port of its own, killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    base: String,
    printed: Arc<Mutex<String>>,
}

/// How long a server may take to be ready: a demonstration first makes and loads its country.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    /// Starts a command that takes `--port` and waits until it is ready.
    pub fn start(command: Command) -> Self {
        Self::start_at("http://127.0.0.1", command, &ureq::Agent::new_with_defaults())
    }

    /// Starts a command that serves TLS with a certificate for `localhost`, which the agent must trust.
    pub fn start_with_tls(command: Command, agent: &ureq::Agent) -> Self {
        Self::start_at("https://localhost", command, agent)
    }

    /// Starts a command and waits until it says where it listens; it may still be making itself ready.
    pub fn start_early(command: Command) -> Self {
        Self::listening("http://127.0.0.1", command)
    }

    fn start_at(base: &str, command: Command, agent: &ureq::Agent) -> Self {
        let mut server = Self::listening(base, command);
        let ready = server.address("/ready");
        server.must_come("is ready", |_| agent.get(&ready).call().ok());
        server
    }

    fn listening(base: &str, mut command: Command) -> Self {
        // Any free port: one that was chosen here could be taken by another test before the program comes to it.
        command.args(["--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take(), &printed);
        collect(child.stderr.take(), &printed);
        let mut server = Self { child, base: String::new(), printed };
        let port = server.must_come("says where it listens", |server| port_in(&server.printed()));
        server.base = format!("{base}:{port}");
        server
    }

    /// Waits until the server has done something, unless it ends before.
    fn must_come<T>(&mut self, what: &str, mut come: impl FnMut(&Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(come) = come(self) {
                return come;
            }
            if let Some(status) = self.child.try_wait().expect("the server can be asked after") {
                panic!("the server ended with {status}:\n{}", self.printed());
            }
            assert!(began.elapsed() < PATIENCE, "no server that {what} after {PATIENCE:?}:\n{}", self.printed());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its address, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Its address and port.
    pub fn place(&self) -> &str {
        self.base.split_once("://").map_or("", |(_, place)| place)
    }

    /// The full address of a path.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        self.printed.lock().expect("no thread panicked with it").clone()
    }

    /// Ends it as a power cut does: no handler of it runs.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Ends it as a service manager does, and waits until it has ended.
    pub fn stop(&mut self) {
        let sent = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(sent.success(), "the server can be told to stop");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "told to stop, the server ended with {status}:\n{}", self.printed());
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The port of the line on which the server says where it listens.
fn port_in(printed: &str) -> Option<u16> {
    printed.lines().find_map(|line| {
        let address = line.trim().trim_start_matches("Listening on ");
        let place = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"))?;
        place.strip_prefix("127.0.0.1:")?.parse().ok()
    })
}

/// Collects lines as they come, so that the program never waits for a full pipe.
fn collect(pipe: Option<impl std::io::Read + Send + 'static>, printed: &Arc<Mutex<String>>) {
    let Some(pipe) = pipe else { return };
    let printed = Arc::clone(printed);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut printed = printed.lock().expect("no thread panicked with it");
            printed.push_str(&line);
            printed.push('\n');
        }
    });
}
