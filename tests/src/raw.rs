//! Requests byte by byte: what no well-behaved client would send.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::server::Server;

/// How long a server may take to answer or to close.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came back, as far as it can be read as HTTP.
#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// The status; 0 where the connection was closed without an answer.
    pub status: u16,
    /// The lines of the head after the first.
    pub head: String,
    /// Everything after the head.
    pub body: String,
    /// How many answers came.
    pub answers: usize,
}

impl RawAnswer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

/// Sends bytes as they are and reads until the server closes.
pub fn send_bytes(server: &Server, bytes: &[u8]) -> RawAnswer {
    let mut stream = TcpStream::connect(server.place()).expect("the server takes connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    // A server that has seen enough answers and closes, whatever is still to come.
    let _ = stream.write_all(bytes);
    let mut received = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => received.extend(buffer.iter().take(read)),
            // Whoever waited in vain has no answer to judge; a connection that was reset has been answered.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("the server neither answered nor closed the connection within {PATIENCE:?}")
            }
            Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&received).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let (first, head) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    RawAnswer { status, head: head.into(), body: body.into(), answers: text.matches("HTTP/1.1 ").count() }
}

/// Sends one request: its first line, its headers, and its body. Host, Content-Length and an end of the connection are
/// added where they are not given.
pub fn send(server: &Server, line: &str, headers: &[(&str, &str)], body: &[u8]) -> RawAnswer {
    let given = |name: &str| headers.iter().any(|(found, _)| found.eq_ignore_ascii_case(name));
    let mut head = format!("{line} HTTP/1.1\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !given("host") {
        head.push_str(&format!("host: {}\r\n", server.place()));
    }
    if !body.is_empty() && !given("content-length") && !given("transfer-encoding") {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("connection: close\r\n\r\n");
    send_bytes(server, &[head.as_bytes(), body].concat())
}
