//! A running server.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
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
const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    /// Starts a command that takes `--port` and waits until it is ready.
    pub fn start(command: Command) -> Self {
        Self::start_at("http://127.0.0.1", command, &ureq::Agent::new_with_defaults())
    }

    /// Starts a command that serves TLS with a certificate for `localhost`, which the agent must trust.
    pub fn start_with_tls(command: Command, agent: &ureq::Agent) -> Self {
        Self::start_at("https://localhost", command, agent)
    }

    fn start_at(base: &str, mut command: Command, agent: &ureq::Agent) -> Self {
        // The port is free now; the program cannot be asked for any free one and say which, as its users choose theirs.
        let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address").port();
        command.args(["--port", &port.to_string()]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take(), &printed);
        collect(child.stderr.take(), &printed);
        let mut server = Self { child, base: format!("{base}:{port}"), printed };
        server.wait_until_ready(agent);
        server
    }

    fn wait_until_ready(&mut self, agent: &ureq::Agent) {
        let began = Instant::now();
        while agent.get(self.address("/ready")).call().is_err() {
            if let Some(status) = self.child.try_wait().expect("the server can be asked after") {
                panic!("the server ended with {status}:\n{}", self.printed());
            }
            assert!(began.elapsed() < PATIENCE, "the server is not ready after {PATIENCE:?}:\n{}", self.printed());
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
        self.child.wait().expect("it ends");
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
