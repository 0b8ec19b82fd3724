//! The names under which the service answers. A page elsewhere can give its own name our address (DNS rebinding), and
//! would then be of the same origin as our pages; so a request for any other name is refused.

use std::net::{IpAddr, SocketAddr};

use poem::Request;
use poem::http::Uri;
use poem::http::header::HOST;
use poem::http::uri::Authority;

/// Why a request's Host is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHost {
    /// It is missing, is there twice, or cannot be read.
    Unreadable,
    /// It is not ours.
    Foreign,
}

/// The names of the service.
#[derive(Debug, Clone)]
pub struct Hosts {
    names: Vec<Name>,
    /// Addresses and names of the machine itself are taken too, with any port: an address cannot be rebound.
    any_address: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    host: String,
    /// `None`: any.
    port: Option<u16>,
}

impl Hosts {
    /// The name in the public address, further ones (`name` or `name:port`), and, where the service listens on this
    /// machine alone, the machine's names for itself.
    pub fn new(public_url: &Uri, further: &[String], listens_on: SocketAddr) -> Result<Self, String> {
        let mut names = Vec::new();
        if let Some(host) = public_url.host() {
            let default = if public_url.scheme_str() == Some("https") { 443 } else { 80 };
            names.push(Name { host: plain(host), port: Some(public_url.port_u16().unwrap_or(default)) });
        }
        for text in further {
            let authority: Authority =
                text.parse().map_err(|_| format!("{text:?} is no host name; write `name` or `name:port`"))?;
            names.push(Name { host: plain(authority.host()), port: authority.port_u16() });
        }
        if listens_on.ip().is_loopback() {
            let own = ["localhost", "127.0.0.1", "::1"];
            names.extend(own.map(|host| Name { host: host.into(), port: Some(listens_on.port()) }));
        }
        Ok(Self { names, any_address: false })
    }

    /// The same, and any address: for the demo, which does not know under which it is looked at.
    #[must_use]
    pub fn or_any_address(mut self) -> Self {
        self.any_address = true;
        self
    }

    /// Refuses a request for another name.
    pub fn check(&self, request: &Request) -> Result<(), BadHost> {
        let mut lines = request.headers().get_all(HOST).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return Err(BadHost::Unreadable) };
        let authority: Authority = line.to_str().ok().and_then(|line| line.parse().ok()).ok_or(BadHost::Unreadable)?;
        // A request line may name a host too (`GET http://host/path`).
        let asked = request.uri().authority();
        let all_ours = [Some(&authority), asked].into_iter().flatten().all(|authority| self.is_ours(authority));
        if all_ours { Ok(()) } else { Err(BadHost::Foreign) }
    }

    fn is_ours(&self, authority: &Authority) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        let (host, port) = (plain(authority.host()), authority.port_u16());
        let fits = |name: &Name| {
            name.host == host
                && name.port.is_none_or(|wanted| port == Some(wanted) || port.is_none() && matches!(wanted, 80 | 443))
        };
        let is_address = || host == "localhost" || host.parse::<IpAddr>().is_ok();
        self.names.iter().any(fits) || self.any_address && is_address()
    }
}

/// A host as it is compared: small letters, no brackets, no dot at its end.
fn plain(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hosts: &Hosts, lines: &[&str], uri: &str) -> Result<(), BadHost> {
        let mut request = Request::builder().uri(uri.parse().unwrap()).finish();
        for line in lines {
            request.headers_mut().append(HOST, line.parse().unwrap());
        }
        hosts.check(&request)
    }

    fn hosts(public: &str, further: &[&str], listens_on: &str) -> Hosts {
        let further: Vec<String> = further.iter().map(|name| (*name).to_owned()).collect();
        Hosts::new(&public.parse().unwrap(), &further, listens_on.parse().unwrap()).unwrap()
    }

    #[test]
    fn our_own_names_are_taken() {
        let local = hosts("https://audit.example", &["audit.internal", "old.example:8443"], "127.0.0.1:8080");
        for host in ["audit.example", "AUDIT.example:443", "audit.internal", "audit.internal:9", "old.example:8443"] {
            assert_eq!(check(&local, &[host], "/"), Ok(()), "{host}");
        }
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "audit.example."] {
            assert_eq!(check(&local, &[host], "/"), Ok(()), "{host}");
        }
        assert_eq!(check(&local, &["audit.example"], "https://audit.example/x"), Ok(()));
    }

    #[test]
    fn any_other_name_is_refused() {
        let local = hosts("https://audit.example", &["old.example:8443"], "127.0.0.1:8080");
        let foreign = ["evil.example", "audit.example.evil.example", "localhost", "localhost:81", "127.0.0.1:9090"];
        for host in foreign.into_iter().chain(["old.example", "audit.example:8080", "a@audit.example", "10.0.0.1:8080"])
        {
            assert_eq!(check(&local, &[host], "/"), Err(BadHost::Foreign), "{host}");
        }
        assert_eq!(check(&local, &["audit.example"], "https://evil.example/x"), Err(BadHost::Foreign));
        let outside = hosts("https://audit.example", &[], "10.0.0.5:8443");
        assert_eq!(check(&outside, &["localhost:8443"], "/"), Err(BadHost::Foreign));
        assert_eq!(check(&outside, &["10.0.0.5:8443"], "/"), Err(BadHost::Foreign));
        assert_eq!(check(&outside.or_any_address(), &["10.0.0.5:8443"], "/"), Ok(()));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let local = hosts("http://127.0.0.1:8080", &[], "127.0.0.1:8080");
        for lines in [&[][..], &["127.0.0.1:8080", "127.0.0.1:8080"], &["a b"], &[""], &["127.0.0.1:8080/x"]] {
            assert_eq!(check(&local, lines, "/"), Err(BadHost::Unreadable), "{lines:?}");
        }
        assert!(Hosts::new(&Uri::from_static("http://a"), &["a b".into()], "127.0.0.1:1".parse().unwrap()).is_err());
    }
}
