//! What a page of the survey costs the server: the CPU time of its process for each request, beside that of a hello page
//! (`/health`), one client, in one run, on the demonstration. `cargo bench --bench section_page`; `-- REQUESTS` says how
//! many of each, 1000 unless told.
//!
//! Prints a line of JSON for each page: milliseconds of CPU, the ratio to the hello page, and bytes on the wire.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::json;

#[path = "measuring/cpu.rs"]
mod cpu;

type Failed = Box<dyn std::error::Error>;

const PAGES: [&str; 8] = [
    "/health",
    "/privacy",
    "/survey/2022/FLS012",
    "/survey/2022/FLS012/staffing",
    "/survey/2022/FLS012/population",
    "/survey/2022/FLS012/governance",
    "/survey/2022/FLS012/check",
    "/survey/2022/FLS012/print",
];

/// The demonstration, ended when it is dropped.
struct Demo {
    child: Child,
    base: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    fn start(folder: &std::path::Path) -> Result<Self, Failed> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_facilities-audit"))
            .args(["demo", "--port", "0", "--limit-address", "0", "--dir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let printed = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut demo = Self { child, base: String::new() };
        for line in printed.lines() {
            let line = line?;
            if demo.base.is_empty() && line.trim().starts_with("http://") {
                line.trim().clone_into(&mut demo.base);
            }
            if line.starts_with("Stop with") {
                return Ok(demo);
            }
        }
        Err("the demonstration ended".into())
    }

    /// Seconds of CPU that its process has taken.
    fn cpu(&self) -> Result<f64, Failed> {
        cpu::seconds_of(&self.child.id().to_string())
    }
}

/// The cookies of the demonstration's FLS lead.
fn signed_in(agent: &ureq::Agent, base: &str) -> Result<String, Failed> {
    let cookies = |response: &ureq::http::Response<ureq::Body>| -> Vec<String> {
        let values = response.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        values.filter_map(|value| value.split(';').next()).map(ToOwned::to_owned).collect()
    };
    let mut page = agent.get(format!("{base}/sign-in")).call()?;
    let visitor = cookies(&page);
    let text = page.body_mut().read_to_string()?;
    let csrf = text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("no token")?;
    let request = agent.post(format!("{base}/sign-in/demo")).header("cookie", visitor.join("; "));
    let request = request.header("sec-fetch-site", "same-origin");
    let response = request.send_form([("email", "fls.lead@demo.example"), ("csrf", csrf)])?;
    Ok(visitor.into_iter().chain(cookies(&response)).collect::<Vec<_>>().join("; "))
}

/// Bytes of a page as a browser is sent it, which the client would unpack.
fn on_the_wire(base: &str, page: &str, cookie: &str) -> Result<usize, Failed> {
    let host = base.trim_start_matches("http://");
    let mut server = TcpStream::connect(host)?;
    let headers = format!("Host: {host}\r\nCookie: {cookie}\r\nAccept-Encoding: gzip\r\nConnection: close");
    write!(server, "GET {page} HTTP/1.1\r\n{headers}\r\n\r\n")?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or("no head")?;
    Ok(answer.len() - head - 4)
}

fn main() -> Result<(), Failed> {
    let requests: u32 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1000);
    let folder = tempfile::tempdir_in("target")?;
    let demo = Demo::start(folder.path())?;
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
    let cookie = signed_in(&agent, &demo.base)?;
    let mut hello = None;
    for page in PAGES {
        let get = || -> Result<(), Failed> {
            let request = agent.get(format!("{}{page}", demo.base)).header("cookie", &cookie);
            let mut response = request.header("accept-encoding", "gzip").call()?;
            if response.status() != 200 {
                return Err(format!("{page}: {}", response.status()).into());
            }
            response.body_mut().read_to_vec()?;
            Ok(())
        };
        for _ in 0..20 {
            get()?;
        }
        let began = demo.cpu()?;
        for _ in 0..requests {
            get()?;
        }
        let each = (demo.cpu()? - began) / f64::from(requests) * 1000.0;
        let beside = *hello.get_or_insert(each);
        let bytes = on_the_wire(&demo.base, page, &cookie)?;
        println!("{}", json!({ "page": page, "cpu_ms": each, "times_hello": each / beside, "bytes": bytes }));
    }
    Ok(())
}
