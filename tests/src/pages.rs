//! Pages without a browser: a reader with cookies, whose forms carry what the page's own forms would.

use std::collections::BTreeMap;

use crate::server::Server;

/// What a page answered.
#[derive(Debug)]
pub struct PageAnswer {
    /// The status.
    pub status: u16,
    /// Where it sends the reader.
    pub location: Option<String>,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl PageAnswer {
    /// Its text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Somebody who reads pages.
#[derive(Debug)]
pub struct PageReader {
    agent: ureq::Agent,
    base: String,
    /// The cookies that were set, by name.
    pub cookies: BTreeMap<String, String>,
    /// The token of the last page that had a form.
    pub csrf: String,
}

impl PageReader {
    /// A reader of a server's pages who has never been there.
    pub fn new(server: &Server) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.build().into();
        Self { agent, base: server.base().to_owned(), cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// A reader with the cookie of a session, as if they had signed in.
    #[track_caller]
    pub fn in_session(server: &Server, session: &str) -> Self {
        let mut reader = Self::new(server);
        reader.cookies.insert("facilities_audit_session".into(), session.into());
        assert_eq!(reader.get("/gaps").status, 200, "the session is one");
        reader
    }

    /// A reader who has signed in with a link: its address, or its path.
    #[track_caller]
    pub fn signed_in(server: &Server, link: &str) -> Self {
        let mut reader = Self::new(server);
        let path = link.strip_prefix(server.base()).unwrap_or(link).to_owned();
        assert_eq!(reader.get(&path).status, 200, "{path}");
        let answer = reader.post(&path, &[]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        reader.get(answer.location.as_deref().unwrap_or("/"));
        reader
    }

    /// A reader with a session; any page of theirs gives the token of their forms.
    pub fn with_session(server: &Server, session: &str) -> Self {
        let mut reader = Self::new(server);
        reader.cookies.insert("facilities_audit_session".into(), session.into());
        reader.get("/");
        reader
    }

    /// The value of the Cookie header.
    pub fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Reads a page.
    pub fn get(&mut self, path: &str) -> PageAnswer {
        let request = self.agent.get(format!("{}{path}", self.base)).header("Cookie", self.cookie_header());
        let response = request.call().expect("the server answers");
        self.take(response)
    }

    /// Sends a form, with the token of the last page.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> PageAnswer {
        let csrf = self.csrf.clone();
        let mut all: Vec<(&str, &str)> = fields.to_vec();
        all.push(("csrf", &csrf));
        self.post_plainly(path, &all)
    }

    /// Sends a form of just these fields.
    pub fn post_plainly(&mut self, path: &str, fields: &[(&str, &str)]) -> PageAnswer {
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("Cookie", self.cookie_header()).header("Sec-Fetch-Site", "same-origin");
        let response = request.send_form(fields.iter().copied()).expect("the server answers");
        self.take(response)
    }

    /// Sends a form with files: name, file name (empty for a plain field), content.
    pub fn post_files(&mut self, path: &str, parts: &[(&str, &str, &[u8])]) -> PageAnswer {
        const BOUNDARY: &str = "a-boundary-that-is-in-no-file";
        let csrf = self.csrf.clone();
        let mut body = Vec::new();
        for (name, file, content) in [("csrf", "", csrf.as_bytes())].iter().chain(parts) {
            let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes(),
            );
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("Cookie", self.cookie_header()).header("Sec-Fetch-Site", "same-origin");
        let request = request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let response = request.send(&body).expect("the server answers");
        self.take(response)
    }

    fn take(&mut self, mut response: ureq::http::Response<ureq::Body>) -> PageAnswer {
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                if value.is_empty() {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        let bytes = response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().expect("a whole body");
        let answer = PageAnswer {
            status: response.status().as_u16(),
            location: headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone()),
            headers,
            bytes,
        };
        let text = answer.text();
        if let Some((_, rest)) = text.split_once("name=\"csrf\" value=\"")
            && let Some((token, _)) = rest.split_once('"')
        {
            token.clone_into(&mut self.csrf);
        }
        answer
    }
}
