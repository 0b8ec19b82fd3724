//! Who sends a request, as far as the network tells.
//!
//! Behind a proxy the connection is the proxy's, and who is behind it stands in a header that anybody can write. So the
//! header is read from the proxies that are configured as trusted alone, from its right end (which the nearest proxy
//! wrote) to the first address that is not one of them.

use std::net::IpAddr;

use clap::ValueEnum;
use ipnet::IpNet;
use poem::Request;
use poem::http::HeaderMap;
use poem::http::header::{FORWARDED, HeaderName, USER_AGENT};
use poem::http::uri::Scheme;

use crate::app::sessions::Visit;
use crate::domain::access::Channel;

/// In which header the trusted proxies say for whom they ask. Only one is read: a proxy that writes one of them hands
/// on what its client wrote into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ProxyHeader {
    /// X-Forwarded-For, and X-Forwarded-Proto.
    #[default]
    XForwardedFor,
    /// Forwarded (RFC 7239).
    Forwarded,
}

/// The proxies that are believed.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    header: ProxyHeader,
}

/// Who sends a request: worked out once, at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The network address.
    pub address: Option<IpAddr>,
    /// It came over TLS, as far as is known: to us, or to a trusted proxy that says so.
    pub secure: Option<bool>,
}

impl Proxies {
    /// The proxies of the given networks, which write the given header.
    pub fn new(trusted: Vec<IpNet>, header: ProxyHeader) -> Self {
        Self { trusted, header }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Who sends a request.
    pub fn client_of(&self, request: &Request) -> Client {
        let remote = connected_address(request);
        let secure = (*request.scheme() == Scheme::HTTPS).then_some(true);
        self.behind(remote, secure, request.headers())
    }

    fn behind(&self, remote: Option<IpAddr>, secure: Option<bool>, headers: &HeaderMap) -> Client {
        let direct = Client { address: remote, secure };
        let Some(mut address) = remote.filter(|remote| self.trusts(*remote)) else { return direct };
        let (hops, proto) = match self.header {
            ProxyHeader::XForwardedFor => {
                let proto = list(headers, &HeaderName::from_static("x-forwarded-proto")).pop();
                (list(headers, &HeaderName::from_static("x-forwarded-for")), proto)
            }
            ProxyHeader::Forwarded => {
                let elements = list(headers, &FORWARDED);
                let proto = elements.last().and_then(|last| parameter(last, "proto"));
                let hops = elements.iter().map(|element| parameter(element, "for").unwrap_or_default());
                (hops.collect(), proto)
            }
        };
        for hop in hops.iter().rev() {
            // What cannot be read ends the chain that can be believed.
            let Some(hop) = address_in(hop) else { break };
            address = hop;
            if !self.trusts(hop) {
                break;
            }
        }
        let secure = secure.or(match proto.as_deref() {
            Some(proto) if proto.eq_ignore_ascii_case("https") => Some(true),
            Some(proto) if proto.eq_ignore_ascii_case("http") => Some(false),
            _ => None,
        });
        Client { address: Some(address), secure }
    }
}

/// The members of a list that may stand in several lines of the same header.
fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("unreadable"));
    lines.flat_map(|line| line.split(',')).map(|part| part.trim().to_owned()).collect()
}

/// A parameter of a member of Forwarded: `for=192.0.2.1;proto=https`.
fn parameter(element: &str, wanted: &str) -> Option<String> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    Some(value.trim_matches('"').to_owned())
}

/// An address as proxies write it: with or without a port, IPv6 with or without brackets.
fn address_in(text: &str) -> Option<IpAddr> {
    if let Some((address, _)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.parse().ok();
    }
    let address: Option<IpAddr> = text.parse().ok();
    let without_port = || text.rsplit_once(':').and_then(|(address, _)| address.parse().ok());
    address.or_else(without_port).map(|address| address.to_canonical())
}

fn connected_address(request: &Request) -> Option<IpAddr> {
    request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical())
}

/// The network address of the client.
pub fn address_of(request: &Request) -> Option<IpAddr> {
    match request.extensions().get::<Client>() {
        Some(client) => client.address,
        None => connected_address(request),
    }
}

/// The visit that a request is part of.
pub fn visit_of(request: &Request, channel: Channel) -> Visit {
    let agent = request.header(USER_AGENT).map(|agent| agent.chars().filter(|c| !c.is_control()).collect());
    Visit { channel, address: address_of(request), agent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(header: ProxyHeader, remote: &str, lines: &[(&'static str, &str)]) -> (String, Option<bool>) {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let found = Proxies::new(trusted.into(), header).behind(remote.parse().ok(), None, &headers);
        (found.address.unwrap().to_string(), found.secure)
    }

    fn address(remote: &str, lines: &[(&'static str, &str)]) -> String {
        client(ProxyHeader::XForwardedFor, remote, lines).0
    }

    #[test]
    fn headers_are_believed_of_trusted_proxies_alone() {
        let line = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "https")];
        assert_eq!(client(ProxyHeader::XForwardedFor, "203.0.113.9", &line), ("203.0.113.9".into(), None));
        assert_eq!(client(ProxyHeader::XForwardedFor, "10.0.0.1", &line), ("192.0.2.1".into(), Some(true)));
    }

    #[test]
    fn the_right_most_hop_that_is_not_trusted_counts() {
        // A client that writes the header itself is appended to by the proxy.
        assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "198.51.100.7, 192.0.2.1")]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "192.0.2.1, 10.1.1.1,10.2.2.2")]), "192.0.2.1");
        let two_lines = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(address("10.0.0.1", &two_lines), "192.0.2.1");
        // Nothing but proxies: the farthest of them.
        assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "10.1.1.1, 10.2.2.2")]), "10.1.1.1");
    }

    #[test]
    fn what_is_malformed_is_ignored() {
        for text in ["", "unknown", "999.1.1.1", "192.0.2.1, nonsense", "<script>", "_hidden", "192.0.2.1,"] {
            assert_eq!(address("10.0.0.1", &[("x-forwarded-for", text)]), "10.0.0.1", "{text}");
        }
        assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "bad, 192.0.2.1")]), "192.0.2.1");
        let proto = |text| client(ProxyHeader::XForwardedFor, "10.0.0.1", &[("x-forwarded-proto", text)]).1;
        assert_eq!((proto("gopher"), proto("https, http"), proto("HTTPS")), (None, Some(false), Some(true)));
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        for (text, read) in [
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(address("fd00::1", &[("x-forwarded-for", text)]), read);
        }
    }

    #[test]
    fn only_the_header_that_the_proxy_writes_is_read() {
        let both = [("forwarded", "for=192.0.2.1;proto=https"), ("x-forwarded-for", "198.51.100.7")];
        assert_eq!(client(ProxyHeader::Forwarded, "10.0.0.1", &both), ("192.0.2.1".into(), Some(true)));
        assert_eq!(client(ProxyHeader::XForwardedFor, "10.0.0.1", &both), ("198.51.100.7".into(), None));
        let chain = [("forwarded", "For=\"[2001:db8::7]:4711\", for=10.1.1.1;proto=http;by=10.0.0.1")];
        assert_eq!(client(ProxyHeader::Forwarded, "10.0.0.1", &chain), ("2001:db8::7".into(), Some(false)));
        for malformed in ["for=unknown", "for", "by=10.0.0.1", "for=\"a,b\""] {
            let found = client(ProxyHeader::Forwarded, "10.0.0.1", &[("forwarded", malformed)]).0;
            assert_eq!(found, "10.0.0.1", "{malformed}");
        }
    }
}
